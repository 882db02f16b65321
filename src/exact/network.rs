//! A network in exact fractions.

use super::domain::{ExactDomain, largest, weighted};
use super::number::{Number, Total, decimal};
use crate::error::{Error, Invalid};
use crate::network::linear::{Role, Tie};
use crate::network::{self, Activation, Bounds, Domain, LayerDecimals, Network, Written, decimals};

static ZERO: Number = Number::ZERO;

/// A network whose every number is the decimal in its file, or, where it was not written as one, its binary value.
#[derive(Debug, Clone)]
pub struct ExactNetwork {
    network: Network,
    /// The numbers of every layer, from the input up.
    numbers: Vec<LayerNumbers>,
    /// `[l_i, h_i]` of every input, where there are bounds.
    pub(super) bounds: Option<Vec<[Number; 2]>>,
    /// Where the values of every level may lie, input first.
    domains: Vec<ExactDomain>,
    samples: Vec<Vec<Number>>,
}

/// The numbers of one layer, in the order in which the network has them.
#[derive(Debug, Clone)]
struct LayerNumbers {
    stored: Vec<Number>,
    /// 1/n for every n from 1 to the largest that a weight is a [part](network::linear::Weight::Part) by.
    parts: Vec<Number>,
    bias: Vec<Number>,
}

/// One layer, as the network has it, and its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExactLayer<'n> {
    layer: &'n network::Layer,
    numbers: &'n LayerNumbers,
    /// Whether units whose inputs are all 0 share equally.
    in_proportion: bool,
}

/// An input that a unit sees: of which branch of its layer, which it is, and the weight between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExactTie<'n> {
    pub branch: usize,
    pub input: usize,
    pub weight: &'n Number,
}

impl From<Network> for ExactNetwork {
    /// Every number is its binary value.
    fn from(network: Network) -> Self {
        let numbers = network.layers().iter().map(|layer| LayerNumbers {
            stored: binary(layer.linear().stored()),
            parts: parts(layer),
            bias: binary(layer.bias()),
        });
        let inputs = network.input_units();
        let bound = |i: usize, bounds: &Bounds| bounds.at(i).map(exact);
        let bounds = network.input().bounds.as_ref();
        Self {
            numbers: numbers.collect(),
            bounds: bounds.map(|bounds| (0..inputs).map(|i| bound(i, bounds)).collect()),
            domains: Vec::new(),
            samples: (network.samples().rows().into_iter())
                .map(|row| row.iter().copied().map(exact).collect())
                .collect(),
            network,
        }
        .with_domains()
    }
}

