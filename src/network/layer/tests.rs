//! Layers by their kinds and edges.

use ndarray::array;

use super::{Activation, Kind, Layer, Linear, Shape};
use crate::network::Network;
use crate::network::linear::{Dense, Gather, Scale};

const PICTURE: Shape = Shape::Image([2, 1, 2]);

/// Four values under a weight of 1, a picture of two channels.
fn scale(bias: &[f64]) -> Result<Layer, String> {
    let map = Linear::Scale(Scale::new(vec![1.0], 4).expect("finite"));
    let layer = Layer::new(map, PICTURE, bias.to_vec(), Activation::Identity);
    layer.map_err(|invalid| invalid.to_string())
}

#[test]
fn a_layer_has_a_bias_for_each_unit_or_channel_or_none() {
    for (bias, of_units, each, places) in [
        (&[][..], [0.0; 4], 4, [0, 0, 0, 0]),
        (&[1.0, -2.0], [1.0, 1.0, -2.0, -2.0], 2, [0, 0, 1, 1]),
        (&[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0], 1, [0, 1, 2, 3]),
    ] {
        let layer = scale(bias).expect("a layer");
        assert_eq!(layer.bias(), bias);
        assert_eq!(layer.units_per_bias(), each, "{bias:?}");
        assert_eq!(
            [0, 1, 2, 3].map(|j| layer.bias_of(j)).to_vec(),
            of_units,
            "{bias:?}"
        );
        assert_eq!(
            [0, 1, 2, 3].map(|j| layer.bias_index(j)),
            places,
            "{bias:?}"
        );
    }
    let flat = |bias: &[f64]| {
        let layer = Layer::dense(array![[1.0, 2.0]], bias.to_vec(), Activation::Relu);
        layer.map_err(|invalid| invalid.to_string())
    };
    for (layer, expected) in [
        (
            scale(&[1.0]),
            "bias: expected 2 numbers, one for each channel, found 1",
        ),
        (
            flat(&[1.0; 3]),
            "bias: expected 2 numbers, one for each unit, found 3",
        ),
        (
            flat(&[1.0, f64::NAN]),
            "bias[1]: expected a finite number, found NaN",
        ),
    ] {
        assert_eq!(layer, Err(expected.to_owned()));
    }
}

#[test]
fn levels_are_added_of_one_shape_and_put_side_by_side_of_any() {
    let relu = Activation::Relu;
    for (layer, expected) in [
        (
            Layer::add(&[PICTURE], relu),
            "from: expected two levels or more for add, found 1",
        ),
        (
            Layer::add(&[], relu),
            "from: expected two levels or more for add, found 0",
        ),
        (
            Layer::concat(&[PICTURE], relu),
            "from: expected two levels or more for concat, found 1",
        ),
        (
            Layer::add(&[PICTURE, PICTURE, Shape::Flat(4)], relu),
            "from[2]: expected levels of one shape, as from[0] of 2 × 1 × 2, found 4",
        ),
    ] {
        let refused = layer.expect_err("no layer").to_string();
        assert_eq!(refused, expected);
    }
    let sum = Layer::add(&[PICTURE, PICTURE], relu).expect("a layer");
    assert_eq!(
        (sum.kind(), sum.units(), sum.shape()),
        (Kind::Add, 4, PICTURE)
    );
    let beside = [Shape::Flat(2), Shape::Flat(3), Shape::Flat(1)];
    let beside = Layer::concat(&beside, relu)
        .expect("a layer")
        .reading(&[0, 0, 0]);
    assert_eq!((beside.kind(), beside.units()), (Kind::Concat, 6));
    let ties: Vec<(usize, usize)> = (0..6)
        .flat_map(|j| beside.ties(j).map(|(branch, tie)| (branch, tie.input)))
        .collect();
    assert_eq!(ties, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 0)]);
}

#[test]
fn a_layer_drawn_anew_reads_what_it_read_and_keeps_its_name() {
    let layer = Layer::dense(array![[1.0], [2.0]], vec![], Activation::Relu6);
    let layer = layer.expect("a layer").named("a").reading(&[0]);
    let map = Linear::Dense(Dense::new(array![[3.0], [4.0]]).expect("finite"));
    let drawn = layer.redrawn(map.clone(), vec![5.0]).expect("a layer");
    assert_eq!((drawn.name(), drawn.activation()), ("a", Activation::Relu6));
    assert_eq!((drawn.linear(), drawn.bias()), (&map, &[5.0][..]));
    assert!(drawn.sources().eq([0]));
}

