//! What stands under the taps of a window, as a matrix: for convolutions, which are products with it.

use std::ops::Range;

use ndarray::ArrayView2;

use super::sweep::{Run, Sweep};

/// Some places of a window, one after the other, and where each of its taps falls into the picture there.
pub(super) struct Strip {
    sweep: Sweep,
    places: Range<usize>,
    /// Of every tap.
    runs: Vec<Vec<Run>>,
}

impl Strip {
    pub(super) fn new(sweep: Sweep, places: Range<usize>) -> Self {
        let [rows, columns] = sweep.window().kernel;
        let taps = (0..rows).flat_map(|row| (0..columns).map(move |column| [row, column]));
        let runs = taps.map(|tap| sweep.runs(tap, places.clone()).collect());
        Self {
            sweep,
            runs: runs.collect(),
            places,
        }
    }

    /// How many places it has.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// What stands under some of the taps (rows: channel, kernel row, kernel column) at these places (columns), in the channels
    /// x of a picture; 0 under padding. What `cols` held is overwritten.
    pub(super) fn cols<'a>(
        &self,
        x: &[f64],
        taps: Range<usize>,
        cols: &'a mut [f64],
    ) -> ArrayView2<'a, f64> {
        let (values, stride) = (self.sweep.values(), self.sweep.window().stride[1]);
        for (tap, row) in taps.clone().zip(cols.chunks_mut(self.len())) {
            let x = &x[tap / self.runs.len() * values..][..values];
            let mut done = 0;
            for run in &self.runs[tap % self.runs.len()] {
                row[done..run.at].fill(0.0);
                done = run.at + run.length;
                let (row, x) = (&mut row[run.at..done], &x[run.input..]);
                if stride == 1 {
                    row.copy_from_slice(&x[..run.length]);
                } else {
                    let values = row.iter_mut().zip(x.iter().step_by(stride));
                    values.for_each(|(row, x)| *row = *x);
                }
            }
            row[done..].fill(0.0);
        }
        ArrayView2::from_shape((taps.len(), self.len()), cols).expect("a row for each tap")
    }

    /// Adds what each tap (rows) brings at these places (columns; what stands beyond them is none of theirs) to the values of the
    /// picture under it, for some of its channels x.
    ///
    /// A value gets something from later places by earlier taps: with the last tap first, all is added in the order of places.
    pub(super) fn add_cols(&self, cols: ArrayView2<f64>, x: &mut [f64]) {
        let (taps, stride) = (self.runs.len(), self.sweep.window().stride[1]);
        for (channel, x) in x.chunks_mut(self.sweep.values()).enumerate() {
            for (tap, runs) in self.runs.iter().enumerate().rev() {
                let row = cols.row(channel * taps + tap);
                let row = row.to_slice().expect("a row of places");
                for run in runs {
                    let (row, x) = (&row[run.at..run.at + run.length], &mut x[run.input..]);
                    if stride == 1 {
                        let values = x.iter_mut().zip(row);
                        values.for_each(|(x, row)| *x += row);
                    } else {
                        let values = x.iter_mut().step_by(stride).zip(row);
                        values.for_each(|(x, row)| *x += row);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView2, s};

    use crate::network::linear::{Conv2d, Window};

    /// Numbers of either sign with all their digits.
    fn numbers(count: usize, seed: usize) -> Vec<f64> {
        let number = |k: usize| (((k + 1) * (seed + 7) * 2_654_435_761) % 1_000_003) as f64;
        (0..count).map(|k| number(k) / 500_001.5 - 1.0).collect()
    }

    fn window(kernel: usize, [stride, dilation]: [usize; 2], padding: [usize; 4]) -> Window {
        Window {
            kernel: [kernel, kernel],
            stride: [stride, stride],
            dilation: [dilation, dilation],
            padding,
        }
    }

    fn conv(input: [usize; 3], out: usize, window: Window, groups: usize) -> Conv2d {
        let shape = [out, input[0] / groups, window.kernel[0], window.kernel[1]];
        let weights = numbers(shape.iter().product(), out);
        Conv2d::new(input, weights, shape, window, groups).expect("a convolution")
    }

    /// Enough places and channels for several strips, blocks and threads.
    fn large() -> [Conv2d; 4] {
        [
            conv([60, 30, 31], 12, window(3, [1, 1], [1, 1, 1, 1]), 1),
            conv([8, 55, 60], 8, window(3, [2, 2], [2, 0, 1, 3]), 4),
            conv([70, 30, 29], 12, window(1, [1, 1], [0; 4]), 1),
            conv([12, 60, 23], 12, window(5, [1, 1], [2; 4]), 12),
        ]
    }

    fn up_and_down(map: &Conv2d, x: ArrayView2<f64>) -> [Array2<f64>; 2] {
        let [inputs, outputs] = map.levels();
        let mut y = Array2::zeros((x.nrows(), outputs));
        map.apply(x, y.view_mut());
        let mut below = Array2::zeros((x.nrows(), inputs));
        map.adjoint(y.view(), below.view_mut());
        [y, below]
    }

    #[test]
    fn a_sample_has_the_same_bits_in_any_batch_and_with_any_number_of_threads() {
        for map in large() {
            let inputs = map.levels()[0];
            let x = Array2::from_shape_vec((3, inputs), numbers(3 * inputs, 5)).expect("3 rows");
            let expected = up_and_down(&map, x.view());
            for threads in [1, 2, 5] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                let pool = pool.expect("threads");
                assert_eq!(pool.install(|| up_and_down(&map, x.view())), expected);
                let alone = pool.install(|| up_and_down(&map, x.slice(s![1..2, ..])));
                for (alone, expected) in alone.iter().zip(&expected) {
                    assert_eq!(alone.row(0), expected.row(1), "{threads} threads");
                }
            }
        }
    }

    #[test]
    fn the_adjoint_has_the_bits_of_sums_over_output_channels_added_place_by_place() {
        for map in large() {
            let [[channels, ..], [out, ..]] = [map.input(), map.output()];
            let [channels, out] = [channels, out].map(|all| all / map.groups());
            let (inputs, places) = (map.levels()[0], map.sweep.places());
            let x = Array2::from_shape_vec((1, inputs), numbers(inputs, 3)).expect("a row");
            let [y, below] = up_and_down(&map, x.view());
            let mut expected = vec![0.0; inputs];
            for (i, place) in (0..map.input()[0]).flat_map(|i| (0..places).map(move |p| (i, p))) {
                let first = i / channels * out;
                let [rows, columns] = map.sweep.inside(place);
                for (r, c) in rows.flat_map(|r| columns.clone().map(move |c| (r, c))) {
                    let tap = i % channels * map.sweep.taps() + r * map.window().kernel[1] + c;
                    let add = |sum: f64, o: usize| {
                        map.weights()[[o, tap]].mul_add(y[[0, o * places + place]], sum)
                    };
                    let input = i * map.sweep.values() + map.sweep.input(place, [r, c]);
                    expected[input] += (first..first + out).fold(0.0, add);
                }
            }
            assert_eq!(below.row(0).to_vec(), expected);
        }
    }

    #[test]
    fn a_convolution_is_its_sum() {
        for map in large() {
            let [[channels, height, width], [_, rows, columns]] = [map.input(), map.output()];
            let ([out, of_group, kernel, _], window) = (map.shape(), map.window());
            let x = numbers(channels * height * width, 3);
            let x = Array2::from_shape_vec((1, x.len()), x).expect("a row");
            let [y, _] = up_and_down(&map, x.view());
            for (j, y) in y.iter().enumerate() {
                let (o, row, column) = (j / columns / rows, j / columns % rows, j % columns);
                let mut sum = 0.0;
                for (k, w) in map.weights().row(o).iter().enumerate() {
                    let i = o / (out / map.groups()) * of_group + k / kernel / kernel;
                    let (tap_row, tap_column) = (k / kernel % kernel, k % kernel);
                    let [down, along] = [(row, tap_row), (column, tap_column)]
                        .map(|(place, tap)| place * window.stride[0] + tap * window.dilation[0]);
                    let r = down.checked_sub(window.padding[0]).filter(|r| *r < height);
                    let c = along.checked_sub(window.padding[1]).filter(|c| *c < width);
                    if let (Some(r), Some(c)) = (r, c) {
                        sum += w * x[[0, (i * height + r) * width + c]];
                    }
                }
                assert!((y - sum).abs() <= 1e-13 * 100.0, "unit {j}: {y} and {sum}");
            }
        }
    }
}
