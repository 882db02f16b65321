//! Several values in a few: mean, standard deviation, quartiles.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How values are spread, as those of one figure over the seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "spread")]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1; null where there is one seed, and where it is beyond f64.
    pub sd: Option<f64>,
    /// Least, lower quartile, median, upper quartile, largest.
    pub quartiles: [f64; 5],
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

impl Spread {
    /// Of these values; none where there is none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        let mean = mean(values.iter().copied())?;
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len();
        Some(Self {
            mean,
            sd: (n > 1)
                .then(|| deviation(&values, mean))
                .filter(|sd| sd.is_finite()),
            quartiles: [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| quantile(&values, part)),
        })
    }
}

/// The standard deviation with n − 1, in parts of the largest, so that no square leaves f64.
fn deviation(values: &[f64], mean: f64) -> f64 {
    let largest = values
        .iter()
        .fold(0.0_f64, |most, v| most.max((v - mean).abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let apart = values.iter().map(|v| (v - mean) / largest);
    let squares: f64 = apart.map(|v| v * v).sum();
    largest * (squares / (values.len() as f64 - 1.0)).sqrt()
}

/// The value below which a part of the sorted values lies, between two of them in proportion.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index of the list"
    )]
    let below = place.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(sorted.len() - 1)]);
    let along = place - place.floor();
    low * (1.0 - along) + high * along
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{Spread, mean};

    #[test]
    fn the_spread_of_five_values_by_hand() {
        let spread = Spread::of(vec![4.0, 1.0, 2.0, 5.0, 3.0]).expect("values");
        assert_relative_eq!(spread.quartiles[..], [1.0, 2.0, 3.0, 4.0, 5.0]);
        // Σ (x − 3)² = 10, over n − 1 = 4.
        assert_relative_eq!(spread.mean, 3.0);
        assert_relative_eq!(spread.sd.expect("five values"), 2.5_f64.sqrt());
    }

    #[test]
    fn quartiles_between_two_of_four_values_lie_in_proportion() {
        // Places 0, 3/4, 3/2, 9/4, 3: 1/4·1 + 3/4·2, 1/2·2 + 1/2·4, 3/4·4 + 1/4·8.
        let spread = Spread::of(vec![8.0, 1.0, 4.0, 2.0]).expect("values");
        assert_relative_eq!(spread.quartiles[..], [1.0, 1.75, 3.0, 5.0, 8.0]);
    }

    #[test]
    fn the_mean_of_equal_values_is_theirs_to_the_last_digit() {
        for n in 1..20 {
            let mean = mean(std::iter::repeat_n(0.7, n)).expect("values");
            assert_eq!(mean.to_bits(), 0.7_f64.to_bits(), "{n}");
        }
    }

    #[test]
    fn one_value_has_no_deviation_and_no_value_no_spread() {
        let one = Spread::of(vec![2.0]).expect("a value");
        assert_relative_eq!(one.quartiles[..], [2.0; 5]);
        assert_eq!(one.sd, None);
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn values_at_the_end_of_f64_have_a_finite_spread() {
        let spread = Spread::of(vec![1.5e308, -1.5e308, 1.5e308]).expect("values");
        assert!(spread.mean.is_finite() && spread.quartiles.iter().all(|q| q.is_finite()));
    }
}
