//! What a network is: levels of units, tied by linear maps with bias and activation.
//!
//! A [`Network`] that exists is well-formed: every layer fits the one below, every number is finite, every
//! name has its unit. It is made by [`Network::new`] from code or by [`Network::read`] from a file, and both
//! pass the same checks.

mod domain;
mod example;
mod file;
mod fit;
mod forward;
mod input;
mod largest;
mod layer;
mod levels;
mod linear;
mod matmul;
mod rows;
mod write;

use std::path::Path;

use ndarray::Array2;

pub use domain::Domain;
pub use example::Example;
pub use file::schema;
pub(crate) use file::{
    GZIP, Numbers, did_you_mean, is_utf16, json, of_data, without_mark, without_place,
};
pub use fit::{Fit, LayerFit};
use input::check_names;
pub use input::{Bounds, Input, LARGEST_LEVEL};
pub(crate) use largest::{argmax, largest_size};
pub use layer::{Activation, Layer};
pub use levels::Levels;
pub(crate) use linear::power_of_two_below;
pub use linear::{Dense, Linear, Reweighing, SumPool};
pub(crate) use matmul::{accumulate, product};
pub(crate) use rows::{each_row, each_sample, row, sum};

use crate::error::{Error, Invalid};
use crate::words::count;

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
            units =
                on_top(layer, units).map_err(|invalid| invalid.below(&format!("layers[{l}]")))?;
        }
        let samples = Array2::zeros((0, layers[0].linear().inputs()));
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
    /// [`Invalid`] when there is not one for each output, or two are the same.
    pub fn with_outputs(mut self, names: Vec<String>) -> Result<Self, Invalid> {
        check_names("outputs", &names, (self.output_units(), "output"))?;
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
                format!("expected samples of {}", count(inputs, "number")),
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

    /// The layers, for training: whoever writes on them keeps every number finite.
    pub(crate) fn layers_mut(&mut self) -> &mut [Layer] {
        &mut self.layers
    }

    /// The first layer that is no pool.
    pub fn first_with_weights(&self) -> Option<usize> {
        self.layers.iter().position(|layer| !layer.is_pool())
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
        self.layers[0].linear().inputs()
    }

    /// Number of outputs.
    pub fn output_units(&self) -> usize {
        self.layers[self.layers.len() - 1].linear().outputs()
    }

    /// Number of units on every level, input first.
    pub fn units(&self) -> Vec<usize> {
        std::iter::once(self.input_units())
            .chain(self.layers.iter().map(|layer| layer.linear().outputs()))
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

    /// Reads a network from a file, of any name, from the standard input where `file` is `-`, or a built-in one
    /// where it is `example:NAME`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when there is no such file or it cannot be read, [`Error::Malformed`] when it
    /// is not a network, with file, line, column and JSON path.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, Error> {
        file::read(file.as_ref())
    }

    /// The bytes of a network file, of the standard input where `file` is `-`, or of an [`Example`], and how errors
    /// shall call it.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when there is no such file or it cannot be read.
    pub fn source(file: impl AsRef<Path>) -> Result<(String, Vec<u8>), Error> {
        file::source(file.as_ref())
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
        Self::read("example:figure-4").expect("the built-in network is well-formed")
    }
}

/// The units that a layer makes, where it fits on a level of `units` units.
fn on_top(layer: &Layer, units: usize) -> Result<usize, Invalid> {
    let inputs = layer.linear().inputs();
    if inputs == units {
        return Ok(layer.linear().outputs());
    }
    Err(match layer.linear() {
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
    })
}
