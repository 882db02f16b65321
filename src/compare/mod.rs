//! How the choice of weights changes what relevance says: schemes drawn many times, beside networks as they are.
//!
//! Every network is [explained](Trial) on the same samples and measured ([`Statistic`]); what is kept of it is a number
//! for each figure, so that memory does not grow with the samples times the seeds.
//! Networks are drawn and explained on all cores, and gathered in the order of their seeds: the results are the same
//! bits for any number of threads.
//!
//! ```
//! use deeptaylor::compare::{Candidate, Experiment, Statistic, draw_samples};
//! use deeptaylor::init::{Architecture, Scheme};
//! use deeptaylor::relevance::{Policy, Rule, Target};
//!
//! let architecture: Architecture = "3,5,pool".parse()?;
//! let scheme: Scheme = "he-normal".parse()?;
//! let experiment = Experiment {
//!     samples: draw_samples(architecture.input(), 3, 100, 1),
//!     architecture,
//!     candidates: vec![Candidate::Drawn { scheme, bias: None }],
//!     policies: vec![Policy::new(Rule::WSquared, Vec::new())],
//!     first_seed: 1,
//!     seeds: 20,
//!     target: Target::Max,
//!     tolerance: 1e-9,
//! };
//! let entries = experiment.run(|| ())?;
//! assert_eq!(entries[0].checked.conserved, 20 * 100);
//! let effective = entries[0].spread(Statistic::EffectiveInputs).expect("there is relevance");
//! assert!(effective.mean > 1.0 && effective.mean < 3.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod samples;
mod statistic;
mod tally;
mod trial;

use ndarray::Array2;
use rayon::prelude::*;

pub use samples::draw_samples;
pub use statistic::{Statistic, StatisticValues};
pub use tally::Entry;
pub use trial::{Outcome, Trial};

use crate::error::Error;
use crate::init::{Architecture, Bias, Scheme};
use crate::network::Network;
use crate::relevance::{Policy, Target};
use crate::words::count;
use tally::Tally;

/// Seeds that are explained before they are gathered.
const AT_ONCE: usize = 64;

/// Values at the inputs that seeds waiting to be gathered may hold: 64 MiB.
const WAITING: usize = 1 << 23;

/// What is compared, and on what.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// The shape of the networks that are drawn.
    pub architecture: Architecture,
    /// What takes part.
    pub candidates: Vec<Candidate>,
    /// The rules under which each is explained.
    pub policies: Vec<Policy>,
    /// The first seed.
    pub first_seed: u64,
    /// How many networks of a scheme are drawn.
    pub seeds: usize,
    /// samples × inputs
    pub samples: Array2<f64>,
    /// The output that is explained.
    pub target: Target,
    /// Of the conservation check, relative to Σ|R| of the output level.
    pub tolerance: f64,
}

/// One that takes part.
#[derive(Debug, Clone)]
pub enum Candidate {
    /// Weights drawn by a scheme, and biases by another, or as the scheme has them.
    Drawn {
        /// The weights.
        scheme: Scheme,
        /// The biases.
        bias: Option<Bias>,
    },
    /// A network as it is.
    Own {
        /// What it is called.
        name: String,
        /// The network.
        network: Box<Network>,
    },
}

impl Experiment {
    /// Explains everything: an entry for each candidate under each policy, policies of a candidate side by side.
    ///
    /// `done` is called after every network, from any thread.
    ///
    /// # Errors
    ///
    /// [`Error::Comparison`] where there is nothing to compare or the samples do not fit a network, and
    /// [`Error::Of`] where a network cannot be explained.
    pub fn run(&self, done: impl Fn() + Sync) -> Result<Vec<Entry>, Error> {
        self.check()?;
        let mut entries = Vec::new();
        for candidate in &self.candidates {
            entries.extend(self.entries(candidate, &done)?);
        }
        Ok(entries)
    }

    /// How many networks there are to explain.
    pub fn networks(&self) -> usize {
        self.candidates
            .iter()
            .map(|candidate| self.seeds_of(candidate))
            .sum()
    }

