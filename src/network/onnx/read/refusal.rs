//! What is refused, and what can be done about it.

use super::model::{Graph, Model, Node, same_domain};
use super::wire::Broken;
use crate::error::Invalid;

/// A refusal of what is being read; its place is said by who knows it.
pub(super) fn refused(message: impl Into<String>) -> Invalid {
    Invalid {
        path: String::new(),
        message: message.into(),
        help: None,
    }
}

/// The refusal of bytes that cannot be read.
pub(super) fn broken(what: &str, broken: Broken) -> Invalid {
    unreadable(what, broken)
}

/// The refusal of a file that cannot be read on.
pub(super) fn unreadable(what: &str, why: impl std::fmt::Display) -> Invalid {
    let help = "the file is damaged or was cut short: copy or export it anew";
    refused(format!("`{what}` cannot be read: {why}")).help(help)
}

/// What to do in place of quantised numbers.
pub(super) const FLOAT: &str = "export the float model, before it is quantised";
const RELU: &str = "deep Taylor needs ReLU: train or export the network with ReLU";
/// What to do in place of a normalisation by a sample's own values.
pub(super) const NORMALISED: &str =
    "use batch normalisation, whose numbers are fixed after training";
/// What to do where two things are said of which one can be meant.
pub(super) const EITHER: &str =
    "which of the two is meant is not said: export the model anew, with one of them";
/// What to do in place of attributes that newer versions have no more.
pub(super) const NEWER: &str = "export the model with opset 7 or later";
const POINTWISE: &str =
    "deep Taylor explains sums, ReLU and pooling: --model-output NAME explains a value before it";

/// Operators that are known and not read: what they are, and what can be done.
const KNOWN: [(&[&str], &str, &str); 12] = [
    (
        &[
            "LeakyRelu",
            "PRelu",
            "Elu",
            "Selu",
            "Celu",
            "Gelu",
            "HardSwish",
            "HardSigmoid",
            "Mish",
            "Swish",
            "Silu",
            "Softplus",
            "Softsign",
            "Tanh",
            "ThresholdedRelu",
            "Erf",
            "Sin",
            "Cos",
        ],
        "an activation that is not ReLU",
        RELU,
    ),
    (
        &[
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "ConvInteger",
            "MatMulInteger",
            "QLinearConv",
            "QLinearMatMul",
            "QLinearAdd",
            "QGemm",
            "MatMulNBits",
        ],
        "part of a quantised network",
        FLOAT,
    ),
    (
        &[
            "FusedConv",
            "FusedGemm",
            "FusedMatMul",
            "NhwcMaxPool",
            "NchwcConv",
            "ReorderInput",
            "SkipLayerNormalization",
        ],
        "made by onnxruntime's optimisation",
        "export without it, or with the graph optimisation level `basic`",
    ),
    (
        &[
            "LayerNormalization",
            "InstanceNormalization",
            "GroupNormalization",
            "RMSNormalization",
            "LRN",
            "LpNormalization",
            "MeanVarianceNormalization",
            "Normalizer",
        ],
        "a normalisation by the sample's own values, which is no linear map",
        NORMALISED,
    ),
    (
        &[
            "LSTM",
            "GRU",
            "RNN",
            "Attention",
            "MultiHeadAttention",
            "GroupQueryAttention",
        ],
        "recurrent or attention, which multiply values with values",
        POINTWISE,
    ),
    (
        &["Einsum"],
        "a product of tensors in a form that is not read",
        "write it as a matrix product (`x @ w` in Python), which is exported as MatMul",
    ),
    (
        &["Where"],
        "a choice between values by a condition",
        "export the model with fixed shapes; adaptive average pooling: make the sides of the picture a multiple of those of the pool",
    ),
    (
        &["If", "Loop", "Scan", "SequenceMap"],
        "control flow",
        "export with fixed shapes, in evaluation mode (`model.eval()`), so that no branch is left",
    ),
    (
        &[
            "ConvTranspose",
            "Resize",
            "Upsample",
            "DepthToSpace",
            "SpaceToDepth",
            "MaxUnpool",
            "GridSample",
        ],
        "a layer that makes pictures larger",
        "--model-output NAME explains a value before it",
    ),
    (
        &[
            "TreeEnsembleClassifier",
            "TreeEnsembleRegressor",
            "TreeEnsemble",
            "SVMClassifier",
            "SVMRegressor",
        ],
        "no layer of a neural network",
        "deep Taylor explains networks of linear maps and ReLU",
    ),
    (
        &[
            "LinearClassifier",
            "LinearRegressor",
            "Imputer",
            "OneHotEncoder",
            "LabelEncoder",
            "DictVectorizer",
        ],
        "a step of scikit-learn that is not read",
        "convert the MLP alone, with the steps before it applied to the samples",
    ),
    (
        &[
            "GatherND",
            "ScatterND",
            "GatherElements",
            "ScatterElements",
            "NonZero",
            "TopK",
        ],
        "a picking of values that is not read",
        "where it is adaptive average pooling: make the sides of the picture a multiple of those of the pool",
    ),
];

