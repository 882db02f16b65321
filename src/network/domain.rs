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

#[cfg(test)]
mod tests {
    use super::{Bounds, Domain};
    use crate::network::Network;

    const INF: f64 = f64::INFINITY;

    fn each(each: &[[f64; 2]]) -> Domain {
        Domain::Box(Bounds::Each(each.to_vec()))
    }

    fn same(bounds: [f64; 2]) -> Domain {
        Domain::Box(Bounds::Same(bounds))
    }

    #[test]
    fn intervals_that_are_one_make_the_simplest_domain() {
        for (intervals, expected) in [
            (&[[-INF, INF], [-INF, INF]][..], Domain::Unbounded),
            (&[[0.0, INF], [0.0, INF]], Domain::NonNegative),
            (&[[-1.0, 2.0], [-1.0, 2.0]], same([-1.0, 2.0])),
            (&[[-1.0, INF]], same([-1.0, INF])),
            (
                &[[-1.0, 2.0], [-1.0, 3.0]],
                each(&[[-1.0, 2.0], [-1.0, 3.0]]),
            ),
            (&[[0.0, 2.0], [-1.0, 2.0]], each(&[[0.0, 2.0], [-1.0, 2.0]])),
            (&[], each(&[])),
        ] {
            assert_eq!(Domain::of(intervals.to_vec()), expected, "{intervals:?}");
        }
    }

    #[test]
    fn a_domain_has_values_below_0_where_a_lower_bound_is() {
        for (domain, can) in [
            (Domain::Unbounded, true),
            (Domain::NonNegative, false),
            (same([0.0, 1.0]), false),
            (same([-0.5, 1.0]), true),
            (each(&[[0.0, 1.0], [0.5, 2.0]]), false),
            (each(&[[0.0, 1.0], [-0.5, 2.0]]), true),
        ] {
            assert_eq!(domain.can_be_negative(), can, "{domain:?}");
        }
    }

    #[test]
    fn every_level_has_the_domain_that_its_layer_makes() {
        for (input, layers, expected) in [
            // Sums of bounds, unit by unit; a bias moves them.
            (
                r#""bounds": [[0, -1], [1, 2]]"#,
                r#"{ "type": "scale", "weights": [2, 2], "name": "a" },
                   { "type": "add", "from": ["a", "input"] },
                   { "type": "scale", "weights": [1, 1], "bias": [1, -3] }"#,
                vec![
                    each(&[[0.0, 1.0], [-1.0, 2.0]]),
                    each(&[[0.0, 2.0], [-2.0, 4.0]]),
                    each(&[[0.0, 3.0], [-3.0, 6.0]]),
                    each(&[[1.0, 4.0], [-6.0, 3.0]]),
                ],
            ),
            // Without bounds a bias below 0 makes values below 0, and no other does.
            (
                r#""names": ["x", "y"]"#,
                r#"{ "type": "dense", "weights": [[1], [-1]], "activation": "relu" },
                   { "type": "scale", "weights": [1], "bias": [0] },
                   { "type": "scale", "weights": [1], "bias": [2] },
                   { "type": "scale", "weights": [1], "bias": [-2] },
                   { "type": "scale", "weights": [1], "activation": "relu6" }"#,
                vec![
                    Domain::Unbounded,
                    Domain::NonNegative,
                    Domain::NonNegative,
                    Domain::NonNegative,
                    Domain::Unbounded,
                    Domain::NonNegative,
                ],
            ),
            // What a dense layer of no bounds makes: signs alone count.
            (
                r#""bounds": [0, 1]"#,
                r#"{ "type": "dense", "weights": [[1, 0], [0, 2]] },
                   { "type": "dense", "weights": [[0, 1], [0, -1]] },
                   { "type": "dense", "weights": [[0], [0]] },
                   { "type": "dense", "weights": [[3]] }"#,
                vec![
                    same([0.0, 1.0]),
                    Domain::NonNegative,
                    Domain::Unbounded,
                    Domain::NonNegative,
                    Domain::NonNegative,
                ],
            ),
        ] {
            let text =
                format!(r#"{{ "input": {{ "shape": [2], {input} }}, "layers": [{layers}] }}"#);
            let network: Network = text.parse().expect("a network");
            assert_eq!(network.domains(), expected, "{layers}");
        }
    }
}
