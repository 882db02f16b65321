//! How well a network fits the theory, before any sample is seen.

use super::Network;

/// What the theory of deep Taylor decomposition asks of a network, and what this one has.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One entry a layer, from the input up.
    pub layers: Vec<LayerFit>,
    /// Whether an output can be negative; the theory explains f ≥ 0.
    pub output_can_be_negative: bool,
}

/// How one layer fits the theory.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerFit {
    /// How many biases there are: one a unit, or one a channel.
    pub biases: usize,
    /// How many of them are above 0; the theory assumes `b_j ≤ 0` of a detection layer.
    pub biases_above_0: usize,
    /// The largest bias; 0 where there is none.
    pub largest_bias: f64,
    /// The units all of whose weights are 0, in every branch: under w² they cannot hand on what they carry. Constant units
    /// carry nothing.
    pub without_weights: Vec<usize>,
    /// Whether the values below can be negative; z⁺ is made for inputs ≥ 0.
    pub input_can_be_negative: bool,
}

impl Network {
    /// Compares the network with what the theory asks.
    pub fn fit(&self) -> Fit {
        let domains = self.domains();
        let mut layers = Vec::with_capacity(self.layers().len());
        for layer in self.layers() {
            layers.push(LayerFit {
                biases: layer.bias().len(),
                biases_above_0: layer.bias().iter().filter(|&&b| b > 0.0).count(),
                largest_bias: layer.bias().iter().copied().reduce(f64::max).unwrap_or(0.0),
                without_weights: layer.without_weights(),
                input_can_be_negative: (layer.sources())
                    .any(|from| domains[from].can_be_negative()),
            });
        }
        Fit {
            layers,
            output_can_be_negative: domains[self.top()].can_be_negative(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, LayerFit, Network};

    #[test]
    fn a_layer_is_held_against_what_the_theory_asks() {
        let network: Network = r#"{ "input": { "shape": [2] }, "layers": [
            { "type": "dense", "weights": [[1, 0, 2], [0, 0, 1]], "bias": [0, -1, 0.5], "activation": "relu" },
            { "type": "dense", "weights": [[1], [1], [1]], "bias": [-2] },
            { "type": "sum_pool" } ] }"#
            .parse()
            .expect("a network");
        let layer = |biases, biases_above_0, largest_bias, without_weights, negative| LayerFit {
            biases,
            biases_above_0,
            largest_bias,
            without_weights,
            input_can_be_negative: negative,
        };
        let expected = Fit {
            layers: vec![
                layer(3, 1, 0.5, vec![1], true),
                layer(1, 0, -2.0, vec![], false),
                layer(0, 0, 0.0, vec![], true),
            ],
            output_can_be_negative: true,
        };
        assert_eq!(network.fit(), expected);
        let pool: Network = r#"{ "input": { "shape": [2], "bounds": [0, 1] }, "layers": [ { "type": "sum_pool" } ] }"#
            .parse()
            .expect("a network");
        assert!(!pool.fit().output_can_be_negative);
    }
}
