//! A network and a plan, prepared once, then used for batch after batch.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::audit::{Audit, Audited, TOLERANCE, audit};
use super::cause::{Cause, cause};
use super::expansion::{Expander, LevelExpansion, Unit, steps};
use super::fixed::FixedMaps;
use super::parts::{Parts, fitting};
use super::plan::Plan;
use super::prepared::Redistribution;
use super::propagate::{LayerAt, Scratch};
use super::target::Target;
use super::withheld::{Stranded, Withheld};
use crate::error::Error;
use crate::network::{Domain, Levels, each_sample, row, sum};

/// Explains batches of samples; its buffers are made for the largest batch and used again.
#[derive(Debug, Clone)]
pub struct Explainer<'n> {
    plan: Plan<'n>,
    rules: Vec<Redistribution<'n>>,
    fixed: FixedMaps,
    tolerance: f64,
    expander: Option<Expander<'n>>,
    activations: Levels,
    relevance: Levels,
    parts: Parts,
    scratch: Scratch,
}

/// The explanation of one batch: rows are samples.
#[derive(Debug)]
pub struct Batch<'e> {
    plan: &'e Plan<'e>,
    targets: Vec<Target>,
    activations: &'e Levels,
    relevance: &'e Levels,
    chosen: Vec<ExplainedOutput>,
    audits: Vec<Audit>,
    expansions: Option<Vec<Vec<LevelExpansion>>>,
}

/// What was explained of one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExplainedOutput {
    /// The output, or none for all of them together.
    pub output: Option<usize>,
    /// f(x): its value, or the sum of all.
    pub value: f64,
}

impl<'n> Explainer<'n> {
    /// Prepares the rules of a plan for its network: a plan cannot meet another one.
    pub fn new(plan: &Plan<'n>) -> Self {
        let network = plan.network();
        let levels = 1..=network.top();
        let rules: Vec<_> = levels
            .map(|level| Redistribution::new(plan, level))
            .collect();
        let parts = Parts::new(network);
        Self {
            fixed: FixedMaps::new(network, &rules, &parts),
            rules,
            plan: plan.clone(),
            tolerance: TOLERANCE,
            expander: None,
            activations: Levels::default(),
            relevance: Levels::default(),
            parts,
            scratch: Scratch::default(),
        }
    }

    /// The same with another tolerance of the conservation check, relative to `Σ|R|` of the output level.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The same, holding every rule against the Taylor expansion that it stands for.
    #[must_use]
    pub fn with_expansion(mut self) -> Self {
        self.expander = Some(Expander::new(self.plan.network()));
        self
    }

