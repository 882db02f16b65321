//! One layer: a sum of linear maps, each from an earlier level, with bias and activation.

use std::sync::Arc;

use ndarray::Array2;

use super::FloatSlice;
use super::activation::Activation;
use super::branch::Branch;
use super::linear::{Dense, Kind, Linear, Place, Role, SumPool, Tie};
use super::shape::Shape;
use crate::error::Invalid;
use crate::words::count;

/// One layer: `z_j = Σ_k Σ_i x_i w_ij + b_j` over its branches k, and the activation of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    name: String,
    branches: Vec<Branch>,
    /// One a unit, or one for so many units that follow each other; empty where all are 0.
    bias: Vec<f64>,
    activation: Activation,
    shape: Shape,
}

impl Layer {
    /// The layer of a map, `x_j = max(0, Σ_i x_i w_ij + b_j)` where the activation is ReLU; it makes a level of this shape.
    ///
    /// `bias` has one number a unit or one a channel, or is empty (zeros).
    ///
    /// # Errors
    ///
    /// [`Invalid`] when the bias has another length, or one of its numbers is not finite.
    pub fn new(
        linear: Linear,
        shape: Shape,
        bias: Vec<f64>,
        activation: Activation,
    ) -> Result<Self, Invalid> {
        let (units, channels) = (linear.outputs(), shape.channels());
        if ![0, units, channels].contains(&bias.len()) {
            let whose = if channels == units { "unit" } else { "channel" };
            return Err(Invalid::new(
                "bias",
                format!(
                    "expected {}, one for each {whose}",
                    count(channels, "number")
                ),
                bias.len(),
            ));
        }
        if let Some((j, b)) = bias.iter().enumerate().find(|(_, b)| !b.is_finite()) {
            return Err(Invalid::new(
                format!("bias[{j}]"),
                "expected a finite number",
                b,
            ));
        }
        Ok(Self {
            name: String::new(),
            branches: vec![Branch::new(linear)],
            bias,
            activation,
            shape,
        })
    }

    /// A dense layer; `weights` is inputs × units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Dense::new`] and [`Layer::new`].
    pub fn dense(
        weights: Array2<f64>,
        bias: Vec<f64>,
        activation: Activation,
    ) -> Result<Self, Invalid> {
        Self::of_dense(Dense::new(weights)?, bias, activation)
    }

    /// The layer of a dense map.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Layer::new`].
    pub fn of_dense(map: Dense, bias: Vec<f64>, activation: Activation) -> Result<Self, Invalid> {
        let (_, units) = map.weights().dim();
        Self::new(Linear::Dense(map), Shape::Flat(units), bias, activation)
    }

    /// A sum pool, `x_k = Σ_j x_j` over every `size` consecutive ones of `inputs` units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`SumPool::new`].
    pub fn sum_pool(inputs: usize, size: usize) -> Result<Self, Invalid> {
        let linear = Linear::SumPool(SumPool::new(inputs, size)?);
        let shape = Shape::Flat(linear.outputs());
        Self::new(linear, shape, Vec::new(), Activation::Identity)
    }

    /// An addition of so many levels of one shape: a sum pool across branches.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there are fewer than two.
    pub fn add(shapes: &[Shape], activation: Activation) -> Result<Self, Invalid> {
        let [first, _, ..] = shapes else {
            return Err(too_few("add", shapes.len()));
        };
        let mut others = shapes.iter().enumerate();
        if let Some((k, other)) = others.find(|(_, shape)| *shape != first) {
            let expected = format!("expected levels of one shape, as from[0] of {first}");
            return Err(Invalid::new(format!("from[{k}]"), expected, other));
        }
        let units = first.units();
        let places = shapes.iter().map(|_| Place::new(units, 0, units));
        Self::of_places(places, *first, activation)
    }

    /// A concatenation of levels: along their channels where they are pictures of one height and width, of their values
    /// elsewhere.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there are fewer than two.
    pub fn concat(shapes: &[Shape], activation: Activation) -> Result<Self, Invalid> {
        if shapes.len() < 2 {
            return Err(too_few("concat", shapes.len()));
        }
        let rest = shapes[1..].iter();
        let shape = rest.fold(shapes[0], |whole, shape| whole.beside(*shape));
        let mut offset = 0;
        let places = shapes.iter().map(|part| {
            offset += part.units();
            Place::new(part.units(), offset - part.units(), shape.units())
        });
        Self::of_places(places, shape, activation)
    }

    fn of_places(
        places: impl Iterator<Item = Result<Place, Invalid>>,
        shape: Shape,
        activation: Activation,
    ) -> Result<Self, Invalid> {
        let branches = places.map(|place| Ok(Branch::new(Linear::Place(place?))));
        Ok(Self {
            name: String::new(),
            branches: branches.collect::<Result<_, Invalid>>()?,
            bias: Vec::new(),
            activation,
            shape,
        })
    }

    /// The same layer under a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same layer reading these levels, one for each of its branches; 0 is the input.
    ///
    /// # Panics
    ///
    /// When they are not as many as its branches.
    #[must_use]
    pub fn reading(mut self, levels: &[usize]) -> Self {
        assert_eq!(levels.len(), self.branches.len(), "a level for each branch");
        for (branch, &level) in self.branches.iter_mut().zip(levels) {
            branch.read(level);
        }
        self
    }

    /// Settles what the layer that makes `level` reads where nobody said so: the level before.
    pub(super) fn settle(&mut self, level: usize) {
        for branch in &mut self.branches {
            branch.read_by_default(level - 1);
        }
    }

    /// Says which inputs of every branch are constant.
    pub(super) fn with_constants(&mut self, of_level: impl Fn(usize) -> Option<Arc<[bool]>>) {
        for branch in &mut self.branches {
            branch.set_constants(of_level(branch.from()));
        }
    }

