//! Which output was explained.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NetworkInfo;
use crate::relevance::ExplainedOutput;

/// The output that was explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetInfo<N = f64> {
    /// Its index, counted from 0; null where all outputs were explained together.
    pub index: Option<usize>,
    /// Its name; `all` for all of them, `output 0` and so on where the file gives no names.
    pub name: String,
    /// f(x): its value, or the sum of all.
    pub value: N,
    /// The outputs that are the largest together, where the largest is explained: the first of them is. Left out
    /// where there is one only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tied: Vec<usize>,
}

impl TargetInfo {
    pub(crate) fn new(network: &NetworkInfo, chosen: ExplainedOutput) -> Self {
        Self::of_output(network, chosen.output, chosen.value)
    }
}

impl<N> TargetInfo<N> {
    /// One output, or all together, and its value.
    pub(crate) fn of_output(network: &NetworkInfo, output: Option<usize>, value: N) -> Self {
        let top = network.layers.len() - 1;
        Self {
            index: output,
            name: output_name(&network.layers[top].names, output),
            value,
            tied: Vec::new(),
        }
    }
}

/// The name of an output, or of all together; `names` are those that the file gives.
pub(crate) fn output_name(names: &[String], output: Option<usize>) -> String {
    match output {
        None => "all".to_owned(),
        Some(k) => (names.get(k).cloned()).unwrap_or_else(|| format!("output {k}")),
    }
}
