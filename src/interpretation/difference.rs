//! What a difference of two explanations says.

use super::names::{output_in_words, titled};
use super::numbers::{figure, percent, two_decimals};
use crate::measure::nearly_equal;
use crate::result::difference::{OfSample, SideFigures};
use crate::result::{Difference, SampleDifference, Side, stem};
use crate::words::{agree, count, grouped, part};

impl Difference {
    /// The same with its sentences.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        let said: Vec<Vec<String>> = self.samples.iter().map(|one| self.of_sample(one)).collect();
        for (sample, sentences) in self.samples.iter_mut().zip(said) {
            sample.interpretation = sentences;
        }
        self.interpretation = self.of_all();
        self
    }

    /// What A and B are called: by what is not the same in both.
    pub(crate) fn called(&self) -> [String; 2] {
        let sides = [&self.a, &self.b];
        let facts: Vec<[String; 2]> = [Side::network_in_words, rule_in_words, Side::step_in_words]
            .map(|fact| sides.map(fact))
            .into_iter()
            .filter(|[a, b]| a != b)
            .collect();
        if facts.is_empty() {
            let of_files = sides.map(|side| side.source.clone());
            return if of_files[0] == of_files[1] {
                ["A", "B"].map(str::to_owned)
            } else {
                of_files
            };
        }
        [0, 1].map(|side| {
            let facts = facts.iter().map(|fact| &fact[side][..]);
            let said = facts.filter(|fact| !fact.is_empty());
            said.collect::<Vec<&str>>().join(", ")
        })
    }

    fn of_sample(&self, one: &SampleDifference) -> Vec<String> {
        let mut sentences = Vec::new();
        if one.a.target != one.b.target {
            sentences.push(format!(
                "A explains {}, B {}: their relevance answers different questions.",
                output_in_words(&one.a.target),
                output_in_words(&one.b.target)
            ));
        }
        if one.largest_value_difference > 0.0 {
            sentences.push(format!(
                "The sample has other values in B: an input differs by up to {}.",
                figure(one.largest_value_difference)
            ));
        }
        if one.is_same() {
            sentences.push("A and B give every input the same relevance.".to_owned());
            return sentences;
        }
        sentences.push(sums(one));
        sentences.push(match (one.moved, one.cosine) {
            (Some(moved), Some(cosine)) => format!(
                "{} of relevance {} in B than in A; the cosine between the two is {}.",
                percent(moved),
                elsewhere([one]),
                two_decimals(cosine)
            ),
            _ => "One of the two gives every input 0, so that no cosine is defined.".to_owned(),
        });
        sentences.extend(self.most(one));
        sentences.extend(turned(one));
        sentences
    }

    /// What there is to say of all samples together.
    fn of_all(&self) -> Vec<String> {
        let all = &self.summary;
        let mut sentences = Vec::new();
        if all.same == all.samples {
            let every = match all.samples {
                1 => "the sample".to_owned(),
                samples => format!("all {} samples", grouped(samples)),
            };
            return vec![format!(
                "A and B give every input of {every} the same relevance."
            )];
        }
        if let (true, Some(moved), Some(most), Some(cosine), Some(least)) = (
            all.samples > 1,
            all.moved,
            all.most_moved,
            all.cosine,
            all.least_cosine,
        ) {
            let OfSample { sample, value } = most;
            sentences.push(format!(
                "On average {} of relevance {} in B than in A, most in sample {sample}: {}.",
                percent(moved),
                elsewhere(&self.samples),
                percent(value)
            ));
            let OfSample { sample, value } = least;
            sentences.push(format!(
                "The mean cosine between the two is {}, the least {}, of sample {sample}.",
                two_decimals(cosine),
                two_decimals(value)
            ));
        }
        let told = |one: &&SampleDifference| one.moved.is_none() && !one.is_same();
        let one_sided = self.samples.iter().filter(told).count();
        if one_sided > 0 && all.samples > 1 {
            let of = part(one_sided, all.samples, "sample");
            sentences.push(format!(
                "In {of} A or B gives every input 0: these have no cosine, and no part that moved."
            ));
        }
        if all.same > 0 {
            let same = part(all.same, all.samples, "sample");
            sentences.push(format!(
                "In {same} every input has the same relevance in both."
            ));
        }
        if all.other_targets > 0 {
            let other = part(all.other_targets, all.samples, "sample");
            sentences.push(format!("In {other} A and B explain different outputs."));
        }
        sentences
    }

    /// Which input moved most.
    fn most(&self, one: &SampleDifference) -> Option<String> {
        // The first of those that are equal but for rounding.
        let is_most = |d: &f64| nearly_equal(d.abs(), one.largest);
        let input = one.difference.iter().position(is_most)?;
        let name = self.inputs.names.get(input);
        let name = name.map_or_else(|| format!("Input {input}"), String::clone);
        Some(format!(
            "{name} moved most: its relevance goes from {} to {}.",
            figure(one.a.relevance[input]),
            figure(one.b.relevance[input])
        ))
    }
}

