//! The result of `deeptaylor explain --exact`: the same keys, with fractions for numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::{Value, held, values};
use super::{Flow, Kind, Layer, NetworkInfo, Origin, Sample, Summary, TargetInfo, TaylorTarget};
use crate::exact::{Exact, ExactLevel, Number};
use crate::measure::{magnitude, shares};
use crate::network::Network;
use crate::relevance::{Cause, Checks, Conservation, Plan, Positivity, Silent};
use crate::samples::Tag;

/// An exact explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "exact-explanation")]
pub struct ExactExplanation {
    /// Always `explanation`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// Always true: numbers are fractions.
    pub exact: bool,
    /// The network that was explained.
    pub network: NetworkInfo,
    /// One entry a sample, in the order in which they were given.
    pub samples: Vec<ExactSample>,
    /// The checks over all samples.
    pub checks: ExactChecks,
    /// Where they fail, and where there is nothing to check.
    #[serde(default)]
    pub summary: Summary,
}

/// The exact explanation of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExactSample {
    /// Which of all samples it is, counted from 0; results of older versions say it by their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// What the sample is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Its class, where it brought one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Tag>,
    /// Which output was explained.
    pub target: TaylorTarget,
    /// The levels, input first, output last.
    pub layers: Vec<ExactLayer>,
    /// Whether relevance was conserved and positive: equalities here, without a tolerance.
    pub checks: ExactChecks,
    /// Relevance that could not be handed on, from the output down.
    pub lost: Vec<ExactLost>,
    /// Levels on which units carry relevance without having fired.
    pub silent: Vec<ExactSilent>,
    /// The inputs that lie outside of their bounds; left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside_bounds: Vec<usize>,
    /// What units hand to units, in decimals; left out beyond the first samples of a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
    /// The largest difference of a relevance to the one computed in f64, as a part of `Σ|R|` of its level or of the output
    /// level, whichever is more; the difference itself where both are 0. Null where f64 computed none.
    #[serde(default)]
    pub largest_rounding: Option<f64>,
}

/// One level of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExactLayer {
    /// The activation of every unit.
    pub activations: Vec<Value>,
    /// The relevance of every unit.
    pub relevance: Vec<Value>,
    /// The relevance of every unit as a part of f(x), in decimals; null where f(x) is 0.
    pub share: Option<Vec<f64>>,
    /// `Σ R`
    pub sum: Value,
    /// `|Σ R − f(x)|`
    pub gap: Value,
    /// The least relevance of a unit.
    pub least: Value,
    /// How much of what the firing units carry their biases brought about, in decimals; null for the input, and where
    /// no firing unit carries relevance.
    #[serde(default)]
    pub bias_share: Option<f64>,
}

/// The two properties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExactChecks {
    /// Every level sums to f(x).
    pub conservation: Conservation,
    /// No relevance is below 0.
    pub positivity: ExactPositivity,
}

/// No relevance is below 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExactPositivity {
    /// Whether none is, on any level.
    pub holds: bool,
    /// The least relevance of any unit.
    pub least: Value,
}

/// Relevance that a unit could not hand on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExactLost {
    /// The level of the unit.
    pub layer: usize,
    /// The unit, counted from 0.
    pub unit: usize,
    /// How much was lost.
    pub relevance: Value,
    /// Why, in words.
    pub cause: String,
    /// Why, as a program reads it; null in results of programs that did not say.
    #[serde(default)]
    pub code: Option<Cause>,
}

/// Units of one level that carry relevance without having fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExactSilent {
    /// The level.
    pub layer: usize,
    /// How many such units there are.
    pub units: usize,
    /// What they carry together.
    pub relevance: Value,
    /// How many of them are pools whose inputs are all 0, which share equally.
    #[serde(default)]
    pub equal_shares: usize,
}

impl ExactExplanation {
    /// A result without samples yet.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        Self {
            kind: Kind::Explanation,
            made_by: None,
            exact: true,
            network: NetworkInfo::new(network, plan),
            samples: Vec::new(),
            checks: ExactChecks::of(Checks::NONE, 0.0.into()),
            summary: Summary::default(),
        }
    }

    /// Adds a sample and counts its checks in.
    pub fn push(&mut self, sample: ExactSample) {
        self.checks = if self.samples.is_empty() {
            sample.checks.clone()
        } else {
            self.checks.and(&sample.checks)
        };
        self.summary
            .add(&self.network, &sample.rounded(), sample.carries_relevance());
        self.samples.push(sample);
    }

    /// The summary of its samples, counted anew.
    pub(crate) fn counted(&self) -> Summary {
        let mut summary = Summary::default();
        for sample in &self.samples {
            summary.add(&self.network, &sample.rounded(), sample.carries_relevance());
        }
        summary
    }

    /// Whether both properties hold for every sample.
    pub fn holds(&self) -> bool {
        self.checks.conservation.holds && self.checks.positivity.holds
    }
}

impl ExactChecks {
    fn of(checks: Checks, least: Value) -> Self {
        Self {
            conservation: checks.conservation,
            positivity: ExactPositivity {
                holds: checks.positivity.holds,
                least,
            },
        }
    }

    /// The checks of this and that together: both must hold, the worse figure counts.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let least = [&self.positivity.least, &other.positivity.least];
        let [mine, others] = least.map(|least| least.decimal);
        let least = least[usize::from(others < mine)].clone();
        Self::of(self.decimal().and(other.decimal()), least)
    }

    /// The same in decimals.
    pub(crate) fn decimal(&self) -> Checks {
        Checks {
            conservation: self.conservation,
            positivity: Positivity {
                holds: self.positivity.holds,
                least: self.positivity.least.decimal,
            },
        }
    }
}

