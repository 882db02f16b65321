//! Convolution: the same weights at every place of a picture.
//!
//! A group of channels is one product of matrices, `y = W · cols`, where `cols` has a row for each tap and a column for each
//! place; so a unit is summed over input channel, kernel row and kernel column, as [`product`] sums. The adjoint is the
//! product `Wᵀ · y` over output channels, whose columns are then added up in row-major order of places. Both go over the
//! places in strips, so that `cols` stays small; that, and who computes which strip, changes no digit.

use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};

use super::cols::{add_cols, cols};
use super::dense::by_signs;
use super::reweighing::scale_of;
use super::sweep::{Sweep, planes};
use super::ties::{Steps, Weights};
use super::window::{Window, check_picture, misfit, units};
use super::{About, Reweighing, Role, Ties};
use crate::error::Invalid;
use crate::network::rows::each_part;
use crate::network::{Domain, FloatSlice, LARGEST_LEVEL, product, row};
use crate::words::grouped;

/// A convolution: `y_(o, place) = Σ_(i, r, c) w_oirc · x_(i, under tap r, c at that place)`, i over the channels of o's group.
#[derive(Debug, Clone, PartialEq)]
pub struct Conv2d {
    /// In and out.
    channels: [usize; 2],
    groups: usize,
    /// Output channels × (input channel of the group, kernel row, kernel column): the order of the file.
    weights: Array2<f64>,
    pub(super) sweep: Sweep,
}

/// So many values of `cols` are made at once: few enough to stay in a core's cache until they are used.
const STRIP: usize = 1 << 17;

impl Conv2d {
    pub(super) const ABOUT: About = About {
        name: "conv2d",
        noun: "convolutional layer",
        role: Role::Weights,
    };

    /// The convolution of a picture of channels × height × width by weights in the order of their shape,
    /// `[out][in / groups][kernel row][kernel column]`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] as with [`Window::places`]; at `groups` where they do not divide both numbers of channels; at `weights`
    /// where these are not as many as their shape says, do not fit the picture or the window, make too many units, or
    /// are not finite.
    pub fn new(
        input: [usize; 3],
        weights: Vec<f64>,
        shape: [usize; 4],
        window: Window,
        groups: usize,
    ) -> Result<Self, Invalid> {
        check_picture(input)?;
        let [channels, height, width] = input;
        let [out, of_group, rows, columns] = shape;
        check_groups(groups, [channels, out])?;
        if of_group != channels / groups || [rows, columns] != window.kernel || out == 0 {
            let expected = format!(
                "expected at least one output channel, each of {} × {} × {}",
                channels / groups,
                window.kernel[0],
                window.kernel[1]
            );
            let found = format!("{out} of {of_group} × {rows} × {columns}");
            return Err(Invalid::new("weights", expected, found));
        }
        let sweep = window.over([height, width])?;
        let [place_rows, place_columns] = sweep.sides();
        if units([out, place_rows, place_columns]).is_none() {
            let expected = format!("expected at most {} units", grouped(LARGEST_LEVEL));
            let found = format!("{out} × {place_rows} × {place_columns}");
            return Err(Invalid::new("weights", expected, found));
        }
        let (found, taps) = (weights.len(), weights.len() / out);
        let wrong_number = || {
            let expected = format!("expected {out} × {of_group} × {rows} × {columns} numbers");
            Invalid::new("weights", expected, found)
        };
        let mut sides = shape.into_iter();
        let numbers = sides.try_fold(1, |product: usize, side| product.checked_mul(side));
        if numbers != Some(found) {
            return Err(wrong_number());
        }
        check_finite(&weights, shape)?;
        Ok(Self {
            channels: [channels, out],
            groups,
            weights: Array2::from_shape_vec((out, taps), weights).map_err(|_| wrong_number())?,
            sweep,
        })
    }

