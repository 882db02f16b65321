//! What an exact explanation would cost, known before it starts.

use super::network::{ExactNetwork, Unit};
use super::number::Number;
use super::rule::mass_bits;
use crate::relevance::Rule;

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
/// A unit's denominator is the sum of its q; the relevance of the level below brings those of all units that
/// carry relevance to one denominator, so that numerators grow by their number on every level.
///
/// # Panics
///
/// When there are fewer rules than layers.
pub fn cost(network: &ExactNetwork, rules: &[Rule], samples: &[Vec<Number>]) -> Cost {
    let bits = samples.iter().flatten().map(bits_of).fold(1.0, f64::max);
    let mut activations = vec![bits];
    for (l, layer) in network.layers.iter().enumerate() {
        let weights = layer.units.iter().map(bits_of_unit).fold(1.0, f64::max);
        activations.push(activations[l] + if layer.pool { 4.0 } else { weights + 8.0 });
    }
    let mut relevance = activations[network.layers.len()];
    let (mut longest, mut seconds) = (relevance, 0.0);
    for (l, layer) in network.layers.iter().enumerate().rev() {
        let weights = layer.units.iter().map(bits_of_unit).fold(1.0, f64::max);
        let mass = mass_bits(rules[l], weights, activations[l]);
        let ties: usize = layer.units.iter().map(|unit| unit.weights.len()).sum();
        relevance += mass * layer.units.len() as f64 + 8.0;
        longest = longest.max(relevance);
        let words = relevance / 64.0;
        seconds += ties as f64 * (SECONDS_PER_OPERATION + SECONDS_PER_SQUARE_WORD * words * words);
    }
    Cost {
        digits: longest * 2.0_f64.log10(),
        seconds: seconds * samples.len() as f64,
    }
}

/// The bits that the longest weight or bias of a unit needs.
fn bits_of_unit(unit: &Unit) -> f64 {
    let numbers = unit.weights.iter().map(|(_, w)| w).chain([&unit.bias]);
    numbers.map(bits_of).fold(1.0, f64::max)
}

/// The bits of numerator or denominator, whichever is longer.
fn bits_of(x: &Number) -> f64 {
    use dashu_int::ops::BitTest;
    x.numerator().bit_len().max(x.denominator().bit_len()) as f64
}
