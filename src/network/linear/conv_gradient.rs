//! The gradient of a convolution's weights: products of the same matrices as the convolution itself.

use ndarray::{Array2, ArrayView2, s};

use super::Conv2d;
use super::cols::cols;
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
        let places = error.ncols() / self.output()[0];
        let work = samples * places * self.weights().ncols();
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
        let [_, height, width] = self.input();
        let sweep = (self.window().over([height, width])).expect("it fitted when it was made");
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
                let cols = cols(sweep, x, strip, buffer);
                let sum = sum.slice_mut(s![channels.clone(), ..]);
                accumulate(error, cols.t(), 1.0, sum);
            }
        }
    }
}
