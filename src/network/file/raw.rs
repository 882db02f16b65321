//! The network file as it is spelt: private shapes whose numbers are read as `N`, f64 or texts.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::layer::RawLayer;
use crate::network::{Activation, Order};

/// What is spelt as an object; serde's derive alone would take a list of the values, too.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// A small ReLU / sum-pool network.
///
/// Keys that have to be there are options here, too: [`build`](super::build) asks for them, so that a file with several faults
/// has all of them reported.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "N: Deserialize<'de>")]
#[schemars(
    rename = "network",
    description = "A small ReLU / sum-pool network.",
    bound = ""
)]
pub(super) struct RawNetwork<N> {
    /// The JSON Schema of this file, for editors.
    #[serde(rename = "$schema")]
    pub(super) _schema: Option<String>,
    /// What the network is called in tables and reports.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String")]
    pub(super) name: Option<String>,
    /// What it is and where it comes from.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "String")]
    pub(super) description: Option<String>,
    /// The input level.
    #[schemars(with = "RawInput<N>")]
    pub(super) input: Option<Object<RawInput<N>>>,
    /// The layers, from the input up.
    #[schemars(with = "Vec<RawLayer<N>>", length(min = 1))]
    pub(super) layers: Option<Vec<RawLayer<N>>>,
    /// One name for each output.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<String>")]
    pub(super) outputs: Option<Vec<String>>,
    /// Samples to explain when none is given, each flat or nested like the input's shape.
    #[schemars(schema_with = "samples")]
    #[serde(default, deserialize_with = "given")]
    pub(super) inputs: Option<Vec<N>>,
}

/// The input level.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound = "N: Deserialize<'de>")]
#[schemars(rename = "input", bound = "")]
pub(super) struct RawInput<N> {
    /// [n] or [channels, height, width].
    #[schemars(with = "Vec<usize>", length(min = 1, max = 3), inner(range(min = 1)))]
    pub(super) shape: Option<Vec<usize>>,
    /// In which order the values of a picture come: channel, row, column, or row, column, channel.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Order")]
    pub(super) order: Option<Order>,
    /// The shape of one sample in files of arrays, where it is not that of the level.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<usize>", length(min = 1), inner(range(min = 1)))]
    pub(super) array: Option<Vec<usize>>,
    /// One name for each input.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<String>")]
    pub(super) names: Option<Vec<String>>,
    /// The domain of the inputs: [l, h], a list of every l and a list of every h, or for a picture an [l, h] for each channel.
    #[schemars(schema_with = "bounds")]
    #[serde(default, deserialize_with = "given")]
    pub(super) bounds: Option<N>,
    /// What the values in a file of samples are divided by, where they lie outside the bounds or there are none; the
    /// file's own samples are inputs as they stand.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub(super) scale: Option<f64>,
}

#[derive(serde::Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schemars(inline, extend("enum" = ["relu", "ReLU", "relu6", "ReLU6", "identity", "linear"]))]
pub(super) enum RawActivation {
    #[serde(alias = "ReLU")]
    Relu,
    #[serde(alias = "ReLU6")]
    Relu6,
    #[serde(alias = "linear")]
    Identity,
}

impl From<RawActivation> for Activation {
    fn from(raw: RawActivation) -> Self {
        match raw {
            RawActivation::Relu => Self::Relu,
            RawActivation::Relu6 => Self::Relu6,
            RawActivation::Identity => Self::Identity,
        }
    }
}

/// The value of a key that may be left out, but stands for nothing else: null is refused.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(value) => Ok(Some(value)),
        None => Err(D::Error::invalid_type(Unexpected::Unit, &"a value")),
    }
}

fn samples(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": { "type": "array", "items": { "type": ["number", "array"] } }
    })
}

fn bounds(_: &mut SchemaGenerator) -> Schema {
    let numbers = serde_json::json!({ "type": "array", "items": { "type": "number" } });
    json_schema!({
        "anyOf": [
            { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 },
            { "type": "array", "items": numbers, "minItems": 2, "maxItems": 2 },
            { "type": "array", "items": { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 }, "minItems": 1 }
        ]
    })
}
