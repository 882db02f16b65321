//! How the weights and biases of a layer are drawn.

use super::{Bias, Random, Scheme};
use crate::error::Invalid;
use crate::network::linear::{Conv2d, Dense};
use crate::network::{Layer, Linear};

/// The layer with other weights and biases, each drawn from random numbers of their own: those of a dense or convolutional
/// layer; another stays as it is.
pub(super) fn redrawn(
    layer: &Layer,
    scheme: Scheme,
    bias: Option<Bias>,
    [mut of_weights, mut of_biases]: [Random; 2],
) -> Result<Layer, Invalid> {
    let (map, fan_in) = match layer.linear() {
        Linear::Dense(map) => {
            let (inputs, units) = map.weights().dim();
            let weights = scheme.weights(inputs, units, &mut of_weights);
            (Linear::Dense(Dense::new(weights)?), inputs)
        }
        Linear::Conv2d(map) => {
            let shape = map.shape();
            let weights = scheme.kernels(shape, map.groups(), &mut of_weights);
            let drawn = Conv2d::new(map.input(), weights, shape, map.window(), map.groups())?;
            (Linear::Conv2d(drawn), shape[1..].iter().product())
        }
        _ => return Ok(layer.clone()),
    };
    let channels = layer.shape().channels();
    let biases = match bias {
        Some(bias) => bias.numbers(channels, &mut of_biases),
        None => scheme.biases(fan_in, channels, &mut of_biases),
    };
    layer.redrawn(map, biases)
}
