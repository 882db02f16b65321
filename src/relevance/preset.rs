//! What `--rule` takes: a rule, or several under one name.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::rule::Rule;
use super::selector::Meaning;
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

impl Preset {
    /// Those that are more than one rule.
    const SEVERAL: [Self; 1] = [Self::DeepTaylor];

    /// Which layers it gives which rule, on a network whose inputs have bounds or not; of two that mean a layer the narrower
    /// counts.
    pub fn rows(self, bounded: bool) -> Vec<(Meaning, Rule)> {
        match self {
            Self::One(rule) => match rule.about().elsewhere {
                Some(other) => vec![(Meaning::All, other), (Meaning::First, rule)],
                None => vec![(Meaning::All, rule)],
            },
            Self::DeepTaylor => {
                let first = if bounded { Rule::ZBox } else { Rule::WSquared };
                vec![(Meaning::All, Rule::ZPlus), (Meaning::First, first)]
            }
        }
    }

    /// The rule of a layer with weights: of the first one, or of one above it.
    pub(super) fn rule(self, first: bool, bounded: bool) -> Rule {
        let rules = self.rows(bounded);
        let of = |meaning| rules.iter().find(|(whose, _)| *whose == meaning);
        let of_first = of(Meaning::First).filter(|_| first);
        // Every preset of which this is asked has a rule for all layers.
        of_first
            .or(of(Meaning::All))
            .map_or(Rule::WSquared, |(_, rule)| *rule)
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
