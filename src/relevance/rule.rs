//! The rules, as data: a row of what is known of each.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::cause::Cause;
use crate::spelling::{self, Named, Spelling};
use crate::words::listed;

/// How the relevance of a layer's units is shared among its inputs: `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// w²: `q_ij = w_ij²`. For an unbounded input space; looks at weights, not at values.
    WSquared,
    /// flat: `q_ij = 1`. Every input gets the same.
    Flat,
    /// z⁺: `q_ij = x_i w_ij⁺` for inputs ≥ 0; where they may be negative `q_ij = max(0, x_i w_ij)`.
    ZPlus,
    /// zᴮ: `q_ij = x_i w_ij − l_i w_ij⁺ − h_i w_ij⁻`, for inputs in the box `l_i ≤ x_i ≤ h_i` with `l_i ≤ 0 ≤ h_i`.
    ZBox,
    /// In proportion: `q_ij = x_i`. What every pool does, and every addition of values that cannot be negative; a detection
    /// layer cannot. Where all x_i are 0 a pool shares equally.
    Proportional,
    /// Routing: a unit has one input, and hands it all. What scales, gathers and concatenations do.
    Routing,
    /// To the largest: all to the input that a max pool hands on, the first of several.
    Largest,
}

/// What is known of a rule; where two formulas stand, the second is for inputs that may be negative.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// How the command line and the results spell it, and what it does.
    pub spelling: Spelling,
    /// The rule in the letters of the paper.
    pub symbol: &'static str,
    /// The formula, in the letters of the paper.
    pub formula: [&'static str; 2],
    /// The search direction, in the letters of the paper.
    pub direction: [&'static str; 2],
    /// Whether its messages are the terms of a first-order Taylor expansion wherever there is a root.
    pub expansion: bool,
    /// The inputs that it is made for.
    pub inputs: Inputs,
    /// What it promises of them.
    pub promises: Promises,
    /// What it looks at, in words, where it does not look at the activations: then it is a fixed map.
    pub fixed: Option<&'static str>,
    /// Why a unit whose weights are not all 0 finds no input to hand its relevance to, as a cause and in words.
    pub loses: (Cause, &'static str),
    /// The rule of the layers that it is not defined on, where it is asked for on every layer.
    pub elsewhere: Option<Rule>,
    /// The rule of an addition for which it is asked by name, where it is not defined there.
    pub of_addition: Option<Rule>,
    /// What a kind of layer that has this rule and no other does, in words.
    pub does: &'static str,
}

/// The inputs that a rule is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inputs {
    /// All of ℝ.
    Any,
    /// `x_i ≥ 0`
    NonNegative,
    /// `l_i ≤ x_i ≤ h_i`, with `l_i ≤ 0 ≤ h_i`: the rule is defined nowhere else.
    Bounded,
}

/// What a rule promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promises {
    /// What a unit hands on sums to what it carries, unless its [cause](Cause) is reported.
    pub conservation: bool,
    /// What a unit that carries relevance ≥ 0 hands on is ≥ 0.
    pub positivity: bool,
}

/// What most rules share.
const USUAL: About = About {
    spelling: Spelling::plain("", ""),
    symbol: "",
    formula: ["", ""],
    direction: ["", ""],
    expansion: true,
    inputs: Inputs::Any,
    promises: Promises {
        conservation: true,
        positivity: true,
    },
    fixed: None,
    loses: (Cause::NoWeights, "all its weights are 0"),
    elsewhere: None,
    of_addition: None,
    does: "follows a rule",
};

impl Rule {
    /// The rules that a layer with weights can have.
    pub const ALL: [Self; 4] = [Self::WSquared, Self::Flat, Self::ZPlus, Self::ZBox];
    /// Those of pools, of routing and of max pools, which can have no other.
    const OF_KINDS: [Self; 3] = [Self::Proportional, Self::Routing, Self::Largest];

