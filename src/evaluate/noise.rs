//! Samples with a little noise.

use ndarray::{Array2, ArrayView2};

use crate::init::Random;
use crate::measure::range;
use crate::network::{Bounds, Network};

/// The first stream of random numbers, apart from those of weights, batches and orders of pixels; every sample has its own.
const STREAM: u64 = 1 << 34;

/// How much noise the samples get.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Noise {
    /// How far an input is moved at the most, as a part of its range.
    pub size: f64,
    /// How many noisy copies of each sample there are.
    pub copies: usize,
}

/// How far the inputs of samples are moved: x_i to a value drawn evenly from [x_i − δ_i, x_i + δ_i], as far as that is within
/// the bounds of the input.
#[derive(Debug)]
pub(super) struct Room {
    bounds: Option<Bounds>,
    /// The range of an input without bounds: from the least of all values and 0 to the largest.
    range: f64,
    size: f64,
    seed: u64,
}

impl Room {
    pub(super) fn new(network: &Network, samples: ArrayView2<f64>, size: f64, seed: u64) -> Self {
        let [low, high] = range(samples.iter().copied().chain([0.0]));
        Self {
            bounds: network.input().bounds.clone(),
            range: high - low,
            size,
            seed,
        }
    }

    /// So many copies of a sample, a row each; `n` is its number.
    pub(super) fn copies(&self, x: &[f64], n: usize, copies: usize) -> Array2<f64> {
        let mut random = Random::new(self.seed, STREAM + n as u64);
        let moved = (0..copies).flat_map(|_| x.iter().enumerate());
        let moved: Vec<f64> = moved.map(|(i, &x)| self.moved(i, x, &mut random)).collect();
        Array2::from_shape_vec((copies, x.len()), moved)
            .expect("a value for each input of each copy")
    }

    fn moved(&self, i: usize, x: f64, random: &mut Random) -> f64 {
        let u = random.unit();
        let (range, [least, most]) = match &self.bounds {
            Some(bounds) => {
                let [low, high] = bounds.at(i);
                // A sample may lie outside of its bounds.
                (high - low, [low.min(x), high.max(x)])
            }
            None => (self.range, [f64::NEG_INFINITY, f64::INFINITY]),
        };
        let distance = self.size * range;
        let (low, high) = ((x - distance).max(least), (x + distance).min(most));
        // Rounding must not lead out of the bounds.
        (low * (1.0 - u) + high * u).max(low).min(high)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::Room;
    use crate::network::{Activation, Bounds, Input, Layer, Network};

    fn network(bounds: Option<Bounds>) -> Network {
        let layer = Layer::dense(array![[1.0], [1.0]], vec![], Activation::Relu).expect("a layer");
        let input = Input {
            bounds,
            ..Input::flat(2)
        };
        Network::new(input, vec![layer]).expect("a network")
    }

    #[test]
    fn noise_keeps_to_the_bounds_and_to_its_size() {
        let bounds = Bounds::Each(vec![[-1.0, 1.0], [0.0, 0.5]]);
        let network = network(Some(bounds));
        let x = [0.0, 0.5];
        let room = Room::new(&network, array![[0.0, 0.5]].view(), 0.1, 3);
        let copies = room.copies(&x, 0, 500);
        let (first, second) = (copies.column(0), copies.column(1));
        assert!(first.iter().all(|x| x.abs() <= 0.2) && first.iter().any(|x| x.abs() > 0.18));
        assert!(second.iter().all(|x| (0.45..=0.5).contains(x)), "{second}");
    }

    #[test]
    fn a_sample_outside_of_its_bounds_moves_towards_them_alone() {
        let network = network(Some(Bounds::Same([0.0, 1.0])));
        let room = Room::new(&network, array![[2.0, 0.5]].view(), 0.1, 3);
        let copies = room.copies(&[2.0, 0.5], 0, 100);
        assert!(copies.column(0).iter().all(|x| (1.9..=2.0).contains(x)));
    }

    #[test]
    fn without_bounds_the_range_is_that_of_the_samples_and_0() {
        let network = network(None);
        let room = Room::new(&network, array![[2.0, 4.0]].view(), 0.25, 3);
        let copies = room.copies(&[2.0, 4.0], 0, 500);
        let first = copies.column(0);
        assert!(first.iter().all(|x| (1.0..=3.0).contains(x)), "{first}");
        assert!(first.iter().any(|x| *x > 2.9), "{first}");
        let still = Room::new(&network, array![[0.0, 0.0]].view(), 0.25, 3);
        assert_eq!(
            still.copies(&[0.0, 0.0], 0, 2),
            array![[0.0, 0.0], [0.0, 0.0]]
        );
    }

    #[test]
    fn the_noise_of_a_sample_has_nothing_to_do_with_the_others() {
        let room = Room::new(&network(None), array![[2.0, 4.0]].view(), 0.25, 3);
        let copies = |n| room.copies(&[2.0, 4.0], n, 1);
        assert_eq!(copies(5), copies(5));
        assert_ne!(copies(5), copies(6));
    }
}
