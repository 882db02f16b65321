//! Max pooling: at every sample, each unit is tied to the largest of its inputs alone.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::pool2d::{mapped, window_of};
use super::sweep::{Span, Sweep, planes, planes_mut};
use super::ties::Weights;
use super::window::{Window, misfit};
use super::{About, Role, Ties};
use crate::error::Invalid;
use crate::network::{Bounds, Domain, each_row, each_sample, row};

/// Max pooling, `y_j = max_i x_i` over a window of a picture, channel by channel; padding is no input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxPool2d {
    channels: usize,
    sweep: Sweep,
}

/// The winner of a unit that is tied to no input.
const NONE: usize = usize::MAX;

/// A max pool at a batch of samples: each unit is tied to one input, with weight 1, or to none.
#[derive(Debug, Clone)]
pub(super) struct Winners {
    /// Of every unit of every channel of every sample, as a value of this channel; [`NONE`] where there is none.
    inputs: Vec<usize>,
    /// How many values a channel has below the pool.
    values: usize,
    /// How many it has above.
    places: usize,
}

/// The largest input so far, and the largest constant.
struct Largest<T> {
    winner: usize,
    value: Option<T>,
    constant: Option<T>,
}

impl MaxPool2d {
    pub(super) const ABOUT: About = About {
        name: "max_pool2d",
        noun: "max pool",
        role: Role::Maximum,
    };

    /// The largest values in the windows of a picture of channels × height × width.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Window::places`], and at `padding` where a window sees nothing of the picture.
    pub fn new(input: [usize; 3], window: Window) -> Result<Self, Invalid> {
        let (channels, sweep) = (input[0], window.pooling(input)?);
        Ok(Self { channels, sweep })
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

    pub(super) fn levels(self) -> [usize; 2] {
        [self.input(), self.output()].map(|sides| sides.iter().product())
    }

    pub(super) fn apply(self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        let (x, [rows, columns]) = (x.as_standard_layout(), self.sweep.spans());
        let x = planes(x.view(), self.sweep.values());
        each_row(planes_mut(y, self.sweep.places()), |plane, y| {
            let x = row(&x, plane);
            for (y, rows) in y.chunks_mut(columns.len()).zip(&rows) {
                for (y, columns) in y.iter_mut().zip(&columns) {
                    let larger = |most: f64, i: usize| if x[i] > most { x[i] } else { most };
                    *y = (self.sweep).fold([*rows, *columns], f64::NEG_INFINITY, larger);
                }
            }
        });
    }

    /// The input that unit j is tied to in one sample x of `inputs` values: the first of the largest, in row-major order of
    /// the window. Constants win only where no other input is as large, and then there is no tie.
    ///
    /// # Panics
    ///
    /// When there is no unit j.
    pub fn winner<T: PartialOrd>(
        &self,
        j: usize,
        x: &[T],
        constants: Option<&[bool]>,
    ) -> Option<usize> {
        let inputs = self.ties(j).map(|tie| tie.input);
        let largest = inputs.fold(Largest::NOTHING, |largest, i| {
            largest.with(i, &x[i], constants)
        });
        Some(largest.winner()).filter(|&winner| winner != NONE)
    }

    /// The winner of every unit at every sample, as values of their planes, plane by plane; [`NONE`] where a constant is larger.
    pub(super) fn winners(self, x: ArrayView2<f64>, constants: Option<&[bool]>) -> Winners {
        let (x, [rows, columns]) = (x.as_standard_layout(), self.sweep.spans());
        let x = planes(x.view(), self.sweep.values());
        let of_plane = each_sample(x.nrows(), x.len(), |plane| {
            let first = plane % self.channels * self.sweep.values();
            let constants = constants.map(|constants| &constants[first..]);
            let x = row(&x, plane);
            let mut winners = Vec::with_capacity(self.sweep.places());
            for row in &rows {
                winners.extend(columns.iter().map(|column| {
                    if constants.is_none() {
                        return self.largest([*row, *column], x);
                    }
                    let with = |all: Largest<f64>, i: usize| all.with(i, x[i], constants);
                    let all = (self.sweep).fold([*row, *column], Largest::NOTHING, with);
                    all.winner()
                }));
            }
            winners
        });
        Winners {
            inputs: of_plane.concat(),
            values: self.sweep.values(),
            places: self.sweep.places(),
        }
    }

    /// The first of the largest values of a window.
    fn largest(self, window: [Span; 2], x: &[f64]) -> usize {
        let larger = |(winner, most): (usize, f64), i: usize| {
            if x[i] > most {
                (i, x[i])
            } else {
                (winner, most)
            }
        };
        let (winner, _) = (self.sweep).fold(window, (NONE, f64::NEG_INFINITY), larger);
        winner
    }

    /// All inputs of the window.
    pub(super) fn ties(self, j: usize) -> Ties {
        let ([rows, columns], inputs) = window_of(self.sweep, j);
        Ties::of([1, rows, columns], inputs, Weights::Part(1))
    }

    /// The largest value lies between the largest of the lower bounds and that of the upper.
    pub(super) fn domain(self, inputs: &Domain) -> Domain {
        match inputs {
            Domain::Box(bounds @ Bounds::Each(_)) => {
                Domain::Box(mapped(bounds, self.levels(), |x, y| self.apply(x, y)))
            }
            _ => inputs.clone(),
        }
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(self, units: usize) -> Invalid {
        misfit(self.input(), units)
    }
}

impl<T: PartialOrd> Largest<T> {
    const NOTHING: Self = Self {
        winner: NONE,
        value: None,
        constant: None,
    };

    fn with(mut self, i: usize, x: T, constants: Option<&[bool]>) -> Self {
        let is_constant = constants.is_some_and(|constants| constants[i]);
        let most = if is_constant {
            &mut self.constant
        } else {
            &mut self.value
        };
        if most.as_ref().is_none_or(|most| x > *most) {
            *most = Some(x);
            if !is_constant {
                self.winner = i;
            }
        }
        self
    }

    fn winner(&self) -> usize {
        match (&self.value, &self.constant) {
            (Some(value), Some(constant)) if constant > value => NONE,
            _ => self.winner,
        }
    }
}

impl Winners {
    pub(super) fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        let x = x.as_standard_layout();
        let x = planes(x.view(), self.values);
        each_row(planes_mut(y, self.places), |plane, y| {
            let x = row(&x, plane);
            for (y, &winner) in y.iter_mut().zip(self.of_plane(plane)) {
                *y = if winner == NONE { 0.0 } else { x[winner] };
            }
        });
    }

    /// Added in row-major order of places.
    pub(super) fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        let y = y.as_standard_layout();
        let y = planes(y.view(), self.places);
        each_row(planes_mut(x, self.values), |plane, x| {
            x.fill(0.0);
            for (y, &winner) in row(&y, plane).iter().zip(self.of_plane(plane)) {
                if winner != NONE {
                    x[winner] += y;
                }
            }
        });
    }

