//! A picture as an SVG file that stands alone: its images are inside, and its letters stay letters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use super::Tile;
use super::colour::{Colour, PAPER};
use super::picture::{Align, Mark, Picture};
use super::svg_file::SvgFile;

impl Picture {
    /// The text of an SVG file. Nothing is fetched, and whatever comes from a file stays text.
    pub fn svg(&self) -> String {
        let (width, height) = (self.width, self.height);
        let marks = html! {
            (fill([0, 0], [width, height], PAPER))
            @for mark in &self.marks { (drawn(mark)) "\n" }
        };
        SvgFile {
            title: &self.title,
            frame: [0, 0, width, height].map(|side| side.to_string()),
            style: None,
            marks,
        }
        .text()
    }
}

fn drawn(mark: &Mark) -> Markup {
    match mark {
        Mark::Fill { at, size, colour } => fill(*at, *size, *colour),
        Mark::Tile {
            at: [x, y],
            size: [w, h],
            tile,
            alt,
        } => html! {
            // Pixels stay squares; the first word is for programs that do not know the second.
            image x=(x) y=(y) width=(w) height=(h) preserveAspectRatio="none" href=(address(tile))
                style="image-rendering:optimizeSpeed;image-rendering:pixelated" { title { (alt) } }
        },
        Mark::Text {
            at: [x, y],
            style,
            text,
        } => {
            let anchor = match style.align {
                Align::Left => None,
                Align::Middle => Some("middle"),
                Align::Right => Some("end"),
            };
            html! {
                text x=(x) y=(y) font-size=(style.size) fill=(hex(style.colour)) text-anchor=[anchor] { (text) }
            }
        }
    }
}

fn fill([x, y]: [usize; 2], [w, h]: [usize; 2], colour: Colour) -> Markup {
    html! { rect x=(x) y=(y) width=(w) height=(h) fill=(hex(colour)) {} }
}

fn hex([r, g, b]: Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// An image as an address that holds all of it; empty where it has more pixels than a file may.
pub(crate) fn address(tile: &Tile) -> String {
    let png = tile.png().unwrap_or_default();
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}
