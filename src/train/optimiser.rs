//! What is made of a gradient.

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::Recipe;
use crate::network::accumulate;

/// Weights that one thread moves at once.
const CHUNK: usize = 1 << 15;

/// How gradients become steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Optimiser {
    /// `v ← 0.9 v + g, w ← w − rate·v`
    Momentum,
    /// Kingma & Ba (2015) with β = 0.9, 0.999 and ε = 1e-8.
    Adam,
}

const MOMENTUM: f64 = 0.9;
const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// What a layer's earlier gradients left, for weights and biases.
#[derive(Debug, Default)]
pub(super) struct Moments {
    gradient: Array2<f64>,
    first: Array2<f64>,
    second: Array2<f64>,
    bias: [Vec<f64>; 2],
}

impl Moments {
    /// Moves the weights (inputs × units) and biases of a layer, given its inputs x and the `error` ∂loss/∂z of its
    /// units, both a row a sample; `step` counts from 1.
    pub(super) fn apply(
        &mut self,
        recipe: &Recipe,
        step: usize,
        (x, error): (ArrayView2<f64>, ArrayView2<f64>),
        (weights, bias): (&mut Array2<f64>, &mut [f64]),
    ) {
        if self.first.dim() != weights.dim() {
            self.first = Array2::zeros(weights.dim());
            self.bias = [vec![0.0; bias.len()], vec![0.0; bias.len()]];
        }
        let of_bias = error.sum_axis(Axis(0));
        let of_bias = of_bias.as_slice().expect("a new array is in one piece");
        let weights = weights
            .as_slice_mut()
            .expect("weights lie one behind the other");
        match recipe.optimiser {
            Optimiser::Momentum => {
                // v ← 0.9 v + xᵀ·error in one product.
                accumulate(x.t(), error, MOMENTUM, self.first.view_mut());
                let v = self.first.as_slice().expect("in one piece");
                (weights.par_chunks_mut(CHUNK).zip(v.par_chunks(CHUNK))).for_each(|(w, v)| {
                    w.iter_mut().zip(v).for_each(|(w, v)| *w -= recipe.rate * v);
                });
                for ((b, v), g) in bias.iter_mut().zip(&mut self.bias[0]).zip(of_bias) {
                    *v = MOMENTUM * *v + g;
                    *b -= recipe.rate * *v;
                }
            }
            Optimiser::Adam => {
                if self.second.dim() != self.first.dim() {
                    self.second = Array2::zeros(self.first.dim());
                    self.gradient = Array2::zeros(self.first.dim());
                }
                accumulate(x.t(), error, 0.0, self.gradient.view_mut());
                let adam = Adam::new(recipe.rate, step);
                let whole = "a new array is in one piece";
                let first = self.first.as_slice_mut().expect(whole);
                let second = self.second.as_slice_mut().expect(whole);
                let gradient = self.gradient.as_slice().expect(whole);
                weights
                    .par_chunks_mut(CHUNK)
                    .zip(first.par_chunks_mut(CHUNK))
                    .zip(second.par_chunks_mut(CHUNK))
                    .zip(gradient.par_chunks(CHUNK))
                    .for_each(|(((w, first), second), g)| adam.apply(w, first, second, g));
                let [first, second] = &mut self.bias;
                adam.apply(bias, first, second, of_bias);
            }
        }
    }
}

/// Adam at one step.
struct Adam {
    rate: f64,
    corrections: [f64; 2],
}

impl Adam {
    fn new(rate: f64, step: usize) -> Self {
        let step = i32::try_from(step).unwrap_or(i32::MAX);
        Self {
            rate,
            corrections: BETA.map(|beta| 1.0 / (1.0 - beta.powi(step))),
        }
    }

    fn apply(&self, w: &mut [f64], first: &mut [f64], second: &mut [f64], g: &[f64]) {
        for (((w, m), v), g) in w.iter_mut().zip(first).zip(second).zip(g) {
            *m += (1.0 - BETA[0]) * (g - *m);
            *v += (1.0 - BETA[1]) * (g * g - *v);
            let (m, v) = (*m * self.corrections[0], *v * self.corrections[1]);
            *w -= self.rate * m / (v.sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::{Moments, Optimiser};
    use crate::train::Recipe;

    /// Two steps down a gradient of 2 (x = 1, error = 2) from w = 1, b = 0.
    fn two_steps(optimiser: Optimiser) -> (f64, f64) {
        let recipe = Recipe {
            optimiser,
            rate: 0.1,
            batch: 1,
            seed: 0,
            nonpositive: false,
        };
        let (mut moments, mut w, mut b) = (Moments::default(), array![[1.0]], vec![0.0]);
        for step in 1..=2 {
            let at = (array![[1.0]], array![[2.0]]);
            moments.apply(&recipe, step, (at.0.view(), at.1.view()), (&mut w, &mut b));
        }
        (w[[0, 0]], b[0])
    }

    #[test]
    fn momentum_by_hand() {
        // v = 2, then 0.9·2 + 2 = 3.8: 0.1·(2 + 3.8) in all.
        let (w, b) = two_steps(Optimiser::Momentum);
        assert_relative_eq!(w, 1.0 - 0.58, max_relative = 1e-15);
        assert_relative_eq!(b, -0.58, max_relative = 1e-15);
    }

    #[test]
    fn adam_takes_steps_of_its_rate_down_a_steady_gradient() {
        let (w, b) = two_steps(Optimiser::Adam);
        assert_relative_eq!(w, 0.8, max_relative = 1e-8);
        assert_relative_eq!(b, -0.2, max_relative = 1e-8);
    }
}
