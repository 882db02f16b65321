//! The network of what has been read: layers that nobody reads fall away, and each of the others gets its number and name.

use std::collections::HashSet;
use std::path::PathBuf;

use super::about::{FoldedNode, NamedNode};
use super::draft::Draft;
use super::drafts::Drafts;
use super::fates::{Fate, Log};
use super::input::GraphInput;
use super::written::{Written, layer_of};
use crate::error::Invalid;
use crate::network::{LARGEST_LEVEL, Layer, Network};

/// A network, and what became of the nodes.
pub(super) struct Finished {
    pub network: Network,
    /// The names of its outputs, where the graph has them.
    pub classes: Vec<String>,
    pub folded: Vec<FoldedNode>,
    pub left_off: Vec<NamedNode>,
    pub without_effect: Vec<NamedNode>,
    /// The other files that its weights stand in.
    pub files: Vec<PathBuf>,
}

/// The network whose output is this level, the highest that is needed.
pub(super) fn network(
    drafts: Drafts,
    log: Log,
    written: Option<Written>,
    top: usize,
) -> Result<Finished, Invalid> {
    let mut written = written;
    let Drafts {
        input,
        layers: drafts,
        budget,
        ..
    } = drafts;
    let numbers = numbers(&drafts, top);
    let level = |old: usize| numbers.get(old).copied().flatten();
    let names = names(&drafts, &numbers, written.is_some());
    let mut layers: Vec<Layer> = Vec::with_capacity(drafts.len());
    for ((draft, old), name) in drafts.into_iter().zip(1..).zip(names) {
        if level(old).is_some() {
            let place = draft.place.clone();
            let draft = Draft { name, ..draft };
            let layer = draft.build(|from| level(from).unwrap_or(LARGEST_LEVEL));
            layers.push(layer.map_err(|invalid| invalid.below(&place))?);
        }
    }
    let mut input = GraphInput::into_input(input);
    if let Some(written) = &mut written {
        written.say_of(&mut input);
    }
    let network = Network::new(input, layers)?;
    let outputs = log.outputs;
    let (network, classes) = match (network.output_units() == outputs.len())
        .then(|| network.clone().with_outputs(outputs.clone()))
    {
        Some(Ok(with_outputs)) => (with_outputs, outputs),
        // Names that are not one an output, or come twice, are none.
        Some(Err(_)) | None => (network, Vec::new()),
    };
    let network = match written {
        Some(written) => written.named(network)?,
        None => network,
    };
    let mut finished = Finished {
        network,
        classes,
        folded: Vec::new(),
        left_off: Vec::new(),
        without_effect: Vec::new(),
        files: budget.into_files(),
    };
    for (operator, node, fate) in log.notes {
        match fate {
            Fate::Folded(old) => {
                let folded = level(old).map(|layer| FoldedNode {
                    operator,
                    node,
                    layer,
                });
                finished.folded.extend(folded);
            }
            Fate::LeftOff => finished.left_off.push(NamedNode { operator, node }),
            Fate::Nothing => finished.without_effect.push(NamedNode { operator, node }),
        }
    }
    Ok(finished)
}

/// The new number of every level; none for those that the top one does not need.
fn numbers(drafts: &[Draft], top: usize) -> Vec<Option<usize>> {
    let mut needed = vec![false; drafts.len() + 1];
    needed[top] = true;
    for old in (1..=top).rev() {
        if needed[old] {
            drafts[old - 1]
                .reads
                .iter()
                .for_each(|from| needed[*from] = true);
        }
    }
    needed[0] = true;
    let mut next = 0;
    let number = |needed: &bool| {
        needed.then(|| {
            next += 1;
            next - 1
        })
    };
    needed.iter().map(number).collect()
}

/// A name of its own for every draft that is needed and has one.
fn names(drafts: &[Draft], numbers: &[Option<usize>], written: bool) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::from(["input".to_owned()]);
    let name = |(draft, number): (&Draft, &Option<usize>)| {
        let own = if written {
            layer_of(&draft.name)
        } else {
            &draft.name
        };
        if number.is_none() || own.is_empty() {
            return String::new();
        }
        let mut name = own.to_owned();
        let mut times = 1;
        while !taken.insert(name.clone()) {
            times += 1;
            name = format!("{own} {times}");
        }
        name
    };
    drafts.iter().zip(&numbers[1..]).map(name).collect()
}
