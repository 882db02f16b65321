//! A network and a gradient method, prepared once, then used for batch after batch.

use super::audit::{TOLERANCE, denormal_rounding};
use super::batch::ExplainedOutput;
use super::completeness::Completeness;
use super::gradient::Gradient;
use super::points::{Points, Way};
use super::target::{Chosen, Target};
use crate::error::Error;
use crate::network::{Levels, Network, row, sum};
use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

/// Explains batches of samples by a gradient method; its buffers are made for the largest batch and used again.
#[derive(Debug, Clone)]
pub struct GradientExplainer<'n> {
    network: &'n Network,
    method: Gradient,
    baseline: Vec<f64>,
    /// The outputs at the baseline.
    at_baseline: Vec<f64>,
    seed: u64,
    rows: usize,
    tolerance: f64,
    activations: Levels,
    relevance: Array2<f64>,
    points: Points,
}

/// What a gradient method makes of one batch: an explanation a sample, or one for each target of each sample, in the order of
/// a [`Batch`](super::Batch).
#[derive(Debug)]
pub struct GradientBatch<'e> {
    network: &'e Network,
    /// Of every explanation.
    targets: Vec<Target>,
    /// Samples × units.
    activations: &'e Levels,
    /// Explanations × inputs.
    relevance: &'e Array2<f64>,
    chosen: Vec<ExplainedOutput>,
    completeness: Vec<Completeness>,
}

impl<'n> GradientExplainer<'n> {
    /// Gradients are taken at so many points at once unless told otherwise.
    const ROWS: usize = 256;

    /// A method for a network. The baseline is 0, the seed of the noise 0.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] where an activation at the baseline leaves the range of f64.
    pub fn new(network: &'n Network, method: Gradient) -> Result<Self, Error> {
        Self {
            network,
            method,
            baseline: Vec::new(),
            at_baseline: Vec::new(),
            seed: 0,
            rows: Self::ROWS,
            tolerance: TOLERANCE,
            activations: Levels::default(),
            relevance: Array2::zeros((0, network.input_units())),
            points: Points::default(),
        }
        .from(vec![0.0; network.input_units()])
    }

    /// The same from another baseline, a value an input. Integrated gradients alone have one; the completeness of the others is
    /// that from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] where the method has none, where there is not a finite value for each input, and where an activation at the
    /// baseline leaves the range of f64.
    pub fn with_baseline(self, baseline: Vec<f64>) -> Result<Self, Error> {
        let (inputs, method) = (self.network.input_units(), self.method);
        if !method.has_baseline() {
            return Err(refused(format!(
                "{method} has none; integrated-gradients has one"
            )));
        }
        if baseline.len() != inputs {
            return Err(refused(format!(
                "expected {inputs} values, one for each input, found {}",
                baseline.len()
            )));
        }
        if let Some(i) = baseline.iter().position(|x| !x.is_finite()) {
            return Err(refused(format!(
                "expected finite values, found {} for input {i}",
                baseline[i]
            )));
        }
        self.from(baseline)
    }

    /// From a baseline with a finite value for each input.
    fn from(mut self, baseline: Vec<f64>) -> Result<Self, Error> {
        let x = ArrayView1::from(&baseline).insert_axis(Axis(0));
        (self.network.forward(x, &mut self.activations)).map_err(|error| match error {
            Error::Overflow { layer, unit, .. } => refused(format!(
                "layer {layer}: the activation of unit {unit} overflows f64 (beyond 1.8e308)"
            )),
            other => other,
        })?;
        self.at_baseline = self.activations.level(self.network.top()).row(0).to_vec();
        self.baseline = baseline;
        Ok(self)
    }

    /// The same with noise of another seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The same taking gradients at no more than so many points at once; at least one. Results do not depend on it.
    #[must_use]
    pub fn with_rows(mut self, rows: usize) -> Self {
        self.rows = rows.max(1);
        self
    }

