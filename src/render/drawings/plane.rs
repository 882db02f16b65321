//! The root point of a unit with two inputs, in their plane.

use maud::{Markup, html};

use super::axis::{self, Frame, LINE, Unit};
use super::legend::mark;
use super::scale::Scale;
use super::sheet::{Sheet, at, between, fitting, text_width};
use super::vector::Vector;
use crate::interpretation::numbers::figure;
use crate::measure::range;
use crate::result::{TaylorUnit, Value};

const SIDE: f64 = 280.0;
/// Steps of a scale, about.
const STEPS: usize = 4;
/// Beside the plane and above it.
const MARGIN: f64 = 24.0;

/// What is drawn: x, x̃, and the direction in which the pre-activation rises.
struct Drawn {
    x: [f64; 2],
    root: [f64; 2],
    gradient: [f64; 2],
}

impl Drawn {
    /// Of a unit of two inputs; none where a number lies beyond f64.
    fn of(unit: &TaylorUnit) -> Option<Self> {
        let pair = |list: &[Value]| match list {
            [a, b] if a.decimal.is_finite() && b.decimal.is_finite() => {
                Some([a.decimal, b.decimal])
            }
            _ => None,
        };
        Some(Self {
            x: pair(&unit.x)?,
            root: pair(&unit.root)?,
            gradient: pair(&unit.gradient)?,
        })
    }

    /// From where to where each axis goes: both as far, so that a right angle looks like one.
    fn window(&self) -> Option<[[f64; 2]; 2]> {
        let spans = [0, 1].map(|axis| range([self.x[axis], self.root[axis], 0.0]));
        let reach = spans
            .map(|[low, high]| high - low)
            .into_iter()
            .fold(0.0, f64::max);
        let half = if reach > 0.0 { 0.7 * reach } else { 1.0 };
        let window = spans.map(|[low, high]| {
            let middle = f64::midpoint(low, high);
            [middle - half, middle + half]
        });
        window
            .iter()
            .flatten()
            .all(|end| end.is_finite())
            .then_some(window)
    }

    /// Two points of the line on which the pre-activation is 0, outside of the window.
    fn boundary(&self, [[left, right], _]: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
        let [a, b] = self.gradient;
        let length = a.hypot(b);
        let far = if length > 0.0 {
            2.0 * (right - left) / length
        } else {
            0.0
        };
        [far, -far].map(|t| [self.root[0] - t * b, self.root[1] + t * a])
    }
}

/// x, x̃ and the boundary on which the pre-activation is 0; none where a number lies beyond f64.
pub(crate) fn plane(unit: &TaylorUnit, axes: &[String; 2]) -> Option<Vector> {
    let root = Drawn::of(unit)?;
    let window = root.window()?;
    let scales = window.map(|[low, high]| Scale::within(low, high, STEPS));
    let left = axis::room(&scales[1], Unit::Number) + MARGIN;
    let frame = Frame {
        left,
        right: left + SIDE,
        top: MARGIN,
        bottom: MARGIN + SIDE,
    };
    let place = |point: [f64; 2]| {
        let [x, y] = [0, 1].map(|axis| between(window[axis][0], window[axis][1], point[axis]));
        (frame.x(x), frame.y(y))
    };
    let boundary = root.boundary(window);
    if !boundary.iter().flatten().all(|end| end.is_finite()) {
        return None;
    }
    Some(Vector {
        name: format!("plane-{}-{}", unit.layer, unit.unit),
        title: format!(
            "The root point of unit {} in the plane of its inputs",
            unit.unit
        ),
        sheet: Sheet {
            width: frame.right + MARGIN,
            height: frame.bottom + 2.0 * LINE + 4.0,
            least: 300.0,
            marks: html! {
                (axis::along(&scales[0], &frame, Unit::Number))
                (axis::up(&scales[1], &frame, Unit::Number))
                (named(axes, &frame))
                svg x=(at(frame.left)) y=(at(frame.top)) width=(at(SIDE)) height=(at(SIDE)) viewBox={
                    (at(frame.left)) " " (at(frame.top)) " " (at(SIDE)) " " (at(SIDE))
                } {
                    (line("s2", boundary.map(place)))
                    (line("s1", [root.x, root.root].map(place)))
                }
                (point(0, "x", root.x, place(root.x), &frame))
                (point(1, "x̃", root.root, place(root.root), &frame))
            },
        },
        narrow: None,
        beside: false,
    })
}

/// The names of the axes, at their ends.
fn named([right, up]: &[String; 2], frame: &Frame) -> Markup {
    html! {
        text.quiet x=(at(frame.right)) y=(at(frame.bottom + LINE + 14.0)) text-anchor="end" { (fitting(right, SIDE)) " →" }
        text.quiet x="0" y="12" { "↑ " (fitting(up, SIDE)) }
    }
}

fn line(kind: &str, [(x1, y1), (x2, y2)]: [(f64, f64); 2]) -> Markup {
    html! { path.series.(kind) d=(format!("M{} {}L{} {}", at(x1), at(y1), at(x2), at(y2))) {} }
}

/// A point with its name, towards the middle.
fn point(k: usize, name: &str, values: [f64; 2], (x, y): (f64, f64), frame: &Frame) -> Markup {
    let told = format!("{name} = ({}, {})", figure(values[0]), figure(values[1]));
    let (beside, anchor) = if x + text_width(&told) + 10.0 > frame.right {
        (x - 10.0, "end")
    } else {
        (x + 10.0, "start")
    };
    html! {
        (mark(k, x, y, Some((&told, values[0]))))
        text.halo x=(at(beside)) y=(at(y - 8.0)) text-anchor=(anchor) { (told) }
    }
}
