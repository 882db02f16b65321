//! What is told of a model beside its network.

use schemars::JsonSchema;
use serde::Serialize;

use crate::words::listed;

/// What an ONNX file says of itself, and what became of its nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct OnnxModel {
    /// What wrote the file, with its version; empty where the file does not say it.
    pub producer: String,
    /// The version of ONNX's own operators.
    pub opset: i64,
    /// The name of the input.
    pub input: String,
    /// The shape of one sample, without the batch.
    pub input_shape: Vec<usize>,
    /// The name of the output that is explained.
    pub output: String,
    /// The other outputs, which nothing is made of.
    pub other_outputs: Vec<String>,
    /// What the graph calls the classes that its outputs are, in order: the names of the outputs; empty where it does not.
    pub classes: Vec<String>,
    /// How many nodes the graph has.
    pub nodes: usize,
    /// Every operator, with how many of the nodes have it, the most frequent first.
    pub operators: Vec<OperatorCount>,
    /// The nodes that are part of a layer made by another one, in order.
    pub folded: Vec<FoldedNode>,
    /// The softmax or sigmoid at the end that was left off.
    pub left_off: Vec<NamedNode>,
    /// The nodes that change nothing.
    pub without_effect: Vec<NamedNode>,
}

/// An operator, and how many nodes have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct OperatorCount {
    /// The operator.
    pub operator: String,
    /// How many nodes have it.
    pub nodes: usize,
}

/// A node, and the layer that it is part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct FoldedNode {
    /// The operator.
    pub operator: String,
    /// The name of the node, or of what it makes.
    pub node: String,
    /// The number of the layer that it is part of.
    pub layer: usize,
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct NamedNode {
    /// The operator.
    pub operator: String,
    /// The name of the node, or of what it makes.
    pub node: String,
}

/// What is to be taken of an ONNX model, where it leaves a choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelOptions {
    /// The name of the input.
    pub input: Option<String>,
    /// The name of the output to explain, or of any value of the graph.
    pub output: Option<String>,
    /// The shape of one sample, without the batch.
    pub input_shape: Option<Vec<usize>>,
}

impl ModelOptions {
    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl OnnxModel {
    /// What the reader of an explanation has to know: what is explained is not what the model gives.
    pub fn notes(&self) -> Vec<String> {
        let note = match &self.left_off[..] {
            [] => return Vec::new(),
            [node] => format!(
                "the {} at the end ({}) is left off: what is explained is the value before it",
                node.operator, node.node
            ),
            nodes => {
                let off = nodes.iter();
                let off = off.map(|node| format!("the {} ({})", node.operator, node.node));
                format!(
                    "{} at the end are left off: what is explained is the value before them",
                    listed(off.collect(), nodes.len())
                )
            }
        };
        vec![note]
    }
}
