//! What the rules are in fractions, as their definitions read.

use super::number::{Number, decimal};
use crate::relevance::{Rule, cause::Cause};

/// Part of the contributions of a unit: one fraction of a rule is over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of them.
    Whole,
    /// Those that support the unit: `max(0, x_i w_ij)`.
    Supporting,
    /// Those that oppose it: `min(0, x_i w_ij)`.
    Opposing,
}

/// `factor · q_ij / (Σ_i' q_i'j ± epsilon)`, q being that of a part of the contributions.
#[derive(Debug, Clone)]
pub(super) struct Fraction {
    pub factor: Number,
    pub part: Part,
    pub epsilon: Number,
    /// Why a unit whose q are all 0 has none.
    pub loses: Cause,
}

/// The fractions of a rule; parameters are the decimals that they are written as.
pub(super) fn fractions(rule: Rule) -> Vec<Fraction> {
    let whole = Fraction {
        factor: Number::ONE,
        part: Part::Whole,
        epsilon: Number::ZERO,
        loses: rule.about().loses.0,
    };
    match rule {
        Rule::Epsilon(epsilon) => vec![Fraction {
            epsilon: parameter(epsilon),
            ..whole
        }],
        Rule::AlphaBeta([alpha, beta]) => {
            let supporting = Fraction {
                factor: parameter(alpha),
                part: Part::Supporting,
                ..whole.clone()
            };
            let opposing = Fraction {
                factor: -parameter(beta),
                part: Part::Opposing,
                loses: Cause::NoOpposition,
                ..whole
            };
            let both = [supporting, opposing].into_iter();
            both.filter(|fraction| fraction.factor != Number::ZERO)
                .collect()
        }
        _ => vec![whole],
    }
}

/// A parameter of a rule as the decimal that it is written as.
fn parameter(x: f64) -> Number {
    decimal(&format!("{x:?}")).unwrap_or(Number::ZERO)
}

/// What a unit is, as far as q asks.
#[derive(Clone, Copy)]
pub(super) struct At<'b> {
    /// The [l_i, h_i] of the input, where the file gives any.
    pub bounds: Option<[&'b Number; 2]>,
    /// Whether `z_j < 0`.
    pub negative: bool,
}

/// `q_ij`
pub(super) fn q(rule: Rule, part: Part, x: &Number, w: &Number, at: At) -> Number {
    let positive = |w: Number| w.max(Number::ZERO);
    match rule {
        Rule::WSquared => w * w,
        Rule::Routing if *w == Number::ZERO => Number::ZERO,
        Rule::Flat | Rule::Largest | Rule::Routing => Number::ONE,
        Rule::ZPlus => positive(x * w),
        Rule::ZBox => match at.bounds {
            Some([low, high]) => x * w - low * positive(w.clone()) + high * positive(-w.clone()),
            None => Number::ZERO,
        },
        Rule::Z | Rule::Epsilon(_) => x * w,
        Rule::Gamma(gamma) => {
            let z = x * w;
            let raised = if at.negative {
                -positive(-z.clone())
            } else {
                positive(z.clone())
            };
            z + parameter(gamma) * raised
        }
        Rule::AlphaBeta(_) => match part {
            Part::Opposing => -positive(-(x * w)),
            Part::Supporting | Part::Whole => positive(x * w),
        },
        Rule::Proportional => x.clone(),
    }
}

