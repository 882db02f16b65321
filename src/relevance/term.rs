//! What each rule puts into the one formula: fractions, whose terms are each a function of the input times one of the weight;
//! and the direction along which it seeks a root.

use super::cause::Cause;
use super::rule::Rule;
use crate::network::{Bounds, Branch, Domain, linear::Reweighing, vectorised};

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

    /// Calls `put` with every value of `to` and the seed of its input: those of a branch from the `first` on, whose activations
    /// are `x`.
    pub(super) fn each(
        &self,
        source: &Branch,
        first: usize,
        x: &[f64],
        to: &mut [f64],
        put: impl Fn(&mut f64, f64),
    ) {
        if source.constants().is_some() {
            return put_each(first, x, to, put, |i, x| self.of(source, i, x));
        }
        // A loop for each seed, for the compiler to vectorise.
        match self {
            Self::One => put_each(first, x, to, put, |_, _| 1.0),
            Self::Activation => put_each(first, x, to, put, |_, x| x),
            Self::PositivePart => put_each(first, x, to, put, |_, x| x.max(0.0)),
            Self::NegativePart => put_each(first, x, to, put, |_, x| x.min(0.0)),
            Self::AboveLow(Bounds::Same([low, _])) => put_each(first, x, to, put, |_, x| x - low),
            Self::BelowHigh(Bounds::Same([_, high])) => {
                put_each(first, x, to, put, |_, x| x - high);
            }
            Self::AboveLow(_) | Self::BelowHigh(_) => {
                put_each(first, x, to, put, |i, x| self.at(i, x));
            }
        }
    }

    /// Whether the seed is the same for every sample.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::One)
    }
}

/// Calls `put` with every value of `to` and what `seed` makes of the number of its input and its activation.
fn put_each(
    first: usize,
    x: &[f64],
    to: &mut [f64],
    put: impl Fn(&mut f64, f64),
    seed: impl Fn(usize, f64) -> f64,
) {
    vectorised(
        #[inline(always)]
        || {
            let inputs = (first..).zip(to.iter_mut().zip(x));
            inputs.for_each(|(i, (to, &x))| put(to, seed(i, x)));
        },
    );
}

/// One term of a fraction: `q_ij = seed(i) · w'_ij`; its q is the sum of its terms.
pub type Term = (Seed, Reweighing);

/// One of the fractions that a rule is a sum of: `factor · Σ_j q_ij / (Σ_i' q_i'j + b'_j ± ε) · R_j`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fraction {
    /// 1, or the α and −β of αβ.
    pub factor: f64,
    /// `q_ij = Σ_t seed_t(i) · w'_t(i, j)`
    pub terms: Vec<Term>,
    /// Whether a kept bias is in the denominator: [`share_of_bias`](Fraction::share_of_bias).
    pub with_bias: bool,
    /// What is added to the size of the denominator.
    pub epsilon: f64,
    /// The units that it is for.
    pub units: Units,
    /// Why a unit whose q are all 0 has none.
    pub loses: Cause,
}

/// The units that a fraction hands the relevance of on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// All of them.
    All,
    /// Those with `z_j ≥ 0`.
    NotNegative,
    /// Those with `z_j < 0`.
    Negative,
}

impl Fraction {
    /// What a kept bias b_j adds to the denominator: the q of one more input, of value 1 and weight b_j.
    pub fn share_of_bias(&self, b: f64) -> f64 {
        let of = |(seed, of_w): &Term| {
            let [w, again] = of_w.factors(b);
            seed.at(0, 1.0) * w * again
        };
        self.terms.iter().map(of).sum()
    }

    /// Whether q_ij is other than 0, looked at by its factors: their product can vanish.
    pub fn has_share(&self, i: usize, x: f64, w: f64) -> bool {
        let mut terms = self.terms.iter();
        terms.any(|(seed, of_w)| seed.at(i, x) != 0.0 && !of_w.factors(w).contains(&0.0))
    }
}

