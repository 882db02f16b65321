//! The figures of a sample that stand beside its relevance wherever it is a row.

use super::Sample;

/// Which figures of a sample stand in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figures {
    /// The gap, the least relevance, and what was lost.
    Usual,
    /// Also what was absorbed, for rules under which biases or ε can absorb relevance.
    Absorbed,
}

impl Figures {
    /// What columns and arrays of [`Sample::figures`] are called.
    pub fn names(self) -> &'static [&'static str] {
        const ALL: [&str; 5] = [
            "worst_gap",
            "least",
            "lost",
            "absorbed_by_bias",
            "absorbed_by_epsilon",
        ];
        match self {
            Self::Usual => &ALL[..3],
            Self::Absorbed => &ALL,
        }
    }
}

impl Sample {
    /// The largest gap of a cut, the least relevance of a unit, what was lost in all, and what biases and ε absorbed; 0 where a
    /// result of an older version, or of a gradient method, does not say it.
    pub fn figures(&self) -> [f64; 5] {
        let balance = self.balance.as_ref();
        let parts = balance.map_or([0.0; 3], |balance| {
            [
                balance.lost,
                balance.absorbed_by_bias,
                balance.absorbed_by_epsilon,
            ]
        });
        let (gap, least) = (
            self.checks.conservation.worst_gap,
            self.checks.positivity.least,
        );
        [gap, least, parts[0], parts[1], parts[2]]
    }
}
