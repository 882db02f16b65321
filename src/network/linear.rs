//! The linear maps a layer is made of: each knows how to apply itself, its adjoint, and how to be reweighed.
//!
//! A batch is a matrix whose rows are samples. [`Linear::apply`] carries values up, `y_j = Σ_i x_i w_ij`;
//! [`Linear::adjoint`] carries them down, `x_i = Σ_j w_ij y_j`. A rule needs nothing else of a layer, so a
//! new kind of layer is written here once and every rule reaches it.

use std::ops::Range;

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, Zip};

use super::matmul::product;
use super::rows::sum;

/// A linear map from the units of one level to those of the next, without bias and activation.
#[derive(Debug, Clone, PartialEq)]
pub enum Linear {
    /// Every input is tied to every unit by a weight of its own.
    Dense(Dense),
    /// Every unit adds up a run of neighbouring inputs.
    SumPool(SumPool),
}

/// A dense map: `weights[[i, j]] = w_ij`, inputs × units.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    pub(super) weights: Array2<f64>,
}

/// Sum pooling: `x_k = Σ_j x_j` over runs of `size` consecutive units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumPool {
    pub(super) inputs: usize,
    pub(super) size: usize,
}

/// What a rule may put in the place of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reweighing {
    /// `w'_ij = w_ij`
    Same,
    /// `w'_ij = w_ij²`
    Squared,
    /// `w'_ij = w_ij⁺ = max(0, w_ij)`
    Positive,
    /// `w'_ij = w_ij⁻ = min(0, w_ij)`
    Negative,
    /// `w'_ij = 1`
    Ones,
}

impl Reweighing {
    /// Two numbers whose product stands in the place of the weight w, the second by itself 1 where one is enough.
    ///
    /// The product of both can leave f64 where neither of them does.
    pub fn factors(self, w: f64) -> [f64; 2] {
        match self {
            Self::Same => [w, 1.0],
            Self::Squared => [w, w],
            Self::Positive => [w.max(0.0), 1.0],
            Self::Negative => [w.min(0.0), 1.0],
            Self::Ones => [1.0, 1.0],
        }
    }
}

impl Linear {
    /// Number of units below the map.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.weights.nrows(),
            Self::SumPool(pool) => pool.inputs,
        }
    }

    /// Number of units above the map.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.weights.ncols(),
            Self::SumPool(pool) => pool.inputs / pool.size,
        }
    }

    /// Number of weights that are stored.
    pub fn parameters(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.weights.len(),
            Self::SumPool(_) => 0,
        }
    }

    /// `y_j = Σ_i x_i w_ij` for every row x of a batch.
    ///
    /// `x` is samples × inputs, `y` samples × outputs; what `y` held is overwritten.
    pub fn apply(&self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        match self {
            Self::Dense(dense) => product(x, dense.weights.view(), y),
            Self::SumPool(pool) => {
                for (x, mut y) in x.rows().into_iter().zip(y.rows_mut()) {
                    for (run, y) in x.axis_chunks_iter(Axis(0), pool.size).zip(&mut y) {
                        *y = total(run);
                    }
                }
            }
        }
    }

    /// `x_i = Σ_j w_ij y_j` for every row y of a batch.
    ///
    /// `y` is samples × outputs, `x` samples × inputs; what `x` held is overwritten.
    pub fn adjoint(&self, y: ArrayView2<f64>, mut x: ArrayViewMut2<f64>) {
        match self {
            Self::Dense(dense) => product(y, dense.weights.t(), x),
            Self::SumPool(pool) => {
                for (y, mut x) in y.rows().into_iter().zip(x.rows_mut()) {
                    for (mut run, &y) in x.axis_chunks_iter_mut(Axis(0), pool.size).zip(&y) {
                        run.fill(y);
                    }
                }
            }
        }
    }

    /// The same map with other weights, each unit's column divided by a power of two first.
    ///
    /// The shares of a rule do not change when a unit's weights are scaled, and a power of two changes no
    /// digit of them; the largest |w_ij| of a unit comes to lie in [1, 2), so that squares of weights of
    /// 1e±200 neither overflow nor vanish. A pool has no weights of its own and stays as it is.
    #[must_use]
    pub fn reweighed(&self, reweighing: Reweighing) -> Self {
        match self {
            Self::Dense(dense) => Self::Dense(dense.reweighed(reweighing)),
            Self::SumPool(pool) => Self::SumPool(*pool),
        }
    }

    /// The inputs that unit j sees, in order.
    pub fn inputs_of(&self, j: usize) -> Range<usize> {
        match self {
            Self::Dense(dense) => 0..dense.weights.nrows(),
            Self::SumPool(pool) => j * pool.size..(j + 1) * pool.size,
        }
    }

    /// w_ij, where unit j sees input i.
    pub fn weight(&self, i: usize, j: usize) -> f64 {
        match self {
            Self::Dense(dense) => dense.weights[[i, j]],
            Self::SumPool(_) => 1.0,
        }
    }

    /// The smallest weight that is not 0, beside the power of two of the largest one of its unit; 0 where it vanishes
    /// beside it.
    pub fn least_weight(&self) -> f64 {
        match self {
            Self::Dense(dense) => {
                let scale = dense.scale();
                let present = |(w, scale): (&f64, &f64)| (*w != 0.0).then(|| w.abs() / scale);
                let rows = dense.weights.rows().into_iter();
                rows.flat_map(|row| row.into_iter().zip(&scale).filter_map(present))
                    .fold(f64::INFINITY, f64::min)
            }
            Self::SumPool(_) => 1.0,
        }
    }

    /// Whether unit j of the map has no weight other than 0.
    pub fn without_weights(&self, j: usize) -> bool {
        match self {
            Self::Dense(dense) => dense.weights.column(j).iter().all(|&w| w == 0.0),
            Self::SumPool(_) => false,
        }
    }

    /// The inputs that unit j sees, of one sample x of `inputs` values, in order.
    pub fn field<'a>(&self, j: usize, x: &'a [f64]) -> &'a [f64] {
        &x[self.inputs_of(j)]
    }
}

