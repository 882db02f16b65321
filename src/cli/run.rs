//! A network at work on its samples: explained batch by batch, or streamed.

use std::collections::VecDeque;

use deeptaylor::Bounds;
use deeptaylor::Network;
use deeptaylor::measure::Checked;
use deeptaylor::relevance::audit::Checks;
use deeptaylor::result::{Figures, NetworkInfo, Sample};
use deeptaylor::samples::Record;
use deeptaylor::words::{agree, count, grouped};
use ndarray::Array2;

use super::at_work::{AtWork, Extras};
use super::batches::Batches;
use super::initialisation::MOST_VALUES;
use super::progress::Progress;
use super::records::SampleSource;
use super::request::Task;
use super::ruled::By;
use super::source::SampleArgs;
use super::{Failure, Status, failure, heatmap};

/// Samples that are explained at once, at the most.
pub const BATCH: usize = 256;

/// A network at work on its samples, batch by batch, under one rule or several.
pub struct Run<'r, 'n> {
    pub task: &'r Task<'n>,
    rules: Vec<AtWork<'r, 'n>>,
    samples: Batches,
    progress: Progress,
    /// Samples of a batch in which one cannot be explained: those before it can, and come one by one.
    alone: VecDeque<Record>,
    extras: Extras,
    /// How many explanations are done: one for each target of every sample.
    pub done: usize,
    /// The inputs of every sample and their relevance under each rule, where they are to be drawn.
    pub pictures: Vec<Vec<Sample>>,
    /// The inputs that lie outside of their bounds.
    pub outside: Outside,
}

impl<'r, 'n> Run<'r, 'n> {
    /// Before the first sample.
    pub fn new(
        task: &'r Task<'n>,
        rules: Vec<AtWork<'r, 'n>>,
        samples: SampleSource,
        extras: Extras,
    ) -> Result<Self, Failure> {
        // The result holds each sample under every rule and for every target.
        let batches = rules.len() * task.targets.number();
        let rows = extras.memory.shared_by(batches).rows(task.network, BATCH);
        Ok(Self {
            task,
            rules,
            progress: Progress::new(
                samples.number.map(|number| number * task.targets.number()),
                task.targets.noun(),
            ),
            samples: Batches::new(samples.records, samples.coming, rows)?,
            alone: VecDeque::new(),
            extras,
            done: 0,
            pictures: Vec::new(),
            outside: Outside::default(),
        })
    }

    /// Explains the next samples, each under every rule in turn; none when there are no more.
    pub fn next(&mut self) -> Result<Option<Vec<Vec<Sample>>>, Failure> {
        let records = match self.alone.pop_front() {
            Some(record) => vec![record],
            None => match self.samples.next() {
                Some(records) => records?,
                None => return Ok(None),
            },
        };
        match self.explain(&records) {
            // How many come together follows from memory, and down a pipe from chance: what is written before an error must not.
            Err(_) if records.len() > 1 && self.samples.are_read_ahead() => {
                self.alone = records.into();
                self.next()
            }
            explained => explained.map(Some),
        }
    }

    fn explain(&mut self, records: &[Record]) -> Result<Vec<Vec<Sample>>, Failure> {
        let network = self.task.network;
        let values = matrix(records, network.input_units())?;
        let targets = self.task.targets.of_all(records, network)?;
        let mut by_rule = Vec::with_capacity(self.rules.len());
        for rule in &mut self.rules {
            by_rule.push(rule.explain(records, values.view(), targets.view(), &self.extras)?);
        }
        // Flows and messages have read weights, too.
        network.check_unchanged()?;
        let explained = by_sample(by_rule);
        for by_rule in explained.iter().step_by(targets.ncols()) {
            self.outside.count(&by_rule[0].outside_bounds);
        }
        self.done += explained.len();
        self.progress.advance(explained.len());
        Ok(explained)
    }

    /// Says on stderr how many samples fail a check, which a format without sentences does not show.
    pub fn warn_of_failures(&self) {
        for rule in self.rules.iter().filter(|rule| rule.failed > 0) {
            let under = match self.rules[..] {
                [_] => String::new(),
                _ => format!(" under {}", rule.ruled.name),
            };
            failure::note(&format!(
                "{} of {} {} a check{under}: relevance {}; --format text says where and why",
                grouped(rule.failed),
                count(self.done, self.task.targets.noun()),
                agree(rule.failed, "fails", "fail"),
                rule.ruled.by.failing()
            ));
        }
    }

