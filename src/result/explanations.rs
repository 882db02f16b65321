//! The result of `deeptaylor explain` under several rules: an explanation a rule, where f(x) went under each, and how they
//! agree.

use std::ops::Not;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::mean_with;
use super::{Amount, Explanation, Kind, Origin, RuleAgreement, Sample, SampleAgreement};

/// Explanations of the same samples under several rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "explanations", bound = "N: JsonSchema + Amount")]
pub struct Explanations<N = f64> {
    /// Always `explanations`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// True where numbers are fractions; left out where they are not.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub exact: bool,
    /// One a rule, in the order in which these were asked for: what `explain` prints under that rule alone.
    pub explanations: Vec<Explanation<N>>,
    /// Where f(x) went under each rule, in the mean over the samples.
    pub balance: Vec<MeanBalance>,
    /// How the rules agree on the relevance of the inputs.
    pub agreement: RuleAgreement,
    /// What these numbers say of all samples, in plain language.
    pub interpretation: Vec<String>,
}

/// Where f(x) went under one rule, in the mean over the samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "mean_balance")]
pub struct MeanBalance {
    /// The rule.
    pub rule: String,
    /// How many samples there are.
    pub samples: usize,
    /// In how many of them relevance is conserved.
    pub conserved: usize,
    /// In how many of them it is positive.
    pub positive: usize,
    /// f(x)
    pub value: f64,
    /// `Σ R` of the input.
    pub input: f64,
    /// What was lost; null where a sample does not say it, as with the two figures below.
    pub lost: Option<f64>,
    /// What biases in denominators kept.
    pub absorbed_by_bias: Option<f64>,
    /// What ε in denominators kept.
    pub absorbed_by_epsilon: Option<f64>,
}

impl MeanBalance {
    fn new(rule: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            samples: 0,
            conserved: 0,
            positive: 0,
            value: 0.0,
            input: 0.0,
            lost: Some(0.0),
            absorbed_by_bias: Some(0.0),
            absorbed_by_epsilon: Some(0.0),
        }
    }

    fn count<N: Amount>(&mut self, sample: &Sample<N>) {
        let counted = self.samples;
        let add = |mean: f64, value: &N| mean_with(mean, counted, value.decimal());
        let balance = sample.balance.as_ref();
        self.value = add(self.value, &sample.target.value);
        self.input = add(self.input, &sample.layers[0].sum());
        let part = |mean: Option<f64>, part: Option<&N>| Some(add(mean?, part?));
        self.lost = part(self.lost, balance.map(|balance| &balance.lost));
        let bias = balance.map(|balance| &balance.absorbed_by_bias);
        self.absorbed_by_bias = part(self.absorbed_by_bias, bias);
        let epsilon = balance.map(|balance| &balance.absorbed_by_epsilon);
        self.absorbed_by_epsilon = part(self.absorbed_by_epsilon, epsilon);
        self.samples += 1;
        self.conserved += usize::from(sample.checks.conservation.holds);
        self.positive += usize::from(sample.checks.positivity.holds);
    }
}

impl<N: Amount> Explanations<N> {
    /// Of explanations without samples yet, which say their rules.
    pub fn new(frames: Vec<Explanation<N>>) -> Self {
        let rules: Vec<&str> = frames.iter().map(Explanation::rule_name).collect();
        Self {
            kind: Kind::Explanations,
            made_by: frames.first().and_then(|frame| frame.made_by.clone()),
            exact: N::EXACT,
            balance: rules.iter().map(|rule| MeanBalance::new(rule)).collect(),
            agreement: RuleAgreement::new(&rules),
            explanations: frames,
            interpretation: Vec::new(),
        }
    }

    /// Of whole explanations of the same samples, without words.
    pub(crate) fn of(explanations: Vec<Explanation<N>>) -> Self {
        let emptied = explanations.into_iter().map(Explanation::emptied);
        let (frames, samples): (Vec<_>, Vec<_>) = emptied.unzip();
        let mut all = Self::new(frames);
        let mut by_rule: Vec<_> = samples.into_iter().map(Vec::into_iter).collect();
        loop {
            let each: Vec<Sample<N>> = by_rule.iter_mut().filter_map(Iterator::next).collect();
            if each.len() < by_rule.len() || each.is_empty() {
                return all;
            }
            let agreement = all.count(&each);
            all.keep(each, agreement);
        }
    }

    /// Counts a sample in, explained under every rule, without keeping it; gives how the rules agree on it, without words.
    pub(crate) fn count(&mut self, by_rule: &[Sample<N>]) -> SampleAgreement {
        let n = self.samples();
        for (explanation, sample) in self.explanations.iter_mut().zip(by_rule) {
            explanation.count(sample);
        }
        for (balance, sample) in self.balance.iter_mut().zip(by_rule) {
            balance.count(sample);
        }
        self.agreement.count(n, by_rule)
    }

    /// Keeps a sample that was counted in.
    pub(crate) fn keep(&mut self, by_rule: Vec<Sample<N>>, agreement: SampleAgreement) {
        self.agreement.samples.push(agreement);
        for (explanation, sample) in self.explanations.iter_mut().zip(by_rule) {
            explanation.samples.push(sample);
        }
    }

    /// How many samples were counted in.
    pub fn samples(&self) -> usize {
        self.balance.first().map_or(0, |balance| balance.samples)
    }

    /// What is counted: samples, or explanations where there are several of a sample.
    pub(crate) fn noun(&self) -> &'static str {
        self.explanations[0].summary.noun()
    }

    /// The rules, in their order.
    pub fn rules(&self) -> Vec<&str> {
        let rules = self.explanations.iter();
        rules.map(Explanation::rule_name).collect()
    }

    /// Whether what the rules promise holds under every one of them, or, to be strict, both properties.
    pub fn passes(&self, strict: bool) -> bool {
        self.explanations.iter().all(|one| one.passes(strict))
    }
}
