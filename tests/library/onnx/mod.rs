//! ONNX models as networks: real ones, ones made by hand, and ones that are refused.

#[path = "../../helpers/onnx.rs"]
mod build;
mod ends;
mod hand;
mod hostile;
mod inputs;
mod memory;
mod models;
mod moves;
mod npz;
mod padded;
mod refusals;
mod stored;
mod written_back;
