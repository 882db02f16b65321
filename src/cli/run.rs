//! A network at work on its samples: explained batch by batch, or streamed.

use deeptaylor::measure::Checked;
use deeptaylor::network::Memory;
use deeptaylor::relevance::audit::Checks;
use deeptaylor::result::{Edges, Flow, IN_FULL, Messages, Sample, Whole};
use deeptaylor::samples::Record;
use deeptaylor::words::{agree, count, grouped};
use deeptaylor::{Bounds, Explainer};
use ndarray::Array2;

use super::outcome::OutcomeArgs;
use super::records::Records;
use super::request::Task;
use super::{Failure, Status, failure};

/// Samples that are explained at once, at the most.
const BATCH: usize = 256;
/// More samples than this make a picture too large to look at.
const MOST_PICTURES: usize = 100;

/// A network at work on its samples, batch by batch.
pub struct Run<'r, 'n> {
    pub task: &'r Task<'n>,
    explainer: Explainer<'n>,
    samples: Box<Records>,
    extras: Extras,
    /// How many explanations are done: one for each target of every sample.
    pub done: usize,
    /// How many have failed beyond the first ones.
    failing_later: usize,
    /// How many fail a check.
    failed: usize,
    /// How many are not where their balance says: a fault of the program.
    unbalanced: usize,
    /// The inputs of every sample and their relevance, where they are to be drawn.
    pub pictures: Vec<Sample>,
    /// The inputs that lie outside of their bounds.
    pub outside: Outside,
}

/// What is computed for each sample besides its relevance.
#[derive(Default)]
pub struct Extras {
    /// Whether the first samples, and the first that fail, get a drawing of their flow.
    pub flows: bool,
    /// Which layers get their messages.
    pub edges: Option<Edges>,
    /// Which levels are whole.
    pub whole: Whole,
    /// How much memory the samples that are explained at once may take.
    pub memory: Memory,
    /// Whether to draw the inputs.
    pub pictures: bool,
    /// Which checks count.
    pub outcome: OutcomeArgs,
    /// Whether each sample was chosen by hand, so that all of them are drawn, however many they are.
    pub chosen: bool,
}

impl<'r, 'n> Run<'r, 'n> {
    /// Before the first sample.
    pub fn new(
        task: &'r Task<'n>,
        explainer: Explainer<'n>,
        samples: Box<Records>,
        extras: Extras,
    ) -> Self {
        Self {
            task,
            explainer,
            samples,
            extras,
            done: 0,
            failing_later: 0,
            failed: 0,
            unbalanced: 0,
            pictures: Vec::new(),
            outside: Outside::default(),
        }
    }

    /// Explains up to `most` further samples; none when there are no more.
    pub fn next(&mut self, most: usize) -> Result<Option<Vec<Sample>>, Failure> {
        let Task {
            network,
            plan,
            targets,
            info,
            ..
        } = self.task;
        let records = self.samples.by_ref().take(most);
        let records = records.collect::<Result<Vec<Record>, Failure>>()?;
        if records.is_empty() {
            return Ok(None);
        }
        let samples = matrix(&records, network.input_units())?;
        let each = targets.number();
        let targets = targets.of_all(&records, network)?;
        let batch = self
            .explainer
            .explain_several(samples.view(), targets.view())
            .map_err(|error| error.of_sample(|n| records[n].number))?;
        let mut explained: Vec<Sample> = Sample::of_batch(info, plan, &batch)
            .into_iter()
            .enumerate()
            .map(|(n, sample)| sample.of(&records[n / each]))
            .collect();
        for (n, sample) in explained.iter_mut().enumerate() {
            if n % each == 0 {
                self.outside.count(&sample.outside_bounds);
            }
            let fails = !self.extras.outcome.pass(&sample.checks);
            self.failed += usize::from(fails);
            if self.extras.flows
                && (self.done + n < IN_FULL || fails && self.failing_later < IN_FULL)
            {
                sample.flow = Some(Flow::new(&self.explainer, sample));
            }
            self.unbalanced += usize::from(!sample.is_balanced());
            self.failing_later += usize::from(fails && self.done + n >= IN_FULL);
            if let Some(edges) = self.extras.edges {
                sample.edges = Some(Messages::of(&self.explainer, sample, edges));
            }
        }
        self.done += explained.len();
        let whole = explained
            .into_iter()
            .map(|sample| sample.with_whole(&self.extras.whole));
        Ok(Some(whole.collect()))
    }

    /// Whether f(x) of every sample is where its balance says; if not, that is said on stderr, whatever the format shows.
    pub fn is_balanced(&self) -> bool {
        if self.unbalanced > 0 {
            failure::print(&format!(
                "fault: the balance of {} does not hold: f(x) is not what the inputs carry and what was lost. This is an error in \
                 this program, not in the network; the interpretation says where to look",
                count(self.unbalanced, self.task.targets.noun())
            ));
        }
        self.unbalanced == 0
    }

    /// Says on stderr how many samples fail a check, which a format without sentences does not show.
    pub fn warn_of_failures(&self) {
        if self.failed > 0 {
            failure::note(&format!(
                "{} of {} {} a check: relevance is not conserved or below 0; --format text says where and why",
                grouped(self.failed),
                count(self.done, self.task.targets.noun()),
                agree(self.failed, "fails", "fail")
            ));
        }
    }

    /// The exit status of all that was explained: a balance that does not hold is a fault, whatever the checks are asked for.
    pub fn status(&self, pass: bool) -> Status {
        if self.is_balanced() {
            self.extras.outcome.status(pass)
        } else {
            Status::Fails
        }
    }

    /// Whether the checks of a sample hold that count.
    pub fn passes(&self, sample: &Sample) -> bool {
        self.extras.outcome.pass(&sample.checks)
    }

    /// The levels that were asked for.
    pub fn asked(&self) -> Vec<usize> {
        let levels = 0..self.task.info.layers.len();
        levels.filter(|&l| self.extras.whole.names(l)).collect()
    }

    /// How many samples are explained at once: the result holds each for every target.
    pub fn rows(&self) -> usize {
        let memory = self.extras.memory.shared_by(self.task.targets.number());
        memory.rows(self.task.network, BATCH)
    }

    /// Explains all samples and hands them on with their numbers, one after the other; gives the checks over all.
    pub fn each(
        &mut self,
        mut see: impl FnMut(usize, &Sample) -> Result<(), Failure>,
    ) -> Result<Option<Checks>, Failure> {
        let mut checked = Checked::default();
        let mut number = 0;
        while let Some(batch) = self.next(self.rows())? {
            for sample in batch {
                checked.add(sample.checks);
                see(number, &sample)?;
                number += 1;
                self.add_picture(sample)?;
            }
        }
        Ok(checked.any())
    }

    /// Keeps of a sample what is to be drawn of it.
    fn add_picture(&mut self, mut sample: Sample) -> Result<(), Failure> {
        if !self.extras.pictures {
            return Ok(());
        }
        if self.pictures.len() == MOST_PICTURES && !self.extras.chosen {
            return Err(Failure::Usage(format!(
                "--heatmap: there are more than {MOST_PICTURES} samples, too many for one picture\n  \
                 help: choose with --sample"
            )));
        }
        sample.layers.truncate(1);
        sample.edges = None;
        sample.flow = None;
        self.pictures.push(sample);
        Ok(())
    }
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
    let values = records
        .iter()
        .flat_map(|record| &record.values)
        .copied()
        .collect();
    Array2::from_shape_vec((records.len(), inputs), values)
        .map_err(|error| Failure::Usage(error.to_string()))
}
