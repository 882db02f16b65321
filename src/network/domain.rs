//! Where the values of a level may lie: what a root point is held to.

use super::{Bounds, Layer, Network};

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

    /// The domain of values that lie in these intervals, in its simplest form.
    pub(super) fn of(each: Vec<[f64; 2]>) -> Self {
        match each.first() {
            Some(first) if each.iter().all(|bounds| same(bounds, first)) => match *first {
                [f64::NEG_INFINITY, f64::INFINITY] => Self::Unbounded,
                [0.0, f64::INFINITY] => Self::NonNegative,
                bounds => Self::Box(Bounds::Same(bounds)),
            },
            _ => Self::Box(Bounds::Each(each)),
        }
    }

    /// The domain of the sum of a value of this one and a value of another, unit by unit.
    fn plus(&self, other: &Self, units: usize) -> Self {
        let sum = |j: usize| {
            let ([l, h], [other_l, other_h]) = (self.at(j), other.at(j));
            [l + other_l, h + other_h]
        };
        Self::of((0..units).map(sum).collect())
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

/// Whether two intervals are the same to the last bit.
fn same(one: &[f64; 2], other: &[f64; 2]) -> bool {
    one.map(f64::to_bits) == other.map(f64::to_bits)
}

impl Network {
    /// The domain of every level, input first.
    pub fn domains(&self) -> Vec<Domain> {
        let input = match &self.input().bounds {
            Some(bounds) => Domain::Box(bounds.clone()),
            None => Domain::Unbounded,
        };
        let mut domains = vec![input];
        for layer in self.layers() {
            domains.push(layer.domain(&domains));
        }
        domains
    }
}

impl Layer {
    /// The domain of the layer's units, given that of every earlier level.
    fn domain(&self, earlier: &[Domain]) -> Domain {
        if self.activation().detects() {
            return Domain::NonNegative;
        }
        let parts = self
            .branches()
            .iter()
            .map(|branch| branch.map().domain(&earlier[branch.from()]));
        let sum = parts.reduce(|sum, part| sum.plus(&part, self.units()));
        let sum = sum.unwrap_or(Domain::Unbounded);
        if self.bias().is_empty() {
            return sum;
        }
        let shifted = |j: usize| sum.at(j).map(|bound| bound + self.bias_of(j));
        match &sum {
            Domain::Box(_) => Domain::of((0..self.units()).map(shifted).collect()),
            _ if self.bias().iter().any(|&b| b < 0.0) => Domain::Unbounded,
            _ => sum,
        }
    }
}
