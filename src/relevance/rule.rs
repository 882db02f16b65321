//! The rules, as data: what each puts into the one formula.

use std::fmt;
use std::str::FromStr;

use crate::network::{Bounds, Reweighing, did_you_mean};

/// How the relevance of a layer's units is shared among its inputs: `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// w²: `q_ij = w_ij²`. For an unbounded input space; looks at weights, not at values.
    WSquared,
    /// flat: `q_ij = 1`. Every input gets the same.
    Flat,
    /// z⁺: `q_ij = x_i w_ij⁺` for inputs ≥ 0; where they may be negative `q_ij = max(0, x_i w_ij)`.
    ZPlus,
    /// zᴮ: `q_ij = x_i w_ij − l_i w_ij⁺ − h_i w_ij⁻`, for inputs in the box `l_i ≤ x_i ≤ h_i` with `l_i ≤ 0 ≤ h_i`.
    ZBox,
    /// In proportion: `q_ij = x_i`. What every pool does; a detection layer cannot. Where all x_i are 0 a pool shares
    /// equally.
    Proportional,
}

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

    /// Whether the seed is the same for every sample.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::One)
    }
}

/// One term of a rule: `q_ij = seed(i) · w'_ij`; the q of a rule is the sum of its terms.
pub type Term = (Seed, Reweighing);

impl Rule {
    /// The rules that a layer with weights can have.
    pub const ALL: [Self; 4] = [Self::WSquared, Self::Flat, Self::ZPlus, Self::ZBox];

    /// The terms of the rule: `q_ij = Σ_t seed_t(i) · w'_t(i, j)`.
    ///
    /// `signed` says whether the inputs may be negative. `domain` is the box of zᴮ; without one zᴮ has no
    /// terms. Written with `x_i − l_i ≥ 0` on w⁺ and `x_i − h_i ≤ 0` on w⁻, zᴮ adds up products that are all
    /// ≥ 0: no cancellation can make a relevance negative in the last digit.
    pub fn terms(self, signed: bool, domain: Option<&Bounds>) -> Vec<Term> {
        match self {
            Self::WSquared => vec![(Seed::One, Reweighing::Squared)],
            Self::Flat => vec![(Seed::One, Reweighing::Ones)],
            Self::ZPlus if signed => vec![
                (Seed::PositivePart, Reweighing::Positive),
                (Seed::NegativePart, Reweighing::Negative),
            ],
            Self::ZPlus => vec![(Seed::Activation, Reweighing::Positive)],
            Self::ZBox => domain.map_or_else(Vec::new, |bounds| {
                vec![
                    (Seed::AboveLow(bounds.clone()), Reweighing::Positive),
                    (Seed::BelowHigh(bounds.clone()), Reweighing::Negative),
                ]
            }),
            Self::Proportional => vec![(Seed::Activation, Reweighing::Same)],
        }
    }

    /// The search direction: the v_i along which the root of a unit is sought from x, such that `q_ij = v_i w_ij`.
    ///
    /// `w` is w_ij and `domain` the [l_i, h_i] of zᴮ. Infinite where flat meets a weight of 0: no direction makes
    /// the first-order term of such an input anything but 0, though flat gives it a share.
    pub fn direction(self, x: f64, w: f64, domain: [f64; 2]) -> f64 {
        match self {
            Self::WSquared => w,
            Self::Flat => 1.0 / w,
            Self::ZPlus if x == 0.0 || w == 0.0 || (x > 0.0) == (w > 0.0) => x,
            Self::ZPlus => 0.0,
            Self::ZBox if w >= 0.0 => x - domain[0],
            Self::ZBox => x - domain[1],
            Self::Proportional => x,
        }
    }

