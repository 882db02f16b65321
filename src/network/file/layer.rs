//! One layer as it is spelt: its `type`, and the keys that go with it. A kind of layer has a raw struct in a file of its
//! own, and a row in each match here.

use std::marker::PhantomData;
use std::sync::LazyLock;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde::de::{Deserialize, DeserializeSeed, Deserializer};
use serde_json::{Map, Value, json};

use super::beside::Written;
use super::common::{LayerKeys, RawCommon};
use super::conv2d::{self, RawConv2d};
use super::decimals::{LayerDecimals, Texts};
use super::dense::{self, RawDense};
use super::gather::{self, RawGather};
use super::numbers::Numbers;
use super::pool2d::{self, RawAvgPool2d, RawPool2d};
use super::scale::{self, RawScale};
use super::site::Site;
use super::sum_pool::{self, RawSumPool};
use super::sums::{RawAdd, RawConcat};
use crate::network::{Activation, Kind, Layer, Linear};

pub(super) const KINDS: [Kind; Kind::ALL.len()] = Kind::ALL;

/// The types as they are spelt.
pub(super) static NAMES: LazyLock<[&str; KINDS.len()]> = LazyLock::new(|| KINDS.map(Kind::name));

/// One layer; its numbers are read as `N`.
pub(super) struct RawLayer<N> {
    pub(super) common: RawCommon,
    own: Own<N>,
}

/// What the keys say that a type has for itself.
#[derive(Default)]
enum Own<N> {
    /// It is unknown what kind of layer it is.
    #[default]
    Untyped,
    Dense(RawDense<N>),
    Conv2d(RawConv2d<N>),
    SumPool(RawSumPool),
    /// A sum or the largest value, as the kind says.
    Pool2d(Kind, RawPool2d),
    AvgPool2d(RawAvgPool2d),
    Add(RawAdd),
    Concat(RawConcat),
    Scale(RawScale<N>),
    Gather(RawGather),
}

impl<N> Default for RawLayer<N> {
    fn default() -> Self {
        Self {
            common: RawCommon::default(),
            own: Own::Untyped,
        }
    }
}

/// The `type` of a layer, which says how its keys are read, with numbers as `N`.
pub(super) struct RawKind<N> {
    pub(super) kind: Kind,
    numbers: PhantomData<N>,
}

impl<N> Clone for RawKind<N> {
    fn clone(&self) -> Self {
        self.kind.into()
    }
}

impl<N> From<Kind> for RawKind<N> {
    fn from(kind: Kind) -> Self {
        let numbers = PhantomData;
        Self { kind, numbers }
    }
}

/// Reads the keys that go with the type.
impl<'de, N: Deserialize<'de>> DeserializeSeed<'de> for RawKind<N> {
    type Value = RawLayer<N>;

    fn deserialize<D: Deserializer<'de>>(self, keys: D) -> Result<RawLayer<N>, D::Error> {
        let mut common = RawCommon::default();
        let keys = LayerKeys {
            keys,
            common: &mut common,
        };
        let own = match self.kind {
            Kind::Dense => Own::Dense(RawDense::deserialize(keys)?),
            Kind::Conv2d => Own::Conv2d(RawConv2d::deserialize(keys)?),
            Kind::SumPool => Own::SumPool(RawSumPool::deserialize(keys)?),
            kind @ (Kind::SumPool2d | Kind::MaxPool2d) => {
                Own::Pool2d(kind, RawPool2d::deserialize(keys)?)
            }
            Kind::AvgPool2d => Own::AvgPool2d(RawAvgPool2d::deserialize(keys)?),
            Kind::Add => Own::Add(RawAdd::deserialize(keys)?),
            Kind::Concat => Own::Concat(RawConcat::deserialize(keys)?),
            Kind::Scale => Own::Scale(RawScale::deserialize(keys)?),
            Kind::Gather => Own::Gather(RawGather::deserialize(keys)?),
        };
        Ok(RawLayer { common, own })
    }
}

