//! The formula: how a level's relevance becomes that of the level below.
//!
//! Every rule is a sum of terms `q_ij = Σ_t seed_t(i) · w'_t(i, j)`, so that with the maps' own
//! [`apply`](Linear::apply) and [`adjoint`](crate::network::linear::Frozen::adjoint)
//!
//! ```text
//! mass_j = Σ_i q_ij                = Σ_t apply_t(seed_t)_j
//! s_j    = R_j / mass_j              (0/0 is 0)
//! R_i    = Σ_j q_ij s_j            = Σ_t seed_t(i) · adjoint_t(s)_i
//! ```
//!
//! The bias is in none of it, and nothing is ever added to a mass. What happens to a sample is a function of that
//! sample alone, to the last bit: where something is done for some samples of a batch, the others' rows stay as
//! they are.

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis};

use super::extreme::{self, are_tame, can_vanish, is_tame, largest};
use super::rule::Rule;
use super::term::Seed;
use crate::network::{Domain, Layer, Linear, each_row, each_sample, linear::Reweighing, row};

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
    linear: &'n Linear,
    terms: Vec<Prepared>,
    /// `mass_j` of a rule that does not look at the activations.
    constant_mass: Option<Array1<f64>>,
    /// The smallest weight beside the largest of its unit: how soon a mass can vanish.
    least_weight: f64,
    /// Whether units whose inputs are all 0 share equally.
    pool: bool,
}

/// One term of `q_ij`.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub seed: Seed,
    pub reweighing: Reweighing,
    map: Linear,
}

/// Buffers for what the formula holds between its steps; grown as needed and used again.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    seeds: Vec<f64>,
    mass: Vec<f64>,
    partial: Vec<f64>,
}

