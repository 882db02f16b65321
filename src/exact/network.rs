//! A network file in exact fractions.

use super::number::{Number, Total, decimal};
use crate::error::{Error, Invalid};
use crate::network::linear::{Linear, Weight};
use crate::network::{self, Activation, Bounds, LayerDecimals, Network, decimals};

static ZERO: Number = Number::ZERO;

/// A network whose every number is the decimal in the file.
#[derive(Debug, Clone)]
pub struct ExactNetwork {
    network: Network,
    /// The numbers of every layer, from the input up.
    numbers: Vec<LayerNumbers>,
    /// `[l_i, h_i]` of every input, where the file gives bounds.
    pub(super) bounds: Option<Vec<[Number; 2]>>,
    samples: Vec<Vec<Number>>,
}

/// The numbers of one layer, in the order in which the network has them.
#[derive(Debug, Clone)]
struct LayerNumbers {
    stored: Vec<Number>,
    /// 1/n for every n from 1 to the largest that a weight is a [part](Weight::Part) by.
    parts: Vec<Number>,
    bias: Vec<Number>,
}

/// One layer, as the network has it, and its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExactLayer<'n> {
    layer: &'n network::Layer,
    numbers: &'n LayerNumbers,
}

impl ExactNetwork {
    /// Reads the text of a network file.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] when it is not a network, and [`Error::Invalid`] where a number cannot be taken as an exact
    /// fraction.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let network = Network::parse("network", text)?;
        let decimals = decimals(text)?;
        let layers = decimals.layers.iter().zip(network.layers()).enumerate();
        let numbers = layers
            .map(|(l, (texts, layer))| {
                LayerNumbers::of(texts, layer.linear())
                    .map_err(|invalid| invalid.below(&format!("layers[{l}]")))
            })
            .collect::<Result<_, Invalid>>()?;
        let listed = fractions("input.bounds", &decimals.bounds)?;
        let samples = fractions("inputs", &decimals.samples)?;
        let inputs = network.input_units();
        Ok(Self {
            numbers,
            bounds: (network.input().bounds.as_ref()).map(|bounds| match bounds {
                Bounds::Same(_) => vec![[listed[0].clone(), listed[1].clone()]; inputs],
                Bounds::Each(_) => {
                    let (low, high) = listed.split_at(inputs);
                    let each = low.iter().zip(high);
                    each.map(|(l, h)| [l.clone(), h.clone()]).collect()
                }
            }),
            samples: samples.chunks(inputs).map(<[Number]>::to_vec).collect(),
            network,
        })
    }

    /// The samples that the file brings along.
    pub fn samples(&self) -> &[Vec<Number>] {
        &self.samples
    }

    /// The level of the outputs.
    pub(super) fn top(&self) -> usize {
        self.network.top()
    }

    /// Number of units on one level.
    pub(super) fn units_of(&self, level: usize) -> usize {
        self.network.units_of(level)
    }

    /// The layer that makes a level, from 1 up.
    pub(super) fn layer(&self, level: usize) -> ExactLayer<'_> {
        ExactLayer {
            layer: self.network.layer(level),
            numbers: &self.numbers[level - 1],
        }
    }

    /// Every layer with the level that it makes, from the input up.
    pub(super) fn by_level(
        &self,
    ) -> impl DoubleEndedIterator<Item = (usize, ExactLayer<'_>)> + ExactSizeIterator {
        let layers = self.network.by_level().zip(&self.numbers);
        layers.map(|((level, layer), numbers)| (level, ExactLayer { layer, numbers }))
    }

    /// `[l_i, h_i]` of the values that the layer of a level reads, for the zᴮ rule and the domain of roots: below the first
    /// layer with weights the bounds, carried up by the layers between; further up, zᴮ takes the file's two numbers.
    pub(super) fn bounds_below(&self, level: usize) -> Option<Vec<[Number; 2]>> {
        let bounds = self.bounds.as_ref()?;
        let mut between = self.by_level().take(level - 1);
        if between.all(|(_, layer)| !layer.has_weights()) {
            let between = self.by_level().take(level - 1);
            return Some(between.fold(bounds.clone(), |bounds, (_, layer)| layer.bounds(&bounds)));
        }
        matches!(self.network.input().bounds, Some(Bounds::Same(_)))
            .then(|| vec![bounds[0].clone(); self.units_of(level - 1)])
    }
}

impl LayerNumbers {
    fn of(texts: &LayerDecimals, linear: &Linear) -> Result<Self, Invalid> {
        Ok(Self {
            stored: fractions("weights", &texts.stored)?,
            parts: parts(linear),
            bias: fractions("bias", &texts.bias)?,
        })
    }
}

