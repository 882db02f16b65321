//! What is refused, and what can be done about it.

use super::model::{Model, Node};
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

const FLOAT: &str = "export the float model, before it is quantised";
const RELU: &str = "deep Taylor needs ReLU: train or export the network with ReLU";
const POINTWISE: &str =
    "deep Taylor explains sums, ReLU and pooling: --model-output NAME explains a value before it";

/// Operators that are known and not read: what they are, and what can be done.
const KNOWN: [(&[&str], &str, &str); 10] = [
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
        "use batch normalisation, whose numbers are fixed after training",
    ),
    (
        &[
            "LSTM",
            "GRU",
            "RNN",
            "Attention",
            "MultiHeadAttention",
            "Einsum",
            "GroupQueryAttention",
        ],
        "recurrent or attention, which multiply values with values",
        POINTWISE,
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
            "Where",
            "ScatterND",
            "GatherElements",
            "ScatterElements",
            "NonZero",
            "TopK",
        ],
        "picking of values",
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
        return in_the_middle(node.operator);
    }
    let domain = match node.domain {
        "" | "ai.onnx" => String::new(),
        domain => format!("{domain}:"),
    };
    let message = format!("the operator {domain}{} is not read", node.operator);
    refused(message).help(POINTWISE)
}

/// The refusal of a softmax or sigmoid that other layers read.
pub(super) fn in_the_middle(operator: &str) -> Invalid {
    refused(format!(
        "{operator} is left off at the end of a network, and this one has layers behind it"
    ))
    .help("--model-output NAME explains the value before it")
}

/// Whether the operators of a model are of versions that are known.
pub(super) fn check_versions(model: &Model) -> Result<(), Invalid> {
    const NEWEST: i64 = 30;
    let version = model.opset("");
    if (1..=NEWEST).contains(&version) {
        return Ok(());
    }
    Err(
        Invalid::new("", "expected operators of opset 6 to 24", version)
            .help("export the model with `opset_version=17`"),
    )
}
