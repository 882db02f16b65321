//! What `evaluate` prints: the same bytes for any number of threads, a result that comes back, tables that fit, refusals.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use deeptaylor::result;
use serde_json::{Value, json};

use crate::program::{json, number, run};
use crate::read_back::{assert_comes_back, assert_finite};
use crate::result::{figures, reading, without_origin};

/// A small one, so that it is done at once.
const SMALL: [&str; 3] = ["evaluate", "networks/two-stage.json", "--no-time"];

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(complaint, "", "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn rule<'r>(result: &'r Value, name: &str) -> &'r Value {
    let mut rules = result["rules"].as_array().expect("a list").iter();
    let rule = rules.find(|rule| rule["rule"] == name);
    rule.unwrap_or_else(|| panic!("{name} is evaluated: {result}"))
}

#[test]
fn any_number_of_threads_any_memory_and_a_second_run_give_the_same_bytes() {
    for network in [
        "networks/two-stage.json",
        "networks/xor.json",
        "networks/residual.json",
    ] {
        let with = |options: &[&str]| {
            let arguments = ["evaluate", network, "--no-time", "--format", "json"];
            without_origin(&run(&[&arguments[..], options].concat()).stdout)
        };
        let once = with(&["--threads", "1"]);
        assert!(once == with(&["--threads", "3"]), "{network}: three");
        assert!(once == with(&["--memory", "1"]), "{network}: one by one");
        assert!(once == with(&[]), "{network}: again");
        assert!(once != with(&["--seed", "2"]), "{network}: another seed");
    }
}

#[test]
fn nothing_but_the_seconds_differs_between_two_runs() {
    let timed = figures(&["evaluate", "networks/xor.json"]);
    let mut without = timed.clone();
    for rule in without["rules"].as_array_mut().expect("a list") {
        assert!(number(&rule["seconds"]) > 0.0);
        rule["seconds"] = Value::Null;
    }
    assert_eq!(
        without,
        figures(&["evaluate", "networks/xor.json", "--no-time"])
    );
    let with_times = text(&["evaluate", "networks/xor.json"]);
    let without = text(&["evaluate", "networks/xor.json", "--no-time"]);
    assert!(with_times.contains("seconds") && !without.contains("seconds"));
}

#[test]
fn an_evaluation_comes_back_from_its_json_and_is_shown_in_finite_numbers() {
    for arguments in [
        &["evaluate"][..],
        &["evaluate", "networks/lost-relevance.json"],
        &["evaluate", "networks/residual.json", "--rule", "w2"],
        &[
            "evaluate",
            "networks/two-stage.json",
            "--draws",
            "0",
            "--copies",
            "0",
        ],
        &["evaluate", "networks/two-stage.json", "--input", "0,0,0,0"],
    ] {
        let text = run(&[arguments, &["--format", "json"]].concat()).stdout;
        let mut read = result::read("written", &text).expect("it can be read");
        for text in assert_comes_back(read.remove(0)) {
            assert_finite(&text);
        }
    }
}

#[test]
fn a_changed_figure_is_refused_with_its_place() {
    let evaluated = json(&SMALL);
    for (place, value, said) in [
        (
            "/rules/0/conservation/holds",
            json!(99),
            "rules[0].conservation.holds",
        ),
        ("/rules/0/samples", json!(1), "rules[0].samples"),
        (
            "/rules/1/flipping_area",
            json!(0.123),
            "rules[1].flipping_area",
        ),
        ("/rules/1/flipping", json!([1.0]), "rules[1].flipping"),
        ("/rules/1/agreement", json!(0.123), "rules[1].agreement"),
        ("/rules/1/agreements", json!([]), "rules[1].agreements"),
        ("/rules/0/balance/lost", json!(0.5), "rules[0].balance"),
        ("/rules/0/randomised", json!([]), "rules[0].randomised"),
        ("/rules/1/changes", json!(true), "rules[1].changes"),
        ("/flipping/random_area", json!(null), "flipping.random_area"),
        (
            "/checks/positivity/least",
            json!(7),
            "checks.positivity.least",
        ),
    ] {
        let mut changed = evaluated.clone();
        *changed.pointer_mut(place).expect(place) = value;
        let changed = changed.to_string();
        let error = result::read("r.json", changed.as_bytes()).map(|_| ());
        let error = error.expect_err(place).to_string();
        assert!(error.contains(said), "{place}: {error}");
    }
}

