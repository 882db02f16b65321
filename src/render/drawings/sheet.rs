//! What drawings are drawn on: its size, and how much room a text takes on it.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

use crate::render::pictures;
use crate::words::shortened;

/// How wide a drawing is on a page that has room, and on a narrow one.
pub(super) const WIDE: f64 = 720.0;
pub(super) const NARROW: f64 = 340.0;

/// How large letters are, as the style has them.
const LETTERS: usize = 12;

/// A coordinate, to a tenth.
pub(super) fn at(x: f64) -> String {
    format!("{x:.1}")
}

/// How wide a text is.
pub(super) fn text_width(text: &str) -> f64 {
    f64::from(pictures::text_width(text, LETTERS))
}

/// A text as far as there is room for it: its beginning and its end.
pub(super) fn fitting(text: &str, room: f64) -> String {
    let width = text_width(text);
    if width <= room {
        return text.to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of columns"
    )]
    let columns = (room / width * text.width() as f64).max(2.0) as usize;
    shortened(text, columns)
}

/// Where `x` lies between `low` and `high`, from 0 to 1; halves, so that no difference can leave f64.
pub(super) fn between(low: f64, high: f64, x: f64) -> f64 {
    let range = high / 2.0 - low / 2.0;
    let part = (x / 2.0 - low / 2.0) / range;
    if part.is_finite() { part } else { 0.0 }
}

/// Marks in a frame, in pixels.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Below this width letters are too small: the page moves it in a frame.
    pub(crate) least: f64,
    pub(crate) marks: Markup,
}

impl Sheet {
    /// In a page, in a frame of this class. Where it is too wide for the page, its end is seen first: of a flow that is the
    /// output.
    pub(super) fn in_page(&self, title: &str, class: &str) -> Markup {
        let box_ = format!("0 0 {} {}", at(self.width), at(self.height));
        let size = format!("width: {:.0}px; min-width: {:.0}px", self.width, self.least);
        html! {
            div.drawing.(class).from-end[self.least > WIDE] {
                svg viewBox=(box_) style=(size) role="group" aria-label=(title) { (self.marks) }
            }
        }
    }
}
