//! A window that moves over a picture, as the network file spells it, and whether it fits.

use super::sweep::{Side, Sweep};
use crate::error::Invalid;
use crate::network::LARGEST_LEVEL;
use crate::words::grouped;

/// A window as convolutions and pools move it over a picture: rows first, then columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many rows and columns of taps it has.
    pub kernel: [usize; 2],
    /// How far it moves from one place to the next.
    pub stride: [usize; 2],
    /// How far its taps are from one another.
    pub dilation: [usize; 2],
    /// How far the places reach beyond the picture: top, left, bottom, right. What lies there is no input.
    pub padding: [usize; 4],
}

impl Window {
    /// How many places the window has on a picture of this height and width: rows and columns.
    ///
    /// # Errors
    ///
    /// [`Invalid`] at `kernel`, `stride` or `dilation` where one of them is 0, at `kernel` where the window is larger than the
    /// picture with its padding, and at `padding` where there are more places than a level has units.
    pub fn places(self, picture: [usize; 2]) -> Result<[usize; 2], Invalid> {
        Ok(self.over(picture)?.sides())
    }

    /// The window on a picture of this height and width.
    pub(super) fn over(self, picture: [usize; 2]) -> Result<Sweep, Invalid> {
        let named = [
            ("kernel", self.kernel),
            ("stride", self.stride),
            ("dilation", self.dilation),
        ];
        for (key, sides) in named {
            if sides.contains(&0) {
                return Err(Invalid::new(key, "expected at least 1", by(sides)));
            }
        }
        let [top, left, bottom, right] = self.padding;
        let padded = |length: usize, [before, after]: [usize; 2]| {
            let sum = length.checked_add(before)?.checked_add(after)?;
            (sum <= LARGEST_LEVEL).then_some(sum)
        };
        let rows = padded(picture[0], [top, bottom]);
        let columns = padded(picture[1], [left, right]);
        let (Some(rows), Some(columns)) = (rows, columns) else {
            return Err(too_many(format!("{:?}", self.padding)));
        };
        let side = |k: usize, padded: usize, before: usize| {
            let span = (self.kernel[k] - 1).checked_mul(self.dilation[k])?;
            let room = padded.checked_sub(span)?.checked_sub(1)?;
            Some(Side {
                length: picture[k],
                kernel: self.kernel[k],
                stride: self.stride[k],
                dilation: self.dilation[k],
                before,
                places: room / self.stride[k] + 1,
            })
        };
        match (side(0, rows, top), side(1, columns, left)) {
            (Some(rows), Some(columns)) => {
                let places = rows.places.checked_mul(columns.places);
                if places.is_none_or(|places| places > LARGEST_LEVEL) {
                    return Err(too_many(by([rows.places, columns.places])));
                }
                Ok(Sweep::new(self, [rows, columns]))
            }
            _ => Err(self.too_large([rows, columns])),
        }
    }

    fn too_large(self, padded: [usize; 2]) -> Invalid {
        let found = if self.dilation == [1, 1] {
            by(self.kernel)
        } else {
            format!("{}, dilated by {}", by(self.kernel), by(self.dilation))
        };
        let expected = format!(
            "expected a window inside of the picture, {} with its padding",
            by(padded)
        );
        Invalid::new("kernel", expected, found)
    }

    /// The window of a pool on a picture of channels × height × width, of which every place sees a part.
    pub(super) fn pooling(self, input: [usize; 3]) -> Result<Sweep, Invalid> {
        check_picture(input)?;
        let [channels, height, width] = input;
        let sweep = self.over([height, width])?;
        sweep.check_full()?;
        let [rows, columns] = sweep.sides();
        check_picture([channels, rows, columns])?;
        Ok(sweep)
    }

    /// Rows and columns of what is said of both at once, or of each.
    pub(crate) fn both(sides: &[usize]) -> Option<[usize; 2]> {
        match *sides {
            [both] => Some([both, both]),
            [rows, columns] => Some([rows, columns]),
            _ => None,
        }
    }

    /// Top, left, bottom and right of what is said of all at once, of rows and columns, or of each.
    pub(crate) fn around(sides: &[usize]) -> Option<[usize; 4]> {
        match *sides {
            [all] => Some([all; 4]),
            [rows, columns] => Some([rows, columns, rows, columns]),
            [top, left, bottom, right] => Some([top, left, bottom, right]),
            _ => None,
        }
    }
}

/// Two sides as sentences have them.
fn by([rows, columns]: [usize; 2]) -> String {
    format!("{rows} × {columns}")
}

fn too_many(found: String) -> Invalid {
    let expected = format!(
        "expected at most {} places for the window",
        grouped(LARGEST_LEVEL)
    );
    Invalid::new("padding", expected, found)
}

/// The values of a picture with these sides, or of several; none where a side is 0 or a level cannot have so many.
pub(super) fn units(sides: [usize; 3]) -> Option<usize> {
    let product = |product: usize, side: usize| product.checked_mul(side);
    let units = sides.into_iter().try_fold(1, product)?;
    (1..=LARGEST_LEVEL).contains(&units).then_some(units)
}

