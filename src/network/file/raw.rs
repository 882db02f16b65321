//! The network file as it is spelt: private shapes that only the gate sees.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::numbers::Numbers;

/// What is spelt as an object; serde's derive alone would take a list of the values, too.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys(PhantomData))
    }
}

struct Keys<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Keys<T> {
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
/// Keys that have to be there are options here, too: it is the gate that asks for them, so that a file with several faults
/// has all of them told.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "network", description = "A small ReLU / sum-pool network.")]
pub(super) struct RawNetwork {
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
    #[schemars(with = "RawInput")]
    pub(super) input: Option<Object<RawInput>>,
    /// The layers, from the input up.
    #[schemars(with = "Vec<RawLayer>", length(min = 1))]
    pub(super) layers: Option<Vec<Object<RawLayer>>>,
    /// One name for each output.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<String>")]
    pub(super) outputs: Option<Vec<String>>,
    /// Samples to explain when none is given, each flat or nested like the input's shape.
    #[schemars(schema_with = "samples")]
    #[serde(default, deserialize_with = "given")]
    pub(super) inputs: Option<Vec<Numbers>>,
}

/// The input level.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "input")]
pub(super) struct RawInput {
    /// [n] or [channels, height, width].
    #[schemars(with = "Vec<usize>", length(min = 1, max = 3), inner(range(min = 1)))]
    pub(super) shape: Option<Vec<usize>>,
    /// One name for each input.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<String>")]
    pub(super) names: Option<Vec<String>>,
    /// The domain of the inputs: [l, h], or a list of every l and a list of every h.
    #[schemars(schema_with = "bounds")]
    #[serde(default, deserialize_with = "given")]
    pub(super) bounds: Option<Numbers>,
    /// What the values in a file of samples are divided by, where they lie outside the bounds or there are none; the
    /// file's own samples are inputs as they stand.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub(super) scale: Option<f64>,
}

/// One layer.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "layer", transform = keys_of_each_type)]
pub(super) struct RawLayer {
    /// What kind of layer this is.
    #[serde(rename = "type")]
    #[schemars(with = "RawKind")]
    pub(super) kind: Option<RawKind>,
    /// dense: weights[i][j] leads from input i to unit j (the other way round with "out_in").
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<Vec<f64>>")]
    pub(super) weights: Option<Numbers>,
    /// dense: whether weights[i][j] or PyTorch's weights[j][i] is meant.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawOrder")]
    pub(super) weights_order: Option<RawOrder>,
    /// dense: one number for each unit; zeros where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Vec<f64>")]
    pub(super) bias: Option<Numbers>,
    /// dense: what happens to the pre-activation; identity where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "RawActivation")]
    pub(super) activation: Option<RawActivation>,
    /// sum_pool: how many consecutive units are added up; all where it is left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "usize", range(min = 1))]
    pub(super) size: Option<usize>,
}

#[derive(serde::Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum RawKind {
    Dense,
    SumPool,
}

#[derive(serde::Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum RawOrder {
    InOut,
    OutIn,
}

#[derive(serde::Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schemars(inline, extend("enum" = ["relu", "ReLU", "identity", "linear"]))]
pub(super) enum RawActivation {
    #[serde(alias = "ReLU")]
    Relu,
    #[serde(alias = "linear")]
    Identity,
}

/// The value of a key that may be left out, but stands for nothing else: null is refused.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
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
            { "type": "array", "items": numbers, "minItems": 2, "maxItems": 2 }
        ]
    })
}

/// Says in the schema what the gate says of a layer: which keys go with which type.
fn keys_of_each_type(schema: &mut Schema) {
    let absent = |keys: &[&str]| {
        let keys: serde_json::Map<_, _> = keys
            .iter()
            .map(|&key| (key.to_owned(), serde_json::json!(false)))
            .collect();
        serde_json::json!({ "properties": keys })
    };
    let mut dense = absent(&["size"]);
    dense["required"] = serde_json::json!(["weights"]);
    dense["properties"]["weights"] = serde_json::json!({ "type": "array" });
    let pool = absent(&["weights", "weights_order", "bias", "activation"]);
    let is = |kind: &str| serde_json::json!({ "properties": { "type": { "const": kind } } });
    schema.insert(
        "allOf".to_owned(),
        serde_json::json!([
            { "if": is("dense"), "then": dense },
            { "if": is("sum_pool"), "then": pool }
        ]),
    );
}
