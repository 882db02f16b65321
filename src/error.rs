//! What can go wrong, and where: every error names the file or layer, the place, what was expected and found.

use std::fmt;
use std::io;

/// Why something could not be computed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is not there or cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// The file, as it was given.
        file: String,
        /// What the system said.
        reason: io::Error,
    },
    /// A file does not hold what it should.
    #[error(transparent)]
    Malformed(Box<Malformed>),
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
        "sample {sample}: {name} is {value}, outside its bounds [{low}, {high}], and the zB rule is defined inside them only\n  \
         help: widen `bounds` in the network file, correct the sample, or take another rule (deep-taylor uses zB on the first layer only)"
    )]
    OutOfBounds {
        /// The sample within the batch.
        sample: usize,
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
    #[error("{network}: {error}")]
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

/// What is wrong with a file, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The file, as it was given.
    pub file: String,
    /// Line and column, counted from 1, where they are known.
    pub position: Option<(usize, usize)>,
    /// The complaint.
    pub invalid: Invalid,
    /// The text around the place, to be shown.
    pub excerpt: Option<Excerpt>,
}

/// One line of a file, with the faulty part marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub text: String,
    /// The faulty part, as a range of bytes in `text`.
    pub marked: std::ops::Range<usize>,
}

impl std::error::Error for Malformed {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some((line, column)) = self.position {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.invalid)
    }
}

/// A number of things, with the plural where it is one: `1 unit`, `5 units`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    if number == 1 {
        format!("1 {thing}")
    } else {
        format!("{} {thing}s", grouped(number))
    }
}

/// A whole number with its thousands apart: `3,357,936`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{count, grouped};

    #[test]
    fn one_thing_is_no_plural() {
        assert_eq!(count(1, "number"), "1 number");
        assert_eq!(count(0, "number"), "0 numbers");
        assert_eq!(count(1234, "number"), "1,234 numbers");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(3_357_936), "3,357,936");
        assert_eq!(grouped(784), "784");
    }
}
