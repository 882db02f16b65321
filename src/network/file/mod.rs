//! The network file: text → raw shapes → checks → a well-formed [`Network`], or errors with their places; and back.
//!
//! The raw shapes are private. What serde refuses is reported with the path it stood at; what a check refuses
//! is reported with the path it is about; both are looked up in the text, so that line, column and an excerpt
//! go with every message. A file with a fault is read once more, piece by piece, so that all its faults are reported.

mod beside;
mod bounds;
mod build;
mod by_type;
mod common;
mod complaint;
mod conv2d;
mod decimals;
mod dense;
mod encoding;
mod faults;
mod gather;
mod layer;
mod numbers;
mod padding;
mod pieces;
mod place;
mod pool2d;
mod raw;
mod reads;
mod scale;
mod site;
mod source;
mod sum_pool;
mod sums;
mod tensors;
mod window;
mod words;
mod write;

use schemars::Schema;
use schemars::transform::{RecursiveTransform, Transform};
use serde::Deserialize;
use std::path::{Path, PathBuf};

pub use beside::WithTensors;
pub(crate) use complaint::{misplaced, of_data, without_place};
pub(crate) use decimals::{LayerDecimals, decimals};
pub(crate) use encoding::{is_utf16, without_mark};
use faults::FaultLog;
pub(crate) use numbers::Numbers;
pub(crate) use raw::Object;
use raw::RawNetwork;
pub(crate) use source::GZIP;
pub(super) use source::{of_reader, source};
use tensors::TensorFiles;

use super::Network;
use crate::error::{Error, Position};

/// The JSON Schema of the network file.
pub fn schema() -> Schema {
    let mut schema = schemars::schema_for!(RawNetwork<Numbers>);
    // What is left out has no value that could be written instead.
    RecursiveTransform(|schema: &mut Schema| {
        schema.remove("default");
    })
    .transform(&mut schema);
    schema
}

/// Reads a text whose tensors stand beside the file at `path`, if it is from one.
pub(super) fn parse_beside(
    path: Option<&Path>,
    file: &str,
    text: &[u8],
) -> Result<(Network, Vec<PathBuf>), Error> {
    let text = without_mark(text);
    let mut faults = FaultLog::default();
    let (raw, first) = match from_json::<Object<RawNetwork<Numbers>>>(text) {
        Ok(Object(raw)) => (Some(raw), None),
        Err((path, error)) => {
            let whole = std::str::from_utf8(text).ok().filter(|_| error.is_data());
            let raw = whole.and_then(|text| pieces::network(text, &mut faults));
            (raw, Some(complaint::of_json(file, text, &path, &error)))
        }
    };
    let mut tensors = TensorFiles::beside(path);
    let network = raw.and_then(|raw| build::network(raw, &mut tensors, &mut faults));
    match (network, first) {
        (Some(network), None) if faults.is_empty() => Ok((network, tensors.into_paths())),
        // Faults that only the whole of a file has.
        (_, Some(first)) if faults.is_empty() => Err(first.into()),
        _ => Err(faults.into_error(file, &String::from_utf8_lossy(text))),
    }
}

/// Reads one JSON value of a file of samples that begins at this line and column.
pub(crate) fn json<'t, T: Deserialize<'t>>(
    file: &str,
    text: &'t [u8],
    place: Position,
) -> Result<T, Error> {
    from_json(text).map_err(|(path, error)| {
        let mut malformed = complaint::of_json(file, text, &path, &error);
        malformed.position = malformed.position.map(|within| match within {
            Position { line: 1, column } => Position {
                line: place.line,
                column: place.column - 1 + column,
            },
            Position { line, column } => Position {
                line: place.line + line - 1,
                column,
            },
        });
        // The excerpt has the value alone: where more stands before it, it would be shown in the wrong column.
        malformed.excerpt = malformed.excerpt.filter(|_| place.column == 1);
        malformed.into()
    })
}

/// One JSON value, or the error and the path it stands at.
///
/// Keeping track of the path costs time, so it is looked for only where there is an error.
fn from_json<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Result<T, (String, serde_json::Error)> {
    serde_json::from_slice(text).map_err(|error| {
        // What is no JSON may stand inside of what was only kept as text.
        let path = if error.is_data() {
            None
        } else {
            path_of_fault::<serde_json::Value>(text)
        };
        let path = path.or_else(|| path_of_fault::<T>(text));
        (path.unwrap_or_default(), error)
    })
}

/// The path at which a text is no `T`.
fn path_of_fault<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Option<String> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let fault = serde_path_to_error::deserialize::<_, T>(&mut json).err()?;
    Some(fault.path().to_string())
}
