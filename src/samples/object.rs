//! A sample as a JSON object: its values by the names of the inputs, or in a list under `x` or `input`.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::json::{Notes, in_quotes, numbers, split, tokens};
use super::options::left_out;
use super::record::Tag;
use super::tags::LABELS;
use super::values::Item;
use super::{Found, Wish};
use crate::error::{Error, Invalid};
use crate::network::json;
use crate::spelling::did_you_mean;

/// The keys under which all values can stand in a list.
const LISTS: [&str; 2] = ["x", "input"];

/// The entries of an object, in their order.
struct Fields<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Fields<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'t> Visitor<'t> for FieldsVisitor {
    type Value = Fields<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Fields<'t>, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = map.next_entry()? {
            fields.push(entry);
        }
        Ok(Fields(fields))
    }
}

/// The sample that an object is.
pub(super) fn read(item: &Item, wish: Wish, notes: &mut Notes) -> Result<Found, Error> {
    let Fields(fields) = json(&wish.origin.0, &item.text, item.place)?;
    let mut known = HashMap::with_capacity(fields.len());
    for (key, value) in fields {
        if known.contains_key(&key) {
            let invalid = Invalid::new(&key, "expected every key once", "it twice");
            return Err(wish
                .origin
                .malformed(Some(item.place_of(value.get())), invalid));
        }
        known.insert(key, value);
    }
    let mut object = Unread { item, wish, known };
    object.is_sample()?;
    let own = object.number()?;
    let id = object.tag(&["id"], wish.wanted.options.id.as_deref())?;
    let label = object.tag(&LABELS, wish.wanted.options.label.as_deref())?;
    let (values, written) = object.values()?;
    if !notes.any && wish.wanted.options.columns.is_empty() {
        let mut rest: Vec<String> = object.known.into_keys().collect();
        rest.sort_unstable();
        if let Some(note) = left_out(&rest, "key") {
            notes.add(note);
        }
    }
    Ok(Found {
        line: item.place.line,
        own,
        id,
        label,
        values,
        written,
    })
}

/// The entries of an object that have not been looked at.
struct Unread<'o> {
    item: &'o Item,
    wish: Wish<'o>,
    known: HashMap<String, &'o RawValue>,
}

