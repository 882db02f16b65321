//! What came of many networks of one candidate: counts, worst figures, and the spread over seeds.

use ndarray::Array2;

use super::Candidate;
use super::statistic::Statistic;
use super::trial::Outcome;
use crate::init::{Bias, Scheme, layers_of};
use crate::measure::{Checked, Spread, mean};
use crate::relevance::Policy;

/// What came of one candidate under one policy.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The scheme as it is spelt, or the name of the network.
    pub name: String,
    /// The scheme; none for a network as it is.
    pub scheme: Option<Scheme>,
    /// The layers of a network as it is.
    pub layers: Option<String>,
    /// The biases, where the scheme's own did not stand.
    pub bias: Option<Bias>,
    /// The rules.
    pub policy: Policy,
    /// How many networks there were.
    pub seeds: usize,
    /// How many explanations: seeds × samples.
    pub runs: usize,
    /// In how many of them f(x) ≠ 0.
    pub explained: usize,
    /// How many of them pass each check, and the worst figures.
    pub checked: Checked,
    /// The figures over the seeds, in the order of [`Statistic::ALL`]; none where no network has one within f64.
    pub spreads: [Option<Spread>; Statistic::ALL.len()],
    /// The mean cosine, over samples and pairs of seeds, between the relevances of the inputs; none where there is no pair.
    pub seed_agreement: Option<f64>,
}

impl Entry {
    /// A figure over the seeds.
    pub fn spread(&self, figure: Statistic) -> Option<Spread> {
        self.spreads[figure.index()]
    }
}

/// Outcomes as they are gathered, seed by seed.
pub struct Tally {
    runs: usize,
    explained: usize,
    seeds: usize,
    checked: Checked,
    values: [Vec<f64>; Statistic::ALL.len()],
    /// Σ of the directions of each sample, and how many there were.
    directions: Array2<f64>,
    directed: Vec<usize>,
}

impl Tally {
    pub fn new(samples: usize, inputs: usize) -> Self {
        Self {
            runs: 0,
            explained: 0,
            seeds: 0,
            checked: Checked::default(),
            values: std::array::from_fn(|_| Vec::new()),
            directions: Array2::zeros((samples, inputs)),
            directed: vec![0; samples],
        }
    }

    /// Adds what the next seed gave.
    pub fn add(&mut self, outcome: Outcome) {
        self.seeds += 1;
        self.runs += outcome.directions.nrows();
        self.explained += outcome.explained;
        self.checked.and(outcome.checked);
        for (values, value) in self.values.iter_mut().zip(outcome.values) {
            values.extend(value.filter(|value| value.is_finite()));
        }
        for (count, direction) in self.directed.iter_mut().zip(outcome.directions.rows()) {
            *count += usize::from(direction.iter().any(|d| *d != 0.0));
        }
        self.directions += &outcome.directions;
    }

    /// What it comes to.
    pub fn entry(self, candidate: &Candidate, policy: &Policy) -> Entry {
        let (scheme, bias, layers) = match candidate {
            Candidate::Drawn { scheme, bias } => (Some(*scheme), *bias, None),
            Candidate::Own { network, .. } => (None, None, Some(layers_of(network))),
        };
        Entry {
            name: candidate.name(),
            scheme,
            layers,
            bias,
            policy: policy.clone(),
            seeds: self.seeds,
            runs: self.runs,
            explained: self.explained,
            checked: self.checked,
            seed_agreement: self.seed_agreement(),
            spreads: self.values.map(Spread::of),
        }
    }

    /// The cosines of all pairs at once: `‖Σ d‖² = n + Σ_(s ≠ t) d_s·d_t` for n vectors of length 1.
    fn seed_agreement(&self) -> Option<f64> {
        let sums = self.directions.rows().into_iter().zip(&self.directed);
        mean(sums.filter(|(_, n)| **n > 1).map(|(sum, &n)| {
            let (n, square) = (n as f64, sum.iter().map(|d| d * d).sum::<f64>());
            (square - n) / (n * (n - 1.0))
        }))
    }
}
