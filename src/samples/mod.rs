//! Samples for a network: a file of them, or what comes down a pipe, one after the other.
//!
//! JSON holds samples as lists of numbers, flat (`[1, 0.5, -0.25]`) or nested like the input's shape, or as objects by
//! the names of the inputs: one a line in `.jsonl`, a list of them in `.json`. A table (`.csv`, `.tsv`) holds one a
//! row, its columns divided by commas, semicolons, tabs or blanks, with or without a line of names. What a file is
//! that is called otherwise is told by its first line. Each may be gzipped. All are read as they are asked for, so that
//! the number of samples does not matter.

mod csv;
pub(crate) mod decimal;
mod divider;
mod json;
mod layout;
mod object;
mod reading;
mod record;
pub(crate) mod source;
mod values;

use std::io::BufRead;
use std::path::Path;

use serde::de::IgnoredAny;

pub use reading::{Reading, Scale};
pub use record::{Record, Tag};

use self::reading::Wanted;
use self::source::{Origin, Pieces, Source};
use crate::error::{Error, Invalid};
use crate::network::Network;
use crate::words::count;

/// An iterator over the samples of a source.
pub struct Samples {
    origin: Origin,
    wanted: Wanted,
    format: Format,
    live: bool,
    /// How many have been read.
    read: usize,
    notes: Vec<String>,
}

enum Format {
    Json(json::Samples),
    Table(Box<csv::Rows>),
}

/// A sample as a format finds it.
#[derive(Debug, Default)]
struct Found {
    /// The line on which it begins.
    line: usize,
    /// The number that it brings along.
    own: Option<usize>,
    id: Option<Tag>,
    label: Option<Tag>,
    values: Vec<f64>,
    written: Option<Vec<String>>,
}

/// What is asked of a sample, and how messages call its source.
#[derive(Clone, Copy)]
struct Wish<'w> {
    origin: &'w Origin,
    wanted: &'w Wanted,
}

impl Samples {
    /// Opens a file of samples for `network`, or the standard input where `file` is `-`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when it cannot be read and [`Error::Malformed`] when its beginning is not what the
    /// network takes, or can be read in two ways and `reading` does not say which.
    pub fn open(file: &Path, network: &Network, mut reading: Reading) -> Result<Self, Error> {
        let mut notes = Vec::new();
        if reading.scale == Some(Scale::Max) {
            let largest = largest(file, network, &reading)?;
            reading.scale = Some(Scale::By(format!("{largest:?}"), largest));
            notes.push(format!(
                "values are divided by {largest}, the largest of them"
            ));
        }
        let source = Source::open(file)?;
        let wanted = Wanted::new(network, reading);
        let pieces = Pieces::new(source.reader, wanted.longest());
        let format = format(file, &source.origin, pieces, &wanted)?;
        Ok(Self {
            origin: source.origin,
            wanted,
            format,
            live: source.live,
            read: 0,
            notes,
        })
    }

    /// Whether the samples may still be on their way: they come down a pipe and not from a file.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// How messages call the source.
    pub fn name(&self) -> &str {
        &self.origin.0
    }

    /// What was found out about the source since this was last asked, and could have been otherwise: sentences.
    pub fn notes(&mut self) -> Vec<String> {
        let more = match &mut self.format {
            Format::Json(samples) => samples.notes(),
            Format::Table(rows) => rows.notes(),
        };
        let mut notes = std::mem::take(&mut self.notes);
        notes.extend(more);
        notes
    }

    /// Numbers and scales what a format found.
    fn record(&mut self, found: Found) -> Result<Record, Error> {
        let mut record = Record {
            number: found
                .own
                .unwrap_or(self.wanted.reading.first.saturating_add(self.read)),
            id: found.id,
            label: found.label,
            values: found.values,
            written: found.written,
        };
        self.read += 1;
        match &self.wanted.reading.scale {
            None => {
                if let Some((i, bounds)) = self.wanted.far_outside(&record.values) {
                    let invalid = self.unscaled(i, record.values[i], bounds);
                    return Err(self.origin.malformed(Some((found.line, 1)), invalid));
                }
            }
            Some(Scale::By(text, divisor)) => {
                record.values.iter_mut().for_each(|x| *x /= divisor);
                let written = record.written.iter_mut().flatten();
                written.for_each(|number| *number += &format!("/{text}"));
            }
            Some(Scale::None | Scale::Max) => {}
        }
        Ok(record)
    }

