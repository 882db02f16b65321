//! Which rule to use: several of them on the same network and samples, measured by what is asked of an explanation.
//!
//! With R(x) the relevance of the inputs of a sample x, N samples, and means over those of them for which a figure is defined:
//!
//! * **Conservation and positivity**: of how many samples each holds, as the [audit](crate::relevance::audit) checks it.
//! * **Balance**: `f(x) = Σ R_i + lost + absorbed`, each over `Σ |f(x)|`; [`BalanceParts`]. Of a gradient method how many
//!   explanations are [complete](crate::relevance::Completeness), from the baseline 0, stands in its place; [`Completed`].
//! * **Concentration**: [effective inputs](crate::measure::Concentration), from 1 to the number of inputs, and the largest
//!   share.
//! * **Pixel flipping** (Bach et al. 2015, section *Pixel-flipping*; Samek et al. 2017): the most relevant inputs are set to
//!   0 first, in batches, and f is watched falling; the [area](crate::measure::flipping::area_over) over its curve is the mean
//!   of `1 − Σ f / Σ f(x)`: 0 where f stays, above 1 where it falls below 0, below 0 where it rises; the larger the better, beside that of random orders, ten for each sample.
//! * **Agreement**: the mean cosine of R with that of another rule, from −1 to 1.
//! * **Stability**: a noisy copy x' has each x_i at a value drawn evenly from `[x_i − δ_i, x_i + δ_i]`, as far as that is
//!   within the bounds, with δ_i the [size](Noise::size) times `h_i − l_i`, or, without bounds, times the range of the values
//!   of all samples and 0. The mean cosine of R(x) and R(x'), from −1 to 1; and the *sensitivity*, the mean of
//!   `(‖R(x') − R(x)‖ / ‖R(x)‖) / (‖x' − x‖ / ‖x‖)`, ≥ 0 (Alvarez-Melis and Jaakkola 2018; relative as in Agarwal et al. 2022).
//! * **Randomisation** (Adebayo et al. 2018, *Sanity Checks for Saliency Maps*, section 3: cascading): the layers with
//!   weights are [drawn anew](crate::init::randomised), the top one, then the top two, down to the first. An explanation of
//!   what the network has learnt changes: its mean cosine with the one before, from −1 to 1, falls below
//!   [`SAME`](crate::measure::SAME). The mean rank correlation stands beside it. f(x) can change its sign with the weights:
//!   the shares R / f(x) are compared.
//!
//! The output that is explained is that of the sample as it is, also under noise and other weights. A figure is none where
//! nothing defines it: a cosine with 0, a relevance of f(x) = 0.
//!
//! Nothing depends on the number of threads or on how many samples are explained at once, but for
//! [`seconds`](RuleFindings::seconds).
//!
//! ```
//! use deeptaylor::evaluate::{Examination, Noise, Randomisation};
//! use deeptaylor::init::{Family, Scheme};
//! use deeptaylor::network::Memory;
//! use deeptaylor::relevance::Policy;
//! use deeptaylor::{Network, Rule, Target};
//!
//! let network = Network::figure_4();
//! let samples = network.samples().clone();
//! let examination = Examination {
//!     targets: vec![Target::Max; samples.nrows()],
//!     samples,
//!     network: &network,
//!     candidates: [Rule::WSquared, Rule::Flat].map(|rule| Policy::new(rule, Vec::new()).into()).to_vec(),
//!     tolerance: 1e-9,
//!     batches: 28,
//!     noise: Noise { size: 0.05, copies: 5 },
//!     randomisation: Randomisation { scheme: Scheme::of(Family::HeNormal), draws: 3 },
//!     seed: 1,
//!     memory: Memory::default(),
//! };
//! let findings = examination.run(|_| ())?;
//! // flat looks at no weight: it is the same under any.
//! let flat = findings.rules[1].randomised.last().and_then(|likeness| likeness.cosine);
//! assert!(flat.is_none_or(|cosine| (cosine - 1.0).abs() < 1e-12));
//! # Ok::<(), deeptaylor::Error>(())
//! ```

mod candidate;
mod explaining;
mod findings;
mod likeness;
mod noise;
mod part;

use ndarray::Array2;

pub use candidate::{By, Candidate};
pub use findings::{BalanceParts, Completed, Findings, RuleFindings, Stability};
pub use likeness::MeanLikeness;
pub use noise::Noise;

use crate::error::Error;
use crate::init::Scheme;
use crate::measure::{cosine, flipping};
use crate::network::{Memory, Network, row};
use crate::relevance::Target;
use explaining::{Explaining, Settings};
use findings::{Records, curve};
use likeness::Explained;
use noise::Room;
use part::{Part, of};

/// Samples that are explained at once, at the most.
const BATCH: usize = 256;

/// In so many random orders the inputs of every sample are set to 0.
const RANDOM_ORDERS: usize = 10;

/// Networks of more weights than this are not drawn side by side: 64 MiB each.
const SIDE_BY_SIDE: usize = 1 << 23;

/// What is to be found out, and on what.
#[derive(Debug, Clone)]
pub struct Examination<'n> {
    /// The network.
    pub network: &'n Network,
    /// The rules and gradient methods.
    pub candidates: Vec<Candidate>,
    /// samples × inputs
    pub samples: Array2<f64>,
    /// The output that is explained, for each sample.
    pub targets: Vec<Target>,
    /// Of the conservation check, relative to Σ|R| of the output level.
    pub tolerance: f64,
    /// In how many batches the inputs are set to 0; no more than there are inputs.
    pub batches: usize,
    /// The noise in the inputs.
    pub noise: Noise,
    /// How weights are drawn anew.
    pub randomisation: Randomisation,
    /// Of the noise, the random order and the first draw of weights; the others follow it one by one.
    pub seed: u64,
    /// How much memory the samples that are explained at once may take.
    pub memory: Memory,
}

