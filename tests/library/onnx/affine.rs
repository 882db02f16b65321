//! Factors and summands, normalisations and activations: into which layer they go, and with which numbers.

#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use super::build::{Is, Model};
use super::hand::{Case, check, picture, two};
use super::refusals::error;

/// A normalisation of `from` that takes values times `scale` plus `shift`, one a channel.
fn norm(model: Model, from: &str, to: &str, pairs: &[(f32, f32)]) -> Model {
    let sides = [i64::try_from(pairs.len()).expect("few")];
    let [scale, shift]: [Vec<f32>; 2] = [
        pairs.iter().map(|pair| pair.0).collect(),
        pairs.iter().map(|pair| pair.1).collect(),
    ];
    let (zeros, ones) = (vec![0.0; pairs.len()], vec![1.0; pairs.len()]);
    model
        .floats("scale", &sides, &scale)
        .floats("shift", &sides, &shift)
        .floats("mean", &sides, &zeros)
        .floats("variance", &sides, &ones)
        .node(
            "BatchNormalization",
            &[from, "scale", "shift", "mean", "variance"],
            to,
            &[("epsilon", Is::Float(0.0))],
        )
}

/// `y` after a reshape of as many values as the input has.
fn reshaped(inputs: i64, sides: &[i64], pairs: &[(f32, f32)]) -> Model {
    let model = Model::reading(&[0, inputs]).ints("s", sides);
    norm(
        model.node("Reshape", &["x", "s"], "r", &[]),
        "r",
        "y",
        pairs,
    )
    .output("y")
}

#[test]
fn a_normalisation_has_a_number_for_each_channel_wherever_its_values_stand() {
    let ones = |n: usize| vec![1.0; n];
    let twice: Vec<f32> = vec![1.0, 0.0, 0.0, 1.0];
    let conv = Model::reading(&[0, 2, 3, 2])
        .floats("k", &[2, 2, 1, 1], &twice)
        .ints("s", &[2, 2, 3]);
    let conv = conv
        .node("Conv", &["x", "k"], "c", &[])
        .node("Reshape", &["c", "s"], "r", &[]);
    check(vec![
        (
            "two channels of a list",
            norm(
                Model::reading(&[0, 2, 3]),
                "x",
                "y",
                &[(2.0, 10.0), (3.0, 20.0)],
            )
            .output("y"),
            ones(6),
            "scale",
            vec![12.0, 12.0, 12.0, 23.0, 23.0, 23.0],
        ),
        (
            "channels that begin anew in each row of a list",
            reshaped(12, &[2, 2, 3], &[(2.0, 10.0), (3.0, 20.0)]),
            ones(12),
            "scale",
            [12.0, 12.0, 12.0, 23.0, 23.0, 23.0].repeat(2),
        ),
        (
            "of one value each",
            reshaped(4, &[2, 2], &[(2.0, 10.0), (3.0, 20.0)]),
            ones(4),
            "scale",
            vec![12.0, 23.0, 12.0, 23.0],
        ),
        (
            "of a picture that has as many channels, but not these",
            norm(conv, "r", "y", &[(2.0, 10.0), (3.0, 20.0)]).output("y"),
            ones(12),
            "conv2d scale",
            [12.0, 12.0, 12.0, 23.0, 23.0, 23.0].repeat(2),
        ),
    ]);
}

