//! What a rule promises of the relevance that it hands on.

/// What a rule promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promises {
    /// What a unit hands on sums to what it carries, unless its [cause](crate::relevance::cause::Cause) is reported.
    pub conservation: bool,
    /// What a unit that carries relevance ≥ 0 hands on is ≥ 0.
    pub positivity: bool,
}

impl Promises {
    /// Both.
    pub const ALL: Self = Self {
        conservation: true,
        positivity: true,
    };

    /// What this and that promise together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            conservation: self.conservation && other.conservation,
            positivity: self.positivity && other.positivity,
        }
    }
}
