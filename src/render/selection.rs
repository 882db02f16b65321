//! Which units of a wide level a table shows, and what the others carry together.

use crate::measure::{by_size, share};
use crate::result::{Amount, Largest, Layer};

/// The units of one level that are shown, and the rest in one figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selection<N> {
    /// The units shown; all of them in their order, or the most relevant first.
    pub(super) shown: Vec<Largest<N>>,
    /// How many are not.
    pub(super) left_out: usize,
    /// The relevance of these together.
    pub(super) relevance: f64,
    /// The share of these together, where shares are defined.
    pub(super) share: Option<f64>,
}

impl<N: Amount> Selection<N> {
    /// All units of a level of so many, or the `most` most relevant ones by |R| where it has more; of a level that is left out
    /// no more than are there.
    pub(super) fn of(layer: &Layer<N>, units: usize, most: usize, f: f64) -> Self {
        if layer.left_out {
            return Self::of_largest(layer, units, most, f);
        }
        if units <= most {
            return Self {
                shown: (0..units).map(|unit| layer.unit(unit)).collect(),
                left_out: 0,
                relevance: 0.0,
                share: None,
            };
        }
        let mut units = by_size(units, |unit| layer.relevance[unit].decimal());
        let rest = units.split_off(most);
        Self {
            shown: units.into_iter().map(|unit| layer.unit(unit)).collect(),
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

    fn of_largest(layer: &Layer<N>, units: usize, most: usize, f: f64) -> Self {
        let shown: Vec<Largest<N>> = layer.largest.iter().take(most).cloned().collect();
        let carried: f64 = shown.iter().map(|unit| unit.relevance.decimal()).sum();
        let relevance = layer.sum().decimal() - carried;
        Self {
            left_out: units - shown.len(),
            shown,
            relevance,
            share: share(relevance, f),
        }
    }
}
