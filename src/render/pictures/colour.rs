//! The colours of values and of relevance.

use crate::measure::largest_size;
use crate::spelling::{Named, Spelling};

/// Red, green, blue.
pub(crate) type Colour = [u8; 3];

/// The colour of letters.
pub(super) const BLACK: Colour = [0x22; 3];
/// The colour of the background.
pub(super) const PAPER: Colour = [0xff; 3];
/// The colour of letters that are less in sight.
pub(super) const QUIET: Colour = [0x55; 3];
/// The colour of frames.
pub(super) const LINE: Colour = [0xbb; 3];
/// The colour of what is wrong, which always has a sign beside it.
pub(super) const WRONG: Colour = [0xc6, 0x28, 0x28];

/// Below this part of the largest value colours fade to white: those of the maps end at a grey.
const FADING: f64 = 0.1;

/// How relevance becomes colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colormap {
    /// ColorBrewer's PuOr.
    #[default]
    PurpleOrange,
    /// ColorBrewer's RdBu, the other way round.
    BlueRed,
    /// The one of matplotlib, from dark to light.
    Viridis,
}

impl Named for Colormap {
    const KIND: &'static str = "colour map";

    fn all() -> Vec<Self> {
        vec![Self::PurpleOrange, Self::BlueRed, Self::Viridis]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::PurpleOrange => Spelling::plain(
                "purple-orange",
                "White is 0, orange positive, purple negative",
            ),
            Self::BlueRed => Spelling::plain("blue-red", "White is 0, red positive, blue negative"),
            Self::Viridis => Spelling::plain(
                "viridis",
                "From dark violet, 0 or the least, over green to yellow, the largest",
            ),
        }
    }
}

/// The values that the ends of a colour map stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ColourScale {
    pub(super) map: Colormap,
    /// The value at the upper end.
    pub(super) largest: f64,
    /// Whether the lower end is the negative of the upper one; else it is 0.
    pub(super) signed: bool,
}

impl ColourScale {
    /// From 0 or −`largest` up to `largest`, in the usual colours.
    pub(crate) fn new(largest: f64, signed: bool) -> Self {
        Self {
            map: Colormap::default(),
            largest,
            signed,
        }
    }

    /// Up to the largest size of some values, and down to its negative where any of them is.
    pub(crate) fn of(values: &[f64]) -> Self {
        Self::new(
            largest_size(values),
            values.iter().any(|&value| value < 0.0),
        )
    }

    /// The same up to another largest value.
    pub(crate) fn up_to(self, largest: f64) -> Self {
        Self { largest, ..self }
    }

    /// The colour of a value; that of 0 where all are 0.
    pub(super) fn colour(self, value: f64) -> Colour {
        self.part(if self.largest == 0.0 {
            0.0
        } else {
            value / self.largest
        })
    }

    /// The colour of a value as a part of the largest, from −1 to 1.
    pub(super) fn part(self, part: f64) -> Colour {
        let from_the_middle = 0.5 + part / 2.0;
        let faded = |colour| over(PAPER, rgb(colour), part.abs() / FADING);
        match (self.map, self.signed) {
            (Colormap::PurpleOrange, _) => {
                faded(colorous::PURPLE_ORANGE.eval_continuous(from_the_middle))
            }
            (Colormap::BlueRed, _) => {
                faded(colorous::RED_BLUE.eval_continuous(1.0 - from_the_middle))
            }
            (Colormap::Viridis, true) => rgb(colorous::VIRIDIS.eval_continuous(from_the_middle)),
            (Colormap::Viridis, false) => rgb(colorous::VIRIDIS.eval_continuous(part)),
        }
    }

    /// What its colours say: `white is 0, orange positive, purple negative`.
    pub(super) fn in_words(self) -> &'static str {
        match (self.map, self.signed) {
            (Colormap::PurpleOrange, true) => "white is 0, orange positive, purple negative",
            (Colormap::PurpleOrange, false) => "white is 0, orange positive",
            (Colormap::BlueRed, true) => "white is 0, red positive, blue negative",
            (Colormap::BlueRed, false) => "white is 0, red positive",
            (Colormap::Viridis, true) => "green is 0, yellow positive, dark violet negative",
            (Colormap::Viridis, false) => "dark violet is 0, yellow the largest",
        }
    }
}

/// Ink on paper, x from 0 to 1.
pub(crate) fn ink(x: f64) -> Colour {
    over(PAPER, [0; 3], x)
}

/// Red, green and blue, each from 0 to 1.
pub(super) fn light(colour: [f64; 3]) -> Colour {
    colour.map(|x| over([0; 3], PAPER, x)[0])
}

/// One colour laid over another; `alpha` is 0 where nothing of it is seen, and 1 where it covers the other.
pub(super) fn over(under: Colour, colour: Colour, alpha: f64) -> Colour {
    let alpha = alpha.clamp(0.0, 1.0);
    std::array::from_fn(|n| {
        let mixed = f64::from(under[n]) * (1.0 - alpha) + f64::from(colour[n]) * alpha;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 255"
        )]
        let byte = mixed.round() as u8;
        byte
    })
}

fn rgb(colour: colorous::Color) -> Colour {
    [colour.r, colour.g, colour.b]
}

#[cfg(test)]
mod tests {
    use super::{BLACK, Colormap, ColourScale, PAPER, over};

    fn scale(map: Colormap, signed: bool) -> ColourScale {
        ColourScale {
            map,
            ..ColourScale::new(2.0, signed)
        }
    }

    #[test]
    fn white_is_0_orange_and_red_positive_and_purple_and_blue_negative() {
        for map in [Colormap::PurpleOrange, Colormap::BlueRed] {
            let scale = scale(map, true);
            assert_eq!(scale.colour(0.0), PAPER);
            let [r, _, b] = scale.colour(2.0);
            assert!(r > b, "warm: {r} {b}");
            let [r, _, b] = scale.colour(-2.0);
            assert!(b > r, "cold: {r} {b}");
        }
    }

    #[test]
    fn a_positive_value_has_the_same_colour_of_two_sides_whether_or_not_there_are_negative_ones() {
        for map in [Colormap::PurpleOrange, Colormap::BlueRed] {
            let [signed, unsigned] = [true, false].map(|signed| scale(map, signed).colour(1.3));
            assert_eq!(signed, unsigned);
        }
    }

    #[test]
    fn one_side_of_colours_begins_at_0_and_has_it_in_the_middle_where_there_are_negative_values() {
        let [signed, unsigned] = [true, false].map(|signed| scale(Colormap::Viridis, signed));
        assert_eq!(unsigned.colour(0.0), signed.colour(-2.0));
        assert_eq!(unsigned.colour(1.0), signed.colour(0.0));
        assert_eq!(unsigned.colour(2.0), signed.colour(2.0));
    }

    #[test]
    fn colours_reach_white_without_a_step() {
        for map in [Colormap::PurpleOrange, Colormap::BlueRed] {
            let near = scale(map, true).colour(1e-3);
            assert!(near.iter().all(|&channel| channel >= 0xfe), "{near:?}");
        }
    }

    #[test]
    fn a_colour_covers_another_as_far_as_its_alpha_says() {
        assert_eq!(over(BLACK, PAPER, 0.0), BLACK);
        assert_eq!(over(BLACK, PAPER, 1.0), PAPER);
        assert_eq!(over([0; 3], [200; 3], 0.5), [100; 3]);
    }
}
