//! Reweighed matrices that are too large to be kept: made in strips at each use, with the same bits.
//!
//! The [product] sums in blocks of 512 over the inner dimension, so that a strip of whole blocks changes no digit; nor does a
//! strip of units, or of inputs, which are sums of their own.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, ShapeBuilder, Zip, s};

use super::{Dense, Linear, Reweighing, Reweighing as R};
use crate::network::matmul::{BLOCK, Scale, product_of};
use crate::network::rows::each_part;
use crate::network::{accumulate, product};

/// Matrices of more numbers than this are not kept beside the network's own: 64 MiB.
const KEPT: usize = 1 << 23;
/// So many units, and so many inputs, have their weights made at once: few enough to stay in a core's cache.
const UNITS: usize = 128;
const INPUTS: usize = 16;

/// A map with the weights that a rule asks for.
#[derive(Debug, Clone)]
pub enum Reweighed<'m> {
    /// Its weights are kept.
    Kept(Box<Linear>),
    /// They are made when they are used.
    InStrips(InStrips<'m>),
}

/// A dense map whose reweighed weights are made when they are used.
#[derive(Debug, Clone)]
pub struct InStrips<'m> {
    dense: &'m Dense,
    reweighing: Reweighing,
    /// The power of two that each unit's weights are multiplied by.
    scale: Vec<f64>,
}

impl Linear {
    /// The map with the weights that a rule asks for, [reweighed](Linear::reweighed) once or, where that would take more
    /// memory than is kept, at each use.
    pub fn prepared(&self, reweighing: Reweighing) -> Reweighed<'_> {
        match self {
            Self::Dense(dense) if dense.weights().len() > KEPT => Reweighed::InStrips(InStrips {
                dense,
                reweighing,
                scale: dense.scale(),
            }),
            _ => Reweighed::Kept(Box::new(self.reweighed(reweighing))),
        }
    }
}

impl InStrips<'_> {
    /// The reweighed weights of some inputs and units, laid out as the network's own.
    fn strip<'b>(
        &self,
        weights: ArrayView2<f64>,
        scale: &[f64],
        buffer: &'b mut Vec<f64>,
    ) -> ArrayView2<'b, f64> {
        let reweighing = self.reweighing;
        let by_units = weights.strides()[0] == 1 && weights.strides()[1] != 1;
        buffer.resize(weights.len(), 0.0);
        let shape = weights.raw_dim().set_f(by_units);
        let strip = ArrayViewMut2::from_shape(shape, &mut buffer[..]);
        let mut strip = strip.expect("the buffer has this size");
        if by_units {
            let units = Zip::from(strip.columns_mut()).and(weights.columns());
            units.and(scale).for_each(|to, from, &scale| {
                Zip::from(to)
                    .and(from)
                    .for_each(|to, &w| *to = reweighing.of(w, scale));
            });
        } else {
            let inputs = Zip::from(strip.rows_mut()).and(weights.rows());
            inputs.for_each(|to, from| {
                let weights = Zip::from(to).and(from).and(scale);
                weights.for_each(|to, &w, &scale| *to = reweighing.of(w, scale));
            });
        }
        ArrayView2::from_shape(shape, buffer).expect("the buffer has this size")
    }

    /// A product with the weights as they are read, each reweighed on the way: for each rule its own loop.
    fn product(&self, a: ArrayView2<f64>, b: ArrayView2<f64>, by: Scale, c: ArrayViewMut2<f64>) {
        match self.reweighing {
            R::Same => product_of(a, b, by, |w, by| R::Same.of(w, by), c),
            R::Squared => product_of(a, b, by, |w, by| R::Squared.of(w, by), c),
            R::Positive => product_of(a, b, by, |w, by| R::Positive.of(w, by), c),
            R::Negative => product_of(a, b, by, |w, by| R::Negative.of(w, by), c),
            R::RaisedPositive(_) | R::RaisedNegative(_) => {
                let reweighing = self.reweighing;
                product_of(a, b, by, |w, by| reweighing.of(w, by), c);
            }
            R::Ones => product_of(a, b, by, |w, by| R::Ones.of(w, by), c),
            R::Present => product_of(a, b, by, |w, by| R::Present.of(w, by), c),
        }
    }

    pub(super) fn apply(&self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        let weights = self.dense.weights();
        // Of a single sample every weight is read once: nothing is gained by keeping it.
        if x.nrows() == 1 {
            return self.product(x, weights, Scale::Columns(&self.scale), y);
        }
        let inputs = weights.nrows();
        let strips = y.axis_chunks_iter_mut(Axis(1), UNITS).enumerate();
        each_part(strips.collect(), weights.len(), |buffer, (k, mut y)| {
            let units = k * UNITS..k * UNITS + y.ncols();
            for first in (0..inputs).step_by(BLOCK) {
                let block = first..inputs.min(first + BLOCK);
                let weights = weights.slice(s![block.clone(), units.clone()]);
                let strip = self.strip(weights, &self.scale[units.clone()], buffer);
                let beta = if first == 0 { 0.0 } else { 1.0 };
                accumulate(x.slice(s![.., block]), strip, beta, y.view_mut());
            }
        });
    }

    pub(super) fn adjoint(&self, y: ArrayView2<f64>, mut x: ArrayViewMut2<f64>) {
        let weights = self.dense.weights();
        if y.nrows() == 1 {
            return self.product(y, weights.t(), Scale::Rows(&self.scale), x);
        }
        let strips = x.axis_chunks_iter_mut(Axis(1), INPUTS).enumerate();
        each_part(strips.collect(), weights.len(), |buffer, (k, x)| {
            let inputs = k * INPUTS..k * INPUTS + x.ncols();
            let strip = self.strip(weights.slice(s![inputs, ..]), &self.scale, buffer);
            product(y, strip.t(), x);
        });
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder};

    use super::{InStrips, Reweighed};
    use crate::network::linear::{Dense, Linear, Reweighing as R};

    #[test]
    fn weights_made_in_strips_give_the_same_bits_as_weights_that_are_kept() {
        for (by_columns, samples) in [(false, 1), (true, 1), (false, 5), (true, 5)] {
            let mut weights = Array2::zeros((1100, 300).set_f(by_columns));
            for ((i, j), w) in weights.indexed_iter_mut() {
                *w = ((i * 37 + j * 11) % 101) as f64 / 7.0 - 7.0;
            }
            let dense = Dense::new(weights).expect("finite");
            let [x, y] = [(samples, 1100), (samples, 300)]
                .map(|shape| Array2::from_shape_fn(shape, |(n, i)| 1.0 / (1 + n + i) as f64));
            for reweighing in [
                R::Positive,
                R::Negative,
                R::RaisedPositive(0.25),
                R::Squared,
                R::Ones,
            ] {
                let kept = Linear::Dense(dense.clone()).reweighed(reweighing);
                let kept = Reweighed::Kept(Box::new(kept));
                let in_strips = Reweighed::InStrips(InStrips {
                    dense: &dense,
                    reweighing,
                    scale: dense.scale(),
                });
                let [kept, in_strips] = [kept, in_strips].map(|map| {
                    let frozen = map.at(x.view(), None);
                    let mut up = Array2::zeros((samples, 300));
                    let mut down = Array2::zeros((samples, 1100));
                    frozen.apply(x.view(), up.view_mut());
                    frozen.adjoint(y.view(), down.view_mut());
                    (up, down)
                });
                assert_eq!(
                    kept, in_strips,
                    "{reweighing:?}, by columns {by_columns}, {samples} samples"
                );
            }
        }
    }
}