/// Where relevance went that moved.
fn elsewhere<'s>(samples: impl IntoIterator<Item = &'s SampleDifference>) -> &'static str {
    let told = samples.into_iter().flat_map(|one| [&one.a, &one.b]);
    let mut relevance = told.flat_map(|told| &told.relevance);
    if relevance.any(|&r| r < 0.0) {
        "lies elsewhere or has another sign"
    } else {
        "lies elsewhere"
    }
}

/// f(x) on both sides, and how much of it the inputs carry.
fn sums(one: &SampleDifference) -> String {
    let (a, b) = (&one.a, &one.b);
    let value = if nearly_equal(a.value, b.value) {
        format!("f(x) is {} in both", figure(a.value))
    } else {
        format!("f(x) goes from {} to {}", figure(a.value), figure(b.value))
    };
    let is_whole = |told: &SideFigures| nearly_equal(told.value, told.sum);
    match (is_whole(a) && is_whole(b), nearly_equal(a.sum, b.sum)) {
        (true, true) => {
            format!("{value}, and the inputs carry all of it: what one of them gains, others lose.")
        }
        (true, false) => format!(
            "{value}, and the inputs carry all of it in both: Σd = f(B) − f(A) = {}.",
            figure(one.sum)
        ),
        (false, _) => format!(
            "{value}; the inputs carry {} of it in A and {} in B, so that Σd = {}.",
            figure(a.sum),
            figure(b.sum),
            figure(one.sum)
        ),
    }
}

/// How many inputs have relevance of the other sign.
fn turned(one: &SampleDifference) -> Option<String> {
    let said = || {
        format!(
            "{} {} from positive to negative relevance, or back.",
            count(one.turned, "input"),
            agree(one.turned, "goes", "go")
        )
    };
    (one.turned > 0).then(said)
}

impl Side {
    /// The name of the network, or of its file.
    pub(crate) fn network_in_words(&self) -> String {
        let file = stem(std::path::Path::new(&self.source)).unwrap_or_default();
        titled(
            if self.network.is_empty() {
                file
            } else {
                &self.network
            },
            None,
        )
    }

    /// `step 1,000`; empty where it is of no training.
    fn step_in_words(&self) -> String {
        self.step
            .map_or_else(String::new, |step| format!("step {}", grouped(step)))
    }

    /// What explained, of what, from where: `w2 on mnist, step 100 (run.json)`.
    pub(crate) fn in_words(&self) -> String {
        let step = match self.step_in_words() {
            step if step.is_empty() => step,
            step => format!(", {step}"),
        };
        format!(
            "{} on {}{step} ({})",
            self.rule,
            self.network_in_words(),
            self.source
        )
    }
}

fn rule_in_words(side: &Side) -> String {
    side.rule.clone()
}
