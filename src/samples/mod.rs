//! Samples for a network: a file of them, or what comes down a pipe, one after the other.
//!
//! `.json` holds a list of samples, `.jsonl` one sample a line, each flat (`[1, 0.5, -0.25]`) or nested like the
//! input's shape; `.csv` one sample a row, with or without a line of names. Anything else is told apart by its
//! first line. JSON lines and CSV are read as they are asked for, so that their number does not matter.

mod csv;
mod json;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use serde::de::IgnoredAny;

use crate::error::{Error, Invalid, Malformed};
use crate::network::Network;
use crate::words::count;

/// An iterator over the samples of a source, each as its values in the order of the network's inputs.
pub struct Samples {
    format: Format,
    live: bool,
}

enum Format {
    /// Samples that are all in memory.
    Whole(std::vec::IntoIter<Vec<f64>>),
    Lines(json::Lines),
    Csv(Box<csv::Rows>),
}

type Reader = BufReader<Box<dyn Read + Send>>;

/// How messages call the place that samples come from.
struct Origin(String);

impl Samples {
    /// Opens a file of samples for `network`, or the standard input where `file` is `-`.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when it cannot be read and [`Error::Malformed`] when its beginning, or the whole
    /// of a `.json` file, is not what the network takes.
    pub fn open(file: &str, network: &Network) -> Result<Self, Error> {
        let unreadable = |reason| Error::Unreadable {
            file: file.to_owned(),
            reason,
        };
        let (file, reader, live): (_, Box<dyn Read + Send>, _) = if file == "-" {
            ("standard input", Box::new(io::stdin()), true)
        } else {
            let opened = File::open(file).map_err(unreadable)?;
            let live = !opened.metadata().map_err(unreadable)?.is_file();
            (file, Box::new(opened), live)
        };
        let (origin, reader) = (Origin(file.to_owned()), buffered(reader));
        let extension = file.rsplit('.').next().map(str::to_ascii_lowercase);
        let format = match extension.as_deref() {
            Some("json") => Format::Whole(json::whole(&origin, reader, Vec::new(), network)?),
            Some("jsonl" | "ndjson") => Format::Lines(json::Lines::new(origin, reader, network)),
            Some("csv") => Format::Csv(Box::new(csv::Rows::new(origin, reader, network)?)),
            _ => by_first_line(origin, reader, network)?,
        };
        Ok(Self { format, live })
    }

    /// Whether the samples may still be on their way: they come down a pipe and not from a file.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Reads one sample as it is typed: `1,0.5,-0.25`, with or without brackets.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a value is not a finite number, or there are not as many as the network has inputs.
    pub fn parse(text: &str, network: &Network) -> Result<Vec<f64>, Invalid> {
        let text = text.trim().trim_start_matches('[').trim_end_matches(']');
        let sample = text
            .split(',')
            .map(number)
            .collect::<Result<Vec<f64>, Invalid>>()?;
        of_length(&sample, network.input_units()).map(|()| sample)
    }
}

impl Iterator for Samples {
    type Item = Result<Vec<f64>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.format {
            Format::Whole(samples) => samples.next().map(Ok),
            Format::Lines(lines) => lines.next(),
            Format::Csv(rows) => rows.next(),
        }
    }
}

impl Origin {
    fn unreadable(&self, reason: io::Error) -> Error {
        Error::Unreadable {
            file: self.0.clone(),
            reason,
        }
    }

    fn malformed(&self, line: usize, invalid: Invalid) -> Error {
        Malformed {
            file: self.0.clone(),
            position: Some((line, 1)),
            invalid,
            excerpt: None,
        }
        .into()
    }
}

fn buffered(reader: Box<dyn Read + Send>) -> Reader {
    BufReader::with_capacity(1 << 16, reader)
}

/// Tells JSON, JSON lines and CSV apart by the first line that is not empty.
fn by_first_line(origin: Origin, mut reader: Reader, network: &Network) -> Result<Format, Error> {
    let mut first = Vec::new();
    while first.trim_ascii().is_empty() {
        if reader
            .read_until(b'\n', &mut first)
            .map_err(|reason| origin.unreadable(reason))?
            == 0
        {
            break;
        }
    }
    let json = matches!(first.trim_ascii().first(), Some(b'[' | b'{'));
    if json && serde_json::from_slice::<IgnoredAny>(&first).is_err_and(|error| error.is_eof()) {
        return Ok(Format::Whole(json::whole(&origin, reader, first, network)?));
    }
    let again = buffered(Box::new(io::Cursor::new(first).chain(reader)));
    if json {
        Ok(Format::Lines(json::Lines::new(origin, again, network)))
    } else {
        Ok(Format::Csv(Box::new(csv::Rows::new(
            origin, again, network,
        )?)))
    }
}

/// One finite number.
fn number(text: &str) -> Result<f64, Invalid> {
    let text = text.trim();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(Invalid::new(
            "",
            "expected a finite number within ±1.797e308",
            text,
        )),
        Err(_) => Err(Invalid::new(
            "",
            "expected a number",
            if text.is_empty() {
                "nothing".to_owned()
            } else {
                format!("`{text}`")
            },
        )),
    }
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
