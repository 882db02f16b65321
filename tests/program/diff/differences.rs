//! `deeptaylor diff`: what is compared is found out, and compared in the same way from whatever it comes.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{fed, json, number, run};
use crate::refusal::{assert_refused, deeptaylor};

/// Writes what a command prints into a file of a folder.
fn written(folder: &Path, name: &str, arguments: &[&str]) -> String {
    let file = folder.join(name);
    fs::write(
        &file,
        run(&[arguments, &["--format", "json"]].concat()).stdout,
    )
    .expect("written");
    file.to_str().expect("a name in UTF-8").to_owned()
}

#[test]
fn two_rules_of_a_network_of_a_result_and_of_two_results_differ_by_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let network = "networks/lines.json";
    let explain = |name: &str, rules: &str| {
        written(folder.path(), name, &["explain", network, "--rule", rules])
    };
    let (a, b) = (explain("a.json", "w2"), explain("b.json", "z+"));
    let (both, three) = (
        explain("ab.json", "w2,z+"),
        explain("abc.json", "flat,z+,w2"),
    );
    let of_network = json(&["diff", network, "--rule", "w2,z+"]);
    assert_eq!(of_network["kind"], "difference");
    let first = &of_network["samples"][0];
    let told = |side: &str| &first[side]["relevance"][4];
    assert_eq!(
        number(&first["difference"][4]).to_bits(),
        (number(told("b")) - number(told("a"))).to_bits()
    );
    for arguments in [
        &["diff", &a, &b][..],
        &["diff", &both],
        &["diff", &three, "--rule", "w2,z+"],
        &["diff", &three, &three, "--rule", "w2,z+"],
        &["diff", &a, &three, "--rule", "w2,z+"],
    ] {
        let found = json(arguments);
        for key in ["samples", "summary", "interpretation", "inputs"] {
            assert_eq!(found[key], of_network[key], "{key} of {arguments:?}");
        }
    }
    let one = json(&["diff", &a, &b, "--sample", "2"]);
    assert_eq!(one["samples"][0], of_network["samples"][2]);
    assert_eq!(one["samples"].as_array().map(Vec::len), Some(1));
}

#[test]
fn fractions_are_compared_as_the_numbers_that_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    let text = r#"{ "input": { "shape": [2] }, "layers": [
        { "type": "dense", "weights": [[1], [3]], "activation": "relu" }], "inputs": [[1, 1]] }"#;
    fs::write(&file, text).expect("written");
    let network = file.to_str().expect("a name in UTF-8");
    let exact = written(
        folder.path(),
        "exact.json",
        &["explain", network, "--exact", "--rule", "w2,z+"],
    );
    let difference = json(&["diff", &exact]);
    let sample = &difference["samples"][0];
    // 4/10 and 36/10 under w², 1 and 3 under z⁺.
    assert_eq!(sample["a"]["relevance"], serde_json::json!([0.4, 3.6]));
    assert_eq!(sample["b"]["relevance"], serde_json::json!([1.0, 3.0]));
    assert!((number(&sample["moved"]) - 3.0 / 20.0).abs() < 1e-15);
    assert_eq!(
        json(&["diff", network, "--rule", "w2,z+"])["samples"],
        difference["samples"]
    );
}

#[test]
fn two_networks_are_explained_on_the_same_samples() {
    let folder = tempfile::tempdir().expect("a folder");
    let init = |seed: &str| {
        let file = folder.path().join(format!("{seed}.json"));
        let made = run(&["init", "--layers", "3,5,pool", "--seed", seed]);
        fs::write(&file, made.stdout).expect("written");
        file.to_str().expect("a name in UTF-8").to_owned()
    };
    let (a, b) = (init("1"), init("2"));
    let input = ["--input", "1,0.5,0.25"];
    let difference = json(&[&["diff", &a, &b, "--rule", "z+"][..], &input].concat());
    for (side, network) in [("a", &a), ("b", &b)] {
        let alone = json(&[&["explain", network, "--rule", "z+"][..], &input].concat());
        let relevance = &alone["samples"][0]["layers"][0]["relevance"];
        assert_eq!(&difference["samples"][0][side]["relevance"], relevance);
        assert_eq!(&difference[side]["source"], network);
    }
}

