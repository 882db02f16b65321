//! What the audit asks of an exact explanation besides its sums, without rounding.

use super::layer::ExactLayer;
use super::network::ExactNetwork;
use super::number::{Number, Total, size};
use super::withheld::{ExactAbsorbed, ExactLoss};
use crate::relevance::{
    audit::Balance,
    cause::{Cause, Facts},
};

/// What is found of one level.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExactLevel {
    /// What the levels up to this one hold once every layer above it has handed on: on a chain `Σ R` of the level.
    pub cut: Number,
    /// `Σ_j R_j · min(1, b_j⁺ / z_j) / Σ_j R_j` over the firing units; none for the input, and where these carry
    /// nothing together.
    pub bias_share: Option<Number>,
    /// How many units share in proportion and carry relevance over inputs that are all 0.
    pub equal_shares: usize,
}

/// What is found of every level, input first, beside its cut.
pub(super) fn levels(
    network: &ExactNetwork,
    activations: &[Vec<Number>],
    relevance: &[Vec<Number>],
    cuts: Vec<Number>,
) -> Vec<ExactLevel> {
    let found = |(level, cut): (usize, Number)| {
        if level == 0 {
            let rest = ExactLevel::default();
            return ExactLevel { cut, ..rest };
        }
        let (layer, r) = (network.layer(level), &relevance[level]);
        ExactLevel {
            cut,
            bias_share: bias_share(layer, &activations[level], r),
            equal_shares: equal_shares(layer, &network.read(level, activations), r),
        }
    };
    cuts.into_iter().enumerate().map(found).collect()
}

/// `f(x) = Σ R_input + lost + absorbed by biases + absorbed by ε`, an equality.
pub(super) fn balance(
    value: &Number,
    input: &[Number],
    lost: &[ExactLoss],
    absorbed: &[ExactAbsorbed],
) -> Balance<Number> {
    let input = input.iter().cloned().total();
    let lost = lost.iter().map(|lost| lost.relevance.clone()).total();
    let by_bias = absorbed.iter().map(|part| part.by_bias.clone()).total();
    let by_epsilon = absorbed.iter().map(|part| part.by_epsilon.clone()).total();
    let difference = value - &input - &lost - &by_bias - &by_epsilon;
    Balance {
        value: value.clone(),
        input,
        lost,
        absorbed_by_bias: by_bias,
        absorbed_by_epsilon: by_epsilon,
        holds: difference == Number::ZERO,
        gap: size(&difference),
        parts: None,
    }
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

fn equal_shares(layer: ExactLayer, x: &[&[Number]], r: &[Number]) -> usize {
    let carrying = r.iter().enumerate().filter(|(_, r)| **r != Number::ZERO);
    carrying
        .filter(|(j, _)| layer.shares_equally(*j, x))
        .count()
}

/// Why a unit finds no input to hand its relevance to, by a fraction that `loses` for this cause; `share` says whether a q of it
/// is other than 0, `kept_bias` whether part of a bias is in the denominator.
pub(super) fn cause(
    layer: ExactLayer,
    j: usize,
    loses: Cause,
    value: &Number,
    [share, kept_bias]: [bool; 2],
) -> Cause {
    let facts = Facts {
        inputs: layer.ties(j).next().is_some(),
        weights: layer.ties(j).any(|tie| *tie.weight != Number::ZERO),
        value: value.cmp(&Number::ZERO),
        bias: *layer.bias(j) > Number::ZERO,
        share,
        kept_bias,
    };
    Cause::of(loses, facts)
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
