//! What is evaluated.

use crate::relevance::{Gradient, Policy};

/// What explains the samples, and what results call it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What results call it.
    pub name: String,
    /// What explains.
    pub by: By,
}

/// What explains a network.
#[derive(Debug, Clone, PartialEq)]
pub enum By {
    /// Rules, layer by layer.
    Rules(Policy),
    /// A gradient method, from the baseline 0.
    Gradient(Gradient),
}

impl From<Policy> for Candidate {
    fn from(policy: Policy) -> Self {
        Self {
            name: policy.to_string(),
            by: By::Rules(policy),
        }
    }
}

impl From<Gradient> for Candidate {
    fn from(gradient: Gradient) -> Self {
        Self {
            name: gradient.to_string(),
            by: By::Gradient(gradient),
        }
    }
}

impl Candidate {
    /// The same under another name.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..self
        }
    }

    /// Through how many points the network goes for one explanation.
    pub(super) fn points(&self) -> usize {
        match &self.by {
            By::Rules(_) => 1,
            By::Gradient(gradient) => gradient.points(),
        }
    }
}
