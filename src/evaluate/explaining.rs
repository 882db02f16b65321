//! A candidate at work on a network, batch by batch.

use ndarray::ArrayView2;

use super::candidate::{By, Candidate};
use super::likeness::Explained;
use crate::error::Error;
use crate::measure;
use crate::network::Network;
use crate::relevance::audit::Balance;
use crate::relevance::{Completeness, Explainer, GradientExplainer, Target};

/// A candidate at work.
pub(super) enum Explaining<'n> {
    Rules(Box<Explainer<'n>>),
    Gradient(Box<GradientExplainer<'n>>),
}

/// How the candidates are to work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// Of the checks.
    pub(super) tolerance: f64,
    /// Of the noise of gradient methods.
    pub(super) seed: u64,
    /// How many points are looked at at once.
    pub(super) rows: usize,
}

/// What becomes of one sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) explained: measure::Explained,
    pub(super) account: Account,
}

/// Where f(x) went.
#[derive(Debug, Clone, Copy)]
pub(super) enum Account {
    Balance(Balance),
    Completeness(Completeness),
}

impl<'n> Explaining<'n> {
    /// A candidate on a network.
    pub(super) fn new(
        candidate: &Candidate,
        network: &'n Network,
        settings: Settings,
    ) -> Result<Self, Error> {
        let Settings {
            tolerance,
            seed,
            rows,
        } = settings;
        match &candidate.by {
            By::Rules(policy) => {
                let explainer = Explainer::new(&policy.plan(network)?).tolerance(tolerance);
                Ok(Self::Rules(Box::new(explainer)))
            }
            By::Gradient(gradient) => {
                let explainer = GradientExplainer::new(network, *gradient)?;
                let explainer = explainer.with_seed(seed).with_rows(rows);
                Ok(Self::Gradient(Box::new(explainer.tolerance(tolerance))))
            }
        }
    }

    /// Explains samples, of which the first has the number `first`.
    pub(super) fn explain(
        &mut self,
        samples: ArrayView2<f64>,
        targets: &[Target],
        first: usize,
    ) -> Result<(Explained, Vec<Found>), Error> {
        let numbers: Vec<usize> = (first..first + samples.nrows()).collect();
        let found = match self {
            Self::Rules(explainer) => explainer.explain_each(samples, targets).map(|batch| {
                let found = |n: usize| Found {
                    explained: measure::Explained::of(&batch, n),
                    account: Account::Balance(batch.audits()[n].balance),
                };
                let found: Vec<Found> = (0..samples.nrows()).map(found).collect();
                (batch.relevance(0).to_owned(), found)
            }),
            Self::Gradient(explainer) => {
                let batch = explainer.explain_each(samples, targets, &numbers);
                batch.map(|batch| {
                    let found = |n: usize| Found {
                        explained: measure::Explained::by_gradient(&batch, n),
                        account: Account::Completeness(batch.completeness()[n]),
                    };
                    let found: Vec<Found> = (0..samples.nrows()).map(found).collect();
                    (batch.relevance().to_owned(), found)
                })
            }
        };
        let (relevance, found) = found.map_err(|error| error.counted_from(first))?;
        let f = found.iter().map(|found| found.explained.f).collect();
        Ok((Explained::new(relevance, f), found))
    }
}
