//! Inputs and their relevance as images inside the page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use crate::measure::parts_of_size;
use crate::render::pictures::{relevance_png, relevance_png_to, value_png};
use crate::result::Layer;

/// An image with what stands below it.
pub(crate) struct Shown {
    png: Option<Vec<u8>>,
    sides: (usize, usize),
    alt: String,
    text: String,
}

impl Shown {
    /// Values in grey.
    pub(crate) fn values(
        sides: (usize, usize),
        values: &[f64],
        (alt, text): (String, String),
    ) -> Self {
        let png = value_png(sides, values).ok();
        Self {
            png,
            sides,
            alt,
            text,
        }
    }

    /// The part of each pixel in Σ|R|, coloured up to `scale`.
    pub(crate) fn parts(
        sides: (usize, usize),
        relevance: &[f64],
        scale: f64,
        (alt, text): (String, String),
    ) -> Self {
        let png = relevance_png_to(sides, &parts_of_size(relevance), scale).ok();
        Self {
            png,
            sides,
            alt,
            text,
        }
    }
}

/// The input of a sample beside its relevance.
pub(crate) fn input(sides: (usize, usize), layer: &Layer) -> Markup {
    let relevance = Shown {
        png: relevance_png(sides, &layer.relevance).ok(),
        sides,
        alt: "the relevance of the input, pixel by pixel".to_owned(),
        text: "relevance".to_owned(),
    };
    let values = Shown::values(
        sides,
        &layer.activations,
        ("the input".to_owned(), "input".to_owned()),
    );
    images(&[vec![values, relevance]], true)
}

/// Images in groups that stay together, as many in a row as there is room for.
pub(crate) fn images(groups: &[Vec<Shown>], large: bool) -> Markup {
    html! {
        div.images.large[large] {
            @for group in groups {
                div.group { @for image in group { (one(image)) } }
            }
        }
    }
}

fn one(image: &Shown) -> Markup {
    html! {
        figure.image {
            @if let Some(png) = &image.png {
                img width=(image.sides.1) height=(image.sides.0) alt=(image.alt)
                    src={ "data:image/png;base64," (STANDARD.encode(png)) };
            }
            figcaption { (image.text) }
        }
    }
}
