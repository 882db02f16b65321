//! The lines of a CSV file, one after the other, whatever divides their fields.

use std::io::{BufRead, BufReader, Read};

use csv::StringRecord;

use super::columns::Columns;
use super::file::{PackedFile, complaint};
use super::{ImageOptions, malformed};
use crate::error::{Error, Invalid};
use crate::network::{FETCH, IS_POINTER, POINTER};
use crate::samples::quotes::Quotes;

/// A CSV file that is being read.
pub(super) struct Lines<'a> {
    /// The file, as it was given.
    pub file: String,
    /// What divides the fields.
    pub delimiter: u8,
    reader: csv::Reader<Quotes<BufReader<Box<dyn Read + 'a>>>>,
    /// The fields of the line at hand.
    pub record: StringRecord,
}

impl<'a> Lines<'a> {
    /// Before the first line.
    pub(super) fn of(source: PackedFile<'a>) -> Result<Self, Error> {
        let (file, bytes) = source.parts();
        let mut text = BufReader::with_capacity(1 << 16, bytes);
        let beginning = text.fill_buf().map_err(|reason| complaint(&file, reason))?;
        if let Some(other) = no_table(beginning) {
            return Err(malformed(&file, other));
        }
        let delimiter = delimiter(beginning);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(Quotes::new(text, delimiter));
        Ok(Self {
            file,
            delimiter,
            reader,
            record: StringRecord::new(),
        })
    }

    /// Goes to the next line; false where there is none.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        let read = self.reader.read_record(&mut self.record);
        if let Some((line, invalid)) = self.reader.get_ref().unclosed() {
            let invalid = invalid.below(&format!("line {line}"));
            return Err(malformed(&self.file, invalid));
        }
        read.map_err(|error| {
            let line = error.position().map_or(1, csv::Position::line);
            let found = match error.into_kind() {
                csv::ErrorKind::Io(reason) => return complaint(&self.file, reason),
                csv::ErrorKind::Utf8 { .. } => "other bytes".to_owned(),
                kind => format!("{kind:?}"),
            };
            let invalid = Invalid::new(format!("line {line}"), "expected CSV in UTF-8", found);
            malformed(&self.file, invalid)
        })
    }

    /// The columns, as the first line has them; the line at hand is the first row then.
    pub(super) fn columns(
        &mut self,
        options: &ImageOptions,
        class: bool,
    ) -> Result<Columns, Error> {
        let none = |file: &str| malformed(file, Invalid::new("", "expected images", "none"));
        if !self.advance()? {
            return Err(none(&self.file));
        }
        let columns = Columns::of(&self.record, options, class)
            .map_err(|invalid| malformed(&self.file, invalid.below(&self.place())))?;
        if columns.header.is_some() && !self.advance()? {
            return Err(none(&self.file));
        }
        Ok(columns)
    }

    /// The number of the line at hand, from 1.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(1, csv::Position::line)
    }

    /// The line at hand, in words.
    pub(super) fn place(&self) -> String {
        format!("line {}", self.line())
    }
}

/// What a file is that is no table at all.
fn no_table(beginning: &[u8]) -> Option<Invalid> {
    if super::idx::is_idx(beginning) {
        let invalid = Invalid::new("", "expected CSV", "an IDX file");
        return Some(invalid.help("--data takes the folder that its images and labels are in"));
    }
    if beginning.starts_with(POINTER) {
        return Some(Invalid::new("", "expected CSV", IS_POINTER).help(FETCH));
    }
    let utf16 = beginning.starts_with(&[0xff, 0xfe]) || beginning.starts_with(&[0xfe, 0xff]);
    utf16.then(|| Invalid::new("", "expected CSV in UTF-8", "UTF-16"))
}

/// What divides the fields of the first line: `;` or a tab where there is one, else `,`.
fn delimiter(beginning: &[u8]) -> u8 {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let end = beginning.iter().position(is_end);
    let first = &beginning[..end.unwrap_or(beginning.len())];
    let divides = |byte: &u8| first.contains(byte);
    [b';', b'\t'].into_iter().find(divides).unwrap_or(b',')
}
