//! What the levels and the nodes of a flow are called.

use super::plan::{LONGEST, Orientation};
use crate::interpretation::names::output_in_words;
use crate::printable::printable;
use crate::render::drawings::sheet::{fitting, text_width};
use crate::result::{Flow, NetworkInfo, Node};
use crate::words::grouped;

/// A longer title is cut.
const LONGEST_TITLE: f64 = 120.0;

/// As there is room for them.
pub(super) struct Names {
    pub(super) titles: Vec<String>,
    pub(super) nodes: Vec<Vec<String>>,
}

impl Names {
    pub(super) fn new(orientation: Orientation, network: &NetworkInfo, flow: &Flow) -> Self {
        let titles = (0..flow.nodes.len()).map(|l| title(network, l));
        let levels = flow.nodes.iter().enumerate();
        let nodes = levels.map(|(l, nodes)| {
            let name = |node: &Node| match orientation {
                Orientation::Deep => format!("{}, {}", title(network, l), name(network, l, node)),
                _ => fitting(&name(network, l, node), LONGEST),
            };
            nodes.iter().map(name).collect()
        });
        Self {
            nodes: nodes.collect(),
            titles: titles.collect(),
        }
    }

    /// How wide the widest name of a level is.
    pub(super) fn widest(&self, l: usize) -> f64 {
        let widths = self.nodes[l].iter().map(|name| text_width(name));
        widths.fold(0.0, f64::max)
    }
}

fn title(network: &NetworkInfo, l: usize) -> String {
    if l == 0 {
        return "input".to_owned();
    }
    let layer = &network.layers[l];
    match &layer.name[..] {
        "" => format!("{l}: {}", layer.kind),
        name => fitting(&format!("{l}: {}", printable(name)), LONGEST_TITLE),
    }
}

/// How a node is called in full.
pub(super) fn name(network: &NetworkInfo, l: usize, node: &Node) -> String {
    let Some(unit) = node.unit else {
        let others = if node.units == network.layers[l].units {
            "units"
        } else {
            "others"
        };
        return format!("{} {others}", grouped(node.units));
    };
    match network.layers[l].names.get(unit) {
        Some(name) if l + 1 == network.layers.len() => output_in_words(name),
        Some(name) => printable(name),
        None if l == 0 => format!("input {unit}"),
        None => format!("unit {unit}"),
    }
}
