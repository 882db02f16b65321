//! The keys that every type of layer has: its name, what it reads, and its activation.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::raw::RawActivation;

/// What a layer of any type may say.
#[derive(Default, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct RawCommon {
    /// What the layer is called, to be read by later ones: every name is that of one layer.
    #[schemars(with = "String", length(min = 1))]
    pub(super) name: Option<String>,
    /// The level that it reads: the name of an earlier layer, or "input"; the level before where it is left out.
    #[schemars(with = "RawFrom")]
    pub(super) from: Option<RawFrom>,
    /// What happens to the pre-activation; identity where it is left out.
    #[schemars(with = "RawActivation")]
    pub(super) activation: Option<RawActivation>,
}

/// The levels that a layer reads, by name.
#[derive(JsonSchema)]
#[schemars(inline, untagged)]
pub(super) enum RawFrom {
    /// One level.
    One(String),
    /// Several, in this order.
    Several(Vec<String>),
}

impl RawCommon {
    const KEYS: [&str; 3] = ["name", "from", "activation"];

    /// Takes the value of a key, where it is one of these.
    fn take<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "name" => once(&mut self.name, "name", map)?,
            "from" => once(&mut self.from, "from", map)?,
            "activation" => once(&mut self.activation, "activation", map)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The value of a key that stands there once, and is not null.
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    to: &mut Option<T>,
    key: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if to.is_some() {
        return Err(A::Error::duplicate_field(key));
    }
    *to = map.next_value()?;
    match to {
        Some(_) => Ok(()),
        None => Err(A::Error::invalid_type(Unexpected::Unit, &"a value")),
    }
}

/// A layer's keys: those of every type go into `common`, the others to the type's own struct.
pub(super) struct LayerKeys<'c, D> {
    pub(super) keys: D,
    pub(super) common: &'c mut RawCommon,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for LayerKeys<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.keys.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let common = self.common;
        self.keys.deserialize_map(Apart {
            common,
            fields,
            visitor,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Keeps the common keys apart from the type's own, which are `fields`.
struct Apart<'c, V> {
    common: &'c mut RawCommon,
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Apart<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(OwnKeys {
            common: self.common,
            fields: self.fields,
            map,
        })
    }
}

struct OwnKeys<'c, A> {
    common: &'c mut RawCommon,
    fields: &'static [&'static str],
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for OwnKeys<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<String>()? {
            if self.common.take(&key, &mut self.map)? {
                continue;
            }
            if !self.fields.contains(&key.as_str()) {
                let known = [self.fields, &RawCommon::KEYS].concat().join("`, `");
                // In serde's words, as of every other key that is not known.
                let said = format!("unknown field `{key}`, expected one of `{known}`");
                return Err(A::Error::custom(said));
            }
            return seed.deserialize(key.into_deserializer()).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

impl<'de> Deserialize<'de> for RawFrom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = RawFrom;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a layer or a list of names")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<RawFrom, E> {
                Ok(RawFrom::One(name.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<RawFrom, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(names)).map(RawFrom::Several)
            }
        }
        deserializer.deserialize_any(Names)
    }
}
