//! The audit: does every cut sum to f(x), is no relevance negative, what was lost where, who carries
//! relevance without having fired, how much of it the biases brought about, and do the books balance.
//!
//! The *cut* at level l is the relevance that the levels up to l hold once every layer above l has handed on; a level below l
//! holds what it has received so far. On a chain it is level l.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bias_share::bias_share;
pub use super::checks::{Checks, Conservation, Positivity};
use super::parts::Parts;
use super::rule::Promises;
use super::withheld::{Absorbed, Stranded, Withheld};
use crate::network::{Layer, Levels, Network, each_sample, row, vectorised};

/// The tolerance of the conservation check unless another is asked for, relative to `Σ|R_out|`: the relevance
/// that is explained.
pub const TOLERANCE: f64 = 1e-9;

/// So many running totals side by side: as exact as one, and the compiler can vectorise them.
const LANES: usize = 8;

/// The audit of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The figures of every level, input first.
    pub levels: Vec<LevelAudit>,
    /// Whether the two properties of the theory hold.
    pub checks: Checks,
    /// Where f(x) went.
    pub balance: Balance,
    /// Relevance that could not be handed on, from the output down.
    pub lost: Vec<Stranded>,
    /// What biases and ε absorbed, an entry for each layer where they did, from the output down.
    pub absorbed: Vec<Absorbed>,
    /// The levels on which units carry relevance without having fired, from the input up.
    pub silent: Vec<Silent>,
}

/// The figures of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelAudit {
    /// `Σ R` of the level.
    pub sum: f64,
    /// `|Σ R − f|` of the cut at the level.
    pub gap: f64,
    /// `min R`
    pub least: f64,
    /// `Σ |R|`
    pub magnitude: f64,
    /// Whether `|Σ R − f| ≤ tolerance · Σ|R_out|` at this cut, R_out being the relevance of the output level.
    pub conserved: bool,
    /// `Σ_j R_j · min(1, b_j⁺ / z_j) / Σ_j R_j` over the firing units: how much of what they carry their biases
    /// brought about, not their inputs. None for the input, and where no firing unit carries relevance.
    pub bias_share: Option<f64>,
}

impl Audit {
    /// Layer and unit of the first thing lost or absorbed that is beyond f64, or of the first of all where only their sum is; the
    /// first unit of a layer whose biases or ε absorbed it.
    pub(super) fn beyond_f64(&self) -> Option<(usize, usize)> {
        let sum = self.balance.gap;
        self.withheld(|part| !part.is_finite())
            .or_else(|| self.withheld(|_| !sum.is_finite()))
    }

    /// Layer and unit of the first thing lost or absorbed of which this holds.
    fn withheld(&self, holds: impl Fn(f64) -> bool) -> Option<(usize, usize)> {
        let mut absorbed = self.absorbed.iter();
        let lost = self.lost.iter().find(|lost| holds(lost.relevance));
        lost.map(|lost| (lost.layer, lost.unit)).or_else(|| {
            let part = absorbed.find(|part| holds(part.by_bias + part.by_epsilon))?;
            Some((part.layer, 0))
        })
    }
}

/// Where f(x) went: `f(x) = Σ R_input + lost + absorbed by biases + absorbed by ε`, for every rule and network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Balance<N = f64> {
    /// f(x)
    pub value: N,
    /// `Σ R` of the input.
    pub input: N,
    /// What could not be handed on, of all layers.
    pub lost: N,
    /// What biases in denominators kept, of all layers.
    pub absorbed_by_bias: N,
    /// What ε in denominators kept, of all layers.
    pub absorbed_by_epsilon: N,
    /// `|value − input − lost − absorbed_by_bias − absorbed_by_epsilon|`
    pub gap: N,
    /// Whether the gap is no more than rounding: if not, the program has a fault.
    pub holds: bool,
    /// The sizes of all that one layer hands on, loses and absorbs, where rounding is measured by these: parts of both signs that
    /// cancel inside of a level. Left out where it is measured by the largest `Σ|R|` of a level.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub parts: Option<f64>,
}

fn none() -> Option<f64> {
    None
}

impl<N> Balance<N> {
    /// The same in other numbers.
    pub fn map<M>(&self, number: impl Fn(&N) -> M) -> Balance<M> {
        Balance {
            value: number(&self.value),
            input: number(&self.input),
            lost: number(&self.lost),
            absorbed_by_bias: number(&self.absorbed_by_bias),
            absorbed_by_epsilon: number(&self.absorbed_by_epsilon),
            gap: number(&self.gap),
            holds: self.holds,
            parts: self.parts,
        }
    }
}

impl Balance {
    /// Measures its rounding by the sizes of what a layer hands on, loses and absorbs.
    pub(super) fn measure_by(&mut self, parts: f64) {
        self.holds = self.gap <= ROUNDING * parts;
        self.parts = self.holds.then_some(parts);
    }
}

