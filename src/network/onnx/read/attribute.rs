//! The attributes of nodes: which there are, and the value of each, held against the type that is asked for.

use super::model::Node;
use super::refusal::{EITHER, NEWER, broken, refused};
use super::wire::{Broken, Fields, Value, push};
use crate::error::Invalid;
use crate::spelling::did_you_mean;

/// No attribute has more numbers: those of a tensor stand in a tensor.
const MOST_NUMBERS: usize = 1 << 24;

/// A type of `AttributeProto.AttributeType`: its number, the field of the value, and its name.
#[derive(Clone, Copy)]
struct Type(i64, u64, &'static str);

const FLOAT: Type = Type(1, 2, "FLOAT");
const INT: Type = Type(2, 3, "INT");
const STRING: Type = Type(3, 4, "STRING");
const TENSOR: Type = Type(4, 5, "TENSOR");
const FLOATS: Type = Type(6, 7, "FLOATS");
const INTS: Type = Type(7, 8, "INTS");
const STRINGS: Type = Type(8, 9, "STRINGS");
/// All of them.
const TYPES: [Type; 14] = [
    FLOAT,
    INT,
    STRING,
    TENSOR,
    Type(5, 6, "GRAPH"),
    FLOATS,
    INTS,
    STRINGS,
    Type(9, 10, "TENSORS"),
    Type(10, 11, "GRAPHS"),
    Type(11, 22, "SPARSE_TENSOR"),
    Type(12, 23, "SPARSE_TENSORS"),
    Type(13, 14, "TYPE_PROTO"),
    Type(14, 15, "TYPE_PROTOS"),
];
/// The field with the number of the type.
const TYPE: u64 = 20;

/// The attributes of the operators that are read, of opset 6 and later.
#[rustfmt::skip]
const KNOWN: [(&[&str], &[&str]); 27] = [
    (
        &["ArrayFeatureExtractor", "Expand", "GlobalAveragePool", "GlobalMaxPool", "Identity", "MatMul", "Max", "Mean", "Neg",
          "Reciprocal", "Relu", "Sigmoid", "Size", "Sqrt", "Sum"],
        &[],
    ),
    (&["Add", "Sub", "Mul", "Div"], &["axis", "broadcast"]),
    (&["ArgMax"], &["axis", "keepdims", "select_last_index"]),
    (&["AveragePool"], &["auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides"]),
    (&["BatchNormalization"], &["epsilon", "is_test", "momentum", "spatial", "training_mode"]),
    (&["Binarizer"], &["threshold"]),
    (&["Cast"], &["round_mode", "saturate", "to"]),
    (&["Clip"], &["max", "min"]),
    (&["Concat", "Flatten", "Gather", "LogSoftmax", "Softmax"], &["axis"]),
    (
        &["Constant"],
        &["sparse_value", "value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings"],
    ),
    (&["ConstantOfShape"], &["value"]),
    (&["Conv"], &["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"]),
    (&["Dropout"], &["is_test", "ratio", "seed"]),
    (
        &["FusedConv"],
        &["activation", "activation_params", "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"],
    ),
    (&["Gemm"], &["alpha", "beta", "broadcast", "transA", "transB"]),
    (&["MaxPool"], &["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"]),
    (&["Pad"], &["mode", "pads", "value"]),
    (&["Range"], &["stash_type"]),
    (REDUCTIONS, &["axes", "keepdims", "noop_with_empty_axes"]),
    (&["Reshape"], &["allowzero"]),
    (&["Scaler"], &["offset", "scale"]),
    (&["Shape"], &["end", "start"]),
    (&["Slice"], &["axes", "ends", "starts"]),
    (&["Split"], &["axis", "num_outputs", "split"]),
    (&["Squeeze", "Unsqueeze"], &["axes"]),
    (&["Transpose"], &["perm"]),
    (&["ZipMap"], &["classlabels_int64s", "classlabels_strings"]),
];

/// Attributes that are inputs in newer versions: the operators, the attribute, and which input it is.
const MOVED: [(&[&str], &str, usize); 10] = [
    (&["Clip"], "min", 1),
    (&["Clip"], "max", 2),
    (&["Pad"], "pads", 1),
    (&["Pad"], "value", 2),
    (REDUCTIONS, "axes", 1),
    (&["Slice"], "starts", 1),
    (&["Slice"], "ends", 2),
    (&["Slice"], "axes", 3),
    (&["Split"], "split", 1),
    (&["Squeeze", "Unsqueeze"], "axes", 1),
];
const REDUCTIONS: &[&str] = &["ReduceMax", "ReduceMean", "ReduceProd", "ReduceSum"];

/// An attribute of a node: its name, and the message that holds its value.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'a> {
    name: &'static str,
    message: &'a [u8],
}

impl<'a> Attribute<'a> {
    /// An attribute, where it is the one of this name.
    pub(super) fn named(name: &'static str, message: &'a [u8]) -> Result<Option<Self>, Broken> {
        for field in Fields::of(message) {
            if let (1, value) = field? {
                let is_it = value.bytes()? == name.as_bytes();
                return Ok(is_it.then_some(Self { name, message }));
            }
        }
        Ok(None)
    }

