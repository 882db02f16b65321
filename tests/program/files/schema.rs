//! The printed schemas, held against the files that go in and the results that come out; and against wrong ones,
//! so that the check can fail.

use std::fs;
use std::path::Path;

use crate::program::{json, run};
use crate::result::{NETWORKS, printed};
use jsonschema::Validator;
use serde_json::{Value, json};

fn schema(what: &str) -> Validator {
    let schema: Value = serde_json::from_str(&printed(&["schema", what])).expect("JSON");
    jsonschema::meta::validate(&schema).expect("a JSON Schema");
    jsonschema::validator_for(&schema).expect("a JSON Schema")
}

fn read(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).expect("a file")).expect("JSON")
}

/// That a result without the key at this place is none.
fn assert_needed(schema: &Validator, result: &Value, place: &str) {
    let mut without = result.clone();
    let (parent, key) = place.rsplit_once('/').expect("a pointer");
    let parent = without.pointer_mut(parent).and_then(Value::as_object_mut);
    assert!(parent.expect("an object").remove(key).is_some(), "{place}");
    assert!(!schema.is_valid(&without), "without {place}");
}

fn assert_valid(schema: &Validator, value: &Value, what: &str) {
    if let Err(error) = schema.validate(value) {
        panic!("{what}: {error} at {}", error.instance_path());
    }
}

#[test]
fn a_training_is_what_its_schema_says() {
    let schema = schema("training");
    let arguments = [
        "train",
        "--layers",
        "784,8,10",
        "--steps",
        "0,2",
        "--digits",
        "0,1",
        "--explain",
        "4",
    ];
    let training = json(&arguments);
    assert_valid(&schema, &training, "a training");
    let mut wrong = training;
    wrong["steps"][0]["rules"][0]["ink_share"] = json!("much");
    assert!(!schema.is_valid(&wrong));
}

/// A network file that uses every key.
fn full_network() -> Value {
    json!({
        "$schema": "network.schema.json", "name": "n", "description": "d",
        "input": { "shape": [1, 1, 2], "names": ["a", "b"], "bounds": [[-1, 0], [1, 2]] },
        "layers": [
            { "type": "dense", "weights": [[1, 2], [3, 4]], "weights_order": "out_in", "bias": [0, 1], "activation": "ReLU" },
            { "type": "sum_pool", "size": 2, "name": "one" },
            { "type": "conv2d", "name": "c", "from": "input", "weights": [[[[1]]]], "bias": [0], "stride": 1, "padding": [0, 0, 0, 0], "dilation": [1, 1], "groups": 1, "activation": "relu6" },
            { "type": "sum_pool2d", "kernel": 1, "stride": [1, 1], "padding": 0, "name": "s" },
            { "type": "avg_pool2d", "kernel": [1, 1], "padding": [0, 0], "count_padding": true, "dilation": 1 },
            { "type": "max_pool2d", "kernel": 1, "name": "m" },
            { "type": "add", "from": ["m", "c", "s"], "activation": "relu" },
            { "type": "scale", "weights": [2], "bias": [0, 1] },
            { "type": "gather", "indices": [1, null], "shape": [2, 1, 1], "name": "g" },
            { "type": "gather", "from": "input", "indices": [0], "name": "h" },
            { "type": "dense", "from": "g", "weights": [[1], [1]], "name": "d" },
            { "type": "concat", "from": ["h", "d"] },
            { "type": "sum_pool", "name": "p" },
            { "type": "add", "from": ["p", "one"] }
        ],
        "outputs": ["y"],
        "inputs": [[1, 2], [[[1, 2]]]]
    })
}

#[test]
fn every_network_file_is_what_its_schema_says() {
    let schema = schema("network");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (network, ..) in NETWORKS {
        let file = root.join(format!("networks/{network}.json"));
        assert_valid(&schema, &read(&file), network);
    }
    for entry in fs::read_dir(root.join("tests/golden")).expect("a folder") {
        let file = entry.expect("an entry").path();
        // Pictures lie there, too, and what other packages give is of networks in examples/.
        let is_json = file.extension().is_some_and(|end| end == "json");
        if !is_json || file.ends_with("beside.json") {
            continue;
        }
        assert_valid(&schema, &read(&file)["network"], &file.to_string_lossy());
    }
    assert_valid(&schema, &full_network(), "a network with every key");
}

