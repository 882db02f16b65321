//! The images that are shown of a training: a step at a time, and every step beside the others.

use super::{name, rules};
use crate::interpretation::numbers::percent;
use crate::measure::parts_of_size;
use crate::printable::printable;
use crate::render::document::Drawing;
use crate::render::drawings::{Contact, Part, Shown};
use crate::render::pictures::{self, ColourBar, Image, Images, Pixels, Scale, Tile};
use crate::result::{DigitFigures, StepFigures, Training};
use crate::words::grouped;

/// What stands where there is no relevance.
const NOTHING: &str = "f(x) = 0";

/// The images of a training, with the scales of their colours.
pub(super) struct Shots<'t> {
    training: &'t Training,
    pixels: Pixels,
    scale: Scale,
    /// The largest part of each digit over all steps, under each rule.
    largest: Vec<Vec<f64>>,
}

impl<'t> Shots<'t> {
    pub(super) fn new(training: &'t Training) -> Self {
        let [height, width] = training.shape;
        let largest = |d: usize| {
            let rules = 0..rules(training);
            rules.map(|n| training.largest_part(d, n)).collect()
        };
        Self {
            training,
            pixels: Pixels::grey(height, width),
            scale: pictures::scale(training),
            largest: (0..training.digits.len()).map(largest).collect(),
        }
    }

    /// A group of images a digit at one step: itself, then its relevance under each rule.
    pub(super) fn step(&self, step: &StepFigures) -> Drawing {
        let groups = (0..self.training.digits.len()).map(|d| {
            let first = step.rules.first().map(|rule| &rule.digits[d]);
            let mut digit = self.digit(d);
            if let Some(shown) = first {
                digit.wrong = self.is_wrong(d, shown);
                digit.text += &match (shown.f == 0.0, digit.wrong) {
                    (true, _) => format!(", {NOTHING}: nothing to explain"),
                    (false, true) => format!(", {}", self.says(shown)),
                    (false, false) => String::new(),
                };
            }
            let under = step.rules.iter().enumerate();
            let under = under.filter(|(_, rule)| rule.digits[d].f != 0.0);
            let under = under.map(|(n, rule)| {
                let shown = &rule.digits[d];
                let name = printable(&rule.rule);
                let ink = shown.ink_share;
                let ink = ink.map_or_else(String::new, |ink| {
                    format!(": {} on\u{a0}ink", percent(ink).replace(' ', "\u{a0}"))
                });
                Image {
                    text: format!("{name}{ink}"),
                    wrong: false,
                    ..self.relevance(d, n, step)
                }
            });
            std::iter::once(digit).chain(under).collect()
        });
        Drawing::Images(Images {
            groups: groups.collect(),
            large: false,
            bar: Some(self.bar()),
        })
    }

    /// Every step beside the others: a row a digit, for each rule.
    pub(super) fn every_step(&self) -> Drawing {
        let steps = &self.training.steps;
        let parts = (0..rules(self.training)).map(|n| {
            let rows = (0..self.training.digits.len()).map(|d| {
                let shown = steps.iter().map(|step| {
                    if step.rules[n].digits[d].f == 0.0 {
                        Shown::Nothing(NOTHING)
                    } else {
                        Shown::Image(self.relevance(d, n, step))
                    }
                });
                (self.digit(d), shown.collect())
            });
            Part {
                title: name(self.training, n),
                rows: rows.collect(),
            }
        });
        let column = |step: &StepFigures| [grouped(step.step), percent(step.accuracy)];
        Drawing::Contact(Contact {
            of: ["step", "accuracy"].map(str::to_owned),
            columns: steps.iter().map(column).collect(),
            parts: parts.collect(),
            bar: self.bar(),
            picture: pictures::sheet(self.training),
        })
    }

    /// What the colours of all images stand for.
    fn bar(&self) -> ColourBar {
        ColourBar::labelled(self.scale, "part of Σ|R|", "largest part")
    }

    fn digit(&self, d: usize) -> Image {
        let digit = &self.training.digits[d];
        let ink: Vec<f64> = digit.pixels.iter().map(|&x| f64::from(x)).collect();
        let class = printable(&self.training.setting.class(digit.class));
        Image {
            tile: Tile::values(self.pixels, &ink),
            alt: format!("a held-out {class}"),
            text: format!("a {class}"),
            wrong: false,
        }
    }

    /// What pixels carry of Σ|R|, and what the network says where that is wrong.
    fn relevance(&self, d: usize, n: usize, step: &StepFigures) -> Image {
        let digit = &step.rules[n].digits[d];
        let parts = parts_of_size(&digit.relevance);
        let (rule, step) = (printable(&step.rules[n].rule), grouped(step.step));
        let wrong = self.is_wrong(d, digit);
        Image {
            tile: Tile::scaled(self.pixels, &parts, self.scale.up_to(self.largest[d][n])),
            alt: format!("its relevance under {rule} at step {step}"),
            text: if wrong {
                self.says(digit)
            } else {
                String::new()
            },
            wrong,
        }
    }

    fn is_wrong(&self, d: usize, digit: &DigitFigures) -> bool {
        digit.predicted != self.training.digits[d].class
    }

    /// What the network says in the place of a digit's class.
    fn says(&self, digit: &DigitFigures) -> String {
        format!(
            "✗\u{a0}says\u{a0}{}",
            printable(&self.training.setting.class(digit.predicted))
        )
    }
}
