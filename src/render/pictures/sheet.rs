//! The contact sheet of a training: a block a digit, and in it a column a step and a row a rule.

use super::colour::{LINE, QUIET, Scale, WRONG, ink};
use super::gallery::{balanced, colour_bar};
use super::picture::{Align, Picture, Place, Style};
use super::typeface::figure;
use super::{ColourBar, Tile, typeface};
use crate::interpretation::numbers::percent;
use crate::measure::{largest_size, parts_of_size};
use crate::result::{DigitFigures, RuleFigures, Training};
use crate::words::{grouped, plural};

/// What the longer side of an image is drawn at, about, beside at most so many others.
const SIDES: [(usize, usize); 2] = [(6, 84), (usize::MAX, 56)];
/// How much room what stands below an image has, at least and at most.
const ROOM: [usize; 2] = [88, 110];
/// The room for the names of several rules.
const NAME: usize = 84;
/// A sheet is no narrower, so that its colour bar has room.
const NARROWEST: usize = 360;
/// Around all, and between blocks.
const MARGIN: usize = 16;
/// Between images.
const GAP: usize = 6;
const HEADING: usize = 15;
const CAPTION: usize = 11;

/// The contact sheet: each digit, and its relevance at every step, a row a rule. Colours show the part of `Σ|R|` that a pixel
/// has; white is 0, and the darkest is the largest part that the digit has at any step under the rule of the row.
pub fn sheet(training: &Training) -> Picture {
    let layout = Layout::new(training);
    let digits = training.digits.len();
    let [wide, high] = layout.block.map(|side| side + MARGIN);
    let columns = balanced(digits, layout.block);
    let title = title(training);
    let width = (MARGIN + columns * wide).max(NARROWEST);
    let room = width - 2 * MARGIN;
    let mut sheet = Sheet {
        training,
        scale: scale(training),
        layout,
        picture: Picture::new(&title, width),
    };
    let heading = Style::of(HEADING);
    let top = sheet
        .picture
        .paragraph([MARGIN, MARGIN], room, heading, &title)
        + MARGIN / 2;
    for column in 0..columns {
        sheet.steps([MARGIN + column * wide, top]);
    }
    let top = top + 2 * Style::of(CAPTION).line() + GAP;
    for digit in 0..digits {
        let (row, column) = (digit / columns, digit % columns);
        sheet.digit(digit, [MARGIN + column * wide, top + row * high]);
    }
    sheet.foot([MARGIN, top + digits.div_ceil(columns) * high], room)
}

/// The colours of the images of a training, whose largest parts are 1.
pub(crate) fn scale(training: &Training) -> Scale {
    let rules = training.steps.iter().flat_map(|step| &step.rules);
    let mut relevance = rules
        .flat_map(|rule| &rule.digits)
        .flat_map(|digit| &digit.relevance);
    Scale::new(1.0, relevance.any(|&r| r < 0.0))
}

/// Where the parts of every block are.
struct Layout {
    /// How wide and high an image is drawn.
    image: [usize; 2],
    /// How much room what stands below an image has, and from one step to the next.
    room: usize,
    /// Where the names of several rules end.
    names: usize,
    /// Where the first step begins.
    first: usize,
    /// How wide and high a block is.
    block: [usize; 2],
}

impl Layout {
    fn new(training: &Training) -> Self {
        let [height, width] = training.shape;
        let steps = training.steps.len();
        let fitting = SIDES.iter().find(|(most, _)| steps <= *most);
        let side = fitting.map_or(0, |(_, side)| *side);
        let zoom = (side / width.max(height).max(1)).max(1);
        let image = [width * zoom, height * zoom];
        let names = training.setting.classes.iter();
        let longest = names.map(|class| typeface::room(&says(class, true), CAPTION));
        let room = image[0].max(longest.max().unwrap_or(0).clamp(ROOM[0], ROOM[1]));
        let (names, first) = match rules(training).len() {
            0 | 1 => (0, room + GAP),
            _ => (room + GAP + NAME, room + GAP + NAME + GAP),
        };
        let rows = rules(training).len().max(1);
        Self {
            image,
            room,
            names,
            first,
            block: [
                first + steps * (room + GAP) - GAP,
                rows * (image[1] + GAP) + 2 * Style::of(CAPTION).line(),
            ],
        }
    }

    /// Where a step begins.
    fn step(&self, step: usize) -> usize {
        self.first + step * (self.room + GAP)
    }

    /// Where the row of a rule begins.
    fn row(&self, rule: usize) -> usize {
        rule * (self.image[1] + GAP)
    }
}

/// A sheet as it is drawn.
struct Sheet<'t> {
    training: &'t Training,
    scale: Scale,
    layout: Layout,
    picture: Picture,
}

