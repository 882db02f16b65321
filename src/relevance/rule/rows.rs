//! All that is known of each rule but its terms: a row each.

use super::{About, Inputs, Promises, Rule};
use crate::relevance::cause::Cause;
use crate::spelling::Spelling;

/// What most rules share.
const USUAL: About = About {
    spelling: Spelling::plain("", ""),
    symbol: "",
    formula: ["", ""],
    direction: ["", ""],
    expansion: true,
    inputs: Inputs::Any,
    promises: Promises::ALL,
    fixed: None,
    bias: None,
    loses: (Cause::NoWeights, "all its weights are 0"),
    elsewhere: None,
    of_addition: None,
    does: "follows a rule",
};

impl Rule {
    /// All that is known of the rule but its [fractions](Rule::fractions) and [directions](Rule::direction).
    #[expect(clippy::too_many_lines, reason = "a row a rule")]
    pub fn about(self) -> About {
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
                bias: Some("b_j⁺"),
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
            Self::Z => About {
                spelling: Spelling {
                    aliases: &["lrp-0", "lrp0", "lrp-z", "z-rule"],
                    ..Spelling::plain(
                        "z",
                        "LRP-0: by contributions x_i·w_ij of either sign; nothing keeps a small sum from making large relevance",
                    )
                },
                symbol: "z",
                formula: ["R_i = Σ_j x_i w_ij / Σ_i' x_i' w_i'j · R_j"; 2],
                direction: ["v_i = x_i"; 2],
                promises: Promises {
                    conservation: true,
                    positivity: false,
                },
                bias: Some("b_j"),
                loses: (Cause::Cancels, "every x_i·w_ij is 0"),
                ..USUAL
            },
            Self::Epsilon(_) => About {
                spelling: Spelling {
                    aliases: &["ε", "eps", "lrp-epsilon", "lrp-eps", "lrp-ε"],
                    parameters: &[("e", 1e-6)],
                    ..Spelling::plain(
                        "epsilon",
                        "LRP-ε: as z, with e > 0 added to the size of every denominator; what e absorbs is reported",
                    )
                },
                symbol: "ε",
                formula: ["R_i = Σ_j x_i w_ij / (Σ_i' x_i' w_i'j ± ε) · R_j"; 2],
                direction: ["none: ε is in the denominator"; 2],
                expansion: false,
                promises: Promises {
                    conservation: false,
                    positivity: false,
                },
                bias: Some("b_j"),
                loses: (Cause::Cancels, "every x_i·w_ij is 0"),
                ..USUAL
            },
            Self::Gamma(_) => About {
                spelling: Spelling {
                    aliases: &["γ", "lrp-gamma", "lrp-γ"],
                    parameters: &[("g", 0.25)],
                    ..Spelling::plain(
                        "gamma",
                        "LRP-γ: as z, with g ≥ 0 times more weight on the contributions of the sign of z_j",
                    )
                },
                symbol: "γ",
                formula: [
                    "R_i = Σ_j q_ij / Σ_i' q_i'j · R_j, q_ij = x_i·(w_ij + γ·w_ij⁺)",
                    "R_i = Σ_j q_ij / Σ_i' q_i'j · R_j, q_ij = x_i w_ij + γ·max(0, x_i w_ij), min where z_j < 0",
                ],
                direction: [
                    "v_i = x_i·(1 + γ·1[w_ij > 0])",
                    "v_i = x_i·(1 + γ·1[x_i w_ij > 0]), < where z_j < 0",
                ],
                promises: Promises {
                    conservation: true,
                    positivity: false,
                },
                bias: Some("b_j + γ·b_j⁺ (b_j⁻ where z_j < 0)"),
                loses: (Cause::Cancels, "every x_i·w_ij is 0"),
                ..USUAL
            },
            Self::AlphaBeta([_, beta]) => About {
                spelling: Spelling {
                    aliases: &["αβ", "alphabeta", "ab", "lrp-alpha-beta", "lrp-αβ"],
                    parameters: &[("a", 2.0), ("b", 1.0)],
                    ..Spelling::plain(
                        "alpha-beta",
                        "LRP-αβ: a times the shares of what supports a unit minus b times those of what opposes it, a − b = 1",
                    )
                },
                symbol: "αβ",
                formula: [
                    "R_i = Σ_j (α·x_i w_ij⁺ / Σ_i' x_i' w_i'j⁺ − β·x_i w_ij⁻ / Σ_i' x_i' w_i'j⁻) · R_j",
                    "R_i = Σ_j (α·q_ij⁺ / Σ_i' q_i'j⁺ − β·q_ij⁻ / Σ_i' q_i'j⁻) · R_j, q_ij = x_i w_ij",
                ],
                // With β = 0 it is z⁺.
                direction: if beta == 0.0 {
                    ["v_i = x_i·1[w_ij ≥ 0]", "v_i = x_i·1[x_i w_ij ≥ 0]"]
                } else {
                    ["none: it is a difference of two shares"; 2]
                },
                expansion: beta == 0.0,
                promises: Promises {
                    conservation: true,
                    positivity: beta == 0.0,
                },
                bias: Some("b_j⁺ and b_j⁻"),
                loses: (
                    Cause::NoSupport,
                    "no input supports it (every x_i·w_ij ≤ 0)",
                ),
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
}
