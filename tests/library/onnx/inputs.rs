//! The input of a graph: what shape its values have, in which order, and how many samples the graph is written for.

use std::fs;

use deeptaylor::Network;
use deeptaylor::network::{ModelOptions, Order};

use super::build::{Is, Model};
use super::hand::{made, picture, read, two};
use super::refusals::error;

fn ramp(units: u8) -> Vec<f64> {
    (1..=units).map(f64::from).collect()
}

/// A model whose values are transposed and read by a convolution that adds its channels, the second of them ten times.
fn transposed(model: Model, order: &[i64]) -> Model {
    model
        .floats("two", &[1, 2, 1, 1], &[1.0, 10.0])
        .node("Transpose", &["v"], "t", &[("perm", Is::Ints(order))])
        .node("Conv", &["t", "two"], "y", &[])
        .output("y")
}

#[test]
fn values_are_a_picture_with_its_channels_last_where_a_layer_reads_them_as_one() {
    let whole = |sides: &[i64]| Model::reading(sides).node("Identity", &["x"], "v", &[]);
    let network = read(&transposed(whole(&[0, 2, 3, 2]), &[0, 3, 1, 2]));
    let input = network.input();
    assert_eq!(
        (&input.shape[..], input.order),
        (&[2, 2, 3][..], Order::ChannelsLast)
    );
    assert!(!input.order_is_guessed, "a layer reads it so");
    assert_eq!(input.array_shape(), [2, 3, 2]);
    let outputs = vec![21.0, 43.0, 65.0, 87.0, 109.0, 131.0];
    assert_eq!(
        made(&network, &ramp(12)),
        ("gather conv2d".to_owned(), outputs.clone())
    );
    // Rows for columns, and a list that is made a picture, are others.
    let turned = read(&transposed(whole(&[0, 2, 2, 2]), &[0, 3, 2, 1]));
    let input = turned.input();
    assert_eq!(
        (&input.shape[..], input.order),
        (&[2, 2, 2][..], Order::ChannelsFirst)
    );
    assert_eq!(
        made(&turned, &ramp(8)),
        ("gather conv2d".to_owned(), vec![21.0, 65.0, 43.0, 87.0])
    );
    let list = Model::reading(&[0, 6, 2]).ints("s", &[0, 2, 3, 2]);
    let list = list.node("Reshape", &["x", "s"], "v", &[]);
    let list = read(&transposed(list, &[0, 3, 1, 2]));
    assert_eq!(list.input().shape, [12]);
    assert_eq!(
        made(&list, &ramp(12)),
        ("gather conv2d".to_owned(), outputs)
    );
}

#[test]
fn a_picture_that_no_layer_reads_is_guessed_from_its_sides() {
    let dense = |sides: &[i64], units: i64| {
        let weights = vec![1.0; usize::try_from(units).expect("few")];
        let model = Model::reading(sides).floats("w", &[units, 1], &weights);
        let model = model.node("Flatten", &["x"], "f", &[]);
        let network = read(&model.node("MatMul", &["f", "w"], "y", &[]).output("y"));
        (
            network.input().shape.clone(),
            network.input().order_is_guessed,
        )
    };
    assert_eq!(dense(&[0, 8, 8, 3], 192), (vec![3, 8, 8], true));
    assert_eq!(dense(&[0, 2, 3, 5], 30), (vec![2, 3, 5], false));
    assert_eq!(dense(&[0, 1, 4, 1], 4), (vec![4], false));
    assert_eq!(dense(&[0, 1, 1, 4], 4), (vec![4], false));
}

#[test]
fn an_input_that_is_read_as_two_pictures_is_the_first_of_them() {
    let model = picture(&[0, 1, 2, 3])
        .floats("three", &[1, 1, 1, 1], &[3.0])
        .ints("s", &[0, 1, 3, 2])
        .node("Conv", &["x", "k"], "c", &[])
        .node("Flatten", &["c"], "cf", &[])
        .node("Reshape", &["x", "s"], "r", &[])
        .node("Conv", &["r", "three"], "d", &[])
        .node("Flatten", &["d"], "df", &[])
        .node("Concat", &["cf", "df"], "y", &[("axis", Is::Int(1))])
        .output("y");
    let network = read(&model);
    assert_eq!(network.input().shape, [1, 2, 3]);
    let [two, three] = [2.0, 3.0].map(|by| ramp(6).into_iter().map(move |x| x * by));
    assert_eq!(
        made(&network, &ramp(6)),
        (
            "conv2d gather conv2d concat".to_owned(),
            two.chain(three).collect()
        )
    );
}

