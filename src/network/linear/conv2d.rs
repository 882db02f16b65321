//! Convolution: the same weights at every place of a picture.

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::dense::by_signs;
use super::reweighing::scale_of;
use super::sweep::Sweep;
use super::ties::{Steps, Weights};
use super::window::{Window, check_picture, misfit, units};
use super::{About, Reweighing, Role, Ties};
use crate::error::Invalid;
use crate::network::{Domain, FloatSlice, LARGEST_LEVEL};
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

    pub(super) fn multiplications(&self) -> usize {
        self.weights.len().saturating_mul(self.sweep.places())
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
    use ndarray::Array2;

    use super::{Conv2d, Window, check_finite};
    use crate::network::linear::{Dense, Linear, Pool2d};

    #[test]
    fn a_weight_is_multiplied_once_a_place_and_a_map_without_weights_counts_its_values() {
        let window = Window {
            kernel: [2, 3],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [0; 4],
        };
        // 2 × 3 taps of 2 channels for each of 3 channels, at 3 × 3 places.
        let conv = Conv2d::new([2, 4, 5], vec![1.0; 36], [3, 2, 2, 3], window, 1);
        let conv = Linear::Conv2d(conv.expect("a convolution"));
        assert_eq!((conv.multiplications(), conv.parameters()), (324, 36));
        let pool = Pool2d::sum([2, 4, 5], window).expect("a pool");
        assert_eq!(Linear::Pool2d(pool).multiplications(), 18);
        let dense = Dense::new(Array2::zeros((4, 2))).expect("finite");
        assert_eq!(Linear::Dense(dense).multiplications(), 8);
    }

    #[test]
    fn a_weight_that_is_not_finite_is_named_by_channels_row_and_column() {
        let shape = [3, 4, 2, 5];
        for (o, i, row, column) in [(2, 3, 1, 4), (1, 0, 1, 2), (2, 1, 0, 3), (0, 2, 1, 0)] {
            let mut weights = vec![1.0; 120];
            weights[o * 40 + i * 10 + row * 5 + column] = f64::INFINITY;
            let invalid = check_finite(&weights, shape).expect_err("not finite");
            assert_eq!(invalid.path, format!("weights[{o}][{i}][{row}][{column}]"));
        }
        assert_eq!(check_finite(&[1.0; 120], shape), Ok(()));
    }

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
            (
                new(input, 27, [3, 1, 3, 3], 3),
                "groups: expected a number that divides the 4 input and 3 output channels, found 3",
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
