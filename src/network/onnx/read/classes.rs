//! The names of the classes that a model says beside its values, as scikit-learn's models do: the names of the outputs.

use std::collections::HashMap;

use super::attribute::Attribute;
use super::gate::Gate;
use super::model::{Graph, Node};
use super::refusal::broken;
use super::tensor::Numbers;
use super::value::Value;
use super::wire::{Broken, Fields};
use crate::error::Invalid;

/// The node that makes each name.
struct Makers<'g, 'a>(HashMap<&'a str, &'g Node<'a>>);

impl<'a> Gate<'a> {
    /// The names of the values that `output` shows, where the graph names so many; else none.
    ///
    /// # Errors
    ///
    /// [`Invalid`] at the node whose names cannot be read.
    pub(super) fn class_names(
        &mut self,
        graph: &Graph<'a>,
        output: &'a str,
        units: usize,
    ) -> Result<Vec<String>, Invalid> {
        let makers = Makers::of(graph);
        let explained = makers.before(output, is_end);
        for node in &graph.nodes {
            let of = match node.operator {
                "ZipMap" => node.input(0),
                "ArrayFeatureExtractor" => makers.largest_of(node),
                _ => None,
            };
            if of.map(|of| makers.before(of, is_end)) != Some(explained) {
                continue;
            }
            let names = match node.operator {
                "ZipMap" => keys(node),
                _ => self.picked(node, units),
            };
            let mut names = names.map_err(|invalid| invalid.below(&node.place()))?;
            if units == 1 && names.len() == 2 && makers.is_both(explained) {
                // Of two classes, the one value is that of the second.
                names.remove(0);
            }
            if names.len() == units {
                return Ok(names);
            }
        }
        Ok(Vec::new())
    }

    /// The whole numbers or texts of the file that a class is picked from.
    fn picked(&mut self, node: &Node, units: usize) -> Result<Vec<String>, Invalid> {
        let Some(name) = node.input(0) else {
            return Ok(Vec::new());
        };
        if let Some(message) = self.tensors.get(name) {
            let texts = texts(message, units.max(2)).map_err(|why| broken("classes", why))?;
            if !texts.is_empty() {
                return Ok(texts.into_iter().map(str::to_owned).collect());
            }
        }
        Ok(match self.value(name)? {
            Value::Known(tensor) => match &tensor.numbers {
                Numbers::Ints(ints) if ints.len() <= units.max(2) => {
                    ints.iter().map(i64::to_string).collect()
                }
                Numbers::Ints(_) | Numbers::Floats(_) => Vec::new(),
            },
            Value::Data(_) | Value::Label(_) => Vec::new(),
        })
    }
}

impl<'g, 'a> Makers<'g, 'a> {
    fn of(graph: &'g Graph<'a>) -> Self {
        let made = |node: &'g Node<'a>| node.outputs.iter().map(move |name| (*name, node));
        Self(graph.nodes.iter().flat_map(made).collect())
    }

    fn operator(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|node| node.operator)
    }

    /// The value before all such nodes that end in this name.
    fn before(&self, name: &'a str, passes: fn(&str) -> bool) -> &'a str {
        let mut name = name;
        // A graph may be a circle where nobody needs it.
        for _ in 0..self.0.len() {
            match self.0.get(name).filter(|node| passes(node.operator)) {
                Some(node) => name = node.input(0).unwrap_or_default(),
                None => break,
            }
        }
        name
    }

    /// The values whose largest one picks a class in this node.
    fn largest_of(&self, node: &Node<'a>) -> Option<&'a str> {
        let index = self.before(node.input(1)?, moves);
        let maker = self.0.get(index);
        maker.filter(|node| node.operator == "ArgMax")?.input(0)
    }

    /// Whether a value is 1 − p and p side by side, p a sigmoid.
    fn is_both(&self, name: &str) -> bool {
        let node = self.0.get(name).filter(|node| node.operator == "Concat");
        let second = node.and_then(|node| node.input(1));
        second.and_then(|name| self.operator(name)) == Some("Sigmoid")
    }
}

/// Whether an operator moves values and keeps each.
fn moves(operator: &str) -> bool {
    matches!(
        operator,
        "Identity" | "Cast" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze"
    )
}

/// The same, or it stands behind the values that are explained.
fn is_end(operator: &str) -> bool {
    moves(operator) || matches!(operator, "Softmax" | "LogSoftmax" | "Sigmoid" | "ZipMap")
}

/// The keys that a node gives to values.
fn keys(node: &Node) -> Result<Vec<String>, Invalid> {
    if let Some(texts) = node.attribute("classlabels_strings")? {
        return Ok(texts.texts()?.into_iter().map(str::to_owned).collect());
    }
    let ints = node.attribute("classlabels_int64s")?;
    let ints = ints.as_ref().map(Attribute::ints).transpose()?;
    Ok(ints.iter().flatten().map(i64::to_string).collect())
}

/// The texts of a tensor, where it has some and no more than are wanted.
fn texts(message: &[u8], most: usize) -> Result<Vec<&str>, Broken> {
    let mut list = Vec::new();
    for field in Fields::of(message) {
        if let (6, value) = field? {
            if list.len() == most {
                return Ok(Vec::new());
            }
            list.push(value.text()?);
        }
    }
    Ok(list)
}
