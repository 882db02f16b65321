//! Windows on padded pictures: what of the padding is the window's own, and what it sees at every place.

use super::build::{Is, Model};
use super::hand::{check, picture};

/// Rows below and columns on the right.
const BEHIND: [i64; 8] = [0, 0, 0, 0, 0, 0, 1, 1];

/// A model whose `v` is padded by rows and columns and read by a convolution `k`.
fn padded(model: Model) -> Model {
    model
        .ints("pads", &BEHIND)
        .node("Pad", &["v", "pads"], "p", &[])
        .node("Conv", &["p", "k"], "y", &[])
        .output("y")
}

#[test]
fn windows_that_see_nothing_but_padding_have_zeros_to_see() {
    // Two columns, with two of zeros before or behind: a window of two sees them alone.
    let of = |pads: &[i64]| {
        picture(&[0, 1, 1, 2])
            .ints("pads", pads)
            .node("Pad", &["x", "pads"], "p", &[])
            .node(
                "AveragePool",
                &["p"],
                "y",
                &[("kernel_shape", Is::Ints(&[1, 2]))],
            )
            .output("y")
    };
    let (before, behind) = ([0, 0, 0, 2, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 2]);
    check(vec![
        (
            "before",
            of(&before),
            vec![1.0, 2.0],
            "gather avg_pool2d",
            vec![0.0, 0.5, 1.5],
        ),
        (
            "behind",
            of(&behind),
            vec![1.0, 2.0],
            "gather avg_pool2d",
            vec![1.5, 1.0, 0.0],
        ),
        (
            "neither",
            of(&[0, 0, 0, 1, 0, 0, 0, 1]),
            vec![1.0, 2.0],
            "avg_pool2d",
            vec![0.5, 1.5, 1.0],
        ),
    ]);
}

#[test]
fn padding_around_values_in_any_order_goes_into_the_window() {
    let ramp = |units: u8| (1..=units).map(f64::from).collect::<Vec<f64>>();
    check(vec![
        (
            "two channels",
            padded(
                Model::reading(&[0, 2, 2, 2])
                    .floats("k", &[1, 2, 1, 1], &[1.0, 10.0])
                    .node("Identity", &["x"], "v", &[]),
            ),
            ramp(8),
            "conv2d",
            vec![51.0, 62.0, 0.0, 73.0, 84.0, 0.0, 0.0, 0.0, 0.0],
        ),
        (
            "columns for rows",
            padded(picture(&[0, 1, 2, 2]).node(
                "Transpose",
                &["x"],
                "v",
                &[("perm", Is::Ints(&[0, 1, 3, 2]))],
            )),
            ramp(4),
            "gather conv2d",
            vec![2.0, 6.0, 0.0, 4.0, 8.0, 0.0, 0.0, 0.0, 0.0],
        ),
        (
            "the first of two channels",
            padded(picture(&[0, 2, 2, 2]).ints("0", &[0]).ints("1", &[1]).node(
                "Slice",
                &["x", "0", "1", "1"],
                "v",
                &[],
            )),
            ramp(8),
            "gather conv2d",
            vec![2.0, 4.0, 0.0, 6.0, 8.0, 0.0, 0.0, 0.0, 0.0],
        ),
        (
            "values in a row",
            padded(
                picture(&[0, 2])
                    .floats("w", &[2, 4], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
                    .ints("s", &[0, 1, 2, 2])
                    .node("MatMul", &["x", "w"], "m", &[])
                    .node("Reshape", &["m", "s"], "v", &[]),
            ),
            vec![1.0, 1.0],
            "dense gather conv2d",
            vec![12.0, 16.0, 0.0, 20.0, 24.0, 0.0, 0.0, 0.0, 0.0],
        ),
    ]);
}

#[test]
fn padding_that_the_node_leaves_open_is_put_where_it_says() {
    check(vec![
        (
            "SAME_LOWER puts the larger part in front",
            Model::reading(&[0, 1, 4])
                .floats("k", &[1, 1, 4], &[1.0, 10.0, 100.0, 1000.0])
                .node(
                    "Conv",
                    &["x", "k"],
                    "y",
                    &[("auto_pad", Is::Text("SAME_LOWER"))],
                )
                .output("y"),
            vec![1.0, 2.0, 3.0, 4.0],
            "conv2d",
            vec![2100.0, 3210.0, 4321.0, 432.0],
        ),
        (
            "places rounded up hang over the padding below",
            picture(&[0, 1, 2, 1])
                .node(
                    "MaxPool",
                    &["x"],
                    "y",
                    &[
                        ("kernel_shape", Is::Ints(&[2, 1])),
                        ("strides", Is::Ints(&[2, 1])),
                        ("pads", Is::Ints(&[1, 0, 0, 0])),
                        ("ceil_mode", Is::Int(1)),
                    ],
                )
                .output("y"),
            vec![1.0, 2.0],
            "max_pool2d",
            vec![1.0, 2.0],
        ),
    ]);
}
