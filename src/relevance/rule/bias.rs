//! Whether biases count in the denominators of a rule.

use super::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::spelling::{Named, Spelling};

/// Whether biases count in the denominators of the rules that were published with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum RuleBias {
    /// No bias is in any denominator.
    #[default]
    Drop,
    /// The bias of a unit counts as one more input of value 1, whose share goes nowhere: the biases absorb it.
    Keep,
}

impl RuleBias {
    /// Whether it is what is taken where nothing is said.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks for a reference to the field"
    )]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the bias of a unit is in the denominators of a rule.
    pub fn is_in_denominators(self, rule: Rule) -> bool {
        self == Self::Keep && rule.about().bias.is_some()
    }
}

impl Named for RuleBias {
    const KIND: &'static str = "rule bias";

    fn all() -> Vec<Self> {
        vec![Self::Drop, Self::Keep]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Drop => Spelling::plain("drop", "No bias is in any denominator"),
            Self::Keep => Spelling::plain(
                "keep",
                "The bias is in the denominators of z+, z, epsilon, gamma and alpha-beta, as they were published; what it absorbs is reported",
            ),
        }
    }
}
