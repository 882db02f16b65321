//! Inputs and their relevance as images inside the page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use crate::measure::parts_of_size;
use crate::render::pictures::{Pixels, relevance_png, relevance_png_to, value_png};
use crate::result::Layer;

/// An image with what stands below it.
pub(crate) struct Shown {
    png: Option<Vec<u8>>,
    pixels: Pixels,
    alt: String,
    text: String,
}

impl Shown {
    /// Values in grey.
    pub(crate) fn values(pixels: Pixels, values: &[f64], (alt, text): (String, String)) -> Self {
        let png = value_png(pixels, values).ok();
        Self {
            png,
            pixels,
            alt,
            text,
        }
    }

    /// The part of each pixel in Σ|R|, coloured up to `scale`.
    pub(crate) fn parts(
        pixels: Pixels,
        relevance: &[f64],
        scale: f64,
        (alt, text): (String, String),
    ) -> Self {
        let png = relevance_png_to(pixels, &parts_of_size(relevance), scale).ok();
        Self {
            png,
            pixels,
            alt,
            text,
        }
    }
}

/// The input of a sample beside its relevance.
pub(crate) fn input(pixels: Pixels, layer: &Layer) -> Markup {
    let relevance = Shown {
        png: relevance_png(pixels, &layer.relevance).ok(),
        pixels,
        alt: "the relevance of the input, pixel by pixel".to_owned(),
        text: "relevance".to_owned(),
    };
    let values = Shown::values(
        pixels,
        &layer.activations,
        ("the input".to_owned(), "input".to_owned()),
    );
    images(&[vec![values, relevance]], true)
}

/// The input of a sample beside its relevance under each rule.
pub(crate) fn inputs(pixels: Pixels, by_rule: &[(String, &Layer)]) -> Markup {
    let relevance = by_rule.iter().map(|(rule, layer)| Shown {
        png: relevance_png(pixels, &layer.relevance).ok(),
        pixels,
        alt: format!("the relevance of the input under {rule}, pixel by pixel"),
        text: rule.clone(),
    });
    let values = by_rule.first().map(|(_, layer)| {
        let words = ("the input".to_owned(), "input".to_owned());
        Shown::values(pixels, &layer.activations, words)
    });
    // Each on its own, so that as many stand in a row as there is room for.
    let groups = values.into_iter().chain(relevance);
    images(&groups.map(|image| vec![image]).collect::<Vec<_>>(), true)
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
                img width=(image.pixels.width) height=(image.pixels.height) alt=(image.alt)
                    src={ "data:image/png;base64," (STANDARD.encode(png)) };
            }
            figcaption { (image.text) }
        }
    }
}