impl ExactNetwork {
    /// Reads the text of a network file.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] when it is not a network, and [`Error::Invalid`] where a number cannot be taken as an exact
    /// fraction.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        Self::with_decimals(Network::parse("network", text)?, text)
    }

    /// The same network in the decimals of the text that it was read from; what this does not write out, as the weights of a
    /// tensor, keeps its binary value.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where a number cannot be taken as an exact fraction.
    pub fn with_decimals(network: Network, text: &[u8]) -> Result<Self, Error> {
        let decimals = decimals(text)?;
        let mut exact = Self::from(network);
        let layers = decimals.layers.iter().zip(&mut exact.numbers).enumerate();
        for (l, (texts, numbers)) in layers {
            numbers
                .read(texts)
                .map_err(|invalid| invalid.below(&format!("layers[{l}]")))?;
        }
        let listed = fractions("input.bounds", &decimals.bounds.concat())?;
        let (pairs, _) = listed.as_chunks::<2>();
        let inputs = exact.network.input_units();
        exact.bounds = (exact.network.input().bounds.as_ref()).map(|bounds| match bounds {
            Bounds::Same(_) => vec![pairs[0].clone(); inputs],
            Bounds::Each(_) => pairs.to_vec(),
        });
        let samples = fractions("inputs", &decimals.samples)?;
        exact.samples = samples.chunks(inputs).map(<[Number]>::to_vec).collect();
        Ok(exact.with_domains())
    }

    /// The samples that the file brings along.
    pub fn samples(&self) -> &[Vec<Number>] {
        &self.samples
    }

    /// The same network in f64.
    pub(super) fn rounded(&self) -> &Network {
        &self.network
    }

    /// The level of the outputs.
    pub(super) fn top(&self) -> usize {
        self.network.top()
    }

    /// The layer that makes a level, from 1 up.
    pub(super) fn layer(&self, level: usize) -> ExactLayer<'_> {
        ExactLayer {
            layer: self.network.layer(level),
            numbers: &self.numbers[level - 1],
            in_proportion: self.network.shares_in_proportion(level),
        }
    }

    /// Every layer with the level that it makes, from the input up.
    pub(super) fn by_level(
        &self,
    ) -> impl DoubleEndedIterator<Item = (usize, ExactLayer<'_>)> + ExactSizeIterator {
        let levels = self.network.by_level();
        levels.map(|(level, _)| (level, self.layer(level)))
    }

    /// What every branch of the layer of a level reads, of the values of all levels.
    pub(super) fn read<'v>(&self, level: usize, values: &'v [Vec<Number>]) -> Vec<&'v [Number]> {
        let sources = self.network.layer(level).sources();
        sources.map(|from| &values[from][..]).collect()
    }

    /// Where the values of a level may lie.
    pub(super) fn domain(&self, level: usize) -> &ExactDomain {
        &self.domains[level]
    }

    /// `[l_i, h_i]` of what the layer of a level reads, for the zᴮ rule: below a first layer the bounds of the input, moved
    /// through the routing between; further up, the file's two numbers.
    pub(super) fn bounds_below<'n>(
        &'n self,
        level: usize,
    ) -> impl Fn(usize) -> Option<[&'n Number; 2]> {
        let (first, input) = (self.network.is_first(level), self.network.input());
        let same = matches!(input.bounds, Some(Bounds::Same(_)));
        let from = self.network.layer(level).branches()[0].from();
        let domain = &self.domains[if first { from } else { 0 }];
        move |i| match (first, same) {
            (true, _) => domain.bounds(i),
            (false, true) => domain.bounds(0),
            (false, false) => None,
        }
    }

    /// Settles the domain of every level: of the form that it has in f64, its bounds without rounding.
    fn with_domains(mut self) -> Self {
        self.domains.clear();
        for (level, domain) in self.network.domains().iter().enumerate() {
            let domain = match domain {
                Domain::Unbounded => ExactDomain::Unbounded,
                Domain::NonNegative => ExactDomain::NonNegative,
                Domain::Box(_) => ExactDomain::Box(self.intervals(level)),
            };
            self.domains.push(domain);
        }
        self
    }

    /// The intervals of a level's values, given those of every level below.
    fn intervals(&self, level: usize) -> Vec<[Option<Number>; 2]> {
        if level == 0 {
            let bounds = self.bounds.iter().flatten();
            return bounds.map(|bounds| bounds.clone().map(Some)).collect();
        }
        let layer = self.layer(level);
        let sources: Vec<usize> = layer.sources().collect();
        let interval = |j: usize| {
            let below = |tie: ExactTie| self.domains[sources[tie.branch]].at(tie.input);
            if layer.layer.role() == Role::Maximum {
                let zero = [Some(Number::ZERO), Some(Number::ZERO)];
                return largest(layer.ties(j).map(below)).unwrap_or(zero);
            }
            let parts = layer.ties(j).map(|tie| (below(tie), tie.weight));
            weighted(parts, layer.bias(j))
        };
        (0..layer.units()).map(interval).collect()
    }
}

impl LayerNumbers {
    /// Takes the numbers that are written out.
    fn read(&mut self, texts: &LayerDecimals) -> Result<(), Invalid> {
        let lists = [
            ("weights", &texts.stored, &mut self.stored),
            ("bias", &texts.bias, &mut self.bias),
        ];
        for (key, written, numbers) in lists {
            if let Written::Decimals(texts) = written {
                *numbers = fractions(key, texts)?;
            }
        }
        Ok(())
    }
}

/// 1/n for every n from 1 to the largest that a weight of a layer is a part by; one with weights of its own has none.
fn parts(layer: &network::Layer) -> Vec<Number> {
    if layer.has_weights() {
        return Vec::new();
    }
    let ties = (0..layer.units()).flat_map(|j| layer.ties(j));
    let largest = ties.map(|(_, tie)| tie.weight.of(|_| 0, |n| n)).max();
    (1..=largest.unwrap_or(0))
        .map(|n| Number::ONE / Number::from(n))
        .collect()
}

