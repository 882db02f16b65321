//! Real models that nobody here made, against outputs and relevances that were computed independently. They lie beside the
//! project: where they are missing, the tests say so and check nothing.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use deeptaylor::ndarray::{Array2, Axis};
use deeptaylor::network::{Layer, ModelOptions, Order};
use deeptaylor::{Bounds, Explainer, Network, Plan, Preset, Target};

use super::npz::{self, Array};

/// The models: file, and bounds of the inputs.
const MODELS: [(&str, Option<[f64; 2]>); 10] = [
    ("mnist-256x4", Some([0.0, 1.0])),
    ("mnist-conv-maxpool", Some([0.0, 1.0])),
    ("mnist-conv-pad-avgpool", Some([0.0, 1.0])),
    ("cifar10-nhwc", Some([0.0, 1.0])),
    ("cifar10-resnet-2b", Some([0.0, 1.0])),
    ("cifar10-resnet20", Some([-2.2, 2.7])),
    ("acas-xu-1-1", None),
    ("mnist-cntk", Some([0.0, 255.0])),
    ("mnist-softmax", Some([0.0, 1.0])),
    ("external/mnist", Some([0.0, 1.0])),
];

/// The folder of the models, where it is there.
pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/models");
    let is_there = folder.is_dir();
    if !is_there {
        eprintln!("skipped: ../shared/models is not there");
    }
    is_there.then_some(folder)
}

fn rows(array: &Array) -> Array2<f64> {
    let samples = array.shape[0];
    let units = array.values.len() / samples;
    Array2::from_shape_vec((samples, units), array.values.clone())
        .expect("as many as the shape says")
}

fn bounded(network: &Network, bounds: [f64; 2]) -> Network {
    let mut input = network.input().clone();
    input.bounds = Some(Bounds::Same(bounds));
    let layers: Vec<Layer> = network.layers().to_vec();
    Network::new(input, layers).expect("the same layers")
}

/// Holds a network under a rule to the relevance of its inputs.
fn check(
    model: &str,
    network: &Network,
    arrays: &HashMap<String, Array>,
    (rule, name): (Preset, &str),
) {
    let inputs = rows(&arrays["input"]);
    let (outputs, expected) = (rows(&arrays["output"]), rows(&arrays[name]));
    let plan = Plan::of(network, rule).expect("a plan");
    let mut explainer = Explainer::new(&plan);
    for (n, x) in inputs.rows().into_iter().enumerate() {
        let x = x.insert_axis(Axis(0));
        let batch = explainer.explain(x, &Target::Max).expect("finite");
        let found = batch.activations(network.top());
        for (k, (found, expected)) in found.row(0).iter().zip(outputs.row(n)).enumerate() {
            let tolerance = 1e-9 * expected.abs().max(1.0);
            assert!(
                (found - expected).abs() <= tolerance,
                "{model}: output {k} of sample {n}: {found}, not {expected}"
            );
        }
        let relevance = batch.relevance(0);
        let size: f64 = expected.row(n).iter().map(|r| r.abs()).sum();
        for (i, (found, expected)) in relevance.row(0).iter().zip(expected.row(n)).enumerate() {
            assert!(
                (found - expected).abs() <= 1e-9 * size,
                "{model} under {name}: input {i} of sample {n}: {found}, not {expected}; all {size}"
            );
        }
        let audit = &batch.audits()[0];
        assert!(
            audit.balance.holds,
            "{model} under {name}: sample {n} is balanced"
        );
        if name == "relevance_w2" {
            let (all, value) = (
                relevance.sum(),
                found.row(0).iter().copied().fold(f64::MIN, f64::max),
            );
            assert!(
                (all - value).abs() <= 1e-9 * value.abs(),
                "{model}: w² hands on {all} of {value}"
            );
        }
    }
}

#[test]
fn outputs_and_relevances_of_real_models_are_those_computed_elsewhere() {
    let Some(folder) = folder() else { return };
    for (model, bounds) in MODELS {
        let file = folder.join(format!("{model}.onnx"));
        let network = Network::read(&file).unwrap_or_else(|error| panic!("{error}"));
        let arrays = npz::read(&folder.join(format!("{model}.npz")));
        let sample = &arrays["input"].shape[1..];
        assert_eq!(network.input().array_shape(), sample, "{model}");
        for rule in ["w2", "z+", "epsilon:0.25", "deep-taylor"] {
            let preset: Preset = rule.parse().expect("a rule");
            check(
                model,
                &network,
                &arrays,
                (preset, &format!("relevance_{rule}")),
            );
        }
        if let Some(bounds) = bounds {
            let network = bounded(&network, bounds);
            let preset: Preset = "deep-taylor".parse().expect("a rule");
            check(
                model,
                &network,
                &arrays,
                (preset, "relevance_deep-taylor@bounds"),
            );
        }
    }
}

#[test]
fn a_picture_with_channels_last_keeps_its_order() {
    let Some(folder) = folder() else { return };
    let network = Network::read(folder.join("cifar10-nhwc.onnx")).expect("a network");
    assert_eq!(network.input().order, Order::ChannelsLast);
    assert_eq!(network.input().shape, [3, 32, 32]);
}

#[test]
fn only_nodes_that_are_no_layer_of_their_own_are_called_folded() {
    let Some(folder) = folder() else { return };
    let file = folder.join("cifar10-resnet20.onnx");
    let loaded = Network::load(file, &ModelOptions::default()).expect("a network");
    let nodes = loaded.model.expect("a model").folded;
    assert_eq!(nodes.len(), 19);
    assert!(
        nodes.iter().all(|node| node.operator == "Relu"),
        "{nodes:?}"
    );
}
