//! Samples as JSON: one value a line, or values over any number of lines, lists of samples among them.
//!
//! A list with as many numbers as the network has inputs is one sample, flat or nested like the input; a list with more must
//! be a list of samples. These are read one by one, so that their number does not matter.

use std::collections::HashSet;

use super::decimal::typed;
use super::matching::matched;
use super::object;
use super::options::Wanted;
use super::source::{SourceName, TextPieces};
use super::values::{Item, JsonValues};
use super::{Found, Wish};
use crate::error::{Error, Invalid, Position};
use crate::network::{Numbers, json};
use crate::words::count;

/// The samples of a source of JSON.
pub(super) struct JsonSamples {
    origin: SourceName,
    values: JsonValues,
    /// Further samples of a value that has several.
    waiting: std::vec::IntoIter<Found>,
    /// The keys of the inputs in objects, or none.
    keys: Vec<String>,
    notes: Notes,
}

/// Notes about the first object that has more than is taken: the others will be alike.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) any: bool,
    waiting: Vec<String>,
}

impl Notes {
    pub(super) fn add(&mut self, note: String) {
        self.any = true;
        self.waiting.push(note);
    }
}

impl JsonSamples {
    /// Reads a value a line, or values over any number of lines.
    pub(super) fn new(
        origin: SourceName,
        pieces: TextPieces,
        lines: bool,
        wanted: &Wanted,
    ) -> Result<Self, Error> {
        let (keys, note) =
            keys(wanted).map_err(|invalid| origin.malformed(None, invalid.help(KEYS)))?;
        Ok(Self {
            origin,
            values: JsonValues::new(pieces, lines),
            waiting: Vec::new().into_iter(),
            keys,
            notes: Notes {
                any: false,
                waiting: note.into_iter().collect(),
            },
        })
    }

    /// The next sample; none at the end.
    pub(super) fn next(&mut self, wanted: &Wanted) -> Result<Option<Found>, Error> {
        loop {
            if let Some(found) = self.waiting.next() {
                return Ok(Some(found));
            }
            let Some(item) = self.values.next(&self.origin, wanted)? else {
                return Ok(None);
            };
            let found = self
                .samples(&item, wanted)
                .map_err(|error| item.named(error, self.values.lines))?;
            self.waiting = found.into_iter();
        }
    }

    /// What was found out since this was last asked.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes.waiting)
    }

    fn samples(&mut self, item: &Item, wanted: &Wanted) -> Result<Vec<Found>, Error> {
        let wish = Wish {
            origin: &self.origin,
            wanted,
            keys: &self.keys,
        };
        if item.text.starts_with(b"{") {
            return object::read(item, wish, &mut self.notes).map(|found| vec![found]);
        }
        if item.text.get(1..).and_then(begins) == Some(b'{') {
            let entries: Vec<&serde_json::value::RawValue> =
                json(&self.origin.0, &item.text, item.place)?;
            let found = entries.into_iter().enumerate().map(|(n, entry)| {
                let item = item.part(entry.get(), Some(n));
                (object::read(&item, wish, &mut self.notes))
                    .map_err(|error| item.named(error, false))
            });
            return found.collect();
        }
        let numbers = numbers(&self.origin, &item.text, item.place)?;
        if let Some(option) = wanted.options.of_keys() {
            let invalid = Invalid::new(option, "expected objects, which have keys", "a list");
            return Err(self.origin.malformed(Some(item.place), invalid));
        }
        let samples = split(numbers, wanted)
            .map_err(|invalid| self.origin.malformed(Some(item.place), invalid))?;
        let mut written = wanted.options.exactly.then(|| tokens(&item.text));
        let found = samples.into_iter().map(|values| Found {
            line: item.place.line,
            written: (written.as_mut()).map(|tokens| tokens.by_ref().take(values.len()).collect()),
            values,
            ..Found::default()
        });
        Ok(found.collect())
    }
}

/// What --columns says of JSON.
const KEYS: &str = "in JSON --columns names the keys of objects; numbers and ranges are for tables";

