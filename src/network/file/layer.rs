//! One layer as it is spelt: its `type`, and the keys that go with it. A kind of layer has a raw struct in a file of its
//! own, and a row in each match here.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde::de::IntoDeserializer;
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::decimals::{LayerDecimals, Texts};
use super::dense::{self, RawDense};
use super::faults::FaultLog;
use super::numbers::Numbers;
use super::sum_pool::{self, RawSumPool};
use crate::network::{Kind, Layer, Linear};

/// The kinds that a file can have.
const KINDS: [Kind; 2] = [Kind::Dense, Kind::SumPool];

/// The types as they are spelt.
const NAMES: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut k = 0;
    while k < names.len() {
        names[k] = KINDS[k].name();
        k += 1;
    }
    names
};

/// One layer; its numbers are read as `N`.
#[derive(Default)]
pub(super) enum RawLayer<N> {
    /// It is unknown what kind of layer it is.
    #[default]
    Untyped,
    Dense(RawDense<N>),
    SumPool(RawSumPool),
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
        Ok(match self.kind {
            Kind::Dense => RawLayer::Dense(RawDense::deserialize(keys)?),
            Kind::SumPool => RawLayer::SumPool(RawSumPool::deserialize(keys)?),
            kind => return Err(D::Error::unknown_variant(kind.name(), &NAMES)),
        })
    }
}

/// What the keys of a kind are and mean.
fn schema(kind: Kind) -> Schema {
    let mut schema = match kind {
        Kind::Dense => schema_for!(RawDense<Numbers>),
        Kind::SumPool => schema_for!(RawSumPool),
        _ => json_schema!({}),
    };
    schema.remove("$schema");
    schema
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

impl RawLayer<Numbers> {
    /// The layer on a level of `units` units, where these are known; where a part alone is wrong, one without it that is
    /// not `sound`.
    pub(super) fn build(
        self,
        units: Option<usize>,
        at: &str,
        faults: &mut FaultLog,
        sound: &mut bool,
    ) -> Option<Layer> {
        match self {
            Self::Untyped => {
                let missing = || "the key `type` is missing".to_owned();
                faults.required(at, "type", None, missing)
            }
            Self::Dense(raw) => raw.build(units, at, faults, sound),
            Self::SumPool(raw) => raw.build(units, at, faults),
        }
    }
}

impl<'t> RawLayer<Texts<'t>> {
    /// The numbers as they are written.
    pub(super) fn decimals(self) -> LayerDecimals<'t> {
        match self {
            Self::Untyped | Self::SumPool(_) => LayerDecimals::default(),
            Self::Dense(raw) => raw.decimals(),
        }
    }
}

/// The layer as the text of a network file.
pub(super) fn json(layer: &Layer) -> String {
    let keys = match layer.linear() {
        Linear::Dense(map) => dense::json(layer, map),
        Linear::SumPool(map) => sum_pool::json(*map),
        _ => String::new(),
    };
    format!("{{ \"type\": \"{}\"{keys} }}", layer.kind())
}

impl<N> JsonSchema for RawLayer<N> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "layer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let kinds = KINDS.map(|kind| {
            let mut schema = schema(kind);
            let name = serde_json::json!({ "const": kind.name() });
            if let Some(keys) = schema.ensure_object().get_mut("properties") {
                keys["type"] = name;
            }
            schema
        });
        json_schema!({
            "description": "One layer: its type, and the keys that go with it.",
            "type": "object",
            "properties": {
                "type": { "description": "What kind of layer this is.", "enum": NAMES }
            },
            "required": ["type"],
            "oneOf": kinds
        })
    }
}

impl<'de, N> Deserialize<'de> for RawKind<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = String::deserialize(deserializer)?;
        let known = KINDS.into_iter().find(|kind| kind.name() == found);
        let known = known.map(Self::from);
        known.ok_or_else(|| D::Error::unknown_variant(&found, &NAMES))
    }
}

impl<'de, N: Deserialize<'de>> Deserialize<'de> for RawLayer<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ByType(PhantomData))
    }
}

/// Reads the type first: what stands before it waits as text.
struct ByType<N>(PhantomData<N>);

impl<'de, N: Deserialize<'de>> Visitor<'de> for ByType<N> {
    type Value = RawLayer<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawLayer<N>, A::Error> {
        let mut before: Vec<(String, &RawValue)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == "type" {
                let kind: RawKind<N> = map.next_value()?;
                let (before, value) = (before.into_iter(), None);
                return kind.deserialize(MapAccessDeserializer::new(KeysAfterType {
                    before,
                    value,
                    map,
                }));
            }
            before.push((key, map.next_value()?));
        }
        match before.iter().find(|(key, _)| !is_known(key)) {
            Some((key, _)) => Err(unknown_key(key)),
            None => Ok(RawLayer::Untyped),
        }
    }
}

/// In serde's words, as of every other key that is not known.
fn unknown_key<E: Error>(key: &str) -> E {
    let mut known = vec!["type".to_owned()];
    known.extend(KINDS.into_iter().flat_map(keys));
    E::custom(format!(
        "unknown field `{key}`, expected one of `{}`",
        known.join("`, `")
    ))
}

/// The keys before the type, then those behind it.
struct KeysAfterType<'de, A> {
    before: std::vec::IntoIter<(String, &'de RawValue)>,
    value: Option<&'de RawValue>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for KeysAfterType<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let Some((key, value)) = self.before.next() else {
            return self.map.next_key_seed(seed);
        };
        self.value = Some(value);
        let key: StringDeserializer<A::Error> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            // Its place is lost here; the file is read once more, piece by piece, and the fault reported with it.
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, NAMES, keys};
    use crate::network::Network;

    #[test]
    fn every_kind_has_its_name_and_its_keys_in_the_schema() {
        assert_eq!(NAMES, ["dense", "sum_pool"]);
        let of_dense = ["activation", "bias", "weights", "weights_order"].map(str::to_owned);
        assert_eq!(
            KINDS.map(keys),
            [of_dense.to_vec(), vec!["size".to_owned()]]
        );
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
