//! A map as it is at one batch of samples: linear, whatever it chooses by.

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::Linear;

/// A map at a batch of samples.
#[derive(Debug, Clone)]
pub enum Frozen<'m> {
    /// The map is the same at every sample.
    Fixed(&'m Linear),
}

impl Linear {
    /// The map as it is at the samples x, samples × inputs. `constants[i]` says that input i is 0 whatever the network's
    /// input is.
    pub fn at(&self, _x: ArrayView2<f64>, _constants: Option<&[bool]>) -> Frozen<'_> {
        match self {
            Self::Dense(_) | Self::SumPool(_) | Self::Place(_) => Frozen::Fixed(self),
        }
    }
}

impl Linear {
    /// Adds `Σ_i x_i w_ij` to what `y` holds, for every row x of a batch; shapes as those of [`apply`](Self::apply).
    pub fn accumulate(&self, x: ArrayView2<f64>, mut y: ArrayViewMut2<f64>) {
        match self {
            Self::Place(map) => map.accumulate(x, y),
            _ => {
                let mut part = Array2::zeros(y.dim());
                self.apply(x, part.view_mut());
                y += &part;
            }
        }
    }

    /// The input that unit j hands on of the values x it sees, of a map that chooses one: none where it is a constant.
    pub fn chosen<T: PartialOrd>(
        &self,
        _j: usize,
        _x: &[T],
        _constants: Option<&[bool]>,
    ) -> Option<Option<usize>> {
        None
    }
}

impl Frozen<'_> {
    /// `y_j = Σ_i x_i w_ij` for every row x of a batch.
    ///
    /// `x` is samples × inputs, `y` samples × outputs; what `y` held is overwritten.
    pub fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        match self {
            Self::Fixed(map) => map.apply(x, y),
        }
    }

    /// `x_i = Σ_j w_ij y_j` for every row y of a batch.
    ///
    /// `y` is samples × outputs, `x` samples × inputs; what `x` held is overwritten.
    pub fn adjoint(&self, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
        match self {
            Self::Fixed(map) => adjoint(map, y, x),
        }
    }
}

fn adjoint(map: &Linear, y: ArrayView2<f64>, x: ArrayViewMut2<f64>) {
    match map {
        Linear::Dense(map) => map.adjoint(y, x),
        Linear::SumPool(map) => map.adjoint(y, x),
        Linear::Place(map) => map.adjoint(y, x),
    }
}
