//! The digits that a training shows: what each is, and what became of it at a step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evolution::ShownImage;
use crate::measure::parts_of_size;

/// A digit that is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "digit")]
pub struct DigitInfo {
    /// Which of the held-out images it is, counted from 0.
    pub image: usize,
    /// Its class.
    pub class: usize,
    /// 255·x, rounded, row by row.
    pub pixels: Vec<u8>,
}

/// One digit that is shown, at one step under one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DigitFigures {
    /// f(x): the output of its class.
    pub f: f64,
    /// The class of the largest output.
    pub predicted: usize,
    /// The share of its relevance on ink.
    pub ink_share: Option<f64>,
    /// R_i of its pixels, row by row.
    pub relevance: Vec<f64>,
}

impl From<&ShownImage> for DigitInfo {
    fn from(shown: &ShownImage) -> Self {
        Self {
            image: shown.image,
            class: shown.class,
            pixels: shown.pixels.clone(),
        }
    }
}

impl DigitFigures {
    /// Whether the network says another class than that of the digit.
    pub fn is_wrong(&self, digit: &DigitInfo) -> bool {
        self.predicted != digit.class
    }

    /// `R_i / Σ|R|` of its pixels, row by row; 0 where there is no relevance.
    pub fn parts(&self) -> Vec<f64> {
        parts_of_size(&self.relevance)
    }
}
