//! Files that another user made to do harm: what they name outside of their folder is not read, what they say of their size is
//! not believed, and their names stay within a line.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use deeptaylor::printable::steers;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::weights::head;
use crate::limited::{Limit, limited};
use crate::onnx_build::{Model, outside};
use crate::refusal::{assert_refused, deeptaylor};

/// The longest message: some lines, each cut where no one reads on.
const LONGEST_MESSAGE: usize = 10_000;

/// A network whose weights stand in a file of this name.
fn network(file: &str) -> Value {
    json!({
        "input": { "shape": [2] },
        "layers": [
            { "type": "dense", "weights_order": "out_in", "weights": { "file": file, "tensor": "w" } },
            { "type": "sum_pool" },
        ],
        "inputs": [[1, 1]],
    })
}

/// A safetensors file that says that its header has so many bytes.
fn weights(shape: &Value, length: Option<u64>) -> Vec<u8> {
    let header = json!({ "w": { "dtype": "F32", "shape": shape, "data_offsets": [0, 8] } });
    [&head(&header, length)[..], &[0; 8]].concat()
}

/// A folder with a network and, beside it and outside of it, what it may name.
fn folder() -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let inside = root.path().join("inside");
    fs::create_dir_all(inside.join("folder.safetensors")).expect("made");
    let write = |path: &Path, bytes: &[u8]| fs::write(path, bytes).expect("written");
    let good = weights(&json!([1, 2]), None);
    write(&root.path().join("outside.safetensors"), &good);
    write(&inside.join("good.safetensors"), &good);
    for (name, length) in [("endless", 1 << 63), ("long", 99_000_000)] {
        let lying = weights(&json!([1, 2]), Some(length));
        write(&inside.join(format!("{name}.safetensors")), &lying);
    }
    let wide = weights(&json!([1_u64 << 61, 8]), None);
    write(&inside.join("wide.safetensors"), &wide);
    let link = |to: &str, name: &str| symlink(to, inside.join(name)).expect("linked");
    link("../outside.safetensors", "link.safetensors");
    link("/dev/zero", "zeros.safetensors");
    link("loop.safetensors", "loop.safetensors");
    link("..", "up");
    let pipe = Command::new("mkfifo")
        .arg(inside.join("pipe.safetensors"))
        .status();
    assert!(pipe.expect("mkfifo runs").success());
    root
}

/// An ONNX model whose weights stand in a file of this name.
fn model(file: &str) -> Vec<u8> {
    Model::reading(&[1, 2])
        .tensor(&outside("w", &[2, 1], &[("location", file)]))
        .node("MatMul", &["x", "w"], "y", &[])
        .output("y")
        .file()
}

/// A run in a gibibyte of memory.
fn in_a_gibibyte(folder: &Path, arguments: &[&str]) -> Output {
    limited(folder, &Limit::All(1 << 30), arguments)
}

#[test]
fn no_file_out_of_the_folder_of_a_network_is_read_and_no_size_is_believed() {
    let root = folder();
    let inside = root.path().join("inside");
    let outside = "expected a file in the folder of the network file";
    let absolute = root.path().join("outside.safetensors");
    for (file, said) in [
        ("../outside.safetensors", outside),
        (absolute.to_str().expect("UTF-8"), outside),
        ("./up/../inside/good.safetensors", outside),
        ("up/outside.safetensors", "a link out of it"),
        ("link.safetensors", "a link out of it"),
        ("zeros.safetensors", "a link out of it"),
        ("/dev/stdin", outside),
        ("pipe.safetensors", "it is no file"),
        ("folder.safetensors", "it is no file"),
        ("loop.safetensors", "symbolic links"),
        ("endless.safetensors", "header too large"),
        ("long.safetensors", "invalid header length"),
        ("wide.safetensors", "overflow"),
        ("nothing\0.safetensors", "NUL"),
        (&"d".repeat(300), "File name too long"),
    ] {
        fs::write(inside.join("net.json"), network(file).to_string()).expect("written");
        let output = in_a_gibibyte(&inside, &["explain", "net.json"]);
        assert_refused(file, &output, &["layers[0].weights.file", said]);
        assert!(output.stderr.len() < LONGEST_MESSAGE, "{file}");
    }
    let good = network("good.safetensors").to_string();
    fs::write(inside.join("net.json"), good).expect("written");
    let read = in_a_gibibyte(&inside, &["explain", "net.json", "--exit-zero"]);
    assert_eq!(read.status.code(), Some(0), "{read:?}");
}

#[test]
fn no_file_out_of_the_folder_of_a_model_is_read() {
    let root = folder();
    let inside = root.path().join("inside");
    let outside = "expected a file in the folder of the model";
    for (file, said) in [
        ("../outside.safetensors", outside),
        ("/dev/zero", outside),
        ("zeros.safetensors", "a link out of it"),
        ("pipe.safetensors", "it is no file"),
        ("folder.safetensors", "it is no file"),
        ("loop.safetensors", "symbolic links"),
        ("missing", "cannot be read"),
    ] {
        fs::write(inside.join("net.onnx"), model(file)).expect("written");
        let output = in_a_gibibyte(&inside, &["inspect", "net.onnx"]);
        assert_refused(file, &output, &["net.onnx", said]);
    }
    fs::write(inside.join("net.onnx"), model("good.safetensors")).expect("written");
    let read = in_a_gibibyte(&inside, &["inspect", "net.onnx"]);
    assert_eq!(read.status.code(), Some(0), "{read:?}");
}

