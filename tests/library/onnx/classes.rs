//! Names of outputs that a graph says beside its values.

use super::build::{Is, Model};
use super::hand::read;

/// A layer of so many units, `p` behind it, and what names the classes.
fn named(units: i64, end: &str, classes: &dyn Fn(Model) -> Model) -> Vec<String> {
    let weights = vec![1.0; usize::try_from(2 * units).expect("few")];
    let model = Model::reading(&[0, 2])
        .floats("w", &[2, units], &weights)
        .node("MatMul", &["x", "w"], "m", &[])
        .node(end, &["m"], "p", &[]);
    read(&classes(model).output("p")).output_names().to_vec()
}

fn keys(keys: &'static [i64]) -> impl Fn(Model) -> Model {
    move |model| {
        let keys = [("classlabels_int64s", Is::Ints(keys))];
        model.node_of("ai.onnx.ml", "ZipMap", (&["p"], &["z"]), &keys)
    }
}

#[test]
fn one_value_has_the_name_of_its_class_and_none_of_two() {
    assert_eq!(named(1, "Sigmoid", &keys(&[7])), ["7"]);
    assert!(named(1, "Sigmoid", &keys(&[7, 8])).is_empty());
    assert!(named(1, "Identity", &keys(&[7, 8])).is_empty());
    assert_eq!(named(2, "Softmax", &keys(&[7, 8])), ["7", "8"]);
}

#[test]
fn what_moves_a_class_picks_the_same_one() {
    let picked = |model: Model| {
        model
            .ints("c", &[7, 8])
            .ints("s", &[1])
            .node("ArgMax", &["p"], "a", &[])
            .node("Reshape", &["a", "s"], "r", &[])
            .node("Cast", &["r"], "i", &[("to", Is::Int(7))])
            .node_of(
                "ai.onnx.ml",
                "ArrayFeatureExtractor",
                (&["c", "i"], &["l"]),
                &[],
            )
    };
    assert_eq!(named(2, "Softmax", &picked), ["7", "8"]);
    let added = |model: Model| {
        model
            .ints("c", &[7, 8])
            .ints("s", &[1])
            .node("ArgMax", &["p"], "a", &[])
            .node("Add", &["a", "s"], "i", &[])
            .node_of(
                "ai.onnx.ml",
                "ArrayFeatureExtractor",
                (&["c", "i"], &["l"]),
                &[],
            )
    };
    assert!(named(2, "Softmax", &added).is_empty(), "another class");
}
