//! What is told of the audit: losses, cancellation, biases, ties and inputs outside their bounds.

use crate::program::{json, number, run};
use crate::result::{printed, reading};
use serde_json::Value;

#[test]
fn a_comparison_that_fails_without_a_loss_says_that_relevance_cancels() {
    let file = case_file("cancel-pool");
    let result = json(&[
        "compare",
        &file,
        "--with",
        &file,
        "--schemes",
        "zeros",
        "--seeds",
        "1",
    ]);
    let told = told(&result);
    assert!(
        told.contains("loses nothing where conservation fails: relevance of both signs cancels"),
        "{told}"
    );
}

#[test]
fn a_comparison_does_not_call_what_epsilon_absorbs_a_rounding() {
    let compare = [
        "compare",
        "--layers",
        "3,5,pool",
        "--schemes",
        "he-normal",
        "--seeds",
        "2",
    ];
    let rule = |rule| json(&[&compare[..], &["--rule", rule]].concat());
    let result = rule("epsilon:0.25");
    assert_eq!(
        result["schemes"][0]["promised"],
        serde_json::json!({ "conservation": false, "positivity": false })
    );
    let told = told(&result);
    assert!(told.contains("Conservation does not hold in"), "{told}");
    assert!(told.contains("where it is not promised"), "{told}");
    assert!(!told.contains("loses nothing"), "{told}");
    // A unit without bias that fires always has support: what it loses is for want of opposition.
    let lossy = self::told(&rule("alpha-beta:2,1"));
    assert!(lossy.contains("Conservation fails in"), "{lossy}");
    assert!(lossy.contains("or no input opposes it"), "{lossy}");
}

fn case_file(name: &str) -> String {
    format!("tests/cases/{name}.json")
}

/// The reading of one sample.
fn told(sample: &Value) -> String {
    reading(sample)
}

#[test]
fn a_loss_behind_parts_that_cancel_fails_and_is_told_as_cancellation() {
    let file = case_file("cancel-pool");
    assert_eq!(run(&["explain", &file]).status.code(), Some(1));
    let result = json(&["explain", &file]);
    assert_eq!(result["checks"]["conservation"]["holds"], false);
    let told = told(&result["samples"][0]);
    assert!(
        told.contains(
            "Relevance of both signs cancels in layer 1: f(x) is 1.3, the parts are up to 3.513e15"
        ),
        "{told}"
    );
    assert!(told.contains("--exact computes without rounding"), "{told}");
    // In fractions the pool is 0, and what it carries is lost: half of 1.3.
    let exact = json(&["explain", &file, "--exact"]);
    let lost = &exact["samples"][0]["lost"];
    assert_eq!(lost.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&lost[0]["relevance"], &lost[0]["code"]),
        (&"13/20".into(), &"cancels".into())
    );
    assert_eq!(
        (&lost[0]["layer"], &lost[0]["unit"]),
        (&2.into(), &0.into())
    );
    let told = self::told(&exact["samples"][0]);
    assert!(!told.contains("The sums can still hold"), "{told}");
    assert!(
        !told.contains("Rounding") && !told.contains("rounding"),
        "{told}"
    );
}

#[test]
fn rule_and_expansion_that_differ_are_not_said_to_agree() {
    let file = case_file("cancel-pool");
    assert_eq!(run(&["taylor", &file]).status.code(), Some(1));
    let told = told(&json(&["taylor", &file]));
    assert!(
        told.contains("Rule and expansion differ by 1 over"),
        "{told}"
    );
    assert!(!told.contains("agree"), "{told}");
    let exact = self::told(&json(&["taylor", &file, "--exact"]));
    assert!(exact.contains("agree exactly"), "{exact}");
}

#[test]
fn parts_that_cancel_are_named_and_their_shares_are_short() {
    let file = case_file("blow-up");
    let result = json(&["explain", &file]);
    let told = told(&result["samples"][0]);
    assert!(
        told.contains("Relevance of both signs cancels in layer 1"),
        "{told}"
    );
    assert!(told.contains("1e9 times that"), "{told}");
    let output = run(&["explain", &file]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("1e11 %"), "{text}");
    let digits = text.split(|c: char| !c.is_ascii_digit() && c != ',');
    assert!(digits.map(str::len).all(|digits| digits <= 11), "{text}");
}

#[test]
fn numbers_at_the_ends_of_f64_are_told_in_a_few_digits() {
    for arguments in [
        vec!["taylor", "--at", "1e308,1e308,1e308"],
        vec![
            "explain",
            "tests/cases/blow-up.json",
            "--input",
            "1e308,1e308",
            "--target",
            "all",
        ],
        vec![
            "explain",
            "tests/cases/denormal.json",
            "--input",
            "1",
            "--top",
            "all",
        ],
        vec!["explain", "networks/xor.json", "--input", "1e308,-1e308"],
    ] {
        let text = String::from_utf8(run(&arguments).stdout).expect("UTF-8");
        assert!(!text.contains("inf") && !text.contains("NaN"), "{text}");
        let longest = text
            .split_whitespace()
            .map(|word| word.trim_matches('0').len())
            .max();
        assert!(longest <= Some(90), "{text}");
    }
}

