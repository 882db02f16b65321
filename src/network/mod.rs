//! What a network is: levels of units, tied by linear maps with bias and activation.
//!
//! A [`Network`] that exists is well-formed: every layer fits the one below, every number is finite, every
//! name has its unit. It is made by [`Network::new`] from code or by [`Network::read`] from a file, and both
//! pass the same checks.

mod file;
mod fit;
mod forward;
mod levels;
mod linear;
mod matmul;
mod rows;
mod write;

use ndarray::Array2;

pub use file::schema;
pub(crate) use file::{Numbers, did_you_mean, numbers};
pub use fit::{Fit, LayerFit};
pub use levels::Levels;
pub use linear::{Dense, Linear, Reweighing, SumPool};
pub(crate) use matmul::product;
pub(crate) use rows::{each_row, each_sample, row};

use crate::error::{Error, Invalid};

/// More units than this on one level are taken for a mistake in the file: one sample alone would fill 1 GiB.
pub const LARGEST_LEVEL: usize = 1 << 27;

/// What happens to a pre-activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Activation {
    /// `max(0, z)`: a detection layer.
    Relu,
    /// `z`
    #[default]
    Identity,
}

/// One layer: a linear map, a bias and an activation.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    linear: Linear,
    bias: Vec<f64>,
    activation: Activation,
}

impl Layer {
    /// A dense layer, `x_j = max(0, Σ_i x_i w_ij + b_j)` where the activation is ReLU.
    ///
    /// `weights` is inputs × units, `bias` has one number a unit or is empty (zeros).
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is no input or no unit, the bias has another length, or a number is not finite.
    pub fn dense(
        weights: Array2<f64>,
        bias: Vec<f64>,
        activation: Activation,
    ) -> Result<Self, Invalid> {
        let (inputs, units) = weights.dim();
        if inputs == 0 || units == 0 {
            return Err(Invalid::new(
                "weights",
                "expected at least one input and one unit",
                format!("{inputs} × {units} weights"),
            ));
        }
        if let Some(((i, j), w)) = weights.indexed_iter().find(|(_, w)| !w.is_finite()) {
            return Err(Invalid::new(
                format!("weights[{i}][{j}]"),
                "expected a finite number",
                w,
            ));
        }
        if !bias.is_empty() && bias.len() != units {
            return Err(Invalid::new(
                "bias",
                format!("expected {units} numbers, one for each unit"),
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
            linear: Linear::Dense(Dense { weights }),
            bias,
            activation,
        })
    }

    /// A sum pool, `x_k = Σ_j x_j` over every `size` consecutive ones of `inputs` units.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when `size` is 0 or does not divide `inputs`.
    pub fn sum_pool(inputs: usize, size: usize) -> Result<Self, Invalid> {
        if inputs == 0 || size == 0 || !inputs.is_multiple_of(size) {
            let expected = format!("expected a number that divides the {inputs} units below");
            return Err(Invalid::new("size", expected, size));
        }
        let linear = Linear::SumPool(SumPool { inputs, size });
        Ok(Self {
            linear,
            bias: Vec::new(),
            activation: Activation::Identity,
        })
    }

    /// The linear map.
    pub fn linear(&self) -> &Linear {
        &self.linear
    }

    /// The biases `b_j`, one a unit; empty where all are 0.
    pub fn bias(&self) -> &[f64] {
        &self.bias
    }

    /// The activation.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Whether this is a pool, which has no weights of its own.
    pub fn is_pool(&self) -> bool {
        match self.linear {
            Linear::SumPool(_) => true,
            Linear::Dense(_) => false,
        }
    }

    /// The layer's type as the network file spells it.
    pub fn kind(&self) -> &'static str {
        match self.linear {
            Linear::Dense(_) => "dense",
            Linear::SumPool(_) => "sum_pool",
        }
    }
}

