//! Drawings of a page: SVG whose parts tell their amounts, and small images.

mod axis;
mod band;
mod bars;
mod contact;
mod curves;
mod flow;
mod images;
mod legend;
mod plane;
mod scale;
mod sheet;
mod strips;
mod style;
mod vector;

pub(crate) use axis::Unit;
pub(crate) use bars::bars;
pub(crate) use contact::contact;
pub(crate) use curves::{Chart, Series, curves};
pub(crate) use flow::flow;
pub(crate) use images::{images, label, thumbnail};
pub(crate) use plane::plane;
pub(crate) use strips::{Strip, Strips, strips};
pub(crate) use style::STYLE;
pub(crate) use vector::Vector;
