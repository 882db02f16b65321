//! Many runs of one candidate become one entry: counts, worst figures, and the spread over seeds.

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Candidate;
use super::figure::{Figure, mean};
use super::run::Run;
use crate::init::{Architecture, Bias, Scheme};
use crate::relevance::{Checks, Policy};

/// What came of one candidate under one policy.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The scheme as it is spelt, or the name of the network.
    pub name: String,
    /// The scheme; none for a network of one's own.
    pub scheme: Option<Scheme>,
    /// The layers of a network of one's own.
    pub layers: Option<Architecture>,
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
    /// In how many every layer sums to f(x).
    pub conserved: usize,
    /// In how many no relevance is below 0.
    pub positive: usize,
    /// Whether both held in all of them, and the worst figures.
    pub checks: Checks,
    /// The figures over the seeds, in the order of [`Figure::ALL`]; none where no network has one within f64.
    pub spreads: [Option<Spread>; Figure::ALL.len()],
    /// The mean cosine, over samples and pairs of seeds, between the relevances of the inputs; none where there is no pair.
    pub seed_agreement: Option<f64>,
}

/// How a figure is spread over the seeds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "spread")]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1; null where there is one seed, and where it is beyond f64.
    pub sd: Option<f64>,
    /// Least, lower quartile, median, upper quartile, largest.
    pub quartiles: [f64; 5],
}

impl Entry {
    /// A figure over the seeds.
    pub fn spread(&self, figure: Figure) -> Option<Spread> {
        self.spreads[figure.index()]
    }
}

/// Runs as they are gathered.
pub struct Tally {
    runs: usize,
    explained: usize,
    conserved: usize,
    positive: usize,
    seeds: usize,
    checks: Option<Checks>,
    values: [Vec<f64>; Figure::ALL.len()],
    /// Σ of the directions of each sample, and how many there were.
    directions: Array2<f64>,
    directed: Vec<usize>,
}

impl Tally {
    /// For samples × inputs.
    pub fn new((samples, inputs): (usize, usize)) -> Self {
        Self {
            runs: 0,
            explained: 0,
            conserved: 0,
            positive: 0,
            seeds: 0,
            checks: None,
            values: std::array::from_fn(|_| Vec::new()),
            directions: Array2::zeros((samples, inputs)),
            directed: vec![0; samples],
        }
    }

    /// Adds what the next seed gave.
    pub fn add(&mut self, run: Run) {
        self.seeds += 1;
        self.runs += run.directions.nrows();
        self.explained += run.explained;
        self.conserved += run.conserved;
        self.positive += run.positive;
        self.checks = Some(match self.checks {
            Some(checks) => checks.and(run.checks),
            None => run.checks,
        });
        for (values, value) in self.values.iter_mut().zip(run.values) {
            values.extend(value.filter(|value| value.is_finite()));
        }
        for (count, direction) in self.directed.iter_mut().zip(run.directions.rows()) {
            *count += usize::from(direction.iter().any(|d| *d != 0.0));
        }
        self.directions += &run.directions;
    }

    /// What it comes to.
    pub fn entry(self, candidate: &Candidate, policy: &Policy) -> Entry {
        let (scheme, bias, layers) = match candidate {
            Candidate::Drawn { scheme, bias } => (Some(*scheme), *bias, None),
            Candidate::Own { network, .. } => (None, None, Some(Architecture::of(network))),
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
            conserved: self.conserved,
            positive: self.positive,
            checks: self.checks.unwrap_or(Checks::NONE),
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

impl Spread {
    /// Of these values; none where there is none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        let mean = mean(values.iter().copied())?;
        values.sort_unstable_by(f64::total_cmp);
        let n = values.len();
        Some(Self {
            mean,
            sd: (n > 1)
                .then(|| deviation(&values, mean))
                .filter(|sd| sd.is_finite()),
            quartiles: [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| quantile(&values, part)),
        })
    }
}

/// The standard deviation with n − 1, in parts of the largest, so that no square leaves f64.
fn deviation(values: &[f64], mean: f64) -> f64 {
    let largest = values
        .iter()
        .fold(0.0_f64, |most, v| most.max((v - mean).abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let apart = values.iter().map(|v| (v - mean) / largest);
    let squares: f64 = apart.map(|v| v * v).sum();
    largest * (squares / (values.len() as f64 - 1.0)).sqrt()
}

/// The value below which a part of the sorted values lies, between two of them in proportion.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index of the list"
    )]
    let below = place.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(sorted.len() - 1)]);
    let along = place - place.floor();
    low * (1.0 - along) + high * along
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::Spread;

    #[test]
    fn the_spread_of_five_values_by_hand() {
        let spread = Spread::of(vec![4.0, 1.0, 2.0, 5.0, 3.0]).expect("values");
        assert_relative_eq!(spread.quartiles[..], [1.0, 2.0, 3.0, 4.0, 5.0]);
        // Σ (x − 3)² = 10, over n − 1 = 4.
        assert_relative_eq!(spread.mean, 3.0);
        assert_relative_eq!(spread.sd.expect("five values"), 2.5_f64.sqrt());
    }

    #[test]
    fn one_value_has_no_deviation_and_no_value_no_spread() {
        let one = Spread::of(vec![2.0]).expect("a value");
        assert_relative_eq!(one.quartiles[..], [2.0; 5]);
        assert_eq!(one.sd, None);
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn values_at_the_end_of_f64_have_a_finite_spread() {
        let spread = Spread::of(vec![1.5e308, -1.5e308, 1.5e308]).expect("values");
        assert!(spread.mean.is_finite() && spread.quartiles.iter().all(|q| q.is_finite()));
    }
}
