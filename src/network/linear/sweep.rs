//! A window on a picture: which values it sees at which place.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2};

use super::Window;
use crate::error::Invalid;

/// A window on a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sweep {
    window: Window,
    /// Rows and columns.
    sides: [Side; 2],
}

/// One direction in which a window moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    /// Of the picture.
    pub(super) length: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) dilation: usize,
    /// The padding before the picture.
    pub(super) before: usize,
    pub(super) places: usize,
}

/// What a window sees at one place in one direction: so many taps, from this row or column of the picture on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    first: usize,
    pub(super) taps: usize,
}

/// Neighbouring places at which one tap falls into the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// The first place, within the strip.
    pub(super) at: usize,
    /// The value there, within the picture; those of the other places follow, a stride apart.
    pub(super) input: usize,
    /// How many places.
    pub(super) length: usize,
}

impl Side {
    /// The taps that fall into the picture.
    fn taps(self, place: usize) -> Range<usize> {
        let start = place * self.stride;
        let taps_before = |end: usize| end.saturating_sub(start).div_ceil(self.dilation);
        let end = taps_before(self.before + self.length).min(self.kernel);
        taps_before(self.before).min(end)..end
    }

    /// The places at which a tap falls into the picture.
    fn places(self, tap: usize) -> Range<usize> {
        let start = tap * self.dilation;
        let places_before = |end: usize| end.saturating_sub(start).div_ceil(self.stride);
        let end = places_before(self.before + self.length).min(self.places);
        places_before(self.before).min(end)..end
    }

    /// The row or column of the picture under a tap that falls into it.
    fn input(self, place: usize, tap: usize) -> usize {
        place * self.stride + tap * self.dilation - self.before
    }

    fn span(self, place: usize) -> Span {
        let taps = self.taps(place);
        Span {
            first: if taps.is_empty() {
                0
            } else {
                self.input(place, taps.start)
            },
            taps: taps.len(),
        }
    }
}

impl Sweep {
    /// The sides are those of rows and of columns.
    pub(super) fn new(window: Window, sides: [Side; 2]) -> Self {
        Self { window, sides }
    }

    pub(super) fn window(self) -> Window {
        self.window
    }

    /// Height and width of the picture.
    pub(super) fn picture(self) -> [usize; 2] {
        self.sides.map(|side| side.length)
    }

    /// Rows and columns of places.
    pub(super) fn sides(self) -> [usize; 2] {
        self.sides.map(|side| side.places)
    }

    /// How many places there are.
    pub(super) fn places(self) -> usize {
        self.sides().iter().product()
    }

    /// How many values the picture has.
    pub(super) fn values(self) -> usize {
        self.picture().iter().product()
    }

    /// How many taps the window has.
    pub(super) fn taps(self) -> usize {
        self.window.kernel.iter().product()
    }

    /// Whether the window sees one value, and each place another, in their order.
    pub(super) fn is_pointwise(self) -> bool {
        let Window {
            kernel,
            stride,
            padding,
            ..
        } = self.window;
        kernel == [1, 1] && stride == [1, 1] && padding == [0; 4]
    }

