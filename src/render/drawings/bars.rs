//! A strip of bars: the relevance of a handful of inputs at a glance.

use maud::{Markup, html};

use super::sheet::at;
use crate::measure::largest_size;

/// What the strip is high.
const HEIGHT: f64 = 40.0;

/// A bar a value, up from the line of 0 or down from it, each up to the largest size.
pub(crate) fn bars(values: &[f64]) -> Markup {
    let largest = largest_size(values);
    let lowest = if values.iter().any(|v| *v < 0.0) {
        2.0
    } else {
        1.0
    };
    let zero = HEIGHT / lowest;
    let outline = |is_drawn: fn(f64) -> bool| {
        let drawn = values
            .iter()
            .enumerate()
            .filter(|(_, value)| is_drawn(**value));
        let bar = |(n, value): (usize, &f64)| {
            format!(
                "M{n}.1 {0}h.8v{1}h-.8z",
                at(zero),
                at(-value / largest * zero)
            )
        };
        drawn.map(bar).collect::<String>()
    };
    html! {
        svg.bars viewBox={ "0 0 " (values.len()) " " (HEIGHT) } preserveAspectRatio="none" aria-hidden="true" {
            path.plus d=(outline(|value| value > 0.0)) {}
            path.minus d=(outline(|value| value < 0.0)) {}
            path.zero d={ "M0 " (at(zero)) "h" (values.len()) } {}
        }
    }
}
