//! What stands at the end of a graph, what becomes of its nodes, and what they are called.

use std::fs;

use deeptaylor::Network;
use deeptaylor::network::{Loaded, ModelOptions};

use super::build::{Is, bytes, int};
use super::hand::{check, picture, two};
use super::refusals::error;

fn load(file: &[u8]) -> Loaded {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.onnx");
    fs::write(&path, file).expect("a file");
    Network::load(&path, &ModelOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn one_minus_values_that_are_no_probabilities_is_a_layer() {
    check(vec![(
        "1 − m",
        two()
            .floats("one", &[], &[1.0])
            .node("MatMul", &["x", "w"], "m", &[])
            .node("Sub", &["one", "m"], "y", &[])
            .output("y"),
        vec![1.0, 2.0],
        "dense",
        vec![-6.0, -9.0],
    )]);
}

#[test]
fn only_both_probabilities_of_one_and_the_same_sigmoid_say_no_more_than_its_values() {
    let model = || {
        two()
            .floats("one", &[], &[1.0])
            .floats("several", &[2], &[1.0, 2.0])
            .floats("two", &[], &[2.0])
            .ints("0", &[0])
            .ints("1", &[1])
            .ints("2", &[2])
            .node("MatMul", &["x", "w"], "m", &[])
            .node("MatMul", &["m", "w"], "n", &[])
            .node("Sigmoid", &["m"], "p", &[])
            .node("Sigmoid", &["n"], "r", &[])
            .node("Sub", &["one", "p"], "q", &[])
            .node("Slice", &["q", "0", "1", "1"], "q0", &[])
            .node("Slice", &["p", "1", "2", "1"], "p1", &[])
    };
    let beside = |one: &str, other: &str| {
        let axis = [("axis", Is::Int(1))];
        let model = model().node("Concat", &[one, other], "y", &axis);
        error(&model.output("y").file())
    };
    assert_eq!(beside("q", "p"), "none");
    assert_eq!(beside("p", "q"), "none");
    let (sigmoid, other) = (
        "Sigmoid at node /Sigmoid: Sigmoid is an activation that is not ReLU",
        "Sigmoid at node /Sigmoid: 1 − Sigmoid is neither a linear map nor ReLU",
    );
    for (one, another, said) in [
        ("q", "r", other),
        ("q0", "p1", other),
        ("q", "q", other),
        ("p", "p", sigmoid),
        ("p", "m", sigmoid),
    ] {
        let error = beside(one, another);
        assert!(error.contains(said), "{one} and {another}: {error}");
    }
    for number in ["two", "several"] {
        let model = model().node("Sub", &[number, "p"], "y", &[]);
        let error = error(&model.output("y").file());
        assert!(error.contains(sigmoid), "{number} − p: {error}");
    }
}

#[test]
fn what_a_file_says_of_itself_is_told_with_its_operators_the_most_frequent_first() {
    let model = two()
        .floats("b", &[2], &[1.0, 2.0])
        .node("MatMul", &["x", "w"], "m", &[])
        .node("Relu", &["m"], "r", &[])
        .node("MatMul", &["r", "w"], "n", &[])
        .node("Add", &["n", "b"], "y", &[])
        .output("y");
    // The version of other operators is not that of ONNX's own.
    let others = [bytes(1, b"ai.onnx.ml"), int(2, 3)].concat();
    let own = [bytes(2, b"keras"), bytes(3, b"3.1")].concat();
    let about = load(&[bytes(8, &others), model.file(), own].concat()).model;
    let about = about.expect("a model");
    assert_eq!((&*about.producer, about.opset), ("keras 3.1", 17));
    let operators = about.operators.iter();
    let operators: Vec<(&str, usize)> = operators
        .map(|count| (&*count.operator, count.nodes))
        .collect();
    assert_eq!(operators, [("MatMul", 2), ("Add", 1), ("Relu", 1)]);
}

#[test]
fn what_was_folded_into_a_layer_that_is_folded_itself_is_part_of_the_last_one() {
    let model = picture(&[0, 1, 2, 2])
        .floats("c", &[], &[2.0])
        .floats("g", &[1], &[6.0])
        .floats("var", &[1], &[3.0])
        .node("Cast", &["x"], "f", &[("to", Is::Int(1))])
        .node("Mul", &["f", "c"], "s", &[])
        .node(
            "BatchNormalization",
            &["s", "g", "g", "g", "var"],
            "n",
            &[("epsilon", Is::Float(1.0))],
        )
        .node("Conv", &["n", "k"], "m", &[])
        .node("Relu", &["m"], "y", &[])
        .output("y");
    let about = load(&model.file()).model.expect("a model");
    let folded: Vec<(&str, &str, usize)> = (about.folded.iter())
        .map(|node| (&*node.operator, &*node.node, node.layer))
        .collect();
    assert_eq!(
        folded,
        [
            ("BatchNormalization", "/BatchNormalization", 1),
            ("Mul", "/Mul", 1),
            ("Relu", "/Relu", 1),
        ]
    );
    assert_eq!(about.without_effect[0].operator, "Cast");
}

/// The message of a node without a name.
fn unnamed(operator: &str, input: &str, output: &str) -> Vec<u8> {
    [
        bytes(1, input.as_bytes()),
        bytes(2, output.as_bytes()),
        bytes(4, operator.as_bytes()),
    ]
    .concat()
}

#[test]
fn a_node_without_a_name_is_called_after_what_it_makes() {
    let model = two().with(1, &unnamed("LeakyRelu", "x", "y")).output("y");
    let error = error(&model.file());
    assert!(error.contains("LeakyRelu that makes y: "), "{error}");
    let model = two()
        .node("MatMul", &["x", "w"], "m", &[])
        .with(1, &unnamed("Softmax", "m", "p"))
        .output("p");
    let about = load(&model.file()).model.expect("a model");
    assert_eq!(about.left_off[0].node, "p");
}

#[test]
fn operators_of_onnx_have_two_domains_and_those_of_others_are_not_taken_for_them() {
    let of = |domain: &str| {
        let model = two().node_of(domain, "Relu", (&["x"], &["y"]), &[]);
        error(&model.output("y").file())
    };
    assert_eq!([of(""), of("ai.onnx")], ["none", "none"]);
    let other = of("com.example");
    assert!(
        other.contains("the operator com.example:Relu is not read"),
        "{other}"
    );
    // The version may stand under either, and is one.
    let model = two().node("Relu", &["x"], "y", &[]).output("y").file();
    let version = |version| [bytes(1, b"ai.onnx"), int(2, version)].concat();
    let newest = [bytes(8, &version(99)), model].concat();
    assert!(error(&newest).contains("says both 99 and 17 of ONNX's own operators"));
}

#[test]
fn what_nothing_makes_is_told_with_the_name_that_was_meant() {
    let model = two()
        .node("MatMul", &["x", "w"], "hidden", &[])
        .node("Relu", &["hiddn"], "y", &[])
        .output("y");
    let error = error(&model.file());
    assert!(error.contains("nothing in the graph makes `hiddn`"));
    assert!(error.contains("`hidden`"), "{error}");
}

#[test]
fn outputs_that_are_all_classes_are_told_by_name() {
    let model = two().node("ArgMax", &["x"], "a", &[]);
    let error = error(&model.label("a").label("b").file());
    assert!(
        error.contains("expected one output of values, found `a` and `b`"),
        "{error}"
    );
}

#[test]
fn why_bytes_cannot_be_read_is_said() {
    let file = two().node("Relu", &["x"], "y", &[]).output("y").file();
    for (file, said) in [
        (
            file[..file.len() - 10].to_vec(),
            "the file ends in the middle of it",
        ),
        (
            [file.clone(), bytes(2, &[0xff])].concat(),
            "a name in it is no UTF-8",
        ),
        (
            [file.clone(), int(7, 1)].concat(),
            "its bytes are not those of an ONNX model",
        ),
    ] {
        let error = error(&file);
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}

#[test]
fn files_that_only_look_like_those_of_other_programs_are_not_taken_for_them() {
    let zip = error(b"PK\x03\x04..x.npy");
    assert!(zip.contains("a zip archive"), "{zip}");
    for text in [
        &b"no archive with config.json"[..],
        b"\x63\0\0\0\0\0\0\0{}",
        b"\x01\0\0\0\0\0\0\0[]",
    ] {
        let error = error(text);
        assert!(
            !error.contains("Keras") && !error.contains("safetensors"),
            "{error}"
        );
    }
}
