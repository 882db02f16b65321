//! Images in a page.

use maud::{Markup, html};

use crate::render::pictures::{ColourBar, Image, Images, Tile, address};
use crate::render::table::Cell;

/// Images in groups, as many in a row as there is room for, and what their colours stand for.
pub(crate) fn images(images: &Images) -> Markup {
    html! {
        div.images.large[images.large] {
            @for group in &images.groups {
                div.group { @for image in group { (one(image)) } }
            }
        }
        @if let Some(bar) = &images.bar { (colour_bar(bar)) }
    }
}

/// What the colours of images stand for.
pub(crate) fn colour_bar(bar: &ColourBar) -> Markup {
    let (low, high) = (bar.labels.first(), bar.labels.last());
    let alt = format!(
        "{} by colour, from {} to {}",
        bar.of,
        low.map_or("", String::as_str),
        high.map_or("", String::as_str)
    );
    html! {
        div.colour-bar {
            span.of { (bar.of) }
            (pixels(&bar.tile, &alt))
            div.labels { @for label in &bar.labels { span { (label) } } }
        }
    }
}

/// A small one without what stands below it.
pub(crate) fn thumbnail(image: &Image) -> Markup {
    pixels(&image.tile, &image.alt)
}

/// What stands below an image, its numbers for programs, too.
pub(crate) fn label(image: &Image) -> Markup {
    html! { @for part in &image.text { @match part {
        Cell::Number(x, shown) => data value=(x) { (shown) },
        words => (words.text()),
    } } }
}

fn one(image: &Image) -> Markup {
    html! {
        figure.image.wrong[image.wrong] {
            (pixels(&image.tile, &image.alt))
            figcaption { (label(image)) }
        }
    }
}

pub(super) fn pixels(tile: &Tile, alt: &str) -> Markup {
    html! { img width=(tile.width) height=(tile.height()) alt=(alt) src=(address(tile)); }
}
