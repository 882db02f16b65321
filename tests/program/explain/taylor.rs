//! The expansions as the program prints them: by hand, in fractions, and in the shape that others rely on.

use std::fs;
use std::path::Path;

use crate::program::{json, run};
use crate::refusal::{assert_refused, deeptaylor};
use crate::result::printed;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Two inputs, two detectors, one pool: x = (1, 1/2), z_0 = 1·1 + 2·½ − 1 = 1, z_1 = 1 − ½ = ½, f = 3/2.
fn two_two_one() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let network = r#"{ "input": { "shape": [2], "bounds": [-1, 1] },
      "layers": [ { "type": "dense", "weights": [[1, 1], [2, -1]], "bias": [-1, 0], "activation": "relu" },
                  { "type": "sum_pool" } ],
      "inputs": [[1, 0.5]] }"#;
    fs::write(folder.path().join("net.json"), network).expect("the file can be written");
    folder
}

fn taylor(folder: &Path, arguments: &[&str]) -> Value {
    let arguments = [&["taylor", "net.json", "--format", "json"], arguments].concat();
    let output = deeptaylor(folder, &arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A fraction, or a number, as f64.
fn value(number: &Value) -> f64 {
    let Some(text) = number.as_str() else {
        return number.as_f64().expect("a number");
    };
    let (p, q) = text.split_once('/').unwrap_or((text, "1"));
    p.parse::<f64>().expect("a numerator") / q.parse::<f64>().expect("a denominator")
}

#[test]
fn roots_and_terms_of_a_2_2_1_network_are_the_fractions_found_by_hand() {
    let folder = two_two_one();
    // The pool: root at 0, terms x_j. Then for each unit v, t = z / Σ v w, x̃ = x − t·v, and w·t·v.
    for (rule, roots, terms) in [
        // v = w: t = 1/5 and 1/4.
        (
            "w2",
            [["4/5", "1/10"], ["3/4", "3/4"]],
            [["1/5", "4/5"], ["1/4", "1/4"]],
        ),
        // v = x where w ≥ 0: t = 1/2 for both.
        (
            "z+",
            [["1/2", "1/4"], ["1/2", "1/2"]],
            [["1/2", "1/2"], ["1/2", "0"]],
        ),
        // v = x + 1 where w ≥ 0, x − 1 where w < 0: t = 1/5 for both.
        (
            "zB",
            [["3/5", "1/5"], ["3/5", "3/5"]],
            [["2/5", "3/5"], ["2/5", "1/10"]],
        ),
    ] {
        for exact in [true, false] {
            let layer_rule = format!("1={rule}");
            let mut arguments = vec!["--layer-rule", &layer_rule];
            if exact {
                arguments.push("--exact");
            }
            let result = taylor(folder.path(), &arguments);
            let units = result["units"].as_array().expect("units");
            assert_eq!(units.len(), 3);
            let mut expected = vec![(2, json!(["0", "0"]), json!(["1", "1/2"]))];
            expected.extend((0..2).map(|j| (1, json!(roots[j]), json!(terms[j]))));
            for (unit, (layer, root, terms)) in units.iter().zip(expected) {
                assert_eq!(unit["layer"], layer);
                if exact {
                    assert_eq!(
                        (&unit["root"], &unit["terms"], &unit["remainder"]),
                        (&root, &terms, &json!("0")),
                        "{rule}"
                    );
                } else {
                    for (key, expected) in [("root", root), ("terms", terms)] {
                        for (found, expected) in unit[key]
                            .as_array()
                            .expect("a list")
                            .iter()
                            .zip(expected.as_array().expect("a list"))
                        {
                            assert!(
                                (value(found) - value(expected)).abs() < 1e-15,
                                "{rule}, {key}"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_figure_4_network_has_these_fractions() {
    let result = json(&["explain", "--exact"]);
    let sample = &result["samples"][0];
    for layer in sample["layers"].as_array().expect("levels") {
        assert_eq!(
            (&layer["sum"], &layer["gap"]),
            (&json!("757/200"), &json!("0"))
        );
    }
    assert_eq!(sample["target"]["value"], "757/200");
    assert_eq!(
        sample["layers"][1]["relevance"],
        json!(["167/200", "27/20", "0", "8/5", "0"])
    );
    assert_eq!(
        sample["checks"]["conservation"],
        json!({ "holds": true, "promised": true, "worst_gap": 0.0 })
    );
    assert_eq!(
        sample["checks"]["positivity"],
        json!({ "holds": true, "promised": true, "least": "0" })
    );
    // Unit 0: Σ w² = 0.92² + 0.65² + 0.96² = 4381/2000, t = z / Σ w² = 167/200 · 2000/4381 = 1670/4381,
    // the root 1 − 0.92 · t and the term 0.92² · t.
    let result = json(&["taylor", "--exact", "--layer", "1", "--unit", "0"]);
    let [unit] = &result["units"].as_array().expect("units")[..] else {
        panic!("one unit")
    };
    assert_eq!(unit["terms"][0], "176686/547625");
    assert_eq!(unit["root"][0], "14223/21905");
    assert_eq!(
        (&unit["sum"], &unit["remainder"]),
        (&json!("167/200"), &json!("0"))
    );
}

#[test]
fn exact_explanations_have_the_keys_of_explain_and_strings_for_numbers() {
    for (network, ..) in crate::result::NETWORKS {
        let file = format!("networks/{network}.json");
        let (fast, exact) = (
            json(&["explain", &file]),
            json(&["explain", &file, "--exact"]),
        );
        assert_same_shape(&fast, &exact, "", false);
        assert_eq!(
            fast["checks"]["conservation"]["holds"],
            exact["checks"]["conservation"]["holds"]
        );
    }
}

/// That every key of the one is in the other, with a string near every number under the keys that are fractions.
fn assert_same_shape(fast: &Value, exact: &Value, key: &str, fraction: bool) {
    const FRACTIONS: [&str; 10] = [
        "activations",
        "relevance",
        "sum",
        "gap",
        "least",
        "value",
        "input",
        "lost",
        "absorbed_by_bias",
        "absorbed_by_epsilon",
    ];
    match (fast, exact) {
        (Value::Object(fast), Value::Object(exact)) => {
            // Drawings are made of the fast path only, the command lines differ, and equalities have no tolerance.
            for (key, fast) in fast.iter().filter(|(key, _)| {
                !["flow", "channels", "made_by", "tolerance"].contains(&key.as_str())
            }) {
                let exact = exact.get(key).unwrap_or_else(|| panic!("{key} is there"));
                assert_same_shape(fast, exact, key, FRACTIONS.contains(&key.as_str()));
            }
        }
        (Value::Array(fast), Value::Array(exact)) if key != "interpretation" => {
            assert_eq!(fast.len(), exact.len(), "{key}");
            fast.iter()
                .zip(exact)
                .for_each(|(fast, exact)| assert_same_shape(fast, exact, key, fraction));
        }
        (Value::Number(_), exact) => {
            assert_eq!(exact.is_string(), fraction, "{key} is {exact}");
            assert!((value(fast) - value(exact)).abs() < 1e-12, "{key}");
        }
        _ => {}
    }
}

#[test]
fn a_hidden_layer_under_w2_has_roots_outside_its_domain_and_under_z_plus_none() {
    let result = json(&["taylor", "networks/silent-pool.json"]);
    assert_eq!(result["kind"], "taylor");
    let layers = result["layers"].as_array().expect("levels");
    assert_eq!(
        layers.len(),
        result["network"]["layers"]
            .as_array()
            .expect("levels")
            .len()
    );
    assert_eq!(
        (&layers[3]["roots"], &layers[3]["outside_domain"]),
        (&json!(4), &json!(3))
    );
    assert_eq!(
        layers[3]["by_rule"][1],
        json!({ "rule": "z+", "roots": 4, "outside_domain": 0 })
    );
    assert!(
        layers
            .iter()
            .all(|layer| layer["largest_difference"].as_f64() < Some(1e-12))
    );
    // Those that carry relevance without having fired have no root, and are told apart.
    assert_eq!(result["rootless"].as_array().map(Vec::len), Some(3));
    let outside = |unit: &Value| unit["layer"] == 3 && unit["outside"] != 0;
    let units = result["units"].as_array().expect("units");
    assert_eq!(units.iter().filter(|unit| outside(unit)).count(), 3);
    let text = printed(&["explain", "networks/silent-pool.json"]);
    assert!(
        text.contains("3 of 10 roots outside their domain,"),
        "{text}"
    );
    assert!(
        text.contains("In layer 3, 3 of 4 roots lie where layer 2 takes no values"),
        "{text}"
    );
}

#[test]
fn a_lost_relevance_has_no_root_and_the_others_keep_theirs() {
    let output = run(&["taylor", "networks/lost-relevance.json", "--format", "json"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "rule and expansion agree where there is one"
    );
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(result["rootless"][0]["unit"], 1);
    assert_eq!(result["rootless"][0]["relevance"], 0.5);
}

#[test]
fn batches_hold_rules_against_expansions_only_where_asked() {
    let without = json(&["explain", "networks/lines.json"]);
    assert!(without["samples"][0].get("expansion").is_none());
    let with = json(&["explain", "networks/lines.json", "--expansion"]);
    for sample in with["samples"].as_array().expect("samples") {
        let expansion = &sample["expansion"];
        assert!(expansion["largest_difference"].as_f64() < Some(1e-12));
        assert_eq!(expansion["layers"][0]["roots"], 0);
        let layers = expansion["layers"].as_array().expect("levels").iter();
        assert_eq!(
            layers
                .map(|layer| layer["roots"].as_u64())
                .sum::<Option<u64>>(),
            expansion["roots"].as_u64()
        );
    }
}

#[test]
fn without_biases_the_origin_is_a_root_and_what_remains_is_0_exactly() {
    let result = json(&["taylor", "--at", "origin", "--exact"]);
    assert_eq!(result["kind"], "taylor-function");
    assert_eq!(result["root"], json!(["0", "0", "0"]));
    assert_eq!(
        (
            &result["value"],
            &result["value_at_root"],
            &result["remainder"]
        ),
        (&json!("757/200"), &json!("0"), &json!("0"))
    );
    assert_eq!(result["gradient"], json!(["257/100", "47/100", "-98/25"]));
    let same = json(&["taylor", "--at", "0,0,0", "--exact"]);
    assert_eq!(result["terms"], same["terms"]);
    // In f64 the same, to within rounding.
    let floats = json(&["taylor", "--at", "origin"]);
    assert!(
        floats["remainder"]
            .as_f64()
            .is_some_and(|remainder| remainder.abs() < 1e-15)
    );
}

#[test]
fn across_several_pieces_something_remains_and_the_text_says_how_much() {
    // With b < 0 unit 0 stops at t = 1/2 on the way to the origin; f = 3/2, ∇f(x̃) is that of unit 1 alone.
    let folder = two_two_one();
    let result = taylor(folder.path(), &["--at", "origin", "--exact"]);
    assert_eq!(result["root"], json!(["0", "0"]));
    assert_eq!(result["terms"], json!(["1", "-1/2"]));
    assert_eq!(
        (&result["remainder"], &result["pieces"]),
        (&json!("1"), &json!(2))
    );
    let text = deeptaylor(folder.path(), &["taylor", "net.json", "--at", "origin"]).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(
        text.contains("ε = 1 is 67 % of f(x): 2 linear pieces lie between"),
        "{text}"
    );
}

#[test]
fn where_the_line_has_no_root_it_is_said() {
    let folder = two_two_one();
    let result = taylor(folder.path(), &["--at", "1,1"]);
    assert_eq!(
        (&result["root_found"], &result["value_at_root"]),
        (&json!(false), &json!(2.0))
    );
    let text = deeptaylor(folder.path(), &["taylor", "net.json", "--at", "1,1"]).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(
        text.contains("There is no root on the line to 1,1: the expansion is at the point itself"),
        "{text}"
    );
}

#[test]
fn a_network_that_never_falls_to_0_is_expanded_where_it_is_least() {
    let folder = tempfile::tempdir().expect("a folder");
    let network = r#"{ "input": { "shape": [1] }, "inputs": [[3]],
      "layers": [ { "type": "dense", "weights": [[1]], "bias": [-1], "activation": "relu" },
                  { "type": "dense", "weights": [[1]], "bias": [0.5] } ] }"#;
    fs::write(folder.path().join("net.json"), network).expect("the file can be written");
    let result = taylor(folder.path(), &["--at", "nearest", "--exact"]);
    assert_eq!(
        (&result["root_found"], &result["root"]),
        (&json!(false), &json!(["1"]))
    );
    assert_eq!(
        (
            &result["value_at_root"],
            &result["terms"],
            &result["remainder"]
        ),
        (&json!("1/2"), &json!(["2"]), &json!("0"))
    );
}

#[test]
fn what_cannot_be_expanded_is_refused_with_what_would_do() {
    let folder = two_two_one();
    let deep = r#"{ "input": { "shape": [2] }, "layers": [ { "type": "dense", "weights": [[1], [1e-320]] } ], "inputs": [[1, 1e-399]] }"#;
    fs::write(
        folder.path().join("tiny.json"),
        deep.replace("1e-320", "1e-999"),
    )
    .expect("a file");
    for (arguments, said) in [
        (
            vec!["taylor", "net.json", "--layer", "3"],
            vec!["--layer 3", "from 1 to 2"],
        ),
        (
            vec!["taylor", "net.json", "--layer", "0"],
            vec!["0 is the input"],
        ),
        (
            vec!["taylor", "net.json", "--unit", "2"],
            vec!["--unit 2", "below 2"],
        ),
        (
            vec!["taylor", "net.json", "--sample", "1"],
            vec!["--sample 1", "the network file has 1, counted from 0"],
        ),
        (
            vec!["taylor", "net.json", "--at", "1"],
            vec!["--at 1", "expected 2 numbers", "origin or nearest"],
        ),
        (
            vec!["taylor", "net.json", "--at", "root"],
            vec!["--at root", "origin or nearest"],
        ),
        (
            vec!["taylor", "net.json", "--input", "1"],
            vec!["--input 1", "expected 2 numbers"],
        ),
        (
            vec!["taylor", "net.json", "--at", "0,0", "--layer", "1"],
            vec!["--layer", "--at"],
        ),
        (
            vec!["explain", "net.json", "--exact", "--inputs", "x.csv"],
            vec!["x.csv: cannot be read"],
        ),
        (
            vec!["explain", "net.json", "--exact", "--format", "csv"],
            vec!["text, json, jsonl or html"],
        ),
        (
            vec!["explain", "net.json", "--exact-limit", "1"],
            vec!["--exact"],
        ),
        (
            vec!["explain", "net.json", "--exact", "--exact-limit", "0"],
            vec!["above 0"],
        ),
        (
            vec!["explain", "net.json", "--exact", "--exact-limit", "1e-9"],
            vec!["digits", "--exact-limit"],
        ),
        (
            vec!["explain", "tiny.json", "--exact"],
            vec!["layers[0].weights", "1e±400", "1e-999"],
        ),
    ] {
        assert_refused(
            &arguments.join(" "),
            &deeptaylor(folder.path(), &arguments),
            &said,
        );
    }
}

#[test]
fn help_explains_every_column() {
    let (help, table) = (printed(&["taylor", "--help"]), printed(&["taylor"]));
    for column in [
        "R_j",
        "c_j",
        "z(x)",
        "z(x̃)",
        "‖x − x̃‖",
        "ε",
        "x",
        "v",
        "root x̃",
        "∂R_j/∂x",
        "term",
    ] {
        assert!(
            help.contains(&format!("\n  {column}")) || help.contains(&format!(", {column} ")),
            "{column} is explained"
        );
        assert!(table.contains(column), "{column} is shown");
    }
}
