//! The explanation of a sample by a gradient method: of the input alone.

use super::value::held;
use super::{Layer, NetworkInfo, Sample, TargetInfo};
use crate::relevance::GradientBatch;
use crate::relevance::audit::{Checks, Conservation, Positivity, TOLERANCE};

impl Sample {
    /// The result for explanation `n` of a batch, without an interpretation. The input has its relevance; the other levels have
    /// their activations and nothing else, for the method does not explain them.
    ///
    /// # Panics
    ///
    /// When the batch has no such explanation.
    pub fn by_gradient(network: &NetworkInfo, batch: &GradientBatch, n: usize) -> Self {
        let (chosen, completeness) = (batch.chosen()[n], batch.completeness()[n]);
        let number = batch.sample(n);
        let relevance = batch.relevance().row(n).to_vec();
        let least = relevance.iter().copied().fold(f64::INFINITY, f64::min);
        let gap = held((completeness.sum - chosen.value).abs());
        let input = Layer {
            unexplained: false,
            left_out: false,
            largest: Vec::new(),
            activations: batch.activations(0).row(number).to_vec(),
            // Parts of f(x) are not what a gradient method gives.
            share: None,
            relevance,
            sum: Some(completeness.sum),
            gap: Some(gap),
            least: Some(least),
            bias_share: None,
        };
        let above = (1..network.layers.len())
            .map(|l| Layer::unexplained(batch.activations(l).row(number).to_vec()));
        Self {
            sample: Some(number),
            id: None,
            label: None,
            target: TargetInfo {
                tied: batch.tied(n),
                ..TargetInfo::new(network, chosen)
            },
            layers: [input].into_iter().chain(above).collect(),
            checks: Checks {
                conservation: Conservation {
                    holds: gap <= TOLERANCE * chosen.value.abs(),
                    promised: false,
                    worst_gap: gap,
                },
                positivity: Positivity {
                    holds: least >= 0.0,
                    promised: false,
                    least,
                },
            },
            balance: None,
            completeness: Some(completeness),
            lost: Vec::new(),
            lost_more: Vec::new(),
            absorbed: Vec::new(),
            balance_entries: Vec::new(),
            silent: Vec::new(),
            outside_bounds: batch.outside_bounds(n),
            expansion: None,
            flow: None,
            edges: None,
            interpretation: Vec::new(),
            largest_rounding: None,
        }
    }
}