/// How weights are drawn anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Randomisation {
    /// The distribution of the weights, and of the biases that it has of itself.
    pub scheme: Scheme,
    /// How many networks are drawn for each number of layers.
    pub draws: usize,
}

impl Examination<'_> {
    /// Explains everything: `done` is called with a number of explanations that are done, from any thread.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] where a rule is not defined on the network, [`Error::Comparison`] where there is nothing to compare, and
    /// [`Error::Of`] with the rule, and the layers that were drawn anew, where a number leaves the range of f64 or a value its
    /// bounds.
    ///
    /// # Panics
    ///
    /// When the samples do not have as many values as the network inputs, or not a target each.
    pub fn run(&self, done: impl Fn(usize) + Sync) -> Result<Findings, Error> {
        assert_eq!(
            self.samples.nrows(),
            self.targets.len(),
            "a target for each sample"
        );
        let settings = self.settings();
        let each = self.candidates.iter();
        let each = each.map(|candidate| Explaining::new(candidate, self.network, settings));
        let mut explaining = each.collect::<Result<Vec<Explaining>, Error>>()?;
        if explaining.is_empty() || self.samples.nrows() == 0 || self.batches == 0 {
            let missing = "there is no rule, no sample or no batch to evaluate";
            return Err(Error::Comparison(missing.to_owned()));
        }
        let (layers, draws) = (self.layers(), self.randomisation.draws);
        let mut records: Vec<Records> = (explaining.iter())
            .map(|_| Records::new(explaining.len(), layers.len(), draws))
            .collect();
        let room = Room::new(
            self.network,
            self.samples.view(),
            self.noise.size,
            self.seed,
        );
        let mut random = flipping::random_orders(self.samples.ncols(), self.seed);
        let mut random_left = vec![Vec::new(); RANDOM_ORDERS];
        let rows = settings.rows;
        for first in (0..self.samples.nrows()).step_by(rows) {
            let part = Part::new(self, first, rows)?;
            // The orders of a sample follow one another, however many samples are explained at once.
            let mut orders = vec![Vec::new(); RANDOM_ORDERS];
            for _ in 0..part.samples() {
                (orders.iter_mut().zip(random.by_ref()))
                    .for_each(|(orders, order)| orders.push(order));
            }
            for (orders, left) in orders.iter().zip(&mut random_left) {
                part.flip(orders, left)?;
            }
            let mut originals = Vec::new();
            let at_work = self.candidates.iter().zip(&mut explaining);
            for ((candidate, explaining), records) in at_work.zip(&mut records) {
                let original = part.original(explaining, &room, records);
                originals.push(original.map_err(|error| of(candidate.name.clone(), error))?);
                done(part.samples() * (1 + self.noise.copies));
            }
            agree(&originals, &mut records);
            part.randomise(&layers, &originals, &mut records, &done)?;
        }
        let rules = records.iter().zip(&self.candidates);
        Ok(Findings {
            rules: rules
                .map(|(records, candidate)| records.findings(&candidate.name))
                .collect(),
            randomised: layers,
            random_flipping: curve(&random_left),
        })
    }

    /// How many explanations there are to make.
    pub fn explanations(&self) -> usize {
        let randomised = self.layers().len() * self.randomisation.draws;
        let each = 1 + self.noise.copies + randomised;
        (self.samples.nrows() * self.candidates.len()).saturating_mul(each)
    }

    /// At how many points the network is looked at for them: a gradient method takes several for one explanation.
    pub fn points(&self) -> usize {
        let points: usize = self.candidates.iter().map(Candidate::points).sum();
        (self.explanations() / self.candidates.len().max(1)).saturating_mul(points)
    }

    fn settings(&self) -> Settings {
        Settings {
            tolerance: self.tolerance,
            seed: self.seed,
            rows: self.rows(),
        }
    }

    /// The layers that are drawn anew, by their levels, from the top down.
    fn layers(&self) -> Vec<usize> {
        let layers = self.network.by_level().rev();
        let drawn = layers.filter(|(_, layer)| layer.has_weights());
        drawn.map(|(level, _)| level).collect()
    }

    /// How many samples are explained at once.
    fn rows(&self) -> usize {
        let side_by_side = if self.is_small() {
            rayon::current_num_threads()
        } else {
            1
        };
        let memory = self.memory.shared_by(side_by_side);
        memory.rows(self.network, BATCH)
    }

    /// Whether several networks of its size are drawn side by side.
    fn is_small(&self) -> bool {
        let layers = self.network.layers().iter();
        let weights = layers.filter(|layer| layer.has_weights());
        weights
            .map(|layer| layer.linear().parameters())
            .sum::<usize>()
            <= SIDE_BY_SIDE
    }
}

/// How alike the rules are on the same samples.
fn agree(originals: &[Explained], records: &mut [Records]) {
    for (one, records) in originals.iter().zip(records) {
        for (other, cosines) in originals.iter().zip(&mut records.agreement) {
            let (a, b) = (one.relevance(), other.relevance());
            let rows = (0..a.nrows()).map(|n| cosine(row(&a, n), row(&b, n)));
            cosines.extend(rows);
        }
    }
}
