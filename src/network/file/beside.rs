//! Where the numbers of layers are written: into the text of the network file, or into a safetensors file beside it.

use std::borrow::Cow;

use safetensors::tensor::{Dtype, View, serialize};

use super::write::{list, quoted};
use crate::error::Invalid;
use crate::network::{FloatSlice, Layer, Network, Precision};

/// A network file whose weights and biases stand in a file of tensors beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithTensors {
    /// The text of the network file.
    pub json: String,
    /// The bytes of the safetensors file.
    pub tensors: Vec<u8>,
    /// The numbers in it: of 32 bits where that keeps every one as it is.
    pub precision: Precision,
}

impl Network {
    /// The network as the text of a network file that refers to the tensors of another, `file`, which lies beside it.
    ///
    /// [`Network::read`] of it gives the same network, bit for bit.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when the names of the layers are too long for a safetensors file.
    pub fn to_json_with_tensors(&self, file: &str) -> Result<WithTensors, Invalid> {
        let layers = self.layers().iter();
        let numbers = layers.flat_map(Layer::stored);
        let precision = Precision::keeping(numbers);
        let mut written = Written::Beside(Tensors {
            file: quoted(file),
            layer: String::new(),
            precision,
            all: Vec::new(),
        });
        let json = self.text(&mut written);
        let tensors = written.into_tensors();
        let tensors = tensors
            .into_iter()
            .map(|tensor| (tensor.name.clone(), tensor));
        let tensors = serialize(tensors, None).map_err(|error| {
            let expected = "expected names that a safetensors file has place for";
            Invalid::new("layers", expected, error).help("write the weights as numbers: --inline")
        })?;
        Ok(WithTensors {
            json,
            tensors,
            precision,
        })
    }
}

/// Where numbers are written.
pub(super) enum Written<'n> {
    /// Into the text.
    Inline,
    /// Into a file beside it.
    Beside(Tensors<'n>),
}

/// The tensors of a file.
pub(super) struct Tensors<'n> {
    /// The file as the network file spells it, in quotes.
    file: String,
    /// What the layer that is being written is called.
    layer: String,
    precision: Precision,
    all: Vec<Tensor<'n>>,
}

/// Numbers of a layer, not copied until they are written.
struct Tensor<'n> {
    name: String,
    precision: Precision,
    shape: Vec<usize>,
    numbers: FloatSlice<'n>,
}

impl<'n> Written<'n> {
    /// From here on, numbers are those of the layer that is called so.
    pub(super) fn of_layer(&mut self, name: &str) {
        if let Self::Beside(tensors) = self {
            name.clone_into(&mut tensors.layer);
        }
    }

    /// Whether numbers stand in the text.
    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Self::Inline)
    }

    /// The value of the key `weights`: what `text` spells, or the tensor of this shape.
    pub(super) fn weights(
        &mut self,
        shape: &[usize],
        numbers: FloatSlice<'n>,
        text: impl FnOnce() -> String,
    ) -> String {
        match self {
            Self::Inline => text(),
            Self::Beside(tensors) => tensors.push("weight", shape, numbers),
        }
    }

    /// The key `bias` and its value; nothing where there is none.
    pub(super) fn bias(&mut self, bias: &'n [f64]) -> String {
        let value = match self {
            _ if bias.is_empty() => return String::new(),
            Self::Inline => list(bias),
            Self::Beside(tensors) => tensors.push("bias", &[bias.len()], FloatSlice::Double(bias)),
        };
        format!(",\n      \"bias\": {value}")
    }

    fn into_tensors(self) -> Vec<Tensor<'n>> {
        match self {
            Self::Inline => Vec::new(),
            Self::Beside(tensors) => tensors.all,
        }
    }
}

impl<'n> Tensors<'n> {
    /// Keeps a tensor; gives how the network file refers to it.
    fn push(&mut self, part: &str, shape: &[usize], numbers: FloatSlice<'n>) -> String {
        let name = format!("{}.{part}", self.layer);
        let value = format!(
            "{{ \"file\": {}, \"tensor\": {} }}",
            self.file,
            quoted(&name)
        );
        self.all.push(Tensor {
            name,
            precision: self.precision,
            shape: shape.to_vec(),
            numbers,
        });
        value
    }
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        match self.precision {
            Precision::Single => Dtype::F32,
            Precision::Double => Dtype::F64,
        }
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        self.precision.bytes(self.numbers).into()
    }

    fn data_len(&self) -> usize {
        self.numbers.len() * self.precision.size()
    }
}
