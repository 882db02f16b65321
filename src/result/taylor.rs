//! The result of `deeptaylor taylor`: the expansion of every unit that carries relevance.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::roots::{Agreement, TaylorChecks};
use super::value::{Value, held, values};
use super::{Kind, NetworkInfo, Origin, TargetInfo};
use crate::exact::{Exact, ExactExpansion, ExactNetwork, Number, expand};
use crate::network::Network;
use crate::relevance::{
    Batch, Plan, RuleRoots, expand_level,
    expansion::{Expander, Expansion, NoRoot, Unit},
};
use crate::samples::Tag;

/// The expansions of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "taylor")]
pub struct Taylor {
    /// Always `taylor`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// Which of all samples it is of, counted from 0; left out by a program that used the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// What the sample is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Its class, where it brought one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Tag>,
    /// The network.
    pub network: NetworkInfo,
    /// What was explained; its value is f(x).
    pub target: TargetInfo<Value>,
    /// What the expansions of each level come to, input first (the input has none).
    pub layers: Vec<TaylorLayer>,
    /// Whether rule and expansion agree.
    pub checks: TaylorChecks,
    /// The units that carry relevance and have a root, from the output down.
    pub units: Vec<TaylorUnit>,
    /// The units that carry relevance and have none.
    pub rootless: Vec<Rootless>,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
}

/// One level in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaylorLayer {
    /// Units that carry relevance and have a root.
    pub roots: usize,
    /// Units that carry relevance and have none.
    pub rootless: usize,
    /// Roots with a coordinate outside of the domain of the level below.
    pub outside_domain: usize,
    /// The largest difference between what an input gets by the rule and by the expansions.
    pub largest_difference: Value,
    /// The largest |ε| of a unit.
    pub largest_remainder: Value,
    /// How the roots of the same units would lie under each rule that the level can have.
    pub by_rule: Vec<RuleRoots>,
}

/// The expansion of one unit; every list has an entry for each value of the level below.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaylorUnit {
    /// The level of the unit.
    pub layer: usize,
    /// The unit, counted from 0.
    pub unit: usize,
    /// R_j
    pub relevance: Value,
    /// c_j = R_j / x_j
    pub factor: Value,
    /// The pre-activation at x.
    pub pre_activation: Value,
    /// The pre-activation at the root.
    pub pre_activation_at_root: Value,
    /// ‖x − x̃‖; null where it lies beyond f64.
    pub distance: Option<f64>,
    /// x, the values of the level below.
    pub x: Vec<Value>,
    /// v, the search direction.
    pub direction: Vec<Value>,
    /// x̃
    pub root: Vec<Value>,
    /// ∂R_j/∂x_i at the root, from the side on which the unit fires.
    pub gradient: Vec<Value>,
    /// ∂R_j/∂x_i · (x_i − x̃_i)
    pub terms: Vec<Value>,
    /// Σ_i of the terms.
    pub sum: Value,
    /// ε = R_j − R_j(x̃) − Σ_i of the terms.
    pub remainder: Value,
    /// How many coordinates of the root lie outside of their domain.
    pub outside: usize,
    /// Whether the unit's gradient is the same everywhere between x and x̃.
    pub gradient_constant: bool,
}

/// A unit without a root.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rootless {
    /// The level of the unit.
    pub layer: usize,
    /// The unit, counted from 0.
    pub unit: usize,
    /// R_j
    pub relevance: Value,
    /// Why.
    pub cause: String,
}

/// Which units are shown: those of one level, of one number, or all.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChosenUnits {
    /// The level.
    pub layer: Option<usize>,
    /// The unit on it.
    pub unit: Option<usize>,
}

impl ChosenUnits {
    fn holds(self, layer: usize, unit: usize) -> bool {
        self.layer.is_none_or(|chosen| chosen == layer)
            && self.unit.is_none_or(|chosen| chosen == unit)
    }
}

impl Taylor {
    /// The expansions of the first sample of a batch, explained [with them](crate::Explainer::with_expansion).
    ///
    /// # Panics
    ///
    /// When the batch has no sample.
    pub fn new(network: &Network, plan: &Plan, batch: &Batch, shown: ChosenUnits) -> Self {
        let (info, expander) = (NetworkInfo::new(network, plan), Expander::new(network));
        let chosen = batch.chosen()[0];
        let mut taylor = Self::empty(info, chosen.output, Value::from(chosen.value));
        taylor.target.tied = batch.tied(0);
        let figures = batch.expansions().and_then(|samples| samples.first());
        for layer in (1..batch.levels()).rev() {
            let (x, r) = (
                batch.activations(layer - 1).row(0).to_vec(),
                batch.relevance(layer),
            );
            let by_branch = [x.as_slice()];
            let at_work = |unit: usize| Unit {
                layer,
                unit,
                x: &by_branch,
                relevance: r[[0, unit]],
            };
            let carrying: Vec<usize> = (0..r.ncols()).filter(|&j| r[[0, j]] != 0.0).collect();
            let by_rule = expand_level(
                plan,
                layer,
                &[&x],
                &carrying,
                |unit, rule, domain| expander.expand(at_work(unit), rule, domain),
                |found| found.outside,
                |unit, found| {
                    if shown.holds(layer, unit) {
                        let found = found.map(|found| TaylorUnit::of_floats(at_work(unit), &found));
                        taylor.push(layer, unit, Value::from(r[[0, unit]]), found);
                    }
                },
            );
            let level = &mut taylor.layers[layer];
            level.by_rule = by_rule;
            if let Some(figures) = figures.map(|levels| levels[layer - 1]) {
                level.roots = figures.roots;
                level.rootless = figures.rootless;
                level.outside_domain = figures.outside_domain;
                level.largest_difference = figures.largest_difference.into();
                level.largest_remainder = figures.largest_remainder.into();
            }
        }
        taylor.read()
    }