/// The domain of the inputs, `l_i ≤ x_i ≤ h_i`.
#[derive(Debug, Clone, PartialEq)]
pub enum Bounds {
    /// The same `[l, h]` for every input.
    Same([f64; 2]),
    /// An `[l_i, h_i]` for each input.
    Each(Vec<[f64; 2]>),
}

impl Bounds {
    /// `[l_i, h_i]`
    ///
    /// # Panics
    ///
    /// When the bounds are given each by each and there is no i-th.
    pub fn at(&self, i: usize) -> [f64; 2] {
        match self {
            Self::Same(bounds) => *bounds,
            Self::Each(bounds) => bounds[i],
        }
    }
}

/// The input level of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// `[n]` or `[channels, height, width]`.
    pub shape: Vec<usize>,
    /// One name an input, or none at all.
    pub names: Vec<String>,
    /// The domain, where it is known.
    pub bounds: Option<Bounds>,
}

impl Input {
    /// `n` inputs without names or bounds.
    pub fn flat(n: usize) -> Self {
        Self {
            shape: vec![n],
            names: Vec::new(),
            bounds: None,
        }
    }

    fn check(&self) -> Result<usize, Invalid> {
        let sides = self.shape.len();
        if sides != 1 && sides != 3 {
            return Err(Invalid::new(
                "shape",
                "expected [n] or [channels, height, width]",
                format!("{sides} numbers"),
            ));
        }
        let units = self
            .shape
            .iter()
            .try_fold(1_usize, |product, &side| product.checked_mul(side));
        let units = match units {
            Some(units @ 1..=LARGEST_LEVEL) => units,
            _ => {
                let expected = format!("expected between 1 and {LARGEST_LEVEL} inputs");
                return Err(Invalid::new("shape", expected, format!("{:?}", self.shape)));
            }
        };
        if !self.names.is_empty() && self.names.len() != units {
            return Err(Invalid::new(
                "names",
                format!("expected {units} names, one for each input"),
                self.names.len(),
            ));
        }
        match &self.bounds {
            Some(Bounds::Each(each)) if each.len() != units => {
                let expected = format!("expected two numbers, or two lists of {units} numbers");
                return Err(Invalid::new(
                    "bounds",
                    expected,
                    format!("lists of {}", each.len()),
                ));
            }
            Some(Bounds::Each(each)) => each.iter().try_for_each(check_bounds)?,
            Some(Bounds::Same(bounds)) => check_bounds(bounds)?,
            None => {}
        }
        Ok(units)
    }
}

fn check_bounds([l, h]: &[f64; 2]) -> Result<(), Invalid> {
    if l.is_finite() && h.is_finite() && l <= h {
        Ok(())
    } else {
        Err(Invalid::new(
            "bounds",
            "expected finite l ≤ h",
            format!("[{l}, {h}]"),
        ))
    }
}

/// A well-formed network.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    name: String,
    description: String,
    input: Input,
    layers: Vec<Layer>,
    outputs: Vec<String>,
    samples: Array2<f64>,
}

impl Network {
    /// A network of these layers, from the input up; without name, description, output names and samples.
    ///
    /// # Errors
    ///
    /// [`Invalid`], with the place as a JSON path, when the input contradicts itself, there is no layer, or a
    /// layer does not fit the level below.
    pub fn new(input: Input, layers: Vec<Layer>) -> Result<Self, Invalid> {
        let mut units = input.check().map_err(|invalid| invalid.below("input"))?;
        if layers.is_empty() {
            return Err(Invalid::new(
                "layers",
                "expected at least one layer",
                "none",
            ));
        }
        for (l, layer) in layers.iter().enumerate() {
            let inputs = layer.linear.inputs();
            if inputs != units {
                return Err(mismatch(layer, inputs, units).below(&format!("layers[{l}]")));
            }
            units = layer.linear.outputs();
        }
        let samples = Array2::zeros((0, layers[0].linear.inputs()));
        Ok(Self {
            name: String::new(),
            description: String::new(),
            input,
            layers,
            outputs: Vec::new(),
            samples,
        })
    }

