//! A result of several samples in a few numbers: where a check fails, and where there is nothing to explain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sample;
use crate::relevance::Checks;
use crate::words::{listed, part};

/// So many samples are listed by their number.
const LISTED: usize = 10;

/// Samples with something in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Which {
    /// How many there are.
    pub samples: usize,
    /// The first of them, counted from 0; ten at the most.
    pub first: Vec<usize>,
}

/// What there is to know of samples together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// How many samples there are.
    pub samples: usize,
    /// Those whose relevance is not conserved.
    pub not_conserved: Which,
    /// Those with relevance below 0.
    pub not_positive: Which,
    /// Those whose f(x) is below 0: positivity cannot hold there.
    pub value_below_0: Which,
    /// Those in which every relevance is 0: the checks hold, with nothing to check.
    pub without_relevance: Which,
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

    /// `3 of 20 samples (4, 7 and 19)`; nothing where there is none.
    fn in_words(&self, all: usize) -> Option<String> {
        let numbers = self.first.iter().map(ToString::to_string).collect();
        let numbers = listed(numbers, self.samples);
        (self.samples > 0).then(|| format!("{} ({numbers})", part(self.samples, all, "sample")))
    }
}

impl Summary {
    /// What there is to know of these samples.
    pub(super) fn of(samples: &[Sample]) -> Self {
        let mut summary = Self::default();
        for sample in samples {
            summary.add(
                sample.checks,
                sample.target.value,
                sample.carries_relevance(),
            );
        }
        summary
    }

    /// Counts a sample in: its checks, its f(x), and whether any unit of it carries relevance.
    pub(super) fn add(&mut self, checks: Checks, value: f64, carries: bool) {
        let n = self.samples;
        self.samples += 1;
        self.not_conserved.add(n, !checks.conservation.holds);
        self.not_positive.add(n, !checks.positivity.holds);
        self.value_below_0.add(n, value < 0.0);
        self.without_relevance.add(n, !carries);
    }

    /// Whether the checks hold because there is nothing to check.
    pub(super) fn is_trivial(&self) -> bool {
        self.samples > 0 && self.without_relevance.samples == self.samples
    }

    /// Sentences about the samples together.
    pub(super) fn in_words(&self) -> Vec<String> {
        let of = |which: &Which| which.in_words(self.samples);
        [
            of(&self.not_conserved).map(|which| format!("Conservation fails for {which}.")),
            of(&self.not_positive).map(|which| format!("Positivity fails for {which}.")),
            of(&self.value_below_0).map(|which| {
                format!("f(x) is below 0, where positivity cannot hold, for {which}.")
            }),
            of(&self.without_relevance)
                .map(|which| format!("f(x) = 0, and nothing is explained, for {which}.")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
