//! The backward pass: what derivatives at the outputs make of those of the levels below.

use ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::instructions::vectorised;
use super::{Activation, Levels, Network, each_row, row};

impl Network {
    /// Carries derivatives of an L down to level `lowest`, through every map as it is [at](super::Linear::at) these samples.
    ///
    /// The output level of `errors` has ∂L/∂x. From there down, a level gets ∂L/∂z of the layer that makes it, z being
    /// pre-activations, and level 0 gets ∂L/∂x. What lies below `lowest` is left as it is. Where an activation has a kink,
    /// its derivative is 0.
    ///
    /// # Panics
    ///
    /// When `activations` or `errors` are not those of this network, or of another number of samples each.
    pub(crate) fn backward(&self, activations: &Levels, errors: &mut Levels, lowest: usize) {
        let mut written = vec![false; self.top()];
        for (level, layer) in self.by_level().rev().take_while(|(l, _)| *l >= lowest) {
            let x = activations.level(level);
            through(layer.activation(), x, errors.level_mut(level));
            for branch in layer.branches() {
                let from = branch.from();
                if from < lowest {
                    continue;
                }
                let map = branch.map();
                let map = map.at(activations.level(from), branch.constants());
                let (mut below, above) = errors.step_down(from, level);
                if std::mem::replace(&mut written[from], true) {
                    let mut part = Array2::zeros(below.dim());
                    map.adjoint(above, part.view_mut());
                    below += &part;
                } else {
                    map.adjoint(above, below);
                }
            }
        }
    }
}

/// Makes ∂L/∂x of an activation's values x into ∂L/∂z.
fn through(activation: Activation, x: ArrayView2<f64>, error: ArrayViewMut2<f64>) {
    let most = match activation {
        Activation::Identity => return,
        Activation::Relu => f64::INFINITY,
        Activation::Relu6 => f64::from(Activation::SATURATION),
    };
    each_row(error, |n, error| {
        vectorised(
            #[inline(always)]
            || {
                for (error, &x) in error.iter_mut().zip(row(&x, n)) {
                    // Without a branch: whether a unit fires is nothing that a processor can guess.
                    *error = if (x > 0.0) & (x < most) { *error } else { 0.0 };
                }
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::{Array2, array};

    use super::through;
    use crate::init::{Architecture, Random};
    use crate::network::{Activation, Levels, Network};

    #[test]
    fn the_derivative_is_0_at_a_kink_and_where_nothing_changes() {
        let x = array![[0.0, 1e-300, 5.9], [6.0, 7.0, 0.0]];
        for (activation, expected) in [
            (Activation::Relu, array![[0.0, -2.0, 3.0], [4.0, 5.0, 0.0]]),
            (Activation::Relu6, array![[0.0, -2.0, 3.0], [0.0, 0.0, 0.0]]),
            (
                Activation::Identity,
                array![[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]],
            ),
        ] {
            let mut error = array![[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]];
            through(activation, x.view(), error.view_mut());
            assert_eq!(error, expected, "{activation:?}");
        }
    }

    #[test]
    fn derivatives_are_carried_down_to_the_lowest_level_asked_for_and_no_further() {
        let network: Network = r#"{ "input": { "shape": [2] }, "layers": [
            { "type": "scale", "weights": [2, 3], "name": "a" },
            { "type": "scale", "weights": [5, 7], "name": "b" },
            { "type": "add", "from": ["b", "a"] } ] }"#
            .parse()
            .expect("a network");
        let x = array![[1.0, 1.0]];
        let mut activations = Levels::default();
        network.forward(x.view(), &mut activations).expect("finite");
        // By level: 1 + 5 and 1 + 7, then times 2 and 3.
        let derivatives = [[12.0, 24.0], [6.0, 8.0], [1.0, 1.0], [1.0, 1.0]];
        for lowest in 0..=3 {
            let mut errors = Levels::default();
            errors.fit(&network, 1);
            for level in 0..3 {
                errors.level_mut(level).fill(0.5);
            }
            errors.level_mut(3).fill(1.0);
            network.backward(&activations, &mut errors, lowest);
            for (level, expected) in derivatives.into_iter().enumerate() {
                let expected = if level < lowest { [0.5; 2] } else { expected };
                assert_eq!(errors.level(level), array![expected], "{level}, {lowest}");
            }
        }
    }

    #[test]
    fn the_derivative_by_every_input_is_the_difference_quotient_along_every_way_to_the_outputs() {
        let network: Network = r#"{ "input": { "shape": [1, 3, 3] }, "layers": [
            { "type": "conv2d", "name": "a", "weights": [[[[0, 0], [0, 0]]]], "padding": [0, 0, 1, 1], "activation": "relu" },
            { "type": "add", "name": "b", "from": ["a", "input"] },
            { "type": "max_pool2d", "kernel": 2, "stride": 1 },
            { "type": "dense", "name": "c", "weights": [[0], [0], [0], [0]], "activation": "relu6" },
            { "type": "sum_pool", "name": "d", "from": "b" },
            { "type": "concat", "from": ["c", "d", "c"] } ] }"#
            .parse()
            .expect("a network");
        let scheme = "he-normal".parse().expect("a scheme");
        let network = Architecture::of(&network)
            .draw(scheme, None, 2)
            .expect("finite");
        let mut random = Random::new(1, 1);
        let samples = Array2::from_shape_simple_fn((6, 9), || random.normal());
        let factors = Array2::from_shape_simple_fn((6, 3), || random.normal());
        let outputs = |samples: &Array2<f64>| {
            let mut levels = Levels::default();
            network
                .forward(samples.view(), &mut levels)
                .expect("finite");
            levels
        };
        let activations = outputs(&samples);
        let mut errors = Levels::default();
        errors.fit(&network, 6);
        errors.level_mut(network.top()).assign(&factors);
        network.backward(&activations, &mut errors, 0);
        for ((n, i), found) in errors.level(0).indexed_iter() {
            let at = |h: f64| {
                let mut nudged = samples.clone();
                nudged[[n, i]] += h;
                (outputs(&nudged).level(network.top()).to_owned() * &factors).sum()
            };
            let quotient = (at(1e-6) - at(-1e-6)) / 2e-6;
            assert_relative_eq!(*found, quotient, epsilon = 1e-8, max_relative = 1e-7);
        }
    }
}
