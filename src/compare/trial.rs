//! One network, explained on all samples.

use ndarray::{Array2, ArrayView2, s};

use super::statistic::{Statistic, StatisticValues, kurtosis};
use crate::error::Error;
use crate::measure::{
    Checked, Concentration, Explained, cosine_of_sizes, largest_size, length_beside, mean, share,
};
use crate::network::{Memory, Network, each_row, row};
use crate::relevance::{Batch, Explainer, Policy, Target};

/// Samples that are explained at once, at the most.
const BATCH: usize = 256;

/// What one network gives under one policy, over all samples.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How many samples have relevance at all: f(x) ≠ 0.
    pub explained: usize,
    /// How many of the samples pass each check.
    pub checked: Checked,
    /// The measurements.
    pub values: StatisticValues,
    /// R at the inputs, to length 1, samples × inputs; 0 where there is no relevance.
    pub directions: Array2<f64>,
}

/// What is explained, and how.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'t> {
    /// samples × inputs
    pub samples: ArrayView2<'t, f64>,
    /// The rules.
    pub policy: &'t Policy,
    /// The output.
    pub target: Target,
    /// Of the conservation check.
    pub tolerance: f64,
}

impl Trial<'_> {
    /// Explains every sample and measures what comes out.
    ///
    /// # Errors
    ///
    /// As [`Policy::plan`] and [`Explainer::explain`].
    pub fn run(&self, network: &Network) -> Result<Outcome, Error> {
        let plan = self.policy.plan(network)?;
        let mut explainer = Explainer::new(&plan).tolerance(self.tolerance);
        let mut measured = Measured::new(network, self.samples);
        // Trials run side by side.
        let memory = Memory::default().shared_by(rayon::current_num_threads());
        let rows = memory.rows(network, BATCH);
        for first in (0..self.samples.nrows()).step_by(rows) {
            let last = (first + rows).min(self.samples.nrows());
            let batch = explainer
                .explain(self.samples.slice(s![first..last, ..]), &self.target)
                .map_err(|error| error.counted_from(first))?;
            measured.add(&batch, first);
        }
        Ok(measured.outcome(kurtosis(network)))
    }
}

/// What is gathered batch by batch.
struct Measured {
    /// Of every detection unit of every level, whether it fired for a sample.
    fired: Vec<Vec<bool>>,
    samples: Vec<MeasuredSample>,
    directions: Array2<f64>,
}

/// One sample.
struct MeasuredSample {
    explained: Explained,
    concentration: Option<Concentration>,
    value_agreement: Option<f64>,
}

impl MeasuredSample {
    /// Measures sample `n` of a batch, and writes down where the relevance of its inputs points.
    fn of(batch: &Batch, n: usize, direction: &mut [f64]) -> Self {
        let (x, relevance) = (batch.activations(0), batch.relevance(0));
        let (x, r) = (row(&x, n), row(&relevance, n));
        let concentration = Concentration::of(r);
        if concentration.is_some() {
            to_length_1(r, direction);
        }
        Self {
            explained: Explained::of(batch, n),
            concentration,
            value_agreement: cosine_of_sizes(r, x),
        }
    }
}

impl Measured {
    fn new(network: &Network, samples: ArrayView2<f64>) -> Self {
        let detection = network.layers().iter().map(|layer| {
            if layer.activation().detects() {
                vec![false; layer.units()]
            } else {
                Vec::new()
            }
        });
        Self {
            // Inputs detect nothing.
            fired: std::iter::once(Vec::new()).chain(detection).collect(),
            samples: Vec::with_capacity(samples.nrows()),
            directions: Array2::zeros(samples.dim()),
        }
    }

    /// Adds a batch whose first sample is number `first`.
    fn add(&mut self, batch: &Batch, first: usize) {
        for (level, fired) in self.fired.iter_mut().enumerate() {
            for x in batch.activations(level).rows() {
                for (fired, &x) in fired.iter_mut().zip(x) {
                    *fired |= x > 0.0;
                }
            }
        }
        let rows = first..first + batch.samples();
        let directions = self.directions.slice_mut(s![rows, ..]);
        let measured = each_row(directions, |n, direction| {
            MeasuredSample::of(batch, n, direction)
        });
        self.samples.extend(measured);
    }

    fn outcome(self, kurtosis: Option<f64>) -> Outcome {
        let explained = || self.samples.iter().map(|sample| &sample.explained);
        let spread = |figure: fn(&Concentration) -> f64| {
            let known = self.samples.iter();
            mean(known.filter_map(|sample| sample.concentration.as_ref().map(figure)))
        };
        let whole = mean(explained().map(|sample| sample.f.abs()));
        let part = |of: fn(&Explained) -> f64| share(mean(explained().map(of))?, whole?);
        let agreement = self.samples.iter().filter_map(|s| s.value_agreement);
        let value = |figure| match figure {
            Statistic::Output => mean(explained().map(|sample| sample.f)),
            Statistic::LostShare => part(|sample| sample.lost),
            Statistic::SilentUnits => self.silent_units(),
            Statistic::SilentRelevance => part(|sample| sample.silent),
            Statistic::LargestShare => spread(|c| c.largest_share),
            Statistic::EffectiveInputs => spread(|c| c.effective_inputs),
            Statistic::Gini => spread(|c| c.gini),
            Statistic::ValueAgreement => mean(agreement.clone()),
            Statistic::Kurtosis => kurtosis,
        };
        Outcome {
            explained: explained().filter(|sample| sample.f != 0.0).count(),
            checked: explained().copied().collect(),
            values: Statistic::ALL.map(value),
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
    let largest = largest_size(r);
    let length = length_beside(r, largest);
    for (to, r) in direction.iter_mut().zip(r) {
        *to = r / largest / length;
    }
}
