//! Which rules to put on the layers of whatever network: a rule for all, and others for some.

use std::fmt;
use std::ops::Not;
use std::str::FromStr;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::gradient::Gradient;
use super::plan::Plan;
use super::preset::Preset;
use super::rule::{Rule, RuleBias};
use super::selector::{Meaning, Selector};
use crate::error::{Error, Invalid};
use crate::network::{Network, Object};

/// What makes a [`Plan`] of whatever network: a rule for every layer, or another policy, and rules for some layers on top of it.
///
/// Of several [layer rules](Self::layer_rules) that mean a layer the narrowest counts: a name or a number, first layers of a
/// type, first layers, a range (the shorter the narrower), a type, all. Of equally narrow ones the last counts. A layer rule
/// wins over whatever the rule or the policy below has for its layers.
///
/// It is written to JSON and read back; the JSON is that of a plan file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    rename = "plan",
    description = "Which rule goes on which layer of a network."
)]
pub struct Policy {
    /// The JSON Schema of this file, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    /// What the plan is called in tables and reports.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    name: String,
    /// What it is and where it comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    /// The rule of every layer that no entry of `layer_rules` means, as --rule spells it: `z+`, `deep-taylor`.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Preset")]
    rule: Option<Preset>,
    /// Another plan in the place of `rule`.
    #[serde(
        default,
        deserialize_with = "object",
        skip_serializing_if = "Option::is_none"
    )]
    plan: Option<Box<Policy>>,
    /// Rules for some layers. The narrowest that means a layer counts, and of equally narrow ones the last.
    #[serde(
        default,
        deserialize_with = "objects",
        skip_serializing_if = "Vec::is_empty"
    )]
    layer_rules: Vec<LayerRule>,
    /// Whether biases count in the denominators: `drop`, which is usual, or `keep`.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "RuleBias")]
    rule_bias: Option<RuleBias>,
}

/// A rule for some layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "layer_rule")]
pub struct LayerRule {
    /// Which layers: a name, a number, a range as `2-4`, a type of layer, `first`, `first:TYPE` or `all`.
    pub layers: Selector,
    /// The rule of these layers.
    pub rule: Rule,
    /// Whether a network may have no such layer; else that is an error.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub optional: bool,
}

/// A value that is left out where it is not given, and is never null.
fn given<'d, T: Deserialize<'d>, D: Deserializer<'d>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn object<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Option<Box<Policy>>, D::Error> {
    let Object(policy) = Object::deserialize(deserializer)?;
    Ok(Some(Box::new(policy)))
}

fn objects<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Vec<LayerRule>, D::Error> {
    let rows: Vec<Object<LayerRule>> = Vec::deserialize(deserializer)?;
    Ok(rows.into_iter().map(|Object(row)| row).collect())
}

impl LayerRule {
    /// The rule of layers that a network must have.
    pub fn new(layers: impl Into<Selector>, rule: Rule) -> Self {
        Self {
            layers: layers.into(),
            rule,
            optional: false,
        }
    }
}

impl From<(usize, Rule)> for LayerRule {
    fn from((level, rule): (usize, Rule)) -> Self {
        Self::new(level, rule)
    }
}

impl From<(Selector, Rule)> for LayerRule {
    fn from((layers, rule): (Selector, Rule)) -> Self {
        Self::new(layers, rule)
    }
}

/// As --layer-rule spells it: `1=zB`, `stem=zB`, `conv2d=z+`.
impl FromStr for LayerRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (layers, rule) = text
            .rsplit_once('=')
            .ok_or("expected LAYER=RULE, for instance 1=zB")?;
        let layers: Selector = layers.parse()?;
        let rule = rule.trim().parse::<Rule>().map_err(|unknown| {
            let gradient = rule.parse::<Gradient>().ok();
            gradient.map_or(unknown, |gradient| {
                format!("expected a rule, found the gradient method {gradient}, which explains the input of a whole network")
            })
        })?;
        Ok((layers, rule).into())
    }
}

/// As [`FromStr`] reads it.
impl fmt::Display for LayerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.layers, self.rule)
    }
}

impl Policy {
    /// A rule or a preset for every layer, and on top of it rules for some layers.
    pub fn new(rule: impl Into<Preset>, layer_rules: Vec<LayerRule>) -> Self {
        Self {
            rule: Some(rule.into()),
            layer_rules,
            ..Self::default()
        }
    }

    /// Rules for layers, of which a network may have no others that follow a rule.
    pub fn of_rules(layer_rules: Vec<LayerRule>) -> Self {
        Self {
            layer_rules,
            ..Self::default()
        }
    }

    /// Another policy, and on top of it rules for some layers.
    pub fn on_top(below: Self, layer_rules: Vec<LayerRule>) -> Self {
        Self {
            plan: Some(Box::new(below)),
            layer_rules,
            ..Self::default()
        }
    }

