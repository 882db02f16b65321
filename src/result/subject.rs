//! What a training is of, and the words for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is trained on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Subject {
    /// The digits that come with the program; what results of earlier versions are taken for.
    #[default]
    Digits,
    /// Other images.
    Images,
    /// Rows of a table that are no images.
    Table,
}

impl Subject {
    /// One of what is trained on.
    pub fn sample(self) -> &'static str {
        match self {
            Self::Digits | Self::Images => "image",
            Self::Table => "sample",
        }
    }

    /// One of those that are shown.
    pub fn shown(self) -> &'static str {
        match self {
            Self::Digits => "digit",
            Self::Images => "image",
            Self::Table => "sample",
        }
    }

    /// One of its values.
    pub fn pixel(self) -> &'static str {
        match self {
            Self::Digits | Self::Images => "pixel",
            Self::Table => "input",
        }
    }

    /// Several of its values, as the title of a column.
    pub fn pixels(self) -> &'static str {
        match self {
            Self::Digits | Self::Images => "pixels",
            Self::Table => "inputs",
        }
    }

    /// What is above 0.1 of it, as the title of a column.
    pub fn high(self) -> &'static str {
        match self {
            Self::Digits | Self::Images => "ink",
            Self::Table => "high",
        }
    }

    /// What is above 0.1 of it.
    pub fn ink(self) -> &'static str {
        match self {
            Self::Digits | Self::Images => "ink",
            Self::Table => "inputs above 0.1",
        }
    }

    /// The part of the values that is above 0.1, as chance has it.
    pub(crate) fn chance(self) -> &'static str {
        match self {
            Self::Digits | Self::Images => "the part of the pixels that are ink",
            Self::Table => "the part of the inputs that are above 0.1",
        }
    }
}
