//! Which units a fraction hands the relevance of on: all, or those of one sign of `z_j`.

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::propagate::LayerAt;
use super::term::Units;
use crate::network::{Layer, each_row, row};

/// Where `z_j < 0` in a batch: samples × units, true where it is, looked at only where a unit carries relevance. `above` is samples ×
/// units, or all samples for one target after the other.
///
/// Only a unit of a ReLU layer that did not fire hides its `z_j`; where such a unit carries relevance the layer weighs once more.
pub(super) fn negative(layer: &Layer, at: LayerAt, above: ArrayView2<f64>) -> Array2<bool> {
    let hides = |made: &ArrayView2<f64>| {
        let mut rows = (0..above.nrows()).map(|n| (row(made, n % made.nrows()), row(&above, n)));
        let silent = |(&made, &r): (&f64, &f64)| made == 0.0 && r != 0.0;
        layer.activation().detects() && rows.any(|(made, r)| made.iter().zip(r).any(silent))
    };
    let z = match at.made {
        Some(made) if !hides(&made) => made.to_owned(),
        _ => {
            let samples = at.x.first().map_or(0, ArrayView2::nrows);
            let mut z = Array2::zeros((samples, above.ncols()));
            layer.pre_activations(at.x, z.view_mut());
            z
        }
    };
    z.mapv(|z| z < 0.0)
}

impl Units {
    /// The relevance of these units, and 0 for the others; gives the rows in which one of them carries any. `negative` is
    /// true where `z_j < 0`, a row a sample.
    pub(super) fn carried(
        self,
        above: ArrayView2<f64>,
        negative: ArrayView2<bool>,
        carried: ArrayViewMut2<f64>,
    ) -> Vec<bool> {
        let wanted = self == Self::Negative;
        each_row(carried, |n, carried| {
            let negative = negative.row(n % negative.nrows());
            let units = row(&above, n).iter().zip(negative);
            let mut any = false;
            for (to, (&r, &negative)) in carried.iter_mut().zip(units) {
                *to = if negative == wanted { r } else { 0.0 };
                any |= *to != 0.0;
            }
            any
        })
    }
}
