//! Which nodes an output needs, in an order in which each comes after those that it reads.

use std::collections::{HashMap, HashSet};

use super::model::{Graph, Node};
use super::refusal::refused;
use crate::error::Invalid;
use crate::spelling::did_you_mean;

/// The nodes that an output needs, and how many of them read each name.
pub(super) struct Needed<'g, 'a> {
    pub nodes: Vec<&'g Node<'a>>,
    pub readers: HashMap<&'a str, usize>,
    /// The names whose shape is asked for.
    pub shaped: HashSet<&'a str>,
}

/// What is known of a node on the way.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Not,
    /// What it reads is being looked at.
    Open,
    Done,
}

impl<'g, 'a> Needed<'g, 'a> {
    /// The nodes that `output` needs, up to names that are `given`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a name is made twice, made though it is given, or made by nobody, or a node needs what it makes.
    pub(super) fn by(
        output: &'a str,
        graph: &'g Graph<'a>,
        given: impl Fn(&str) -> bool,
    ) -> Result<Self, Invalid> {
        let makers = makers(graph, &given)?;
        let maker = |name: &'a str| (!given(name)).then(|| makers.get(name).copied());
        let mut needed = Self {
            nodes: Vec::new(),
            readers: HashMap::from([(output, 1)]),
            shaped: HashSet::new(),
        };
        let mut seen = vec![Seen::Not; graph.nodes.len()];
        // A node, and how many of its inputs have been looked at.
        let mut open: Vec<(usize, usize)> = Vec::new();
        match maker(output) {
            None => {}
            Some(None) => return Err(unmade(output, graph)),
            Some(Some(first)) => {
                seen[first] = Seen::Open;
                open.push((first, 0));
            }
        }
        while let Some((at, input)) = open.pop() {
            let node = &graph.nodes[at];
            let Some(&name) = node.inputs.get(input) else {
                seen[at] = Seen::Done;
                needed.nodes.push(node);
                continue;
            };
            open.push((at, input + 1));
            if name.is_empty() {
                continue;
            }
            if asks_for_shape(node) {
                needed.shaped.insert(name);
            } else {
                *needed.readers.entry(name).or_default() += 1;
            }
            match maker(name) {
                None => {}
                Some(None) => return Err(unmade(name, graph).below(&node.place())),
                Some(Some(next)) => match seen[next] {
                    Seen::Not => {
                        seen[next] = Seen::Open;
                        open.push((next, 0));
                    }
                    Seen::Open => {
                        let message =
                            format!("it needs `{name}`, which is made from what it makes");
                        return Err(refused(message).below(&node.place()));
                    }
                    Seen::Done => {}
                },
            }
        }
        Ok(needed)
    }
}

/// Whether a node asks for the shape of what it reads, and not for its values.
pub(super) fn asks_for_shape(node: &Node) -> bool {
    matches!(node.operator, "Shape" | "Size")
}

/// The node that makes each name.
fn makers<'a>(
    graph: &Graph<'a>,
    given: &impl Fn(&str) -> bool,
) -> Result<HashMap<&'a str, usize>, Invalid> {
    let mut makers = HashMap::with_capacity(graph.nodes.len());
    for (at, node) in graph.nodes.iter().enumerate() {
        for &name in node.outputs.iter().filter(|name| !name.is_empty()) {
            if given(name) {
                let message = format!(
                    "it makes `{name}`, which is an input or initializer of the graph, too"
                );
                return Err(refused(message).below(&node.place()));
            }
            if let Some(first) = makers.insert(name, at) {
                let first = graph.nodes[first].place();
                let message = format!("it makes `{name}`, which {first} makes too");
                return Err(refused(message).below(&node.place()));
            }
        }
    }
    Ok(makers)
}

/// The refusal of a name that nothing makes.
fn unmade(name: &str, graph: &Graph) -> Invalid {
    if graph.inputs.iter().any(|input| input.name == name) {
        return refused(format!("the network reads the input `{name}` too"))
            .help("deep Taylor explains one input: --model-output NAME chooses a value that needs no other");
    }
    let made = graph.nodes.iter().flat_map(|node| node.outputs.iter());
    let help = did_you_mean(name, made.copied().filter(|name| !name.is_empty()));
    refused(format!("nothing in the graph makes `{name}`")).help(help)
}
