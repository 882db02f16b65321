//! A picture to draw and write on.

use std::io;

use font8x8::{BASIC_FONTS, UnicodeFonts};

use super::colour::{BLACK, Colour, PAPER};
use crate::words::grouped;

/// Width and height of a letter.
pub(crate) const LETTER: usize = 8;

/// A picture of more pixels than this is refused: its colours alone fill 200 MB.
const MOST_PIXELS: usize = 1 << 26;

/// A picture.
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    /// An empty picture; refused where it is larger than [`MOST_PIXELS`].
    pub(crate) fn new(width: usize, height: usize) -> io::Result<Self> {
        if width.saturating_mul(height) > MOST_PIXELS {
            let most = grouped(MOST_PIXELS);
            return Err(io::Error::other(format!(
                "a picture of {width} × {height} pixels; at most {most} are drawn"
            )));
        }
        Ok(Self {
            width,
            height,
            pixels: vec![PAPER[0]; 3 * width * height],
        })
    }

    /// A rectangle; what lies outside is left out.
    pub(crate) fn fill(&mut self, (x, y): (usize, usize), (w, h): (usize, usize), colour: Colour) {
        for row in y..(y + h).min(self.height) {
            for column in x..(x + w).min(self.width) {
                let at = 3 * (row * self.width + column);
                self.pixels[at..at + 3].copy_from_slice(&colour);
            }
        }
    }

    /// A line of letters; a letter that the font does not have becomes `?`.
    pub(crate) fn write(&mut self, (x, y): (usize, usize), text: &str) {
        for (n, letter) in text.chars().enumerate() {
            let shape = BASIC_FONTS.get(letter).or_else(|| BASIC_FONTS.get('?'));
            for (row, bits) in shape.unwrap_or_default().into_iter().enumerate() {
                for column in (0..LETTER).filter(|column| bits >> column & 1 == 1) {
                    self.fill((x + n * LETTER + column, y + row), (1, 1), BLACK);
                }
            }
        }
    }

    /// An image of `width` columns at `zoom` times its size, in a thin frame.
    pub(crate) fn image(
        &mut self,
        (x, y): (usize, usize),
        (width, zoom): (usize, usize),
        colours: impl ExactSizeIterator<Item = Colour>,
    ) {
        let rows = colours.len() / width;
        let side = |n: usize| n * zoom + 2;
        self.fill((x, y), (side(width), side(rows)), [0xbb; 3]);
        for (n, colour) in colours.enumerate() {
            let place = (x + 1 + n % width * zoom, y + 1 + n / width * zoom);
            self.fill(place, (zoom, zoom), colour);
        }
    }

    /// The bytes of a PNG file.
    pub(crate) fn png(&self) -> io::Result<Vec<u8>> {
        let side = |side: usize| u32::try_from(side).map_err(io::Error::other);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, side(self.width)?, side(self.height)?);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::Canvas;

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused() {
        assert!(Canvas::new(1 << 13, 1 << 13).is_ok());
        for (width, height) in [((1 << 13) + 1, 1 << 13), (usize::MAX, 2)] {
            let refused = Canvas::new(width, height).err().expect("too large");
            assert!(
                refused.to_string().contains("at most 67,108,864"),
                "{refused}"
            );
        }
    }
}