#[test]
fn a_gap_of_denormal_units_is_rounding() {
    let file = case_file("denormal");
    for x in ["1", "1.5", "3", "0.7", "11"] {
        let input = format!("{x},{x}");
        let result = json(&["explain", &file, "--input", &input]);
        assert_eq!(result["checks"]["conservation"]["holds"], true, "{result}");
    }
}

#[test]
fn a_negative_value_without_bias_is_lost_for_want_of_support() {
    let result = json(&["explain", &case_file("signed-pair"), "--rule", "z+"]);
    let lost = &result["samples"][2]["lost"][0];
    assert_eq!(lost["cause"], "no input supports it (every x_i·w_ij ≤ 0)");
    assert_eq!(lost["code"], "no_support");
    assert_eq!(lost["relevance"], -1.0);
}

#[test]
fn over_inputs_of_either_sign_z_plus_is_told_as_it_is_computed() {
    let (file, rule) = (case_file("negative-input-zplus"), ["--rule", "z+"]);
    let formula = "R_i = Σ_j max(0, x_i w_ij) / Σ_i' max(0, x_i' w_i'j) · R_j";
    let direction = "v_i = x_i·1[x_i w_ij ≥ 0]";
    let result = json(&[&["explain", &file], &rule[..]].concat());
    let layer = &result["network"]["layers"][1];
    assert_eq!(
        (&layer["formula"], &layer["direction"]),
        (&formula.into(), &direction.into())
    );
    let told = told(&result["samples"][0]);
    assert!(
        told.contains("Layer 1: 2 of the 3 values below it are negative"),
        "{told}"
    );
    let text = printed(&[&["explain", &file], &rule[..]].concat());
    assert!(text.contains(formula), "{text}");
    let page = printed(&[&["explain", &file, "--format", "html"], &rule[..]].concat());
    assert!(page.contains(formula), "{page}");
    let text = printed(&[&["taylor", &file], &rule[..]].concat());
    assert!(text.contains(&format!("along {direction}")), "{text}");
    // Behind a ReLU no value is below 0.
    let deep = json(&["explain", "networks/silent-pool.json", "--rule", "z+"]);
    let layers = &deep["network"]["layers"];
    assert_eq!(layers[1]["formula"], formula);
    assert_eq!(
        layers[3]["formula"],
        "R_i = Σ_j x_i w_ij⁺ / Σ_i' x_i' w_i'j⁺ · R_j"
    );
    assert_eq!(layers[3]["direction"], "v_i = x_i·1[w_ij ≥ 0]");
}

#[test]
fn equal_shares_of_a_silent_pool_are_told_where_they_happen() {
    let file = "networks/silent-pool.json";
    let said = "but 1 sum pool here has n inputs that are all 0 and shares among them equally: R_j = R_k / n";
    for arguments in [vec!["explain", file], vec!["explain", file, "--exact"]] {
        let text = printed(&arguments)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let (_, level) = text
            .split_once("layer 2 sum_pool")
            .expect("the pool has its table");
        let (level, _) = level
            .split_once("layer 1 dense")
            .expect("then the layer below");
        assert!(level.contains(said), "{level}");
        let silent = &json(&arguments)["samples"][0]["silent"];
        assert_eq!(silent[1]["equal_shares"], 1);
        assert_eq!(silent[0]["equal_shares"], 0);
    }
    let (said, _) = said
        .rsplit_once(' ')
        .and_then(|(said, _)| said.split_once("R_j"))
        .expect("a formula");
    let page = printed(&["explain", file, "--format", "html"]);
    assert!(
        page.contains(&format!("{said}<math")),
        "with its formula typeset"
    );
}

#[test]
fn what_the_bias_does_is_said() {
    let (file, rule) = (case_file("bias-does-the-work"), ["--rule", "z+"]);
    for exact in [&[][..], &["--exact"]] {
        let result = json(&[&["explain", &file], &rule[..], exact].concat());
        let told = told(&result["samples"][0]);
        assert!(
            told.contains(
                "Bias share of layer 1: 99 % of f(x) comes from its biases, not from its inputs."
            ),
            "{told}"
        );
    }
    let result = json(&[&["explain", &file], &rule[..]].concat());
    let layers = &result["samples"][0]["layers"];
    assert!((number(&layers[1]["bias_share"]) - 5.0 / 5.03).abs() < 1e-12);
    assert_eq!(layers[0]["bias_share"], Value::Null);
}

#[test]
fn outputs_that_tie_are_named_and_the_first_is_explained() {
    let file = case_file("tie");
    for exact in [&[][..], &["--exact"]] {
        let result = json(&[&["explain", &file], exact].concat());
        let sample = &result["samples"][0];
        assert_eq!(sample["target"]["tied"], serde_json::json!([0, 1]));
        assert_eq!(sample["target"]["index"], 0);
        let told = told(sample);
        assert!(
            told.contains("cat and dog tie for the largest output, 2 each: the first of them, cat, is explained."),
            "{told}"
        );
        let text = printed(&[&["explain", &file], exact].concat());
        assert!(text.contains("(the first of 2 outputs that tie)"), "{text}");
    }
    // Where one is asked for, nothing ties.
    let dog = json(&["explain", &file, "--target", "dog"]);
    assert!(dog["samples"][0]["target"].get("tied").is_none());
}

