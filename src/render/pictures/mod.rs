//! Pictures as data: images of inputs and their relevance for every format, and files of one explanation or of a whole
//! training.
//!
//! A [`Picture`] is laid out once, as marks at their places; one file draws it as PNG and one writes it as SVG.

mod colour;
mod colour_bar;
mod contact;
mod grid;
mod heatmap;
mod images;
mod picture;
mod pixels;
mod sheet;
mod svg_file;
mod tile;
mod to_png;
mod to_svg;
mod typeface;

pub use colour::Colormap;
pub(crate) use colour::ColourScale;
pub(crate) use colour_bar::ColourBar;
pub(crate) use contact::{ContactSheet, Digit};
pub use heatmap::{HeatmapOptions, Overlay, Scales, check_picture, heatmap};
pub(crate) use images::{Image, Images, apart, colours_in_words, input, inputs};
pub use picture::Picture;
pub(crate) use pixels::Pixels;
pub use sheet::sheet;
pub(crate) use svg_file::SvgFile;
pub(crate) use tile::Tile;
pub(crate) use to_svg::address;
pub(crate) use typeface::width as text_width;