    /// The same without rounding.
    ///
    /// # Panics
    ///
    /// When `exact` was not made from this network.
    pub fn exact(
        network: &Network,
        plan: &Plan,
        (file, exact): (&ExactNetwork, &Exact),
        shown: ChosenUnits,
    ) -> Self {
        let (info, domains) = (NetworkInfo::new(network, plan), network.domains());
        let mut taylor = Self::empty(info, exact.output, Value::from(&exact.value));
        taylor.target.tied.clone_from(&exact.tied);
        for layer in (1..exact.relevance.len()).rev() {
            let (domain, carried) = (&domains[layer - 1], &exact.relevance[layer]);
            let carrying: Vec<usize> = (0..carried.len())
                .filter(|&j| carried[j] != Number::ZERO)
                .collect();
            let (mut difference, mut remainder) = (Number::ZERO, Number::ZERO);
            let mut counted = taylor.layers[layer].clone();
            let x = values(&exact.activations[layer - 1]);
            let x: Vec<f64> = x.iter().map(|x| x.decimal).collect();
            counted.by_rule = expand_level(
                plan,
                layer,
                &[&x],
                &carrying,
                |unit, rule, _| expand(file, exact, layer, unit, rule, domain),
                |found| found.outside,
                |unit, found| {
                    match &found {
                        Err(_) => counted.rootless += 1,
                        Ok(found) => {
                            counted.roots += 1;
                            counted.outside_domain += usize::from(found.outside > 0);
                            let (largest, rest) = (&found.largest_difference, &found.remainder);
                            difference = difference.clone().max(largest.clone());
                            remainder = remainder.clone().max(rest.clone()).max(-rest.clone());
                        }
                    }
                    if shown.holds(layer, unit) {
                        let found = found
                            .map(|found| TaylorUnit::of_fractions(exact, (layer, unit), &found));
                        taylor.push(layer, unit, Value::from(&carried[unit]), found);
                    }
                },
            );
            counted.largest_difference = Value::from(&difference);
            counted.largest_remainder = Value::from(&remainder);
            taylor.layers[layer] = counted;
        }
        taylor.read()
    }

    /// What the levels come to together.
    fn read(mut self) -> Self {
        let differences = self
            .layers
            .iter()
            .map(|layer| layer.largest_difference.decimal);
        let largest = differences.fold(0.0, f64::max);
        self.checks.agreement = Agreement::of(held(largest), self.target.value.decimal);
        self
    }

    /// A result without units yet.
    fn empty(network: NetworkInfo, output: Option<usize>, value: Value) -> Self {
        let target = TargetInfo::of_output(&network, output, value);
        let zero = match target.value.fraction {
            Some(_) => Value::from(&Number::ZERO),
            None => Value::from(0.0),
        };
        let empty = TaylorLayer {
            roots: 0,
            rootless: 0,
            outside_domain: 0,
            largest_difference: zero.clone(),
            largest_remainder: zero,
            by_rule: Vec::new(),
        };
        Self {
            kind: Kind::Taylor,
            made_by: None,
            sample: None,
            id: None,
            label: None,
            layers: vec![empty; network.layers.len()],
            network,
            target,
            checks: TaylorChecks::default(),
            units: Vec::new(),
            rootless: Vec::new(),
            interpretation: Vec::new(),
        }
    }

    fn push(
        &mut self,
        layer: usize,
        unit: usize,
        relevance: Value,
        found: Result<TaylorUnit, NoRoot>,
    ) {
        match found {
            Ok(expansion) => self.units.push(expansion),
            Err(cause) => self.rootless.push(Rootless {
                layer,
                unit,
                relevance,
                cause: cause.cause().to_owned(),
            }),
        }
    }
}

fn finite(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

impl TaylorUnit {
    fn of_floats(unit: Unit, found: &Expansion) -> Self {
        // What the unit does not see stays where it is, and gets nothing.
        let all = |part: &[f64], mut elsewhere: Vec<f64>| {
            for (&i, &value) in found.inputs.iter().zip(part) {
                elsewhere[i] = value;
            }
            values(&elsewhere)
        };
        let nothing = || vec![0.0; unit.x[0].len()];
        Self {
            layer: unit.layer,
            unit: unit.unit,
            relevance: unit.relevance.into(),
            factor: found.factor.into(),
            pre_activation: found.pre_activation.into(),
            pre_activation_at_root: found.pre_activation_at_root.into(),
            distance: finite(found.distance),
            x: values(unit.x[0]),
            direction: all(&found.direction, nothing()),
            root: all(&found.root, unit.x[0].to_vec()),
            gradient: all(&found.gradient, nothing()),
            terms: all(&found.terms, nothing()),
            sum: found.sum.into(),
            remainder: found.remainder.into(),
            outside: found.outside,
            gradient_constant: found.gradient_constant,
        }
    }

    fn of_fractions(exact: &Exact, (layer, unit): (usize, usize), found: &ExactExpansion) -> Self {
        let never_beyond = found.pre_activation_at_root >= Number::ZERO;
        Self {
            layer,
            unit,
            relevance: (&exact.relevance[layer][unit]).into(),
            factor: (&found.factor).into(),
            pre_activation: (&found.pre_activation).into(),
            pre_activation_at_root: (&found.pre_activation_at_root).into(),
            distance: finite(found.distance),
            x: values(&exact.activations[layer - 1]),
            direction: values(&found.direction),
            root: values(&found.root),
            gradient: values(&found.gradient),
            terms: values(&found.terms),
            sum: (&found.sum).into(),
            remainder: (&found.remainder).into(),
            outside: found.outside,
            gradient_constant: never_beyond,
        }
    }
}
