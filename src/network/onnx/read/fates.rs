//! What became of the nodes that are no layers of their own.

use super::model::Node;

/// What became of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is part of the layer that makes this level.
    Folded(usize),
    /// It was left off at the end.
    LeftOff,
    /// It changes nothing.
    Nothing,
}

/// What became of the nodes, in the order in which they were read.
#[derive(Default)]
pub(super) struct Log {
    pub notes: Vec<(String, String, Fate)>,
    /// The names of the outputs, where the graph has them.
    pub outputs: Vec<String>,
}

impl Log {
    /// Notes what became of a node.
    pub(super) fn note(&mut self, node: &Node, fate: Fate) {
        let name = match (node.name, node.output(0)) {
            ("", output) => output.unwrap_or_default(),
            (name, _) => name,
        };
        (self.notes).push((node.operator.to_owned(), name.to_owned(), fate));
    }

    /// Notes that a layer of its own was folded into one behind it, with what had been folded into it.
    pub(super) fn passed_on(&mut self, operator: String, name: String, [from, to]: [usize; 2]) {
        for (.., fate) in &mut self.notes {
            if *fate == Fate::Folded(from) {
                *fate = Fate::Folded(to);
            }
        }
        self.notes.push((operator, name, Fate::Folded(to)));
    }
}
