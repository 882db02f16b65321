//! What is in a network file, and how well it fits the theory.

use schemars::JsonSchema;
use serde::Serialize;

use super::Kind;
use crate::network::{Activation, LevelKind, Network};

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
    /// Weights and biases in all.
    pub parameters: usize,
    /// Bytes that these take in memory.
    pub memory_bytes: usize,
    /// Bytes that one sample takes while it is explained: activation and relevance of every unit.
    pub sample_bytes: usize,
    /// Whether the output can be negative.
    pub output_can_be_negative: bool,
    /// What does not fit the theory, and what that means for the checks.
    pub notes: Vec<String>,
}

/// One level of an inspected network.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InspectedLayer {
    /// `input`, or the type of the layer as in the network file.
    #[serde(rename = "type")]
    pub kind: LevelKind,
    /// How many units there are.
    pub units: usize,
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

impl Inspection {
    /// Inspects a network; what does not fit is yet to be [said](Self::interpreted).
    pub fn new(network: &Network) -> Self {
        let fit = network.fit();
        let input = InspectedLayer {
            kind: LevelKind::Input,
            units: network.input_units(),
            activation: None,
            parameters: 0,
            biases_above_0: 0,
            largest_bias: 0.0,
            without_weights: Vec::new(),
        };
        let layers = network
            .layers()
            .iter()
            .zip(&fit.layers)
            .map(|(layer, fit)| InspectedLayer {
                kind: layer.into(),
                units: layer.linear().outputs(),
                activation: Some(layer.activation()),
                parameters: layer.linear().parameters() + layer.bias().len(),
                biases_above_0: fit.biases_above_0,
                largest_bias: fit.largest_bias,
                without_weights: fit.without_weights.clone(),
            });
        let layers: Vec<InspectedLayer> = std::iter::once(input).chain(layers).collect();
        let parameters = layers.iter().map(|layer| layer.parameters).sum();
        let units: usize = layers.iter().map(|layer| layer.units).sum();
        Self {
            kind: Kind::Inspection,
            name: network.name().to_owned(),
            description: network.description().to_owned(),
            input_shape: network.input().shape.clone(),
            bounds: network.input().bounds.is_some(),
            scale: network.input().scale,
            samples: network.samples().nrows(),
            layers,
            parameters,
            memory_bytes: parameters * size_of::<f64>(),
            sample_bytes: 2 * units * size_of::<f64>(),
            output_can_be_negative: fit.output_can_be_negative,
            notes: Vec::new(),
        }
    }
}
