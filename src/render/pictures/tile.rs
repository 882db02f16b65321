//! A small image, a colour a pixel: what a picture, a page and a terminal each draw in their own way.

use super::colour::{Colour, PAPER, Scale, ink, over};
use super::pixels::Pixels;

/// How dark an image below its relevance is, beside one on its own.
const GREY: f64 = 0.35;

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

    /// Over values in grey, which show through where `relevance` is small beside its largest size.
    pub(super) fn over(
        &self,
        pixels: Pixels,
        values: &[f64],
        relevance: &[f64],
        largest: f64,
    ) -> Self {
        let under = Self::values(pixels, values);
        let covers = |r: f64| {
            if largest == 0.0 {
                0.0
            } else {
                (r / largest).abs().sqrt()
            }
        };
        let colours = self.colours.iter().zip(under.colours).zip(relevance);
        Self {
            width: self.width,
            colours: colours
                .map(|((&colour, under), &r)| {
                    let grey = over(PAPER, under, GREY);
                    over(grey, colour, covers(r))
                })
                .collect(),
        }
    }

    /// How many rows there are.
    pub(crate) fn height(&self) -> usize {
        self.colours.len() / self.width.max(1)
    }
}

/// The values from the least (or 0) to the largest, as 0 to 1.
pub(super) fn greys(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(0.0, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    values.iter().map(|x| (x - low) / range).collect()
}