impl Dense {
    /// The weights, inputs × units.
    pub fn weights(&self) -> ArrayView2<'_, f64> {
        self.weights.view()
    }

    /// The power of two below the largest |w_ij| of each unit.
    fn scale(&self) -> Vec<f64> {
        let mut largest = vec![0.0_f64; self.weights.ncols()];
        for row in self.weights.rows() {
            for (largest, w) in largest.iter_mut().zip(row) {
                *largest = largest.max(w.abs());
            }
        }
        largest.into_iter().map(power_of_two_below).collect()
    }

    fn reweighed(&self, reweighing: Reweighing) -> Self {
        let scale = self.scale();
        let mut weights = Array2::zeros(self.weights.dim());
        for (from, to) in self.weights.rows().into_iter().zip(weights.rows_mut()) {
            Zip::from(to)
                .and(from)
                .and(&scale[..])
                .for_each(|to, &w, &scale| {
                    let [w, again] = reweighing.factors(w / scale);
                    *to = w * again;
                });
        }
        Self { weights }
    }
}

impl SumPool {
    /// How many neighbouring inputs each unit adds up.
    pub fn size(&self) -> usize {
        self.size
    }
}

/// The sum of a run of values, in one order wherever they lie.
fn total(run: ArrayView1<f64>) -> f64 {
    match run.as_slice() {
        Some(run) => sum(run, |x| x),
        None => sum(&run.to_vec(), |x| x),
    }
}

/// The power of two 2^e with 2^e ≤ x < 2^(e+1), for finite x > 0; 1 for x = 0.
pub(crate) fn power_of_two_below(x: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    if x == 0.0 {
        1.0
    } else {
        f64::from_bits(x.to_bits() & EXPONENT).max(f64::MIN_POSITIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::power_of_two_below;

    #[test]
    fn the_scale_of_a_column_is_the_power_of_two_below_its_largest_weight() {
        for (x, expected) in [
            (0.0, 1.0),
            (1.0, 1.0),
            (1.999, 1.0),
            (2.0, 2.0),
            (0.3, 0.25),
            (f64::MAX, 2.0_f64.powi(1023)),
            (f64::from_bits(1), f64::MIN_POSITIVE),
        ] {
            assert_eq!(
                power_of_two_below(x).to_bits(),
                f64::to_bits(expected),
                "of {x}"
            );
        }
    }
}
