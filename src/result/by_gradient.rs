//! The explanation of a sample by a gradient method: of the input alone.

use super::{Layer, NetworkInfo, Sample, TargetInfo};
use crate::measure::Explained;
use crate::relevance::GradientBatch;

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
        let checks = Explained::by_gradient(batch, n).checks;
        let input = Layer {
            unexplained: false,
            left_out: false,
            largest: Vec::new(),
            activations: batch.activations(0).row(number).to_vec(),
            // Parts of f(x) are not what a gradient method gives.
            share: None,
            relevance,
            sum: Some(completeness.sum),
            gap: Some(checks.conservation.worst_gap),
            least: Some(checks.positivity.least),
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
            checks,
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
            channels: Vec::new(),
            edges: None,
            interpretation: Vec::new(),
            largest_rounding: None,
        }
    }
}
