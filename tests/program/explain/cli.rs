//! The command line as its users meet it: networks, samples, targets, rules and exit statuses.

use std::fs;
use std::path::Path;

use crate::program::{json, run};
use crate::result::{NETWORKS, figures, printed};
use serde_json::Value;

#[test]
fn without_arguments_it_explains_figure_4_and_says_what_to_try_next() {
    let (bare, explained) = (
        printed(&[]),
        printed(&["explain", "networks/figure-4.json"]),
    );
    let next = bare
        .strip_prefix(&explained)
        .expect("it begins as explain does");
    assert!(next.starts_with("\nnext  deeptaylor explain "), "{next}");
    assert!(
        bare.lines().all(|line| line.chars().count() <= 80),
        "80 columns hold it"
    );
}

#[test]
fn every_network_runs_in_every_format_with_its_exit_status() {
    for (network, status, samples) in NETWORKS {
        let file = format!("networks/{network}.json");
        for format in ["text", "json", "jsonl", "csv"] {
            let output = run(&["explain", &file, "--format", format]);
            assert_eq!(output.status.code(), Some(status), "{network} as {format}");
            assert!(output.stderr.is_empty() && !output.stdout.is_empty());
        }
        let result = json(&["explain", &file]);
        assert_eq!(
            result["samples"].as_array().map(Vec::len),
            Some(samples),
            "{network}"
        );
        let description = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file));
        assert!(
            description.expect("a file").contains("\"description\": "),
            "{network}"
        );
        printed(&["inspect", &file]);
    }
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("networks"));
    assert_eq!(
        folder.expect("a folder").count(),
        NETWORKS.len() + 2,
        "no network is left out; mnist-32 and mnist-conv, too large for exact fractions, are tested in train.rs"
    );
}

#[test]
fn the_lost_relevance_is_told_by_layer_unit_amount_and_cause() {
    let result = json(&["explain", "networks/lost-relevance.json"]);
    let sample = &result["samples"][0];
    let lost = &sample["lost"];
    assert_eq!(lost.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&lost[0]["layer"], &lost[0]["unit"]),
        (&Value::from(1), &Value::from(1))
    );
    assert_eq!(lost[0]["relevance"], 0.5);
    assert!(
        lost[0]["cause"]
            .as_str()
            .is_some_and(|cause| cause.contains("all its weights are 0"))
    );
    assert_eq!(sample["layers"][0]["gap"], 0.5);
    assert_eq!(result["checks"]["conservation"]["holds"], false);
    assert_eq!(result["checks"]["positivity"]["holds"], true);
}

#[test]
fn the_silent_pool_is_told_by_level_count_and_amount() {
    let sample = &json(&["explain", "networks/silent-pool.json"])["samples"][0];
    let silent = sample["silent"].as_array().expect("a list");
    let places: Vec<_> = silent
        .iter()
        .map(|s| (s["layer"].as_u64(), s["units"].as_u64()))
        .collect();
    assert_eq!(places, [(Some(1), Some(2)), (Some(2), Some(1))]);
    assert_eq!(silent[0]["relevance"], silent[1]["relevance"]);
    assert_eq!(sample["checks"]["conservation"]["holds"], true);
}

#[test]
fn the_target_is_the_largest_output_all_of_them_one_by_index_or_one_by_name() {
    let explain = |target: &str| {
        json(&[
            "explain",
            "networks/lines.json",
            "--input",
            "0,0,0,1,1,1,0,0,0",
            "--target",
            target,
        ])["samples"][0]["target"]
            .clone()
    };
    let names: Vec<Value> = ["0", "1", "2"]
        .map(|index| explain(index)["name"].clone())
        .to_vec();
    let max = explain("max");
    for (index, name) in names.iter().enumerate() {
        let name = name.as_str().expect("a name");
        assert_eq!(explain(name), explain(&index.to_string()));
        assert!(explain(name)["value"].as_f64() <= max["value"].as_f64());
    }
    let all = explain("all");
    assert_eq!(all["index"], Value::Null);
    let sum: f64 = names
        .iter()
        .filter_map(|name| explain(name.as_str()?)["value"].as_f64())
        .sum();
    assert_eq!(all["value"].as_f64(), Some(sum));
}

#[test]
fn a_layers_own_rule_is_used_there_and_named() {
    let result = json(&[
        "explain",
        "networks/two-stage.json",
        "--rule",
        "flat",
        "--layer-rule",
        "1=zB",
        "--layer-rule",
        "3=Z+",
    ]);
    let layers = result["network"]["layers"].as_array().expect("levels");
    let rules: Vec<_> = layers.iter().map(|layer| layer["rule"].as_str()).collect();
    assert_eq!(
        rules,
        [
            None,
            Some("zB"),
            Some("proportional"),
            Some("z+"),
            Some("proportional")
        ]
    );
}

#[test]
fn wide_layers_are_cut_in_text_with_the_rest_counted_and_summed_and_nowhere_else() {
    let arguments = [
        "explain",
        "networks/lines.json",
        "--input",
        "0,0,0,1,1,1,0,0,0",
        "--rule",
        "deep-taylor",
    ];
    let cut = run(&[&arguments[..], &["--top", "2"]].concat()).stdout;
    let cut = String::from_utf8(cut).expect("UTF-8");
    // Three pixels carry 4/9 each and six 1/9: two are shown, 10/9 of 2 is left.
    assert!(
        cut.contains("and 7 more units with 1.111 (56 %) together"),
        "{cut}"
    );
    let whole = figures(&[&arguments[..], &["--top", "2"]].concat());
    assert_eq!(whole, figures(&arguments));
    assert!(!printed(&arguments).contains("more unit"));
}

