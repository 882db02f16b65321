//! The numbers of a network file as they are written, for arithmetic that does not round them.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::bounds::Spelt;
use super::raw::{Object, RawInput, RawNetwork};
use super::tensors::Weights;
use super::{from_json, without_mark};
use crate::error::Invalid;

/// The texts of all numbers, each list in reading order.
#[derive(Default)]
pub(crate) struct Decimals<'t> {
    /// Those of every layer, from the input up.
    pub(crate) layers: Vec<LayerDecimals<'t>>,
    /// The bounds of the inputs: one `[l, h]`, or one for each; empty where there are none.
    pub(crate) bounds: Vec<[&'t str; 2]>,
    /// The samples, one after the other.
    pub(crate) samples: Vec<&'t str>,
}

/// The numbers of one layer.
#[derive(Default)]
pub(crate) struct LayerDecimals<'t> {
    /// Those that the map stores, in the order of [`Linear::stored`](crate::network::Linear::stored).
    pub(crate) stored: Written<'t>,
    /// The biases, in the order of [`Layer::bias`](crate::network::Layer::bias); empty where the file gives none.
    pub(crate) bias: Written<'t>,
}

/// Numbers as they are written.
pub(crate) enum Written<'t> {
    /// As decimals: the file says what they are.
    Decimals(Vec<&'t str>),
    /// As a tensor: the values that the network has are what they are.
    Binary,
}

impl Default for Written<'_> {
    fn default() -> Self {
        Self::Decimals(Vec::new())
    }
}

impl<'t> LayerDecimals<'t> {
    /// Those of a layer with these keys.
    pub(super) fn of(
        weights: Option<Weights<Texts<'t>>>,
        bias: Option<Weights<Texts<'t>>>,
    ) -> Self {
        let written = |numbers| match numbers {
            None => Written::default(),
            Some(Weights::Numbers(Texts { texts, .. })) => Written::Decimals(texts),
            Some(Weights::Tensor(_)) => Written::Binary,
        };
        Self {
            stored: written(weights),
            bias: written(bias),
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

/// The bounds of a well-formed input: one pair, or one for each value; none where there are none.
fn bounds(input: RawInput<Texts<'_>>) -> Vec<[&str; 2]> {
    let (Texts { texts, entries }, Some(shape)) = (input.bounds.unwrap_or_default(), input.shape)
    else {
        return Vec::new();
    };
    let lists = match texts.len() / entries.max(1) {
        1 if entries == 2 && shape.iter().product::<usize>() != 1 => vec![2],
        length => vec![entries, length],
    };
    let units = shape.iter().product::<usize>();
    match Spelt::of(&lists, Some(&shape)) {
        Some(Spelt::Same) => texts
            .chunks_exact(2)
            .map(|pair| [pair[0], pair[1]])
            .collect(),
        Some(Spelt::Lists) => (0..units).map(|i| [texts[i], texts[units + i]]).collect(),
        Some(Spelt::Channels { values }) => {
            let pairs = texts.chunks_exact(2);
            pairs
                .flat_map(|pair| std::iter::repeat_n([pair[0], pair[1]], values))
                .collect()
        }
        None => Vec::new(),
    }
}
