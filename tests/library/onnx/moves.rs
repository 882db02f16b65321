//! Operators that move values, add them up over whole sides, or compute shapes: exact places and numbers.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use super::build::{Is, Model};
use super::hand::{check, two};
use super::refusals::error;

/// A model of so many values in a row.
fn row(units: i64) -> Model {
    Model::reading(&[0, units])
}

/// A model of three values, of which a slice takes these: start, end, step.
fn sliced(ends: [i64; 3]) -> Model {
    let [start, end, step] = ends;
    row(3)
        .ints("start", &[start])
        .ints("end", &[end])
        .ints("1", &[1])
        .ints("step", &[step])
        .node("Slice", &["x", "start", "end", "1", "step"], "s", &[])
}

#[test]
fn what_changes_no_order_is_no_layer_and_what_does_is_one_gather() {
    let x = || vec![1.0, 2.0, 3.0];
    check(vec![
        (
            "a dropout with its ratio",
            two()
                .floats("ratio", &[], &[0.5])
                .node("Dropout", &["x", "ratio"], "d", &[])
                .node("MatMul", &["d", "w"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![7.0, 10.0],
        ),
        (
            "all sides of 1 are taken away",
            Model::reading(&[0, 1, 2])
                .floats("w", &[2, 2], &[1.0, 2.0, 3.0, 4.0])
                .node("Squeeze", &["x"], "s", &[])
                .node("MatMul", &["s", "w"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense",
            vec![7.0, 10.0],
        ),
        (
            "pairs are picked whole",
            Model::reading(&[0, 3, 2])
                .ints("at", &[2, 0])
                .node("Gather", &["x", "at"], "y", &[("axis", Is::Int(1))])
                .output("y"),
            vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            "gather",
            vec![5.0, 6.0, 1.0, 2.0],
        ),
        (
            "of a split the last part may be shorter",
            row(7)
                .node_of(
                    "",
                    "Split",
                    (&["x"], &["a", "b", "c"]),
                    &[("axis", Is::Int(1))],
                )
                .node("Concat", &["c", "a", "b"], "y", &[("axis", Is::Int(1))])
                .output("y"),
            (1..=7).map(f64::from).collect(),
            "gather",
            vec![7.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ),
        (
            "a slice that begins behind the end and goes back",
            sliced([10, -100, -1])
                .node("Neg", &["s"], "y", &[])
                .output("y"),
            x(),
            "scale gather",
            vec![-3.0, -2.0, -1.0],
        ),
        (
            "turned twice",
            sliced([-1, -100, -1])
                .node("Slice", &["s", "start", "end", "1", "step"], "t", &[])
                .node("Relu", &["t"], "y", &[])
                .output("y"),
            x(),
            "scale+",
            x(),
        ),
        (
            "turned twice, but for the last",
            sliced([-1, -100, -1])
                .ints("at", &[2, 1])
                .node("Gather", &["s", "at"], "y", &[("axis", Is::Int(1))])
                .output("y"),
            x(),
            "gather",
            vec![1.0, 2.0],
        ),
        (
            "a padding below 0 takes away",
            row(3)
                .ints("p", &[0, -1, 0, 0])
                .node("Pad", &["x", "p"], "y", &[])
                .output("y"),
            x(),
            "gather",
            vec![2.0, 3.0],
        ),
        (
            "a padding of nothing may be of any number",
            row(3)
                .ints("p", &[0; 4])
                .floats("c", &[], &[2.0])
                .node("Pad", &["x", "p", "c"], "p1", &[])
                .node("Relu", &["p1"], "y", &[])
                .output("y"),
            x(),
            "scale+",
            x(),
        ),
        (
            "a reflection of four",
            row(4)
                .node(
                    "Pad",
                    &["x"],
                    "y",
                    &[
                        ("pads", Is::Ints(&[0, 2, 0, 4])),
                        ("mode", Is::Text("reflect")),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0, 3.0, 4.0],
            "gather",
            vec![3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0, 2.0],
        ),
        (
            "a ReLU goes through another order of all values",
            two()
                .ints("at", &[1, 0])
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Gather", &["m", "at"], "g", &[("axis", Is::Int(1))])
                .node("Relu", &["g"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense+ gather",
            vec![10.0, 7.0],
        ),
        (
            "and not through some of them twice",
            two()
                .ints("at", &[1, 1])
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Gather", &["m", "at"], "g", &[("axis", Is::Int(1))])
                .node("Relu", &["g"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense gather+",
            vec![10.0, 10.0],
        ),
    ]);
}

#[test]
fn sums_without_axes_are_over_all_of_them_unless_the_node_says_otherwise() {
    let model = || {
        two()
            .node("MatMul", &["x", "w"], "m", &[])
            .node("Relu", &["m"], "r", &[])
    };
    let noop = |noop: i64| [("noop_with_empty_axes", Is::Int(noop))];
    let over = |axes: &[i64], is_noop: i64| {
        let model = model().ints("axes", axes);
        model
            .node("ReduceSum", &["r", "axes"], "y", &noop(is_noop))
            .output("y")
    };
    let without = |is_noop: i64| {
        model()
            .node("ReduceSum", &["r"], "y", &noop(is_noop))
            .output("y")
    };
    let (all, none) = (("dense+ sum_pool", vec![17.0]), ("dense+", vec![7.0, 10.0]));
    for (what, model, (layers, outputs)) in [
        ("an empty list", over(&[], 0), all.clone()),
        ("an empty list that means none", over(&[], 1), none.clone()),
        ("no list", without(0), all.clone()),
        ("no list that means none", without(1), none),
        ("a list", over(&[1], 1), all),
    ] {
        check(vec![(what, model, vec![1.0, 2.0], layers, outputs)]);
    }
}

#[test]
fn sums_products_and_the_largest_of_known_numbers_are_whole_numbers_of_their_own() {
    for (operator, units) in [("ReduceProd", 6), ("ReduceSum", 5), ("ReduceMax", 3)] {
        for keeps in [0, 1] {
            let count = usize::try_from(units).expect("few");
            let model = Model::reading(&[0, units, 1])
                .ints("sides", &[2, 3])
                .ints("0", &[0])
                .ints("1", &[1])
                .floats("w", &[units, 1], &vec![1.0; count])
                .node(operator, &["sides"], "r", &[("keepdims", Is::Int(keeps))]);
            // What keeps its side is a list already.
            let (model, list) = match keeps {
                0 => (model.node("Unsqueeze", &["r", "0"], "l", &[]), "l"),
                _ => (model, "r"),
            };
            let model = model
                .node("Concat", &["1", list], "s", &[("axis", Is::Int(0))])
                .node("Reshape", &["x", "s"], "f", &[])
                .node("MatMul", &["f", "w"], "y", &[])
                .output("y");
            let (x, sum) = (vec![2.0; count], 2.0 * count as f64);
            check(vec![(operator, model, x, "dense", vec![sum])]);
        }
    }
    let mean = row(2)
        .ints("s", &[2, 3])
        .node("ReduceMean", &["s"], "y", &[]);
    let error = error(&mean.output("y").file());
    assert!(error.contains("a mean of numbers of the file"), "{error}");
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let padded = |pads: &[i64], mode: &str| {
        let keys = [("pads", Is::Ints(pads)), ("mode", Is::Text(mode))];
        row(2).node("Pad", &["x"], "y", &keys).output("y")
    };
    let split = |lengths: &[i64], parts: &[&str]| {
        let keys = [("axis", Is::Int(1)), ("split", Is::Ints(lengths))];
        row(4)
            .node_of("", "Split", (&["x"], parts), &keys)
            .output(parts[0])
    };
    let starts = |starts: &[i64], ends: &[i64]| {
        let model = row(2).ints("s", starts).ints("e", ends);
        model.node("Slice", &["x", "s", "e"], "y", &[]).output("y")
    };
    let many = 1 << 27;
    for (model, said) in [
        (
            starts(&[0, 0, 0], &[1, 1, 1]),
            "starts, ends, axes and steps are not as many, or more than axes",
        ),
        (
            starts(&[0, 0], &[1]),
            "starts, ends, axes and steps are not as many",
        ),
        (sliced([0, 3, 0]).output("s"), "a slice has steps of 0"),
        (
            padded(&[0, 1, 0, -1], "constant"),
            "it both adds and takes away",
        ),
        (
            padded(&[0, many, 0, 0], "edge"),
            "it pads by more than fits into memory",
        ),
        (
            padded(&[0, 0, 0, many - 2], "edge"),
            "it pads by more than fits into memory",
        ),
        (
            split(&[1, 2], &["a", "b"]),
            "split: expected 2 parts of 4, found [1, 2]",
        ),
        (
            split(&[1, 2, 1], &["a", "b"]),
            "split: expected 2 parts of 4, found [1, 2, 1]",
        ),
        (
            row(2)
                .ints("s", &[0, 2])
                .node("Reshape", &["x", "s"], "r", &[("allowzero", Is::Int(1))])
                .node("Relu", &["r"], "y", &[])
                .output("y"),
            "expected a shape of 2 values, found [0, 2] for [1, 2]",
        ),
    ] {
        let error = error(&model.file());
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}
