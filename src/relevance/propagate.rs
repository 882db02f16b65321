//! The formula: how a level's relevance becomes that of the level below.
//!
//! Every rule is a sum of terms `q_ij = Σ_t seed_t(i) · w'_t(i, j)`, so that with the maps' own
//! [`apply`](Frozen::apply) and [`adjoint`](Frozen::adjoint), over the branches k of a layer,
//!
//! ```text
//! mass_j  = Σ_i q_ij                = Σ_k Σ_t apply_kt(seed_kt)_j
//! s_j     = R_j / mass_j              (0/0 is 0)
//! R_i^(k) = Σ_j q_ij s_j            = Σ_t seed_kt(i) · adjoint_kt(s)_i
//! ```
//!
//! A unit that is 0 whatever the network reads has no seed: it is in no mass and gets nothing.
//! The bias is in none of it, and nothing is ever added to a mass. What happens to a sample is a function of that
//! sample alone, to the last bit: where something is done for some samples of a batch, the others' rows stay as
//! they are.

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};

use super::at_work::{AtWork, add_where, largest_seeds, mass_of, matrix};
use super::extreme::{self, are_tame, can_vanish, is_tame};
use super::plan::Plan;
use super::term::Seed;
use crate::network::{
    Branch, Layer, each_piece, each_row,
    linear::{Reweighed, Reweighing},
    row, write_each_piece,
};

/// Relevance that a unit carries and can hand to none of its inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stranded {
    /// The sample within the batch.
    pub sample: usize,
    /// The level of the unit.
    pub layer: usize,
    /// The unit.
    pub unit: usize,
    /// How much it carries.
    pub relevance: f64,
}

/// A rule on a layer, prepared once: the reweighed maps, and the mass where no sample can change it.
#[derive(Debug, Clone)]
pub struct Redistribution<'n> {
    pub(super) layer: &'n Layer,
    pub(super) branches: Vec<PreparedBranch<'n>>,
    /// `mass_j` of a rule that does not look at the activations.
    constant_mass: Option<Array1<f64>>,
    /// Whether units whose inputs are all 0 share equally.
    shares_equally: bool,
}

/// A rule on one branch of a layer.
#[derive(Debug, Clone)]
pub(super) struct PreparedBranch<'n> {
    pub branch: &'n Branch,
    pub terms: Vec<Prepared<'n>>,
    /// The smallest weight beside the largest of its unit: how soon a mass can vanish.
    least_weight: f64,
}

/// One term of `q_ij`.
#[derive(Debug, Clone)]
pub(super) struct Prepared<'n> {
    pub seed: Seed,
    pub reweighing: Reweighing,
    map: Reweighed<'n>,
}

/// Buffers for what the formula holds between its steps; grown as needed and used again.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    seeds: Vec<f64>,
    mass: Vec<f64>,
    partial: Vec<f64>,
}

