//! Samples at the ends of f64: the formula unit by unit, each on a scale of its own.
//!
//! The shares `q_ij / mass_j` are small numbers however large or small the `q_ij` are, but products of whole
//! matrices hold the `q_ij` of all units at once, and f64 may be too small for them. Whether a sample is handed
//! down here is a matter of its own values alone.

use super::prepared::{PreparedBranch, PreparedFraction};
use crate::network::linear::power_of_two_below;
use crate::network::vectorised;

/// Numbers whose products and quotients by one another stay far inside of f64, digits included.
const LEAST: f64 = f64::from_bits((1023 - 480) << 52);
const MOST: f64 = f64::from_bits((1023 + 480) << 52);

/// Whether a number is 0 or far from the ends of f64.
pub(super) fn is_tame(v: f64) -> bool {
    v == 0.0 || (LEAST..=MOST).contains(&v.abs())
}

/// The largest size among what `of` makes of some values, eight side by side; 0 of nothing.
pub(super) fn largest(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let mut lanes = [0.0; 8];
            let chunks = values.chunks_exact(lanes.len());
            let rest = chunks.remainder().iter();
            for chunk in chunks {
                for (most, &v) in lanes.iter_mut().zip(chunk) {
                    let size = of(v).abs();
                    *most = if size > *most { size } else { *most };
                }
            }
            let rest = rest.map(|&v| of(v).abs());
            rest.chain(lanes).fold(0.0, f64::max)
        },
    )
}

/// Whether the masses of all units with relevance are 0 or far from the ends of f64.
#[allow(
    clippy::manual_range_contains,
    reason = "what is no number is neither too small nor too large"
)]
pub(super) fn are_tame(mass: &[f64], relevance: &[f64]) -> bool {
    let is_wild = |(mass, r): (&f64, &f64)| {
        let size = mass.abs();
        (*r != 0.0) & (size != 0.0) & ((size < LEAST) | (size > MOST))
    };
    // Without branches, for the compiler to vectorise.
    !vectorised(
        #[inline(always)]
        || {
            let units = mass.iter().zip(relevance);
            units.fold(false, |any, unit| any | is_wild(unit))
        },
    )
}

/// Whether a product of one of these seeds with a weight of at least `least` can vanish.
pub(super) fn can_vanish(mut seeds: impl Iterator<Item = f64>, least: f64) -> bool {
    seeds.any(|seed| seed != 0.0 && seed.abs() * least < LEAST * LEAST)
}

/// A product that is never too large or small: `digits · 2^exponent`.
#[derive(Clone, Copy)]
struct Wide {
    digits: f64,
    exponent: i32,
}

impl Wide {
    fn product(factors: [f64; 3]) -> Self {
        let one = Self {
            digits: 1.0,
            exponent: 0,
        };
        factors.into_iter().fold(one, |product, factor| {
            let (digits, exponent) = libm::frexp(factor);
            Self {
                digits: product.digits * digits,
                exponent: product.exponent + exponent,
            }
        })
    }
}

/// What one fraction hands on of `c · R_j` for one sample, `below` being overwritten; gives the units over a denominator of 0,
/// and what biases and ε absorbed. `x` and `below` have an entry for each branch.
pub(super) fn hand_down(
    fraction: &PreparedFraction,
    x: &[&[f64]],
    above: impl Iterator<Item = f64>,
    below: &mut [&mut [f64]],
) -> (Vec<usize>, [f64; 2]) {
    let (mut stuck, mut absorbed) = (Vec::new(), [0.0; 2]);
    for below in below.iter_mut() {
        below.fill(0.0);
    }
    let branches = &fraction.branches;
    for (j, r) in above.enumerate().filter(|(_, r)| *r != 0.0) {
        let ties: Vec<(usize, usize, f64)> = ties(branches, x, j).collect();
        let q = ties.iter().map(|&(branch, i, w)| {
            let prepared = &branches[branch];
            let terms = prepared.terms.iter().map(move |term| {
                let [w, w_again] = term.reweighing.factors(w);
                Wide::product([term.seed.of(prepared.branch, i, x[branch][i]), w, w_again])
            });
            terms.collect()
        });
        let added = fraction
            .added
            .as_ref()
            .map_or([0.0; 2], |added| added.plain(j));
        let added = added.map(|part| vec![Wide::product([part, 1.0, 1.0])]);
        let mut q = shares(q.chain(added).collect());
        let [bias, epsilon] = [q.remove(ties.len()), q.remove(ties.len())];
        let mass = q.iter().sum::<f64>() + bias;
        let epsilon = if mass < 0.0 { -epsilon } else { epsilon };
        let denominator = mass + epsilon;
        if denominator == 0.0 {
            stuck.push(j);
            continue;
        }
        for ((branch, i, _), q) in ties.into_iter().zip(q) {
            below[branch][i] += q / denominator * r;
        }
        absorbed[0] += bias / denominator * r;
        absorbed[1] += epsilon / denominator * r;
    }
    (stuck, absorbed)
}