    /// Whether every place sees something of the picture: what a pool without inputs would say is undefined.
    pub(super) fn check_full(self) -> Result<(), Invalid> {
        for (side, name) in self.sides.into_iter().zip(["row", "column"]) {
            if let Some(place) = (0..side.places).find(|&place| side.taps(place).is_empty()) {
                return Err(Invalid::new(
                    "padding",
                    "expected every window to see part of the picture",
                    format!(
                        "{:?}, with which the windows of {name} {place} see none",
                        self.window.padding
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The taps of a place that fall into the picture: rows and columns.
    pub(super) fn inside(self, place: usize) -> [Range<usize>; 2] {
        let [rows, columns] = self.sides;
        [
            rows.taps(place / columns.places),
            columns.taps(place % columns.places),
        ]
    }

    /// The value of the picture under a tap that falls into it.
    pub(super) fn input(self, place: usize, [row, column]: [usize; 2]) -> usize {
        let [rows, columns] = self.sides;
        rows.input(place / columns.places, row) * columns.length
            + columns.input(place % columns.places, column)
    }

    /// How far values under neighbouring taps lie from one another: along a column, and along a row.
    pub(super) fn steps(self) -> [usize; 2] {
        let [rows, columns] = self.sides;
        [rows.dilation * columns.length, columns.dilation]
    }

    /// What the window sees at each row and each column of places.
    pub(super) fn spans(self) -> [Vec<Span>; 2] {
        self.sides
            .map(|side| (0..side.places).map(|place| side.span(place)).collect())
    }

    /// Passes over the values of a place in row-major order of the window.
    pub(super) fn fold<T>(
        self,
        [rows, columns]: [Span; 2],
        start: T,
        mut pass: impl FnMut(T, usize) -> T,
    ) -> T {
        let [down, along] = self.steps();
        let first = rows.first * self.sides[1].length + columns.first;
        let mut result = start;
        for row in 0..rows.taps {
            for column in 0..columns.taps {
                result = pass(result, first + row * down + column * along);
            }
        }
        result
    }

    /// Where one tap falls into the picture, among the places of a strip, in their order.
    pub(super) fn runs(
        self,
        [row, column]: [usize; 2],
        strip: Range<usize>,
    ) -> impl Iterator<Item = Run> {
        let [rows, columns] = self.sides;
        let (inside, across) = (rows.places(row), columns.places(column));
        let first = (strip.start / columns.places).max(inside.start);
        let end = strip.end.div_ceil(columns.places).min(inside.end);
        (first..end).filter_map(move |place_row| {
            let place = place_row * columns.places;
            let start = (place + across.start).max(strip.start);
            let end = (place + across.end).min(strip.end);
            (start < end).then(|| Run {
                at: start - strip.start,
                input: self.input(start, [row, column]),
                length: end - start,
            })
        })
    }
}

/// Samples × units as planes × values, where each channel of each sample is a plane.
pub(super) fn planes(level: ArrayView2<'_, f64>, values: usize) -> ArrayView2<'_, f64> {
    let planes = level.len() / values;
    level
        .into_shape_with_order((planes, values))
        .expect("a level is so many channels of so many values")
}

/// As [`planes`].
pub(super) fn planes_mut(level: ArrayViewMut2<'_, f64>, values: usize) -> ArrayViewMut2<'_, f64> {
    let planes = level.len() / values;
    level
        .into_shape_with_order((planes, values))
        .expect("a level is so many channels of so many values")
}

#[cfg(test)]
mod tests {
    use super::Window;

    const WINDOW: Window = Window {
        kernel: [3, 2],
        stride: [2, 1],
        dilation: [1, 2],
        padding: [1, 0, 1, 2],
    };

    #[test]
    fn a_tap_that_falls_into_no_picture_has_no_run() {
        // Taps stand at columns -1 and 0, then at 2 and 3, of a picture of one.
        let window = Window {
            kernel: [1, 2],
            stride: [1, 3],
            dilation: [1, 1],
            padding: [0, 1, 0, 3],
        };
        let sweep = window.over([1, 1]).expect("it fits");
        assert_eq!(sweep.sides(), [1, 2]);
        let runs = [0, 1].map(|column| sweep.runs([0, column], 0..2).count());
        assert_eq!(runs, [0, 1]);
    }

    #[test]
    fn a_run_has_the_values_under_its_tap() {
        let sweep = WINDOW.over([5, 4]).expect("it fits");
        for strip in [0..12, 3..10, 5..6] {
            for row in 0..3 {
                for column in 0..2 {
                    let mut found = vec![None; strip.len()];
                    for run in sweep.runs([row, column], strip.clone()) {
                        assert!(run.length > 0, "{strip:?}");
                        for k in 0..run.length {
                            found[run.at + k] = Some(run.input + k * WINDOW.stride[1]);
                        }
                    }
                    let expected = strip.clone().map(|place| {
                        let [rows, columns] = sweep.inside(place);
                        (rows.contains(&row) && columns.contains(&column))
                            .then(|| sweep.input(place, [row, column]))
                    });
                    assert_eq!(found, expected.collect::<Vec<_>>());
                }
            }
        }
    }
}
