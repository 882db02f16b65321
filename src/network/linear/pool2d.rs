//! Sum and average pooling over windows of a picture, channel by channel.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::sweep::{Span, Sweep, planes, planes_mut};
use super::ties::{Steps, Weights};
use super::window::{Window, misfit};
use super::{About, Role, Ties};
use crate::error::Invalid;
use crate::network::{Bounds, Domain, each_row, row};

/// Sum pooling, `y_j = Σ_i x_i` over a window, or average pooling, `y_j = Σ_i x_i / k`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool2d {
    channels: usize,
    sweep: Sweep,
    parts: Parts,
}

/// What the sum of a window is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// Nothing: it is a sum.
    Whole,
    /// The number of inputs within the picture.
    Inputs,
    /// The number of taps, padding included.
    Taps,
}

impl Pool2d {
    pub(super) const SUM: About = About {
        name: "sum_pool2d",
        noun: "sum pool",
        role: Role::Pool,
    };
    pub(super) const AVERAGE: About = About {
        name: "avg_pool2d",
        noun: "average pool",
        role: Role::Pool,
    };

    /// Sums over the windows of a picture of channels × height × width.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Window::places`], and at `padding` where a window sees nothing of the picture.
    pub fn sum(input: [usize; 3], window: Window) -> Result<Self, Invalid> {
        let (channels, sweep) = (input[0], window.pooling(input)?);
        Ok(Self {
            channels,
            sweep,
            parts: Parts::Whole,
        })
    }

    /// Averages over the windows of a picture of channels × height × width; of each window's taps where `count_padding`, of
    /// its inputs within the picture elsewhere.
    ///
    /// # Errors
    ///
    /// As with [`Pool2d::sum`].
    pub fn average(
        input: [usize; 3],
        window: Window,
        count_padding: bool,
    ) -> Result<Self, Invalid> {
        let parts = if count_padding {
            Parts::Taps
        } else {
            Parts::Inputs
        };
        let sum = Self::sum(input, window)?;
        Ok(Self { parts, ..sum })
    }

    /// Channels, height and width of what the map reads.
    pub fn input(&self) -> [usize; 3] {
        let [height, width] = self.sweep.picture();
        [self.channels, height, width]
    }

    /// Channels, height and width of what the map makes.
    pub fn output(&self) -> [usize; 3] {
        let [rows, columns] = self.sweep.sides();
        [self.channels, rows, columns]
    }

    /// The window.
    pub fn window(&self) -> Window {
        self.sweep.window()
    }

    /// Whether it averages.
    pub fn is_average(&self) -> bool {
        self.parts != Parts::Whole
    }

    /// Whether an average counts padding.
    pub fn counts_padding(&self) -> bool {
        self.parts == Parts::Taps
    }

    /// The same windows with weights of 1.
    pub(super) fn sums(self) -> Self {
        let parts = Parts::Whole;
        Self { parts, ..self }
    }

    pub(super) fn levels(self) -> [usize; 2] {
        [self.input(), self.output()].map(|sides| sides.iter().product())
    }

    /// The n of a window's weights 1/n.
    fn part(self, inputs: usize) -> usize {
        match self.parts {
            Parts::Whole => 1,
            Parts::Inputs => inputs,
            Parts::Taps => self.sweep.taps(),
        }
    }

    /// Each place with what its window sees there.
    fn places(self, [rows, columns]: &[Vec<Span>; 2]) -> impl Iterator<Item = ([Span; 2], f64)> {
        let each_row = rows.iter();
        each_row.flat_map(move |&row| {
            columns.iter().map(move |&column| {
                let part = self.part(row.taps * column.taps);
                ([row, column], part as f64)
            })
        })
    }

    pub(super) fn apply(self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        let (x, spans) = (x.as_standard_layout(), self.sweep.spans());
        let x = planes(x.view(), self.sweep.values());
        each_row(planes_mut(y, self.sweep.places()), |plane, y| {
            let x = row(&x, plane);
            for (y, (window, part)) in y.iter_mut().zip(self.places(&spans)) {
                *y = self.sweep.fold(window, 0.0, |sum, i| sum + x[i]) / part;
            }
        });
    }

    /// Added in row-major order of places.
    pub(super) fn adjoint(self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        let (y, spans) = (y.as_standard_layout(), self.sweep.spans());
        let y = planes(y.view(), self.sweep.places());
        each_row(planes_mut(x, self.sweep.values()), |plane, x| {
            x.fill(0.0);
            for (y, (window, part)) in row(&y, plane).iter().zip(self.places(&spans)) {
                let share = y / part;
                self.sweep.fold(window, (), |(), i| x[i] += share);
            }
        });
    }

    pub(super) fn ties(self, j: usize) -> Ties {
        let ([rows, columns], inputs) = window_of(self.sweep, j);
        let part = self.part(rows * columns);
        Ties::of([1, rows, columns], inputs, Weights::Part(part))
    }

