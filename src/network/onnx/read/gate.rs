//! The gate: one node after the other becomes numbers that are known, a view of a level, or a layer.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::attribute;
use super::drafts::{Drafts, Origin};
use super::element::Element;
use super::fates::Log;
use super::model::{Node, same_domain};
use super::needed::asks_for_shape;
use super::refusal::{self, FLOAT, refused};
use super::stored::{self, Files};
use super::tensor::{Numbers, Tensor};
use super::value::{Value, View};
use crate::error::Invalid;

/// What has been read of the graph so far.
pub(super) struct Gate<'a> {
    /// The version of ONNX's own operators.
    pub opset: i64,
    /// Whether this program wrote the model: then every layer comes back as the one that it was.
    pub written: bool,
    pub drafts: Drafts,
    pub log: Log,
    pub files: Files<'a>,
    /// The message of every tensor of the file.
    pub tensors: HashMap<&'a str, &'a [u8]>,
    pub values: HashMap<&'a str, Value>,
    /// How many nodes are still to read each name.
    pub readers: HashMap<&'a str, usize>,
    /// The names whose shape is asked for.
    pub shaped: HashSet<&'a str>,
}

impl<'a> Gate<'a> {
    /// Reads a node: what it makes has its names from then on.
    ///
    /// # Errors
    ///
    /// [`Invalid`] with the node as its place.
    pub(super) fn read(&mut self, node: &Node<'a>) -> Result<(), Invalid> {
        if !asks_for_shape(node) {
            for name in node.inputs.iter().filter(|name| !name.is_empty()) {
                if let Some(Value::Data(view)) = self.values.get(name) {
                    self.drafts.one_has_read(view.level);
                }
            }
        }
        let made = self
            .made(node)
            .map_err(|invalid| self.placed(&invalid, node))?;
        let mut stays = 0;
        for (name, value) in node.outputs.iter().zip(made) {
            let readers = self.readers.get(name).copied().unwrap_or(0);
            if let Value::Data(view) = &value {
                self.drafts.expect_readers(view.level, readers);
            }
            if readers > 0 || self.shaped.contains(name) {
                stays += value.bytes();
                self.values.insert(name, value);
            }
        }
        self.drafts.budget.next_node(stays);
        self.forget(node);
        Ok(())
    }

    /// A refusal with its place, and with the name of the value that can be explained in place of a later one.
    fn placed(&self, invalid: &Invalid, node: &Node) -> Invalid {
        let views = node.inputs.iter().filter_map(|name| {
            let Some(Value::Data(view)) = self.values.get(name) else {
                return None;
            };
            let before = view.end_node.as_ref().map_or(*name, |end| &*end.before);
            Some((before, view))
        });
        let is_end = |view: &View| {
            let end = view.end_node.as_ref();
            end.is_some_and(|end| end.place == invalid.path)
        };
        let end = views.clone().find(|(_, view)| is_end(view));
        let placed = match end {
            Some(_) => invalid.clone(),
            None => invalid.clone().below(&node.place()),
        };
        // The input itself needs no explanation.
        let mut made = end
            .into_iter()
            .chain(views)
            .filter(|(_, view)| view.level > 0);
        match made.next() {
            Some((before, _)) => refusal::naming(placed, before),
            None => placed,
        }
    }

    /// Forgets what nobody will read any more.
    fn forget(&mut self, node: &Node<'a>) {
        if asks_for_shape(node) {
            return;
        }
        for name in &node.inputs {
            if let Some(readers) = self.readers.get_mut(name) {
                *readers = readers.saturating_sub(1);
                if *readers == 0 && !self.shaped.contains(name) {
                    let forgotten = self.values.remove(name);
                    let bytes = forgotten.map_or(0, |value| value.bytes());
                    self.drafts.budget.give_back(bytes);
                }
            }
        }
    }

    fn made(&mut self, node: &Node<'a>) -> Result<Vec<Value>, Invalid> {
        let one = |value: Value| vec![value];
        let fused = (node.domain, node.operator) == ("com.microsoft", "FusedConv");
        let own = same_domain(node.domain, "") || node.domain == "ai.onnx.ml";
        if !own && !fused {
            return Err(refusal::operator(node));
        }
        attribute::check(node)?;
        if fused {
            return self.fused_conv(node).map(one);
        }
        Ok(match node.operator {
            "Constant" => one(self.constant(node)?),
            "Shape" | "Size" => one(self.shape_of(node)?),
            "ConstantOfShape" => one(self.constant_of_shape(node)?),
            "Identity" | "Dropout" | "Cast" | "Reshape" | "Flatten" | "Squeeze" | "Unsqueeze"
            | "Transpose" | "Slice" | "Gather" | "Pad" | "Split" | "Expand" => self.moved(node)?,
            "Concat" => one(self.concat(node)?),
            "Add" | "Sub" | "Mul" | "Div" | "Sum" | "Mean" | "Neg" | "Sqrt" | "Reciprocal"
            | "Range" => one(self.arithmetic(node)?),
            "BatchNormalization" => one(self.batch_normalization(node)?),
            "Scaler" => one(self.scaler(node)?),
            "Relu" | "Clip" | "Max" => one(self.activation(node)?),
            "Gemm" => one(self.gemm(node)?),
            "MatMul" => one(self.matmul(node)?),
            "Conv" => one(self.conv(node)?),
            "MaxPool" | "AveragePool" => one(self.pool(node)?),
            "GlobalAveragePool" | "GlobalMaxPool" | "ReduceMean" | "ReduceSum" | "ReduceMax"
            | "ReduceProd" => one(self.reduce(node)?),
            "Softmax" | "LogSoftmax" | "Sigmoid" => one(self.end(node)?),
            "ArgMax" | "ArrayFeatureExtractor" | "Binarizer" | "ZipMap" => self.labels(node)?,
            _ => return Err(refusal::operator(node)),
        })
    }

