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
    /// How the relevance of each gradient method adds up, in the mean over the samples; left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completeness: Vec<MeanCompleteness>,
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
    /// How many explanations there are.
    pub samples: usize,
    /// In how many of them relevance is conserved, and in how many it is not though that is promised.
    pub conservation: Kept,
    /// The same of positivity.
    pub positivity: Kept,
    /// f(x)
    pub value: f64,
    /// `Σ R` of the input.
    pub input: f64,
    /// What was lost; null where a sample does not say it, as with the three figures below.
    pub lost: Option<f64>,
    /// What biases in denominators kept.
    pub absorbed_by_bias: Option<f64>,
    /// What ε in denominators kept.
    pub absorbed_by_epsilon: Option<f64>,
    /// What is missing from the sum of these: what rounding made.
    pub gap: Option<f64>,
}

/// How the relevance of a gradient method adds up, in the mean over the samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "mean_completeness")]
pub struct MeanCompleteness {
    /// The method.
    pub rule: String,
    /// How many explanations there are.
    pub samples: usize,
    /// In how many of them relevance is complete, and in how many it is not though that is promised.
    pub completeness: Kept,
    /// f(x)
    pub value: f64,
    /// f(x'), of the same output at the baseline.
    pub baseline: f64,
    /// `Σ R` of the input.
    pub sum: f64,
    /// `|value − baseline − sum|`
    pub gap: f64,
}

/// In how many explanations a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "kept")]
pub struct Kept {
    /// In so many.
    pub holds: usize,
    /// In how many it is promised and does not hold.
    pub broken: usize,
}

impl Kept {
    fn count(&mut self, holds: bool, promised: bool) {
        self.holds += usize::from(holds);
        self.broken += usize::from(promised && !holds);
    }
}

impl MeanBalance {
    fn new(rule: &str) -> Self {
        let none = Some(0.0);
        Self {
            rule: rule.to_owned(),
            samples: 0,
            conservation: Kept::default(),
            positivity: Kept::default(),
            value: 0.0,
            input: 0.0,
            lost: none,
            absorbed_by_bias: none,
            absorbed_by_epsilon: none,
            gap: none,
        }
    }

    fn count<N: Amount>(&mut self, sample: &Sample<N>) {
        let counted = self.samples;
        let add = |mean: f64, value: f64| mean_with(mean, counted, value);
        let balance = sample.balance.as_ref().map(|it| it.map(N::decimal));
        self.value = add(self.value, sample.target.value.decimal());
        self.input = add(self.input, sample.layers[0].sum().decimal());
        let part = |mean: Option<f64>, part: Option<f64>| Some(add(mean?, part?));
        self.lost = part(self.lost, balance.map(|it| it.lost));
        self.absorbed_by_bias = part(self.absorbed_by_bias, balance.map(|it| it.absorbed_by_bias));
        let by_epsilon = balance.map(|it| it.absorbed_by_epsilon);
        self.absorbed_by_epsilon = part(self.absorbed_by_epsilon, by_epsilon);
        self.gap = part(self.gap, balance.map(|it| it.gap));
        let (conservation, positivity) = (sample.checks.conservation, &sample.checks.positivity);
        (self.conservation).count(conservation.holds, conservation.promised);
        self.positivity.count(positivity.holds, positivity.promised);
        self.samples += 1;
    }
}

impl MeanCompleteness {
    fn new(rule: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            samples: 0,
            completeness: Kept::default(),
            value: 0.0,
            baseline: 0.0,
            sum: 0.0,
            gap: 0.0,
        }
    }

    fn count<N>(&mut self, sample: &Sample<N>) {
        let Some(found) = &sample.completeness else {
            return;
        };
        let add = |mean: f64, value: f64| mean_with(mean, self.samples, value);
        let (value, baseline) = (
            add(self.value, found.value),
            add(self.baseline, found.baseline),
        );
        let (sum, gap) = (add(self.sum, found.sum), add(self.gap, found.gap));
        (self.value, self.baseline, self.sum, self.gap) = (value, baseline, sum, gap);
        self.completeness.count(found.holds, found.promised);
        self.samples += 1;
    }
}

impl<N: Amount> Explanations<N> {
    /// Of explanations without samples yet, which say their rules.
    pub fn new(frames: Vec<Explanation<N>>) -> Self {
        let rules: Vec<&str> = frames.iter().map(Explanation::rule_name).collect();
        let of_kind = |by_gradient: bool| {
            let of = move |frame: &&Explanation<N>| frame.is_by_gradient() == by_gradient;
            frames.iter().filter(of).map(Explanation::rule_name)
        };
        Self {
            kind: Kind::Explanations,
            made_by: frames.first().and_then(|frame| frame.made_by.clone()),
            exact: N::EXACT,
            balance: of_kind(false).map(MeanBalance::new).collect(),
            completeness: of_kind(true).map(MeanCompleteness::new).collect(),
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
        let (mut balance, mut completeness) =
            (self.balance.iter_mut(), self.completeness.iter_mut());
        for (explanation, sample) in self.explanations.iter().zip(by_rule) {
            if explanation.is_by_gradient() {
                completeness
                    .next()
                    .into_iter()
                    .for_each(|row| row.count(sample));
            } else {
                balance.next().into_iter().for_each(|row| row.count(sample));
            }
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
        self.explanations[0].summary.samples
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
