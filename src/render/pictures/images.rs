//! Inputs and their relevance as images, ready for every format that shows any.

use super::grid::{Block, Captioned, Grid};
use super::{ColourBar, ColourScale, Picture, Pixels, Tile};
use crate::measure::largest_size;
use crate::render::table::Cell;
use crate::result::{Layer, SampleDifference};

/// Images in groups that stay together, as many in a row as there is room for.
#[derive(Debug, Clone)]
pub(crate) struct Images {
    pub(crate) groups: Vec<Vec<Image>>,
    /// Whether each is shown large.
    pub(crate) large: bool,
    /// What the colours of relevance stand for.
    pub(crate) bar: Option<ColourBar>,
}

/// An image, what it is, and what stands below it.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) tile: Tile,
    pub(crate) alt: String,
    pub(crate) text: Vec<Cell>,
    /// Whether that is of something wrong, such as an answer of the network.
    pub(crate) wrong: bool,
}

impl Image {
    /// What stands below it, without its numbers for programs.
    pub(crate) fn words(&self) -> String {
        self.text.iter().map(Cell::text).collect()
    }
}

impl Images {
    /// The same as a picture of its own, which shows what `title` says.
    pub(crate) fn picture(&self, title: &str) -> Picture {
        let captioned = |image: &Image| Captioned {
            tile: image.tile.clone(),
            alt: image.alt.clone(),
            above: String::new(),
            below: image.words().replace('\n', " "),
        };
        let block = |group: &Vec<Image>| Block {
            images: group.iter().map(captioned).collect(),
            below: Vec::new(),
        };
        let grid = Grid {
            title: String::new(),
            blocks: self.groups.iter().map(block).collect(),
            bar: self.bar.clone(),
            notes: Vec::new(),
        };
        Picture {
            title: title.to_owned(),
            ..grid.picture(None)
        }
    }
}

/// The input of a sample beside its relevance.
pub(crate) fn input(pixels: Pixels, layer: &Layer) -> Images {
    let (tile, scale) = relevance(pixels, layer);
    let relevance = Image {
        tile,
        alt: "the relevance of the input, pixel by pixel".to_owned(),
        text: vec![Cell::words("relevance")],
        wrong: false,
    };
    Images {
        groups: vec![vec![input_image(pixels, &layer.activations), relevance]],
        large: true,
        bar: (scale.largest > 0.0).then(|| ColourBar::of_relevance(scale)),
    }
}

/// The input of a sample beside its relevance under each rule, which has a colour scale of its own.
pub(crate) fn inputs(pixels: Pixels, by_rule: &[(String, &Layer)]) -> Images {
    let first = by_rule
        .first()
        .map(|(_, layer)| input_image(pixels, &layer.activations));
    let mut signed = false;
    let relevance = by_rule.iter().map(|(rule, layer)| {
        let (tile, scale) = relevance(pixels, layer);
        signed |= scale.signed;
        Image {
            tile,
            alt: format!("the relevance of the input under {rule}, pixel by pixel"),
            text: up_to(&format!("{rule}, |R|"), scale),
            wrong: false,
        }
    });
    // Each on its own, so that as many stand in a row as there is room for.
    let groups = first.into_iter().chain(relevance);
    Images {
        groups: groups.map(|image| vec![image]).collect(),
        large: true,
        bar: Some(ColourBar::of_each(ColourScale::new(1.0, signed))),
    }
}

/// The input of a sample beside what moved in it, and the relevance on both sides, each on a scale of its own.
pub(crate) fn apart(pixels: Pixels, one: &SampleDifference) -> Images {
    let summed = [&one.a.relevance, &one.b.relevance, &one.difference];
    let [a, b, d] = summed.map(|numbers| pixels.summed(numbers));
    let own = ColourScale::new(largest_size(&d), true);
    let image = |values: &[f64], scale: ColourScale, name: &str, size: &str, alt: &str| Image {
        tile: Tile::scaled(pixels, values, scale),
        alt: alt.to_owned(),
        text: up_to(&format!("{name}, {size}"), scale),
        wrong: false,
    };
    let moved = "the relevance in B less that in A, pixel by pixel";
    let [of_a, of_b] =
        ["A", "B"].map(|side| format!("the relevance of the input in {side}, pixel by pixel"));
    Images {
        groups: vec![
            vec![
                input_image(pixels, &one.values),
                image(&d, own, "d", "|d|", moved),
            ],
            vec![
                image(&a, ColourScale::of(&a), "A", "|R|", &of_a),
                image(&b, ColourScale::of(&b), "B", "|R|", &of_b),
            ],
        ],
        large: true,
        bar: Some(ColourBar::labelled(own, "R and d", "largest")),
    }
}

/// What the colours of the relevance of these inputs say, each on a scale of its own.
pub(crate) fn colours_in_words<'l>(
    pixels: Pixels,
    layers: impl IntoIterator<Item = &'l Layer>,
) -> &'static str {
    let relevance = layers
        .into_iter()
        .map(|layer| pixels.summed(&layer.relevance));
    let is_signed = relevance.flatten().any(|r| r < 0.0);
    ColourScale::new(1.0, is_signed).in_words()
}

/// Relevance as an image, several channels summed, and its scale, which ends at the largest size.
fn relevance(pixels: Pixels, layer: &Layer) -> (Tile, ColourScale) {
    let relevance = pixels.summed(&layer.relevance);
    let scale = ColourScale::of(&relevance);
    (Tile::scaled(pixels, &relevance, scale), scale)
}

/// What an image is of, and where its scale ends.
fn up_to(what: &str, scale: ColourScale) -> Vec<Cell> {
    vec![
        Cell::Words(format!("{what}\u{a0}≤\u{a0}")),
        Cell::number(scale.largest),
    ]
}

fn input_image(pixels: Pixels, values: &[f64]) -> Image {
    Image {
        tile: Tile::values(pixels, values),
        alt: "the input".to_owned(),
        text: vec![Cell::words("input")],
        wrong: false,
    }
}
