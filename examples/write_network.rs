//! Write a network file from code: `cargo run --example write_network > edges.json`.
//!
//! Four ReLU units each look for an edge between two neighbours of a row of five pixels; a pool adds them up.

use deeptaylor::{Activation, Bounds, Input, Invalid, Layer, Network};
use ndarray::{Array2, array};

fn main() -> Result<(), Invalid> {
    let edges = Array2::from_shape_fn((5, 4), |(i, j)| match i.checked_sub(j) {
        Some(0) => -1.0,
        Some(1) => 1.0,
        _ => 0.0,
    });
    let layers = vec![
        Layer::dense(edges, vec![-0.1; 4], Activation::Relu)?,
        Layer::sum_pool(4, 4)?,
    ];
    let input = Input {
        names: (1..=5).map(|i| format!("pixel {i}")).collect(),
        bounds: Some(Bounds::Same([0.0, 1.0])),
        ..Input::flat(5)
    };
    let network = Network::new(input, layers)?
        .named("edges")
        .described("Edges in a row of five pixels.")
        .with_outputs(vec!["edges".to_owned()])?
        .with_samples(array![[0.0, 0.0, 1.0, 1.0, 1.0], [0.1, 0.9, 0.2, 0.8, 0.3]])?;
    print!("{}", network.to_json());
    Ok(())
}
