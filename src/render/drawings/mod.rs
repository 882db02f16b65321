//! Drawings of a page: SVG whose parts tell their amounts, and small images.

mod bars;
mod curves;
mod flow;
mod images;
mod plane;
mod strips;

pub(crate) use bars::bars;
pub(crate) use curves::{Series, curves};
pub(crate) use flow::flow;
pub(crate) use images::{images, thumbs};
pub(crate) use plane::plane;
pub(crate) use strips::strips;

/// A coordinate, to a tenth.
fn at(x: f64) -> String {
    format!("{x:.1}")
}

/// Where `x` lies between `low` and `high`, from 0 to 1; halves, so that no difference can leave f64.
fn between(low: f64, high: f64, x: f64) -> f64 {
    let range = high / 2.0 - low / 2.0;
    let part = (x / 2.0 - low / 2.0) / range;
    if part.is_finite() { part } else { 0.0 }
}
