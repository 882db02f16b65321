//! A network as far as a result needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::GradientInfo;
use crate::network::{self, Activation, Bounds, InputPicture, LevelKind, Network, Order};
use crate::relevance::{Plan, Rule, RuleBias};

/// A network, as far as a result needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkInfo {
    /// The name in the file; empty where it has none.
    pub name: String,
    /// The shape of the input: `[n]` or `[channels, height, width]`.
    #[serde(default)]
    pub shape: Vec<usize>,
    /// In which order the values of a picture come: `chw`, which is left out, or `hwc`.
    #[serde(default, skip_serializing_if = "Order::is_default")]
    pub order: Order,
    /// How the inputs are drawn, where that is not as `shape` and `order` say; left out else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_as: Option<DrawnAs>,
    /// The bounds [l, h] of the inputs; null where there are none, or not the same for all.
    #[serde(default)]
    pub bounds: Option<[f64; 2]>,
    /// Whether biases count in the denominators of the rules: `keep`, or `drop`, which is left out.
    #[serde(default, skip_serializing_if = "RuleBias::is_default")]
    pub rule_bias: RuleBias,
    /// The gradient method that explains the input, in the place of rules; left out where rules explain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<GradientInfo>,
    /// The levels, input first.
    pub layers: Vec<LayerInfo>,
}

/// How inputs are drawn: what was noticed of their shape, or asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct DrawnAs {
    /// `[channels, height, width]`.
    pub shape: [usize; 3],
    /// In which order the values of the picture come.
    pub order: Order,
}

impl From<InputPicture> for DrawnAs {
    fn from(picture: InputPicture) -> Self {
        Self {
            shape: picture.sides,
            order: picture.order,
        }
    }
}

impl DrawnAs {
    /// The shape and order that inputs are drawn by: this, or else those of their network.
    pub(super) fn of<'s>(
        drawn_as: Option<&'s Self>,
        (shape, order): (&'s [usize], Order),
    ) -> (&'s [usize], Order) {
        drawn_as.map_or((shape, order), |drawn| (&drawn.shape, drawn.order))
    }
}

/// One level of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LayerInfo {
    /// `input`, or the type of the layer as in the network file.
    #[serde(rename = "type")]
    pub kind: LevelKind,
    /// The name of the layer; left out where the file gives none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The levels that the layer reads, one a branch; left out where it is the level before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<usize>,
    /// How many units there are.
    pub units: usize,
    /// `[channels, height, width]`; left out where the units are a plain list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shape: Vec<usize>,
    /// The rule that hands the relevance of this level down to the one below; null for the input, and where a gradient method
    /// explains.
    pub rule: Option<Rule>,
    /// What that rule computes here; null for the input.
    #[serde(default)]
    pub formula: Option<String>,
    /// The search direction of the expansion behind it; null for the input.
    #[serde(default)]
    pub direction: Option<String>,
    /// `relu` or `identity`; null for the input.
    pub activation: Option<Activation>,
    /// The names of the units; empty where the file gives none.
    pub names: Vec<String>,
}

impl NetworkInfo {
    /// The levels of a network with the rules of a plan.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        Self::of(network, Some(plan))
    }

    /// The levels of a network, without rules.
    pub(super) fn without_rules(network: &Network) -> Self {
        Self::of(network, None)
    }

    fn of(network: &Network, plan: Option<&Plan>) -> Self {
        let levels = 0..=network.top();
        let input = network.input();
        let noticed = (network.picture())
            .filter(|picture| picture.is_noticed && picture.order != input.order);
        Self {
            name: network.name().to_owned(),
            shape: input.shape.clone(),
            order: input.order,
            drawn_as: noticed.map(DrawnAs::from),
            bounds: match input.bounds {
                Some(Bounds::Same(bounds)) => Some(bounds),
                Some(Bounds::Each(_)) | None => None,
            },
            rule_bias: plan.map_or(RuleBias::Drop, Plan::rule_bias),
            gradient: None,
            layers: levels
                .map(|level| LayerInfo::new(network, plan, level))
                .collect(),
        }
    }

    /// The shape and order that the inputs are drawn by.
    pub fn picture(&self) -> (&[usize], Order) {
        DrawnAs::of(self.drawn_as.as_ref(), (&self.shape, self.order))
    }

    /// The levels that the layer of a level reads, one a branch; none for the input.
    pub fn sources(&self, level: usize) -> Vec<usize> {
        match &self.layers[level].from[..] {
            [] => level.checked_sub(1).into_iter().collect(),
            from => from.to_vec(),
        }
    }

    /// Whether every layer reads the level before, and that alone.
    pub fn is_chain(&self) -> bool {
        self.layers.iter().all(|layer| layer.from.is_empty())
    }

    /// The layers that read a level, in order; one that reads it twice comes twice.
    pub fn readers(&self, level: usize) -> Vec<usize> {
        let above = level + 1..self.layers.len();
        let readers = above.flat_map(|reader| {
            let sources = self.sources(reader).into_iter();
            sources
                .filter(move |from| *from == level)
                .map(move |_| reader)
        });
        readers.collect()
    }

    /// How often a level is read.
    pub(crate) fn readings(&self, level: usize) -> usize {
        self.readers(level).len()
    }

    /// Whether a level is a cut by itself: no layer above it reads a level below it. On a chain every one is.
    pub fn is_cut(&self, level: usize) -> bool {
        let mut above = self.layers[level + 1..].iter();
        above.all(|layer| layer.from.iter().all(|&from| from >= level))
    }

    /// How a unit is called in a table: its name, or its number counted from 0.
    pub fn label(&self, layer: usize, unit: usize) -> String {
        self.layers[layer]
            .names
            .get(unit)
            .map_or_else(|| unit.to_string(), Clone::clone)
    }
}

/// The levels that the layer of a level reads, one a branch; none where that is the level before, or there is no layer.
pub(super) fn unusual_sources(network: &Network, level: usize) -> Vec<usize> {
    let from: Vec<usize> = match level {
        0 => return Vec::new(),
        _ => network.layer(level).sources().collect(),
    };
    if from == [level - 1] {
        Vec::new()
    } else {
        from
    }
}

impl LayerInfo {
    fn new(network: &Network, plan: Option<&Plan>, level: usize) -> Self {
        let layer = (level > 0).then(|| network.layer(level));
        let rule = plan.filter(|_| level > 0).map(|plan| plan.rule(level));
        let bias = plan.map_or(RuleBias::Drop, Plan::rule_bias);
        // Which formula a rule has depends on what it is handed down to.
        let signed =
            layer.is_some_and(|layer| layer.sources().any(|from| network.can_be_negative(from)));
        Self {
            kind: layer.map_or(LevelKind::Input, LevelKind::from),
            name: layer.map_or("", |layer| layer.name()).to_owned(),
            from: unusual_sources(network, level),
            units: network.units_of(level),
            shape: network
                .shape(level)
                .image()
                .map_or_else(Vec::new, Vec::from),
            rule,
            formula: rule.map(|rule| rule.formula_with(signed, bias)),
            direction: rule.map(|rule| rule.direction_formula(signed).to_owned()),
            activation: layer.map(network::Layer::activation),
            names: network.names(level).to_vec(),
        }
    }
}
