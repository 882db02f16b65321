//! The rules, as data: a row of what is known of each.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::cause::Cause;
use crate::samples::decimal::{Number, decimal};
use crate::spelling::{self, Named, Parameters, Spelling};
use crate::words::{listed, shown};

mod bias;
mod promises;
mod rows;

pub use bias::RuleBias;
pub use promises::Promises;

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
    /// z, or LRP-0: `q_ij = x_i w_ij` (Bach et al. 2015).
    Z,
    /// ε: as z, with `ε·sign(Σ_i' q_i'j)` in the denominator, sign(0) = +, ε > 0.
    Epsilon(f64),
    /// γ: `q_ij = x_i w_ij + γ·max(0, x_i w_ij)` where z_j ≥ 0, with min where z_j < 0, γ ≥ 0 (Montavon et al. 2019; Andéol et al. 2021).
    Gamma(f64),
    /// αβ: α times the share of `max(0, x_i w_ij)` minus β times that of `min(0, x_i w_ij)`, α − β = 1, β ≥ 0 (Bach et al. 2015).
    AlphaBeta([f64; 2]),
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
    /// What of a bias counts in the denominator where it is kept, in the letters of the paper; none where it never counts.
    pub bias: Option<&'static str>,
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

impl Rule {
    /// The rules that a layer with weights can have.
    pub const ALL: [Self; 8] = [
        Self::WSquared,
        Self::Flat,
        Self::ZPlus,
        Self::ZBox,
        Self::Z,
        Self::Epsilon(1e-6),
        Self::Gamma(0.25),
        Self::AlphaBeta([2.0, 1.0]),
    ];
    /// Those of pools, of routing and of max pools, which can have no other.
    const OF_KINDS: [Self; 3] = [Self::Proportional, Self::Routing, Self::Largest];

    /// The rule in the letters of the paper.
    pub fn symbol(self) -> &'static str {
        self.about().symbol
    }

    /// The formula of the rule, in the letters of the paper; `signed` says whether the inputs may be negative.
    pub fn formula(self, signed: bool) -> &'static str {
        self.about().formula[usize::from(signed)]
    }

    /// The same with what a kept bias adds to its denominators.
    pub fn formula_with(self, signed: bool, bias: RuleBias) -> String {
        let formula = self.formula(signed);
        match self.about().bias.filter(|_| bias == RuleBias::Keep) {
            Some(bias) => format!("{formula}, with {bias} in the denominator"),
            None => formula.to_owned(),
        }
    }

    /// The rule in the letters of the paper, with its parameters: `ε = 0.25`.
    pub fn symbol_with_parameters(self) -> String {
        let symbol = self.symbol();
        match self {
            Self::Epsilon(x) | Self::Gamma(x) => format!("{symbol} = {}", shown(x)),
            Self::AlphaBeta([alpha, beta]) => {
                format!("{symbol}, α = {}, β = {}", shown(alpha), shown(beta))
            }
            _ => symbol.to_owned(),
        }
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

    /// Every rule: those of layers with weights, and those of other kinds of layer.
    pub fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::OF_KINDS)
    }

    /// The rules that a layer with weights can have of which something is true, in a sentence: `w2 and flat`.
    pub fn listed(holds: impl Fn(Self) -> bool) -> String {
        let rules = Self::ALL.into_iter().filter(|rule| holds(*rule));
        let rules: Vec<String> = rules.map(|rule| rule.spelling().name.to_owned()).collect();
        let all = rules.len();
        listed(rules, all)
    }
}

impl Named for Rule {
    const KIND: &'static str = "rule";
    const PARAMETERS_SHOWN: bool = true;