/// What the keys of a kind are and mean.
fn schema(kind: Kind) -> Schema {
    let mut schema = match kind {
        Kind::Dense => schema_for!(RawDense<Numbers>),
        Kind::Conv2d => schema_for!(RawConv2d<Numbers>),
        Kind::SumPool => schema_for!(RawSumPool),
        Kind::SumPool2d | Kind::MaxPool2d => schema_for!(RawPool2d),
        Kind::AvgPool2d => schema_for!(RawAvgPool2d),
        Kind::Add => schema_for!(RawAdd),
        Kind::Concat => schema_for!(RawConcat),
        Kind::Scale => schema_for!(RawScale<Numbers>),
        Kind::Gather => schema_for!(RawGather),
    };
    schema.remove("$schema");
    let mut common = schema_for!(RawCommon);
    if let Some(Value::Object(common)) = common.remove("properties") {
        let keys = schema.ensure_object().entry("properties");
        if let Value::Object(keys) = keys.or_insert_with(|| Value::Object(Map::new())) {
            keys.extend(common);
        }
    }
    match kind {
        Kind::SumPool2d => described(
            &mut schema,
            "A sum pool over windows of a picture, each channel by itself.",
        ),
        Kind::MaxPool2d => described(
            &mut schema,
            "A max pool over windows of a picture, each channel by itself: padding never wins.",
        ),
        Kind::Add | Kind::Concat => reading_several(&mut schema),
        _ => {}
    }
    schema
}

/// Two kinds of pools have the same keys; each says what it is.
fn described(schema: &mut Schema, what: &str) {
    schema.insert("description".to_owned(), what.into());
}

/// Of some kinds, what they read has to be said, and is a list.
fn reading_several(schema: &mut Schema) {
    schema.insert("required".to_owned(), json!(["from"]));
    if let Some(from) = schema.pointer_mut("/properties/from") {
        *from = json!({
            "description": "The levels that it reads: names of earlier layers, or \"input\".",
            "type": "array", "items": { "type": "string" }, "minItems": 2
        });
    }
}

/// The keys that go with a kind.
pub(super) fn keys(kind: Kind) -> Vec<String> {
    let schema = schema(kind);
    let keys = schema.get("properties").and_then(|keys| keys.as_object());
    keys.map_or_else(Vec::new, |keys| keys.keys().cloned().collect())
}

/// Whether a key goes with any kind.
pub(super) fn is_known(key: &str) -> bool {
    let goes = |kind: Kind| keys(kind).iter().any(|known| known == key);
    KINDS.into_iter().any(goes)
}

impl<N> RawLayer<N> {
    /// Its kind, where that is known.
    pub(super) fn kind(&self) -> Option<Kind> {
        Some(match &self.own {
            Own::Untyped => return None,
            Own::Dense(_) => Kind::Dense,
            Own::Conv2d(_) => Kind::Conv2d,
            Own::SumPool(_) => Kind::SumPool,
            Own::Pool2d(kind, _) => *kind,
            Own::AvgPool2d(_) => Kind::AvgPool2d,
            Own::Add(_) => Kind::Add,
            Own::Concat(_) => Kind::Concat,
            Own::Scale(_) => Kind::Scale,
            Own::Gather(_) => Kind::Gather,
        })
    }
}

impl RawLayer<Numbers> {
    /// The layer, without its name and what it reads; where a part alone is wrong, one without it, at a site that is not
    /// sound.
    pub(super) fn build(self, site: &mut Site) -> Option<Layer> {
        let activation = self.common.activation;
        let activation = activation.map_or(Activation::Identity, Into::into);
        match self.own {
            Own::Untyped => None,
            Own::Dense(raw) => raw.build(site, activation),
            Own::Conv2d(raw) => raw.build(site, activation),
            Own::SumPool(raw) => raw.build(site, activation),
            Own::Pool2d(_, raw) => raw.build(site, activation),
            Own::AvgPool2d(raw) => raw.build(site, activation),
            Own::Add(_) => RawAdd::build(site, activation),
            Own::Concat(_) => RawConcat::build(site, activation),
            Own::Scale(raw) => raw.build(site, activation),
            Own::Gather(raw) => raw.build(site, activation),
        }
    }
}

