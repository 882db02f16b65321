//! Rules compared with expansions: whether they agree, and how the roots of a level would lie under each rule it can have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::relevance::{Plan, Rule};

/// What is checked of expansions.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "taylor-checks")]
pub struct TaylorChecks {
    /// What an input gets by the rule, and by the expansions.
    pub agreement: Agreement,
}

/// Whether rule and expansions agree.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "agreement")]
pub struct Agreement {
    /// Whether they do, to 1e-9 of f(x): more than rounding is a fault.
    pub holds: bool,
    /// The largest difference on any level.
    pub largest_difference: f64,
}

impl Agreement {
    pub(crate) fn of(largest_difference: f64, f: f64) -> Self {
        Self {
            holds: largest_difference <= 1e-9 * f.abs().max(f64::MIN_POSITIVE),
            largest_difference,
        }
    }
}

/// The roots of one level under one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRoots {
    /// The rule.
    pub rule: Rule,
    /// Units that would have a root.
    pub roots: usize,
    /// Roots with a coordinate outside of the domain of the level below.
    pub outside_domain: usize,
}

/// The rules that a level could have for these values below, each with a plan that has it; a pool has one only.
pub(crate) fn rules_of<'n>(plan: &Plan<'n>, layer: usize, x: &[f64]) -> Vec<(Rule, Plan<'n>)> {
    if plan.rule(layer).is_of_pools() {
        return vec![(plan.rule(layer), plan.clone())];
    }
    let defined = |rule: Rule| {
        let plan = plan.clone().with(layer, rule).ok()?;
        let inside = |(i, &x): (usize, &f64)| {
            let [low, high] = plan.domain(layer).at(i);
            low <= x && x <= high
        };
        let inside = x.iter().enumerate().all(inside);
        inside.then_some((rule, plan))
    };
    let rules = Rule::ALL.into_iter().filter(|rule| rule.about().expansion);
    rules.filter_map(defined).collect()
}

impl RuleRoots {
    pub(crate) fn count(rule: Rule, outside: impl Iterator<Item = bool>) -> Self {
        let mut counted = Self {
            rule,
            roots: 0,
            outside_domain: 0,
        };
        for outside in outside {
            counted.roots += 1;
            counted.outside_domain += usize::from(outside);
        }
        counted
    }
}
