//! Golden files of graphs, that were computed independently: the library meets them to 1e-12, and so does the oracle.

use std::fs;
use std::path::Path;

use deeptaylor::{Explainer, Network, Target};
use ndarray::ArrayView2;
use serde::Deserialize;
use serde_json::Value;

use super::case::Case;
use super::oracle::{Asked, explain};
use super::plain::{Function, Graph, Map, Node, Window, size};

/// Files, and the number of their cases: one that falls out of the test is noticed.
pub const FILES: [(&str, usize); 10] = [
    ("graph-branches", 12),
    ("graph-constants", 12),
    ("graph-geometry", 12),
    ("graph-many-readers", 24),
    ("graph-residual", 24),
    ("graph-routing", 12),
    ("graph-silent-add", 5),
    ("rules-conv", 6),
    ("rules-dense", 18),
    ("rules-pools", 3),
];

/// A number for both sides, or one for each.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Sides {
    One(usize),
    Each(Vec<usize>),
}

/// One interval for all inputs, one a channel, or two lists.
#[derive(Deserialize)]
#[serde(untagged)]
enum Intervals {
    Same([f64; 2]),
    Each(Vec<Vec<f64>>),
}

#[derive(Deserialize)]
struct Input {
    shape: Vec<usize>,
    bounds: Option<Intervals>,
}

/// A layer as the file has it: which keys are used depends on its type.
#[derive(Deserialize)]
struct Layer {
    r#type: String,
    name: Option<String>,
    from: Option<Value>,
    weights: Option<Value>,
    #[serde(default)]
    bias: Vec<f64>,
    activation: Option<String>,
    kernel: Option<Sides>,
    stride: Option<Sides>,
    padding: Option<Sides>,
    dilation: Option<Sides>,
    groups: Option<usize>,
    #[serde(default)]
    count_padding: bool,
    size: Option<usize>,
    indices: Option<Vec<Option<usize>>>,
    shape: Option<Vec<usize>>,
}

#[derive(Deserialize)]
struct Plain {
    input: Input,
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Golden {
    network: Value,
    cases: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    rule: Value,
    bias: String,
    target: Value,
    input: Vec<f64>,
    activations: Vec<Vec<f64>>,
    relevance: Vec<Vec<f64>>,
}

fn sides<const N: usize>(sides: Option<&Sides>, default: [usize; N]) -> [usize; N] {
    match sides {
        None => default,
        Some(Sides::One(one)) => [*one; N],
        // [h, w] for four sides: both of each.
        Some(Sides::Each(each)) => std::array::from_fn(|k| each[k % each.len()]),
    }
}

fn weights<T: for<'d> Deserialize<'d>>(layer: &Layer) -> T {
    let weights = layer.weights.clone().expect("weights");
    serde_json::from_value(weights).expect("numbers")
}

impl Layer {
    fn window(&self, kernel: [usize; 2], stride: [usize; 2]) -> Window {
        Window {
            kernel,
            stride: sides(self.stride.as_ref(), stride),
            dilation: sides(self.dilation.as_ref(), [1; 2]),
            padding: sides(self.padding.as_ref(), [0; 4]),
        }
    }

    /// The map on a level of this shape.
    fn map(&self, below: &[usize]) -> Map {
        let kernel = sides(self.kernel.as_ref(), [1; 2]);
        let window = self.window(kernel, kernel);
        match self.r#type.as_str() {
            "dense" => Map::Dense {
                weights: weights(self),
            },
            "conv2d" => {
                let weights: Vec<Vec<Vec<Vec<f64>>>> = weights(self);
                let kernel = [weights[0][0].len(), weights[0][0][0].len()];
                Map::Conv {
                    window: self.window(kernel, [1; 2]),
                    groups: self.groups.unwrap_or(1),
                    weights,
                }
            }
            "sum_pool" => Map::SumPool {
                size: self.size.unwrap_or(size(below)),
            },
            "sum_pool2d" => Map::SumPool2d { window },
            "avg_pool2d" => Map::AvgPool2d {
                window,
                count_padding: self.count_padding,
            },
            "max_pool2d" => Map::MaxPool2d { window },
            "add" => Map::Add,
            "concat" => Map::Concat,
            "scale" => Map::Scale {
                weights: weights(self),
            },
            "gather" => {
                let indices = self.indices.clone().expect("indices");
                let shape = self.shape.clone().unwrap_or(vec![indices.len()]);
                Map::Gather { indices, shape }
            }
            other => panic!("unknown type {other}"),
        }
    }

    fn activation(&self) -> Function {
        match self.activation.as_deref() {
            Some("relu") => Function::Relu,
            Some("relu6") => Function::Relu6,
            Some("identity" | "linear") | None => Function::Identity,
            Some(other) => panic!("unknown activation {other}"),
        }
    }
}

