//! What is said of networks that are graphs: every branch counts, pictures have an order, names stand for levels.

use std::fs;
use std::process::Output;

use crate::refusal::{assert_refused, deeptaylor};
use serde_json::Value;

/// Runs the program on a network of this text.
fn on(network: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), network).expect("the file can be written");
    let arguments = [&arguments[..1], &["net.json"], &arguments[1..]].concat();
    deeptaylor(folder.path(), &arguments)
}

/// What it prints on stdout, each paragraph on one line.
fn printed(network: &str, arguments: &[&str]) -> String {
    let output = on(network, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_ne!(output.status.code(), Some(2), "{stderr}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.replace("\n    ", " ").replace("\n  ", " ")
}

/// A picture of 1 × 2 × 3 under two convolutions that a concatenation puts together.
const CONCAT: &str = r#"{ "input": { "shape": [1, 2, 3], "bounds": [0, 1] }, "layers": [
  { "type": "conv2d", "name": "a", "weights": [[[[1]]], [[[2]]]], "bias": [1, -1], "activation": "relu" },
  { "type": "conv2d", "name": "b", "from": "input", "weights": [[[[1]]]], "activation": "relu" },
  { "type": "concat", "name": "both", "from": ["a", "b"] },
  { "type": "sum_pool" } ], "inputs": [[[[1, 0, 0.5], [0, 1, 0]]]] }"#;

#[test]
fn a_concatenation_has_the_weights_of_all_its_branches() {
    let text = printed(CONCAT, &["inspect"]);
    assert!(!text.contains("without weights"), "{text}");
}

#[test]
fn biases_of_a_convolution_are_counted_one_a_channel() {
    let text = printed(CONCAT, &["inspect"]);
    assert!(text.contains("1 of 2 biases above 0"), "{text}");
}

#[test]
fn a_sample_nested_in_another_order_than_the_input_is_refused() {
    let network = |samples: &str| {
        format!(
            r#"{{ "input": {{ "shape": [3, 2, 2] }}, "layers": [ {{ "type": "sum_pool" }} ]{samples} }}"#
        )
    };
    let said = [
        "expected a sample of 3 × 2 × 2, found 2 × 2 × 3",
        "rows, columns, channels?",
    ];
    let (rows_first, channels_first) = (
        "[[[1, 2, 3], [4, 5, 6]], [[0, 0, 0], [1, 1, 1]]]",
        "[[[1, 4], [0, 1]], [[2, 5], [0, 1]], [[3, 6], [0, 1]]]",
    );
    let own = |sample: &str| network(&format!(r#", "inputs": [{sample}]"#));
    let refused = on(&own(rows_first), &["explain"]);
    assert_refused("the file's own", &refused, &[said[0], said[1], "inputs[0]"]);
    assert_eq!(
        on(&own(channels_first), &["explain"]).status.code(),
        Some(0)
    );
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).expect("the file can be written");
    };
    write("net.json", &network(""));
    for (name, text, is_refused) in [
        ("one.json", rows_first.to_owned(), true),
        ("list.json", format!("[{rows_first}, {rows_first}]"), true),
        ("lines.jsonl", format!("{rows_first}\n"), true),
        ("object.jsonl", format!("{{\"x\": {rows_first}}}\n"), true),
        ("nested.json", channels_first.to_owned(), false),
        (
            "flat.json",
            "[1, 4, 0, 1, 2, 5, 0, 1, 3, 6, 0, 1]".to_owned(),
            false,
        ),
    ] {
        write(name, &text);
        let output = deeptaylor(folder.path(), &["explain", "net.json", "--inputs", name]);
        if is_refused {
            assert_refused(name, &output, &said);
        } else {
            assert_eq!(output.status.code(), Some(0), "{name}");
        }
    }
}

#[test]
fn a_level_that_is_not_there_is_told_with_the_names_that_are() {
    let refused = on(CONCAT, &["explain", "--levels", "bath"]);
    let said = ["names of layers\n  help: did you mean `both`?"];
    assert_refused("a name", &refused, &said);
    let nameless = r#"{ "input": { "shape": [2] }, "layers": [ { "type": "sum_pool" } ], "inputs": [[1, 2]] }"#;
    let refused = on(nameless, &["explain", "--levels", "foo"]);
    let said = ["help: no layer of this network has a name"];
    assert_refused("no names", &refused, &said);
}