/// `v_i`, along which the root of a unit is sought; none where flat meets a weight of 0, and where the shares of a rule are
/// those of no expansion.
pub(super) fn direction(rule: Rule, x: &Number, w: &Number, at: At) -> Option<Number> {
    match rule {
        Rule::WSquared => Some(w.clone()),
        Rule::Flat if *w == Number::ZERO => None,
        Rule::Routing if *w == Number::ZERO => Some(Number::ZERO),
        Rule::Flat | Rule::Routing => Some(Number::ONE / w),
        Rule::Epsilon(_) => None,
        Rule::AlphaBeta([_, beta]) if beta != 0.0 => None,
        Rule::ZPlus | Rule::AlphaBeta(_) if x * w >= Number::ZERO => Some(x.clone()),
        Rule::ZPlus | Rule::AlphaBeta(_) => Some(Number::ZERO),
        Rule::ZBox => {
            (at.bounds).map(|[low, high]| x - if *w >= Number::ZERO { low } else { high })
        }
        Rule::Gamma(gamma) => {
            let z = x * w;
            let raised = if at.negative {
                z < Number::ZERO
            } else {
                z > Number::ZERO
            };
            let more = if raised {
                parameter(gamma)
            } else {
                Number::ZERO
            };
            Some(x + x * more)
        }
        Rule::Z | Rule::Proportional | Rule::Largest => Some(x.clone()),
    }
}

/// How many bits a unit's mass needs, the sum of its q, where weights and activations need so many.
pub(super) fn mass_bits(rule: Rule, weights: f64, activations: f64) -> f64 {
    let of_products = weights + activations;
    match rule {
        Rule::WSquared => 2.0 * weights,
        // Every unit has the same mass: the number of its inputs.
        Rule::Flat | Rule::Routing | Rule::Largest => 0.0,
        Rule::ZPlus | Rule::ZBox | Rule::Z => of_products,
        Rule::Epsilon(x) | Rule::Gamma(x) => of_products + bits(x),
        // Two masses, brought to one denominator.
        Rule::AlphaBeta([alpha, _]) => 2.0 * of_products + bits(alpha),
        Rule::Proportional => activations,
    }
}

/// How many bits the decimal of a parameter needs.
fn bits(parameter: f64) -> f64 {
    const BITS_PER_DIGIT: f64 = 3.33;
    format!("{parameter}").len() as f64 * BITS_PER_DIGIT
}

#[cfg(test)]
mod tests {
    use super::{At, Number, Rule, direction, mass_bits};

    #[test]
    fn a_mass_needs_the_bits_of_its_products_and_of_the_digits_of_a_parameter() {
        for (rule, bits) in [
            (Rule::WSquared, 6.0),
            (Rule::Flat, 0.0),
            (Rule::ZPlus, 8.0),
            (Rule::Z, 8.0),
            (Rule::Epsilon(0.25), 8.0 + 4.0 * 3.33),
            (Rule::Gamma(2.0), 8.0 + 3.33),
            (Rule::AlphaBeta([2.0, 1.0]), 16.0 + 3.33),
            (Rule::Proportional, 5.0),
        ] {
            assert!((mass_bits(rule, 3.0, 5.0) - bits).abs() < 1e-12, "{rule}");
        }
    }

    #[test]
    fn the_direction_under_gamma_is_longer_where_a_contribution_has_the_sign_of_the_unit() {
        for (rule, negative, x, w, expected) in [
            (Rule::Gamma(1.0), false, 2, 3, Some(4)),
            (Rule::Gamma(1.0), false, 2, -3, Some(2)),
            (Rule::Gamma(1.0), false, 2, 0, Some(2)),
            (Rule::Gamma(1.0), true, 2, 3, Some(2)),
            (Rule::Gamma(1.0), true, 2, -3, Some(4)),
            (Rule::Gamma(1.0), true, 2, 0, Some(2)),
            // Without β it is that of z⁺.
            (Rule::AlphaBeta([1.0, 0.0]), false, 2, 3, Some(2)),
            (Rule::AlphaBeta([1.0, 0.0]), false, 2, -3, Some(0)),
            (Rule::AlphaBeta([2.0, 1.0]), false, 2, 3, None),
        ] {
            let (bounds, [x, w]) = (None, [x, w].map(Number::from));
            let found = direction(rule, &x, &w, At { bounds, negative });
            assert_eq!(found, expected.map(Number::from), "{rule}, {negative}, {w}");
        }
    }
}