    fn of_plane(&self, plane: usize) -> &[usize] {
        &self.inputs[plane * self.places..][..self.places]
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::{MaxPool2d, Window};
    use crate::network::linear::Linear;
    use crate::network::linear::tests::max_pools;
    use crate::network::{Bounds, Domain};

    /// Two channels of 2 × 3, windows of 2 × 2 that overlap, a column of padding on the left.
    fn pool() -> MaxPool2d {
        let window = Window {
            kernel: [2, 2],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [0, 1, 0, 0],
        };
        MaxPool2d::new([2, 2, 3], window).expect("a pool")
    }

    fn x() -> Array2<f64> {
        array![[
            -3.0, 1.0, 1.0, -2.0, 1.0, 0.0, -1.0, -1.0, -5.0, -4.0, -1.0, -1.0
        ]]
    }

    #[test]
    fn the_winner_is_the_first_of_the_largest_and_padding_never_wins() {
        let (pool, x) = (pool(), x());
        let x_slice = x.as_slice().expect("a row");
        let winners: Vec<_> = (0..6).map(|j| pool.winner(j, x_slice, None)).collect();
        assert_eq!(winners, [3, 1, 1, 6, 6, 7].map(Some));
        let mut y = Array2::zeros((1, 6));
        pool.apply(x.view(), y.view_mut());
        assert_eq!(y, array![[-2.0, 1.0, 1.0, -1.0, -1.0, -1.0]]);
    }

    #[test]
    fn a_constant_wins_only_where_no_input_is_as_large_and_then_nothing_is_handed_on() {
        let (pool, mut x) = (pool(), x());
        // Constants are 0: beside 1, beside another 0, and beside values below 0.
        let constants: Vec<bool> = (0..12).map(|i| [0, 4, 6].contains(&i)).collect();
        for i in [0, 4, 6] {
            x[[0, i]] = 0.0;
        }
        x[[0, 3]] = 0.0;
        let linear = Linear::MaxPool2d(pool);
        let frozen = linear.at(x.view(), Some(&constants));
        let mut below = Array2::zeros((1, 12));
        frozen.adjoint(
            array![[1.0, 2.0, 4.0, 8.0, 16.0, 32.0]].view(),
            below.view_mut(),
        );
        // Unit 0 sees the constant 0 and a 0 of its own, units 3 and 4 a constant and less than 0.
        let expected = array![[0.0, 6.0, 0.0, 1.0, 0.0, 0.0, 0.0, 32.0, 0.0, 0.0, 0.0, 0.0]];
        assert_eq!(below, expected);
        let mut above = Array2::ones((1, 6));
        frozen.apply(Array2::from_elem((1, 12), 7.0).view(), above.view_mut());
        assert_eq!(above, array![[7.0, 7.0, 7.0, 0.0, 0.0, 7.0]]);
        let x = x.as_slice().expect("a row");
        let winners: Vec<_> = (0..6)
            .map(|j| pool.winner(j, x, Some(&constants)))
            .collect();
        assert_eq!(winners, [Some(3), Some(1), Some(1), None, None, Some(7)]);
    }

    #[test]
    fn in_every_channel_of_every_sample_the_winner_is_that_of_its_window() {
        for linear in max_pools() {
            let Linear::MaxPool2d(pool) = linear else {
                panic!("a max pool");
            };
            let [inputs, outputs] = pool.levels();
            let x = Array2::from_shape_fn((3, inputs), |(n, i)| (i * 7 + n * 3) as f64 % 5.0 - 2.0);
            // None is, or other ones in each channel.
            let constants: Vec<bool> = (0..inputs).map(|i| i * i % 7 < 2).collect();
            for constants in [None, Some(&constants[..])] {
                let winners = pool.winners(x.view(), constants);
                let places = Array2::from_shape_fn((3, inputs), |(_, i)| i as f64 + 1.0);
                let mut handed_on = Array2::zeros((3, outputs));
                winners.apply(places.view(), handed_on.view_mut());
                for ((n, j), found) in handed_on.indexed_iter() {
                    let winner = pool.winner(j, &x.row(n).to_vec(), constants);
                    let expected = winner.map_or(0.0, |i| i as f64 + 1.0);
                    assert_eq!(found.to_bits(), expected.to_bits(), "{j} of {n}, {pool:?}");
                }
            }
        }
    }

    #[test]
    fn of_equal_values_the_first_is_handed_up_with_its_sign() {
        let window = Window {
            kernel: [1, 2],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [0; 4],
        };
        let pool = MaxPool2d::new([1, 1, 3], window).expect("a pool");
        let mut y = Array2::ones((1, 2));
        pool.apply(array![[-0.0, 0.0, -0.0]].view(), y.view_mut());
        let signs: Vec<bool> = y.iter().map(|y| y.is_sign_negative()).collect();
        assert_eq!((y, signs), (array![[0.0, 0.0]], vec![true, false]));
    }

    #[test]
    fn the_largest_lies_between_the_largest_bounds() {
        let window = Window {
            kernel: [1, 2],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [0; 4],
        };
        let pool = MaxPool2d::new([1, 1, 3], window).expect("a pool");
        let each = |bounds: &[[f64; 2]]| Domain::Box(Bounds::Each(bounds.to_vec()));
        let inputs = each(&[[-1.0, 2.0], [0.0, 1.0], [-3.0, 3.0]]);
        assert_eq!(pool.domain(&inputs), each(&[[0.0, 2.0], [0.0, 3.0]]));
        let same = Domain::Box(Bounds::Same([-1.0, 1.0]));
        assert_eq!(pool.domain(&same), same);
    }
}
