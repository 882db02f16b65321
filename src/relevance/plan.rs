//! Which rule goes on which layer.

use std::fmt;

use super::rule::Rule;
use crate::error::Error;
use crate::network::{Bounds, Domain, Network};
use crate::printable::printable;

/// A rule for every layer of a network, each checked to be defined there.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    rules: Vec<Rule>,
    domains: Vec<Option<Bounds>>,
}

impl Plan {
    /// One rule on every layer with weights; pools are always proportional.
    ///
    /// zᴮ needs the bounds of what a layer reads, and only the inputs have any: it goes on the first layer with
    /// weights, and w² on those above. [`Plan::with`] puts it elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] for zᴮ where the inputs have no bounds, or bounds that do not hold 0, and for
    /// [`Rule::Proportional`], which layers with weights cannot have.
    pub fn of(network: &Network, rule: Rule) -> Result<Self, Error> {
        let first = network.first_with_weights();
        Self::from_rules(network, |l| match rule {
            Rule::ZBox if first != Some(l) => Rule::WSquared,
            _ => rule,
        })
    }

    /// The rules of the paper for a deep network: z⁺ on every layer with weights but the first, and there zᴮ
    /// where the file gives bounds, w² where it gives none.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] when the bounds do not hold 0.
    pub fn deep_taylor(network: &Network) -> Result<Self, Error> {
        let first = network.first_with_weights().unwrap_or(0);
        let on_first = if network.input().bounds.is_some() {
            Rule::ZBox
        } else {
            Rule::WSquared
        };
        Self::from_rules(network, |l| if l == first { on_first } else { Rule::ZPlus })
    }

    /// The same plan with another rule on one layer; `layer` counts levels, so that 1 is the first layer.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] when there is no such layer, it is a pool, or the rule is not defined there.
    pub fn with(mut self, network: &Network, layer: usize, rule: Rule) -> Result<Self, Error> {
        let layers = self.rules.len();
        if layer == 0 || layer > layers {
            return Err(Error::Rule(format!(
                "layer {layer}: there is no such layer to put a rule on; this network has layers 1 to {layers} (0 is the input)"
            )));
        }
        if !network.layer(layer).has_weights() {
            return Err(Error::Rule(format!(
                "layer {layer} is a sum_pool: pools share in proportion and take no other rule"
            )));
        }
        self.rules[layer - 1] = rule;
        self.domains[layer - 1] = domain(network, layer - 1, rule)?;
        Ok(self)
    }

    /// The rule that hands relevance down through each layer, from the input up.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The box of the zᴮ rule on layer `l`, where that is its rule.
    pub(super) fn domain(&self, l: usize) -> Option<&Bounds> {
        self.domains[l].as_ref()
    }

    /// The box of the zᴮ rule on layer `l`, input by input; not looked at by the other rules.
    ///
    /// # Panics
    ///
    /// When there is no such layer, or, called, no such input.
    pub fn domain_of(&self, l: usize) -> impl Fn(usize) -> [f64; 2] {
        let bounds = self.domain(l);
        move |i| bounds.map_or([0.0, 0.0], |bounds| bounds.at(i))
    }

    fn from_rules(network: &Network, rule: impl Fn(usize) -> Rule) -> Result<Self, Error> {
        let rules: Vec<Rule> = network
            .layers()
            .iter()
            .enumerate()
            .map(|(l, layer)| {
                if layer.has_weights() {
                    rule(l)
                } else {
                    Rule::Proportional
                }
            })
            .collect();
        let domains = rules
            .iter()
            .enumerate()
            .map(|(l, &rule)| domain(network, l, rule))
            .collect::<Result<_, _>>()?;
        Ok(Self { rules, domains })
    }
}

/// Which rules to put on the layers of whatever network: what makes a [`Plan`] of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    rule: Option<Rule>,
    exceptions: Vec<(usize, Rule)>,
}

