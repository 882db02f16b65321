//! Relevance as pictures: PNG files of one explanation or of a whole training.
//!
//! Colours are those of ColorBrewer's PuOr, which the colour-blind can tell apart: white is 0, orange positive, purple
//! negative relevance.

mod canvas;
mod heatmap;
mod sheet;

pub use heatmap::{Overlay, heatmap};
pub(crate) use heatmap::{relevance_png, relevance_png_to, sides, value_png};
pub use sheet::sheet;