impl Sheet<'_> {
    /// The steps and how well the network does at each, above a column of blocks.
    fn steps(&mut self, [x, y]: Place) {
        let (style, room) = (Style::of(CAPTION), self.layout.room);
        let quiet = style.coloured(QUIET);
        let below = y + style.line();
        self.picture.write([x, below], room, quiet, "accuracy");
        for (s, step) in self.training.steps.iter().enumerate() {
            let left = x + self.layout.step(s);
            let called = format!("step {}", grouped(step.step));
            self.picture.write([left, y], room, style, &called);
            let accuracy = percent(step.accuracy);
            self.picture.write([left, below], room, quiet, &accuracy);
        }
    }

    /// A digit, its relevance under every rule, and what the network says of it at every step.
    fn digit(&mut self, d: usize, [x, y]: Place) {
        let digit = &self.training.digits[d];
        let class = self.training.setting.class(digit.class);
        let ink = digit.pixels.iter().map(|&x| ink(f64::from(x) / 255.0));
        let tile = Tile {
            width: self.training.shape[1],
            colours: ink.collect(),
        };
        let (style, room) = (Style::of(CAPTION), self.layout.room);
        let image = (tile, &format!("a held-out {class}")[..]);
        self.picture
            .image([x, y], self.layout.image, (1, LINE), image);
        let below = y + self.layout.image[1] + GAP / 2;
        let below = self
            .picture
            .write([x, below], room, style, &format!("a {class}"));
        let rules = rules(self.training);
        for (r, rule) in rules.iter().enumerate() {
            let largest = self.rule(d, r, [x, y + self.layout.row(r)]);
            let largest = format!("≤ {}", percent(largest));
            if let [_] = rules {
                self.picture
                    .write([x, below], room, style.coloured(QUIET), &largest);
            } else {
                let right = style.aligned(Align::Right);
                let middle = y + self.layout.row(r) + self.layout.image[1] / 2;
                let name = [x + self.layout.names, middle - style.line()];
                let below = self.picture.write(name, NAME, right, &rule.rule);
                let quiet = right.coloured(QUIET);
                self.picture.write([name[0], below], NAME, quiet, &largest);
            }
        }
        self.answers(d, [x, y + self.layout.row(rules.len()) - GAP / 2]);
    }

    /// The relevance of a digit under a rule at every step, on one scale; a dash where there is none. Gives the largest part.
    fn rule(&mut self, d: usize, r: usize, [x, y]: Place) -> f64 {
        let each = self
            .training
            .steps
            .iter()
            .map(|step| &step.rules[r].digits[d]);
        let parts: Vec<Vec<f64>> = each.map(|shown| parts_of_size(&shown.relevance)).collect();
        let scale = self.scale.up_to(largest_size(parts.iter().flatten()));
        let [wide, high] = self.layout.image;
        for (s, (step, parts)) in self.training.steps.iter().zip(&parts).enumerate() {
            let rule = &step.rules[r];
            let tile = Tile {
                width: self.training.shape[1],
                colours: parts.iter().map(|&part| scale.colour(part)).collect(),
            };
            let frame = if self.is_wrong(d, &rule.digits[d]) {
                (2, WRONG)
            } else {
                (1, LINE)
            };
            let alt = format!("relevance under {} at step {}", rule.rule, step.step);
            let left = x + self.layout.step(s);
            self.picture
                .image([left, y], [wide, high], frame, (tile, &alt));
            if rule.digits[d].f == 0.0 {
                let middle = [left + wide / 2, y + high / 2 - CAPTION];
                let style = Style::of(CAPTION).aligned(Align::Middle);
                self.picture.write(middle, wide, style, "–");
            }
        }
        scale.largest
    }

    /// What the network says of a digit at every step, and f(x), which are the same for every rule.
    fn answers(&mut self, d: usize, [x, y]: Place) {
        let (style, room) = (Style::of(CAPTION), self.layout.room);
        for (s, step) in self.training.steps.iter().enumerate() {
            let Some(shown) = step.rules.first().map(|rule| &rule.digits[d]) else {
                continue;
            };
            let left = x + self.layout.step(s);
            let wrong = self.is_wrong(d, shown);
            let says = says(&self.training.setting.class(shown.predicted), wrong);
            let answer = style.coloured(if wrong { WRONG } else { style.colour });
            let below = self.picture.write([left, y], room, answer, &says);
            let value = format!("f(x) = {}", figure(shown.f));
            self.picture.write([left, below], room, style, &value);
        }
    }

    /// The colour bar, and how the sheet is read.
    fn foot(mut self, [x, y]: Place, room: usize) -> Picture {
        let bar = ColourBar::labelled(self.scale, "part of Σ|R|", "largest part");
        let y = colour_bar(&mut self.picture, [x, y], &bar);
        let style = Style::of(CAPTION).coloured(QUIET);
        let end = (notes(self.training, self.scale).iter()).fold(y, |y, note| {
            self.picture.paragraph([x, y], room, style, note)
        });
        self.picture.ending_at(end + MARGIN / 2)
    }

    fn is_wrong(&self, d: usize, shown: &DigitFigures) -> bool {
        shown.predicted != self.training.digits[d].class
    }
}

/// The rules, which are the same at every step.
fn rules(training: &Training) -> &[RuleFigures] {
    training.steps.first().map_or(&[], |step| &step.rules)
}

/// What the network says of a digit: a sign, too, where it is wrong.
fn says(class: &str, wrong: bool) -> String {
    let sign = if wrong { "× " } else { "" };
    format!("{sign}says {class}")
}

/// What stands above the sheet.
fn title(training: &Training) -> String {
    let pixels = plural(training.setting.subject.pixel());
    let under = match rules(training) {
        [rule] => format!(" under {}", rule.rule),
        _ => String::new(),
    };
    let layers = &training.setting.layers;
    format!("Relevance of the {pixels}{under} while {layers} is trained")
}

/// What stands below it.
fn notes(training: &Training, scale: Scale) -> Vec<String> {
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
            scale.in_words()
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