#[test]
fn flat_fails_the_check_of_the_weights_and_the_table_and_a_sentence_say_so() {
    let result = json(&SMALL);
    let flat = rule(&result, "flat");
    assert_eq!(flat["changes"], false);
    let last = flat["randomised"].as_array().and_then(|each| each.last());
    let cosine = number(&last.expect("a layer with weights")["cosine"]);
    assert!((cosine - 1.0).abs() < 1e-12, "{cosine}");
    let said = "With all weights random, relevance stays the same under flat";
    assert!(reading(&result).contains(said), "{}", reading(&result));
    let table = text(&SMALL);
    let line = table
        .lines()
        .rfind(|line| line.trim_start().starts_with("flat "));
    assert!(line.expect("a row").contains("FAIL"), "{table}");
}

#[test]
fn every_rule_that_is_defined_is_evaluated_where_none_is_asked_for() {
    let result = json(&["evaluate", "networks/two-stage.json"]);
    for name in [
        "w2",
        "flat",
        "z+",
        "z",
        "gamma:0.25",
        "alpha-beta:2,1",
        "deep-taylor",
    ] {
        rule(&result, name);
    }
    // Without a convolution its rule of convolutions does not count.
    let left_out = result["left_out"].as_array().expect("a list");
    let composite = left_out.iter().find(|rule| rule["rule"] == "epsilon-plus");
    let composite = composite.expect("it is left out");
    assert_eq!(composite["same_as"], "epsilon:1e-6");
    assert_eq!(composite["why"], "on this network it is epsilon:1e-6");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    let network = r#"{"input":{"shape":[2]},"layers":[{"type":"dense","weights":[[1],[2]],"activation":"relu"}],
        "inputs":[[1,1]]}"#;
    std::fs::write(&file, network).expect("it can be written");
    let result = json(&["evaluate", file.to_str().expect("a path")]);
    let left_out = result["left_out"].as_array().expect("a list");
    assert_eq!(left_out[0]["rule"], "zB");
    let why = left_out[0]["why"].as_str().expect("text");
    assert!(
        why.contains("needs the bounds") && !why.contains("help"),
        "{why}"
    );
    // Outside of the bounds zB is not defined; that is seen when samples are explained.
    let arguments = [
        "evaluate",
        "networks/two-stage.json",
        "--bounds",
        "-1,1",
        "--input",
        "3,0,0,0",
    ];
    let output = run(&[&arguments[..], &["--format", "json"]].concat());
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let left_out = result["left_out"].as_array().expect("a list");
    assert!(
        left_out.iter().any(|rule| rule["rule"] == "zB"),
        "{left_out:?}"
    );
    rule(&result, "w2");
    let asked = run(&[&arguments[..], &["--rule", "w2,zB"]].concat());
    assert_eq!((asked.status.code(), asked.stdout.len()), (Some(2), 0));
}

#[test]
fn the_exit_status_follows_what_is_promised() {
    let status = |options: &[&str]| run(&[&["evaluate"], options].concat()).status.code();
    let lost = "networks/lost-relevance.json";
    assert_eq!(status(&["--rule", "w2"]), Some(0));
    // αβ loses relevance on the built-in network; where no rule was asked for, none counts.
    assert_eq!(status(&["--rule", "w2,alpha-beta:2,1"]), Some(1));
    assert_eq!(status(&[]), Some(0));
    assert_eq!(status(&["--rule", "gradient"]), Some(0));
    assert_eq!(status(&["--rule", "gradient", "--strict"]), Some(1));
    assert_eq!(status(&[lost, "--rule", "z+"]), Some(1));
    assert_eq!(status(&[lost, "--rule", "z+", "--exit-zero"]), Some(0));
    assert_eq!(status(&["--rule", "epsilon:0.25"]), Some(0));
    assert_eq!(status(&["--rule", "epsilon:0.25", "--strict"]), Some(1));
}

#[test]
fn several_targets_of_a_sample_are_several_explanations_of_it() {
    let arguments = [
        "evaluate",
        "networks/lines.json",
        "--no-time",
        "--rule",
        "w2,z+",
        "--target",
        "0-1,max",
        "--sample",
        "0-2",
    ];
    let result = figures(&arguments);
    assert_eq!(
        (&result["inputs"]["samples"], &result["explanations"]),
        (&json!(3), &json!(6))
    );
    assert_eq!(rule(&result, "w2")["samples"], 6);
    let table = String::from_utf8(run(&arguments).stdout).expect("UTF-8");
    assert!(
        table.contains("2 rules × 6 explanations of 3 samples"),
        "{table}"
    );
    assert!(
        !reading(&result).contains("of 6 samples"),
        "{}",
        reading(&result)
    );
}

