//! Images side by side in a terminal, with what each is below it.

use super::halves::{Depth, Zoom, halves};
use super::rows::broken;
use super::{QUIET, Text};
use crate::render::pictures::{ColourBar, Image, Images, Tile};

/// Between two images.
const GAP: usize = 2;
/// How far images are set in.
const INDENT: usize = 2;
/// So many images stand side by side at least, however small they become.
const BESIDE: usize = 2;
/// An image of no more rows of pixels takes little room.
const FLAT: usize = 20;
/// An image of fewer pixels is enlarged.
const LEGIBLE: usize = 18;
/// So wide are images of which there are many.
const SMALL: usize = 16;
/// What an image is has so much room below it, at least.
const LABEL: usize = 12;
/// No image is higher, in pixels.
const HIGHEST: usize = 80;
/// So wide is the part of a colour bar from one label to the next.
const BAR: usize = 12;

impl Text {
    /// Images, as many side by side as there is room for; nothing where the terminal has no colours for them.
    pub(super) fn drawn(self, images: &Images) -> String {
        let Some(depth) = self.images else {
            return String::new();
        };
        let all: Vec<&Image> = images.groups.iter().flatten().collect();
        let side = |of: fn(&Tile) -> usize| all.iter().map(|image| of(&image.tile)).max();
        let sides = [side(|tile| tile.width), side(Tile::height)].map(|side| side.unwrap_or(1));
        let (zoom, most) = self.fitting_images(sides, all.len(), images.large);
        let width = zoom.side(sides[0]).max(LABEL);
        let cell = |image: &&Image| {
            let mut lines = halves(&image.tile, zoom, depth);
            let space = " ".repeat(width - zoom.side(image.tile.width));
            for line in &mut lines {
                line.push_str(&space);
            }
            // Images of one size end together, so that what they are stands in a line.
            let words = image.words();
            let labels = broken(&words, width);
            lines.extend(labels.iter().map(|line| format!("{line:width$}")));
            lines
        };
        let rows = rows(&images.groups, most);
        let rows = rows
            .iter()
            .map(|row| beside(&row.iter().map(cell).collect::<Vec<_>>(), width));
        let mut text: String = rows.collect();
        text.extend(images.bar.iter().map(|bar| colour_bar(bar, depth)));
        if let Zoom::Out(times) = zoom {
            let made = format!(
                "1 character = {times} × {} pixels, of which the strong ones count most",
                2 * times
            );
            text += &format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(&made, INDENT));
        }
        text
    }

    /// The size at which images of these sides are drawn, and how many of them stand side by side.
    fn fitting_images(
        self,
        [width, height]: [usize; 2],
        number: usize,
        large: bool,
    ) -> (Zoom, usize) {
        let fit = |out: usize| match out {
            1 => Zoom::In((LEGIBLE / width.max(height)).max(1)),
            _ => Zoom::Out(out),
        };
        let room = self.width.saturating_sub(INDENT) + GAP;
        let widest = if large { usize::MAX } else { SMALL };
        let out = width.div_ceil(widest).max(height.div_ceil(HIGHEST)).max(1);
        let most = room / (fit(out).side(width).max(LABEL) + GAP);
        // A flat image that fits alone is better read in full than beside another in half its size.
        let least = if most == 1 && height <= FLAT {
            1
        } else {
            BESIDE
        };
        let most = most.max(least).min(number).max(1);
        let each = (room / most).saturating_sub(GAP).max(1);
        (fit(out.max(width.div_ceil(each))), most)
    }
}

/// What the colours stand for, in a line: `R  0 ▀▀▀▀ 0.25`.
fn colour_bar(bar: &ColourBar, depth: Depth) -> String {
    let parts = bar.labels.len().saturating_sub(1).max(1);
    let last = bar.tile.width - 1;
    let mut line = format!("{:INDENT$}{QUIET}{} {QUIET:#}", "", bar.of);
    for (n, label) in bar.labels.iter().enumerate() {
        line += &format!(" {QUIET}{label}{QUIET:#}");
        if n < parts {
            let colour = |at: usize| bar.tile.colours[last * (n * BAR + at) / (parts * BAR - 1)];
            let row: Vec<_> = (0..BAR).map(colour).collect();
            let tile = Tile {
                width: BAR,
                colours: row.repeat(2),
            };
            line += " ";
            line.extend(halves(&tile, Zoom::In(1), depth));
        }
    }
    line + "\n"
}

/// Images in rows of so many at most, those of a group in one row where it has room for them.
fn rows(groups: &[Vec<Image>], most: usize) -> Vec<Vec<&Image>> {
    let mut rows: Vec<Vec<&Image>> = Vec::new();
    for part in groups.iter().flat_map(|group| group.chunks(most)) {
        match rows.last_mut().filter(|row| row.len() + part.len() <= most) {
            Some(row) => row.extend(part),
            None => rows.push(part.iter().collect()),
        }
    }
    rows
}

/// Cells of lines of one width side by side.
fn beside(cells: &[Vec<String>], width: usize) -> String {
    let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
    let blank = " ".repeat(width);
    let line = |n: usize| {
        let parts = cells
            .iter()
            .map(|cell| cell.get(n).unwrap_or(&blank).as_str());
        let line = parts.collect::<Vec<_>>().join(&" ".repeat(GAP));
        format!("{:INDENT$}{}\n", "", line.trim_end())
    };
    (0..lines).map(line).collect()
}