    /// All that is known of the rule but its [terms](Rule::terms) and [directions](Rule::direction).
    #[expect(clippy::too_many_lines, reason = "a row a rule")]
    pub const fn about(self) -> About {
        match self {
            Self::WSquared => About {
                spelling: Spelling {
                    aliases: &["w²", "w^2", "wsquare", "w-square", "wsquared", "w-squared"],
                    ..Spelling::plain(
                        "w2",
                        "By squared weights: R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j (any input)",
                    )
                },
                symbol: "w²",
                formula: ["R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j"; 2],
                direction: ["v_i = w_ij"; 2],
                fixed: Some("looks at weights, not at values"),
                ..USUAL
            },
            Self::Flat => About {
                spelling: Spelling {
                    aliases: &["wflat", "w-flat"],
                    ..Spelling::plain("flat", "Equally among the inputs")
                },
                symbol: "flat",
                formula: ["R_i = Σ_j 1 / Σ_i' 1 · R_j"; 2],
                direction: ["v_i = 1/w_ij"; 2],
                expansion: false,
                fixed: Some("looks at neither weights nor values"),
                loses: (Cause::NoWeights, "it has no inputs"),
                ..USUAL
            },
            Self::ZPlus => About {
                spelling: Spelling {
                    aliases: &["z⁺", "z^+", "zplus", "z-plus"],
                    ..Spelling::plain("z+", "By positive contributions x_i·w_ij (inputs ≥ 0)")
                },
                symbol: "z⁺",
                formula: [
                    "R_i = Σ_j x_i w_ij⁺ / Σ_i' x_i' w_i'j⁺ · R_j",
                    "R_i = Σ_j max(0, x_i w_ij) / Σ_i' max(0, x_i' w_i'j) · R_j",
                ],
                direction: ["v_i = x_i·1[w_ij ≥ 0]", "v_i = x_i·1[x_i w_ij ≥ 0]"],
                inputs: Inputs::NonNegative,
                loses: (
                    Cause::NoSupport,
                    "no input supports it (every x_i·w_ij ≤ 0)",
                ),
                ..USUAL
            },
            Self::ZBox => About {
                spelling: Spelling {
                    aliases: &["zᴮ", "z^b", "zbox", "z-box", "z-b", "zbounds"],
                    ..Spelling::plain(
                        "zB",
                        "By distance to the bounds in the file (l ≤ 0 ≤ h for each input) on the first layer; w2 above, where \
                       values have no bounds",
                    )
                },
                symbol: "zᴮ",
                formula: ["R_i = Σ_j z_ij / Σ_i' z_i'j · R_j, z_ij = x_i w_ij−l_i w_ij⁺−h_i w_ij⁻";
                    2],
                direction: ["v_i = x_i − l_i·1[w_ij ≥ 0] − h_i·1[w_ij < 0]"; 2],
                inputs: Inputs::Bounded,
                loses: (
                    Cause::AtBound,
                    "every input lies at the bound where its share is 0",
                ),
                elsewhere: Some(Self::WSquared),
                of_addition: Some(Self::ZPlus),
                ..USUAL
            },
            Self::Proportional => About {
                spelling: Spelling::plain(
                    "proportional",
                    "In proportion to the values, as pools do",
                ),
                does: "has no weights, shares in proportion",
                symbol: "proportional",
                formula: ["R_j = x_j / Σ_j' x_j' · R_k"; 2],
                direction: ["v_j = x_j, root at 0"; 2],
                loses: (
                    Cause::Cancels,
                    "the values it pools cancel to 0, so no proportion is defined",
                ),
                ..USUAL
            },
            Self::Routing => About {
                spelling: Spelling::plain("routing", "All to the one input of a unit"),
                does: "hands all relevance to the one input of each unit",
                symbol: "routing",
                formula: ["R_i = R_j"; 2],
                direction: ["v_i = 1/w_ij"; 2],
                fixed: Some("hands each unit's relevance to its one input"),
                loses: (Cause::NoWeights, "its weight is 0"),
                ..USUAL
            },
            Self::Largest => About {
                spelling: Spelling::plain(
                    "largest",
                    "All to the largest input, as max pools do; the first of several",
                ),
                does: "hands all relevance to the largest input",
                symbol: "largest",
                formula: ["R_i = R_j for the first of the largest x_i"; 2],
                direction: ["v_i = x_i for the first of the largest x_i, else 0"; 2],
                loses: (
                    Cause::ConstantLargest,
                    "a constant 0 is larger than each of its inputs",
                ),
                ..USUAL
            },
        }
    }

