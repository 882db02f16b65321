//! A result of several samples in a few numbers: where a check fails, and where there is nothing to explain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::held;
use super::{Amount, NetworkInfo, Sample};
use crate::measure::argmax;
use crate::relevance::labelled;
use crate::samples::Tag;

/// So many samples are listed by their number.
const LISTED: usize = 10;

/// So many of those that fail are kept with their figures.
const WORST: usize = 5;

/// Samples with something in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Which {
    /// How many there are.
    pub samples: usize,
    /// The numbers of the first of them; ten at the most.
    pub first: Vec<usize>,
}

/// What there is to know of samples together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary<N = f64> {
    /// How many explanations there are: one a sample, or one for each target of every sample.
    pub samples: usize,
    /// How many samples these are of, where there are several of a sample; left out where there is one of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_samples: Option<usize>,
    /// Those whose relevance is not conserved.
    pub not_conserved: Which,
    /// Those with relevance below 0.
    pub not_positive: Which,
    /// Those whose f(x) is below 0: positivity cannot hold there.
    pub value_below_0: Which,
    /// Those in which every relevance is 0: the checks hold, with nothing to check.
    pub without_relevance: Which,
    /// How the relevance of a gradient method adds up; left out where rules explain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completeness: Option<AddsUp>,
    /// Those that break a promise by most, the worst first; five at the most, and left out where none fails.
    #[serde(
        default = "Vec::<Failing<N>>::new",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub worst: Vec<Failing<N>>,
    /// How many of the classes that samples brought along the network finds; left out where they brought none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Labels>,
    /// The sample of the explanation that was counted last.
    #[serde(skip)]
    last: Option<(usize, Option<Tag>)>,
}

/// How the relevance of a gradient method adds up over samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "adds_up")]
pub struct AddsUp {
    /// Whether the method promises that it does.
    pub promised: bool,
    /// The largest `|f(x) − f(x') − Σ R|` of a sample.
    pub worst_gap: f64,
    /// Those whose relevance is not complete.
    pub not_complete: Which,
}

/// A sample that breaks what the rules, or a gradient method, promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Failing<N = f64> {
    /// Which of all samples it is.
    pub sample: usize,
    /// What it is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Its class, where it brought one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Tag>,
    /// f(x)
    pub value: N,
    /// The largest `|Σ R − f(x)|` of a cut.
    pub worst_gap: f64,
    /// The least relevance of a unit.
    pub least: N,
    /// By how much it fails: the gap where relevance is not conserved, or not complete, or how far the least is below 0;
    /// whichever is most.
    pub fails_by: f64,
}

/// The classes of samples beside the outputs of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Labels {
    /// Samples whose label is the name or the number of an output.
    pub labelled: usize,
    /// Those of them whose largest output, the first where several tie, is the one of their label.
    pub correct: usize,
    /// Those whose label is none of the outputs.
    #[serde(default)]
    pub unknown: usize,
}

/// What the network says of a sample that brought its class along.
struct Answer {
    /// The largest output, the first where several tie.
    largest: Option<usize>,
    /// The output of the label, where it is one.
    label: Option<usize>,
}

impl Which {
    fn add(&mut self, n: usize, is_one: bool) {
        if is_one {
            self.samples += 1;
            if self.first.len() < LISTED {
                self.first.push(n);
            }
        }
    }
}

impl<N: Amount> Failing<N> {
    /// A sample, where it fails.
    fn of(number: usize, sample: &Sample<N>) -> Option<Self> {
        let (conservation, positivity) = (&sample.checks.conservation, &sample.checks.positivity);
        let fails_by = sample.fails_by()?;
        Some(Self {
            sample: number,
            id: sample.id.clone(),
            label: sample.label.clone(),
            value: sample.target.value.clone(),
            worst_gap: conservation.worst_gap,
            least: positivity.least.clone(),
            fails_by: held(fails_by),
        })
    }
}

impl<N: Amount> Sample<N> {
    /// By how much it breaks what is promised: the gap where relevance is not conserved, or not complete, or how far the least is
    /// below 0; whichever is most. Nothing where it breaks nothing.
    pub(crate) fn fails_by(&self) -> Option<f64> {
        let (conservation, positivity) = (&self.checks.conservation, &self.checks.positivity);
        let breaks = |holds: bool, promised: bool| promised && !holds;
        let gap =
            breaks(conservation.holds, conservation.promised).then_some(conservation.worst_gap);
        let below =
            breaks(positivity.holds, positivity.promised).then_some(-positivity.least.decimal());
        let completeness = self.completeness.filter(|_| !self.is_complete(false));
        let missing = completeness.map(|completeness| completeness.gap);
        let fails = [gap, below, missing].into_iter().flatten();
        fails.reduce(f64::max)
    }

    /// Nothing where no label came along; one output alone is no class, and outputs that are left out do not tell which is the
    /// largest.
    fn answer(&self, network: &NetworkInfo) -> Option<Answer> {
        let label = self.label.as_ref()?.to_string();
        let outputs = network.layers.last().filter(|top| top.units > 1)?;
        let top = self.layers.last().filter(|top| !top.left_out)?;
        Some(Answer {
            largest: argmax(top.activations.iter().map(N::decimal)),
            label: labelled(&label, &outputs.names, outputs.units),
        })
    }

