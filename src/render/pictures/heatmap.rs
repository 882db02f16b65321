//! The relevance of one or several images, beside them or over them.

use std::io;

use super::canvas::{Canvas, Colour, LETTER, colour_up_to, ink};
use super::pixels::Pixels;
use crate::error::Invalid;
use crate::interpretation::names::called;
use crate::interpretation::numbers::figure;
use crate::measure::largest_size;
use crate::network::Input;
use crate::result::Sample;
use crate::spelling::{Named, Spelling};

/// How an image and its relevance are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlay {
    /// The image, then its relevance.
    #[default]
    Beside,
    /// Its relevance over the image in grey.
    Over,
    /// Its relevance alone.
    Alone,
}

impl Named for Overlay {
    const KIND: &'static str = "overlay";

    fn all() -> Vec<Self> {
        vec![Self::Beside, Self::Over, Self::Alone]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Beside => Spelling::plain("beside", "The image, then its relevance"),
            Self::Over => Spelling::plain("over", "The relevance over the image"),
            Self::Alone => Spelling::plain("alone", "The relevance alone"),
        }
    }
}

/// What one image is drawn at, at least.
const SIDE: usize = 168;

/// A longer name is cut.
const LONGEST: usize = 40;

/// A row a sample, as a PNG file. Each has its own colour scale up to its largest |R|, lettered
/// beneath with the sample's number and names, and the output that is explained.
///
/// # Errors
///
/// [`Invalid`] inside where the inputs are no image: a shape `[channels, height, width]`, or a square number of them.
pub fn heatmap(
    input: &Input,
    samples: &[Sample],
    overlay: Overlay,
) -> Result<io::Result<Vec<u8>>, Invalid> {
    let pixels = Pixels::of(&input.shape, input.order)?;
    let (height, width) = (pixels.height, pixels.width);
    let zoom = (SIDE / width.max(height)).max(1);
    let (across, down) = (width * zoom + 2, height * zoom + 2);
    let pictures = if overlay == Overlay::Beside { 2 } else { 1 };
    let row = down + 3 * LETTER;
    let several = samples.len() > 1;
    let captions: Vec<String> = (samples.iter().enumerate())
        .map(|(n, sample)| {
            caption(
                sample,
                called((sample.sample, n), [&sample.id, &sample.label], several),
                pixels,
            )
        })
        .collect();
    let longest = captions.iter().map(|text| text.chars().count()).max();
    let room = (pictures * (across + LETTER) + LETTER).max((longest.unwrap_or(0) + 2) * LETTER);
    let mut canvas = match Canvas::new(room, samples.len() * row + LETTER) {
        Ok(canvas) => canvas,
        Err(too_large) => return Ok(Err(too_large)),
    };
    for (n, sample) in samples.iter().enumerate() {
        let (values, relevance) = (&sample.layers[0].activations, &sample.layers[0].relevance);
        let grey = greys(&pixels.summed(values));
        let relevance = pixels.summed(relevance);
        let largest = largest_size(&relevance);
        let of = |r: f64| colour_up_to(largest, r);
        let top = LETTER + n * row;
        let mut left = LETTER;
        if overlay == Overlay::Beside {
            canvas.image((left, top), (width, zoom), grey.iter().map(|x| ink(*x)));
            left += across + LETTER;
        }
        let over = |(r, x): (&f64, &f64)| match overlay {
            Overlay::Over => mixed(of(*r), ink(0.5 * x)),
            _ => of(*r),
        };
        let colours: Vec<Colour> = relevance.iter().zip(&grey).map(over).collect();
        canvas.image((left, top), (width, zoom), colours.into_iter());
        canvas.write((LETTER, top + down + LETTER / 2), &captions[n]);
    }
    Ok(canvas.png())
}

/// Which sample a picture is of and which output of it is explained, and where its colours end.
fn caption(sample: &Sample, called: Option<String>, pixels: Pixels) -> String {
    let largest = largest_size(&pixels.summed(&sample.layers[0].relevance));
    let called = called.map_or_else(String::new, |called| format!("{}: ", short(&called)));
    format!(
        "{called}{} f={}  |R|<={}",
        short(&sample.target.in_words()),
        figure(sample.target.value),
        figure(largest)
    )
}

/// A name as far as a picture has room for it.
fn short(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

/// Relevance as an image of a pixel a value, coloured up to its largest; several channels are summed.
pub(crate) fn relevance_png(pixels: Pixels, relevance: &[f64]) -> io::Result<Vec<u8>> {
    let relevance = pixels.summed(relevance);
    relevance_png_to(pixels, &relevance, largest_size(&relevance))
}

/// The same of a single channel, coloured up to `largest`.
pub(crate) fn relevance_png_to(
    pixels: Pixels,
    relevance: &[f64],
    largest: f64,
) -> io::Result<Vec<u8>> {
    small(pixels, relevance.iter().map(|&r| colour_up_to(largest, r)))
}

/// Values as an image in grey; several channels are summed.
pub(crate) fn value_png(pixels: Pixels, values: &[f64]) -> io::Result<Vec<u8>> {
    let greys = greys(&pixels.summed(values));
    small(pixels, greys.into_iter().map(ink))
}

fn small(pixels: Pixels, colours: impl Iterator<Item = Colour>) -> io::Result<Vec<u8>> {
    let width = pixels.width;
    let mut canvas = Canvas::new(width, pixels.height)?;
    for (n, colour) in colours.enumerate() {
        canvas.fill((n % width, n / width), (1, 1), colour);
    }
    canvas.png()
}

/// The values from the least (or 0) to the largest, as 0 to 1.
fn greys(values: &[f64]) -> Vec<f64> {
    let low = values.iter().copied().fold(0.0, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    values.iter().map(|x| (x - low) / range).collect()
}

/// One colour through another.
fn mixed(a: Colour, b: Colour) -> Colour {
    std::array::from_fn(|n| u8::try_from(u16::from(a[n]) * u16::from(b[n]) / 255).unwrap_or(255))
}
