//! Samples as a table: one a row, with or without a line of names.

use csv::StringRecord;

use super::decimal::typed;
use super::divider::{Divided, Divider, with_point};
use super::layout::Layout;
use super::options::Wanted;
use super::quotes::Quotes;
use super::record::Tag;
use super::source::{SourceName, TextPieces};
use super::{Found, first_line};
use crate::error::{Error, Invalid, Position};
use crate::words::{count, grouped};

/// More columns than this, beside those of the inputs, are taken for a mistake.
const MOST_COLUMNS: usize = 1 << 20;

/// The rows of a table, read as they are asked for.
pub(super) struct CsvRows {
    reader: csv::Reader<Quotes<Divided<TextPieces>>>,
    origin: SourceName,
    layout: Layout,
    exactly: bool,
    /// The first row, where it is no line of names.
    first: Option<StringRecord>,
    /// What stands before the decimals, once it is known.
    decimals: Option<char>,
    /// Whether it is known from an option.
    told: bool,
    divider: Divider,
    /// The line of the last row.
    line: usize,
    notes: Vec<String>,
}

impl CsvRows {
    pub(super) fn new(
        origin: SourceName,
        pieces: TextPieces,
        wanted: &Wanted,
    ) -> Result<Self, Error> {
        let (start, pieces) = first_line(pieces).map_err(|reason| origin.unreadable(reason))?;
        // A line that is too long is refused as such further on.
        let line = &start[..start.len() % pieces.limit()];
        let divider = Divider::of(String::from_utf8_lossy(line).trim(), wanted);
        let table = Quotes::new(Divided::new(pieces, divider), divider.byte());
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .delimiter(divider.byte())
            .from_reader(table);
        let mut rows = Self {
            reader,
            origin,
            layout: Layout {
                header: false,
                names: Vec::new(),
                width: 0,
                inputs: Vec::new(),
                id: None,
                label: None,
                notes: Vec::new(),
            },
            exactly: wanted.options.exactly,
            first: None,
            decimals: wanted.options.decimals,
            told: wanted.options.decimals.is_some(),
            divider,
            line: 1,
            notes: Vec::new(),
        };
        let Some(first) = rows.record()? else {
            return Ok(rows);
        };
        let most = MOST_COLUMNS.saturating_add(wanted.inputs.saturating_mul(2));
        if first.len() > most {
            let expected = format!("expected at most {}", count(most, "column"));
            let invalid = Invalid::new("", expected, grouped(first.len()));
            return Err(rows
                .origin
                .malformed(Some(Position::of_line(rows.line)), invalid));
        }
        let fields: Vec<String> = first.iter().map(str::to_owned).collect();
        rows.layout = Layout::of(&fields, wanted).map_err(|invalid| {
            rows.origin
                .malformed(Some(Position::of_line(rows.line)), invalid)
        })?;
        rows.notes = std::mem::take(&mut rows.layout.notes);
        rows.first = Some(first).filter(|_| !rows.layout.header);
        Ok(rows)
    }

    /// What was found out since this was last asked.
    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The next row that is not blank.
    fn record(&mut self) -> Result<Option<StringRecord>, Error> {
        loop {
            self.reader.get_mut().inner().inner().begin();
            let start = self.reader.position().byte();
            let mut record = StringRecord::new();
            let read = self.reader.read_record(&mut record);
            let line = self.reader.get_mut().inner().line(start);
            self.line = line.unwrap_or(self.line);
            let is_row = read.map_err(|error| self.refused(error))?;
            if let Some((line, invalid)) = self.reader.get_ref().unclosed() {
                let place = Some(Position::of_line(line));
                return Err(self.origin.malformed(place, invalid));
            }
            match is_row {
                true if record.len() == 1 && record[0].is_empty() => {}
                true => return Ok(Some(record)),
                false => return Ok(None),
            }
        }
    }

    fn refused(&self, error: csv::Error) -> Error {
        let invalid = match error.into_kind() {
            csv::ErrorKind::Io(reason) => return self.origin.unreadable(reason),
            csv::ErrorKind::Utf8 { .. } => {
                let invalid = Invalid::new("", "expected CSV in UTF-8", "other bytes");
                invalid.help("save it as UTF-8: iconv -f latin1 -t utf-8 does, from Latin-1")
            }
            kind => Invalid::new("", "expected a row of CSV", format!("{kind:?}")),
        };
        self.origin
            .malformed(Some(Position::of_line(self.line)), invalid)
    }

