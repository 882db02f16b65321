//! Samples on their way from a source, with what is said of them on stderr.

use std::collections::BTreeSet;
use std::sync::Mutex;

use deeptaylor::Samples;
use deeptaylor::samples::Record;

use super::{Failure, failure};

pub type Records = dyn Iterator<Item = Result<Record, Failure>> + Send;

/// The samples of a command.
pub struct SampleSource {
    /// The samples, one after the other.
    pub records: Box<Records>,
    /// How they come.
    pub coming: Coming,
    /// Their number, where it is known.
    pub number: Option<usize>,
}

impl SampleSource {
    /// The same where it is known whether there are fewer than so many; the number is no larger than that.
    pub fn counted_to(mut self, most: usize) -> Self {
        let first: Vec<_> = self.records.by_ref().take(most).collect();
        Self {
            number: Some(first.len()),
            records: Box::new(first.into_iter().chain(self.records)),
            ..self
        }
    }
}

/// How samples come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// They are there: typed, or in the network file.
    AtHand,
    /// They lie in a file.
    FromFile,
    /// They may still be on their way down a pipe.
    Live,
}

/// Samples of a file, and on stderr what was found out about it.
pub struct Noted(Samples);

impl Noted {
    pub fn new(samples: Samples) -> Self {
        let mut noted = Self(samples);
        noted.print_notes();
        noted
    }

    fn print_notes(&mut self) {
        for note in self.0.notes() {
            print_note(self.0.name(), &note);
        }
    }
}

/// Says on stderr what was found out about a source and could have been otherwise; once, where it is read for several networks.
pub fn print_note(source: &str, note: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let note = format!("{source}: {note}");
    if SAID.lock().is_ok_and(|mut said| said.insert(note.clone())) {
        failure::note(&note);
    }
}

impl Iterator for Noted {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.0.next();
        self.print_notes();
        next.map(|record| record.map_err(Failure::from))
    }
}

/// The samples of some numbers, in the order in which they come; no further than to the last of them.
pub struct Numbered {
    pub records: Box<Records>,
    pub numbers: BTreeSet<usize>,
    pub passed: usize,
    pub first: usize,
    /// Where they come from, in words.
    pub origin: String,
}

impl Iterator for Numbered {
    type Item = Result<Record, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let missing = *self.numbers.first()?;
        for record in self.records.by_ref() {
            self.passed += 1;
            match record {
                Ok(record) if !self.numbers.remove(&record.number) => {}
                record => return Some(record),
            }
        }
        // Said once.
        self.numbers.clear();
        let number = match self.passed {
            0 => "none".to_owned(),
            passed => format!("{passed}, counted from {}", self.first),
        };
        Some(Err(Failure::Usage(format!(
            "--sample {missing}: there is no such sample; {} has {number}",
            self.origin
        ))))
    }
}
