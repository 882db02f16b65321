//! What the audit asks of an exact explanation besides its sums, without rounding.

use super::network::{ExactNetwork, Layer, Unit};
use super::number::Number;
use crate::relevance::{Cause, Facts, Rule};

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
    let above = network.layers.iter().enumerate().map(|(l, layer)| {
        let (x, r) = (&activations[l + 1], &relevance[l + 1]);
        ExactLevel {
            bias_share: bias_share(layer, x, r),
            equal_shares: equal_shares(layer, &activations[l], r),
        }
    });
    std::iter::once(ExactLevel::default())
        .chain(above)
        .collect()
}

fn bias_share(layer: &Layer, x: &[Number], r: &[Number]) -> Option<Number> {
    if layer.units.iter().all(|unit| unit.bias <= Number::ZERO) {
        return Some(Number::ZERO);
    }
    let (mut carried, mut by_bias) = (Number::ZERO, Number::ZERO);
    for ((unit, z), r) in layer.units.iter().zip(x).zip(r) {
        if *z > Number::ZERO {
            carried += r;
            if unit.bias > Number::ZERO {
                by_bias += r * (&unit.bias / z).min(Number::ONE);
            }
        }
    }
    (carried != Number::ZERO).then(|| by_bias / carried)
}

fn equal_shares(layer: &Layer, x: &[Number], r: &[Number]) -> usize {
    let carrying = layer
        .units
        .iter()
        .zip(r)
        .filter(|(_, r)| **r != Number::ZERO);
    carrying
        .filter(|(unit, _)| shares_equally(layer, unit, x))
        .count()
}

/// Whether a unit is a pool whose inputs are all 0.
pub(super) fn shares_equally(layer: &Layer, unit: &Unit, x: &[Number]) -> bool {
    layer.pool && unit.weights.iter().all(|(i, _)| x[*i] == Number::ZERO)
}

/// Why a unit finds no input to hand its relevance to.
pub(super) fn cause(unit: &Unit, rule: Rule, value: &Number) -> Cause {
    let facts = Facts {
        weights: unit.weights.iter().any(|(_, w)| *w != Number::ZERO),
        value: value.cmp(&Number::ZERO),
        bias: unit.bias > Number::ZERO,
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
