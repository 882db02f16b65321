//! A picture as a PNG file.

use std::io;

use super::colour::{Colour, PAPER, over};
use super::picture::{Mark, Picture};
use super::{Tile, typeface};
use crate::words::grouped;

/// A picture of more pixels than this is refused: its colours alone fill 200 MB.
const MOST_PIXELS: usize = 1 << 26;

impl Picture {
    /// The bytes of a PNG file.
    ///
    /// # Errors
    ///
    /// Where the picture is too large to be held in memory.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        let mut canvas = Canvas::new(self.width, self.height)?;
        for mark in &self.marks {
            canvas.draw(mark);
        }
        png([self.width, self.height], &canvas.pixels)
    }
}

impl Tile {
    /// The bytes of a PNG file of one pixel a value.
    pub(crate) fn png(&self) -> io::Result<Vec<u8>> {
        png([self.width, self.height()], self.colours.as_flattened())
    }
}

/// The pixels of a picture.
struct Canvas {
    width: usize,
    height: usize,
    /// Red, green and blue of each.
    pixels: Vec<u8>,
}

impl Canvas {
    /// Empty; refused where it is larger than [`MOST_PIXELS`].
    fn new(width: usize, height: usize) -> io::Result<Self> {
        if width.saturating_mul(height) > MOST_PIXELS {
            let most = grouped(MOST_PIXELS);
            return Err(io::Error::other(format!(
                "a picture of {width} × {height} pixels; at most {most} are drawn"
            )));
        }
        Ok(Self {
            width,
            height,
            pixels: PAPER.repeat(width * height),
        })
    }

    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Fill { at, size, colour } => self.fill(*at, *size, *colour),
            Mark::Tile { at, size, tile, .. } => self.tile(*at, *size, tile),
            Mark::Text { at, style, text } => {
                let start = [style.left(at[0], text), at[1] as f32];
                typeface::cover(text, style.size, start, |place, covered| {
                    self.blend(place, style.colour, f64::from(covered));
                });
            }
        }
    }

    /// A rectangle; what lies outside is left out.
    fn fill(&mut self, [x, y]: [usize; 2], [w, h]: [usize; 2], colour: Colour) {
        let columns = x.min(self.width)..(x + w).min(self.width);
        for row in y..(y + h).min(self.height) {
            let line = &mut self.pixels[3 * row * self.width..3 * (row + 1) * self.width];
            for pixel in line[3 * columns.start..3 * columns.end].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// An image, whose values become rectangles side by side.
    fn tile(&mut self, [x, y]: [usize; 2], size: [usize; 2], tile: &Tile) {
        let sides = [tile.width, tile.height()];
        let edge = |axis: usize, n: usize| n * size[axis] / sides[axis];
        for (n, &colour) in tile.colours.iter().enumerate() {
            let (column, row) = (n % tile.width, n / tile.width);
            let [left, top] = [edge(0, column), edge(1, row)];
            let [right, bottom] = [edge(0, column + 1), edge(1, row + 1)];
            self.fill([x + left, y + top], [right - left, bottom - top], colour);
        }
    }

    /// A pixel under a colour that covers a part of it; none where it lies outside.
    fn blend(&mut self, [x, y]: [i64; 2], colour: Colour, alpha: f64) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x < self.width && y < self.height {
            let at = 3 * (y * self.width + x);
            let under = [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]];
            self.pixels[at..at + 3].copy_from_slice(&over(under, colour, alpha));
        }
    }
}

/// The bytes of a PNG file; `pixels` are red, green and blue of each.
fn png([width, height]: [usize; 2], pixels: &[u8]) -> io::Result<Vec<u8>> {
    let side = |side: usize| u32::try_from(side).map_err(io::Error::other);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side(width)?, side(height)?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    // Flat colours and letters pack better as they are than as differences.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
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

    #[test]
    fn what_lies_outside_of_a_picture_is_left_out() {
        let mut canvas = Canvas::new(4, 3).expect("small");
        canvas.fill([2, 1], [9, 9], [0; 3]);
        canvas.fill([9, 9], [1, 1], [0; 3]);
        canvas.blend([-1, 0], [0; 3], 1.0);
        canvas.blend([4, 0], [0; 3], 1.0);
        let dark = canvas.pixels.chunks(3).filter(|pixel| *pixel == [0; 3]);
        assert_eq!(dark.count(), 4);
    }
}
