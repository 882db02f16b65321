//! One figure of several schemes over their seeds, a strip each.

use maud::{Markup, html};

use super::axis::{self, Frame, LINE, Unit};
use super::scale::Scale;
use super::sheet::{NARROW, Sheet, WIDE, at, fitting, text_width};
use super::vector::Vector;
use crate::measure::range;

/// A strip, and above it on a narrow page its name.
const ROW: f64 = 22.0;
const NAME: f64 = 16.0;
/// Around the strips.
const MARGIN: f64 = 10.0;
/// Beside the strips a longer name is cut.
const LONGEST: f64 = 260.0;
/// How thick the middle half is.
const HALF: f64 = 9.0;
/// Steps of the scale, about.
const STEPS: usize = 5;

/// One figure of several rows, each over many seeds.
#[derive(Debug, Clone)]
pub(crate) struct Strips {
    /// What its drawing is called as a file.
    pub(crate) name: String,
    pub(crate) title: String,
    /// What the figure is.
    pub(crate) legend: String,
    /// What a row is.
    pub(crate) of: &'static str,
    pub(crate) rows: Vec<Strip>,
    pub(crate) unit: Unit,
    /// Whether it is drawn where not all fit.
    pub(crate) chief: bool,
}

/// The least, lower quartile, median, upper quartile and largest of a row.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    pub(crate) label: String,
    pub(crate) quartiles: [f64; 5],
}

impl Strips {
    /// From the least of all rows to the largest.
    pub(crate) fn range(&self) -> [f64; 2] {
        range(self.rows.iter().flat_map(|strip| strip.quartiles))
    }
}

/// A strip a row, over one range from 0.
pub(crate) fn strips(strips: &Strips) -> Vector {
    let names = strips.rows.iter().map(|strip| text_width(&strip.label));
    let beside = names.fold(0.0, f64::max).min(LONGEST) + MARGIN;
    Vector {
        name: strips.name.clone(),
        title: strips.title.clone(),
        sheet: sheet(strips, WIDE, Some(beside)),
        narrow: Some(sheet(strips, NARROW, None)),
        beside: false,
    }
}

/// The names beside the strips where there is room for them, else above.
fn sheet(strips: &Strips, width: f64, beside: Option<f64>) -> Sheet {
    let scale = Scale::from_zero(strips.range(), STEPS);
    let above = if beside.is_none() { NAME } else { 0.0 };
    let row = ROW + above;
    let frame = Frame {
        left: beside.unwrap_or(MARGIN),
        right: width - 2.0 * MARGIN,
        top: 0.0,
        bottom: strips.rows.len() as f64 * row + 4.0,
    };
    let x = |value: f64| frame.x(scale.part(value));
    Sheet {
        width,
        height: frame.bottom + LINE,
        least: NARROW - 40.0,
        marks: html! {
            (axis::along(&scale, &frame, strips.unit))
            @for (n, strip) in strips.rows.iter().enumerate() {
                @let top = n as f64 * row;
                @let y = top + above + ROW / 2.0;
                @if let Some(room) = beside {
                    text x=(at(room - MARGIN)) y=(at(y + 4.0)) text-anchor="end" { (fitting(&strip.label, LONGEST)) }
                } @else {
                    text.halo x="0" y=(at(y - 12.0)) { (fitting(&strip.label, width)) }
                }
                (drawn(strip, y, &x))
                @let told = told(strip, strips.unit);
                rect.hit x="0" y=(at(top)) width=(at(width)) height=(at(row)) role="img" aria-label=(told) data-told=(told) {}
            }
        },
    }
}

/// All, the middle half and the median.
fn drawn(strip: &Strip, y: f64, x: &impl Fn(f64) -> f64) -> Markup {
    let [least, lower, median, upper, most] = strip.quartiles.map(x);
    html! {
        line.range x1=(at(least)) x2=(at(most)) y1=(at(y)) y2=(at(y)) {}
        rect.half x=(at(lower)) y=(at(y - HALF / 2.0)) width=(at(upper - lower)) height=(at(HALF)) {}
        line.median x1=(at(median)) x2=(at(median)) y1=(at(y - 6.0)) y2=(at(y + 6.0)) {}
    }
}

fn told(strip: &Strip, unit: Unit) -> String {
    let [least, lower, median, upper, most] = strip.quartiles.map(|x| unit.told(x));
    format!(
        "{}: median {median}, middle half {lower} to {upper}, all {least} to {most}",
        strip.label
    )
}
