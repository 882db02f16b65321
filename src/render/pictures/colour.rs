//! The colours of values and of relevance.

/// Red, green, blue.
pub(crate) type Colour = [u8; 3];

/// The colour of letters.
pub(crate) const BLACK: Colour = [0x22; 3];
/// The colour of the background.
pub(crate) const PAPER: Colour = [0xff; 3];

/// The colour of a value from −1 (dark purple) over 0 (white) to 1 (dark orange).
fn colour_of(value: f64) -> Colour {
    if value == 0.0 {
        return PAPER;
    }
    let colour = colorous::PURPLE_ORANGE.eval_continuous(0.5 + value / 2.0);
    [colour.r, colour.g, colour.b]
}

/// The colour of a value on a scale that ends at `largest`; white where all are 0.
pub(crate) fn colour_up_to(largest: f64, value: f64) -> Colour {
    colour_of(if largest == 0.0 { 0.0 } else { value / largest })
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
    use super::{PAPER, colour_of};

    #[test]
    fn white_is_0_orange_positive_and_purple_negative() {
        assert_eq!(colour_of(0.0), PAPER);
        let [r, _, b] = colour_of(1.0);
        assert!(r > b, "orange: {r} {b}");
        let [r, _, b] = colour_of(-1.0);
        assert!(b > r, "purple: {r} {b}");
    }
}