    /// The same network under a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same network with a description.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same network with names for its outputs.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is not one for each output.
    pub fn with_outputs(mut self, names: Vec<String>) -> Result<Self, Invalid> {
        let outputs = self.output_units();
        if names.len() != outputs {
            return Err(Invalid::new(
                "outputs",
                format!("expected {outputs} names, one for each output"),
                names.len(),
            ));
        }
        self.outputs = names;
        Ok(self)
    }

    /// The same network with samples to explain when none is given: samples × inputs.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a sample has another number of values than the network has inputs, or one is not finite.
    pub fn with_samples(mut self, samples: Array2<f64>) -> Result<Self, Invalid> {
        let inputs = self.input_units();
        if samples.ncols() != inputs {
            return Err(Invalid::new(
                "inputs",
                format!("expected samples of {inputs} numbers"),
                samples.ncols(),
            ));
        }
        if let Some(((n, i), x)) = samples.indexed_iter().find(|(_, x)| !x.is_finite()) {
            return Err(Invalid::new(
                format!("inputs[{n}][{i}]"),
                "expected a finite number",
                x,
            ));
        }
        self.samples = samples;
        Ok(self)
    }

    /// The name; empty where the file gives none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The description; empty where the file gives none.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The input level.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The layers, from the input up. Layer l leads from level l to level l + 1.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The samples that the file brings along: samples × inputs, possibly no row.
    pub fn samples(&self) -> &Array2<f64> {
        &self.samples
    }

    /// The names of the outputs; empty where the file gives none.
    pub fn output_names(&self) -> &[String] {
        &self.outputs
    }

    /// Number of inputs.
    pub fn input_units(&self) -> usize {
        self.layers[0].linear.inputs()
    }

    /// Number of outputs.
    pub fn output_units(&self) -> usize {
        self.layers[self.layers.len() - 1].linear.outputs()
    }

    /// Number of units on every level, input first.
    pub fn units(&self) -> Vec<usize> {
        std::iter::once(self.input_units())
            .chain(self.layers.iter().map(|layer| layer.linear.outputs()))
            .collect()
    }

    /// The names of the units on level `l`: those of the inputs, of the outputs, or none.
    pub fn names(&self, l: usize) -> &[String] {
        if l == 0 {
            &self.input.names
        } else if l == self.layers.len() {
            &self.outputs
        } else {
            &[]
        }
    }

    /// Reads a network from a file, or from the standard input where `file` is `-`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when there is no such file or it cannot be read, [`Error::Malformed`] when it
    /// is not a network, with file, line, column and JSON path.
    pub fn read(file: &str) -> Result<Self, Error> {
        file::read(file)
    }

    /// Reads a network from the text of a file; `file` is how errors shall call it.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] as with [`Network::read`].
    pub fn parse(file: &str, text: &[u8]) -> Result<Self, Error> {
        file::parse(file, text)
    }

    /// The figure-4 network that is built into the program.
    ///
    /// # Panics
    ///
    /// Never: the tests read the same bytes.
    pub fn figure_4() -> Self {
        let text = include_bytes!("../../networks/figure-4.json");
        Self::parse("networks/figure-4.json", text).expect("the built-in network is well-formed")
    }
}

/// The complaint about a layer with `inputs` inputs on top of a level with `units` units.
fn mismatch(layer: &Layer, inputs: usize, units: usize) -> Invalid {
    match &layer.linear {
        Linear::Dense(dense) => {
            let expected = format!("expected {units} rows, one for each unit of the level below");
            let invalid = Invalid::new(
                "weights",
                expected,
                format!("{inputs} rows of {}", dense.weights.ncols()),
            );
            if dense.weights.ncols() == units && dense.weights.nrows() != units {
                invalid.help(
                    "PyTorch lays weights out [unit][input]: say \"weights_order\": \"out_in\"",
                )
            } else {
                invalid
            }
        }
        Linear::SumPool(_) => Invalid::new(
            "size",
            format!("expected a pool over {units} units"),
            inputs,
        ),
    }
}
