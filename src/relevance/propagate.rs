//! The formula: how a level's relevance becomes that of the level below.
//!
//! Every rule is a sum of terms `q_ij = Σ_t seed_t(i) · w'_t(i, j)`, so that with the maps' own
//! [`apply`](Linear::apply) and [`adjoint`](Linear::adjoint)
//!
//! ```text
//! mass_j = Σ_i q_ij                = Σ_t apply_t(seed_t)_j
//! s_j    = R_j / mass_j              (0/0 is 0)
//! R_i    = Σ_j q_ij s_j            = Σ_t seed_t(i) · adjoint_t(s)_i
//! ```
//!
//! The bias is in none of it, and nothing is ever added to a mass.

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};

use super::rule::{Rule, Seed};
use crate::network::{Bounds, Layer, Linear, Reweighing, each_row, each_sample, row};

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
pub struct Redistribution {
    terms: Vec<(Seed, Linear)>,
    /// `mass_j` of a rule that does not look at the activations.
    constant_mass: Option<Array1<f64>>,
    /// What a pool does whose inputs are all 0: it shares equally.
    silent_pool: Option<Box<Redistribution>>,
}

/// Room for what the formula holds between its steps; grown as needed and used again.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    seeds: Vec<f64>,
    mass: Vec<f64>,
    partial: Vec<f64>,
}

impl Redistribution {
    /// Prepares a rule for a layer; `signed` says whether its inputs may be negative.
    pub fn new(layer: &Layer, rule: Rule, signed: bool, domain: Option<&Bounds>) -> Self {
        let prepare =
            |(seed, reweighing): (Seed, Reweighing)| (seed, layer.linear().reweighed(reweighing));
        let mut prepared = Self::of_terms(
            rule.terms(signed, domain)
                .into_iter()
                .map(prepare)
                .collect(),
        );
        if layer.is_pool() {
            prepared.silent_pool = Some(Box::new(Self::of_terms(vec![(
                Seed::One,
                layer.linear().clone(),
            )])));
        }
        prepared
    }