    /// The same layer with the numbers of every map stored unit by unit.
    #[must_use]
    pub(crate) fn by_unit(&self) -> Self {
        Self {
            name: self.name.clone(),
            branches: self.branches.iter().map(Branch::by_unit).collect(),
            bias: self.bias.clone(),
            ..*self
        }
    }

    /// The name; empty where the file gives none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The linear maps, each with the level that it reads; only additions and concatenations have several.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The levels that it reads, one a branch.
    pub fn sources(&self) -> impl Iterator<Item = usize> {
        self.branches.iter().map(Branch::from)
    }

    /// The one map of a layer with weights; the first of several.
    pub fn linear(&self) -> &Linear {
        self.branches[0].map()
    }

    /// Number of units that it makes.
    pub fn units(&self) -> usize {
        self.linear().outputs()
    }

    /// The shape of the level that it makes.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The biases: one a unit, or one for [so many](Self::units_per_bias) that follow each other; empty where all are 0.
    pub fn bias(&self) -> &[f64] {
        &self.bias
    }

    /// All numbers of the layer: the weights as they are [stored](Linear::stored), and the biases.
    pub(crate) fn stored(&self) -> [FloatSlice<'_>; 2] {
        [self.linear().stored(), FloatSlice::Double(&self.bias)]
    }

    /// For how many units a bias stands: those of a channel, or one.
    pub fn units_per_bias(&self) -> usize {
        self.units() / self.bias.len().max(1)
    }

    /// Where the bias of unit j stands among the [biases](Self::bias).
    pub fn bias_index(&self, j: usize) -> usize {
        j / self.units_per_bias()
    }

    /// `b_j`
    pub fn bias_of(&self, j: usize) -> f64 {
        let bias = self.bias.get(self.bias_index(j));
        bias.copied().unwrap_or(0.0)
    }

    /// Weights (as they are [stored](Linear::stored)) and biases, for training; none for a layer without weights.
    pub(crate) fn parameters_mut(&mut self) -> Option<(&mut [f64], &mut [f64])> {
        if !self.has_parameters() {
            return None;
        }
        if self.bias.is_empty() {
            self.bias = vec![0.0; self.shape.channels()];
        }
        let weights = self.branches[0].map_mut().stored_mut();
        Some((weights, &mut self.bias))
    }

    /// Whether the layer has numbers that training changes.
    pub(crate) fn has_parameters(&self) -> bool {
        !self.linear().stored().is_empty()
    }

    /// The same layer with another map of as many inputs and outputs, and other biases.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Layer::new`].
    pub(crate) fn redrawn(&self, map: Linear, bias: Vec<f64>) -> Result<Self, Invalid> {
        let mut layer = Self::new(map, self.shape, bias, self.activation)?;
        layer.branches[0].read_as(&self.branches[0]);
        Ok(layer.named(&*self.name))
    }

    /// The same layer over some of its inputs, where each input has weights of its own; none elsewhere.
    pub(crate) fn over(&self, inputs: &[usize]) -> Option<Self> {
        let map = self.linear().over(inputs)?;
        let mut layer = self.clone();
        *layer.branches[0].map_mut() = map;
        Some(layer)
    }

    /// Takes on the weights and biases of the same layer [over](Self::over) some of its inputs.
    pub(crate) fn take_on(&mut self, inputs: &[usize], part: &Self) {
        self.bias.clone_from(&part.bias);
        self.branches[0].map_mut().take_on(inputs, part.linear());
    }

    /// The activation.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Whether the layer has weights of its own, which a rule can look at; a pool has none.
    pub fn has_weights(&self) -> bool {
        self.kind().has_weights()
    }

    /// The kind of its maps: the layer's type in the network file.
    pub fn kind(&self) -> Kind {
        self.linear().kind()
    }

    /// What its maps do with relevance.
    pub fn role(&self) -> Role {
        self.kind().role()
    }

    /// The inputs that unit j sees in all branches, in order, as branch and tie; padding and constants are none.
    pub fn ties(&self, j: usize) -> impl Iterator<Item = (usize, Tie)> + use<'_> {
        let branches = self.branches.iter().enumerate();
        branches.flat_map(move |(k, branch)| branch.ties(j).map(move |tie| (k, tie)))
    }

    /// The units that can carry relevance, and that no branch has a weight other than 0 to hand it on by.
    pub fn without_weights(&self) -> Vec<usize> {
        let mut branches = self.branches.iter();
        if branches.any(Branch::weighs_every_unit) {
            return Vec::new();
        }
        (0..self.units())
            .filter(|&j| self.is_without_weights(j))
            .collect()
    }

    fn is_without_weights(&self, j: usize) -> bool {
        let branches = self.branches.iter();
        let mut weights = branches.flat_map(|branch| branch.weights_of(j)).peekable();
        // A unit that sees nothing and has no bias is 0, and is tied to nothing above.
        let constant = self.bias_of(j) == 0.0 && weights.peek().is_none();
        !constant && weights.all(|(_, w)| w == 0.0)
    }

    /// Whether unit j sees inputs, and all of them are 0 in one sample; `x` has the values that each branch reads.
    pub fn is_silent(&self, j: usize, x: &[&[f64]]) -> bool {
        let mut ties = self.ties(j).peekable();
        ties.peek().is_some() && ties.all(|(branch, tie)| x[branch][tie.input] == 0.0)
    }
}

/// A sum over branches is one of two or more.
fn too_few(kind: &str, levels: usize) -> Invalid {
    let expected = format!("expected two levels or more for {kind}");
    Invalid::new("from", expected, levels)
}

#[cfg(test)]
mod tests;
