//! What is measured of a network: one number each, over all its samples.

use crate::network::{Network, power_of_two_below, sum};

/// A measurement; the discriminants count from 0, so that measurements can lie in an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
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
pub type Values = [Option<f64>; Figure::ALL.len()];

impl Figure {
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

    /// Its place among [`Figure::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// How relevance is spread over the inputs of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concentration {
    /// See [`Figure::LargestShare`].
    pub largest_share: f64,
    /// See [`Figure::EffectiveInputs`].
    pub effective_inputs: f64,
    /// See [`Figure::Gini`].
    pub gini: f64,
}

impl Concentration {
    /// Of these relevances, by their size; none where all are 0.
    pub fn of(relevance: &[f64]) -> Option<Self> {
        let largest = largest(relevance);
        if largest == 0.0 {
            return None;
        }
        // Beside the largest, so that no sum can leave f64.
        let mut sizes: Vec<f64> = relevance.iter().map(|r| r.abs() / largest).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        let (n, sum) = (sizes.len(), sizes.iter().sum::<f64>());
        // H = −Σ p ln p with p = s / Σ s is ln Σ s − Σ s ln s / Σ s: without rounding where all are equal.
        let weighed = |&size: &f64| {
            if size > 0.0 {
                size * libm::log(size)
            } else {
                0.0
            }
        };
        let entropy_below_ln_sum: f64 = sizes.iter().map(weighed).sum();
        // Σ_k (2k − n + 1) s_k over sorted sizes, as differences that are never negative.
        let apart = |k: usize| (n - 1 - 2 * k) as f64 * (sizes[n - 1 - k] - sizes[k]);
        Some(Self {
            largest_share: 1.0 / sum,
            effective_inputs: sum * libm::exp(-entropy_below_ln_sum / sum),
            gini: (0..n / 2).fold(0.0, |gini, k| gini + apart(k)) / (n as f64 * sum),
        })
    }
}

/// The cosine between |a| and |b|; none where one of them is 0.
pub fn cosine_of_sizes(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a_largest, b_largest) = (largest(a), largest(b));
    if a_largest == 0.0 || b_largest == 0.0 {
        return None;
    }
    let (mut product, mut a_square, mut b_square) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a.abs() / a_largest, b.abs() / b_largest);
        product += a * b;
        a_square += a * a;
        b_square += b * b;
    }
    Some(product / (a_square.sqrt() * b_square.sqrt()))
}

/// `max |v|`
pub fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, v| v.abs().max(most))
}

/// See [`Figure::Kurtosis`]; none where every weight is 0.
pub fn kurtosis(network: &Network) -> Option<f64> {
    let layers = network.layers().iter();
    mean(layers.filter_map(|layer| of_weights(layer.linear().stored())))
}

fn of_weights(weights: &[f64]) -> Option<f64> {
    let largest = largest(weights);
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

/// The mean; none of nothing.
pub fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    let (first, n) = (*values.first()?, values.len() as f64);
    if values
        .iter()
        .all(|value| value.to_bits() == first.to_bits())
    {
        // Equal values are their own mean, to the last digit.
        return Some(first);
    }
    // Divided first: the mean of finite numbers is finite.
    Some(values.iter().map(|value| value / n).sum())
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Concentration, cosine_of_sizes, of_weights};

    fn concentration(relevance: &[f64]) -> Concentration {
        Concentration::of(relevance).expect("there is relevance")
    }

    #[test]
    fn n_equal_shares_are_n_effective_inputs_and_no_inequality() {
        let equal = concentration(&[0.7; 5]);
        assert_relative_eq!(equal.effective_inputs, 5.0, max_relative = 1e-14);
        assert_relative_eq!(equal.largest_share, 0.2, max_relative = 1e-14);
        assert_relative_eq!(equal.gini, 0.0, epsilon = 1e-15);
    }

    #[test]
    fn one_share_is_one_effective_input_and_the_most_inequality() {
        let one = concentration(&[0.0, 0.0, 3.0, 0.0]);
        assert_relative_eq!(one.effective_inputs, 1.0);
        assert_relative_eq!(one.largest_share, 1.0);
        assert_relative_eq!(one.gini, 0.75);
    }

    #[test]
    fn shares_of_a_half_a_quarter_and_a_quarter_by_hand() {
        let three = concentration(&[1.0, -2.0, 1.0]);
        // H = ½ ln 2 + 2 · ¼ ln 4 = 3/2 ln 2; Gini = (−2·¼ + 0·¼ + 2·½) / 3.
        assert_relative_eq!(
            three.effective_inputs,
            2.0_f64.powf(1.5),
            max_relative = 1e-14
        );
        assert_relative_eq!(three.largest_share, 0.5);
        assert_relative_eq!(three.gini, 1.0 / 6.0, max_relative = 1e-14);
    }

    #[test]
    fn nothing_is_concentrated_where_there_is_no_relevance() {
        assert_eq!(Concentration::of(&[0.0, 0.0]), None);
    }

    #[test]
    fn sizes_at_the_ends_of_f64_are_measured_all_the_same() {
        for size in [1e-300, 1e308] {
            assert_relative_eq!(
                concentration(&[size; 3]).effective_inputs,
                3.0,
                max_relative = 1e-14
            );
            let cosine = cosine_of_sizes(&[size, 0.0], &[size, -size]);
            assert_relative_eq!(
                cosine.expect("neither is 0"),
                0.5_f64.sqrt(),
                max_relative = 1e-14
            );
            assert_relative_eq!(of_weights(&[size, -size]).expect("weights"), 1.0);
        }
    }
}
