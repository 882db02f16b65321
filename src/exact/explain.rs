//! Activations and relevance without rounding, in the order of the definitions.

use super::audit::{ExactLevel, cause, levels, outside};
use super::network::{ExactLayer, ExactNetwork};
use super::number::{Number, Total};
use super::rule::q;
use crate::relevance::{Plan, Rule, Target, cause::Cause};

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

/// Explains one sample by the rules of `plan`, which was made for the same network.
///
/// # Panics
///
/// When the sample has not as many values as the network has inputs, or the plan is for fewer layers.
pub fn explain(network: &ExactNetwork, plan: &Plan, x: &[Number], target: Target) -> Exact {
    let activations = forward(network, x);
    let outputs = &activations[network.top()];
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
    for (level, layer) in network.by_level().rev() {
        let rule = plan.rule(level);
        let bounds = network.bounds_below(level);
        let domain = |i: usize| bounds.as_ref().map(|bounds| &bounds[i]);
        let x = &activations[level - 1];
        let mut below = vec![Number::ZERO; x.len()];
        let carrying = relevance[0].iter().enumerate();
        for (j, carried) in carrying.filter(|(_, carried)| **carried != Number::ZERO) {
            match hand_down(layer, j, rule, x, domain, carried) {
                Some(messages) => (layer.weights_of(j).zip(messages))
                    .for_each(|((i, _), message)| below[i] += message),
                None => lost.push(ExactLoss {
                    layer: level,
                    unit: j,
                    relevance: carried.clone(),
                    cause: cause(layer, j, rule, &activations[level][j]),
                }),
            }
        }
        relevance.insert(0, below);
    }
    Exact {
        output,
        tied: target.tied(&activations[network.top()]),
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
    target.choose(&forward(network, x)[network.top()])
}

/// The activations of every level, input first.
fn forward(network: &ExactNetwork, x: &[Number]) -> Vec<Vec<Number>> {
    let mut activations = vec![x.to_vec()];
    for (level, layer) in network.by_level() {
        let x = &activations[level - 1];
        let made = (0..layer.units()).map(|j| layer.activate(layer.pre_activation(j, x)));
        activations.push(made.collect());
    }
    activations
}

/// `R_{i←j} = q_ij / Σ_i' q_i'j · R_j` for every input i of a unit; none where all q are 0.
pub(super) fn hand_down<'b>(
    layer: ExactLayer,
    j: usize,
    rule: Rule,
    x: &[Number],
    bounds: impl Fn(usize) -> Option<&'b [Number; 2]>,
    relevance: &Number,
) -> Option<Vec<Number>> {
    // A pool whose inputs are all 0 shares equally.
    let silent_pool = layer.shares_equally(j, x);
    let q = |(i, w): (usize, &Number)| {
        if silent_pool {
            Number::ONE
        } else {
            q(rule, &x[i], w, bounds(i))
        }
    };
    let q: Vec<Number> = layer.weights_of(j).map(q).collect();
    let mass: Number = q.iter().cloned().total();
    if mass == Number::ZERO {
        return None;
    }
    let each = relevance / mass;
    Some(q.iter().map(|q| q * &each).collect())
}