    /// Channels, height and width of what the map reads.
    pub fn input(&self) -> [usize; 3] {
        let [height, width] = self.sweep.picture();
        [self.channels[0], height, width]
    }

    /// Channels, height and width of what the map makes.
    pub fn output(&self) -> [usize; 3] {
        let [rows, columns] = self.sweep.sides();
        [self.channels[1], rows, columns]
    }

    /// The shape of the weights, `[out, in / groups, kernel rows, kernel columns]`.
    pub fn shape(&self) -> [usize; 4] {
        let [rows, columns] = self.sweep.window().kernel;
        [
            self.channels[1],
            self.channels[0] / self.groups,
            rows,
            columns,
        ]
    }

    /// The window.
    pub fn window(&self) -> Window {
        self.sweep.window()
    }

    /// Into how many groups the channels are divided, none of which sees another.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Output channels × taps, a tap being input channel of the group, kernel row, kernel column.
    pub fn weights(&self) -> ArrayView2<'_, f64> {
        self.weights.view()
    }

    pub(super) fn levels(&self) -> [usize; 2] {
        [self.input(), self.output()].map(|sides| sides.iter().product())
    }

    /// Whether no window falls on padding alone.
    pub(super) fn ties_every_unit(&self) -> bool {
        self.sweep.check_full().is_ok()
    }

    pub(super) fn stored(&self) -> FloatSlice<'_> {
        let weights = self.weights.as_slice();
        FloatSlice::Double(weights.expect("the order of the file since it was made"))
    }

    /// The same, for training.
    pub(super) fn stored_mut(&mut self) -> &mut [f64] {
        self.weights
            .as_slice_mut()
            .expect("the order of the file since it was made")
    }

    /// In and out, of one group.
    fn of_group(&self) -> [usize; 2] {
        self.channels.map(|channels| channels / self.groups)
    }

    pub(super) fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        let ([channels, out], places) = (self.of_group(), self.sweep.places());
        let (samples, x) = (x.nrows(), x.as_standard_layout());
        let blocks = samples * self.groups;
        let x = planes(x.view(), channels * self.sweep.values());
        let mut y =
            (y.into_shape_with_order((blocks, out, places))).expect("a sample is its groups");
        let strip = self.strip(self.weights.ncols(), blocks);
        let mut blocks: Vec<_> = y.axis_iter_mut(Axis(0)).collect();
        let strips = blocks.iter_mut().enumerate().flat_map(|(block, y)| {
            let strips = y.axis_chunks_iter_mut(Axis(1), strip).enumerate();
            strips.map(move |(k, y)| (block, k * strip, y))
        });
        let work = samples.saturating_mul(self.multiplications());
        each_part(strips.collect(), work, |buffer, (block, first, y)| {
            let cols = self.cols(row(&x, block), first..first + y.ncols(), buffer);
            product(self.weights_of_group(block % self.groups), cols, y);
        });
    }

    pub(super) fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        let ([channels, out], places) = (self.of_group(), self.sweep.places());
        let (samples, y) = (y.nrows(), y.as_standard_layout());
        let blocks = samples * self.groups;
        let y = (y.view().into_shape_with_order((blocks, out, places)))
            .expect("a sample is its groups");
        let mut x = (x.into_shape_with_order((blocks, channels, self.sweep.values())))
            .expect("a sample is its groups");
        // Parts of a picture's channels where there are too few pictures for the threads.
        let part = channels.div_ceil(rayon::current_num_threads().div_ceil(blocks.max(1)));
        let mut blocks: Vec<_> = x.axis_iter_mut(Axis(0)).collect();
        let parts = blocks.iter_mut().enumerate().flat_map(|(block, x)| {
            let parts = x.axis_chunks_iter_mut(Axis(0), part).enumerate();
            parts.map(move |(k, x)| (block, k * part, x))
        });
        let work = samples.saturating_mul(self.multiplications());
        each_part(parts.collect(), work, |buffer, (block, first, x)| {
            let taps = first * self.sweep.taps()..(first + x.nrows()) * self.sweep.taps();
            let weights = self.weights_of_group(block % self.groups);
            let weights = weights.slice(s![.., taps]).reversed_axes();
            self.hand_down(weights, y.index_axis(Axis(0), block), x, buffer);
        });
    }

    /// `Wᵀ · y`, added up in row-major order of places, for some channels x of a group; `weights` is taps × output channels.
    fn hand_down(
        &self,
        weights: ArrayView2<f64>,
        y: ArrayView2<f64>,
        mut x: ArrayViewMut2<f64>,
        buffer: &mut Vec<f64>,
    ) {
        if self.sweep.is_pointwise() {
            return product(weights, y, x);
        }
        x.fill(0.0);
        let x = x.as_slice_mut().expect("channels lie one behind the other");
        let (taps, places) = (weights.nrows(), self.sweep.places());
        let strip = self.strip(taps, rayon::current_num_threads());
        for first in (0..places).step_by(strip) {
            let places = first..places.min(first + strip);
            buffer.resize(taps * places.len(), 0.0);
            let mut cols = ArrayViewMut2::from_shape((taps, places.len()), buffer)
                .expect("the buffer has this size");
            let y = y.slice(s![.., places.clone()]);
            product(weights, y, cols.view_mut());
            add_cols(self.sweep, buffer, places, x);
        }
    }

    /// How many places are done at once, with so many taps: as many in each strip but the last.
    fn strip(&self, taps: usize, blocks: usize) -> usize {
        let places = self.sweep.places();
        let in_cache = (STRIP / taps).max(64);
        let pointwise = self.sweep.is_pointwise();
        let most = if pointwise { places } else { in_cache };
        let threads = rayon::current_num_threads().div_ceil(blocks.max(1));
        let strips = places.div_ceil(most).next_multiple_of(threads.max(1));
        places.div_ceil(strips)
    }

    pub(super) fn multiplications(&self) -> usize {
        self.weights.len().saturating_mul(self.sweep.places())
    }

    fn weights_of_group(&self, group: usize) -> ArrayView2<'_, f64> {
        let [_, out] = self.of_group();
        self.weights.slice(s![group * out..(group + 1) * out, ..])
    }

    /// What stands under each tap at these places, in the channels x of a group.
    fn cols<'a>(
        &self,
        x: &'a [f64],
        places: Range<usize>,
        buffer: &'a mut Vec<f64>,
    ) -> ArrayView2<'a, f64> {
        if !self.sweep.is_pointwise() {
            return cols(self.sweep, x, places, buffer);
        }
        let values = self.sweep.values();
        let x = ArrayView2::from_shape((x.len() / values, values), x);
        x.expect("channels of a picture").slice_move(s![.., places])
    }

    pub(super) fn ties(&self, j: usize) -> Ties {
        let (channel, place) = (j / self.sweep.places(), j % self.sweep.places());
        let ([channels, out], [_, width]) = (self.of_group(), self.window().kernel);
        let [rows, columns] = self.sweep.inside(place);
        if rows.is_empty() || columns.is_empty() {
            return Ties::equal(0, 0);
        }
        let first = channel / out * channels * self.sweep.values();
        let [down, along] = self.sweep.steps();
        let inputs = Steps {
            first: first + self.sweep.input(place, [rows.start, columns.start]),
            by: [self.sweep.values(), down, along],
        };
        let weights = Steps {
            first: channel * self.weights.ncols() + rows.start * width + columns.start,
            by: [self.sweep.taps(), width, 1],
        };
        let sides = [channels, rows.len(), columns.len()];
        Ties::of(sides, inputs, Weights::Stored(weights))
    }

    /// What each output channel's weights are multiplied by before a rule sees them.
    pub(super) fn scale(&self) -> impl Iterator<Item = f64> {
        let largest = |row: ArrayView1<f64>| row.fold(0.0, |most: f64, w| most.max(w.abs()));
        let rows = self.weights.rows().into_iter();
        rows.map(move |row| scale_of(largest(row)))
    }

    pub(super) fn least_weight(&self) -> f64 {
        let rows = self.weights.rows().into_iter().zip(self.scale());
        let present = rows.flat_map(|(row, scale)| {
            let present = row.into_iter().filter(|w| **w != 0.0);
            present.map(move |w| w.abs() * scale)
        });
        present.fold(f64::INFINITY, f64::min)
    }

    pub(super) fn reweighed(&self, reweighing: Reweighing) -> Self {
        let mut map = self.clone();
        for (mut row, scale) in map.weights.rows_mut().into_iter().zip(self.scale()) {
            row.mapv_inplace(|w| reweighing.of(w, scale));
        }
        map
    }

    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        by_signs(self.stored(), inputs)
    }

    /// What is wrong with the map on a level of `units` units, which are not its inputs.
    pub(super) fn misfit(&self, units: usize) -> Invalid {
        misfit(self.input(), units)
    }
}

