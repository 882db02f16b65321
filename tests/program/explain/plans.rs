//! Plans from files and selectors on the command line: what is shown, told and refused.

use std::fs;
use std::path::Path;

use crate::program::run;
use crate::refusal::{assert_refused, deeptaylor, is_done};
use serde_json::{Value, json};

const NETWORK: &str = r#"{ "input": { "shape": [1, 2, 2], "bounds": [0, 1] }, "layers": [
  { "type": "conv2d", "name": "stem", "weights": [[[[1]]]], "activation": "relu" },
  { "type": "conv2d", "name": "deep", "weights": [[[[2]]]] },
  { "type": "add", "name": "both", "from": ["stem", "deep"] },
  { "type": "dense", "name": "2", "weights": [[1], [1], [1], [2]], "activation": "relu" } ],
  "inputs": [[1, 0, 0.5, 1]] }"#;
const PLAN: &str = r#"{ "rule": "z+", "layer_rules": [
  { "layers": "conv2d", "rule": "gamma:0.5" }, { "layers": "first", "rule": "zB" } ] }"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("net.json"), NETWORK).expect("written");
    fs::write(folder.path().join("mine.json"), PLAN).expect("written");
    folder
}

/// What a command prints, as JSON, and what it tells.
fn told(folder: &Path, line: &str) -> (Value, String) {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let output = deeptaylor(folder, &[&arguments[..], &["--format", "json"]].concat());
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(is_done(output.status.code()), "{line}: {stderr}");
    (
        serde_json::from_slice(&output.stdout).expect("JSON"),
        stderr,
    )
}

fn rules(result: &Value) -> Vec<&str> {
    let layers = result["network"]["layers"].as_array().expect("layers");
    let rules = layers[1..].iter().map(|layer| layer["rule"].as_str());
    rules.map(|rule| rule.expect("a rule")).collect()
}

#[test]
fn a_plan_is_taken_in_the_place_of_a_rule_and_layer_rules_go_on_top() {
    let folder = folder();
    for (line, expected) in [
        (
            "explain net.json --plan mine.json",
            ["zB", "gamma:0.5", "z+", "z+"],
        ),
        (
            "taylor net.json --plan mine.json",
            ["zB", "gamma:0.5", "z+", "z+"],
        ),
        (
            "explain net.json --plan mine.json --layer-rule conv2d=w2 --layer-rule all=flat",
            ["w2", "w2", "flat", "flat"],
        ),
        (
            "explain net.json --layer-rule 2-3=flat",
            ["w2", "flat", "flat", "w2"],
        ),
        (
            "explain net.json --rule deep-taylor --layer-rule first=w2",
            ["w2", "z+", "z+", "z+"],
        ),
    ] {
        let (result, stderr) = told(folder.path(), line);
        assert_eq!(rules(&result), expected, "{line}");
        assert_eq!(stderr, "", "{line}");
    }
    let named = told(folder.path(), "explain net.json --plan mine.json").0;
    let files = named["made_by"]["files"].to_string();
    assert!(
        files.contains("net.json") && files.contains("mine.json"),
        "{files}"
    );
}

#[test]
fn what_else_a_selector_could_mean_is_told_with_its_place() {
    let folder = folder();
    let same = r#"{ "rule": "z+", "layer_rules": [
      { "layers": "first", "rule": "w2" }, { "layers": "first", "rule": "flat" } ] }"#;
    fs::write(folder.path().join("twice.json"), same).expect("written");
    for (line, said) in [
        (
            "explain net.json --layer-rule 2=flat",
            "note: --layer-rule 4=flat: `2` is the name of layer 4, which is meant, not the layer of number 2",
        ),
        (
            "explain net.json --layer-rule add=zB",
            "note: --layer-rule add=zB: layer 3 is an addition, which has no bounds; z+ is used",
        ),
        (
            "explain net.json --layer-rule conv2d=z --layer-rule stem=z+ --layer-rule deep=z+",
            "note: --layer-rule conv2d=z: it has no effect: narrower ones mean all of its layers",
        ),
        (
            "explain net.json --plan twice.json",
            "note: twice.json: layer_rules: layer 1 is given w2 and then flat; flat is used",
        ),
        (
            "compare net.json --rule w2,z+ --layer-rule first=flat --layer-rule first=z --schemes zeros --seeds 1",
            "note: --layer-rule: layer 1 is given flat and then z; z is used",
        ),
    ] {
        let (_, stderr) = told(folder.path(), line);
        assert_eq!(stderr.matches(said).count(), 1, "{line}: {stderr}");
        assert_eq!(stderr.lines().count(), 1, "{line}: {stderr}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a row a fault")]
