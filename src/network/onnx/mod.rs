//! ONNX, the format in which frameworks exchange networks: `read` makes a network of a model, folding what is no layer of its
//! own, and `write` makes a model of a network.

mod read;
mod write;

pub use read::{FoldedNode, ModelOptions, NamedNode, OnnxModel, OperatorCount};
pub(super) use read::{ReadModel, begins_as_model, read_large, read_model};
pub(crate) use read::{foreign, is_model};
pub use write::{Onnx, Rounding};
