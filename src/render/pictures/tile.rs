//! A small image, a colour a pixel: what a picture, a page and a terminal each draw in their own way.

use std::io;

use super::canvas::Canvas;
use super::colour::{Colour, Scale, ink};
use super::pixels::Pixels;

/// An image, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    pub(crate) width: usize,
    pub(crate) colours: Vec<Colour>,
}

impl Tile {
    /// Values in grey, dark where they are large; several channels are summed.
    pub(crate) fn values(pixels: Pixels, values: &[f64]) -> Self {
        let greys = greys(&pixels.summed(values));
        Self {
            width: pixels.width,
            colours: greys.into_iter().map(ink).collect(),
        }
    }

    /// A number a pixel, coloured by a scale.
    pub(crate) fn scaled(pixels: Pixels, values: &[f64], scale: Scale) -> Self {
        Self {
            width: pixels.width,
            colours: values.iter().map(|&value| scale.colour(value)).collect(),
        }
    }

    /// How many rows there are.
    pub(crate) fn height(&self) -> usize {
        self.colours.len() / self.width.max(1)
    }

    /// The bytes of a PNG file of one pixel a value.
    pub(crate) fn png(&self) -> io::Result<Vec<u8>> {
        let mut canvas = Canvas::new(self.width, self.height())?;
        for (n, &colour) in self.colours.iter().enumerate() {
            canvas.fill((n % self.width, n / self.width), (1, 1), colour);
        }
        canvas.png()
    }
}

/// The values from the least (or 0) to the largest, as 0 to 1.
pub(super) fn greys(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(0.0, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    values.iter().map(|x| (x - low) / range).collect()
}