/// 1/n for every n from 1 to the largest that a weight of a map is a part by; a map with weights of its own has none.
fn parts(linear: &Linear) -> Vec<Number> {
    if linear.kind().has_weights() {
        return Vec::new();
    }
    let ties = (0..linear.outputs()).flat_map(|j| linear.ties(j));
    let largest = ties.map(|tie| tie.weight.of(|_| 0, |n| n)).max();
    (1..=largest.unwrap_or(0))
        .map(|n| Number::ONE / Number::from(n))
        .collect()
}

/// The numbers of a list as fractions; `key` says whose they are.
fn fractions(key: &str, texts: &[&str]) -> Result<Vec<Number>, Invalid> {
    let fractions = texts.iter().map(|text| decimal(text));
    fractions
        .collect::<Result<_, Invalid>>()
        .map_err(|invalid| invalid.below(key))
}

impl<'n> ExactLayer<'n> {
    /// Number of units that the layer makes.
    pub(super) fn units(self) -> usize {
        self.layer.linear().outputs()
    }

    /// Whether the layer has weights of its own.
    pub(super) fn has_weights(self) -> bool {
        self.layer.has_weights()
    }

    /// Whether the layer's units do not fire below 0.
    pub(super) fn is_relu(self) -> bool {
        self.layer.activation() == Activation::Relu
    }

    /// The inputs that unit j sees, in order, each with `w_ij`.
    pub(super) fn weights_of(self, j: usize) -> impl Iterator<Item = (usize, &'n Number)> {
        let LayerNumbers { stored, parts, .. } = self.numbers;
        let weight = |weight: Weight| weight.of(|k| &stored[k], |n| &parts[n - 1]);
        let ties = self.layer.linear().ties(j);
        ties.map(move |tie| (tie.input, weight(tie.weight)))
    }

    /// `b_j`
    pub(super) fn bias(self, j: usize) -> &'n Number {
        self.numbers.bias.get(j).unwrap_or(&ZERO)
    }

    /// `Σ_i x_i w_ij`
    pub(super) fn weighted(self, j: usize, x: &[Number]) -> Number {
        self.weights_of(j).map(|(i, w)| &x[i] * w).total()
    }

    /// `Σ_i x_i w_ij + b_j`
    pub(super) fn pre_activation(self, j: usize, x: &[Number]) -> Number {
        self.weighted(j, x) + self.bias(j)
    }

    /// What the activation makes of a pre-activation.
    pub(super) fn activate(self, z: Number) -> Number {
        if self.is_relu() {
            z.max(Number::ZERO)
        } else {
            z
        }
    }

    /// Whether unit j shares equally: it has no weights, and all its inputs are 0.
    pub(super) fn shares_equally(self, j: usize, x: &[Number]) -> bool {
        !self.has_weights() && (self.weights_of(j)).all(|(i, _)| x[i] == Number::ZERO)
    }

    /// The bounds of `Σ_i x_i w_ij + b_j`, given those of the x_i.
    fn bounds(self, below: &[[Number; 2]]) -> Vec<[Number; 2]> {
        let bound = |j: usize, side: usize| {
            let least = |(i, w): (usize, &Number)| {
                let side = if *w < Number::ZERO { 1 - side } else { side };
                &below[i][side] * w
            };
            self.weights_of(j).map(least).total() + self.bias(j)
        };
        (0..self.units())
            .map(|j| [bound(j, 0), bound(j, 1)])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::ExactNetwork;
    use crate::exact::{Number, decimal};

    fn numbers(texts: &[&str]) -> Vec<Number> {
        let numbers = texts.iter().map(|text| decimal(text).expect("a decimal"));
        numbers.collect()
    }

    fn network(layer: &str) -> ExactNetwork {
        let text = format!(
            r#"{{ "input": {{ "shape": [3], "bounds": [[0, -1, 0], [1, 1, 2]] }}, "layers": [
                {{ "type": "sum_pool", "size": 1 }}, {layer}, {{ "type": "sum_pool" }} ] }}"#
        );
        ExactNetwork::parse(text.as_bytes()).expect("a network")
    }

    #[test]
    fn numbers_are_the_decimals_of_the_file_in_either_order_of_weights() {
        let layers = [
            r#"{ "type": "dense", "weights": [[0.1, 1], [0.2, 2], [-0.3, 3]], "bias": [0, 0.5] }"#,
            r#"{ "weights": [[0.1, 0.2, -0.3], [1, 2, 3]], "weights_order": "out_in",
                 "bias": [0, 5e-1], "type": "dense" }"#,
        ];
        for layer in layers {
            let (network, x) = (network(layer), numbers(&["1", "1", "1"]));
            let dense = network.layer(2);
            let z: Vec<Number> = (0..2).map(|j| dense.pre_activation(j, &x)).collect();
            assert_eq!(z, numbers(&["0", "6.5"]), "{layer}");
            let bounds: Vec<Number> = dense
                .bounds(&network.bounds_below(2).expect("bounds"))
                .into_iter()
                .flatten()
                .collect();
            assert_eq!(bounds, numbers(&["-0.8", "0.3", "-1.5", "9.5"]), "{layer}");
        }
    }
}