fn what_means_no_layer_and_what_is_no_plan_is_refused() {
    let folder = folder();
    let plan = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    plan(
        "partly.json",
        r#"{ "layer_rules": [{ "layers": "conv2d", "rule": "z" }] }"#,
    );
    plan("typo.json", "{ \"rule\": \"z\",\n  \"layer_rule\": [] }");
    plan(
        "absent.json",
        "{ \"rule\": \"z\",\n  \"layer_rules\": [{ \"layers\": \"gather\", \"rule\": \"z\" }] }",
    );
    plan(
        "above.json",
        r#"{ "rule": "z", "layer_rules": [{ "layers": "deep", "rule": "zB" }] }"#,
    );
    for (line, said) in [
        (
            "explain net.json --layer-rule dens=w2",
            &[
                "--layer-rule dens=w2: expected a whole number",
                "did you mean `dense`?",
            ][..],
        ),
        (
            "explain net.json --layer-rule gather=w2",
            &[
                "no layer of type gather",
                "its types of layer are dense, conv2d, add",
            ],
        ),
        (
            "explain net.json --layer-rule 3-9=w2",
            &["layer 9: there is no such layer"],
        ),
        (
            "explain net.json --layer-rule 3-1=w2",
            &["expected the lower number first, found 3-1", "write 1-3"],
        ),
        (
            "explain net.json --layer-rule =w2",
            &["expected the layers that the rule is for, found nothing"],
        ),
        (
            "explain net.json --layer-rule conv2d=zB",
            &["layer 2: the zB rule needs bounds of what it reads"],
        ),
        (
            "explain net.json --plan mine.json --rule w2",
            &["cannot be used with"],
        ),
        (
            "compare --plan mine.json --rule w2",
            &["cannot be used with"],
        ),
        (
            "train --plan mine.json --rules w2",
            &["cannot be used with"],
        ),
        (
            "inspect net.json --plan mine.json --rule w2",
            &["cannot be used with"],
        ),
        (
            "explain net.json --plan none.json",
            &["none.json: cannot be read"],
        ),
        ("explain net.json --plan -", &["--plan: expected a file"]),
        (
            "explain net.json --plan net.json",
            &["net.json:1:3", "unknown key `input`"],
        ),
        (
            "explain net.json --plan typo.json",
            &[
                "typo.json:2:3",
                "unknown key `layer_rule`",
                "did you mean `layer_rules`?",
            ],
        ),
        (
            "explain net.json --plan partly.json",
            &[
                "partly.json:1:1",
                "layers 3 (`both`) and 4 (`2`) have none",
                "help: ",
            ],
        ),
        (
            "compare net.json --plan partly.json",
            &["partly.json:1:1", "layers 3"],
        ),
        (
            "train --layers 784,10 --plan partly.json",
            &["partly.json:1:31", "no layer of type conv2d"],
        ),
        (
            "inspect net.json --plan absent.json",
            &[
                "absent.json:2:31",
                "layer_rules[0].layers: this network has no layer of type gather",
            ],
        ),
        (
            "explain net.json --plan above.json",
            &[
                "above.json:1:60",
                "layer_rules[0].rule: layer 2: the zB rule needs bounds",
            ],
        ),
        (
            "explain net.json --plan mine.json -o mine.json --force",
            &["mine.json"],
        ),
        ("inspect net.json --rule zB,w3", &["w3"]),
        (
            "inspect net.json --bounds 1,2 --rule zB",
            &["l ≤ 0 ≤ h, found [1, 2]"],
        ),
    ] {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        assert_refused(line, &deeptaylor(folder.path(), &arguments), said);
    }
}

