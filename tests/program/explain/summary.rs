//! Many samples together: which of them are shown, how many fail, and which by most.

use std::fs;

use crate::program::{json, run};
use serde_json::{Value, json as value};

/// A network with two outputs, x and 2 − y, whose relevance is lost where the second fires on its bias, and so many samples with
/// labels.
fn folder(samples: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let network = r#"{"input":{"shape":[2]},"outputs":["x","y"],
        "layers":[{"type":"dense","weights":[[1,0],[0,-1]],"bias":[0,2],"activation":"relu"}]}"#;
    fs::write(folder.path().join("net.json"), network).expect("written");
    let line = |n: usize| {
        format!(
            "{{\"id\":\"s{n}\",\"label\":\"x\",\"x\":[{},{}]}}\n",
            n % 7,
            n % 3
        )
    };
    let lines: String = (0..samples).map(line).collect();
    fs::write(folder.path().join("s.jsonl"), lines).expect("written");
    folder
}

fn explained(samples: usize, options: &[&str]) -> String {
    let folder = folder(samples);
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let arguments = [
        "explain",
        &path("net.json"),
        "--inputs",
        &path("s.jsonl"),
        "--rule",
        "z+",
    ];
    let output = run(&[&arguments[..], options].concat());
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{options:?}"
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn more_than_20_samples_are_shown_together_unless_each_is_asked_for() {
    let tables =
        |samples, options: &[&str]| explained(samples, options).matches(": f(x) =").count();
    assert_eq!([tables(20, &[]), tables(21, &[])], [20, 0]);
    assert_eq!(tables(21, &["--all-samples"]), 21);
    assert_eq!(tables(3, &["--summary"]), 0);
    assert_eq!(tables(1, &["--summary"]), 0);
    assert_eq!(
        [tables(20, &["--exact"]), tables(21, &["--exact"])],
        [20, 0]
    );
    assert_eq!(tables(21, &["--exact", "--all-samples"]), 21);
    let text = explained(300, &[]);
    assert!(
        text.contains("300 samples") && text.contains("--all-samples each of them"),
        "{text}"
    );
    assert!(text.lines().count() < 40, "{text}");
}

#[test]
fn the_summary_says_how_many_fail_which_by_most_and_how_many_labels_are_right() {
    let text = explained(50, &[]);
    let found: Value = serde_json::from_str(&explained(50, &["--format", "json"])).expect("JSON");
    let (summary, samples) = (
        &found["summary"],
        found["samples"].as_array().expect("a list"),
    );
    let fails = |sample: &&Value| {
        let checks = &sample["checks"];
        checks["conservation"]["holds"] == false || checks["positivity"]["holds"] == false
    };
    let gap = |sample: &Value| {
        sample["checks"]["conservation"]["worst_gap"]
            .as_f64()
            .expect("a number")
    };
    let mut failing: Vec<&Value> = samples.iter().filter(fails).collect();
    failing.sort_by(|a, b| gap(b).total_cmp(&gap(a)));
    assert!(failing.len() > 5);
    let worst = summary["worst"].as_array().expect("a list");
    assert_eq!(worst.len(), 5);
    for (worst, sample) in worst.iter().zip(&failing) {
        assert_eq!(worst["sample"], sample["sample"]);
        assert_eq!(worst["id"], sample["id"]);
        assert_eq!(worst["value"], sample["target"]["value"]);
        assert_eq!(worst["fails_by"], gap(sample));
        assert_eq!(worst["least"], sample["checks"]["positivity"]["least"]);
        assert!(text.contains(worst["id"].as_str().expect("text")), "{text}");
    }
    assert_eq!(summary["not_conserved"]["samples"], failing.len());
    assert!(
        text.contains(&format!(
            "Conservation fails for {} of 50 samples",
            failing.len()
        )),
        "{text}"
    );
    let labels = &summary["labels"];
    assert_eq!(labels["labelled"], 50);
    let right = format!(
        "the label is the largest output in {} of 50 samples",
        labels["correct"]
    );
    let line = text
        .lines()
        .find(|line| line.trim_start().starts_with("accuracy"));
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(line.is_some() && words(&text).contains(&right), "{text}");
    let page = explained(50, &["--format", "html"]);
    assert!(page.contains("accuracy"), "a page says it, too");
}

#[test]
fn nothing_fails_by_most_where_nothing_fails() {
    let result = json(&["explain", "networks/lines.json"]);
    assert_eq!(result["summary"]["worst"], value!(null));
    let text = run(&["explain", "networks/lines.json", "--summary"]).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(
        text.contains("all 3 samples") && !text.contains("fail by most"),
        "{text}"
    );
}
