//! The balance of a sample entry by entry: f(x) is the sum of these.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Absorber, Amount, Lost, Sample};
use crate::measure::share;
use crate::relevance::cause::Cause;

/// A part of f(x): what a layer lost by one cause, or absorbed, or what reached the inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "balance_entry")]
pub struct BalanceEntry<N = f64> {
    /// The level whose units carried it: that the layer makes which lost or absorbed it, or 0 for the inputs.
    pub layer: usize,
    /// What became of it.
    pub went: Went,
    /// How many units lost it; left out where it was not lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<usize>,
    /// Why they lost it, in words; left out where it was not lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The same as a program reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Cause>,
    /// How much, with its sign.
    pub relevance: N,
    /// The same as a part of f(x), in decimals; null where f(x) is 0.
    pub share: Option<f64>,
}

/// What became of a part of f(x).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Went {
    /// It reached the inputs.
    ToInputs,
    /// Units could hand it to none of their inputs.
    Lost,
    /// Biases in denominators kept it.
    AbsorbedByBias,
    /// ε in denominators kept it.
    AbsorbedByEpsilon,
}

impl From<Absorber> for Went {
    fn from(by: Absorber) -> Self {
        match by {
            Absorber::Bias => Self::AbsorbedByBias,
            Absorber::Epsilon => Self::AbsorbedByEpsilon,
        }
    }
}

impl<N: Amount> Sample<N> {
    /// The same with its [entries](Self::entries).
    #[must_use]
    pub(super) fn with_entries(mut self) -> Self {
        self.balance_entries = self.entries();
        self
    }

    /// Its balance entry by entry, from the output down to the inputs; none where all of f(x) reached the inputs.
    pub(super) fn entries(&self) -> Vec<BalanceEntry<N>> {
        let Some(balance) = &self.balance else {
            return Vec::new();
        };
        let f = balance.value.decimal();
        let entry = |layer, went, relevance: N| BalanceEntry {
            layer,
            went,
            units: None,
            cause: None,
            code: None,
            share: share(relevance.decimal(), f),
            relevance,
        };
        let lost = self.lost_by_cause().into_iter().map(|units| {
            let sum = N::sum(units.iter().map(|lost| &lost.relevance));
            BalanceEntry {
                units: Some(units.len()),
                cause: Some(units[0].cause.clone()),
                code: units[0].code,
                ..entry(units[0].layer, Went::Lost, sum)
            }
        });
        let more = self.lost_more.iter().map(|more| BalanceEntry {
            units: Some(more.units),
            ..entry(more.layer, Went::Lost, more.relevance.clone())
        });
        let absorbed = self.absorbed.iter();
        let absorbed =
            absorbed.map(|part| entry(part.layer, part.by.into(), part.relevance.clone()));
        let mut entries: Vec<BalanceEntry<N>> = lost.chain(more).chain(absorbed).collect();
        if !entries.is_empty() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.layer));
            entries.push(entry(0, Went::ToInputs, balance.input.clone()));
        }
        entries
    }

    /// The losses that share layer and cause, in the order of the first of each.
    fn lost_by_cause(&self) -> Vec<Vec<&Lost<N>>> {
        let mut groups: Vec<Vec<&Lost<N>>> = Vec::new();
        for lost in &self.lost {
            let same = |group: &&mut Vec<&Lost<N>>| {
                group[0].layer == lost.layer && group[0].cause == lost.cause
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(lost),
                None => groups.push(vec![lost]),
            }
        }
        groups
    }
}
