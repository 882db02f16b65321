//! A result in fractions, rounded to the nearest f64.

use super::value::{Amount, Value};
use super::{Absorbed, BalanceEntry, Largest, Layer, Lost, LostMore, Sample, TargetInfo};
use crate::relevance::audit::{Checks, Positivity, Silent};

/// Checks in the nearest f64.
pub(crate) fn decimals<N: Amount>(checks: &Checks<N>) -> Checks {
    Checks {
        conservation: checks.conservation,
        positivity: Positivity {
            holds: checks.positivity.holds,
            promised: checks.positivity.promised,
            least: checks.positivity.least.decimal(),
        },
    }
}

impl Sample<Value> {
    /// The nearest f64 of every fraction.
    pub(crate) fn rounded(&self) -> Sample {
        let lost = self.lost.iter().map(|lost| Lost {
            layer: lost.layer,
            unit: lost.unit,
            relevance: lost.relevance.decimal(),
            cause: lost.cause.clone(),
            code: lost.code,
        });
        let lost_more = self.lost_more.iter().map(|more| LostMore {
            layer: more.layer,
            units: more.units,
            relevance: more.relevance.decimal(),
        });
        let absorbed = self.absorbed.iter().map(|part| Absorbed {
            layer: part.layer,
            by: part.by,
            relevance: part.relevance.decimal(),
        });
        let entries = self.balance_entries.iter().map(|entry| BalanceEntry {
            layer: entry.layer,
            went: entry.went,
            units: entry.units,
            cause: entry.cause.clone(),
            code: entry.code,
            relevance: entry.relevance.decimal(),
            share: entry.share,
        });
        let silent = self.silent.iter().map(|silent| Silent {
            layer: silent.layer,
            units: silent.units,
            relevance: silent.relevance.decimal(),
            equal_shares: silent.equal_shares,
        });
        Sample {
            sample: self.sample,
            id: self.id.clone(),
            label: self.label.clone(),
            target: TargetInfo {
                index: self.target.index,
                name: self.target.name.clone(),
                minus: self.target.minus.clone(),
                value: self.target.value.decimal(),
                tied: self.target.tied.clone(),
            },
            layers: self.layers.iter().map(Layer::rounded).collect(),
            checks: decimals(&self.checks),
            balance: self
                .balance
                .as_ref()
                .map(|balance| balance.map(Value::decimal)),
            completeness: self.completeness,
            lost: lost.collect(),
            lost_more: lost_more.collect(),
            absorbed: absorbed.collect(),
            balance_entries: entries.collect(),
            silent: silent.collect(),
            outside_bounds: self.outside_bounds.clone(),
            expansion: self.expansion.clone(),
            flow: self.flow.clone(),
            channels: self.channels.clone(),
            edges: self.edges.clone(),
            interpretation: self.interpretation.clone(),
            largest_rounding: self.largest_rounding,
        }
    }
}

impl Layer<Value> {
    fn rounded(&self) -> Layer {
        let decimals = |values: &[Value]| values.iter().map(Value::decimal).collect();
        let largest = self.largest.iter().map(|one| Largest {
            unit: one.unit,
            activation: one.activation.decimal(),
            relevance: one.relevance.decimal(),
            share: one.share,
        });
        Layer {
            unexplained: self.unexplained,
            left_out: self.left_out,
            largest: largest.collect(),
            activations: decimals(&self.activations),
            relevance: decimals(&self.relevance),
            share: self.share.clone(),
            sum: self.sum.as_ref().map(Value::decimal),
            gap: self.gap.as_ref().map(Value::decimal),
            least: self.least.as_ref().map(Value::decimal),
            bias_share: self.bias_share,
        }
    }
}
