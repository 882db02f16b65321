//! What units hand to units: every message of a layer, or the most relevant units with the others gathered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sample;
use super::value::held;
use crate::measure::{share, top};
use crate::relevance::Explainer;
use crate::spelling::{Named, Spelling};

/// So many samples of a result, the first and as many that fail a check, have a [`Flow`].
pub const IN_FULL: usize = 12;
/// Levels of more units than this are gathered in a [`Flow`].
const NODES: usize = 12;
/// Layers with more messages than this are left out of [`Edges::Narrow`].
const NARROW: usize = 10_000;

/// Which layers have their messages in a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edges {
    /// Those with at most 10,000 messages.
    Narrow,
    /// Every one.
    All,
}

impl Named for Edges {
    const KIND: &'static str = "choice";

    fn all() -> Vec<Self> {
        vec![Self::Narrow, Self::All]
    }

    fn spelling(self) -> Spelling {
        match self {
            Self::Narrow => Spelling::plain("narrow", "Layers with at most 10,000 messages"),
            Self::All => Spelling::plain("all", "Every layer"),
        }
    }
}

/// How relevance flows through a network, in a drawing of few nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "flow")]
pub struct Flow {
    /// The nodes of every level, input first.
    pub nodes: Vec<Vec<Node>>,
    /// Entry l leads from level l + 1 down to level l; what is 0 is left out.
    pub edges: Vec<Vec<Edge>>,
}

/// A unit, or the units of a level that are not shown on their own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "node")]
pub struct Node {
    /// The unit; null where several are gathered.
    pub unit: Option<usize>,
    /// How many units it stands for.
    pub units: usize,
    /// What they carry together.
    pub relevance: f64,
    /// The same as a part of f(x); null where that is 0.
    pub share: Option<f64>,
    /// What of it they could not hand on.
    pub lost: f64,
}

/// What one node hands to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "edge")]
pub struct Edge {
    /// The node above, by its place in its level.
    pub from: usize,
    /// The node below, by its place in its level.
    pub to: usize,
    /// Σ of the messages between their units.
    pub relevance: f64,
    /// The same as a part of f(x); null where that is 0.
    pub share: Option<f64>,
}

/// The messages of one layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "messages")]
pub struct Messages {
    /// The level that hands on; the messages go to the one below.
    pub layer: usize,
    /// How many messages there are: inputs × units.
    pub number: usize,
    /// `messages[i][j] = R_{i←j}`; null where they are too many and `--edges=all` was not said.
    pub messages: Option<Vec<Vec<f64>>>,
}

impl Flow {
    /// Of a sample that `explainer` explained.
    pub fn new(explainer: &Explainer, sample: &Sample) -> Self {
        let groups: Vec<Vec<Vec<usize>>> = sample.layers.iter().map(gathered).collect();
        let share = |relevance| share(relevance, sample.target.value);
        let levels = groups.iter().zip(&sample.layers).enumerate();
        let nodes = levels.map(|(l, (groups, layer))| {
            let lost: Vec<_> = sample.lost.iter().filter(|lost| lost.layer == l).collect();
            let node = |group: &Vec<usize>| {
                let relevance = group.iter().map(|&unit| layer.relevance[unit]).sum();
                let stuck = lost
                    .iter()
                    .filter(|lost| group.binary_search(&lost.unit).is_ok());
                Node {
                    unit: (group.len() == 1).then(|| group[0]),
                    units: group.len(),
                    relevance,
                    share: share(relevance),
                    lost: stuck.map(|lost| lost.relevance).sum(),
                }
            };
            groups.iter().map(node).collect()
        });
        let edges = (1..groups.len()).map(|l| {
            let (x, r) = (
                &sample.layers[l - 1].activations,
                &sample.layers[l].relevance,
            );
            let messages = explainer.messages(l, &[x], r, &groups[l]).swap_remove(0);
            let mut edges = Vec::new();
            for (from, row) in messages.rows().into_iter().enumerate() {
                for (to, group) in groups[l - 1].iter().enumerate() {
                    let relevance = held(group.iter().map(|&i| held(row[i])).sum());
                    if relevance != 0.0 {
                        edges.push(Edge {
                            from,
                            to,
                            relevance,
                            share: share(relevance),
                        });
                    }
                }
            }
            edges
        });
        Self {
            edges: edges.collect(),
            nodes: nodes.collect(),
        }
    }

    /// Whether it is a drawing of levels of so many units: each unit once, on its own or gathered, and every edge from one
    /// node to another.
    pub(crate) fn fits(&self, units: &[usize]) -> bool {
        let whole = |(nodes, &units): (&Vec<Node>, &usize)| {
            let mut shown: Vec<usize> = nodes.iter().filter_map(|node| node.unit).collect();
            shown.sort_unstable();
            shown.dedup();
            let gathered = nodes.iter().filter(|node| node.unit.is_none()).count();
            let all = nodes
                .iter()
                .try_fold(0_usize, |sum, node| sum.checked_add(node.units));
            all == Some(units)
                && gathered <= 1
                && shown.len() + gathered == nodes.len()
                && shown.last().is_none_or(|&last| last < units)
        };
        let nodes = |level: usize| self.nodes.get(level).map_or(0, Vec::len);
        let within = |(l, edges): (usize, &Vec<Edge>)| {
            edges.len() <= nodes(l + 1).saturating_mul(nodes(l))
                && edges
                    .iter()
                    .all(|edge| edge.from < nodes(l + 1) && edge.to < nodes(l))
        };
        self.nodes.len() == units.len()
            && self.edges.len() + 1 == units.len()
            && self.nodes.iter().zip(units).all(whole)
            && self.edges.iter().enumerate().all(within)
    }
}

/// Every unit on its own where they are few, else the most relevant ones in their order and the others together.
fn gathered(layer: &super::Layer) -> Vec<Vec<usize>> {
    let units = layer.relevance.len();
    if units <= NODES {
        return (0..units).map(|unit| vec![unit]).collect();
    }
    let mut shown = top(units, NODES - 1, |unit| layer.relevance[unit]);
    shown.sort_unstable();
    let rest = (0..units).filter(|unit| shown.binary_search(unit).is_err());
    let rest = rest.collect();
    shown
        .into_iter()
        .map(|unit| vec![unit])
        .chain([rest])
        .collect()
}

impl Messages {
    /// Of every layer of a sample that `explainer` explained, from the output down.
    pub fn of(explainer: &Explainer, sample: &Sample, edges: Edges) -> Vec<Self> {
        let layer = |layer: usize| {
            let (x, r) = (
                &sample.layers[layer - 1].activations,
                &sample.layers[layer].relevance,
            );
            let number = x.len() * r.len();
            let each: Vec<Vec<usize>> = (0..r.len()).map(|j| vec![j]).collect();
            let wanted = edges == Edges::All || number <= NARROW;
            Self {
                layer,
                number,
                messages: wanted.then(|| {
                    let messages = explainer.messages(layer, &[x], r, &each).swap_remove(0);
                    messages
                        .columns()
                        .into_iter()
                        .map(|to| to.iter().copied().map(held).collect())
                        .collect()
                }),
            }
        };
        (1..sample.layers.len()).rev().map(layer).collect()
    }
}
