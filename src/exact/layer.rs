//! A layer in exact fractions.

use super::domain::{Interval, largest, weighted};
use super::number::{Number, Total, binary, fractions};
use crate::error::Invalid;
use crate::network::linear::{Role, Tie};
use crate::network::{self, Activation, LayerDecimals};

static ZERO: Number = Number::ZERO;

/// The numbers of one layer, in the order in which the network has them.
#[derive(Debug, Clone)]
pub(super) struct LayerNumbers {
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

impl LayerNumbers {
    /// Every number as its binary value.
    pub(super) fn binary(layer: &network::Layer) -> Self {
        Self {
            stored: binary(&layer.linear().stored().to_f64()),
            parts: parts(layer),
            bias: binary(layer.bias()),
        }
    }

    /// Takes the numbers that are written out.
    pub(super) fn read(&mut self, texts: &LayerDecimals) -> Result<(), Invalid> {
        let lists = [
            ("weights", &texts.stored, &mut self.stored),
            ("bias", &texts.bias, &mut self.bias),
        ];
        for (key, texts, numbers) in lists {
            if !texts.is_empty() {
                *numbers = fractions(key, texts)?;
            }
        }
        Ok(())
    }
}

impl<'n> ExactLayer<'n> {
    /// A layer with its numbers; `in_proportion` says whether it shares in proportion.
    pub(super) fn new(
        layer: &'n network::Layer,
        numbers: &'n LayerNumbers,
        in_proportion: bool,
    ) -> Self {
        Self {
            layer,
            numbers,
            in_proportion,
        }
    }

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

    /// How many inputs unit j sees, constants included.
    pub(super) fn seen(self, j: usize) -> usize {
        let branches = self.layer.branches().iter();
        branches.map(|branch| branch.map().ties(j).len()).sum()
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

    /// The interval of unit j's pre-activation, given that of an input of a branch.
    pub(super) fn interval(self, j: usize, below: impl Fn(usize, usize) -> Interval) -> Interval {
        let below = |tie: ExactTie| below(tie.branch, tie.input);
        if self.layer.role() == Role::Maximum {
            let zero = [Some(Number::ZERO), Some(Number::ZERO)];
            return largest(self.ties(j).map(below)).unwrap_or(zero);
        }
        let parts = self.ties(j).map(|tie| (below(tie), tie.weight));
        weighted(parts, self.bias(j))
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
