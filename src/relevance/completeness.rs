//! Completeness: what the inputs get of a gradient method adds up to what f changes by.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether relevance adds up to what f changes by between the baseline and the sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Completeness {
    /// f(x)
    pub value: f64,
    /// f(x'), of the same output at the baseline.
    pub baseline: f64,
    /// `Σ R` of the input.
    pub sum: f64,
    /// `|value − baseline − sum|`
    pub gap: f64,
    /// Whether the gap is at most `tolerance · |value − baseline| + rounding · Σ|R|`.
    pub holds: bool,
    /// Whether the method promises it of this network.
    pub promised: bool,
    /// How large the gap may be as a part of `|value − baseline|`: what the steps of integrated gradients are given; else 0.
    pub tolerance: f64,
    /// How much more of it may come of rounding, as a part of `Σ|R|`.
    pub rounding: f64,
}
