//! What takes part in an evaluation, and what is left out.

use deeptaylor::evaluate::Candidate;
use deeptaylor::relevance::{Method, Plan, Preset, RuleBias};
use deeptaylor::result::LeftOutRule;
use deeptaylor::spelling::Named;
use deeptaylor::{Error, Network, Rule};

use super::super::plan::{self, Given};
use super::super::request::{USUAL, rules_once};
use super::super::ruled::rules_only;
use super::super::{Failure, failure};
use super::EvaluateArgs;

/// What takes part.
#[derive(Default)]
pub struct Contest {
    pub candidates: Vec<Candidate>,
    pub left_out: Vec<LeftOutRule>,
    /// Whether it was asked for.
    pub asked: bool,
    /// The names of rules that take part, and what they are on this network.
    known: Vec<(String, OnNetwork)>,
}

/// The rule of every layer, and whether biases count.
type OnNetwork = (Vec<Rule>, RuleBias);

impl EvaluateArgs {
    /// The rules and gradient methods that are asked for; where none is, all rules that are defined for the network.
    pub fn contest(&self, network: &Network) -> Result<Contest, Failure> {
        let methods = rules_once(&self.rule);
        for option in self.plan.of_rules() {
            rules_only(option, &methods)?;
        }
        if methods.is_empty() && self.plan.files().next().is_none() {
            return self.all_rules(network);
        }
        let mut contest = Contest {
            asked: true,
            ..Contest::default()
        };
        let presets = methods.iter().filter_map(|method| method.rules().ok());
        let given = self.plan.policies(presets.collect())?;
        let plans = plan::resolved(&given, network)?.into_iter();
        let mut ruled = given.iter().zip(plans.map(|resolved| resolved.plan));
        for method in methods {
            match method {
                Method::Gradient(gradient) => contest.candidates.push(gradient.into()),
                Method::Rules(_) => {
                    if let Some((given, plan)) = ruled.next() {
                        contest.add(given, &plan);
                    }
                }
            }
        }
        ruled.for_each(|(given, plan)| contest.add(given, &plan));
        for rule in &contest.left_out {
            failure::note(&format!("{}: {}; it is left out", rule.rule, rule.why));
        }
        Ok(contest)
    }

    fn all_rules(&self, network: &Network) -> Result<Contest, Failure> {
        // What no rule can have on top of it is said of none of them.
        let usual = self.plan.policies(vec![USUAL])?;
        plan::resolved(&usual, network)?;
        let mut contest = Contest::default();
        for given in self.plan.policies(Preset::all())? {
            match given.policy.plan(network) {
                Ok(plan) => contest.add(&given, &plan),
                Err(error) => contest.left_out.push(without(&given.name(), &error)),
            }
        }
        Ok(contest)
    }
}

impl Contest {
    /// Adds a rule, or leaves it out where it is another one on this network.
    fn add(&mut self, given: &Given, plan: &Plan) {
        let levels = 1..=plan.network().top();
        let rules = levels.map(|level| plan.rule(level)).collect();
        let on_network = (rules, given.policy.rule_bias());
        let mut known = self.known.iter();
        if let Some((same, _)) = known.find(|(_, other)| *other == on_network) {
            self.left_out.push(LeftOutRule {
                rule: given.name(),
                why: format!("on this network it is {same}"),
                same_as: Some(same.clone()),
            });
        } else {
            self.known.push((given.name(), on_network));
            let candidate = Candidate::from(given.policy.clone());
            self.candidates.push(candidate.named(given.name()));
        }
    }
}

/// A rule that is left out, and why.
pub fn without(rule: &str, error: &Error) -> LeftOutRule {
    let said = error.to_string();
    // What helps is for those who ask for the rule.
    let why = said.split("\n  help:").next().unwrap_or_default();
    LeftOutRule {
        rule: rule.to_owned(),
        why: why.to_owned(),
        same_as: None,
    }
}
