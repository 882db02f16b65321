//! Where the values of a level may lie: what a root point is held to.

use super::{Activation, Bounds, Layer, Linear, Network};

/// The part of ℝ that a level's values come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// All of ℝ.
    Unbounded,
    /// `x_i ≥ 0`: what a detection layer, or a pool over one, gives.
    NonNegative,
    /// `l_i ≤ x_i ≤ h_i`: the bounds in the file, or what pools make of them.
    Box(Bounds),
}

impl Domain {
    /// Whether a value can be negative.
    pub fn can_be_negative(&self) -> bool {
        match self {
            Self::Unbounded => true,
            Self::NonNegative => false,
            Self::Box(Bounds::Same([l, _])) => *l < 0.0,
            Self::Box(Bounds::Each(each)) => each.iter().any(|[l, _]| *l < 0.0),
        }
    }

    /// The interval of the i-th value.
    ///
    /// # Panics
    ///
    /// When bounds are given each by each and there is no i-th.
    pub fn at(&self, i: usize) -> [f64; 2] {
        match self {
            Self::Unbounded => [f64::NEG_INFINITY, f64::INFINITY],
            Self::NonNegative => [0.0, f64::INFINITY],
            Self::Box(bounds) => bounds.at(i),
        }
    }
}

impl Network {
    /// The domain of every level, input first.
    pub fn domains(&self) -> Vec<Domain> {
        let input = match &self.input().bounds {
            Some(bounds) => Domain::Box(bounds.clone()),
            None => Domain::Unbounded,
        };
        let mut domains = vec![input];
        for (l, layer) in self.layers().iter().enumerate() {
            domains.push(layer.domain(&domains[l]));
        }
        domains
    }

    /// Whether values of level `l` can be negative, as far as the kinds of layer tell.
    ///
    /// An input always can: bounds are a promise that only zᴮ holds the samples to. Of what a dense layer gives,
    /// ReLU alone decides.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn can_be_negative(&self, l: usize) -> bool {
        let layer = |below: usize| &self.layers()[below];
        match l.checked_sub(1).map(|below| (below, layer(below))) {
            None => true,
            Some((_, layer)) if layer.activation() == Activation::Relu => false,
            Some((below, layer)) => !layer.is_pool() || self.can_be_negative(below),
        }
    }
}

impl Layer {
    /// The domain of the layer's units, given that of its inputs.
    fn domain(&self, inputs: &Domain) -> Domain {
        match (self.activation(), self.linear(), inputs) {
            (Activation::Relu, ..) => Domain::NonNegative,
            (Activation::Identity, Linear::SumPool(pool), Domain::Box(bounds)) => {
                Domain::Box(pooled(bounds, pool.size()))
            }
            (Activation::Identity, Linear::SumPool(_), inputs) => inputs.clone(),
            (Activation::Identity, Linear::Dense(dense), inputs) => {
                let negative_weight = dense.weights().iter().any(|&w| w < 0.0);
                let any_weight = dense.weights().iter().any(|&w| w != 0.0);
                if negative_weight
                    || (inputs.can_be_negative() && any_weight)
                    || self.bias().iter().any(|&b| b < 0.0)
                {
                    Domain::Unbounded
                } else {
                    Domain::NonNegative
                }
            }
        }
    }
}

/// The bounds above a pool, given those below: a sum of values lies between the sums of their bounds.
fn pooled(bounds: &Bounds, size: usize) -> Bounds {
    match bounds {
        Bounds::Same([l, h]) => Bounds::Same([l * size as f64, h * size as f64]),
        Bounds::Each(each) => {
            let sum = |run: &[[f64; 2]]| {
                run.iter()
                    .fold([0.0, 0.0], |[l, h], b| [l + b[0], h + b[1]])
            };
            Bounds::Each(each.chunks(size).map(sum).collect())
        }
    }
}