    /// The same with another tolerance for rounding in the check of completeness, relative to `Σ|R|`.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The method.
    pub fn method(&self) -> Gradient {
        self.method
    }

    /// The baseline, a value an input.
    pub fn baseline(&self) -> &[f64] {
        &self.baseline
    }

    /// The seed of the noise.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Explains a batch, samples × inputs, with a target and a number for each sample. The noise of a sample follows from the
    /// seed and its number alone.
    ///
    /// What happens to a sample is a function of that sample and its number alone: the same bits alone and in any batch, on any
    /// number of threads and any processor.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] where an activation or a relevance leaves the range of f64.
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs, or there are not as many targets or numbers as samples.
    pub fn explain_each(
        &mut self,
        samples: ArrayView2<f64>,
        targets: &[Target],
        numbers: &[usize],
    ) -> Result<GradientBatch<'_>, Error> {
        let targets = ArrayView1::from(targets).insert_axis(Axis(1));
        self.explain_several(samples, targets, numbers)
    }

    /// The same with several targets for each sample: `targets` is samples × targets. They share the forward passes; each gives
    /// the same bits as alone.
    ///
    /// # Errors
    ///
    /// As with [`explain_each`](Self::explain_each).
    ///
    /// # Panics
    ///
    /// When `samples` has not as many columns as the network has inputs, or there are not as many rows of targets, or numbers, as
    /// samples.
    pub fn explain_several(
        &mut self,
        samples: ArrayView2<f64>,
        targets: ArrayView2<Target>,
        numbers: &[usize],
    ) -> Result<GradientBatch<'_>, Error> {
        assert_eq!(samples.nrows(), targets.nrows(), "targets for each sample");
        assert_eq!(samples.nrows(), numbers.len(), "a number for each sample");
        let network = self.network;
        let targets: Vec<Target> = targets.t().iter().copied().collect();
        network.forward(samples, &mut self.activations)?;
        let outputs = self.activations.level(network.top());
        let chosen: Vec<ExplainedOutput> = (targets.iter().enumerate())
            .map(|(n, target)| explained(*target, outputs.row(n % samples.nrows())))
            .collect();
        self.relevance = Array2::zeros((targets.len(), samples.ncols()));
        let way = match self.method {
            Gradient::Plain | Gradient::TimesInput => Way::Here(&self.activations),
            Gradient::Integrated { steps } => Way::From {
                baseline: &self.baseline,
                steps,
            },
            Gradient::Smooth { copies, noise } => Way::Around {
                copies,
                noise,
                seed: self.seed,
                numbers,
            },
        };
        let mean = self.relevance.view_mut();
        self.points
            .mean(network, &way, samples, &chosen, self.rows, mean)?;
        self.weigh(samples);
        network.check_unchanged()?;
        self.check_finite(samples.nrows())?;
        let completeness = chosen.iter().enumerate();
        let completeness = completeness.map(|(n, chosen)| self.completeness(n, *chosen));
        Ok(GradientBatch {
            completeness: completeness.collect(),
            network,
            targets,
            activations: &self.activations,
            relevance: &self.relevance,
            chosen,
        })
    }
}