    fn unscaled(&self, i: usize, x: f64, [l, h]: [f64; 2]) -> Invalid {
        Invalid::new(
            "",
            format!(
                "expected values within the bounds of the network, or near them: [{l}, {h}] for {}",
                self.wanted.input(i)
            ),
            x,
        )
        .help(
            "--scale 255 divides every value by 255, --scale max by the largest of the file; --scale none takes them as \
             they stand",
        )
    }
}

impl Iterator for Samples {
    type Item = Result<Record, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = match &mut self.format {
            Format::Json(samples) => samples.next(&self.wanted).transpose(),
            Format::Table(rows) => rows.next(),
        };
        Some(found?.and_then(|found| self.record(found)))
    }
}

/// The largest value of a file.
fn largest(file: &Path, network: &Network, reading: &Reading) -> Result<f64, Error> {
    let reading = Reading {
        scale: Some(Scale::None),
        ..reading.clone()
    };
    let samples = Samples::open(file, network, reading)?;
    let origin = samples.origin.clone();
    if samples.is_live() {
        let invalid = Invalid::new("--scale max", "expected a file, to be read twice", "a pipe");
        let help = "--scale 255, or another number, says what to divide by";
        return Err(origin.malformed(None, invalid.help(help)));
    }
    let mut largest = 0.0_f64;
    for record in samples {
        largest = record?.values.into_iter().fold(largest, f64::max);
    }
    if largest > 0.0 {
        return Ok(largest);
    }
    let invalid = Invalid::new("--scale max", "expected a value above 0", "none");
    Err(origin.malformed(None, invalid))
}

/// The format that the name of a file says, else its first line.
fn format(file: &Path, origin: &Origin, pieces: Pieces, wanted: &Wanted) -> Result<Format, Error> {
    let json = |pieces, lines| Format::Json(json::Samples::new(origin.clone(), pieces, lines));
    let table = |pieces| {
        let rows = csv::Rows::new(origin.clone(), pieces, wanted)?;
        Ok(Format::Table(Box::new(rows)))
    };
    let name = file.to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit('.').next() {
        Some("json") => return Ok(json(pieces, false)),
        Some("jsonl" | "ndjson") => return Ok(json(pieces, true)),
        Some("csv" | "tsv") => return table(pieces),
        _ => {}
    }
    let (first, pieces) = first_line(pieces).map_err(|reason| origin.unreadable(reason))?;
    if !matches!(first.trim_ascii().first(), Some(b'[' | b'{')) {
        return table(pieces);
    }
    let goes_on = serde_json::from_slice::<IgnoredAny>(&first).is_err_and(|error| error.is_eof());
    Ok(json(pieces, !goes_on))
}

/// The first line that is not empty, or as much of it as a sample may have, and the text from its beginning.
fn first_line(mut pieces: Pieces) -> std::io::Result<(Vec<u8>, Pieces)> {
    let mut first = Vec::new();
    while first.trim_ascii().is_empty() {
        let most = pieces.limit() - first.len();
        let mut line = std::io::Read::take(&mut pieces, most as u64);
        if line.read_until(b'\n', &mut first)? == 0 {
            break;
        }
    }
    Ok((first.clone(), pieces.before(first)))
}

fn of_length(sample: &[f64], inputs: usize) -> Result<(), Invalid> {
    if sample.len() == inputs {
        Ok(())
    } else {
        Err(Invalid::new(
            "",
            format!("expected {}, one for each input", count(inputs, "number")),
            sample.len(),
        ))
    }
}
