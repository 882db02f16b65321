//! The formula: how a level's relevance becomes that of the level below.
//!
//! Every rule is a sum of fractions, each with a factor c and terms `q_ij = Σ_t seed_t(i) · w'_t(i, j)`, so that with the maps' own
//! [`apply`](Frozen::apply) and [`adjoint`](Frozen::adjoint), over the branches k of a layer,
//!
//! ```text
//! mass_j  = Σ_i q_ij                = Σ_k Σ_t apply_kt(seed_kt)_j
//! s_j     = c · R_j / (mass_j + b'_j + ε·sign(mass_j + b'_j))              (0/0 is 0)
//! R_i^(k) = Σ_j q_ij s_j            = Σ_t seed_kt(i) · adjoint_kt(s)_i
//! ```
//!
//! and a level gets the sum over the fractions. b'_j is there where the plan keeps biases, ε where the rule is ε; what they absorb is
//! `Σ_j b'_j s_j` and `Σ_j ε s_j`. A unit that is 0 whatever the network reads has no seed: it is in no mass and gets nothing.
//! Nothing else is ever added to a mass. What happens to a sample is a function of that
//! sample alone, to the last bit: where something is done for some samples of a batch, the others' rows stay as
//! they are.

use ndarray::{ArrayView2, ArrayViewMut2, s};

use super::at_work::{AtWork, add_where, mass_of, matrix};
use super::extreme::{self, are_tame, can_vanish, is_tame};
use super::parts::fitting;
use super::prepared::{PreparedFraction, Redistribution};
use super::term::Units;
use super::units::negative;
use super::withheld::{Handed, Withheld};
use crate::network::{Layer, each_piece, each_row, row, vectorised, write_each_piece};

/// What the layer of a level has at a batch.
#[derive(Clone, Copy)]
pub struct LayerAt<'a> {
    /// The level that it makes.
    pub level: usize,
    /// The values that each branch reads, samples × inputs.
    pub x: &'a [ArrayView2<'a, f64>],
    /// The values that it makes, samples × units; none where they are not at hand.
    pub made: Option<ArrayView2<'a, f64>>,
}

/// A fraction at work on a batch: its terms on the values that each branch reads.
struct FractionAt<'a> {
    fraction: &'a PreparedFraction<'a>,
    x: &'a [ArrayView2<'a, f64>],
    terms: Vec<AtWork<'a>>,
}

/// Buffers for what the formula holds between its steps; grown as needed and used again.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    seeds: Vec<f64>,
    mass: Vec<f64>,
    partial: Vec<f64>,
    /// The denominators of a fraction on their way to s.
    divided: Vec<f64>,
    carried: Vec<f64>,
    /// What one fraction hands to each branch.
    parts: Vec<Vec<f64>>,
}

impl LayerAt<'_> {
    fn samples(&self) -> usize {
        self.x.first().map_or(0, ArrayView2::nrows)
    }
}