#[test]
fn a_rule_that_is_another_one_on_the_network_is_left_out_with_a_note() {
    let output = run(&[
        "evaluate",
        "networks/two-stage.json",
        "--rule",
        "epsilon:1e-6,epsilon-plus,w2",
        "--format",
        "json",
    ]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.contains("epsilon-plus: on this network it is epsilon:1e-6; it is left out"),
        "{said}"
    );
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(result["rules"].as_array().map(Vec::len), Some(2));
    assert_eq!(result["left_out"][0]["same_as"], "epsilon:1e-6");
}

#[test]
fn the_treatment_of_biases_stands_once_above_the_tables() {
    let table = text(
        &[
            &SMALL[..],
            &["--rule", "w2,z,deep-taylor", "--rule-bias", "keep"],
        ]
        .concat(),
    );
    assert_eq!(table.matches("--rule-bias keep").count(), 1, "{table}");
    assert!(
        !table.contains("with biases") && table.contains("deep-taylor "),
        "{table}"
    );
}

#[test]
fn gradient_methods_stand_beside_rules_with_their_completeness() {
    let arguments = [
        &SMALL[..],
        &[
            "--rule",
            "w2,gradient-x-input,integrated-gradients:10,smoothgrad:4",
        ],
    ]
    .concat();
    let result = figures(&arguments);
    let names = [
        "w2",
        "gradient-x-input",
        "integrated-gradients:10",
        "smoothgrad:4,0.1",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let rule = rule(&result, name);
        assert_eq!(rule["balance"].is_null(), n > 0, "{name}");
        assert_eq!(rule["completeness"].is_null(), n == 0, "{name}");
        assert!(number(&rule["flipping_area"]).is_finite(), "{name}");
        assert!(!rule["changes"].is_null(), "{name}");
    }
    let table = text(&arguments);
    assert!(
        table.contains("completeness") && table.contains("complete"),
        "{table}"
    );
    assert!(!text(&[&SMALL[..], &["--rule", "w2"]].concat()).contains("complete"));
    let mut read = result::read(
        "written",
        &run(&[&arguments[..], &["--format", "json"]].concat()).stdout,
    )
    .expect("it can be read");
    for text in assert_comes_back(read.remove(0)) {
        assert_finite(&text);
    }
}

#[test]
fn csv_has_a_row_a_rule_and_a_title_a_figure() {
    let csv = text(
        &[
            &SMALL[..],
            &["--format", "csv", "--rule", "w2,alpha-beta:2,1"],
        ]
        .concat(),
    );
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let titles = rows.headers().expect("titles").clone();
    assert_eq!(&titles[0], "rule");
    assert!(titles.iter().any(|title| title == "flipping_area"));
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("CSV");
    let names: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(names, ["w2", "alpha-beta:2,1"]);
}

#[test]
fn tables_fit_a_terminal_of_80_columns() {
    for network in ["figure-4", "residual", "two-stage"] {
        for line in text(&["evaluate", &format!("example:{network}"), "--no-time"]).lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn what_cannot_be_evaluated_is_refused_with_one_message() {
    for (options, said) in [
        ("networks/none.json", "none.json"),
        ("networks/two-stage.json --rule w3", "w3"),
        (
            "networks/two-stage.json --target 9",
            "there is no such output",
        ),
        (
            "networks/two-stage.json --target label",
            "expected a class, found none",
        ),
        (
            "networks/two-stage.json --noise 0",
            "expected a number above 0",
        ),
        (
            "networks/two-stage.json --batches 0",
            "expected a whole number from 1",
        ),
        (
            "networks/two-stage.json --draws -1",
            "expected a whole number from 0",
        ),
        ("networks/two-stage.json --scheme none", "none"),
        ("networks/two-stage.json --input 1", "expected 4"),
        ("networks/two-stage.json --spreadsheet-safe", "--format csv"),
        ("- --inputs -", "only one of the network and the samples"),
        ("networks/two-stage.json -o x.png", "the ending says png"),
    ] {
        let arguments: Vec<&str> = ["evaluate"].into_iter().chain(options.split(' ')).collect();
        let output = run(&arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{options}: {complaint}");
        assert!(output.stdout.is_empty(), "{options}");
        assert!(complaint.contains(said), "{options}: {complaint}");
    }
}
