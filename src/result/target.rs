//! Which output was explained.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NetworkInfo;
use crate::relevance::{Chosen, ExplainedOutput};

/// The output that was explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TargetInfo<N = f64> {
    /// Its index, counted from 0; null where all outputs were explained together.
    pub index: Option<usize>,
    /// Its name; `all` for all of them, `output 0` and so on where the file gives no names.
    pub name: String,
    /// The output that is taken from it, in a contrast; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minus: Option<Minus>,
    /// f(x): its value, the sum of all, or the difference of the two.
    pub value: N,
    /// The outputs that are the largest together, where the largest is explained: the first of them is. Left out
    /// where there is one only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tied: Vec<usize>,
}

/// The output that is taken from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Minus {
    /// Its index, counted from 0.
    pub index: usize,
    /// Its name; `output 0` and so on where the file gives no names.
    pub name: String,
}

impl TargetInfo {
    pub(crate) fn new(network: &NetworkInfo, chosen: ExplainedOutput) -> Self {
        Self::of_outputs(network, chosen.outputs(), chosen.value)
    }
}

impl<N> TargetInfo<N> {
    /// What f is made of, and its value.
    pub(crate) fn of_outputs(network: &NetworkInfo, chosen: Chosen, value: N) -> Self {
        let names = &network.layers[network.layers.len() - 1].names;
        Self {
            index: chosen.output,
            name: output_name(names, chosen.output),
            minus: chosen.minus.map(|index| Minus {
                index,
                name: output_name(names, Some(index)),
            }),
            value,
            tied: Vec::new(),
        }
    }
}

impl<N> TargetInfo<N> {
    /// The name of the output; of a contrast both with ` - ` between.
    pub fn called(&self) -> String {
        match &self.minus {
            None => self.name.clone(),
            Some(minus) => format!("{} - {}", self.name, minus.name),
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