impl Redistribution<'_> {
    /// `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j` for every sample of a batch, summed over the fractions.
    ///
    /// `above` is samples × units, or all samples for one target after the other: what is of the activations alone is computed
    /// once. `below` has the part that each branch gets, as many rows × inputs and overwritten. What is not handed on is put to
    /// `withheld`.
    pub fn redistribute(
        &self,
        at: LayerAt,
        above: ArrayView2<f64>,
        below: &mut [ArrayViewMut2<f64>],
        scratch: &mut Scratch,
        withheld: &mut Withheld,
    ) {
        let mut fractions = self.fractions.iter();
        let by_sign = fractions.any(|fraction| fraction.units != Units::All);
        let negative = by_sign.then(|| negative(self.layer, at, above));
        let mut buffer = std::mem::take(&mut scratch.carried);
        for (f, fraction) in self.fractions.iter().enumerate() {
            let mut own;
            let (carried, is_carrying) = match &negative {
                // A rule that asks for the sign has no fraction that does not.
                Some(negative) => {
                    own = matrix(&mut buffer, above.dim());
                    let units = fraction.units;
                    let is_carrying = units.carried(above, negative.view(), own.view_mut());
                    (own.view(), is_carrying)
                }
                None => (above, vec![true; above.nrows()]),
            };
            if f == 0 || is_carrying.contains(&true) {
                self.hand_on(at, f, (carried, &is_carrying), below, scratch, withheld);
            }
        }
        scratch.carried = buffer;
    }

    /// Hands on what units carry by one fraction, target by target: the first fraction overwrites `below`, others add to the rows
    /// in which there is anything to carry.
    fn hand_on(
        &self,
        at: LayerAt,
        f: usize,
        (carried, is_carrying): (ArrayView2<f64>, &[bool]),
        below: &mut [ArrayViewMut2<f64>],
        scratch: &mut Scratch,
        withheld: &mut Withheld,
    ) {
        let (fraction, samples) = (&self.fractions[f], at.samples());
        let at_work = FractionAt {
            fraction,
            x: at.x,
            terms: fraction.at_work(at.x),
        };
        let shape = (samples, carried.ncols());
        let mut mass = matrix(&mut scratch.mass, shape);
        fraction.denominators(
            &at_work.terms,
            mass.view_mut(),
            &mut scratch.seeds,
            &mut scratch.partial,
        );
        for first in (0..carried.nrows()).step_by(samples.max(1)) {
            let rows = s![first..first + samples, ..];
            let target = carried.slice(rows);
            let mut below: Vec<_> = (below.iter_mut()).map(|all| all.slice_mut(rows)).collect();
            let is_last = first + samples == carried.nrows();
            let (kept, mut s) = if is_last {
                // Nothing asks for the denominators again.
                (None, mass.view_mut())
            } else {
                (Some(mass.view()), matrix(&mut scratch.divided, shape))
            };
            let mut handed = fraction.divide(at.x, target, &at_work.terms, kept, s.view_mut());
            let partial = &mut scratch.partial;
            if f == 0 {
                self.spread(&at_work, s.view(), target, &mut handed, &mut below, partial);
            } else {
                let mut parts = fitting(&mut scratch.parts, samples, at.x);
                self.spread(&at_work, s.view(), target, &mut handed, &mut parts, partial);
                for (part, below) in parts.iter().zip(below) {
                    add_where(&is_carrying[first..], part.view(), below);
                }
            }
            withheld.add((at.level, f), first, &handed, target, fraction.factor);
        }
    }

    /// `Σ_j q_ij s_j` of one fraction for every branch, `below` being overwritten, with what products cannot do.
    fn spread(
        &self,
        at_work: &FractionAt,
        s: ArrayView2<f64>,
        carried: ArrayView2<f64>,
        handed: &mut [Handed],
        below: &mut [ArrayViewMut2<f64>],
        partial: &mut Vec<f64>,
    ) {
        let mut started = vec![false; below.len()];
        for term in &at_work.terms {
            let below = below[term.branch].view_mut();
            if !std::mem::replace(&mut started[term.branch], true) {
                term.hand_on(s, below);
            } else if term.has_seeds.contains(&true) {
                let mut part = matrix(partial, term.x.dim());
                term.hand_on(s, part.view_mut());
                add_where(&term.has_seeds, part.view(), below);
            }
        }
        for (sample, handed) in handed.iter_mut().enumerate() {
            self.finish(at_work, handed, row(&carried, sample), below, sample);
        }
    }

    /// What products could not do for a sample: ends of f64, and pools whose inputs are all 0, which hand on what
    /// they carry in equal parts.
    fn finish(
        &self,
        at_work: &FractionAt,
        handed: &mut Handed,
        above: &[f64],
        below: &mut [ArrayViewMut2<f64>],
        sample: usize,
    ) {
        if handed.tame && handed.scale.is_none() && handed.stuck.is_empty() {
            return;
        }
        let fraction = at_work.fraction;
        let x: Vec<&[f64]> = at_work.x.iter().map(|x| row(x, sample)).collect();
        let mut below: Vec<&mut [f64]> = below
            .iter_mut()
            .map(|below| row_mut(below, sample))
            .collect();
        let scale = handed.scale.unwrap_or(1.0);
        if !handed.tame {
            let above = above.iter().map(|r| fraction.factor * (r / scale));
            (handed.stuck, handed.absorbed) = extreme::hand_down(fraction, &x, above, &mut below);
        }
        if handed.scale.is_some() {
            for r in below.iter_mut().flat_map(|below| below.iter_mut()) {
                *r *= scale;
            }
            handed.absorbed = handed.absorbed.map(|absorbed| absorbed * scale);
        }
        if self.shares_equally {
            handed
                .stuck
                .retain(|&j| !share_equally(self.layer, j, &x, above[j], &mut below));
        }
    }
}

