//! Activations and relevance without rounding, in the order of the definitions.

use super::audit::{ExactLevel, cause, levels, outside, shares_equally};
use super::network::{ExactNetwork, Layer, Unit};
use super::number::{Number, Total};
use crate::relevance::{Cause, Rule, Target};

/// The exact explanation of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Exact {
    /// The explained output, or none for all together.
    pub output: Option<usize>,
    /// The outputs that are the largest together, where the largest is explained and there are several.
    pub tied: Vec<usize>,
    /// The inputs that lie outside of their bounds.
    pub outside_bounds: Vec<usize>,
    /// `f(x)`
    pub value: Number,
    /// The activations of every level, input first.
    pub activations: Vec<Vec<Number>>,
    /// The relevance of every level, input first.
    pub relevance: Vec<Vec<Number>>,
    /// What could not be handed on, from the output down.
    pub lost: Vec<ExactLoss>,
    /// What the audit finds besides of every level, input first.
    pub levels: Vec<ExactLevel>,
}

/// Relevance that a unit could hand to none of its inputs.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactLoss {
    /// The level of the unit.
    pub layer: usize,
    /// The unit.
    pub unit: usize,
    /// How much it carries.
    pub relevance: Number,
    /// Why.
    pub cause: Cause,
}

/// Explains one sample; `rules` has one rule a layer.
///
/// # Panics
///
/// When the sample has not as many values as the network has inputs, or there are fewer rules than layers.
pub fn explain(network: &ExactNetwork, rules: &[Rule], x: &[Number], target: Target) -> Exact {
    let activations = forward(network, x);
    let outputs = &activations[network.layers.len()];
    let output = target.choose(outputs);
    let explained = |k: usize| output.is_none_or(|output| output == k);
    let top: Vec<Number> = (outputs.iter().enumerate())
        .map(|(k, x)| {
            if explained(k) {
                x.clone()
            } else {
                Number::ZERO
            }
        })
        .collect();
    let value = top.iter().cloned().total();
    let (mut relevance, mut lost) = (vec![top], Vec::new());
    for l in (0..network.layers.len()).rev() {
        let bounds = network.bounds_below(l);
        let domain = |i: usize| bounds.as_ref().map(|bounds| &bounds[i]);
        let mut below = vec![Number::ZERO; activations[l].len()];
        for (j, unit) in network.layers[l].units.iter().enumerate() {
            let carried = &relevance[0][j];
            if *carried == Number::ZERO {
                continue;
            }
            match hand_down(
                &network.layers[l],
                unit,
                rules[l],
                &activations[l],
                domain,
                carried,
            ) {
                Some(messages) => (unit.weights.iter().zip(messages))
                    .for_each(|((i, _), message)| below[*i] += message),
                None => lost.push(ExactLoss {
                    layer: l + 1,
                    unit: j,
                    relevance: carried.clone(),
                    cause: cause(unit, rules[l], &activations[l + 1][j]),
                }),
            }
        }
        relevance.insert(0, below);
    }
    Exact {
        output,
        tied: target.tied(&activations[network.layers.len()]),
        outside_bounds: outside(network, x),
        value,
        levels: levels(network, &activations, &relevance),
        activations,
        relevance,
        lost,
    }
}

/// Which output a target means for a sample: the largest one, without rounding.
///
/// # Panics
///
/// When the sample has not as many values as the network has inputs.
pub fn explained_output(network: &ExactNetwork, x: &[Number], target: Target) -> Option<usize> {
    target.choose(&forward(network, x)[network.layers.len()])
}

/// The activations of every level, input first.
fn forward(network: &ExactNetwork, x: &[Number]) -> Vec<Vec<Number>> {
    let mut activations = vec![x.to_vec()];
    for (l, layer) in network.layers.iter().enumerate() {
        let above = layer
            .units
            .iter()
            .map(|unit| activate(layer, unit.pre_activation(&activations[l])));
        let above = above.collect();
        activations.push(above);
    }
    activations
}

/// `R_{i←j} = q_ij / Σ_i' q_i'j · R_j` for every input i of a unit; none where all q are 0.
pub(super) fn hand_down<'b>(
    layer: &Layer,
    unit: &Unit,
    rule: Rule,
    x: &[Number],
    bounds: impl Fn(usize) -> Option<&'b [Number; 2]>,
    relevance: &Number,
) -> Option<Vec<Number>> {
    // A pool whose inputs are all 0 shares equally.
    let silent_pool = shares_equally(layer, unit, x);
    let q = |(i, w): &(usize, Number)| {
        if silent_pool {
            Number::ONE
        } else {
            q(rule, &x[*i], w, bounds(*i))
        }
    };
    let q: Vec<Number> = unit.weights.iter().map(q).collect();
    let mass: Number = q.iter().cloned().total();
    if mass == Number::ZERO {
        return None;
    }
    let each = relevance / mass;
    Some(q.iter().map(|q| q * &each).collect())
}

/// `q_ij`, as the definition of each rule reads.
fn q(rule: Rule, x: &Number, w: &Number, bounds: Option<&[Number; 2]>) -> Number {
    let positive = |w: Number| if w > Number::ZERO { w } else { Number::ZERO };
    match rule {
        Rule::WSquared => w * w,
        Rule::Flat => Number::ONE,
        Rule::ZPlus => positive(x * w),
        Rule::ZBox => match bounds {
            Some([low, high]) => x * w - low * positive(w.clone()) + high * positive(-w.clone()),
            None => Number::ZERO,
        },
        Rule::Proportional => x.clone(),
    }
}

pub(super) fn activate(layer: &Layer, z: Number) -> Number {
    if layer.relu && z < Number::ZERO {
        Number::ZERO
    } else {
        z
    }
}

impl Unit {
    /// `Σ_i x_i w_ij + b_j`
    pub(super) fn pre_activation(&self, x: &[Number]) -> Number {
        let weighted: Number = self.weights.iter().map(|(i, w)| &x[*i] * w).total();
        weighted + &self.bias
    }
}
