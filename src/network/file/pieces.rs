//! A file with a fault, read once more piece by piece: every key on its own, so that what cannot be read is reported and the
//! rest is gone on with.

use std::collections::HashSet;
use std::fmt;
use std::iter::once;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::value::MapDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_path_to_error::Track;

use super::complaint;
use super::faults::{FaultLog, joined};
use super::layer::{RawKind, RawLayer, is_known, keys};
use super::numbers::Numbers;
use super::padding;
use super::raw::{Object, RawInput, RawNetwork};
use crate::error::Invalid;
use crate::network::Kind;
use crate::words::article;

/// The keys of an object and the texts of their values, in their order.
struct Entries<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Reads what can be read of a network file; none where it is no object, or no JSON further on.
pub(super) fn network(text: &str, faults: &mut FaultLog) -> Option<RawNetwork<Numbers>> {
    let mut pieces = PieceReader { text, faults };
    let entries = pieces.entries("", text).ok()?;
    let (mut input, mut layers) = (None, None);
    let rest = entries.into_iter().filter(|(key, value)| {
        match key.as_str() {
            "input" => input = pieces.input(value),
            "layers" => layers = pieces.layers(value),
            _ => return true,
        }
        // What is not even an object or a list is read with the others, and refused with them.
        match key.as_str() {
            "input" => input.is_none(),
            _ => layers.is_none(),
        }
    });
    let rest = rest.collect();
    let mut raw: RawNetwork<Numbers> = pieces.object("", PhantomData, rest);
    raw.input = input.map(Object);
    raw.layers = layers;
    Some(raw)
}

struct PieceReader<'t, 'f> {
    text: &'t str,
    faults: &'f mut FaultLog,
}

/// The keys of an object and the texts of their values.
type KeyedValues<'t> = Vec<(String, &'t RawValue)>;

