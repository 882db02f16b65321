//! The optimisers: how gradients change weights.

use rayon::prelude::*;

use super::Recipe;
use crate::network::linear::Gradient;
use crate::network::vectorised;
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

/// The weights of a layer on their way down a gradient.
pub(super) struct Descent<'a> {
    gradient: Gradient<'a>,
    weights: &'a mut [f64],
    first: &'a mut [f64],
    second: &'a mut [f64],
}

impl Moments {
    /// Moves the biases of a layer down their gradient, and gets its weights ready for theirs; `step` counts from 1.
    pub(super) fn descend<'a>(
        &'a mut self,
        recipe: &Recipe,
        step: usize,
        (gradient, of_bias): (Gradient<'a>, &[f64]),
        (weights, bias): (&'a mut [f64], &mut [f64]),
    ) -> Descent<'a> {
        if self.first.len() != weights.len() {
            self.first = vec![0.0; weights.len()];
            self.second = vec![0.0; weights.len()];
            self.bias = [vec![0.0; bias.len()], vec![0.0; bias.len()]];
        }
        let [first, second] = &mut self.bias;
        match recipe.optimiser {
            Optimiser::Momentum => {
                for (v, g) in first.iter_mut().zip(of_bias) {
                    *v = MOMENTUM * *v + g;
                }
                follow(bias, recipe.rate, first);
            }
            Optimiser::Adam => Adam::new(recipe.rate, step).apply(bias, first, second, of_bias),
        }
        Descent {
            gradient,
            weights,
            first: &mut self.first,
            second: &mut self.second,
        }
    }
}

/// Moves the weights of all layers, a few rows of a matrix at a time: gradient, moments and weights while they are near.
pub(super) fn descend(recipe: &Recipe, step: usize, layers: &mut [Descent]) {
    let adam = Adam::new(recipe.rate, step);
    let parts = layers.iter_mut().flat_map(|layer| {
        let (gradient, size) = (&layer.gradient, layer.gradient.at_once());
        let weights = layer.weights.chunks_mut(size);
        let moments = (layer.first.chunks_mut(size)).zip(layer.second.chunks_mut(size));
        let parts = weights.zip(moments).enumerate();
        parts.map(move |(n, (w, moments))| (gradient, n, w, moments))
    });
    let parts: Vec<_> = parts.collect();
    // Once for all layers: a core takes its time to wake up.
    let each = parts.into_par_iter().with_max_len(1);
    each.for_each(|(gradient, n, w, (first, second))| match recipe.optimiser {
        Optimiser::Momentum => {
            gradient.accumulate(n, MOMENTUM, first);
            follow(w, recipe.rate, first);
        }
        Optimiser::Adam => {
            let mut g = vec![0.0; w.len()];
            gradient.accumulate(n, 0.0, &mut g);
            adam.apply(w, first, second, &g);
        }
    });
}

/// `w ← w − rate·v`
fn follow(w: &mut [f64], rate: f64, v: &[f64]) {
    vectorised(
        #[inline(always)]
        || w.iter_mut().zip(v).for_each(|(w, v)| *w -= rate * v),
    );
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
        let [of_m, of_v] = self.corrections;
        vectorised(
            #[inline(always)]
            || {
                for (((w, m), v), g) in w.iter_mut().zip(first).zip(second).zip(g) {
                    *m += (1.0 - BETA[0]) * (g - *m);
                    *v += (1.0 - BETA[1]) * (g * g - *v);
                    let (m, v) = (*m * of_m, *v * of_v);
                    *w -= self.rate * m / (v.sqrt() + EPSILON);
                }
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use ndarray::array;

    use super::{Biases, Moments, Optimiser, descend};
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
            let layer = moments.descend(&recipe, step, gradient, (&mut w, &mut b));
            descend(&recipe, step, &mut [layer]);
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