    /// What `of` makes of the values of the attribute, in order.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where it is of another type than is expected.
    fn each(
        &self,
        expected: Type,
        mut of: impl FnMut(Value<'a>) -> Result<(), Broken>,
    ) -> Result<(), Invalid> {
        let (mut said, mut is_there, mut other) = (0, false, None);
        for field in Fields::of(self.message) {
            let read = field.and_then(|(at, value)| {
                if at == TYPE {
                    said = value.int()?;
                } else if at == expected.1 {
                    is_there = true;
                    of(value)?;
                } else {
                    other = other.or(TYPES.iter().find(|Type(_, field, _)| *field == at));
                }
                Ok(())
            });
            read.map_err(|why| broken(self.name, why))?;
        }
        // Files of the first version of the format say no type: there the field tells it. Where no field is there, the value is 0 or
        // an empty list, which need not be written.
        let other = other.filter(|_| !is_there);
        let named = TYPES.iter().find(|Type(number, ..)| *number == said);
        let found = match (named, other) {
            _ if ![0, expected.0].contains(&said) => named.map_or("an unknown type", |kind| kind.2),
            (_, Some(other)) => other.2,
            (_, None) => return Ok(()),
        };
        let expected = format!("expected the attribute {} as {}", self.name, expected.2);
        Err(Invalid::new("", expected, found)
            .help("export the model anew, or write the attribute in that type"))
    }

    /// A whole number.
    pub(super) fn int(&self) -> Result<i64, Invalid> {
        let mut int = 0;
        self.each(INT, |value| value.int().map(|found| int = found))?;
        Ok(int)
    }

    /// A number of floating point.
    pub(super) fn float(&self) -> Result<f64, Invalid> {
        let mut float = 0.0;
        self.each(FLOAT, |value| {
            value.float().map(|found| float = found.into())
        })?;
        Ok(float)
    }

    /// A text.
    pub(super) fn text(&self) -> Result<&'a str, Invalid> {
        let mut text = "";
        self.each(STRING, |value| value.text().map(|found| text = found))?;
        Ok(text)
    }

    /// Whole numbers.
    pub(super) fn ints(&self) -> Result<Vec<i64>, Invalid> {
        let mut list = Vec::new();
        self.each(INTS, |value| value.ints(&mut list, MOST_NUMBERS))?;
        Ok(list)
    }

    /// Numbers of floating point.
    pub(super) fn floats(&self) -> Result<Vec<f64>, Invalid> {
        let mut list = Vec::new();
        self.each(FLOATS, |value| value.floats(&mut list, MOST_NUMBERS))?;
        Ok(list)
    }

    /// Texts.
    pub(super) fn texts(&self) -> Result<Vec<&'a str>, Invalid> {
        let mut list = Vec::new();
        self.each(STRINGS, |value| {
            push(&mut list, value.text()?, MOST_NUMBERS)
        })?;
        Ok(list)
    }

    /// The message of a tensor, where it is one.
    pub(super) fn tensor(&self) -> Result<Option<&'a [u8]>, Invalid> {
        let mut tensor = None;
        self.each(TENSOR, |value| {
            value.bytes().map(|found| tensor = Some(found))
        })?;
        Ok(tensor)
    }
}

/// Whether a node that is read has every attribute once, and none that may change what it computes without being read.
///
/// # Errors
///
/// [`Invalid`] with the first that comes twice or is not known, or that says what another or an input says.
pub(super) fn check(node: &Node) -> Result<(), Invalid> {
    let Some((_, known)) = KNOWN.iter().find(|(of, _)| of.contains(&node.operator)) else {
        return Ok(());
    };
    let mut seen = vec![false; known.len()];
    for message in node.attributes() {
        let name = message
            .and_then(name)
            .map_err(|why| broken("attribute", why))?;
        // What programs keep in a graph for themselves changes nothing.
        if name.starts_with("__") {
            continue;
        }
        let Some(place) = known.iter().position(|known| *known == name) else {
            let message = format!(
                "it has the attribute {name}, which is not read and may change what it computes"
            );
            let help = match known {
                _ if is_older(node.operator, name) => NEWER.to_owned(),
                [] => format!("{} has no attributes: export the model anew", node.operator),
                known => did_you_mean(name, known.iter().copied()),
            };
            return Err(refused(message).help(help));
        };
        if std::mem::replace(&mut seen[place], true) {
            return Err(refused(format!("it has the attribute {name} twice")).help(EITHER));
        }
    }
    let has = known.iter().zip(seen).filter(|(_, seen)| *seen);
    let has: Vec<&str> = has.map(|(name, _)| *name).collect();
    said_once(node, &has)
}

/// Whether an attribute was given up before the oldest version that is read.
fn is_older(operator: &str, name: &str) -> bool {
    matches!(
        (operator, name),
        (_, "consumed_inputs") | ("Pad", "paddings") | ("Reshape", "shape")
    )
}

/// Whether a node with these attributes says nothing in two ways.
fn said_once(node: &Node, has: &[&str]) -> Result<(), Invalid> {
    // Each attribute of a constant is its value.
    if let ("Constant", [one, other, ..]) = (node.operator, has) {
        let message = format!("it has both the attributes {one} and {other}");
        return Err(refused(message).help(EITHER));
    }
    for (of, name, n) in MOVED {
        if of.contains(&node.operator) && has.contains(&name) && node.input(n).is_some() {
            let message =
                format!("it has both the attribute {name} and input {n}, which is the same");
            return Err(refused(message).help(EITHER));
        }
    }
    Ok(())
}

/// The name of an attribute.
fn name(message: &[u8]) -> Result<&str, Broken> {
    for field in Fields::of(message) {
        if let (1, value) = field? {
            return value.text();
        }
    }
    Ok("")
}
