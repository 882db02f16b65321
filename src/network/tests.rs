//! Networks as a whole.

use ndarray::array;

use super::{Bounds, Network};

/// A dense layer of two inputs and three units, and a pool of them.
fn network() -> Network {
    let text = r#"{ "name": "n", "description": "d", "input": { "shape": [2], "names": ["x", "y"] },
        "outputs": ["sum"], "inputs": [[1, 2]], "layers": [
            { "type": "dense", "weights": [[1, 2, 3], [4, 5, 6]] },
            { "type": "sum_pool" } ] }"#;
    text.parse().expect("a network")
}

#[test]
fn a_network_counts_its_levels_units_and_multiplications() {
    let network = network();
    assert_eq!((network.top(), network.units()), (2, vec![2, 3, 1]));
    assert_eq!((network.input_units(), network.output_units()), (2, 1));
    // 2 × 3 weights, and a value of the pool.
    assert_eq!(network.multiplications(), 7);
    assert_eq!(network.stored_bytes(), 6 * 8);
    assert_eq!(network.sample_bytes(), 2 * 6 * 8);
    let levels: Vec<usize> = network.by_level().map(|(level, _)| level).collect();
    assert_eq!(levels, [1, 2]);
    assert_eq!(network.layer(2), &network.layers()[1]);
    let names = [0, 1, 2].map(|level| network.names(level).to_vec());
    assert_eq!(names, [vec!["x", "y"], vec![], vec!["sum"]]);
}

#[test]
fn other_layers_leave_all_else_as_it_is() {
    let network = network();
    assert_eq!(
        network.with_layers(network.layers().to_vec()),
        Ok(network.clone())
    );
    let mut changed = network.clone();
    for (level, layer) in changed.by_level_mut() {
        *layer = layer.clone().named(format!("layer {level}"));
    }
    let names: Vec<&str> = changed.layers().iter().map(super::Layer::name).collect();
    assert_eq!(names, ["layer 1", "layer 2"]);
    assert_eq!((changed.name(), changed.description()), ("n", "d"));
    let renamed = network.named("other").described("else");
    assert_eq!((renamed.name(), renamed.description()), ("other", "else"));
}

#[test]
fn names_samples_and_bounds_that_do_not_fit_are_refused() {
    let refused = |other: Result<Network, super::Invalid>| {
        let invalid = other.expect_err("it does not fit");
        invalid.to_string()
    };
    for (found, expected) in [
        (
            refused(network().with_outputs(vec!["a".to_owned(), "b".to_owned()])),
            "outputs: expected 1 name, one for each output, found 2",
        ),
        (
            refused(network().with_samples(array![[1.0, 2.0, 3.0]])),
            "inputs: expected samples of 2 numbers, found 3",
        ),
        (
            refused(network().with_samples(array![[1.0, 2.0], [3.0, f64::NAN]])),
            "inputs[1][1]: expected a finite number, found NaN",
        ),
        (
            refused(network().with_bounds(Bounds::Same([1.0, 0.0]))),
            "bounds: expected finite l ≤ h, found [1, 0]",
        ),
        (
            refused(network().with_bounds(Bounds::Each(vec![[0.0, 1.0]]))),
            "bounds: expected two numbers, or two lists of 2 numbers, found lists of 1",
        ),
    ] {
        assert_eq!(found, expected);
    }
    let bounds = Bounds::Same([0.0, 1.0]);
    let bounded = network().with_bounds(bounds.clone()).expect("they fit");
    assert_eq!(bounded.input().bounds, Some(bounds));
    let samples = array![[5.0, 6.0], [7.0, 8.0]];
    let other = network().with_samples(samples.clone()).expect("they fit");
    assert_eq!(other.samples(), &samples);
    let outputs = vec!["all".to_owned()];
    let other = network().with_outputs(outputs.clone()).expect("they fit");
    assert_eq!(other.output_names(), outputs);
}