impl<'n> Redistribution<'n> {
    /// Prepares a rule for a layer; `signed` says whether its inputs may be negative.
    pub fn new(layer: &'n Layer, rule: Rule, signed: bool, domain: &Domain) -> Self {
        let linear = layer.linear();
        let term = |(seed, reweighing)| Prepared {
            seed,
            reweighing,
            map: linear.reweighed(reweighing),
        };
        let terms: Vec<Prepared> = rule.terms(signed, domain).into_iter().map(term).collect();
        Self {
            constant_mass: (terms.iter())
                .all(|term| term.seed.is_constant())
                .then(|| constant_mass(&terms)),
            terms,
            linear,
            least_weight: linear.least_weight(),
            pool: !layer.has_weights(),
        }
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

    /// `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j` for every sample of a batch.
    ///
    /// `x` is samples × inputs, `above` samples × units, `below` samples × inputs and overwritten. What a unit
    /// of level `layer` cannot hand on is put to `stranded`.
    pub fn redistribute(
        &self,
        layer: usize,
        x: ArrayView2<f64>,
        above: ArrayView2<f64>,
        mut below: ArrayViewMut2<f64>,
        scratch: &mut Scratch,
        stranded: &mut Vec<Stranded>,
    ) {
        let Scratch {
            seeds,
            mass,
            partial,
        } = scratch;
        let seeded: Vec<_> = (self.terms.iter())
            .map(|term| largest_seeds(&term.seed, x))
            .collect();
        let terms: Vec<_> = self.terms.iter().zip(&seeded).collect();
        let mut s = matrix(mass, above.dim());
        match &self.constant_mass {
            Some(mass) => s
                .rows_mut()
                .into_iter()
                .for_each(|mut row| row.assign(mass)),
            None => mass_of(&terms, x, s.view_mut(), seeds, partial),
        }
        let mut handed = self.divide(x, above, &seeded, s.view_mut());
        for (t, (term, seeds)) in terms.iter().enumerate() {
            if t == 0 {
                (term.map.at(x, None)).adjoint(s.view(), below.view_mut());
                weigh(&term.seed, x, below.view_mut());
            } else if seeds.iter().any(|&seed| seed > 0.0) {
                let mut part = matrix(partial, x.dim());
                (term.map.at(x, None)).adjoint(s.view(), part.view_mut());
                weigh(&term.seed, x, part.view_mut());
                add_where(seeds, part.view(), below.view_mut());
            }
        }
        for (sample, handed) in handed.iter_mut().enumerate() {
            self.finish(
                handed,
                row(&x, sample),
                row(&above, sample),
                &mut below,
                sample,
            );
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
        x: ArrayView2<f64>,
        relevance: ArrayView2<f64>,
        seeded: &[Vec<f64>],
        mass: ArrayViewMut2<f64>,
    ) -> Vec<Handed> {
        each_row(mass, |sample, mass| {
            let relevance = row(&relevance, sample);
            let scale = extreme::scale(relevance);
            let by = scale.unwrap_or(1.0);
            let units = || relevance.iter().zip(&*mass);
            let is_stuck = |(&r, &mass): (&f64, &f64)| mass == 0.0 && r != 0.0;
            let mut stuck = Vec::new();
            if units().fold(false, |any, unit| any | is_stuck(unit)) {
                let units = units().enumerate().filter(|(_, unit)| is_stuck(*unit));
                stuck.extend(units.map(|(j, _)| j));
            }
            let tame = seeded.iter().all(|largest| is_tame(largest[sample]))
                && are_tame(mass, relevance)
                && (stuck.is_empty() || !self.mass_can_vanish(row(&x, sample)));
            for (mass, &r) in mass.iter_mut().zip(relevance) {
                *mass = if *mass == 0.0 || !tame {
                    0.0
                } else {
                    r / by / *mass
                };
            }
            Handed { stuck, scale, tame }
        })
    }

    /// Whether a product of a seed and a weight can be too small for f64, so that a mass of 0 may be none.
    fn mass_can_vanish(&self, x: &[f64]) -> bool {
        (self.terms.iter()).any(|term| {
            let seeds = x.iter().enumerate().map(|(i, &x)| term.seed.at(i, x));
            can_vanish(seeds, self.least_weight)
        })
    }

    /// What products could not do for a sample: ends of f64, and pools whose inputs are all 0, which hand on what
    /// they carry in equal parts.
    fn finish(
        &self,
        handed: &mut Handed,
        x: &[f64],
        above: &[f64],
        below: &mut ArrayViewMut2<f64>,
        sample: usize,
    ) {
        if handed.tame && handed.scale.is_none() && handed.stuck.is_empty() {
            return;
        }
        let mut below = below.row_mut(sample);
        let below = below
            .as_slice_mut()
            .expect("the rows of a batch lie one behind the other");
        if !handed.tame {
            let scale = handed.scale.unwrap_or(1.0);
            let above = above.iter().map(|r| r / scale);
            handed.stuck = extreme::hand_down(self.linear, &self.terms, x, above, below);
        }
        if let Some(scale) = handed.scale {
            for r in below.iter_mut() {
                *r *= scale;
            }
        }
        if self.pool {
            handed.stuck.retain(|&j| {
                let silent = self.linear.is_silent(j, x);
                if silent {
                    let share = above[j] / self.linear.ties(j).count() as f64;
                    (self.linear.ties(j)).for_each(|tie| below[tie.input] += share);
                }
                !silent
            });
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

/// For each sample, the size of its largest seed.
fn largest_seeds(seed: &Seed, x: ArrayView2<f64>) -> Vec<f64> {
    if seed.is_constant() {
        return vec![1.0; x.nrows()];
    }
    each_sample(x.nrows(), x.len(), |sample| {
        let x = row(&x, sample);
        match seed {
            Seed::One => 1.0,
            Seed::Activation => largest(x, |x| x),
            Seed::PositivePart => largest(x, |x| x.max(0.0)),
            Seed::NegativePart => largest(x, |x| x.min(0.0)),
            Seed::AboveLow(_) | Seed::BelowHigh(_) => {
                let seeds = x.iter().enumerate().map(|(i, &x)| seed.at(i, x).abs());
                seeds.fold(0.0, f64::max)
            }
        }
    })
}

/// Adds the rows of the samples that have seeds: what is done for one sample must not show in another.
fn add_where(largest_seeds: &[f64], part: ArrayView2<f64>, to: ArrayViewMut2<f64>) {
    each_row(to, |sample, to| {
        if largest_seeds[sample] > 0.0 {
            let part = row(&part, sample);
            to.iter_mut().zip(part).for_each(|(to, part)| *to += part);
        }
    });
}

/// The mass of terms whose seeds are the same for every sample.
fn constant_mass(terms: &[Prepared]) -> Array1<f64> {
    let Some(Prepared { map, .. }) = terms.first() else {
        return Array1::zeros(0);
    };
    let (x, mut mass) = (
        Array2::zeros((1, map.inputs())),
        Array2::zeros((1, map.outputs())),
    );
    let seeds = vec![1.0];
    let terms: Vec<_> = terms.iter().map(|term| (term, &seeds)).collect();
    mass_of(
        &terms,
        x.view(),
        mass.view_mut(),
        &mut Vec::new(),
        &mut Vec::new(),
    );
    mass.remove_axis(Axis(0))
}

/// `mass_j = Σ_t Σ_i seed_t(i) · w'_t(i, j)`.
fn mass_of(
    terms: &[(&Prepared, &Vec<f64>)],
    x: ArrayView2<f64>,
    mut mass: ArrayViewMut2<f64>,
    seeds: &mut Vec<f64>,
    partial: &mut Vec<f64>,
) {
    for (t, (Prepared { seed, map, .. }, largest)) in terms.iter().enumerate() {
        if t == 0 {
            apply_to_seeds(seed, map, x, mass.view_mut(), seeds);
        } else if largest.iter().any(|&seed| seed > 0.0) {
            let mut part = matrix(partial, mass.dim());
            apply_to_seeds(seed, map, x, part.view_mut(), seeds);
            add_where(largest, part.view(), mass.view_mut());
        }
    }
}

/// `apply_t(seed_t)`
fn apply_to_seeds(
    seed: &Seed,
    map: &Linear,
    x: ArrayView2<f64>,
    into: ArrayViewMut2<f64>,
    seeds: &mut Vec<f64>,
) {
    if *seed == Seed::Activation {
        return map.apply(x, into);
    }
    let mut seeds = matrix(seeds, x.dim());
    each_row(seeds.view_mut(), |sample, seeds| {
        let x = row(&x, sample);
        seeds
            .iter_mut()
            .zip(x)
            .enumerate()
            .for_each(|(i, (to, &x))| *to = seed.at(i, x));
    });
    map.apply(seeds.view(), into);
}

/// Multiplies by the seeds: the last step of the formula.
fn weigh(seed: &Seed, x: ArrayView2<f64>, values: ArrayViewMut2<f64>) {
    if *seed != Seed::One {
        each_row(values, |sample, values| {
            let x = row(&x, sample);
            values
                .iter_mut()
                .zip(x)
                .enumerate()
                .for_each(|(i, (value, &x))| *value *= seed.at(i, x));
        });
    }
}

/// A matrix in a buffer that grows as needed.
fn matrix(buffer: &mut Vec<f64>, shape: (usize, usize)) -> ArrayViewMut2<'_, f64> {
    let values = shape.0 * shape.1;
    if buffer.len() < values {
        buffer.resize(values, 0.0);
    }
    ArrayViewMut2::from_shape(shape, &mut buffer[..values])
        .expect("the slice has rows × columns values")
}
