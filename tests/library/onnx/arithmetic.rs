//! Sums and products: of numbers of the file, of values with constants, and of levels.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use super::build::{Is, Model};
use super::hand::{check, picture, two};
use super::refusals::error;

/// Zeros plus numbers that `operator` makes of others, one or two lists of `kind`: the numbers.
fn numbers(operator: &str, lists: &[&[f32]], made: usize) -> Model {
    let sides = |list: &[f32]| [i64::try_from(list.len()).expect("few")];
    let mut model = Model::reading(&[0, i64::try_from(made).expect("few")]);
    let names = ["a", "b", "c"];
    for (name, list) in names.iter().zip(lists) {
        model = model.floats(name, &sides(list), list);
    }
    let model = model.node(operator, &names[..lists.len()], "r", &[]);
    model.node("Add", &["x", "r"], "y", &[]).output("y")
}

/// The same of whole numbers.
fn whole(operator: &str, lists: &[&[i64]], made: usize) -> Model {
    let mut model = Model::reading(&[0, i64::try_from(made).expect("few")]);
    let names = ["a", "b", "c", "d"];
    for (name, list) in names.iter().zip(lists) {
        model = model.ints(name, list);
    }
    let model = model.node(operator, &names[..lists.len()], "r", &[]);
    let model = model.node("Cast", &["r"], "f", &[("to", Is::Int(1))]);
    model.node("Add", &["x", "f"], "y", &[]).output("y")
}

