//! What every unit of a layer hands to each of its inputs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Sample;
use super::flow::{sources, values};
use super::value::held;
use crate::network::{self, Network};
use crate::relevance::Explainer;
use crate::spelling::{Named, Spelling};
use crate::words::grouped;

/// Layers with more messages than this are left out of [`Edges::Narrow`]; with more pairs than this they list their ties.
const NARROW: usize = 10_000;

/// So many messages of a sample are written, at the most.
const MOST: usize = 10_000_000;
/// So many numbers are computed at once: a row of inputs for each group of units.
const AT_ONCE: usize = 1 << 24;

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

/// The messages of one branch of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "messages")]
pub struct Messages {
    /// The level that hands on.
    pub layer: usize,
    /// The level that the branch reads, to which the messages go; left out where it is the next one down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<usize>,
    /// How many messages there are: inputs × units, or, where `ties` lists them, ties.
    pub number: usize,
    /// `messages[i][j] = R_{i←j}`; null where `ties` has them, or where they are too many and `--edges=all` was not said.
    pub messages: Option<Vec<Vec<f64>>>,
    /// `[i, j, R_{i←j}]` for every input i that unit j sees, by i and then by j: in the place of `messages` where these would
    /// be more than 10,000 numbers, and most pairs are not tied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ties: Option<Vec<(usize, usize, f64)>>,
}

impl Messages {
    /// Of every branch of every layer of a sample that `explainer` explained, every level of it whole; from the output down.
    pub fn of(explainer: &Explainer, sample: &Sample, edges: Edges) -> Vec<Self> {
        let levels = (1..sample.layers.len()).rev();
        let levels = levels.flat_map(|layer| Self::of_layer(explainer, sample, edges, layer));
        levels.collect()
    }

    /// Whether a sample has no more messages than can be written.
    ///
    /// # Errors
    ///
    /// In words, with what to do.
    pub fn check(network: &Network, edges: Edges) -> Result<(), String> {
        let layers = network.layers().iter().flat_map(|layer| {
            let lists_ties = lists_ties(layer);
            (layer.branches().iter()).map(move |branch| number(branch, lists_ties))
        });
        let written = layers.filter(|number| edges.has(*number));
        let all = written.fold(0_usize, usize::saturating_add);
        if all <= MOST {
            return Ok(());
        }
        Err(format!(
            "expected at most {} messages for a sample, found {}\n  \
             help: --edges alone writes the layers that have at most {} messages",
            grouped(MOST),
            grouped(all),
            grouped(NARROW)
        ))
    }

    fn of_layer(explainer: &Explainer, sample: &Sample, edges: Edges, level: usize) -> Vec<Self> {
        let layer = explainer.plan().network().layer(level);
        let lists_ties = lists_ties(layer);
        let branches = layer.branches().iter();
        let mut found: Vec<Self> = branches
            .map(|branch| Self {
                layer: level,
                from: (branch.from() + 1 != level).then_some(branch.from()),
                number: number(branch, lists_ties),
                messages: None,
                ties: None,
            })
            .collect();
        if found.iter().any(|branch| edges.has(branch.number)) {
            if lists_ties {
                list_ties(explainer, sample, level, &mut found);
            } else {
                list_pairs(explainer, sample, level, &mut found);
            }
            for branch in found.iter_mut().filter(|branch| !edges.has(branch.number)) {
                (branch.messages, branch.ties) = (None, None);
            }
        }
        found
    }

    /// The level that they go to.
    pub(crate) fn below(&self) -> usize {
        self.from.unwrap_or(self.layer.saturating_sub(1))
    }

    /// Every message as its input, its unit and its relevance, by input; none where they were left out.
    pub(crate) fn each(&self) -> Option<Vec<(usize, usize, f64)>> {
        let pairs = |rows: &Vec<Vec<f64>>| {
            let rows = rows.iter().enumerate();
            rows.flat_map(|(i, row)| row.iter().enumerate().map(move |(j, r)| (i, j, *r)))
                .collect()
        };
        self.ties
            .clone()
            .or_else(|| self.messages.as_ref().map(pairs))
    }
}

impl Edges {
    /// Whether a branch with so many messages has them in the result.
    fn has(self, number: usize) -> bool {
        self == Self::All || number <= NARROW
    }
}

/// Inputs × units of a branch.
fn pairs(branch: &network::Branch) -> usize {
    branch.map().inputs().saturating_mul(branch.map().outputs())
}

/// Whether a layer lists the ties of its units: there are many pairs, and not all of them are tied.
fn lists_ties(layer: &network::Layer) -> bool {
    let mut branches = layer.branches().iter();
    branches.any(|branch| pairs(branch) > NARROW && branch.tie_count() < pairs(branch))
}

/// How many messages a branch has.
fn number(branch: &network::Branch, lists_ties: bool) -> usize {
    if lists_ties {
        branch.tie_count()
    } else {
        pairs(branch)
    }
}

/// Adds a number for each pair of an input and a unit.
fn list_pairs(explainer: &Explainer, sample: &Sample, level: usize, found: &mut [Messages]) {
    let (x, r) = (
        values(sample, &sources(explainer, level)),
        &sample.layers[level].relevance,
    );
    let each: Vec<Vec<usize>> = (0..r.len()).map(|j| vec![j]).collect();
    let handed = explainer.messages(level, &x, r, &each);
    for (branch, handed) in found.iter_mut().zip(handed) {
        let row = |of: ndarray::ArrayView1<f64>| of.iter().copied().map(held).collect();
        branch.messages = Some(handed.columns().into_iter().map(row).collect());
    }
}

/// Adds a number for each tie. Units that share no input are computed together: what reaches an input is that of one of them.
fn list_ties(explainer: &Explainer, sample: &Sample, level: usize, found: &mut [Messages]) {
    let layer = explainer.plan().network().layer(level);
    let (x, r) = (
        values(sample, &sources(explainer, level)),
        &sample.layers[level].relevance,
    );
    let mut ties = vec![Vec::new(); x.len()];
    let wide: usize = x.iter().map(|x| x.len()).sum();
    for groups in apart(layer, &x).chunks((AT_ONCE / wide.max(r.len())).max(1)) {
        let handed = explainer.messages(level, &x, r, groups);
        for (g, &j) in
            (groups.iter().enumerate()).flat_map(|(g, group)| group.iter().map(move |j| (g, j)))
        {
            for (branch, tie) in layer.ties(j) {
                ties[branch].push((tie.input, j, held(handed[branch][[g, tie.input]])));
            }
        }
    }
    for (branch, mut ties) in found.iter_mut().zip(ties) {
        ties.sort_unstable_by_key(|&(i, j, _)| (i, j));
        branch.ties = Some(ties);
    }
}

/// The units of a layer in groups, none of which has two units that see the same input.
fn apart(layer: &network::Layer, x: &[&[f64]]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    // For every input of every branch the groups that see it.
    let mut seen: Vec<Vec<Vec<usize>>> = x.iter().map(|x| vec![Vec::new(); x.len()]).collect();
    // For every group the last unit that it cannot take.
    let mut refused: Vec<Option<usize>> = Vec::new();
    for j in 0..layer.units() {
        for (branch, tie) in layer.ties(j) {
            for &group in &seen[branch][tie.input] {
                refused[group] = Some(j);
            }
        }
        let free = refused.iter().position(|unit| *unit != Some(j));
        let group = free.unwrap_or(groups.len());
        if free.is_none() {
            groups.push(Vec::new());
            refused.push(None);
        }
        groups[group].push(j);
        for (branch, tie) in layer.ties(j) {
            seen[branch][tie.input].push(group);
        }
    }
    groups
}
