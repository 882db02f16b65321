//! ONNX models as networks: real ones, ones made by hand, and ones that are refused.

mod models;
mod npz;
