//! What is trained, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Subject;

/// What was trained, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    /// The images, in words.
    pub data: String,
    /// What they are.
    #[serde(default)]
    pub subject: Subject,
    /// The column of classes, where the images come from CSV.
    #[serde(default)]
    pub label: Option<LabelInfo>,
    /// How many columns are pixels, where the images come from CSV.
    #[serde(default)]
    pub pixel_columns: Option<usize>,
    /// How many images there are; null where a result of an earlier version does not say.
    #[serde(default)]
    pub images: Option<ImagesInfo>,
    /// The lines of the file that were held out; empty where these have a file of their own, or are more than 10,000.
    #[serde(default)]
    pub held_out_lines: Vec<u32>,
    /// What pixels were divided by to be inputs from 0 to 1; null where a result of an earlier version does not say.
    #[serde(default)]
    pub scale: Option<f64>,
    /// What is to be known of how the images were read, and which classes have few, a sentence each.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The names of the classes, from 0; empty where classes are numbers.
    #[serde(default)]
    pub classes: Vec<String>,
    /// The layers, as `--layers` takes them.
    pub layers: String,
    /// The scheme that the weights were drawn by.
    pub scheme: String,
    /// Of weights and order.
    pub seed: u64,
    /// `momentum` or `adam`.
    pub optimiser: String,
    /// The learning rate.
    pub rate: f64,
    /// Images of a step.
    pub batch: usize,
    /// `nonpositive` or `free`.
    pub bias: String,
}

/// A column of classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabelInfo {
    /// Its number, from 1.
    pub column: usize,
    /// Its name, where it has one.
    pub name: Option<String>,
}

/// How many images there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImagesInfo {
    /// To train on.
    pub train: usize,
    /// Held out.
    pub held_out: usize,
}

impl Setting {
    /// The name of a class, its number where it has none.
    pub fn class(&self, class: usize) -> String {
        let name = self.classes.get(class);
        name.map_or_else(|| class.to_string(), String::clone)
    }
}
