//! A network → an ONNX file: every kind of layer in the standard's own operators, for any number of samples.
//!
//! Pools stay pools and additions stay additions, so that what is read back is explained as before: no layer becomes one of
//! another kind for the sake of its numbers.

mod graph;
mod lower;
mod model;
mod proto;
mod window;

use serde_json::json;

pub use graph::Rounding;
use graph::{Graph, sides};
use model::Model;

use crate::error::Invalid;
use crate::network::{Bounds, Network, Precision};
use crate::words::{count, grouped};

/// The names of what goes in and what comes out.
const ENDS: [&str; 2] = ["input", "output"];

/// What the shape of the input says, too, but for what a picture is in it.
const SHAPE: [&str; 2] = ["input shape", "input order"];

/// Protobuf's own limit.
const MOST_BYTES: usize = (1 << 31) - 1;

/// A network as an ONNX file, and what became of it there.
#[derive(Debug, Clone, PartialEq)]
pub struct Onnx {
    /// The file.
    pub bytes: Vec<u8>,
    /// The largest rounding of a weight or bias; none where every number is written as it is.
    pub rounding: Option<Rounding>,
    /// What ONNX has no place for and stands in the file's metadata, where runtimes do not look: `bounds`.
    pub in_metadata: Vec<&'static str>,
    /// What the file does not have: `3 samples`.
    pub left_out: Option<String>,
}

impl Network {
    /// The network as an ONNX file whose `input` is `n` samples in the shape of files of arrays, and whose `output` is the last
    /// level of each.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a layer has no operator at this precision (convolutions and average pools have none of 64 bits), a number
    /// is too large for it, or the weights are for the format.
    pub fn to_onnx(&self, precision: Precision) -> Result<Onnx, Invalid> {
        let mut graph = Graph::new(precision);
        let ends = ENDS.map(|name| graph.fresh(name));
        let called = self.called();
        let (array, shape) = (self.input().array_shape(), self.input().level_shape());
        graph.of_layer(&called[0]);
        let input = if array == shape.sides() {
            ends[0].clone()
        } else {
            graph.reshaped(ends[0].clone(), shape)
        };
        graph.push_level(shape, input);
        for (level, layer) in self.by_level() {
            graph.of_layer(&called[level]);
            let at = || format!("layers[{}]", level - 1);
            graph.layer(layer).map_err(|invalid| invalid.below(&at()))?;
        }
        if let Some(last) = graph.nodes.last_mut() {
            last.output.clone_from(&ends[1]);
        }
        let metadata = self.metadata();
        let output = self.shape(self.top()).sides();
        let model = Model {
            opset: graph.opset,
            name: match self.name() {
                "" => "network",
                name => name,
            },
            description: self.description(),
            metadata: &metadata,
            precision,
            ends: [(ENDS[0], sides(&array)), (ENDS[1], sides(&output))],
        };
        let message = model.message(&graph.nodes, graph.constants);
        check_size(message.len())?;
        let samples = self.samples().nrows();
        Ok(Onnx {
            bytes: message.into_bytes(),
            rounding: graph.rounding,
            in_metadata: metadata
                .iter()
                .map(|(key, _)| *key)
                .filter(|key| !SHAPE.contains(key))
                .collect(),
            left_out: (samples > 0).then(|| count(samples, "sample")),
        })
    }

    /// What ONNX has no place for, as the network file spells it.
    fn metadata(&self) -> Vec<(&'static str, String)> {
        let (input, mut metadata) = (self.input(), Vec::new());
        if input.shape.len() == 3 {
            metadata.push((SHAPE[0], json!(input.shape).to_string()));
            metadata.push((SHAPE[1], input.order.name().to_owned()));
        }
        if !input.names.is_empty() {
            metadata.push(("input names", json!(input.names).to_string()));
        }
        match &input.bounds {
            Some(Bounds::Same(bounds)) => metadata.push(("bounds", json!(bounds).to_string())),
            Some(Bounds::Each(each)) => {
                let (low, high): (Vec<f64>, Vec<f64>) = each.iter().map(|[l, h]| (*l, *h)).unzip();
                metadata.push(("bounds", json!([low, high]).to_string()));
            }
            None => {}
        }
        if let Some(scale) = input.scale {
            metadata.push(("scale", json!(scale).to_string()));
        }
        if !self.output_names().is_empty() {
            metadata.push(("output names", json!(self.output_names()).to_string()));
        }
        metadata
    }
}

/// Whether a file of so many bytes is within the format's limit.
fn check_size(bytes: usize) -> Result<(), Invalid> {
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let expected = "expected at most 2 GiB, which is what an ONNX file can hold";
    let found = format!("{} bytes", grouped(bytes));
    let help = "write a .json file: its weights stand in a safetensors file, which may be larger";
    Err(Invalid::new("layers", expected, found).help(help))
}

#[cfg(test)]
mod tests {
    use super::check_size;

    #[test]
    fn a_file_may_have_as_many_bytes_as_the_format_allows_and_no_more() {
        assert_eq!(check_size((1 << 31) - 1), Ok(()));
        for bytes in [1 << 31, 1 << 40] {
            assert!(check_size(bytes).is_err(), "{bytes}");
        }
    }
}
