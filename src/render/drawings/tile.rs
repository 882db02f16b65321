//! Images and what their colours stand for, as parts of a drawing.

use maud::{Markup, html};

use super::sheet::{at, text_width};
use crate::render::pictures::{ColourBar, Tile, address};

/// How wide and high a colour bar is, and what it takes with its letters.
const BAR: [f64; 2] = [200.0, 12.0];
pub(super) const BAR_HEIGHT: f64 = 34.0;
/// Between a bar and what it is of.
const SPACE: f64 = 10.0;

/// An image with its corner here, in a thin frame.
pub(super) fn tile(
    tile: &Tile,
    (x, y): (f64, f64),
    [width, height]: [f64; 2],
    alt: &str,
) -> Markup {
    html! {
        image.pixels x=(at(x)) y=(at(y)) width=(at(width)) height=(at(height)) preserveAspectRatio="none" role="img"
            aria-label=(alt) href=(address(tile)) {}
        rect.axis x=(at(x)) y=(at(y)) width=(at(width)) height=(at(height)) {}
    }
}

/// A colour bar with its corner here.
pub(super) fn colour_bar(bar: &ColourBar, (x, y): (f64, f64)) -> Markup {
    let left = x + text_width(&bar.of) + SPACE;
    let last = bar.labels.len().saturating_sub(1).max(1) as f64;
    html! {
        text.quiet x=(at(x)) y=(at(y + 10.0)) { (bar.of) }
        (tile(&bar.tile, (left, y), BAR, ""))
        @for (n, label) in bar.labels.iter().enumerate() {
            @let anchor = if n == 0 { "start" } else if n + 1 == bar.labels.len() { "end" } else { "middle" };
            text.quiet x=(at(left + BAR[0] * n as f64 / last)) y=(at(y + 26.0)) text-anchor=(anchor) { (label) }
        }
    }
}

/// How much of a sheet a bar takes across.
pub(super) fn bar_width(bar: &ColourBar) -> f64 {
    text_width(&bar.of) + SPACE + BAR[0]
}

/// Height and width of an image whose longer side is so long.
pub(super) fn size(tile: &Tile, side: f64) -> [f64; 2] {
    let (width, height) = (tile.width as f64, tile.height() as f64);
    let scale = side / width.max(height).max(1.0);
    [width * scale, height * scale]
}
