//! One network, explained on all samples.

use ndarray::{Array2, ArrayView2, s};

use super::figure::{Concentration, Figure, Values, cosine_of_sizes, kurtosis, largest, mean};
use crate::error::Error;
use crate::network::{Activation, Network, each_row, row};
use crate::relevance::{Batch, Checks, Explainer, Policy, Target};

/// Samples that are explained at once.
const BATCH: usize = 256;

/// What one network gives under one policy, over all samples.
#[derive(Debug, Clone)]
pub struct Run {
    /// How many samples have relevance at all: f(x) ≠ 0.
    pub explained: usize,
    /// For how many samples every layer sums to f(x).
    pub conserved: usize,
    /// For how many samples no relevance is below 0.
    pub positive: usize,
    /// The worst figures of both.
    pub checks: Checks,
    /// The measurements.
    pub values: Values,
    /// R at the inputs, to length 1, samples × inputs; 0 where there is no relevance.
    pub directions: Array2<f64>,
}

/// What is explained, and how.
#[derive(Debug, Clone, Copy)]
pub struct Task<'t> {
    /// samples × inputs
    pub samples: ArrayView2<'t, f64>,
    /// The rules.
    pub policy: &'t Policy,
    /// The output.
    pub target: Target,
    /// Of the conservation check.
    pub tolerance: f64,
}

impl Task<'_> {
    /// Explains every sample and measures what comes out.
    ///
    /// # Errors
    ///
    /// As [`Policy::plan`] and [`Explainer::explain`].
    pub fn run(&self, network: &Network) -> Result<Run, Error> {
        let plan = self.policy.plan(network)?;
        let mut explainer = Explainer::new(&plan).tolerance(self.tolerance);
        let mut meter = Meter::new(network, self.samples);
        for first in (0..self.samples.nrows()).step_by(BATCH) {
            let last = (first + BATCH).min(self.samples.nrows());
            let batch = explainer
                .explain(self.samples.slice(s![first..last, ..]), &self.target)
                .map_err(|error| error.counted_from(first))?;
            meter.take(&batch, first);
        }
        Ok(meter.read(kurtosis(network)))
    }
}

/// What is gathered batch by batch.
struct Meter {
    /// Of every detection unit, whether it fired for a sample.
    fired: Vec<Vec<bool>>,
    conserved: usize,
    positive: usize,
    checks: Option<Checks>,
    samples: Vec<Measured>,
    directions: Array2<f64>,
}

/// One sample.
struct Measured {
    f: f64,
    lost: f64,
    silent: f64,
    concentration: Option<Concentration>,
    values: Option<f64>,
}

impl Measured {
    /// Measures sample `n` of a batch, and writes down where the relevance of its inputs points.
    fn of(batch: &Batch, n: usize, direction: &mut [f64]) -> Self {
        let audit = &batch.audits()[n];
        let (x, relevance) = (batch.activations(0), batch.relevance(0));
        let (x, r) = (row(&x, n), row(&relevance, n));
        let concentration = Concentration::of(r);
        if concentration.is_some() {
            to_length_1(r, direction);
        }
        let lost = audit.lost.iter().map(|stuck| stuck.relevance.abs());
        let silent = audit.silent.iter().map(|level| level.relevance.abs());
        Self {
            f: batch.chosen()[n].value,
            lost: lost.fold(0.0, |sum, lost| sum + lost),
            silent: silent.fold(0.0, f64::max),
            concentration,
            values: cosine_of_sizes(r, x),
        }
    }
}

impl Meter {
    fn new(network: &Network, samples: ArrayView2<f64>) -> Self {
        let fired = network
            .layers()
            .iter()
            .map(|layer| match layer.activation() {
                Activation::Relu => vec![false; layer.linear().outputs()],
                Activation::Identity => Vec::new(),
            });
        Self {
            fired: fired.collect(),
            conserved: 0,
            positive: 0,
            checks: None,
            samples: Vec::with_capacity(samples.nrows()),
            directions: Array2::zeros(samples.dim()),
        }
    }

    /// Adds a batch whose first sample is number `first`.
    fn take(&mut self, batch: &Batch, first: usize) {
        for (l, fired) in self.fired.iter_mut().enumerate() {
            for x in batch.activations(l + 1).rows() {
                for (fired, &x) in fired.iter_mut().zip(x) {
                    *fired |= x > 0.0;
                }
            }
        }
        for audit in batch.audits() {
            self.conserved += usize::from(audit.checks.conservation.holds);
            self.positive += usize::from(audit.checks.positivity.holds);
            self.checks = Some(match self.checks {
                Some(checks) => checks.and(audit.checks),
                None => audit.checks,
            });
        }
        let rows = first..first + batch.samples();
        let directions = self.directions.slice_mut(s![rows, ..]);
        let measured = each_row(directions, |n, direction| Measured::of(batch, n, direction));
        self.samples.extend(measured);
    }

    fn read(self, kurtosis: Option<f64>) -> Run {
        let samples = &self.samples;
        let concentration = |figure: fn(&Concentration) -> f64| {
            mean(
                samples
                    .iter()
                    .filter_map(|s| s.concentration.as_ref())
                    .map(figure),
            )
        };
        let whole = mean(samples.iter().map(|sample| sample.f.abs())).filter(|f| *f != 0.0);
        let part = |of: fn(&Measured) -> f64| Some(mean(samples.iter().map(of))? / whole?);
        let mut values = Values::default();
        for figure in Figure::ALL {
            values[figure.index()] = match figure {
                Figure::Output => mean(samples.iter().map(|sample| sample.f)),
                Figure::LostShare => part(|sample| sample.lost),
                Figure::SilentUnits => self.silent_units(),
                Figure::SilentRelevance => part(|sample| sample.silent),
                Figure::LargestShare => concentration(|c| c.largest_share),
                Figure::EffectiveInputs => concentration(|c| c.effective_inputs),
                Figure::Gini => concentration(|c| c.gini),
                Figure::ValueAgreement => mean(samples.iter().filter_map(|sample| sample.values)),
                Figure::Kurtosis => kurtosis,
            };
        }
        Run {
            explained: samples.iter().filter(|sample| sample.f != 0.0).count(),
            conserved: self.conserved,
            positive: self.positive,
            checks: self.checks.unwrap_or(Checks::NONE),
            values,
            directions: self.directions,
        }
    }

    fn silent_units(&self) -> Option<f64> {
        let units: usize = self.fired.iter().map(Vec::len).sum();
        let silent = self.fired.iter().flatten().filter(|fired| !**fired).count();
        (units > 0).then(|| silent as f64 / units as f64)
    }
}

/// `r / ‖r‖`
fn to_length_1(r: &[f64], direction: &mut [f64]) {
    let largest = largest(r);
    let square: f64 = r.iter().map(|r| (r / largest) * (r / largest)).sum();
    let length = square.sqrt();
    for (to, r) in direction.iter_mut().zip(r) {
        *to = r / largest / length;
    }
}
