//! Weights that stand in a safetensors file beside the network file.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorInfo};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::json;

use super::numbers::Numbers;
use super::source;
use crate::error::Invalid;
use crate::network::folder::{Folder, refused};
use crate::network::half::{brain_half, half};
use crate::spelling::did_you_mean;

/// What a safetensors file has before its header: the header's length.
const LENGTH: usize = size_of::<u64>();

/// Numbers as the file has them, or the tensor that they are.
pub(super) enum Weights<N> {
    /// As lists.
    Numbers(N),
    /// As a tensor.
    Tensor(RawTensor),
}

/// A tensor of a safetensors file.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct RawTensor {
    /// The safetensors file, in the folder of the network file or below it.
    #[schemars(with = "String", required)]
    file: Option<String>,
    /// The name of the tensor in it.
    #[schemars(with = "String", required)]
    tensor: Option<String>,
}

/// What weights may be: lists nested this deep, or a tensor.
pub(super) fn schema<const DEPTH: usize>(generator: &mut SchemaGenerator) -> Schema {
    let mut numbers = json!({ "type": "number" });
    for _ in 0..DEPTH {
        numbers = json!({ "type": "array", "items": numbers });
    }
    json_schema!({ "anyOf": [numbers, generator.subschema_for::<RawTensor>()] })
}

/// The files of tensors beside a network file, each read once.
pub(super) struct TensorFiles {
    folder: Folder,
    read: HashMap<PathBuf, TensorFile>,
}

/// The bytes of a file, and what is in them.
struct TensorFile {
    bytes: Vec<u8>,
    /// Where the numbers begin.
    start: usize,
    tensors: Metadata,
}

impl TensorFiles {
    /// Those in the folder of a network file, or none.
    pub(super) fn beside(file: Option<&Path>) -> Self {
        Self {
            folder: Folder::of(file),
            read: HashMap::new(),
        }
    }

    /// The numbers that a key stands for.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when they are a tensor that cannot be read, or has a number that is none.
    pub(super) fn numbers(&mut self, weights: Weights<Numbers>) -> Result<Numbers, Invalid> {
        let raw = match weights {
            Weights::Numbers(numbers) => return Ok(numbers),
            Weights::Tensor(raw) => raw,
        };
        let missing = |key| Invalid {
            path: String::new(),
            message: format!("a tensor needs the key `{key}`"),
            help: Some("write { \"file\": \"net.safetensors\", \"tensor\": \"name\" }".to_owned()),
        };
        let file = raw.file.ok_or_else(|| missing("file"))?;
        let name = raw.tensor.ok_or_else(|| missing("tensor"))?;
        let path = self
            .folder
            .path(&file)
            .map_err(|invalid| invalid.below("file"))?;
        if !self.read.contains_key(&path) {
            let read = TensorFile::read(&path);
            let read = read.map_err(|reason| {
                let invalid = refused(&file, reason).help("the file is of another kind, or cut short: safetensors.torch.save_file(model.state_dict(), \"net.safetensors\") writes one");
                invalid.below("file")
            })?;
            self.read.insert(path.clone(), read);
        }
        let numbers = self.read[&path].numbers(&file, &name);
        numbers.map_err(|invalid| invalid.below("tensor"))
    }
}

impl TensorFile {
    fn read(path: &Path) -> Result<Self, String> {
        let bytes = source::of_path(path).map_err(|reason| format!("cannot be read: {reason}"))?;
        let refused = |error: &dyn fmt::Display| format!("is no whole safetensors file: {error}");
        let header = SafeTensors::read_metadata(&bytes);
        let (length, tensors) = header.map_err(|error| refused(&error))?;
        Ok(Self {
            start: LENGTH + length,
            bytes,
            tensors,
        })
    }

    fn numbers(&self, file: &str, name: &str) -> Result<Numbers, Invalid> {
        let known = self.tensors.offset_keys();
        let info = self.tensors.info(name).ok_or_else(|| {
            let help = did_you_mean(name, known.iter().map(String::as_str));
            refused(file, format!("has no tensor `{name}`")).help(help)
        })?;
        let (start, end) = info.data_offsets;
        let data = self.bytes.get(self.start + start..self.start + end);
        let values = data.and_then(|data| values(data, info));
        let values = values.ok_or_else(|| {
            let expected = format!("expected `{name}` to hold F64, F32, F16 or BF16");
            let help = "save it in floating point: `tensor.float()` in PyTorch";
            Invalid::new("", expected, info.dtype).help(help)
        })?;
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            let place = place(at, &info.shape);
            let expected = format!("expected finite numbers in `{name}`");
            return Err(Invalid::new(
                "",
                expected,
                format!("{} at {place}", values[at]),
            ));
        }
        Ok(Numbers {
            values,
            shape: info.shape.clone(),
        })
    }
}

/// The numbers of a tensor, each the same in f64; none where it holds others than of floating point.
fn values(data: &[u8], info: &TensorInfo) -> Option<Vec<f64>> {
    fn each<const N: usize>(data: &[u8], of: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        let (numbers, _) = data.as_chunks::<N>();
        numbers.iter().map(|bytes| of(*bytes)).collect()
    }
    Some(match info.dtype {
        Dtype::F64 => each(data, f64::from_le_bytes),
        Dtype::F32 => each(data, |bytes| f32::from_le_bytes(bytes).into()),
        Dtype::F16 => each(data, |bytes| half(u16::from_le_bytes(bytes))),
        Dtype::BF16 => each(data, |bytes| brain_half(u16::from_le_bytes(bytes))),
        _ => return None,
    })
}

/// The indices of the `at`-th number of a tensor: `[2][0]`.
fn place(mut at: usize, shape: &[usize]) -> String {
    let mut indices = Vec::new();
    for side in shape.iter().rev() {
        indices.push(format!("[{}]", at % side));
        at /= side;
    }
    indices.reverse();
    indices.concat()
}

impl<'de, N: Deserialize<'de>> Deserialize<'de> for Weights<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrTensor<N>(std::marker::PhantomData<N>);
        impl<'de, N: Deserialize<'de>> Visitor<'de> for ListOrTensor<N> {
            type Value = Weights<N>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("lists of numbers, or a tensor of a file")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Weights<N>, A::Error> {
                N::deserialize(SeqAccessDeserializer::new(list)).map(Weights::Numbers)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Weights<N>, A::Error> {
                RawTensor::deserialize(MapAccessDeserializer::new(map)).map(Weights::Tensor)
            }
        }
        deserializer.deserialize_any(ListOrTensor(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_number_is_found_by_its_indices() {
        assert_eq!(place(7, &[2, 3, 2]), "[1][0][1]");
        assert_eq!(place(0, &[]), "");
    }
}
