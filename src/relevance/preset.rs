//! What `--rule` takes: a rule, or several under one name.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::rule::Rule;
use super::selector::Meaning;
use crate::network::Kind;
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
    /// ε on dense layers, z⁺ on convolutions.
    EpsilonPlus,
    /// The same with flat on first layers.
    EpsilonPlusFlat,
    /// ε on dense layers, γ on convolutions, zᴮ on first convolutions.
    EpsilonGammaBox,
    /// ε on dense layers, αβ with α = 2 and β = 1 on convolutions.
    EpsilonAlpha2Beta1,
    /// The same with flat on first layers.
    EpsilonAlpha2Beta1Flat,
}

/// The ε of the composites.
const EPSILON: Rule = Rule::Epsilon(1e-6);
const GAMMA: Rule = Rule::Gamma(0.25);
const ALPHA_2_BETA_1: Rule = Rule::AlphaBeta([2.0, 1.0]);

impl Preset {
    /// Those that are more than one rule. The composites are those of the library zennit (Anders et al. 2021,
    /// `zennit.composites`).
    const SEVERAL: [Self; 6] = [
        Self::DeepTaylor,
        Self::EpsilonPlus,
        Self::EpsilonPlusFlat,
        Self::EpsilonGammaBox,
        Self::EpsilonAlpha2Beta1,
        Self::EpsilonAlpha2Beta1Flat,
    ];

    /// What [deep Taylor](Self::DeepTaylor) has where no bounds are known: on first layers, and on those above.
    pub(super) const WITHOUT_BOUNDS: [Rule; 2] = [Rule::WSquared, Rule::ZPlus];

    /// The rule that it is, where it is one.
    fn one(self) -> Option<Rule> {
        match self {
            Self::One(rule) => Some(rule),
            Self::DeepTaylor
            | Self::EpsilonPlus
            | Self::EpsilonPlusFlat
            | Self::EpsilonGammaBox
            | Self::EpsilonAlpha2Beta1
            | Self::EpsilonAlpha2Beta1Flat => None,
        }
    }

    /// Which layers it gives which rule, on a network whose inputs have bounds or not; of two that mean a layer the narrower
    /// counts.
    pub fn rows(self, bounded: bool) -> Vec<(Meaning, Rule)> {
        match self {
            Self::One(rule) => match rule.about().elsewhere {
                Some(other) => vec![(Meaning::All, other), (Meaning::First, rule)],
                None => vec![(Meaning::All, rule)],
            },
            Self::DeepTaylor => {
                let [unbounded, above] = Self::WITHOUT_BOUNDS;
                let first = if bounded { Rule::ZBox } else { unbounded };
                vec![(Meaning::All, above), (Meaning::First, first)]
            }
            Self::EpsilonPlus => composite(Rule::ZPlus, None),
            Self::EpsilonPlusFlat => composite(Rule::ZPlus, Some((Meaning::First, Rule::Flat))),
            Self::EpsilonGammaBox => {
                let first = Meaning::FirstOf(Kind::Conv2d);
                composite(GAMMA, Some((first, Rule::ZBox)))
            }
            Self::EpsilonAlpha2Beta1 => composite(ALPHA_2_BETA_1, None),
            Self::EpsilonAlpha2Beta1Flat => {
                composite(ALPHA_2_BETA_1, Some((Meaning::First, Rule::Flat)))
            }
        }
    }
}

/// ε on dense layers and on additions, one rule on convolutions, and another on first layers.
///
/// zennit has its rule `Norm` on additions, which is ε of 1e-6 there; additions of values that cannot be negative share in
/// proportion here.
fn composite(of_convolutions: Rule, first: Option<(Meaning, Rule)>) -> Vec<(Meaning, Rule)> {
    let all = [
        (Meaning::Type(Kind::Dense), EPSILON),
        (Meaning::Type(Kind::Conv2d), of_convolutions),
        (Meaning::Type(Kind::Add), EPSILON),
    ];
    all.into_iter().chain(first).collect()
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
            Self::EpsilonPlus => Spelling::plain(
                "epsilon-plus",
                "epsilon:1e-6 on dense layers and additions, z+ on convolutions",
            ),
            Self::EpsilonPlusFlat => Spelling::plain(
                "epsilon-plus-flat",
                "epsilon:1e-6 on dense layers and additions, z+ on convolutions, flat on first layers",
            ),
            Self::EpsilonGammaBox => Spelling::plain(
                "epsilon-gamma-box",
                "epsilon:1e-6 on dense layers and additions, gamma:0.25 on convolutions, zB on first convolutions \
                 (bounds are needed)",
            ),
            Self::EpsilonAlpha2Beta1 => Spelling::plain(
                "epsilon-alpha2-beta1",
                "epsilon:1e-6 on dense layers and additions, alpha-beta:2,1 on convolutions",
            ),
            Self::EpsilonAlpha2Beta1Flat => Spelling::plain(
                "epsilon-alpha2-beta1-flat",
                "epsilon:1e-6 on dense layers and additions, alpha-beta:2,1 on convolutions, flat on first layers",
            ),
        }
    }

    fn parameters(self) -> Parameters {
        match self.one() {
            Some(rule) => rule.parameters(),
            None => self.spelling().usual(),
        }
    }

    fn with_parameters(self, parameters: Parameters) -> Result<Self, String> {
        match self.one() {
            Some(rule) => rule.with_parameters(parameters).map(Self::One),
            None => Ok(self),
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
        f.pad(&spelling::written(*self))
    }
}

impl FromStr for Preset {
    type Err = String;

    /// `w2`, `deep-taylor`: any of the names in any case, and `_` for `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        spelling::read(text)
    }
}

/// As it is spelt, with its parameters.
impl Serialize for Preset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'d> Deserialize<'d> for Preset {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Preset {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "preset".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
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