    /// What a name stands for.
    pub(super) fn value(&mut self, name: &str) -> Result<Value, Invalid> {
        if let Some(value) = self.values.get(name) {
            return Ok(value.clone());
        }
        let message = self.tensors.get(name).copied();
        let message =
            message.ok_or_else(|| refused(format!("it reads `{name}`, which is not there")))?;
        let tensor = stored::read(message, &self.files, &mut self.drafts.budget)
            .map_err(|invalid| invalid.below(&format!("tensor `{name}`")))?;
        Ok(Value::Known(Rc::new(tensor)))
    }

    /// What the n-th input stands for; none where it is left out.
    pub(super) fn input(&mut self, node: &Node, n: usize) -> Result<Option<Value>, Invalid> {
        node.input(n).map(|name| self.value(name)).transpose()
    }

    /// The same of an input that must be there.
    pub(super) fn needed(&mut self, node: &Node, n: usize) -> Result<Value, Invalid> {
        let value = self.input(node, n)?;
        value.ok_or_else(|| refused(format!("input {n} is missing")))
    }

    /// The values of a level that the n-th input shows.
    pub(super) fn data(&mut self, node: &Node, n: usize) -> Result<View, Invalid> {
        match self.needed(node, n)? {
            Value::Data(view) => match &view.end {
                Some(_) => Err(refusal::in_the_middle(view.end_in_words(), node)),
                None => Ok(view),
            },
            Value::Known(_) => Err(refused(format!(
                "expected input {n} to depend on the sample, found numbers of the file"
            ))),
            Value::Label(what) => Err(refused(format!(
                "expected input {n} to be values, found classes that {what} makes"
            ))),
        }
    }

    /// The numbers that the n-th input is; none where it is left out.
    pub(super) fn known(&mut self, node: &Node, n: usize) -> Result<Option<Rc<Tensor>>, Invalid> {
        match self.input(node, n)? {
            None => Ok(None),
            Some(Value::Known(tensor)) => Ok(Some(tensor)),
            Some(Value::Data(_) | Value::Label(_)) => {
                Err(refused(format!(
                    "expected input {n} to be numbers of the file, found values that depend on the sample"
                ))
                .help("deep Taylor explains linear maps with fixed weights"))
            }
        }
    }

    /// The same of numbers that values are multiplied with, or that are added to them.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where they are whole and the values are of floating point: ONNX demands one type, and whole numbers there are
    /// those of a quantised network, whose scale stands elsewhere.
    pub(super) fn factors(&mut self, node: &Node, n: usize) -> Result<Option<Rc<Tensor>>, Invalid> {
        let tensor = self.known(node, n)?;
        if let Some(tensor) = &tensor {
            self.check_factors(n, tensor)?;
        }
        Ok(tensor)
    }

    /// The same check of numbers that are there.
    pub(super) fn check_factors(&self, n: usize, tensor: &Tensor) -> Result<(), Invalid> {
        let is_float = matches!(self.drafts.input.element, Some(Element::Float(_)));
        if !is_float || matches!(tensor.numbers, Numbers::Floats(_)) {
            return Ok(());
        }
        let expected =
            format!("expected input {n} in numbers of floating point, as the values are");
        Err(Invalid::new("", expected, "whole numbers").help(FLOAT))
    }

    /// The values of a level in other places.
    pub(super) fn show(&self, view: &View, moved: super::places::Moved) -> View {
        view.moved(moved, self.drafts.units(view.level))
    }
}

/// Where a layer comes from: named by its node, or by its weights where that has no name.
pub(super) fn origin(node: &Node, weights: Option<&str>) -> Origin {
    let weights = weights.unwrap_or_default();
    let weights = weights.strip_suffix(".weight").unwrap_or(weights);
    let name = if node.name.is_empty() {
        weights
    } else {
        node.name
    };
    Origin {
        name: name.to_owned(),
        operator: node.operator.to_owned(),
        place: node.place(),
    }
}