impl Policy {
    /// One rule for the whole network, as [`Plan::of`] has it, or those of the paper for a deep network where there
    /// is none; then another on single layers, counted as levels.
    pub fn new(rule: Option<Rule>, exceptions: Vec<(usize, Rule)>) -> Self {
        Self { rule, exceptions }
    }

    /// The rule of every layer of `network`.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] where a rule is not defined on its layer.
    pub fn plan(&self, network: &Network) -> Result<Plan, Error> {
        let plan = match self.rule {
            Some(rule) => Plan::of(network, rule),
            None => Plan::deep_taylor(network),
        }?;
        self.exceptions
            .iter()
            .try_fold(plan, |plan, &(layer, rule)| plan.with(network, layer, rule))
    }
}

impl fmt::Display for Policy {
    /// As the command line spells it: `w2`, `deep-taylor`, `z+ 1=zB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = vec![self.rule.map_or("deep-taylor", Rule::name).to_owned()];
        for (layer, rule) in &self.exceptions {
            words.push(format!("{layer}={rule}"));
        }
        f.pad(&words.join(" "))
    }
}

/// The box that zᴮ assumes for the inputs of layer `l`; none for the other rules.
fn domain(network: &Network, l: usize, rule: Rule) -> Result<Option<Bounds>, Error> {
    match rule {
        Rule::WSquared | Rule::Flat | Rule::ZPlus => return Ok(None),
        Rule::Proportional if !network.layers()[l].has_weights() => return Ok(None),
        Rule::Proportional => {
            return Err(Error::Rule(format!(
                "layer {}: only pools share in proportion",
                l + 1
            )));
        }
        Rule::ZBox => {}
    }
    let Some(bounds) = &network.input().bounds else {
        return Err(Error::Rule(
            "the zB rule needs the bounds of its inputs, and none are given\n  \
             help: add \"bounds\": [low, high] to \"input\" (with compare --layers: --bounds low,high), or take w2"
                .to_owned(),
        ));
    };
    let first = network.first_with_weights().unwrap_or(0);
    let bounds = match bounds {
        _ if l == first => match &network.domains()[l] {
            Domain::Box(bounds) => bounds.clone(),
            Domain::Unbounded | Domain::NonNegative => bounds.clone(),
        },
        Bounds::Same(_) => bounds.clone(),
        Bounds::Each(_) => {
            return Err(Error::Rule(format!(
                "layer {}: the zB rule needs bounds for the units of layer {l}, and the file bounds each input on its own\n  \
                 help: --rule deep-taylor uses zB on the first layer and z+ above",
                l + 1
            )));
        }
    };
    let units = network.layers()[l].linear().inputs();
    let each = if matches!(bounds, Bounds::Same(_)) {
        1
    } else {
        units
    };
    let mut each = (0..each).map(|i| (i, bounds.at(i)));
    match each.find(|(_, [l, h])| *l > 0.0 || *h < 0.0) {
        Some((i, found)) => {
            let one = matches!(bounds, Bounds::Each(_)).then_some(i);
            Err(without_0(network, l, one, found))
        }
        None => Ok(Some(bounds)),
    }
}

/// That the bounds of one unit of level `l`, or of them all, do not hold 0.
fn without_0(network: &Network, l: usize, unit: Option<usize>, [low, high]: [f64; 2]) -> Error {
    let kind = if l == 0 { "input" } else { "unit" };
    let whose = match unit {
        None => format!("every {kind}"),
        Some(i) => match network.names(l).get(i) {
            Some(name) => format!("{kind} {i} ({})", printable(name)),
            None => format!("{kind} {i}"),
        },
    };
    Error::Rule(format!(
        "the zB rule needs bounds with l ≤ 0 ≤ h, found [{low}, {high}] for {whose}\n  \
         help: write bounds that include 0, as [{}, {}], or take --rule w2 or z+, or --layer-rule {layer}=w2 (or z+)",
        low.min(0.0),
        high.max(0.0),
        layer = l + 1
    ))
}
