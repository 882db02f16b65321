//! The Taylor expansion behind a rule: root point, first-order terms and remainder of every unit that carries
//! relevance.
//!
//! A unit's relevance is taken as a function of its inputs, `R_j(x) = c_j · max(0, Σ_i x_i w_ij + b_j)` with
//! `c_j = R_j / x_j` held constant (Montavon et al. 2015, section 4). It is expanded at `x̃ = x − t·v`, where
//! `v` is the search direction of the rule and t makes the pre-activation 0; the first-order terms are
//! `c_j w_ij · (x_i − x̃_i)`. Nothing here uses a rule's closed form, so that the two can be held together.

use std::borrow::Cow;

use ndarray::{Array2, ArrayView2};

pub use super::no_root::NoRoot;
use super::plan::Plan;
use super::rule::{Rule, RuleBias};
use crate::network::{
    Domain, Layer, Levels, Network, largest_size, linear::power_of_two_below, sum,
};

/// A root counts as outside of its domain when it is further out than rounding can put it, relative to the
/// size of the values it was computed from.
const ROUNDING: f64 = 1e-12;

/// The expansion of one unit's relevance, in f64 or in fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion<N = f64> {
    /// The levels of the inputs that the unit sees; the vectors below have an entry for each of these.
    pub from: Vec<usize>,
    /// The inputs themselves, each counted on its level.
    pub inputs: Vec<usize>,
    /// `c_j = R_j / x_j`
    pub factor: N,
    /// The search direction v.
    pub direction: Vec<N>,
    /// The root point x̃.
    pub root: Vec<N>,
    /// `∂R_j/∂x_i = c_j w_ij`, one-sided: from where the unit fires.
    pub gradient: Vec<N>,
    /// The first-order terms `∂R_j/∂x_i · (x_i − x̃_i)`.
    pub terms: Vec<N>,
    /// The pre-activation at x.
    pub pre_activation: N,
    /// The pre-activation at x̃: 0 but for rounding.
    pub pre_activation_at_root: N,
    /// `‖x − x̃‖`
    pub distance: f64,
    /// `Σ_i` of the terms.
    pub sum: N,
    /// `ε = R_j − R_j(x̃) − Σ_i` of the terms.
    pub remainder: N,
    /// How many coordinates of the root lie outside of the domain of their input.
    pub outside: usize,
    /// Whether the unit's gradient is the same everywhere between x and x̃.
    pub gradient_constant: bool,
}

/// What the expansions of one level's units come to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LevelExpansion {
    /// Units that carry relevance and have a root.
    pub roots: usize,
    /// Units that carry relevance and have none.
    pub rootless: usize,
    /// Roots with a coordinate outside of its domain.
    pub outside_domain: usize,
    /// The largest difference between what an input gets by the rule and by the expansions of these roots.
    pub largest_difference: f64,
    /// The largest |ε|.
    pub largest_remainder: f64,
}

/// One unit at work: its layer, its weights and what it carries for one sample.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    /// The level of the unit, at least 1.
    pub layer: usize,
    /// The unit on it.
    pub unit: usize,
    /// The values of every level that its layer reads, one a branch.
    pub x: &'a [&'a [f64]],
    /// `R_j`
    pub relevance: f64,
}

/// Expands units.
#[derive(Debug, Clone)]
pub struct Expander<'n> {
    network: &'n Network,
    domains: Vec<Domain>,
    /// The layers, from the input up, each stored in the order in which it is read.
    layers: Vec<Layer>,
    bias: RuleBias,
}

impl<'n> Expander<'n> {
    /// An expander for the units of a network.
    pub fn new(network: &'n Network) -> Self {
        Self {
            network,
            domains: network.domains(),
            layers: network.layers().iter().map(Layer::by_unit).collect(),
            bias: RuleBias::default(),
        }
    }

    /// The same for rules with biases in their denominators, or without.
    #[must_use]
    pub fn with_bias(self, bias: RuleBias) -> Self {
        Self { bias, ..self }
    }