#[test]
fn an_inspection_shows_which_rule_goes_where_and_why_and_gives_plan_files() {
    let folder = folder();
    let (inspection, _) = told(
        folder.path(),
        "inspect net.json --rule deep-taylor,epsilon-plus-flat --layer-rule add=z --rule-bias keep",
    );
    let chosen = |layer: usize, plan: usize| inspection["layers"][layer]["rules"][plan].clone();
    let reason = |selector: &str, by: &str| json!({ "selector": selector, "by": by });
    assert_eq!(inspection["layers"][0].get("rules"), None);
    assert_eq!(
        chosen(1, 0),
        json!({ "rule": "zB", "reason": reason("first", "rule") })
    );
    assert_eq!(
        chosen(2, 0),
        json!({ "rule": "z+", "reason": reason("all", "rule") })
    );
    assert_eq!(
        chosen(1, 1),
        json!({ "rule": "flat", "reason": reason("first", "rule") })
    );
    assert_eq!(
        chosen(2, 1),
        json!({ "rule": "z+", "reason": reason("conv2d", "rule") })
    );
    for plan in [0, 1] {
        assert_eq!(
            chosen(3, plan),
            json!({ "rule": "z", "reason": reason("add", "layer_rule") })
        );
    }
    // What is asked for and what its plan file makes are the same, to the last bit.
    let (asked, _) = told(
        folder.path(),
        "explain net.json --rule epsilon-plus-flat --layer-rule add=z --rule-bias keep",
    );
    let plan = inspection["plans"][1].to_string();
    fs::write(folder.path().join("plan.json"), plan).expect("written");
    let (from_file, _) = told(folder.path(), "explain net.json --plan plan.json");
    assert_eq!(from_file["samples"], asked["samples"]);
    assert_eq!(rules(&from_file), rules(&asked));
    let (unasked, _) = told(folder.path(), "inspect net.json");
    assert_eq!(unasked.get("plans"), None);
}

#[test]
fn a_plan_is_called_by_its_name_or_its_file_where_rules_are_compared() {
    let folder = folder();
    let line = "compare net.json --plan mine.json --schemes zeros --seeds 1";
    let rule = |line: &str| told(folder.path(), line).0["schemes"][0]["rule"].clone();
    assert_eq!(rule(line), "mine");
    assert_eq!(
        rule(&format!("{line} --layer-rule first=w2")),
        "mine first=w2"
    );
    let named = PLAN.replacen('{', r#"{ "name": "gentle","#, 1);
    fs::write(folder.path().join("mine.json"), named).expect("written");
    assert_eq!(rule(line), "gentle");
}

#[test]
fn the_schema_of_plans_takes_what_the_program_takes() {
    let schema = run(&["schema", "plan"]);
    let schema: Value = serde_json::from_slice(&schema.stdout).expect("JSON");
    jsonschema::meta::validate(&schema).expect("a JSON Schema");
    let schema = jsonschema::validator_for(&schema).expect("a JSON Schema");
    for (text, fits) in [
        (PLAN, true),
        (
            r#"{ "$schema": "s", "name": "n", "description": "d", "rule": "w2", "rule_bias": "keep" }"#,
            true,
        ),
        (
            r#"{ "plan": { "rule": "w2" }, "layer_rules": [{ "layers": 1, "rule": "z", "optional": true }] }"#,
            true,
        ),
        (r#"{ "rules": "w2" }"#, false),
        (r#"{ "rule": 1 }"#, false),
        (r#"{ "rule": "w2", "rule_bias": "kept" }"#, false),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": "1" }] }"#,
            false,
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": "", "rule": "z" }] }"#,
            false,
        ),
        (
            r#"{ "rule": "w2", "layer_rules": [{ "layers": 1.5, "rule": "z" }] }"#,
            false,
        ),
    ] {
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(schema.is_valid(&value), fits, "{text}");
        let read = deeptaylor::relevance::PlanFile::parse("plan.json", text.as_bytes());
        assert_eq!(read.is_ok(), fits, "{text}");
    }
}
