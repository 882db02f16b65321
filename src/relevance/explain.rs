//! A network and a plan, prepared once, then used for batch after batch.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::audit::{Audit, Audited, TOLERANCE, audit};
use super::batch::{Batch, ExplainedOutput};
use super::expansion::{Expander, LevelExpansion, steps};
use super::fixed::FixedMaps;
use super::handed_on::largest_parts;
use super::parts::{Parts, fitting};
use super::plan::Plan;
use super::prepared::Redistribution;
use super::propagate::{LayerAt, Scratch};
use super::rule::Promises;
use super::target::Target;
use super::withheld::Withheld;
use crate::error::Error;
use crate::network::{Domain, Levels, each_sample, row, sum};

/// Explains batches of samples; its buffers are made for the largest batch and used again.
#[derive(Debug, Clone)]
pub struct Explainer<'n> {
    plan: Plan<'n>,
    rules: Vec<Redistribution<'n>>,
    fixed: FixedMaps,
    promises: Promises,
    tolerance: f64,
    expander: Option<Expander<'n>>,
    activations: Levels,
    relevance: Levels,
    parts: Parts,
    scratch: Scratch,
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
            promises: plan.promises(),
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
        self.expander = Some(Expander::new(self.plan.network()).with_bias(self.plan.rule_bias()));
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
    /// [`Error::OutOfBounds`] where an activation lies outside the box of its zᴮ rule; [`Error::Unreadable`] where a file that
    /// weights stay in was written to meanwhile.
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs.
    pub fn explain(
        &mut self,
        samples: ArrayView2<f64>,
        target: &Target,
    ) -> Result<Batch<'_>, Error> {
        let targets = Array2::from_elem((samples.nrows(), 1), *target);
        self.explain_several(samples, targets.view())
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
        self.explain_several(samples, ArrayView1::from(targets).insert_axis(Axis(1)))
    }

    /// The same with several targets for each sample: `targets` is samples × targets. They share the forward pass and what a
    /// rule makes of activations; each gives the same bits as alone.
    ///
    /// # Errors
    ///
    /// As with [`explain`](Self::explain).
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs, or `targets` not as many rows as there are samples.
    pub fn explain_several(
        &mut self,
        samples: ArrayView2<f64>,
        targets: ArrayView2<Target>,
    ) -> Result<Batch<'_>, Error> {
        assert_eq!(samples.nrows(), targets.nrows(), "targets for each sample");
        let targets: Vec<Target> = targets.t().iter().copied().collect();
        let network = self.plan.network();
        network.forward(samples, &mut self.activations)?;
        self.relevance.fit(network, targets.len());
        let chosen = self.start(&targets);
        let mut withheld = Withheld::default();
        self.parts.clear();
        for level in (1..=self.rules.len()).rev() {
            self.hand_down(level, &mut withheld)?;
        }
        network.check_unchanged()?;
        let explained = chosen.iter();
        let explained = explained.map(|one| (one.value, one.outputs().promises(self.promises)));
        let explained: Vec<_> = explained.collect();
        let audited = Audited {
            network,
            activations: &self.activations,
            relevance: &self.relevance,
            parts: &self.parts,
            tolerance: self.tolerance,
        };
        let mut audits = audit(&audited, &explained, withheld);
        self.check_finite(&audits)?;
        for (n, audit) in audits.iter_mut().enumerate() {
            if !audit.balance.holds {
                let steps = steps(network, &self.activations, &self.relevance, n);
                audit.balance.measure_by(largest_parts(&self.plan, steps));
            }
        }
        let expansions = self.expander.as_ref().map(|expander| self.expand(expander));
        network.check_unchanged()?;
        Ok(Batch {
            plan: &self.plan,
            targets,
            activations: &self.activations,
            relevance: &self.relevance,
            chosen,
            audits,
            expansions,
        })
    }

    /// The expansions of every explanation in figures, level by level from 1 up.
    fn expand(&self, expander: &Expander) -> Vec<Vec<LevelExpansion>> {
        let explanations = self.relevance.samples();
        // Every unit is looked at on its own: worth a thread for each sample.
        each_sample(explanations, usize::MAX, |n| {
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
        let mut chosen = Vec::with_capacity(targets.len());
        let rows = relevance.rows_mut().into_iter().zip(targets);
        for (n, (mut relevance, target)) in rows.enumerate() {
            let outputs = outputs.row(n % outputs.nrows());
            let explained = target.choose(outputs);
            let parts = relevance.iter_mut().zip(outputs).enumerate();
            parts.for_each(|(k, (r, &x))| *r = explained.part(k, x));
            chosen.push(ExplainedOutput {
                output: explained.output,
                minus: explained.minus,
                value: sum(&relevance.to_vec(), |r| r),
            });
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
        let above = self.relevance.level(level);
        let mut parts = fitting(&mut buffers, above.nrows(), &x);
        rule.redistribute(at, above, &mut parts, &mut self.scratch, withheld);
        for (part, from) in parts.iter().zip(sources) {
            self.parts
                .add(level, from, part.view(), self.relevance.level_mut(from));
        }
        self.parts.buffers = buffers;
        Ok(())
    }

    /// Relevance beyond f64 shows in the sums of the audit; the uppermost level is where it began. What is lost or absorbed can
    /// leave f64, too, where a level does not.
    fn check_finite(&self, audits: &[Audit]) -> Result<(), Error> {
        for layer in (0..self.relevance.len()).rev() {
            let is_beyond = |audit: &Audit| {
                let level = audit.levels[layer];
                !(level.magnitude.is_finite() && level.gap.is_finite())
            };
            let Some(n) = audits.iter().position(is_beyond) else {
                continue;
            };
            let level = self.relevance.level(layer);
            let relevance = level.row(n);
            let largest = relevance
                .iter()
                .enumerate()
                .max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
            let unit = largest.map_or(0, |(unit, _)| unit);
            return Err(Error::Overflow {
                what: "relevance",
                layer,
                unit,
                sample: n % self.activations.samples(),
            });
        }
        let samples = self.activations.samples();
        let found = audits.iter().enumerate().find_map(|(n, audit)| {
            let withheld = audit.beyond_f64()?;
            Some((n, withheld))
        });
        found.map_or(Ok(()), |(n, (layer, unit))| {
            Err(Error::Overflow {
                what: "relevance",
                layer,
                unit,
                sample: n % samples,
            })
        })
    }

    /// The zᴮ rule is defined inside its box only.
    fn check_domain(&self, level: usize) -> Result<(), Error> {
        let Domain::Box(bounds) = self.plan.domain(level) else {
            return Ok(());
        };
        let below = self.plan.network().layer(level).branches()[0].from();
        let x = self.activations.level(below);
        let outside = each_sample(x.nrows(), x.len(), |sample| {
            let outside = bounds.outside(row(&x, sample));
            outside.first().map(|&i| (sample, i))
        });
        if let Some((sample, i)) = outside.into_iter().flatten().next() {
            let ([low, high], value) = (bounds.at(i), x[[sample, i]]);
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
        Ok(())
    }
}
