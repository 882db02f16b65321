//! The result of `deeptaylor train`: what became of relevance, step by step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Origin, Subject};
use crate::data::Images;
use crate::evolution::{Stage, Study, agreement, area_over};
use crate::relevance::{Checks, Conservation, Positivity};
use crate::train::Score;

/// The result of `deeptaylor train`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "training")]
pub struct Training {
    /// Always `training`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// What was trained, and how.
    pub setting: Setting,
    /// Height and width of an image.
    pub shape: [usize; 2],
    /// How many held-out images were explained at every step, the digits below among them.
    pub explained: usize,
    /// What the shares would be if every pixel had the same.
    pub chance: ChanceInfo,
    /// The digits that are shown.
    pub digits: Vec<DigitInfo>,
    /// One entry for each listed step that was reached.
    pub steps: Vec<StepFigures>,
    /// The two properties over all of them.
    pub checks: Checks,
    /// What the figures say, in plain language.
    pub interpretation: Vec<String>,
}

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

/// What chance would give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChanceInfo {
    /// The part of the pixels that are ink (above 0.1).
    pub ink_share: f64,
    /// The part of the pixels that are 0 in every image that is trained on.
    pub border_share: f64,
}

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

/// One listed step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "step")]
pub struct StepFigures {
    /// How many steps were done.
    pub step: usize,
    /// Part of the held-out images that are told right.
    pub accuracy: f64,
    /// Mean cross-entropy of the held-out images, in nats.
    pub loss: f64,
    /// The mean f(x), the output of an image's own class, over the explained images.
    pub output: f64,
    /// The explained images with f(x) = 0, which have no relevance to be explained by.
    #[serde(default)]
    pub unexplained: Unexplained,
    /// The rules, side by side.
    pub rules: Vec<RuleFigures>,
}

/// Images for which the output of their class is 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unexplained {
    /// How many there are.
    pub images: usize,
    /// Their classes.
    pub classes: Vec<usize>,
    /// The outputs that are 0 for every explained image.
    pub silent_outputs: Vec<usize>,
}

impl Unexplained {
    fn of(stage: &Stage, classes: &[usize]) -> Self {
        let unexplained = stage.f.iter().zip(classes).filter(|(f, _)| **f == 0.0);
        let mut classes: Vec<usize> = unexplained.map(|(_, &class)| class).collect();
        let images = classes.len();
        classes.sort_unstable();
        classes.dedup();
        Self {
            images,
            classes,
            silent_outputs: stage.silent_outputs.clone(),
        }
    }
}

