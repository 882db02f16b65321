//! Golden files: networks with activations and relevances that were computed independently, held to 1e-12.

use std::fs;
use std::path::Path;

use crate::beside::FILE as BESIDE;
use crate::graph::golden::FILES as GRAPHS;
use approx::relative_eq;
use deeptaylor::relevance::RuleBias;
use deeptaylor::{Batch, Explainer, Network, Plan, Rule, Target};
use serde_json::Value;

/// Files, and the number of their cases: one that falls out of the test is noticed.
const FILES: [(&str, usize); 8] = [
    ("all-zero-output", 1),
    ("classes", 9),
    ("detection-pooling", 4),
    ("out-in-order", 2),
    ("rules-dense", 18),
    ("silent-pool", 2),
    ("two-detection-pooling", 4),
    ("unit-without-weights", 2),
];

fn numbers(values: &Value) -> Vec<f64> {
    let values = values.as_array().expect("a list");
    values
        .iter()
        .map(|x| x.as_f64().expect("a number"))
        .collect()
}

/// The values of a level, sample 0.
type Level = fn(&Batch, usize) -> Vec<f64>;

/// A rule as the command line spells it: a name, or a list of its name and parameters.
fn spelt(rule: &Value) -> Rule {
    let text = match rule.as_array() {
        None => rule.as_str().expect("a name").to_owned(),
        Some(list) => {
            let parameters: Vec<String> = list[1..].iter().map(Value::to_string).collect();
            let name = list[0].as_str().expect("a name");
            format!("{name}:{}", parameters.join(","))
        }
    };
    text.parse().expect("a rule")
}

fn check(file: &str, case: &Value, network: &Network) {
    let rule = spelt(&case["rule"]);
    let bias = match case["bias"].as_str() {
        Some("drop") => RuleBias::Drop,
        Some("keep") => RuleBias::Keep,
        other => panic!("{file}: bias {other:?}"),
    };
    let target = match &case["target"] {
        Value::String(text) => Target::parse(text, network).expect("a target"),
        index => Target::Output(usize::try_from(index.as_u64().expect("an index")).expect("small")),
    };
    let input = numbers(&case["input"]);
    let samples = ndarray::Array2::from_shape_vec((1, input.len()), input).expect("a row");
    let plan = Plan::of(network, rule)
        .expect("the rule is defined")
        .with_bias(bias);
    let mut explainer = Explainer::new(&plan);
    let batch = explainer
        .explain(samples.view(), &target)
        .expect("finite values");
    let both: [(&str, Level); 2] = [
        ("activations", |batch, l| {
            batch.activations(l).row(0).to_vec()
        }),
        ("relevance", |batch, l| batch.relevance(l).row(0).to_vec()),
    ];
    for (what, level) in both {
        let expected = case[what].as_array().expect("levels");
        assert_eq!(expected.len(), batch.levels(), "{file}: levels of {what}");
        for (l, expected) in expected.iter().enumerate() {
            let (expected, found) = (numbers(expected), level(&batch, l));
            assert!(
                relative_eq!(
                    found[..],
                    expected[..],
                    epsilon = 1e-12,
                    max_relative = 1e-12
                ),
                "{file}, {rule}, {bias:?}, {what} of level {l}: expected {expected:?}, found {found:?}"
            );
        }
    }
}

#[test]
fn every_golden_file_is_met_to_1e_12() {
    for (file, cases) in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{file}.json"));
        let text = fs::read_to_string(path).expect("the file is there");
        let golden: Value = serde_json::from_str(&text).expect("JSON");
        let network = Network::parse(file, golden["network"].to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{error}"));
        let found = golden["cases"].as_array().expect("cases");
        assert_eq!(found.len(), cases, "cases of {file}");
        for case in found {
            check(file, case, &network);
        }
    }
}

#[test]
fn no_golden_file_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        // Those of pictures and figures are in folders of their own.
        if path.is_dir() {
            continue;
        }
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let beside = (BESIDE, 1);
        let mut tested = FILES.iter().chain(&GRAPHS).chain([&beside]);
        assert!(tested.any(|(file, ..)| *file == name), "{name} is tested");
    }
}
