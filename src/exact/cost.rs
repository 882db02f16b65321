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

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Cost, ExactNetwork, Number, Plan, cost};
    use crate::exact::fraction;
    use crate::relevance::Rule;

    #[test]
    fn the_digits_and_seconds_of_a_chain_of_two_layers_by_hand() {
        let text = br#"{ "input": { "shape": [2] }, "layers": [
            { "type": "dense", "weights": [[9, 0.25], [1, 2]], "activation": "relu" }, { "type": "sum_pool" } ] }"#;
        let network = ExactNetwork::parse(text).expect("a network");
        let sample = |texts: [&str; 2]| texts.map(|text| fraction(text).expect("a fraction"));
        let samples: Vec<Vec<Number>> = [["3", "1/16"], ["1", "-1/2"]]
            .map(sample)
            .map(Vec::from)
            .into();
        // 1/16 has 5 bits and 9 has 4: the sums have 5 + 4 + 8 = 17, that of the pool has 17 + 1 + 3 = 21.
        // The mass of the pool has the 17 of what it reads, and its one unit leaves 21 + 17 + 8 = 46.
        for (rule, longest) in [
            // Masses of two squares of 4 bits, one a unit: 46 + 2·8 + 8.
            (Rule::WSquared, 70.0),
            // Masses of products of 4 and 5 bits: 46 + 2·9 + 8.
            (Rule::ZPlus, 72.0),
        ] {
            let plan = Plan::of(network.rounded(), rule).expect("defined");
            let Cost { digits, seconds } = cost(&network, &plan, &samples);
            assert_relative_eq!(digits, longest * 2.0_f64.log10(), max_relative = 1e-15);
            // Two ties of the pool, four of the layer below it, a word being 64 bits; two samples.
            let of_a_tie = |bits: f64| 2e-7 + 0.8e-9 * (bits / 64.0).powi(2);
            let expected = 2.0 * (2.0 * of_a_tie(46.0) + 4.0 * of_a_tie(longest));
            assert_relative_eq!(seconds, expected, max_relative = 1e-14);
        }
    }
}
