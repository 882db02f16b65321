//! A network file in exact fractions.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::number::{Number, Total, all_of};
use crate::error::{Error, Invalid};
use crate::network::{Activation, Network, without_mark};

/// A network whose every number is the decimal in the file.
#[derive(Debug, Clone)]
pub struct ExactNetwork {
    /// The layers, from the input up.
    pub(super) layers: Vec<Layer>,
    /// `[l_i, h_i]` of every input, where the file gives bounds.
    pub(super) bounds: Option<Vec<[Number; 2]>>,
    /// Whether the file gives the same two bounds for all.
    pub(super) same_bounds: bool,
    samples: Vec<Vec<Number>>,
}

/// A layer, unit by unit; a pool is a layer whose weights are 1.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) units: Vec<Unit>,
    pub(super) relu: bool,
    pub(super) pool: bool,
}

/// A unit: its weights, each with the input it leads from, and its bias.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) weights: Vec<(usize, Number)>,
    pub(super) bias: Number,
}

#[derive(Deserialize)]
struct File<'t> {
    #[serde(borrow)]
    input: Input<'t>,
    #[serde(borrow)]
    layers: Vec<RawLayer<'t>>,
    #[serde(borrow)]
    inputs: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct Input<'t> {
    #[serde(borrow)]
    bounds: Option<&'t RawValue>,
}

#[derive(Deserialize)]
struct RawLayer<'t> {
    #[serde(borrow)]
    weights: Option<&'t RawValue>,
    weights_order: Option<String>,
    #[serde(borrow)]
    bias: Option<&'t RawValue>,
}

impl ExactNetwork {
    /// Reads the text that `network` was read from.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where a number cannot be taken as an exact fraction.
    pub fn parse(text: &[u8], network: &Network) -> Result<Self, Error> {
        let file: File = serde_json::from_slice(without_mark(text))
            .map_err(|error| Invalid::new("", "expected a network file", error))?;
        let (mut layers, mut below) = (Vec::new(), network.input_units());
        for (l, (raw, layer)) in file.layers.iter().zip(network.layers()).enumerate() {
            let units = layer.linear().outputs();
            let units = if layer.is_pool() {
                pool(below, units)
            } else {
                dense(raw, below, units)
                    .map_err(|invalid| invalid.below(&format!("layers[{l}]")))?
            };
            below = units.len();
            layers.push(Layer {
                units,
                relu: layer.activation() == Activation::Relu,
                pool: layer.is_pool(),
            });
        }
        let inputs = network.input_units();
        let listed = given(file.input.bounds).map_err(|invalid| invalid.below("input.bounds"))?;
        let same_bounds = listed.len() == 2
            && file
                .input
                .bounds
                .is_some_and(|raw| !raw.get()[1..].contains('['));
        let bounds = match (listed.len(), same_bounds) {
            (0, _) => None,
            (_, true) => Some(vec![[listed[0].clone(), listed[1].clone()]; inputs]),
            _ => Some(
                (0..inputs)
                    .map(|i| [listed[i].clone(), listed[inputs + i].clone()])
                    .collect(),
            ),
        };
        let samples = given(file.inputs).map_err(|invalid| invalid.below("inputs"))?;
        Ok(Self {
            layers,
            bounds,
            same_bounds,
            samples: samples.chunks(inputs).map(<[Number]>::to_vec).collect(),
        })
    }

    /// The samples that the file brings along.
    pub fn samples(&self) -> &[Vec<Number>] {
        &self.samples
    }

    /// `[l_i, h_i]` of the inputs of layer `l`, for the zᴮ rule and the domain of roots: on the first layer with
    /// weights the bounds, or their sums over pools below; further up, zᴮ takes the file's two numbers.
    pub(super) fn bounds_below(&self, l: usize) -> Option<Vec<[Number; 2]>> {
        let bounds = self.bounds.as_ref()?;
        if self.layers[..l].iter().all(|layer| layer.pool) {
            let sums = |bounds: Vec<[Number; 2]>, layer: &Layer| {
                let sum = |unit: &Unit, side: usize| {
                    unit.weights
                        .iter()
                        .map(|(i, _)| bounds[*i][side].clone())
                        .total()
                };
                layer
                    .units
                    .iter()
                    .map(|unit| [sum(unit, 0), sum(unit, 1)])
                    .collect()
            };
            return Some(self.layers[..l].iter().fold(bounds.clone(), sums));
        }
        self.same_bounds
            .then(|| vec![bounds[0].clone(); self.layers[l - 1].units.len()])
    }
}

fn given(raw: Option<&RawValue>) -> Result<Vec<Number>, Invalid> {
    match raw.map(RawValue::get) {
        None | Some("null") => Ok(Vec::new()),
        Some(json) => all_of(json),
    }
}

fn pool(inputs: usize, units: usize) -> Vec<Unit> {
    let size = inputs / units;
    let unit = |k: usize| Unit {
        weights: (k * size..(k + 1) * size)
            .map(|i| (i, Number::ONE))
            .collect(),
        bias: Number::ZERO,
    };
    (0..units).map(unit).collect()
}

fn dense(raw: &RawLayer, inputs: usize, units: usize) -> Result<Vec<Unit>, Invalid> {
    let weights = given(raw.weights).map_err(|invalid| invalid.below("weights"))?;
    let bias = given(raw.bias).map_err(|invalid| invalid.below("bias"))?;
    let by_unit = raw.weights_order.as_deref() == Some("out_in");
    let weight = |i: usize, j: usize| {
        if by_unit {
            &weights[j * inputs + i]
        } else {
            &weights[i * units + j]
        }
    };
    let unit = |j: usize| Unit {
        weights: (0..inputs).map(|i| (i, weight(i, j).clone())).collect(),
        bias: bias.get(j).cloned().unwrap_or(Number::ZERO),
    };
    Ok((0..units).map(unit).collect())
}
