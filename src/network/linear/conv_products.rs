//! A convolution as products of matrices.
//!
//! A group of channels is one product, `y = W · cols`, where `cols` has a row for each tap and a column for each place; so a
//! unit is summed over input channel, kernel row and kernel column, as [`product`] sums. The adjoint is the product `Wᵀ · y`
//! over output channels, whose columns are then added up in row-major order of places. Both go over the places in strips and
//! over the taps a few at a time, so that what they make on the way never leaves a core's cache; that, and who computes
//! what, changes no digit.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};

use super::Conv2d;
use super::cols::Strip;
use super::sweep::planes;
use crate::network::matmul::BLOCK;
use crate::network::rows::each_part;
use crate::network::{accumulate, product, row};

/// So many places are done at once on the way up: `cols` of one block of a sum stays in a core's cache.
const PLACES_UP: usize = 192;
/// And on the way down, where only a few taps are made at once.
const PLACES_DOWN: usize = 384;
/// A product of no more rows than this reads `cols` where it lies; gemm copies what more rows are multiplied by.
const ROWS: usize = 48;
/// So many numbers are a vector and a cache line. A strip of whole lines needs no copy.
const LINE: usize = 8;

impl Conv2d {
    /// In and out, of one group.
    pub(super) fn of_group(&self) -> [usize; 2] {
        let [out, channels, ..] = self.shape();
        [channels, out / self.groups()]
    }

