//! Softmax cross-entropy and its gradient, level by level.

use ndarray::{ArrayView2, Axis};

use crate::network::{Layer, Levels, Network, sum};

/// Fills `errors` with `∂loss/∂z` of every level from that of the first layer with weights up, z being pre-activations; the
/// mean loss over the batch.
///
/// `classes` has one class a sample.
pub(super) fn backward(
    network: &Network,
    activations: &Levels,
    errors: &mut Levels,
    classes: impl Iterator<Item = usize>,
) -> f64 {
    let (top, samples) = (network.top(), activations.samples());
    errors.fit(network, samples);
    let outputs = activations.level(top);
    let mut loss = 0.0;
    {
        let mut error = errors.level_mut(top);
        let rows = outputs.rows().into_iter().zip(error.rows_mut());
        for ((z, mut error), class) in rows.zip(classes) {
            error.assign(&z);
            let row = error
                .as_slice_mut()
                .expect("the rows of a batch lie one behind the other");
            loss += cross_entropy(row, class);
            softmax(row);
            row[class] -= 1.0;
            for e in row.iter_mut() {
                *e /= samples as f64;
            }
        }
    }
    let mut with_parameters = network
        .by_level()
        .filter(|(_, layer)| layer.has_parameters());
    let lowest = with_parameters.next().map_or(top, |(level, _)| level);
    network.backward(activations, errors, lowest);
    loss / samples as f64
}

/// ∂loss/∂b of a layer's biases: ∂loss/∂z summed over the samples, and over the units that share a bias.
pub(super) fn bias_gradient(layer: &Layer, error: ArrayView2<f64>) -> Vec<f64> {
    let of_units = error.sum_axis(Axis(0)).to_vec();
    match layer.units_per_bias() {
        1 => of_units,
        units => (of_units.chunks(units))
            .map(|units| sum(units, |error| error))
            .collect(),
    }
}

/// `ln Σ_k exp z_k − z_class`
pub(super) fn cross_entropy(z: &[f64], class: usize) -> f64 {
    let most = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = z.iter().map(|z| libm::exp(z - most)).sum();
    libm::log(sum) + (most - z[class])
}

/// `exp z_k / Σ_k' exp z_k'`, in place.
fn softmax(z: &mut [f64]) {
    let most = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for z in z.iter_mut() {
        *z = libm::exp(*z - most);
    }
    let sum: f64 = z.iter().sum();
    for z in z.iter_mut() {
        *z /= sum;
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array2, ArrayView2};

    use super::{backward, cross_entropy};
    use crate::init::{Architecture, Random};
    use crate::network::{Levels, Network};

    const CLASSES: [usize; 4] = [0, 2, 1, 2];

    fn loss(network: &Network, samples: ArrayView2<f64>) -> f64 {
        let mut activations = Levels::default();
        network.forward(samples, &mut activations).expect("finite");
        let outputs = activations.level(network.top());
        let rows = outputs.rows().into_iter().zip(CLASSES);
        rows.map(|(z, class)| cross_entropy(&z.to_vec(), class))
            .sum::<f64>()
            / 4.0
    }

    fn parameters(network: &mut Network, level: usize) -> (&mut Array2<f64>, &mut Vec<f64>) {
        let mut layers = network.by_level_mut();
        let (_, layer) = layers.nth(level - 1).expect("a layer");
        layer.parameters_mut().expect("weights")
    }

    #[test]
    fn the_gradient_of_every_weight_and_bias_is_the_difference_quotient() {
        for layers in [
            "5,4,3:linear",
            "5,6,6,pool:2",
            "6,pool:2,4,3:linear",
            "5,7:linear,3:linear",
        ] {
            let architecture: Architecture = layers.parse().expect("layers");
            let bias = "normal:0,0.1".parse().expect("a bias");
            let network = architecture
                .draw("he-normal".parse().expect("a scheme"), Some(bias), 3)
                .expect("finite");
            let mut random = Random::new(5, 5);
            let samples =
                Array2::from_shape_simple_fn((4, network.input_units()), || random.normal());
            let (mut activations, mut errors) = (Levels::default(), Levels::default());
            network
                .forward(samples.view(), &mut activations)
                .expect("finite");
            let found = backward(&network, &activations, &mut errors, CLASSES.into_iter());
            assert_relative_eq!(found, loss(&network, samples.view()), max_relative = 1e-14);
            let with_weights = network.by_level().filter(|(_, layer)| layer.has_weights());
            for (level, _) in with_weights {
                let x = activations.level(level - 1);
                let gradient = x.t().dot(&errors.level(level));
                for ((i, j), &gradient) in gradient.indexed_iter() {
                    let nudged = |h: f64| {
                        let mut nudged = network.clone();
                        let (weights, _) = parameters(&mut nudged, level);
                        weights[[i, j]] += h;
                        loss(&nudged, samples.view())
                    };
                    let quotient = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
                    assert_relative_eq!(gradient, quotient, epsilon = 1e-8, max_relative = 1e-6);
                }
                for (j, gradient) in errors.level(level).columns().into_iter().enumerate() {
                    let nudged = |h: f64| {
                        let mut nudged = network.clone();
                        let (_, bias) = parameters(&mut nudged, level);
                        bias[j] += h;
                        loss(&nudged, samples.view())
                    };
                    let quotient = (nudged(1e-6) - nudged(-1e-6)) / 2e-6;
                    assert_relative_eq!(
                        gradient.sum(),
                        quotient,
                        epsilon = 1e-8,
                        max_relative = 1e-6
                    );
                }
            }
        }
    }

    #[test]
    fn equal_outputs_cost_the_logarithm_of_their_number_whatever_their_size() {
        for z in [0.0, 1e300, -1e300] {
            assert_relative_eq!(
                cross_entropy(&[z; 10], 3),
                10.0_f64.ln(),
                max_relative = 1e-12
            );
        }
    }
}