/// Rounding may part the two sides of the balance by so much, relative to the largest `Σ|R|` of a level.
const ROUNDING: f64 = 1e-12;

/// Units of one level whose activation is 0 and whose relevance is not: there `R_j = c_j x_j`, on which the
/// theory builds, does not hold, though the sums may.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Silent<N = f64> {
    /// The level; never 0, for inputs do not fire.
    pub layer: usize,
    /// How many such units there are.
    pub units: usize,
    /// What they carry together.
    pub relevance: N,
    /// How many of them are pools whose inputs are all 0: each hands its relevance to these in equal parts,
    /// where no proportion is defined.
    #[serde(default)]
    pub equal_shares: usize,
}

/// What a batch's explanation is made of.
pub struct Audited<'a> {
    /// The network.
    pub network: &'a Network,
    /// The values of every level, a row a sample.
    pub activations: &'a Levels,
    /// The relevance of every level: of several targets all samples for the first, then all for the next.
    pub relevance: &'a Levels,
    /// What levels got by each of several layers.
    pub parts: &'a Parts,
    /// The tolerance of the conservation check.
    pub tolerance: f64,
}

/// Audits every explanation of a batch; `explained` holds the value of each and what is promised of it, `withheld` what was not
/// handed on.
pub fn audit(audited: &Audited, explained: &[(f64, Promises)], withheld: Withheld) -> Vec<Audit> {
    let Withheld {
        mut lost,
        mut absorbed,
    } = withheld;
    let levels = 0..audited.relevance.len();
    let values = levels.map(|l| audited.relevance.level(l).len()).sum();
    // The sort is stable: the fractions of a unit stay in their order.
    lost.sort_by_key(|stuck| (stuck.sample, Reverse(stuck.layer), stuck.unit));
    absorbed.sort_by_key(|kept| (kept.sample, Reverse(kept.layer)));
    let lost = by_sample(&lost, explained.len(), |stuck| stuck.sample);
    let absorbed = by_sample(&absorbed, explained.len(), |kept| kept.sample);
    each_sample(explained.len(), values, |n| {
        audited.sample(n, explained[n], lost[n], &by_layer(absorbed[n]))
    })
}

/// What is each sample's.
fn by_sample<T>(all: &[T], samples: usize, sample: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut rest = all;
    let of_sample = |n: usize| {
        let own = rest.partition_point(|one| sample(one) <= n);
        let (own, others) = rest.split_at(own);
        rest = others;
        own
    };
    (0..samples).map(of_sample).collect()
}

/// What each layer absorbed, all its fractions together.
fn by_layer(absorbed: &[Absorbed]) -> Vec<Absorbed> {
    let mut layers: Vec<Absorbed> = Vec::new();
    for part in absorbed {
        match layers.last_mut().filter(|last| last.layer == part.layer) {
            Some(last) => {
                last.by_bias += part.by_bias;
                last.by_epsilon += part.by_epsilon;
            }
            None => layers.push(*part),
        }
    }
    layers
}

impl Audited<'_> {
    fn sample(
        &self,
        n: usize,
        (f, promises): (f64, Promises),
        lost: &[Stranded],
        absorbed: &[Absorbed],
    ) -> Audit {
        let levels: Vec<_> = (0..self.relevance.len())
            .map(|l| (self.activations.level(l), self.relevance.level(l)))
            .collect();
        let sample = n % self.activations.samples();
        let rows = |l: usize| (row(&levels[l].0, sample), row(&levels[l].1, n));
        let units = levels.iter().map(|(_, r)| r.ncols()).sum();
        let totals = each_sample(levels.len(), units, |l| Totals::of(rows(l).0, rows(l).1));
        let explained = totals.last().map_or(0.0, |output| output.magnitude);
        let allowed = self.tolerance * explained + denormal_rounding(units, self.tolerance);
        let mut silent = Vec::new();
        let mut figures = Vec::with_capacity(levels.len());
        for (l, own) in totals.iter().enumerate() {
            let passing = self.parts.passing(l, n, |below| totals[below].sum);
            let cut = passing.fold(own.sum, |cut, part| cut + part);
            let gap = (cut - f).abs();
            let layer = (l > 0).then(|| self.network.layer(l));
            let (x, r) = rows(l);
            let read = |layer: &Layer| -> Vec<&[f64]> {
                layer.sources().map(|from| rows(from).0).collect()
            };
            figures.push(LevelAudit {
                sum: own.sum,
                gap,
                least: own.least,
                magnitude: own.magnitude,
                conserved: gap <= allowed,
                bias_share: layer.and_then(|layer| bias_share(layer, &read(layer), x, r)),
            });
            if let Some(layer) = layer.filter(|_| own.silent > 0) {
                silent.push(Silent {
                    layer: l,
                    units: own.silent,
                    relevance: own.carried_silently,
                    equal_shares: equal_shares(self.network, l, &read(layer), r),
                });
            }
        }
        Audit {
            checks: checks(&figures, promises),
            balance: balance(f, &totals, lost, absorbed),
            levels: figures,
            lost: lost.to_vec(),
            absorbed: absorbed.to_vec(),
            silent,
        }
    }
}