/// The keys of the inputs in their order, and what is to be said of them.
fn keys(wanted: &Wanted) -> Result<(Vec<String>, Option<String>), Invalid> {
    if let Some(option) = wanted.options.of_tables() {
        return Err(Invalid::new(option, "expected a table", "JSON"));
    }
    let said = &wanted.options.columns;
    if said.is_empty() {
        return Ok((wanted.names.clone(), None));
    }
    let mut known = HashSet::with_capacity(said.len());
    if let Some(twice) = said.iter().find(|key| !known.insert(*key)) {
        let found = format!("`{twice}` twice");
        return Err(Invalid::new("--columns", "expected every key once", found));
    }
    if said.len() != wanted.inputs {
        let expected = format!(
            "expected {}, one for each input",
            count(wanted.inputs, "key")
        );
        return Err(Invalid::new("--columns", expected, said.len()));
    }
    if wanted.names.is_empty() {
        return Ok((said.clone(), None));
    }
    let names: Vec<&str> = said.iter().map(String::as_str).collect();
    let (order, note) = matched(&names, &wanted.names, "key")?;
    Ok((
        order.into_iter().map(|place| said[place].clone()).collect(),
        note,
    ))
}

/// The numbers of a nest of lists, which may be fractions in quotes.
pub(super) fn numbers(origin: &SourceName, text: &[u8], place: Position) -> Result<Numbers, Error> {
    let Some(decimals) = with_decimals(text) else {
        return json(&origin.0, text, place);
    };
    json(&origin.0, &decimals, place).map_err(|error| match error {
        // Decimals are not as long as the fractions were.
        Error::Malformed(malformed) => origin.malformed(Some(place), malformed.invalid),
        error => error,
    })
}

/// A text with the nearest decimals for fractions in quotes; none where it has no such fraction.
fn with_decimals(text: &[u8]) -> Option<Vec<u8>> {
    if !text.contains(&b'"') {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let mut found = false;
    let pieces = text.split('"').enumerate().map(|(n, piece)| match n % 2 {
        0 => piece.to_owned(),
        _ => match in_quotes(piece) {
            Some(value) => {
                found = true;
                // Digits beside the quotes stay apart: no list has two numbers without a comma.
                format!(" {value:e} ")
            }
            None => format!("\"{piece}\""),
        },
    });
    let decimals: String = pieces.collect();
    found.then(|| decimals.into_bytes())
}

/// The fraction that stands in quotes, without blanks.
pub(super) fn in_quotes(text: &str) -> Option<f64> {
    let fraction = text.contains('/') && !text.contains(char::is_whitespace);
    typed(text).ok().filter(|_| fraction)
}

/// The first byte that is no white space.
fn begins(text: &[u8]) -> Option<u8> {
    text.trim_ascii_start().first().copied()
}

/// The numbers of a nest of lists as they are written, in reading order.
pub(super) fn tokens(text: &[u8]) -> impl Iterator<Item = String> {
    let apart = |byte: &u8| matches!(byte, b'[' | b']' | b',') || byte.is_ascii_whitespace();
    let tokens = text.split(apart).filter(|token| !token.is_empty());
    tokens.map(|token| String::from_utf8_lossy(token).trim_matches('"').to_owned())
}

/// A value → its samples, in the order of the inputs.
pub(super) fn split(value: Numbers, wanted: &Wanted) -> Result<Vec<Vec<f64>>, Invalid> {
    let Numbers { values, shape } = value;
    let inputs = wanted.inputs;
    if values.len() == inputs {
        wanted.nesting.check(&shape)?;
        return Ok(vec![values]);
    }
    if values.is_empty() && shape == [0] {
        return Ok(Vec::new());
    }
    let each: usize = shape[1..].iter().product();
    if shape.len() > 1 && each != inputs || shape.len() == 1 && inputs != 1 {
        let found = if shape.len() > 1 { each } else { values.len() };
        let invalid = Invalid::new(
            "",
            format!(
                "expected samples of {}, one for each input",
                count(inputs, "number")
            ),
            found,
        );
        return Err(
            invalid.help("a sample is a list of numbers, a file of samples a list of such lists")
        );
    }
    wanted.nesting.check(&shape[1..])?;
    Ok(values.chunks(inputs).map(<[f64]>::to_vec).collect())
}