impl<'t> PieceReader<'t, '_> {
    /// The keys of the object at `path`; one that stands there twice is a fault, and its first value counts.
    fn entries(
        &mut self,
        path: &str,
        object: &'t str,
    ) -> Result<KeyedValues<'t>, serde_json::Error> {
        let Entries(entries) = serde_json::from_str(object)?;
        let mut known = HashSet::with_capacity(entries.len());
        let mut first = KeyedValues::with_capacity(entries.len());
        for (key, value) in entries {
            if known.contains(&key) {
                let invalid = Invalid {
                    path: joined(path, &key),
                    message: format!("the key `{key}` is here twice"),
                    help: None,
                };
                self.faults.add_at(invalid, Some(self.key_of(value)));
            } else {
                known.insert(key.clone());
                first.push((key, value));
            }
        }
        Ok(first)
    }

    fn input(&mut self, value: &'t RawValue) -> Option<RawInput<Numbers>> {
        let entries = self.entries("input", value.get()).ok()?;
        Some(self.object("input", PhantomData, entries))
    }

    fn layers(&mut self, value: &'t RawValue) -> Option<Vec<RawLayer<Numbers>>> {
        let layers: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        let each = layers.into_iter().enumerate();
        Some(each.map(|(l, layer)| self.layer(l, layer)).collect())
    }

    fn layer(&mut self, l: usize, value: &'t RawValue) -> RawLayer<Numbers> {
        let path = format!("layers[{l}]");
        let entries = match self.entries(&path, value.get()) {
            Ok(entries) => entries,
            Err(error) => {
                self.refuse(&path, value, "", &error);
                self.faults.unread(path);
                return RawLayer::default();
            }
        };
        let of_type = |(key, _): &(String, _)| key == "type";
        let (kind, mut own): (KeyedValues, KeyedValues) = entries.into_iter().partition(of_type);
        let Some((key, value)) = kind.first() else {
            let named = self.named(&path, &own);
            let _: RawLayer<Numbers> = self.object(&path, PhantomData, own);
            return named;
        };
        if self
            .entry(&path, PhantomData::<TypeKey>, key, value)
            .is_err()
        {
            // Of a type that is not known no key can be judged.
            let named = self.named(&path, &own);
            self.faults.unread(path);
            return named;
        }
        let Ok(raw) = serde_json::from_str::<RawKind<_>>(value.get()) else {
            return RawLayer::default();
        };
        let of_kind = keys(raw.kind);
        own.retain(|(key, _)| {
            let foreign = !of_kind.contains(key) && is_known(key);
            if foreign {
                self.faults.add(foreign_key(&path, raw.kind, key));
            }
            !foreign
        });
        if let Some((invalid, value)) = padding::by_word(&own) {
            let start = self.offset(value);
            let place = start..start + value.get().len();
            self.faults.add_at(invalid.below(&path), Some(place));
            self.faults.unread(joined(&path, "padding"));
            own.retain(|(key, _)| key != "padding");
        }
        self.object(&path, raw, own)
    }

    /// A layer of which no more is known than its name, by which others read it.
    fn named(&mut self, path: &str, keys: &KeyedValues<'t>) -> RawLayer<Numbers> {
        let mut layer = RawLayer::default();
        let name = keys.iter().find(|(key, _)| key == "name");
        layer.common.name = name.and_then(|(_, name)| serde_json::from_str(name.get()).ok());
        if layer.common.name.is_none() && name.is_some() {
            self.faults.unread(joined(path, "name"));
        }
        layer
    }

    /// An object of those keys that can be read, by `seed`.
    fn object<S>(&mut self, path: &str, seed: S, mut entries: KeyedValues<'t>) -> S::Value
    where
        S: DeserializeSeed<'t, Value: Default> + Clone,
    {
        entries.retain(|(key, value)| self.entry(path, seed.clone(), key, value).is_ok());
        let pairs = entries.iter().map(|(key, value)| (key.as_str(), *value));
        let object = MapDeserializer::<_, serde_json::Error>::new(pairs);
        seed.deserialize(object).unwrap_or_default()
    }

    /// Whether one key of an object can be read on its own; if not, that is a fault.
    fn entry<S: DeserializeSeed<'t>>(
        &mut self,
        path: &str,
        seed: S,
        key: &str,
        value: &'t RawValue,
    ) -> Result<(), ()> {
        let alone = MapDeserializer::<_, serde_json::Error>::new(once((key, value)));
        let mut track = Track::new();
        let tracked = serde_path_to_error::Deserializer::new(alone, &mut track);
        let Err(error) = seed.deserialize(tracked) else {
            return Ok(());
        };
        let within = track.path().to_string();
        let within = within.strip_prefix(key).unwrap_or_default();
        let path_of_key = joined(path, key);
        if within.is_empty() && complaint::is_of_key(&error) {
            // The key that is missing may be the one that is misspelt.
            self.faults.unread(path.to_owned());
            let place = self.key_of(value);
            let invalid = complaint::of_data(&path_of_key, &error);
            self.faults.add_at(invalid, Some(place));
        } else {
            self.refuse(&path_of_key, value, within, &error);
            self.faults.unread(path_of_key);
        }
        Err(())
    }

    /// A fault in the value at `path`, at the path `within` it.
    fn refuse(&mut self, path: &str, value: &RawValue, within: &str, error: &serde_json::Error) {
        let path = format!("{path}{within}");
        let (place, invalid) = complaint::judged(value.get(), within, &path, error);
        let start = self.offset(value);
        let place = start + place.start..start + place.end;
        self.faults.add_at(invalid, Some(place));
    }

    /// Where the key of a value stands.
    fn key_of(&self, value: &RawValue) -> Range<usize> {
        complaint::key_before(self.text, self.offset(value).saturating_sub(1))
    }

    /// Where a value stands in the text that it is a piece of.
    fn offset(&self, value: &RawValue) -> usize {
        value.get().as_ptr().addr() - self.text.as_ptr().addr()
    }
}

/// The type of a layer alone.
#[derive(serde::Deserialize)]
struct TypeKey {
    #[serde(rename = "type")]
    _kind: RawKind<Numbers>,
}

/// The complaint about a key that belongs to another type of layer.
fn foreign_key(at: &str, kind: Kind, key: &str) -> Invalid {
    Invalid {
        path: joined(at, key),
        message: format!("{} {kind} layer has no `{key}`", article(kind.name())),
        help: Some(format!("remove `{key}`, or change the layer's type")),
    }
}
