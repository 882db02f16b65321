//! The kinds of linear maps, and what is known of each.

use std::fmt;

use super::{Dense, SumPool};

/// A kind of linear map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A [`Dense`] map.
    Dense,
    /// A [`SumPool`].
    SumPool,
}

/// What is known of a kind.
pub(super) struct About {
    /// As the network file and the results spell it.
    pub name: &'static str,
    /// What one is called in sentences.
    pub noun: &'static str,
    /// Whether it has weights of its own, which a rule can look at. One without shares relevance in proportion to the
    /// values below, and equally where these are all 0.
    pub weights: bool,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Dense, Self::SumPool];

    const fn about(self) -> About {
        match self {
            Self::Dense => Dense::ABOUT,
            Self::SumPool => SumPool::ABOUT,
        }
    }

    /// The kind as the network file and the results spell it.
    pub const fn name(self) -> &'static str {
        self.about().name
    }

    /// What one is called in sentences: `dense layer`, `sum pool`.
    pub const fn noun(self) -> &'static str {
        self.about().noun
    }

    /// Whether such maps have weights of their own, which a rule can look at; a pool has none.
    pub const fn has_weights(self) -> bool {
        self.about().weights
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
