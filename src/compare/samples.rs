//! Samples that are drawn where none are given.

use ndarray::Array2;

use crate::init::Random;
use crate::network::Input;

/// `number` samples of `units` values: uniform within the bounds of the input, from N(0, 1) where it has none.
///
/// # Panics
///
/// When the input has bounds each by each, and fewer than `units`.
pub fn draw_samples(input: &Input, units: usize, number: usize, seed: u64) -> Array2<f64> {
    // Layers use the sequences from 0 up.
    let mut random = Random::new(seed, u64::MAX);
    Array2::from_shape_fn((number, units), |(_, i)| match &input.bounds {
        Some(bounds) => {
            let ([low, high], u) = (bounds.at(i), random.unit());
            low * (1.0 - u) + high * u
        }
        None => random.normal(),
    })
}
