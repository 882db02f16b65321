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

    use super::{backward, bias_gradient, cross_entropy};
    use crate::init::{Architecture, Random};
    use crate::network::{Levels, Network};

    const CLASSES: [usize; 4] = [0, 2, 1, 2];

    /// Branches that add up and lie side by side, levels that are read more than once, and the input among them.
    const GRAPH: &str = r#"{ "input": { "shape": [2, 4, 3] }, "layers": [
        { "type": "scale", "name": "scaled", "weights": [0.5, -1.5], "bias": [0.25, 0] },
        { "type": "conv2d", "name": "stem", "weights": [[[[0, 0], [0, 0]], [[0, 0], [0, 0]]], [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]],
          "padding": [1, 0, 0, 1], "activation": "relu" },
        { "type": "add", "name": "sum", "from": ["stem", "input", "stem"], "activation": "relu6" },
        { "type": "max_pool2d", "name": "largest", "kernel": 3, "stride": 1, "padding": 1 },
        { "type": "concat", "from": ["largest", "stem", "scaled"] },
        { "type": "gather", "indices": [71, 3, null, 20, 21, 50, 3, 33, 60, 40, 8, 66] },
        { "type": "dense", "weights_order": "out_in", "weights": [[0,0,0,0,0,0,0,0,0,0,0,0], [0,0,0,0,0,0,0,0,0,0,0,0], [0,0,0,0,0,0,0,0,0,0,0,0]] } ] }"#;

    /// Every kind of layer that can be trained or passed through, each with 3 outputs, and the size of its samples.
    fn networks() -> Vec<(Network, f64)> {
        let layers = [
            ("5,4,3:linear", 1.0),
            ("5,6,6,pool:2", 1.0),
            ("6,pool:2,4,3:linear", 1.0),
            ("5,7:linear,3:linear", 1.0),
            ("5,9:relu6,3:linear", 5.0),
            (
                "4x5x6,conv:6x3x2:stride=2x1:pad=1x0x2x1:groups=2,maxpool:2x3:stride=1:pad=1,3:linear",
                1.0,
            ),
            (
                "1x7x7,conv:3x2x3:dilation=3x2,avgpool:2:stride=1,conv:4x1x1:relu6,sumpool:2,3:linear",
                3.0,
            ),
            (
                "1x5x5,conv:2x3x3:pad=same,avgpool:3:stride=2:pad=1:count_padding,conv:3x3x3",
                1.0,
            ),
        ];
        let graph: Network = GRAPH.parse().expect("a network");
        let shapes = layers.map(|(text, size)| (text.parse().expect("layers"), size));
        let shapes = shapes.into_iter().chain([(Architecture::of(&graph), 2.0)]);
        let bias = "normal:0,0.1".parse().expect("a bias");
        let scheme = "he-normal".parse().expect("a scheme");
        let draw = |(shape, size): (Architecture, f64)| {
            (shape.draw(scheme, Some(bias), 3).expect("finite"), size)
        };
        shapes.map(draw).collect()
    }

    fn loss(network: &Network, samples: ArrayView2<f64>) -> f64 {
        let mut activations = Levels::default();
        network.forward(samples, &mut activations).expect("finite");
        let outputs = activations.level(network.top());
        let rows = outputs.rows().into_iter().zip(CLASSES);
        rows.map(|(z, class)| cross_entropy(&z.to_vec(), class))
            .sum::<f64>()
            / 4.0
    }

    /// The difference quotient of the loss by a weight (0) or bias (1) of a layer.
    fn quotient(
        network: &Network,
        samples: ArrayView2<f64>,
        level: usize,
        [which, k]: [usize; 2],
    ) -> f64 {
        let nudged = |h: f64| {
            let mut nudged = network.clone();
            let (_, layer) = nudged.by_level_mut().nth(level - 1).expect("a layer");
            let (weights, bias) = layer.parameters_mut().expect("weights");
            [weights, bias][which][k] += h;
            loss(&nudged, samples)
        };
        (nudged(1e-6) - nudged(-1e-6)) / 2e-6
    }

    #[test]
    fn the_gradient_of_every_weight_and_bias_is_the_difference_quotient() {
        for (network, size) in networks() {
            let mut random = Random::new(5, 5);
            let samples =
                Array2::from_shape_simple_fn((4, network.input_units()), || size * random.normal());
            let samples = samples.view();
            let (mut activations, mut errors) = (Levels::default(), Levels::default());
            network.forward(samples, &mut activations).expect("finite");
            let found = backward(&network, &activations, &mut errors, CLASSES.into_iter());
            assert_relative_eq!(found, loss(&network, samples), max_relative = 1e-14);
            let with_parameters = network
                .by_level()
                .filter(|(_, layer)| layer.has_parameters());
            for (level, layer) in with_parameters {
                let x = activations.level(layer.branches()[0].from());
                let error = errors.level(level);
                let gradient = layer.linear().gradient(x, error);
                let mut of_weights = vec![f64::NAN; layer.linear().parameters()];
                for (n, part) in of_weights.chunks_mut(gradient.at_once()).enumerate() {
                    gradient.accumulate(n, 0.0, part);
                }
                for (which, gradient) in
                    [of_weights, bias_gradient(layer, error)].iter().enumerate()
                {
                    for (k, &gradient) in gradient.iter().enumerate() {
                        let quotient = quotient(&network, samples, level, [which, k]);
                        assert_relative_eq!(
                            gradient,
                            quotient,
                            epsilon = 1e-8,
                            max_relative = 1e-6
                        );
                    }
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