impl<'n> Redistribution<'n> {
    /// Prepares the rule that a plan has for the layer of a level.
    pub fn new(plan: &Plan<'n>, level: usize) -> Self {
        let (network, rule) = (plan.network(), plan.rule(level));
        let layer = network.layer(level);
        let prepared = |branch: &'n Branch| {
            let signed = network.can_be_negative(branch.from());
            let terms = rule.terms(signed, plan.domain(level)).into_iter();
            let term = |(seed, reweighing)| Prepared {
                seed,
                reweighing,
                map: branch.map().prepared(reweighing),
            };
            PreparedBranch {
                branch,
                terms: terms.map(term).collect(),
                least_weight: branch.map().least_weight(),
            }
        };
        let mut prepared = Self {
            layer,
            branches: layer.branches().iter().map(prepared).collect(),
            constant_mass: None,
            shares_equally: network.shares_in_proportion(level),
        };
        prepared.constant_mass = rule.is_fixed().then(|| prepared.mass_of_nothing());
        prepared
    }

    /// The mass of a rule that asks for the shape of the activations alone.
    fn mass_of_nothing(&self) -> Array1<f64> {
        let nothing =
            |prepared: &PreparedBranch| Array2::zeros((1, prepared.branch.map().inputs()));
        let x: Vec<Array2<f64>> = self.branches.iter().map(nothing).collect();
        let x: Vec<_> = x.iter().map(|x| x.view()).collect();
        let mut mass = Array2::zeros((1, self.layer.units()));
        let (mut seeds, mut partial) = (Vec::new(), Vec::new());
        mass_of(&self.at_work(&x), mass.view_mut(), &mut seeds, &mut partial);
        mass.remove_axis(Axis(0))
    }

    /// Whether the rule hands on the same shares whatever the activations are: a fixed linear map.
    pub fn is_fixed(&self) -> bool {
        self.constant_mass.is_some()
    }

    /// The units that can never hand on anything, where the rule is fixed.
    pub fn dead_ends(&self) -> Vec<usize> {
        let mass = self.constant_mass.iter().flatten();
        mass.enumerate()
            .filter(|(_, mass)| **mass == 0.0)
            .map(|(j, _)| j)
            .collect()
    }

    /// The terms of all branches, for a batch whose values every branch reads are `x`.
    fn at_work<'r>(&'r self, x: &[ArrayView2<'r, f64>]) -> Vec<AtWork<'r>> {
        let branches = self.branches.iter().zip(x).enumerate();
        let terms = branches.flat_map(|(branch, (prepared, &x))| {
            let source = prepared.branch;
            prepared.terms.iter().map(move |term| AtWork {
                branch,
                source,
                seed: &term.seed,
                map: term.map.at(x, source.constants()),
                x,
                largest: largest_seeds(&term.seed, x),
            })
        });
        terms.collect()
    }

    /// `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j` for every sample of a batch.
    ///
    /// `x` has the values that each branch reads, samples × inputs; `above` is samples × units; `below` has the part that each
    /// branch gets, samples × inputs and overwritten. What a unit of level `layer` cannot hand on is put to `stranded`.
    pub fn redistribute(
        &self,
        layer: usize,
        x: &[ArrayView2<f64>],
        above: ArrayView2<f64>,
        below: &mut [ArrayViewMut2<f64>],
        scratch: &mut Scratch,
        stranded: &mut Vec<Stranded>,
    ) {
        let samples = x[0].nrows();
        for first in (0..above.nrows()).step_by(samples.max(1)) {
            let rows = s![first..first + samples, ..];
            let mut below: Vec<_> = below
                .iter_mut()
                .map(|below| below.slice_mut(rows))
                .collect();
            let before = stranded.len();
            self.redistribute_one(layer, x, above.slice(rows), &mut below, scratch, stranded);
            stranded[before..]
                .iter_mut()
                .for_each(|stuck| stuck.sample += first);
        }
    }

    fn redistribute_one(
        &self,
        layer: usize,
        x: &[ArrayView2<f64>],
        above: ArrayView2<f64>,
        below: &mut [ArrayViewMut2<f64>],
        scratch: &mut Scratch,
        stranded: &mut Vec<Stranded>,
    ) {
        let Scratch {
            seeds,
            mass,
            partial,
        } = scratch;
        let terms = self.at_work(x);
        let mut s = matrix(mass, above.dim());
        match &self.constant_mass {
            Some(mass) => s
                .rows_mut()
                .into_iter()
                .for_each(|mut row| row.assign(mass)),
            None => mass_of(&terms, s.view_mut(), seeds, partial),
        }
        let mut handed = self.divide(x, above, &terms, s.view_mut());
        let mut started = vec![false; below.len()];
        for term in &terms {
            let below = below[term.branch].view_mut();
            if !std::mem::replace(&mut started[term.branch], true) {
                term.hand_on(s.view(), below);
            } else if term.largest.iter().any(|&seed| seed > 0.0) {
                let mut part = matrix(partial, term.x.dim());
                term.hand_on(s.view(), part.view_mut());
                add_where(&term.largest, part.view(), below);
            }
        }
        for (sample, handed) in handed.iter_mut().enumerate() {
            self.finish(handed, x, row(&above, sample), below, sample);
            stranded.extend(handed.stuck.iter().map(|&unit| Stranded {
                sample,
                layer,
                unit,
                relevance: above[[sample, unit]],
            }));
        }
    }

    /// `s_j = R_j / mass_j` in place of the mass; 0/0 is 0, and a unit with R ≠ 0 and no mass is stuck.
    fn divide(
        &self,
        x: &[ArrayView2<f64>],
        relevance: ArrayView2<f64>,
        terms: &[AtWork],
        mass: ArrayViewMut2<f64>,
    ) -> Vec<Handed> {
        each_row(mass, |sample, mass| {
            let relevance = row(&relevance, sample);
            let pieces = each_piece(mass.len(), |units| {
                Piece::of(units.start, &relevance[units.clone()], &mass[units])
            });
            let largest = pieces
                .iter()
                .fold(0.0, |most: f64, piece| most.max(piece.largest));
            let scale = extreme::scale(largest);
            let by = scale.unwrap_or(1.0);
            let are_tame = pieces.iter().all(|piece| piece.tame);
            let stuck: Vec<usize> = pieces.into_iter().flat_map(|piece| piece.stuck).collect();
            let tame = terms.iter().all(|term| is_tame(term.largest[sample]))
                && are_tame
                && (stuck.is_empty() || !self.mass_can_vanish(x, sample));
            write_each_piece(mass, |first, mass| {
                if !tame {
                    return mass.fill(0.0);
                }
                for (mass, &r) in mass.iter_mut().zip(&relevance[first..]) {
                    // Without a branch, for the compiler to vectorise.
                    let s = r / by / *mass;
                    *mass = if *mass == 0.0 { 0.0 } else { s };
                }
            });
            Handed { stuck, scale, tame }
        })
    }

    /// Whether a product of a seed and a weight can be too small for f64, so that a mass of 0 may be none.
    fn mass_can_vanish(&self, x: &[ArrayView2<f64>], sample: usize) -> bool {
        let mut branches = self.branches.iter().zip(x);
        branches.any(|(prepared, x)| {
            (prepared.terms.iter()).any(|term| {
                let values = row(x, sample).iter().enumerate();
                let seeds = values.map(|(i, &x)| term.seed.of(prepared.branch, i, x));
                can_vanish(seeds, prepared.least_weight)
            })
        })
    }

    /// What products could not do for a sample: ends of f64, and pools whose inputs are all 0, which hand on what
    /// they carry in equal parts.
    fn finish(
        &self,
        handed: &mut Handed,
        x: &[ArrayView2<f64>],
        above: &[f64],
        below: &mut [ArrayViewMut2<f64>],
        sample: usize,
    ) {
        if handed.tame && handed.scale.is_none() && handed.stuck.is_empty() {
            return;
        }
        let x: Vec<&[f64]> = x.iter().map(|x| row(x, sample)).collect();
        let mut below: Vec<&mut [f64]> = below
            .iter_mut()
            .map(|below| row_mut(below, sample))
            .collect();
        if !handed.tame {
            let scale = handed.scale.unwrap_or(1.0);
            let above = above.iter().map(|r| r / scale);
            handed.stuck = extreme::hand_down(&self.branches, &x, above, &mut below);
        }
        if let Some(scale) = handed.scale {
            for r in below.iter_mut().flat_map(|below| below.iter_mut()) {
                *r *= scale;
            }
        }
        if self.shares_equally {
            handed
                .stuck
                .retain(|&j| !share_equally(self.layer, j, &x, above[j], &mut below));
        }
    }
}