impl<'o> Unread<'o> {
    /// The keys of the inputs, where these have names.
    fn names(&self) -> &'o [String] {
        self.wish.keys
    }

    /// Whether it is no network.
    fn is_sample(&self) -> Result<(), Error> {
        let is_network = ["layers", "input"].iter().all(|&key| {
            let value = self.known.get(key).map(|value| value.get());
            value.is_some_and(|value| value.starts_with(['[', '{'])) && !self.is_input(key)
        });
        let input = self
            .known
            .get("input")
            .is_some_and(|value| value.get().starts_with('{'));
        if !(is_network && input) {
            return Ok(());
        }
        let invalid = Invalid::new("", "expected samples", "a network: this is a network file")
            .help("the network comes first, then --inputs with a file of samples");
        Err(self.wish.origin.malformed(Some(self.item.place), invalid))
    }

    fn is_input(&self, key: &str) -> bool {
        self.names().iter().any(|name| name == key)
    }

    /// What is wrong with the value of a key.
    fn wrong(&self, key: &str, value: &RawValue, expected: &str) -> Error {
        let found: String = value.get().chars().take(40).collect();
        let place = self.item.place_of(value.get());
        let invalid = Invalid::new(key, expected, format!("`{found}`"));
        self.wish.origin.malformed(Some(place), invalid)
    }

    /// The number that it brings along.
    fn number(&mut self) -> Result<Option<usize>, Error> {
        if self.is_input("sample") {
            return Ok(None);
        }
        let Some(value) = self.known.remove("sample") else {
            return Ok(None);
        };
        let number = serde_json::from_str(value.get());
        number
            .map(Some)
            .map_err(|_| self.wrong("sample", value, "expected a whole number, 0 or more"))
    }

    /// A number or word under a key that an option names, else under the first of the usual ones that is there.
    fn tag(&mut self, usual: &[&str], said: Option<&str>) -> Result<Option<Tag>, Error> {
        let is_there = |key: &&&str| self.known.contains_key(**key) && !self.is_input(key);
        let Some(key) = said.or_else(|| usual.iter().find(is_there).copied()) else {
            return Ok(None);
        };
        if self.is_input(key) {
            let invalid = Invalid::new(
                format!("--{}", usual[0]),
                "expected a key that is not an input",
                format!("`{key}`, which is an input"),
            );
            return Err(self.wish.origin.malformed(Some(self.item.place), invalid));
        }
        let Some(value) = self.known.get(key).copied() else {
            return Err(self.missing(&format!("expected the key {key}"), key));
        };
        match serde_json::from_str(value.get()) {
            Ok(tag) => {
                self.known.remove(key);
                Ok(tag)
            }
            // In a result, target is what was explained.
            Err(_) if said.is_none() && value.get().starts_with('{') => Ok(None),
            Err(_) => Err(self.wrong(key, value, "expected a number or a word")),
        }
    }

    /// The values, and what they were written as, where that is asked for.
    fn values(&mut self) -> Result<(Vec<f64>, Option<Vec<String>>), Error> {
        let names = self.names();
        let chosen = !self.wish.wanted.options.columns.is_empty();
        let list = (LISTS.into_iter()).filter(|key| !chosen && !self.is_input(key));
        if let Some((key, list)) = list
            .filter_map(|key| self.known.get_key_value(key))
            .map(|(key, list)| (key.clone(), *list))
            .next()
        {
            self.known.remove(&key);
            return self.list(&key, list);
        }
        if names.is_empty() {
            let expected =
                "expected the values as a list under x or input, because the inputs have no names";
            return Err(self.missing(expected, "x"));
        }
        let (mut values, mut written) = (Vec::with_capacity(names.len()), Vec::new());
        for name in names {
            let Some(value) = self.known.remove(name) else {
                return Err(self.missing(&format!("expected a value for the input {name}"), name));
            };
            values.push(self.value(name, value)?);
            if self.wish.wanted.options.exactly {
                written.push(value.get().trim_matches('"').to_owned());
            }
        }
        super::of_length(&values, self.wish.wanted.inputs)
            .map_err(|invalid| self.wish.origin.malformed(Some(self.item.place), invalid))?;
        Ok((values, self.wish.wanted.options.exactly.then_some(written)))
    }

    fn value(&self, name: &str, value: &RawValue) -> Result<f64, Error> {
        let quoted = value.get().trim_matches('"');
        if let Some(fraction) = in_quotes(quoted) {
            return Ok(fraction);
        }
        match serde_json::from_str::<f64>(value.get()) {
            Ok(number) => Ok(number),
            Err(error) if error.is_data() => Err(self.wrong(name, value, "expected a number")),
            Err(_) => Err(self.wrong(name, value, "expected a number within ±1.797e308")),
        }
    }

    /// All values under one key.
    fn list(&self, key: &str, list: &RawValue) -> Result<(Vec<f64>, Option<Vec<String>>), Error> {
        let place = self.item.place_of(list.get());
        let below = |error| match error {
            Error::Malformed(mut malformed) => {
                malformed.invalid = malformed.invalid.below(key);
                Error::Malformed(malformed)
            }
            error => error,
        };
        let origin = self.wish.origin;
        let numbers = numbers(origin, list.get().as_bytes(), place).map_err(below)?;
        let samples = split(numbers, self.wish.wanted)
            .map_err(|invalid| below(origin.malformed(Some(place), invalid)))?;
        let written =
            (self.wish.wanted.options.exactly).then(|| tokens(list.get().as_bytes()).collect());
        let several = samples.len();
        if let Ok([values]) = <[Vec<f64>; 1]>::try_from(samples) {
            return Ok((values, written));
        }
        let invalid = Invalid::new(key, "expected one sample", several);
        Err(origin.malformed(Some(place), invalid))
    }

    /// What is not there, and what may be meant by it.
    fn missing(&self, expected: &str, key: &str) -> Error {
        let mut others: Vec<String> = (self.known.keys())
            .filter(|key| !self.is_input(key))
            .cloned()
            .collect();
        others.sort_unstable();
        let mut invalid = Invalid::new("", expected, "none");
        if !others.is_empty() {
            let meant = did_you_mean(key, others.iter().map(String::as_str));
            let stop = if meant.ends_with('?') { "" } else { ";" };
            invalid = invalid.help(format!(
                "{meant}{stop} --columns names the keys of the inputs (names, not numbers)"
            ));
        }
        self.wish.origin.malformed(Some(self.item.place), invalid)
    }
}
