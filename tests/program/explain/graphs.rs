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

/// What it prints on stdout, on one line.
fn printed(network: &str, arguments: &[&str]) -> String {
    let output = on(network, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_ne!(output.status.code(), Some(2), "{stderr}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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

/// A level or a unit.
fn number(value: &Value) -> usize {
    let number = value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok());
    number.expect("a whole number")
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
        let layer = number(&step["layer"]);
        let below = step.get("from").map_or(layer - 1, number);
        listed.push((layer, below, ties.len()));
        assert_eq!(step["number"], ties.len());
        if layer == 3 {
            // A unit of a concatenation has one source.
            for tie in ties {
                let [i, j] = [0, 1].map(|n| number(&tie[n]));
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
        received[number(&tie[0])] += tie[2].as_f64().expect("a number");
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
    let wide = r#"{ "input": { "shape": [1, 1200, 1200] }, "layers": [
      { "type": "max_pool2d", "kernel": 3, "stride": 1 }, { "type": "sum_pool" } ], "inputs": [] }"#;
    let refused = on(wide, &["explain", "--edges=all", "--sample", "0"]);
    let said = [
        "--edges=all: expected at most 10,000,000 messages",
        "help: --edges alone",
    ];
    assert_refused("too many", &refused, &said);
}

/// Layers on a picture of 2 × 5 × 5.
fn on_picture(layers: &str) -> String {
    format!(r#"{{ "input": {{ "shape": [2, 5, 5] }}, "layers": [{layers}], "inputs": [] }}"#)
}

/// How many faults a refusal tells.
fn faults(output: &Output) -> usize {
    let stderr = String::from_utf8_lossy(&output.stderr);
    stderr.matches("net.json:").count()
}

#[test]
fn one_fault_makes_no_others() {
    let conv = |rest: &str| {
        format!(
            r#"{{ "type": "conv2d", "weights": [[[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]]{rest} }}"#
        )
    };
    let dense = r#"{ "type": "dense", "weights": [[1], [2]] }"#;
    let add = r#"{ "type": "add", "from": ["a", "b"] }"#;
    let sum = |rest: &str| format!(r#"{{ "type": "scale", "weights": [1, 1]{rest} }}"#);
    let (a, b) = (
        sum(r#", "name": "a""#),
        sum(r#", "name": "b", "from": "input""#),
    );
    for (what, layers, path) in [
        (
            "a padding",
            [conv(r#", "padding": "same""#), dense.to_owned()].join(","),
            "padding",
        ),
        (
            "a stride",
            [conv(r#", "stride": "2""#), dense.to_owned()].join(","),
            "stride",
        ),
        (
            "a key",
            [conv(r#", "paddding": 1"#), dense.to_owned()].join(","),
            "paddding",
        ),
        (
            "a type",
            [r#"{ "type": "scall", "name": "a" }"#, &b, add].join(","),
            "type",
        ),
        (
            "no type",
            [r#"{ "name": "a" }"#, &b, add].join(","),
            "layers[0]",
        ),
        (
            "a name",
            [&sum(r#", "name": 5"#)[..], &b, add].join(","),
            "name",
        ),
        (
            "no name",
            [&sum(r#", "nmae": "a""#)[..], &b, add].join(","),
            "nmae",
        ),
        (
            "no sources",
            [&a[..], &b, r#"{ "type": "add", "from": [] }"#].join(","),
            "from",
        ),
        (
            "one source",
            [&a[..], &b, r#"{ "type": "add", "from": ["a"] }"#].join(","),
            "from",
        ),
        (
            "sources of a wrong type",
            [&a[..], &b, r#"{ "type": "add", "from": 3 }"#].join(","),
            "from",
        ),
    ] {
        let refused = on(&on_picture(&layers), &["explain"]);
        assert_refused(what, &refused, &[path]);
        let stderr = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(faults(&refused), 1, "{what}: {stderr}");
    }
}

#[test]
fn a_padding_in_words_is_told_with_the_number_to_write() {
    let conv = |weights: &str, rest: &str| {
        format!(r#"{{ "type": "conv2d", "weights": {weights}, {rest} }}"#)
    };
    let three = "[[[[1, 1, 1], [1, 1, 1], [1, 1, 1]], [[1, 1, 1], [1, 1, 1], [1, 1, 1]]]]";
    let even = "[[[[1, 1], [1, 1]], [[1, 1], [1, 1]]]]";
    let same = r#""padding": "same""#;
    for (layer, said) in [
        (
            conv(three, same),
            "for this kernel of 3 × 3 write \"padding\": 1",
        ),
        (
            conv(three, &format!(r#"{same}, "dilation": 2"#)),
            "write \"padding\": 2",
        ),
        (conv(even, same), "write \"padding\": [0, 0, 1, 1]"),
        (
            conv(three, &format!(r#"{same}, "stride": 2"#)),
            "\"same\" adds max(0, ",
        ),
        (conv(three, r#""padding": "VALID""#), "leave `padding` out"),
        (
            conv(three, r#""padding": "1""#),
            "a number has no quotes: 1",
        ),
        (conv(three, r#""stride": "2""#), "a number has no quotes: 2"),
        (
            r#"{ "type": "max_pool2d", "kernel": 3, "stride": 1, "padding": "same" }"#.to_owned(),
            "write \"padding\": 1",
        ),
        (
            r#"{ "type": "max_pool2d", "kernel": 3, "padding": "same" }"#.to_owned(),
            "\"same\" adds max(0, ",
        ),
    ] {
        let refused = on(&on_picture(&layer), &["explain"]);
        assert_refused(&layer, &refused, &[said]);
    }
}

#[test]
fn weights_of_a_convolution_that_do_not_fit_are_told_with_what_they_may_be() {
    let nest = |shape: [usize; 4]| {
        let [out, each, rows, columns] = shape;
        format!("{:?}", vec![vec![vec![vec![1; columns]; rows]; each]; out])
    };
    let refused = |input: &str, shape: [usize; 4]| {
        let weights = nest(shape);
        let layer = format!(r#"{{ "type": "conv2d", "weights": {weights} }}"#);
        on(
            &format!(r#"{{ "input": {{ "shape": {input} }}, "layers": [{layer}] }}"#),
            &["inspect"],
        )
    };
    for (input, shape, said) in [
        (
            "[2, 5, 5]",
            [3, 3, 2, 4],
            vec![
                "weights: expected weights[out][2][row][column] for a picture of 2 × 5 × 5, found 3 × 3 × 2 × 4",
                "TensorFlow and Keras",
            ],
        ),
        (
            "[4, 5, 5]",
            [4, 2, 3, 3],
            vec!["these weights fit with \"groups\": 2"],
        ),
        (
            "[28, 28, 1]",
            [3, 1, 5, 5],
            vec![
                "for a picture of 28 × 28 × 1",
                "`input.shape` is [channels, height, width]: [1, 28, 28]",
            ],
        ),
    ] {
        assert_refused(input, &refused(input, shape), &said);
    }
}

/// A convolution, a second one on what it makes, the sum of both, and their pool; every level under a name but the last.
const SIGNED: &str = r#"{ "input": { "shape": [1, 2, 2], "bounds": [0, 1] }, "layers": [
  { "type": "conv2d", "name": "stem", "weights": [[[[1]]]], "activation": "relu" },
  { "type": "conv2d", "name": "deep", "weights": [[[[2]]]] },
  { "type": "add", "name": "both", "from": ["stem", "deep"] },
  { "type": "sum_pool" } ], "inputs": [[1, 0, 0.5, 1]] }"#;

#[test]
fn a_rule_that_needs_bounds_is_refused_where_values_have_none() {
    for layer in ["2=zB", "deep=zB"] {
        let refused = on(SIGNED, &["explain", "--layer-rule", layer]);
        let said = [
            "layer 2: the zB rule needs bounds of what it reads, and layer 1 has none",
            "help: use --layer-rule 2=z+ (or w2)",
        ];
        assert_refused(layer, &refused, &said);
    }
    let first = on(SIGNED, &["explain", "--layer-rule", "stem=zB"]);
    assert_eq!(first.status.code(), Some(0));
}

#[test]
fn bounds_that_a_pool_hands_on_are_those_of_the_layer_above() {
    // A pool of two values in [0, 1] lies in [0, 2]; f = 3 of it, and z = 1 · 3 − 0.
    let network = r#"{ "input": { "shape": [2], "bounds": [-1, 1] }, "layers": [
      { "type": "sum_pool" },
      { "type": "dense", "weights": [[1, -1]], "activation": "relu" },
      { "type": "sum_pool" } ], "inputs": [[1, -0.5]] }"#;
    let output = on(
        network,
        &["taylor", "--layer-rule", "2=zB", "--format", "json"],
    );
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let units = result["units"].as_array().expect("units").iter();
    // Unit 0 of layer 2: v = x − l = 0.5 + 2.
    let unit = units
        .filter(|unit| unit["layer"] == 2)
        .find(|unit| unit["unit"] == 0);
    assert_eq!(unit.expect("it fires")["direction"][0], 2.5);
}

#[test]
fn an_addition_that_gets_another_rule_than_was_asked_for_is_told() {
    let output = on(
        SIGNED,
        &["explain", "--layer-rule", "both=zB", "--format", "json"],
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains(
            "note: --layer-rule 3=zB: layer 3 is an addition, which has no bounds; z+ is used"
        ),
        "{stderr}"
    );
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(result["network"]["layers"][3]["rule"], "z+");
}

#[test]
fn a_layer_is_chosen_by_its_name() {
    let rule = |layer: &str| {
        let output = on(
            SIGNED,
            &["explain", "--layer-rule", layer, "--format", "json"],
        );
        let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        result["network"]["layers"][1]["rule"].clone()
    };
    assert_eq!(
        [rule("stem=flat"), rule("1=flat"), rule("deep=flat")],
        ["flat", "flat", "w2"]
    );
    let text = printed(SIGNED, &["taylor", "--layer", "deep"]);
    assert!(text.contains("layer 2 (deep), conv2d"), "{text}");
    assert!(!text.contains("layer 1 (stem), conv2d"), "{text}");
    for arguments in [
        ["explain", "--layer-rule", "steam=w2"],
        ["taylor", "--layer", "steam"],
    ] {
        let said = [
            "expected a whole number from 1 to 4, or the name of a layer",
            "help: did you mean `stem`?",
        ];
        assert_refused(arguments[1], &on(SIGNED, &arguments), &said);
    }
}

/// Two pools of one picture, of several sizes, put together.
fn two_sizes(rest: &str) -> String {
    on_picture(&format!(
        r#"{{ "type": "sum_pool2d", "name": "a", "kernel": 2, "stride": 1 }},
  {{ "type": "sum_pool2d", "name": "b", "from": "input", "kernel": 3, "stride": 1 }},
  {{ "type": "concat", "name": "both", "from": ["a", "b"] }}{rest}"#
    ))
}

#[test]
fn a_concatenation_of_several_sizes_is_told_where_it_stands_and_where_it_is_read() {
    let text = printed(&two_sizes(r#", { "type": "sum_pool" }"#), &["inspect"]);
    let note = "Layer 3 (`both`): puts pictures of several sizes together (2 × 4 × 4 and 2 × 3 × 3) and is a plain list of 50 values";
    assert!(text.contains(note), "{text}");
    let pool = r#", { "type": "max_pool2d", "kernel": 2 }"#;
    let said =
        ["found one of 50 values (both): a concatenation of pictures of 2 × 4 × 4 and 2 × 3 × 3"];
    assert_refused("a pool", &on(&two_sizes(pool), &["inspect"]), &said);
}

#[test]
fn a_level_that_does_not_fit_is_named_with_its_shape() {
    let pool = r#"{ "type": "sum_pool2d", "name": "pool", "kernel": 2 }, { "type": "dense", "weights": [[1], [1]] }"#;
    let said = [
        "expected 8 rows, one for each unit of the level below (pool, 2 × 2 × 2), found 2 rows of 1",
    ];
    assert_refused("dense", &on(&on_picture(pool), &["inspect"]), &said);
    let add = r#"{ "type": "sum_pool2d", "name": "pool", "kernel": 2 }, { "type": "add", "from": ["input", "pool"] }"#;
    let said = [
        "layers[1].from[1]: expected levels of one shape, as from[0] of 2 × 5 × 5, found 2 × 2 × 2",
    ];
    assert_refused("add", &on(&on_picture(add), &["inspect"]), &said);
}

#[test]
fn sentences_of_a_graph_speak_of_cuts_and_of_units() {
    let text = printed(CONCAT, &["explain"]);
    assert!(text.contains("largest |ΣR − f(x)| of a cut"), "{text}");
    assert!(text.contains("18 units of a concatenation"), "{text}");
    assert!(!text.contains("although"), "{text}");
}

#[test]
fn a_network_that_layers_cannot_spell_is_called_by_its_name() {
    let named = CONCAT.replacen('{', r#"{ "name": "branched","#, 1);
    let output = on(
        &named,
        &[
            "compare",
            "--schemes",
            "he-normal",
            "--seeds",
            "1",
            "--format",
            "json",
        ],
    );
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(result["layers"], "branched");
}

#[test]
fn a_file_of_another_kind_in_the_place_of_tensors_is_told_with_what_writes_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let network = r#"{ "input": { "shape": [1] }, "layers": [
      { "type": "dense", "weights": { "file": "net.pt", "tensor": "w" } } ] }"#;
    fs::write(folder.path().join("net.json"), network).expect("the file can be written");
    fs::write(folder.path().join("net.pt"), b"PK\x03\x04 and more of it").expect("it can");
    let refused = deeptaylor(folder.path(), &["inspect", "net.json"]);
    assert_refused(
        "net.pt",
        &refused,
        &[
            "is no whole safetensors file",
            "safetensors.torch.save_file(",
        ],
    );
}

#[test]
fn a_network_for_other_images_is_refused_by_its_inputs_first() {
    let other = r#"{ "input": { "shape": [1, 3, 1] }, "layers": [ { "type": "sum_pool" } ] }"#;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), other).expect("the file can be written");
    let refused = deeptaylor(
        folder.path(),
        &["train", "--network", "net.json", "--steps", "0"],
    );
    let said =
        ["--network: the network has 3 inputs (1 × 3 × 1), the images have 784 pixels (28 × 28)"];
    assert_refused("three inputs", &refused, &said);
}

#[test]
fn a_report_can_be_asked_for_its_exit_status_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let result = on(CONCAT, &["explain", "--format", "json"]);
    fs::write(folder.path().join("result.json"), &result.stdout).expect("it can");
    let output = deeptaylor(folder.path(), &["report", "-q", "result.json"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
}

#[test]
fn an_ending_of_a_format_that_is_not_made_is_refused() {
    for ending in ["png", "svg", "xlsx", "npy"] {
        let file = format!("result.{ending}");
        let refused = on(CONCAT, &["explain", "-o", &file]);
        assert_refused(ending, &refused, &[&format!("the ending says {ending}")]);
    }
}
