//! One rule at work on samples, batch by batch.

use deeptaylor::network::Memory;
use deeptaylor::relevance::GradientExplainer;
use deeptaylor::result::{Channels, Edges, Flow, IN_FULL, Messages, Sample, Whole};
use deeptaylor::samples::Record;
use deeptaylor::{Explainer, Target};
use ndarray::ArrayView2;

use super::Failure;
use super::outcome::OutcomeArgs;
use super::ruled::{By, Ruled};

/// One rule at work, and what it has seen so far.
pub struct AtWork<'r, 'n> {
    pub ruled: &'r Ruled<'n>,
    explainer: AnyExplainer<'n>,
    done: usize,
    /// How many have failed beyond the first ones.
    failing_later: usize,
    /// How many fail a check.
    pub failed: usize,
    /// How many are not where their balance says: a fault of the program.
    pub unbalanced: usize,
    /// How many do not add up though that counts.
    pub incomplete: usize,
}

/// What explains.
pub enum AnyExplainer<'n> {
    Rules(Box<Explainer<'n>>),
    Gradient(Box<GradientExplainer<'n>>),
}

/// What is computed for each sample besides its relevance.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub struct Extras {
    /// Whether the first samples, and the first that fail, get a drawing of their flow.
    pub flows: bool,
    /// Which layers get their messages.
    pub edges: Option<Edges>,
    /// Which levels are whole.
    pub whole: Whole,
    /// Whether there is nothing but figures to show, and no words.
    pub bare: bool,
    /// How much memory the samples that are explained at once may take.
    pub memory: Memory,
    /// Whether to draw the inputs.
    pub pictures: bool,
    /// Which checks count.
    pub outcome: OutcomeArgs,
    /// Whether each sample was typed, so that all of them are drawn, however many they are.
    pub typed: bool,
}

impl<'n> AnyExplainer<'n> {
    /// What explains under a rule, `rows` samples at once.
    pub fn new(ruled: &Ruled<'n>, tolerance: f64, rows: usize) -> Self {
        match &ruled.by {
            By::Plan(plan) => Self::Rules(Box::new(Explainer::new(plan).tolerance(tolerance))),
            By::Gradient(explainer) => {
                let explainer = GradientExplainer::clone(explainer).tolerance(tolerance);
                Self::Gradient(Box::new(explainer.with_rows(rows)))
            }
        }
    }

    /// The same with the Taylor expansions behind its rules.
    pub fn with_expansion(self) -> Self {
        match self {
            Self::Rules(explainer) => Self::Rules(Box::new(explainer.with_expansion())),
            Self::Gradient(_) => self,
        }
    }
}

impl<'r, 'n> AtWork<'r, 'n> {
    /// Before the first sample.
    pub fn new(ruled: &'r Ruled<'n>, explainer: AnyExplainer<'n>) -> Self {
        Self {
            ruled,
            explainer,
            done: 0,
            failing_later: 0,
            failed: 0,
            unbalanced: 0,
            incomplete: 0,
        }
    }

    /// Explains the next samples, a row of values each, for every target: `targets` is samples × targets.
    pub fn explain(
        &mut self,
        records: &[Record],
        values: ArrayView2<f64>,
        targets: ArrayView2<Target>,
        extras: &Extras,
    ) -> Result<Vec<Sample>, Failure> {
        let info = &self.ruled.info;
        let explained = match &mut self.explainer {
            AnyExplainer::Rules(explainer) => {
                let batch = explainer.explain_several(values, targets);
                batch.map(|batch| {
                    if extras.bare {
                        Sample::bare_of_batch(info, &batch, &extras.whole)
                    } else {
                        Sample::of_batch(info, batch.plan(), &batch)
                    }
                })
            }
            AnyExplainer::Gradient(explainer) => {
                let numbers: Vec<usize> = records.iter().map(|record| record.number).collect();
                let batch = explainer.explain_several(values, targets, &numbers);
                batch.map(|batch| Sample::of_gradient_batch(info, &batch, !extras.bare))
            }
        };
        let explained: Vec<Sample> = explained
            .map_err(|error| error.of_sample(|n| records[n].number))?
            .into_iter()
            .enumerate()
            .map(|(n, sample)| sample.of(&records[n / targets.ncols()]))
            .collect();
        let whole = explained.into_iter().map(|sample| {
            let sample = self.with_extras(sample, extras);
            sample.with_whole(&extras.whole)
        });
        Ok(whole.collect())
    }

    /// Counts a sample in, and adds what is wanted besides its relevance.
    fn with_extras(&mut self, mut sample: Sample, extras: &Extras) -> Sample {
        let fails = !extras.outcome.passes(&sample);
        let is_early = self.done < IN_FULL;
        if let AnyExplainer::Rules(explainer) = &self.explainer {
            if extras.flows && (is_early || fails && self.failing_later < IN_FULL) {
                sample.flow = Some(Flow::new(explainer, &sample));
                sample.channels = Channels::of(explainer, &sample);
            }
            if let Some(edges) = extras.edges {
                sample.edges = Some(Messages::of(explainer, &sample, edges));
            }
        }
        self.failed += usize::from(fails);
        self.unbalanced += usize::from(!sample.is_balanced());
        self.incomplete += usize::from(!extras.outcome.is_complete(&sample));
        self.failing_later += usize::from(fails && !is_early);
        self.done += 1;
        sample
    }
}
