//! Networks written as ONNX and read again: the same input, the same names, the same layers, the same explanation.

use std::fs;
use std::path::Path;

use deeptaylor::ndarray::Array2;
use deeptaylor::network::{ModelOptions, Precision};
use deeptaylor::{Explainer, Layer, Network, Plan, Preset, Target};

use super::build::{Model, bytes};
use crate::network_files::Random;

fn back(network: &Network) -> Network {
    let written = network.to_onnx(Precision::Single).expect("an ONNX file");
    Network::parse("written.onnx", &written.bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// The relevance of the inputs of a sample.
///
/// # Errors
///
/// Where the bounds do not allow the rule.
fn relevance(network: &Network, rule: &str, x: &Array2<f64>) -> Result<Vec<f64>, String> {
    let preset: Preset = rule.parse().expect("a rule");
    let plan = Plan::of(network, preset).map_err(|error| error.to_string())?;
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(x.view(), &Target::Max);
    Ok(batch.expect("finite").relevance(0).row(0).to_vec())
}

fn kinds(network: &Network) -> Vec<&'static str> {
    let layers = network.layers().iter();
    layers.map(|layer| layer.kind().name()).collect()
}

/// That the relevance of one network is that of another, up to so much of all of it.
fn assert_same(what: &str, networks: [&Network; 2], x: &Array2<f64>, tolerance: f64) {
    for rule in ["w2", "z+", "deep-taylor"] {
        let [expected, found] = networks.map(|network| relevance(network, rule, x));
        let (Ok(expected), Ok(found)) = (&expected, &found) else {
            assert_eq!(expected.is_err(), found.is_err(), "{what} under {rule}");
            continue;
        };
        let size: f64 = expected.iter().map(|r| r.abs()).sum();
        for (expected, found) in expected.iter().zip(found) {
            assert!(
                (expected - found).abs() <= tolerance * size,
                "{what} under {rule}: {found}, not {expected}; {:?} became {:?}",
                kinds(networks[0]),
                kinds(networks[1])
            );
        }
    }
}

/// That the numbers of 32 bits of a network come back as they are, and those of 64 bits nearly.
fn check(what: &str, network: &Network, x: &Array2<f64>) {
    let single = back(network);
    assert_eq!(single.input(), network.input(), "{what}");
    assert_eq!(single.name(), network.name(), "{what}");
    assert_eq!(single.description(), network.description(), "{what}");
    assert_eq!(single.output_names(), network.output_names(), "{what}");
    assert_same(what, [&single, &back(&single)], x, 1e-12);
    assert_same(what, [network, &single], x, 1e-3);
}

#[test]
fn every_network_of_the_folder_comes_back_from_onnx() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
    let mut read = 0;
    for entry in fs::read_dir(folder).expect("the folder of networks") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|end| end == "json") {
            let network = Network::read(&path).unwrap_or_else(|error| panic!("{error}"));
            let units = network.input_units();
            let x = Array2::from_shape_fn((1, units), |(_, i)| (i % 7) as f64 / 7.0);
            check(&path.display().to_string(), &network, &x);
            assert_eq!(
                kinds(&back(&network)),
                kinds(&network),
                "{}",
                path.display()
            );
            read += 1;
        }
    }
    assert!(read > 5, "{read} networks");
}

#[test]
fn random_networks_come_back_from_onnx_with_their_relevance() {
    for seed in 0..300 {
        let network = Random(seed).network();
        let x = Array2::from_shape_fn((1, network.input_units()), |(_, i)| {
            let input = network.input();
            let [low, high] = input
                .bounds
                .as_ref()
                .map_or([-1.0, 2.0], |bounds| bounds.at(i));
            low + (high - low) * ((i * 5 + 3) % 11) as f64 / 11.0
        });
        check(&format!("seed {seed}"), &network, &x);
    }
}

