//! How relevance is spread over the inputs.

use crate::network::largest_size;

/// How relevance is spread over the inputs of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concentration {
    /// The largest share, `max_i |R_i| / Σ |R|`.
    pub largest_share: f64,
    /// The exponential of the entropy of the shares: n where n inputs share equally, 1 where one has all.
    pub effective_inputs: f64,
    /// The Gini coefficient of the shares: 0 where all are equal, 1 − 1/n where one of n has all.
    pub gini: f64,
}

impl Concentration {
    /// Of these relevances, by their size; none where all are 0.
    pub fn of(relevance: &[f64]) -> Option<Self> {
        let largest = largest_size(relevance);
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

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::Concentration;

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
        }
    }
}