    pub(super) fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        let ([channels, out], places) = (self.of_group(), self.sweep.places());
        let (samples, x) = (x.nrows(), x.as_standard_layout());
        let blocks = samples * self.groups();
        let x = planes(x.view(), channels * self.sweep.values());
        let mut y =
            (y.into_shape_with_order((blocks, out, places))).expect("a sample is its groups");
        let strip = self.strip(
            PLACES_UP,
            rayon::current_num_threads().div_ceil(blocks.max(1)),
        );
        let mut blocks: Vec<_> = y.axis_iter_mut(Axis(0)).collect();
        let strips = blocks.iter_mut().enumerate().flat_map(|(block, y)| {
            let strips = y.axis_chunks_iter_mut(Axis(1), strip).enumerate();
            strips.map(move |(k, y)| (block, k * strip, y))
        });
        let work = samples.saturating_mul(self.multiplications());
        each_part(strips.collect(), work, |buffer, (block, first, y)| {
            let group = block % self.groups() * out;
            let weights = self.weights().slice_move(s![group..group + out, ..]);
            self.hand_up(weights, row(&x, block), first, y, buffer);
        });
    }

    /// `W · cols` for the places y from the `first` on, of the channels x of a group; `weights` is output channels × taps.
    fn hand_up(
        &self,
        weights: ArrayView2<f64>,
        x: &[f64],
        first: usize,
        mut y: ArrayViewMut2<f64>,
        buffer: &mut Vec<f64>,
    ) {
        let places = first..first + y.ncols();
        if self.sweep.is_pointwise() {
            let values = self.sweep.values();
            let x = ArrayView2::from_shape((x.len() / values, values), x);
            let x = x.expect("channels of a picture").slice_move(s![.., places]);
            return product(weights, x, y);
        }
        let strip = Strip::new(self.sweep, places);
        let rows = match y.ncols() % LINE {
            0 => ROWS,
            _ => y.nrows(),
        };
        for first in (0..weights.ncols()).step_by(BLOCK) {
            let taps = first..weights.ncols().min(first + BLOCK);
            let cols = aligned(buffer, taps.len() * y.ncols());
            let cols = strip.cols(x, taps.clone(), cols);
            let beta = if first == 0 { 0.0 } else { 1.0 };
            let weights = weights.slice(s![.., taps]);
            let parts = weights.axis_chunks_iter(Axis(0), rows);
            for (weights, y) in parts.zip(y.axis_chunks_iter_mut(Axis(0), rows)) {
                accumulate(weights, cols, beta, y);
            }
        }
    }

    pub(super) fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        let ([channels, out], places) = (self.of_group(), self.sweep.places());
        let (samples, y) = (y.nrows(), y.as_standard_layout());
        let blocks = samples * self.groups();
        let y = (y.view().into_shape_with_order((blocks, out, places)))
            .expect("a sample is its groups");
        let mut x = (x.into_shape_with_order((blocks, channels, self.sweep.values())))
            .expect("a sample is its groups");
        let turned = self.turned();
        // Parts of a picture's channels where there are too few pictures for the threads.
        let part = channels.div_ceil(rayon::current_num_threads().div_ceil(blocks.max(1)));
        let mut blocks: Vec<_> = x.axis_iter_mut(Axis(0)).collect();
        let parts = blocks.iter_mut().enumerate().flat_map(|(block, x)| {
            let parts = x.axis_chunks_iter_mut(Axis(0), part).enumerate();
            parts.map(move |(k, x)| (block, k * part, x))
        });
        let work = samples.saturating_mul(self.multiplications());
        each_part(parts.collect(), work, |buffer, (block, first, x)| {
            let first = (block % self.groups() * channels + first) * self.sweep.taps();
            let taps = first..first + x.nrows() * self.sweep.taps();
            let weights = turned.slice(s![taps, ..]);
            self.hand_down(weights, y.index_axis(Axis(0), block), x, buffer);
        });
    }

    /// The weights turned over, each group's taps × its output channels: in the order in which the adjoint sums.
    fn turned(&self) -> Array2<f64> {
        let ([channels, out], weights) = (self.of_group(), self.weights());
        let taps = channels * self.sweep.taps();
        let mut turned = Array2::zeros((self.groups() * taps, out));
        // A cache line of each output channel at a time, within one group.
        let mut groups: Vec<_> = turned.axis_chunks_iter_mut(Axis(0), taps).collect();
        let parts = groups.iter_mut().enumerate().flat_map(|(group, turned)| {
            let parts = turned.axis_chunks_iter_mut(Axis(0), LINE).enumerate();
            parts.map(move |(k, turned)| (group * out, k * LINE, turned))
        });
        each_part(
            parts.collect(),
            weights.len(),
            |_, (group, first, mut turned)| {
                let mut rows: Vec<&mut [f64]> = turned
                    .rows_mut()
                    .into_iter()
                    .map(|row| row.into_slice().expect("a row of output channels"))
                    .collect();
                for o in 0..out {
                    let line = weights.row(group + o);
                    let line = line.iter().skip(first);
                    rows.iter_mut().zip(line).for_each(|(row, w)| row[o] = *w);
                }
            },
        );
        turned
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
        let (out, places, taps) = (y.nrows(), self.sweep.places(), self.sweep.taps());
        let channels = (ROWS / taps).max(1);
        let length = self.strip(PLACES_DOWN, 1);
        for first in (0..places).step_by(length) {
            let strip = Strip::new(self.sweep, first..places.min(first + length));
            let width = strip.len().next_multiple_of(LINE);
            let buffer = aligned(buffer, (out + channels * taps) * width);
            let (above, cols) = buffer.split_at_mut(out * width);
            let mut above = matrix(above, width);
            above
                .slice_mut(s![.., ..strip.len()])
                .assign(&y.slice(s![.., first..first + strip.len()]));
            above.slice_mut(s![.., strip.len()..]).fill(0.0);
            let x = x.chunks_mut(channels * self.sweep.values());
            for (x, weights) in x.zip(weights.axis_chunks_iter(Axis(0), channels * taps)) {
                let mut cols = matrix(&mut cols[..weights.nrows() * width], width);
                product(weights, above.view(), cols.view_mut());
                strip.add_cols(cols.view(), x);
            }
        }
    }

    /// How many places are done at once, about `most`: as many in each strip but the last, and as many strips for each of so many threads.
    fn strip(&self, most: usize, threads: usize) -> usize {
        let places = self.sweep.places();
        let most = if self.sweep.is_pointwise() {
            places
        } else {
            most
        };
        let strips = places.div_ceil(most).next_multiple_of(threads.max(1));
        places.div_ceil(strips).next_multiple_of(LINE)
    }
}

/// So many values of a buffer that grows as needed, from the start of a cache line on.
fn aligned(buffer: &mut Vec<f64>, values: usize) -> &mut [f64] {
    if buffer.len() < values + LINE {
        buffer.resize(values + LINE, 0.0);
    }
    let start = buffer
        .as_ptr()
        .align_offset(LINE * size_of::<f64>())
        .min(LINE);
    &mut buffer[start..start + values]
}

/// Rows of so many values.
fn matrix(values: &mut [f64], columns: usize) -> ArrayViewMut2<'_, f64> {
    let rows = values.len() / columns;
    ArrayViewMut2::from_shape((rows, columns), values).expect("so many rows of so many values")
}