#[test]
fn what_is_said_beside_the_graph_is_believed_of_models_of_this_program_alone() {
    let model = Model::reading(&[0, 2])
        .floats("w", &[2, 1], &[1.0, 1.0])
        .node("MatMul", &["x", "w"], "y", &[])
        .output("y");
    let with = |producer: &str, key: &str, value: &str| {
        let pair = [bytes(1, key.as_bytes()), bytes(2, value.as_bytes())].concat();
        let file = [
            model.file(),
            bytes(2, producer.as_bytes()),
            bytes(14, &pair),
        ]
        .concat();
        Network::parse("m.onnx", &file).map_err(|error| error.to_string())
    };
    let own = with("deeptaylor", "bounds", "[0.0,1.0]").expect("a network");
    assert!(own.input().bounds.is_some());
    let others = with("pytorch", "bounds", "[0.0,1.0]").expect("a network");
    assert!(others.input().bounds.is_none());
    assert!(with("pytorch", "bounds", "nonsense").is_ok());
    assert!(with("deeptaylor", "another key", "nonsense").is_ok());
    for (key, value, told) in [
        (
            "bounds",
            "nonsense",
            "metadata `bounds`: expected two numbers",
        ),
        ("bounds", "[2.0,1.0]", "expected finite l ≤ h"),
        (
            "scale",
            "\"1\"",
            "metadata `scale`: expected a number, found \"1\"",
        ),
        ("scale", "0.0", "expected a number above 0"),
        ("input names", "[\"a\"]", "expected 2 names"),
        (
            "output names",
            "[1]",
            "metadata `output names`: expected a list of names",
        ),
        (
            "input shape",
            "[1,2,3]",
            "metadata `input shape`: expected 2 values in all",
        ),
        (
            "input order",
            "cwh",
            "metadata `input order`: expected chw or hwc",
        ),
    ] {
        let error = with("deeptaylor", key, value).expect_err(key);
        assert!(error.contains(told), "{key} {value}: {error}");
    }
}

#[test]
fn what_is_not_understood_beside_the_graph_is_shown_up_to_sixty_characters() {
    let told = |value: &str| {
        let model = Model::reading(&[0, 2]).node("Relu", &["x"], "y", &[]);
        let pair = [bytes(1, b"scale"), bytes(2, value.as_bytes())].concat();
        let own = [bytes(2, b"deeptaylor"), bytes(14, &pair)].concat();
        let file = [model.output("y").file(), own].concat();
        let error = Network::parse("m.onnx", &file)
            .expect_err(value)
            .to_string();
        error.lines().next().unwrap_or_default().to_owned()
    };
    let [short, long] = [60, 61].map(|length| "a".repeat(length));
    assert!(told(&short).ends_with(&format!("found {short}")));
    assert!(told(&long).ends_with(&format!("found {short}…")));
}

#[test]
fn layers_come_back_under_their_names_and_those_without_one_have_none() {
    let text = r#"{ "input": { "shape": [2] }, "layers": [
        { "type": "dense", "name": "hidden", "weights": [[1], [2]] },
        { "type": "dense", "weights": [[3]] }
    ] }"#;
    let network = back(&text.parse().expect("a network"));
    let names: Vec<&str> = network.layers().iter().map(Layer::name).collect();
    assert_eq!(names, ["hidden", ""]);
}

#[test]
fn a_convolution_takes_the_bias_of_its_channels_along_and_no_other() {
    let operators = |sides: &[i64], bias: &[f32]| {
        let model = Model::reading(&[0, 1, 1, 2])
            .floats("k", &[2, 1, 1, 1], &[1.0, 2.0])
            .floats("b", sides, bias)
            .node("Conv", &["x", "k"], "c", &[])
            .node("Add", &["c", "b"], "y", &[]);
        let network = super::hand::read(&model.output("y"));
        let bias: Vec<f64> = bias.iter().map(|b| f64::from(*b)).collect();
        assert_eq!(network.layers()[0].bias(), bias);
        let written = network.to_onnx(Precision::Single).expect("an ONNX file");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("m.onnx");
        fs::write(&path, &written.bytes).expect("a file");
        let loaded = Network::load(&path, &ModelOptions::default()).expect("a network");
        assert_eq!(loaded.network.layers()[0].bias(), bias);
        let operators = loaded.model.expect("a model").operators.into_iter();
        operators
            .map(|count| count.operator)
            .collect::<Vec<String>>()
    };
    assert_eq!(operators(&[2, 1, 1], &[1.0, 2.0]), ["Conv"]);
    let each = operators(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(each, ["Add", "Conv"]);
}

#[test]
fn what_a_file_cannot_say_is_told() {
    let network = |beside: &str| {
        let text = format!(
            r#"{{ "input": {{ "shape": [1, 1, 2] {beside} }}, "layers": [{{ "type": "sum_pool" }}] }}"#
        );
        let network: Network = text.parse().expect("a network");
        network.to_onnx(Precision::Single).expect("an ONNX file")
    };
    let plain = network("");
    assert_eq!((plain.in_metadata, plain.left_out), (vec![], None));
    assert_eq!(network(r#", "bounds": [0, 1]"#).in_metadata, ["bounds"]);
}