impl Rule {
    /// The fractions of the rule: one, but two for αβ, and for γ, which asks for the sign of z_j.
    ///
    /// `signed` says whether the inputs may be negative. `domain` is the box of zᴮ; without one zᴮ has no
    /// terms. Written with `x_i − l_i ≥ 0` on w⁺ and `x_i − h_i ≤ 0` on w⁻, zᴮ adds up products that are all
    /// ≥ 0: no cancellation can make a relevance negative in the last digit.
    pub fn fractions(self, signed: bool, domain: &Domain) -> Vec<Fraction> {
        // What has the sign of x_i w_ij, and what has the other one.
        let by_sign = |of_same: Reweighing, of_other: Reweighing| {
            if signed {
                vec![
                    (Seed::PositivePart, of_same),
                    (Seed::NegativePart, of_other),
                ]
            } else {
                vec![(Seed::Activation, of_same)]
            }
        };
        let about = self.about();
        let one = |terms: Vec<Term>| Fraction {
            factor: 1.0,
            terms,
            with_bias: about.bias.is_some(),
            epsilon: 0.0,
            units: Units::All,
            loses: about.loses.0,
        };
        let single = |seed, of_w| vec![one(vec![(seed, of_w)])];
        match self {
            Self::WSquared => single(Seed::One, Reweighing::Squared),
            Self::Flat => single(Seed::One, Reweighing::Ones),
            Self::ZPlus => vec![one(by_sign(Reweighing::Positive, Reweighing::Negative))],
            Self::ZBox => vec![one(match domain {
                Domain::Box(bounds) => vec![
                    (Seed::AboveLow(bounds.clone()), Reweighing::Positive),
                    (Seed::BelowHigh(bounds.clone()), Reweighing::Negative),
                ],
                Domain::Unbounded | Domain::NonNegative => Vec::new(),
            })],
            Self::Z | Self::Proportional => single(Seed::Activation, Reweighing::Same),
            Self::Epsilon(epsilon) => vec![Fraction {
                epsilon,
                ..one(vec![(Seed::Activation, Reweighing::Same)])
            }],
            Self::Gamma(g) => {
                let (positive, negative) =
                    (Reweighing::RaisedPositive(g), Reweighing::RaisedNegative(g));
                vec![
                    Fraction {
                        units: Units::NotNegative,
                        ..one(by_sign(positive, negative))
                    },
                    Fraction {
                        units: Units::Negative,
                        ..one(by_sign(negative, positive))
                    },
                ]
            }
            Self::AlphaBeta([alpha, beta]) => {
                let supporting = Fraction {
                    factor: alpha,
                    ..one(by_sign(Reweighing::Positive, Reweighing::Negative))
                };
                let opposing = Fraction {
                    factor: -beta,
                    loses: Cause::NoOpposition,
                    ..one(by_sign(Reweighing::Negative, Reweighing::Positive))
                };
                let both = [supporting, opposing].into_iter();
                both.filter(|fraction| fraction.factor != 0.0).collect()
            }
            Self::Routing => single(Seed::One, Reweighing::Present),
            Self::Largest => single(Seed::One, Reweighing::Same),
        }
    }

    /// Whether the rule looks at weights: then a unit whose weights are all 0 hands nothing on.
    pub fn looks_at_weights(self) -> bool {
        let domain = Domain::Box(Bounds::Same([0.0; 2]));
        let fractions = self.fractions(true, &domain);
        let mut terms = fractions.iter().flat_map(|fraction| &fraction.terms);
        terms.any(|(_, of_w)| of_w.factors(0.0).contains(&0.0))
    }

    /// The search direction: the v_i along which the root of a unit is sought from x, such that `q_ij = v_i w_ij`.
    ///
    /// `w` is w_ij, `domain` the [l_i, h_i] of zᴮ, and `negative` says whether z_j < 0. None where flat meets a weight of 0: no
    /// direction makes the first-order term of such an input anything but 0, though flat gives it a share. None, too, for ε and
    /// αβ, whose shares are those of no single expansion.
    pub fn direction(self, x: f64, w: f64, domain: [f64; 2], negative: bool) -> Option<f64> {
        Some(match self {
            Self::WSquared => w,
            Self::Epsilon(_) => return None,
            Self::AlphaBeta([_, beta]) if beta != 0.0 => return None,
            // Where x is 0 either is 0.
            Self::Gamma(g) if w != 0.0 && have_one_sign(x, w) != negative => x + g * x,
            Self::Flat if w == 0.0 => return None,
            Self::ZPlus | Self::AlphaBeta(_) if x == 0.0 || w == 0.0 || have_one_sign(x, w) => x,
            Self::ZPlus | Self::AlphaBeta(_) => 0.0,
            Self::ZBox if w >= 0.0 => x - domain[0],
            Self::ZBox => x - domain[1],
            Self::Z | Self::Gamma(_) | Self::Proportional | Self::Largest => x,
            Self::Routing if w == 0.0 => 0.0,
            Self::Flat | Self::Routing => 1.0 / w,
        })
    }
}

/// Whether a product of two numbers other than 0 is above 0, however small it is.
fn have_one_sign(x: f64, w: f64) -> bool {
    x.is_sign_negative() == w.is_sign_negative()
}

#[cfg(test)]
mod tests {
    use crate::network::{Bounds, Domain};
    use crate::relevance::Rule;

