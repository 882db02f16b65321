//! Why a unit that carries relevance could hand it to none of its inputs.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expansion::Unit;
use super::plan::Plan;
use super::rule::Rule;

/// Why relevance was lost: what the values of the unit itself show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Cause {
    /// It sees no input: only padding, or units that are 0 whatever the network reads.
    NoInputs,
    /// All its weights are 0.
    NoWeights,
    /// Under z⁺: it fires, its bias is above 0, and no input supports it.
    BiasAlone,
    /// Under z⁺: it did not fire, and no input supports it.
    DidNotFire,
    /// Under z⁺: its value is below 0, and no input supports it.
    NoSupport,
    /// Under zᴮ: every input stands at the bound that leaves it no share.
    AtBound,
    /// A pool: its inputs are not all 0, but their sum is.
    Cancels,
    /// A max pool: a constant 0 is larger than each of its inputs.
    ConstantLargest,
    /// In f64 only: what its inputs would get is below the smallest number.
    Vanishes,
}

/// What decides the cause of a loss, the same for f64 and for fractions.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, whatever the others are"
)]
pub struct Facts {
    /// Whether the unit sees an input.
    pub inputs: bool,
    /// Whether a weight of the unit is not 0.
    pub weights: bool,
    /// How the unit's value lies to 0: above where it fires.
    pub value: Ordering,
    /// Whether its bias is above 0.
    pub bias: bool,
    /// Whether an input would have a share, if numbers had no smallest.
    pub share: bool,
}

impl Cause {
    /// The cause where `rule` finds no input to hand relevance to.
    pub fn of(rule: Rule, facts: Facts) -> Self {
        match rule.about().loses.0 {
            _ if !facts.inputs => Self::NoInputs,
            own @ (Self::Cancels | Self::ConstantLargest) => own,
            _ if !facts.weights => Self::NoWeights,
            _ if facts.share => Self::Vanishes,
            Self::NoSupport => match facts.value {
                Ordering::Equal => Self::DidNotFire,
                Ordering::Greater if facts.bias => Self::BiasAlone,
                Ordering::Greater | Ordering::Less => Self::NoSupport,
            },
            cause => cause,
        }
    }

    /// The cause in words, of a unit whose rule is `rule`.
    pub fn in_words(self, rule: Rule) -> String {
        let no_share = rule.about().loses.1;
        match self {
            Self::NoInputs => {
                "it sees no input, only padding or units that are always 0".to_owned()
            }
            Self::NoWeights => {
                let symbol = rule.symbol();
                format!("all its weights are 0, so {symbol} cannot redistribute it")
            }
            Self::BiasAlone => format!("{no_share}: it fires on its positive bias alone"),
            Self::DidNotFire => format!("it did not fire, and {no_share}"),
            Self::NoSupport | Self::AtBound | Self::Cancels | Self::ConstantLargest => no_share.to_owned(),
            Self::Vanishes => {
                "the shares of its inputs are below the smallest number of f64; --exact has no such limit"
                    .to_owned()
            }
        }
    }
}

/// The cause of what a unit lost whose own value is `value`.
pub(super) fn cause(plan: &Plan, unit: Unit, value: f64) -> Cause {
    let (layer, rule) = (plan.network().layer(unit.layer), plan.rule(unit.layer));
    let terms = rule.terms(true, plan.domain(unit.layer));
    // Both factors are looked at, not their product, which may vanish.
    let has_share = |i: usize, x: f64, w: f64| {
        (terms.iter()).any(|(seed, of_w)| seed.at(i, x) != 0.0 && !of_w.factors(w).contains(&0.0))
    };
    let (mut inputs, mut weights, mut share) = (false, false, false);
    for (branch, x) in layer.branches().iter().zip(unit.x) {
        for (i, w) in branch.weights_of(unit.unit) {
            inputs = true;
            weights |= w != 0.0;
            share |= has_share(i, x[i], w);
        }
    }
    let facts = Facts {
        inputs,
        weights,
        value: value.partial_cmp(&0.0).unwrap_or(Ordering::Equal),
        bias: layer.bias_of(unit.unit) > 0.0,
        share,
    };
    Cause::of(rule, facts)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{Cause, Facts};
    use crate::relevance::Rule;

    #[test]
    fn what_only_rounding_keeps_from_a_share_vanishes_and_is_not_without_support() {
        let facts = Facts {
            inputs: true,
            weights: true,
            value: Ordering::Greater,
            bias: true,
            share: true,
        };
        assert_eq!(Cause::of(Rule::ZPlus, facts), Cause::Vanishes);
        assert_eq!(Cause::of(Rule::ZBox, facts), Cause::Vanishes);
        let facts = Facts {
            share: false,
            ..facts
        };
        assert_eq!(Cause::of(Rule::ZPlus, facts), Cause::BiasAlone);
        // What fires without a bias above 0 does not fire on it.
        let facts = Facts {
            bias: false,
            ..facts
        };
        assert_eq!(Cause::of(Rule::ZPlus, facts), Cause::NoSupport);
    }
}
