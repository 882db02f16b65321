//! Activations and relevance without rounding, in the order of the definitions.

use super::audit::{ExactLevel, balance, cause, levels, outside};
use super::layer::{ExactLayer, ExactTie};
use super::network::ExactNetwork;
use super::number::{Number, Total};
use super::rule::q;
use crate::relevance::{Chosen, Plan, Rule, Target, audit::Balance, cause::Cause};

/// The exact explanation of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Exact {
    /// The outputs that f is made of.
    pub chosen: Chosen,
    /// The outputs that are the largest together, where the largest is explained and there are several.
    pub tied: Vec<usize>,
    /// The inputs that lie outside of their bounds.
    pub outside_bounds: Vec<usize>,
    /// `f(x)`: their value, their sum, or the difference of the two.
    pub value: Number,
    /// The activations of every level, input first.
    pub activations: Vec<Vec<Number>>,
    /// The relevance of every level, input first.
    pub relevance: Vec<Vec<Number>>,
    /// What could not be handed on, from the output down.
    pub lost: Vec<ExactLoss>,
    /// Where f(x) went.
    pub balance: Balance<Number>,
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
    let chosen = target.choose(outputs);
    let parts = outputs.iter().cloned().enumerate();
    let top: Vec<Number> = parts.map(|(k, x)| chosen.part(k, x)).collect();
    let value = top.iter().cloned().total();
    let mut relevance: Vec<Vec<Number>> = (activations.iter())
        .map(|level| vec![Number::ZERO; level.len()])
        .collect();
    relevance[network.top()] = top;
    let (mut cuts, mut lost) = (vec![value.clone()], Vec::new());
    for (level, layer) in network.by_level().rev() {
        let (below, above) = relevance.split_at_mut(level);
        let (x, bounds) = (
            network.read(level, &activations),
            network.bounds_below(level),
        );
        let sources: Vec<usize> = layer.sources().collect();
        let carrying = above[0].iter().enumerate();
        for (j, carried) in carrying.filter(|(_, carried)| **carried != Number::ZERO) {
            match hand_down(layer, j, plan.rule(level), &x, &bounds, carried) {
                Some(messages) => {
                    for (tie, message) in layer.ties_at(j, &x).zip(messages) {
                        below[sources[tie.branch]][tie.input] += message;
                    }
                }
                None => lost.push(ExactLoss {
                    layer: level,
                    unit: j,
                    relevance: carried.clone(),
                    cause: cause(layer, j, plan.rule(level), &activations[level][j]),
                }),
            }
        }
        cuts.push(below.iter().flatten().cloned().total());
    }
    cuts.reverse();
    Exact {
        chosen,
        tied: target.tied(&activations[network.top()]),
        outside_bounds: outside(network, x),
        levels: levels(network, &activations, &relevance, cuts),
        balance: balance(
            &value,
            &relevance[0],
            lost.iter().map(|lost| &lost.relevance),
        ),
        value,
        activations,
        relevance,
        lost,
    }
}

/// Which outputs a target means for a sample: the largest one, without rounding.
///
/// # Panics
///
/// When the sample has not as many values as the network has inputs.
pub fn explained_output(network: &ExactNetwork, x: &[Number], target: Target) -> Chosen {
    target.choose(&forward(network, x)[network.top()])
}

/// The activations of every level, input first.
fn forward(network: &ExactNetwork, x: &[Number]) -> Vec<Vec<Number>> {
    let mut activations = vec![x.to_vec()];
    for (level, layer) in network.by_level() {
        let x = network.read(level, &activations);
        let made = (0..layer.units()).map(|j| layer.activate(layer.pre_activation(j, &x)));
        let made = made.collect();
        activations.push(made);
    }
    activations
}

/// `R_{i←j} = q_ij / Σ_i' q_i'j · R_j` for every input that a unit sees at a sample, `x` being the values that each branch of
/// its layer reads; none where all q are 0.
pub(super) fn hand_down<'b>(
    layer: ExactLayer,
    j: usize,
    rule: Rule,
    x: &[&[Number]],
    bounds: impl Fn(usize) -> Option<[&'b Number; 2]>,
    relevance: &Number,
) -> Option<Vec<Number>> {
    let equally = layer.shares_equally(j, x);
    let q = |tie: ExactTie| {
        if equally {
            return Number::ONE;
        }
        let x = &x[tie.branch][tie.input];
        q(rule, x, tie.weight, bounds(tie.input))
    };
    let q: Vec<Number> = layer.ties_at(j, x).map(q).collect();
    let mass: Number = q.iter().cloned().total();
    if mass == Number::ZERO {
        return None;
    }
    let each = relevance / mass;
    Some(q.iter().map(|q| q * &each).collect())
}
