//! A network as far as a result needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::{Activation, Bounds, LevelKind, Network};
use crate::relevance::{Plan, Rule};

/// A network, as far as a result needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkInfo {
    /// The name in the file; empty where it has none.
    pub name: String,
    /// The shape of the input: `[n]` or `[channels, height, width]`.
    #[serde(default)]
    pub shape: Vec<usize>,
    /// The bounds [l, h] of the inputs; null where there are none, or not the same for all.
    #[serde(default)]
    pub bounds: Option<[f64; 2]>,
    /// The levels, input first.
    pub layers: Vec<LayerInfo>,
}

/// One level of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerInfo {
    /// `input`, or the type of the layer as in the network file.
    #[serde(rename = "type")]
    pub kind: LevelKind,
    /// How many units there are.
    pub units: usize,
    /// The rule that hands the relevance of this level down to the one below; null for the input.
    pub rule: Option<Rule>,
    /// What that rule computes here; null for the input.
    #[serde(default)]
    pub formula: Option<String>,
    /// The search direction of the expansion behind it; null for the input.
    #[serde(default)]
    pub direction: Option<String>,
    /// `relu` or `identity`; null for the input.
    pub activation: Option<Activation>,
    /// The names of the units; empty where the file gives none.
    pub names: Vec<String>,
}

impl NetworkInfo {
    /// The levels of a network with the rules of a plan.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        let input = LayerInfo {
            kind: LevelKind::Input,
            units: network.input_units(),
            rule: None,
            formula: None,
            direction: None,
            activation: None,
            names: network.names(0).to_vec(),
        };
        let layers = network
            .layers()
            .iter()
            .enumerate()
            .map(|(l, layer)| LayerInfo {
                kind: layer.into(),
                units: layer.linear().outputs(),
                rule: Some(plan.rule(l + 1)),
                formula: Some(
                    plan.rule(l + 1)
                        .formula(network.can_be_negative(l))
                        .to_owned(),
                ),
                direction: Some(
                    plan.rule(l + 1)
                        .direction_formula(network.can_be_negative(l))
                        .to_owned(),
                ),
                activation: Some(layer.activation()),
                names: network.names(l + 1).to_vec(),
            });
        Self {
            name: network.name().to_owned(),
            shape: network.input().shape.clone(),
            bounds: match network.input().bounds {
                Some(Bounds::Same(bounds)) => Some(bounds),
                Some(Bounds::Each(_)) | None => None,
            },
            layers: std::iter::once(input).chain(layers).collect(),
        }
    }

    /// How a unit is called in a table: its name, or its number counted from 0.
    pub fn label(&self, layer: usize, unit: usize) -> String {
        self.layers[layer]
            .names
            .get(unit)
            .map_or_else(|| unit.to_string(), Clone::clone)
    }
}