    fn sample(&mut self, record: &StringRecord) -> Result<Found, Error> {
        let line = self.line;
        let found = self.values(record).map(|(values, written)| Found {
            line,
            own: None,
            id: self
                .layout
                .id
                .and_then(|column| Tag::of_cell(&record[column])),
            label: self
                .layout
                .label
                .and_then(|column| Tag::of_cell(&record[column])),
            values,
            written,
        });
        found.map_err(|invalid| {
            self.origin
                .malformed(Some(Position::of_line(line)), invalid)
        })
    }

    /// The values of a row, and what they were written as, where that is asked for.
    fn values(
        &mut self,
        record: &StringRecord,
    ) -> Result<(Vec<f64>, Option<Vec<String>>), Invalid> {
        let width = self.layout.width;
        if record.len() != width {
            let expected = format!("expected {}, as in the first line", count(width, "column"));
            let invalid = Invalid::new("", expected, record.len());
            return Err(
                if self.divider == Divider::Byte(b',') && record.len() == 2 * width {
                    invalid.help("if decimals have commas, separate columns by semicolons")
                } else {
                    invalid
                },
            );
        }
        let mut values = Vec::with_capacity(self.layout.inputs.len());
        let mut written = self.exactly.then(Vec::new);
        for n in 0..self.layout.inputs.len() {
            let column = self.layout.inputs[n];
            let cell = &record[column];
            let pointed = with_point(cell);
            let text = pointed.as_deref().unwrap_or(cell);
            let value = typed(text)
                .and_then(|value| self.decimals_as_before(cell, record).map(|()| value))
                .map_err(|invalid| self.wrong(column, cell, invalid))?;
            values.push(value);
            if let Some(written) = &mut written {
                written.push(text.to_owned());
            }
        }
        Ok((values, written))
    }

    /// What is wrong with a cell, by its column.
    fn wrong(&self, column: usize, cell: &str, invalid: Invalid) -> Invalid {
        let invalid = invalid.below(&self.layout.column(column));
        if cell.is_empty() || cell.parse().is_ok_and(f64::is_nan) {
            return invalid
                .help("every sample needs a value here: fill it in, or leave the row out");
        }
        invalid
    }

    /// The column of an input in words, and how `--label` would name it, were it the class.
    pub(super) fn column(&self, input: usize) -> (String, Option<String>) {
        let column = self.layout.inputs[input];
        (self.layout.column(column), self.layout.as_label(column))
    }

    /// Whether a number has its decimals behind the same mark as all before it; of the first row with commas, whether these can
    /// be nothing else.
    fn decimals_as_before(&mut self, cell: &str, row: &StringRecord) -> Result<(), Invalid> {
        let Some(mark) = cell.chars().find(|mark| matches!(mark, '.' | ',')) else {
            return Ok(());
        };
        if let Some(before) = self.decimals.filter(|before| *before != mark) {
            let why = if self.told {
                "--decimals says"
            } else {
                "in the numbers before"
            };
            let expected = format!("expected decimals behind a `{before}`, as {why}");
            return Err(Invalid::new("", expected, format!("`{cell}`")));
        }
        if mark == ',' && self.decimals.is_none() {
            // Who writes decimals with a comma divides columns by semicolons.
            let divided = self.divider == Divider::Byte(b';');
            let mut inputs = self.layout.inputs.iter().map(|&column| &row[column]);
            if !divided && !inputs.any(is_decimal_comma) {
                return Err(thousands(cell));
            }
            self.notes
                .push("commas are read as decimal commas".to_owned());
        }
        self.decimals = Some(mark);
        Ok(())
    }
}

/// That a number with a comma can be read in two ways.
fn thousands(cell: &str) -> Invalid {
    let [decimals, thousands] = [".", ""].map(|mark| cell.replacen(',', mark, 1));
    let found = format!("`{cell}`, which may be {decimals} or {thousands}");
    Invalid::new("", "expected a number that can be read in one way", found).help(format!(
        "--decimals comma reads it as {decimals}; for {thousands} take the commas between thousands away"
    ))
}

/// Whether the comma of a number stands before its decimals beyond doubt: `1,234` may have a thousand.
fn is_decimal_comma(cell: &str) -> bool {
    let (Some(_), Some((whole, part))) = (with_point(cell), cell.split_once(',')) else {
        return false;
    };
    let whole = whole.trim_start_matches(['-', '+']);
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let thousands = (1..=3).contains(&whole.len()) && !whole.starts_with('0') && part.len() == 3;
    !(thousands && are_digits(whole) && are_digits(part))
}

impl Iterator for CsvRows {
    type Item = Result<Found, Error>;

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
