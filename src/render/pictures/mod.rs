//! Relevance as pictures: PNG files of one explanation or of a whole training.
//!
//! Colours are those of ColorBrewer's PuOr, which the colour-blind can tell apart: white is 0, orange positive, purple
//! negative relevance.

mod canvas;
mod colour;
mod colour_bar;
mod heatmap;
mod images;
mod pixels;
mod sheet;
mod tile;

pub(crate) use colour::Scale;
pub(crate) use colour_bar::ColourBar;
pub use heatmap::{Overlay, heatmap};
pub(crate) use images::{Image, Images, apart, input, inputs};
pub(crate) use pixels::Pixels;
pub(crate) use sheet::scale;
pub use sheet::sheet;
pub(crate) use tile::Tile;
