//! What biases and ε in denominators absorbed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::Value;
use crate::exact::{ExactAbsorbed, Number};
use crate::relevance;

/// Relevance that a layer's biases, or its ε, absorbed: with its sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Absorbed<N = f64> {
    /// The level that the layer makes.
    pub layer: usize,
    /// What absorbed it.
    pub by: Absorber,
    /// How much, of all units of the level together.
    pub relevance: N,
}

/// What stands in a denominator besides the shares of the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Absorber {
    /// The bias of a unit, where it is kept.
    Bias,
    /// The ε of its rule.
    Epsilon,
}

/// What a layer absorbed by each.
fn by_each<T>(by_bias: T, by_epsilon: T) -> [(Absorber, T); 2] {
    [(Absorber::Bias, by_bias), (Absorber::Epsilon, by_epsilon)]
}

impl Absorbed {
    /// Of one sample.
    pub(super) fn of(layers: &[relevance::Absorbed]) -> Vec<Self> {
        let parts = layers.iter().flat_map(|part| {
            by_each(part.by_bias, part.by_epsilon).map(|(by, relevance)| Self {
                layer: part.layer,
                by,
                relevance,
            })
        });
        parts.filter(|part| part.relevance != 0.0).collect()
    }
}

impl Absorbed<Value> {
    /// Of one sample in fractions.
    pub(super) fn exact(layers: &[ExactAbsorbed]) -> Vec<Self> {
        let parts = layers.iter().flat_map(|part| {
            by_each(&part.by_bias, &part.by_epsilon)
                .map(|(by, relevance)| (part.layer, by, relevance))
        });
        let some = parts.filter(|(_, _, relevance)| **relevance != Number::ZERO);
        some.map(|(layer, by, relevance)| Self {
            layer,
            by,
            relevance: relevance.into(),
        })
        .collect()
    }
}