impl<'t> RawLayer<Texts<'t>> {
    /// The numbers as they are written.
    pub(super) fn decimals(self) -> LayerDecimals<'t> {
        match self.own {
            Own::Dense(raw) => raw.decimals(),
            Own::Conv2d(raw) => raw.decimals(),
            Own::Scale(raw) => raw.decimals(),
            _ => LayerDecimals::default(),
        }
    }
}

/// The layer as the text of a network file, with the keys that say its name and what it reads.
pub(super) fn json<'n>(layer: &'n Layer, names: &str, numbers: &mut Written<'n>) -> String {
    let own = match layer.linear() {
        Linear::Dense(map) => dense::json(layer, map, numbers),
        Linear::Conv2d(map) => conv2d::json(layer, map, numbers),
        Linear::SumPool(map) => sum_pool::json(*map),
        Linear::Pool2d(map) => pool2d::json(map.window(), map.counts_padding()),
        Linear::MaxPool2d(map) => pool2d::json(map.window(), false),
        Linear::Place(_) => String::new(),
        Linear::Scale(map) => scale::json(layer, map, numbers),
        Linear::Gather(map) => gather::json(layer, map),
    };
    let activation = match layer.activation() {
        // Of a dense layer it is always said, for it is what is asked first.
        Activation::Identity if layer.kind() != Kind::Dense => String::new(),
        activation => {
            let line = if own.contains('\n') {
                ",\n      "
            } else {
                ", "
            };
            format!("{line}\"activation\": \"{}\"", activation.name())
        }
    };
    format!(
        "{{ \"type\": \"{}\"{names}{own}{activation} }}",
        layer.kind()
    )
}

impl<N> JsonSchema for RawLayer<N> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "layer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let kinds = KINDS.map(|kind| {
            let mut schema = schema(kind);
            let name = json!({ "const": kind.name() });
            if let Some(keys) = schema.ensure_object().get_mut("properties") {
                keys["type"] = name;
            }
            schema
        });
        json_schema!({
            "description": "One layer: its type, and the keys that go with it.",
            "type": "object",
            "properties": {
                "type": { "description": "What kind of layer this is.", "enum": *NAMES }
            },
            "required": ["type"],
            "oneOf": kinds
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, NAMES, keys};
    use crate::network::Network;

    #[test]
    fn every_kind_has_its_name_and_its_keys_in_the_schema() {
        let own = [
            ("dense", "bias weights weights_order"),
            ("conv2d", "bias dilation groups padding stride weights"),
            ("sum_pool", "size"),
            ("sum_pool2d", "dilation kernel padding stride"),
            ("avg_pool2d", "count_padding dilation kernel padding stride"),
            ("max_pool2d", "dilation kernel padding stride"),
            ("add", ""),
            ("concat", ""),
            ("scale", "bias weights"),
            ("gather", "indices shape"),
        ];
        assert_eq!(*NAMES, own.map(|(name, _)| name));
        for (kind, (_, own)) in KINDS.into_iter().zip(own) {
            let mut expected: Vec<&str> = own.split_whitespace().collect();
            expected.extend(["activation", "from", "name"]);
            expected.sort_unstable();
            let mut found = keys(kind);
            found.sort_unstable();
            assert_eq!(found, expected, "{kind}");
        }
    }

    #[test]
    fn a_type_may_stand_before_between_and_behind_its_keys() {
        let network = |keys: [&str; 3]| -> Network {
            let layer = keys.join(", ");
            let text = format!(r#"{{ "input": {{ "shape": [2] }}, "layers": [{{ {layer} }}] }}"#);
            text.parse().expect("a network")
        };
        let [kind, weights, bias] = [
            r#""type": "dense""#,
            r#""weights": [[1], [2]]"#,
            r#""bias": [3]"#,
        ];
        let first = network([kind, weights, bias]);
        assert_eq!(network([weights, kind, bias]), first);
        assert_eq!(network([weights, bias, kind]), first);
        let read = Network::from_reader(first.to_json().as_bytes()).expect("a network");
        assert_eq!(read, first);
    }
}