    /// The search direction in the letters of the paper; `signed` says whether the inputs may be negative.
    pub fn direction_formula(self, signed: bool) -> &'static str {
        match self {
            Self::WSquared => "v_i = w_ij",
            Self::Flat => "v_i = 1/w_ij",
            Self::ZPlus if signed => "v_i = x_i·1[x_i w_ij ≥ 0]",
            Self::ZPlus => "v_i = x_i·1[w_ij ≥ 0]",
            Self::ZBox => "v_i = x_i − l_i·1[w_ij ≥ 0] − h_i·1[w_ij < 0]",
            Self::Proportional => "v_j = x_j, root at 0",
        }
    }

    /// The rule as the command line and the JSON result spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::WSquared => "w2",
            Self::Flat => "flat",
            Self::ZPlus => "z+",
            Self::ZBox => "zB",
            Self::Proportional => "proportional",
        }
    }

    /// What else people call it, each in lower case and with `-` where words are apart.
    pub fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::WSquared => &["w²", "w^2", "wsquare", "w-square", "wsquared", "w-squared"],
            Self::Flat => &["wflat", "w-flat"],
            Self::ZPlus => &["z⁺", "z^+", "zplus", "z-plus"],
            Self::ZBox => &["zᴮ", "z^b", "zbox", "z-box", "z-b", "zbounds"],
            Self::Proportional => &[],
        }
    }

    /// The rule that is spelt so, pools' own among them.
    pub fn known(name: &str) -> Option<Self> {
        let all = Self::ALL.into_iter().chain([Self::Proportional]);
        all.into_iter().find(|rule| rule.name() == name)
    }

    /// "did you mean" with the spelling of a rule that is nearest to a word that is none, where one is near.
    pub fn did_you_mean(word: &str) -> Option<String> {
        let spellings = Self::ALL
            .into_iter()
            .flat_map(|rule| std::iter::once(rule.name()).chain(rule.spellings().iter().copied()));
        Some(did_you_mean(word, spellings)).filter(|near| near.starts_with("did you mean"))
    }

    /// The rule in the letters of the paper.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::WSquared => "w²",
            Self::Flat => "flat",
            Self::ZPlus => "z⁺",
            Self::ZBox => "zᴮ",
            Self::Proportional => "proportional",
        }
    }

    /// The formula of the rule, in the letters of the paper; `signed` says whether the inputs may be negative.
    pub fn formula(self, signed: bool) -> &'static str {
        match self {
            Self::WSquared => "R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j",
            Self::Flat => "R_i = Σ_j 1 / Σ_i' 1 · R_j",
            Self::ZPlus if signed => "R_i = Σ_j max(0, x_i w_ij) / Σ_i' max(0, x_i' w_i'j) · R_j",
            Self::ZPlus => "R_i = Σ_j x_i w_ij⁺ / Σ_i' x_i' w_i'j⁺ · R_j",
            Self::ZBox => "R_i = Σ_j z_ij / Σ_i' z_i'j · R_j, z_ij = x_i w_ij−l_i w_ij⁺−h_i w_ij⁻",
            Self::Proportional => "R_j = x_j / Σ_j' x_j' · R_k",
        }
    }

    /// Where units that carry relevance find no input to hand it to, in words.
    pub fn loses_where(self) -> &'static str {
        match self {
            Self::WSquared => "all its weights are 0",
            Self::Flat => "it has no inputs",
            Self::ZPlus => "no input supports it (every x_i·w_ij ≤ 0)",
            Self::ZBox => {
                "every input stands at the bound that leaves it no share, or all its weights are 0"
            }
            Self::Proportional => {
                "the values it pools cancel to 0, so that no proportion is defined"
            }
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Rule {
    type Err = String;

    /// Any case, and `_` for `-`.
    fn from_str(text: &str) -> Result<Self, String> {
        let spelt = text.to_lowercase().replace('_', "-");
        let is_called = |rule: &Self| {
            rule.name().to_lowercase() == spelt
                || (rule.spellings().iter()).any(|other| other.to_lowercase() == spelt)
        };
        Self::ALL.into_iter().find(is_called).ok_or_else(|| {
            let near =
                Self::did_you_mean(&spelt).map_or_else(String::new, |near| format!("; {near}"));
            format!(
                "unknown rule `{text}`: the rules are {}{near}",
                Self::ALL.map(Self::name).join(", ")
            )
        })
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
            assert_eq!(rule.name().parse(), Ok(rule));
        }
    }

    #[test]
    fn an_unknown_rule_is_told_with_the_known_and_the_nearest() {
        let unknown = "zplu".parse::<Rule>().expect_err("no rule");
        assert_eq!(
            unknown,
            "unknown rule `zplu`: the rules are w2, flat, z+, zB; did you mean `zplus`?"
        );
    }
}