#[test]
fn the_program_and_the_schema_refuse_the_same_files() {
    let schema = schema("network");
    let faults: [(&str, &str, Value); 24] = [
        ("a key", "/nmae", json!("n")),
        ("a key of the input", "/input/bonds", json!([0, 1])),
        ("a key of a layer", "/layers/0/wieghts", json!([[1]])),
        ("a type", "/layers/0/type", json!("sumpool")),
        ("an activation", "/layers/0/activation", json!("tanh")),
        ("an order", "/layers/0/weights_order", json!("in")),
        ("a shape", "/input/shape", json!([0])),
        ("text for weights", "/layers/0/weights", json!("w")),
        ("no layers", "/layers", json!([])),
        ("a size of a dense layer", "/layers/0/size", json!(2)),
        ("weights of a pool", "/layers/1/weights", json!([[1]])),
        ("a list for a layer", "/layers/1", json!(["sum_pool"])),
        ("a number for a level", "/layers/6/from", json!(2)),
        ("an addition of nothing", "/layers/6/from", json!([])),
        ("an addition of one level", "/layers/6/from", json!(["c"])),
        ("a key of an addition", "/layers/6/weights", json!([1])),
        ("an empty name", "/layers/5/name", json!("")),
        ("three strides", "/layers/2/stride", json!([1, 1, 1])),
        ("a list of one", "/layers/2/stride", json!([1])),
        ("three paddings", "/layers/2/padding", json!([0, 0, 0])),
        ("a stride of 0", "/layers/2/stride", json!(0)),
        ("flat kernels", "/layers/2/weights", json!([1])),
        ("a word for an index", "/layers/8/indices", json!(["a"])),
        (
            "a tensor of a number",
            "/layers/2/weights",
            json!({ "file": "f", "tensor": 1 }),
        ),
    ];
    let refused = |network: &Value| {
        let read = deeptaylor::Network::parse("n", network.to_string().as_bytes());
        (schema.is_valid(network), read.is_ok())
    };
    assert_eq!(refused(&full_network()), (true, true));
    for (what, place, value) in faults {
        let mut network = full_network();
        let (parent, key) = place.rsplit_once('/').expect("a pointer");
        match network.pointer_mut(parent).expect("it is there") {
            Value::Array(list) => list[key.parse::<usize>().expect("an index")] = value,
            parent => parent[key] = value,
        }
        assert_eq!(refused(&network), (false, false), "{what}");
    }
    for key in ["input", "layers"] {
        let mut network = full_network();
        network.as_object_mut().expect("an object").remove(key);
        assert_eq!(refused(&network), (false, false), "without {key}");
    }
}

#[test]
fn every_result_is_what_its_schema_says() {
    let schema = schema("explanation");
    for (network, ..) in NETWORKS {
        let file = format!("networks/{network}.json");
        for rule in ["w2", "flat", "z+", "deep-taylor"] {
            for target in ["max", "all", "0"] {
                let result = json(&["explain", &file, "--rule", rule, "--target", target]);
                assert_valid(&schema, &result, &format!("{network}, {rule}, {target}"));
            }
        }
    }
    for file in ["with-label.csv", "with-index.csv"] {
        let samples = ["--inputs", &format!("tests/cases/{file}")];
        let mut result = json(&[&["explain"][..], &samples].concat());
        assert_valid(&schema, &result, file);
        let exact = json(&[&["explain", "--exact"][..], &samples].concat());
        assert_valid(&self::schema("exact-explanation"), &exact, file);
        result["samples"][0]["id"] = json!([7]);
        assert!(!schema.is_valid(&result), "a list is no name");
    }
}

#[test]
fn every_schema_says_what_it_is() {
    let help = printed(&["schema", "--help"]);
    let schemas = [
        "network",
        "explanation",
        "exact-explanation",
        "line",
        "exact-line",
        "inspection",
        "taylor",
        "taylor-function",
        "comparison",
        "training",
        "evaluation",
        "difference",
    ];
    for what in schemas {
        assert!(help.contains(&format!("- {what}: ")), "{help}");
        let schema: Value = serde_json::from_str(&printed(&["schema", what])).expect("JSON");
        assert_eq!(schema["$id"], format!("urn:deeptaylor:schema:{what}"));
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
    }
}

#[test]
fn every_line_and_every_inspection_is_what_its_schema_says() {
    let (line, exact_line) = (schema("line"), schema("exact-line"));
    let inspection = schema("inspection");
    for (network, _, samples) in NETWORKS {
        let file = format!("networks/{network}.json");
        assert_valid(&inspection, &json(&["inspect", &file]), network);
        for (schema, options) in [
            (&line, &[][..]),
            (&line, &["--edges", "--expansion", "--target", "all"]),
            (&exact_line, &["--exact"]),
        ] {
            let arguments = [&["explain", &file, "--format", "jsonl"][..], options].concat();
            let lines = String::from_utf8(run(&arguments).stdout).expect("UTF-8");
            assert_eq!(lines.lines().count(), samples, "{network}");
            for text in lines.lines() {
                let mut value: Value = serde_json::from_str(text).expect("JSON");
                assert_valid(schema, &value, network);
                value["layers"] = json!("none");
                assert!(!schema.is_valid(&value), "{network}");
            }
        }
    }
    let mut wrong = json(&["inspect", "networks/xor.json"]);
    wrong["layers"][0]["units"] = json!("two");
    assert!(!inspection.is_valid(&wrong));
}

