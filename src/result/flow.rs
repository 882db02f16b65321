//! What units hand to units, in a drawing: the most relevant units, with the others gathered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::held;
use super::{LayerInfo, NetworkInfo, Sample};
use crate::measure::{share, top};
use crate::relevance::Explainer;

/// So many samples of a result, the first and as many that fail a check, have a [`Flow`].
pub const IN_FULL: usize = 12;
/// Levels of more units than this are gathered in a [`Flow`].
const NODES: usize = 12;
/// Of a network with more levels than this a [`Flow`] has one node a level.
const LEVELS: usize = 13;
/// How relevance flows through a network, in a drawing of few nodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "flow")]
pub struct Flow {
    /// The nodes of every level, input first.
    pub nodes: Vec<Vec<Node>>,
    /// Entry l leads from level l + 1 down, to the level below it unless an edge says another; what is 0 is left out.
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
    /// The level of the node below; left out where it is the next one down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<usize>,
    /// Σ of the messages between their units.
    pub relevance: f64,
    /// The same as a part of f(x); null where that is 0.
    pub share: Option<f64>,
}

impl Edge {
    /// The level that it leads to from level `above`.
    pub(crate) fn level(&self, above: usize) -> usize {
        self.below.unwrap_or(above - 1)
    }
}

impl Flow {
    /// Of a sample that `explainer` explained, every level of it whole.
    pub fn new(explainer: &Explainer, sample: &Sample) -> Self {
        let layers = &sample.layers;
        let groups: Vec<Vec<Vec<usize>>> = match layers.len() {
            levels if levels > LEVELS => layers.iter().map(as_one).collect(),
            _ => layers.iter().map(gathered).collect(),
        };
        let levels = groups.iter().enumerate();
        let nodes = levels.map(|(l, groups)| {
            let node = |group: &Vec<usize>| Node::new(sample, l, group);
            groups.iter().map(node).collect()
        });
        let edges = (1..groups.len()).map(|l| edges(explainer, sample, &groups, l));
        Self {
            edges: edges.collect(),
            nodes: nodes.collect(),
        }
    }

    /// Every edge with the level that it leads from.
    pub(crate) fn edges_from_above(&self) -> impl Iterator<Item = (usize, &Edge)> {
        let levels = self.edges.iter().enumerate();
        levels.flat_map(|(l, edges)| edges.iter().map(move |edge| (l + 1, edge)))
    }

    /// Whether it is a drawing of these levels: each unit once, on its own or gathered, and every edge from one node to
    /// another, along what the layers read.
    pub(crate) fn fits(&self, network: &NetworkInfo) -> bool {
        let levels = &network.layers;
        let whole = |(nodes, level): (&Vec<Node>, &LayerInfo)| {
            let mut shown: Vec<usize> = nodes.iter().filter_map(|node| node.unit).collect();
            shown.sort_unstable();
            shown.dedup();
            let gathered = nodes.iter().filter(|node| node.unit.is_none()).count();
            let all = nodes
                .iter()
                .try_fold(0_usize, |sum, node| sum.checked_add(node.units));
            all == Some(level.units)
                && gathered <= 1
                && shown.len() + gathered == nodes.len()
                && shown.last().is_none_or(|&last| last < level.units)
        };
        let nodes = |level: usize| self.nodes.get(level).map_or(0, Vec::len);
        let within = |(l, edges): (usize, &Vec<Edge>)| {
            let mut read = network.sources(l + 1);
            read.dedup();
            let below: usize = read.iter().map(|&level| nodes(level)).sum();
            edges.len() <= nodes(l + 1).saturating_mul(below)
                && edges.iter().all(|edge| {
                    let level = edge.level(l + 1);
                    edge.from < nodes(l + 1) && read.contains(&level) && edge.to < nodes(level)
                })
        };
        self.nodes.len() == levels.len()
            && self.edges.len() + 1 == levels.len()
            && self.nodes.iter().zip(levels).all(whole)
            && self.edges.iter().enumerate().all(within)
    }
}

impl Node {
    /// Of these units of a level, in order.
    fn new(sample: &Sample, level: usize, group: &[usize]) -> Self {
        let relevance = &sample.layers[level].relevance;
        let relevance = group.iter().map(|&unit| relevance[unit]).sum();
        let lost = sample.lost.iter().filter(|lost| lost.layer == level);
        let lost = lost.filter(|lost| group.binary_search(&lost.unit).is_ok());
        Self {
            unit: (group.len() == 1).then(|| group[0]),
            units: group.len(),
            relevance,
            share: share(relevance, sample.target.value),
            lost: lost.map(|lost| lost.relevance).sum(),
        }
    }
}

/// What the nodes of a level hand to those of every level that its layer reads, each level once.
fn edges(
    explainer: &Explainer,
    sample: &Sample,
    groups: &[Vec<Vec<usize>>],
    above: usize,
) -> Vec<Edge> {
    let sources = sources(explainer, above);
    let x = values(sample, &sources);
    let handed = explainer.messages(above, &x, &sample.layers[above].relevance, &groups[above]);
    let mut levels = sources.clone();
    levels.sort_unstable_by_key(|level| std::cmp::Reverse(*level));
    levels.dedup();
    let mut edges = Vec::new();
    for level in levels {
        let branches = || {
            sources
                .iter()
                .zip(&handed)
                .filter(|(from, _)| **from == level)
        };
        for from in 0..groups[above].len() {
            for (to, group) in groups[level].iter().enumerate() {
                let parts = branches().flat_map(|(_, messages)| {
                    let row = messages.row(from);
                    group.iter().map(move |&i| held(row[i]))
                });
                let relevance = held(parts.sum());
                if relevance != 0.0 {
                    edges.push(Edge {
                        from,
                        to,
                        below: (level + 1 != above).then_some(level),
                        relevance,
                        share: share(relevance, sample.target.value),
                    });
                }
            }
        }
    }
    edges
}

/// The levels that a layer reads, one a branch.
pub(super) fn sources(explainer: &Explainer, layer: usize) -> Vec<usize> {
    explainer.plan().network().layer(layer).sources().collect()
}

/// The activations of these levels.
pub(super) fn values<'s>(sample: &'s Sample, levels: &[usize]) -> Vec<&'s [f64]> {
    let of = |&level: &usize| &sample.layers[level].activations[..];
    levels.iter().map(of).collect()
}

/// All units of a level together.
fn as_one(layer: &super::Layer) -> Vec<Vec<usize>> {
    vec![(0..layer.relevance.len()).collect()]
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
