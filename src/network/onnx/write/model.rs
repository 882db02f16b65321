//! The parts of an ONNX file as messages, after onnx.proto: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.

use super::proto::Message;
use crate::network::{FloatSlice, Precision};

/// `TensorProto.DataType`
const FLOAT: i64 = 1;
const INT64: i64 = 7;
const DOUBLE: i64 = 11;
/// `AttributeProto.AttributeType`
const INT: i64 = 2;
const INTS: i64 = 7;
/// What the number of samples is called, which the file leaves open.
const BATCH: &str = "n";

/// A property of an operation.
pub(super) enum Attribute {
    /// One whole number.
    Int(&'static str, i64),
    /// Several.
    Ints(&'static str, Vec<i64>),
}

/// An operation on values, all of which have names.
pub(super) struct Node {
    pub(super) operator: &'static str,
    pub(super) name: String,
    pub(super) inputs: Vec<String>,
    pub(super) output: String,
    pub(super) attributes: Vec<Attribute>,
}

/// What a file says beside its operations.
pub(super) struct Model<'m> {
    /// The version of the operators.
    pub(super) opset: i64,
    pub(super) name: &'m str,
    pub(super) description: &'m str,
    /// Keys and values that ONNX gives no meaning.
    pub(super) metadata: &'m [(&'static str, String)],
    pub(super) precision: Precision,
    /// The name and the shape of a sample of what goes in, and of what comes out.
    pub(super) ends: [(&'m str, Vec<i64>); 2],
}

impl Attribute {
    fn message(&self) -> Message {
        match self {
            Self::Int(name, value) => {
                let message = Message::default().text(1, name);
                message.int(3, *value).int(20, INT)
            }
            Self::Ints(name, values) => {
                let message = Message::default().text(1, name);
                let values = values.iter();
                let message = values.fold(message, |message, value| message.int(8, *value));
                message.int(20, INTS)
            }
        }
    }
}

impl Node {
    fn message(&self) -> Message {
        let inputs = self.inputs.iter();
        let message = inputs.fold(Message::default(), |message, name| message.text(1, name));
        let message = message.text(2, &self.output).text(3, &self.name);
        let attributes = self.attributes.iter().map(Attribute::message);
        message.text(4, self.operator).messages(5, attributes)
    }
}

/// A constant tensor of numbers.
pub(super) fn numbers(
    name: &str,
    shape: &[i64],
    numbers: FloatSlice,
    precision: Precision,
) -> Message {
    tensor(name, shape, of(precision), precision.bytes(numbers))
}

/// A constant list of whole numbers.
pub(super) fn integers(name: &str, values: &[i64]) -> Message {
    let bytes = values.iter().flat_map(|value| value.to_le_bytes());
    let length = i64::try_from(values.len()).expect("a list in memory");
    tensor(name, &[length], INT64, bytes.collect())
}

fn tensor(name: &str, shape: &[i64], kind: i64, bytes: Vec<u8>) -> Message {
    let shape = shape.iter();
    let message = shape.fold(Message::default(), |message, side| message.int(1, *side));
    message.int(2, kind).text(8, name).bytes(9, bytes)
}

/// The number that says how exact numbers are.
fn of(precision: Precision) -> i64 {
    match precision {
        Precision::Single => FLOAT,
        Precision::Double => DOUBLE,
    }
}

impl Model<'_> {
    /// The file of these operations and constants.
    pub(super) fn message(&self, nodes: &[Node], constants: Vec<Message>) -> Message {
        let [input, output] = self.ends.each_ref();
        let nodes = nodes.iter().map(Node::message);
        let graph = (Message::default().messages(1, nodes))
            .text(2, self.name)
            .messages(5, constants)
            .message(11, self.end(input))
            .message(12, self.end(output));
        let opset = Message::default().text(1, "").int(2, self.opset);
        let metadata = self.metadata.iter();
        let metadata = metadata.map(|(key, value)| Message::default().text(1, key).text(2, value));
        let model = Message::default()
            .int(1, version_of_format(self.opset))
            .text(2, env!("CARGO_PKG_NAME"))
            .text(3, env!("CARGO_PKG_VERSION"));
        let model = match self.description {
            "" => model,
            description => model.text(6, description),
        };
        let model = model.message(7, graph).message(8, opset);
        model.messages(14, metadata)
    }

    /// What goes in or comes out: samples of a shape, any number of them.
    fn end(&self, (name, sides): &(&str, Vec<i64>)) -> Message {
        let batch = Message::default().text(2, BATCH);
        let sides = sides.iter().map(|side| Message::default().int(1, *side));
        let shape = Message::default().message(1, batch).messages(1, sides);
        let tensor = Message::default()
            .int(1, of(self.precision))
            .message(2, shape);
        let kind = Message::default().message(1, tensor);
        Message::default().text(1, name).message(2, kind)
    }
}

/// The oldest version of the format that may have these operators.
fn version_of_format(opset: i64) -> i64 {
    if opset >= 19 { 9 } else { 8 }
}
