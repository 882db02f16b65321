//! What `compare` says and prints: sentences that the figures bear out, the keys of its JSON, its rows, its refusals.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use crate::program::{json, number, run};
use crate::refusal::{assert_refused, deeptaylor};
use crate::result::{entry, reading};
use approx::assert_relative_eq;
use serde_json::Value;

#[test]
fn constant_weights_share_equally_and_zeros_leave_nothing() {
    let result = json(&[
        "compare",
        "--layers",
        "4,6,3",
        "--schemes",
        "zeros,constant:0.5",
        "--samples",
        "20",
        "--seeds",
        "3",
    ]);
    let (zeros, constant) = (entry(&result, "zeros"), entry(&result, "constant:0.5"));
    assert_eq!(
        (
            &zeros["explained"],
            &zeros["effective_inputs"],
            &zeros["output"]["mean"]
        ),
        (&0.into(), &Value::Null, &0.0.into())
    );
    assert_eq!(zeros["conservation"]["holds"], zeros["runs"]);
    assert_relative_eq!(
        number(&constant["effective_inputs"]),
        4.0,
        max_relative = 1e-14
    );
    assert_relative_eq!(
        number(&constant["largest_share"]),
        0.25,
        max_relative = 1e-14
    );
    assert_eq!(
        (&constant["gini"], &constant["lost_share"]),
        (&0.0.into(), &0.0.into())
    );
    let said = reading(&result);
    assert!(
        said.contains("zeros: f(x) = 0 in every run, so there is nothing to explain."),
        "{said}"
    );
    assert!(
        said.contains(
            "constant:0.5 shares equally under w2: 4 effective inputs of 4, the largest share 25 %."
        ),
        "{said}"
    );
}

#[test]
fn heavier_tails_are_said_to_concentrate_relevance_only_where_they_do() {
    let heavy = json(&[
        "compare",
        "--layers",
        "30,20,pool",
        "--schemes",
        "he-uniform,he-normal,sparse:0.5",
        "--samples",
        "5",
    ]);
    let effective = ["he-uniform", "he-normal", "sparse:0.5,1"]
        .map(|scheme| number(&entry(&heavy, scheme)["effective_inputs"]));
    assert!(
        effective[0] > effective[1] && effective[1] > effective[2],
        "{effective:?}"
    );
    assert!(
        reading(&heavy)
            .contains("The heavier the tails of weights drawn one by one, the fewer inputs"),
        "{}",
        reading(&heavy)
    );
    // flat looks at no weight at all.
    let flat = json(&[
        "compare",
        "--layers",
        "30,20,pool",
        "--schemes",
        "he-uniform,he-normal,sparse:0.5",
        "--samples",
        "5",
        "--rule",
        "flat",
    ]);
    assert!(!reading(&flat).contains("tails"), "{}", reading(&flat));
}

#[test]
fn more_units_fall_silent_as_the_bias_falls() {
    let result = json(&[
        "compare",
        "--schemes",
        "he-normal",
        "--bias",
        "-0.5",
        "--bias",
        "0",
        "--bias",
        "-2",
        "--rule",
        "w2,z+",
    ]);
    let entries = result["schemes"].as_array().expect("a list");
    assert_eq!(entries.len(), 6);
    let silent = |bias: &str| {
        let of = entries
            .iter()
            .find(|entry| entry["bias"] == bias && entry["rule"] == "w2");
        number(&of.expect("it takes part")["silent_units"])
    };
    assert!(silent("0") < silent("-0.5") && silent("-0.5") < silent("-2"));
    let said = reading(&result);
    assert!(
        said.contains(
            "As the bias falls from 0 to -2, the part of the units that fire for no sample rises from 48 %"
        ),
        "{said}"
    );
}

#[test]
fn the_inputs_matter_more_under_z_plus_than_under_w2() {
    let result = json(&[
        "compare",
        "--layers",
        "10,20,pool",
        "--schemes",
        "he-normal,he-uniform",
        "--rule",
        "w2,z+",
        "--samples",
        "30",
    ]);
    let agreement = |rule: &str| {
        let mut entries = result["schemes"].as_array().expect("a list").iter();
        number(
            &entries
                .find(|entry| entry["rule"] == rule)
                .expect("it takes part")["value_agreement"],
        )
    };
    assert!(agreement("z+") > agreement("w2") + 0.05);
    assert!(
        reading(&result).contains("R follows the values of the inputs most closely under z+"),
        "{}",
        reading(&result)
    );
}

