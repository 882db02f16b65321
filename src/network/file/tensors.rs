//! Weights that stand in a safetensors file beside the network file.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use safetensors::SafeTensorError;
use safetensors::tensor::{Dtype, Metadata};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::json;

use super::numbers::{Numbers, Stored};
use super::source::{self, GZIP};
use crate::error::Invalid;
use crate::network::binary::{Binary, in_pieces};
use crate::network::folder::{Folder, refused};
use crate::network::pointer::{FETCH, POINTER};
use crate::spelling::did_you_mean;

/// What a safetensors file has before its header: the header's length.
const LENGTH: usize = size_of::<u64>();
/// No header is longer, as the format's own library has it.
const LONGEST_HEADER: u64 = 100_000_000;

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

/// The files of tensors beside a network file, each opened once.
pub(super) struct TensorFiles {
    folder: Folder,
    open: HashMap<PathBuf, TensorFile>,
}

/// A file, and what is in it.
struct TensorFile {
    path: PathBuf,
    bytes: Bytes,
    /// Where the numbers begin.
    start: u64,
    tensors: Metadata,
}

/// Where the bytes of a file are.
enum Bytes {
    /// In the file, until they are asked for.
    InFile(File),
    /// In memory: the file is gzipped.
    Unpacked(Vec<u8>),
}

impl TensorFiles {
    /// Those in the folder of a network file, or none.
    pub(super) fn beside(file: Option<&Path>) -> Self {
        Self {
            folder: Folder::of(file),
            open: HashMap::new(),
        }
    }

    /// The files that were opened.
    pub(super) fn into_paths(self) -> Vec<PathBuf> {
        self.open.into_keys().collect()
    }

    /// The numbers that a key stands for.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when they are a tensor that cannot be read, or has a number that is none.
    pub(super) fn numbers(&mut self, weights: Weights<Numbers>) -> Result<Stored, Invalid> {
        let raw = match weights {
            Weights::Numbers(numbers) => return Ok(numbers.into()),
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
        if !self.open.contains_key(&path) {
            let open = TensorFile::open(&path, &file);
            let open = open.map_err(|invalid| invalid.below("file"))?;
            self.open.insert(path.clone(), open);
        }
        let numbers = self.open[&path].numbers(&file, &name);
        numbers.map_err(|invalid| invalid.below("tensor"))
    }
}

impl TensorFile {
    /// Opens a file that the network file calls `file`.
    fn open(path: &Path, file: &str) -> Result<Self, Invalid> {
        let bytes = Bytes::of(path).map_err(|reason| unreadable(file, &reason))?;
        let header = match &bytes {
            Bytes::InFile(file) => header(file),
            Bytes::Unpacked(bytes) => header(Cursor::new(bytes)),
        };
        let (start, tensors) =
            header.map_err(|reason| refused(file, reason).help(bytes.advice()))?;
        Ok(Self {
            path: path.to_owned(),
            bytes,
            start,
            tensors,
        })
    }

    fn numbers(&self, file: &str, name: &str) -> Result<Stored, Invalid> {
        let known = self.tensors.offset_keys();
        let info = self.tensors.info(name).ok_or_else(|| {
            let help = did_you_mean(name, known.iter().map(String::as_str));
            refused(file, format!("has no tensor `{name}`")).help(help)
        })?;
        let binary = binary(info.dtype).ok_or_else(|| {
            let expected = format!("expected `{name}` to hold F64, F32, F16 or BF16");
            let help = "save it in floating point: `tensor.float()` in PyTorch";
            Invalid::new("", expected, info.dtype).help(help)
        })?;
        let (start, end) = info.data_offsets;
        let (at, bytes) = (self.start + start as u64, end - start);
        let count = bytes / binary.bytes();
        let values = match &self.bytes {
            Bytes::InFile(open) => binary.in_file((open, &self.path), at, count),
            Bytes::Unpacked(unpacked) => binary.numbers(count, |add| {
                in_pieces(Cursor::new(unpacked), at, bytes, add)
            }),
        };
        let values = values.map_err(|reason| refused(file, format!("cannot be read: {reason}")))?;
        if let Some(at) = values.view().position(|value| !value.is_finite()) {
            let place = place(at, &info.shape);
            let expected = format!("expected finite numbers in `{name}`");
            let found = format!("{} at {place}", values.view().at(at));
            return Err(Invalid::new("", expected, found));
        }
        Ok(Numbers {
            values,
            shape: info.shape.clone(),
        })
    }
}

impl Bytes {
    fn of(path: &Path) -> io::Result<Self> {
        let mut file = source::plain_file(path)?;
        let mut first = [0; GZIP.len()];
        if file.read_exact(&mut first).is_ok() && first == GZIP {
            return source::of_path(path).map(Self::Unpacked);
        }
        Ok(Self::InFile(file))
    }

