//! What a contact sheet shows, as data: the digits of a training, and their relevance at every step under every rule.

use super::colour::{ColourScale, ink};
use super::{ColourBar, Pixels, Tile};
use crate::interpretation::numbers::percent;
use crate::printable::printable;
use crate::result::{DigitFigures, RuleFigures, StepFigures, Training};
use crate::words::{grouped, plural};

/// The digits that a training shows, step by step.
#[derive(Debug, Clone)]
pub(crate) struct ContactSheet {
    pub(crate) title: String,
    /// Where the values of an image lie.
    pub(crate) pixels: Pixels,
    pub(crate) steps: Vec<ListedStep>,
    /// The names of the rules, which are the same at every step.
    pub(crate) rules: Vec<String>,
    /// What the network can say.
    pub(crate) classes: Vec<String>,
    pub(crate) digits: Vec<Digit>,
    /// What the colours of relevance stand for.
    pub(crate) bar: ColourBar,
    /// How the sheet is read.
    pub(crate) notes: Vec<String>,
}

/// A column of the sheet.
#[derive(Debug, Clone)]
pub(crate) struct ListedStep {
    /// How many steps were done.
    pub(crate) number: String,
    pub(crate) accuracy: String,
}

/// A digit, and what became of it.
#[derive(Debug, Clone)]
pub(crate) struct Digit {
    pub(crate) tile: Tile,
    pub(crate) class: String,
    /// What the network says of it at every step.
    pub(crate) answers: Vec<Answer>,
    /// Its relevance under every rule.
    pub(crate) rows: Vec<Row>,
}

/// What the network says of a digit at a step, the same for every rule.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    class: String,
    pub(crate) wrong: bool,
    /// f(x): where it is 0 there is nothing to explain.
    pub(crate) f: f64,
}

/// The relevance of a digit under a rule, on one scale over all steps.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The largest part of a pixel in Σ|R| at any step.
    pub(crate) largest: f64,
    /// An image a step.
    pub(crate) tiles: Vec<Tile>,
}

impl ContactSheet {
    pub(crate) fn new(training: &Training) -> Self {
        let [height, width] = training.shape;
        let pixels = Pixels::grey(height, width);
        let colours = colours(training);
        let step = |step: &StepFigures| ListedStep {
            number: grouped(step.step),
            accuracy: percent(step.accuracy),
        };
        let rules = rules(training).iter().map(|rule| printable(&rule.rule));
        let classes = training.setting.classes.iter();
        let digits = 0..training.digits.len();
        Self {
            title: title(training),
            pixels,
            steps: training.steps.iter().map(step).collect(),
            rules: rules.collect(),
            classes: classes.map(|class| printable(class)).collect(),
            digits: digits
                .map(|d| Digit::new(training, d, pixels, colours))
                .collect(),
            bar: ColourBar::labelled(colours, "part of Σ|R|", "largest part"),
            notes: notes(training, colours),
        }
    }

    /// What the relevance of a digit is of.
    pub(crate) fn alt(&self, rule: usize, step: usize) -> String {
        let (rule, step) = (&self.rules[rule], &self.steps[step].number);
        format!("relevance under {rule} at step {step}")
    }
}

impl Digit {
    fn new(training: &Training, d: usize, pixels: Pixels, colours: ColourScale) -> Self {
        let digit = &training.digits[d];
        let class = |class: usize| printable(&training.setting.class(class));
        let answer = |shown: &DigitFigures| Answer {
            class: class(shown.predicted),
            wrong: shown.is_wrong(digit),
            f: shown.f,
        };
        let row = |n: usize| {
            let largest = training.largest_part(d, n);
            let each = training.steps.iter().map(|step| &step.rules[n].digits[d]);
            let scale = colours.up_to(largest);
            let tiles = each.map(|shown| Tile::scaled(pixels, &shown.parts(), scale));
            Row {
                largest,
                tiles: tiles.collect(),
            }
        };
        let first = training.steps.iter().filter_map(|step| step.rules.first());
        let greys = digit.pixels.iter().map(|&x| ink(f64::from(x) / 255.0));
        Self {
            tile: Tile {
                width: pixels.width,
                colours: greys.collect(),
            },
            class: class(digit.class),
            answers: first.map(|rule| answer(&rule.digits[d])).collect(),
            rows: (0..rules(training).len()).map(row).collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        format!("a {}", self.class)
    }

    pub(crate) fn alt(&self) -> String {
        format!("a held-out {}", self.class)
    }
}

impl Answer {
    /// `says 8`; with a sign where that is wrong.
    pub(crate) fn text(&self) -> String {
        says(&self.class, self.wrong)
    }
}

/// What the network says of a digit: a sign, too, where it is wrong.
pub(super) fn says(class: &str, wrong: bool) -> String {
    let sign = if wrong { "× " } else { "" };
    format!("{sign}says {class}")
}

/// The colours of relevance, whose largest parts are 1.
fn colours(training: &Training) -> ColourScale {
    let rules = training.steps.iter().flat_map(|step| &step.rules);
    let mut relevance = rules
        .flat_map(|rule| &rule.digits)
        .flat_map(|digit| &digit.relevance);
    ColourScale::new(1.0, relevance.any(|&r| r < 0.0))
}

/// The rules, which are the same at every step.
fn rules(training: &Training) -> &[RuleFigures] {
    training.steps.first().map_or(&[], |step| &step.rules)
}

/// What stands above the sheet.
fn title(training: &Training) -> String {
    let pixels = plural(training.setting.subject.pixel());
    let under = match rules(training) {
        [rule] => format!(" under {}", printable(&rule.rule)),
        _ => String::new(),
    };
    let layers = printable(&training.setting.layers);
    format!("Relevance of the {pixels}{under} while {layers} is trained")
}

/// What stands below it.
fn notes(training: &Training, colours: ColourScale) -> Vec<String> {
    let subject = training.setting.subject;
    let (pixel, shown) = (subject.pixel(), subject.shown());
    let a_rule = match rules(training).len() {
        0 | 1 => "",
        _ => " under each rule",
    };
    let mut notes = vec![
        format!(
            "Colours show the part of one {pixel} in Σ|R|: {}. Each {shown} has its own scale{a_rule}, the same at all \
             steps, up to its largest part, which stands behind ≤.",
            colours.in_words()
        ),
        format!(
            "Below each step stand what the network says, red and with × where that is wrong, and f(x), the output of the \
             {shown}'s own class."
        ),
    ];
    let mut digits = (training.steps.iter())
        .flat_map(|step| &step.rules)
        .flat_map(|rule| &rule.digits);
    if digits.any(|digit| digit.f == 0.0) {
        notes.push("–: f(x) = 0, so there is nothing to explain.".to_owned());
    }
    notes
}
