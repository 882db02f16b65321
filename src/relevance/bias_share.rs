//! How much of what the units of a layer carry their biases brought about, not their inputs.

use crate::network::{Activation, Layer, vectorised};

/// So many running totals side by side, as those of the audit.
const LANES: usize = 8;

/// `Σ_j R_j · min(1, b_j⁺ / z_j) / Σ_j R_j` over the firing units; none where these carry nothing together. `read` has the
/// values that every branch reads.
pub(super) fn bias_share(layer: &Layer, read: &[&[f64]], x: &[f64], r: &[f64]) -> Option<f64> {
    let bias = layer.bias();
    let none_above_0 = vectorised(
        #[inline(always)]
        || bias.iter().fold(true, |none, &b| none & (b <= 0.0)),
    );
    if none_above_0 {
        return Some(0.0);
    }
    let each;
    let bias = match layer.units_per_bias() {
        1 => bias,
        units => {
            each = bias
                .iter()
                .flat_map(|&b| std::iter::repeat_n(b, units))
                .collect::<Vec<f64>>();
            &each
        }
    };
    let unsaturated;
    let z = match layer.activation() {
        Activation::Relu6 => {
            unsaturated = (0..x.len())
                .map(|j| pre_activation(layer, read, j, x[j]))
                .collect::<Vec<f64>>();
            &unsaturated
        }
        Activation::Relu | Activation::Identity => x,
    };
    let (mut carried, mut by_bias) = ([0.0; LANES], [0.0; LANES]);
    let chunks = z.chunks(LANES).zip(r.chunks(LANES));
    vectorised(
        #[inline(always)]
        || {
            for ((z, r), bias) in chunks.zip(bias.chunks(LANES)) {
                for lane in 0..r.len() {
                    let (z, b) = (z[lane], bias[lane]);
                    let fired = if z > 0.0 { r[lane] } else { 0.0 };
                    let part = if b <= 0.0 {
                        0.0
                    } else if b >= z {
                        1.0
                    } else {
                        b / z
                    };
                    carried[lane] += fired;
                    by_bias[lane] += fired * part;
                }
            }
        },
    );
    let (carried, by_bias): (f64, f64) = (carried.iter().sum(), by_bias.iter().sum());
    let share = by_bias / carried;
    (carried != 0.0 && share.is_finite()).then_some(share)
}

/// `z_j` of a unit that fires with value x: what it read where it is saturated, else its value.
fn pre_activation(layer: &Layer, read: &[&[f64]], j: usize, x: f64) -> f64 {
    if x < f64::from(Activation::SATURATION) {
        return x;
    }
    let branches = layer.branches().iter().zip(read);
    let weighed = branches.flat_map(|(branch, read)| {
        let weights = branch.weights_at(j, read);
        weights.map(|(i, w)| read[i] * w)
    });
    weighed.sum::<f64>() + layer.bias_of(j)
}
