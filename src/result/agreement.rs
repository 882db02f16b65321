//! How explanations of the same samples under several rules agree, in figures: two rules by the cosine of their relevance,
//! inputs by how far apart their parts lie.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Amount, Sample};
use crate::measure::{cosine, parts_of_size, range, top};
use crate::samples::Tag;

/// So many inputs of a sample are listed: those on which the rules disagree most.
const LISTED: usize = 5;

/// How the rules agree.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "rule_agreement")]
pub struct RuleAgreement {
    /// Every two rules, over all samples.
    pub pairs: Vec<Pair>,
    /// One entry a sample, in the order of the explanations.
    pub samples: Vec<SampleAgreement>,
}

/// How two rules agree on the inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "pair")]
pub struct Pair {
    /// The two rules.
    pub rules: [String; 2],
    /// Whether they give the same relevance to every input of every sample, to the last bit.
    pub same: bool,
    /// In how many samples both have relevance: those that count below.
    pub samples: usize,
    /// The mean cosine between R of the inputs under the one and under the other, from −1 to 1; null where no sample counts.
    pub cosine: Option<f64>,
    /// The least cosine of a sample.
    pub least: Option<f64>,
    /// The first sample that has it.
    pub sample: Option<usize>,
}

/// How the rules agree on one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "sample_agreement")]
pub struct SampleAgreement {
    /// Which of all samples it is.
    pub sample: Option<usize>,
    /// What it is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// What was explained of it.
    pub target: String,
    /// The cosines of every two rules, in the order of the pairs; null where one of the two has no relevance.
    pub cosines: Vec<Option<f64>>,
    /// The inputs on which the rules disagree most, up to five, the most first.
    pub inputs: Vec<Apart>,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
}

/// An input that rules give different parts of relevance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "apart")]
pub struct Apart {
    /// The input, counted from 0.
    pub input: usize,
    /// `R_i / Σ|R|` under every rule, in their order; 0 where a rule has no relevance.
    pub parts: Vec<f64>,
    /// The largest part less the least.
    pub apart: f64,
}

impl Apart {
    /// The place of the rule that gives the input the largest part, and of the one that gives it the least; the first of several.
    pub(crate) fn ends(&self) -> [usize; 2] {
        let first = |is_better: fn(f64, f64) -> bool| {
            let places = 1..self.parts.len();
            places.fold(0, |best, place| {
                if is_better(self.parts[place], self.parts[best]) {
                    place
                } else {
                    best
                }
            })
        };
        [first(|a, b| a > b), first(|a, b| a < b)]
    }
}

/// Every two places of a list of so many.
pub(crate) fn pairs(number: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..number).flat_map(move |a| (a + 1..number).map(move |b| (a, b)))
}

/// `R_i / Σ|R|` of the inputs of a sample.
pub(crate) fn input_parts<N: Amount>(sample: &Sample<N>) -> Vec<f64> {
    parts_of_size(&decimals(sample))
}

fn decimals<N: Amount>(sample: &Sample<N>) -> Vec<f64> {
    let relevance = sample.layers[0].relevance.iter();
    relevance.map(N::decimal).collect()
}

impl RuleAgreement {
    /// Of these rules, without samples yet.
    pub(crate) fn new(rules: &[&str]) -> Self {
        let pair = |(a, b): (usize, usize)| Pair {
            rules: [rules[a], rules[b]].map(str::to_owned),
            same: true,
            samples: 0,
            cosine: None,
            least: None,
            sample: None,
        };
        Self {
            pairs: pairs(rules.len()).map(pair).collect(),
            samples: Vec::new(),
        }
    }

    /// Counts a sample in, explained under every rule, the `n`-th where it does not say which it is; gives how they agree on it.
    pub(crate) fn count<N: Amount>(&mut self, n: usize, by_rule: &[Sample<N>]) -> SampleAgreement {
        let relevance: Vec<Vec<f64>> = by_rule.iter().map(decimals).collect();
        let number = by_rule.first().and_then(|sample| sample.sample);
        let mut cosines = Vec::with_capacity(self.pairs.len());
        for (pair, (a, b)) in self.pairs.iter_mut().zip(pairs(by_rule.len())) {
            let cosine = cosine(&relevance[a], &relevance[b]);
            pair.same &= relevance[a] == relevance[b];
            if let Some(cosine) = cosine {
                pair.add(number.unwrap_or(n), cosine);
            }
            cosines.push(cosine);
        }
        SampleAgreement {
            sample: number,
            id: by_rule.first().and_then(|sample| sample.id.clone()),
            target: by_rule
                .first()
                .map_or_else(String::new, |sample| sample.target.called()),
            cosines,
            inputs: apart(by_rule),
            interpretation: Vec::new(),
        }
    }
}

impl Pair {
    fn add(&mut self, number: usize, cosine: f64) {
        let mean = self.cosine.unwrap_or(0.0);
        self.cosine = Some(mean_with(mean, self.samples, cosine));
        self.samples += 1;
        if self.least.is_none_or(|least| cosine < least) {
            (self.least, self.sample) = (Some(cosine), Some(number));
        }
    }
}

/// The mean of `counted` values and one more; parts are added, so that no difference leaves f64.
pub(super) fn mean_with(mean: f64, counted: usize, value: f64) -> f64 {
    let (before, all) = (counted as f64, (counted + 1) as f64);
    if mean.to_bits() == value.to_bits() {
        // Equal values are their own mean, to the last digit.
        return mean;
    }
    mean * (before / all) + value / all
}

/// The inputs on which the rules disagree most.
fn apart<N: Amount>(by_rule: &[Sample<N>]) -> Vec<Apart> {
    let parts: Vec<Vec<f64>> = by_rule.iter().map(input_parts).collect();
    let inputs = parts.first().map_or(0, Vec::len);
    let of = |input: usize| parts.iter().map(move |parts| parts[input]);
    let width = |input: usize| {
        let [least, largest] = range(of(input));
        largest - least
    };
    let mut most = top(inputs, LISTED, width);
    most.sort_by(|&a, &b| width(b).total_cmp(&width(a)));
    let listed = most.into_iter().map(|input| Apart {
        input,
        parts: of(input).collect(),
        apart: width(input),
    });
    listed.filter(|input| input.apart > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::{Apart, mean_with, pairs};

    #[test]
    fn every_two_rules_are_a_pair_once() {
        assert_eq!(pairs(3).collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 2)]);
        assert_eq!(pairs(1).count(), 0);
    }

    #[test]
    fn the_first_of_the_rules_at_an_end_is_named() {
        let apart = Apart {
            input: 0,
            parts: vec![0.25, 0.5, 0.5, -0.25, -0.25],
            apart: 0.75,
        };
        assert_eq!(apart.ends(), [1, 3]);
    }

    #[test]
    fn a_mean_grows_value_by_value_and_stays_within_f64() {
        let mean = |values: &[f64]| {
            let each = values.iter().enumerate();
            each.fold(0.0, |mean, (counted, &value)| {
                mean_with(mean, counted, value)
            })
        };
        assert!((mean(&[1.0, 2.0, 6.0]) - 3.0).abs() < 1e-15);
        assert_eq!(mean(&[0.1; 3]).to_bits(), 0.1_f64.to_bits());
        assert!(mean(&[f64::MAX, f64::MIN, f64::MAX]).is_finite());
    }
}
