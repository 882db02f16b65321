//! The kinds of linear maps, and what is known of each.

use std::fmt;

use super::{About, Dense, SumPool};

/// A kind of linear map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A [`Dense`] map.
    Dense,
    /// A [`SumPool`].
    SumPool,
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
