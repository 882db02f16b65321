//! Pixels in a terminal: two to a character, the upper one in the colour of `▀`, the lower one in that of its background.

use std::fmt::Write;

use anstyle::{Ansi256Color, Color, RgbColor, Style};

use crate::render::pictures::Tile;

/// Red, green, blue.
type Colour = [u8; 3];

/// Which colours a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The 256 of most terminals.
    Palette,
    /// All of 24 bits.
    Full,
}

/// How an image gets to the size that it is drawn at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zoom {
    /// A pixel becomes a square of so many.
    In(usize),
    /// A square of so many pixels a side becomes one.
    Out(usize),
}

impl Zoom {
    /// How long a side of so many pixels becomes.
    pub(super) fn side(self, pixels: usize) -> usize {
        match self {
            Self::In(times) => pixels * times,
            Self::Out(times) => pixels.div_ceil(times),
        }
    }
}

/// An image in lines of characters, each as wide as its row of pixels.
pub(super) fn halves(tile: &Tile, zoom: Zoom, depth: Depth) -> Vec<String> {
    let (width, height) = (zoom.side(tile.width), zoom.side(tile.height()));
    let rows: Vec<Vec<Colour>> = (0..height)
        .map(|y| (0..width).map(|x| pixel(tile, zoom, (x, y))).collect())
        .collect();
    let lines = rows.chunks(2);
    lines
        .map(|rows| line(&rows[0], rows.get(1), depth))
        .collect()
}

/// The colour at a place of the image as it is drawn.
fn pixel(tile: &Tile, zoom: Zoom, (x, y): (usize, usize)) -> Colour {
    let times = match zoom {
        Zoom::In(times) => return tile.colours[y / times * tile.width + x / times],
        Zoom::Out(times) => times,
    };
    let rows = (y * times..tile.height()).take(times);
    let columns = (x * times..tile.width).take(times);
    let places = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
    let colours: Vec<Colour> = places
        .map(|(row, column)| tile.colours[row * tile.width + column])
        .collect();
    std::array::from_fn(|part| together(colours.iter().map(|colour| colour[part])))
}

/// Parts of colours as one: the root mean square of how far each is from white. The plain mean would leave next to nothing of
/// a few relevant pixels among many that are not.
fn together(parts: impl ExactSizeIterator<Item = u8> + Clone) -> u8 {
    let number = parts.len().max(1);
    let squares = parts.map(|part| f64::from(u8::MAX - part).powi(2));
    let ink = (squares.sum::<f64>() / number as f64).sqrt();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 255"
    )]
    let ink = ink.round() as u8;
    u8::MAX - ink
}

/// Two rows of pixels, or the last one alone; a style is written where it changes.
fn line(upper: &[Colour], lower: Option<&Vec<Colour>>, depth: Depth) -> String {
    let style = |x: usize| {
        let style = Style::new().fg_color(Some(depth.nearest(upper[x])));
        style.bg_color(lower.map(|lower| depth.nearest(lower[x])))
    };
    let mut line = String::new();
    let mut last = None;
    for x in 0..upper.len() {
        let style = style(x);
        if last != Some(style) {
            // A style lasts until another, which sets the same two colours.
            let _ = write!(line, "{style}");
            last = Some(style);
        }
        line.push('▀');
    }
    line + "\u{1b}[0m"
}

impl Depth {
    /// A colour as the terminal has it.
    fn nearest(self, colour: Colour) -> Color {
        match self {
            Self::Full => RgbColor::from(<(u8, u8, u8)>::from(colour)).into(),
            Self::Palette => Ansi256Color(of_palette(colour)).into(),
        }
    }
}

/// The nearest of the 256 colours: of the cube of 6 × 6 × 6, which begins at 16, or of the 24 greys behind it.
fn of_palette(colour: Colour) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let apart = |one: Colour| -> u32 {
        let parts = one.iter().zip(colour);
        parts.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let cube = (0..216u8).map(|n| {
        let step = |place: u8| STEPS[usize::from(place % 6)];
        (16 + n, [step(n / 36), step(n / 6), step(n)])
    });
    let greys = (0..24u8).map(|n| (232 + n, [8 + 10 * n; 3]));
    let nearest = cube.chain(greys).min_by_key(|(_, one)| apart(*one));
    nearest.map_or(16, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::{Depth, Zoom, halves, of_palette};
    use crate::render::pictures::Tile;

    const WHITE: [u8; 3] = [255; 3];
    const ORANGE: [u8; 3] = [230, 97, 1];

    fn tile(width: usize, colours: &[[u8; 3]]) -> Tile {
        Tile {
            width,
            colours: colours.to_vec(),
        }
    }

    #[test]
    fn two_rows_of_pixels_are_one_line_and_a_colour_is_set_where_it_changes() {
        let tile = tile(3, &[WHITE, WHITE, ORANGE, WHITE, WHITE, WHITE]);
        let lines = halves(&tile, Zoom::In(1), Depth::Full);
        let white = "\u{1b}[38;2;255;255;255m\u{1b}[48;2;255;255;255m▀▀";
        let orange = "\u{1b}[38;2;230;97;1m\u{1b}[48;2;255;255;255m▀\u{1b}[0m";
        assert_eq!(lines, [format!("{white}{orange}")]);
    }

    #[test]
    fn a_last_row_without_another_below_leaves_the_background_alone() {
        let lines = halves(&tile(1, &[ORANGE]), Zoom::In(1), Depth::Palette);
        assert_eq!(lines, ["\u{1b}[38;5;166m▀\u{1b}[0m"]);
    }

    #[test]
    fn a_small_image_is_enlarged_and_of_a_large_one_each_square_is_a_pixel() {
        // Half of it black: 255·√½ from white.
        let [black, grey] = [[0; 3], [75; 3]];
        let two = tile(2, &[WHITE, black]);
        let large = halves(&two, Zoom::In(2), Depth::Full);
        let same = halves(
            &tile(4, &[WHITE, WHITE, black, black].repeat(2)),
            Zoom::In(1),
            Depth::Full,
        );
        assert_eq!(large, same);
        // The square at the edge has what is left.
        let odd = tile(3, &[WHITE, black, ORANGE]);
        let small = halves(&odd, Zoom::Out(2), Depth::Full);
        assert_eq!(
            small,
            halves(&tile(2, &[grey, ORANGE]), Zoom::In(1), Depth::Full)
        );
    }

    #[test]
    fn white_black_and_every_colour_of_the_palette_are_found_in_it() {
        assert_eq!(
            [[0; 3], [255; 3], [8; 3], [95, 135, 175]].map(of_palette),
            [16, 231, 232, 67]
        );
    }
}
