//! Samples at the ends of f64: the formula unit by unit, each on a scale of its own.
//!
//! The shares `q_ij / mass_j` are small numbers however large or small the `q_ij` are, but products of whole
//! matrices hold the `q_ij` of all units at once, and f64 may have no room for them. Whether a sample is handed
//! down here is a matter of its own values alone.

use super::propagate::Prepared;
use crate::network::{Linear, power_of_two_below};

/// Numbers whose products and quotients by one another stay far inside of f64, digits included.
const LEAST: f64 = f64::from_bits((1023 - 480) << 52);
const MOST: f64 = f64::from_bits((1023 + 480) << 52);

/// Whether a number is 0 or far from the ends of f64.
pub(super) fn is_tame(v: f64) -> bool {
    v == 0.0 || (LEAST..=MOST).contains(&v.abs())
}

/// The sizes of some values, of those that are not 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sizes {
    /// Infinite where there is none.
    pub least: f64,
    /// 0 where there is none.
    pub most: f64,
}

impl Sizes {
    pub const ONE: Self = Self {
        least: 1.0,
        most: 1.0,
    };

    /// Of `of(i, v)` for every value v, eight side by side.
    pub fn of(values: &[f64], of: impl Fn(usize, f64) -> f64) -> Self {
        const LANES: usize = 8;
        let (mut least, mut most) = ([f64::INFINITY; LANES], [0.0_f64; LANES]);
        for (first, values) in values.chunks(LANES).enumerate() {
            for (lane, &v) in values.iter().enumerate() {
                let size = of(first * LANES + lane, v).abs();
                let floor = if size == 0.0 { f64::INFINITY } else { size };
                least[lane] = if floor < least[lane] {
                    floor
                } else {
                    least[lane]
                };
                most[lane] = if size > most[lane] { size } else { most[lane] };
            }
        }
        Self {
            least: least.into_iter().fold(f64::INFINITY, f64::min),
            most: most.into_iter().fold(0.0, f64::max),
        }
    }

    /// Whether there is a value that is not 0.
    pub fn any(self) -> bool {
        self.most > 0.0
    }

    /// Whether products of these with values of at least `least` cannot vanish.
    pub fn reach(self, least: f64) -> bool {
        self.least * least >= LEAST * LEAST
    }
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

/// `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j` for one sample, `below` being overwritten; the units that could not hand on
/// what they carry are returned.
pub(super) fn hand_down(
    (linear, terms): (&Linear, &[Prepared]),
    x: &[f64],
    above: impl Iterator<Item = f64>,
    below: &mut [f64],
) -> Vec<usize> {
    let mut stuck = Vec::new();
    below.fill(0.0);
    for (j, r) in above.enumerate().filter(|(_, r)| *r != 0.0) {
        let inputs = linear.inputs_of(j);
        let q = shares(inputs.clone().map(|i| {
            let w = linear.weight(i, j);
            terms.iter().map(move |term| {
                let [w, w_again] = term.reweighing.factors(w);
                Wide::product([term.seed.at(i, x[i]), w, w_again])
            })
        }));
        let mass: f64 = q.iter().sum();
        if mass == 0.0 {
            stuck.push(j);
            continue;
        }
        for (i, q) in inputs.zip(q) {
            below[i] += q / mass * r;
        }
    }
    stuck
}

/// The sums of each input's terms, all divided by one power of two that brings the largest near 1.
fn shares<T: Iterator<Item = Wide>>(inputs: impl Iterator<Item = T>) -> Vec<f64> {
    let q: Vec<Vec<Wide>> = inputs.map(Iterator::collect).collect();
    let present = q.iter().flatten().filter(|term| term.digits != 0.0);
    let largest = present.map(|term| term.exponent).max().unwrap_or(0);
    let scaled = |term: &Wide| libm::ldexp(term.digits, term.exponent - largest);
    q.iter().map(|q| q.iter().map(scaled).sum()).collect()
}

/// The power of two that brings a sample's relevance near 1, where products may have no room for it as it is.
pub(super) fn scale(relevance: Sizes) -> Option<f64> {
    (!is_tame(relevance.most)).then(|| power_of_two_below(relevance.most))
}
