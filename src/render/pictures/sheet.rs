//! The contact sheet of a training: a block a digit, and in it a column a step and a row a rule.

use super::colour::{LINE, QUIET, Scale, WRONG, ink};
use super::gallery::{balanced, colour_bar};
use super::picture::{Align, Picture, Style};
use super::{ColourBar, Tile, typeface};
use crate::interpretation::numbers::{figure, percent};
use crate::measure::parts_of_size;
use crate::result::{DigitFigures, Training};
use crate::words::{grouped, plural};

/// How wide an image is, about, beside at most so many others.
const SIDES: [(usize, usize); 2] = [(6, 84), (usize::MAX, 56)];
/// How much room what stands below a column has, at least and at most.
const ROOM: [usize; 2] = [68, 110];
/// The longest name of a rule that has room.
const NAME: usize = 84;
/// Around all, and between blocks.
const MARGIN: usize = 16;
/// Between images.
const GAP: usize = 6;
const HEADING: usize = 15;
const CAPTION: usize = 11;

/// The contact sheet: the digit, then its relevance at every step, a row a rule. Colours show the part of `Σ|R|` that a pixel
/// has; white is 0, and the darkest is the largest part that the digit has at any step under any rule.
pub fn sheet(training: &Training) -> Picture {
    let layout = Layout::new(training);
    let blocks = training.digits.len();
    let columns = balanced(blocks, layout.block);
    let width = MARGIN + columns * (layout.block[0] + MARGIN);
    let room = width - 2 * MARGIN;
    let title = title(training);
    let mut picture = Picture::new(&title, width);
    let mut top =
        picture.paragraph([MARGIN, MARGIN], room, Style::of(HEADING), &title) + MARGIN / 2;
    let left = |column: usize| MARGIN + column * (layout.block[0] + MARGIN);
    for column in 0..columns.min(blocks) {
        layout.steps(&mut picture, training, [left(column), top]);
    }
    top += 2 * Style::of(CAPTION).line() + GAP;
    let scale = scale(training);
    for digit in 0..blocks {
        let y = top + digit / columns * (layout.block[1] + MARGIN);
        layout.digit(
            &mut picture,
            training,
            (digit, scale),
            [left(digit % columns), y],
        );
    }
    let y = top + blocks.div_ceil(columns) * (layout.block[1] + MARGIN);
    let bar = ColourBar::labelled(scale, "part of Σ|R|", "largest part");
    let style = Style::of(CAPTION).coloured(QUIET);
    let y = colour_bar(&mut picture, [MARGIN, y], &bar);
    let notes = notes(training, scale);
    let y = (notes.iter()).fold(y, |y, note| {
        picture.paragraph([MARGIN, y], room, style, note)
    });
    picture.ending_at(y + MARGIN / 2)
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
    /// How many pixels a row of an image has, and how wide and high it is drawn.
    width: usize,
    image: [usize; 2],
    /// Where the names of several rules begin, and how long they may be.
    names: usize,
    name: usize,
    /// Where the first step begins, and from one to the next.
    first: usize,
    step: usize,
    block: [usize; 2],
}

