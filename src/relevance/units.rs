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

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array2, arr2};

    use crate::relevance::{Explainer, Plan, Rule, Target};
    use crate::{Activation, Input, Layer, Network};

    #[test]
    fn gamma_shares_by_the_sign_of_z_where_a_silent_unit_hides_it_too() {
        // z = x_1 − x_2, a ReLU, and f = max(0, z) + 1, all of which w² hands to the one unit.
        let layers = [
            (arr2(&[[1.0], [-1.0]]), vec![], Activation::Relu),
            (arr2(&[[1.0]]), vec![1.0], Activation::Identity),
        ];
        let layers = layers.map(|(w, b, activation)| Layer::dense(w, b, activation));
        let layers = layers.map(|layer| layer.expect("a layer")).to_vec();
        let network = Network::new(Input::flat(2), layers).expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).and_then(|it| it.with(1, Rule::Gamma(1.0)));
        let plan = plan.expect("defined");
        // z = 1, −1 and 0; f = 2, 1 and 1; γ = 1 counts twice what has the sign of z: q = (4, −1), (1, −4) and (2, −1).
        let samples = [
            ([2.0, 1.0], [8.0 / 3.0, -2.0 / 3.0]),
            ([1.0, 2.0], [-1.0 / 3.0, 4.0 / 3.0]),
            ([1.0, 1.0], [2.0, -1.0]),
        ];
        let mut explainer = Explainer::new(&plan);
        for order in [&[0][..], &[1], &[2], &[0, 1, 2], &[2, 1, 0], &[1, 1, 0]] {
            let x: Vec<[f64; 2]> = order.iter().map(|&n| samples[n].0).collect();
            for targets in 1..=3 {
                let asked = Array2::from_elem((order.len(), targets), Target::Max);
                let found = explainer.explain_several(arr2(&x).view(), asked.view());
                let expected = (0..targets).flat_map(|_| order.iter().map(|&n| samples[n].1));
                let expected: Vec<[f64; 2]> = expected.collect();
                let found = found.expect("finite").relevance(0).to_owned();
                assert_relative_eq!(found, arr2(&expected), max_relative = 1e-15);
            }
        }
    }
}