    /// The rules by the names that they were asked for by.
    pub fn names(&self) -> Vec<&'r str> {
        self.rules.iter().map(|rule| &rule.ruled.name[..]).collect()
    }

    /// The figures of a row: what is absorbed where a rule can absorb, which is what ends the promise of conservation.
    pub fn figures(&self) -> Figures {
        let absorbs = |rule: &AtWork| match &rule.ruled.by {
            By::Plan(plan) => !plan.promises().conservation,
            By::Gradient(_) => false,
        };
        if self.rules.iter().any(absorbs) {
            Figures::Absorbed
        } else {
            Figures::Usual
        }
    }

    /// The network with its layers; which rule a layer has differs from rule to rule.
    pub fn info(&self) -> &'r NetworkInfo {
        &self.rules[0].ruled.info
    }

    /// The exit status of all that was explained: a balance that does not hold is a fault, whatever the checks are asked for.
    pub fn status(&self, pass: bool) -> Status {
        let unbalanced = self.rules.iter().map(|rule| rule.unbalanced).sum();
        let complete = self.rules.iter().all(|rule| rule.incomplete == 0);
        (self.extras.outcome).status(pass && complete, unbalanced)
    }

    /// Whether the checks of a sample hold that count.
    pub fn passes(&self, sample: &Sample) -> bool {
        self.extras.outcome.passes(sample)
    }

    /// The levels that were asked for.
    pub fn asked(&self) -> Vec<usize> {
        let levels = 0..self.info().layers.len();
        levels.filter(|&l| self.extras.whole.names(l)).collect()
    }

    /// Explains all samples and hands them on with their numbers, one after the other, each under every rule; gives the
    /// checks over all.
    pub fn each(
        &mut self,
        mut see: impl FnMut(usize, &[Sample]) -> Result<(), Failure>,
    ) -> Result<Option<Checks>, Failure> {
        self.each_batch(|first, batch| {
            let mut samples = (first..).zip(batch);
            samples.try_for_each(|(number, by_rule)| see(number, by_rule))
        })
    }

    /// The same batch by batch, with the number of the first sample of each.
    pub fn each_batch(
        &mut self,
        mut see: impl FnMut(usize, &[Vec<Sample>]) -> Result<(), Failure>,
    ) -> Result<Option<Checks>, Failure> {
        let mut checked = Checked::default();
        while let Some(batch) = self.next()? {
            for sample in batch.iter().flatten() {
                checked.add(sample.checks);
            }
            see(self.done - batch.len(), &batch)?;
            for samples in batch {
                self.add_pictures(samples)?;
            }
        }
        Ok(checked.any())
    }

    /// Keeps of a sample what is to be drawn of it.
    fn add_pictures(&mut self, mut samples: Vec<Sample>) -> Result<(), Failure> {
        if !self.extras.pictures {
            return Ok(());
        }
        if !self.extras.typed {
            let drawn = self.pictures.len() + 1;
            heatmap::check_number(drawn, None, self.task.targets.number())?;
        }
        for sample in &mut samples {
            sample.layers.truncate(1);
            sample.edges = None;
            sample.flow = None;
            sample.channels = Vec::new();
        }
        self.pictures.push(samples);
        Ok(())
    }
}

/// What each rule made of all samples, as what every rule made of each.
fn by_sample(by_rule: Vec<Vec<Sample>>) -> Vec<Vec<Sample>> {
    let rows = by_rule.first().map_or(0, Vec::len);
    let mut by_rule: Vec<_> = by_rule.into_iter().map(Vec::into_iter).collect();
    let mut row = || by_rule.iter_mut().filter_map(Iterator::next).collect();
    (0..rows).map(|_| row()).collect()
}

/// How many inputs of how many samples lie outside of their bounds.
#[derive(Default)]
pub struct Outside {
    inputs: usize,
    samples: usize,
}

impl Outside {
    /// Counts a sample in, by those of its inputs.
    pub fn count(&mut self, inputs: &[usize]) {
        self.inputs += inputs.len();
        self.samples += usize::from(!inputs.is_empty());
    }

    /// Says on stderr what the rules did not mind, and a format without sentences does not show.
    pub fn warn(&self, bounds: Option<&Bounds>) {
        if self.inputs == 0 {
            return;
        }
        let bounds = match bounds {
            Some(Bounds::Same([low, high])) => format!("the bounds [{low}, {high}]"),
            _ => "their bounds".to_owned(),
        };
        failure::note(&format!(
            "{} of {} {} outside {bounds}",
            count(self.inputs, "input"),
            count(self.samples, "sample"),
            agree(self.inputs, "lies", "lie")
        ));
    }
}

/// The values of samples, samples × inputs.
pub fn matrix(records: &[Record], inputs: usize) -> Result<Array2<f64>, Failure> {
    let mut values = Vec::with_capacity(records.len() * inputs);
    for record in records {
        values.extend_from_slice(&record.values);
    }
    Array2::from_shape_vec((records.len(), inputs), values)
        .map_err(|error| Failure::Usage(error.to_string()))
}

/// All samples that are given, or those of the network file; `to` is what is to be done with them.
pub fn all(given: &SampleArgs, network: &Network, to: &str) -> Result<Vec<Record>, Failure> {
    let inputs = network.input_units();
    let mut records = Vec::new();
    for record in given.open(network, None, None)?.records {
        records.push(record?);
        if records.len().saturating_mul(inputs) > MOST_VALUES {
            return Err(Failure::Usage(format!(
                "{}: at most {} samples of {inputs} values fit into the memory limit for samples",
                given.origin(),
                MOST_VALUES / inputs
            )));
        }
    }
    if records.is_empty() {
        return Err(given.nothing(network, to));
    }
    Ok(records)
}
