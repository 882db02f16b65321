//! Where the values of a level may lie: what a root point is held to.

use super::{Activation, Bounds, Layer, Network};

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
        for (level, layer) in self.by_level() {
            domains.push(layer.domain(&domains[level - 1]));
        }
        domains
    }

    /// Whether values of a level can be negative, as far as the kinds of layer show.
    ///
    /// An input always can: bounds are a promise that only zᴮ holds the samples to. Of what a layer with weights
    /// gives, ReLU alone decides.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn can_be_negative(&self, level: usize) -> bool {
        if level == 0 {
            return true;
        }
        let layer = self.layer(level);
        layer.activation() == Activation::Identity
            && (layer.has_weights() || self.can_be_negative(level - 1))
    }
}

impl Layer {
    /// The domain of the layer's units, given that of its inputs.
    fn domain(&self, inputs: &Domain) -> Domain {
        match self.activation() {
            Activation::Relu => Domain::NonNegative,
            Activation::Identity if self.bias().iter().any(|&b| b < 0.0) => Domain::Unbounded,
            Activation::Identity => self.linear().domain(inputs),
        }
    }
}
