//! A layer is read by its type: what stands before it waits as text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor,
};
use serde_json::value::RawValue;

use super::layer::{KINDS, NAMES, RawKind, RawLayer, is_known, keys};

impl<'de, N> Deserialize<'de> for RawKind<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = String::deserialize(deserializer)?;
        let known = KINDS.into_iter().find(|kind| kind.name() == found);
        let known = known.map(Self::from);
        known.ok_or_else(|| D::Error::unknown_variant(&found, &*NAMES))
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
        if let Some((key, _)) = before.iter().find(|(key, _)| !is_known(key)) {
            return Err(unknown_key(key));
        }
        // Others may read it by its name.
        let name = before.iter().find(|(key, _)| key == "name");
        let mut layer = RawLayer::default();
        layer.common.name = name.and_then(|(_, name)| serde_json::from_str(name.get()).ok());
        Ok(layer)
    }
}

/// In serde's words, as of every other key that is not known.
fn unknown_key<E: Error>(key: &str) -> E {
    let mut known = vec!["type".to_owned()];
    for key in KINDS.into_iter().flat_map(keys) {
        if !known.contains(&key) {
            known.push(key);
        }
    }
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