#[test]
fn inputs_outside_their_bounds_are_counted_and_named() {
    let input = ["--input", "0,0,0,255,255,255,0,0,0"];
    let said = "3 inputs lie outside their bounds [0, 1]: 3, 4 and 5.";
    for exact in [&[][..], &["--exact"]] {
        let result = json(&[&["explain", "networks/lines.json"], &input[..], exact].concat());
        let sample = &result["samples"][0];
        assert_eq!(sample["outside_bounds"], serde_json::json!([3, 4, 5]));
        assert!(told(sample).contains(said), "{sample}");
    }
    let inside = json(&["explain", "networks/lines.json"]);
    assert!(inside["samples"][0].get("outside_bounds").is_none());
}

#[test]
fn inspect_says_which_samples_of_the_file_lie_outside_its_bounds() {
    let network =
        br#"{ "input": { "shape": [2], "bounds": [0, 1] }, "layers": [ { "type": "sum_pool" } ],
        "inputs": [[0, 1], [2, -1], [0, 3]] }"#;
    let output = crate::program::fed(&["inspect", "-", "--format", "json"], network);
    let result: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let notes = result["notes"].to_string();
    assert!(
        notes.contains("2 of 3 samples of the file lie outside the bounds [0, 1]: 2 inputs of sample 1 and 1 input of sample 2."),
        "{notes}"
    );
}

#[test]
fn where_there_is_nothing_to_explain_the_checks_hold_trivially() {
    let text = printed(&["explain", "networks/xor.json", "--input", "0,0"]);
    for property in [
        "conservation  holds (trivially)",
        "positivity    holds (trivially)",
    ] {
        assert!(text.contains(property), "{text}");
    }
    let page = printed(&[
        "explain",
        "networks/xor.json",
        "--input",
        "0,0",
        "--format",
        "html",
    ]);
    assert!(page.contains("holds (trivially)"));
    let all = printed(&["explain", "networks/xor.json"]);
    let (_, all) = all
        .split_once("all 4 samples")
        .expect("the samples together");
    assert!(all.contains("conservation  holds  "), "{all}");
    assert!(
        all.contains("f(x) = 0, and nothing is explained, for 2 of 4 samples (0 and 3)."),
        "{all}"
    );
}

#[test]
fn the_samples_that_fail_are_counted_and_named_together() {
    let file = case_file("signed-pair");
    let result = json(&["explain", &file]);
    let summary = &result["summary"];
    assert_eq!(
        summary["not_positive"],
        serde_json::json!({ "samples": 1, "first": [2] })
    );
    assert_eq!(summary["value_below_0"], summary["not_positive"]);
    assert_eq!(summary["not_conserved"]["samples"], 0);
    let text = String::from_utf8(run(&["explain", &file]).stdout).expect("UTF-8");
    let (_, all) = text
        .split_once("all 4 samples")
        .expect("the samples together");
    assert!(
        all.contains("Positivity fails for 1 of 4 samples (2)."),
        "{all}"
    );
}

#[test]
fn all_is_understood_as_a_number_of_units_and_0_is_refused_in_plain_words() {
    let text = printed(&["explain", "networks/lines.json", "--top", "all"]);
    assert!(!text.contains("more unit"));
    assert!(
        !printed(&[
            "taylor",
            "networks/lines.json",
            "--sample",
            "0",
            "--top",
            "all"
        ])
        .contains("more unit")
    );
    for (arguments, expected) in [
        (
            ["explain", "--top", "0"],
            "expected a whole number from 1, or all",
        ),
        (
            ["explain", "--top", "x"],
            "expected a whole number from 1, or all",
        ),
        (
            ["explain", "--top", "-1"],
            "expected a whole number from 1, or all",
        ),
        (
            ["taylor", "--top", "1.5"],
            "expected a whole number from 1, or all",
        ),
        (
            ["taylor", "--sample", "x"],
            "expected the numbers of samples",
        ),
        (
            ["taylor", "--unit", "99999999999999999999"],
            "expected a whole number",
        ),
        (
            ["compare", "--seeds", "0"],
            "expected a whole number from 1 to 1,000,000",
        ),
        (
            ["compare", "--samples", "0"],
            "expected a whole number from 1",
        ),
    ] {
        let output = run(&arguments);
        let message = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(message.starts_with("error: invalid value"), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(
            message.ends_with("\n\nFor more information, try '--help'.\n"),
            "{message}"
        );
    }
}

#[test]
fn a_page_shows_the_checks_of_the_text() {
    let text = printed(&["explain"]);
    assert!(text.contains("rule − expansion"), "{text}");
    assert!(printed(&["explain", "--format", "html"]).contains("rule − expansion"));
}
