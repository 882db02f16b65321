//! Values by their size |v|: which are the largest, what they come to, and their part of a whole.

use crate::network::largest_size;

/// `|v_1| + |v_2| + …`
pub fn magnitude<'v>(values: impl IntoIterator<Item = &'v f64>) -> f64 {
    values.into_iter().fold(0.0, |sum, value| sum + value.abs())
}

/// `‖v‖ = √(Σ v²)`
pub fn length(values: &[f64]) -> f64 {
    let largest = largest_size(values);
    if largest == 0.0 {
        return 0.0;
    }
    largest * length_beside(values, largest)
}

/// The same as a part of the `largest` of the sizes, which is not 0: so no square leaves f64.
pub fn length_beside(values: &[f64], largest: f64) -> f64 {
    let square: f64 = values.iter().map(|v| (v / largest) * (v / largest)).sum();
    square.sqrt()
}

/// `number` values by their size, the largest first, equal ones in their order.
pub fn by_size(number: usize, value: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..number).collect();
    order.sort_by(|&a, &b| value(b).abs().total_cmp(&value(a).abs()));
    order
}

/// The `most` largest of `number` values by their size, the largest first; all of them in their order where there are no
/// more.
pub fn top(number: usize, most: usize, value: impl Fn(usize) -> f64) -> Vec<usize> {
    if number <= most {
        return (0..number).collect();
    }
    let mut order = by_size(number, value);
    order.truncate(most);
    order
}

/// The least and the largest of some values; infinite, the wrong way round, where there are none.
pub fn range(values: impl IntoIterator<Item = f64>) -> [f64; 2] {
    let none = [f64::INFINITY, f64::NEG_INFINITY];
    (values.into_iter()).fold(none, |[low, high], x| [low.min(x), high.max(x)])
}

/// Whether two values are the same but for rounding.
pub fn nearly_equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The part of each value in `Σ |v|`; 0 where all are 0.
pub fn parts_of_size(values: &[f64]) -> Vec<f64> {
    let all = magnitude(values);
    let part = |value: &f64| if all == 0.0 { 0.0 } else { value / all };
    values.iter().map(part).collect()
}

/// A part of a whole; none where that is no number of f64, as of 0.
pub fn share(part: f64, whole: f64) -> Option<f64> {
    let share = part / whole;
    share.is_finite().then_some(share)
}

/// Every part of a whole; none where one is no number of f64.
pub fn shares(parts: &[f64], whole: f64) -> Option<Vec<f64>> {
    parts.iter().map(|&part| share(part, whole)).collect()
}

#[cfg(test)]
mod tests {
    use super::{by_size, length, nearly_equal, share, shares, top};

    #[test]
    fn nearly_equal_is_within_a_billionth_of_the_larger() {
        for (a, b, nearly) in [
            (1e6, 1e6 + 1e-4, true),
            (-1e6, -1e6 - 1e-4, true),
            (1e6, 1e6 + 1e-2, false),
            (1e-6, 2e-6, false),
            (1e-6, -1e-6, false),
            (0.0, 0.0, true),
        ] {
            assert_eq!(nearly_equal(a, b), nearly, "{a}, {b}");
            assert_eq!(nearly_equal(b, a), nearly, "{b}, {a}");
        }
    }

    #[test]
    fn the_largest_come_first_and_few_stay_in_their_order() {
        let values = [1.0, -3.0, 2.0, 3.0];
        assert_eq!(by_size(4, |i| values[i]), [1, 3, 2, 0]);
        assert_eq!(top(4, 2, |i| values[i]), [1, 3]);
        assert_eq!(top(4, 4, |i| values[i]), [0, 1, 2, 3]);
    }

    #[test]
    fn a_length_is_exact_at_both_ends_of_f64() {
        assert_eq!(length(&[]).to_bits(), 0.0_f64.to_bits());
        for scale in [1.0, f64::MIN_POSITIVE, 2.0_f64.powi(1020)] {
            assert_eq!(
                length(&[-3.0 * scale, 4.0 * scale]).to_bits(),
                (5.0 * scale).to_bits()
            );
        }
    }

    #[test]
    fn nothing_is_a_part_of_0_nor_beyond_f64() {
        assert_eq!(share(1.0, 4.0), Some(0.25));
        assert_eq!(share(0.0, 0.0), None);
        assert_eq!(share(1e300, 1e-300), None);
        assert_eq!(shares(&[1.0, 3.0], 4.0), Some(vec![0.25, 0.75]));
        assert_eq!(shares(&[1.0, 1e300], 1e-300), None);
        assert_eq!(shares(&[], 0.0), Some(Vec::new()));
    }
}
