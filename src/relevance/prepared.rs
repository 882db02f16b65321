//! A rule on a layer, prepared once and used for every batch: the reweighed maps, and the mass where no sample can change it.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::at_work::{AtWork, largest_seeds, mass_of};
use super::extreme::is_tame;
use super::plan::Plan;
use super::rule::{Rule, RuleBias};
use super::term::{Fraction, Seed, Units};
use crate::network::{
    Branch, Layer, each_piece,
    linear::{Reweighed, Reweighing},
    write_each_piece,
};

/// The rule of one layer: a sum of fractions.
#[derive(Debug, Clone)]
pub struct Redistribution<'n> {
    pub(super) layer: &'n Layer,
    pub(super) fractions: Vec<PreparedFraction<'n>>,
    /// Whether units whose inputs are all 0 share equally.
    pub(super) shares_equally: bool,
}

/// One fraction of a rule on a layer.
#[derive(Debug, Clone)]
pub(super) struct PreparedFraction<'n> {
    pub factor: f64,
    pub units: Units,
    pub branches: Vec<PreparedBranch<'n>>,
    /// What is in the denominators besides `Σ_i' q_i'j`; none where nothing is.
    pub added: Option<Added>,
    /// `mass_j` of a rule that does not look at the activations.
    pub constant_mass: Option<Array1<f64>>,
}

/// A fraction on one branch of a layer.
#[derive(Debug, Clone)]
pub(super) struct PreparedBranch<'n> {
    pub branch: &'n Branch,
    pub terms: Vec<Prepared<'n>>,
}

/// One term of `q_ij`.
#[derive(Debug, Clone)]
pub(super) struct Prepared<'n> {
    pub seed: Seed,
    pub reweighing: Reweighing,
    /// What stands in place of the smallest weight, beside the largest of its unit: how soon a mass can vanish.
    pub least_weight: f64,
    map: Reweighed<'n>,
}

/// What is in a denominator besides the mass, for each unit or for so many that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Added {
    /// `b'_j` and `ε`, as they are.
    plain: Vec<[f64; 2]>,
    /// The same beside the reweighed maps, whose weights are multiplied by a power of two for each unit.
    scaled: Vec<[f64; 2]>,
    /// How many units each is for.
    each: usize,
    /// Whether all are 0 or far from the ends of f64.
    pub tame: bool,
}

impl Added {
    /// Of a fraction on a layer; none where it adds nothing.
    fn new(fraction: &Fraction, layer: &Layer, bias: RuleBias) -> Option<Self> {
        let kept = fraction.with_bias && bias == RuleBias::Keep && !layer.bias().is_empty();
        if !kept && fraction.epsilon == 0.0 {
            return None;
        }
        // Branches of one layer have units of one scale: additions leave theirs as they are.
        let of_units = layer.linear().unit_scales();
        let entries = if kept {
            layer.bias().len().max(of_units.len())
        } else {
            of_units.len()
        };
        let each = layer.units() / entries;
        let units_per_scale = layer.units() / of_units.len();
        let plain = (0..entries).map(|k| {
            let b = if kept {
                fraction.share_of_bias(layer.bias_of(k * each))
            } else {
                0.0
            };
            [b, fraction.epsilon]
        });
        let plain: Vec<[f64; 2]> = plain.collect();
        let scaled = plain.iter().enumerate().map(|(k, added)| {
            let scale = of_units[k * each / units_per_scale];
            added.map(|part| part * scale)
        });
        let scaled: Vec<[f64; 2]> = scaled.collect();
        let kept_whole = |(plain, scaled): (&[f64; 2], &[f64; 2])| {
            (0..2).all(|k| is_tame(scaled[k]) && (scaled[k] == 0.0) == (plain[k] == 0.0))
        };
        Some(Self {
            tame: plain.iter().zip(&scaled).all(kept_whole),
            plain,
            scaled,
            each,
        })
    }

    /// `b'_j` and ε of unit j, as they are.
    pub fn plain(&self, j: usize) -> [f64; 2] {
        self.plain[j / self.each]
    }

    /// The same beside the mass of reweighed maps.
    pub fn scaled(&self, j: usize) -> [f64; 2] {
        self.scaled[j / self.each]
    }

    /// The same, ε with the sign of mass and bias together: sign(0) is +.
    pub fn beside(&self, j: usize, mass: f64) -> [f64; 2] {
        let [bias, epsilon] = self.scaled(j);
        [bias, if mass + bias < 0.0 { -epsilon } else { epsilon }]
    }

    /// Makes the masses of a sample its denominators.
    pub fn add_to(&self, mass: &mut [f64]) {
        write_each_piece(mass, |first, mass| {
            for (j, mass) in (first..).zip(mass) {
                let [bias, epsilon] = self.beside(j, *mass);
                *mass = *mass + bias + epsilon;
            }
        });
    }