/// The inputs of unit j at this sample, with branch and weight.
fn ties<'a>(
    branches: &'a [PreparedBranch],
    x: &'a [&[f64]],
    j: usize,
) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
    let each = branches.iter().zip(x).enumerate();
    each.flat_map(move |(k, (prepared, x))| {
        let weights = prepared.branch.weights_at(j, x);
        weights.map(move |(i, w)| (k, i, w))
    })
}

/// The sum of each input's terms, all divided by one power of two that brings the largest near 1.
fn shares(q: Vec<Vec<Wide>>) -> Vec<f64> {
    let present = q.iter().flatten().filter(|term| term.digits != 0.0);
    let largest = present.map(|term| term.exponent).max().unwrap_or(0);
    let scaled = |term: &Wide| libm::ldexp(term.digits, term.exponent - largest);
    q.iter().map(|q| q.iter().map(scaled).sum()).collect()
}

/// The power of two that brings a sample's relevance, of which the largest is `most`, near 1, where products of it as it is would leave the range of f64.
pub(super) fn scale(most: f64) -> Option<f64> {
    (!is_tame(most)).then(|| power_of_two_below(most))
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "these numbers are exact in f64")]
mod tests {
    use super::{Wide, are_tame, can_vanish, is_tame, largest, scale, shares};

    /// `2^e`
    fn power(e: i32) -> f64 {
        2.0_f64.powi(e)
    }

    #[test]
    fn tame_is_0_and_what_lies_between_2_to_the_minus_480_and_2_to_the_480() {
        for size in [0.0, power(-480), 1.0, power(480)] {
            assert!(is_tame(size) && is_tame(-size), "{size:e}");
        }
        let least = f64::from_bits(1);
        for size in [least, power(-481), power(481), f64::INFINITY, f64::NAN] {
            assert!(!is_tame(size) && !is_tame(-size), "{size:e}");
        }
    }

    #[test]
    fn the_largest_size_is_found_among_eights_and_among_the_rest() {
        for n in [1, 8, 11, 16] {
            for at in 0..n {
                let mut values = vec![0.25; n];
                values[at] = -3.0;
                assert_eq!(largest(&values, |v| v), 3.0, "{at} of {n}");
                assert_eq!(
                    largest(&values, |v| v.max(0.0) * 2.0),
                    if n > 1 { 0.5 } else { 0.0 }
                );
            }
        }
        assert_eq!(largest(&[], |v| v), 0.0);
    }

    #[test]
    fn the_masses_of_units_with_relevance_are_tame_or_0_or_no_numbers() {
        for tame in [0.0, power(-480), -1.0, power(480), f64::NAN] {
            assert!(are_tame(&[1.0, tame], &[1.0, -1.0]), "{tame:e}");
        }
        for wild in [power(-481), -power(-481), power(481), f64::INFINITY] {
            assert!(!are_tame(&[wild], &[1.0]), "{wild:e}");
            assert!(!are_tame(&[wild, 1.0], &[1.0, 1.0]), "{wild:e} above");
            assert!(!are_tame(&[wild, wild], &[1.0, -1.0]), "{wild:e} twice");
            assert!(are_tame(&[wild, 1.0], &[0.0, 1.0]), "{wild:e}, R = 0");
        }
        assert!(are_tame(&[], &[]));
    }

    #[test]
    fn a_product_of_a_seed_and_a_weight_below_2_to_the_minus_960_can_vanish() {
        let can = |seeds: &[f64], least: f64| can_vanish(seeds.iter().copied(), least);
        assert!(can(&[1.0, -power(-501)], power(-460)));
        assert!(can(&[power(-1000)], 1.0) && !can(&[power(-600)], 1.0));
        assert!(!can(&[power(-500), 1.0], power(-460)));
        assert!(!can(&[power(-300)], power(-300)));
        assert!(!can(&[0.0], power(-460)) && !can(&[0.0], 1.0));
        assert!(!can(&[], 0.0));
    }

    #[test]
    fn shares_keep_their_proportions_whatever_the_size_of_products() {
        let of = |factors| Wide::product(factors);
        for size in [1e-300, 1.0, 1e300] {
            // Of 0 no size shows, however large its other factors are.
            let zero = of([0.0, 1e300, 1e300]);
            let q = vec![
                vec![of([size, size, 1.0])],
                vec![of([3.0, size, size]), zero],
                vec![of([size, size, -2.0]), of([size, size, -2.0])],
            ];
            let found = shares(q);
            assert!((0.0625..=2.0).contains(&found[0]), "{size:e}: {found:?}");
            let beside = [found[1] / found[0], found[2] / found[0]];
            assert!((beside[0] - 3.0).abs() < 1e-15, "{size:e}: {found:?}");
            assert_eq!(beside[1], -4.0, "{size:e}: {found:?}");
        }
        assert_eq!(
            shares(vec![vec![], vec![of([0.0, 1e300, 1e300])]]),
            [0.0, 0.0]
        );
    }

    #[test]
    fn relevance_near_the_ends_of_f64_is_brought_near_1_by_a_power_of_two() {
        for most in [0.0, power(-480), 3.0, power(480)] {
            assert_eq!(scale(most), None);
        }
        assert_eq!(scale(1.5 * power(500)), Some(power(500)));
        assert_eq!(scale(1.5 * power(-500)), Some(power(-500)));
    }
}