/// Relevance at one step under one rule; shares are of `Σ_i |R_i|`, means over the explained images, and null where
/// there is no relevance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "rule")]
pub struct RuleFigures {
    /// The rule.
    pub rule: String,
    /// The share on ink.
    pub ink_share: Option<f64>,
    /// The share on the pixels that are 0 in every image that was trained on.
    pub border_share: Option<f64>,
    /// The exponential of the entropy of the shares: n where n pixels share equally.
    pub effective_pixels: Option<f64>,
    /// The mean cosine between |R| here and at the listed step before.
    pub cosine_before: Option<f64>,
    /// The mean cosine between |R| here and at the last listed step.
    pub cosine_last: Option<f64>,
    /// Every level sums to f(x).
    pub conservation: Conservation,
    /// No relevance is below 0.
    pub positivity: Positivity,
    /// For how many images every level sums to f(x).
    pub conserved: usize,
    /// For how many images no relevance is below 0.
    pub positive: usize,
    /// What units could not hand on, as a part of Σ |f(x)|.
    pub lost_share: Option<f64>,
    /// What units carry that did not fire, on the level where it is most, as a part of Σ |f(x)|.
    pub silent_relevance: Option<f64>,
    /// The area over the flipping curve, the most relevant pixels gone first: `mean_k (1 − flipping_k)`.
    pub flipping_area: Option<f64>,
    /// The same, the pixels gone in random order.
    pub random_area: Option<f64>,
    /// `Σ f / Σ f(x)` with none to all batches of pixels gone, the most relevant first.
    pub flipping: Option<Vec<f64>>,
    /// The same in random order.
    pub random_flipping: Option<Vec<f64>>,
    /// The digits that are shown.
    pub digits: Vec<DigitFigures>,
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

/// One listed step as it was measured: how many steps were done, the score, and a stage for each rule.
pub type Reached = (usize, Score, Vec<Stage>);

impl Training {
    /// The result of a training; `shown` are the images of `test` that come first in `study`.
    pub fn new(
        setting: Setting,
        (study, test, shown): (&Study, &Images, &[usize]),
        rules: &[String],
        reached: &[Reached],
    ) -> Self {
        let digit = |&image: &usize| DigitInfo {
            image,
            class: test.label(image),
            pixels: test.grey(image),
        };
        let stages = || reached.iter().flat_map(|(.., stages)| stages);
        let checks = stages().map(|stage| stage.checks).reduce(Checks::and);
        Self {
            kind: Kind::Training,
            made_by: None,
            setting,
            shape: [test.height, test.width],
            explained: study.images(),
            chance: ChanceInfo {
                ink_share: study.ink(),
                border_share: study.blank_pixels() as f64 / test.size() as f64,
            },
            digits: shown.iter().map(digit).collect(),
            steps: (0..reached.len())
                .map(|at| StepFigures::new(reached, at, rules, (study, shown.len())))
                .collect(),
            checks: checks.unwrap_or(Checks::NONE),
            interpretation: Vec::new(),
        }
    }
}

impl Setting {
    /// The name of a class, its number where it has none.
    pub fn class(&self, class: usize) -> String {
        let name = self.classes.get(class);
        name.map_or_else(|| class.to_string(), String::clone)
    }

    /// How the training went about it: weights, optimiser, batches, biases.
    pub fn in_words(&self) -> String {
        format!(
            "weights {}, seed {}; {}, rate {}, batches of {}, biases {}",
            self.scheme, self.seed, self.optimiser, self.rate, self.batch, self.bias
        )
    }
}

impl StepFigures {
    fn new(
        reached: &[Reached],
        at: usize,
        rules: &[String],
        (study, shown): (&Study, usize),
    ) -> Self {
        let (step, score, stages) = &reached[at];
        let f = &stages[0].f;
        let rule = |(n, rule): (usize, &String)| {
            let stage = &stages[n];
            let with = |other: usize| {
                let other = &reached[other].2[n];
                agreement(stage.relevance.view(), other.relevance.view())
            };
            RuleFigures::new(
                rule,
                stage,
                (at.checked_sub(1).and_then(with), with(reached.len() - 1)),
                shown,
            )
        };
        Self {
            step: *step,
            accuracy: score.accuracy,
            loss: score.loss,
            output: f.iter().sum::<f64>() / f.len() as f64,
            unexplained: Unexplained::of(&stages[0], study.classes()),
            rules: rules.iter().enumerate().map(rule).collect(),
        }
    }
}

impl RuleFigures {
    fn new(rule: &str, stage: &Stage, cosines: (Option<f64>, Option<f64>), shown: usize) -> Self {
        let digit = |n: usize| DigitFigures {
            f: stage.f[n],
            predicted: stage.predicted[n],
            ink_share: stage.ink_shares[n],
            relevance: stage.relevance.row(n).to_vec(),
        };
        Self {
            rule: rule.to_owned(),
            ink_share: stage.ink_share,
            border_share: stage.border_share,
            effective_pixels: stage.effective_pixels,
            cosine_before: cosines.0,
            cosine_last: cosines.1,
            conservation: stage.checks.conservation,
            positivity: stage.checks.positivity,
            conserved: stage.conserved,
            positive: stage.positive,
            lost_share: stage.lost_share,
            silent_relevance: stage.silent_relevance,
            flipping_area: stage.flipping.as_deref().map(area_over),
            random_area: stage.random_flipping.as_deref().map(area_over),
            flipping: stage.flipping.clone(),
            random_flipping: stage.random_flipping.clone(),
            digits: (0..shown).map(digit).collect(),
        }
    }
}
