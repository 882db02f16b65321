//! What is not handed on, without rounding.

use super::number::Number;
use crate::relevance::cause::Cause;

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

/// What the biases of a layer, or its ε, absorbed.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactAbsorbed {
    /// The level that the layer makes.
    pub layer: usize,
    /// `Σ_j b'_j s_j`
    pub by_bias: Number,
    /// `Σ_j ε s_j`
    pub by_epsilon: Number,
}
