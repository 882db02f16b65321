//! The most relevant channels of a level as small images: what each saw, beside what it carries.

use super::document::{Block, Drawing, Picture};
use super::pictures::{ColourBar, ColourScale, Image, Images, Pixels, Tile};
use super::table::Cell;
use crate::result::{Amount, Channel, Channels, NetworkInfo, Sample};

/// The maps of a level, where it is an image of channels and is there whole.
pub(super) fn maps<N: Amount>(
    network: &NetworkInfo,
    sample: &Sample<N>,
    l: usize,
) -> Option<Block> {
    let of = sample
        .channels
        .iter()
        .find(|channels| channels.layer == l)?;
    let [all, height, width] = network.layers[l].shape[..] else {
        return None;
    };
    let pixels = Pixels::grey(height, width);
    let sample = sample.decimals();
    let layer = &sample.layers[l];
    let chosen = |values: &[f64]| -> Vec<f64> {
        let channel =
            |one: &Channel| one.channel * pixels.count()..(one.channel + 1) * pixels.count();
        let each = of
            .channels
            .iter()
            .filter_map(|one| values.get(channel(one)));
        each.flatten().copied().collect()
    };
    let (activations, relevance) = (chosen(&layer.activations), chosen(&layer.relevance));
    if layer.left_out || relevance.is_empty() {
        return None;
    }
    // All channels as one tall image, so that they share a scale.
    let tall = Pixels::grey(height * of.channels.len(), width);
    let scale = ColourScale::of(&relevance);
    let carries = relevance.iter().any(|&r| r != 0.0);
    let activations = Tile::values(tall, &activations);
    let relevance = Tile::scaled(tall, &relevance, scale);
    let pairs = cut(&activations, pixels).zip(cut(&relevance, pixels));
    let pairs = of.channels.iter().zip(pairs);
    Some(Block::Maps(Picture {
        drawing: Drawing::Images(Images {
            groups: pairs.map(|(one, (x, r))| pair(one, x, r)).collect(),
            large: false,
            bar: carries.then(|| ColourBar::of_relevance(scale)),
        }),
        caption: format!(
            "Feature maps of {}: {}, each with its activation, dark where it is large, beside its relevance. \
             Activations have one scale, and so has relevance, in the unit of f(x).",
            network.layer_in_headline(l),
            called(of, all)
        ),
    }))
}

/// Which channels are shown.
fn called(of: &Channels, all: usize) -> String {
    if of.channels.len() < all {
        format!(
            "the {} of its {all} channels that carry most",
            of.channels.len()
        )
    } else {
        format!("its {all} channels")
    }
}

/// The images of which a tall one is made, from its top.
fn cut(tall: &Tile, pixels: Pixels) -> impl Iterator<Item = Tile> {
    tall.colours
        .chunks(pixels.count())
        .map(move |colours| Tile {
            width: pixels.width,
            colours: colours.to_vec(),
        })
}

/// A channel: what it saw, and what it carries.
fn pair(one: &Channel, activation: Tile, relevance: Tile) -> Vec<Image> {
    let channel = format!("channel {}", one.channel);
    let share = one
        .share
        .map(|share| [Cell::Words("\n".to_owned()), Cell::share(share)]);
    let carries = [Cell::words("R "), Cell::number(one.relevance)];
    vec![
        Image {
            wrong: false,
            tile: activation,
            alt: format!("the activation of {channel}, place by place"),
            text: vec![Cell::words(&channel)],
        },
        Image {
            wrong: false,
            tile: relevance,
            alt: format!("the relevance of {channel}, place by place"),
            text: carries
                .into_iter()
                .chain(share.into_iter().flatten())
                .collect(),
        },
    ]
}
