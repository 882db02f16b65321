//! What `--rule` takes: which rules to put on the layers of whatever network.

use std::fmt;
use std::str::FromStr;

use super::plan::Plan;
use super::rule::{Rule, RuleBias};
use crate::error::Error;
use crate::network::Network;
use crate::spelling::{self, Named, Parameters, Spelling};

/// One rule for a whole network, or several under one name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Preset {
    /// One rule on every layer with weights; zᴮ, which needs the bounds of what a layer reads, on the first of them,
    /// and w² on those above.
    One(Rule),
    /// The rules of the paper for a deep network: z⁺ on every layer with weights but the first, and there zᴮ where the
    /// file gives bounds, w² where it gives none.
    DeepTaylor,
}

/// The rules of a preset.
struct Rules {
    /// On the first layer with weights, where the file bounds the inputs.
    bounded: Rule,
    /// On the first layer with weights, where it does not.
    unbounded: Rule,
    /// On the layers with weights above.
    above: Rule,
}

impl Preset {
    /// Those that are more than one rule.
    const SEVERAL: [Self; 1] = [Self::DeepTaylor];

    const fn rules(self) -> Rules {
        match self {
            Self::One(rule) => Rules {
                bounded: rule,
                unbounded: rule,
                above: match rule.about().elsewhere {
                    Some(other) => other,
                    None => rule,
                },
            },
            Self::DeepTaylor => Rules {
                bounded: Rule::ZBox,
                unbounded: Rule::WSquared,
                above: Rule::ZPlus,
            },
        }
    }

    /// The rule of a layer with weights: of the first one, or of one above it.
    pub(super) fn rule(self, first: bool, bounded: bool) -> Rule {
        let rules = self.rules();
        match (first, bounded) {
            (true, true) => rules.bounded,
            (true, false) => rules.unbounded,
            (false, _) => rules.above,
        }
    }
}

impl Named for Preset {
    const KIND: &'static str = "rule";
    const PARAMETERS_SHOWN: bool = true;

    fn all() -> Vec<Self> {
        let single = Rule::all().into_iter().map(Self::One);
        single.chain(Self::SEVERAL).collect()
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::One(rule) => rule.spelling(),
            Self::DeepTaylor => Spelling {
                name: "deep-taylor",
                aliases: &["deeptaylor", "dtd"],
                parameters: &[],
                help: "w2 on the first layer, or zB if the file gives bounds (each must have l ≤ 0 ≤ h), and \
                       z+ above",
            },
        }
    }

    fn parameters(self) -> Parameters {
        match self {
            Self::One(rule) => rule.parameters(),
            Self::DeepTaylor => self.spelling().usual(),
        }
    }

    fn with_parameters(self, parameters: Parameters) -> Result<Self, String> {
        match self {
            Self::One(rule) => rule.with_parameters(parameters).map(Self::One),
            Self::DeepTaylor => Ok(self),
        }
    }
}

impl From<Rule> for Preset {
    fn from(rule: Rule) -> Self {
        Self::One(rule)
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(rule) => rule.fmt(f),
            Self::DeepTaylor => f.pad(&spelling::written(*self)),
        }
    }
}

impl FromStr for Preset {
    type Err = String;

    /// `w2`, `deep-taylor`: any of the names in any case, and `_` for `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        spelling::read(text)
    }
}

/// What makes a [`Plan`] of whatever network: a preset, and other rules on single layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    preset: Preset,
    exceptions: Vec<(usize, Rule)>,
    bias: RuleBias,
}

impl Policy {
    /// A preset, and then another rule on each of these levels.
    pub fn new(preset: impl Into<Preset>, exceptions: Vec<(usize, Rule)>) -> Self {
        Self {
            preset: preset.into(),
            exceptions,
            bias: RuleBias::default(),
        }
    }

    /// The same with biases in the denominators, or without.
    #[must_use]
    pub fn with_bias(self, bias: RuleBias) -> Self {
        Self { bias, ..self }
    }

    /// The rule of every layer of `network`.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] where a rule is not defined on its layer.
    pub fn plan<'n>(&self, network: &'n Network) -> Result<Plan<'n>, Error> {
        let mut rules = self.exceptions.iter();
        let plan = Plan::of(network, self.preset)?.with_bias(self.bias);
        rules.try_fold(plan, |plan, &(level, rule)| plan.with(level, rule))
    }
}

impl fmt::Display for Policy {
    /// As the command line spells it: `w2`, `deep-taylor`, `z+ 1=zB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = vec![self.preset.to_string()];
        for (layer, rule) in &self.exceptions {
            words.push(format!("{layer}={rule}"));
        }
        if self.bias == RuleBias::Keep {
            words.push("with biases".to_owned());
        }
        f.pad(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::Preset;
    use crate::relevance::Rule;

    #[test]
    fn several_rules_have_one_name_that_is_understood_as_people_write_it() {
        for text in ["deep-taylor", "deep_taylor", "DeepTaylor", "DTD"] {
            assert_eq!(text.parse(), Ok(Preset::DeepTaylor), "{text}");
        }
        assert_eq!("W²".parse(), Ok(Preset::One(Rule::WSquared)));
        for preset in [Preset::DeepTaylor, Rule::ZBox.into()] {
            assert_eq!(preset.to_string().parse(), Ok(preset));
        }
        let unknown = "deep_taylr".parse::<Preset>().expect_err("no rule");
        assert!(
            unknown.ends_with("did you mean `deep-taylor`?"),
            "{unknown}"
        );
    }
}
