//! One sample: its values, and what it is called.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decimal::typed;
use super::of_length;
use crate::error::Invalid;
use crate::network::Network;

/// A sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Which of all samples it is, counted from 0; what an object brings as `sample` stays.
    pub number: usize,
    /// What it is called, where it brings a name.
    pub id: Option<Tag>,
    /// Its class, where it brings one.
    pub label: Option<Tag>,
    /// Its values, in the order of the network's inputs.
    pub values: Vec<f64>,
    /// The same as they were written, decimals or fractions of decimals; where exact arithmetic asks for them.
    pub written: Option<Vec<String>>,
}

/// A number or a word that a sample brings along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Tag {
    /// `7`
    Number(serde_json::Number),
    /// `"seven"`
    Text(String),
}

impl Record {
    /// Sample `number` without a name.
    pub fn new(number: usize, values: Vec<f64>) -> Self {
        Self {
            number,
            id: None,
            label: None,
            values,
            written: None,
        }
    }

    /// A sample as it is typed: `1,0.5,-0.25` or `1/3,1/2,-1/4`, with or without brackets; semicolons or blanks may
    /// stand in place of the commas.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a value is not a finite number, or there are not as many as the network has inputs.
    pub fn typed(text: &str, network: &Network) -> Result<Self, Invalid> {
        let text = text.trim().trim_start_matches('[').trim_end_matches(']');
        let pieces = pieces(text);
        let values = pieces.iter().map(|piece| {
            typed(piece).map_err(|invalid| {
                if piece.contains([' ', ',']) {
                    invalid.help("separate values by commas; decimals have a point")
                } else {
                    invalid
                }
            })
        });
        let values = values.collect::<Result<Vec<f64>, Invalid>>()?;
        of_length(&values, network.input_units())?;
        Ok(Self {
            written: Some(pieces.into_iter().map(str::to_owned).collect()),
            ..Self::new(0, values)
        })
    }
}

/// The values of a typed sample: divided by semicolons, else by commas, else by blanks.
fn pieces(text: &str) -> Vec<&str> {
    let mark = [';', ','].into_iter().find(|&mark| text.contains(mark));
    match mark {
        Some(mark) => text.split(mark).map(str::trim).collect(),
        // Blanks may stand beside the line of a fraction.
        None if text.trim().is_empty() || typed(text).is_ok() => vec![text.trim()],
        None => text.split_whitespace().collect(),
    }
}

impl Tag {
    /// What stands in a cell of a table: a whole number as a number, so that it is the same as in JSON.
    pub(super) fn of_cell(cell: &str) -> Option<Self> {
        let number = cell.parse::<i64>().ok();
        match number.filter(|number| number.to_string() == cell) {
            _ if cell.is_empty() => None,
            Some(number) => Some(Self::Number(number.into())),
            None => Some(Self::Text(cell.to_owned())),
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}
