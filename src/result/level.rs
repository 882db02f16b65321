//! One level of one sample.

use std::ops::Not;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Amount, Largest};
use crate::measure::top;

/// So many units of a level that is left out are kept: those that carry most.
const LARGEST: usize = 12;

/// One level of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(transform = arrays_or_largest)]
pub struct Layer<N = f64> {
    /// True of a level that a gradient method says nothing of: it has no relevance, and no sum, gap and least of it; left out
    /// where it has.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub unexplained: bool,
    /// True of a level without its arrays, for its size or because others were asked for; left out where they are there.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub left_out: bool,
    /// The units that carry most, in the place of the arrays of a level that is left out; left out where these are there.
    #[serde(
        default = "Vec::<Largest<N>>::new",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub largest: Vec<Largest<N>>,
    /// The activation of every unit.
    #[serde(default = "Vec::<N>::new", skip_serializing_if = "Vec::is_empty")]
    pub activations: Vec<N>,
    /// The relevance of every unit.
    #[serde(default = "Vec::<N>::new", skip_serializing_if = "Vec::is_empty")]
    pub relevance: Vec<N>,
    /// The relevance of every unit as a part of f(x), in decimals; null where f(x) is 0 and there is nothing to take part in,
    /// and where a gradient method explains.
    #[serde(default = "no_shares", skip_serializing_if = "has_no_units")]
    pub share: Option<Vec<f64>>,
    /// `Σ R` of the level itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<N>,
    /// `|Σ R − f(x)|` of the cut at the level: what the levels up to it hold once every layer above it has handed on. Where
    /// every layer reads the level before, that is the level itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<N>,
    /// The least relevance of a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<N>,
    /// `Σ_j R_j · min(1, b_j⁺ / z_j) / Σ_j R_j` over the firing units: how much of what they carry their biases
    /// brought about, not their inputs. Null for the input, and where no firing unit carries relevance.
    #[serde(default)]
    pub bias_share: Option<f64>,
}

/// A level has its arrays, or the largest units in their place; one that is not explained has its activations at the most.
fn arrays_or_largest(schema: &mut Schema) {
    schema.insert("if".into(), json!({ "required": ["unexplained"] }));
    let relevance = ["relevance", "largest", "sum", "gap", "least"];
    let none = relevance.map(|key| json!({ "required": [key] }));
    schema.insert("then".into(), json!({ "not": { "anyOf": none } }));
    let explained = json!({
        "required": ["sum", "gap", "least"],
        "if": { "required": ["left_out"] },
        "then": { "required": ["largest"] },
        "else": { "required": ["activations", "relevance", "share"] }
    });
    schema.insert("else".into(), explained);
}

/// The shares of a level that is left out.
#[allow(clippy::unnecessary_wraps, reason = "shares can be undefined")]
fn no_shares() -> Option<Vec<f64>> {
    Some(Vec::new())
}

#[expect(clippy::ref_option, reason = "serde asks for a reference to the field")]
fn has_no_units(share: &Option<Vec<f64>>) -> bool {
    share.as_ref().is_some_and(Vec::is_empty)
}

impl Layer {
    /// A level that a gradient method says nothing of.
    pub(super) fn unexplained(activations: Vec<f64>) -> Self {
        Self {
            unexplained: true,
            left_out: false,
            largest: Vec::new(),
            activations,
            relevance: Vec::new(),
            share: no_shares(),
            sum: None,
            gap: None,
            least: None,
            bias_share: None,
        }
    }
}

impl<N: Amount> Layer<N> {
    /// Leaves out the arrays, and keeps the units that carry most.
    pub(super) fn leave_out(&mut self) {
        let largest = top(self.relevance.len(), LARGEST, |unit| {
            self.relevance[unit].decimal()
        });
        self.largest = largest.into_iter().map(|unit| self.unit(unit)).collect();
        self.left_out = true;
        self.activations = Vec::new();
        self.relevance = Vec::new();
        self.share = Some(Vec::new());
    }

    /// A unit of a level that is whole.
    pub(crate) fn unit(&self, unit: usize) -> Largest<N> {
        Largest {
            unit,
            activation: self.activations[unit].clone(),
            relevance: self.relevance[unit].clone(),
            share: self.share.as_ref().map(|share| share[unit]),
        }
    }

    /// `Σ R`; 0 of a level that is not explained and has nothing to add up.
    pub(crate) fn sum(&self) -> N {
        of_none(self.sum.as_ref())
    }

    /// `|Σ R − f(x)|` of the cut at the level; 0 of one that is not explained.
    pub(crate) fn gap(&self) -> N {
        of_none(self.gap.as_ref())
    }

    /// The least relevance; 0 of a level that is not explained.
    pub(crate) fn least(&self) -> N {
        of_none(self.least.as_ref())
    }

    /// The relevance of units: of all of them, or of the largest where the level is left out.
    pub(crate) fn known(&self) -> impl Iterator<Item = &N> {
        let largest = self.largest.iter().map(|unit| &unit.relevance);
        self.relevance.iter().chain(largest)
    }

    /// The relevance of a unit, where it is there.
    pub(crate) fn relevance_of(&self, unit: usize) -> Option<&N> {
        let among_largest = || {
            let found = self.largest.iter().find(|one| one.unit == unit);
            found.map(|one| &one.relevance)
        };
        self.relevance.get(unit).or_else(among_largest)
    }
}

/// A figure of a level, or 0 where no unit carries anything.
fn of_none<N: Amount>(figure: Option<&N>) -> N {
    figure.cloned().unwrap_or_else(|| N::of_decimal(0.0))
}