impl Layout {
    fn new(training: &Training) -> Self {
        let [height, width] = training.shape;
        let steps = training.steps.len();
        let rules = training.steps.first().map_or(0, |step| step.rules.len());
        let side = SIDES.iter().find(|(most, _)| steps <= *most);
        let zoom = (side.map_or(SIDES[1].1, |(_, side)| *side) / width.max(height).max(1)).max(1);
        let image = [width * zoom, height * zoom];
        let classes = training.setting.classes.iter();
        let longest = classes.map(|class| typeface::width(&says(class, true), CAPTION).ceil());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a name"
        )]
        let longest = longest.fold(0.0, f32::max) as usize;
        let column = image[0].max(longest.clamp(ROOM[0], ROOM[1]));
        let names = column + GAP;
        let name = if rules > 1 { NAME } else { 0 };
        let first = names + name + if rules > 1 { GAP } else { 0 };
        Self {
            width,
            image,
            names,
            name,
            first,
            step: column + GAP,
            block: [
                first + steps * (column + GAP) - GAP,
                rules.max(1) * (image[1] + GAP) + 2 * Style::of(CAPTION).line(),
            ],
        }
    }

    /// The steps and how well the network does at each, above a column of blocks.
    fn steps(&self, picture: &mut Picture, training: &Training, [x, y]: [usize; 2]) {
        let style = Style::of(CAPTION);
        let below = y + style.line();
        picture.write(
            [x, below],
            self.first - GAP,
            style.coloured(QUIET),
            "accuracy",
        );
        for (s, step) in training.steps.iter().enumerate() {
            let left = x + self.first + s * self.step;
            let called = format!("step {}", grouped(step.step));
            picture.write([left, y], self.step - GAP, style, &called);
            picture.write(
                [left, below],
                self.step - GAP,
                style.coloured(QUIET),
                &percent(step.accuracy),
            );
        }
    }

    /// A digit, its relevance, and what the network says of it at every step.
    fn digit(
        &self,
        picture: &mut Picture,
        training: &Training,
        (d, scale): (usize, Scale),
        [x, y]: [usize; 2],
    ) {
        let digit = &training.digits[d];
        let scale = scale.up_to(training.largest_part(d));
        let class = training.setting.class(digit.class);
        let ink = digit.pixels.iter().map(|&x| ink(f64::from(x) / 255.0));
        let tile = Tile {
            width: training.shape[1],
            colours: ink.collect(),
        };
        let (style, room) = (Style::of(CAPTION), self.step - GAP);
        let alt = format!("a held-out {class}");
        picture.image([x, y], self.image, (1, LINE), (tile, &alt));
        let below = y + self.image[1] + GAP / 2;
        let below = picture.write([x, below], room, style, &format!("a {class}"));
        picture.write(
            [x, below],
            room,
            style,
            &format!("≤ {}", percent(scale.largest)),
        );
        for (s, step) in training.steps.iter().enumerate() {
            let left = x + self.first + s * self.step;
            for (r, rule) in step.rules.iter().enumerate() {
                let top = y + r * (self.image[1] + GAP);
                if s == 0 && self.name > 0 {
                    let at = [
                        x + self.names + self.name,
                        top + self.image[1] / 2 - CAPTION,
                    ];
                    picture.write(at, self.name, style.aligned(Align::Right), &rule.rule);
                }
                let wrong = rule.digits[d].predicted != digit.class;
                let alt = format!("relevance under {} at step {}", rule.rule, step.step);
                self.relevance(
                    picture,
                    &rule.digits[d],
                    (scale, wrong),
                    ([left, top], &alt),
                );
            }
            let Some(shown) = step.rules.first().map(|rule| &rule.digits[d]) else {
                continue;
            };
            let wrong = shown.predicted != digit.class;
            let says = says(&training.setting.class(shown.predicted), wrong);
            let answer = if wrong { style.coloured(WRONG) } else { style };
            let below = y + step.rules.len() * (self.image[1] + GAP) - GAP / 2;
            let below = picture.write([left, below], room, answer, &says);
            picture.write(
                [left, below],
                room,
                style,
                &format!("f(x) = {}", figure(shown.f)),
            );
        }
    }

    /// The relevance of a digit under a rule at a step; a dash where there is none.
    fn relevance(
        &self,
        picture: &mut Picture,
        shown: &DigitFigures,
        (scale, wrong): (Scale, bool),
        (at, alt): ([usize; 2], &str),
    ) {
        let frame = if wrong { (2, WRONG) } else { (1, LINE) };
        let parts = parts_of_size(&shown.relevance);
        let tile = Tile {
            width: self.width,
            colours: parts.iter().map(|&part| scale.colour(part)).collect(),
        };
        picture.image(at, self.image, frame, (tile, alt));
        if parts.iter().all(|&part| part == 0.0) {
            let middle = [
                at[0] + self.image[0] / 2,
                at[1] + self.image[1] / 2 - CAPTION,
            ];
            picture.write(
                middle,
                self.image[0],
                Style::of(CAPTION).aligned(Align::Middle),
                "–",
            );
        }
    }
}

/// What the network says of a digit: a sign, too, where it is wrong.
fn says(class: &str, wrong: bool) -> String {
    let sign = if wrong { "× " } else { "" };
    format!("{sign}says {class}")
}

/// What stands above the sheet.
fn title(training: &Training) -> String {
    let pixels = plural(training.setting.subject.pixel());
    let rules = training.steps.first().map_or(&[][..], |step| &step.rules);
    let under = match rules {
        [rule] => format!(" under {}", rule.rule),
        _ => String::new(),
    };
    format!(
        "Relevance of the {pixels}{under} while {} is trained",
        training.setting.layers
    )
}

/// What stands below it.
fn notes(training: &Training, scale: Scale) -> Vec<String> {
    let subject = training.setting.subject;
    let (pixel, shown) = (subject.pixel(), subject.shown());
    let mut notes = vec![
        format!(
            "Colours show the part that each {pixel} has in Σ|R|: {}. Each {shown} has its own scale over all steps and rules; \
             its largest part stands below it, behind ≤.",
            scale.in_words()
        ),
        format!(
            "Below each step stand what the network says, in red and with × where that is wrong, and f(x), the output of the \
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
