//! The result of `deeptaylor taylor --at`: the whole network as one function, expanded at one point.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::target::output_name;
use super::value::{Value, values};
use super::{Kind, Origin};
use crate::exact::{ExactFunction, Number};
use crate::network::Network;
use crate::relevance::{Chosen, function::FunctionExpansion};
use crate::samples::Tag;

/// The whole network as one function, expanded at one point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "taylor-function")]
pub struct TaylorFunction {
    /// Always `taylor-function`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// Which of all samples it is of, counted from 0; left out by a program that used the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// What the sample is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Its class, where it brought one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Tag>,
    /// The name of the network; empty where it has none.
    pub name: String,
    /// The output that is expanded; `all` for the sum of all.
    pub target: String,
    /// The output that is taken from it, in a contrast; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minus: Option<String>,
    /// The names of the inputs; empty where the file gives none.
    pub names: Vec<String>,
    /// Where the root was sought: `origin`, `nearest` or the point as it was given.
    pub at: String,
    /// Whether f becomes 0 on the line that was searched.
    pub root_found: bool,
    /// How many linear pieces lie between x and x̃.
    pub pieces: usize,
    /// x
    pub x: Vec<Value>,
    /// f(x)
    pub value: Value,
    /// f(x̃)
    pub value_at_root: Value,
    /// x̃
    pub root: Vec<Value>,
    /// ∇f(x̃), from the side of x.
    pub gradient: Vec<Value>,
    /// R_p = ∂f/∂x_p|x̃ · (x_p − x̃_p)
    pub terms: Vec<Value>,
    /// ε = f(x) − f(x̃) − Σ_p R_p
    pub remainder: Value,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
}

impl TaylorFunction {
    /// The expansion of what `chosen` makes of the outputs, sought at `at`.
    pub fn new(
        network: &Network,
        x: &[f64],
        (chosen, at): (Chosen, &str),
        found: &FunctionExpansion,
    ) -> Self {
        Self {
            root_found: found.found,
            pieces: found.pieces,
            x: values(x),
            value: found.value.into(),
            value_at_root: found.value_at_root.into(),
            root: values(&found.root),
            gradient: values(&found.gradient),
            terms: values(&found.terms),
            remainder: found.remainder.into(),
            ..Self::empty(network, chosen, at)
        }
    }

    /// The same without rounding.
    pub fn exact(
        network: &Network,
        x: &[Number],
        (chosen, at): (Chosen, &str),
        found: &ExactFunction,
    ) -> Self {
        Self {
            root_found: found.found,
            pieces: found.pieces,
            x: values(x),
            value: (&found.value).into(),
            value_at_root: (&found.value_at_root).into(),
            root: values(&found.root),
            gradient: values(&found.gradient),
            terms: values(&found.terms),
            remainder: (&found.remainder).into(),
            ..Self::empty(network, chosen, at)
        }
    }

    fn empty(network: &Network, chosen: Chosen, at: &str) -> Self {
        let name = |output| output_name(network.output_names(), output);
        Self {
            kind: Kind::TaylorFunction,
            made_by: None,
            sample: None,
            id: None,
            label: None,
            name: network.name().to_owned(),
            target: name(chosen.output),
            minus: chosen.minus.map(|minus| name(Some(minus))),
            names: network.names(0).to_vec(),
            at: at.to_owned(),
            root_found: false,
            pieces: 0,
            x: Vec::new(),
            value: 0.0.into(),
            value_at_root: 0.0.into(),
            root: Vec::new(),
            gradient: Vec::new(),
            terms: Vec::new(),
            remainder: 0.0.into(),
            interpretation: Vec::new(),
        }
    }
}
