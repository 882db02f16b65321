//! What each rule puts into the one formula: terms, each a function of the input times one of the weight; and the
//! direction along which it seeks a root.

use super::rule::Rule;
use crate::network::{Bounds, Branch, Domain, linear::Reweighing};

/// The values of one term, a function of the input level: the v_i of `q_ij = v_i w'_ij`.
#[derive(Debug, Clone, PartialEq)]
pub enum Seed {
    /// `1`
    One,
    /// `x_i`
    Activation,
    /// `max(0, x_i)`
    PositivePart,
    /// `min(0, x_i)`
    NegativePart,
    /// `x_i − l_i`
    AboveLow(Bounds),
    /// `x_i − h_i`
    BelowHigh(Bounds),
}

impl Seed {
    /// The seed of input i whose activation is x.
    pub fn at(&self, i: usize, x: f64) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Activation => x,
            Self::PositivePart => x.max(0.0),
            Self::NegativePart => x.min(0.0),
            Self::AboveLow(bounds) => x - bounds.at(i)[0],
            Self::BelowHigh(bounds) => x - bounds.at(i)[1],
        }
    }

    /// The same where input i is that of a branch: none of one that is constant.
    pub(super) fn of(&self, source: &Branch, i: usize, x: f64) -> f64 {
        if source.is_constant(i) {
            0.0
        } else {
            self.at(i, x)
        }
    }

    /// Whether the seed is the same for every sample.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::One)
    }
}

/// One term of a rule: `q_ij = seed(i) · w'_ij`; the q of a rule is the sum of its terms.
pub type Term = (Seed, Reweighing);

impl Rule {
    /// The terms of the rule: `q_ij = Σ_t seed_t(i) · w'_t(i, j)`.
    ///
    /// `signed` says whether the inputs may be negative. `domain` is the box of zᴮ; without one zᴮ has no
    /// terms. Written with `x_i − l_i ≥ 0` on w⁺ and `x_i − h_i ≤ 0` on w⁻, zᴮ adds up products that are all
    /// ≥ 0: no cancellation can make a relevance negative in the last digit.
    pub fn terms(self, signed: bool, domain: &Domain) -> Vec<Term> {
        match self {
            Self::WSquared => vec![(Seed::One, Reweighing::Squared)],
            Self::Flat => vec![(Seed::One, Reweighing::Ones)],
            Self::ZPlus if signed => vec![
                (Seed::PositivePart, Reweighing::Positive),
                (Seed::NegativePart, Reweighing::Negative),
            ],
            Self::ZPlus => vec![(Seed::Activation, Reweighing::Positive)],
            Self::ZBox => match domain {
                Domain::Box(bounds) => vec![
                    (Seed::AboveLow(bounds.clone()), Reweighing::Positive),
                    (Seed::BelowHigh(bounds.clone()), Reweighing::Negative),
                ],
                Domain::Unbounded | Domain::NonNegative => Vec::new(),
            },
            Self::Proportional => vec![(Seed::Activation, Reweighing::Same)],
            Self::Routing => vec![(Seed::One, Reweighing::Present)],
            Self::Largest => vec![(Seed::One, Reweighing::Same)],
        }
    }

    /// Whether the rule looks at weights: then a unit whose weights are all 0 hands nothing on.
    pub fn looks_at_weights(self) -> bool {
        let domain = Domain::Box(Bounds::Same([-1.0, 1.0]));
        let terms = self.terms(true, &domain);
        terms
            .iter()
            .any(|(_, of_w)| of_w.factors(0.0).contains(&0.0))
    }

    /// The search direction: the v_i along which the root of a unit is sought from x, such that `q_ij = v_i w_ij`.
    ///
    /// `w` is w_ij and `domain` the [l_i, h_i] of zᴮ. None where flat meets a weight of 0: no direction makes
    /// the first-order term of such an input anything but 0, though flat gives it a share.
    pub fn direction(self, x: f64, w: f64, domain: [f64; 2]) -> Option<f64> {
        Some(match self {
            Self::WSquared => w,
            Self::Flat if w == 0.0 => return None,
            Self::ZPlus if x == 0.0 || w == 0.0 || (x > 0.0) == (w > 0.0) => x,
            Self::ZPlus => 0.0,
            Self::ZBox if w >= 0.0 => x - domain[0],
            Self::ZBox => x - domain[1],
            Self::Proportional | Self::Largest => x,
            Self::Routing if w == 0.0 => 0.0,
            Self::Flat | Self::Routing => 1.0 / w,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::network::{Bounds, Domain};
    use crate::relevance::Rule;

    #[test]
    fn a_rule_is_fixed_where_no_term_looks_at_the_activations() {
        let domain = Domain::Box(Bounds::Same([-1.0, 1.0]));
        for rule in Rule::every() {
            let terms = rule.terms(true, &domain);
            // A max pool's map follows the sample, whatever its seeds are.
            let fixed = rule != Rule::Largest && terms.iter().all(|(seed, _)| seed.is_constant());
            assert_eq!(rule.is_fixed(), fixed, "{rule}");
        }
    }
}