#[test]
fn the_tolerance_decides_the_exit_status() {
    let explain = |tolerance| {
        run(&[
            "explain",
            "networks/lost-relevance.json",
            "--tolerance",
            tolerance,
        ])
    };
    // 0.5 of the 0.9 that are explained is lost.
    assert_eq!(explain("0.55").status.code(), Some(1));
    assert_eq!(explain("0.56").status.code(), Some(0));
}

#[test]
fn inspect_tells_what_does_not_fit_the_theory() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    let text = r#"{ "input": { "shape": [2] }, "layers": [
        { "type": "dense", "weights": [[1, 0, -1], [2, 0, 1]], "bias": [0.25, 1.5, -1], "activation": "relu" },
        { "type": "dense", "weights": [[1], [1], [-1]] } ] }"#;
    fs::write(&file, text).expect("the file can be written");
    let file = file.to_str().expect("UTF-8");
    let found: Value =
        serde_json::from_str(&printed(&["inspect", file, "--format", "json"])).expect("JSON");
    assert_eq!(found["layers"][1]["biases_above_0"], 2);
    assert_eq!(found["layers"][1]["largest_bias"], 1.5);
    assert_eq!(
        found["layers"][1]["without_weights"],
        serde_json::json!([1])
    );
    assert_eq!(found["output_can_be_negative"], true);
    assert_eq!(
        (&found["parameters"], &found["memory_bytes"]),
        (&Value::from(12), &Value::from(96))
    );
    let text = printed(&["inspect", file]).replace("\n    ", " ");
    for said in [
        "2 of 3 biases above 0, the largest 1.5",
        "1 of 3 units without weights (1)",
        "The output can be negative",
        "12 parameters in 96 bytes",
    ] {
        assert!(text.contains(said), "`{said}` in\n{text}");
    }
    // What it foretells comes true.
    let explained = json(&["explain", file, "--input", "1,1"]);
    assert_eq!(explained["samples"][0]["lost"][0]["unit"], 1);
    assert!(printed(&["inspect", "networks/lines.json"]).contains("Every bias is ≤ 0"));
}

#[test]
fn biases_above_0_of_several_layers_are_told_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    let text = r#"{ "input": { "shape": [1] }, "layers": [
        { "type": "dense", "weights": [[1, 1]], "bias": [1, 0.5], "activation": "relu" },
        { "type": "dense", "name": "b", "weights": [[1], [1]], "bias": [2], "activation": "relu" },
        { "type": "dense", "weights": [[1, 1]], "bias": [-1, 0], "activation": "relu" } ] }"#;
    fs::write(&file, text).expect("the file can be written");
    let file = file.to_str().expect("UTF-8");
    let notes = json(&["inspect", file])["notes"].clone();
    let said = "In 2 layers, 3 of 3 biases are above 0; the largest, 2, is in layer 2 (`b`).";
    let notes = notes.as_array().expect("a list");
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].as_str().expect("a text").starts_with(said),
        "{notes:?}"
    );
}

#[test]
fn inspect_foretells_what_pools_over_negative_values_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    let text = r#"{ "input": { "shape": [4], "bounds": [1, 2] }, "layers": [
        { "type": "sum_pool", "size": 2 },
        { "type": "dense", "weights": [[1], [1]], "activation": "relu" } ] }"#;
    let inspected = |text: &str| {
        fs::write(&file, text).expect("the file can be written");
        printed(&["inspect", file.to_str().expect("UTF-8")]).replace("\n    ", " ")
    };
    let within = inspected(text);
    assert!(
        !within.contains("pools values that can be negative"),
        "{within}"
    );
    // What a first layer reads through a scale has moved bounds.
    let scaled = inspected(
        r#"{ "input": { "shape": [2], "bounds": [1, 2] }, "layers": [
            { "type": "scale", "weights": [2, 2] },
            { "type": "dense", "weights": [[1], [1]], "activation": "relu" } ] }"#,
    );
    let told = "The bounds of the inputs cannot be used: layer 2: the zB rule needs bounds with l ≤ 0 ≤ h, found [2, 4]";
    assert!(scaled.contains(told), "{scaled}");
    let signed = inspected(&text.replace(r#", "bounds": [1, 2]"#, ""));
    assert!(
        signed.contains("Layer 1: pools values that can be negative"),
        "{signed}"
    );
    // w² gives half of f = 3 to a pool of (1, -1), which cannot share it.
    let explained = json(&[
        "explain",
        file.to_str().expect("UTF-8"),
        "--input",
        "1,-1,1,2",
    ]);
    assert_eq!(explained["samples"][0]["lost"][0]["relevance"], 1.5);
}

#[test]
fn help_and_completions_are_there() {
    for arguments in [
        &["--help"][..],
        &["help", "explain"],
        &["explain", "--help"],
        &["inspect", "-h"],
    ] {
        assert!(
            printed(arguments).contains("Usage: deeptaylor"),
            "{arguments:?}"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            printed(&["completions", shell]).contains("deeptaylor"),
            "{shell}"
        );
    }
}