    fn seeds_of(&self, candidate: &Candidate) -> usize {
        match candidate {
            Candidate::Drawn { .. } => self.seeds,
            Candidate::Own { .. } => 1,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let nothing = |what: &str| Err(Error::Comparison(format!("there is no {what} to compare")));
        if self.networks() == 0 {
            return nothing("network");
        }
        if self.policies.is_empty() {
            return nothing("rule");
        }
        if self.samples.nrows() == 0 {
            return nothing("sample");
        }
        for candidate in &self.candidates {
            if let Candidate::Own { name, network } = candidate
                && let Some(index) = (self.target.outputs()).find(|&k| k >= network.output_units())
            {
                return Err(Error::Comparison(format!(
                    "{name} has {} and no output {index}, which is to be explained",
                    count(network.output_units(), "output"),
                )));
            }
            if let Candidate::Own { name, network } = candidate
                && network.input_units() != self.samples.ncols()
            {
                return Err(Error::Comparison(format!(
                    "{name} has {}, the samples {}: networks are compared on the same samples",
                    count(network.input_units(), "input"),
                    count(self.samples.ncols(), "value"),
                )));
            }
        }
        Ok(())
    }

    /// One candidate under every policy.
    fn entries(
        &self,
        candidate: &Candidate,
        done: &(impl Fn() + Sync),
    ) -> Result<Vec<Entry>, Error> {
        let seeds = self.seeds_of(candidate);
        let values = self.samples.len() * self.policies.len();
        let at_once = (WAITING / values.max(1)).clamp(1, AT_ONCE);
        let mut tallies: Vec<Tally> = self
            .policies
            .iter()
            .map(|_| Tally::new(self.samples.nrows(), self.samples.ncols()))
            .collect();
        for first in (0..seeds).step_by(at_once) {
            let seeds: Vec<u64> = (first..seeds.min(first + at_once))
                .map(|n| self.first_seed.wrapping_add(n as u64))
                .collect();
            let explain = |&seed: &u64| {
                let outcomes = self.explain(candidate, seed);
                done();
                outcomes
            };
            // One network has all cores for its own products.
            let explained: Vec<_> = if seeds.len() == 1 {
                seeds.iter().map(explain).collect()
            } else {
                seeds.par_iter().map(explain).collect()
            };
            for outcomes in explained {
                for (tally, outcome) in tallies.iter_mut().zip(outcomes?) {
                    tally.add(outcome);
                }
            }
        }
        let named = tallies.into_iter().zip(&self.policies);
        Ok(named
            .map(|(tally, policy)| tally.entry(candidate, policy))
            .collect())
    }

    /// One network under every policy.
    fn explain(&self, candidate: &Candidate, seed: u64) -> Result<Vec<Outcome>, Error> {
        let of = |error: Error| Error::Of {
            network: candidate.name_with(seed),
            error: Box::new(error),
        };
        let drawn;
        let network = match candidate {
            Candidate::Own { network, .. } => &**network,
            Candidate::Drawn { scheme, bias } => {
                drawn = self
                    .architecture
                    .draw(*scheme, *bias, seed)
                    .map_err(|invalid| of(invalid.into()))?;
                &drawn
            }
        };
        let trial = |policy| Trial {
            samples: self.samples.view(),
            policy,
            target: self.target,
            tolerance: self.tolerance,
        };
        self.policies
            .iter()
            .map(|policy| trial(policy).run(network).map_err(of))
            .collect()
    }
}

impl Candidate {
    /// The scheme as it is spelt, or the name of the network.
    pub fn name(&self) -> String {
        match self {
            Self::Drawn { scheme, .. } => scheme.to_string(),
            Self::Own { name, .. } => name.clone(),
        }
    }

    fn name_with(&self, seed: u64) -> String {
        match self {
            Self::Drawn { scheme, .. } => format!("{scheme}, seed {seed}"),
            Self::Own { name, .. } => name.clone(),
        }
    }
}
