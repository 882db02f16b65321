//! One figure of several schemes over their seeds, a strip each.

use maud::{Markup, html};

use super::{at, between};
use crate::interpretation::numbers::figure;
use crate::render::document::Strips;
use crate::words::shortened;

const WIDTH: f64 = 720.0;
/// Room for the names.
const NAMES: f64 = 200.0;
const ROW: f64 = 22.0;
const RIGHT: f64 = 16.0;
/// A longer name is cut.
const LONGEST: usize = 30;

/// A strip a row, over one range.
pub(crate) fn strips(strips: &Strips) -> Markup {
    let [low, high] = strips.range();
    let (title, strips) = (&strips.title, &strips.rows);
    let x = |value: f64| NAMES + (WIDTH - NAMES - RIGHT) * between(low, high, value);
    let bottom = strips.len() as f64 * ROW + 6.0;
    let ticks = [
        (low, "middle"),
        (f64::midpoint(low, high), "middle"),
        (high, "end"),
    ];
    html! {
        div.wide { svg viewBox={ "0 0 " (at(WIDTH)) " " (at(bottom + 20.0)) } role="group" aria-label=(title) {
            @for (tick, anchor) in ticks {
                line.axis x1=(at(x(tick))) x2=(at(x(tick))) y1="0" y2=(at(bottom)) {}
                text.quiet x=(at(x(tick))) y=(at(bottom + 15.0)) text-anchor=(anchor) {
                    (figure(tick))
                }
            }
            @for (n, strip) in strips.iter().enumerate() {
                @let y = n as f64 * ROW + ROW / 2.0 + 3.0;
                @let [least, lower, median, upper, most] = strip.quartiles;
                @let told = format!(
                    "{}: median {}, middle half {} to {}, all {} to {}",
                    strip.label, figure(median), figure(lower), figure(upper), figure(least), figure(most)
                );
                text x=(at(NAMES - 8.0)) y=(at(y + 4.0)) text-anchor="end" { (shortened(&strip.label, LONGEST)) }
                line.range x1=(at(x(least))) x2=(at(x(most))) y1=(at(y)) y2=(at(y)) {}
                line.half x1=(at(x(lower))) x2=(at(x(upper))) y1=(at(y)) y2=(at(y)) {}
                line.median x1=(at(x(median))) x2=(at(x(median))) y1=(at(y - 6.0)) y2=(at(y + 6.0)) {}
                rect.hit x="0" y=(at(y - ROW / 2.0)) width=(at(WIDTH)) height=(at(ROW)) tabindex="0" role="img"
                    aria-label=(told) data-told=(told) {}
            }
        } }
    }
}
