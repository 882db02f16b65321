//! Inputs and their relevance as images, ready for every format that shows any.

use super::{Pixels, Tile};
use crate::result::Layer;

/// Images in groups that stay together, as many in a row as there is room for.
#[derive(Debug, Clone)]
pub(crate) struct Images {
    pub(crate) groups: Vec<Vec<Image>>,
    /// Whether each is shown large.
    pub(crate) large: bool,
}

/// An image, what it is, and what stands below it.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) tile: Tile,
    pub(crate) alt: String,
    pub(crate) text: String,
}

/// The input of a sample beside its relevance.
pub(crate) fn input(pixels: Pixels, layer: &Layer) -> Images {
    let relevance = Image {
        tile: Tile::relevance(pixels, &layer.relevance),
        alt: "the relevance of the input, pixel by pixel".to_owned(),
        text: "relevance".to_owned(),
    };
    Images {
        groups: vec![vec![values(pixels, layer), relevance]],
        large: true,
    }
}

/// The input of a sample beside its relevance under each rule.
pub(crate) fn inputs(pixels: Pixels, by_rule: &[(String, &Layer)]) -> Images {
    let relevance = by_rule.iter().map(|(rule, layer)| Image {
        tile: Tile::relevance(pixels, &layer.relevance),
        alt: format!("the relevance of the input under {rule}, pixel by pixel"),
        text: rule.clone(),
    });
    let first = by_rule.first().map(|(_, layer)| values(pixels, layer));
    // Each on its own, so that as many stand in a row as there is room for.
    let groups = first.into_iter().chain(relevance);
    Images {
        groups: groups.map(|image| vec![image]).collect(),
        large: true,
    }
}

fn values(pixels: Pixels, layer: &Layer) -> Image {
    Image {
        tile: Tile::values(pixels, &layer.activations),
        alt: "the input".to_owned(),
        text: "input".to_owned(),
    }
}