/// The refusal of a node's operator.
pub(super) fn operator(node: &Node) -> Invalid {
    let known = KNOWN
        .iter()
        .find(|(operators, ..)| operators.contains(&node.operator));
    if let Some((_, what, help)) = known {
        return refused(format!("{} is {what}", node.operator)).help(*help);
    }
    if ["Sigmoid", "Softmax", "LogSoftmax"].contains(&node.operator) {
        return refused(format!("{} of another domain", node.operator)).help(POINTWISE);
    }
    let domain = match node.domain {
        "" | "ai.onnx" => String::new(),
        domain => format!("{domain}:"),
    };
    let message = format!("the operator {domain}{} is not read", node.operator);
    refused(message).help(POINTWISE)
}

/// The refusal of a softmax or sigmoid that another node reads; its place is that of the softmax or sigmoid.
pub(super) fn in_the_middle((operator, place): (&str, &str), reader: &Node) -> Invalid {
    const NAME: &str = "--model-output NAME explains the value before it";
    let does = match reader.operator {
        "Mul" => "multiplies values by it, as SiLU or a gate does",
        _ => "reads this one",
    };
    let (what, help) = match operator {
        "Sigmoid" => ("an activation that is not ReLU", format!("{RELU}; {NAME}")),
        _ => ("neither a linear map nor ReLU", NAME.to_owned()),
    };
    let message = format!(
        "{operator} is {what}: it is left off only at the end of a network, and {} {does}",
        reader.place()
    );
    refused(message).help(help).below(place)
}

/// The same refusal with the name of the value before its node, where its help leaves that open.
pub(super) fn naming(mut invalid: Invalid, before: &str) -> Invalid {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/_-.:".contains(c);
    // Others would have to be quoted, in each shell in its own way.
    if before.chars().all(is_plain) {
        let named = format!("--model-output {before} explains");
        let help = invalid.help.take();
        invalid.help = help.map(|help| help.replace("--model-output NAME explains", &named));
    }
    invalid
}

/// The version of ONNX's own operators in a model; 0 where it says none and has none of them.
///
/// # Errors
///
/// [`Invalid`] where two are said, or the graph has such operators and theirs is not said or not known.
pub(super) fn version(model: &Model, graph: &Graph) -> Result<i64, Invalid> {
    // Attributes of older operators have other types, as `to` of Cast. The newest is that of onnx 1.23.
    const OLDEST: i64 = 6;
    const NEWEST: i64 = 28;
    let version = model.opset()?;
    // Those of scikit-learn, as Scaler, are of another domain.
    let own = |node: &Node| same_domain(node.domain, "");
    if !graph.nodes.iter().any(own) {
        return Ok(version.unwrap_or(0));
    }
    let known = version.filter(|version| (OLDEST..=NEWEST).contains(version));
    known.ok_or_else(|| {
        let expected = format!("expected operators of opset {OLDEST} to {NEWEST}");
        let found = version.map(|version| version.to_string());
        let found = found.unwrap_or_else(|| "none (`opset_import`)".to_owned());
        Invalid::new("", expected, found).help("export the model with `opset_version=17`")
    })
}
