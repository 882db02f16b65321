//! Which rule goes on which layer.

use super::policy::{LayerRule, Policy};
use super::preset::Preset;
use super::rule::{Inputs, Promises, Rule, RuleBias};
use super::selector::{plain, there};
use crate::error::{Error, Invalid};
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
        Policy::from(preset.into()).plan(network)
    }

    /// The rules of all layers, from layer 1.
    ///
    /// # Errors
    ///
    /// The level of the first layer whose rule is not defined there, and why.
    pub(super) fn of_rules(
        network: &'n Network,
        rules: Vec<Rule>,
    ) -> Result<Self, (usize, Invalid)> {
        let levels = (1..).zip(&rules);
        let domains = levels
            .map(|(level, &rule)| domain(network, level, rule).map_err(|error| (level, error)));
        let domains = domains.collect::<Result<_, _>>()?;
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
        let of_rule = |invalid: Invalid| Error::Rule(invalid.to_string());
        there(level, self.network).map_err(of_rule)?;
        follows_a_rule(self.network, level).map_err(of_rule)?;
        let rule = match self.network.layer(level).role() {
            Role::Addition => rule.of_addition(),
            _ => rule,
        };
        self.domains[level - 1] = domain(self.network, level, rule).map_err(of_rule)?;
        self.rules[level - 1] = rule;
        Ok(self)
    }

    /// The plan as a policy that says the rule of every layer by its number; on the same network it makes the same plan.
    pub fn policy(&self) -> Policy {
        let levels = (1..).zip(&self.rules);
        let followers = levels.filter(|(level, _)| own_rule(self.network, *level).is_none());
        let rules = followers.map(|(level, rule)| LayerRule::from((level, *rule)));
        Policy::of_rules(rules.collect()).with_bias(self.bias)
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
        let kept = self.bias.is_in_denominators(rule) && {
            let fractions = rule.fractions(true, self.domain(level));
            let absorbs = |&b: &f64| fractions.iter().any(|of| of.share_of_bias(b) != 0.0);
            layer.bias().iter().any(absorbs)
        };
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
pub(super) fn own_rule(network: &Network, level: usize) -> Option<Rule> {
    match network.layer(level).role() {
        _ if network.shares_in_proportion(level) => Some(Rule::Proportional),
        Role::Routing => Some(Rule::Routing),
        Role::Maximum => Some(Rule::Largest),
        Role::Weights | Role::Addition | Role::Pool => None,
    }
}

/// Whether a layer follows a rule.
///
/// # Errors
///
/// [`Invalid`], without a place, where it brings its own.
pub(super) fn follows_a_rule(network: &Network, level: usize) -> Result<(), Invalid> {
    let Some(own) = own_rule(network, level) else {
        return Ok(());
    };
    let noun = network.layer(level).kind().noun();
    Err(plain(format!(
        "layer {level} is {} {noun}: it {} and takes no other rule",
        article(noun),
        own.about().does
    )))
}

/// The box that a rule assumes for the values that the layer of a level reads; unbounded for most rules.
fn domain(network: &Network, level: usize, rule: Rule) -> Result<Domain, Invalid> {
    if rule.is_of_a_kind() && own_rule(network, level).is_none() {
        return Err(plain(format!(
            "layer {level}: the {rule} rule is not for a layer that follows a rule"
        )));
    }
    if rule.about().inputs != Inputs::Bounded {
        return Ok(Domain::Unbounded);
    }
    if network.input().bounds.is_none() {
        let invalid = plain(format!(
            "the {rule} rule needs the bounds of its inputs, but none are given"
        ));
        return Err(invalid.help(format!(
            "give them by --bounds low,high, or by \"bounds\": [low, high] in the \"input\" of a network file; or use {}",
            Preset::WITHOUT_BOUNDS[0]
        )));
    }
    let below = source(network, level);
    // What is routed or pooled keeps to bounds, too; what other layers make has none.
    let bounds = network.domains().swap_remove(below);
    if !matches!(bounds, Domain::Box(_)) {
        let [other, above] = Preset::WITHOUT_BOUNDS;
        let invalid = plain(format!(
            "layer {level}: the {rule} rule needs bounds of what it reads, and layer {below} has none"
        ));
        return Err(invalid.help(format!(
            "use --layer-rule {level}={above} (or {other}); --rule {preset} has {rule} on the first layer and {above} above",
            preset = Preset::DeepTaylor,
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
) -> Invalid {
    let below = source(network, level);
    let kind = if below == 0 { "input" } else { "unit" };
    let whose = match unit {
        None => format!("every {kind}"),
        Some(i) => match network.names(below).get(i) {
            Some(name) => format!("{kind} {i} ({})", printable(name)),
            None => format!("{kind} {i}"),
        },
    };
    let [first, above] = Preset::WITHOUT_BOUNDS;
    let others =
        format!("use --rule {first} or {above}, or --layer-rule {level}={first} (or {above})");
    if below > 0 {
        return plain(format!(
            "layer {level}: the {rule} rule needs bounds with l ≤ 0 ≤ h, found [{low}, {high}] for {whose} of layer {below}, \
             where the layers in between move the bounds of the inputs"
        ))
        .help(others);
    }
    let invalid = plain(format!(
        "the {rule} rule needs bounds with l ≤ 0 ≤ h, found [{low}, {high}] for {whose}"
    ));
    let (low, high) = (low.min(0.0), high.max(0.0));
    invalid.help(format!(
        "write bounds that include 0, as [{low}, {high}], or {others}"
    ))
}
