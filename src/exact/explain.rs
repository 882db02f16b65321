//! Activations and relevance without rounding, in the order of the definitions.

use super::audit::{ExactLevel, balance, cause, levels, outside};
use super::layer::{ExactLayer, ExactTie};
use super::network::ExactNetwork;
use super::number::{Number, Total};
use super::rule::{self, At, Fraction};
use super::withheld::{ExactAbsorbed, ExactLoss};
use crate::relevance::{Chosen, Plan, Rule, RuleBias, Target, audit::Balance, cause::Cause};

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
    /// What biases and ε absorbed, an entry for each layer where they did, from the output down.
    pub absorbed: Vec<ExactAbsorbed>,
    /// Where f(x) went.
    pub balance: Balance<Number>,
    /// What the audit finds besides of every level, input first.
    pub levels: Vec<ExactLevel>,
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
    let (mut cuts, mut lost, mut absorbed) = (vec![value.clone()], Vec::new(), Vec::new());
    for (level, layer) in network.by_level().rev() {
        let (below, above) = relevance.split_at_mut(level);
        let (x, bounds) = (
            network.read(level, &activations),
            network.bounds_below(level),
        );
        let sources: Vec<usize> = layer.sources().collect();
        let unit = |j: usize| ExactUnit {
            layer,
            j,
            rule: plan.rule(level),
            bias: plan.rule_bias(),
            x: &x,
        };
        let mut of_layer = [Number::ZERO, Number::ZERO];
        let carrying = above[0].iter().enumerate();
        for (j, carried) in carrying.filter(|(_, carried)| **carried != Number::ZERO) {
            let handed = unit(j).hand_down(&bounds, carried);
            for (tie, message) in layer.ties_at(j, &x).zip(handed.messages) {
                below[sources[tie.branch]][tie.input] += message;
            }
            for (sum, part) in of_layer.iter_mut().zip(handed.absorbed) {
                *sum += part;
            }
            lost.extend(
                handed
                    .lost
                    .into_iter()
                    .map(|(relevance, loses, share)| ExactLoss {
                        layer: level,
                        unit: j,
                        relevance,
                        cause: cause(layer, j, loses, &activations[level][j], share),
                    }),
            );
        }
        if of_layer.iter().any(|part| *part != Number::ZERO) {
            let [by_bias, by_epsilon] = of_layer;
            absorbed.push(ExactAbsorbed {
                layer: level,
                by_bias,
                by_epsilon,
            });
        }
        cuts.push(below.iter().flatten().cloned().total());
    }
    cuts.reverse();
    Exact {
        chosen,
        tied: target.tied(&activations[network.top()]),
        outside_bounds: outside(network, x),
        levels: levels(network, &activations, &relevance, cuts),
        balance: balance(&value, &relevance[0], &lost, &absorbed),
        value,
        activations,
        relevance,
        lost,
        absorbed,
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

/// A unit at a sample, and the rule that it hands its relevance on by.
pub(super) struct ExactUnit<'n, 'x> {
    pub layer: ExactLayer<'n>,
    pub j: usize,
    pub rule: Rule,
    pub bias: RuleBias,
    /// The values that each branch of its layer reads.
    pub x: &'x [&'x [Number]],
}

/// What becomes of the relevance of one unit.
#[derive(Debug, Default)]
pub(super) struct Handed {
    /// `R_{i←j}` for every input that the unit sees.
    pub messages: Vec<Number>,
    /// What a fraction could not hand on, why it loses, and whether a q of it, or its part of the bias, is other than 0.
    pub lost: Vec<(Number, Cause, [bool; 2])>,
    /// What its bias and ε absorbed.
    pub absorbed: [Number; 2],
}

impl ExactUnit<'_, '_> {
    /// `R_{i←j} = Σ_fractions factor · q_ij / (Σ_i' q_i'j + b'_j ± ε) · R_j`
    pub(super) fn hand_down<'b>(
        &self,
        bounds: impl Fn(usize) -> Option<[&'b Number; 2]>,
        relevance: &Number,
    ) -> Handed {
        let ties: Vec<ExactTie> = self.layer.ties_at(self.j, self.x).collect();
        let mut handed = Handed {
            messages: vec![Number::ZERO; ties.len()],
            ..Handed::default()
        };
        let negative = matches!(self.rule, Rule::Gamma(_))
            && self.layer.pre_activation(self.j, self.x) < Number::ZERO;
        for fraction in rule::fractions(self.rule) {
            let q = |tie: &ExactTie| {
                let at = At {
                    bounds: bounds(tie.input),
                    negative,
                };
                let x = &self.x[tie.branch][tie.input];
                rule::q(self.rule, fraction.part, x, tie.weight, at)
            };
            let q = if self.layer.shares_equally(self.j, self.x) {
                vec![Number::ONE; ties.len()]
            } else {
                ties.iter().map(q).collect()
            };
            self.divide(&fraction, &q, negative, relevance, &mut handed);
        }
        handed
    }

    /// Adds what one fraction does with the relevance of the unit.
    fn divide(
        &self,
        fraction: &Fraction,
        q: &[Number],
        negative: bool,
        relevance: &Number,
        handed: &mut Handed,
    ) {
        let bias = if self.bias.is_in_denominators(self.rule) {
            let (one, b) = (Number::ONE, self.layer.bias(self.j));
            let at = At {
                bounds: None,
                negative,
            };
            rule::q(self.rule, fraction.part, &one, b, at)
        } else {
            Number::ZERO
        };
        let mass = q.iter().cloned().total() + &bias;
        let epsilon = if mass < Number::ZERO {
            -fraction.epsilon.clone()
        } else {
            fraction.epsilon.clone()
        };
        let denominator = mass + &epsilon;
        let carried = relevance * &fraction.factor;
        if denominator == Number::ZERO {
            let share = q.iter().any(|q| *q != Number::ZERO);
            let found = [share, bias != Number::ZERO];
            handed.lost.push((carried, fraction.loses, found));
            return;
        }
        let each = carried / denominator;
        for (message, q) in handed.messages.iter_mut().zip(q) {
            *message += q * &each;
        }
        for (absorbed, part) in handed.absorbed.iter_mut().zip([bias, epsilon]) {
            *absorbed += part * &each;
        }
    }
}