#[test]
fn numbers_of_the_file_are_computed_with_as_onnx_says() {
    let (a, b): (&[f32], &[f32]) = (&[6.0, -9.0], &[4.0, 2.0]);
    let (i, k): (&[i64], &[i64]) = (&[7, -9], &[2, 4]);
    let cases: Vec<(&str, Model, Vec<f64>)> = vec![
        ("Add", numbers("Add", &[a, b], 2), vec![10.0, -7.0]),
        ("Sub", numbers("Sub", &[a, b], 2), vec![2.0, -11.0]),
        ("Mul", numbers("Mul", &[a, b], 2), vec![24.0, -18.0]),
        ("Div", numbers("Div", &[a, b], 2), vec![1.5, -4.5]),
        (
            "Sum of three",
            numbers("Sum", &[a, b, a], 2),
            vec![16.0, -16.0],
        ),
        (
            "one for all",
            numbers("Sub", &[a, &[1.0]], 2),
            vec![5.0, -10.0],
        ),
        ("Neg", numbers("Neg", &[a], 2), vec![-6.0, 9.0]),
        ("Sqrt", numbers("Sqrt", &[&[9.0, 0.25]], 2), vec![3.0, 0.5]),
        (
            "Reciprocal",
            numbers("Reciprocal", &[b], 2),
            vec![0.25, 0.5],
        ),
        ("whole Add", whole("Add", &[i, k], 2), vec![9.0, -5.0]),
        ("whole Sub", whole("Sub", &[i, k], 2), vec![5.0, -13.0]),
        ("whole Mul", whole("Mul", &[i, k], 2), vec![14.0, -36.0]),
        ("whole Div", whole("Div", &[i, k], 2), vec![3.0, -2.0]),
        ("whole Neg", whole("Neg", &[i], 2), vec![-7.0, 9.0]),
    ];
    let cases = cases.into_iter();
    check(
        cases
            .map(|(what, model, made)| (what, model, vec![0.0; 2], "scale", made))
            .collect(),
    );
    for (model, said) in [
        (whole("Div", &[i, &[2, 0]], 2), "it divides by 0"),
        (numbers("Mean", &[a, b], 2), "a mean of numbers of the file"),
    ] {
        let error = error(&model.file());
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}

#[test]
fn a_range_ends_before_its_limit_whichever_way_it_goes() {
    let range = |ends: [i64; 3]| ends.map(|end| vec![end]);
    for (ends, made) in [
        ([1, 7, 2], &[1.0, 3.0, 5.0][..]),
        ([1, 6, 2], &[1.0, 3.0, 5.0]),
        ([0, 5, 4], &[0.0, 4.0]),
        ([5, 0, -2], &[5.0, 3.0, 1.0]),
        ([4, 0, -2], &[4.0, 2.0]),
        ([-3, -2, 5], &[-3.0]),
    ] {
        let lists = range(ends);
        let lists: Vec<&[i64]> = lists.iter().map(|list| &list[..]).collect();
        check(vec![(
            "a range",
            whole("Range", &lists, made.len()),
            vec![0.0; made.len()],
            "scale",
            made.to_vec(),
        )]);
    }
    // An empty list goes with one value, and leaves none of them.
    for ends in [[2, 2, 1], [3, 1, 1], [1, 0, 2], [0, 1, -2], [0, 9, -3]] {
        let lists = range(ends);
        let lists: Vec<&[i64]> = lists.iter().map(|list| &list[..]).collect();
        let error = error(&whole("Range", &lists, 1).file());
        assert!(
            error.contains("a constant of shape [0] repeats values"),
            "{ends:?}: {error}"
        );
    }
    for lists in [
        &[&[0][..], &[5], &[0]][..],
        &[&[0], &[5]],
        &[&[0], &[5], &[1], &[1]],
        &[&[0], &[(1 << 20) + 1], &[1]],
        &[&[0], &[i64::MIN], &[-1]],
        &[&[i64::MIN], &[i64::MAX], &[1 << 62]],
        &[&[0], &[], &[1]],
    ] {
        let error = error(&whole("Range", lists, 1).file());
        assert!(
            error.contains("Range at node /Range: "),
            "{lists:?}: {error}"
        );
        assert!(error.contains("range"), "{lists:?}: {error}");
    }
}

#[test]
fn a_constant_goes_with_the_sides_that_its_shape_says() {
    let plus = |sides: &[i64], constant: &[i64], numbers: &[f32]| {
        Model::reading(sides)
            .floats("c", constant, numbers)
            .node("Add", &["x", "c"], "y", &[])
            .output("y")
    };
    let zeros = |n: usize| vec![0.0; n];
    let square: &[i64] = &[0, 3, 2, 3];
    check(vec![
        (
            "one a channel",
            plus(&[0, 3, 2, 2], &[3, 1, 1], &[1.0, 2.0, 3.0]),
            zeros(12),
            "scale",
            vec![1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 3.0],
        ),
        (
            "one a column, as many as there are channels",
            plus(square, &[3], &[1.0, 2.0, 3.0]),
            zeros(18),
            "scale",
            [1.0, 2.0, 3.0].repeat(6),
        ),
        (
            "one a row",
            plus(square, &[2, 1], &[1.0, 2.0]),
            zeros(18),
            "scale",
            [1.0, 1.0, 1.0, 2.0, 2.0, 2.0].repeat(3),
        ),
        (
            "one for each column of each channel",
            plus(&[0, 2, 2, 2], &[1, 2, 1, 2], &[1.0, 2.0, 3.0, 4.0]),
            zeros(8),
            "scale",
            vec![1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0],
        ),
        (
            "one a column of one row of one channel",
            picture(&[0, 1, 1, 3])
                .floats("c", &[3], &[1.0, 2.0, 3.0])
                .node("Conv", &["x", "k"], "m", &[])
                .node("Relu", &["m"], "r", &[])
                .node("Add", &["r", "c"], "y", &[])
                .output("y"),
            vec![1.0, 1.0, 1.0],
            "conv2d+ scale",
            vec![3.0, 4.0, 5.0],
        ),
        (
            "with more sides than the values, which they have from then on",
            two()
                .floats("c", &[1, 1, 2], &[1.0, 2.0])
                .ints("1", &[1])
                .node("Add", &["x", "c"], "a", &[])
                .node("Gather", &["a", "1"], "y", &[("axis", Is::Int(2))])
                .output("y"),
            vec![10.0, 20.0],
            "scale gather",
            vec![22.0],
        ),
        (
            "taken from values, or values from it",
            two()
                .floats("c", &[2], &[1.0, 2.0])
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Sub", &["m", "c"], "s", &[])
                .node("Sub", &["c", "s"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![-5.0, -6.0],
        ),
        (
            "the other sign",
            two()
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Neg", &["m"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![-7.0, -10.0],
        ),
    ]);
}

#[test]
fn levels_are_added_in_the_order_of_their_values() {
    let turned = |model: Model, from: &str, to: &str| {
        model.node("Gather", &[from, "i"], to, &[("axis", Is::Int(1))])
    };
    let turning = || {
        two()
            .ints("i", &[1, 0])
            .node("MatMul", &["x", "w"], "m", &[])
    };
    let flat = || {
        let identity: Vec<f32> = (0..16).map(|k| f32::from(k % 5 == 0)).collect();
        Model::reading(&[0, 4])
            .floats("v", &[4, 4], &identity)
            .floats("k", &[2, 2, 1, 1], &[1.0, 0.0, 0.0, 10.0])
            .ints("s", &[1, 2, 1, 2])
            .node("Reshape", &["x", "s"], "p", &[])
            .node("Conv", &["p", "k"], "c", &[])
            .node("MatMul", &["x", "v"], "d", &[])
            .node("Reshape", &["d", "s"], "e", &[])
    };
    check(vec![
        (
            "both turned the same way",
            turned(turned(turning(), "x", "a"), "m", "b")
                .node("Add", &["a", "b"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense add gather",
            vec![12.0, 8.0],
        ),
        (
            "one of them turned",
            turned(turning(), "m", "b")
                .node("Add", &["x", "b"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense gather add",
            vec![11.0, 9.0],
        ),
        (
            "the same part of both",
            turning()
                .ints("1", &[1])
                .node("Gather", &["x", "1"], "a", &[("axis", Is::Int(1))])
                .node("Gather", &["m", "1"], "b", &[("axis", Is::Int(1))])
                .node("Add", &["a", "b"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense gather gather add",
            vec![12.0],
        ),
        (
            "levels and a constant",
            turning()
                .floats("c", &[2], &[100.0, 200.0])
                .node("Sum", &["c", "m", "x"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense add scale",
            vec![108.0, 212.0],
        ),
        (
            "a mean of one",
            turning().node("Mean", &["m"], "y", &[]).output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![7.0, 10.0],
        ),
        (
            "a picture and a list of its values",
            flat().node("Add", &["c", "e"], "y", &[]).output("y"),
            vec![1.0, 2.0, 3.0, 4.0],
            "conv2d dense gather add",
            vec![2.0, 4.0, 33.0, 44.0],
        ),
        (
            "a list and a picture of its values",
            flat().node("Add", &["e", "c"], "y", &[]).output("y"),
            vec![1.0, 2.0, 3.0, 4.0],
            "dense conv2d gather add",
            vec![2.0, 4.0, 33.0, 44.0],
        ),
    ]);
}

#[test]
fn a_factor_of_a_channel_is_folded_into_all_of_its_taps() {
    // (x₁ + 2 x₂, x₂ + 2 x₃) by 10, and (3 x₁ + 4 x₂, 3 x₂ + 4 x₃) by 100.
    check(vec![(
        "a kernel of two taps",
        Model::reading(&[0, 1, 1, 3])
            .floats("k", &[2, 1, 1, 2], &[1.0, 2.0, 3.0, 4.0])
            .floats("s", &[2, 1, 1], &[10.0, 100.0])
            .node("Conv", &["x", "k"], "c", &[])
            .node("Mul", &["c", "s"], "y", &[])
            .output("y"),
        vec![1.0, 2.0, 3.0],
        "conv2d",
        vec![50.0, 80.0, 1100.0, 1800.0],
    )]);
}
