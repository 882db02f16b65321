//! Words of other programs that are no words of the network file, with what to do about each.

const RELU: &str = "the theory covers ReLU, max(0, z): train the network with \"relu\" here, and without it on the output";
const AT_THE_END: &str = "leave it out and explain the logit before it";
const WHOLE_PICTURE: &str =
    "write \"avg_pool2d\", with the height and width of the picture as its \"kernel\"";
const SIGMOID: &str = "at the end: leave it out and explain the logit before it; below: train the network with \"relu\" there";

/// What to do about a `type` or an `activation`, by the letters that it begins with.
const ADVICE: [(&str, &str, &str); 26] = [
    ("", "softmax", AT_THE_END),
    ("", "logsoftmax", AT_THE_END),
    ("", "sigmoid", SIGMOID),
    ("", "logistic", SIGMOID),
    ("type", "tanh", RELU),
    ("activation", "tanh", RELU),
    ("", "leakyrelu", RELU),
    ("", "prelu", RELU),
    ("", "elu", RELU),
    ("", "selu", RELU),
    ("", "gelu", RELU),
    ("", "silu", RELU),
    ("", "swish", RELU),
    (
        "type",
        "relu6",
        "write \"activation\": \"relu6\" in the layer before it, and remove this one",
    ),
    (
        "type",
        "relu",
        "write \"activation\": \"relu\" in the layer before it, and remove this one",
    ),
    (
        "type",
        "linear",
        "a layer with weights is of type \"dense\"",
    ),
    (
        "type",
        "flatten",
        "it is not needed, because values are flat already: remove it",
    ),
    (
        "type",
        "dropout",
        "it does nothing in a trained network: remove it",
    ),
    (
        "type",
        "batchnorm",
        "fold it into the layer before it: w_ij·γ_j/√(σ_j² + ε), and (b_j − μ_j)·γ_j/√(σ_j² + ε) + β_j for its bias; where there is none, write a \"scale\" of γ_j/√(σ_j² + ε)",
    ),
    (
        "type",
        "conv1d",
        "write \"conv2d\" on a level of [channels, 1, n], with kernels of one row",
    ),
    (
        "type",
        "conv3d",
        "pictures have two directions here: a third cannot be written yet",
    ),
    ("type", "globalaveragepool", WHOLE_PICTURE),
    ("type", "adaptiveavgpool", WHOLE_PICTURE),
    (
        "type",
        "input",
        "the key \"input\" of the file describes the inputs, not a layer",
    ),
    ("", "softplus", RELU),
    (
        "activation",
        "none",
        "remove the key, or write \"identity\"",
    ),
];

/// What to do about a word at a key, where it is one of those.
pub(super) fn advice(key: &str, word: &str) -> Option<String> {
    let letters: String = word
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if let Some(size) = (letters.strip_prefix("pool")).filter(|_| key == "type") {
        let digits: String = size.chars().filter(char::is_ascii_digit).collect();
        return Some(match digits.as_str() {
            "" => "write \"type\": \"sum_pool\", with \"size\", how many units each adds up (all if it is left out)".to_owned(),
            size => format!("write \"type\": \"sum_pool\", \"size\": {size}"),
        });
    }
    let mut known = ADVICE.iter();
    known
        .find(|(of, start, _)| (of.is_empty() || *of == key) && letters.starts_with(start))
        .map(|(.., advice)| (*advice).to_owned())
}