/// A model that reads all of its 4 × 3 values as one sample.
fn of_all(model: Model) -> Model {
    let weights: Vec<f32> = (1..=12_u8).map(f32::from).collect();
    model
        .ints("row", &[1, 12])
        .ints("rows", &[2, 6])
        .floats("w", &[12, 1], &weights)
        .node("Reshape", &["x", "row"], "a", &[])
        .node("Reshape", &["a", "rows"], "b", &[])
        .node("Reshape", &["b", "row"], "c", &[])
        .node("MatMul", &["c", "w"], "y", &[])
        .output("y")
}

#[test]
fn a_first_side_that_cannot_be_a_batch_is_one_of_the_sample() {
    let network = read(&of_all(Model::reading(&[4, 3])));
    assert_eq!(network.input().array_shape(), [4, 3]);
    assert_eq!(made(&network, &ramp(12)), ("dense".to_owned(), vec![650.0]));
    // It is looked for at the input that is chosen, not at another.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("m.onnx");
    let model = of_all(Model::new(17).input("z", &[0, 2]).input("x", &[4, 3]));
    fs::write(&path, model.file()).expect("a file");
    let options = ModelOptions {
        input: Some("x".to_owned()),
        ..ModelOptions::default()
    };
    let loaded = Network::load(&path, &options).expect("a network");
    assert_eq!(loaded.network.input_units(), 12);
    // An open side is the batch in any case.
    let model = two().node("Relu", &["x"], "y", &[]).output("y");
    fs::write(&path, model.file()).expect("a file");
    let options = ModelOptions {
        input_shape: Some(vec![3, 2]),
        ..ModelOptions::default()
    };
    let error = Network::load(&path, &options).expect_err("a batch");
    let said = "expected --input-shape as the input `x`, 2, found 3x2";
    assert!(error.to_string().contains(said), "{error}");
}

#[test]
fn a_list_without_a_batch_has_no_side_before_its_values() {
    let first = Model::reading(&[2])
        .floats("w", &[2, 1], &[1.0, 10.0])
        .ints("at", &[0]);
    let numbers = Model::reading(&[0])
        .floats("w", &[1, 2], &[2.0, 3.0])
        .ints("at", &[1]);
    for (model, x, outputs) in [
        (first, &[1.0, 2.0][..], &[21.0][..]),
        (numbers, &[5.0], &[10.0, 15.0]),
    ] {
        let model = model
            .node("Unsqueeze", &["x", "at"], "u", &[])
            .node("Gemm", &["u", "w"], "y", &[])
            .output("y");
        let network = read(&model);
        assert_eq!(network.input().array_shape(), [x.len()]);
        assert_eq!(made(&network, x), ("dense".to_owned(), outputs.to_vec()));
    }
}

#[test]
fn a_side_of_0_is_an_open_one() {
    use super::build::{bytes, int};

    // The helper gives an open side a name; some exporters write 0.
    let side = |side: i64| bytes(1, &int(1, side));
    let shape = bytes(2, &[side(0), side(0), side(4)].concat());
    let kind = bytes(2, &bytes(1, &[int(1, 1), shape].concat()));
    let model = Model::new(17).with(11, &[bytes(1, b"x"), kind].concat());
    let error = error(&model.node("Relu", &["x"], "y", &[]).output("y").file());
    let said = "leaves the shape of its input `x` open";
    assert!(error.contains(said), "{error}");
}

#[test]
fn the_samples_of_a_graph_for_several_stay_in_front() {
    let model = |sides: &[i64]| {
        Model::reading(sides)
            .floats("k", &[2, 2, 1], &[1.0, 0.0, 0.0, 1.0])
            .node("Conv", &["x", "k"], "c", &[])
            .node("Transpose", &["c"], "t", &[("perm", Is::Ints(&[1, 0, 2]))])
            .node("Relu", &["t"], "y", &[])
            .output("y")
    };
    let error = error(&model(&[4, 2, 3]).file());
    assert!(
        error.contains("it moves the batch to another place"),
        "{error}"
    );
    let outputs = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    for sides in [[1, 2, 3], [0, 2, 3]] {
        let network = read(&model(&sides));
        assert_eq!(made(&network, &ramp(6)).1, outputs, "{sides:?}");
    }
}