#[test]
fn steps_and_rules_of_a_training_are_chosen() {
    let folder = tempfile::tempdir().expect("a folder");
    let train = [
        "train",
        "--layers",
        "1x28x28,20,pool:2",
        "--steps",
        "0,5,20",
        "--digits",
        "0-3",
        "--explain",
        "4",
    ];
    let file = written(folder.path(), "training.json", &train);
    let training: Value =
        serde_json::from_str(&fs::read_to_string(&file).expect("written")).expect("JSON");
    let relevance = |step: usize, rule: usize, digit: usize| {
        training["steps"][step]["rules"][rule]["digits"][digit]["relevance"].clone()
    };
    for (arguments, a, b) in [
        (&[][..], (0, 0), (2, 0)),
        (&["--steps", "5,20"], (1, 0), (2, 0)),
        (&["--steps", "0,5", "--rule", "deep-taylor"], (0, 1), (1, 1)),
        (&["--rule", "w2,deep-taylor"], (2, 0), (2, 1)),
        (
            &["--rule", "w2,deep-taylor", "--steps", "5"],
            (1, 0),
            (1, 1),
        ),
    ] {
        let found = json(&[&["diff", &file][..], arguments].concat());
        let one = &found["samples"][1];
        assert_eq!(
            one["a"]["relevance"],
            relevance(a.0, a.1, 1),
            "{arguments:?}"
        );
        assert_eq!(
            one["b"]["relevance"],
            relevance(b.0, b.1, 1),
            "{arguments:?}"
        );
        assert_eq!(found["a"]["step"], training["steps"][a.0]["step"]);
    }
    let refused = |arguments: &[&str], said: &[&str]| {
        let output = run(&[&["diff", &file][..], arguments].concat());
        assert_refused(&format!("{arguments:?}"), &output, said);
    };
    refused(
        &["--steps", "0,7"],
        &["has no step 7", "the steps 0, 5, 20"],
    );
    refused(&["--steps", "5,5"], &["the same step"]);
    refused(
        &["--rule", "z+"],
        &["has no explanation under z+", "w2, deep-taylor"],
    );
}

