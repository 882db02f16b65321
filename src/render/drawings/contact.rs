//! A contact sheet: images in rows and columns.

use maud::{Markup, html};

use super::images::{colour_bar, pixels};
use super::sheet::{Sheet, at, fitting, text_width};
use super::tile::{self, BAR_HEIGHT, bar_width, size};
use super::vector::Vector;
use crate::render::pictures::{ColourBar, Image};

/// What a contact sheet shows.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    /// What the two lines above each column are.
    pub(crate) of: [String; 2],
    /// What a column is, in two lines.
    pub(crate) columns: Vec<[String; 2]>,
    pub(crate) parts: Vec<Part>,
    /// What the colours stand for.
    pub(crate) bar: ColourBar,
}

/// Rows under a title.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) title: String,
    /// What each row is of, and its images.
    pub(crate) rows: Vec<(Image, Vec<Shown>)>,
}

/// An image, or why there is none.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    Image(Image),
    Nothing(&'static str),
}

impl Shown {
    fn text(&self) -> &str {
        match self {
            Self::Image(image) => &image.text,
            Self::Nothing(why) => why,
        }
    }
}

/// In a page: a table for each part, beside each other where there is room.
pub(crate) fn contact(contact: &Contact) -> Markup {
    html! {
        div.contact {
            @for part in &contact.parts { (table(contact, part)) }
        }
        (colour_bar(&contact.bar))
    }
}

fn table(contact: &Contact, part: &Part) -> Markup {
    html! {
        div.scroll role="group" aria-label=(part.title) {
            table {
                caption { (part.title) }
                thead { tr {
                    @for [name, more] in [&contact.of].into_iter().chain(&contact.columns) {
                        th scope="col" { (name) br; (more) }
                    }
                } }
                tbody { @for (first, shown) in &part.rows { tr {
                    th scope="row" { (pixels(&first.tile, &first.alt)) (first.text) }
                    @for shown in shown { (cell(shown)) }
                } } }
            }
        }
    }
}

fn cell(shown: &Shown) -> Markup {
    match shown {
        Shown::Image(image) => html! {
            td.wrong[image.wrong] { (pixels(&image.tile, &image.alt)) span { (image.text) } }
        },
        Shown::Nothing(why) => html! { td { span.nothing { (why) } } },
    }
}

/// How long the longer side of an image is in a file.
const SIDE: f64 = 64.0;
/// Between images.
const SPACE: f64 = 12.0;
/// A line of letters.
const LINE: f64 = 16.0;
/// A row with its letters.
const ROW: f64 = SIDE + LINE + SPACE;

/// The same as a drawing of its own, the parts below each other.
pub(crate) fn contact_sheet(contact: &Contact, title: &str) -> Vector {
    let column = widest(contact).clamp(SIDE, 2.0 * SIDE) + SPACE;
    let heights = contact
        .parts
        .iter()
        .map(|part| 4.0 * LINE + ROW * part.rows.len() as f64 + SPACE);
    let heights: Vec<f64> = heights.collect();
    let top = |n: usize| heights[..n].iter().sum::<f64>();
    let bottom = top(heights.len());
    let width = column * (contact.columns.len() + 1) as f64;
    let width = width.max(bar_width(&contact.bar));
    Vector {
        name: "contact-sheet".to_owned(),
        title: title.to_owned(),
        sheet: Sheet {
            width,
            height: bottom + BAR_HEIGHT,
            least: width,
            marks: html! {
                @for (n, part) in contact.parts.iter().enumerate() { (drawn(contact, part, top(n), column)) }
                (tile::colour_bar(&contact.bar, (0.0, bottom)))
            },
        },
        narrow: None,
        beside: false,
    }
}

/// How wide the widest text of a column is.
fn widest(contact: &Contact) -> f64 {
    let rows = contact.parts.iter().flat_map(|part| &part.rows);
    let cells = rows.flat_map(|(first, shown)| {
        let shown = shown.iter().map(Shown::text);
        shown.chain([first.text.as_str()])
    });
    let heads = contact.columns.iter().flatten().map(String::as_str);
    heads.chain(cells).map(text_width).fold(0.0, f64::max)
}

/// A part from `top` down, its columns so wide.
fn drawn(contact: &Contact, part: &Part, top: f64, column: f64) -> Markup {
    let (x, y) = (
        |n: usize| n as f64 * column,
        |n: usize| top + 4.0 * LINE + ROW * n as f64,
    );
    let room = column - SPACE;
    html! {
        text.strong x="0" y=(at(top + LINE)) { (part.title) }
        @for (n, lines) in [&contact.of].into_iter().chain(&contact.columns).enumerate() {
            @for (k, line) in lines.iter().enumerate() {
                text.quiet x=(at(x(n))) y=(at(top + LINE * (k + 2) as f64)) { (fitting(line, room)) }
            }
        }
        @for (n, (first, shown)) in part.rows.iter().enumerate() {
            (image(first, (0.0, y(n)), room))
            @for (k, shown) in shown.iter().enumerate() {
                @match shown {
                    Shown::Image(shown) => (image(shown, (x(k + 1), y(n)), room)),
                    Shown::Nothing(why) => text.quiet x=(at(x(k + 1))) y=(at(y(n) + SIDE / 2.0)) { (why) },
                }
            }
        }
    }
}

/// An image with its corner here, and what is to be said of it.
fn image(image: &Image, (x, y): (f64, f64), room: f64) -> Markup {
    let [width, height] = size(&image.tile, SIDE);
    html! {
        (tile::tile(&image.tile, (x, y), [width, height], &image.alt))
        @if image.wrong { rect.wrong x=(at(x)) y=(at(y)) width=(at(width)) height=(at(height)) {} }
        text.wrong[image.wrong] x=(at(x)) y=(at(y + SIDE + LINE)) { (fitting(&image.text, room)) }
    }
}
