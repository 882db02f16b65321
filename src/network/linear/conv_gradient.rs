//! The gradient of a convolution's weights: products of the same matrices as the convolution itself.

use ndarray::{Array2, ArrayView2, s};

use super::Conv2d;
use super::cols::Strip;
use crate::network::{accumulate, each_sample, row};

/// The gradients of so many samples are added up one by one, and then those of such parts; always the same number, so that
/// the digits do not depend on the number of threads.
const SAMPLES: usize = 4;

/// Places whose products are summed at once, at least; as with [`SAMPLES`].
const PLACES: usize = 512;

/// So many values of `cols` are made at once where that is more places.
const STRIP: usize = 1 << 16;

impl Conv2d {
    /// `∂L/∂w_oirc = Σ_(n, place) x_(n, i, under tap r, c at that place) · ∂L/∂z_(n, o, place)`, in the order of the file.
    pub(super) fn gradient(&self, x: ArrayView2<f64>, error: ArrayView2<f64>) -> Vec<f64> {
        let samples = x.nrows();
        let work = samples.saturating_mul(self.multiplications());
        let parts = each_sample(samples.div_ceil(SAMPLES), work, |part| {
            let mut sum = Array2::zeros(self.weights().dim());
            let mut buffer = Vec::new();
            for n in part * SAMPLES..samples.min((part + 1) * SAMPLES) {
                self.add_gradient(row(&x, n), row(&error, n), &mut sum, &mut buffer);
            }
            sum
        });
        let sum = parts.into_iter().reduce(|sum, part| sum + part);
        sum.map_or_else(Vec::new, |sum| sum.into_raw_vec_and_offset().0)
    }

    /// Adds the gradient of one sample.
    fn add_gradient(&self, x: &[f64], error: &[f64], sum: &mut Array2<f64>, buffer: &mut Vec<f64>) {
        let sweep = self.sweep;
        let (places, taps) = (sweep.places(), sum.ncols());
        let out = self.output()[0] / self.groups();
        let error = ArrayView2::from_shape((self.output()[0], places), error)
            .expect("a level is so many channels of so many places");
        let strip = (STRIP / taps).next_multiple_of(PLACES);
        for (group, x) in x.chunks(x.len() / self.groups()).enumerate() {
            let channels = group * out..(group + 1) * out;
            for first in (0..places).step_by(strip) {
                let strip = first..places.min(first + strip);
                let error = error.slice(s![channels.clone(), strip.clone()]);
                buffer.resize(taps * strip.len(), 0.0);
                let cols = Strip::new(sweep, strip).cols(x, 0..taps, buffer);
                let sum = sum.slice_mut(s![channels.clone(), ..]);
                accumulate(error, cols.t(), 1.0, sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use crate::network::linear::{Conv2d, Window};

    #[test]
    fn the_gradient_has_the_same_bits_on_any_number_of_threads() {
        let window = Window {
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [1; 4],
        };
        let map = Conv2d::new([4, 29, 30], vec![0.5; 108], [6, 2, 3, 3], window, 2);
        let map = map.expect("a convolution");
        let value = |n: usize, i: usize| ((n * 7 + i * 13) % 101) as f64 / 97.0 - 0.5;
        let x = Array2::from_shape_fn((11, 4 * 870), |(n, i)| value(n, i));
        let error = Array2::from_shape_fn((11, 6 * 870), |(n, i)| value(i, n));
        let gradient = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.expect("threads");
            pool.install(|| map.gradient(x.view(), error.view()))
        };
        let expected = gradient(1);
        for threads in [2, 3, 8] {
            assert_eq!(gradient(threads), expected, "{threads} threads");
        }
        // The middle tap of group 1, channel 0, output channel 3.
        let middle: f64 = (0..11)
            .map(|n| {
                (0..870)
                    .map(|p| x[[n, 2 * 870 + p]] * error[[n, 3 * 870 + p]])
                    .sum::<f64>()
            })
            .sum();
        assert!((expected[3 * 18 + 4] - middle).abs() < 1e-9);
    }
}
