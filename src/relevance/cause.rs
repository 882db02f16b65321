//! Why a unit that carries relevance could hand it to none of its inputs.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expansion::Unit;
use super::plan::Plan;
use super::rule::{Rule, RuleBias};
use crate::network::Domain;

/// Why relevance was lost: what the values of the unit itself show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Cause {
    /// It sees no input: only padding, or units that are 0 whatever the network reads.
    NoInputs,
    /// All its weights are 0.
    NoWeights,
    /// Under z⁺ and its relatives: it fires, its bias is above 0, and no input supports it.
    BiasAlone,
    /// Under z⁺ and its relatives: it did not fire, and no input supports it.
    DidNotFire,
    /// Under z⁺ and its relatives: its value is below 0, and no input supports it.
    NoSupport,
    /// Under αβ: no input opposes it, and so there is nothing to share −β·R_j among.
    NoOpposition,
    /// Under zᴮ: every input stands at the bound that leaves it no share.
    AtBound,
    /// Its contributions are not all 0, but their sum is: those of a pool's inputs, and those of either sign under z and γ.
    Cancels,
    /// Its contributions are not 0 together, but they are with its bias, which is in the denominator.
    CancelsWithBias,
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
    /// Whether part of its bias other than 0 is in the denominator.
    pub kept_bias: bool,
}

impl Cause {
    /// The cause where a fraction that [`loses`](super::term::Fraction::loses) by this cause finds no input to hand relevance to.
    pub fn of(loses: Self, facts: Facts) -> Self {
        match loses {
            _ if !facts.inputs => Self::NoInputs,
            Self::ConstantLargest => Self::ConstantLargest,
            _ if !facts.weights => Self::NoWeights,
            Self::Cancels if facts.share && facts.kept_bias => Self::CancelsWithBias,
            Self::Cancels if facts.share => Self::Cancels,
            _ if facts.share => Self::Vanishes,
            Self::NoSupport | Self::Cancels => match facts.value {
                Ordering::Equal => Self::DidNotFire,
                Ordering::Greater if facts.bias => Self::BiasAlone,
                Ordering::Greater | Ordering::Less => Self::NoSupport,
            },
            own => own,
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
            Self::CancelsWithBias => "its contributions x_i·w_ij and its bias cancel to 0".to_owned(),
            Self::NoOpposition => "no input opposes it (every x_i·w_ij ≥ 0)".to_owned(),
            Self::Cancels if !rule.is_of_a_kind() => {
                "its contributions x_i·w_ij cancel to 0".to_owned()
            }
            Self::NoSupport | Self::AtBound | Self::Cancels | Self::ConstantLargest => {
                no_share.to_owned()
            }
            Self::Vanishes => {
                "the shares of its inputs are below the smallest number of f64; --exact has no such limit"
                    .to_owned()
            }
        }
    }
}

