//! The network file as it is spelt: private shapes that only the gate sees.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::numbers::Numbers;

/// A small ReLU / sum-pool network.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "network")]
pub(super) struct RawNetwork {
    /// What the network is called in tables and reports.
    pub(super) name: Option<String>,
    /// What it is and where it comes from.
    pub(super) description: Option<String>,
    /// The input level.
    pub(super) input: RawInput,
    /// The layers, from the input up.
    #[schemars(length(min = 1))]
    pub(super) layers: Vec<RawLayer>,
    /// One name for each output.
    pub(super) outputs: Option<Vec<String>>,
    /// Samples to explain when none is given, each flat or nested like the input's shape.
    #[schemars(schema_with = "samples")]
    pub(super) inputs: Option<Vec<Numbers>>,
}

/// The input level.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "input")]
pub(super) struct RawInput {
    /// [n] or [channels, height, width].
    #[schemars(length(min = 1, max = 3), inner(range(min = 1)))]
    pub(super) shape: Vec<usize>,
    /// One name for each input.
    pub(super) names: Option<Vec<String>>,
    /// The domain of the inputs: [l, h], or a list of every l and a list of every h.
    #[schemars(schema_with = "bounds")]
    pub(super) bounds: Option<Numbers>,
}

/// One layer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "layer", transform = keys_of_each_type)]
pub(super) struct RawLayer {
    /// What kind of layer this is.
    #[serde(rename = "type")]
    pub(super) kind: RawKind,
    /// dense: weights[i][j] leads from input i to unit j (the other way round with "out_in").
    #[schemars(with = "Option<Vec<Vec<f64>>>")]
    pub(super) weights: Option<Numbers>,
    /// dense: whether weights[i][j] or PyTorch's weights[j][i] is meant.
    pub(super) weights_order: Option<RawOrder>,
    /// dense: one number for each unit; zeros where it is left out.
    #[schemars(with = "Option<Vec<f64>>")]
    pub(super) bias: Option<Numbers>,
    /// dense: what happens to the pre-activation; identity where it is left out.
    pub(super) activation: Option<RawActivation>,
    /// sum_pool: how many consecutive units are added up; all where it is left out.
    #[schemars(range(min = 1))]
    pub(super) size: Option<usize>,
}

#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum RawKind {
    Dense,
    SumPool,
}

#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum RawOrder {
    InOut,
    OutIn,
}

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum RawActivation {
    Relu,
    Identity,
}

fn samples(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["array", "null"],
        "items": { "type": "array", "items": { "type": ["number", "array"] } }
    })
}

fn bounds(_: &mut SchemaGenerator) -> Schema {
    let numbers = serde_json::json!({ "type": "array", "items": { "type": "number" } });
    json_schema!({
        "anyOf": [
            { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 },
            { "type": "array", "items": numbers, "minItems": 2, "maxItems": 2 },
            { "type": "null" }
        ]
    })
}

/// Says in the schema what the gate says of a layer: which keys go with which type.
fn keys_of_each_type(schema: &mut Schema) {
    let absent = |keys: &[&str]| {
        let keys: serde_json::Map<_, _> = keys
            .iter()
            .map(|&key| (key.to_owned(), serde_json::json!({ "type": "null" })))
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