    /// The rules in use.
    pub fn plan(&self) -> &Plan<'n> {
        &self.plan
    }

    /// The rule that hands the relevance of a level down.
    pub(super) fn rule(&self, level: usize) -> &Redistribution<'n> {
        &self.rules[level - 1]
    }

    /// Explains a batch: forward pass, relevance of every level, audit. `samples` is samples × inputs.
    ///
    /// What happens to a sample is a function of that sample alone: the same bits alone and in any batch, on any
    /// number of threads and any processor.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] where an activation or a relevance leaves the range of f64, and
    /// [`Error::OutOfBounds`] where an activation lies outside the box of its zᴮ rule.
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs.
    pub fn explain(
        &mut self,
        samples: ArrayView2<f64>,
        target: &Target,
    ) -> Result<Batch<'_>, Error> {
        self.explain_each(samples, &vec![*target; samples.nrows()])
    }

    /// The same with a target for each sample.
    ///
    /// # Errors
    ///
    /// As with [`explain`](Self::explain).
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs, or there are not as many targets as samples.
    pub fn explain_each(
        &mut self,
        samples: ArrayView2<f64>,
        targets: &[Target],
    ) -> Result<Batch<'_>, Error> {
        assert_eq!(samples.nrows(), targets.len(), "a target for each sample");
        let network = self.plan.network();
        network.forward(samples, &mut self.activations)?;
        self.relevance.fit(network, samples.nrows());
        let chosen = self.start(targets);
        let mut withheld = Withheld::default();
        self.parts.clear();
        for level in (1..=self.rules.len()).rev() {
            self.hand_down(level, &mut withheld)?;
        }
        let f: Vec<f64> = chosen.iter().map(|chosen| chosen.value).collect();
        let audited = Audited {
            network,
            activations: &self.activations,
            relevance: &self.relevance,
            parts: &self.parts,
            promises: self.plan.promises(),
            tolerance: self.tolerance,
        };
        let audits = audit(&audited, &f, withheld);
        self.check_finite(&audits)?;
        let expansions = self.expander.as_ref().map(|expander| self.expand(expander));
        Ok(Batch {
            plan: &self.plan,
            targets: targets.to_vec(),
            activations: &self.activations,
            relevance: &self.relevance,
            chosen,
            audits,
            expansions,
        })
    }

    /// The expansions of every sample in figures, level by level from 1 up.
    fn expand(&self, expander: &Expander) -> Vec<Vec<LevelExpansion>> {
        let samples = self.relevance.samples();
        // Every unit is looked at on its own: worth a thread for each sample.
        each_sample(samples, usize::MAX, |n| {
            let network = self.plan.network();
            let levels = steps(network, &self.activations, &self.relevance, n);
            let levels = levels.map(|(layer, x, r)| {
                let by_branch: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
                expander.summary(&self.plan, layer, &by_branch, &r, |above| {
                    let one = |x: Vec<f64>| Array1::from_vec(x).insert_axis(Axis(0));
                    let x: Vec<Array2<f64>> = x.iter().cloned().map(one).collect();
                    self.handed_by(layer, &x, above)
                })
            });
            levels.collect()
        })
    }

    /// The relevance of the output level: the explained outputs carry their own values, the others 0.
    fn start(&mut self, targets: &[Target]) -> Vec<ExplainedOutput> {
        let top = self.rules.len();
        let outputs = self.activations.level(top);
        let mut relevance = self.relevance.level_mut(top);
        let mut chosen = Vec::with_capacity(outputs.nrows());
        let rows = outputs.rows().into_iter().zip(relevance.rows_mut());
        for ((outputs, mut relevance), target) in rows.zip(targets) {
            let output = target.choose(outputs);
            let value = if let Some(k) = output {
                relevance.fill(0.0);
                relevance[k] = outputs[k];
                outputs[k]
            } else {
                relevance.assign(&outputs);
                sum(&outputs.to_vec(), |f| f)
            };
            chosen.push(ExplainedOutput { output, value });
        }
        chosen
    }

    /// From a level to those that its layer reads.
    fn hand_down(&mut self, level: usize, withheld: &mut Withheld) -> Result<(), Error> {
        self.check_domain(level)?;
        if let Some(fixed) = self.fixed.map(level - 1) {
            fixed.stranded(level, self.relevance.level(level), &mut withheld.lost);
            let (below, output) = self.relevance.step_down(level - 1, self.rules.len());
            fixed.spread(output, below);
            return Ok(());
        }
        let rule = &self.rules[level - 1];
        let sources: Vec<usize> = self.plan.network().layer(level).sources().collect();
        let activations = &self.activations;
        let x: Vec<_> = sources
            .iter()
            .map(|from| activations.level(*from))
            .collect();
        let at = LayerAt {
            level,
            x: &x,
            made: Some(activations.level(level)),
        };
        if let [from] = sources[..]
            && self.parts.is_only(from)
        {
            let (below, above) = self.relevance.step_down(from, level);
            rule.redistribute(at, above, &mut [below], &mut self.scratch, withheld);
            return Ok(());
        }
        let mut buffers = std::mem::take(&mut self.parts.buffers);
        let mut parts = fitting(&mut buffers, &x);
        let above = self.relevance.level(level);
        rule.redistribute(at, above, &mut parts, &mut self.scratch, withheld);
        for (part, from) in parts.iter().zip(sources) {
            self.parts
                .add(level, from, part.view(), self.relevance.level_mut(from));
        }
        self.parts.buffers = buffers;
        Ok(())
    }

    /// Relevance beyond f64 shows in the sums of the audit; the uppermost level is where it began.
    fn check_finite(&self, audits: &[Audit]) -> Result<(), Error> {
        for layer in (0..self.relevance.len()).rev() {
            let Some(sample) = audits
                .iter()
                .position(|audit| !audit.levels[layer].magnitude.is_finite())
            else {
                continue;
            };
            let level = self.relevance.level(layer);
            let relevance = level.row(sample);
            let largest = relevance
                .iter()
                .enumerate()
                .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
            let unit = largest.map_or(0, |(unit, _)| unit);
            return Err(Error::Overflow {
                what: "relevance",
                layer,
                unit,
                sample,
            });
        }
        Ok(())
    }

    /// The zᴮ rule is defined inside its box only.
    fn check_domain(&self, level: usize) -> Result<(), Error> {
        let Domain::Box(bounds) = self.plan.domain(level) else {
            return Ok(());
        };
        let below = self.plan.network().layer(level).branches()[0].from();
        for ((sample, i), &value) in self.activations.level(below).indexed_iter() {
            let [low, high] = bounds.at(i);
            if value < low || value > high {
                let name = match self.plan.network().names(below).get(i) {
                    Some(name) => format!("input {i} ({name})"),
                    None if below == 0 => format!("input {i}"),
                    None => format!("unit {i} of layer {below}"),
                };
                return Err(Error::OutOfBounds {
                    sample,
                    rule: self.plan.rule(level).to_string(),
                    name,
                    value,
                    low,
                    high,
                });
            }
        }
        Ok(())
    }
}

