//! The optimisers: how gradients change weights.

use rayon::prelude::*;

use super::Recipe;
use crate::network::linear::Gradient;
use crate::spelling::{Named, Spelling};

/// How gradients become steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Optimiser {
    /// `v ← 0.9 v + g, w ← w − rate·v`
    Momentum,
    /// Kingma & Ba (2015) with β = 0.9, 0.999 and ε = 1e-8.
    Adam,
}

/// What biases may be while a network is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Biases {
    /// `b_j ≤ 0`, as the theory asks: what a step puts above 0 is 0.
    Nonpositive,
    /// Any.
    Free,
}

impl Optimiser {
    /// The learning rate where none is given.
    pub fn usual_rate(self) -> f64 {
        match self {
            Self::Momentum => 0.03,
            Self::Adam => 0.001,
        }
    }
}

impl Named for Optimiser {
    const KIND: &'static str = "optimiser";

    fn all() -> Vec<Self> {
        vec![Self::Momentum, Self::Adam]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Momentum => Spelling::plain("momentum", "SGD: v ← 0.9 v + g, w ← w − rate·v"),
            Self::Adam => Spelling::plain("adam", "Adam with β = 0.9, 0.999"),
        }
    }
}

impl Named for Biases {
    const KIND: &'static str = "bias";

    fn all() -> Vec<Self> {
        vec![Self::Nonpositive, Self::Free]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Nonpositive => Spelling::plain("nonpositive", "b_j ≤ 0"),
            Self::Free => Spelling::plain("free", "No limit"),
        }
    }
}

const MOMENTUM: f64 = 0.9;
const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// What a layer's earlier gradients left, for weights and biases.
#[derive(Debug, Default)]
pub(super) struct Moments {
    first: Vec<f64>,
    second: Vec<f64>,
    bias: [Vec<f64>; 2],
}

impl Moments {
    /// Moves the weights and biases of a layer down their gradients; `step` counts from 1.
    pub(super) fn apply(
        &mut self,
        recipe: &Recipe,
        step: usize,
        (gradient, of_bias): (Gradient, &[f64]),
        (weights, bias): (&mut [f64], &mut [f64]),
    ) {
        if self.first.len() != weights.len() {
            self.first = vec![0.0; weights.len()];
            self.second = vec![0.0; weights.len()];
            self.bias = [vec![0.0; bias.len()], vec![0.0; bias.len()]];
        }
        let adam = Adam::new(recipe.rate, step);
        let part = |n: usize, w: &mut [f64], first: &mut [f64], second: &mut [f64]| match recipe
            .optimiser
        {
            Optimiser::Momentum => {
                gradient.accumulate(n, MOMENTUM, first);
                w.iter_mut()
                    .zip(first)
                    .for_each(|(w, v)| *w -= recipe.rate * *v);
            }
            Optimiser::Adam => {
                let mut g = vec![0.0; w.len()];
                gradient.accumulate(n, 0.0, &mut g);
                adam.apply(w, first, second, &g);
            }
        };
        let size = gradient.at_once();
        let parts = (weights.par_chunks_mut(size))
            .zip(self.first.par_chunks_mut(size))
            .zip(self.second.par_chunks_mut(size))
            .enumerate();
        parts.for_each(|(n, ((w, first), second))| part(n, w, first, second));
        let [first, second] = &mut self.bias;
        match recipe.optimiser {
            Optimiser::Momentum => {
                for ((b, v), g) in bias.iter_mut().zip(first).zip(of_bias) {
                    *v = MOMENTUM * *v + g;
                    *b -= recipe.rate * *v;
                }
            }
            Optimiser::Adam => adam.apply(bias, first, second, of_bias),
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
        Self {
            rate,
            corrections: BETA.map(|beta| 1.0 / (1.0 - libm::pow(beta, step as f64))),
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

    use super::{Biases, Moments, Optimiser};
    use crate::network::linear::Gradient;
    use crate::train::Recipe;

    /// Two steps down a gradient of 2 (x = 1, error = 2) from w = 1, b = 0.
    fn two_steps(optimiser: Optimiser) -> (f64, f64) {
        let recipe = Recipe {
            optimiser,
            rate: 0.1,
            batch: 1,
            seed: 0,
            biases: Biases::Free,
        };
        let (mut moments, mut w, mut b) = (Moments::default(), [1.0], [0.0]);
        for step in 1..=2 {
            let (x, error) = (array![[1.0]], array![[2.0]]);
            let (a, b_) = (x.view(), error.view());
            let gradient = (Gradient::Product { a, b: b_ }, &[2.0][..]);
            moments.apply(&recipe, step, gradient, (&mut w, &mut b));
        }
        (w[0], b[0])
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
