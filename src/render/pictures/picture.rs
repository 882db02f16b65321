//! A picture as data: marks at their places, which each format draws in its own way.

use std::io;

use super::Tile;
use super::colour::{BLACK, Colour};
use super::typeface;
use crate::printable::printable;
use crate::words::grouped;

/// A picture of more pixels than this is refused: its colours alone fill 200 MB.
const MOST_PIXELS: usize = 1 << 26;

/// From the left and from the top, in pixels.
pub(super) type Place = [usize; 2];

/// Marks on paper, later ones over earlier ones.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What it shows, in words.
    pub(super) title: String,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) marks: Vec<Mark>,
}

/// What is drawn.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A rectangle of one colour.
    Fill {
        at: Place,
        size: [usize; 2],
        colour: Colour,
    },
    /// An image, stretched to this size, and what it is.
    Tile {
        at: Place,
        size: [usize; 2],
        tile: Tile,
        alt: String,
    },
    /// A line of letters that stands on `at`.
    Text {
        at: Place,
        style: Style,
        text: String,
    },
}

/// Which end of a text is at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Middle,
    Right,
}

/// How letters look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: usize,
    pub(super) colour: Colour,
    pub(super) align: Align,
}

impl Style {
    /// Black letters of a size, from the left.
    pub(super) fn of(size: usize) -> Self {
        Self {
            size,
            colour: BLACK,
            align: Align::Left,
        }
    }

    /// The same in another colour.
    pub(super) fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// The same with another end at its place.
    pub(super) fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// From one line to the next.
    pub(super) fn line(self) -> usize {
        self.size + self.size / 3
    }

    /// Where a text begins whose end or middle is at a place.
    pub(super) fn left(self, x: usize, text: &str) -> f32 {
        let width = typeface::width(text, self.size);
        x as f32
            - match self.align {
                Align::Left => 0.0,
                Align::Middle => width / 2.0,
                Align::Right => width,
            }
    }
}

impl Picture {
    /// An empty picture of a width; it ends where it is told to.
    pub(super) fn new(title: &str, width: usize) -> Self {
        Self {
            title: printable(title),
            width,
            height: 0,
            marks: Vec::new(),
        }
    }

    /// The same, of this height.
    pub(super) fn ending_at(self, height: usize) -> Self {
        Self { height, ..self }
    }

    /// Refuses a picture that is too large to be looked at, in whichever format.
    ///
    /// # Errors
    ///
    /// Where it has more pixels than 67,108,864.
    pub fn check(&self) -> io::Result<()> {
        let (width, height) = (self.width, self.height);
        if width.saturating_mul(height) <= MOST_PIXELS {
            return Ok(());
        }
        let most = grouped(MOST_PIXELS);
        Err(io::Error::other(format!(
            "a picture of {width} × {height} pixels; at most {most} are drawn"
        )))
    }

    /// A rectangle of one colour.
    pub(super) fn fill(&mut self, at: Place, size: [usize; 2], colour: Colour) {
        self.marks.push(Mark::Fill { at, size, colour });
    }

    /// An image, which fills `size`, in a frame `wide` around it.
    pub(super) fn image(
        &mut self,
        [x, y]: Place,
        [w, h]: [usize; 2],
        (wide, colour): (usize, Colour),
        (tile, alt): (Tile, &str),
    ) {
        let around = [w + 2 * wide, h + 2 * wide];
        self.fill([x - wide, y - wide], around, colour);
        self.marks.push(Mark::Tile {
            at: [x, y],
            size: [w, h],
            tile,
            alt: printable(alt),
        });
    }

    /// A line of letters below `y`, shortened where there is no room for all of it. Gives where the next line begins.
    pub(super) fn write(&mut self, [x, y]: Place, room: usize, style: Style, text: &str) -> usize {
        let text = typeface::shortened(&printable(text), style.size, room);
        if !text.is_empty() {
            let at = [x, y + style.size];
            self.marks.push(Mark::Text { at, style, text });
        }
        y + style.line()
    }

    /// A text in as many lines as it takes. Gives where the next line begins.
    pub(super) fn paragraph(
        &mut self,
        [x, y]: Place,
        room: usize,
        style: Style,
        text: &str,
    ) -> usize {
        let lines = typeface::lines(&printable(text), style.size, room);
        (lines.iter()).fold(y, |y, line| self.write([x, y], room, style, line))
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused() {
        let of = |width, height| Picture::new("", width).ending_at(height).check();
        assert!(of(1 << 13, 1 << 13).is_ok());
        for (width, height) in [((1 << 13) + 1, 1 << 13), (usize::MAX, 2)] {
            let refused = of(width, height).expect_err("too large").to_string();
            assert!(refused.contains("at most 67,108,864"), "{refused}");
        }
    }
}
