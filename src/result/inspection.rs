//! What is in a network file, and how well it fits the theory.

use std::ops::Not;

use schemars::JsonSchema;
use serde::Serialize;

use super::Kind;
use super::network::unusual_sources;
use crate::network::{self, Activation, LevelKind, Network, OnnxModel, fit::Fit};
use crate::relevance::{Policy, Reason, Resolved, Rule};

/// The result of `deeptaylor inspect`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "inspection")]
pub struct Inspection {
    /// Always `inspection`.
    pub kind: Kind,
    /// The name in the file; empty where it has none.
    pub name: String,
    /// The description in the file; empty where it has none.
    pub description: String,
    /// The shape of the input: `[n]` or `[channels, height, width]`.
    pub input_shape: Vec<usize>,
    /// Whether the file bounds the inputs.
    pub bounds: bool,
    /// What the values in a file of samples are divided by, where the file says it.
    pub scale: Option<f64>,
    /// How many samples the file brings along.
    pub samples: usize,
    /// The levels, input first.
    pub layers: Vec<InspectedLayer>,
    /// The plans that were asked for, each with the rule of every layer: a plan file. Left out where none was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<Policy>,
    /// Weights and biases in all.
    pub parameters: usize,
    /// Bytes that these take in memory.
    pub memory_bytes: usize,
    /// Bytes that one sample takes while it is explained: activation and relevance of every unit.
    pub sample_bytes: usize,
    /// Whether the output can be negative.
    pub output_can_be_negative: bool,
    /// What an ONNX file says of itself, and what became of its nodes; left out of a network file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<OnnxModel>,
    /// What does not fit the theory, and what that means for the checks.
    pub notes: Vec<String>,
}

/// One level of an inspected network.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InspectedLayer {
    /// `input`, or the type of the layer as in the network file.
    #[serde(rename = "type")]
    pub kind: LevelKind,
    /// The name of the layer; left out where the file gives none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The levels that the layer reads, one a branch; left out where it is the level before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<usize>,
    /// The layers that read the level, one a branch; left out where it is the next one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read_by: Vec<usize>,
    /// How many units there are.
    pub units: usize,
    /// `[channels, height, width]`; left out where the units are a plain list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shape: Vec<usize>,
    /// How many units are 0 whatever the network reads, so that nothing is tied to them; left out where none is.
    #[serde(default, skip_serializing_if = "is_0")]
    pub constants: usize,
    /// Whether it is a *first* layer though it does not read the input itself, or is one of several; left out where not.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub first: bool,
    /// The rule of the layer in each of the `plans`, in their order; left out for the input, and where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<InspectedRule>,
    /// `relu` or `identity`; null for the input.
    pub activation: Option<Activation>,
    /// Weights and biases.
    pub parameters: usize,
    /// How many biases are above 0.
    pub biases_above_0: usize,
    /// The largest bias; 0 where there is none.
    pub largest_bias: f64,
    /// The units whose weights are all 0.
    pub without_weights: Vec<usize>,
}

/// The rule of a layer, and why it has it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InspectedRule {
    /// The rule.
    pub rule: Rule,
    /// What chose it; null for a layer that brings its own rule.
    pub reason: Option<Reason>,
}

impl Inspection {
    /// Inspects a network; what does not fit is yet to be [said](Self::interpreted).
    pub fn new(network: &Network) -> Self {
        let fit = network.fit();
        // Where layer 1 alone is a first one, it goes without saying.
        let first: Vec<usize> = network.first_layers().collect();
        let first = if first == [1] { &[][..] } else { &first };
        let levels = 0..=network.top();
        let layers: Vec<InspectedLayer> = levels
            .map(|level| InspectedLayer::new(network, &fit, first, level))
            .collect();
        let parameters = layers.iter().map(|layer| layer.parameters).sum();
        Self {
            kind: Kind::Inspection,
            name: network.name().to_owned(),
            description: network.description().to_owned(),
            input_shape: network.input().shape.clone(),
            bounds: network.input().bounds.is_some(),
            scale: network.input().scale,
            samples: network.samples().nrows(),
            layers,
            plans: Vec::new(),
            parameters,
            memory_bytes: network.stored_bytes(),
            sample_bytes: network.sample_bytes(),
            output_can_be_negative: fit.output_can_be_negative,
            model: None,
            notes: Vec::new(),
        }
    }

    /// The same, with what is told of the ONNX model that the network was read from.
    #[must_use]
    pub fn of_model(mut self, model: Option<OnnxModel>) -> Self {
        self.model = model;
        self
    }

    /// The same, with which rule each of these plans, under its name, has on which layer.
    #[must_use]
    pub fn of_plans<'p, 'n: 'p>(
        mut self,
        plans: impl IntoIterator<Item = (String, &'p Resolved<'n>)>,
    ) -> Self {
        for (name, resolved) in plans {
            for (l, reason) in resolved.reasons.iter().enumerate() {
                self.layers[l + 1].rules.push(InspectedRule {
                    rule: resolved.plan.rule(l + 1),
                    reason: reason.clone(),
                });
            }
            self.plans.push(resolved.plan.policy().named(name));
        }
        self
    }
}

impl InspectedLayer {
    fn new(network: &Network, fit: &Fit, first: &[usize], level: usize) -> Self {
        let layer = (level > 0).then(|| network.layer(level));
        let fit = (level > 0).then(|| &fit.layers[level - 1]);
        let read_by: Vec<usize> = network.readers(level).collect();
        let is_next = read_by == [level + 1] || level == network.top();
        Self {
            kind: layer.map_or(LevelKind::Input, LevelKind::from),
            name: layer.map_or("", |layer| layer.name()).to_owned(),
            from: unusual_sources(network, level),
            read_by: if is_next { Vec::new() } else { read_by },
            units: network.units_of(level),
            shape: network
                .shape(level)
                .image()
                .map_or_else(Vec::new, Vec::from),
            constants: network.constant_units(level),
            first: first.binary_search(&level).is_ok(),
            rules: Vec::new(),
            activation: layer.map(network::Layer::activation),
            parameters: layer.map_or(0, |layer| {
                let maps = layer
                    .branches()
                    .iter()
                    .map(|branch| branch.map().parameters());
                maps.sum::<usize>() + layer.bias().len()
            }),
            biases_above_0: fit.map_or(0, |fit| fit.biases_above_0),
            largest_bias: fit.map_or(0.0, |fit| fit.largest_bias),
            without_weights: fit.map_or_else(Vec::new, |fit| fit.without_weights.clone()),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_0(number: &usize) -> bool {
    *number == 0
}
