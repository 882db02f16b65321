//! What a result is, as its first key says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Kind {
    /// An `Explanation`.
    Explanation,
    /// An `Explanations`.
    Explanations,
    /// An `Inspection`.
    Inspection,
    /// A `Taylor`.
    Taylor,
    /// A `TaylorFunction`.
    #[serde(rename = "taylor-function")]
    TaylorFunction,
    /// A `Comparison`.
    Comparison,
    /// A `Training`.
    Training,
    /// An `Evaluation`.
    Evaluation,
    /// A `Difference`.
    Difference,
}
