//! Axes: lines at round numbers or at places, with what they are.

use maud::{Markup, html};

use super::scale::Scale;
use super::sheet::{at, fitting, text_width};
use crate::interpretation::numbers::{figure, small_percent};

/// Room below a frame for a line of letters.
pub(super) const LINE: f64 = 20.0;
/// Between letters beside each other, at least.
const SPACE: f64 = 10.0;
/// A longer name of a place is cut.
const LONGEST: f64 = 90.0;

/// What lies between the axes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// What the numbers of a drawing are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Number,
    /// Parts of a whole.
    Share,
}

impl Unit {
    /// A round number, as it stands at a tick.
    pub(super) fn tick(self, x: f64) -> String {
        match self {
            Self::Number => figure(x),
            Self::Share => figure(100.0 * x) + " %",
        }
    }

    /// Any number, as tables show it.
    pub(super) fn told(self, x: f64) -> String {
        match self {
            Self::Number => figure(x),
            Self::Share => small_percent(x),
        }
    }
}

impl Frame {
    /// Where a part of the way from left to right lies.
    pub(super) fn x(&self, part: f64) -> f64 {
        self.left + (self.right - self.left) * part
    }

    /// Where a part of the way from the bottom up lies.
    pub(super) fn y(&self, part: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * part
    }
}

/// Room for the numbers beside an axis that goes up.
pub(super) fn room(scale: &Scale, unit: Unit) -> f64 {
    let widths = scale.ticks.iter().map(|&tick| text_width(&unit.tick(tick)));
    widths.fold(0.0, f64::max) + SPACE
}

/// Numbers from the bottom up, to the left of a frame.
pub(super) fn up(scale: &Scale, frame: &Frame, unit: Unit) -> Markup {
    html! {
        @for &tick in &scale.ticks {
            @let y = frame.y(scale.part(tick));
            line.(line(tick)) x1=(at(frame.left)) x2=(at(frame.right)) y1=(at(y)) y2=(at(y)) {}
            text.quiet x=(at(frame.left - 8.0)) y=(at(y + 4.0)) text-anchor="end" { (unit.tick(tick)) }
        }
    }
}

/// Numbers from left to right, below a frame.
pub(super) fn along(scale: &Scale, frame: &Frame, unit: Unit) -> Markup {
    html! {
        @for &tick in &scale.ticks {
            @let x = frame.x(scale.part(tick));
            line.(line(tick)) x1=(at(x)) x2=(at(x)) y1=(at(frame.top)) y2=(at(frame.bottom)) {}
            (below(x, frame.bottom, &unit.tick(tick)))
        }
    }
}

/// Places at equal distances, below a frame, as many of them named as there is room for; and what they are.
pub(super) fn places(places: &[String], title: &str, frame: &Frame) -> Markup {
    let names: Vec<String> = places.iter().map(|name| fitting(name, LONGEST)).collect();
    let widest = names
        .iter()
        .map(|name| text_width(name))
        .fold(0.0, f64::max)
        + SPACE;
    let apart = frame.x(part(1, names.len())) - frame.left;
    // The first is named, and each that is so many further on.
    let every = (1..names.len()).find(|n| *n as f64 * apart >= widest);
    html! {
        @for (n, name) in names.iter().enumerate().step_by(every.unwrap_or(names.len().max(1))) {
            (below(frame.x(part(n, names.len())), frame.bottom, name))
        }
        (below(f64::midpoint(frame.left, frame.right), frame.bottom + LINE, title))
    }
}

/// Where the `n`-th of so many places lies, from 0 to 1.
pub(super) fn part(n: usize, places: usize) -> f64 {
    n as f64 / places.saturating_sub(1).max(1) as f64
}

fn below(x: f64, bottom: f64, text: &str) -> Markup {
    html! { text.quiet x=(at(x)) y=(at(bottom + 16.0)) text-anchor="middle" { (text) } }
}

/// The line at 0 is darker.
fn line(tick: f64) -> &'static str {
    if tick == 0.0 { "zero" } else { "axis" }
}