    fn of_terms(terms: Vec<(Seed, Linear)>) -> Self {
        let constant_mass = terms
            .iter()
            .all(|(seed, _)| seed.is_constant())
            .then(|| constant_mass(&terms));
        Self {
            terms,
            constant_mass,
            silent_pool: None,
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
        let terms = self.terms_with_seeds(x);
        let mut s = room(mass, above.dim());
        match &self.constant_mass {
            Some(mass) => s
                .rows_mut()
                .into_iter()
                .for_each(|mut row| row.assign(mass)),
            None => mass_of(&terms, x, s.view_mut(), seeds, partial),
        }
        let mut stuck = divide(layer, above, s.view_mut());
        for (t, (seed, map)) in terms.into_iter().enumerate() {
            if t == 0 {
                map.adjoint(s.view(), below.view_mut());
                weigh(seed, x, below.view_mut());
            } else {
                let mut part = room(partial, x.dim());
                map.adjoint(s.view(), part.view_mut());
                weigh(seed, x, part.view_mut());
                below += &part;
            }
        }
        if !stuck.is_empty() {
            self.share_equally(x, below, &mut stuck);
            stranded.append(&mut stuck);
        }
    }

    /// The terms that add anything for these activations; the first one always.
    fn terms_with_seeds(&self, x: ArrayView2<f64>) -> Vec<&(Seed, Linear)> {
        let terms = self.terms.iter().enumerate();
        terms
            .filter(|(t, (seed, _))| *t == 0 || any_seed(seed, x))
            .map(|(_, term)| term)
            .collect()
    }

    /// Hands the relevance of pools whose inputs are all 0 to these in equal parts, and leaves in `stuck`
    /// what no pool can take.
    fn share_equally(
        &self,
        x: ArrayView2<f64>,
        mut below: ArrayViewMut2<f64>,
        stuck: &mut Vec<Stranded>,
    ) {
        let (Some(equal), Some((_, map))) = (&self.silent_pool, self.terms.first()) else {
            return;
        };
        let mut scratch = Scratch::default();
        stuck.retain(|unit| {
            let row = x.row(unit.sample);
            let silent = row
                .as_slice()
                .is_some_and(|row| map.field(unit.unit, row).iter().all(|&x| x == 0.0));
            if silent {
                let mut above = Array2::zeros((1, map.outputs()));
                above[[0, unit.unit]] = unit.relevance;
                let mut share = Array2::zeros((1, map.inputs()));
                let x = x.slice(s![unit.sample..=unit.sample, ..]);
                equal.redistribute(
                    unit.layer,
                    x,
                    above.view(),
                    share.view_mut(),
                    &mut scratch,
                    &mut Vec::new(),
                );
                let mut below = below.row_mut(unit.sample);
                below += &share.row(0);
            }
            !silent
        });
    }
}

/// `s_j = R_j / mass_j` in the place of the mass; 0/0 is 0, and a unit with R ≠ 0 and no mass is returned.
///
/// A mass beyond f64 becomes NaN, which the levels below cannot hide.
fn divide(layer: usize, relevance: ArrayView2<f64>, mass: ArrayViewMut2<f64>) -> Vec<Stranded> {
    let stuck = each_row(mass, |sample, mass| {
        let relevance = row(&relevance, sample);
        let is_stuck = |(&r, &mass): (&f64, &f64)| mass == 0.0 && r != 0.0;
        let mut stuck = Vec::new();
        if relevance
            .iter()
            .zip(&*mass)
            .fold(false, |any, unit| any | is_stuck(unit))
        {
            let units = relevance
                .iter()
                .zip(&*mass)
                .enumerate()
                .filter(|(_, unit)| is_stuck(*unit));
            stuck.extend(units.map(|(unit, (&relevance, _))| Stranded {
                sample,
                layer,
                unit,
                relevance,
            }));
        }
        for (mass, &r) in mass.iter_mut().zip(relevance) {
            // 0·∞ is NaN, and 0·m is 0 for every other m.
            *mass = if *mass == 0.0 {
                0.0
            } else {
                r / *mass + 0.0 * *mass
            };
        }
        stuck
    });
    stuck.into_iter().flatten().collect()
}

/// The mass of terms whose seeds are the same for every sample.
fn constant_mass(terms: &[(Seed, Linear)]) -> Array1<f64> {
    let Some((_, map)) = terms.first() else {
        return Array1::zeros(0);
    };
    let (x, mut mass) = (
        Array2::zeros((1, map.inputs())),
        Array2::zeros((1, map.outputs())),
    );
    let terms: Vec<_> = terms.iter().collect();
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
    terms: &[&(Seed, Linear)],
    x: ArrayView2<f64>,
    mut mass: ArrayViewMut2<f64>,
    seeds: &mut Vec<f64>,
    partial: &mut Vec<f64>,
) {
    for (t, (seed, map)) in terms.iter().enumerate() {
        if t == 0 {
            apply_to_seeds(seed, map, x, mass.view_mut(), seeds);
        } else {
            let mut part = room(partial, mass.dim());
            apply_to_seeds(seed, map, x, part.view_mut(), seeds);
            mass += &part;
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
    let mut seeds = room(seeds, x.dim());
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

/// Whether a seed is anything but 0 in the batch: a term without seeds adds nothing.
fn any_seed(seed: &Seed, x: ArrayView2<f64>) -> bool {
    let any = each_sample(x.nrows(), x.len(), |sample| {
        row(&x, sample)
            .iter()
            .enumerate()
            .fold(false, |any, (i, &x)| any | (seed.at(i, x) != 0.0))
    });
    any.into_iter().any(|any| any)
}

/// A matrix in a buffer that grows as needed.
fn room(buffer: &mut Vec<f64>, (rows, columns): (usize, usize)) -> ArrayViewMut2<'_, f64> {
    let values = rows * columns;
    if buffer.len() < values {
        buffer.resize(values, 0.0);
    }
    ArrayViewMut2::from_shape((rows, columns), &mut buffer[..values])
        .expect("the slice has rows × columns values")
}