/// As [`units`], for a picture that a map reads.
pub(super) fn check_picture(sides: [usize; 3]) -> Result<usize, Invalid> {
    units(sides).ok_or_else(|| {
        let expected = format!(
            "expected a picture of between 1 and {} values",
            grouped(LARGEST_LEVEL)
        );
        let [channels, height, width] = sides;
        Invalid::new("from", expected, format!("{channels} × {height} × {width}"))
    })
}

/// What is wrong with a map of a picture on a level of `units` units.
pub(super) fn misfit([channels, height, width]: [usize; 3], units: usize) -> Invalid {
    let expected = format!("expected a picture of {channels} × {height} × {width}");
    Invalid::new("from", expected, format!("{units} units"))
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_LEVEL, Window, check_picture, units};

    const WINDOW: Window = Window {
        kernel: [3, 2],
        stride: [2, 1],
        dilation: [1, 2],
        padding: [1, 0, 1, 2],
    };

    #[test]
    fn the_places_are_those_at_which_the_window_fits() {
        assert_eq!(WINDOW.places([5, 4]).expect("it fits"), [3, 4]);
        let whole = Window {
            kernel: [7, 1],
            ..WINDOW
        };
        assert_eq!(whole.places([5, 1]).expect("it fits"), [1, 3]);
    }

    #[test]
    fn a_window_has_as_many_places_as_a_level_can_have_units_and_no_more() {
        let pointwise = |padding| Window {
            kernel: [1, 1],
            stride: [1, 1],
            dilation: [1, 1],
            padding,
        };
        let places = |picture, padding| pointwise(padding).places(picture).ok();
        assert_eq!(places([1, LARGEST_LEVEL], [0; 4]), Some([1, LARGEST_LEVEL]));
        assert_eq!(
            places([LARGEST_LEVEL - 3, 1], [1, 0, 2, 0]),
            Some([LARGEST_LEVEL, 1])
        );
        for (picture, padding) in [
            ([1, LARGEST_LEVEL], [0, 0, 0, 1]),
            ([LARGEST_LEVEL - 2, 1], [1, 0, 2, 0]),
            ([LARGEST_LEVEL / 2 + 1, 2], [0; 4]),
        ] {
            assert_eq!(places(picture, padding), None, "{picture:?}");
        }
        let side = LARGEST_LEVEL / 4;
        assert_eq!(units([2, side, 2]), Some(LARGEST_LEVEL));
        assert_eq!(check_picture([2, side, 2]), Ok(LARGEST_LEVEL));
        for sides in [[2, side + 1, 2], [3, 0, 2], [usize::MAX, 2, 1]] {
            assert_eq!(units(sides), None);
            let refused = check_picture(sides).expect_err("no picture").to_string();
            let [channels, height, width] = sides;
            let expected = format!(
                "from: expected a picture of between 1 and 134,217,728 values, found {channels} × {height} × {width}"
            );
            assert_eq!(refused, expected);
        }
    }

    #[test]
    fn a_number_says_both_sides_or_all_four_and_several_say_each() {
        assert_eq!(Window::both(&[2]), Some([2, 2]));
        assert_eq!(Window::both(&[2, 3]), Some([2, 3]));
        assert_eq!([&[][..], &[1, 2, 3]].map(Window::both), [None, None]);
        assert_eq!(Window::around(&[2]), Some([2; 4]));
        assert_eq!(Window::around(&[2, 3]), Some([2, 3, 2, 3]));
        assert_eq!(Window::around(&[2, 3, 4, 5]), Some([2, 3, 4, 5]));
        assert_eq!([&[][..], &[1, 2, 3]].map(Window::around), [None, None]);
    }

    #[test]
    fn a_window_that_cannot_stand_anywhere_is_refused_by_its_key() {
        const MOST: usize = usize::MAX;
        let cases = [
            (
                Window {
                    stride: [0, 1],
                    ..WINDOW
                },
                "stride: expected at least 1, found 0 × 1",
            ),
            (
                Window {
                    kernel: [1, 0],
                    ..WINDOW
                },
                "kernel: expected at least 1, found 1 × 0",
            ),
            (
                Window {
                    dilation: [0, 0],
                    ..WINDOW
                },
                "dilation: expected at least 1, found 0 × 0",
            ),
            (
                Window {
                    kernel: [8, 2],
                    ..WINDOW
                },
                "kernel: expected a window inside of the picture, 7 × 6 with its padding, found 8 × 2, dilated by 1 × 2",
            ),
            (
                Window {
                    kernel: [MOST, MOST],
                    dilation: [MOST, MOST],
                    ..WINDOW
                },
                "kernel: expected a window inside of the picture, 7 × 6 with its padding",
            ),
            (
                Window {
                    padding: [MOST, 0, 1, 0],
                    ..WINDOW
                },
                "padding: expected at most 134,217,728 places for the window, found [18446744073709551615, 0, 1, 0]",
            ),
            (
                Window {
                    padding: [1 << 20, 1 << 20, 0, 0],
                    ..WINDOW
                },
                "padding: expected at most 134,217,728 places for the window, found 524290 × 1048578",
            ),
        ];
        for (window, expected) in cases {
            let invalid = window.places([5, 4]).expect_err("no window").to_string();
            assert!(invalid.starts_with(expected), "{invalid}\n{expected}");
        }
        let huge = Window {
            stride: [MOST, MOST],
            ..WINDOW
        };
        assert_eq!(huge.places([5, 4]).expect("it fits once"), [1, 1]);
    }
}