#[test]
fn a_page_is_the_one_that_report_makes_and_the_text_fits_its_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = [
        "diff",
        "networks/mnist-32.json",
        "--rule",
        "w2,gradient-x-input",
    ];
    let file = written(folder.path(), "diff.json", &arguments);
    let page = String::from_utf8(run(&["report", &file]).stdout).expect("UTF-8");
    let own = String::from_utf8(run(&[&arguments[..], &["--format", "html"]].concat()).stdout);
    // But for the command that made it.
    let content = |page: &str| {
        let end = page.find("made by").expect("what made it");
        page[..end].to_owned()
    };
    assert_eq!(content(&page), content(&own.expect("UTF-8")));
    assert!(page.contains("From w2 to gradient-x-input"));
    assert_eq!(page.matches("<details class=\"sample\"").count(), 10);
    let text = String::from_utf8(run(&arguments).stdout).expect("UTF-8");
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{text}");
    assert!(text.contains("what moved most"), "{text}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path();
    for (name, arguments) in [
        ("one.json", &["explain", "example:lines"][..]),
        (
            "three.json",
            &["explain", "example:lines", "--rule", "w2,z+,flat"],
        ),
        ("other.json", &["explain", "example:figure-4"]),
        ("compared.json", &["compare", "--seeds", "2"]),
        ("less.json", &["explain", "example:lines", "--sample", "0"]),
    ] {
        written(here, name, arguments);
    }
    let lines = run(&["explain", "example:lines", "--format", "jsonl"]).stdout;
    fs::write(here.join("lines.jsonl"), lines).expect("written");
    fs::write(here.join("none.json"), "[1, 2]").expect("written");
    for (arguments, said) in [
        (
            &["example:lines"][..],
            &["two rules are needed", "--rule w2,z+"][..],
        ),
        (
            &["example:lines", "example:lines", "--rule", "w2,z+"],
            &["one rule is needed"],
        ),
        (
            &["example:lines", "example:figure-4"],
            &["B: expected 9 inputs, as in A, found 3"],
        ),
        (&["one.json"], &["one rule, and nothing to compare it with"]),
        (
            &["three.json"],
            &["has 3 rules, and two are compared", "w2, z+, flat"],
        ),
        (
            &["one.json", "three.json"],
            &["three.json has 3 rules", "--rule chooses"],
        ),
        (
            &["one.json", "three.json", "--rule", "z+"],
            &["one.json has no explanation under z+"],
        ),
        (
            &["one.json", "example:lines"],
            &["a network and a result", "explain NETWORK --format json"],
        ),
        (&["one.json", "other.json"], &["B: expected 9 inputs"]),
        (
            &["one.json", "less.json"],
            &["sample 1: expected the sample in B"],
        ),
        (
            &["compared.json", "one.json"],
            &["compared.json: expected a result of explain or train"],
        ),
        (
            &["lines.jsonl", "one.json"],
            &["lines of explain --format jsonl"],
        ),
        (&["none.json", "example:lines"], &["none.json"]),
        (
            &["one.json", "one.json", "--input", "1"],
            &["that they were made with"],
        ),
        (
            &["one.json", "one.json", "--target", "0"],
            &["that they were made with"],
        ),
        (
            &["one.json", "one.json", "--steps", "0"],
            &["--steps chooses steps of a training"],
        ),
        (
            &["one.json", "one.json", "--sample", "9"],
            &["one.json has no such sample"],
        ),
        (
            &["example:lines", "--rule", "w2,z+", "--steps", "0"],
            &["--steps", "A is a network"],
        ),
        (
            &["one.json", "one.json", "-o", "a.csv"],
            &["the ending says csv"],
        ),
        (
            &["one.json", "one.json", "-o", "one.json"],
            &["would be lost"],
        ),
        (
            &["missing.json", "one.json"],
            &["missing.json: cannot be read"],
        ),
    ] {
        let output = deeptaylor(here, &[&["diff"], arguments].concat());
        assert_refused(&format!("{arguments:?}"), &output, said);
    }
    let output = fed(&["diff", "-", "example:lines"], b"{ \"layers\": [] }");
    assert_refused("stdin", &output, &["standard input: expected a result"]);
}

#[test]
#[cfg(unix)]
fn results_that_come_down_pipes_are_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let explain = |name: &str, rule: &str| {
        written(
            folder.path(),
            name,
            &["explain", "networks/lines.json", "--rule", rule],
        )
    };
    let (a, b) = (explain("a.json", "w2"), explain("b.json", "z+"));
    let program = env!("CARGO_BIN_EXE_deeptaylor");
    let line = format!(
        "cat '{b}' | {{ cat '{a}' | '{program}' diff /dev/stdin /dev/fd/3 --format json; }} 3<&0"
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .output()
        .expect("there is a shell");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["samples"], json(&["diff", &a, &b])["samples"]);
}

#[test]
fn a_training_without_rules_is_refused_and_does_not_break_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let train = [
        "train",
        "--layers",
        "1x28x28,20,pool:2",
        "--steps",
        "0,1",
        "--digits",
        "3,8",
        "--explain",
        "2",
    ];
    let file = written(folder.path(), "training.json", &train);
    let text = fs::read_to_string(&file).expect("written");
    let mut training: Value = serde_json::from_str(&text).expect("JSON");
    for step in training["steps"].as_array_mut().expect("steps") {
        step["rules"] = serde_json::json!([]);
    }
    fs::write(&file, training.to_string()).expect("written");
    let output = run(&["diff", &file]);
    assert_refused("no rules", &output, &["rules: expected a rule, found none"]);
}

#[test]
fn a_result_from_stdin_is_compared_with_one_of_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = written(folder.path(), "a.json", &["explain", "networks/lines.json"]);
    let other = run(&[
        "explain",
        "networks/lines.json",
        "--rule",
        "z+",
        "--format",
        "json",
    ])
    .stdout;
    let output = fed(&["diff", &file, "-", "--format", "json"], &other);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["b"]["source"], "standard input");
    assert_eq!(
        found["samples"],
        json(&["diff", "networks/lines.json", "--rule", "w2,z+"])["samples"]
    );
}
