//! A line of `explain --format jsonl`.

use schemars::JsonSchema;
use serde::Serialize;

use super::Sample;

/// The explanation of one sample under one rule, in a stream of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "line")]
pub struct Line<'s, N = f64> {
    /// The rule, as it was asked for.
    pub rule: &'s str,
    /// The sample.
    #[serde(flatten)]
    pub sample: &'s Sample<N>,
}
