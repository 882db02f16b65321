//! `deeptaylor convert`: what it writes is the same network, and what it cannot write is refused before anything is written.

use std::fs;
use std::path::Path;

use deeptaylor::Network;

use crate::program::{fed, run};
use crate::refusal::{assert_refused, deeptaylor};

const CONV: &str = r#"{ "input": { "shape": [1, 2, 2], "bounds": [0, 1] }, "inputs": [[0, 1, 0, 1]], "layers": [
  { "type": "conv2d", "weights": [[[[0.1]]]] }, { "type": "sum_pool" }] }"#;

/// A folder with this network in net.json.
fn folder(network: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), network).expect("a file");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string());
    let mut names: Vec<String> = names.collect::<Result<_, _>>().expect("Unicode");
    names.sort();
    names
}

/// What a run says on stderr, of one that succeeds and prints nothing.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = deeptaylor(folder, arguments);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    said
}

#[test]
fn a_network_goes_to_stdout_as_its_file_and_comes_from_stdin() {
    let network = Network::read("example:two-stage").expect("an example");
    let printed = run(&["convert", "example:two-stage"]).stdout;
    assert_eq!(printed, network.to_json().as_bytes());
    assert_eq!(fed(&["convert", "-", "-o", "-"], &printed).stdout, printed);
    let quiet = run(&["convert", "example:two-stage", "--quiet"]);
    assert!(quiet.status.success() && quiet.stdout.is_empty());
}

#[test]
fn the_weights_of_a_large_network_go_into_a_file_beside_it_and_come_back() {
    let folder = folder(CONV);
    let init = ["init", "--layers", "784,128,10", "-o", "large.json"];
    said(folder.path(), &init);
    let large = Network::read(folder.path().join("large.json")).expect("a network");
    let told = said(
        folder.path(),
        &["convert", "large.json", "-o", "other.json"],
    );
    assert_eq!(
        told,
        "note: the weights stand in other.safetensors, in 64 bits\n"
    );
    let read = Network::read(folder.path().join("other.json")).expect("a network");
    assert_eq!(read, large);
    assert!(
        fs::metadata(folder.path().join("other.json"))
            .expect("a file")
            .len()
            < 2000
    );
    let inline = ["convert", "other.json", "-o", "inline.json", "--inline"];
    assert_eq!(said(folder.path(), &inline), "");
    let text = fs::read_to_string(folder.path().join("inline.json")).expect("a file");
    assert_eq!(text, large.to_json());
    said(folder.path(), &["convert", "net.json", "-o", "small.json"]);
    assert!(
        !folder.path().join("small.safetensors").exists(),
        "few weights stay"
    );
}

#[test]
fn both_files_are_written_or_none() {
    let folder = folder(CONV);
    let to = |name: &str| ["convert", "net.json", "-o", name, "--tensors"].map(str::to_owned);
    let to = |name: &str, rest: &[&str]| {
        let words = to(name);
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .chain(rest.iter().copied())
            .collect();
        deeptaylor(folder.path(), &words)
    };
    let there = "what was there";
    fs::write(folder.path().join("a.safetensors"), there).expect("a file");
    let refused = to("a.json", &[]);
    assert_refused(
        "tensors that are there",
        &refused,
        &["a.safetensors already exists", "--force"],
    );
    assert_eq!(names(folder.path()), ["a.safetensors", "net.json"]);
    assert_eq!(
        fs::read(folder.path().join("a.safetensors")).expect("a file"),
        there.as_bytes()
    );
    assert!(to("a.json", &["--force"]).status.success());
    assert_eq!(
        names(folder.path()),
        ["a.json", "a.safetensors", "net.json"]
    );
    let read = |name: &str| Network::read(folder.path().join(name)).expect("a network");
    assert_eq!(read("a.json"), read("net.json"));
}

#[test]
fn the_tensors_that_a_network_reads_are_not_written_over() {
    let folder = folder(CONV);
    said(
        folder.path(),
        &["convert", "net.json", "-o", "a.json", "--tensors"],
    );
    let text = fs::read_to_string(folder.path().join("a.json")).expect("a file");
    fs::write(
        folder.path().join("b.json"),
        text.replace("a.safe", "./a.safe"),
    )
    .expect("a file");
    let before = fs::read(folder.path().join("a.safetensors")).expect("a file");
    fs::remove_file(folder.path().join("a.json")).expect("it is there");
    let over = ["convert", "b.json", "-o", "a.json", "--tensors", "--force"];
    let expected = "an input of this command and would be lost";
    assert_refused(
        "its own tensors",
        &deeptaylor(folder.path(), &over),
        &["a.safetensors is ", expected],
    );
    assert_eq!(
        fs::read(folder.path().join("a.safetensors")).expect("a file"),
        before
    );
}

#[test]
fn what_an_onnx_file_does_not_keep_is_told() {
    let folder = folder(CONV);
    let told = said(folder.path(), &["convert", "net.json", "-o", "net.onnx"]);
    let expected = [
        "note: weights and biases are rounded to 32 bits in net.onnx, by 1.49e-9 at most: 0.1 of layers[0].weights is 0.10000000149011612 there",
        "note: ONNX has no place for bounds: in net.onnx they are metadata, which other programs do not look at",
        "note: ONNX has no place for 1 sample, left out of net.onnx",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    let exact =
        r#"{ "input": { "shape": [1] }, "layers": [{ "type": "dense", "weights": [[0.5]] }] }"#;
    fs::write(folder.path().join("exact.json"), exact).expect("a file");
    assert_eq!(
        said(
            folder.path(),
            &["convert", "exact.json", "-o", "exact.ONNX"]
        ),
        ""
    );
}

#[test]
fn what_cannot_be_written_is_refused_and_nothing_is_there() {
    let folder = folder(CONV);
    for (arguments, said) in [
        (
            &["net.json", "-o", "net.pt"][..],
            &[
                "-o net.pt: the ending says the format, and it is neither .json nor .onnx",
                "-o net.onnx",
            ][..],
        ),
        (
            &["net.json", "-o", "net"],
            &["-o net: the ending says the format"],
        ),
        (
            &["net.json", "-o", "net.safetensors"],
            &[
                "a safetensors file has weights alone",
                "help: write -o net.json --tensors",
            ],
        ),
        (
            &["net.json", "-o", "net.json", "--force"],
            &["net.json is an input of this command and would be lost"],
        ),
        (
            &["net.json", "-o", "net.onnx", "--double"],
            &[
                "net.json: layers[0]: onnxruntime has no convolution",
                "leave --double out",
            ],
        ),
        (
            &["net.json", "-o", "n.json", "--double"],
            &["-o n.json: --double is for ONNX files"],
        ),
        (
            &["net.json", "-o", "n.onnx", "--tensors"],
            &["-o n.onnx: --tensors and --inline are for network files"],
        ),
        (
            &["net.json", "--tensors"],
            &["-o -: --tensors needs a file"],
        ),
        (
            &["net.json", "-o", "no/net.onnx"],
            &["there is no folder no"],
        ),
        (&["none.json", "-o", "n.onnx"], &["none.json"]),
    ] {
        let output = deeptaylor(folder.path(), &[&["convert"], arguments].concat());
        assert_refused(&arguments.join(" "), &output, said);
        assert_eq!(names(folder.path()), ["net.json"], "{arguments:?}");
    }
}
