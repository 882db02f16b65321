//! Which units of a wide level a table shows, and what the others carry together.

use crate::measure::by_size;
use crate::result::{Amount, Layer};

/// The units of one level that are shown, and the rest in one figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selection {
    /// The units shown; all of them in their order, or the most relevant first.
    pub(super) shown: Vec<usize>,
    /// How many are not.
    pub(super) left_out: usize,
    /// The relevance of these together.
    pub(super) relevance: f64,
    /// The share of these together, where shares are defined.
    pub(super) share: Option<f64>,
}

impl Selection {
    /// All units of a level, or the `top` most relevant ones by |R| where it has more.
    pub(super) fn of<N: Amount>(layer: &Layer<N>, top: usize) -> Self {
        let units = layer.relevance.len();
        if units <= top {
            return Self {
                shown: (0..units).collect(),
                left_out: 0,
                relevance: 0.0,
                share: None,
            };
        }
        let mut units = by_size(units, |unit| layer.relevance[unit].decimal());
        let rest = units.split_off(top);
        Self {
            shown: units,
            left_out: rest.len(),
            relevance: rest
                .iter()
                .map(|&unit| layer.relevance[unit].decimal())
                .sum(),
            share: layer
                .share
                .as_ref()
                .map(|share| rest.iter().map(|&unit| share[unit]).sum()),
        }
    }
}