#[test]
fn a_property_that_fails_is_counted_told_and_ends_with_status_1() {
    let arguments = [
        "compare",
        "--layers",
        "3,4,4,1",
        "--schemes",
        "he-normal,identity",
        "--bias",
        "0.5",
        "--rule",
        "z+",
        "--samples",
        "10",
    ];
    let output = run(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let identity = entry(&result, "identity");
    assert!(number(&identity["conservation"]["holds"]) < number(&identity["runs"]));
    assert!(number(&identity["lost_share"]) > 0.0);
    assert_eq!(result["checks"]["conservation"]["holds"], false);
    assert!(
        reading(&result).starts_with("Conservation fails in "),
        "{}",
        reading(&result)
    );
    // A linear output can be negative, and then so is its relevance.
    let negative = run(&[
        "compare",
        "--layers",
        "3,1:linear",
        "--schemes",
        "he-normal",
        "--format",
        "json",
    ]);
    assert_eq!(negative.status.code(), Some(1));
    let result: Value = serde_json::from_slice(&negative.stdout).expect("JSON");
    let he = entry(&result, "he-normal");
    assert!(number(&he["positivity"]["least"]) < 0.0);
    assert!(number(&he["positivity"]["holds"]) < 10_000.0);
    assert!(
        reading(&result).contains("Positivity fails in "),
        "{}",
        reading(&result)
    );
}

#[test]
fn networks_of_ones_own_take_part_and_are_placed_among_the_seeds() {
    let result = json(&[
        "compare",
        "--with",
        "networks/figure-4.json",
        "--schemes",
        "he-normal,constant",
    ]);
    let own = entry(&result, "figure-4");
    let explained = json(&["explain", "networks/figure-4.json"]);
    assert_eq!(
        own["output"]["mean"],
        explained["samples"][0]["target"]["value"]
    );
    let shares = explained["samples"][0]["layers"][0]["share"]
        .as_array()
        .expect("shares");
    let largest = shares.iter().map(number).fold(0.0, f64::max);
    assert_relative_eq!(number(&own["largest_share"]), largest, max_relative = 1e-14);
    assert_eq!(
        (&own["seeds"], &own["formula"], &own["seed_agreement"]),
        (&1.into(), &Value::Null, &Value::Null)
    );
    assert_eq!(own["output"]["sd"], Value::Null);
    let said = reading(&result);
    assert!(said.contains("figure-4 with w2 has 2.538 effective inputs, within the middle half of the seeds of he-normal"), "{said}");
}

#[test]
fn samples_come_from_the_option_the_file_or_the_draw() {
    let source = |arguments: &[&str]| {
        let result = json(
            &[
                &["compare", "--seeds", "1", "--schemes", "he-normal"],
                arguments,
            ]
            .concat(),
        );
        (
            result["inputs"]["source"]
                .as_str()
                .expect("text")
                .to_owned(),
            result["inputs"]["samples"].as_u64(),
        )
    };
    assert_eq!(
        source(&[]),
        ("the samples of the network file".to_owned(), Some(1))
    );
    assert_eq!(
        source(&["--samples", "7"]),
        (
            "drawn evenly within their bounds, seed 1".to_owned(),
            Some(7)
        )
    );
    assert_eq!(
        source(&["--layers", "3,2"]),
        ("drawn from N(0, 1), seed 1".to_owned(), Some(100))
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.csv");
    std::fs::write(&file, "1,2,3\n4,5,6\n").expect("it can be written");
    let file = file.to_str().expect("a path");
    assert_eq!(
        source(&["--layers", "3,2", "--inputs", file]),
        (format!("from {file}"), Some(2))
    );
}

#[test]
fn the_json_has_the_keys_that_others_rely_on() {
    let result = json(&["compare", "--seeds", "5"]);
    assert_eq!(result["kind"], "comparison");
    assert_eq!(result["schemes"].as_array().map(Vec::len), Some(12));
    for scheme in result["schemes"].as_array().expect("a list") {
        for place in [
            "/scheme",
            "/runs",
            "/conservation/holds",
            "/conservation/worst_gap",
            "/positivity/holds",
            "/positivity/least",
            "/output/mean",
            "/output/sd",
        ] {
            assert!(
                scheme.pointer(place).is_some_and(|value| !value.is_null()),
                "{place} in {scheme}"
            );
        }
        for key in [
            "largest_share",
            "effective_inputs",
            "gini",
            "seed_agreement",
        ] {
            let value = scheme.get(key).expect("it is there");
            assert_eq!(
                value.is_number(),
                scheme["scheme"] != "zeros",
                "{key} in {scheme}"
            );
        }
    }
}

#[test]
fn csv_and_text_have_a_row_a_scheme_and_the_text_fits_80_columns() {
    let csv = run(&["compare", "--format", "csv", "--rule", "w2,z+"]).stdout;
    let csv = String::from_utf8(csv).expect("UTF-8");
    assert_eq!(csv.lines().count(), 1 + 24);
    let columns = csv.lines().next().expect("names").split(',').count();
    assert!(
        csv.lines()
            .skip(1)
            .all(|row| row.split(',').count() == columns),
        "{csv}"
    );
    for arguments in [
        vec!["compare"],
        vec!["compare", "--rule", "w2,z+", "--bias", "0", "--bias", "-1"],
        vec![
            "compare",
            "--layers",
            "784,30,10",
            "--seeds",
            "3",
            "--schemes",
            "uniform:-0.001,0.001,truncated-normal:0,1e-9,sparse",
        ],
        vec!["compare", "--with", "networks/figure-4.json"],
    ] {
        let text = String::from_utf8(run(&arguments).stdout).expect("UTF-8");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert!(text.contains("\nthe two properties\n") && text.contains("\ninterpretation\n"));
    }
}

#[test]
fn what_cannot_be_compared_is_refused_with_what_would_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("it can be written");
    };
    write(
        "four.json",
        &crate::refusal::with_input(
            r#""shape": [4]"#,
            r#"{ "type": "dense", "weights": [[1], [2], [3], [4]] }"#,
            "",
        ),
    );
    write(
        "one.json",
        &crate::refusal::with_input(
            r#""shape": [3]"#,
            r#"{ "type": "dense", "weights": [[1], [2], [3]] }"#,
            "",
        ),
    );
    write("none.csv", "");
    for (arguments, said) in [
        (
            vec!["--schemes", "he-nromal,zeros"],
            vec!["unknown scheme `he-nromal`", "did you mean `he-normal`?"],
        ),
        (
            vec!["--schemes", "normal:0,-1,zeros"],
            vec!["σ ≥ 0, found -1"],
        ),
        (vec!["--schemes", ""], vec!["the schemes are zeros, "]),
        (
            vec!["--seeds", "0"],
            vec!["--seeds", "expected a whole number from 1 to "],
        ),
        (
            vec!["--samples", "0"],
            vec!["--samples", "expected a whole number from 1 to "],
        ),
        (
            vec!["he-normal"],
            vec!["he-normal is a scheme", "--schemes he-normal"],
        ),
        (vec!["nothing.json"], vec!["nothing.json: cannot be read"]),
        (vec!["--seeds", "-3"], vec!["--seeds"]),
        (vec!["--threads", "0"], vec!["--threads"]),
        (
            vec!["--samples", "4000000000"],
            vec!["--samples 4000000000: samples of 3 values; at most 5592405"],
        ),
        (vec!["--rule", "w3"], vec!["w3", "w2"]),
        (
            vec!["--rule", "zB", "--layers", "3,5"],
            vec!["the zB rule needs the bounds"],
        ),
        (
            vec!["--layer-rule", "9=z+"],
            vec!["layer 9: there is no such layer"],
        ),
        (
            vec!["--layers", "3,5", "net.json"],
            vec!["cannot be used with"],
        ),
        (
            vec!["--target", "9"],
            vec!["target 9: there is no such output"],
        ),
        (vec!["--inputs", "none.csv"], vec!["none.csv", "found none"]),
        (
            vec!["--with", "nothing.json"],
            vec!["nothing.json: cannot be read"],
        ),
        (
            vec!["--layers", "3,5", "--with", "four.json"],
            vec!["four.json has 4 inputs, the samples 3 values"],
        ),
        (
            vec!["--layers", "3,5", "--target", "4", "--with", "one.json"],
            vec!["one.json has 1 output and no output 4"],
        ),
        (
            vec!["--schemes", "normal:0,1e300", "--layers", "3,5,5"],
            vec!["normal:0,1", "seed 1: layer 2", "overflows f64"],
        ),
        (
            vec!["--bounds", "0,1;0,1"],
            vec!["one for each of 3 inputs, found 2"],
        ),
        (
            vec!["--bias", "x"],
            vec!["expected a number, or uniform:a,b", "found `x`"],
        ),
        (
            vec!["--bias", "unifrom:0,1"],
            vec!["unknown scheme `unifrom`", "did you mean `uniform`"],
        ),
        (vec!["--seed", "-1"], vec!["expected a whole number from 0"]),
        (
            vec!["--layer-rule", "9=zB"],
            vec!["error: layer 9: there is no such layer"],
        ),
        (vec!["--inputs", "-", "-"], vec!["can come from stdin"]),
    ] {
        let output = deeptaylor(folder.path(), &[&["compare"], &arguments[..]].concat());
        assert_refused(&arguments.join(" "), &output, &said);
    }
}
