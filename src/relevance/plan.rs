//! Which rule goes on which layer.

use super::policy::Preset;
use super::rule::{Inputs, Rule};
use crate::error::Error;
use crate::network::{Bounds, Domain, Network};
use crate::printable::printable;

/// A rule for every layer of a network, each checked to be defined there.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan<'n> {
    network: &'n Network,
    rules: Vec<Rule>,
    domains: Vec<Domain>,
}

impl<'n> Plan<'n> {
    /// One rule, or one [`Preset`], on every layer with weights; pools are always proportional.
    ///
    /// zᴮ needs the bounds of what a layer reads, and only the inputs have any: it goes on the first layer with
    /// weights, and w² on those above. [`Plan::with`] puts it elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] for zᴮ where the inputs have no bounds, or bounds that do not hold 0, and for
    /// [`Rule::Proportional`], which layers with weights cannot have.
    pub fn of(network: &'n Network, preset: impl Into<Preset>) -> Result<Self, Error> {
        let preset = preset.into();
        let bounded = network.input().bounds.is_some();
        let levels = 1..=network.top();
        let rules: Vec<Rule> = (levels.clone())
            .map(|level| {
                if network.layer(level).has_weights() {
                    preset.rule(is_first(network, level), bounded)
                } else {
                    Rule::Proportional
                }
            })
            .collect();
        let domains = (levels.zip(&rules))
            .map(|(level, &rule)| domain(network, level, rule))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            network,
            rules,
            domains,
        })
    }

    /// The same plan with another rule on one layer, that of this level: 1 is the first layer.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] when there is no such layer, it is a pool, or the rule is not defined there.
    pub fn with(mut self, level: usize, rule: Rule) -> Result<Self, Error> {
        let layers = self.rules.len();
        if level == 0 || level > layers {
            return Err(Error::Rule(format!(
                "layer {level}: there is no such layer; this network has layers 1 to {layers} (0 is the input)"
            )));
        }
        let kind = self.network.layer(level).kind();
        if !kind.has_weights() {
            return Err(Error::Rule(format!(
                "layer {level} is a {}: it has no weights, shares in proportion and takes no other rule",
                kind.noun()
            )));
        }
        self.domains[level - 1] = domain(self.network, level, rule)?;
        self.rules[level - 1] = rule;
        Ok(self)
    }

    /// The network that it was made for.
    pub fn network(&self) -> &'n Network {
        self.network
    }

    /// The rule that hands the relevance of a level down to the one below; 1 is the first layer's.
    ///
    /// # Panics
    ///
    /// When there is no such layer.
    pub fn rule(&self, level: usize) -> Rule {
        self.rules[level - 1]
    }

    /// The box that the rule of a level assumes for the values below; unbounded where it assumes none.
    ///
    /// # Panics
    ///
    /// When there is no such layer.
    pub fn domain(&self, level: usize) -> &Domain {
        &self.domains[level - 1]
    }
}

/// Whether a layer is the first that has weights.
fn is_first(network: &Network, level: usize) -> bool {
    network.first_with_weights() == Some(level)
}

/// The box that a rule assumes for the values that the layer of a level reads; unbounded for most rules.
fn domain(network: &Network, level: usize, rule: Rule) -> Result<Domain, Error> {
    if rule.is_of_pools() && network.layer(level).has_weights() {
        return Err(Error::Rule(format!(
            "layer {level}: only pools share in proportion"
        )));
    }
    if rule.about().inputs != Inputs::Bounded {
        return Ok(Domain::Unbounded);
    }
    let Some(bounds) = &network.input().bounds else {
        return Err(Error::Rule(format!(
            "the {rule} rule needs the bounds of its inputs, but none are given\n  \
             help: add \"bounds\": [low, high] to \"input\" (with compare --layers: --bounds low,high), or use {}",
            Preset::DeepTaylor.rule(true, false)
        )));
    };
    let bounds = match (&network.domains()[level - 1], bounds) {
        (Domain::Box(moved), _) if is_first(network, level) => moved.clone(),
        (_, Bounds::Same(_)) => bounds.clone(),
        _ if is_first(network, level) => bounds.clone(),
        (_, Bounds::Each(_)) => {
            return Err(Error::Rule(format!(
                "layer {level}: the {rule} rule needs bounds for the units of layer {below}, but the file has separate bounds for each input\n  \
                 help: --rule {preset} uses {first} on the first layer and {above} above",
                below = level - 1,
                preset = Preset::DeepTaylor,
                first = Preset::DeepTaylor.rule(true, true),
                above = Preset::DeepTaylor.rule(false, true),
            )));
        }
    };
    let each = match &bounds {
        Bounds::Same(_) => 1,
        Bounds::Each(_) => network.layer(level).linear().inputs(),
    };
    let mut each = (0..each).map(|i| (i, bounds.at(i)));
    match each.find(|(_, [l, h])| *l > 0.0 || *h < 0.0) {
        Some((i, found)) => {
            let one = matches!(bounds, Bounds::Each(_)).then_some(i);
            Err(without_0(network, level, rule, one, found))
        }
        None => Ok(Domain::Box(bounds)),
    }
}

/// That the bounds of one unit that the layer of a level reads, or of them all, do not hold 0.
fn without_0(
    network: &Network,
    level: usize,
    rule: Rule,
    unit: Option<usize>,
    [low, high]: [f64; 2],
) -> Error {
    let kind = if level == 1 { "input" } else { "unit" };
    let whose = match unit {
        None => format!("every {kind}"),
        Some(i) => match network.names(level - 1).get(i) {
            Some(name) => format!("{kind} {i} ({})", printable(name)),
            None => format!("{kind} {i}"),
        },
    };
    Error::Rule(format!(
        "the {rule} rule needs bounds with l ≤ 0 ≤ h, found [{low}, {high}] for {whose}\n  \
         help: write bounds that include 0, as [{}, {}], or use --rule {first} or {above}, or --layer-rule {level}={first} (or {above})",
        low.min(0.0),
        high.max(0.0),
        first = Preset::DeepTaylor.rule(true, false),
        above = Preset::DeepTaylor.rule(false, false),
    ))
}
