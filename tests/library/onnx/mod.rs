//! ONNX models as networks: real ones, ones made by hand, and ones that are refused.

mod affine;
mod arithmetic;
mod attributes;
mod budget;
#[path = "../../helpers/onnx.rs"]
mod build;
mod classes;
mod concat;
mod contradictions;
mod ends;
mod hand;
mod hostile;
mod inputs;
mod levels;
mod memory;
mod models;
mod moves;
mod npz;
mod padded;
mod refusals;
mod stored;
mod written_back;
