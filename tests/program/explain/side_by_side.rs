//! Several rules at once: what each gives alone stays the same, in every format, and what stands beside them follows from it.

use std::fs;
use std::io::Cursor;

use deeptaylor::render::{self, Text};
use deeptaylor::result::{self, AnyResult};
use serde_json::Value;

use crate::npz::npz;
use crate::program::{fed, json, number, run};
use crate::read_back::assert_comes_back;
use crate::refusal::assert_refused;
use crate::result::{NETWORKS, without_origin};

const RULES: [&str; 5] = ["w2", "z+", "epsilon:0.25", "alpha-beta:2,1", "flat"];

/// What a run prints, which may fail a check.
fn printed(arguments: &[&str]) -> Vec<u8> {
    let output = run(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    let status = output.status.code();
    assert!(status.is_some_and(|code| code < 2), "{arguments:?}: {told}");
    output.stdout
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// The documents of a result of several rules as they stand in it.
fn documents(result: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Several<'t> {
        #[serde(borrow)]
        explanations: Vec<&'t serde_json::value::RawValue>,
    }
    let several: Several = serde_json::from_slice(result).expect("explanations");
    let each = several.explanations.into_iter();
    each.map(|document| document.get().to_owned()).collect()
}

#[test]
fn each_document_is_what_its_rule_alone_gives_byte_for_byte() {
    let extras: [&[&str]; 4] = [
        &["--edges=all", "--expansion"],
        &["--exact"],
        &["--layer-rule", "1=flat", "--rule-bias", "keep"],
        &["--levels", "input", "--tolerance", "0", "--target", "all"],
    ];
    for (network, ..) in NETWORKS {
        for extra in extras {
            let command = |rule: &str| {
                let file = format!("networks/{network}.json");
                let command = ["explain", &file, "--format", "json", "--rule", rule];
                printed(&[&command[..], extra].concat())
            };
            let several = command(&RULES.join(","));
            let documents = documents(&several);
            assert_eq!(documents.len(), RULES.len());
            for (rule, document) in RULES.iter().zip(documents) {
                let alone = without_origin(&command(rule));
                let document = without_origin(document.as_bytes());
                assert_eq!(text(&document), text(&alone).trim_end(), "{network} {rule}");
            }
        }
    }
}

/// The lines of each rule in turn, sample by sample.
fn interleaved(by_rule: &[Vec<u8>]) -> String {
    let mut by_rule: Vec<_> = by_rule.iter().map(|lines| text(lines).lines()).collect();
    let mut lines = String::new();
    loop {
        for rule in &mut by_rule {
            match rule.next() {
                Some(line) => lines += &format!("{line}\n"),
                None => return lines,
            }
        }
    }
}

#[test]
fn lines_come_sample_by_sample_the_same_from_a_file_and_a_pipe() {
    let rules = RULES.join(",");
    let command = |rule: &str| {
        let command = ["explain", "example:lines", "--format", "jsonl", "--rule"];
        printed(&[&command[..], &[rule]].concat())
    };
    let several = command(&rules);
    assert_eq!(text(&several), interleaved(&RULES.map(command)));
    let network: Value =
        serde_json::from_slice(&fs::read("networks/lines.json").expect("a file")).expect("JSON");
    let samples = network["inputs"].as_array().expect("samples").iter();
    let samples: Vec<String> = samples.map(ToString::to_string).collect();
    let samples = samples.join("\n");
    let arguments = [
        "explain",
        "example:lines",
        "--rule",
        &rules,
        "--format",
        "jsonl",
    ];
    let piped = fed(
        &[&arguments[..], &["--inputs", "-"]].concat(),
        samples.as_bytes(),
    );
    assert_eq!(text(&piped.stdout), text(&several));
    let first: Value =
        serde_json::from_str(text(&several).lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["rule"], "w2");
}

#[test]
fn rows_have_a_column_of_their_rule_and_else_the_cells_of_the_rule_alone() {
    for (format, column) in [("csv", 1), ("csv-wide", 3)] {
        let table = |rule: &str| -> Vec<Vec<String>> {
            let command = ["explain", "example:xor", "--format", format, "--rule", rule];
            let mut rows = csv::ReaderBuilder::new();
            let rows = rows
                .has_headers(false)
                .from_reader(Cursor::new(printed(&command)));
            let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
            rows.into_records()
                .map(|row| cells(row.expect("a row")))
                .collect()
        };
        let mut several = table(&RULES.join(","));
        let names: Vec<String> = several.iter_mut().map(|row| row.remove(column)).collect();
        assert_eq!(names[0], "rule");
        for rule in RULES {
            let alone = table(rule);
            // Columns of what is absorbed are there where any of the rules can absorb.
            let common = alone[0].len();
            assert_eq!(alone[0], several[0][..common], "{format}");
            let rows = several.iter().zip(&names).skip(1);
            let rows = rows.filter(|(_, of)| *of == rule);
            let rows: Vec<&[String]> = rows.map(|(row, _)| &row[..common]).collect();
            let expected: Vec<&[String]> = alone[1..].iter().map(Vec::as_slice).collect();
            assert_eq!(rows, expected, "{format} {rule}");
        }
    }
}

#[test]
fn arrays_of_each_rule_are_those_of_the_rule_alone() {
    let file = |rule: &str| {
        let command = [
            "explain",
            "example:lines",
            "--levels",
            "0,1",
            "--format",
            "npz",
            "--rule",
        ];
        npz(&printed(&[&command[..], &[rule]].concat()))
    };
    let (several, names) = file(&RULES.join(","));
    let shared = ["ids", "labels", "sample", "target", "value"];
    let of_rule = [
        "relevance",
        "worst_gap",
        "least",
        "lost",
        "absorbed_by_bias",
        "absorbed_by_epsilon",
        "level_1",
    ];
    let each = RULES
        .iter()
        .flat_map(|rule| of_rule.map(|name| format!("{name}@{rule}")));
    let expected: Vec<String> = shared.map(str::to_owned).into_iter().chain(each).collect();
    assert_eq!(names, expected);
    for rule in RULES {
        let (alone, _) = file(rule);
        for name in shared {
            assert_eq!(several[name], alone[name], "{name}");
        }
        for name in of_rule {
            // What no rule absorbs has no array where one stands alone.
            if !alone.contains_key(name) {
                let absorbed = several[&format!("{name}@{rule}")].floats();
                assert!(absorbed.iter().all(|part| *part == 0.0), "{name} {rule}");
                continue;
            }
            assert_eq!(
                several[&format!("{name}@{rule}")],
                alone[name],
                "{name} {rule}"
            );
        }
    }
}

#[test]
fn a_number_behind_a_comma_belongs_to_the_rule_before_it_and_a_rule_counts_once() {
    let output = run(&[
        "explain",
        "--rule",
        "w2,alpha-beta:2,1,z+,W²",
        "--rule",
        "z+",
        "--format",
        "json",
    ]);
    let notes = String::from_utf8_lossy(&output.stderr);
    for rule in ["w2", "z+"] {
        assert!(
            notes.contains(&format!("--rule: {rule} is given twice; it is used once")),
            "{notes}"
        );
    }
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rules = result["explanations"].as_array().expect("a list").iter();
    let rules: Vec<&Value> = rules.map(|one| &one["rule"]).collect();
    assert_eq!(rules, ["w2", "alpha-beta:2,1", "z+"]);
    let one = json(&["explain", "--rule", "z+,z+"]);
    assert_eq!(one["kind"], "explanation", "one rule is no list");
}

#[test]
fn what_takes_one_rule_says_what_takes_several() {
    let refused: [(&[&str], &[&str]); 3] = [
        (
            &["taylor", "--rule", "w2,z+"],
            &[
                "--rule: taylor takes one rule, found 2: w2 and z+",
                "explain --rule w2,z+ shows them",
            ],
        ),
        (&["explain", "--rule", "w2,w3"], &["w3", "the rules are"]),
        (
            &["explain", "example:lost-relevance", "--rule", "w2,zB"],
            &["zB", "bounds"],
        ),
    ];
    for (arguments, said) in refused {
        assert_refused(&arguments.join(" "), &run(arguments), said);
    }
}

/// f(x) = 3·1 + 1·2 = 5 of the inputs 3 and 1 with the weights 1 and 2: w² gives 1 and 4, z⁺ gives 3 and 2.
const BY_HAND: &str = r#"{"input":{"shape":[2]},"layers":[{"type":"dense","weights":[[1],[2]],"activation":"relu"}],"inputs":[[3,1]]}"#;

#[test]
fn how_two_rules_agree_by_hand() {
    let arguments = [
        "explain",
        "-",
        "--rule",
        "w2,z+,epsilon:5",
        "--format",
        "json",
    ];
    let output = fed(&arguments, BY_HAND.as_bytes());
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let pairs = result["agreement"]["pairs"].as_array().expect("a list");
    let cosine = 11.0 / 221.0_f64.sqrt();
    assert!(
        (number(&pairs[0]["cosine"]) - cosine).abs() < 1e-15,
        "{pairs:?}"
    );
    assert_eq!(
        (&pairs[0]["least"], &pairs[0]["sample"]),
        (&pairs[0]["cosine"], &Value::from(0))
    );
    // ε = 5 halves what z gives: the same parts of the half.
    assert!((number(&pairs[2]["cosine"]) - 1.0).abs() < 1e-15);
    let sample = &result["agreement"]["samples"][0];
    for (input, parts) in [[0.2, 0.6, 0.6], [0.8, 0.4, 0.4]].iter().enumerate() {
        let entry = sample["inputs"].as_array().expect("a list");
        let entry = entry
            .iter()
            .find(|entry| entry["input"] == input)
            .expect("listed");
        assert!((number(&entry["apart"]) - 0.4).abs() < 1e-15);
        for (found, part) in entry["parts"].as_array().expect("a list").iter().zip(parts) {
            assert!((number(found) - part).abs() < 1e-15);
        }
    }
    let balance = result["balance"].as_array().expect("a list");
    let figures: Vec<[f64; 3]> = (balance.iter())
        .map(|row| ["value", "input", "absorbed_by_epsilon"].map(|key| number(&row[key])))
        .collect();
    assert_eq!(figures, [[5.0, 5.0, 0.0], [5.0, 5.0, 0.0], [5.0, 2.5, 2.5]]);
    let said = result["interpretation"].to_string();
    assert!(
        said.contains(
            "Under epsilon:5 the inputs carry 2.5 of f(x) = 5; 2.5 (50 %) is absorbed by ε."
        ),
        "{said}"
    );
}

#[test]
fn rules_that_give_the_same_are_told_and_where_nothing_is_to_share_nothing_is_compared() {
    let result = json(&["explain", "example:figure-4", "--rule", "w2,z+,gamma:0,z"]);
    let same = |pair: &&Value| pair["same"] == true;
    let pairs = result["agreement"]["pairs"].as_array().expect("a list");
    let same: Vec<&Value> = pairs
        .iter()
        .filter(same)
        .map(|pair| &pair["rules"])
        .collect();
    assert_eq!(same, [&serde_json::json!(["gamma:0", "z"])]);
    let nothing = json(&[
        "explain",
        "example:xor",
        "--input",
        "0,0",
        "--rule",
        "w2,z+",
    ]);
    assert_eq!(nothing["agreement"]["pairs"][0]["cosine"], Value::Null);
    assert_eq!(
        nothing["agreement"]["samples"][0]["inputs"],
        serde_json::json!([])
    );
    let said = nothing["agreement"]["samples"][0]["interpretation"].to_string();
    assert!(
        said.contains("No rule has anything to redistribute"),
        "{said}"
    );
}

#[test]
fn a_result_of_several_rules_comes_back_from_its_json_and_its_page_has_a_section_a_rule() {
    for extra in [&[][..], &["--exact"], &["--target", "0,1"]] {
        let command = [
            "explain",
            "example:lines",
            "--rule",
            "w2,z+,epsilon:0.25",
            "--format",
            "json",
        ];
        let written = printed(&[&command[..], extra].concat());
        let mut results = result::read("written", &written).expect("it is read");
        let result = results.pop().expect("one");
        let mut again = Vec::new();
        match &result {
            AnyResult::Several(result) => render::json(result, &mut again),
            AnyResult::ExactSeveral(result) => render::json(result, &mut again),
            other => panic!("several rules, not {other:?}"),
        }
        .expect("it is written");
        assert_eq!(text(&again), text(&written), "sample by sample or at once");
        let [markdown, shown] = assert_comes_back(result);
        for rule in ["w2", "z+", "epsilon:0.25"] {
            assert!(
                markdown.contains(&format!("lines under {rule}")),
                "{markdown}"
            );
        }
        assert!(
            shown.contains("relevance of the inputs") && shown.contains("the balance"),
            "{shown}"
        );
    }
}

#[test]
fn several_rules_are_what_their_schema_says() {
    let several = "w2,epsilon:0.25,integrated-gradients";
    for (schema, rules, extra) in [
        ("explanations", several, &["--edges=all", "--expansion"][..]),
        ("exact-explanations", "w2,z+", &["--exact"]),
    ] {
        let text = printed(&["schema", schema]);
        let schema: Value = serde_json::from_slice(&text).expect("JSON");
        let schema = jsonschema::validator_for(&schema).expect("a JSON Schema");
        let result = json(&[&["explain", "example:lines", "--rule", rules], extra].concat());
        assert!(schema.is_valid(&result), "{:?}", schema.validate(&result));
        let mut wrong = result;
        wrong["agreement"]["pairs"][0]["rules"] = "w2".into();
        assert!(!schema.is_valid(&wrong));
    }
}

#[test]
fn what_somebody_changed_by_hand_beside_the_rules_is_refused() {
    let whole = json(&["explain", "example:lines", "--rule", "w2,z+"]);
    let changes: [(&str, Value, &str); 8] = [
        (
            "/agreement/pairs/0/cosine",
            0.5.into(),
            "agreement.pairs[0].cosine",
        ),
        (
            "/agreement/pairs/0/same",
            true.into(),
            "agreement.pairs[0].same",
        ),
        (
            "/agreement/samples/1/cosines/0",
            Value::Null,
            "agreement.samples[1].cosines[0]",
        ),
        (
            "/agreement/samples/0/inputs/0/apart",
            0.9.into(),
            "agreement.samples[0].inputs[0].apart",
        ),
        ("/balance/1/lost", 0.5.into(), "balance[1].lost"),
        (
            "/balance/1/conservation/holds",
            2.into(),
            "balance[1].conservation.holds",
        ),
        ("/balance/0/rule", "flat".into(), "balance[0].rule"),
        (
            "/explanations/1/samples/0/sample",
            7.into(),
            "explanations[1].samples[0].sample",
        ),
    ];
    for (place, value, complaint) in changes {
        let mut forged = whole.clone();
        *forged.pointer_mut(place).expect("it is there") = value;
        let output = fed(&["report"], forged.to_string().as_bytes());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{place}");
        assert!(told.contains(complaint), "{place}: {told}");
    }
    let mut none = whole;
    none["explanations"] = serde_json::json!([]);
    let output = fed(&["report"], none.to_string().as_bytes());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn many_rules_stay_within_the_width_of_a_terminal() {
    let rules = "w2,flat,z+,zB,z,epsilon,gamma:0.25,alpha-beta:2,1,deep-taylor,gradient-x-input";
    let command = ["explain", "example:lines", "--bounds", "0,1", "--expansion"];
    let rest = ["--rule", rules, "--format", "json"];
    let written = printed(&[&command[..], &rest].concat());
    let results = result::read("written", &written).expect("it is read");
    let [AnyResult::Several(several)] = &results[..] else {
        panic!("several rules");
    };
    for width in [60, 80, 120] {
        let shown = Text::new(width, 10);
        let shown = anstream::adapter::strip_str(&shown.explanations(several, true)).to_string();
        let widest = shown.lines().map(|line| line.chars().count()).max();
        assert!(
            widest.is_some_and(|widest| widest <= width),
            "{width}\n{shown}"
        );
        let divided = shown.contains("relevance of the inputs (continued)");
        assert!(divided || width == 120, "{shown}");
    }
}

#[test]
fn what_is_promised_of_one_target_is_not_asked_of_a_contrast() {
    let arguments = [
        "explain",
        "example:lines",
        "--rule",
        "w2,z+",
        "--target",
        "max,0-1",
    ];
    let result = json(&arguments);
    for row in result["balance"].as_array().expect("a list") {
        assert_eq!(row["positivity"]["broken"], 0, "{row}");
        assert!(number(&row["positivity"]["holds"]) < 6.0, "{row}");
    }
    let shown = printed(&arguments);
    assert!(
        text(&shown).contains("where it is not promised"),
        "{}",
        text(&shown)
    );
    assert!(
        !text(&shown).contains("Positivity fails"),
        "{}",
        text(&shown)
    );
    assert!(
        !text(&shown).contains("the balance, in the mean  f(x) = 1"),
        "a mean over targets is no f(x)"
    );
}

#[test]
fn gradient_methods_have_a_table_of_their_own() {
    let arguments = ["explain", "--rule", "w2,integrated-gradients,gradient"];
    let result = json(&arguments);
    let rules = |key: &str| -> Vec<String> {
        let rows = result[key].as_array().expect("a list").iter();
        rows.map(|row| row["rule"].as_str().expect("text").to_owned())
            .collect()
    };
    assert_eq!(rules("balance"), ["w2"]);
    assert_eq!(
        rules("completeness"),
        ["integrated-gradients:50", "gradient"]
    );
    let shown = printed(&arguments);
    assert!(
        text(&shown).contains("\ncompleteness  f(x) = 3.785\n"),
        "{}",
        text(&shown)
    );
}

#[test]
fn arrays_and_rows_hold_what_was_absorbed_where_a_rule_can_absorb() {
    let command = |rule: &str, format: &str| {
        let command = ["explain", "example:lines", "--format", format, "--rule"];
        printed(&[&command[..], &[rule]].concat())
    };
    let (arrays, _) = npz(&command("w2,epsilon:0.25", "npz"));
    let f = arrays["value"].floats();
    for rule in ["w2", "epsilon:0.25"] {
        let of = |name: &str| arrays[&format!("{name}@{rule}")].floats().to_vec();
        let each = f.len();
        let relevance = of("relevance");
        for (n, value) in f.iter().enumerate() {
            let inputs = relevance.len() / each;
            let mut sum: f64 = relevance[n * inputs..(n + 1) * inputs].iter().sum();
            for part in ["lost", "absorbed_by_bias", "absorbed_by_epsilon"] {
                sum += of(part)[n];
            }
            assert!((sum - value).abs() < 1e-12, "{rule}: {sum} is not {value}");
        }
    }
    for (rule, ends) in [
        ("w2", "least,lost"),
        ("epsilon:0.25", "absorbed_by_bias,absorbed_by_epsilon"),
    ] {
        let table = command(rule, "csv-wide");
        let first = text(&table).lines().next().expect("titles");
        assert!(first.ends_with(ends), "{first}");
    }
}

#[test]
fn the_exit_status_is_that_of_the_worst_rule_and_the_notes_name_the_rules_that_fail() {
    for (rules, status) in [
        ("w2,z+", 1),
        ("epsilon,z+", 1),
        ("epsilon:0.25,epsilon:0.5", 0),
    ] {
        let output = run(&[
            "explain",
            "example:lost-relevance",
            "--rule",
            rules,
            "--format",
            "csv-wide",
            "-o",
            "-",
        ]);
        assert_eq!(output.status.code(), Some(status), "{rules}");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(told.contains("under z+"), status == 1, "{told}");
    }
}

#[test]
fn relevance_of_both_signs_that_cancels_is_told_of_the_rules_that_have_it() {
    let network = r#"{"input": {"shape": [2]}, "inputs": [[1, 1]],
        "layers": [{"type": "dense", "weights": [[100], [-99]], "activation": "relu"}, {"type": "sum_pool"}]}"#;
    let said = |rules: &str| {
        let output = fed(
            &["explain", "-", "--rule", rules, "--format", "json"],
            network.as_bytes(),
        );
        let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        result["agreement"]["samples"][0]["interpretation"].to_string()
    };
    let cancels = "Relevance of both signs cancels under z: f(x) is 1, the parts are up to 100. Shares of f(x) mean little there.";
    let both = said("w2,z");
    assert!(both.contains(cancels), "{both}");
    let neither = said("w2,z+");
    assert!(!neither.contains("both signs"), "{neither}");
}
