//! The points at which a gradient method takes the gradient, and its mean over those of each sample.

use ndarray::{Array2, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, s};

use super::batch::ExplainedOutput;
use crate::error::Error;
use crate::init::Random;
use crate::network::{Levels, Network};

/// The noise of a sample is the sequence of this number and its own; those from 0 up are used where networks are drawn.
const STREAM: u64 = 1 << 63;

/// Where the gradient is taken.
pub(super) enum Way<'a> {
    /// At the samples themselves, whose activations these are.
    Here(&'a Levels),
    /// In the middles of `steps` equal parts of the straight line from a baseline.
    From {
        /// A value an input.
        baseline: &'a [f64],
        /// How many parts there are.
        steps: usize,
    },
    /// At noisy copies of each sample.
    Around {
        /// How many there are.
        copies: usize,
        /// The standard deviation of the noise as a part of the range of the sample's values.
        noise: f64,
        /// The seed of the noise.
        seed: u64,
        /// The number of each sample.
        numbers: &'a [usize],
    },
}

/// Buffers for batches of points.
#[derive(Debug, Clone, Default)]
pub(super) struct Points {
    activations: Levels,
    errors: Levels,
}

impl Points {
    /// Adds up the gradient of what was `chosen` in each explanation over the points of its sample, in their order, and divides
    /// by their number; `mean` is explanations × inputs and holds 0. Explanation `t·S + n` is that of sample n, of S samples.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] where an activation at a point leaves the range of f64.
    pub(super) fn mean(
        &mut self,
        network: &Network,
        way: &Way,
        samples: ArrayView2<f64>,
        chosen: &[ExplainedOutput],
        rows: usize,
        mut mean: ArrayViewMut2<f64>,
    ) -> Result<(), Error> {
        let of_targets = || (0..chosen.len()).step_by(samples.nrows().max(1));
        let each = match way {
            Way::Here(activations) => {
                for first in of_targets() {
                    let now = first..first + samples.nrows();
                    self.back(network, Some(activations), chosen[now.clone()].iter());
                    mean.slice_mut(s![now, ..]).assign(&self.errors.level(0));
                }
                return Ok(());
            }
            Way::From { steps, .. } => *steps,
            Way::Around { copies, .. } => *copies,
        };
        let all = samples.nrows() * each;
        let mut next = Next {
            way,
            samples,
            noise: None,
        };
        let mut points = Array2::zeros((rows.min(all), samples.ncols()));
        for start in (0..all).step_by(rows) {
            let now = start..all.min(start + rows);
            let mut points = points.slice_mut(s![..now.len(), ..]);
            for (point, n) in points.rows_mut().into_iter().zip(now.clone()) {
                next.point(n / each, n % each, point);
            }
            (network.forward(points.view(), &mut self.activations))
                .map_err(|error| error.of_sample(|n| (start + n) / each))?;
            for first in of_targets() {
                let explanations = now.clone().map(|n| first + n / each);
                self.back(network, None, explanations.clone().map(|n| &chosen[n]));
                for (gradient, n) in self.errors.level(0).rows().into_iter().zip(explanations) {
                    let mut sum = mean.row_mut(n);
                    sum += &gradient;
                }
            }
        }
        mean /= each as f64;
        Ok(())
    }

    /// ∂f/∂x of every level down to the input, for what is explained at each point; where the activations of the points are not
    /// given, they are those in the buffer.
    fn back<'c>(
        &mut self,
        network: &Network,
        activations: Option<&Levels>,
        chosen: impl ExactSizeIterator<Item = &'c ExplainedOutput>,
    ) {
        self.errors.fit(network, chosen.len());
        let mut errors = self.errors.level_mut(network.top());
        for (mut error, chosen) in errors.rows_mut().into_iter().zip(chosen) {
            let outputs = error.iter_mut().enumerate();
            outputs.for_each(|(k, error)| *error = chosen.outputs().part(k, 1.0));
        }
        let activations = activations.unwrap_or(&self.activations);
        network.backward(activations, &mut self.errors, 0);
    }
}

/// Makes the points of samples, one after the other.
struct Next<'a> {
    way: &'a Way<'a>,
    samples: ArrayView2<'a, f64>,
    /// The noise of the sample at hand, and its standard deviation.
    noise: Option<(Random, f64)>,
}

impl Next<'_> {
    /// Point `k` of sample `n`.
    fn point(&mut self, n: usize, k: usize, mut point: ArrayViewMut1<f64>) {
        let x = self.samples.row(n);
        match self.way {
            Way::Here(_) => point.assign(&x),
            Way::From { baseline, steps } => {
                let part = (k as f64 + 0.5) / *steps as f64;
                for ((point, x), from) in point.iter_mut().zip(x).zip(*baseline) {
                    *point = from * (1.0 - part) + x * part;
                }
            }
            Way::Around {
                noise,
                seed,
                numbers,
                ..
            } => {
                let start = || {
                    let random = Random::new(*seed, STREAM.wrapping_add(numbers[n] as u64));
                    (random, noise * range(x))
                };
                if k == 0 {
                    self.noise = None;
                }
                let (random, deviation) = self.noise.get_or_insert_with(start);
                for (point, x) in point.iter_mut().zip(x) {
                    *point = x + *deviation * random.normal();
                }
            }
        }
    }
}

/// `max x − min x`
fn range(x: ArrayView1<f64>) -> f64 {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = x.iter().copied().fold(f64::INFINITY, f64::min);
    most - least
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, arr2};

    use super::{Next, STREAM, Way};
    use crate::init::Random;

    #[test]
    fn points_on_a_line_are_the_middles_of_its_parts_from_the_baseline_on() {
        let way = Way::From {
            baseline: &[1.0, 2.0],
            steps: 2,
        };
        let x = arr2(&[[5.0, 2.0], [1.0, -2.0]]);
        let mut next = Next {
            way: &way,
            samples: x.view(),
            noise: None,
        };
        for (n, k, expected) in [
            (0, 0, [2.0, 2.0]),
            (0, 1, [4.0, 2.0]),
            (1, 0, [1.0, 1.0]),
            (1, 1, [1.0, -1.0]),
        ] {
            let mut point = Array1::zeros(2);
            next.point(n, k, point.view_mut());
            assert_eq!(point.to_vec(), expected.to_vec());
        }
    }

    #[test]
    fn noise_is_a_part_of_the_range_of_the_sample_and_of_its_number_alone() {
        let way = Way::Around {
            copies: 3,
            noise: 0.25,
            seed: 9,
            numbers: &[4, 7],
        };
        // The ranges are 4 and 8: the deviations 1 and 2.
        let samples = [([1.0, -3.0], 4, 1.0), ([8.0, 0.0], 7, 2.0)];
        let x = arr2(&samples.map(|(x, ..)| x));
        let mut next = Next {
            way: &way,
            samples: x.view(),
            noise: None,
        };
        for (n, (x, number, deviation)) in samples.into_iter().enumerate() {
            let mut random = Random::new(9, STREAM + number);
            for k in 0..3 {
                let mut point = Array1::zeros(2);
                next.point(n, k, point.view_mut());
                let expected = x.map(|x| x + deviation * random.normal());
                assert_eq!(point.to_vec(), expected.to_vec(), "copy {k} of {n}");
            }
        }
    }
}