    /// Sums of values lie between the sums of their bounds, averages between the averages.
    pub(super) fn domain(self, inputs: &Domain) -> Domain {
        let Domain::Box(bounds) = inputs else {
            return inputs.clone();
        };
        match bounds {
            Bounds::Same(_) if self.parts == Parts::Inputs => inputs.clone(),
            Bounds::Same(bounds) if self.sweep.window().padding == [0; 4] => {
                let taps = self.sweep.taps();
                let weight = taps as f64 / self.part(taps) as f64;
                Domain::Box(Bounds::Same(bounds.map(|bound| bound * weight)))
            }
            _ => Domain::Box(mapped(bounds, self.levels(), |x, y| self.apply(x, y))),
        }
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(self, units: usize) -> Invalid {
        misfit(self.input(), units)
    }
}

/// The sides and the inputs of the window of unit j.
pub(super) fn window_of(sweep: Sweep, j: usize) -> ([usize; 2], Steps) {
    let (channel, place) = (j / sweep.places(), j % sweep.places());
    let inside = sweep.inside(place);
    let first = sweep.input(place, inside.each_ref().map(|taps| taps.start));
    let [down, along] = sweep.steps();
    let inputs = Steps {
        first: channel * sweep.values() + first,
        by: [0, down, along],
    };
    (inside.map(|taps| taps.len()), inputs)
}

/// The bounds of a map that grows with every input: those of the lower ends, and those of the upper ends.
pub(super) fn mapped(
    bounds: &Bounds,
    [inputs, outputs]: [usize; 2],
    apply: impl Fn(ArrayView2<f64>, ArrayViewMut2<f64>),
) -> Bounds {
    let [low, high] = [0, 1].map(|end| {
        let ends: Vec<f64> = (0..inputs).map(|i| bounds.at(i)[end]).collect();
        let mut mapped = vec![0.0; outputs];
        apply(one_row(&ends), one_row_mut(&mut mapped));
        mapped
    });
    let each = low.into_iter().zip(high);
    Bounds::Each(each.map(<[f64; 2]>::from).collect())
}

fn one_row(values: &[f64]) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((1, values.len()), values).expect("one row of all values")
}

fn one_row_mut(values: &mut [f64]) -> ArrayViewMut2<'_, f64> {
    ArrayViewMut2::from_shape((1, values.len()), values).expect("one row of all values")
}

#[cfg(test)]
mod tests {
    use super::{Pool2d, Window};
    use crate::network::{Bounds, Domain};

    const WINDOW: Window = Window {
        kernel: [2, 2],
        stride: [1, 1],
        dilation: [1, 1],
        padding: [1, 0, 0, 0],
    };

    #[test]
    fn bounds_are_summed_and_averaged_over_what_a_window_sees() {
        let same = Domain::Box(Bounds::Same([-1.0, 2.0]));
        let average = |count| Pool2d::average([1, 2, 2], WINDOW, count).expect("a pool");
        let sum = Pool2d::sum([1, 2, 2], WINDOW).expect("a pool");
        let each = |bounds: [[f64; 2]; 2]| Domain::Box(Bounds::Each(bounds.to_vec()));
        assert_eq!(sum.domain(&same), each([[-2.0, 4.0], [-4.0, 8.0]]));
        assert_eq!(average(false).domain(&same), same);
        assert_eq!(
            average(true).domain(&same),
            each([[-0.5, 1.0], [-1.0, 2.0]])
        );
        let inputs = [[0.0, 1.0], [-1.0, 0.0], [0.0, 2.0], [0.0, 5.0]];
        let inputs = Domain::Box(Bounds::Each(inputs.to_vec()));
        assert_eq!(sum.domain(&inputs), each([[-1.0, 1.0], [-1.0, 8.0]]));
        let padding = [0; 4];
        let whole = Pool2d::sum([1, 2, 2], Window { padding, ..WINDOW }).expect("a pool");
        assert_eq!(whole.domain(&same), Domain::Box(Bounds::Same([-4.0, 8.0])));
        let whole = Pool2d::average([1, 2, 2], Window { padding, ..WINDOW }, true);
        assert_eq!(whole.expect("a pool").domain(&same), same);
        assert_eq!(sum.domain(&Domain::NonNegative), Domain::NonNegative);
    }

    #[test]
    fn a_pool_tells_whether_it_averages_and_counts_padding() {
        let sum = Pool2d::sum([1, 2, 2], WINDOW).expect("a pool");
        let average = |count| Pool2d::average([1, 2, 2], WINDOW, count).expect("a pool");
        for (pool, averages, counts) in [
            (sum, false, false),
            (average(false), true, false),
            (average(true), true, true),
        ] {
            assert_eq!(
                (pool.is_average(), pool.counts_padding()),
                (averages, counts)
            );
            assert!(!pool.sums().is_average());
        }
    }

    #[test]
    fn a_pool_with_a_window_that_sees_padding_alone_is_refused() {
        let padding = [0, 0, 0, 2];
        let invalid = Pool2d::sum([1, 2, 2], Window { padding, ..WINDOW }).expect_err("no inputs");
        let expected = "padding: expected every window to see part of the picture, found [0, 0, 0, 2], with which the \
                        windows of column 2 see none";
        assert_eq!(invalid.to_string(), expected);
    }
}
