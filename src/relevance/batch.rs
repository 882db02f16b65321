//! What comes of explaining a batch.

use ndarray::ArrayView2;

use super::audit::Audit;
use super::cause::{Cause, cause};
use super::expansion::{LevelExpansion, Unit};
use super::plan::Plan;
use super::target::{Chosen, Target};
use super::withheld::Stranded;
use crate::network::{Levels, row};

/// The explanation of one batch: an explanation a sample, or one for each target of each sample.
///
/// Of several targets, all samples for the first of them come first, then all samples for the next, and so on: with S samples,
/// explanation `t·S + n` is that of sample n for its target t.
#[derive(Debug)]
pub struct Batch<'e> {
    pub(super) plan: &'e Plan<'e>,
    /// Of every explanation.
    pub(super) targets: Vec<Target>,
    /// Samples × units.
    pub(super) activations: &'e Levels,
    /// Explanations × units.
    pub(super) relevance: &'e Levels,
    pub(super) chosen: Vec<ExplainedOutput>,
    pub(super) audits: Vec<Audit>,
    pub(super) expansions: Option<Vec<Vec<LevelExpansion>>>,
}

/// What was explained of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExplainedOutput {
    /// The output, or none for all of them together.
    pub output: Option<usize>,
    /// The output that is taken from it, in a contrast.
    pub minus: Option<usize>,
    /// f(x): its value, the sum of all, or the difference of the two.
    pub value: f64,
}

impl ExplainedOutput {
    /// The outputs that f is made of.
    pub fn outputs(self) -> Chosen {
        Chosen {
            output: self.output,
            minus: self.minus,
        }
    }
}

impl Batch<'_> {
    /// The rules that explained.
    pub fn plan(&self) -> &Plan<'_> {
        self.plan
    }

    /// Number of samples.
    pub fn samples(&self) -> usize {
        self.activations.samples()
    }

    /// Number of explanations: samples × targets of each.
    pub fn explanations(&self) -> usize {
        self.relevance.samples()
    }

    /// The sample of explanation `n`.
    pub fn sample(&self, n: usize) -> usize {
        n % self.samples().max(1)
    }

    /// The explanations by sample, and those of a sample in the order of its targets.
    pub fn by_sample(&self) -> impl Iterator<Item = usize> + '_ {
        let of = |sample| (sample..self.explanations()).step_by(self.samples());
        (0..self.samples()).flat_map(of)
    }

    /// Number of levels: one more than the network has layers.
    pub fn levels(&self) -> usize {
        self.relevance.len()
    }

    /// The activations of level `l`, samples × units; 0 is the input.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn activations(&self, l: usize) -> ArrayView2<'_, f64> {
        self.activations.level(l)
    }

    /// The relevance of level `l`, explanations × units; 0 is the input.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn relevance(&self, l: usize) -> ArrayView2<'_, f64> {
        self.relevance.level(l)
    }

    /// What each explanation explains.
    pub fn chosen(&self) -> &[ExplainedOutput] {
        &self.chosen
    }

    /// Why what is `lost` could not be handed on: what the values of the unit itself show.
    ///
    /// # Panics
    ///
    /// When it is not of this batch.
    pub fn cause(&self, lost: &Stranded) -> Cause {
        let sample = self.sample(lost.sample);
        let value = self.activations.level(lost.layer)[[sample, lost.unit]];
        let sources = self.plan.network().layer(lost.layer).sources();
        let x: Vec<_> = sources.map(|from| self.activations.level(from)).collect();
        let x: Vec<&[f64]> = x.iter().map(|x| row(x, sample)).collect();
        let unit = Unit {
            layer: lost.layer,
            unit: lost.unit,
            x: &x,
            relevance: lost.relevance,
        };
        cause(self.plan, unit, lost.fraction, value)
    }

    /// The outputs that are the largest together, where there are several and explanation `n` is of the largest: the first is
    /// explained.
    ///
    /// # Panics
    ///
    /// When there is no such explanation.
    pub fn tied(&self, n: usize) -> Vec<usize> {
        let outputs = self.activations.level(self.levels() - 1);
        self.targets[n].tied(outputs.row(self.sample(n)))
    }

    /// The inputs of sample `n` that lie outside of their bounds.
    ///
    /// # Panics
    ///
    /// When there is no such sample.
    pub fn outside_bounds(&self, n: usize) -> Vec<usize> {
        let x = self.activations.level(0);
        (self.plan.network().input().bounds.as_ref())
            .map_or_else(Vec::new, |bounds| bounds.outside(row(&x, n)))
    }

    /// For each explanation, what the expansions come to on level 1, 2, …; none unless
    /// [asked for](super::Explainer::with_expansion).
    pub fn expansions(&self) -> Option<&[Vec<LevelExpansion>]> {
        self.expansions.as_deref()
    }

    /// The audit of each explanation.
    pub fn audits(&self) -> &[Audit] {
        &self.audits
    }
}