    /// What the biases and ε of a sample absorb.
    pub fn absorbed(
        &self,
        relevance: &[f64],
        denominator: &[f64],
        s: impl Fn(f64, f64) -> f64 + Sync + Send,
    ) -> [f64; 2] {
        let pieces = each_piece(denominator.len(), |units| {
            let mut absorbed = [0.0; 2];
            for j in units.filter(|&j| denominator[j] != 0.0) {
                let s = s(relevance[j], denominator[j]);
                // The denominator has the sign of mass and bias together.
                let [bias, epsilon] = self.scaled(j);
                absorbed[0] += bias * s;
                absorbed[1] += epsilon.copysign(denominator[j]) * s;
            }
            absorbed
        });
        let sum = |k: usize| pieces.iter().fold(0.0, |sum, piece| sum + piece[k]);
        [sum(0), sum(1)]
    }
}

impl<'n> Redistribution<'n> {
    /// Prepares the rule that a plan has for the layer of a level.
    pub fn new(plan: &Plan<'n>, level: usize) -> Self {
        let (network, rule) = (plan.network(), plan.rule(level));
        let layer = network.layer(level);
        let by_branch = layer.branches().iter().map(|branch| {
            let signed = network.can_be_negative(branch.from());
            rule.fractions(signed, plan.domain(level))
        });
        let by_branch: Vec<Vec<Fraction>> = by_branch.collect();
        let prepared = (0..by_branch[0].len()).map(|f| {
            let terms = by_branch.iter().map(|fractions| &fractions[f]);
            PreparedFraction::new(layer, terms, rule, plan.rule_bias())
        });
        Self {
            layer,
            fractions: prepared.collect(),
            shares_equally: network.shares_in_proportion(level),
        }
    }

    /// Whether the rule hands on the same shares whatever the activations are: a fixed linear map.
    pub fn is_fixed(&self) -> bool {
        let mut fractions = self.fractions.iter();
        fractions.all(|fraction| fraction.constant_mass.is_some())
    }
}

impl<'n> PreparedFraction<'n> {
    /// A fraction of a rule on a layer; `by_branch` has it for each branch.
    fn new<'f>(
        layer: &'n Layer,
        by_branch: impl Iterator<Item = &'f Fraction>,
        rule: Rule,
        bias: RuleBias,
    ) -> Self {
        let by_branch: Vec<&Fraction> = by_branch.collect();
        let own = by_branch[0];
        let branches = layer.branches().iter().zip(&by_branch);
        let mut prepared = Self {
            factor: own.factor,
            units: own.units,
            added: Added::new(own, layer, bias),
            branches: branches
                .map(|(branch, fraction)| PreparedBranch::new(branch, fraction))
                .collect(),
            constant_mass: None,
        };
        prepared.constant_mass = rule
            .is_fixed()
            .then(|| prepared.mass_of_nothing(layer.units()));
        prepared
    }

    /// The mass of a rule that asks for the shape of the activations alone.
    fn mass_of_nothing(&self, units: usize) -> Array1<f64> {
        let nothing =
            |prepared: &PreparedBranch| Array2::zeros((1, prepared.branch.map().inputs()));
        let x: Vec<Array2<f64>> = self.branches.iter().map(nothing).collect();
        let x: Vec<_> = x.iter().map(|x| x.view()).collect();
        let mut mass = Array2::zeros((1, units));
        let (mut seeds, mut partial) = (Vec::new(), Vec::new());
        mass_of(&self.at_work(&x), mass.view_mut(), &mut seeds, &mut partial);
        mass.remove_axis(Axis(0))
    }

    /// The terms of all branches, for a batch whose values every branch reads are `x`.
    pub fn at_work<'r>(&'r self, x: &[ArrayView2<'r, f64>]) -> Vec<AtWork<'r>> {
        let branches = self.branches.iter().zip(x).enumerate();
        let terms = branches.flat_map(|(branch, (prepared, &x))| {
            let source = prepared.branch;
            prepared.terms.iter().map(move |term| {
                let largest = largest_seeds(&term.seed, x);
                AtWork {
                    branch,
                    source,
                    seed: &term.seed,
                    map: term.map.at(x, source.constants()),
                    x,
                    has_seeds: largest.iter().map(|&seed| seed > 0.0).collect(),
                    largest,
                }
            })
        });
        terms.collect()
    }
}

impl<'n> PreparedBranch<'n> {
    fn new(branch: &'n Branch, fraction: &Fraction) -> Self {
        let least = branch.map().least_weight();
        let term = |(seed, reweighing): &(Seed, Reweighing)| Prepared {
            seed: seed.clone(),
            reweighing: *reweighing,
            least_weight: match reweighing {
                Reweighing::Squared => least * least,
                _ => least,
            },
            map: branch.map().prepared(*reweighing),
        };
        Self {
            branch,
            terms: fraction.terms.iter().map(term).collect(),
        }
    }
}
