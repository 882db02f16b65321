//! What can go wrong, and where: every error names the file or layer, the place, what was expected and found.

use std::fmt;
use std::io;

use crate::printable::{printable, printable_lines};
use crate::words::{count, shown};

/// Why something could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not there or cannot be read.
    #[error("{}: cannot be read: {reason}", printable(file))]
    Unreadable {
        /// The file, as it was given.
        file: String,
        /// What the system said.
        reason: io::Error,
    },
    /// A file does not hold what it should.
    #[error(transparent)]
    Malformed(Box<Malformed>),
    /// A file has several faults.
    #[error(transparent)]
    Faulty(Box<Faults>),
    /// A network made from code contradicts itself.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A value leaves the range of f64 (±1.8e308) on its way.
    #[error(
        "layer {layer}: the {what} of unit {unit} overflows f64 (beyond 1.8e308) for sample {sample}"
    )]
    Overflow {
        /// `activation` or `relevance`.
        what: &'static str,
        /// The level, 0 being the input.
        layer: usize,
        /// The unit on it.
        unit: usize,
        /// The sample within the batch.
        sample: usize,
    },
    /// A rule was asked for where it is not defined.
    #[error("{0}")]
    Rule(String),
    /// An activation lies outside the domain that the zᴮ rule was given.
    #[error(
        "sample {sample}: {} is {}, outside its bounds [{}, {}], and the {rule} rule is defined only inside them\n  \
         help: widen its bounds (`bounds` in the network file, or --bounds), correct the sample, or use another rule",
        printable(name), shown(*value), shown(*low), shown(*high)
    )]
    OutOfBounds {
        /// The sample within the batch.
        sample: usize,
        /// The rule.
        rule: String,
        /// The unit, in words.
        name: String,
        /// Its activation.
        value: f64,
        /// The lower bound l.
        low: f64,
        /// The upper bound h.
        high: f64,
    },
    /// Networks cannot be compared as asked.
    #[error("{0}")]
    Comparison(String),
    /// What went wrong with one of several networks.
    #[error("{}: {error}", printable(network))]
    Of {
        /// Which network, in words.
        network: String,
        /// What went wrong with it.
        error: Box<Error>,
    },
    /// A network cannot be trained as asked.
    #[error("{0}")]
    Training(String),
    /// There is no such output.
    #[error("{0}")]
    Target(String),
}

impl Error {
    /// The same error with samples counted on from `first`, for a batch that starts there.
    #[must_use]
    pub fn counted_from(self, first: usize) -> Self {
        self.of_sample(|n| n + first)
    }

    /// The same error with the number that the n-th sample of the batch has.
    #[must_use]
    pub fn of_sample(mut self, number: impl Fn(usize) -> usize) -> Self {
        if let Self::Overflow { sample, .. } | Self::OutOfBounds { sample, .. } = &mut self {
            *sample = number(*sample);
        }
        self
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(Box::new(malformed))
    }
}

/// What is wrong with a network: the place as a JSON path, what was expected there and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// For instance `layers[2].weights[7]`; empty for the whole.
    pub path: String,
    /// For instance "expected 5 numbers, found 4".
    pub message: String,
    /// What to do about it, where that is known.
    pub help: Option<String>,
}

impl Invalid {
    /// A complaint about the value at `path`.
    pub(crate) fn new(
        path: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        Self {
            path: path.into(),
            message: format!("{expected}, found {found}"),
            help: None,
        }
    }

    /// The same with advice.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, one level further down in the file.
    #[must_use]
    pub(crate) fn below(mut self, parent: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => parent.to_owned(),
            path if path.starts_with('[') => format!("{parent}{path}"),
            path => format!("{parent}.{path}"),
        };
        self
    }
}

impl std::error::Error for Invalid {}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// A place in a text, counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// Where a text begins.
    pub const START: Self = Self::of_line(1);

    /// Where a line begins.
    pub const fn of_line(line: usize) -> Self {
        Self { line, column: 1 }
    }

    /// The place behind a text that begins here.
    pub(crate) fn behind(self, text: &[u8]) -> Self {
        // A byte that goes on with a character counts for nothing.
        let columns = |text: &[u8]| text.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        let breaks = text.iter().filter(|&&byte| byte == b'\n').count();
        match text.iter().rposition(|&byte| byte == b'\n') {
            Some(last) => Self {
                line: self.line + breaks,
                column: 1 + columns(&text[last + 1..]),
            },
            None => Self {
                line: self.line,
                column: self.column + columns(text),
            },
        }
    }
}

impl Default for Position {
    fn default() -> Self {
        Self::START
    }
}

/// What is wrong with a file, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The file, as it was given.
    pub file: String,
    /// Where in it, if that is known.
    pub position: Option<Position>,
    /// The complaint.
    pub invalid: Invalid,
    /// The text around the place, to be shown.
    pub excerpt: Option<Excerpt>,
}

/// Several faults of one file, in the order in which they stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// The first of them, at least two.
    pub shown: Vec<Malformed>,
    /// How many more there are.
    pub more: usize,
}

impl Faults {
    /// What is said before them all: the file, and how many faults it has.
    pub fn headline(&self) -> String {
        let file = self.shown.first().map_or("", |first| &first.file);
        let all = count(self.shown.len() + self.more, "fault");
        if self.more > 0 {
            format!("{file}: {all}, of which the first {}:", self.shown.len())
        } else {
            format!("{file}: {all}:")
        }
    }
}

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        self.shown
            .iter()
            .try_for_each(|fault| write!(f, "\n{fault}"))
    }
}

/// One line of a file, with the faulty part marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub text: String,
    /// The faulty part, as a range of bytes in `text`.
    pub marked: std::ops::Range<usize>,
}

impl Malformed {
    /// The complaint about a file of which no place is known.
    pub(crate) fn without_place(file: impl Into<String>, invalid: Invalid) -> Error {
        let malformed = Self {
            file: file.into(),
            position: None,
            invalid,
            excerpt: None,
        };
        malformed.into()
    }

    /// The same, fit to be shown: nothing of the file's text steers the terminal or turns a line around.
    #[must_use]
    pub fn printable(&self) -> Self {
        let Invalid {
            path,
            message,
            help,
        } = &self.invalid;
        Self {
            file: printable(&self.file),
            position: self.position,
            invalid: Invalid {
                path: printable(path),
                message: printable_lines(message),
                help: help.as_deref().map(printable_lines),
            },
            excerpt: self.excerpt.as_ref().map(Excerpt::printable),
        }
    }
}

impl Excerpt {
    fn printable(&self) -> Self {
        let clean = |text: &str| printable(&text.replace('\t', " "));
        // The mark may end in a letter of several bytes: then the whole of it is marked.
        let end = self.text.ceil_char_boundary(self.marked.end);
        let start = self.text.floor_char_boundary(self.marked.start);
        let (before, marked) = (clean(&self.text[..start]), clean(&self.text[start..end]));
        Self {
            marked: before.len()..before.len() + marked.len(),
            text: before + &marked + &clean(&self.text[end..]),
        }
    }
}

impl std::error::Error for Malformed {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.file))?;
        if let Some(Position { line, column }) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.invalid)
    }
}
