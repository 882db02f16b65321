//! A small image, a colour a pixel: what a picture, a page and a terminal each draw in their own way.

use super::colour::{Colour, ColourScale, PAPER, ink, light, over};
use super::pixels::Pixels;

/// How dark an image below its relevance is, beside one on its own.
const GREY: f64 = 0.5;
/// How much of it relevance covers, where that is largest.
const COVERS: f64 = 0.85;

/// An image, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tile {
    pub(crate) width: usize,
    pub(crate) colours: Vec<Colour>,
}

impl Tile {
    /// Values in their colours where they are some, else in grey.
    pub(crate) fn values(pixels: Pixels, values: &[f64]) -> Self {
        let Some(colours) = pixels.colours(values) else {
            return Self::grey(pixels, values);
        };
        Self {
            width: pixels.width,
            colours: colours.into_iter().map(light).collect(),
        }
    }

    /// Values in grey, dark where they are large; several channels are summed.
    fn grey(pixels: Pixels, values: &[f64]) -> Self {
        let greys = greys(&pixels.summed(values));
        Self {
            width: pixels.width,
            colours: greys.into_iter().map(ink).collect(),
        }
    }

    /// A number a pixel, coloured by a scale.
    pub(crate) fn scaled(pixels: Pixels, values: &[f64], scale: ColourScale) -> Self {
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
        let under = Self::grey(pixels, values);
        let covers = |r: f64| {
            if largest == 0.0 {
                0.0
            } else {
                covers(r / largest)
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

    /// The same with at most so many pixels a side: each is the mean of a square of pixels.
    pub(crate) fn shrunk(&self, most: usize) -> Self {
        let (width, height) = (self.width, self.height());
        let square = width.max(height).div_ceil(most.max(1)).max(1);
        let mean = |left: usize, top: usize| {
            let rows = (top..height.min(top + square)).map(|row| row * width);
            let pixels =
                rows.flat_map(|row| &self.colours[row + left..row + width.min(left + square)]);
            let pixels: Vec<&Colour> = pixels.collect();
            [0, 1, 2].map(|part| {
                let sum: usize = pixels.iter().map(|colour| usize::from(colour[part])).sum();
                u8::try_from(sum / pixels.len()).unwrap_or(u8::MAX)
            })
        };
        let lefts = || (0..width).step_by(square);
        let tops = (0..height).step_by(square);
        Self {
            width: lefts().count(),
            colours: tops
                .flat_map(|top| lefts().map(move |left| (left, top)))
                .map(|(left, top)| mean(left, top))
                .collect(),
        }
    }

    /// How many rows there are.
    pub(crate) fn height(&self) -> usize {
        self.colours.len() / self.width.max(1)
    }
}

/// How much relevance covers that is such a part of the largest: the root, for most of it is small beside that.
pub(super) fn covers(part: f64) -> f64 {
    COVERS * part.abs().sqrt()
}

/// The values from the least (or 0) to the largest, as 0 to 1.
pub(super) fn greys(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(0.0, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    values.iter().map(|x| (x - low) / range).collect()
}
