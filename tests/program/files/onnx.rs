//! ONNX models in place of a network file: in every command, from a file, a pipe and gzipped.

use std::fs;

use serde_json::Value;

use crate::onnx_build::{Is, Model, bytes, int};
use crate::program::{fed, program, run};

/// y = (x₁ + 3 x₂, 2 x₁ + 4 x₂), ReLU, a sum of both, and a softmax at the end.
fn model() -> Vec<u8> {
    let model = Model::reading(&[0, 2]).floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0]);
    let model = model
        .node("MatMul", &["x", "w"], "m", &[])
        .node("Relu", &["m"], "r", &[]);
    let model =
        model
            .floats("v", &[2, 2], &[1.0, 0.0, 1.0, 1.0])
            .node("Gemm", &["r", "v"], "g", &[]);
    model
        .node("Softmax", &["g"], "y", &[("axis", Is::Int(1))])
        .output("y")
        .file()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_note_about_a_model_does_not_take_styles_from_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m\u{1b}[31m.onnx");
    fs::write(&file, model()).expect("a file");
    let file = file.to_str().expect("UTF-8");
    let explained = run(&[
        "--color", "always", "explain", file, "--input", "1,0.5", "--format", "jsonl",
    ]);
    let note = text(&explained.stderr);
    assert!(note.contains("the Softmax at the end"), "{note}");
    assert!(!note.contains('\u{1b}'), "{note:?}");
}

#[test]
fn every_command_reads_a_model_from_a_file_a_pipe_and_gzipped() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, packed] = ["m.onnx", "packed"].map(|name| folder.path().join(name));
    fs::write(&file, model()).expect("a file");
    fs::write(&packed, crate::gzip::gzipped(&model())).expect("a file");
    let [file, packed] = [&file, &packed].map(|path| path.to_str().expect("UTF-8"));
    let given = ["--input", "1,0.5", "--format", "jsonl"];
    let explained = run(&[&["explain", file], &given[..]].concat());
    assert!(explained.status.success(), "{}", text(&explained.stderr));
    let first = text(&explained.stdout);
    assert_eq!(
        text(&run(&[&["explain", packed], &given[..]].concat()).stdout),
        first
    );
    assert_eq!(
        text(&fed(&[&["explain", "-"], &given[..]].concat(), &model()).stdout),
        first
    );
    let note = text(&explained.stderr);
    assert_eq!(note.matches("the Softmax at the end").count(), 1, "{note}");
    for command in [
        &["taylor", file, "--input", "1,0.5"][..],
        &["explain", file, "--input", "1,1/2", "--exact"],
        &[
            "compare",
            "--with",
            file,
            "--schemes",
            "he-normal",
            "--seeds",
            "2",
        ],
        &["inspect", file],
        &["explain", file, "--model-output", "r", "--input", "1,0.5"],
    ] {
        let output = program(command).output().expect("it runs");
        // 1 is a check that fails: it was computed.
        let computed = output.status.code() != Some(2) && !output.stdout.is_empty();
        assert!(computed, "{command:?}: {}", text(&output.stderr));
    }
}

#[test]
fn inspect_tells_what_became_of_the_nodes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.onnx");
    fs::write(&file, model()).expect("a file");
    let file = file.to_str().expect("UTF-8");
    let output = run(&["inspect", file, "--format", "json"]);
    assert!(
        output.stderr.is_empty(),
        "what is inspected is not explained"
    );
    let inspection: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let model = &inspection["model"];
    assert_eq!(model["input"], "x");
    assert_eq!(model["input_shape"], serde_json::json!([2]));
    assert_eq!(model["left_off"][0]["operator"], "Softmax");
    assert_eq!(
        model["folded"][0],
        serde_json::json!({ "operator": "Relu", "node": "/Relu", "layer": 1 })
    );
    let shown = text(&run(&["inspect", file]).stdout);
    assert!(
        shown.contains("An ONNX model by hand, opset 17, of 4 nodes"),
        "{shown}"
    );
    assert!(shown.contains("1 Relu"), "{shown}");
    assert_eq!(shown.matches("\nlayers\n").count(), 1, "{shown}");
}

#[test]
fn inspect_says_no_opset_where_a_model_has_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("m.onnx");
    let scale = [
        ("scale", Is::Floats(&[2.0])),
        ("offset", Is::Floats(&[1.0])),
    ];
    let model = Model::reading(&[0, 2]);
    let model = model.node_of("ai.onnx.ml", "Scaler", (&["x"], &["y"]), &scale);
    let mut model = model.output("y").file();
    // The version is the last field.
    let opset = bytes(8, &[bytes(1, b""), int(2, 17)].concat());
    model.truncate(model.len() - opset.len());
    fs::write(&file, model).expect("a file");
    let shown = text(&run(&["inspect", file.to_str().expect("UTF-8")]).stdout);
    assert!(
        shown.contains("An ONNX model by hand, of 1 node: 1 Scaler"),
        "{shown}"
    );
}

#[test]
fn classes_that_are_numbers_are_names_of_outputs_and_no_indices() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, samples] = ["m.onnx", "s.csv"].map(|name| folder.path().join(name));
    let keys = [("classlabels_int64s", Is::Ints(&[1, 2]))];
    let model = Model::reading(&[0, 2])
        .floats("w", &[2, 2], &[1.0, 0.0, 0.0, 2.0])
        .node("MatMul", &["x", "w"], "m", &[])
        .node("Softmax", &["m"], "p", &[])
        .node_of("ai.onnx.ml", "ZipMap", (&["p"], &["z"]), &keys);
    fs::write(&file, model.output("z").file()).expect("a file");
    fs::write(&samples, "a,b,label\n5,1,1\n1,5,2\n").expect("a file");
    let [file, samples] = [&file, &samples].map(|path| path.to_str().expect("UTF-8"));
    let given = ["explain", file, "--inputs", samples, "--target", "label"];
    let output = run(&[&given[..], &["--format", "json"]].concat());
    let said = text(&output.stderr);
    assert!(
        said.contains("class 1 is the output with index 0"),
        "{said}"
    );
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(summary["summary"]["labels"]["correct"], 2, "{summary}");
    fs::write(samples, "a,b,label\n5,1,0\n").expect("a file");
    let output = run(&given);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("expected the name of an output, found the class `0`"),
        "{said}"
    );
    let shown = text(&run(&["inspect", file]).stdout);
    assert!(
        shown.contains("The model names its classes, and so the outputs: `1` and `2`."),
        "{shown}"
    );
}

#[test]
fn what_is_chosen_of_a_model_is_refused_of_a_network_file() {
    for options in [
        ["--model-input", "x"],
        ["--model-output", "y"],
        ["--input-shape", "3"],
    ] {
        let output = run(&[&["inspect", "example:figure-4"], &options[..]].concat());
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(
            said.contains("expected an ONNX model") && said.contains("leave out"),
            "{said}"
        );
    }
    let output = run(&["inspect", "example:figure-4", "--input-shape", "3x0"]);
    assert!(text(&output.stderr).contains("numbers from 1 with x between them"));
}
