//! What the audit asks of an exact explanation besides its sums, without rounding.

use super::network::{ExactLayer, ExactNetwork};
use super::number::Number;
use crate::relevance::{
    Rule,
    cause::{Cause, Facts},
};

/// What is found of one level.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExactLevel {
    /// `Σ_j R_j · min(1, b_j⁺ / z_j) / Σ_j R_j` over the firing units; none for the input, and where these carry
    /// nothing together.
    pub bias_share: Option<Number>,
    /// How many units are pools that carry relevance over inputs that are all 0.
    pub equal_shares: usize,
}

/// What is found of every level, input first.
pub(super) fn levels(
    network: &ExactNetwork,
    activations: &[Vec<Number>],
    relevance: &[Vec<Number>],
) -> Vec<ExactLevel> {
    let above = network.by_level().map(|(level, layer)| {
        let r = &relevance[level];
        ExactLevel {
            bias_share: bias_share(layer, &activations[level], r),
            equal_shares: equal_shares(layer, &activations[level - 1], r),
        }
    });
    std::iter::once(ExactLevel::default())
        .chain(above)
        .collect()
}

fn bias_share(layer: ExactLayer, x: &[Number], r: &[Number]) -> Option<Number> {
    if (0..layer.units()).all(|j| *layer.bias(j) <= Number::ZERO) {
        return Some(Number::ZERO);
    }
    let (mut carried, mut by_bias) = (Number::ZERO, Number::ZERO);
    for (j, (z, r)) in x.iter().zip(r).enumerate() {
        if *z > Number::ZERO {
            carried += r;
            if *layer.bias(j) > Number::ZERO {
                by_bias += r * (layer.bias(j) / z).min(Number::ONE);
            }
        }
    }
    (carried != Number::ZERO).then(|| by_bias / carried)
}

fn equal_shares(layer: ExactLayer, x: &[Number], r: &[Number]) -> usize {
    let carrying = r.iter().enumerate().filter(|(_, r)| **r != Number::ZERO);
    carrying
        .filter(|(j, _)| layer.shares_equally(*j, x))
        .count()
}

/// Why a unit finds no input to hand its relevance to.
pub(super) fn cause(layer: ExactLayer, j: usize, rule: Rule, value: &Number) -> Cause {
    let facts = Facts {
        inputs: layer.weights_of(j).next().is_some(),
        weights: layer.weights_of(j).any(|(_, w)| *w != Number::ZERO),
        value: value.cmp(&Number::ZERO),
        bias: *layer.bias(j) > Number::ZERO,
        // Fractions have no smallest number: what has a share gets it.
        share: false,
    };
    Cause::of(rule, facts)
}

/// The inputs that lie outside of the bounds in the file.
pub(super) fn outside(network: &ExactNetwork, x: &[Number]) -> Vec<usize> {
    let bounds = network.bounds.iter().flatten();
    let inputs = x.iter().zip(bounds).enumerate();
    inputs
        .filter(|(_, (x, [low, high]))| *x < low || *x > high)
        .map(|(i, _)| i)
        .collect()
}
