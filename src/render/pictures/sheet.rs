//! The contact sheet of a training: a row a digit, a column a step, the rules side by side.

use std::io;

use super::canvas::{Canvas, LETTER};
use super::colour::{Scale, ink};
use crate::interpretation::numbers::{figure, percent};
use crate::measure::parts_of_size;
use crate::result::Training;
use crate::words::plural;

/// How wide an image is, about.
const SIDE: usize = 84;
/// Between columns.
const GAP: usize = 8;
/// Above the first row.
const HEAD: usize = 72;
/// Letters that a column has room for at least, and at most.
const LETTERS: [usize; 2] = [9, 16];
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
    let letters = letters(training);
    let column = across.max(letters * LETTER) + GAP;
    let row = down + 3 * LETTER + 4;
    let steps = training.steps.len();
    let rules = training.steps.first().map_or(0, |step| step.rules.len());
    let block = steps * column + GAP;
    let left = |rule: usize, step: usize| MARGIN + column + GAP + rule * block + step * column;
    let lines = lines(training);
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
    canvas.write((MARGIN, HEAD), training.setting.subject.shown());
    canvas.write((MARGIN, HEAD + LETTER + 2), "accuracy:");
    for (d, digit) in training.digits.iter().enumerate() {
        let y = HEAD + 3 * LETTER + d * row;
        let pixels = digit.pixels.iter().map(|&x| ink(f64::from(x) / 255.0));
        canvas.image((MARGIN, y), (width, zoom), pixels);
        canvas.write(
            (MARGIN, y + down + 3),
            &fitting("a", &training.setting.class(digit.class), letters),
        );
        let scale = training.largest_part(d);
        canvas.write(
            (MARGIN, y + down + 5 + LETTER),
            &format!("<={}", percent(scale)),
        );
        for (s, step) in training.steps.iter().enumerate() {
            for (r, rule) in step.rules.iter().enumerate() {
                let (shown, x) = (&rule.digits[d], left(r, s));
                let parts = parts_of_size(&shown.relevance);
                let colours = parts
                    .iter()
                    .map(|&part| Scale::new(scale, true).colour(part));
                canvas.image((x, y), (width, zoom), colours);
                canvas.write(
                    (x, y + down + 3),
                    &fitting("says", &training.setting.class(shown.predicted), letters),
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

/// The colours of the images of a training, whose largest parts are 1.
pub(crate) fn scale(training: &Training) -> Scale {
    let rules = training.steps.iter().flat_map(|step| &step.rules);
    let mut relevance = rules
        .flat_map(|rule| &rule.digits)
        .flat_map(|digit| &digit.relevance);
    Scale::new(1.0, relevance.any(|&r| r < 0.0))
}

/// What stands above the sheet.
fn lines(training: &Training) -> [String; 3] {
    let subject = training.setting.subject;
    [
        format!(
            "Relevance of the {} while {} is trained",
            plural(subject.pixel()),
            training.setting.layers
        ),
        format!(
            "Colour: part of {} in the sum of |R|; white 0, orange +, purple -; darkest: <= under the {}",
            with_article(subject.pixel()),
            subject.shown()
        ),
        format!(
            "Under {}: the class the network says, and f(x), the output of the {}'s own class",
            with_article(subject.sample()),
            subject.shown()
        ),
    ]
}

/// `a pixel`, `an image`.
fn with_article(thing: &str) -> String {
    let article = if thing.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {thing}")
}

/// How many letters a column has, so that most names of classes have room.
fn letters(training: &Training) -> usize {
    let [least, most] = LETTERS;
    let names = training.setting.classes.iter();
    let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
    ("says ".len() + longest).clamp(least, most)
}

/// A word and the name of a class, which is cut where it is too long.
fn fitting(word: &str, class: &str, letters: usize) -> String {
    let text = format!("{word} {class}");
    if text.chars().count() <= letters {
        return text;
    }
    text.chars()
        .take(letters.saturating_sub(2))
        .collect::<String>()
        + ".."
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn the_name_of_a_class_never_leaves_its_column() {
        for (word, class, text) in [
            ("says", "7", "says 7"),
            ("says", "versicolor", "says versicolor"),
            ("says", "a very long name", "says a very lo.."),
            ("a", "ααααααααααααααααα", "a αααααααααααα.."),
        ] {
            assert_eq!(fitting(word, class, 16), text);
        }
    }
}
