//! A colour bar: what the colours of images stand for.

use super::colour::{PAPER, over};
use super::tile::covers;
use super::{ColourScale, Tile};
use crate::interpretation::numbers::figure;

/// How many colours a bar has, an odd number, so that one of them is that of 0.
const COLOURS: usize = 129;

/// The colours of a scale from its lower end to its upper one, and what they stand for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColourBar {
    /// A single row of colours.
    pub(crate) tile: Tile,
    /// What they are of: `R`, `part of Σ|R|`.
    pub(crate) of: String,
    /// At equal distances from the lower end to the upper one: −largest, 0, largest; or 0 and the largest.
    pub(crate) labels: Vec<String>,
}

impl ColourBar {
    /// Of a scale, its ends in numbers as `shown` writes them.
    pub(crate) fn new(scale: ColourScale, of: &str, shown: fn(f64) -> String) -> Self {
        Self::labelled(scale, of, &shown(scale.largest))
    }

    /// Of images that have a scale each, up to what `largest` says in words.
    pub(crate) fn labelled(scale: ColourScale, of: &str, largest: &str) -> Self {
        let colours = parts(scale).map(|part| scale.part(part));
        let negative = scale.signed.then(|| format!("−{largest}"));
        let positive = ["0".to_owned(), largest.to_owned()];
        Self {
            tile: Tile {
                width: COLOURS,
                colours: colours.collect(),
            },
            of: of.to_owned(),
            labels: negative.into_iter().chain(positive).collect(),
        }
    }

    /// The same as its colours are where they lie over white.
    pub(super) fn over_white(mut self, scale: ColourScale) -> Self {
        let over_white = |part| over(PAPER, scale.part(part), covers(part));
        self.tile.colours = parts(scale).map(over_white).collect();
        self
    }

    /// Of relevance with a single scale.
    pub(crate) fn of_relevance(scale: ColourScale) -> Self {
        Self::new(scale, "R", figure)
    }

    /// Of relevance under a scale each, whose upper end is the largest |R| of its image.
    pub(crate) fn of_each(scale: ColourScale) -> Self {
        Self::labelled(scale, "R", "largest |R|")
    }
}

/// The values of a bar as parts of the largest, from its lower end to its upper one.
fn parts(scale: ColourScale) -> impl Iterator<Item = f64> {
    let least = if scale.signed { -1.0 } else { 0.0 };
    let step = (1.0 - least) / (COLOURS - 1) as f64;
    (0..COLOURS).map(move |n| least + step * n as f64)
}

#[cfg(test)]
mod tests {
    use super::ColourBar;
    use crate::render::pictures::ColourScale;

    #[test]
    fn a_bar_goes_from_the_least_to_the_largest_value_and_has_its_0_where_it_says() {
        let white = [0xff; 3];
        let positive = ColourBar::of_relevance(ColourScale::new(0.25, false));
        assert_eq!(positive.labels, ["0", "0.25"]);
        assert_eq!(positive.tile.colours[0], white);
        let signed = ColourBar::of_relevance(ColourScale::new(0.25, true));
        assert_eq!(signed.labels, ["−0.25", "0", "0.25"]);
        let colours = &signed.tile.colours;
        assert_eq!(colours[colours.len() / 2], white);
        assert_eq!(colours.last(), positive.tile.colours.last());
        assert_ne!(colours.first(), colours.last());
        let over = signed
            .clone()
            .over_white(ColourScale::new(0.25, true))
            .tile
            .colours;
        assert_eq!(over[over.len() / 2], white);
        assert!(
            over[0] > colours[0],
            "paler: {:?}, {:?}",
            over[0],
            colours[0]
        );
    }
}