impl PreparedFraction<'_> {
    /// `mass_j + b'_j ± ε` of every sample.
    fn denominators(
        &self,
        terms: &[AtWork],
        mut mass: ArrayViewMut2<f64>,
        seeds: &mut Vec<f64>,
        partial: &mut Vec<f64>,
    ) {
        match &self.constant_mass {
            Some(constant) => {
                let rows = mass.rows_mut().into_iter();
                rows.for_each(|mut row| row.assign(constant));
            }
            None => mass_of(terms, mass.view_mut(), seeds, partial),
        }
        if let Some(added) = &self.added {
            each_row(mass, |_, mass| added.add_to(mass));
        }
    }

    /// `s_j = c · R_j / (mass_j + b'_j ± ε)` in place of the denominators, or of what `denominators` held where these are `kept`
    /// for further targets; 0/0 is 0, and a unit with R ≠ 0 over 0 is stuck.
    fn divide(
        &self,
        x: &[ArrayView2<f64>],
        relevance: ArrayView2<f64>,
        terms: &[AtWork],
        kept: Option<ArrayView2<f64>>,
        denominators: ArrayViewMut2<f64>,
    ) -> Vec<Handed> {
        each_row(denominators, |sample, denominator| {
            let relevance = row(&relevance, sample);
            if let Some(kept) = &kept {
                denominator.copy_from_slice(row(kept, sample));
            }
            let pieces = each_piece(denominator.len(), |units| {
                Piece::of(units.start, &relevance[units.clone()], &denominator[units])
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
                && self.added.as_ref().is_none_or(|added| added.tame)
                && (stuck.is_empty() || !self.mass_can_vanish(x, sample));
            let s = |r: f64, denominator: f64| self.factor * (r / by) / denominator;
            // Of what is not tame it is found anew, unit by unit.
            let absorbed = self
                .added
                .as_ref()
                .map_or([0.0; 2], |added| added.absorbed(relevance, denominator, s));
            write_each_piece(denominator, |first, denominator| {
                if !tame {
                    return denominator.fill(0.0);
                }
                vectorised(
                    #[inline(always)]
                    || {
                        for (to, &r) in denominator.iter_mut().zip(&relevance[first..]) {
                            // Without a branch, for the compiler to vectorise.
                            let s = s(r, *to);
                            *to = if *to == 0.0 { 0.0 } else { s };
                        }
                    },
                );
            });
            Handed {
                stuck,
                absorbed,
                scale,
                tame,
            }
        })
    }

    /// Whether a product of a seed and a weight can be too small for f64, so that a mass of 0 may be none.
    fn mass_can_vanish(&self, x: &[ArrayView2<f64>], sample: usize) -> bool {
        let mut branches = self.branches.iter().zip(x);
        branches.any(|(prepared, x)| {
            (prepared.terms.iter()).any(|term| {
                let values = row(x, sample).iter().enumerate();
                let seeds = values.map(|(i, &x)| term.seed.of(prepared.branch, i, x));
                can_vanish(seeds, term.least_weight)
            })
        })
    }
}

/// Hands what unit j is_carrying to its inputs in equal parts, if these are all 0 and there is one.
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
        let is_stuck = |(&r, &mass): (&f64, &f64)| (mass == 0.0) & (r != 0.0);
        let units = || relevance.iter().zip(mass);
        let mut stuck = Vec::new();
        let any_stuck = vectorised(
            #[inline(always)]
            || units().fold(false, |any, unit| any | is_stuck(unit)),
        );
        if any_stuck {
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

/// Sample `n` of a batch, to write on.
fn row_mut<'a>(values: &'a mut ArrayViewMut2<f64>, n: usize) -> &'a mut [f64] {
    let units = values.ncols();
    let values = values
        .as_slice_mut()
        .expect("the rows of a batch lie one behind the other");
    &mut values[n * units..(n + 1) * units]
}
