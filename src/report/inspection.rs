//! What is in a network file, and how well it fits the theory.

use schemars::JsonSchema;
use serde::Serialize;

use super::format::figure;
use super::{Kind, activation};
use crate::network::{Bounds, LayerFit, Network};
use crate::relevance::{Plan, Preset};
use crate::words::{agree, count, listed, part};

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
    pub kind: String,
    /// How many units there are.
    pub units: usize,
    /// `relu` or `identity`; null for the input.
    pub activation: Option<String>,
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
    /// Inspects a network.
    pub fn new(network: &Network) -> Self {
        let fit = network.fit();
        let input = InspectedLayer {
            kind: "input".to_owned(),
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
                kind: layer.kind().to_owned(),
                units: layer.linear().outputs(),
                activation: Some(activation(layer.activation()).to_owned()),
                parameters: layer.linear().parameters() + layer.bias().len(),
                biases_above_0: fit.biases_above_0,
                largest_bias: fit.largest_bias,
                without_weights: fit.without_weights.clone(),
            });
        let layers: Vec<InspectedLayer> = std::iter::once(input).chain(layers).collect();
        let parameters = layers.iter().map(|layer| layer.parameters).sum();
        let units: usize = layers.iter().map(|layer| layer.units).sum();
        let mut notes: Vec<String> = fit
            .layers
            .iter()
            .enumerate()
            .flat_map(|(l, fit)| of_layer(l + 1, &layers[l + 1], fit))
            .collect();
        if let Err(error) = Plan::of(network, Preset::DeepTaylor) {
            let error = error.to_string();
            let reason = error.lines().next().unwrap_or_default();
            notes.push(format!(
                "The bounds of the inputs cannot be used: {reason}."
            ));
        }
        notes.extend(outside_bounds(network));
        if fit.output_can_be_negative {
            notes.push(
                "The output can be negative: the theory explains f ≥ 0. For a sample whose explained output is below 0, \
                 positivity will fail; a ReLU on the last layer rules it out."
                    .to_owned(),
            );
        }
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
            notes,
        }
    }
}

/// The samples of the file that lie outside of its own bounds.
fn outside_bounds(network: &Network) -> Option<String> {
    const SAID: usize = 5;
    let bounds = network.input().bounds.as_ref()?;
    let samples = network.samples().rows().into_iter().enumerate();
    let outside: Vec<(usize, usize)> = samples
        .map(|(n, x)| (n, bounds.outside(&x.to_vec()).len()))
        .filter(|(_, inputs)| *inputs > 0)
        .collect();
    let of = |(n, inputs): &(usize, usize)| format!("{} of sample {n}", count(*inputs, "input"));
    let all = outside.len();
    let named = listed(outside.iter().take(SAID).map(of).collect(), all);
    let bounds = match bounds {
        Bounds::Same([low, high]) => format!(" [{}, {}]", figure(*low), figure(*high)),
        Bounds::Each(_) => String::new(),
    };
    (all > 0).then(|| {
        format!(
            "{} of the file {} outside the bounds{bounds}: {named}. zB refuses {}; the other rules do not look at bounds.",
            part(all, network.samples().nrows(), "sample"),
            agree(all, "lies", "lie"),
            agree(all, "it", "them"),
        )
    })
}

fn of_layer(l: usize, layer: &InspectedLayer, fit: &LayerFit) -> Vec<String> {
    let mut notes = Vec::new();
    if fit.biases_above_0 > 0 {
        notes.push(format!(
            "Layer {l}: {} above 0, the largest {}. The theory asks b ≤ 0: with b > 0 a unit can fire \
             without support from its inputs. w² and flat stay conserved; under z+ what such a unit carries may be \
             lost, for it is where no input supports the unit, and conservation then fails.",
            part(fit.biases_above_0, layer.units, "bias"),
            figure(fit.largest_bias),
        ));
    }
    if !fit.without_weights.is_empty() {
        let shown = fit.without_weights.iter().take(5).map(usize::to_string);
        notes.push(format!(
            "Layer {l}: {} without weights ({}). Under w², z+ and zB such a unit hands nothing on: \
             whatever relevance it carries is lost, and conservation fails for samples where it carries some.",
            part(fit.without_weights.len(), layer.units, "unit"),
            listed(shown.collect(), fit.without_weights.len()),
        ));
    }
    if layer.kind == "sum_pool" && fit.input_can_be_negative {
        notes.push(format!(
            "Layer {l}: pools values that can be negative. Shares in proportion to them can be negative, so that positivity \
             may fail; where they are not all 0 and cancel to 0, what the pool carries is lost and conservation fails.",
        ));
    }
    notes
}
