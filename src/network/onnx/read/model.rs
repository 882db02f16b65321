//! An ONNX model as its bytes say it: messages of `onnx.proto`, borrowed. What is not needed is passed over, subgraphs among it.

use std::collections::HashMap;
use std::fmt;

use super::attribute::Attribute;
use super::refusal::{self, EITHER};
use super::wire::{Broken, Fields, push};
use crate::error::Invalid;

/// Bytes for the nodes, names, inputs and outputs of a graph: some 100,000 nodes, more than any network has.
const ROOM: usize = 24 << 20;
/// No node has more inputs or outputs.
const MOST_NAMES: usize = 1 << 16;
/// No model has operators of more domains, or more metadata.
const MOST_DOMAINS: usize = 1000;
/// No tensor has more sides.
pub(super) const MOST_SIDES: usize = 16;

/// A model.
#[derive(Default)]
pub(super) struct Model<'a> {
    pub producer: &'a str,
    pub producer_version: &'a str,
    pub description: &'a str,
    /// Keys and values that ONNX gives no meaning.
    pub metadata: Vec<(&'a str, &'a str)>,
    /// Domain and version.
    pub opsets: Vec<(&'a str, i64)>,
    pub graph: Option<Graph<'a>>,
}

/// A graph.
#[derive(Default)]
pub(super) struct Graph<'a> {
    pub name: &'a str,
    pub nodes: Vec<Node<'a>>,
    /// The message of every tensor with its name.
    pub tensors: Vec<(&'a str, &'a [u8])>,
    pub inputs: Vec<Named<'a>>,
    pub outputs: Vec<Named<'a>>,
}

/// A node.
#[derive(Default)]
pub(super) struct Node<'a> {
    pub name: &'a str,
    pub operator: &'a str,
    pub domain: &'a str,
    pub inputs: Vec<&'a str>,
    pub outputs: Vec<&'a str>,
    /// The whole message: attributes are looked for when they are asked for.
    message: &'a [u8],
}

/// An input or output of a graph.
pub(super) struct Named<'a> {
    pub name: &'a str,
    /// The type of its numbers; 0 where it is no tensor, or nothing is said.
    pub kind: i64,
    /// The sides, where they are said.
    pub shape: Option<Vec<Side<'a>>>,
}

/// A side of a tensor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side<'a> {
    /// So many.
    Known(usize),
    /// A name, or none.
    Open(&'a str),
}

impl fmt::Display for Side<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(side) => side.fmt(f),
            Self::Open("") => f.write_str("any"),
            Self::Open(name) => f.write_str(name),
        }
    }
}

impl<'a> Model<'a> {
    /// The model that a file is.
    pub(super) fn read(file: &'a [u8]) -> Result<Self, Broken> {
        let mut model = Self::default();
        for field in Fields::of(file) {
            match field? {
                (2, value) => model.producer = value.text()?,
                (3, value) => model.producer_version = value.text()?,
                (6, value) => model.description = value.text()?,
                (14, value) => push(&mut model.metadata, pair(value.bytes()?)?, MOST_DOMAINS)?,
                (7, value) => model.graph = Some(Graph::read(value.bytes()?)?),
                (8, value) => push(&mut model.opsets, opset(value.bytes()?)?, MOST_DOMAINS)?,
                _ => {}
            }
        }
        Ok(model)
    }

    /// The version of ONNX's own operators, where it is said.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when two are said.
    pub(super) fn opset(&self) -> Result<Option<i64>, Invalid> {
        let own = self.opsets.iter().filter(|(of, _)| same_domain(of, ""));
        let mut versions = own.map(|(_, version)| *version);
        let first = versions.next();
        match first.zip(versions.find(|version| Some(*version) != first)) {
            None => Ok(first),
            Some((one, other)) => {
                let message =
                    format!("`opset_import` says both {one} and {other} of ONNX's own operators");
                Err(refusal::refused(message).help(EITHER))
            }
        }
    }
}

/// Whether two domains are one: ONNX's own has two names.
pub(super) fn same_domain(one: &str, other: &str) -> bool {
    let own = |domain: &str| matches!(domain, "" | "ai.onnx");
    one == other || own(one) && own(other)
}

/// A key and its value.
fn pair(message: &[u8]) -> Result<(&str, &str), Broken> {
    let mut pair = ("", "");
    for field in Fields::of(message) {
        match field? {
            (1, value) => pair.0 = value.text()?,
            (2, value) => pair.1 = value.text()?,
            _ => {}
        }
    }
    Ok(pair)
}

fn opset(message: &[u8]) -> Result<(&str, i64), Broken> {
    let mut opset = ("", 0);
    for field in Fields::of(message) {
        match field? {
            (1, value) => opset.0 = value.text()?,
            (2, value) => opset.1 = value.int()?,
            _ => {}
        }
    }
    Ok(opset)
}

