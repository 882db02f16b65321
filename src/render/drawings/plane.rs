//! The root point of a unit with two inputs, in their plane.

use maud::{Markup, html};

use super::at;
use crate::interpretation::numbers::figure;
use crate::measure::range;
use crate::result::TaylorUnit;

const SIDE: f64 = 380.0;
const MARGIN: f64 = 46.0;

/// x, x̃ and the boundary on which the pre-activation is 0; none where a number lies beyond f64.
pub(crate) fn plane(unit: &TaylorUnit, axes: &[String; 2]) -> Option<Markup> {
    let pair = |list: &[crate::result::Value]| match list {
        [a, b] if a.decimal.is_finite() && b.decimal.is_finite() => Some([a.decimal, b.decimal]),
        _ => None,
    };
    let (x, root) = (pair(&unit.x)?, pair(&unit.root)?);
    let gradient = pair(&unit.gradient)?;
    let corners = [x, root, [0.0, 0.0]];
    let span = |axis: usize| range(corners.map(|point| point[axis]));
    let ([left, right], [down, up]) = (span(0), span(1));
    // One scale for both axes, so that a right angle looks like one.
    let reach = (right - left).max(up - down);
    let reach = if reach > 0.0 { 1.3 * reach } else { 1.0 };
    let middle = [f64::midpoint(left, right), f64::midpoint(down, up)];
    let scale = (SIDE - 2.0 * MARGIN) / reach;
    let place = |point: [f64; 2]| {
        [
            SIDE / 2.0 + (point[0] - middle[0]) * scale,
            SIDE / 2.0 - (point[1] - middle[1]) * scale,
        ]
    };
    let length = gradient[0].hypot(gradient[1]);
    let far = 2.0 * reach;
    let ends = [far, -far].map(|t| {
        let along = |a: f64| if length > 0.0 { a / length } else { 0.0 };
        place([
            root[0] - t * along(gradient[1]),
            root[1] + t * along(gradient[0]),
        ])
    });
    let (zero, from, to) = (place([0.0, 0.0]), place(x), place(root));
    let drawn = [ends[0], ends[1], zero, from, to];
    if drawn
        .iter()
        .flatten()
        .any(|coordinate| !coordinate.is_finite())
    {
        return None;
    }
    let told = |name: &str, point: [f64; 2]| {
        format!("{name} = ({}, {})", figure(point[0]), figure(point[1]))
    };
    Some(html! {
        svg.plane viewBox={ "0 0 " (at(SIDE)) " " (at(SIDE)) } role="group"
            aria-label={ "The root point of unit " (unit.unit) " in the plane of its inputs" } {
            line.axis x1="0" x2=(at(SIDE)) y1=(at(zero[1])) y2=(at(zero[1])) {}
            line.axis y1="0" y2=(at(SIDE)) x1=(at(zero[0])) x2=(at(zero[0])) {}
            text.quiet x=(at(SIDE - 4.0)) y=(at(zero[1] - 6.0)) text-anchor="end" { (axes[0]) }
            text.quiet x=(at(zero[0] + 6.0)) y="14" { (axes[1]) }
            line.series.s2 x1=(at(ends[0][0])) y1=(at(ends[0][1])) x2=(at(ends[1][0])) y2=(at(ends[1][1])) {}
            line.series.s1 x1=(at(from[0])) y1=(at(from[1])) x2=(at(to[0])) y2=(at(to[1])) {}
            @for (name, point, at_, kind) in [("x", x, from, "s0"), ("x̃", root, to, "s1")] {
                circle.mark.(kind) cx=(at(at_[0])) cy=(at(at_[1])) r="6" tabindex="0" role="img"
                    aria-label=(told(name, point)) data-told=(told(name, point)) {}
                @let right = at_[0] > SIDE / 2.0;
                text.halo x=(at(if right { at_[0] - 10.0 } else { at_[0] + 10.0 })) y=(at(at_[1] - 8.0))
                    text-anchor=(if right { "end" } else { "start" }) { (told(name, point)) }
            }
        }
    })
}