fn checks(figures: &[LevelAudit], promises: Promises) -> Checks {
    let gaps = figures.iter().map(|level| level.gap);
    let least = figures.iter().map(|level| level.least);
    let least = least.fold(f64::INFINITY, f64::min);
    Checks {
        conservation: Conservation {
            holds: figures.iter().all(|level| level.conserved),
            promised: promises.conservation,
            worst_gap: gaps.fold(0.0, f64::max),
        },
        positivity: Positivity {
            holds: least >= 0.0,
            promised: promises.positivity,
            least,
        },
    }
}

fn balance(f: f64, totals: &[Totals], lost: &[Stranded], absorbed: &[Absorbed]) -> Balance {
    let input = totals[0].sum;
    let lost = (lost.iter()).fold(0.0, |lost, stuck| lost + stuck.relevance);
    let absorbed_by_bias = (absorbed.iter()).fold(0.0, |sum, part| sum + part.by_bias);
    let absorbed_by_epsilon = (absorbed.iter()).fold(0.0, |sum, part| sum + part.by_epsilon);
    let units = totals.iter().map(|level| level.units).sum();
    let magnitudes = totals.iter().map(|level| level.magnitude);
    let largest = magnitudes.fold(0.0, f64::max);
    let gap = (f - input - lost - absorbed_by_bias - absorbed_by_epsilon).abs();
    Balance {
        value: f,
        input,
        lost,
        absorbed_by_bias,
        absorbed_by_epsilon,
        gap,
        holds: gap <= ROUNDING * largest + denormal_rounding(units, ROUNDING),
        parts: None,
    }
}

/// What rounding can make of sums whose parts are near the smallest number of f64: a unit of its last place for
/// each of the units of all levels. A tolerance relative to such sums is no number of f64; one of 0 asks for equality.
pub fn denormal_rounding(units: usize, tolerance: f64) -> f64 {
    const SMALLEST: f64 = f64::from_bits(1);
    if tolerance > 0.0 {
        units as f64 * SMALLEST
    } else {
        0.0
    }
}

/// How many units of a level are pools, or additions that share in proportion, that carry relevance over inputs that are all 0;
/// `x` has the values that every branch reads.
fn equal_shares(network: &Network, level: usize, x: &[&[f64]], r: &[f64]) -> usize {
    if !network.shares_in_proportion(level) {
        return 0;
    }
    let layer = network.layer(level);
    let carrying = r.iter().enumerate().filter(|(_, r)| **r != 0.0);
    carrying.filter(|(j, _)| layer.is_silent(*j, x)).count()
}

/// Everything the audit asks of one level of one sample, found in one pass.
struct Totals {
    units: usize,
    sum: f64,
    magnitude: f64,
    least: f64,
    silent: usize,
    carried_silently: f64,
}

/// The same so far, eight units side by side.
struct Running {
    sum: [f64; LANES],
    magnitude: [f64; LANES],
    least: [f64; LANES],
    silent: [usize; LANES],
    carried: [f64; LANES],
}

impl Running {
    /// Takes on eight units, or the fewer last ones.
    #[allow(
        clippy::inline_always,
        reason = "it takes on the instructions of what it is inlined into"
    )]
    #[inline(always)]
    fn add(&mut self, x: &[f64], r: &[f64]) {
        for (lane, (&x, &r)) in x.iter().zip(r).enumerate() {
            let unfired = if x == 0.0 { r } else { 0.0 };
            let least = self.least[lane];
            self.sum[lane] += r;
            self.magnitude[lane] += r.abs();
            self.least[lane] = if r < least { r } else { least };
            self.silent[lane] += usize::from(unfired != 0.0);
            self.carried[lane] += unfired;
        }
    }
}

impl Totals {
    fn of(x: &[f64], r: &[f64]) -> Self {
        let mut running = Running {
            sum: [0.0; LANES],
            magnitude: [0.0; LANES],
            least: [f64::INFINITY; LANES],
            silent: [0; LANES],
            carried: [0.0; LANES],
        };
        vectorised(
            #[inline(always)]
            || {
                let (values, relevances) = (x.chunks_exact(LANES), r.chunks_exact(LANES));
                let (last_x, last_r) = (values.remainder(), relevances.remainder());
                for (x, r) in values.zip(relevances) {
                    running.add(x, r);
                }
                running.add(last_x, last_r);
            },
        );
        Self {
            units: r.len(),
            sum: running.sum.iter().sum(),
            magnitude: running.magnitude.iter().sum(),
            // Without a sign where it is 0.
            least: running.least.into_iter().fold(f64::INFINITY, f64::min) + 0.0,
            silent: running.silent.iter().sum(),
            carried_silently: running.carried.iter().sum(),
        }
    }
}

#[cfg(test)]
mod tests;
