//! The formats of an explanation.

use clap::ValueEnum;

use crate::cli::Failure;
use crate::cli::rows::RowFormat;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables, bars, checks and an interpretation
    Text,
    /// One document with every number
    Json,
    /// One line of JSON for each sample, as soon as it is done
    Jsonl,
    /// A page for a web browser, as report makes it from the JSON (with --expansion if there is one sample)
    Html,
    /// One row for each unit of each layer
    Csv,
    /// One row for each sample, with the relevance of every input as a column
    CsvWide,
    /// Arrays for NumPy, a row for each sample: ids, sample, target, value, relevance and more
    Npz,
}

impl Format {
    /// Whether it says what made it, and has drawings of how relevance flows.
    pub fn is_document(self) -> bool {
        matches!(self, Self::Json | Self::Html)
    }

    /// Whether it tells more of one sample than of many.
    pub fn tells_more_of_one(self) -> bool {
        matches!(self, Self::Text | Self::Html)
    }

    /// The one with rows that does not wait for the last sample, where it is one.
    pub fn rows(self) -> Option<RowFormat> {
        match self {
            Self::Jsonl => Some(RowFormat::Lines),
            Self::Csv => Some(RowFormat::Csv),
            Self::CsvWide => Some(RowFormat::CsvWide),
            Self::Text | Self::Json | Self::Html | Self::Npz => None,
        }
    }

    /// Whether it has figures and no sentences, in which inputs outside of their bounds would be named.
    pub fn is_wordless(self) -> bool {
        self.rows().is_some() || self == Self::Npz
    }

    /// Whether it shows nothing of a sample but figures and arrays.
    pub fn is_bare(self) -> bool {
        matches!(self, Self::Csv | Self::CsvWide | Self::Npz)
    }

    /// Refuses what has no fractions.
    pub fn check_exact(self) -> Result<(), Failure> {
        match self {
            Self::Text | Self::Json | Self::Jsonl | Self::Html => Ok(()),
            Self::Csv | Self::CsvWide | Self::Npz => Err(Failure::Usage(
                "--exact prints text, json, jsonl or html, not csv, csv-wide or npz".to_owned(),
            )),
        }
    }
}
