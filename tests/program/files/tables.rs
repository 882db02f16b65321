//! Tables in which a quote or a comma could mean something else: what cannot be known is refused, with its place.

use std::fs;
use std::process::Output;

use serde_json::{Value, json};

use crate::refusal::{assert_refused, deeptaylor};

/// Two inputs; f = x1 + 2 x2.
const NETWORK: &str = r#"{"input":{"shape":[2],"names":["x1","x2"]},
 "layers":[{"type":"dense","weights":[[1],[2]]}]}"#;

/// Explains the samples of a table, or trains with it.
fn given(table: &str, arguments: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("net.json", NETWORK), ("t.csv", table)] {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let arguments: Vec<&str> = arguments.split(' ').collect();
    deeptaylor(folder.path(), &arguments)
}

const EXPLAIN: &str = "explain net.json --inputs t.csv --format json";
const TRAIN: &str = "train --data t.csv --shape 1x2 --label label --steps 0,1 --out trained";

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    for (table, line) in [
        ("x1,x2,label\n1,2,a\n1,3,\"b\n2,3,c\n", 3),
        // A download that was cut short.
        ("x1,x2,label\n1,2,\"a\"\n2,3,\"b", 3),
        ("label,x1,x2\n\"a,1,2\nb,2,3\n", 2),
        ("x1,x2,\"label\n1,2,a\n", 1),
    ] {
        let what =
            "expected an end of the quote that begins on this line, found the end of the file";
        let place = format!("t.csv:{line}:1: {what}");
        assert_refused(table, &given(table, EXPLAIN), &[&place, "help: close it"]);
        let place = format!("t.csv: line {line}: {what}");
        assert_refused(table, &given(table, TRAIN), &[&place, "help: close it"]);
    }
}

#[test]
fn a_table_that_git_lfs_has_not_fetched_is_called_that_where_it_trains_a_network() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 80\n";
    let said = ["found a pointer of Git LFS", "`git lfs pull`"];
    assert_refused("a pointer", &given(pointer, TRAIN), &said);
}

#[test]
fn a_quote_that_is_closed_may_hold_line_ends_and_quotes() {
    let table = "x1,x2,label\n1,2,\"a\nb\"\n1,3,\"5\"\"\"\n2,3,5\"\n";
    let result: Value = serde_json::from_slice(&given(table, EXPLAIN).stdout).expect("a result");
    let labels = result["samples"].as_array().expect("samples").iter();
    let labels: Vec<&Value> = labels.map(|sample| &sample["label"]).collect();
    assert_eq!(json!(labels), json!(["a\nb", "5\"", "5\""]));
}

/// The inputs of the samples, and what is said of them.
fn inputs(table: &str, options: &str) -> (Value, String) {
    let output = given(table, &format!("{EXPLAIN}{options}"));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    let result: Value = serde_json::from_slice(&output.stdout).expect(&stderr);
    let samples = result["samples"].as_array().expect("samples").iter();
    let inputs = samples.map(|sample| sample["layers"][0]["activations"].clone());
    (inputs.collect(), stderr)
}

#[test]
fn a_comma_that_may_stand_between_thousands_is_asked_about() {
    for (table, found) in [
        (
            "x1,x2\n\"1,234\",\"2,000\"\n",
            "`1,234`, which may be 1.234 or 1234",
        ),
        (
            "x1,x2\n\"1,234\",\"1,234,567\"\n",
            "`1,234`, which may be 1.234 or 1234",
        ),
        (
            "x1\tx2\n-1,234\t+250,125\n",
            "`-1,234`, which may be -1.234 or -1234",
        ),
        (
            "x1\tx2\n5\t12,500\n0,5\t1\n",
            "`12,500`, which may be 12.500 or 12500",
        ),
        ("x1 x2\n1,234 2\n", "`1,234`, which may be 1.234 or 1234"),
    ] {
        let said = [
            "t.csv:2:1: column ",
            found,
            "help: --decimals comma reads it as",
        ];
        assert_refused(table, &given(table, EXPLAIN), &said);
        let point = given(table, &format!("{EXPLAIN} --decimals point"));
        let said = ["expected decimals behind a `.`, as --decimals says, found `"];
        assert_refused(table, &point, &said);
    }
    let asked = "x1;x2\n1,234;2\n0.5;1\n";
    let comma = given(asked, &format!("{EXPLAIN} --decimals comma"));
    let said = [
        "t.csv:3:1: ",
        "expected decimals behind a `,`, as --decimals says",
    ];
    assert_refused(asked, &comma, &said);
    let (values, said) = inputs("x1\tx2\n-1,234\t+250,125\n", " --decimals comma");
    assert_eq!(values, json!([[-1.234, 250.125]]));
    assert!(!said.contains("decimal commas"), "{said}");
}

#[test]
fn semicolons_between_columns_or_one_plain_comma_show_that_commas_are_those_of_decimals() {
    for (table, expected) in [
        ("x1;x2\n1,234;2\n", json!([[1.234, 2.0]])),
        (
            "x1\tx2\n1,5\t1,234\n1,234\t2\n",
            json!([[1.5, 1.234], [1.234, 2.0]]),
        ),
        ("x1\tx2\n0,125\t2\n", json!([[0.125, 2.0]])),
        ("x1\tx2\n1234,125\t2\n", json!([[1234.125, 2.0]])),
        ("x1\tx2\n,125\t2\n", json!([[0.125, 2.0]])),
        ("x1\tx2\n1,2e2\t2\n", json!([[120.0, 2.0]])),
    ] {
        let (values, said) = inputs(table, "");
        assert_eq!(values, expected, "{table}");
        let note = "commas are read as decimal commas";
        assert!(said.contains(note), "{table}: {said}");
    }
}
