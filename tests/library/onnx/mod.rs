//! ONNX models as networks: real ones, ones made by hand, and ones that are refused.

mod affine;
mod arithmetic;
#[path = "../../helpers/onnx.rs"]
mod build;
mod classes;
mod concat;
mod hand;
mod hostile;
mod levels;
mod memory;
mod models;
mod npz;
mod refusals;
mod written_back;
