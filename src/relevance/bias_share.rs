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

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::{bias_share, pre_activation};
    use crate::network::{Activation, Layer};

    fn layer(weights: Array2<f64>, bias: &[f64], activation: Activation) -> Layer {
        Layer::dense(weights, bias.to_vec(), activation).expect("a layer")
    }

    #[test]
    fn only_units_that_fire_have_a_part_in_the_bias_share() {
        // The first fires with 2, of which 1 is its bias. The second did not, whatever it carries.
        let layer = layer(array![[1.0, -1.0]], &[1.0, 1.0], Activation::Relu);
        let share = bias_share(&layer, &[&[1.0]], &[2.0, 0.0], &[1.0, 1.0]);
        assert_eq!(share, Some(0.5));
        let share = bias_share(&layer, &[&[1.0]], &[2.0, 0.0], &[0.0, 1.0]);
        assert_eq!(share, None, "none that fires carries anything");
    }

    #[test]
    fn the_share_of_a_saturated_unit_is_that_of_what_it_read() {
        // z = 4·2 + 4 = 12, of which the bias is a third, though the value is 6.
        let layer = layer(array![[2.0]], &[4.0], Activation::Relu6);
        assert_eq!(
            pre_activation(&layer, &[&[4.0]], 0, 6.0).to_bits(),
            12.0_f64.to_bits()
        );
        let share = bias_share(&layer, &[&[4.0]], &[6.0], &[6.0]);
        assert_eq!(share, Some(1.0 / 3.0));
        // The value of another is taken as it is, and nothing is computed again.
        assert_eq!(
            pre_activation(&layer, &[], 0, 3.0).to_bits(),
            3.0_f64.to_bits()
        );
    }

    #[test]
    fn a_bias_share_beyond_f64_is_none() {
        // The bias of the first brought about all of its 1e300; together they carry 1e-300.
        let layer = layer(
            array![[1.0, 1.0, 1.0]],
            &[2.0, 0.0, 0.0],
            Activation::Identity,
        );
        let carried = [1e300, -1e300, 1e-300];
        let share = bias_share(&layer, &[&[-1.0]], &[1.0, 1.0, 1.0], &carried);
        assert_eq!(share, None);
    }
}
