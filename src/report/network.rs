//! A network as far as a result needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::count;
use crate::network::{Activation, Network};
use crate::relevance::Plan;
use crate::words::printable;

/// A network, as far as a result needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkInfo {
    /// The name in the file; empty where it has none.
    pub name: String,
    /// The shape of the input: `[n]` or `[channels, height, width]`.
    #[serde(default)]
    pub shape: Vec<usize>,
    /// The levels, input first.
    pub layers: Vec<LayerInfo>,
}

/// One level of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerInfo {
    /// `input`, or the type of the layer as in the network file.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many units there are.
    pub units: usize,
    /// The rule that hands the relevance of this level down to the one below; null for the input.
    pub rule: Option<String>,
    /// `relu` or `identity`; null for the input.
    pub activation: Option<String>,
    /// The names of the units; empty where the file gives none.
    pub names: Vec<String>,
}

impl NetworkInfo {
    /// The levels of a network with the rules of a plan.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        let input = LayerInfo {
            kind: "input".to_owned(),
            units: network.input_units(),
            rule: None,
            activation: None,
            names: network.names(0).to_vec(),
        };
        let layers =
            network
                .layers()
                .iter()
                .zip(plan.rules())
                .enumerate()
                .map(|(l, (layer, rule))| LayerInfo {
                    kind: layer.kind().to_owned(),
                    units: layer.linear().outputs(),
                    rule: Some(rule.to_string()),
                    activation: Some(activation(layer.activation()).to_owned()),
                    names: network.names(l + 1).to_vec(),
                });
        Self {
            name: network.name().to_owned(),
            shape: network.input().shape.clone(),
            layers: std::iter::once(input).chain(layers).collect(),
        }
    }

    /// The levels from the input up: `3 inputs → 5 ReLU units → 1 sum pool`.
    pub(super) fn in_words(&self) -> String {
        let level = |layer: &LayerInfo| match (layer.kind.as_str(), layer.activation.as_deref()) {
            ("input", _) => count(layer.units, "input"),
            ("dense", Some("relu")) => count(layer.units, "ReLU unit"),
            ("dense", _) => count(layer.units, "linear unit"),
            _ => count(layer.units, "sum pool"),
        };
        let levels: Vec<String> = self.layers.iter().map(level).collect();
        levels.join(" → ")
    }

    /// The name, or a word for a network that has none.
    pub(super) fn title(&self) -> String {
        titled(&self.name)
    }

    /// How a unit is called in a table: its name, or its number counted from 0.
    pub fn label(&self, layer: usize, unit: usize) -> String {
        self.layers[layer]
            .names
            .get(unit)
            .map_or_else(|| unit.to_string(), Clone::clone)
    }
}

pub(crate) fn activation(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "relu",
        Activation::Identity => "identity",
    }
}

/// How an output is called in a sentence: a number alone would be taken for a value.
pub(super) fn output_in_words(name: &str) -> String {
    if name.parse::<f64>().is_ok() {
        format!("output {name}")
    } else {
        printable(name)
    }
}

/// A network's name, or a word for one that has none.
pub(super) fn titled(name: &str) -> String {
    if name.is_empty() {
        "network".to_owned()
    } else {
        printable(name)
    }
}