#[test]
fn a_network_is_read_from_a_pipe_with_a_name_that_is_opened_once() {
    let root = tempfile::tempdir().expect("a folder");
    let pipe = root.path().join("net.json");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    let file = pipe.clone();
    let text = named("x").to_string();
    let writer = std::thread::spawn(move || fs::write(file, text));
    let output = deeptaylor(root.path(), &["inspect", "net.json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    writer.join().expect("it ends").expect("all of it is read");
}

#[test]
fn what_never_ends_is_left_when_memory_is_short() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path();
    for (arguments, said) in [
        (&["explain", "/dev/zero"][..], "out of memory"),
        (&["report", "/dev/zero"], "out of memory"),
        (
            &["explain", "example:xor", "--inputs", "/dev/zero"],
            "expected text in UTF-8",
        ),
        (
            &["explain", "example:xor", "--plan", "/dev/zero"],
            "out of memory",
        ),
    ] {
        let output = in_a_gibibyte(folder, arguments);
        assert_refused(&arguments.join(" "), &output, &["/dev/zero", said]);
    }
}

/// Names that a file may bring: each would steer a terminal, turn a line around, or climb out of it.
fn names() -> [String; 4] {
    [
        "\u{1b}[2Jx\u{1b}]0;title\u{7}".to_owned(),
        "a\u{202e}gnp".to_owned(),
        format!("e{}", "\u{301}".repeat(50_000)),
        "one\r\ntwo\u{2028}three".to_owned(),
    ]
}

/// A network with a name in every place that has one.
fn named(name: &str) -> Value {
    json!({
        "name": name,
        "description": name,
        "input": { "shape": [2], "names": [name, "b"] },
        "layers": [
            { "type": "dense", "name": name, "weights": [[1, -1], [1, 1]], "activation": "relu" },
            { "type": "dense", "weights": [[1, 1], [1, 1]], "activation": "relu" },
        ],
        "outputs": [format!("{name}A"), "B"],
        "inputs": [[1, 1]],
    })
}

/// How many accents follow one another at the most.
fn most_accents(text: &str) -> usize {
    let piles = text
        .split(|c| c != '\u{301}')
        .map(|pile| pile.chars().count());
    piles.max().unwrap_or_default()
}

/// That a text has no character that steers, and no pile of accents.
fn assert_harmless(what: &str, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let found = text
        .chars()
        .find(|&c| !matches!(c, '\n' | '\t') && steers(c));
    assert_eq!(found, None, "{what}");
    let most = most_accents(&text);
    assert!(most <= 8, "{what}: {most} accents");
}

#[test]
fn a_name_is_harmless_in_everything_that_is_made_to_be_looked_at() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path();
    for name in names() {
        let kind: String = name
            .chars()
            .take(3)
            .flat_map(char::escape_default)
            .collect();
        fs::write(folder.join("net.json"), named(&name).to_string()).expect("written");
        let sample = json!([{ "id": name, "label": name, "x": [1, 1] }]);
        fs::write(folder.join("s.json"), sample.to_string()).expect("written");
        let explain = "explain net.json --inputs s.json --exit-zero";
        for line in [
            format!("{explain} --force -o result.json"),
            format!("{explain} --format text"),
            format!("{explain} --format html"),
            "inspect net.json".to_owned(),
            "inspect net.json --format markdown".to_owned(),
            "inspect net.json --format latex".to_owned(),
            "inspect net.json --format html".to_owned(),
            "inspect net.json --format dot".to_owned(),
            "inspect net.json --format mermaid".to_owned(),
            "taylor net.json".to_owned(),
            "evaluate net.json --exit-zero".to_owned(),
            "report result.json --format html".to_owned(),
            "report result.json --format markdown".to_owned(),
            "report result.json --format latex".to_owned(),
            "report result.json --quiet --force --figures figures".to_owned(),
        ] {
            let what = format!("{line} of {kind}");
            let output = deeptaylor(folder, &line.split(' ').collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(0), "{what}: {output:?}");
            assert_harmless(&what, &output.stdout);
            assert_harmless(&what, &output.stderr);
            assert!(output.stderr.len() < LONGEST_MESSAGE, "{what}");
        }
        for figure in fs::read_dir(folder.join("figures")).expect("drawn") {
            let figure = figure.expect("a file").path();
            assert_harmless(&kind, &fs::read(&figure).expect("a file"));
        }
        let output = deeptaylor(folder, &["explain", "net.json", "--target", &name]);
        assert_refused(&kind, &output, &["target"]);
        assert!(output.stderr.len() < LONGEST_MESSAGE, "{kind}");
    }
}

#[test]
fn what_a_spreadsheet_would_run_is_text_where_that_is_asked_for() {
    let root = tempfile::tempdir().expect("a folder");
    let formula = "=cmd()|' /c calc'!A1";
    let text = named(formula).to_string();
    fs::write(root.path().join("net.json"), text).expect("written");
    let line = [
        "explain",
        "net.json",
        "--exit-zero",
        "--spreadsheet-safe",
        "--format",
    ];
    for format in ["csv", "csv-wide"] {
        let output = deeptaylor(root.path(), &[&line[..], &[format]].concat());
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains(&format!("'{formula}")), "{text}");
        let cells = text.split(['\n', ',']).map(|cell| cell.trim_matches('"'));
        let formulas: Vec<&str> = cells.filter(|cell| cell.starts_with('=')).collect();
        assert!(formulas.is_empty(), "{formulas:?}");
    }
}