/// A picture of three channels under a convolution, a max pool and a concatenation.
fn large() -> String {
    let kernel = [[[1, 2, 1], [0, -1, 0], [1, 0, 2]]; 3];
    let weights = [kernel, kernel, kernel];
    let x: Vec<usize> = (0..3 * 24 * 24).map(|i| i * 7 % 11).collect();
    format!(
        r#"{{ "input": {{ "shape": [3, 24, 24] }}, "layers": [
  {{ "type": "conv2d", "name": "conv", "weights": {weights:?}, "padding": 1, "activation": "relu" }},
  {{ "type": "max_pool2d", "name": "pool", "kernel": 3, "stride": 2 }},
  {{ "type": "concat", "from": ["pool", "conv"] }}, {{ "type": "sum_pool" }} ], "inputs": [{x:?}] }}"#
    )
}

#[test]
fn messages_of_a_large_layer_are_those_of_its_ties_and_sum_to_both_ends() {
    let network = large();
    let json = |arguments: &[&str]| -> Value {
        let arguments = [&["explain", "--format", "json", "--rule", "z+"], arguments].concat();
        let output = on(&network, &arguments);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
    };
    let result = json(&["--edges=all"]);
    let sample = &result["samples"][0];
    let relevance = |level: usize, unit: usize| {
        let relevance = &sample["layers"][level]["relevance"][unit];
        relevance.as_f64().expect("a number")
    };
    let mut listed = Vec::new();
    for step in sample["edges"].as_array().expect("a list") {
        let Some(ties) = step["ties"].as_array() else {
            continue;
        };
        let layer = step["layer"].as_u64().expect("a level") as usize;
        let below = step["from"]
            .as_u64()
            .map_or(layer - 1, |from| from as usize);
        listed.push((layer, below, ties.len()));
        assert_eq!(step["number"], ties.len());
        if layer == 3 {
            // A unit of a concatenation has one source.
            for tie in ties {
                let [i, j] = [0, 1].map(|n| tie[n].as_u64().expect("a unit") as usize);
                let handed = tie[2].as_f64().expect("a number");
                assert!((handed - relevance(layer, j)).abs() < 1e-12, "{i} ← {j}");
            }
        }
    }
    // Taps beyond the border are no ties; a max pool sees its whole window.
    let taps = (24 * 3 - 2) * (24 * 3 - 2);
    let (units, pooled) = (3 * 24 * 24, 3 * 11 * 11);
    assert_eq!(
        listed,
        [
            (3, 2, pooled),
            (3, 1, units),
            (2, 1, pooled * 9),
            (1, 0, 3 * 3 * taps)
        ]
    );
    let conv = sample["edges"].as_array().and_then(|edges| edges.last());
    let mut received = vec![0.0; units];
    for tie in conv.and_then(|step| step["ties"].as_array()).expect("ties") {
        received[tie[0].as_u64().expect("an input") as usize] += tie[2].as_f64().expect("a number");
    }
    for (i, received) in received.into_iter().enumerate() {
        assert!((received - relevance(0, i)).abs() < 1e-9, "input {i}");
    }
    // Where few ties there are, the layer is written without being asked for.
    let narrow = json(&["--edges"]);
    let edges = narrow["samples"][0]["edges"].as_array().expect("a list");
    assert!(
        edges
            .iter()
            .any(|step| step["layer"] == 2 && step["ties"].is_array())
    );
}

#[test]
fn more_messages_than_can_be_written_are_refused_before_any_work() {
    let wide = r#"{ "input": { "shape": [1, 2000, 2000] }, "layers": [
      { "type": "max_pool2d", "kernel": 2, "stride": 1 }, { "type": "sum_pool" } ], "inputs": [] }"#;
    let refused = on(wide, &["explain", "--edges=all", "--sample", "0"]);
    let said = [
        "--edges=all: expected at most 10,000,000 messages",
        "help: --edges alone",
    ];
    assert_refused("too many", &refused, &said);
}
