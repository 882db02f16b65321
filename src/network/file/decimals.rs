//! The numbers of a network file as they are written, for arithmetic that does not round them.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::raw::{Object, RawNetwork};
use super::{from_json, without_mark};
use crate::error::Invalid;

/// The texts of all numbers, each list in reading order.
#[derive(Default)]
pub(crate) struct Decimals<'t> {
    /// Those of every layer, from the input up.
    pub(crate) layers: Vec<LayerDecimals<'t>>,
    /// The bounds of the inputs: l and h, or every l and then every h; empty where there are none.
    pub(crate) bounds: Vec<&'t str>,
    /// The samples, one after the other.
    pub(crate) samples: Vec<&'t str>,
}

/// The texts of one layer's numbers.
#[derive(Default)]
pub(crate) struct LayerDecimals<'t> {
    /// Those that the map stores, in the order of [`Linear::stored`](crate::network::Linear::stored).
    pub(crate) stored: Vec<&'t str>,
    /// The biases, one a unit; empty where the file gives none.
    pub(crate) bias: Vec<&'t str>,
}

/// A nest of numbers as their texts, in reading order.
#[derive(Default)]
pub(super) struct Texts<'t>(pub(super) Vec<&'t str>);

impl<'de> Deserialize<'de> for Texts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let nest = <&RawValue>::deserialize(deserializer)?.get();
        let between = |c: char| matches!(c, '[' | ']' | ',') || c.is_whitespace();
        let texts = nest.split(between).filter(|text| !text.is_empty());
        Ok(Self(texts.collect()))
    }
}

/// The numbers of a text that a network was read from.
///
/// # Errors
///
/// [`Invalid`] when the text is no network file.
pub(crate) fn decimals(text: &[u8]) -> Result<Decimals<'_>, Invalid> {
    let Object(raw) = from_json::<Object<RawNetwork<Texts>>>(without_mark(text))
        .map_err(|(path, error)| Invalid::new(path, "expected a network file", error))?;
    let bounds = raw.input.and_then(|Object(input)| input.bounds);
    let samples = raw.inputs.into_iter().flatten();
    Ok(Decimals {
        layers: (raw.layers.into_iter().flatten())
            .map(super::layer::RawLayer::decimals)
            .collect(),
        bounds: bounds.unwrap_or_default().0,
        samples: samples.flat_map(|Texts(texts)| texts).collect(),
    })
}
