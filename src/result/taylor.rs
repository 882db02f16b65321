//! The result of `deeptaylor taylor`: the expansion of every unit that carries relevance.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expanded::TaylorUnit;
use super::roots::{Agreement, TaylorChecks};
use super::value::{Value, held};
use super::{Kind, NetworkInfo, Origin, TargetInfo};
use crate::exact::{Exact, ExactNetwork, Number, expand};
use crate::network::Network;
use crate::relevance::{
    Batch, Chosen, Plan, RuleRoots, expand_level,
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
    /// Roots with a coordinate outside of the domain of its level.
    pub outside_domain: usize,
    /// The largest difference between what an input gets by the rule and by the expansions.
    pub largest_difference: Value,
    /// The largest |ε| of a unit.
    pub largest_remainder: Value,
    /// How the roots of the same units would lie under each rule that the level can have.
    pub by_rule: Vec<RuleRoots>,
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
        let (info, expander) = (
            NetworkInfo::new(network, plan),
            Expander::new(network).with_bias(plan.rule_bias()),
        );
        let chosen = batch.chosen()[0];
        let mut taylor = Self::empty(info, chosen.outputs(), Value::from(chosen.value));
        taylor.target.tied = batch.tied(0);
        let figures = batch.expansions().and_then(|samples| samples.first());
        for layer in (1..batch.levels()).rev() {
            let row = |level: usize| batch.activations(level).row(0).to_vec();
            let read: Vec<Vec<f64>> = network.layer(layer).sources().map(row).collect();
            let x: Vec<&[f64]> = read.iter().map(Vec::as_slice).collect();
            let r = batch.relevance(layer);
            let at_work = |unit: usize| Unit {
                layer,
                unit,
                x: &x,
                relevance: r[[0, unit]],
            };
            let carrying: Vec<usize> = (0..r.ncols()).filter(|&j| r[[0, j]] != 0.0).collect();
            let by_rule = expand_level(
                plan,
                layer,
                &x,
                &carrying,
                |unit, rule, domain| expander.expand(at_work(unit), rule, domain),
                |found| found.outside,
                |unit, found| {
                    if shown.holds(layer, unit) {
                        let x = |(level, i): (usize, usize)| batch.activations(level)[[0, i]];
                        taylor.push((layer, unit), &r[[0, unit]], found, (network, x));
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
        let info = NetworkInfo::new(network, plan);
        let mut taylor = Self::empty(info, exact.chosen, Value::from(&exact.value));
        taylor.target.tied.clone_from(&exact.tied);
        for layer in (1..exact.relevance.len()).rev() {
            let carried = &exact.relevance[layer];
            let carrying: Vec<usize> = (0..carried.len())
                .filter(|&j| carried[j] != Number::ZERO)
                .collect();
            let (mut difference, mut remainder) = (Number::ZERO, Number::ZERO);
            let mut counted = taylor.layers[layer].clone();
            let rounded = |from: usize| {
                let x = exact.activations[from].iter();
                x.map(|x| x.to_f64().value()).collect()
            };
            let read: Vec<Vec<f64>> = network.layer(layer).sources().map(rounded).collect();
            let x: Vec<&[f64]> = read.iter().map(Vec::as_slice).collect();
            counted.by_rule = expand_level(
                plan,
                layer,
                &x,
                &carrying,
                |unit, rule, _| expand(file, exact, layer, unit, rule, plan.rule_bias()),
                |found| found.expansion.outside,
                |unit, found| {
                    match &found {
                        Err(_) => counted.rootless += 1,
                        Ok(found) => {
                            counted.roots += 1;
                            let expansion = &found.expansion;
                            counted.outside_domain += usize::from(expansion.outside > 0);
                            let (largest, rest) = (&found.largest_difference, &expansion.remainder);
                            difference = difference.clone().max(largest.clone());
                            remainder = remainder.clone().max(rest.clone()).max(-rest.clone());
                        }
                    }
                    if shown.holds(layer, unit) {
                        let x = |(level, i): (usize, usize)| exact.activations[level][i].clone();
                        let found = found.map(|found| found.expansion);
                        taylor.push((layer, unit), &carried[unit], found, (network, x));
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
    fn empty(network: NetworkInfo, chosen: Chosen, value: Value) -> Self {
        let target = TargetInfo::of_outputs(&network, chosen, value);
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

    /// Puts a unit to those with a root or to those without; `x` has the values of every level.
    fn push<N: Clone + Default>(
        &mut self,
        (layer, unit): (usize, usize),
        relevance: &N,
        found: Result<Expansion<N>, NoRoot>,
        (network, x): (&Network, impl Fn((usize, usize)) -> N),
    ) where
        for<'n> Value: From<&'n N>,
    {
        match found {
            Ok(found) => self.units.push(TaylorUnit::new(
                network,
                (layer, unit),
                relevance,
                &found,
                x,
            )),
            Err(cause) => self.rootless.push(Rootless {
                layer,
                unit,
                relevance: relevance.into(),
                cause: cause.cause().to_owned(),
            }),
        }
    }
}
