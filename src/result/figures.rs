//! The figures of a sample that stand beside its relevance wherever it is a row.

use super::Sample;

impl Sample {
    /// What columns and arrays of [`Sample::figures`] are called.
    pub const FIGURES: [&str; 3] = ["worst_gap", "least", "lost"];

    /// The largest gap of a cut, the least relevance of a unit, and what was lost in all; 0 where a result of an older
    /// version does not say what was lost.
    pub fn figures(&self) -> [f64; 3] {
        let lost = self.balance.as_ref().map_or(0.0, |balance| balance.lost);
        let checks = &self.checks;
        [checks.conservation.worst_gap, checks.positivity.least, lost]
    }
}
