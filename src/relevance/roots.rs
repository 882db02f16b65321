//! How the roots of a level lie, under the rule in use and under each other that the level can have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Plan, Rule, expansion::NoRoot};
use crate::network::Domain;

/// The roots of one level under one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRoots {
    /// The rule.
    pub rule: Rule,
    /// Units that would have a root.
    pub roots: usize,
    /// Roots with a coordinate outside of the domain of its level.
    pub outside_domain: usize,
}

/// Expands the units of a level that carry relevance and hands each to `see`; counts their roots under each rule.
///
/// `x` holds the values that every branch of its layer reads, `expand` expands a unit under a rule in whatever arithmetic, and `outside` is
/// the number of coordinates of a root that lie outside of their domain.
pub fn expand_level<'n, E>(
    plan: &Plan<'n>,
    level: usize,
    x: &[&[f64]],
    carrying: &[usize],
    expand: impl Fn(usize, Rule, &Domain) -> Result<E, NoRoot>,
    outside: fn(&E) -> usize,
    mut see: impl FnMut(usize, Result<E, NoRoot>),
) -> Vec<RuleRoots> {
    for &unit in carrying {
        see(unit, expand(unit, plan.rule(level), plan.domain(level)));
    }
    let rules = rules_of(plan, level, x).into_iter();
    let counted = rules.map(|(rule, plan): (Rule, Plan<'n>)| {
        let found = carrying
            .iter()
            .map(|&unit| expand(unit, rule, plan.domain(level)));
        let outside: Vec<usize> = found.flatten().map(|found| outside(&found)).collect();
        RuleRoots {
            rule,
            roots: outside.len(),
            outside_domain: outside.iter().filter(|&&outside| outside > 0).count(),
        }
    });
    counted.collect()
}

/// The rules that a level could have for these values that its layer reads, each with a plan that has it; one that a kind of
/// layer brings along is the only one.
fn rules_of<'n>(plan: &Plan<'n>, layer: usize, x: &[&[f64]]) -> Vec<(Rule, Plan<'n>)> {
    if plan.rule(layer).is_of_a_kind() {
        return vec![(plan.rule(layer), plan.clone())];
    }
    let defined = |rule: Rule| {
        let plan = plan.clone().with(layer, rule).ok()?;
        let inside = |(i, &x): (usize, &f64)| {
            let [low, high] = plan.domain(layer).at(i);
            low <= x && x <= high
        };
        let inside = x.iter().all(|x| x.iter().enumerate().all(inside));
        inside.then_some((rule, plan))
    };
    let rules = Rule::ALL.into_iter().filter(|rule| rule.about().expansion);
    rules.filter_map(defined).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::arr2;

    use super::{RuleRoots, expand_level};
    use crate::relevance::expansion::NoRoot;
    use crate::relevance::{Plan, Rule};
    use crate::{Activation, Bounds, Input, Layer, Network};

    #[test]
    fn roots_are_counted_under_each_rule_that_the_values_allow() {
        let weights = arr2(&[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]);
        let layer = Layer::dense(weights, Vec::new(), Activation::Relu).expect("a layer");
        let input = Input {
            bounds: Some(Bounds::Same([-1.0, 1.0])),
            ..Input::flat(2)
        };
        let network = Network::new(input, vec![layer]).expect("a network");
        let plan = Plan::of(&network, Rule::Z).expect("defined");
        // So many coordinates of the root of each unit lie outside: as many as its number; under w² unit 2 has no root.
        let count = |x: [f64; 2], carrying: &[usize]| {
            let mut seen = Vec::new();
            let expand = |unit: usize, rule: Rule, _: &_| match (rule, unit) {
                (Rule::WSquared, 2) => Err(NoRoot::Silent),
                _ => Ok(unit),
            };
            let see = |unit, found: Result<usize, NoRoot>| seen.push((unit, found));
            let roots = expand_level(&plan, 1, &[&x], carrying, expand, |&unit| unit, see);
            assert!(seen.into_iter().eq(carrying.iter().map(|&n| (n, Ok(n)))));
            roots
        };
        let roots = |rule, roots, outside_domain| RuleRoots {
            rule,
            roots,
            outside_domain,
        };
        let gamma = Rule::Gamma(0.25);
        let expected = [
            roots(Rule::WSquared, 2, 1),
            roots(Rule::ZPlus, 3, 2),
            roots(Rule::ZBox, 3, 2),
            roots(Rule::Z, 3, 2),
            roots(gamma, 3, 2),
        ];
        for edge in [-1.0, 0.5, 1.0] {
            assert_eq!(count([edge, 0.5], &[0, 1, 2]), expected, "{edge}");
        }
        // Outside of the box zB is not defined.
        for outside in [-1.5, 1.5] {
            let expected = [Rule::WSquared, Rule::ZPlus, Rule::Z, gamma];
            let expected = expected.map(|rule| roots(rule, 1, 0));
            assert_eq!(count([outside, 0.5], &[0]), expected, "{outside}");
        }
    }
}
