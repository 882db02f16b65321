//! What an exact explanation would cost, known before it starts.

use super::layer::ExactLayer;
use super::network::ExactNetwork;
use super::number::Number;
use super::rule::mass_bits;
use crate::relevance::Plan;

/// Seconds for one step of the schoolbook greatest common divisor of two numerators, per word of each; measured
/// once and held fixed, so that a network is refused on every machine or on none.
const SECONDS_PER_SQUARE_WORD: f64 = 0.8e-9;
/// Seconds for an operation on the shortest fractions.
const SECONDS_PER_OPERATION: f64 = 2e-7;

/// An estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Decimal digits of the longest numerator.
    pub digits: f64,
    /// Seconds for all samples.
    pub seconds: f64,
}

/// Estimates the cost of explaining these samples, one after the other.
///
/// A unit's denominator is the sum of its q; the relevance of what a layer reads brings those of all units that
/// carry relevance to one denominator, so that numerators grow by their number with every layer above.
///
/// # Panics
///
/// When the plan is for fewer layers.
pub fn cost(network: &ExactNetwork, plan: &Plan, samples: &[Vec<Number>]) -> Cost {
    let bits = samples.iter().flatten().map(bits_of).fold(1.0, f64::max);
    let mut activations = vec![bits];
    // The longest of what the layer of each level reads, from 1 up.
    let mut read = Vec::new();
    for (_, layer) in network.by_level() {
        let more = if layer.has_weights() { 8.0 } else { 3.0 };
        let longest = layer.sources().map(|from| activations[from]);
        let longest = longest.fold(1.0, f64::max);
        activations.push(longest + bits_of_layer(layer) + more);
        read.push(longest);
    }
    let mut relevance = activations[network.top()];
    let (mut longest, mut seconds) = (relevance, 0.0);
    for (level, layer) in network.by_level().rev() {
        let mass = mass_bits(plan.rule(level), bits_of_layer(layer), read[level - 1]);
        let ties: usize = (0..layer.units()).map(|j| layer.seen(j)).sum();
        relevance += mass * layer.units() as f64 + 8.0;
        longest = longest.max(relevance);
        let words = relevance / 64.0;
        seconds += ties as f64 * (SECONDS_PER_OPERATION + SECONDS_PER_SQUARE_WORD * words * words);
    }
    Cost {
        digits: longest * 2.0_f64.log10(),
        seconds: seconds * samples.len() as f64,
    }
}

/// The bits that the longest weight or bias of a layer needs.
fn bits_of_layer(layer: ExactLayer) -> f64 {
    layer.numbers().map(bits_of).fold(1.0, f64::max)
}

/// The bits of numerator or denominator, whichever is longer.
fn bits_of(x: &Number) -> f64 {
    use dashu_int::ops::BitTest;
    x.numerator().bit_len().max(x.denominator().bit_len()) as f64
}
