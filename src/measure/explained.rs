//! One sample as it was explained.

use super::magnitude;
use crate::relevance::{Batch, audit::Checks};

/// What the audit of one sample comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explained {
    /// f(x)
    pub f: f64,
    /// The two properties.
    pub checks: Checks,
    /// `Σ |R_lost|`: what units could not hand on.
    pub lost: f64,
    /// What units carry that did not fire, on the level where it is most.
    pub silent: f64,
}

impl Explained {
    /// Sample `n` of a batch.
    ///
    /// # Panics
    ///
    /// When the batch has no such sample.
    pub fn of(batch: &Batch, n: usize) -> Self {
        let audit = &batch.audits()[n];
        let silent = audit.silent.iter().map(|level| level.relevance.abs());
        Self {
            f: batch.chosen()[n].value,
            checks: audit.checks,
            lost: magnitude(audit.lost.iter().map(|stuck| &stuck.relevance)),
            silent: silent.fold(0.0, f64::max),
        }
    }
}
