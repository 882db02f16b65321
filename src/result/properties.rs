//! The two properties over many explanations: in how many each holds, and whether it is promised.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::relevance::audit::Checks;

/// In how many runs every level sums to f(x), to within the tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conserved {
    /// In how many runs.
    pub holds: usize,
    /// The largest `|Σ R − f(x)|` of a level, over all runs.
    pub worst_gap: f64,
}

/// In how many runs no relevance is below 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Positive {
    /// In how many runs.
    pub holds: usize,
    /// The least relevance of a unit, over all runs.
    pub least: f64,
}

/// What a rule promises on a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Promised {
    /// Every level sums to f(x).
    pub conservation: bool,
    /// No relevance is below 0.
    pub positivity: bool,
}

impl Default for Promised {
    /// Both: what rules promised before there were others.
    fn default() -> Self {
        Self {
            conservation: true,
            positivity: true,
        }
    }
}

impl From<Checks> for Promised {
    fn from(checks: Checks) -> Self {
        Self {
            conservation: checks.conservation.promised,
            positivity: checks.positivity.promised,
        }
    }
}
