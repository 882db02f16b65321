//! Whether rules and expansions agree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is checked of expansions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "taylor-checks")]
pub struct TaylorChecks {
    /// What an input gets by the rule, and by the expansions.
    pub agreement: Agreement,
}

/// Whether rule and expansions agree.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "agreement")]
pub struct Agreement {
    /// Whether they do, to 1e-9 of f(x): more than rounding is a fault.
    pub holds: bool,
    /// The largest difference on any level.
    pub largest_difference: f64,
}

impl Agreement {
    pub(crate) fn of(largest_difference: f64, f: f64) -> Self {
        Self {
            holds: largest_difference <= 1e-9 * f.abs().max(f64::MIN_POSITIVE),
            largest_difference,
        }
    }
}
