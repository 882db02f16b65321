//! Which rule goes on which layer.

use super::policy::Preset;
use super::rule::{Inputs, Promises, Rule, RuleBias};
use crate::error::Error;
use crate::network::{Bounds, Domain, Network, linear::Role};
use crate::printable::printable;
use crate::words::article;

/// A rule for every layer of a network, each checked to be defined there.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan<'n> {
    network: &'n Network,
    rules: Vec<Rule>,
    domains: Vec<Domain>,
    bias: RuleBias,
}

impl<'n> Plan<'n> {
    /// One rule, or one [`Preset`], on every layer that follows a rule: those with weights, and additions of values that can be
    /// negative. Pools and other additions share in proportion, routing hands on, a max pool gives to the largest.
    ///
    /// zᴮ needs the bounds of what a layer reads, and only the inputs have any: it goes on the [first](Network::is_first)
    /// layers, and w² on those above. [`Plan::with`] puts it on others whose values keep to bounds, as those of pools do.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] for zᴮ where the inputs have no bounds, or bounds that do not hold 0, and for a rule that layers with
    /// weights cannot have.
    pub fn of(network: &'n Network, preset: impl Into<Preset>) -> Result<Self, Error> {
        let preset = preset.into();
        let bounded = network.input().bounds.is_some();
        let rule = |level| match own_rule(network, level) {
            Some(rule) => rule,
            None => preset.rule(network.is_first(level), bounded),
        };
        let rules: Vec<Rule> = (1..=network.top()).map(rule).collect();
        let domains = (1..=network.top())
            .zip(&rules)
            .map(|(level, &rule)| domain(network, level, rule))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            network,
            rules,
            domains,
            bias: RuleBias::default(),
        })
    }

    /// The same plan with another rule on one layer, that of this level: 1 is the first layer. zᴮ on an addition becomes its
    /// rule of [additions](Rule::of_addition).
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] when there is no such layer, it follows no rule, or the rule is not defined there.
    pub fn with(mut self, level: usize, rule: Rule) -> Result<Self, Error> {
        let layers = self.rules.len();
        if level == 0 || level > layers {
            return Err(Error::Rule(format!(
                "layer {level}: there is no such layer; this network has layers 1 to {layers} (0 is the input)"
            )));
        }
        if let Some(own) = own_rule(self.network, level) {
            let noun = self.network.layer(level).kind().noun();
            return Err(Error::Rule(format!(
                "layer {level} is {} {noun}: it {} and takes no other rule",
                article(noun),
                own.about().does
            )));
        }
        let rule = match self.network.layer(level).role() {
            Role::Addition => rule.of_addition(),
            _ => rule,
        };
        self.domains[level - 1] = domain(self.network, level, rule)?;
        self.rules[level - 1] = rule;
        Ok(self)
    }

    /// The same plan with biases in the denominators, or without.
    #[must_use]
    pub fn with_bias(mut self, bias: RuleBias) -> Self {
        self.bias = bias;
        self
    }

    /// Whether biases count in the denominators of the rules that were published with them.
    pub fn rule_bias(&self) -> RuleBias {
        self.bias
    }

    /// What all its rules promise together. A kept bias ends conservation, and a pool over values that can be negative does not
    /// promise positivity.
    pub fn promises(&self) -> Promises {
        let layers = self.network.by_level();
        layers.fold(Promises::ALL, |promises, (level, _)| {
            promises.and(self.promises_of(level))
        })
    }

    fn promises_of(&self, level: usize) -> Promises {
        let (layer, rule) = (self.network.layer(level), self.rule(level));
        let about = rule.about();
        let kept = self.bias.is_in_denominators(rule) && layer.bias().iter().any(|&b| b != 0.0);
        let signed = || {
            layer
                .sources()
                .any(|from| self.network.can_be_negative(from))
        };
        Promises {
            conservation: about.promises.conservation && !kept,
            positivity: about.promises.positivity && !(rule == Rule::Proportional && signed()),
        }
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

/// The rule that the kind of a layer brings along; none where it follows the rule that is asked for.
fn own_rule(network: &Network, level: usize) -> Option<Rule> {
    match network.layer(level).role() {
        _ if network.shares_in_proportion(level) => Some(Rule::Proportional),
        Role::Routing => Some(Rule::Routing),
        Role::Maximum => Some(Rule::Largest),
        Role::Weights | Role::Addition | Role::Pool => None,
    }
}

/// The box that a rule assumes for the values that the layer of a level reads; unbounded for most rules.
fn domain(network: &Network, level: usize, rule: Rule) -> Result<Domain, Error> {
    if rule.is_of_a_kind() && own_rule(network, level).is_none() {
        return Err(Error::Rule(format!(
            "layer {level}: the {rule} rule is not for a layer that follows a rule"
        )));
    }
    if rule.about().inputs != Inputs::Bounded {
        return Ok(Domain::Unbounded);
    }
    if network.input().bounds.is_none() {
        return Err(Error::Rule(format!(
            "the {rule} rule needs the bounds of its inputs, but none are given\n  \
             help: give them by --bounds low,high, or by \"bounds\": [low, high] in the \"input\" of a network file; or use {}",
            Preset::DeepTaylor.rule(true, false)
        )));
    }
    let below = source(network, level);
    // What is routed or pooled keeps to bounds, too; what other layers make has none.
    let bounds = network.domains().swap_remove(below);
    if !matches!(bounds, Domain::Box(_)) {
        return Err(Error::Rule(format!(
            "layer {level}: the {rule} rule needs bounds of what it reads, and layer {below} has none\n  \
             help: use --layer-rule {level}={above} (or {other}); --rule {preset} has {rule} on the first layer and {above} above",
            preset = Preset::DeepTaylor,
            above = Preset::DeepTaylor.rule(false, true),
            other = Preset::DeepTaylor.rule(true, false),
        )));
    }
    let is_each = matches!(bounds, Domain::Box(Bounds::Each(_)));
    let units = if is_each { network.units_of(below) } else { 1 };
    let mut each = (0..units).map(|i| (i, bounds.at(i)));
    // Routing can move finite bounds beyond f64.
    let without_0 = |[l, h]: [f64; 2]| l > 0.0 || h < 0.0 || l.is_infinite() || h.is_infinite();
    match each.find(|(_, bounds)| without_0(*bounds)) {
        Some((i, found)) => Err(unfit(network, level, rule, is_each.then_some(i), found)),
        None => Ok(bounds),
    }
}

/// The one level that a layer with weights reads.
fn source(network: &Network, level: usize) -> usize {
    network.layer(level).branches()[0].from()
}

/// That the bounds of one unit that the layer of a level reads, or of them all, do not hold 0, or are not finite.
fn unfit(
    network: &Network,
    level: usize,
    rule: Rule,
    unit: Option<usize>,
    [low, high]: [f64; 2],
) -> Error {
    let below = source(network, level);
    let kind = if below == 0 { "input" } else { "unit" };
    let whose = match unit {
        None => format!("every {kind}"),
        Some(i) => match network.names(below).get(i) {
            Some(name) => format!("{kind} {i} ({})", printable(name)),
            None => format!("{kind} {i}"),
        },
    };
    let (first, above) = (
        Preset::DeepTaylor.rule(true, false),
        Preset::DeepTaylor.rule(false, false),
    );
    let others =
        format!("use --rule {first} or {above}, or --layer-rule {level}={first} (or {above})");
    Error::Rule(if below > 0 {
        format!(
            "layer {level}: the {rule} rule needs bounds with l ≤ 0 ≤ h, found [{low}, {high}] for {whose} of layer {below}, \
             where the layers in between move the bounds of the inputs\n  help: {others}"
        )
    } else {
        format!(
            "the {rule} rule needs bounds with l ≤ 0 ≤ h, found [{low}, {high}] for {whose}\n  \
             help: write bounds that include 0, as [{}, {}], or {others}",
            low.min(0.0),
            high.max(0.0),
        )
    })
}
