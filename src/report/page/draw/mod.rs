//! Drawings of a page: SVG whose parts tell their amounts, and small images.

mod curves;
mod flow;
mod images;
mod plane;
mod strips;

pub(super) use curves::{Series, curves};
pub(super) use flow::flow;
pub(super) use images::{Shown, images, input};
pub(super) use plane::plane;
pub(super) use strips::{Strip, strips};

/// A coordinate, to a tenth.
fn at(x: f64) -> String {
    format!("{x:.1}")
}