#[test]
fn factors_go_into_the_layer_before_or_behind() {
    let two_channels = || Model::reading(&[0, 1, 1, 3]).floats("k", &[2, 1, 1, 1], &[1.0, 2.0]);
    let times = |numbers: &[f32]| {
        two_channels()
            .floats("c", &[2, 1, 3], numbers)
            .node("Conv", &["x", "k"], "m", &[])
            .node("Mul", &["m", "c"], "y", &[])
            .output("y")
    };
    let ramp = || vec![1.0, 2.0, 3.0];
    let groups: Vec<f32> = vec![
        1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.0, 0.0, 0.0, 2.0, 0.0, 3.0, 4.0, 0.0,
    ];
    check(vec![
        (
            "one a channel",
            two_channels()
                .floats("c", &[2, 1, 1], &[10.0, 100.0])
                .node("Conv", &["x", "k"], "m", &[])
                .node("Mul", &["m", "c"], "y", &[])
                .output("y"),
            ramp(),
            "conv2d",
            vec![10.0, 20.0, 30.0, 200.0, 400.0, 600.0],
        ),
        (
            "one a value, the same in each channel",
            times(&[10.0, 10.0, 10.0, 100.0, 100.0, 100.0]),
            ramp(),
            "conv2d",
            vec![10.0, 20.0, 30.0, 200.0, 400.0, 600.0],
        ),
        (
            "one a value, and another in one place",
            times(&[10.0, 10.0, 11.0, 100.0, 100.0, 100.0]),
            ramp(),
            "conv2d scale",
            vec![10.0, 20.0, 33.0, 200.0, 400.0, 600.0],
        ),
        (
            "of factors",
            two()
                .floats("c", &[2], &[2.0, 3.0])
                .floats("d", &[2], &[4.0, 5.0])
                .node("Mul", &["x", "c"], "m", &[])
                .node("Add", &["m", "d"], "a", &[])
                .node("Mul", &["a", "d"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "scale",
            vec![24.0, 55.0],
        ),
        (
            "into the groups of a convolution behind",
            norm(
                Model::reading(&[0, 4, 2, 2]).floats("k", &[4, 2, 1, 2], &groups),
                "x",
                "n",
                &[(1.0, 10.0), (2.0, 20.0), (3.0, 30.0), (4.0, 40.0)],
            )
            .node("Conv", &["n", "k"], "y", &[("group", Is::Int(2))])
            .output("y"),
            [1.0, 2.0].repeat(8),
            "conv2d",
            vec![197.0, 197.0, 473.0, 473.0, 129.0, 129.0, 284.0, 284.0],
        ),
        (
            "a factor a channel with a summand a value",
            norm(
                picture(&[0, 1, 2, 2]).floats("c", &[2, 2], &[5.0, 7.0, 0.0, 1.0]),
                "x",
                "n",
                &[(3.0, 1.0)],
            )
            .node("Add", &["n", "c"], "a", &[])
            .floats("w", &[4, 1], &[1.0, 10.0, 100.0, 1000.0])
            .node("Flatten", &["a"], "f", &[])
            .node("MatMul", &["f", "w"], "y", &[])
            .output("y"),
            vec![1.0, 2.0, 3.0, 4.0],
            "dense",
            vec![15149.0],
        ),
        (
            "factors of 1 are none",
            two()
                .floats("c", &[2], &[1.0, 1.0])
                .node("Mul", &["x", "c"], "m", &[])
                .node("MatMul", &["x", "w"], "d", &[])
                .node("Add", &["m", "d"], "y", &[])
                .output("y"),
            vec![1.0, 2.0],
            "dense add",
            vec![8.0, 12.0],
        ),
    ]);
}

#[test]
fn a_layer_whose_values_others_read_beside_a_factor_stays_as_it_is() {
    check(vec![(
        "ReLU with and without a bound",
        two()
            .floats("c", &[2], &[2.0, 1.0])
            .floats("0", &[], &[0.0])
            .floats("6", &[], &[6.0])
            .node("MatMul", &["x", "w"], "m", &[])
            .node("Relu", &["m"], "r", &[])
            .node("Mul", &["r", "c"], "s", &[])
            .node("MatMul", &["s", "w"], "e", &[])
            .node("Clip", &["r", "0", "6"], "b", &[])
            .node("Add", &["e", "b"], "y", &[])
            .output("y"),
        vec![1.0, 2.0],
        "dense+ dense scale+ add",
        vec![50.0, 74.0],
    )]);
}

#[test]
fn a_sum_that_is_an_average_times_its_window_is_one_of_all_of_its_values() {
    let average = |taps: f32, behind: &[(&str, Is)]| {
        let mut attributes = vec![("kernel_shape", Is::Ints(&[1, 3]))];
        attributes.extend(behind.iter().map(|(name, is)| match is {
            Is::Ints(ints) => (*name, Is::Ints(ints)),
            _ => (*name, Is::Int(1)),
        }));
        picture(&[0, 1, 1, 3])
            .floats("taps", &[], &[taps])
            .floats("0", &[], &[0.0])
            .floats("6", &[], &[6.0])
            .node("AveragePool", &["x"], "a", &attributes)
    };
    let times = |model: Model, from: &str| model.node("Mul", &[from, "taps"], "y", &[]).output("y");
    let pads = ("pads", Is::Ints(&[0, 1, 0, 1]));
    let counts = ("count_include_pad", Is::Int(1));
    let cases: Vec<Case> = vec![
        (
            "its window",
            times(average(3.0, &[]), "a"),
            vec![3.0, 6.0, 9.0],
            "sum_pool2d",
            vec![18.0],
        ),
        (
            "another number",
            times(average(4.0, &[]), "a"),
            vec![3.0, 6.0, 9.0],
            "avg_pool2d scale",
            vec![24.0],
        ),
        (
            "padding that does not count",
            times(average(3.0, &[("pads", Is::Ints(&[0, 1, 0, 1]))]), "a"),
            vec![3.0, 6.0, 9.0],
            "avg_pool2d scale",
            vec![13.5, 18.0, 22.5],
        ),
        (
            "padding that counts",
            times(average(3.0, &[pads, counts]), "a"),
            vec![3.0, 6.0, 9.0],
            "sum_pool2d",
            vec![9.0, 18.0, 15.0],
        ),
        (
            "an activation between",
            times(
                average(3.0, &[]).node("Clip", &["a", "0", "6"], "c", &[]),
                "c",
            ),
            vec![3.0, 9.0, 9.0],
            "avg_pool2d+ scale",
            vec![18.0],
        ),
    ];
    check(cases);
}

#[test]
fn the_larger_of_values_and_0_is_relu_and_so_is_a_clip_without_an_upper_end() {
    let model = || {
        two()
            .floats("0", &[], &[0.0])
            .floats("6", &[], &[6.0])
            .ints("i", &[1, 0])
            .ints("1", &[1])
            .node("MatMul", &["x", "w"], "m", &[])
    };
    let x = || vec![5.0, -2.0];
    check(vec![
        (
            "Max with 0 behind",
            model().node("Max", &["m", "0"], "y", &[]).output("y"),
            x(),
            "dense+",
            vec![0.0, 2.0],
        ),
        (
            "Max with 0 in front",
            model().node("Max", &["0", "m"], "y", &[]).output("y"),
            x(),
            "dense+",
            vec![0.0, 2.0],
        ),
        (
            "a clip from 0",
            model().node("Clip", &["m", "0"], "y", &[]).output("y"),
            x(),
            "dense+",
            vec![0.0, 2.0],
        ),
        (
            "a clip of nothing",
            model().node("Clip", &["m"], "y", &[]).output("y"),
            vec![-2.0, 0.0],
            "dense",
            vec![-2.0, -4.0],
        ),
        (
            "ReLU, and then at most 6",
            model()
                .node("Relu", &["m"], "r", &[])
                .node("Clip", &["r", "0", "6"], "y", &[])
                .output("y"),
            vec![1.0, 1.5],
            "dense+",
            vec![5.5, 6.0],
        ),
        (
            "of some values alone",
            model()
                .node("Gather", &["m", "1"], "g", &[("axis", Is::Int(1))])
                .node("Relu", &["g"], "y", &[])
                .output("y"),
            vec![1.0, 1.0],
            "dense gather+",
            vec![6.0],
        ),
        (
            "of all in another order",
            model()
                .node("Gather", &["m", "i"], "g", &[("axis", Is::Int(1))])
                .node("Relu", &["g"], "y", &[])
                .output("y"),
            x(),
            "dense+ gather",
            vec![2.0, 0.0],
        ),
        (
            "nothing of values that are not below 0",
            model()
                .floats("c", &[2], &[0.0, 3.0])
                .floats("d", &[2], &[1.0, 0.0])
                .node("Relu", &["m"], "r", &[])
                .node("Mul", &["r", "c"], "s", &[])
                .node("Add", &["s", "d"], "a", &[])
                .node("Relu", &["a"], "y", &[])
                .output("y"),
            vec![1.0, 1.0],
            "dense+ scale",
            vec![1.0, 18.0],
        ),
    ]);
    let cases = [
        model()
            .floats("c", &[2], &[0.0, 5.0])
            .node("Max", &["m", "c"], "y", &[]),
        model()
            .floats("c", &[], &[5.0])
            .node("Max", &["m", "c"], "y", &[]),
        model().node("Max", &["m", "x"], "y", &[]),
        model().node("Max", &["m", "0", "x"], "y", &[]),
        model().node("Max", &["m"], "y", &[]),
    ];
    for (n, model) in cases.into_iter().enumerate() {
        let error = error(&model.output("y").file());
        assert!(
            error.contains("the larger of several values"),
            "{n}: {error}"
        );
    }
    for ends in [
        (0.0, 1.0),
        (-1.0, f32::MAX),
        (f32::MIN, 6.0),
        (1.0, f32::INFINITY),
    ] {
        let ends = [("min", Is::Float(ends.0)), ("max", Is::Float(ends.1))];
        let model = two().node("Clip", &["x"], "y", &ends).output("y");
        let error = error(&model.file());
        assert!(error.contains("expected values clipped to 0"), "{error}");
    }
}

#[test]
fn a_normalisation_by_the_values_of_the_batch_is_refused() {
    let model = |opset: i64, outputs: &[&str], attributes: &[(&str, Is)]| {
        Model::new(opset)
            .input("x", &[0, 2])
            .floats("g", &[2], &[1.0; 2])
            .node_of(
                "",
                "BatchNormalization",
                (&["x", "g", "g", "g", "g"], outputs),
                attributes,
            )
            .output("y")
    };
    let of_old: &[&str] = &["y", "mean", "variance", "saved", "saved2"];
    for (opset, outputs, attributes, trains) in [
        (17, &["y"][..], vec![], false),
        (17, &["y"], vec![("training_mode", Is::Int(1))], true),
        (17, &["y", "mean", "variance"], vec![], true),
        (14, &["y", "mean", "variance"], vec![], true),
        (13, of_old, vec![], false),
        (7, &["y"], vec![], false),
        (6, &["y"], vec![], true),
        (6, of_old, vec![("is_test", Is::Int(1))], false),
    ] {
        let error = error(&model(opset, outputs, &attributes).file());
        assert_eq!(
            error.contains("batch normalisation in training"),
            trains,
            "opset {opset}, {outputs:?}: {error}"
        );
        assert!(trains || error == "none", "{error}");
    }
}
