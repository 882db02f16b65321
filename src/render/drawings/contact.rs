//! A contact sheet: images in rows and columns.

use maud::{Markup, html};

use super::images::{colour_bar, pixels};
use crate::render::pictures::{ColourBar, Image, Picture};

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
    /// The same for a file of its own.
    pub(crate) picture: Picture,
}

/// Rows under a title.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) title: String,
    /// What each row is of, and its images.
    pub(crate) rows: Vec<(Image, Vec<Shown>)>,
}

/// An image; or why it shows nothing, and what is to be said of it all the same.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    Image(Image),
    Nothing(&'static str, Image),
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
            table.shots {
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
        Shown::Nothing(why, image) => html! {
            td.wrong[image.wrong] { span.nothing { (why) } span { (image.text) } }
        },
    }
}
