//! Weights that are too many to be kept as a product reads them, reweighed or in f64: made in strips at each use, with the same
//! bits.
//!
//! The [product] sums in blocks of 512 over the inner dimension, so that a strip of whole blocks changes no digit; nor does a
//! strip of units, or of inputs, which are sums of their own.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, ShapeBuilder, Zip, s};

use super::{Reweighing, Reweighing as R};
use crate::network::floats::Float;
use crate::network::matmul::{BLOCK, Scale, product_of};
use crate::network::rows::each_part;
use crate::network::{FloatMatrix, FloatSlice, accumulate, product};

/// So many units, and so many inputs, have their weights made at once: few enough to stay in a core's cache.
const UNITS: usize = 128;
const INPUTS: usize = 16;

/// A matrix of weights, inputs × units, that is made of another when it is used.
#[derive(Debug, Clone)]
pub(super) struct InStrips<'m> {
    weights: FloatMatrix<'m>,
    reweighing: Reweighing,
    /// The power of two that each unit's weights are multiplied by; none where they stay as they are.
    scale: Option<Vec<f64>>,
}

impl<'m> InStrips<'m> {
    /// The weights as they are, in f64.
    pub(super) fn same(weights: FloatMatrix<'m>) -> Self {
        Self {
            weights,
            reweighing: R::Same,
            scale: None,
        }
    }

    /// What a rule puts in their place, each unit's multiplied by a power of two first.
    pub(super) fn reweighed(
        weights: FloatMatrix<'m>,
        reweighing: Reweighing,
        scale: Vec<f64>,
    ) -> Self {
        Self {
            weights,
            reweighing,
            scale: Some(scale),
        }
    }

    /// `y = x · w`
    pub(super) fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        match self.weights.numbers() {
            FloatSlice::Double(weights) => self.apply_of(self.weights.of(weights), x, y),
            FloatSlice::Single(weights) => self.apply_of(self.weights.of(weights), x, y),
        }
    }

    /// `x = y · wᵀ`
    pub(super) fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        match self.weights.numbers() {
            FloatSlice::Double(weights) => self.adjoint_of(self.weights.of(weights), y, x),
            FloatSlice::Single(weights) => self.adjoint_of(self.weights.of(weights), y, x),
        }
    }

    fn apply_of(
        &self,
        weights: ArrayView2<impl Float>,
        x: ArrayView2<f64>,
        mut y: ArrayViewMut2<f64>,
    ) {
        let scale = self.scale.as_deref();
        // Of a single sample every weight is read once: nothing is gained by keeping it.
        if x.nrows() == 1 {
            let scale = scale.map_or(Scale::None, Scale::Columns);
            return self.product(x, weights, scale, y);
        }
        let inputs = weights.nrows();
        let strips = y.axis_chunks_iter_mut(Axis(1), UNITS).enumerate();
        each_part(strips.collect(), weights.len(), |buffer, (k, mut y)| {
            let units = k * UNITS..k * UNITS + y.ncols();
            let scale = scale.map(|scale| &scale[units.clone()]);
            for first in (0..inputs).step_by(BLOCK) {
                let block = first..inputs.min(first + BLOCK);
                let weights = weights.slice(s![block.clone(), units.clone()]);
                let strip = strip(weights, self.reweighing, scale, buffer);
                let beta = if first == 0 { 0.0 } else { 1.0 };
                accumulate(x.slice(s![.., block]), strip, beta, y.view_mut());
            }
        });
    }

    fn adjoint_of(
        &self,
        weights: ArrayView2<impl Float>,
        y: ArrayView2<f64>,
        mut x: ArrayViewMut2<f64>,
    ) {
        let scale = self.scale.as_deref();
        if y.nrows() == 1 {
            let scale = scale.map_or(Scale::None, Scale::Rows);
            return self.product(y, weights.reversed_axes(), scale, x);
        }
        let strips = x.axis_chunks_iter_mut(Axis(1), INPUTS).enumerate();
        each_part(strips.collect(), weights.len(), |buffer, (k, x)| {
            let inputs = k * INPUTS..k * INPUTS + x.ncols();
            let weights = weights.slice(s![inputs, ..]);
            product(y, strip(weights, self.reweighing, scale, buffer).t(), x);
        });
    }

    /// A product with the weights as they are read, each reweighed on the way: for each rule its own loop.
    fn product(
        &self,
        a: ArrayView2<f64>,
        b: ArrayView2<impl Float>,
        by: Scale,
        c: ArrayViewMut2<f64>,
    ) {
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
}

