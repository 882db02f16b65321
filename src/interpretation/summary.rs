//! What there is to say of samples together.

use super::numbers::percent;
use crate::relevance::audit::Checks;
use crate::result::{Amount, Labels, Summary, Which};
use crate::words::{agree, count, listed, part};

impl Which {
    /// `3 of 20 samples (4, 7 and 19)`, or `3 of 40 explanations (of samples 4 and 7)`; nothing where there is none.
    fn in_words<N>(&self, summary: &Summary<N>) -> Option<String> {
        // Several explanations of a sample name it once.
        let mut first = self.first.clone();
        first.dedup();
        let more = usize::from(self.first.len() < self.samples);
        let numbers: Vec<String> = first.iter().map(ToString::to_string).collect();
        let named = numbers.len();
        let numbers = listed(numbers, named + more);
        let of = match summary.distinct_samples {
            None => "",
            Some(_) => agree(named + more, "of sample ", "of samples "),
        };
        let found = || part(self.samples, summary.samples, summary.noun());
        (self.samples > 0).then(|| format!("{} ({of}{numbers})", found()))
    }
}

impl Labels {
    /// How many are the largest output, where any is an output at all: `50 %: the label is the largest output in 2 of 4 samples`.
    pub(crate) fn accuracy(self) -> Option<String> {
        let right = part(self.correct, self.labelled, "sample");
        let share = percent(self.correct as f64 / self.labelled as f64);
        let unknown = match self.unknown {
            0 => String::new(),
            n => format!("; the label of {} is no output", count(n, "other")),
        };
        let words = || format!("{share}: the label is the largest output in {right}{unknown}");
        (self.labelled > 0).then(words)
    }
}

impl<N: Amount> Summary<N> {
    /// Sentences about the samples together.
    pub(crate) fn in_words(&self, checks: &Checks<N>) -> Vec<String> {
        let of = |which: &Which| which.in_words(self);
        let fails = |property: &str, which: &Which, promised: bool| {
            of(which).map(|which| {
                if promised {
                    format!("{property} fails for {which}.")
                } else {
                    format!("{property} does not hold for {which}, where it is not promised.")
                }
            })
        };
        if let Some(completeness) = &self.completeness {
            let promised = completeness.promised;
            let fails = fails("Completeness", &completeness.not_complete, promised);
            return fails.into_iter().collect();
        }
        let (conservation, positivity) = (&checks.conservation, &checks.positivity);
        [
            fails("Conservation", &self.not_conserved, conservation.promised),
            fails("Positivity", &self.not_positive, positivity.promised),
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
