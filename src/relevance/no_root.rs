//! Why a unit that carries relevance has no root, and so no expansion.

use super::rule::Rule;

/// Why a unit that carries relevance has no expansion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoot {
    /// It did not fire: no constant c_j makes `c_j·x_j` what it carries.
    Silent,
    /// A unit of `relu6` stands above 6: its value changes in no direction.
    Saturated,
    /// The pre-activation does not change along the search direction.
    NoDirection,
    /// Flat gives a share to an input whose weight is 0, which no first-order term can.
    NoFlatDirection,
    /// Its bias is in the denominator of its shares, which no first-order terms have.
    KeptBias,
    /// The shares of the rule are those of no single expansion.
    NoExpansion,
    /// A value on the way leaves the range of f64.
    Overflow,
}

impl NoRoot {
    /// Why a rule has no search direction for a unit.
    pub(crate) fn without_direction(rule: Rule) -> Self {
        match rule.about().fixed {
            Some(_) => Self::NoFlatDirection,
            None => Self::NoExpansion,
        }
    }

    /// The reason in words.
    pub fn cause(self) -> &'static str {
        match self {
            Self::Silent => "it did not fire, so no c_j gives R_j = c_j·x_j",
            Self::Saturated => "it stands above 6, where relu6 does not change",
            Self::NoDirection => "its pre-activation does not change along the search direction",
            Self::NoFlatDirection => {
                "flat gives a share to an input of weight 0, which no first-order term can"
            }
            Self::KeptBias => {
                "its bias is in the denominator, so that its shares are the terms of no expansion"
            }
            Self::NoExpansion => "the shares of its rule are the terms of no Taylor expansion",
            Self::Overflow => "its root lies beyond the range of f64",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NoRoot;
    use crate::relevance::Rule;

    #[test]
    fn every_unit_without_a_root_is_told_why() {
        for (no_root, said) in [
            (NoRoot::Silent, "it did not fire"),
            (NoRoot::Saturated, "above 6"),
            (NoRoot::NoDirection, "along the search direction"),
            (NoRoot::NoFlatDirection, "an input of weight 0"),
            (NoRoot::KeptBias, "its bias is in the denominator"),
            (NoRoot::NoExpansion, "no Taylor expansion"),
            (NoRoot::Overflow, "beyond the range of f64"),
        ] {
            assert!(no_root.cause().contains(said), "{no_root:?}");
        }
    }

    #[test]
    fn flat_alone_lacks_a_direction_for_the_weights_that_it_meets() {
        for (rule, expected) in [
            (Rule::Flat, NoRoot::NoFlatDirection),
            (Rule::Epsilon(0.1), NoRoot::NoExpansion),
            (Rule::AlphaBeta([2.0, 1.0]), NoRoot::NoExpansion),
        ] {
            assert_eq!(NoRoot::without_direction(rule), expected, "{rule}");
        }
    }
}
