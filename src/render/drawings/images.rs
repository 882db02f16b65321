//! Images in a page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use crate::render::pictures::{Image, Images};

/// Images in groups, as many in a row as there is room for.
pub(crate) fn images(images: &Images) -> Markup {
    html! {
        div.images.large[images.large] {
            @for group in &images.groups {
                div.group { @for image in group { (one(image)) } }
            }
        }
    }
}

/// Small ones, without words of their own: what they show is said beside them.
pub(crate) fn thumbs(images: &[Image]) -> Markup {
    html! { @for image in images { (pixels(image)) } }
}

fn one(image: &Image) -> Markup {
    html! {
        figure.image {
            (pixels(image))
            figcaption { (image.text) }
        }
    }
}

fn pixels(image: &Image) -> Markup {
    html! {
        @if let Ok(png) = image.tile.png() {
            img width=(image.tile.width) height=(image.tile.height()) alt=(image.alt)
                src={ "data:image/png;base64," (STANDARD.encode(png)) };
        }
    }
}