fn check_groups(groups: usize, [channels, out]: [usize; 2]) -> Result<(), Invalid> {
    if groups == 0 || !channels.is_multiple_of(groups) || !out.is_multiple_of(groups) {
        let expected = format!(
            "expected a number that divides the {channels} input and {out} output channels"
        );
        return Err(Invalid::new("groups", expected, groups));
    }
    Ok(())
}

fn check_finite(weights: &[f64], [_, channels, rows, columns]: [usize; 4]) -> Result<(), Invalid> {
    let Some(k) = weights.iter().position(|w| !w.is_finite()) else {
        return Ok(());
    };
    let (tap, row) = (k % columns, k / columns % rows);
    let (i, o) = (k / columns / rows % channels, k / columns / rows / channels);
    let path = format!("weights[{o}][{i}][{row}][{tap}]");
    Err(Invalid::new(path, "expected a finite number", weights[k]))
}

#[cfg(test)]
mod tests {
    use super::{Conv2d, Window};

    #[test]
    fn what_is_no_convolution_is_refused_by_its_key() {
        let plain = Window {
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [1; 4],
        };
        let new = |input, weights: usize, shape, groups| {
            let invalid = Conv2d::new(input, vec![1.0; weights], shape, plain, groups);
            invalid.expect_err("no convolution").to_string()
        };
        let (input, most) = ([4, 5, 5], usize::MAX);
        for (found, expected) in [
            (
                new(input, 54, [3, 2, 3, 3], 2),
                "groups: expected a number that divides the 4 input and 3 output channels, found 2",
            ),
            (new(input, 0, [0, 4, 3, 3], 0), "groups: expected"),
            (
                new(input, 18, [2, 1, 3, 3], 2),
                "weights: expected at least one output channel, each of 2 × 3 × 3, found 2 of 1 × 3 × 3",
            ),
            (
                new(input, 0, [0, 4, 3, 3], 1),
                "weights: expected at least one output channel",
            ),
            (
                new(input, 71, [2, 4, 3, 3], 1),
                "weights: expected 2 × 4 × 3 × 3 numbers, found 71",
            ),
            (
                new(input, 0, [most, 4, 3, 3], 1),
                "weights: expected at most 134,217,728 units",
            ),
            (
                new([most, 5, 5], 0, [2, most, 3, 3], 1),
                "from: expected a picture of between 1 and 134,217,728 values",
            ),
        ] {
            assert!(found.starts_with(expected), "{found}");
        }
        let mut weights = vec![1.0; 36];
        weights[35 - 9] = f64::NAN;
        let nan = Conv2d::new([2, 5, 5], weights, [2, 2, 3, 3], plain, 1).expect_err("not finite");
        assert_eq!(
            nan.to_string(),
            "weights[1][0][2][2]: expected a finite number, found NaN"
        );
    }
}