/// A finite number as the fraction that it is.
fn exact(x: f64) -> Number {
    Number::try_from(x).expect("the numbers of a network are finite")
}

fn binary(numbers: &[f64]) -> Vec<Number> {
    numbers.iter().copied().map(exact).collect()
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
        self.layer.units()
    }

    /// Whether the layer has weights of its own.
    pub(super) fn has_weights(self) -> bool {
        self.layer.has_weights()
    }

    /// Its activation.
    pub(super) fn activation(self) -> Activation {
        self.layer.activation()
    }

    /// The levels that it reads, one a branch.
    pub(super) fn sources(self) -> impl Iterator<Item = usize> + 'n {
        self.layer.sources()
    }

    /// Every number of the layer: weights, parts and biases.
    pub(super) fn numbers(self) -> impl Iterator<Item = &'n Number> {
        let LayerNumbers {
            stored,
            parts,
            bias,
        } = self.numbers;
        stored.iter().chain(parts).chain(bias)
    }

    /// The inputs that unit j sees, branch by branch and in order.
    pub(super) fn ties(self, j: usize) -> impl Iterator<Item = ExactTie<'n>> {
        let ties = self.layer.ties(j);
        ties.map(move |(branch, tie)| self.tie(branch, tie))
    }

    /// The same at a sample, `x` being the values that each branch reads: a max pool sees its winner alone.
    pub(super) fn ties_at(self, j: usize, x: &[&[Number]]) -> impl Iterator<Item = ExactTie<'n>> {
        let branches = self.layer.branches().iter().zip(x).enumerate();
        branches
            .flat_map(move |(k, (branch, x))| branch.ties_at(j, x).map(move |tie| self.tie(k, tie)))
    }

    fn tie(self, branch: usize, tie: Tie) -> ExactTie<'n> {
        let LayerNumbers { stored, parts, .. } = self.numbers;
        ExactTie {
            branch,
            input: tie.input,
            weight: tie.weight.of(|k| &stored[k], |n| &parts[n - 1]),
        }
    }

    /// `b_j`
    pub(super) fn bias(self, j: usize) -> &'n Number {
        let bias = self.numbers.bias.get(self.layer.bias_index(j));
        bias.unwrap_or(&ZERO)
    }

    /// `Σ_k Σ_i x_i w_ij + b_j` over the branches k.
    pub(super) fn pre_activation(self, j: usize, x: &[&[Number]]) -> Number {
        let ties = self.ties_at(j, x);
        let products = ties.map(|tie| &x[tie.branch][tie.input] * tie.weight);
        products.total() + self.bias(j)
    }

    /// What the activation makes of a pre-activation.
    pub(super) fn activate(self, z: Number) -> Number {
        match self.activation() {
            Activation::Identity => z,
            Activation::Relu => z.max(Number::ZERO),
            Activation::Relu6 => z.clamp(Number::ZERO, saturation()),
        }
    }

    /// Whether a unit of this pre-activation stands where its value changes in no direction, though it fires.
    pub(super) fn is_saturated(self, z: &Number) -> bool {
        self.activation() == Activation::Relu6 && *z > saturation()
    }

    /// Whether unit j shares equally: its layer hands on in proportion, and it sees inputs that are all 0.
    pub(super) fn shares_equally(self, j: usize, x: &[&[Number]]) -> bool {
        let mut ties = self.ties(j).peekable();
        self.in_proportion
            && ties.peek().is_some()
            && ties.all(|tie| x[tie.branch][tie.input] == Number::ZERO)
    }
}

/// Where relu6 saturates.
fn saturation() -> Number {
    Number::from(Activation::SATURATION)
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
            let z: Vec<Number> = (0..2).map(|j| dense.pre_activation(j, &[&x])).collect();
            assert_eq!(z, numbers(&["0", "6.5"]), "{layer}");
            let bounds = network.intervals(2).into_iter().flatten();
            let bounds: Vec<Number> = bounds.map(|bound| bound.expect("finite")).collect();
            assert_eq!(bounds, numbers(&["-0.8", "0.3", "-1.5", "9.5"]), "{layer}");
        }
    }
}