    /// The same under a name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same with biases in the denominators, or without.
    #[must_use]
    pub fn with_bias(mut self, bias: RuleBias) -> Self {
        self.rule_bias = Some(bias);
        self
    }

    /// Whether biases count in the denominators: as it says itself, or as the policy below does; else they do not.
    pub fn rule_bias(&self) -> RuleBias {
        match (self.rule_bias, &self.plan) {
            (Some(bias), _) => bias,
            (None, Some(below)) => below.rule_bias(),
            (None, None) => RuleBias::default(),
        }
    }

    /// What it is called; empty where it has no name.
    pub fn name(&self) -> &str {
        match &self.plan {
            Some(below) if self.name.is_empty() => below.name(),
            _ => &self.name,
        }
    }

    /// What it is and where it comes from; empty where nothing is said.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The rule of every layer that no layer rule means.
    pub fn rule(&self) -> Option<Preset> {
        self.rule
    }

    /// The rule, where it is one for every layer and no other is for some; a [`Preset`] of several is none.
    pub fn one_rule(&self) -> Option<Rule> {
        match self.rule {
            Some(Preset::One(rule)) if self.layer_rules.is_empty() => Some(rule),
            _ => None,
        }
    }

    /// The policy below the layer rules, in the place of one rule.
    pub fn below(&self) -> Option<&Self> {
        self.plan.as_deref()
    }

    /// The rules for some layers.
    pub fn layer_rules(&self) -> &[LayerRule] {
        &self.layer_rules
    }

    /// The rule of every layer of `network`; [`resolve`](Self::resolve) says why each has it.
    ///
    /// # Errors
    ///
    /// [`Error::Rule`] where a rule is not defined on its layer, a layer rule means no layer, or a layer has no rule.
    pub fn plan<'n>(&self, network: &'n Network) -> Result<Plan<'n>, Error> {
        let resolved = self.resolve(network).map_err(|invalid| {
            Error::Rule(match invalid.path.as_str() {
                // The complaint about a rule for all layers, or about the rule of one, names the layer.
                "rule" => Invalid {
                    path: String::new(),
                    ..invalid
                }
                .to_string(),
                _ => invalid.to_string(),
            })
        })?;
        Ok(resolved.plan)
    }

    /// The same policy, in which what a name of a layer of `network` means is a number: for networks of the same layers
    /// under other names.
    #[must_use]
    pub fn by_number(mut self, network: &Network) -> Self {
        for row in &mut self.layer_rules {
            if let Ok(Some(level)) = row.layers.meaning(network).map(Meaning::one_layer) {
                row.layers = Selector::Level(level);
            }
        }
        self.plan = self.plan.map(|below| Box::new(below.by_number(network)));
        self
    }

    /// What is wrong with it whatever the network.
    ///
    /// # Errors
    ///
    /// [`Invalid`], with the place as a JSON path, when it has both a rule and a plan for all layers, or no rule at all.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.rule.is_some() && self.plan.is_some() {
            let invalid = Invalid::new("plan", "expected `rule` or `plan`", "both");
            return Err(
                invalid.help("one of them is for the layers that no entry of `layer_rules` means")
            );
        }
        if let Some(below) = &self.plan {
            return below.check().map_err(|invalid| invalid.below("plan"));
        }
        if self.rule.is_none() && self.layer_rules.is_empty() {
            return Err(Invalid::new("", "expected `rule` or `layer_rules`", "no rule at all")
                .help("\"rule\": \"z+\" is for every layer, \"layer_rules\": [{\"layers\": \"first\", \"rule\": \"w2\"}] for some"));
        }
        Ok(())
    }
}

impl Policy {
    /// What it is made of, in words; the name where it has one.
    fn words(&self) -> Vec<String> {
        let mut words = match &self.plan {
            _ if !self.name.is_empty() => return vec![self.name.clone()],
            Some(below) => below.words(),
            None => self.rule.iter().map(ToString::to_string).collect(),
        };
        words.extend(self.layer_rules.iter().map(ToString::to_string));
        if self.rule_bias == Some(RuleBias::Keep) {
            words.push("with biases".to_owned());
        }
        words
    }
}

/// The JSON Schema of the plan file.
pub fn schema() -> Schema {
    let mut settings = SchemaSettings::draft2020_12();
    settings.contract = schemars::generate::Contract::Deserialize;
    let mut schema = settings.into_generator().into_root_schema_for::<Policy>();
    // What is left out has no value that could be written instead.
    RecursiveTransform(|schema: &mut Schema| {
        schema.remove("default");
    })
    .transform(&mut schema);
    schema
}

impl From<Preset> for Policy {
    fn from(preset: Preset) -> Self {
        Self::new(preset, Vec::new())
    }
}

impl fmt::Display for Policy {
    /// Its name, or as the command line spells it: `w2`, `deep-taylor`, `z+ 1=zB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.words().join(" "))
    }
}
