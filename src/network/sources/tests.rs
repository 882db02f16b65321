//! What layers read, and what is refused of it.

use super::{LARGEST_LEVEL, Layer, MOST_LOOKED_AT, Network, Shape, check_looked_at, check_size};
use crate::network::{Activation, Input};

fn network(layers: &str) -> Network {
    let text = format!(r#"{{ "input": {{ "shape": [2] }}, "layers": [ {layers} ] }}"#);
    text.parse().expect("a network")
}

/// Routing of the input, a layer with ReLU and one without, their sum, and twice the one with ReLU.
fn graph() -> Network {
    network(
        r#"{ "type": "gather", "name": "g", "indices": [1, 0, null] },
        { "type": "scale", "name": "s", "weights": [1, 2, 3] },
        { "type": "dense", "name": "d", "weights": [[1, 1], [1, 1], [1, 1]], "activation": "relu" },
        { "type": "dense", "name": "e", "from": "g", "weights": [[1, 1], [1, 1], [1, 1]] },
        { "type": "add", "name": "signed", "from": ["d", "e"] },
        { "type": "add", "name": "twice", "from": ["d", "d"] },
        { "type": "concat", "from": ["signed", "twice"] },
        { "type": "sum_pool" }"#,
    )
}

#[test]
fn a_level_knows_who_reads_it_and_how_often() {
    let graph = graph();
    let readers = |level| graph.readers(level).collect::<Vec<usize>>();
    let expected = [vec![1], vec![2, 4], vec![3], vec![5, 6, 6], vec![5]];
    assert_eq!([0, 1, 2, 3, 4].map(readers), expected);
    assert_eq!(readers(8), Vec::<usize>::new());
    assert!(!graph.is_chain());
    let chain = network(r#"{ "type": "sum_pool", "size": 1 }, { "type": "sum_pool" }"#);
    assert!(chain.is_chain());
}

#[test]
fn levels_have_shapes_and_constants() {
    let graph = graph();
    assert_eq!(graph.shape(0), Shape::Flat(2));
    assert_eq!(graph.shape(7), Shape::Flat(4));
    let constants = [0, 1, 2, 3, 4].map(|level| graph.constant_units(level));
    assert_eq!(constants, [0, 1, 1, 0, 0]);
    // A bias makes a constant unit one that is not 0.
    let with_bias = network(
        r#"{ "type": "gather", "indices": [null, 0, null, null] },
        { "type": "scale", "weights": [1, 1, 1, 1], "bias": [5, 0, 0, 0] }"#,
    );
    assert_eq!([1, 2].map(|level| with_bias.constant_units(level)), [3, 2]);
}

#[test]
fn first_layers_read_the_input_through_routing_without_activation() {
    let first: Vec<usize> = graph().first_layers().collect();
    assert_eq!(first, [3, 4]);
    for (layers, expected) in [
        (r#"{ "type": "scale", "weights": [1, 1] }"#, vec![2]),
        (
            r#"{ "type": "scale", "weights": [1, 1], "activation": "relu" }"#,
            vec![],
        ),
        (r#"{ "type": "sum_pool", "size": 1 }"#, vec![]),
        (r#"{ "type": "add", "from": ["input", "input"] }"#, vec![]),
        (
            r#"{ "type": "dense", "weights": [[1, 0], [0, 1]] }"#,
            vec![1],
        ),
    ] {
        let dense = r#"{ "type": "dense", "weights": [[1], [1]] }"#;
        let found = network(&format!("{layers}, {dense}"));
        let found: Vec<usize> = found.first_layers().collect();
        assert_eq!(found, expected, "{layers}");
    }
}

#[test]
fn values_can_be_below_0_as_far_as_the_kinds_of_layer_tell() {
    let graph = graph();
    let negative: Vec<bool> = (0..=8).map(|level| graph.can_be_negative(level)).collect();
    let expected = [true, true, true, false, true, true, false, true, true];
    assert_eq!(negative, expected);
    let additions = [5, 6].map(|level| graph.is_signed_addition(level));
    assert_eq!(additions, [true, false]);
    assert!(!graph.is_signed_addition(7));
    let shares: Vec<bool> = (1..=8)
        .map(|level| graph.shares_in_proportion(level))
        .collect();
    let expected = [false, false, false, false, false, true, false, true];
    assert_eq!(shares, expected);
    for (layer, can) in [
        (r#"{ "type": "scale", "weights": [1, 0] }"#, false),
        (r#"{ "type": "scale", "weights": [1, -1] }"#, true),
        (
            r#"{ "type": "scale", "weights": [1, 1], "bias": [0, 1] }"#,
            false,
        ),
        (
            r#"{ "type": "scale", "weights": [1, 1], "bias": [0, -1] }"#,
            true,
        ),
        (r#"{ "type": "gather", "indices": [null, 1] }"#, false),
        (r#"{ "type": "dense", "weights": [[1], [1]] }"#, true),
    ] {
        let fires = r#"{ "type": "dense", "weights": [[1, 0], [0, 1]], "activation": "relu6" }"#;
        let found = network(&format!("{fires}, {layer}"));
        assert!(!found.can_be_negative(1));
        assert_eq!(found.can_be_negative(2), can, "{layer}");
    }
}

#[test]
fn a_level_has_so_many_units_and_no_more() {
    let sum = |units| {
        let sum = Layer::add(&[Shape::Flat(units); 2], Activation::Identity);
        sum.expect("two levels of one shape")
    };
    assert_eq!(check_size(&sum(LARGEST_LEVEL)), Ok(()));
    let refused = check_size(&sum(LARGEST_LEVEL + 1)).expect_err("one too many");
    assert_eq!(
        refused.message,
        "expected a level of at most 134,217,728 units, found 134,217,729"
    );
    assert_eq!(check_looked_at(MOST_LOOKED_AT), Ok(()));
    let refused = check_looked_at(MOST_LOOKED_AT + 1).expect_err("one too many");
    assert!(refused.message.ends_with("found 4,194,305"), "{refused}");
}

#[test]
fn a_layer_reads_an_earlier_level() {
    let layer = Layer::sum_pool(2, 1).expect("a pool").reading(&[1]);
    let refused = Network::new(Input::flat(2), vec![layer]).expect_err("it reads itself");
    assert_eq!(
        refused.to_string(),
        "layers[0].from: expected an earlier level, 0 to 0, found 1"
    );
}
