//! How the weights and biases of a layer are drawn.

use super::{Bias, Random, Scheme};
use crate::error::Invalid;
use crate::network::linear::{Conv2d, Dense};
use crate::network::{Layer, Linear, Network};

/// The same network with the weights and biases of its dense and convolutional layers drawn anew from a level up: those that
/// [`Architecture::draw`](super::Architecture::draw) draws for a network of this shape. Levels are counted from 1; the
/// layers below this one stay as they are.
///
/// # Errors
///
/// [`Invalid`] where a number drawn is beyond f64.
pub fn randomised(
    network: &Network,
    level: usize,
    scheme: Scheme,
    seed: u64,
) -> Result<Network, Invalid> {
    let layers = network.by_level().map(|(of, layer)| {
        if of < level {
            Ok(layer.clone())
        } else {
            redrawn(layer, scheme, None, of_layer(seed, of))
        }
    });
    network.with_layers(layers.collect::<Result<_, _>>()?)
}

/// The random numbers of the layer of a level, from 1 up: those of its weights, and those of its biases.
pub(super) fn of_layer(seed: u64, level: usize) -> [Random; 2] {
    let first = 2 * (level as u64 - 1);
    [first, first + 1].map(|stream| Random::new(seed, stream))
}

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
