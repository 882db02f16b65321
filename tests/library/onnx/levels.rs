//! Levels that layers read: as lists and as pictures, each made once, and under a name of its own.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use deeptaylor::network::Shape;

use super::build::{Is, Model};
use super::hand::{check, picture, read, two};
use super::refusals::error;

#[test]
fn matrices_stand_on_either_side_of_values() {
    let six: &[f32] = &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let gemm = |attributes: &[(&str, Is)]| {
        two()
            .floats("b", &[2], &[100.0, 200.0])
            .node("Gemm", &["x", "w", "b"], "y", attributes)
            .output("y")
    };
    check(vec![
        (
            "a list before a matrix",
            Model::reading(&[2])
                .floats("w", &[2, 3], six)
                .ints("1", &[1])
                .node("MatMul", &["x", "w"], "m", &[])
                .node("Gather", &["m", "1"], "y", &[("axis", Is::Int(0))])
                .output("y"),
            vec![1.0, 10.0],
            "dense gather",
            vec![52.0],
        ),
        (
            "a list behind a matrix",
            Model::reading(&[2])
                .floats("w", &[3, 2], six)
                .ints("1", &[1])
                .node("MatMul", &["w", "x"], "m", &[])
                .node("Gather", &["m", "1"], "y", &[("axis", Is::Int(0))])
                .output("y"),
            vec![1.0, 10.0],
            "dense gather",
            vec![43.0],
        ),
        (
            "columns behind matrices",
            Model::reading(&[1, 2, 1])
                .floats("w", &[3, 2], six)
                .floats("v", &[2, 3], six)
                .node("MatMul", &["w", "x"], "m", &[])
                .node("MatMul", &["v", "m"], "n", &[])
                .node("Squeeze", &["n"], "y", &[("axes", Is::Ints(&[2]))])
                .output("y"),
            vec![1.0, 10.0],
            "dense dense",
            vec![302.0, 689.0],
        ),
        (
            "a column turned to a row",
            Model::reading(&[2, 1])
                .floats("w", &[2, 3], six)
                .node("Gemm", &["x", "w"], "y", &[("transA", Is::Int(1))])
                .output("y"),
            vec![1.0, 10.0],
            "dense",
            vec![41.0, 52.0, 63.0],
        ),
        (
            "a product taken from a bias",
            gemm(&[("alpha", Is::Float(-1.0))]),
            vec![1.0, 2.0],
            "dense",
            vec![93.0, 190.0],
        ),
        (
            "a bias alone",
            gemm(&[("alpha", Is::Float(0.0)), ("beta", Is::Float(2.0))]),
            vec![1.0, 2.0],
            "dense",
            vec![200.0, 400.0],
        ),
    ]);
    for (model, said) in [
        (
            two()
                .floats("v", &[3, 2], six)
                .node("MatMul", &["x", "v"], "y", &[]),
            "expected weights for 2 values, found weights for 3",
        ),
        (
            Model::reading(&[0, 6])
                .ints("s", &[2, 3, 1])
                .floats("v", &[1, 6], six)
                .node("Reshape", &["x", "s"], "r", &[])
                .node("MatMul", &["v", "r"], "y", &[]),
            "a matrix times values of shape [2, 3, 1], which are no column",
        ),
        (
            Model::reading(&[0, 2, 1])
                .floats("w", &[2, 2], &[1.0; 4])
                .node("Gemm", &["x", "w"], "y", &[("transA", Is::Int(1))]),
            "expected values of 2 sides, found [1, 2, 1]",
        ),
    ] {
        let error = error(&model.output("y").file());
        assert!(error.contains(said), "{error}\nhas not {said}");
    }
}

#[test]
fn weights_do_not_fit_into_groups_that_do_not_divide_the_channels() {
    for (channels, weights, groups, found) in [
        (2, [2, 1], 0, "2 × 1"),
        (2, [2, 1], -1, "2 × 1"),
        (2, [3, 1], 2, "3 × 1"),
        (3, [2, 1], 2, "2 × 1"),
        (2, [2, 2], 2, "2 × 2"),
        (4, [2, 1], 2, "2 × 1"),
    ] {
        let [out, of_group] = weights;
        let numbers = vec![1.0; usize::try_from(out * of_group).expect("few")];
        let model = Model::reading(&[0, channels, 2, 2])
            .floats("k", &[out, of_group, 1, 1], &numbers)
            .node("Conv", &["x", "k"], "y", &[("group", Is::Int(groups))])
            .output("y");
        let error = error(&model.file());
        let said = format!(
            "Conv at node /Conv.weights: expected weights for {channels} channels in {} groups, found {found}",
            groups.max(0)
        );
        assert!(error.contains(&said), "{error}\nhas not {said}");
    }
}

