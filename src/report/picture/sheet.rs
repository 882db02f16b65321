//! The contact sheet of a training: a row a digit, a column a step, the rules side by side.

use std::io;

use super::canvas::{Canvas, LETTER, colour_up_to, ink};
use crate::report::format::{figure, percent};
use crate::report::{Training, size};

/// How wide an image is, about.
const SIDE: usize = 84;
/// Between columns.
const GAP: usize = 8;
/// Above the first row.
const HEAD: usize = 72;
/// Around the sheet.
const MARGIN: usize = 12;

/// The contact sheet as a PNG file.
///
/// The digit comes first in its row, then its relevance at every step under the first rule, then under the next.
/// Colours show the part of `Σ|R|` that a pixel has; white is 0, and the darkest is the largest part in the row.
///
/// # Errors
///
/// Where the sheet is larger than a PNG file may be.
pub fn sheet(training: &Training) -> io::Result<Vec<u8>> {
    let [height, width] = training.shape;
    let zoom = (SIDE / width).max(1);
    let (across, down) = (width * zoom + 2, height * zoom + 2);
    let column = across.max(9 * LETTER) + GAP;
    let row = down + 3 * LETTER + 4;
    let steps = training.steps.len();
    let rules = training.steps.first().map_or(0, |step| step.rules.len());
    let block = steps * column + GAP;
    let left = |rule: usize, step: usize| MARGIN + column + GAP + rule * block + step * column;
    let lines = [
        format!(
            "Relevance of the pixels while {} is trained",
            training.setting.layers
        ),
        "Colour: part of a pixel in the sum of |R|; white 0, orange +, purple -; darkest: <= under the digit"
            .to_owned(),
        "Under an image: the class the network says, and f(x), the output of the digit's own class"
            .to_owned(),
    ];
    let text = lines
        .iter()
        .map(|line| line.len() * LETTER)
        .max()
        .unwrap_or(0);
    let room = left(rules, 0).max(text + 2 * MARGIN);
    let mut canvas = Canvas::new(
        room,
        HEAD + 3 * LETTER + training.digits.len() * row + MARGIN,
    )?;
    for (n, line) in lines.iter().enumerate() {
        canvas.write((MARGIN, MARGIN + n * (LETTER + 4)), line);
    }
    for (s, step) in training.steps.iter().enumerate() {
        for (r, rule) in step.rules.iter().enumerate() {
            let x = left(r, s);
            if s == 0 {
                canvas.write((x, HEAD - 18), &format!("rule {}", rule.rule));
            }
            canvas.write((x, HEAD), &format!("step {}", step.step));
            canvas.write((x, HEAD + LETTER + 2), &percent(step.accuracy));
        }
    }
    canvas.write((MARGIN, HEAD), "digit");
    canvas.write((MARGIN, HEAD + LETTER + 2), "accuracy:");
    for (d, digit) in training.digits.iter().enumerate() {
        let y = HEAD + 3 * LETTER + d * row;
        let pixels = digit.pixels.iter().map(|&x| ink(f64::from(x) / 255.0));
        canvas.image((MARGIN, y), (width, zoom), pixels);
        canvas.write(
            (MARGIN, y + down + 3),
            &format!("a {}", training.setting.class(digit.class)),
        );
        let scale = scale(training, d);
        canvas.write(
            (MARGIN, y + down + 5 + LETTER),
            &format!("<={}", percent(scale)),
        );
        for (s, step) in training.steps.iter().enumerate() {
            for (r, rule) in step.rules.iter().enumerate() {
                let (shown, x) = (&rule.digits[d], left(r, s));
                let parts = parts(&shown.relevance);
                let colours = parts.iter().map(|&part| colour_up_to(scale, part));
                canvas.image((x, y), (width, zoom), colours);
                canvas.write(
                    (x, y + down + 3),
                    &format!("says {}", training.setting.class(shown.predicted)),
                );
                canvas.write(
                    (x, y + down + 5 + LETTER),
                    &format!("f={}", figure(shown.f)),
                );
            }
        }
    }
    canvas.png()
}

/// The largest part that a pixel of digit `d` has, at any step and under any rule.
pub(in crate::report) fn scale(training: &Training, d: usize) -> f64 {
    let rules = training.steps.iter().flat_map(|step| &step.rules);
    rules
        .flat_map(|rule| parts(&rule.digits[d].relevance))
        .fold(0.0, |most, part| most.max(part.abs()))
}

/// The part of each pixel in the sum of |R|.
pub(in crate::report) fn parts(relevance: &[f64]) -> Vec<f64> {
    let all: f64 = size(relevance);
    let part = |r: &f64| if all == 0.0 { 0.0 } else { r / all };
    relevance.iter().map(part).collect()
}