impl Batch<'_> {
    /// Number of samples.
    pub fn samples(&self) -> usize {
        self.relevance.samples()
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

    /// The relevance of level `l`, samples × units; 0 is the input.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn relevance(&self, l: usize) -> ArrayView2<'_, f64> {
        self.relevance.level(l)
    }

    /// What was explained of each sample.
    pub fn chosen(&self) -> &[ExplainedOutput] {
        &self.chosen
    }

    /// Why what is `lost` could not be handed on: what the values of the unit itself show.
    ///
    /// # Panics
    ///
    /// When it is not of this batch.
    pub fn cause(&self, lost: &Stranded) -> Cause {
        let value = self.activations.level(lost.layer)[[lost.sample, lost.unit]];
        let sources = self.plan.network().layer(lost.layer).sources();
        let x: Vec<_> = sources.map(|from| self.activations.level(from)).collect();
        let x: Vec<&[f64]> = x.iter().map(|x| row(x, lost.sample)).collect();
        let unit = Unit {
            layer: lost.layer,
            unit: lost.unit,
            x: &x,
            relevance: lost.relevance,
        };
        cause(self.plan, unit, lost.fraction, value)
    }

    /// The outputs that are the largest of sample `n` together, where there are several and the largest was asked
    /// for: the first is explained.
    ///
    /// # Panics
    ///
    /// When there is no such sample.
    pub fn tied(&self, n: usize) -> Vec<usize> {
        let outputs = self.activations.level(self.levels() - 1);
        self.targets[n].tied(outputs.row(n))
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

    /// For each sample, what the expansions come to on level 1, 2, …; none unless
    /// [asked for](Explainer::with_expansion).
    pub fn expansions(&self) -> Option<&[Vec<LevelExpansion>]> {
        self.expansions.as_deref()
    }

    /// The audit of each sample.
    pub fn audits(&self) -> &[Audit] {
        &self.audits
    }
}
