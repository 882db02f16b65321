//! What a network is: levels of units, and layers that make them. A layer is a sum of linear maps, each from an earlier level,
//! with bias and activation; a chain, where each reads the level before, is the special case.
//!
//! A [`Network`] that exists is well-formed: every layer fits the levels that it reads, every level is read, every number is
//! finite, every name has its unit. It is made by [`Network::new`] from code or by [`Network::read`] from a file, and both
//! pass the same checks.

mod activation;
mod backward;
mod binary;
mod branch;
mod called;
mod domain;
mod example;
mod file;
pub mod fit;
mod floats;
mod folder;
mod forward;
mod given_bounds;
mod half;
mod input;
mod instructions;
mod kind;
mod largest;
mod layer;
mod levels;
pub mod linear;
mod load;
mod mapped;
mod matmul;
mod matrix;
mod memory;
mod nesting;
mod onnx;
mod picture;
mod pointer;
mod precision;
mod rows;
mod shape;
mod sources;

use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use ndarray::Array2;

pub use activation::Activation;
pub use branch::Branch;
pub use domain::Domain;
pub use example::Example;
pub(crate) use file::{
    GZIP, LayerDecimals, Numbers, Object, decimals, is_utf16, json, misplaced, of_data,
    without_mark, without_place,
};
pub use file::{WithTensors, schema};
pub use floats::FloatSlice;
pub use given_bounds::{GivenBounds, bounds_pair};
use input::check_names;
pub use input::{Bounds, Input, LARGEST_LEVEL, Order};
pub(crate) use instructions::vectorised;
pub use kind::LevelKind;
pub(crate) use largest::{argmax, largest_size};
pub use layer::Layer;
pub use levels::Levels;
pub use linear::{Kind, Linear};
pub use load::Loaded;
pub use matmul::kernels;
pub(crate) use matmul::{accumulate, product};
pub use matrix::FloatMatrix;
pub use memory::Memory;
pub(crate) use nesting::Nesting;
pub(crate) use onnx::is_model;
pub use onnx::{FoldedNode, ModelOptions, NamedNode, Onnx, OnnxModel, OperatorCount, Rounding};
pub use picture::InputPicture;
pub(crate) use pointer::{DOWNLOAD, FETCH, IS_PAGE, IS_POINTER, POINTER};
pub use precision::Precision;
pub(crate) use rows::{each_piece, each_row, each_sample, row, sum, write_each_piece};
pub use shape::Shape;

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
    /// A network of these layers, in an order in which each reads earlier levels alone; without name, description, output
    /// names and samples. A layer that says nothing else reads the level before.
    ///
    /// # Errors
    ///
    /// [`Invalid`], with the place as a JSON path, when the input contradicts itself, there is no layer, a layer does not
    /// fit a level that it reads, a level is read by none, or two layers have one name.
    pub fn new(input: Input, mut layers: Vec<Layer>) -> Result<Self, Invalid> {
        let inputs = input.check().map_err(|invalid| invalid.below("input"))?;
        if layers.is_empty() {
            return Err(Invalid::new(
                "layers",
                "expected at least one layer",
                "none",
            ));
        }
        sources::settle(&input, &mut layers)?;
        Ok(Self {
            name: String::new(),
            description: String::new(),
            input,
            layers,
            outputs: Vec::new(),
            samples: Array2::zeros((0, inputs)),
        })
    }

    /// The same network with other layers of the same shapes.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Network::new`].
    pub(crate) fn with_layers(&self, mut layers: Vec<Layer>) -> Result<Self, Invalid> {
        sources::settle(&self.input, &mut layers)?;
        Ok(Self {
            name: self.name.clone(),
            description: self.description.clone(),
            input: self.input.clone(),
            layers,
            outputs: self.outputs.clone(),
            samples: self.samples.clone(),
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
        check_names("outputs", &names, self.output_units(), "output")?;
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

    /// The same network with another domain of its inputs.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is not a pair for each input, or one is no finite l ≤ h.
    pub fn with_bounds(mut self, bounds: Bounds) -> Result<Self, Invalid> {
        self.input.bounds = Some(bounds);
        self.input.check_bounds(self.input_units())?;
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

    /// The layers, from the input up; [`layer`](Self::layer) has them by level.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layer that makes level `level`, from 1 up.
    ///
    /// # Panics
    ///
    /// When no layer makes it: level 0 is the input.
    pub fn layer(&self, level: usize) -> &Layer {
        &self.layers[level - 1]
    }

    /// The level of the outputs: as many levels lie above the input.
    pub fn top(&self) -> usize {
        self.layers.len()
    }

    /// Every layer with the level that it makes, from 1 up.
    pub fn by_level(&self) -> impl DoubleEndedIterator<Item = (usize, &Layer)> + ExactSizeIterator {
        let levels = self.layers.iter().enumerate();
        levels.map(|(below, layer)| (below + 1, layer))
    }

    /// How often weights are multiplied in a forward pass of one sample.
    pub fn multiplications(&self) -> usize {
        let branches = self.layers.iter().flat_map(Layer::branches);
        let each = branches.map(|branch| branch.map().multiplications());
        each.fold(0, usize::saturating_add)
    }

    /// The same, for training: the caller keeps every number finite.
    pub(crate) fn by_level_mut(&mut self) -> impl Iterator<Item = (usize, &mut Layer)> {
        let levels = self.layers.iter_mut().enumerate();
        levels.map(|(below, layer)| (below + 1, layer))
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
        self.samples.ncols()
    }

    /// Number of outputs.
    pub fn output_units(&self) -> usize {
        self.units_of(self.top())
    }

    /// Number of units on one level; level 0 is the input.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn units_of(&self, level: usize) -> usize {
        match level {
            0 => self.input_units(),
            _ => self.layer(level).units(),
        }
    }

    /// Number of units on every level, input first.
    pub fn units(&self) -> Vec<usize> {
        (0..=self.top()).map(|level| self.units_of(level)).collect()
    }

    /// The names of the units on a level: those of the inputs, of the outputs, or none.
    pub fn names(&self, level: usize) -> &[String] {
        if level == 0 {
            &self.input.names
        } else if level == self.top() {
            &self.outputs
        } else {
            &[]
        }
    }

    /// Reads a network from a network file or an ONNX model, of any name, from the standard input where `file` is `-`, or a
    /// built-in one where it is `example:NAME`. Weights may stand in other files in the folder of a file.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when there is no such file or it cannot be read, [`Error::Malformed`] when it
    /// is not a network, with file, line, column and JSON path.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, Error> {
        Self::load(file, &ModelOptions::default()).map(|loaded| loaded.network)
    }

    /// The same, and the bytes of the network file.
    ///
    /// # Errors
    ///
    /// As with [`Network::read`].
    pub fn read_with_text(file: impl AsRef<Path>) -> Result<(Self, Vec<u8>), Error> {
        let loaded = Self::load(file, &ModelOptions::default())?;
        Ok((loaded.network, loaded.text))
    }

    /// The same, with what is to be taken of an ONNX model that leaves a choice, and what is told of the model.
    ///
    /// # Errors
    ///
    /// As with [`Network::read`]; also when something is chosen that the file does not have.
    pub fn load(file: impl AsRef<Path>, options: &ModelOptions) -> Result<Loaded, Error> {
        load::load(file.as_ref(), options)
    }

    /// Reads a network file from anything that gives its bytes, gzipped or not; errors call it `reader`.
    ///
    /// # Errors
    ///
    /// As with [`Network::read`].
    pub fn from_reader(reader: impl Read) -> Result<Self, Error> {
        let (name, bytes) = file::of_reader(reader)?;
        load::parse(name, &bytes)
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

    /// Reads a network from the text of a file; `file` is how errors shall call it. Weights that stand in another file are
    /// refused, for a text lies in no folder.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] as with [`Network::read`].
    pub fn parse(file: &str, text: &[u8]) -> Result<Self, Error> {
        load::parse(file, text)
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

impl FromStr for Network {
    type Err = Error;

    /// Reads a network from the text of a network file; errors call it `text`.
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse("text", text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