impl<'a> Graph<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Broken> {
        let (mut graph, mut room) = (Self::default(), ROOM);
        for field in Fields::of(message) {
            match field? {
                (1, value) => {
                    let node = Node::read(value.bytes()?)?;
                    let names = [&node.inputs, &node.outputs].map(Vec::capacity);
                    take(
                        &mut room,
                        size_of::<Node>() + (names[0] + names[1]) * size_of::<&str>(),
                    )?;
                    graph.nodes.push(node);
                }
                (2, value) => graph.name = value.text()?,
                (5, value) => {
                    let tensor = value.bytes()?;
                    take(&mut room, 2 * size_of::<&[u8]>())?;
                    graph.tensors.push((tensor_name(tensor)?, tensor));
                }
                (11, value) => graph
                    .inputs
                    .push(Named::counted(value.bytes()?, &mut room)?),
                (12, value) => graph
                    .outputs
                    .push(Named::counted(value.bytes()?, &mut room)?),
                _ => {}
            }
        }
        Ok(graph)
    }

    /// The message of every tensor.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when two that differ have one name. Numbers that were left in a large file differ by their places.
    pub(super) fn tensors(&self) -> Result<HashMap<&'a str, &'a [u8]>, Invalid> {
        let mut tensors = HashMap::with_capacity(self.tensors.len());
        for &(name, message) in &self.tensors {
            let before = tensors.insert(name, message);
            if before.is_some_and(|before| before != message) && !name.is_empty() {
                let message = format!("two initializers are called `{name}`");
                return Err(refusal::refused(message).help(EITHER));
            }
        }
        Ok(tensors)
    }
}

/// Takes bytes of the room that there is.
fn take(room: &mut usize, bytes: usize) -> Result<(), Broken> {
    *room = room.checked_sub(bytes).ok_or(Broken::TooMany)?;
    Ok(())
}

fn tensor_name(message: &[u8]) -> Result<&str, Broken> {
    for field in Fields::of(message) {
        if let (8, value) = field? {
            return value.text();
        }
    }
    Ok("")
}

impl<'a> Node<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Broken> {
        let mut node = Self {
            message,
            ..Self::default()
        };
        for field in Fields::of(message) {
            match field? {
                (1, value) => push(&mut node.inputs, value.text()?, MOST_NAMES)?,
                (2, value) => push(&mut node.outputs, value.text()?, MOST_NAMES)?,
                (3, value) => node.name = value.text()?,
                (4, value) => node.operator = value.text()?,
                (7, value) => node.domain = value.text()?,
                _ => {}
            }
        }
        Ok(node)
    }

    /// The name of the n-th input; none where it is left out.
    pub(super) fn input(&self, n: usize) -> Option<&'a str> {
        self.inputs.get(n).copied().filter(|name| !name.is_empty())
    }

    /// The name of the n-th output; none where it is left out.
    pub(super) fn output(&self, n: usize) -> Option<&'a str> {
        self.outputs.get(n).copied().filter(|name| !name.is_empty())
    }

    /// What messages call the node: its operator, and its name or what it makes.
    pub(super) fn place(&self) -> String {
        let operator = self.operator;
        match (self.name, self.output(0)) {
            ("", None) => format!("{operator} without a name"),
            ("", Some(output)) => format!("{operator} that makes {output}"),
            (name, _) => format!("{operator} at node {name}"),
        }
    }

    /// The message of every attribute.
    pub(super) fn attributes(&self) -> impl Iterator<Item = Result<&'a [u8], Broken>> {
        // That the fields of the node can be read was seen before.
        let fields = Fields::of(self.message).filter_map(Result::ok);
        let attributes = fields.filter(|(field, _)| *field == 5);
        attributes.map(|(_, value)| value.bytes())
    }

    /// An attribute, where the node has it.
    pub(super) fn attribute(&self, name: &'static str) -> Result<Option<Attribute<'a>>, Invalid> {
        let named =
            |message: Result<_, _>| message.and_then(|message| Attribute::named(name, message));
        let found = self
            .attributes()
            .find_map(|message| named(message).transpose());
        found.transpose().map_err(|why| refusal::broken(name, why))
    }
}

impl<'a> Named<'a> {
    fn read(message: &'a [u8]) -> Result<Self, Broken> {
        let mut named = Self {
            name: "",
            kind: 0,
            shape: None,
        };
        for field in Fields::of(message) {
            match field? {
                (1, value) => named.name = value.text()?,
                (2, value) => {
                    for field in Fields::of(value.bytes()?) {
                        if let (1, value) = field? {
                            named.read_tensor(value.bytes()?)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(named)
    }

    /// Reads one, and takes the room that it needs.
    fn counted(message: &'a [u8], room: &mut usize) -> Result<Self, Broken> {
        let named = Self::read(message)?;
        let sides = named.shape.as_ref().map_or(0, Vec::capacity);
        take(room, size_of::<Self>() + sides * size_of::<Side>())?;
        Ok(named)
    }

    fn read_tensor(&mut self, message: &'a [u8]) -> Result<(), Broken> {
        for field in Fields::of(message) {
            match field? {
                (1, value) => self.kind = value.int()?,
                (2, value) => {
                    let mut sides = Vec::new();
                    for field in Fields::of(value.bytes()?) {
                        if let (1, value) = field? {
                            push(&mut sides, side(value.bytes()?)?, MOST_SIDES)?;
                        }
                    }
                    self.shape = Some(sides);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn side(message: &[u8]) -> Result<Side<'_>, Broken> {
    let mut side = Side::Open("");
    for field in Fields::of(message) {
        match field? {
            (1, value) => {
                // Some exporters write an open side as −1 or 0.
                let known = usize::try_from(value.int()?).ok().filter(|side| *side > 0);
                side = known.map_or(Side::Open(""), Side::Known);
            }
            (2, value) => side = Side::Open(value.text()?),
            _ => {}
        }
    }
    Ok(side)
}