    /// The rule in the letters of the paper.
    pub fn symbol(self) -> &'static str {
        self.about().symbol
    }

    /// The formula of the rule, in the letters of the paper; `signed` says whether the inputs may be negative.
    pub fn formula(self, signed: bool) -> &'static str {
        self.about().formula[usize::from(signed)]
    }

    /// The search direction in the letters of the paper; `signed` says whether the inputs may be negative.
    pub fn direction_formula(self, signed: bool) -> &'static str {
        self.about().direction[usize::from(signed)]
    }

    /// Whether the rule hands on the same shares whatever the activations are.
    pub fn is_fixed(self) -> bool {
        self.about().fixed.is_some()
    }

    /// The rule that an addition has which this one is asked for: additions have no bounds.
    #[must_use]
    pub fn of_addition(self) -> Self {
        self.about().of_addition.unwrap_or(self)
    }

    /// Whether it belongs to a kind of layer that can have no other rule: pools, routing and max pools.
    pub fn is_of_a_kind(self) -> bool {
        Self::OF_KINDS.contains(&self)
    }

    /// Where units that carry relevance find no input to hand it to, in words.
    pub fn loses_where(self) -> String {
        match self.about().loses {
            (Cause::AtBound, words) => format!("{words}, or all its weights are 0"),
            (_, words) => words.to_owned(),
        }
    }

    /// Every rule: those of layers with weights, and those of other kinds of layer.
    pub fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::OF_KINDS)
    }

    /// The rules that a layer with weights can have of which something is true, in a sentence: `w2 and flat`.
    pub fn listed(holds: impl Fn(Self) -> bool) -> String {
        let rules = Self::ALL.into_iter().filter(|rule| holds(*rule));
        let rules: Vec<String> = rules.map(|rule| rule.to_string()).collect();
        let all = rules.len();
        listed(rules, all)
    }
}

impl Named for Rule {
    const KIND: &'static str = "rule";

    /// Those that can be asked for.
    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn spelling(self) -> Spelling {
        self.about().spelling
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&spelling::written(*self))
    }
}

impl FromStr for Rule {
    type Err = String;

    /// Any of its names in any case, and `_` for `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        spelling::read(text)
    }
}

/// As it is spelt, with its parameters.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'d> Deserialize<'d> for Rule {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        let every: Vec<Self> = Self::every().collect();
        let text = String::deserialize(deserializer)?;
        spelling::read_among(&every, &text).map_err(de::Error::custom)
    }
}

impl JsonSchema for Rule {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "rule".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn a_rule_is_known_by_every_spelling_in_any_case() {
        for (text, rule) in [
            ("w2", Rule::WSquared),
            ("W²", Rule::WSquared),
            ("WSquare", Rule::WSquared),
            ("w_squared", Rule::WSquared),
            ("FLAT", Rule::Flat),
            ("z⁺", Rule::ZPlus),
            ("ZPlus", Rule::ZPlus),
            ("z_plus", Rule::ZPlus),
            ("zb", Rule::ZBox),
            ("zᴮ", Rule::ZBox),
            ("Z-Box", Rule::ZBox),
        ] {
            assert_eq!(text.parse(), Ok(rule), "{text}");
        }
        for rule in Rule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
    }

    #[test]
    fn an_unknown_rule_is_told_with_the_known_and_the_nearest() {
        let unknown = "zplu".parse::<Rule>().expect_err("no rule");
        assert_eq!(
            unknown,
            "unknown rule `zplu`: the rules are w2, flat, z+, zB; did you mean `zplus`?"
        );
        let given = "w2:0.5".parse::<Rule>().expect_err("no parameters");
        assert_eq!(given, "w2 takes no parameters, found `0.5`");
    }

    #[test]
    fn a_rule_is_its_name_in_a_result() {
        for rule in Rule::every() {
            let name = serde_json::to_string(&rule).expect("a word");
            assert_eq!(name, format!("\"{rule}\""));
            assert_eq!(serde_json::from_str::<Rule>(&name).expect("known"), rule);
        }
        let unknown = serde_json::from_str::<Rule>("\"w3\"").expect_err("no rule");
        assert!(
            unknown
                .to_string()
                .contains("w2, flat, z+, zB, proportional")
        );
    }
}