#[test]
fn every_expansion_and_every_exact_result_is_what_its_schema_says() {
    let (taylor, function, exact) = (
        schema("taylor"),
        schema("taylor-function"),
        schema("exact-explanation"),
    );
    let explanation = schema("explanation");
    for (network, ..) in NETWORKS {
        let file = format!("networks/{network}.json");
        for exactly in [&[][..], &["--exact"]] {
            let result = json(&[&["taylor", &file][..], exactly].concat());
            assert_valid(&taylor, &result, network);
            let result = json(&[&["taylor", &file, "--at", "nearest"][..], exactly].concat());
            assert_valid(&function, &result, network);
            assert!(!taylor.is_valid(&result), "it is another kind");
        }
        assert_valid(&exact, &json(&["explain", &file, "--exact"]), network);
        let expanded = json(&["explain", &file, "--expansion"]);
        assert_valid(&explanation, &expanded, network);
        assert!(!exact.is_valid(&expanded), "it has no `exact`");
    }
}

#[test]
fn every_comparison_is_what_its_schema_says_and_without_a_key_it_is_not() {
    let schema = schema("comparison");
    for arguments in [
        vec!["compare", "--seeds", "3"],
        vec![
            "compare",
            "--seeds",
            "1",
            "--schemes",
            "zeros",
            "--rule",
            "z+",
            "--bias",
            "1",
        ],
        vec![
            "compare",
            "--seeds",
            "2",
            "--with",
            "networks/figure-4.json",
        ],
    ] {
        let result = json(&arguments);
        assert_valid(&schema, &result, &arguments.join(" "));
        for place in [
            "/kind",
            "/layers",
            "/inputs/units",
            "/schemes/0/scheme",
            "/schemes/0/runs",
            "/schemes/0/conservation/holds",
            "/schemes/0/positivity/least",
            "/checks/conservation/holds",
            "/interpretation",
        ] {
            assert_needed(&schema, &result, place);
        }
    }
}

#[test]
fn every_evaluation_is_what_its_schema_says_and_without_a_key_it_is_not() {
    let schema = schema("evaluation");
    for arguments in [
        &["evaluate"][..],
        &["evaluate", "networks/two-stage.json", "--no-time"],
        &["evaluate", "networks/two-stage.json", "--input", "0,0,0,0"],
    ] {
        let result = json(arguments);
        assert_valid(&schema, &result, &arguments.join(" "));
        for place in [
            "/kind",
            "/inputs/samples",
            "/noise/size",
            "/randomisation/layers",
            "/rules/0/rule",
            "/rules/0/conservation/holds",
            "/rules/0/agreements",
            "/rules/0/randomised/0/compared",
            "/checks/conservation/holds",
            "/interpretation",
        ] {
            assert_needed(&schema, &result, place);
        }
    }
}

#[test]
fn every_difference_is_what_its_schema_says_and_without_a_key_it_is_not() {
    let schema = schema("difference");
    for arguments in [
        &["diff", "networks/lines.json", "--rule", "w2,z+"][..],
        &["diff", "networks/xor.json", "--rule", "w2,flat"],
    ] {
        let result = json(arguments);
        assert_valid(&schema, &result, &arguments.join(" "));
        for place in [
            "/kind",
            "/a/rule",
            "/b/source",
            "/inputs/shape",
            "/samples/0/difference",
            "/samples/0/a/withheld",
            "/summary/samples",
            "/interpretation",
        ] {
            assert_needed(&schema, &result, place);
        }
    }
}

#[test]
fn a_result_without_one_of_its_keys_or_with_a_word_for_a_number_is_refused() {
    let schema = schema("explanation");
    let whole = json(&["explain", "networks/lost-relevance.json"]);
    assert_valid(&schema, &whole, "the whole");
    // The keys that others rely on, at their places.
    for place in [
        "/kind",
        "/network",
        "/network/name",
        "/network/layers",
        "/network/layers/0/type",
        "/network/layers/0/units",
        "/samples",
        "/samples/0/target",
        "/samples/0/target/name",
        "/samples/0/target/value",
        "/samples/0/layers",
        "/samples/0/layers/0/activations",
        "/samples/0/layers/0/relevance",
        "/samples/0/layers/0/sum",
        "/samples/0/layers/0/gap",
        "/samples/0/layers/0/least",
        "/samples/0/checks",
        "/samples/0/checks/conservation",
        "/samples/0/checks/conservation/holds",
        "/samples/0/checks/conservation/worst_gap",
        "/samples/0/checks/positivity/holds",
        "/samples/0/checks/positivity/least",
        "/samples/0/lost",
        "/samples/0/lost/0/layer",
        "/samples/0/lost/0/unit",
        "/samples/0/lost/0/relevance",
        "/samples/0/lost/0/cause",
        "/samples/0/silent",
        "/samples/0/interpretation",
        "/checks",
        "/checks/conservation/holds",
        "/checks/positivity/least",
    ] {
        assert_needed(&schema, &whole, place);
        let mut wrong = whole.clone();
        *wrong.pointer_mut(place).expect("it is there") = json!({ "wrong": true });
        assert!(!schema.is_valid(&wrong), "something else at {place}");
    }
    for place in ["/network/layers/0/rule", "/samples/0/target/index"] {
        assert!(
            whole.pointer(place).is_some(),
            "{place} is there, possibly null"
        );
    }
    let silent = json(&["explain", "networks/silent-pool.json"]);
    for key in ["layer", "units", "relevance"] {
        assert!(
            silent["samples"][0]["silent"][0].get(key).is_some(),
            "silent has {key}"
        );
    }
}
