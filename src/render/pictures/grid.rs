//! Images in blocks, as many in a row as asked for, with what stands above and below them, and a colour bar.

use super::colour::{LINE, QUIET, WRONG};
use super::picture::{Align, Picture, Style};
use super::{ColourBar, Tile, typeface};
use crate::printable::printable;

/// What the longer side of an image is drawn at, about, where there are at most so many of them.
const SIDES: [(usize, usize); 4] = [(2, 280), (8, 168), (60, 112), (usize::MAX, SMALLEST)];
const SMALLEST: usize = 84;
/// The shorter side of an image is drawn at this at least, where there is room for the longer one.
const THIN: usize = 24;
/// A picture is no wider than this unless a row of blocks is.
const WIDEST: usize = 1600;
/// A picture is no narrower, so that the words below it have room.
const NARROWEST: usize = 320;
/// A block is no narrower, so that what stands below it has room.
const NARROWEST_BLOCK: usize = 132;
/// Around all, and between blocks.
const MARGIN: usize = 16;
/// Between blocks of several images, so that it is seen which belong together.
const APART: usize = 28;
/// Between the images of a block.
const GAP: usize = 6;
const HEADING: usize = 15;
const CAPTION: usize = 12;
/// How wide and high a colour bar is.
const BAR: [usize; 2] = [240, 12];

/// Images in blocks, ready to be laid out.
#[derive(Debug)]
pub(super) struct Grid {
    /// What stands above all.
    pub(super) title: String,
    pub(super) blocks: Vec<Block>,
    pub(super) bar: Option<ColourBar>,
    /// What stands below all.
    pub(super) notes: Vec<String>,
}

/// Images side by side, and lines below them.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) images: Vec<Captioned>,
    pub(super) below: Vec<Line>,
}

/// A line below a block.
#[derive(Debug)]
pub(super) enum Line {
    Words(String),
    /// Of something wrong: red, and so are the frames of the images.
    Wrong(String),
    /// A name, whose end tells as much as its beginning.
    Name(String),
}

/// An image with a line above, and below it as many as its text takes.
#[derive(Debug)]
pub(super) struct Captioned {
    pub(super) tile: Tile,
    pub(super) alt: String,
    pub(super) above: String,
    pub(super) below: String,
}

/// Where the parts of every block are.
struct Layout {
    /// How wide and high an image is.
    image: [usize; 2],
    /// From one image of a block to the next.
    step: usize,
    /// How high what stands above and below an image is.
    above: usize,
    below: usize,
    /// How wide and high a block is.
    block: [usize; 2],
    /// From the end of a block to the beginning of the next one beside it.
    apart: usize,
    columns: usize,
}

impl Grid {
    /// Laid out in so many columns of blocks, or in as many as make the picture about as wide as high.
    pub(super) fn picture(&self, columns: Option<usize>) -> Picture {
        let layout = Layout::new(self, columns);
        let across = layout.columns * (layout.block[0] + layout.apart) - layout.apart + 2 * MARGIN;
        let width = across.max(NARROWEST);
        let room = width - 2 * MARGIN;
        let mut picture = Picture::new(&self.title, width);
        let mut top = MARGIN;
        if !self.title.is_empty() {
            let style = Style::of(HEADING);
            top = picture.paragraph([MARGIN, top], room, style, &self.title) + MARGIN / 2;
        }
        for (n, block) in self.blocks.iter().enumerate() {
            let place = [n % layout.columns, n / layout.columns];
            let left = MARGIN + place[0] * (layout.block[0] + layout.apart);
            let at = [left, top + place[1] * (layout.block[1] + MARGIN)];
            layout.draw(&mut picture, block, at);
        }
        let rows = self.blocks.len().div_ceil(layout.columns);
        let mut y = top + rows * (layout.block[1] + MARGIN);
        if let Some(bar) = &self.bar {
            y = colour_bar(&mut picture, [MARGIN, y], bar);
        }
        let style = Style::of(CAPTION).coloured(QUIET);
        for note in &self.notes {
            y = picture.paragraph([MARGIN, y], room, style, note);
        }
        picture.ending_at(y + MARGIN / 2)
    }
}