    /// The largest output, where the label of the sample is another.
    pub(crate) fn wrong_answer(&self, network: &NetworkInfo) -> Option<usize> {
        let answer = self.answer(network)?;
        answer
            .largest
            .filter(|&largest| Some(largest) != answer.label && answer.label.is_some())
    }
}

/// The samples under one or several rules from the one that breaks most, under any of them, on; and how many break anything. Of
/// those that break nothing, wrong answers come first; those that are alike stay in their order.
pub(crate) fn worst_first<N: Amount>(
    network: &NetworkInfo,
    by_rule: &[&[Sample<N>]],
) -> (Vec<usize>, usize) {
    let first = by_rule.first().copied().unwrap_or_default();
    let fails_by = |n: usize| {
        let each = by_rule.iter().filter_map(|samples| samples[n].fails_by());
        each.reduce(f64::max)
    };
    let fails: Vec<Option<f64>> = (0..first.len()).map(fails_by).collect();
    let ranks = fails.iter().zip(first).map(|(fails, sample)| match fails {
        Some(size) => size.abs(),
        None if sample.wrong_answer(network).is_some() => -1.0,
        None => -2.0,
    });
    let ranks: Vec<f64> = ranks.collect();
    let mut order: Vec<usize> = (0..first.len()).collect();
    order.sort_by(|&a, &b| ranks[b].total_cmp(&ranks[a]));
    (order, fails.iter().flatten().count())
}

impl<N> Default for Summary<N> {
    fn default() -> Self {
        Self {
            samples: 0,
            distinct_samples: None,
            not_conserved: Which::default(),
            not_positive: Which::default(),
            value_below_0: Which::default(),
            without_relevance: Which::default(),
            completeness: None,
            worst: Vec::new(),
            labels: None,
            last: None,
        }
    }
}

impl<N> Summary<N> {
    /// What is counted: samples, or explanations where there are several of a sample.
    pub fn noun(&self) -> &'static str {
        match self.distinct_samples {
            None => "sample",
            Some(_) => "explanation",
        }
    }
}

impl<N: Amount> Summary<N> {
    /// What there is to know of these samples.
    pub(crate) fn of(network: &NetworkInfo, samples: &[Sample<N>]) -> Self {
        let mut summary = Self::default();
        for sample in samples {
            summary.add(network, sample);
        }
        summary
    }

    /// Counts a sample in.
    pub(crate) fn add(&mut self, network: &NetworkInfo, sample: &Sample<N>) {
        let (checks, value) = (&sample.checks, sample.target.value.decimal());
        let n = sample.sample.unwrap_or(self.samples);
        // The explanations of a sample stand one behind the other.
        let this = Some((n, sample.id.clone()));
        let is_another = self.last != this;
        self.last = this;
        let distinct = self.distinct_samples.unwrap_or(self.samples) + usize::from(is_another);
        self.samples += 1;
        self.distinct_samples = (distinct < self.samples).then_some(distinct);
        self.not_conserved.add(n, !checks.conservation.holds);
        self.not_positive.add(n, !checks.positivity.holds);
        self.value_below_0.add(n, value < 0.0);
        self.without_relevance.add(n, !sample.carries_relevance());
        if let Some(found) = &sample.completeness {
            let all = self.completeness.get_or_insert_with(|| AddsUp {
                promised: found.promised,
                worst_gap: 0.0,
                not_complete: Which::default(),
            });
            all.worst_gap = all.worst_gap.max(found.gap);
            all.not_complete.add(n, !found.holds);
        }
        if let Some(failing) = Failing::of(n, sample) {
            // Of equal ones the first stay first.
            let place = (self.worst).partition_point(|worse| worse.fails_by >= failing.fails_by);
            self.worst.insert(place, failing);
            self.worst.truncate(WORST);
        }
        if let Some(answer) = sample.answer(network).filter(|_| is_another) {
            let labels = self.labels.get_or_insert_default();
            match answer.label {
                Some(output) => {
                    labels.labelled += 1;
                    labels.correct += usize::from(answer.largest == Some(output));
                }
                None => labels.unknown += 1,
            }
        }
    }

    /// Every count with its key.
    pub(crate) fn counts(&self) -> [(&'static str, usize); 9] {
        let labels = self.labels.unwrap_or_default();
        let not_complete = self.completeness.as_ref().map(|it| it.not_complete.samples);
        [
            ("samples", self.samples),
            ("not_conserved.samples", self.not_conserved.samples),
            ("not_positive.samples", self.not_positive.samples),
            ("value_below_0.samples", self.value_below_0.samples),
            ("without_relevance.samples", self.without_relevance.samples),
            (
                "completeness.not_complete.samples",
                not_complete.unwrap_or(0),
            ),
            ("labels.labelled", labels.labelled),
            ("labels.correct", labels.correct),
            ("labels.unknown", labels.unknown),
        ]
    }

    /// Whether the checks hold because there is nothing to check.
    pub(crate) fn is_trivial(&self) -> bool {
        self.samples > 0 && self.without_relevance.samples == self.samples
    }
}