#[test]
fn a_picture_of_a_view_is_made_once_for_each_of_its_forms() {
    let turned = || {
        picture(&[0, 2, 2, 1])
            .floats("v", &[1, 2, 1, 1], &[1.0, 10.0])
            .floats("u", &[1, 2, 1, 1], &[1.0, 100.0])
            .node(
                "Transpose",
                &["x"],
                "t",
                &[("perm", Is::Ints(&[0, 2, 1, 3]))],
            )
    };
    // 1 × 4 weights that make lists, so that reshapes of them are in order.
    let lists = || {
        let identity: Vec<f32> = (0..16).map(|k| f32::from(k % 5 == 0)).collect();
        let tenfold: Vec<f32> = identity.iter().map(|w| w * 10.0).collect();
        Model::reading(&[0, 4])
            .floats("v", &[4, 4], &identity)
            .floats("u", &[4, 4], &tenfold)
            .floats("k", &[1, 1, 1, 1], &[2.0])
            .floats("rows", &[1, 1, 1, 2], &[1.0, 100.0])
            .ints("square", &[1, 1, 2, 2])
            .ints("row", &[1, 1, 1, 4])
            .node("MatMul", &["x", "v"], "d", &[])
            .node("MatMul", &["x", "u"], "e", &[])
            .node("Reshape", &["d", "square"], "ds", &[])
            .node("Reshape", &["d", "row"], "dr", &[])
            .node("Reshape", &["e", "square"], "es", &[])
    };
    let ramp = || vec![1.0, 2.0, 3.0, 4.0];
    check(vec![
        (
            "one picture for two convolutions",
            turned()
                .node("Conv", &["t", "v"], "a", &[])
                .node("Conv", &["t", "u"], "b", &[])
                .node("Add", &["a", "b"], "y", &[])
                .output("y"),
            ramp(),
            "gather conv2d conv2d add",
            vec![222.0, 446.0],
        ),
        (
            "one of each of two levels",
            lists()
                .node("Conv", &["ds", "k"], "a", &[])
                .node("Conv", &["es", "k"], "b", &[])
                .node("Add", &["a", "b"], "y", &[])
                .output("y"),
            ramp(),
            "dense gather conv2d dense gather conv2d add",
            vec![22.0, 44.0, 66.0, 88.0],
        ),
        (
            "one for each of the forms of a level",
            lists()
                .node("Conv", &["ds", "rows"], "a", &[])
                .node("Conv", &["dr", "rows"], "b", &[])
                .node("Flatten", &["a"], "af", &[])
                .node("Flatten", &["b"], "bf", &[])
                .node("Concat", &["af", "bf"], "y", &[("axis", Is::Int(1))])
                .output("y"),
            ramp(),
            "dense gather conv2d gather conv2d concat",
            vec![201.0, 403.0, 201.0, 302.0, 403.0],
        ),
    ]);
}

#[test]
fn part_of_a_picture_is_a_picture_where_it_has_places() {
    let part = |sides: &[i64], end: i64| {
        let model = Model::reading(sides)
            .ints("0", &[0])
            .ints("end", &[end])
            .ints("last", &[-1])
            .node("Slice", &["x", "0", "end", "last"], "p", &[])
            .node("Relu", &["p"], "y", &[])
            .output("y");
        read(&model).layers()[0].shape()
    };
    assert_eq!(part(&[0, 2, 1, 4], 3), Shape::Image([2, 1, 3]));
    assert_eq!(part(&[0, 2, 3, 4], 1), Shape::Image([2, 3, 1]));
    assert_eq!(part(&[0, 3, 1, 4], 1), Shape::Flat(3));
    assert_eq!(part(&[0, 1, 4], 2), Shape::Flat(2));
}

#[test]
fn a_sum_over_a_whole_picture_is_one_of_windows_and_over_a_list_one_of_runs() {
    let sum = |model: Model, axes: &[i64]| {
        let model = model.ints("axes", axes);
        model
            .node("ReduceSum", &["c", "axes"], "y", &[])
            .output("y")
    };
    let conv = || picture(&[0, 1, 2, 2]).node("Conv", &["x", "k"], "c", &[]);
    check(vec![
        (
            "a picture",
            sum(conv(), &[2, 3]),
            vec![1.0, 2.0, 3.0, 4.0],
            "conv2d sum_pool2d",
            vec![20.0],
        ),
        (
            "its rows",
            sum(conv(), &[3]),
            vec![1.0, 2.0, 3.0, 4.0],
            "conv2d sum_pool",
            vec![6.0, 14.0],
        ),
        (
            "a list",
            sum(two().node("MatMul", &["x", "w"], "c", &[]), &[1]),
            vec![1.0, 2.0],
            "dense sum_pool",
            vec![17.0],
        ),
    ]);
}

#[test]
fn layers_of_one_name_are_counted_on_and_those_that_fell_away_have_none() {
    let names = |model: Model| -> Vec<String> {
        let network = read(&model.output("y"));
        let layers = network.layers().iter();
        layers.map(|layer| layer.name().to_owned()).collect()
    };
    let three = two()
        .node("MatMul", &["x", "w"], "a", &[])
        .node("MatMul", &["a", "w"], "b", &[])
        .node("MatMul", &["b", "w"], "y", &[]);
    assert_eq!(names(three), ["/MatMul", "/MatMul 2", "/MatMul 3"]);
    let folded = two()
        .floats("c", &[2], &[2.0, 3.0])
        .node("Mul", &["x", "c"], "a", &[])
        .node("MatMul", &["a", "w"], "b", &[])
        .node("Relu", &["b"], "r", &[])
        .node("Mul", &["r", "c"], "y", &[]);
    assert_eq!(names(folded), ["/MatMul", "/Mul"]);
}