    /// Those that can be asked for.
    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }

    fn spelling(self) -> Spelling {
        self.about().spelling
    }

    fn parameters(self) -> Parameters {
        match self {
            Self::Epsilon(parameter) | Self::Gamma(parameter) => [parameter, 0.0],
            Self::AlphaBeta(parameters) => parameters,
            _ => self.spelling().usual(),
        }
    }

    fn with_parameters(self, [a, b]: Parameters) -> Result<Self, String> {
        match self {
            Self::Epsilon(_) if a == 0.0 => {
                Err("epsilon:e: expected e > 0, found 0; with e = 0 it is the rule z".to_owned())
            }
            Self::Epsilon(_) if a < 0.0 => {
                Err(format!("epsilon:e: expected e > 0, found {}", shown(a)))
            }
            Self::Epsilon(_) => Ok(Self::Epsilon(a)),
            Self::Gamma(_) if a < 0.0 => {
                Err(format!("gamma:g: expected g ≥ 0, found {}", shown(a)))
            }
            Self::Gamma(_) => Ok(Self::Gamma(a)),
            Self::AlphaBeta(_) if b < 0.0 => Err(format!(
                "alpha-beta:a,b: expected b ≥ 0, found {}",
                shown(b)
            )),
            Self::AlphaBeta(_) if !differ_by_1(a, b) => Err(format!(
                "alpha-beta:a,b: expected a − b = 1, found {} − {} = {}",
                shown(a),
                shown(b),
                shown(a - b)
            )),
            Self::AlphaBeta(_) => Ok(Self::AlphaBeta([a, b])),
            _ => Ok(self),
        }
    }
}

/// Whether a − b is 1 as they are written: 1.7 − 0.7 is, though f64 rounds both.
fn differ_by_1(a: f64, b: f64) -> bool {
    let written = |x: f64| decimal(&format!("{x:?}"));
    match (written(a), written(b)) {
        (Ok(a), Ok(b)) => a - b == Number::ONE,
        _ => false,
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
            "unknown rule `zplu`: the rules are w2, flat, z+, zB, z, epsilon, gamma, alpha-beta; did you mean `zplus`?"
        );
        let given = "w2:0.5".parse::<Rule>().expect_err("no parameters");
        assert_eq!(given, "w2 takes no parameters, found `0.5`");
    }

    #[test]
    fn parameters_are_read_with_the_usual_ones_where_none_are_given_and_always_written() {
        for (text, rule, written) in [
            ("epsilon:0.25", Rule::Epsilon(0.25), "epsilon:0.25"),
            ("EPS", Rule::Epsilon(1e-6), "epsilon:1e-6"),
            ("gamma", Rule::Gamma(0.25), "gamma:0.25"),
            ("γ:0", Rule::Gamma(0.0), "gamma:0"),
            ("ab", Rule::AlphaBeta([2.0, 1.0]), "alpha-beta:2,1"),
            (
                "alpha_beta:1.7,0.7",
                Rule::AlphaBeta([1.7, 0.7]),
                "alpha-beta:1.7,0.7",
            ),
            ("lrp-0", Rule::Z, "z"),
        ] {
            assert_eq!(text.parse(), Ok(rule), "{text}");
            assert_eq!(rule.to_string(), written);
        }
    }

    #[test]
    fn parameters_out_of_range_are_refused_with_what_was_found() {
        for (text, said) in [
            (
                "epsilon:0",
                "epsilon:e: expected e > 0, found 0; with e = 0 it is the rule z",
            ),
            ("epsilon:-1", "epsilon:e: expected e > 0, found -1"),
            (
                "epsilon:inf",
                "epsilon:e: expected a finite number, found `inf`",
            ),
            ("epsilon:1,2", "expected epsilon:e, found 2 parameters"),
            ("gamma:-0.5", "gamma:g: expected g ≥ 0, found -0.5"),
            (
                "alpha-beta:2,2",
                "alpha-beta:a,b: expected a − b = 1, found 2 − 2 = 0",
            ),
            (
                "alpha-beta:0,-1",
                "alpha-beta:a,b: expected b ≥ 0, found -1",
            ),
            (
                "alpha-beta:3",
                "alpha-beta:a,b: expected a − b = 1, found 3 − 1 = 2",
            ),
            (
                "alpha-beta:1e17,1e17",
                "alpha-beta:a,b: expected a − b = 1, found 1e17 − 1e17 = 0",
            ),
            (
                "alpha-beta:1.0000000000000004,0",
                "alpha-beta:a,b: expected a − b = 1, found 1.0000000000000004 − 0 = 1.0000000000000004",
            ),
        ] {
            assert_eq!(text.parse::<Rule>(), Err(said.to_owned()), "{text}");
        }
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
                .contains("w2, flat, z+, zB, z, epsilon, gamma, alpha-beta")
        );
    }
}