/// Hands what unit j carries to its inputs in equal parts, if these are all 0 and there is one.
fn share_equally(
    layer: &Layer,
    j: usize,
    x: &[&[f64]],
    carried: f64,
    below: &mut [&mut [f64]],
) -> bool {
    let silent = layer.is_silent(j, x);
    if silent {
        let share = carried / layer.ties(j).count() as f64;
        (layer.ties(j)).for_each(|(branch, tie)| below[branch][tie.input] += share);
    }
    silent
}

/// What some units of a sample show before they are divided.
struct Piece {
    /// The largest |R_j|.
    largest: f64,
    /// Units with relevance and no mass.
    stuck: Vec<usize>,
    /// Whether all masses are 0 or far from the ends of f64.
    tame: bool,
}

impl Piece {
    /// Of the units from the `first` on.
    fn of(first: usize, relevance: &[f64], mass: &[f64]) -> Self {
        let is_stuck = |(&r, &mass): (&f64, &f64)| mass == 0.0 && r != 0.0;
        let units = || relevance.iter().zip(mass);
        let mut stuck = Vec::new();
        if units().fold(false, |any, unit| any | is_stuck(unit)) {
            let units = units().enumerate().filter(|(_, unit)| is_stuck(*unit));
            stuck.extend(units.map(|(j, _)| first + j));
        }
        Self {
            largest: extreme::largest(relevance, |r| r),
            stuck,
            tame: are_tame(mass, relevance),
        }
    }
}

/// How one sample's relevance was handed down by products.
struct Handed {
    /// Units with relevance and no mass.
    stuck: Vec<usize>,
    /// What the sample's relevance was divided by, a power of two; none where it stayed as it is.
    scale: Option<f64>,
    /// Whether every product stayed far from the ends of f64; where not, nothing was handed down yet.
    tame: bool,
}

/// Sample `n` of a batch, to write on.
fn row_mut<'a>(values: &'a mut ArrayViewMut2<f64>, n: usize) -> &'a mut [f64] {
    let units = values.ncols();
    let values = values
        .as_slice_mut()
        .expect("the rows of a batch lie one behind the other");
    &mut values[n * units..(n + 1) * units]
}