impl Layout {
    fn new(grid: &Grid, columns: Option<usize>) -> Self {
        let images = || grid.blocks.iter().flat_map(|block| &block.images);
        let line = |some: bool| if some { Style::of(CAPTION).line() } else { 0 };
        let above = line(images().any(|image| !image.above.is_empty()));
        let sides = |tile: &Tile| [tile.width, tile.height()];
        let [wide, high] = images().fold([1, 1], |[w, h], image| {
            let [wide, high] = sides(&image.tile);
            [w.max(wide), h.max(high)]
        });
        let zoom = zoom(side(images().count()), [wide.min(high), wide.max(high)]);
        let image = [wide * zoom, high * zoom];
        let beside = grid.blocks.iter().map(|block| block.images.len()).max();
        let lines = grid.blocks.iter().map(|block| block.below.len()).max();
        let blocks = grid.blocks.len();
        let beside = beside.unwrap_or(1).max(1);
        let is_named = images().any(|image| !(image.above.is_empty() && image.below.is_empty()));
        // Names above and below several images have room, too.
        let step = image[0].max(if is_named { SMALLEST } else { 0 }) + GAP;
        let below = images().map(|image| below(image, step - GAP).len()).max();
        let below = below.unwrap_or(0) * Style::of(CAPTION).line();
        let block = [
            (beside * step - GAP).max(NARROWEST_BLOCK),
            above + image[1] + below + GAP / 2 + lines.unwrap_or(0) * Style::of(CAPTION).line(),
        ];
        // The room beside the last image of a block is there between its images, too.
        let apart = if beside > 1 {
            APART + step - GAP - image[0]
        } else {
            MARGIN
        };
        Self {
            image,
            step,
            apart,
            above,
            below,
            block,
            // No more than there are blocks, or their row would be wider than what is in it.
            columns: columns
                .unwrap_or_else(|| balanced(blocks, [block[0] + apart - MARGIN, block[1]]))
                .clamp(1, blocks.max(1)),
        }
    }

    fn draw(&self, picture: &mut Picture, block: &Block, [x, y]: [usize; 2]) {
        let style = Style::of(CAPTION);
        let [wide, high] = self.image;
        let is_wrong = |line: &Line| matches!(line, Line::Wrong(_));
        let frame = if block.below.iter().any(is_wrong) {
            (2, WRONG)
        } else {
            (1, LINE)
        };
        for (n, image) in block.images.iter().enumerate() {
            let left = x + n * self.step;
            let room = self.step - GAP;
            picture.write([left, y], room, style, &image.above);
            let at = [left, y + self.above];
            let tile = (image.tile.clone(), &image.alt[..]);
            picture.image(at, [wide, high], frame, tile);
            let beneath = at[1] + high + GAP / 2;
            (below(image, room).iter()).fold(beneath, |y, line| {
                picture.write([left, y], room, style, line)
            });
        }
        let below = y + self.above + high + self.below + GAP / 2;
        let room = self.block[0];
        (block.below.iter()).fold(below, |y, line| match line {
            Line::Words(words) => picture.write([x, y], room, style, words),
            Line::Wrong(words) => picture.write([x, y], room, style.coloured(WRONG), words),
            Line::Name(name) => {
                let name = typeface::shortened_within(&printable(name), CAPTION, room);
                picture.write([x, y], room, style, &name)
            }
        });
    }
}

/// The lines below an image.
fn below(image: &Captioned, room: usize) -> Vec<String> {
    if image.below.is_empty() {
        return Vec::new();
    }
    typeface::lines(&printable(&image.below), CAPTION, room)
}

/// By what an image is enlarged whose longer side is to be drawn at `side`, and more where its shorter one would be thin.
fn zoom(side: usize, [short, long]: [usize; 2]) -> usize {
    let legible = THIN.div_ceil(short).min(WIDEST / 4 / long);
    (side / long).max(legible).max(1)
}

/// What the longer side of each of so many images is drawn at.
fn side(images: usize) -> usize {
    let fitting = SIDES.iter().find(|(most, _)| images <= *most);
    fitting.map_or(SMALLEST, |(_, side)| *side)
}

/// How many columns of so many blocks make a picture about as wide as high.
pub(super) fn balanced(blocks: usize, [wide, high]: [usize; 2]) -> usize {
    let widest = ((WIDEST - MARGIN) / (wide + MARGIN)).max(1);
    let apart = |columns: &usize| {
        let rows = blocks.div_ceil(*columns);
        (columns * (wide + MARGIN)).abs_diff(rows * (high + MARGIN))
    };
    (1..=widest.min(blocks.max(1)))
        .min_by_key(apart)
        .unwrap_or(1)
}

/// A colour bar: what it is of, its colours, and its ends and 0 below them. Gives where the next line begins.
pub(super) fn colour_bar(picture: &mut Picture, [x, y]: [usize; 2], bar: &ColourBar) -> usize {
    let style = Style::of(CAPTION);
    picture.write([x, y], BAR[0], style, &bar.of);
    let left = x + typeface::room(&bar.of, CAPTION) + GAP + 1;
    let alt = format!("the colours of {}", bar.of);
    picture.image([left, y + 1], BAR, (1, LINE), (bar.tile.clone(), &alt));
    let below = y + BAR[1] + GAP / 2;
    let last = bar.labels.len().saturating_sub(1);
    for (n, label) in bar.labels.iter().enumerate() {
        let align = match n {
            0 => Align::Left,
            _ if n == last => Align::Right,
            _ => Align::Middle,
        };
        let at = left + n * BAR[0] / last.max(1);
        picture.write([at, below], BAR[0] / 2, style.aligned(align), label);
    }
    below + style.line() + GAP
}
