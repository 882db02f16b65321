//! What a further target of the same samples takes, beside a forward pass.

use std::time::Instant;

use deeptaylor::{Error, Explainer, Levels, Network, Plan, Rule, Target};
use ndarray::{Array2, ArrayView2};

const ROUNDS: usize = 7;

/// Explanations of 1, 2 and 4 targets of each sample in one run, over the forward pass, and what one more target adds.
///
/// A forward pass is one product a layer, and so is what a further target adds: the adjoint. Under z⁺ the first target takes
/// three: forward, mass, adjoint.
pub fn measure(network: &Network, samples: ArrayView2<f64>) -> Result<serde_json::Value, Error> {
    let mut forward = f64::INFINITY;
    let mut activations = Levels::default();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        network.forward(samples, &mut activations)?;
        forward = forward.min(start.elapsed().as_secs_f64());
    }
    let mut rules = serde_json::Map::new();
    for rule in [Rule::ZPlus, Rule::AlphaBeta([2.0, 1.0])] {
        let plan = Plan::of(network, rule)?;
        let mut explainer = Explainer::new(&plan);
        let mut ratios = [f64::INFINITY; 3];
        for _ in 0..ROUNDS {
            for (ratio, targets) in ratios.iter_mut().zip([1, 2, 4]) {
                let of = |(_, t)| Target::Output(t);
                let targets = Array2::from_shape_fn((samples.nrows(), targets), of);
                let start = Instant::now();
                explainer.explain_several(samples, targets.view())?;
                *ratio = ratio.min(start.elapsed().as_secs_f64() / forward);
            }
        }
        let rounded = |ratio: f64| (ratio * 100.0).round() / 100.0;
        let figures = serde_json::json!({
            "1": rounded(ratios[0]), "2": rounded(ratios[1]), "4": rounded(ratios[2]),
            "each_further": rounded((ratios[2] - ratios[0]) / 3.0),
        });
        rules.insert(rule.to_string(), figures);
    }
    Ok(rules.into())
}
