//! `explain --exact`: the same in fractions, beside what the fast path finds.

use deeptaylor::exact::{self, ExactNetwork, Number};
use deeptaylor::render;
use deeptaylor::result::{AnyResult, ExactExplanation, ExactSample, Explanations, Line, Whole};
use deeptaylor::samples::Record;
use deeptaylor::{Error, Explainer, Target};
use ndarray::{Array2, s};

use super::{ExplainArgs, Format};
use crate::cli::at_work::{AnyExplainer, AtWork, Extras};
use crate::cli::request::Task;
use crate::cli::ruled::Ruled;
use crate::cli::run::{Outside, matrix};
use crate::cli::{Failure, Status, writing};

/// Samples as they were read, in fractions, and what is explained of each.
struct Given {
    network: ExactNetwork,
    records: Vec<Record>,
    samples: Vec<Vec<Number>>,
    /// Samples × targets.
    targets: Array2<Target>,
}

impl ExplainArgs {
    /// The same in fractions, under each of the rules.
    pub(super) fn run_exactly(&self, task: &Task) -> Result<Status, Failure> {
        let (network, exact) = (task.network, task.exact()?);
        let records = (self.samples)
            .open(network, self.layout.order(), Some(&exact))?
            .records;
        let records = records.collect::<Result<Vec<Record>, Failure>>()?;
        if records.is_empty() {
            return Err(self.samples.nothing(network, "explain"));
        }
        let work = task.targets.number() as f64;
        let given = Given {
            targets: task.targets.of_all(&records, network)?,
            samples: (self.exact).prepare(&exact, &task.rules, &records, work)?,
            network: exact,
            records,
        };
        let explanations = task
            .rules
            .iter()
            .map(|ruled| self.exactly(task, ruled, &given));
        let explanations = explanations.collect::<Result<Vec<_>, Failure>>()?;
        let samples = explanations.iter().flat_map(|one| &one.samples);
        let unbalanced = samples.filter(|sample| !sample.is_balanced()).count();
        let pass = |one: &ExactExplanation| self.outcome.pass(&one.checks);
        let verdict = (self.outcome).status(explanations.iter().all(pass), unbalanced);
        if self.is_silent() {
            return Ok(verdict);
        }
        let mut out = Vec::new();
        match self.format() {
            Format::Json => match <[ExactExplanation; 1]>::try_from(explanations) {
                Ok([one]) => render::json(&one, &mut out)?,
                Err(several) => render::json(&Explanations::beside(several), &mut out)?,
            },
            Format::Jsonl => {
                let mut outside = Outside::default();
                let targets = task.targets.number();
                for n in 0..given.records.len() * targets {
                    if n % targets == 0 {
                        outside.count(&explanations[0].samples[n].outside_bounds);
                    }
                    for (ruled, explanation) in task.rules.iter().zip(&explanations) {
                        let (rule, sample) = (&ruled.name[..], &explanation.samples[n]);
                        render::json(&Line { rule, sample }, &mut out)?;
                    }
                }
                outside.warn(network.input().bounds.as_ref());
            }
            Format::Html => out.extend(writing::page(any(explanations)).into_bytes()),
            // What has no fractions was refused.
            Format::Text | Format::Csv | Format::CsvWide | Format::Npz => {
                let lines = self.exact_text(task, explanations);
                return self.destination.text(&lines).map(|()| verdict);
            }
        }
        self.destination.data(&out[..])?;
        Ok(verdict)
    }

    /// Under one rule, beside what the fast path finds.
    fn exactly(
        &self,
        task: &Task,
        ruled: &Ruled,
        given: &Given,
    ) -> Result<ExactExplanation, Failure> {
        let (plan, info) = (ruled.plan("--exact")?, &ruled.info);
        let whole = self.shown.whole(info, self.format())?;
        let extras = Extras {
            flows: self.format().is_document(),
            // The fractions are held against all of it.
            whole: Whole::All,
            ..Extras::default()
        };
        let mut explanation = ExactExplanation {
            made_by: self.origin(task),
            rule: Some(ruled.name.clone()),
            ..ExactExplanation::new(task.network, plan)
        };
        let mut at_work = AtWork::new(ruled, AnyExplainer::Rules(Box::new(Explainer::new(plan))));
        for (n, record) in given.records.iter().enumerate() {
            let targets = given.targets.slice(s![n..=n, ..]);
            let one = std::slice::from_ref(record);
            let values = matrix(one, task.network.input_units())?;
            let fast = match at_work.explain(one, values.view(), targets, &extras) {
                Ok(fast) => Ok(fast),
                // Fractions go on where f64 overflows.
                Err(Failure::Library(overflow @ Error::Overflow { .. })) => Err(overflow),
                Err(failure) => return Err(failure),
            };
            for (t, &target) in targets.iter().enumerate() {
                let found = exact::explain(&given.network, plan, &given.samples[n], target);
                let beside = fast.as_ref().ok().and_then(|fast| fast.get(t));
                let mut sample = ExactSample::exact(info, plan, &found, beside)
                    .interpreted(info)
                    .of(record);
                if let Err(why) = &fast {
                    sample = sample.beyond_f64(why);
                }
                explanation.push(sample.with_whole(&whole));
            }
        }
        Ok(explanation)
    }

    fn exact_text(&self, task: &Task, mut explanations: Vec<ExactExplanation>) -> String {
        for (ruled, explanation) in task.rules.iter().zip(&mut explanations) {
            explanation.network.name.clone_from(&ruled.info.name);
        }
        let text = self.text();
        match <[ExactExplanation; 1]>::try_from(explanations) {
            Ok([one]) => {
                let samples = one.samples.len();
                if self.shown.each().of(samples) {
                    return text.explanation(&one);
                }
                text.heading(&one.network, &one.summary) + &text.summary(&one)
            }
            Err(several) => {
                let several = Explanations::beside(several);
                let each = self.shown.each().of(several.samples());
                text.explanations(&several, each)
            }
        }
    }
}

fn any(explanations: Vec<ExactExplanation>) -> AnyResult {
    match <[ExactExplanation; 1]>::try_from(explanations) {
        Ok([one]) => AnyResult::Exact(one),
        Err(several) => AnyResult::ExactSeveral(Explanations::beside(several)),
    }
}
