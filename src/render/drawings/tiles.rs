//! Images of a page as a drawing of its own.

use maud::html;

use super::sheet::{LETTER, Sheet, WIDE, at};
use super::tile::{BAR_HEIGHT, bar_width, colour_bar, size, tile};
use super::vector::Vector;
use crate::render::pictures::{Image, Images};

/// How long the longer side of an image is, where they are large and where not.
const LARGE: f64 = 168.0;
const SMALL: f64 = 84.0;
/// Between images, and between groups.
const SPACE: f64 = 8.0;
const APART: f64 = 20.0;
/// A line of letters below an image.
const LINE: f64 = 15.0;

/// The images, as many groups in a row as there is room for, and what their colours stand for.
pub(crate) fn tiles(images: &Images, title: &str) -> Vector {
    let side = if images.large { LARGE } else { SMALL };
    let text = |image: &Image| textwrap::wrap(&image.text, letters(side)).len();
    let lines = images.groups.iter().flatten().map(text).max().unwrap_or(0);
    let group = |group: &Vec<Image>| group.len() as f64 * (side + SPACE) - SPACE;
    let row = side + LINE * lines as f64 + APART;
    let (mut x, mut y, mut width) = (0.0, 0.0, images.bar.as_ref().map_or(0.0, bar_width));
    let mut places = Vec::new();
    for images in &images.groups {
        if x > 0.0 && x + group(images) > WIDE {
            (x, y) = (0.0, y + row);
        }
        places.push((x, y));
        width = width.max(x + group(images));
        x += group(images) + APART;
    }
    let bottom = y + row;
    let bar = images.bar.as_ref().map_or(0.0, |_| BAR_HEIGHT);
    let marks = html! {
        @for (images, (left, top)) in images.groups.iter().zip(&places) {
            @for (n, image) in images.iter().enumerate() {
                @let x = left + n as f64 * (side + SPACE);
                @let [width, height] = size(&image.tile, side);
                (tile(&image.tile, (x, *top), [width, height], &image.alt))
                @if image.wrong { rect.wrong x=(at(x)) y=(at(*top)) width=(at(width)) height=(at(height)) {} }
                @for (line, text) in textwrap::wrap(&image.text, letters(side)).iter().enumerate() {
                    text.quiet.wrong[image.wrong] x=(at(x)) y=(at(top + side + LINE * (line + 1) as f64)) { (text) }
                }
            }
        }
        @if let Some(bar) = &images.bar { (colour_bar(bar, (0.0, bottom))) }
    };
    Vector {
        name: "images".to_owned(),
        title: title.to_owned(),
        sheet: Sheet {
            width,
            height: bottom + bar,
            least: width,
            marks,
        },
        narrow: None,
        beside: false,
    }
}

/// How many letters stand below an image in a line.
fn letters(side: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of letters"
    )]
    let letters = (side / LETTER) as usize;
    letters
}
