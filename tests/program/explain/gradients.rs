//! Gradient methods in the place of a rule: what each format makes of them, when they fail, and what they refuse.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::npz::npz;
use crate::program::{fed, json as result, number, program, run};
use crate::refusal::{assert_refused, deeptaylor, dense, network};
use crate::result::printed;

const METHODS: [&str; 4] = [
    "gradient",
    "gradient-x-input",
    "integrated-gradients:50",
    "smoothgrad:50,0.1",
];

/// `f = max(0, x_1 + x_2 − 1)`, with bounds, and samples of it.
fn one_unit() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let layer = dense(r#""weights": [[1], [1]], "bias": [-1], "activation": "relu""#);
    let text = network(&layer, r#", "inputs": [[2, 1], [0.25, 0.25], [3, -1]]"#);
    let text = text.replacen("[2]", r#"[2], "bounds": [-1, 3]"#, 1);
    fs::write(folder.path().join("net.json"), text).expect("written");
    fs::write(folder.path().join("base.json"), "[[0.5, 0.25], [1, 1]]").expect("written");
    folder
}

fn explained(folder: &TempDir, arguments: &str) -> Value {
    let all: Vec<&str> = ["explain", "net.json", "--format", "json"]
        .into_iter()
        .chain(arguments.split(' '))
        .collect();
    let output = deeptaylor(folder.path(), &all);
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn the_input_has_relevance_and_no_other_level_and_completeness_stands_in_the_place_of_the_balance()
{
    let schema: Value =
        serde_json::from_str(&printed(&["schema", "explanation"])).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for method in METHODS {
        let found = result(&["explain", "example:two-stage", "--rule", method]);
        assert!(schema.is_valid(&found), "{method}");
        assert_eq!(
            (&found["rule"], &found["network"]["gradient"]["method"]),
            (&json!(method), &json!(method))
        );
        for level in found["network"]["layers"].as_array().expect("levels") {
            assert_eq!(level["rule"], Value::Null);
        }
        for sample in found["samples"].as_array().expect("samples") {
            assert_eq!(sample.get("balance"), None);
            let layers = sample["layers"].as_array().expect("levels");
            let relevance = layers[0]["relevance"].as_array().expect("relevance");
            let sum: f64 = relevance.iter().map(number).sum();
            let [value, baseline, said, gap] =
                ["value", "baseline", "sum", "gap"].map(|key| number(&sample["completeness"][key]));
            assert!((said - sum).abs() < 1e-12 && (value - baseline - sum).abs() - gap < 1e-12);
            for above in &layers[1..] {
                assert_eq!(above["unexplained"], true);
                assert!(above["activations"].is_array());
                for key in ["relevance", "sum", "gap", "least", "share", "largest"] {
                    assert_eq!(above.get(key), None, "{method}: {key}");
                }
            }
            for check in ["conservation", "positivity"] {
                assert_eq!(sample["checks"][check]["promised"], false);
            }
            let first = sample["interpretation"][0].as_str().expect("a sentence");
            assert!(first.contains("explains the input only"), "{first}");
        }
        let mut wrong = found.clone();
        wrong["samples"][0]["layers"][1]["relevance"] = json!([0.0]);
        assert!(
            !schema.is_valid(&wrong),
            "{method}: a hidden level has no relevance"
        );
    }
}

#[test]
fn a_report_of_a_gradient_method_is_read_back_and_one_that_was_changed_is_refused() {
    let folder = one_unit();
    let save = |found: &Value| {
        fs::write(folder.path().join("found.json"), found.to_string()).expect("written");
        deeptaylor(
            folder.path(),
            &["report", "found.json", "--format", "markdown"],
        )
    };
    for method in METHODS {
        let found = explained(&folder, &format!("--rule {method}"));
        let page = save(&found);
        let page = String::from_utf8(page.stdout).expect("UTF-8");
        assert!(
            page.contains("completeness") && page.contains(method),
            "{page}"
        );
        assert!(!page.contains("conservation"), "{page}");
    }
    let found = explained(&folder, "--rule integrated-gradients:10");
    for (pointer, value, said) in [
        (
            "/samples/0/completeness/gap",
            json!(0.5),
            "completeness.gap",
        ),
        ("/samples/0/completeness/sum", json!(7), "completeness.sum"),
        (
            "/samples/0/completeness/value",
            json!(7),
            "completeness.value",
        ),
        (
            "/samples/0/completeness/holds",
            json!(false),
            "completeness.holds",
        ),
        ("/samples/0/completeness", Value::Null, "completeness"),
        ("/samples/0/layers/0/sum", json!(7), "layers[0].sum"),
        (
            "/samples/0/layers/1/sum",
            json!(0),
            "explains the input only",
        ),
        ("/samples/0/layers/1/unexplained", json!(false), "layers[1]"),
        ("/samples/0/layers/0/unexplained", json!(true), "layers[0]"),
        ("/network/gradient", Value::Null, "samples[0]"),
        (
            "/network/gradient/baseline",
            json!([1.0]),
            "gradient.baseline",
        ),
        (
            "/summary/completeness/not_complete/samples",
            json!(2),
            "not_complete",
        ),
    ] {
        let mut changed = found.clone();
        let place = pointer.rsplit_once('/').expect("a pointer");
        changed.pointer_mut(place.0).expect("a place")[place.1] = value;
        assert_refused(pointer, &save(&changed), &[said]);
    }
}

#[test]
fn what_is_promised_decides_the_exit_status() {
    let folder = one_unit();
    // Two thirds of the way to (2, 1) count; of two parts, one.
    for (arguments, status) in [
        ("--rule gradient", 0),
        ("--input 3,1 --rule gradient", 0),
        ("--input 3,1 --rule gradient --strict", 1),
        ("--rule gradient-x-input", 0),
        ("--rule integrated-gradients:300", 0),
        ("--rule integrated-gradients:2", 1),
        ("--rule integrated-gradients:2 --exit-zero", 0),
        ("--rule integrated-gradients:2 --format jsonl", 1),
        ("--rule w2,integrated-gradients:2", 1),
        ("--rule smoothgrad:5", 0),
    ] {
        let all = format!("explain net.json --input 2,1 {arguments}");
        let all: Vec<&str> = all.split(' ').collect();
        let output = deeptaylor(folder.path(), &all);
        assert_eq!(output.status.code(), Some(status), "{arguments}");
    }
    let found = explained(&folder, "--input 2,1 --rule integrated-gradients:2");
    // f(x) = 2, and the middle at 1/4 of the way lies below the kink: half of 2 and of 1.
    assert_eq!(
        found["samples"][0]["layers"][0]["relevance"],
        json!([1.0, 0.5])
    );
    assert_eq!(found["samples"][0]["completeness"]["gap"], 0.5);
    assert_eq!(
        found["summary"]["completeness"]["not_complete"]["first"],
        json!([0])
    );
}

#[test]
fn a_baseline_is_a_word_a_number_numbers_or_the_first_sample_of_a_file() {
    let folder = one_unit();
    let base = |baseline: &str| {
        let arguments = format!("--input 2,1 --rule integrated-gradients:40 --baseline {baseline}");
        let found = explained(&folder, &arguments);
        let sample = &found["samples"][0];
        (
            found["network"]["gradient"]["baseline"].clone(),
            number(&sample["completeness"]["baseline"]),
        )
    };
    assert_eq!(base("0"), (Value::Null, 0.0));
    assert_eq!(base("low"), (json!([-1.0, -1.0]), 0.0));
    assert_eq!(base("1"), (json!([1.0, 1.0]), 1.0));
    assert_eq!(base("1,1.5"), (json!([1.0, 1.5]), 1.5));
    assert_eq!(base("-1,3"), (json!([-1.0, 3.0]), 1.0));
    assert_eq!(base("base.json"), (json!([0.5, 0.25]), 0.0));
}

#[test]
fn several_targets_contrasts_and_rules_beside_give_what_each_gives_alone() {
    let names = "gradient,w2,smoothgrad:7,0.2";
    let network = ["explain", "example:lines", "--target", "max,0-1,all"];
    let together = result(&[&network[..], &["--rule", names]].concat());
    let together = together["explanations"].as_array().expect("explanations");
    for (n, name) in ["gradient", "w2", "smoothgrad:7,0.2"].iter().enumerate() {
        let alone = result(&[&network[..], &["--rule", name]].concat());
        assert_eq!(together[n]["samples"], alone["samples"], "{name}");
        assert_eq!(together[n]["network"], alone["network"], "{name}");
        for (t, target) in ["max", "0-1", "all"].iter().enumerate() {
            let one = result(&[
                "explain",
                "example:lines",
                "--target",
                target,
                "--rule",
                name,
            ]);
            assert_eq!(
                alone["samples"][3 + t],
                one["samples"][1],
                "{name}, {target}"
            );
        }
    }
}

#[test]
fn the_noise_of_a_sample_follows_from_its_number_in_a_file_in_a_pipe_and_on_any_number_of_threads()
{
    let rows: Vec<String> = (0..300)
        .map(|n| format!("{},{}", n % 7, n % 3 - 1))
        .collect();
    let text = rows.join("\n");
    let folder = one_unit();
    fs::write(folder.path().join("many.csv"), &text).expect("written");
    let base = [
        "explain",
        "net.json",
        "--rule",
        "smoothgrad:6,0.3",
        "--format",
        "jsonl",
    ];
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (net, file) = (path("net.json"), path("many.csv"));
    let explain = |from: &str, more: &[&str]| -> Vec<String> {
        let mut all = base.to_vec();
        all[1] = &net;
        all.extend(["--inputs", from]);
        all.extend(more);
        all.iter().map(ToString::to_string).collect()
    };
    let borrowed = |all: &[String]| {
        all.iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\u{1}")
    };
    let out = |all: Vec<String>, input: Option<&str>| {
        let all = borrowed(&all);
        let all: Vec<&str> = all.split('\u{1}').collect();
        let output = match input {
            None => run(&all),
            Some(input) => fed(&all, input.as_bytes()),
        };
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let whole = out(explain(&file, &[]), None);
    assert_eq!(whole.lines().count(), 300);
    assert!(whole == out(explain("-", &[]), Some(&text)), "a pipe");
    assert!(
        whole == out(explain(&file, &["--memory", "1kB"]), None),
        "little memory"
    );
    assert!(
        whole == out(explain(&file, &["--seed", "0"]), None),
        "the usual seed"
    );
    assert!(
        whole != out(explain(&file, &["--seed", "1"]), None),
        "another seed"
    );
    let threads = explain(&file, &[]);
    let threads = borrowed(&threads);
    let threads: Vec<&str> = threads.split('\u{1}').collect();
    let threads = program(&threads).env("RAYON_NUM_THREADS", "3").output();
    assert!(
        whole.as_bytes() == threads.expect("it runs").stdout,
        "three threads"
    );
    let alone = out(explain("-", &["--first-sample", "123"]), Some(&rows[123]));
    assert_eq!(
        Some(alone.trim_end()),
        whole.lines().nth(123),
        "with its number"
    );
}

#[test]
fn tables_and_arrays_have_the_input() {
    let folder = one_unit();
    let rule = "explain net.json --rule integrated-gradients:40 --format";
    let of = |more: &str| {
        let all = format!("{rule} {more}");
        let all: Vec<&str> = all.split(' ').collect();
        let output = deeptaylor(folder.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{more}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let csv = of("csv");
    assert_eq!(csv.lines().count(), 7, "{csv}");
    assert!(
        csv.lines().skip(1).all(|line| line.contains(",input,")),
        "{csv}"
    );
    let wide = of("csv-wide");
    assert!(
        wide.starts_with("sample,id,label,target,value,x1,x2,worst_gap,"),
        "{wide}"
    );
    of("npz -o found.npz");
    let (arrays, _) = npz(&fs::read(folder.path().join("found.npz")).expect("a file"));
    assert_eq!(arrays["relevance"].shape, [3, 2]);
    for format in ["csv-wide", "npz -o more.npz"] {
        let all = format!("{rule} {format} --levels 1");
        let all: Vec<&str> = all.split(' ').collect();
        let refused = deeptaylor(folder.path(), &all);
        assert_refused(format, &refused, &["--levels", "explains the input only"]);
    }
}

#[test]
fn what_means_nothing_is_refused_or_told() {
    let folder = one_unit();
    for (arguments, said) in [
        ("--rule gradient --edges", "--edges is for rules"),
        (
            "--rule gradient,ig --expansion",
            "--expansion is for rules, and gradient and integrated-gradients:50 have none",
        ),
        (
            "--rule gradient --layer-rule 1=z+",
            "--layer-rule is for rules",
        ),
        (
            "--rule gradient --rule-bias keep",
            "--rule-bias is for rules",
        ),
        ("--rule gradient --exact", "--exact takes rules"),
        (
            "--layer-rule 1=gradient",
            "expected a rule, found the gradient method gradient",
        ),
        (
            "--rule gradient --baseline 0",
            "add integrated-gradients to --rule",
        ),
        (
            "--rule integrated-gradients --seed 1",
            "add smoothgrad to --rule",
        ),
        (
            "--rule ig --baseline 1,2,3",
            "expected 2 numbers, one for each input, found 3",
        ),
        ("--rule ig --baseline 1e999,0", "expected a finite number"),
        (
            "--rule ig --baseline 1e308,1e308",
            "the baseline: layer 1: the activation of unit 0 overflows",
        ),
        (
            "--rule ig --baseline lowest",
            "it is low, a number for all 2 inputs",
        ),
        (
            "--rule integrated-gradients:0",
            "a whole number of steps from 1",
        ),
        ("--rule integrated-gradients:1.5", "found 1.5"),
        ("--rule smoothgrad:0", "a whole number of copies from 1"),
        ("--rule smoothgrad:5,-0.5", "σ from 0 up"),
    ] {
        let all = format!("explain net.json {arguments}");
        let all: Vec<&str> = all.split(' ').collect();
        let refused = deeptaylor(folder.path(), &all);
        assert_refused(arguments, &refused, &[said]);
    }
    let arguments = [
        "explain",
        "net.json",
        "--rule",
        "w2,gradient",
        "--edges",
        "--format",
        "json",
    ];
    let told = deeptaylor(folder.path(), &arguments);
    let stderr = String::from_utf8(told.stderr).expect("UTF-8");
    assert_eq!(stderr, "note: --edges does not concern gradient\n");
    let first = [
        "explain",
        "net.json",
        "--rule",
        "ig",
        "--baseline",
        "base.json",
        "-q",
    ];
    let told = deeptaylor(folder.path(), &first);
    let stderr = String::from_utf8(told.stderr).expect("UTF-8");
    assert!(
        stderr.contains("its first sample is the baseline"),
        "{stderr}"
    );
    for command in ["taylor", "compare", "train", "inspect"] {
        let refused = run(&[command, "--rule", "gradient"]);
        assert_refused(command, &refused, &["gradient method"]);
    }
}
