//! A network as far as a result needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::{Activation, Bounds, Network};
use crate::printable::printable;
use crate::relevance::{Plan, Rule, Silent};
use crate::words::{agree, count, grouped};

/// A network, as far as a result needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkInfo {
    /// The name in the file; empty where it has none.
    pub name: String,
    /// The shape of the input: `[n]` or `[channels, height, width]`.
    #[serde(default)]
    pub shape: Vec<usize>,
    /// The bounds [l, h] of the inputs; null where there are none, or not the same for all.
    #[serde(default)]
    pub bounds: Option<[f64; 2]>,
    /// The levels, input first.
    pub layers: Vec<LayerInfo>,
}

/// One level of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerInfo {
    /// `input`, or the type of the layer as in the network file.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many units there are.
    pub units: usize,
    /// The rule that hands the relevance of this level down to the one below; null for the input.
    pub rule: Option<String>,
    /// What that rule computes here; null for the input.
    #[serde(default)]
    pub formula: Option<String>,
    /// The search direction of the expansion behind it; null for the input.
    #[serde(default)]
    pub direction: Option<String>,
    /// `relu` or `identity`; null for the input.
    pub activation: Option<String>,
    /// The names of the units; empty where the file gives none.
    pub names: Vec<String>,
}

impl LayerInfo {
    /// What the rule computes here, with its rule; results of earlier programs tell the rule only.
    fn formula(&self) -> Option<(Rule, String)> {
        let rule = Rule::known(self.rule.as_deref()?)?;
        let formula = self.formula.clone();
        Some((
            rule,
            formula.unwrap_or_else(|| rule.formula(false).to_owned()),
        ))
    }

    /// `, relu` behind the type of a layer that has it.
    pub(crate) fn relu(&self) -> &'static str {
        match self.activation.as_deref() {
            Some("relu") => ", relu",
            _ => "",
        }
    }

    /// The search direction of the expansion behind it.
    pub(crate) fn direction(&self) -> Option<String> {
        let rule = Rule::known(self.rule.as_deref()?)?;
        let direction = self.direction.clone();
        Some(direction.unwrap_or_else(|| rule.direction_formula(false).to_owned()))
    }
}

impl NetworkInfo {
    /// The levels of a network with the rules of a plan.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        let input = LayerInfo {
            kind: "input".to_owned(),
            units: network.input_units(),
            rule: None,
            formula: None,
            direction: None,
            activation: None,
            names: network.names(0).to_vec(),
        };
        let layers =
            network
                .layers()
                .iter()
                .zip(plan.rules())
                .enumerate()
                .map(|(l, (layer, rule))| LayerInfo {
                    kind: layer.kind().to_owned(),
                    units: layer.linear().outputs(),
                    rule: Some(rule.to_string()),
                    formula: Some(rule.formula(network.can_be_negative(l)).to_owned()),
                    direction: Some(
                        rule.direction_formula(network.can_be_negative(l))
                            .to_owned(),
                    ),
                    activation: Some(activation(layer.activation()).to_owned()),
                    names: network.names(l + 1).to_vec(),
                });
        Self {
            name: network.name().to_owned(),
            shape: network.input().shape.clone(),
            bounds: match network.input().bounds {
                Some(Bounds::Same(bounds)) => Some(bounds),
                Some(Bounds::Each(_)) | None => None,
            },
            layers: std::iter::once(input).chain(layers).collect(),
        }
    }

    /// The levels from the input up: `3 inputs → 5 ReLU units → 1 sum pool`.
    pub(crate) fn in_words(&self) -> String {
        let level = |layer: &LayerInfo| match (layer.kind.as_str(), layer.activation.as_deref()) {
            ("input", _) => count(layer.units, "input"),
            ("dense", Some("relu")) => count(layer.units, "ReLU unit"),
            ("dense", _) => count(layer.units, "linear unit"),
            _ => count(layer.units, "sum pool"),
        };
        let levels: Vec<String> = self.layers.iter().map(level).collect();
        levels.join(" → ")
    }

    /// How the relevance of level `l` is handed down: the rule with its formula, and where a pool of these
    /// samples does not follow it; nothing for the input. `silent` are the silent units of a sample.
    pub(crate) fn steps_down(&self, l: usize, silent: &[Silent]) -> Vec<String> {
        let layer = &self.layers[l];
        let Some((rule, formula)) = layer.formula() else {
            return Vec::new();
        };
        let mut steps = vec![format!("{}:  {formula}", rule.symbol())];
        let pools: usize = (silent.iter().filter(|silent| silent.layer == l))
            .map(|silent| silent.equal_shares)
            .sum();
        if pools > 0 {
            let size = self.layers[l - 1].units / layer.units.max(1);
            steps.push(format!(
                "but {} here {} inputs that are all 0 and {} among them equally: R_j = R_k / {}",
                count(pools, "pool"),
                agree(pools, "has", "have"),
                agree(pools, "shares", "share"),
                grouped(size)
            ));
        }
        steps
    }

    /// The name, or a word for a network that has none.
    pub(crate) fn title(&self) -> String {
        titled(&self.name)
    }

    /// How a unit is called in a headline: an output by its name, else `unit 3`.
    pub(crate) fn unit_in_words(&self, layer: usize, unit: usize) -> String {
        let named = self.layers.get(layer).and_then(|info| info.names.get(unit));
        named.map_or_else(|| format!("unit {unit}"), |name| output_in_words(name))
    }

    /// How a unit is called in a table: its name, or its number counted from 0.
    pub fn label(&self, layer: usize, unit: usize) -> String {
        self.layers[layer]
            .names
            .get(unit)
            .map_or_else(|| unit.to_string(), Clone::clone)
    }
}

pub(crate) fn activation(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "relu",
        Activation::Identity => "identity",
    }
}

/// How an output is called in a sentence: a number alone would be taken for a value.
pub(crate) fn output_in_words(name: &str) -> String {
    if name.parse::<f64>().is_ok() {
        format!("output {name}")
    } else {
        printable(name)
    }
}

/// How the explained output is called in a headline: one by its name, or all together.
pub(crate) fn target_in_words(index: Option<usize>, name: &str) -> String {
    match index {
        None => "sum of all outputs".to_owned(),
        Some(_) => output_in_words(name),
    }
}

/// ` (the first of 2 outputs that tie)` behind an output that was the largest, where that is so.
pub(crate) fn tie_in_words(tied: &[usize]) -> String {
    match tied.len() {
        0 => String::new(),
        outputs => format!(" (the first of {} that tie)", count(outputs, "output")),
    }
}

/// A network's name, or a word for one that has none.
pub(crate) fn titled(name: &str) -> String {
    if name.is_empty() {
        "network".to_owned()
    } else {
        printable(name)
    }
}