#[test]
fn a_layer_over_some_of_its_inputs_is_trained_and_taken_on() {
    let layer = Layer::dense(array![[1.0], [2.0], [3.0]], vec![0.5], Activation::Relu);
    let mut layer = layer.expect("a layer").reading(&[0]);
    let mut part = layer.over(&[0, 2]).expect("a dense layer");
    assert_eq!(part.linear().stored(), [1.0, 3.0]);
    let (weights, bias) = part.parameters_mut().expect("it has weights");
    weights.copy_from_slice(&[7.0, 8.0]);
    bias[0] = 9.0;
    layer.take_on(&[0, 2], &part);
    assert_eq!(layer.linear().stored(), [7.0, 2.0, 8.0]);
    assert_eq!(layer.bias(), [9.0]);
    assert!(scale(&[]).expect("a layer").over(&[0]).is_none());
}

#[test]
fn what_has_weights_has_a_bias_to_train_for_each_channel() {
    let mut layer = scale(&[]).expect("a layer");
    let (weights, bias) = layer.parameters_mut().expect("it has a weight");
    assert_eq!((weights, bias), (&mut [1.0][..], &mut [0.0, 0.0][..]));
    let mut pool = Layer::sum_pool(4, 2).expect("a pool");
    assert!(!pool.has_parameters() && pool.parameters_mut().is_none());
}

#[test]
fn a_unit_is_without_weights_where_it_carries_something_and_has_none_to_hand_it_on_by() {
    let layer = Layer::dense(array![[1.0, 0.0], [0.0, 0.0]], vec![], Activation::Identity);
    let layer = layer.expect("a layer");
    assert_eq!(layer.without_weights(), [1]);
    // A unit that sees nothing is 0 without a bias, and carries something with one.
    let gather = |bias: &[f64]| {
        let map = Linear::Gather(Gather::new(1, vec![Some(0), None]).expect("inside"));
        let layer = Layer::new(map, Shape::Flat(2), bias.to_vec(), Activation::Identity);
        layer.expect("a layer")
    };
    for (bias, expected) in [(&[][..], &[][..]), (&[0.0, 0.0], &[]), (&[1.0, 1.0], &[1])] {
        let layer = gather(bias);
        assert_eq!(layer.without_weights(), expected, "{bias:?}");
        let silent = |x: f64| [0, 1].map(|j| layer.is_silent(j, &[&[x]]));
        assert_eq!((silent(0.0), silent(2.0)), ([true, false], [false, false]));
    }
    // So does one that sees constants alone, and one of two that a branch has a weight for hands it on.
    let network: Network = r#"{ "input": { "shape": [1] }, "layers": [
        { "type": "gather", "indices": [0, null], "name": "picked" },
        { "type": "scale", "weights": [2, 3], "bias": [1, 1], "name": "scaled" },
        { "type": "add", "from": ["picked", "scaled"] }] }"#
        .parse()
        .expect("a network");
    let without = network.layers().iter().map(Layer::without_weights);
    assert!(without.eq([vec![], vec![1], vec![]]));
}

#[test]
fn a_layer_that_says_nothing_reads_the_level_before() {
    let network: Network = r#"{ "input": { "shape": [2] }, "layers": [
        { "type": "scale", "weights": [1, 2], "name": "a" },
        { "type": "scale", "weights": [1, 2], "name": "b" },
        { "type": "add", "from": ["a", "a"], "name": "c" },
        { "type": "add", "from": ["input", "b"], "name": "d" },
        { "type": "concat", "from": ["c", "d"] } ] }"#
        .parse()
        .expect("a network");
    let sources = network
        .by_level()
        .map(|(_, layer)| layer.sources().collect());
    let sources: Vec<Vec<usize>> = sources.collect();
    assert_eq!(
        sources,
        [vec![0], vec![1], vec![1, 1], vec![0, 2], vec![3, 4]]
    );
}
