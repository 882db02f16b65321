//! Samples as JSON: a list of them, or one a line.
//!
//! A value with as many numbers as the network has inputs is one sample, however it is nested; a value with
//! more must be a list of samples.

use std::io::{BufRead, Read};

use super::{Origin, Reader};
use crate::error::{Error, Invalid};
use crate::network::{Network, Numbers, numbers};
use crate::words::count;

/// Reads the whole rest of a source as one JSON value; `text` is what has been read of it.
pub(super) fn whole(
    origin: &Origin,
    mut reader: Reader,
    mut text: Vec<u8>,
    network: &Network,
) -> Result<std::vec::IntoIter<Vec<f64>>, Error> {
    reader
        .read_to_end(&mut text)
        .map_err(|reason| origin.unreadable(reason))?;
    let samples = numbers(&origin.0, &text, 1)?;
    let samples =
        split(samples, network.input_units()).map_err(|invalid| origin.malformed(1, invalid))?;
    Ok(samples.into_iter())
}

/// One JSON value a line, read as it is asked for.
pub(super) struct Lines {
    origin: Origin,
    reader: Reader,
    inputs: usize,
    line: usize,
    text: Vec<u8>,
    /// Further samples of a line that holds several.
    waiting: std::vec::IntoIter<Vec<f64>>,
}

impl Lines {
    pub(super) fn new(origin: Origin, reader: Reader, network: &Network) -> Self {
        Self {
            origin,
            reader,
            inputs: network.input_units(),
            line: 0,
            text: Vec::new(),
            waiting: Vec::new().into_iter(),
        }
    }

    /// The samples of the next line that is not empty; none at the end.
    fn next_line(&mut self) -> Result<Option<Vec<Vec<f64>>>, Error> {
        loop {
            self.text.clear();
            let read = self.reader.read_until(b'\n', &mut self.text);
            if read.map_err(|reason| self.origin.unreadable(reason))? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if !self.text.trim_ascii().is_empty() {
                let value = numbers(&self.origin.0, &self.text, self.line)?;
                let samples = split(value, self.inputs);
                return samples
                    .map(Some)
                    .map_err(|invalid| self.origin.malformed(self.line, invalid));
            }
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Vec<f64>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(sample) = self.waiting.next() {
                return Some(Ok(sample));
            }
            match self.next_line() {
                Ok(Some(samples)) => self.waiting = samples.into_iter(),
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// A value → its samples of `inputs` numbers.
fn split(value: Numbers, inputs: usize) -> Result<Vec<Vec<f64>>, Invalid> {
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
