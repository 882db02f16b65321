//! Relevance as pictures: PNG files of one explanation or of a whole training.
//!
//! Colours are those of ColorBrewer's PuOr, which the colour-blind can tell apart: white is 0, orange positive, purple
//! negative relevance.

mod canvas;
mod heatmap;
mod pixels;
mod sheet;

pub use heatmap::{Overlay, heatmap};
pub(crate) use heatmap::{relevance_png, relevance_png_to, value_png};
pub(crate) use pixels::Pixels;
pub use sheet::sheet;
