//! Samples as JSON: one value a line, or values over any number of lines, lists of samples among them.
//!
//! A list with as many numbers as the network has inputs is one sample, however it is nested; a list with more must
//! be a list of samples. These are read one by one, so that their number does not matter.

use super::object;
use super::reading::Wanted;
use super::source::{Origin, Pieces};
use super::values::{Item, Values};
use super::{Found, Wish};
use crate::error::{Error, Invalid};
use crate::network::{Numbers, json};
use crate::words::count;

/// The samples of a source of JSON.
pub(super) struct Samples {
    origin: Origin,
    values: Values,
    /// Further samples of a value that has several.
    waiting: std::vec::IntoIter<Found>,
    notes: Notes,
}

/// What is told of the first object that has more than is taken: the others will be alike.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) told: bool,
    waiting: Vec<String>,
}

impl Notes {
    pub(super) fn tell(&mut self, note: String) {
        self.told = true;
        self.waiting.push(note);
    }
}

impl Samples {
    /// Reads a value a line, or values over any number of lines.
    pub(super) fn new(origin: Origin, pieces: Pieces, lines: bool) -> Self {
        Self {
            origin,
            values: Values::new(pieces, lines),
            waiting: Vec::new().into_iter(),
            notes: Notes::default(),
        }
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
        let numbers: Numbers = json(&self.origin.0, &item.text, item.place)?;
        let samples = split(numbers, wanted.inputs)
            .map_err(|invalid| self.origin.malformed(Some(item.place), invalid))?;
        let mut written = wanted.reading.exactly.then(|| tokens(&item.text));
        let found = samples.into_iter().map(|values| Found {
            line: item.place.0,
            written: (written.as_mut()).map(|tokens| tokens.by_ref().take(values.len()).collect()),
            values,
            ..Found::default()
        });
        Ok(found.collect())
    }
}

/// The first byte that is no white space.
fn begins(text: &[u8]) -> Option<u8> {
    text.trim_ascii_start().first().copied()
}

/// The numbers of a nest of lists as they are written, in reading order.
pub(super) fn tokens(text: &[u8]) -> impl Iterator<Item = String> {
    let apart = |byte: &u8| matches!(byte, b'[' | b']' | b',') || byte.is_ascii_whitespace();
    let tokens = text.split(apart).filter(|token| !token.is_empty());
    tokens.map(|token| String::from_utf8_lossy(token).into_owned())
}

/// A value → its samples of `inputs` numbers.
pub(super) fn split(value: Numbers, inputs: usize) -> Result<Vec<Vec<f64>>, Invalid> {
    let Numbers { values, shape } = value;
    if values.len() == inputs {
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
    Ok(values.chunks(inputs).map(<[f64]>::to_vec).collect())
}