    /// The domain of level `l`.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn domain(&self, l: usize) -> &Domain {
        &self.domains[l]
    }

    /// Expands one unit along the search direction of `rule`, whose box for the inputs is `domain`.
    ///
    /// # Errors
    ///
    /// [`NoRoot`] where there is none.
    ///
    /// # Panics
    ///
    /// When there is no such unit.
    pub fn expand(&self, unit: Unit, rule: Rule, domain: &Domain) -> Result<Expansion, NoRoot> {
        let layer = &self.layers[unit.layer - 1];
        let Seen {
            from,
            inputs,
            x,
            weights,
        } = Seen::by(layer, unit);
        let (bias, activation) = (layer.bias_of(unit.unit), layer.activation());

        let z = bias + dot(&x, &weights);
        if activation.of(z) == 0.0 {
            return Err(NoRoot::Silent);
        }
        if activation.is_saturated(z) {
            return Err(NoRoot::Saturated);
        }
        if self.bias.is_in_denominators(rule) && bias != 0.0 {
            return Err(NoRoot::KeptBias);
        }
        let factor = unit.relevance / activation.of(z);
        let direction = (x.iter().zip(&weights).zip(&inputs))
            .map(|((&x, &w), &i)| rule.direction(x, w, domain.at(i), z < 0.0))
            .collect::<Option<Vec<f64>>>()
            .ok_or_else(|| NoRoot::without_direction(rule))?;
        let difference = step(z, &direction, &weights)?;
        let root: Vec<f64> = x.iter().zip(&difference).map(|(x, d)| x - d).collect();
        let gradient: Vec<f64> = weights.iter().map(|w| factor * w).collect();
        let terms: Vec<f64> = (gradient.iter().zip(&difference))
            .map(|(gradient, d)| gradient * d)
            .collect();
        let z_root = bias + dot(&root, &weights);
        let terms_sum = sum(&terms, |term| term);
        let remainder = unit.relevance - factor * activation.of(z_root) - terms_sum;
        if !(remainder.is_finite() && root.iter().all(|x| x.is_finite())) {
            return Err(NoRoot::Overflow);
        }
        let outside = (x.iter().zip(&difference).zip(from.iter().zip(&inputs)))
            .filter(|((x, d), (from, i))| is_outside(**x, **d, self.domains[**from].at(**i)))
            .count();
        Ok(Expansion {
            from,
            inputs,
            factor,
            distance: norm(&difference),
            direction,
            root,
            gradient,
            terms,
            pre_activation: z,
            pre_activation_at_root: z_root,
            sum: terms_sum,
            remainder,
            outside,
            // The pre-activation is affine on the segment: its gradient changes where it leaves z > 0 for good.
            gradient_constant: !activation.detects()
                || z_root >= 0.0
                || z_root >= -ROUNDING * (size(&x, &weights) + bias.abs() + z),
        })
    }

    /// Expands every unit of one level that carries relevance, along the directions of the plan, and hands each
    /// to `each`; the result says what the units without a root carry instead.
    pub(super) fn level(
        &self,
        plan: &Plan,
        layer: usize,
        x: &[&[f64]],
        relevance: &[f64],
        mut each: impl FnMut(usize, Result<Expansion, NoRoot>),
    ) {
        for (unit, &relevance) in relevance.iter().enumerate() {
            if relevance != 0.0 {
                let unit_at_work = Unit {
                    layer,
                    unit,
                    x,
                    relevance,
                };
                let (rule, domain) = (plan.rule(layer), plan.domain(layer));
                each(unit, self.expand(unit_at_work, rule, domain));
            }
        }
    }

    /// What the expansions of a level's units come to; `by_rule` hands relevance down by the rule's closed form, to every
    /// branch.
    pub(super) fn summary(
        &self,
        plan: &Plan,
        layer: usize,
        x: &[&[f64]],
        relevance: &[f64],
        by_rule: impl FnOnce(ArrayView2<f64>) -> Vec<Array2<f64>>,
    ) -> LevelExpansion {
        let mut summary = LevelExpansion::default();
        let mut rooted = Array2::zeros((1, relevance.len()));
        let sources: Vec<usize> = self.network.layer(layer).sources().collect();
        let mut received: Vec<Vec<f64>> = x.iter().map(|x| vec![0.0; x.len()]).collect();
        self.level(plan, layer, x, relevance, |unit, found| match found {
            Err(_) => summary.rootless += 1,
            Ok(expansion) => {
                rooted[[0, unit]] = relevance[unit];
                summary.roots += 1;
                summary.outside_domain += usize::from(expansion.outside > 0);
                summary.largest_remainder =
                    summary.largest_remainder.max(expansion.remainder.abs());
                let inputs = expansion.from.into_iter().zip(expansion.inputs);
                for ((from, i), term) in inputs.zip(&expansion.terms) {
                    let branch = sources.iter().position(|source| *source == from);
                    received[branch.expect("an input is of a branch")][i] += term;
                }
            }
        });
        let mut expected = by_rule(rooted.view());
        gather(&sources, &mut expected);
        summary.largest_difference = (received.iter().zip(&expected))
            .flat_map(|(received, expected)| received.iter().zip(expected))
            .map(|(received, expected)| (received - expected).abs())
            .fold(0.0, f64::max);
        summary
    }
}

