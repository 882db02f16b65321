//! The exact result, made of what `exact` computed: the same types with fractions for numbers.

use super::value::{Amount, Value, held, values};
use super::{Absorbed, Explanation, Layer, Lost, NetworkInfo, Rounding, Sample, TargetInfo};
use crate::exact::{Exact, ExactLevel, Number};
use crate::measure::{magnitude, shares};
use crate::relevance::{
    Plan,
    audit::{Checks, Conservation, Positivity, Silent},
};

/// The result of `deeptaylor explain --exact`.
pub type ExactExplanation = Explanation<Value>;

/// The exact explanation of one sample.
pub type ExactSample = Sample<Value>;

impl Sample<Value> {
    /// The exact result of one sample beside that of the fast path where it has one, without an interpretation.
    pub fn exact(network: &NetworkInfo, plan: &Plan, exact: &Exact, fast: Option<&Sample>) -> Self {
        let levels = exact.activations.iter().zip(&exact.relevance);
        let layers: Vec<Layer<Value>> = (levels.zip(&exact.levels))
            .map(|((x, r), level)| Layer::exact(x, r, level, &exact.value))
            .collect();
        let gaps = layers.iter().map(|layer| held(layer.gap().decimal));
        let relevance = || exact.relevance.iter().flatten();
        let promises = exact.chosen.promises(plan.promises());
        let mut sample = Self {
            sample: None,
            id: None,
            label: None,
            target: TargetInfo {
                tied: exact.tied.clone(),
                ..TargetInfo::of_outputs(network, exact.chosen, Value::from(&exact.value))
            },
            checks: Checks {
                conservation: Conservation {
                    holds: layers.iter().all(|layer| layer.gap().is_zero()),
                    promised: promises.conservation,
                    worst_gap: gaps.fold(0.0, f64::max),
                },
                positivity: Positivity {
                    holds: relevance().all(|r| *r >= Number::ZERO),
                    promised: promises.positivity,
                    least: relevance().min().map_or(Value::from(0.0), Value::from),
                },
            },
            layers,
            balance: Some(exact.balance.map(|number| Value::from(number))),
            completeness: None,
            lost: lost(plan, exact),
            lost_more: Vec::new(),
            absorbed: Absorbed::exact(&exact.absorbed),
            balance_entries: Vec::new(),
            silent: silent(exact),
            outside_bounds: exact.outside_bounds.clone(),
            expansion: None,
            flow: fast.and_then(|fast| fast.flow.clone()),
            channels: fast.map_or_else(Vec::new, |fast| fast.channels.clone()),
            edges: None,
            interpretation: Vec::new(),
            largest_rounding: None,
        }
        .with_entries();
        let rounding = fast.and_then(|fast| largest_rounding(&sample.rounded(), fast));
        sample.largest_rounding = Some(Rounding(rounding));
        sample
    }
}

impl Layer<Value> {
    fn exact(x: &[Number], r: &[Number], level: &ExactLevel, f: &Number) -> Self {
        let sum = r.iter().fold(Number::ZERO, |sum, r| sum + r);
        let gap = if level.cut > *f {
            &level.cut - f
        } else {
            f - &level.cut
        };
        let relevance = values(r);
        let decimals: Vec<f64> = relevance.iter().map(Value::decimal).collect();
        Self {
            unexplained: false,
            left_out: false,
            largest: Vec::new(),
            activations: values(x),
            share: shares(&decimals, Value::from(f).decimal),
            relevance,
            sum: Some((&sum).into()),
            gap: Some((&gap).into()),
            least: Some(r.iter().min().map_or(Value::from(0.0), Value::from)),
            bias_share: (level.bias_share.as_ref()).map(|share| share.to_f64().value()),
        }
    }
}

fn lost(plan: &Plan, exact: &Exact) -> Vec<Lost<Value>> {
    let lost = exact.lost.iter().map(|lost| Lost {
        layer: lost.layer,
        unit: lost.unit,
        relevance: (&lost.relevance).into(),
        cause: lost.cause.in_words(plan.rule(lost.layer)),
        code: Some(lost.cause),
    });
    lost.collect()
}

fn silent(exact: &Exact) -> Vec<Silent<Value>> {
    let levels = (exact.activations.iter().zip(&exact.relevance))
        .enumerate()
        .skip(1);
    let found = levels.filter_map(|(layer, (x, r))| {
        let unfired = x
            .iter()
            .zip(r)
            .filter(|(x, r)| **x == Number::ZERO && **r != Number::ZERO);
        let carried: Vec<&Number> = unfired.map(|(_, r)| r).collect();
        (!carried.is_empty()).then(|| Silent {
            layer,
            units: carried.len(),
            relevance: (&carried.into_iter().fold(Number::ZERO, |sum, r| sum + r)).into(),
            equal_shares: exact.levels[layer].equal_shares,
        })
    });
    found.collect()
}

/// See [`ExactSample::largest_rounding`].
pub(crate) fn largest_rounding(exact: &Sample, fast: &Sample) -> Option<f64> {
    let size = |layer: &Layer| magnitude(&layer.relevance);
    let out = exact.layers.last().map_or(0.0, size);
    let levels = exact.layers.iter().zip(&fast.layers).map(|(exact, fast)| {
        let pairs = exact.relevance.iter().zip(&fast.relevance);
        let largest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        match size(exact).max(out) {
            0.0 => largest,
            size => largest / size,
        }
    });
    Some(levels.fold(0.0, f64::max)).filter(|rounding| rounding.is_finite())
}
