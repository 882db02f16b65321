//! Drawings of a page: SVG whose parts tell their amounts, and small images.

mod axis;
mod band;
mod curves;
mod flow;
mod images;
mod legend;
mod plane;
mod scale;
mod strips;
mod style;
mod vector;

use unicode_width::UnicodeWidthStr;

use crate::words::shortened;

pub(crate) use curves::{Chart, Series, curves};
pub(crate) use flow::flow;
pub(crate) use images::images;
pub(crate) use plane::plane;
pub(crate) use strips::strips;
pub(crate) use style::STYLE;
pub(crate) use vector::{Sheet, Vector};

/// How wide a drawing is on a page that has room, and on a narrow one.
const WIDE: f64 = 720.0;
const NARROW: f64 = 340.0;

/// How wide a letter is, about.
const LETTER: f64 = 6.8;

/// A coordinate, to a tenth.
fn at(x: f64) -> String {
    format!("{x:.1}")
}

/// How wide a text is, about.
fn text_width(text: &str) -> f64 {
    text.width() as f64 * LETTER
}

/// A text as far as there is room for it.
fn fitting(text: &str, room: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of letters"
    )]
    let letters = (room / LETTER).max(2.0) as usize;
    shortened(text, letters)
}

/// Where `x` lies between `low` and `high`, from 0 to 1; halves, so that no difference can leave f64.
fn between(low: f64, high: f64, x: f64) -> f64 {
    let range = high / 2.0 - low / 2.0;
    let part = (x / 2.0 - low / 2.0) / range;
    if part.is_finite() { part } else { 0.0 }
}