/// What a level gets by several branches, all at the first of these.
fn gather(sources: &[usize], by_branch: &mut [Array2<f64>]) {
    for k in 1..sources.len() {
        let first = sources.iter().position(|source| *source == sources[k]);
        if let Some(first) = first.filter(|first| *first < k) {
            let part = std::mem::take(&mut by_branch[k]);
            by_branch[first] += &part;
            by_branch[k] = Array2::zeros(part.dim());
        }
    }
}

/// What a unit sees at a sample: an entry for each of its inputs.
struct Seen<'a> {
    from: Vec<usize>,
    inputs: Vec<usize>,
    x: Cow<'a, [f64]>,
    weights: Vec<f64>,
}

impl<'a> Seen<'a> {
    fn by(layer: &Layer, unit: Unit<'a>) -> Self {
        if let ([branch], [x]) = (layer.branches(), unit.x) {
            let (inputs, weights): (Vec<usize>, Vec<f64>) = branch.weights_at(unit.unit, x).unzip();
            return Self {
                from: vec![branch.from(); inputs.len()],
                x: values(x, &inputs),
                inputs,
                weights,
            };
        }
        let (mut from, mut inputs) = (Vec::new(), Vec::new());
        let (mut x, mut weights) = (Vec::new(), Vec::new());
        for (branch, values) in layer.branches().iter().zip(unit.x) {
            for (i, w) in branch.weights_at(unit.unit, values) {
                from.push(branch.from());
                inputs.push(i);
                x.push(values[i]);
                weights.push(w);
            }
        }
        Self {
            from,
            inputs,
            x: Cow::Owned(x),
            weights,
        }
    }
}

/// The values of some inputs; a copy only where these, in order, do not lie side by side.
fn values<'a>(x: &'a [f64], inputs: &[usize]) -> Cow<'a, [f64]> {
    match *inputs {
        [first, .., last] if last - first + 1 == inputs.len() => Cow::Borrowed(&x[first..=last]),
        _ => inputs.iter().map(|&i| x[i]).collect(),
    }
}

/// The levels of explanation `n` of a batch, each as the values that every branch reads and the relevance on it.
pub(super) fn steps<'a>(
    network: &'a Network,
    activations: &'a Levels,
    relevance: &'a Levels,
    n: usize,
) -> impl Iterator<Item = (usize, Vec<Vec<f64>>, Vec<f64>)> + 'a {
    let sample = n % activations.samples();
    network.by_level().map(move |(level, layer)| {
        let x = layer
            .sources()
            .map(|from| activations.level(from).row(sample).to_vec());
        let r = relevance.level(level).row(n).to_vec();
        (level, x.collect(), r)
    })
}

/// `x − x̃ = t·v` with `t = z / Σ_i v_i w_i`, v and w scaled by powers of two so that products of values of
/// 1e±200 neither overflow nor vanish.
fn step(z: f64, direction: &[f64], weights: &[f64]) -> Result<Vec<f64>, NoRoot> {
    let scale = |values: &[f64]| power_of_two_below(largest_size(values));
    if direction.iter().any(|v| !v.is_finite()) {
        return Err(NoRoot::Overflow);
    }
    // Powers of two: their reciprocals are exact, and faster than divisions.
    let (of_v, of_w) = (1.0 / scale(direction), 1.0 / scale(weights));
    let products = direction.iter().zip(weights);
    let products: Vec<f64> = products.map(|(v, w)| (v * of_v) * (w * of_w)).collect();
    let slope = sum(&products, |product| product);
    if slope == 0.0 {
        return Err(NoRoot::NoDirection);
    }
    let t = z * of_w / slope;
    Ok(direction.iter().map(|v| t * (v * of_v)).collect())
}

/// Whether `x − d` lies outside of an interval, by more than rounding.
fn is_outside(x: f64, d: f64, [low, high]: [f64; 2]) -> bool {
    let (root, slack) = (x - d, ROUNDING * (x.abs() + d.abs()));
    root < low - slack || root > high + slack
}

/// `Σ_i |x_i w_i|`
fn size(x: &[f64], weights: &[f64]) -> f64 {
    x.iter().zip(weights).map(|(x, w)| (x * w).abs()).sum()
}

/// `‖d‖`, scaled by a power of two so that squares neither overflow nor vanish.
fn norm(d: &[f64]) -> f64 {
    let scale = power_of_two_below(largest_size(d));
    let of_d = 1.0 / scale;
    scale * sum(d, |d| (d * of_d) * (d * of_d)).sqrt()
}

/// `Σ_i a_i b_i`, in eight sums at once.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests;