    #[test]
    fn the_direction_of_every_rule_is_that_of_its_formula() {
        let (z_plus, half) = (Rule::ZPlus, Rule::Gamma(0.5));
        let without_beta = Rule::AlphaBeta([1.0, 0.0]);
        // At x and w, the inputs lying in [−1, 2], z_j being below 0 or not.
        for (rule, x, w, negative, direction) in [
            (Rule::WSquared, 5.0, 3.0, false, Some(3.0)),
            (Rule::Flat, 5.0, -4.0, false, Some(-0.25)),
            (Rule::Flat, 5.0, 0.0, false, None),
            (z_plus, 2.0, 3.0, false, Some(2.0)),
            (z_plus, -2.0, -3.0, true, Some(-2.0)),
            (z_plus, 2.0, -3.0, true, Some(0.0)),
            (z_plus, -2.0, 3.0, false, Some(0.0)),
            (z_plus, 2.0, 0.0, false, Some(2.0)),
            (z_plus, -2.0, 0.0, false, Some(-2.0)),
            (z_plus, -0.0, 3.0, false, Some(-0.0)),
            // Not even a product that vanishes is 0.
            (z_plus, 1e-200, -1e-200, false, Some(0.0)),
            (without_beta, 2.0, 3.0, false, Some(2.0)),
            (without_beta, 2.0, -3.0, false, Some(0.0)),
            (Rule::AlphaBeta([2.0, 1.0]), 2.0, 3.0, false, None),
            (Rule::Epsilon(0.5), 2.0, 3.0, false, None),
            (Rule::ZBox, 1.0, 3.0, false, Some(2.0)),
            (Rule::ZBox, 1.0, 0.0, false, Some(2.0)),
            (Rule::ZBox, 1.0, -3.0, false, Some(-1.0)),
            (Rule::Z, 2.0, -3.0, true, Some(2.0)),
            (Rule::Proportional, 2.0, 1.0, false, Some(2.0)),
            (Rule::Largest, 2.0, 1.0, false, Some(2.0)),
            (Rule::Routing, 5.0, 4.0, false, Some(0.25)),
            (Rule::Routing, 5.0, 0.0, false, Some(0.0)),
            // γ times more of what has the sign of z_j.
            (half, 2.0, 3.0, false, Some(3.0)),
            (half, -2.0, -3.0, false, Some(-3.0)),
            (half, 2.0, -3.0, false, Some(2.0)),
            (half, -2.0, 3.0, false, Some(-2.0)),
            (half, 2.0, 0.0, false, Some(2.0)),
            (half, 2.0, 3.0, true, Some(2.0)),
            (half, 2.0, -3.0, true, Some(3.0)),
            (half, -2.0, 3.0, true, Some(-3.0)),
            (half, -2.0, -3.0, true, Some(-2.0)),
            (half, 2.0, 0.0, true, Some(2.0)),
        ] {
            let found = rule.direction(x, w, [-1.0, 2.0], negative);
            assert_eq!(
                found.map(f64::to_bits),
                direction.map(f64::to_bits),
                "{rule}: x = {x}, w = {w}, z below 0: {negative}"
            );
        }
    }

    #[test]
    fn a_kept_bias_counts_as_one_more_input_of_value_1() {
        for (rule, of_2, of_minus_2) in [
            (Rule::WSquared, vec![4.0], vec![4.0]),
            (Rule::ZPlus, vec![2.0], vec![0.0]),
            (Rule::Z, vec![2.0], vec![-2.0]),
            (Rule::Epsilon(0.5), vec![2.0], vec![-2.0]),
            // Where z_j ≥ 0, and where it is below.
            (Rule::Gamma(0.5), vec![3.0, 2.0], vec![-2.0, -3.0]),
            // What supports, and what opposes.
            (Rule::AlphaBeta([2.0, 1.0]), vec![2.0, 0.0], vec![0.0, -2.0]),
        ] {
            let share = |b: f64| -> Vec<f64> {
                let fractions = rule.fractions(true, &Domain::Unbounded).into_iter();
                fractions.map(|of| of.share_of_bias(b)).collect()
            };
            assert_eq!([share(2.0), share(-2.0)], [of_2, of_minus_2], "{rule}");
        }
    }

    #[test]
    fn every_rule_but_flat_looks_at_weights() {
        for rule in Rule::every() {
            assert_eq!(rule.looks_at_weights(), rule != Rule::Flat, "{rule}");
        }
    }

    #[test]
    fn a_rule_is_fixed_where_no_term_looks_at_the_activations() {
        let domain = Domain::Box(Bounds::Same([-1.0, 1.0]));
        for rule in Rule::every() {
            let fractions = rule.fractions(true, &domain);
            let mut terms = fractions.iter().flat_map(|fraction| &fraction.terms);
            // A max pool's map follows the sample, whatever its seeds are.
            let fixed = rule != Rule::Largest && terms.all(|(seed, _)| seed.is_constant());
            assert_eq!(rule.is_fixed(), fixed, "{rule}");
        }
    }
}
