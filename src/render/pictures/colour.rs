//! The colours of values and of relevance.

use crate::measure::largest_size;
use crate::spelling::{Named, Spelling};

/// Red, green, blue.
pub(crate) type Colour = [u8; 3];

/// The colour of letters.
pub(super) const BLACK: Colour = [0x22; 3];
/// The colour of the background.
pub(super) const PAPER: Colour = [0xff; 3];

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
                "From dark blue, the least, over green to yellow, the largest",
            ),
        }
    }
}

/// The values that the ends of a colour map stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    pub(super) map: Colormap,
    /// The value at the upper end.
    pub(super) largest: f64,
    /// Whether the lower end is the negative of the upper one; else it is 0.
    pub(super) signed: bool,
}

impl Scale {
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
        let colour = match self.map {
            Colormap::PurpleOrange | Colormap::BlueRed if part == 0.0 => return PAPER,
            Colormap::PurpleOrange => colorous::PURPLE_ORANGE.eval_continuous(from_the_middle),
            Colormap::BlueRed => colorous::RED_BLUE.eval_continuous(1.0 - from_the_middle),
            Colormap::Viridis if self.signed => colorous::VIRIDIS.eval_continuous(from_the_middle),
            Colormap::Viridis => colorous::VIRIDIS.eval_continuous(part.max(0.0)),
        };
        [colour.r, colour.g, colour.b]
    }
}

/// Ink on paper, x from 0 to 1.
pub(crate) fn ink(x: f64) -> Colour {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 255"
    )]
    let grey = (255.0 * (1.0 - x.clamp(0.0, 1.0))).round() as u8;
    [grey; 3]
}

#[cfg(test)]
mod tests {
    use super::{Colormap, PAPER, Scale};

    fn scale(map: Colormap, signed: bool) -> Scale {
        Scale {
            map,
            ..Scale::new(2.0, signed)
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
}
