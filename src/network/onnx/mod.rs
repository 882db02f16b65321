//! ONNX, the format in which frameworks exchange networks.

mod write;

pub use write::{Onnx, Rounding};