impl Rule {
    /// Where units lose what they carry, in words: each of its fractions has a cause.
    pub fn loses_where(self, bias: RuleBias) -> String {
        let no_share = self.about().loses.1;
        let fractions = self.fractions(true, &Domain::Unbounded);
        let mut causes: Vec<String> = Vec::new();
        for fraction in fractions {
            let cause = match fraction.loses {
                Cause::AtBound => format!("{no_share}, or all its weights are 0"),
                Cause::Cancels if !self.is_of_a_kind() => {
                    format!("{no_share}, or they cancel to 0")
                }
                Cause::NoOpposition => Cause::NoOpposition.in_words(self),
                _ => no_share.to_owned(),
            };
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        let counted = if bias.is_in_denominators(self) {
            ", its bias counted as one more"
        } else {
            ""
        };
        causes.join(", or ") + counted
    }
}

/// The cause of what a unit lost by a fraction of its rule, its own value being `value`.
pub(super) fn cause(plan: &Plan, unit: Unit, fraction: usize, value: f64) -> Cause {
    let (layer, rule) = (plan.network().layer(unit.layer), plan.rule(unit.layer));
    let fraction = &rule.fractions(true, plan.domain(unit.layer))[fraction];
    let (mut inputs, mut weights, mut share) = (false, false, false);
    for (branch, x) in layer.branches().iter().zip(unit.x) {
        for (i, w) in branch.weights_of(unit.unit) {
            inputs = true;
            weights |= w != 0.0;
            share |= fraction.has_share(i, x[i], w);
        }
    }
    let facts = Facts {
        inputs,
        weights,
        value: value.partial_cmp(&0.0).unwrap_or(Ordering::Equal),
        bias: layer.bias_of(unit.unit) > 0.0,
        share,
        kept_bias: plan.rule_bias().is_in_denominators(rule)
            && fraction.share_of_bias(layer.bias_of(unit.unit)) != 0.0,
    };
    Cause::of(fraction.loses, facts)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{Cause, Facts};
    use crate::relevance::{Rule, RuleBias};

    #[test]
    fn what_only_rounding_keeps_from_a_share_vanishes_and_is_not_without_support() {
        let facts = Facts {
            inputs: true,
            weights: true,
            value: Ordering::Greater,
            bias: true,
            share: true,
            kept_bias: false,
        };
        assert_eq!(Cause::of(Cause::NoSupport, facts), Cause::Vanishes);
        assert_eq!(Cause::of(Cause::AtBound, facts), Cause::Vanishes);
        let facts = Facts {
            share: false,
            ..facts
        };
        assert_eq!(Cause::of(Cause::NoSupport, facts), Cause::BiasAlone);
        // What fires without a bias above 0 does not fire on it.
        let facts = Facts {
            bias: false,
            ..facts
        };
        assert_eq!(Cause::of(Cause::NoSupport, facts), Cause::NoSupport);
    }

    #[test]
    fn what_a_unit_sees_decides_before_what_it_makes_of_it() {
        let all = Facts {
            inputs: true,
            weights: true,
            value: Ordering::Equal,
            bias: true,
            share: true,
            kept_bias: true,
        };
        let none = Facts {
            inputs: false,
            weights: false,
            ..all
        };
        let weightless = Facts {
            weights: false,
            share: false,
            ..all
        };
        let dropped = Facts {
            kept_bias: false,
            ..all
        };
        let unsupported = Facts {
            share: false,
            ..all
        };
        let below = Facts {
            value: Ordering::Less,
            ..unsupported
        };
        for (loses, facts, cause) in [
            (Cause::Cancels, none, Cause::NoInputs),
            (Cause::ConstantLargest, none, Cause::NoInputs),
            (Cause::ConstantLargest, weightless, Cause::ConstantLargest),
            (Cause::NoSupport, weightless, Cause::NoWeights),
            (Cause::AtBound, weightless, Cause::NoWeights),
            (Cause::Cancels, all, Cause::CancelsWithBias),
            (Cause::Cancels, dropped, Cause::Cancels),
            (Cause::NoSupport, all, Cause::Vanishes),
            (Cause::Cancels, unsupported, Cause::DidNotFire),
            (Cause::NoSupport, unsupported, Cause::DidNotFire),
            (Cause::NoSupport, below, Cause::NoSupport),
            (Cause::AtBound, unsupported, Cause::AtBound),
            (Cause::NoOpposition, unsupported, Cause::NoOpposition),
        ] {
            assert_eq!(Cause::of(loses, facts), cause, "{loses:?}, {facts:?}");
        }
    }

    #[test]
    fn every_cause_has_its_words() {
        for (cause, rule, words) in [
            (
                Cause::NoInputs,
                Rule::WSquared,
                "it sees no input, only padding or units that are always 0",
            ),
            (
                Cause::NoWeights,
                Rule::WSquared,
                "all its weights are 0, so w² cannot redistribute it",
            ),
            (
                Cause::BiasAlone,
                Rule::ZPlus,
                "no input supports it (every x_i·w_ij ≤ 0): it fires on its positive bias alone",
            ),
            (
                Cause::DidNotFire,
                Rule::ZPlus,
                "it did not fire, and no input supports it (every x_i·w_ij ≤ 0)",
            ),
            (
                Cause::NoSupport,
                Rule::ZPlus,
                "no input supports it (every x_i·w_ij ≤ 0)",
            ),
            (
                Cause::NoOpposition,
                Rule::AlphaBeta([2.0, 1.0]),
                "no input opposes it (every x_i·w_ij ≥ 0)",
            ),
            (
                Cause::AtBound,
                Rule::ZBox,
                "every input lies at the bound where its share is 0",
            ),
            (
                Cause::Cancels,
                Rule::Z,
                "its contributions x_i·w_ij cancel to 0",
            ),
            (
                Cause::Cancels,
                Rule::Proportional,
                "the values it pools cancel to 0, so no proportion is defined",
            ),
            (
                Cause::CancelsWithBias,
                Rule::Z,
                "its contributions x_i·w_ij and its bias cancel to 0",
            ),
            (
                Cause::ConstantLargest,
                Rule::Largest,
                "a constant 0 is larger than each of its inputs",
            ),
            (
                Cause::Vanishes,
                Rule::Z,
                "the shares of its inputs are below the smallest number of f64; --exact has no such limit",
            ),
        ] {
            assert_eq!(cause.in_words(rule), words);
        }
    }

    #[test]
    fn every_fraction_of_a_rule_has_its_cause() {
        let dropped = |rule: Rule| rule.loses_where(RuleBias::Drop);
        assert_eq!(
            dropped(Rule::ZBox),
            "every input lies at the bound where its share is 0, or all its weights are 0"
        );
        assert_eq!(
            dropped(Rule::Proportional),
            "the values it pools cancel to 0, so no proportion is defined"
        );
        assert_eq!(
            dropped(Rule::AlphaBeta([2.0, 1.0])),
            "no input supports it (every x_i·w_ij ≤ 0), or no input opposes it (every x_i·w_ij ≥ 0)"
        );
        assert_eq!(
            dropped(Rule::AlphaBeta([1.0, 0.0])),
            dropped(Rule::ZPlus),
            "without β there is one fraction"
        );
        assert_eq!(
            dropped(Rule::Gamma(0.25)),
            "every x_i·w_ij is 0, or they cancel to 0"
        );
        assert_eq!(
            Rule::ZPlus.loses_where(RuleBias::Keep),
            "no input supports it (every x_i·w_ij ≤ 0), its bias counted as one more"
        );
        assert_eq!(
            Rule::WSquared.loses_where(RuleBias::Keep),
            "all its weights are 0"
        );
    }
}