    /// What to do where these are no tensors.
    fn advice(&self) -> String {
        let mut start = Vec::new();
        if let Self::InFile(file) = self {
            let mut file: &File = file;
            let first = |()| file.take(POINTER.len() as u64).read_to_end(&mut start);
            // What cannot be read again is told as it was found.
            let _ = file.rewind().and_then(first);
        }
        if start == POINTER {
            return format!("it is a pointer of Git LFS: {FETCH}");
        }
        "the file is of another kind, or cut short: safetensors.torch.save_file(model.state_dict(), \"net.safetensors\") writes one".to_owned()
    }
}

/// That a file cannot be read, and what to do where it is too large.
fn unreadable(file: &str, reason: &io::Error) -> Invalid {
    let invalid = refused(file, format!("cannot be read: {reason}"));
    match reason.kind() {
        io::ErrorKind::FileTooLarge => {
            invalid.help("put the tensors into several files: every layer names its own")
        }
        _ => invalid,
    }
}

/// Where the numbers of a safetensors file begin, and what they are.
fn header(mut file: impl Read + Seek) -> Result<(u64, Metadata), String> {
    let refused = |error: SafeTensorError| format!("is no whole safetensors file: {error}");
    let unreadable = |reason: io::Error| format!("cannot be read: {reason}");
    let bytes = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    file.rewind().map_err(unreadable)?;
    let mut length = [0; LENGTH];
    if bytes < LENGTH as u64 {
        return Err(refused(SafeTensorError::HeaderTooSmall));
    }
    file.read_exact(&mut length).map_err(unreadable)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER {
        return Err(refused(SafeTensorError::HeaderTooLarge));
    }
    let start = LENGTH as u64 + length;
    if start > bytes {
        return Err(refused(SafeTensorError::InvalidHeaderLength));
    }
    let mut header = Vec::new();
    file.take(length)
        .read_to_end(&mut header)
        .map_err(unreadable)?;
    let tensors: Metadata = serde_json::from_slice(&header)
        .map_err(|error| refused(SafeTensorError::InvalidHeaderDeserialization(error)))?;
    if start.checked_add(tensors.data_len() as u64) != Some(bytes) {
        return Err(refused(SafeTensorError::MetadataIncompleteBuffer));
    }
    Ok((start, tensors))
}

/// How the numbers of a tensor are written; none where they are not of floating point.
fn binary(kind: Dtype) -> Option<Binary> {
    Some(match kind {
        Dtype::F64 => Binary::F64,
        Dtype::F32 => Binary::F32,
        Dtype::F16 => Binary::F16,
        Dtype::BF16 => Binary::BF16,
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
    use std::io::Cursor;

    use super::{LONGEST_HEADER, header, place};

    #[test]
    fn a_header_of_the_largest_length_is_looked_for() {
        let refused =
            |length: u64| header(Cursor::new(length.to_le_bytes())).expect_err("no header");
        let cut_short = "is no whole safetensors file: invalid header length";
        assert_eq!(refused(LONGEST_HEADER), cut_short);
        let too_long = "is no whole safetensors file: header too large";
        assert_eq!(refused(LONGEST_HEADER + 1), too_long);
    }

    #[test]
    fn a_number_is_found_by_its_indices() {
        assert_eq!(place(7, &[2, 3, 2]), "[1][0][1]");
        assert_eq!(place(0, &[]), "");
    }
}
