//! Values side by side.

use super::build::{Is, Model};
use super::hand::{check, two};
use super::refusals::error;

/// Two values, and `y` of these beside each other along an axis.
fn beside(model: Model, parts: &[&str], axis: i64) -> Model {
    let model = model.node("Concat", parts, "y", &[("axis", Is::Int(axis))]);
    model.output("y")
}

#[test]
fn zeros_and_nothing_may_stand_beside_values() {
    let model = || two().floats("z", &[1, 1], &[0.0]);
    let empty = || two().floats("e", &[0], &[]);
    check(vec![
        (
            "a zero behind",
            beside(model(), &["x", "z"], 1),
            vec![1.0, 2.0],
            "gather",
            vec![1.0, 2.0, 0.0],
        ),
        (
            "a zero in front",
            beside(model(), &["z", "x"], 1),
            vec![1.0, 2.0],
            "gather",
            vec![0.0, 1.0, 2.0],
        ),
        (
            "zeros beside two levels",
            beside(
                model().node("MatMul", &["x", "w"], "m", &[]),
                &["m", "z", "x"],
                1,
            ),
            vec![1.0, 2.0],
            "dense gather concat",
            vec![7.0, 10.0, 0.0, 1.0, 2.0],
        ),
        (
            "an empty list of another shape, made of one alone",
            beside(
                empty().node("Concat", &["e"], "f", &[("axis", Is::Int(0))]),
                &["x", "f", "x"],
                1,
            ),
            vec![1.0, 2.0],
            "gather",
            vec![1.0, 2.0, 1.0, 2.0],
        ),
    ]);
}

#[test]
fn what_does_not_fit_beside_values_is_refused() {
    let cases: Vec<(Model, &str)> = vec![
        (
            beside(two().floats("c", &[1, 2], &[0.0, 5.0]), &["x", "c"], 1),
            "input 1 is constant and not 0",
        ),
        (
            beside(two().floats("z", &[1, 2, 1], &[0.0; 2]), &["x", "z"], 1),
            "expected a shape as [1, 2], found [1, 2, 1]",
        ),
        (
            beside(two().floats("z", &[2, 2], &[0.0; 4]), &["x", "z"], 1),
            "expected a shape as [1, 2], found [2, 2]",
        ),
    ];
    for (model, said) in cases {
        let error = error(&model.file());
        assert!(
            error.contains("Concat at node /Concat") && error.contains(said),
            "{error}\nhas not {said}"
        );
    }
}

#[test]
fn numbers_of_the_file_stand_side_by_side_row_by_row() {
    let model = Model::reading(&[0, 2])
        .floats("a", &[2, 1], &[1.0, 4.0])
        .floats("b", &[2, 2], &[2.0, 3.0, 5.0, 6.0])
        .node("Concat", &["a", "b", "a"], "c", &[("axis", Is::Int(-1))])
        .node("MatMul", &["x", "c"], "y", &[])
        .output("y");
    check(vec![(
        "weights in parts",
        model,
        vec![1.0, 10.0],
        "dense",
        vec![41.0, 52.0, 63.0, 41.0],
    )]);
}

#[test]
fn part_of_a_shape_is_counted_from_either_end() {
    let of = |ends: &[(&str, Is)], made: i64| {
        let model = Model::new(15).input("x", &[0, made]);
        model
            .floats("t", &[2, 3, 4], &[0.0; 24])
            .node("Shape", &["t"], "s", ends)
            .node("Cast", &["s"], "f", &[("to", Is::Int(1))])
            .node("Add", &["x", "f"], "y", &[])
            .output("y")
    };
    let end = |name, at| (name, Is::Int(at));
    check(vec![
        (
            "from the front",
            of(&[end("start", 1), end("end", 3)], 2),
            vec![0.0; 2],
            "scale",
            vec![3.0, 4.0],
        ),
        (
            "from behind",
            of(&[end("start", -3), end("end", -1)], 2),
            vec![0.0; 2],
            "scale",
            vec![2.0, 3.0],
        ),
        (
            "beyond the end",
            of(&[end("end", 9)], 3),
            vec![0.0; 3],
            "scale",
            vec![2.0, 3.0, 4.0],
        ),
    ]);
}