impl GradientExplainer<'_> {
    /// What the mean gradient of every sample is worth to its inputs.
    fn weigh(&mut self, samples: ArrayView2<f64>) {
        let rows = self.relevance.rows_mut().into_iter().enumerate();
        for (n, mut relevance) in rows {
            let x = samples.row(n % samples.nrows());
            match self.method {
                Gradient::Plain | Gradient::Smooth { .. } => {}
                Gradient::TimesInput => relevance *= &x,
                Gradient::Integrated { .. } => {
                    let differences = x.iter().zip(&self.baseline).map(|(x, from)| x - from);
                    relevance
                        .iter_mut()
                        .zip(differences)
                        .for_each(|(r, d)| *r *= d);
                }
            }
        }
    }

    /// Relevance beyond f64, of an input or in its sum, shows in `Σ|R|`.
    fn check_finite(&self, samples: usize) -> Result<(), Error> {
        let relevance = self.relevance.view();
        for n in 0..relevance.nrows() {
            let relevance = row(&relevance, n);
            if sum(relevance, f64::abs).is_finite() {
                continue;
            }
            let largest = relevance.iter().enumerate();
            let largest = largest.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
            return Err(Error::Overflow {
                what: "relevance",
                layer: 0,
                unit: largest.map_or(0, |(unit, _)| unit),
                sample: n % samples,
            });
        }
        Ok(())
    }

    fn completeness(&self, n: usize, chosen: ExplainedOutput) -> Completeness {
        let relevance = self.relevance.view();
        let relevance = row(&relevance, n);
        let (sum_of, size) = (sum(relevance, |r| r), sum(relevance, f64::abs));
        let baseline = value(chosen.outputs(), ArrayView1::from(&self.at_baseline));
        let gap = (chosen.value - baseline - sum_of).abs().min(f64::MAX);
        let (promised, tolerance) = self.method.promise(self.network);
        let rounding = self.tolerance;
        let units = self.network.units().iter().sum();
        let allowed = tolerance * (chosen.value - baseline).abs() + rounding * size;
        Completeness {
            value: chosen.value,
            baseline,
            sum: sum_of,
            gap,
            holds: gap <= allowed + denormal_rounding(units, rounding),
            promised,
            tolerance,
            rounding,
        }
    }
}

/// What is wrong with a baseline.
fn refused(what: String) -> Error {
    Error::Rule(format!("the baseline: {what}"))
}

/// What is explained of a sample with these outputs.
fn explained(target: Target, outputs: ArrayView1<f64>) -> ExplainedOutput {
    let chosen = target.choose(outputs);
    ExplainedOutput {
        output: chosen.output,
        minus: chosen.minus,
        value: value(chosen, outputs),
    }
}

/// f of outputs with these values.
fn value(chosen: Chosen, outputs: ArrayView1<f64>) -> f64 {
    let parts = outputs.iter().enumerate();
    let parts: Vec<f64> = parts.map(|(k, &x)| chosen.part(k, x)).collect();
    sum(&parts, |part| part)
}

impl GradientBatch<'_> {
    /// Number of samples.
    pub fn samples(&self) -> usize {
        self.activations.samples()
    }

    /// Number of explanations: samples × targets of each.
    pub fn explanations(&self) -> usize {
        self.relevance.nrows()
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

    /// The activations of level `l`, samples × units; 0 is the input.
    ///
    /// # Panics
    ///
    /// When there is no such level.
    pub fn activations(&self, l: usize) -> ArrayView2<'_, f64> {
        self.activations.level(l)
    }

    /// The relevance of the input, explanations × inputs; no other level has any.
    pub fn relevance(&self) -> ArrayView2<'_, f64> {
        self.relevance.view()
    }

    /// What was explained, of each explanation.
    pub fn chosen(&self) -> &[ExplainedOutput] {
        &self.chosen
    }

    /// Whether the relevance of each explanation adds up.
    pub fn completeness(&self) -> &[Completeness] {
        &self.completeness
    }

    /// The outputs that are the largest together in explanation `n`, where there are several and the largest was asked
    /// for: the first is explained.
    ///
    /// # Panics
    ///
    /// When there is no such explanation.
    pub fn tied(&self, n: usize) -> Vec<usize> {
        let outputs = self.activations.level(self.network.top());
        self.targets[n].tied(outputs.row(self.sample(n)))
    }

    /// The inputs that lie outside of their bounds in explanation `n`.
    ///
    /// # Panics
    ///
    /// When there is no such explanation.
    pub fn outside_bounds(&self, n: usize) -> Vec<usize> {
        let x = self.activations.level(0);
        (self.network.input().bounds.as_ref())
            .map_or_else(Vec::new, |bounds| bounds.outside(row(&x, self.sample(n))))
    }
}