impl ExactSample {
    /// The exact result of one sample beside that of the fast path where it has one, without an interpretation.
    pub fn new(network: &NetworkInfo, plan: &Plan, exact: &Exact, fast: Option<&Sample>) -> Self {
        let levels = exact.activations.iter().zip(&exact.relevance);
        let layers: Vec<ExactLayer> = (levels.zip(&exact.levels))
            .map(|((x, r), level)| ExactLayer::new(x, r, level, &exact.value))
            .collect();
        let least = (exact.relevance.iter().flatten())
            .min()
            .map_or(Value::from(0.0), Value::from);
        let checks = Checks {
            conservation: Conservation {
                holds: layers.iter().all(|layer| layer.gap.is_zero()),
                worst_gap: layers
                    .iter()
                    .map(|layer| held(layer.gap.decimal))
                    .fold(0.0, f64::max),
            },
            positivity: Positivity {
                holds: exact.relevance.iter().flatten().all(|r| *r >= Number::ZERO),
                least: least.decimal,
            },
        };
        let target =
            TargetInfo::of_output(network, exact.output, Value::from(&exact.value).decimal);
        let lost = lost(plan, exact);
        let silent = silent(exact);
        let mut sample = Self {
            sample: None,
            id: None,
            label: None,
            flow: fast.and_then(|fast| fast.flow.clone()),
            interpretation: Vec::new(),
            largest_rounding: None,
            target: TaylorTarget {
                index: target.index,
                name: target.name,
                value: (&exact.value).into(),
                tied: exact.tied.clone(),
            },
            outside_bounds: exact.outside_bounds.clone(),
            layers,
            checks: ExactChecks::of(checks, least),
            lost,
            silent,
        };
        sample.largest_rounding = fast.and_then(|fast| largest_rounding(&sample.rounded(), fast));
        sample
    }

    /// Whether any unit of it carries relevance, however little.
    pub(crate) fn carries_relevance(&self) -> bool {
        let mut relevance = self.layers.iter().flat_map(|layer| &layer.relevance);
        relevance.any(|r| !r.is_zero())
    }

    /// The same in decimals, the nearest f64 of every fraction.
    pub(crate) fn rounded(&self) -> Sample {
        let lost = |lost: &ExactLost| super::Lost {
            layer: lost.layer,
            unit: lost.unit,
            relevance: lost.relevance.decimal,
            cause: lost.cause.clone(),
            code: lost.code,
        };
        let silent = |silent: &ExactSilent| Silent {
            layer: silent.layer,
            units: silent.units,
            relevance: silent.relevance.decimal,
            equal_shares: silent.equal_shares,
        };
        Sample {
            sample: self.sample,
            id: self.id.clone(),
            label: self.label.clone(),
            target: TargetInfo {
                index: self.target.index,
                name: self.target.name.clone(),
                value: self.target.value.decimal,
                tied: self.target.tied.clone(),
            },
            outside_bounds: self.outside_bounds.clone(),
            layers: self.layers.iter().map(ExactLayer::rounded).collect(),
            checks: self.checks.decimal(),
            lost: self.lost.iter().map(lost).collect(),
            silent: self.silent.iter().map(silent).collect(),
            expansion: None,
            flow: self.flow.clone(),
            edges: None,
            interpretation: self.interpretation.clone(),
        }
    }
}

impl ExactLayer {
    fn new(x: &[Number], r: &[Number], level: &ExactLevel, f: &Number) -> Self {
        let sum = r.iter().fold(Number::ZERO, |sum, r| sum + r);
        let gap = if sum > *f { &sum - f } else { f - &sum };
        let relevance = values(r);
        let decimals: Vec<f64> = relevance.iter().map(|value| value.decimal).collect();
        Self {
            activations: values(x),
            share: shares(&decimals, Value::from(f).decimal),
            relevance,
            sum: (&sum).into(),
            gap: (&gap).into(),
            least: r.iter().min().map_or(Value::from(0.0), Value::from),
            bias_share: (level.bias_share.as_ref()).map(|share| share.to_f64().value()),
        }
    }

    /// The same in decimals.
    pub(crate) fn rounded(&self) -> Layer {
        let decimals = |values: &[Value]| values.iter().map(|value| value.decimal).collect();
        Layer {
            activations: decimals(&self.activations),
            relevance: decimals(&self.relevance),
            share: self.share.clone(),
            sum: self.sum.decimal,
            gap: self.gap.decimal,
            least: self.least.decimal,
            bias_share: self.bias_share,
        }
    }
}

fn lost(plan: &Plan, exact: &Exact) -> Vec<ExactLost> {
    let lost = exact.lost.iter().map(|lost| ExactLost {
        layer: lost.layer,
        unit: lost.unit,
        relevance: (&lost.relevance).into(),
        cause: lost.cause.in_words(plan.rule(lost.layer)),
        code: Some(lost.cause),
    });
    lost.collect()
}

fn silent(exact: &Exact) -> Vec<ExactSilent> {
    let levels = (exact.activations.iter().zip(&exact.relevance))
        .enumerate()
        .skip(1);
    let found = levels.filter_map(|(layer, (x, r))| {
        let unfired = x
            .iter()
            .zip(r)
            .filter(|(x, r)| **x == Number::ZERO && **r != Number::ZERO);
        let carried: Vec<&Number> = unfired.map(|(_, r)| r).collect();
        (!carried.is_empty()).then(|| ExactSilent {
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
