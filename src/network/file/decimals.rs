//! The numbers of a network file as they are written, for arithmetic that does not round them.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::bounds::{Spelt, of_channels};
use super::raw::{Object, RawInput, RawNetwork};
use super::tensors::Weights;
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

/// The texts of one layer's numbers; of those that are a tensor there are none, for their values are what they are.
#[derive(Default)]
pub(crate) struct LayerDecimals<'t> {
    /// Those that the map stores, in the order of [`Linear::stored`](crate::network::Linear::stored).
    pub(crate) stored: Vec<&'t str>,
    /// The biases, in the order of [`Layer::bias`](crate::network::Layer::bias); empty where the file gives none.
    pub(crate) bias: Vec<&'t str>,
}

impl<'t> LayerDecimals<'t> {
    /// Those of a layer with these keys.
    pub(super) fn of(
        weights: Option<Weights<Texts<'t>>>,
        bias: Option<Weights<Texts<'t>>>,
    ) -> Self {
        let texts = |numbers| match numbers {
            Some(Weights::Numbers(Texts { texts, .. })) => texts,
            Some(Weights::Tensor(_)) | None => Vec::new(),
        };
        Self {
            stored: texts(weights),
            bias: texts(bias),
        }
    }
}

/// A nest of numbers as their texts, in reading order.
#[derive(Default)]
pub(super) struct Texts<'t> {
    texts: Vec<&'t str>,
    /// How many lists, or numbers, the outermost list has.
    entries: usize,
}

impl<'de> Deserialize<'de> for Texts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<&RawValue>::deserialize(deserializer)?;
        let between = |c: char| matches!(c, '[' | ']' | ',') || c.is_whitespace();
        let texts = entries.iter().flat_map(|entry| entry.get().split(between));
        Ok(Self {
            texts: texts.filter(|text| !text.is_empty()).collect(),
            entries: entries.len(),
        })
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
    let bounds = raw.input.map(|Object(input)| bounds(input));
    let samples = raw.inputs.into_iter().flatten();
    Ok(Decimals {
        layers: (raw.layers.into_iter().flatten())
            .map(super::layer::RawLayer::decimals)
            .collect(),
        bounds: bounds.unwrap_or_default(),
        samples: samples.flat_map(|numbers| numbers.texts).collect(),
    })
}

/// The bounds of a well-formed input: l and h, or every l and then every h; empty where there are none.
fn bounds(input: RawInput<Texts<'_>>) -> Vec<&str> {
    let (Some(Texts { texts, entries }), Some(shape)) = (input.bounds, input.shape) else {
        return Vec::new();
    };
    // A list of two numbers has as many entries as texts; so have two lists of one, which say the same.
    let lists = match texts.len() / entries.max(1) {
        1 => vec![entries],
        length => vec![entries, length],
    };
    let Some(Spelt::Channels { values }) = Spelt::of(&lists, Some(&shape)) else {
        return texts;
    };
    let order = input.order.unwrap_or_default();
    let of_channels = |k: usize| {
        let side: Vec<&str> = texts.chunks_exact(2).map(|pair| pair[k]).collect();
        of_channels(&side, values, order)
    };
    [of_channels(0), of_channels(1)].concat()
}
