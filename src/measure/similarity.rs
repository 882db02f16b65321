//! How alike two relevances of the same inputs are.

use ndarray::ArrayView2;

use super::{mean, parts_of_size};
use crate::network::largest_size;

/// From this cosine on two relevances are taken for the same.
pub const SAME: f64 = 0.95;

/// `Σ a_i b_i / (‖a‖ ‖b‖)`, from −1 to 1 but for rounding; none where one of them is 0.
///
/// It is how far two rules agree on a sample, a and b being the relevance of its inputs, with their signs.
pub fn cosine(a: &[f64], b: &[f64]) -> Option<f64> {
    cosine_of(a, b, |x| x)
}

/// The cosine between |a| and |b|; none where one of them is 0.
pub fn cosine_of_sizes(a: &[f64], b: &[f64]) -> Option<f64> {
    cosine_of(a, b, f64::abs)
}

fn cosine_of(a: &[f64], b: &[f64], of: impl Fn(f64) -> f64) -> Option<f64> {
    let (a_largest, b_largest) = (largest_size(a), largest_size(b));
    if a_largest == 0.0 || b_largest == 0.0 {
        return None;
    }
    // Beside the largest, so that no square can leave f64.
    let (mut product, mut a_square, mut b_square) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (of(*a) / a_largest, of(*b) / b_largest);
        product += a * b;
        a_square += a * a;
        b_square += b * b;
    }
    Some(product / (a_square.sqrt() * b_square.sqrt()))
}

/// `½ Σ |b_i/Σ|b| − a_i/Σ|a||`, from 0 (the same parts) to 1 (nothing in common); none where one of them is 0.
///
/// It is the part of relevance that lies on other inputs, or has the other sign.
pub fn moved(a: &[f64], b: &[f64]) -> Option<f64> {
    if largest_size(a) == 0.0 || largest_size(b) == 0.0 {
        return None;
    }
    let parts = parts_of_size(a).into_iter().zip(parts_of_size(b));
    Some(parts.map(|(a, b)| (b - a).abs()).sum::<f64>() / 2.0)
}

/// Spearman's rank correlation: the correlation of the ranks, equal values sharing the mean of theirs; from −1 (the order
/// turned round) to 1 (the same order) but for rounding. None where all values of one are equal.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    cosine(&centred_ranks(a), &centred_ranks(b))
}

/// Twice the rank of each value, less twice the mean rank: whole numbers, and all 0 where all values are equal.
#[expect(clippy::float_cmp, reason = "what is equal shares a rank")]
fn centred_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    // 0 and −0 are one value here, as they are next to one another.
    for equal in order.chunk_by(|&i, &j| values[i] == values[j]) {
        let last = first + equal.len() - 1;
        for &i in equal {
            ranks[i] = (first + last) as f64 - (values.len() - 1) as f64;
        }
        first = last + 1;
    }
    ranks
}

/// The mean cosine between the sizes of one matrix and another, row by row; rows of zeros do not count.
pub fn agreement(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Option<f64> {
    let rows = a.rows().into_iter().zip(b.rows());
    mean(rows.filter_map(|(a, b)| cosine_of_sizes(&a.to_vec(), &b.to_vec())))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::{agreement, cosine, cosine_of_sizes, moved, rank_correlation};

    #[test]
    fn the_agreement_of_rows_is_their_mean_cosine_without_those_of_zeros() {
        let a = ndarray::array![[3.0, -4.0], [0.0, 0.0], [1.0, 0.0]];
        let b = ndarray::array![[4.0, 3.0], [1.0, 1.0], [0.0, 2.0]];
        // (24/25 + 0) / 2
        let found = agreement(a.view(), b.view()).expect("two rows count");
        assert_relative_eq!(found, 12.0 / 25.0, max_relative = 1e-15);
        assert_eq!(
            agreement(
                a.slice(ndarray::s![1..2, ..]),
                b.slice(ndarray::s![1..2, ..])
            ),
            None
        );
    }

    #[test]
    fn what_moved_by_hand() {
        // Parts 1/4, 3/4 and 1/2, 1/2: a quarter goes from the second to the first.
        assert_relative_eq!(moved(&[1.0, 3.0], &[5.0, 5.0]).expect("neither is 0"), 0.25);
        assert_relative_eq!(moved(&[1.0, 0.0], &[0.0, 2.0]).expect("neither is 0"), 1.0);
        assert_relative_eq!(
            moved(&[1.0, -3.0], &[-1.0, 3.0]).expect("neither is 0"),
            1.0
        );
        assert_relative_eq!(moved(&[1.0, 3.0], &[2.0, 6.0]).expect("neither is 0"), 0.0);
        assert_eq!(moved(&[1.0, 3.0], &[0.0, 0.0]), None);
    }

    #[test]
    fn cosines_by_hand_with_and_without_signs() {
        let (a, b) = ([3.0, -4.0], [4.0, 3.0]);
        assert_relative_eq!(cosine(&a, &b).expect("neither is 0"), 0.0);
        assert_relative_eq!(cosine_of_sizes(&a, &b).expect("neither is 0"), 24.0 / 25.0);
        assert_relative_eq!(cosine(&a, &[-3.0, 4.0]).expect("neither is 0"), -1.0);
        assert_eq!(cosine(&a, &[0.0, 0.0]), None);
    }

    #[test]
    fn ranks_by_hand_with_ties() {
        let of = |a: &[f64], b: &[f64]| rank_correlation(a, b).expect("they differ");
        assert_relative_eq!(of(&[1.0, 2.0, 9.0], &[10.0, 20.0, 21.0]), 1.0);
        assert_relative_eq!(of(&[1.0, 2.0, 9.0], &[3.0, 2.0, 1.0]), -1.0);
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: Σ (−1.5·−1.5 + 0 + 0 + 1.5·1.5) / √(4.5 · 5).
        assert_relative_eq!(
            of(&[0.0, 1.0, 1.0, 2.0], &[1.0, 2.0, 3.0, 4.0]),
            4.5 / 22.5_f64.sqrt(),
            max_relative = 1e-14
        );
        assert_relative_eq!(
            of(&[0.0, -0.0, 1.0], &[5.0, 5.0, 6.0]),
            1.0,
            max_relative = 1e-14
        );
        assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(rank_correlation(&[1.0], &[1.0]), None);
        assert_eq!(rank_correlation(&[], &[]), None);
    }

    #[test]
    fn sizes_at_the_ends_of_f64_have_a_cosine_all_the_same() {
        for size in [1e-300, 1e308] {
            let cosine = cosine_of_sizes(&[size, 0.0], &[size, -size]);
            assert_relative_eq!(
                cosine.expect("neither is 0"),
                0.5_f64.sqrt(),
                max_relative = 1e-14
            );
        }
    }
}