fn graph(network: &Plain) -> Graph {
    let inputs = size(&network.input.shape);
    let bounds = network.input.bounds.as_ref().map(|bounds| match bounds {
        Intervals::Same(interval) => vec![*interval; inputs],
        Intervals::Each(lists) if lists.len() == 2 && lists[0].len() == inputs => {
            (0..inputs).map(|i| [lists[0][i], lists[1][i]]).collect()
        }
        Intervals::Each(channels) => {
            let each = inputs / channels.len();
            (0..inputs)
                .map(|i| [channels[i / each][0], channels[i / each][1]])
                .collect()
        }
    });
    let mut graph = Graph {
        shape: network.input.shape.clone(),
        bounds,
        nodes: Vec::new(),
    };
    for (l, layer) in network.layers.iter().enumerate() {
        let level = |name: &Value| {
            let name = name.as_str().expect("a name");
            let named = network
                .layers
                .iter()
                .position(|other| other.name.as_deref() == Some(name));
            if name == "input" {
                0
            } else {
                named.expect("a layer") + 1
            }
        };
        let from = match &layer.from {
            None => vec![l],
            Some(Value::Array(names)) => names.iter().map(level).collect(),
            Some(name) => vec![level(name)],
        };
        graph.nodes.push(Node {
            map: layer.map(&graph.shapes()[from[0]]),
            from,
            bias: layer.bias.clone(),
            activation: layer.activation(),
        });
    }
    graph
}

/// A rule is a name, or a list of its name and parameters.
fn asked(rule: &Value) -> Asked {
    let parameter = |k: usize| rule[k].as_f64().expect("a parameter");
    match rule.as_str().or(rule[0].as_str()).expect("a name") {
        "w2" => Asked::WSquared,
        "flat" => Asked::Flat,
        "z+" => Asked::ZPlus,
        "zB" => Asked::ZBox,
        "z" => Asked::Z,
        "epsilon" => Asked::Epsilon(parameter(1)),
        "gamma" => Asked::Gamma(parameter(1)),
        "alpha-beta" => Asked::AlphaBeta(parameter(1), parameter(2)),
        "deep-taylor" => Asked::DeepTaylor,
        other => panic!("unknown rule {other}"),
    }
}

/// That values are met to 1e-12, relative to the largest of their level.
fn assert_level(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= 1e-12 * largest,
            "{what}, unit {i}: {found}, not {expected}"
        );
    }
}

fn check(file: &str, network: &Network, graph: &Graph, expected: &Expected) {
    let asked = asked(&expected.rule);
    let keep = match &expected.bias[..] {
        "drop" => false,
        "keep" => true,
        other => panic!("{file}: bias {other}"),
    };
    let case = Case {
        graph: graph.clone(),
        asked,
        exceptions: Vec::new(),
        keep,
        samples: vec![expected.input.clone()],
        target: None,
    };
    let target = match &expected.target {
        Value::String(text) => Target::parse(text, network).expect("a target"),
        index => Target::parse(&index.to_string(), network).expect("a target"),
    };
    let plan = case.plan(network).expect("the rule is defined");
    let mut explainer = Explainer::new(&plan);
    let x = ArrayView2::from_shape((1, expected.input.len()), &expected.input).expect("a row");
    let batch = explainer.explain(x, &target).expect("finite values");
    assert_eq!(expected.activations.len(), batch.levels(), "{file}");
    let rules = case.rules().expect("the rule is defined");
    let output = expected.relevance.last().expect("a level");
    let oracle = explain(&graph.wholes(), &rules, keep, &expected.activations, output);
    for (l, (x, r)) in expected
        .activations
        .iter()
        .zip(&expected.relevance)
        .enumerate()
    {
        let what = format!("{file}, {asked:?}, bias kept: {keep}, level {l}");
        assert_level(&batch.activations(l).row(0).to_vec(), x, &what);
        assert_level(&batch.relevance(l).row(0).to_vec(), r, &what);
        assert_level(&oracle.relevance[l], r, &format!("{what} of the oracle"));
    }
    assert!(batch.audits()[0].balance.holds, "{file}");
}

#[test]
fn every_golden_graph_is_met_to_1e_12_by_the_library_and_by_the_oracle() {
    for (file, cases) in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{file}.json"));
        let text = fs::read_to_string(path).expect("the file is there");
        let golden: Golden = serde_json::from_str(&text).expect("a golden file");
        let network = Network::parse(file, golden.network.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{error}"));
        let graph = graph(&serde_json::from_value(golden.network).expect("a network"));
        assert_eq!(golden.cases.len(), cases, "cases of {file}");
        for case in &golden.cases {
            check(file, &network, &graph, case);
        }
    }
}
