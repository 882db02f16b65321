//! What is measured of a network: one number each, over all its samples.

use crate::measure::mean;
use crate::network::{Network, largest_size, linear::power_of_two_below, sum};

/// A measurement; the discriminants count from 0, so that measurements can lie in an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    /// f(x), the mean over the samples.
    Output,
    /// What could not be handed on, `Σ |R_lost| / |f(x)|`.
    LostShare,
    /// Part of the detection units that fire for no sample.
    SilentUnits,
    /// What units carry that did not fire, on the level where it is most, as a part of |f(x)|.
    SilentRelevance,
    /// The largest share of an input, `max_i |R_i| / Σ |R|`.
    LargestShare,
    /// The exponential of the entropy of the shares: n where n inputs share equally, 1 where one has all.
    EffectiveInputs,
    /// The Gini coefficient of the shares: 0 where all are equal, 1 − 1/n where one of n has all.
    Gini,
    /// The cosine of |R| and |x| at the inputs.
    ValueAgreement,
    /// `mean w⁴ / (mean w²)²` of a layer's weights, the mean over the layers: 1.8 for uniform, 3 for normal ones.
    Kurtosis,
}

/// One value a figure, in their order; none where a figure is not defined.
pub type StatisticValues = [Option<f64>; Statistic::ALL.len()];

impl Statistic {
    /// Every figure.
    pub const ALL: [Self; 9] = [
        Self::Output,
        Self::LostShare,
        Self::SilentUnits,
        Self::SilentRelevance,
        Self::LargestShare,
        Self::EffectiveInputs,
        Self::Gini,
        Self::ValueAgreement,
        Self::Kurtosis,
    ];

    /// Its place among [`Statistic::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// See [`Statistic::Kurtosis`]; none where every weight is 0.
pub fn kurtosis(network: &Network) -> Option<f64> {
    let layers = (network.layers().iter()).filter(|layer| layer.has_weights());
    mean(layers.filter_map(|layer| of_weights(&layer.linear().stored().to_f64())))
}

fn of_weights(weights: &[f64]) -> Option<f64> {
    let largest = largest_size(weights);
    if largest == 0.0 {
        return None;
    }
    // By a power of two, which changes no digit.
    let scale = 1.0 / power_of_two_below(largest);
    let squared = |w: f64| (w * scale) * (w * scale);
    let square = sum(weights, squared);
    let fourth = sum(weights, |w| squared(w) * squared(w));
    Some(fourth / square * (weights.len() as f64 / square))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::of_weights;

    #[test]
    fn weights_at_the_ends_of_f64_have_a_kurtosis_all_the_same() {
        for size in [1e-300, 1e308] {
            assert_relative_eq!(of_weights(&[size, -size]).expect("weights"), 1.0);
        }
    }
}
