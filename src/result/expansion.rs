//! How the rules of an explained sample agree with the Taylor expansions behind them, in figures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::held;
use crate::relevance::expansion::LevelExpansion;

/// The rules compared with the Taylor expansions behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "expansion")]
pub struct ExpansionFigures {
    /// Units that carry relevance and have a root.
    pub roots: usize,
    /// Units that carry relevance and have none.
    pub rootless: usize,
    /// Roots with a coordinate outside of the domain of its level.
    pub outside_domain: usize,
    /// The largest difference between what a unit gets by the rule and by the expansions.
    pub largest_difference: f64,
    /// The same for every level, input first (the input has no roots).
    pub layers: Vec<LayerExpansion>,
}

/// The expansions of one level in figures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct LayerExpansion {
    /// Units that carry relevance and have a root.
    pub roots: usize,
    /// Units that carry relevance and have none.
    pub rootless: usize,
    /// Roots with a coordinate outside of the domain of its level.
    pub outside_domain: usize,
    /// The largest difference between rule and expansions.
    pub largest_difference: f64,
}

impl ExpansionFigures {
    pub(crate) fn new(levels: &[LevelExpansion]) -> Self {
        let layers = levels.iter().map(|level| LayerExpansion {
            roots: level.roots,
            rootless: level.rootless,
            outside_domain: level.outside_domain,
            largest_difference: held(level.largest_difference),
        });
        Self {
            roots: levels.iter().map(|level| level.roots).sum(),
            rootless: levels.iter().map(|level| level.rootless).sum(),
            outside_domain: levels.iter().map(|level| level.outside_domain).sum(),
            largest_difference: levels
                .iter()
                .map(|level| held(level.largest_difference))
                .fold(0.0, f64::max),
            layers: std::iter::once(LayerExpansion::default())
                .chain(layers)
                .collect(),
        }
    }
}