/// The reweighed weights of some inputs and units, laid out as the network's own.
fn strip<'b>(
    weights: ArrayView2<impl Float>,
    reweighing: Reweighing,
    scale: Option<&[f64]>,
    buffer: &'b mut Vec<f64>,
) -> ArrayView2<'b, f64> {
    let by_units = weights.strides()[0] == 1 && weights.strides()[1] != 1;
    buffer.resize(weights.len(), 0.0);
    let shape = weights.raw_dim().set_f(by_units);
    let strip = ArrayViewMut2::from_shape(shape, &mut buffer[..]);
    let strip = strip.expect("the buffer has this size");
    reweigh(weights, reweighing, scale, strip);
    ArrayView2::from_shape(shape, buffer).expect("the buffer has this size")
}

/// Writes what a rule puts in place of weights, each unit's multiplied by its scale first where there is one; in the order in
/// which they lie.
pub(super) fn reweigh(
    weights: ArrayView2<impl Float>,
    reweighing: Reweighing,
    scale: Option<&[f64]>,
    mut to: ArrayViewMut2<f64>,
) {
    let Some(scale) = scale else {
        let weights = Zip::from(to).and(weights);
        return weights.for_each(|to, &w| *to = reweighing.of(w.into(), 1.0));
    };
    if weights.strides()[0] == 1 && weights.strides()[1] != 1 {
        let units = Zip::from(to.columns_mut()).and(weights.columns());
        units.and(scale).for_each(|to, from, &scale| {
            let weights = Zip::from(to).and(from);
            weights.for_each(|to, &w| *to = reweighing.of(w.into(), scale));
        });
    } else {
        let inputs = Zip::from(to.rows_mut()).and(weights.rows());
        inputs.for_each(|to, from| {
            let weights = Zip::from(to).and(from).and(scale);
            weights.for_each(|to, &w, &scale| *to = reweighing.of(w.into(), scale));
        });
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView2, ShapeBuilder};

    use super::InStrips;
    use crate::network::linear::{Dense, Linear, Reweighing as R};

    const RULES: [R; 6] = [
        R::Positive,
        R::Negative,
        R::RaisedPositive(0.25),
        R::Squared,
        R::Ones,
        R::Present,
    ];

    /// Both more than one block of 512, and work enough for several cores.
    const SIDES: [usize; 2] = [600, 700];

    /// Weights that have 32 bits, inputs × units.
    fn weights(by_columns: bool) -> Array2<f32> {
        let mut weights = Array2::zeros(SIDES.set_f(by_columns));
        for ((i, j), w) in weights.indexed_iter_mut() {
            // Units of several sizes, and so of several scales.
            let size = (1 << (j % 5)) as f32;
            *w = size * (((i * 37 + j * 11) % 101) as f32 / 7.0 - 7.0);
        }
        weights
    }

    /// A map up at x, and down at y.
    fn up_and_down(
        [x, y]: [&Array2<f64>; 2],
        apply: impl Fn(ArrayView2<f64>, &mut Array2<f64>),
        adjoint: impl Fn(ArrayView2<f64>, &mut Array2<f64>),
    ) -> [Array2<f64>; 2] {
        let (mut up, mut down) = (Array2::zeros(y.dim()), Array2::zeros(x.dim()));
        apply(x.view(), &mut up);
        adjoint(y.view(), &mut down);
        [up, down]
    }

    #[test]
    fn weights_made_in_strips_give_the_same_bits_as_weights_that_are_kept() {
        for (by_columns, samples) in [(false, 1), (true, 1), (false, 5), (true, 5)] {
            let weights = weights(by_columns);
            let dense = Dense::new(weights.mapv(f64::from)).expect("finite");
            let single = Dense::single(weights).expect("finite");
            let [x, y] = SIDES.map(|side| {
                Array2::from_shape_fn((samples, side), |(n, i)| 1.0 / (1 + n + i) as f64)
            });
            let maps = RULES.map(|rule| (Some(rule), dense.reweighed(rule)));
            for (rule, kept) in maps.into_iter().chain([(None, dense.clone())]) {
                let kept = Linear::Dense(kept);
                let frozen = kept.at(x.view(), None);
                let expected = up_and_down(
                    [&x, &y],
                    |x, up| frozen.apply(x, up.view_mut()),
                    |y, down| frozen.adjoint(y, down.view_mut()),
                );
                for weights in [dense.weights(), single.weights()] {
                    let strips = match rule {
                        Some(rule) => InStrips::reweighed(weights, rule, dense.scale()),
                        None => InStrips::same(weights),
                    };
                    let found = up_and_down(
                        [&x, &y],
                        |x, up| strips.apply(x, up.view_mut()),
                        |y, down| strips.adjoint(y, down.view_mut()),
                    );
                    assert_eq!(
                        found, expected,
                        "{rule:?}, by columns {by_columns}, {samples} samples"
                    );
                }
            }
        }
    }
}
