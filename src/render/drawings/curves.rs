//! Figures over steps, as lines.

use maud::{Markup, html};

use super::{at, between};
use crate::interpretation::numbers::figure;
use crate::words::shortened;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 12.0;
/// A row of the legend.
const ROW: f64 = 16.0;
const BOTTOM: f64 = 44.0;
/// Kinds of lines that the style knows.
const KINDS: usize = 4;
/// Labels along the bottom.
const LABELS: usize = 14;

/// A line of a chart; gaps where there is no value.
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) values: Vec<Option<f64>>,
}

/// Series over `places`, which stand at equal distances.
pub(crate) fn curves(title: &str, along: &str, places: &[String], series: &[Series]) -> Markup {
    let values = || {
        series
            .iter()
            .flat_map(|series| series.values.iter().flatten().copied())
    };
    let low = values().fold(0.0, f64::min);
    let high = values().fold(low, f64::max);
    let high = if high > low { high } else { low + 1.0 };
    let top = TOP + ROW * (series.len().div_ceil(KINDS).max(1) as f64);
    let last = places.len().saturating_sub(1).max(1);
    let x = |n: usize| LEFT + (WIDTH - LEFT - RIGHT) * n as f64 / last as f64;
    let y = |value: f64| top + HEIGHT * (1.0 - between(low, high, value));
    let every = places.len().div_ceil(LABELS).max(1);
    html! {
        div.wide { svg viewBox={ "0 0 " (at(WIDTH)) " " (at(top + HEIGHT + BOTTOM)) } role="group" aria-label=(title) {
            @for tick in [low, f64::midpoint(low, high), high] {
                line.axis x1=(at(LEFT)) x2=(at(WIDTH - RIGHT)) y1=(at(y(tick))) y2=(at(y(tick))) {}
                text.quiet x=(at(LEFT - 8.0)) y=(at(y(tick) + 4.0)) text-anchor="end" { (figure(tick)) }
            }
            @for (n, place) in places.iter().enumerate().step_by(every) {
                text.quiet x=(at(x(n))) y=(at(top + HEIGHT + 18.0)) text-anchor="middle" { (place) }
            }
            text.quiet x=(at(f64::midpoint(LEFT, WIDTH - RIGHT))) y=(at(top + HEIGHT + 36.0)) text-anchor="middle" { (along) }
            @for (k, series) in series.iter().enumerate() {
                @let kind = format!("s{}", k % KINDS);
                @let (left, row) = (LEFT + 165.0 * (k % KINDS) as f64, 12.0 + ROW * (k / KINDS) as f64);
                line.series.(kind) x1=(at(left)) x2=(at(left + 26.0)) y1=(at(row)) y2=(at(row)) {}
                text x=(at(left + 32.0)) y=(at(row + 4.0)) { (shortened(&series.name, 22)) }
                path.series.(kind) d=(line(series, x, y)) {}
                @for (n, (value, place)) in series.values.iter().zip(places).enumerate() {
                    @if let Some(value) = value {
                        @let told = format!("{}, {along} {}: {}", series.name, place, figure(*value));
                        circle.mark.(kind) cx=(at(x(n))) cy=(at(y(*value))) r="4.5" tabindex="0" role="img"
                            aria-label=(told) data-told=(told) data-value=(value) {}
                    }
                }
            }
        } }
    }
}

/// The path through the values; it begins again after a gap.
fn line(series: &Series, x: impl Fn(usize) -> f64, y: impl Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (n, value) in series.values.iter().enumerate() {
        if let Some(value) = value {
            path += &format!(
                "{}{} {}",
                if drawing { "L" } else { "M" },
                at(x(n)),
                at(y(*value))
            );
        }
        drawing = value.is_some();
    }
    path
}
