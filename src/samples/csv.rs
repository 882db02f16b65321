//! Samples as CSV: one a row, with or without a line of names.

use csv::StringRecord;

use super::{Origin, Reader, number, of_length};
use crate::error::{Error, Invalid};
use crate::network::{Network, did_you_mean};

/// The rows of a CSV source, read as they are asked for.
pub(super) struct Rows {
    reader: csv::Reader<Reader>,
    origin: Origin,
    inputs: usize,
    /// The column of each input, where a line of names says so.
    columns: Option<Vec<usize>>,
    /// The first row, where it is no line of names.
    first: Option<StringRecord>,
}

impl Rows {
    pub(super) fn new(origin: Origin, reader: Reader, network: &Network) -> Result<Self, Error> {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(reader);
        let mut rows = Self {
            reader,
            origin,
            inputs: network.input_units(),
            columns: None,
            first: None,
        };
        let first = rows.record()?;
        match first {
            Some(first) if first.iter().all(|field| field.parse::<f64>().is_err()) => {
                rows.columns = columns(&first, network)
                    .map_err(|invalid| rows.origin.malformed(1, invalid))?;
            }
            first => rows.first = first,
        }
        Ok(rows)
    }

    fn record(&mut self) -> Result<Option<StringRecord>, Error> {
        let mut record = StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(true) => Ok(Some(record)),
            Ok(false) => Ok(None),
            Err(error) => {
                let line = error.position().map_or(1, |position| {
                    usize::try_from(position.line()).unwrap_or(usize::MAX)
                });
                match error.into_kind() {
                    csv::ErrorKind::Io(reason) => Err(self.origin.unreadable(reason)),
                    csv::ErrorKind::Utf8 { .. } => {
                        let invalid = Invalid::new("", "expected CSV in UTF-8", "other bytes");
                        Err(self.origin.malformed(line, invalid))
                    }
                    kind => Err(self.origin.malformed(
                        line,
                        Invalid::new("", "expected a row of CSV", format!("{kind:?}")),
                    )),
                }
            }
        }
    }

    fn sample(&self, record: &StringRecord) -> Result<Vec<f64>, Error> {
        let line = record.position().map_or(1, |position| {
            usize::try_from(position.line()).unwrap_or(usize::MAX)
        });
        let values = record.iter().enumerate().map(|(field, text)| {
            number(text).map_err(|invalid| {
                self.origin
                    .malformed(line, invalid.below(&format!("field {}", field + 1)))
            })
        });
        let values = values.collect::<Result<Vec<f64>, Error>>()?;
        of_length(&values, self.inputs).map_err(|invalid| self.origin.malformed(line, invalid))?;
        match &self.columns {
            Some(columns) => Ok(columns.iter().map(|&column| values[column]).collect()),
            None => Ok(values),
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Vec<f64>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.first.take() {
            Some(first) => first,
            None => match self.record() {
                Ok(record) => record?,
                Err(error) => return Some(Err(error)),
            },
        };
        Some(self.sample(&record))
    }
}

/// The column of each input, from a line of names; none where the network's inputs have no names.
fn columns(header: &StringRecord, network: &Network) -> Result<Option<Vec<usize>>, Invalid> {
    let names = &network.input().names;
    let inputs = network.input_units();
    if header.len() != inputs {
        return Err(Invalid::new(
            "",
            format!("expected {inputs} columns, one for each input"),
            header.len(),
        ));
    }
    if names.is_empty() {
        return Ok(None);
    }
    if let Some(stranger) = header
        .iter()
        .find(|field| !names.iter().any(|name| name == field))
    {
        let help = did_you_mean(stranger, names.iter().map(String::as_str));
        return Err(Invalid::new(
            "",
            "expected the names of the inputs",
            format!("`{stranger}`"),
        )
        .help(help));
    }
    let column = |name: &String| {
        let missing = || {
            Invalid::new(
                "",
                format!("expected a column for the input {name}"),
                "none",
            )
        };
        header
            .iter()
            .position(|field| field == name)
            .ok_or_else(missing)
    };
    names.iter().map(column).collect::<Result<_, _>>().map(Some)
}
