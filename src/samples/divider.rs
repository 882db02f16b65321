//! What divides the columns of a table, by its first line.

use std::collections::VecDeque;
use std::io::{self, Read};

use csv::StringRecord;

use super::decimal::fraction;
use super::options::Wanted;

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Divider {
    /// One of these characters.
    Byte(u8),
    /// Any number of blanks and tabs.
    Blanks,
}

/// What can divide columns; of two that do it equally well the first.
const KNOWN: [Divider; 4] = [
    Divider::Byte(b'\t'),
    Divider::Byte(b';'),
    Divider::Byte(b','),
    Divider::Blanks,
];

impl Divider {
    /// The one under which the line has the names of the inputs, else the most numbers, else the most fields.
    pub(super) fn of(line: &str, wanted: &Wanted) -> Self {
        let mut best = (Self::Byte(b','), (false, 0, 0));
        for divider in KNOWN {
            let fields = divider.fields(line);
            let single = fields.len() < 2;
            // A comma beside a blank divides, unless it is one of a decimal.
            let torn = |field: &str| field.contains([',', ';', '\t']) && !is_number(field);
            if divider == Self::Blanks && (single || fields.iter().any(torn)) {
                continue;
            }
            let numbers = fields.iter().filter(|field| is_number(field)).count();
            let key = (
                wanted.all_stand_in(fields.iter()),
                numbers,
                if single { 0 } else { fields.len() },
            );
            if key > best.1 {
                best = (divider, key);
            }
        }
        best.0
    }

    /// The byte between two fields that a reader of tables is told.
    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Byte(byte) => byte,
            Self::Blanks => b'\t',
        }
    }

    fn fields(self, line: &str) -> StringRecord {
        let Self::Byte(byte) = self else {
            return line.split_ascii_whitespace().collect();
        };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .trim(csv::Trim::All)
            .delimiter(byte)
            .from_reader(line.as_bytes());
        let record = reader.records().next().and_then(Result::ok);
        record.unwrap_or_default()
    }
}

/// Whether a field is written as a number, its decimals behind a point or a comma, or as a fraction.
pub(crate) fn is_number(field: &str) -> bool {
    let fraction = || field.contains('/') && fraction(field).is_ok();
    field.parse::<f64>().is_ok() || with_point(field).is_some() || fraction()
}

/// A number with a decimal comma, with a point in its place.
pub(super) fn with_point(field: &str) -> Option<String> {
    let decimal = field.matches(',').count() == 1 && !field.contains('.');
    let pointed = decimal.then(|| field.replacen(',', ".", 1))?;
    pointed.parse::<f64>().ok().map(|_| pointed)
}

/// Passes a table on; where blanks divide it, one tab takes the place of any number of them.
pub(super) struct Divided<R> {
    reader: R,
    divider: Divider,
    /// Whether blanks were seen that may divide two fields.
    blanks: bool,
    /// Whether the line has begun.
    begun: bool,
    lines: LineStarts,
}

/// Where lines begin that are not empty, of those that were passed on and not asked for yet.
struct LineStarts {
    passed: u64,
    line: usize,
    fresh: bool,
    begun: VecDeque<(u64, usize)>,
}

impl LineStarts {
    fn pass(&mut self, bytes: &[u8]) {
        for (at, byte) in (self.passed..).zip(bytes) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.fresh = true;
                }
                b'\r' => {}
                _ => {
                    if std::mem::take(&mut self.fresh) {
                        self.begun.push_back((at, self.line));
                    }
                }
            }
        }
        self.passed += bytes.len() as u64;
    }
}

impl<R> Divided<R> {
    pub(super) fn new(reader: R, divider: Divider) -> Self {
        Self {
            reader,
            divider,
            blanks: false,
            begun: false,
            lines: LineStarts {
                passed: 0,
                line: 1,
                fresh: true,
                begun: VecDeque::new(),
            },
        }
    }

    /// The line, from 1, of the first field behind so many bytes that were passed on: empty lines have none.
    pub(super) fn line(&mut self, byte: u64) -> Option<usize> {
        let begun = &mut self.lines.begun;
        while begun.front().is_some_and(|&(start, _)| start < byte) {
            begun.pop_front();
        }
        begun.front().map(|&(_, line)| line)
    }

    /// What is passed on.
    pub(super) fn inner(&mut self) -> &mut R {
        &mut self.reader
    }
}

impl<R: Read> Read for Divided<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.divider != Divider::Blanks {
            let read = self.reader.read(to)?;
            self.lines.pass(&to[..read]);
            return Ok(read);
        }
        // A byte may give two, the tab before it and itself.
        let half = (to.len() / 2).max(1);
        let mut bytes = vec![0; half];
        loop {
            let read = self.reader.read(&mut bytes)?;
            let mut written = 0;
            for &byte in &bytes[..read] {
                if matches!(byte, b' ' | b'\t') {
                    self.blanks = self.begun;
                    continue;
                }
                let ends = matches!(byte, b'\n' | b'\r');
                if std::mem::take(&mut self.blanks) && !ends {
                    to[written] = b'\t';
                    written += 1;
                }
                self.begun = !ends;
                to[written] = byte;
                written += 1;
            }
            if written > 0 || read == 0 {
                self.lines.pass(&to[..written]);
                return Ok(written);
            }
        }
    }
}
