//! What a command reads it never writes over, not even with --force: nor what it reads because a file names it.

use std::fs;
use std::path::Path;

use png::{BitDepth, ColorType};
use tempfile::TempDir;

use crate::arrays_written::{npy, png};
use crate::onnx_build::{Is, Model, outside, raw};
use crate::refusal::{assert_refused, deeptaylor, is_done};

/// A picture of four pixels, and a network that takes one.
const NETWORK: &str = r#"{"input":{"shape":[1,2,2],"bounds":[0,1]},
 "layers":[{"type":"dense","weights":[[1],[2],[3],[4]],"activation":"relu"}],"inputs":[[0,1,1,0]]}"#;

/// Networks whose weights stand beside them, samples whose names and classes do, and a baseline.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).expect("written");
    };
    write("net.json", NETWORK.as_bytes());
    let to = [
        "convert",
        "net.json",
        "-o",
        "a.json",
        "--tensors",
        "--quiet",
    ];
    let converted = deeptaylor(folder.path(), &to);
    assert!(converted.status.success());
    let place = [("location", "w.bin"), ("length", "16")];
    let model = Model::reading(&[1, 4])
        .tensor(&outside("w", &[4, 1], &place))
        .node("MatMul", &["x", "w"], "y", &[])
        .output("y");
    write("m.onnx", &model.file());
    // The same weights in a node.
    let constant = Model::reading(&[1, 4])
        .node(
            "Constant",
            &[],
            "w",
            &[("value", Is::Tensor(outside("", &[4, 1], &place)))],
        )
        .node("MatMul", &["x", "w"], "y", &[])
        .output("y");
    write("c.onnx", &constant.file());
    // The field's tag and length stand before the numbers.
    write("w.bin", &raw(&[1.0, 2.0, 3.0, 4.0])[2..]);
    let numbers: Vec<u8> = [0.0, 1.0, 1.0, 0.0_f64].map(f64::to_le_bytes).concat();
    write("s.npy", &npy(1, "<f8", false, &[1, 4], &numbers));
    write("tags.npy", &npy(1, "|u1", false, &[1], &[7]));
    let picture = png(
        [2, 2],
        ColorType::Grayscale,
        BitDepth::Eight,
        &[0, 255, 255, 0],
    );
    write("b.png", &picture);
    for class in ["pictures", "pictures/one"] {
        fs::create_dir(folder.path().join(class)).expect("a folder");
        write(&format!("{class}/p.png"), &picture);
    }
    write("pictures/notes.txt", b"about the pictures");
    folder
}

/// Every command that reads `file`, up to the name of the file that it is to write.
const COMMANDS: [(&str, &[&str]); 6] = [
    (
        "a.safetensors",
        &[
            "explain a.json --format jsonl -o",
            "explain a.json --heatmap",
            "taylor a.json --format json -o",
            "diff a.json --rule w2,z+ --format json -o",
            "diff net.json a.json --format json -o",
            "compare a.json --format json -o",
            "compare net.json --with a.json --format json -o",
            "evaluate a.json --inputs s.npy --format json -o",
            "inspect a.json --format json -o",
        ],
    ),
    (
        "w.bin",
        &[
            "explain m.onnx --inputs s.npy --format csv -o",
            "explain c.onnx --inputs s.npy --format csv -o",
            "inspect m.onnx --format json -o",
        ],
    ),
    (
        "tags.npy",
        &[
            "explain net.json --inputs s.npy --label tags.npy --format jsonl -o",
            "explain net.json --inputs s.npy --id tags.npy --format jsonl -o",
            "taylor net.json --inputs s.npy --label tags.npy --format json -o",
            "compare net.json --inputs s.npy --label tags.npy --format json -o",
            "evaluate net.json --inputs s.npy --label tags.npy --format json -o",
            "diff net.json --inputs s.npy --label tags.npy --rule w2,z+ --format json -o",
        ],
    ),
    (
        "b.png",
        &[
            "explain net.json --rule integrated-gradients --baseline b.png --format jsonl -o",
            "explain net.json --rule integrated-gradients --baseline b.png --heatmap",
        ],
    ),
    (
        "pictures/p.png",
        &[
            "explain net.json --inputs pictures --heatmap",
            "evaluate net.json --inputs pictures --format json -o",
        ],
    ),
    (
        "pictures/one/p.png",
        &["explain net.json --inputs pictures --heatmap"],
    ),
];

#[test]
fn what_a_command_reads_because_a_file_names_it_is_not_written_over() {
    let folder = folder();
    let read = |name: &str| fs::read(folder.path().join(name)).expect("a file");
    for (name, commands) in COMMANDS {
        let before = read(name);
        for command in commands {
            let mut arguments: Vec<&str> = command.split(' ').collect();
            // A heatmap is a PNG or SVG file, which weights are not called.
            let to = if command.ends_with("--heatmap") && !is_picture(name) {
                link(folder.path(), name)
            } else {
                name
            };
            arguments.extend([to, "--force"]);
            let output = deeptaylor(folder.path(), &arguments);
            let said = [to, "an input of this command", "would be lost"];
            assert_refused(&format!("{command} {to}"), &output, &said);
            assert_eq!(read(name), before, "{command} {to}");
        }
    }
    let said =
        ["pictures/p.png is a picture in pictures, an input of this command, and would be lost"];
    let arguments = "explain net.json --inputs pictures --force --heatmap pictures/p.png";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    assert_refused("a folder", &deeptaylor(folder.path(), &arguments), &said);
}

#[test]
fn a_training_does_not_write_over_the_network_whose_layers_it_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let train = |rest: &str| {
        let arguments = format!("train --steps 0 --out run {rest}");
        deeptaylor(folder.path(), &arguments.split(' ').collect::<Vec<_>>())
    };
    assert!(is_done(train("--layers 784,4,10").status.code()));
    let step = folder.path().join("run/step-00000.json");
    let before = fs::read(&step).expect("a network");
    let output = train("--network run/step-00000.json --seed 7 --force");
    let said = ["run/step-00000.json is an input of this command and would be lost"];
    assert_refused("its own network", &output, &said);
    assert_eq!(fs::read(&step).expect("a network"), before);
}

fn is_picture(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "png")
}

/// Another name of a file.
fn link(folder: &Path, name: &str) -> &'static str {
    let link = folder.join("link.png");
    let _ = fs::remove_file(&link);
    std::os::unix::fs::symlink(name, link).expect("a link");
    "link.png"
}

#[test]
fn what_only_lies_beside_the_inputs_can_be_written_over() {
    let folder = folder();
    for command in [
        "explain net.json --inputs pictures --format jsonl -o pictures/notes.txt",
        "explain net.json --inputs pictures --format jsonl -o b.png",
        "explain a.json --format jsonl -o w.bin",
        "explain net.json --format jsonl -o a.safetensors",
        "explain net.json --inputs s.npy --format jsonl -o tags.npy",
    ] {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.push("--force");
        let output = deeptaylor(folder.path(), &arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("error"), "{command}: {stderr}");
        let to = folder.path().join(arguments[arguments.len() - 2]);
        let written = fs::read_to_string(&to).expect("text");
        assert!(written.contains("relevance"), "{command}: {written}");
    }
}
