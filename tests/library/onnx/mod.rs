//! ONNX models as networks: real ones, ones made by hand, and ones that are refused.

#[path = "../../helpers/onnx.rs"]
mod build;
mod hand;
mod hostile;
mod models;
mod npz;
mod refusals;
mod written_back;
