//! What layers hold of a small file that asks for the same numbers again and again counts, and what they do not hold does not.

use super::build::{Is, Model};
use super::refusals::error;

/// Whether a model is refused for what it would hold.
fn is_too_large(model: Model, last: &str) -> bool {
    let error = error(&model.output(last).file());
    assert!(
        error == "none" || error.contains("MiB of numbers, from what the file has"),
        "{error}"
    );
    error != "none"
}

/// So many times what `step` adds to a model of the value `h0`, from the n-th value to the next.
fn repeated(model: Model, times: usize, step: impl Fn(Model, &str, &str) -> Model) -> Model {
    let value = |n: usize| match n {
        0 => "x".to_owned(),
        n => format!("h{n}"),
    };
    (0..times).fold(model, |model, n| step(model, &value(n), &value(n + 1)))
}

const SIDE: i64 = 300;

/// A model of weights `w` of 300 × 300: 360 kB, and twice that in 64 bits.
fn square() -> Model {
    Model::reading(&[0, SIDE]).floats("w", &[SIDE, SIDE], &vec![0.5; 300 * 300])
}

#[test]
fn weights_count_as_wide_as_they_are_held() {
    let gemm = |model: Model, from: &str, to: &str| model.node("Gemm", &[from, "w", "b"], to, &[]);
    let with_bias = || square().floats("b", &[SIDE], &[1.0; 300]);
    // 29 MB of 32 bits.
    assert!(!is_too_large(repeated(with_bias(), 80, gemm), "h80"));
    assert!(is_too_large(repeated(with_bias(), 150, gemm), "h150"));
    let scaled = |model: Model, from: &str, to: &str| {
        let sum = format!("{to}/sum");
        let model = model.node("MatMul", &[from, "w"], &sum, &[]);
        model.node("Mul", &[&sum, "two"], to, &[])
    };
    let with_two = square().floats("two", &[], &[2.0]);
    assert!(is_too_large(repeated(with_two, 80, scaled), "h80"));
}

#[test]
fn kernels_and_factors_count() {
    let conv = |model: Model, from: &str, to: &str| model.node("Conv", &[from, "k"], to, &[]);
    let kernels = Model::reading(&[0, SIDE, 1, 1]);
    let kernels = kernels.floats("k", &[SIDE, SIDE, 1, 1], &vec![0.5; 300 * 300]);
    assert!(is_too_large(repeated(kernels, 80, conv), "h80"));

    let factor = |model: Model, from: &str, to: &str| {
        let product = format!("{to}/product");
        let model = model.node("Mul", &[from, "c"], &product, &[]);
        model.node("Relu", &[&product], to, &[])
    };
    let factors: Vec<f32> = [1.0, -2.0, 3.0, -4.0].repeat(25_000);
    let factors = Model::reading(&[0, 100_000]).floats("c", &[100_000], &factors);
    assert!(is_too_large(repeated(factors, 80, factor), "h80"));
}

#[test]
fn biases_indices_and_places_without_values_count() {
    let summands = Model::reading(&[0, 1])
        .floats("w", &[1, 100_000], &vec![0.5; 100_000])
        .floats("b", &[100_000], &vec![1.0; 100_000]);
    let names: Vec<String> = (0..40).map(|n| format!("s{n}")).collect();
    let summands = names.iter().fold(summands, |model, name| {
        let product = format!("{name}/product");
        let model = model.node("MatMul", &["x", "w"], &product, &[]);
        model.node("Add", &[&product, "b"], name, &[])
    });
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    assert!(is_too_large(summands.node("Sum", &names, "y", &[]), "y"));

    let gather = |model: Model, from: &str, to: &str| {
        let part = format!("{to}/part");
        let model = model.node("Slice", &[from, "1", "end", "1"], &part, &[]);
        model.node("Neg", &[&part], to, &[])
    };
    let ends = Model::reading(&[0, 20_000])
        .ints("1", &[1])
        .ints("end", &[i64::MAX]);
    assert!(is_too_large(repeated(ends, 90, gather), "h90"));

    // Units that see nothing but padding are told apart.
    let pads = [("pads", Is::Ints(&[1; 4]))];
    let conv = |model: Model, from: &str, to: &str| model.node("Conv", &[from, "k"], to, &pads);
    let kernel = Model::reading(&[0, 1, 1000, 1000]).floats("k", &[1, 1, 1, 1], &[2.0]);
    assert!(is_too_large(repeated(kernel, 60, conv), "h60"));
}

#[test]
fn a_number_a_channel_is_not_written_out_for_each_value() {
    let model = Model::reading(&[0, 2, 800, 800]).floats("g", &[2], &[1.0, 2.0]);
    let norm = ["x", "g", "g", "g", "g"];
    let norm = model.node("BatchNormalization", &norm, "y", &[]);
    assert!(!is_too_large(norm, "y"));
    for sides in [&[2, 1, 1][..], &[1, 2, 1, 1]] {
        for operator in ["Add", "Mul"] {
            let model = Model::reading(&[0, 2, 800, 800]).floats("c", sides, &[1.0, 2.0]);
            assert!(!is_too_large(
                model.node(operator, &["x", "c"], "y", &[]),
                "y"
            ));
        }
    }
    let each = Model::reading(&[0, 2, 800, 800]).floats("c", &[800], &[1.0, 2.0].repeat(400));
    assert!(is_too_large(each.node("Mul", &["x", "c"], "y", &[]), "y"));
}

#[test]
fn weights_that_are_most_of_a_file_are_read_behind_values_in_another_order() {
    const SIDE: u16 = 1700;
    let side = i64::from(SIDE);
    let weights = vec![0.5; usize::from(SIDE) * usize::from(SIDE)];
    let order: Vec<i64> = (0..side).rev().collect();
    let model = Model::reading(&[0, side])
        .floats("w", &[side, side], &weights)
        .ints("i", &order)
        .node("Gather", &["x", "i"], "g", &[("axis", Is::Int(1))])
        .node("MatMul", &["g", "w"], "y", &[]);
    assert!(!is_too_large(model, "y"));
}
