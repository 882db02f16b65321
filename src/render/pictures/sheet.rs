//! The contact sheet of a training: a block a digit, and in it a column a step and a row a rule.

use super::colour::{LINE, QUIET, WRONG};
use super::contact::{ContactSheet, Digit, says};
use super::grid::{balanced, colour_bar};
use super::picture::{Align, Picture, Place, Style};
use super::typeface::figure;
use super::{Pixels, typeface};
use crate::interpretation::numbers::percent;
use crate::result::Training;

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
    ContactSheet::new(training).picture()
}

impl ContactSheet {
    /// The same as a picture.
    pub(crate) fn picture(&self) -> Picture {
        let layout = Layout::new(self);
        let [wide, high] = layout.block.map(|side| side + MARGIN);
        let columns = balanced(self.digits.len(), layout.block);
        let width = (MARGIN + columns * wide).max(NARROWEST);
        let room = width - 2 * MARGIN;
        let mut drawn = Drawn {
            sheet: self,
            layout,
            picture: Picture::new(&self.title, width),
        };
        let heading = Style::of(HEADING);
        let top = drawn
            .picture
            .paragraph([MARGIN, MARGIN], room, heading, &self.title)
            + MARGIN / 2;
        for column in 0..columns {
            drawn.steps([MARGIN + column * wide, top]);
        }
        let top = top + 2 * Style::of(CAPTION).line() + GAP;
        for (n, digit) in self.digits.iter().enumerate() {
            let (row, column) = (n / columns, n % columns);
            drawn.digit(digit, [MARGIN + column * wide, top + row * high]);
        }
        let rows = self.digits.len().div_ceil(columns);
        drawn.foot([MARGIN, top + rows * high], room)
    }
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
    fn new(sheet: &ContactSheet) -> Self {
        let Pixels { height, width, .. } = sheet.pixels;
        let steps = sheet.steps.len();
        let fitting = SIDES.iter().find(|(most, _)| steps <= *most);
        let side = fitting.map_or(0, |(_, side)| *side);
        let zoom = (side / width.max(height).max(1)).max(1);
        let image = [width * zoom, height * zoom];
        let answers = sheet.classes.iter();
        let longest = answers.map(|class| typeface::room(&says(class, true), CAPTION));
        let room = image[0].max(longest.max().unwrap_or(0).clamp(ROOM[0], ROOM[1]));
        let (names, first) = match sheet.rules.len() {
            0 | 1 => (0, room + GAP),
            _ => (room + GAP + NAME, room + GAP + NAME + GAP),
        };
        let rows = sheet.rules.len().max(1);
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
struct Drawn<'s> {
    sheet: &'s ContactSheet,
    layout: Layout,
    picture: Picture,
}

impl Drawn<'_> {
    /// The steps and how well the network does at each, above a column of blocks.
    fn steps(&mut self, [x, y]: Place) {
        let (style, room) = (Style::of(CAPTION), self.layout.room);
        let quiet = style.coloured(QUIET);
        let below = y + style.line();
        self.picture.write([x, below], room, quiet, "accuracy");
        for (s, step) in self.sheet.steps.iter().enumerate() {
            let left = x + self.layout.step(s);
            let called = format!("step {}", step.number);
            self.picture.write([left, y], room, style, &called);
            self.picture
                .write([left, below], room, quiet, &step.accuracy);
        }
    }

    /// A digit, its relevance under every rule, and what the network says of it at every step.
    fn digit(&mut self, digit: &Digit, [x, y]: Place) {
        let (style, room) = (Style::of(CAPTION), self.layout.room);
        let image = (digit.tile.clone(), &digit.alt()[..]);
        self.picture
            .image([x, y], self.layout.image, (1, LINE), image);
        let below = y + self.layout.image[1] + GAP / 2;
        let below = self.picture.write([x, below], room, style, &digit.text());
        let rules = &self.sheet.rules;
        for (r, rule) in rules.iter().enumerate() {
            self.rule(digit, r, [x, y + self.layout.row(r)]);
            let largest = format!("≤ {}", percent(digit.rows[r].largest));
            if let [_] = rules[..] {
                self.picture
                    .write([x, below], room, style.coloured(QUIET), &largest);
            } else {
                let right = style.aligned(Align::Right);
                let middle = y + self.layout.row(r) + self.layout.image[1] / 2;
                let name = [x + self.layout.names, middle - style.line()];
                let below = self.picture.write(name, NAME, right, rule);
                let quiet = right.coloured(QUIET);
                self.picture.write([name[0], below], NAME, quiet, &largest);
            }
        }
        self.answers(digit, [x, y + self.layout.row(rules.len()) - GAP / 2]);
    }

    /// The relevance of a digit under a rule at every step; a dash where there is none.
    fn rule(&mut self, digit: &Digit, r: usize, [x, y]: Place) {
        let [wide, high] = self.layout.image;
        let tiles = digit.rows[r].tiles.iter().zip(&digit.answers);
        for (s, (tile, answer)) in tiles.enumerate() {
            let frame = if answer.wrong { (2, WRONG) } else { (1, LINE) };
            let alt = self.sheet.alt(r, s);
            let left = x + self.layout.step(s);
            self.picture
                .image([left, y], [wide, high], frame, (tile.clone(), &alt));
            if answer.f == 0.0 {
                let middle = [left + wide / 2, y + high / 2 - CAPTION];
                let style = Style::of(CAPTION).aligned(Align::Middle);
                self.picture.write(middle, wide, style, "–");
            }
        }
    }

    /// What the network says of a digit at every step, and f(x).
    fn answers(&mut self, digit: &Digit, [x, y]: Place) {
        let (style, room) = (Style::of(CAPTION), self.layout.room);
        for (s, answer) in digit.answers.iter().enumerate() {
            let left = x + self.layout.step(s);
            let says = style.coloured(if answer.wrong { WRONG } else { style.colour });
            let below = self.picture.write([left, y], room, says, &answer.text());
            let value = format!("f(x) = {}", figure(answer.f));
            self.picture.write([left, below], room, style, &value);
        }
    }

    /// The colour bar, and how the sheet is read.
    fn foot(mut self, [x, y]: Place, room: usize) -> Picture {
        let y = colour_bar(&mut self.picture, [x, y], &self.sheet.bar);
        let style = Style::of(CAPTION).coloured(QUIET);
        let end = (self.sheet.notes.iter()).fold(y, |y, note| {
            self.picture.paragraph([x, y], room, style, note)
        });
        self.picture.ending_at(end + MARGIN / 2)
    }
}
