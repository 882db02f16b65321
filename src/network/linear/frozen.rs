//! A map as it is at one batch of samples: linear, whatever it chooses by.

use ndarray::{ArrayView2, ArrayViewMut2};

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
