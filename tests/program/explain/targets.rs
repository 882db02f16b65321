//! `--target`: lists of targets, contrasts, names that are both, and what every format makes of them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::npz::npz;
use crate::refusal::{assert_refused, deeptaylor, dense, network};

/// x = (2, 1): cat 9, dog 3; and (1, 2): cat 3, dog 0.
fn animals(outputs: [&str; 2]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let hidden = dense(r#""weights": [[1, 2], [1, -1]], "activation": "relu""#);
    let above = dense(r#""weights": [[1, 0], [2, 1]]"#);
    let outputs = serde_json::json!(outputs);
    let rest = format!(r#", "outputs": {outputs}, "inputs": [[2, 1], [1, 2]]"#);
    let text = network(&format!("{hidden}, {above}"), &rest);
    fs::write(folder.path().join("net.json"), text).expect("the file can be written");
    folder
}

fn explained(folder: &Path, arguments: &str) -> (String, String, Option<i32>) {
    let arguments = format!("explain net.json {arguments}");
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let output = deeptaylor(folder, &arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

fn json(folder: &Path, arguments: &str) -> Value {
    let (stdout, ..) = explained(folder, &format!("{arguments} --format json"));
    serde_json::from_str(&stdout).expect("one JSON document")
}

#[test]
fn a_list_gives_an_explanation_each_in_order_by_sample_and_each_is_that_of_its_target_alone() {
    let folder = animals(["cat", "dog"]);
    for rule in ["w2", "z+", "z", "alpha-beta:2,1"] {
        let rule = format!("--rule {rule}");
        let together = json(folder.path(), &format!("{rule} --target max,cat-dog,1,all"));
        let together = together["samples"].as_array().expect("samples");
        assert_eq!(together.len(), 8);
        for (t, target) in ["max", "cat-dog", "1", "all"].iter().enumerate() {
            let alone = json(folder.path(), &format!("{rule} --target {target}"));
            for n in 0..2 {
                let found = &together[4 * n + t];
                assert_eq!(found["sample"], n);
                assert_eq!(found, &alone["samples"][n], "{target} under {rule}");
            }
        }
    }
}

#[test]
fn a_contrast_says_what_it_is_made_of_and_positivity_is_not_promised_of_it() {
    let folder = animals(["cat", "dog"]);
    let result = json(folder.path(), "--rule z+ --target cat-dog --sample 0");
    let sample = &result["samples"][0];
    let expected = serde_json::json!({
        "index": 0, "name": "cat", "minus": { "index": 1, "name": "dog" }, "value": 6.0
    });
    assert_eq!(sample["target"], expected);
    assert_eq!(sample["checks"]["positivity"]["promised"], false);
    assert_eq!(sample["checks"]["positivity"]["holds"], false);
    assert_eq!(sample["checks"]["conservation"]["promised"], true);
    let (text, _, status) = explained(folder.path(), "--rule z+ --target cat-dog --sample 0");
    assert_eq!(status, Some(0), "{text}");
    for said in [
        "f(x) = cat − dog = 6",
        "The contrast begins with cat at 9 and dog, the sign turned, at -3.",
        "Positivity is not promised of a contrast: what speaks for dog is below 0.",
    ] {
        let text = text.replace("\n    ", " ");
        assert!(text.contains(said), "no `{said}` in\n{text}");
    }
    let (exact, _, status) = explained(folder.path(), "--target cat-dog --sample 0 --exact");
    assert_eq!(status, Some(0), "{exact}");
    assert!(exact.contains("f(x) = cat − dog = 6, exactly"), "{exact}");
}

#[test]
fn rows_have_the_target_and_arrays_the_output_that_is_taken_away() {
    let folder = animals(["cat", "dog"]);
    let (rows, ..) = explained(folder.path(), "--target cat-dog,dog --format csv-wide");
    let rows: Vec<String> = rows
        .lines()
        .map(|row| row.split(',').take(5).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(
        rows,
        [
            "sample,id,label,target,value",
            "0,,,cat - dog,6.0",
            "0,,,dog,3.0",
            "1,,,cat - dog,3.0",
            "1,,,dog,0.0"
        ]
    );
    let (lines, ..) = explained(folder.path(), "--target cat-dog,dog --format jsonl");
    let samples = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        (
            line["sample"].clone(),
            line["target"]["minus"]["index"].clone(),
        )
    });
    let expected = [(0, Some(1)), (0, None), (1, Some(1)), (1, None)];
    let expected = expected.map(|(n, minus)| (Value::from(n), Value::from(minus)));
    assert_eq!(samples.collect::<Vec<_>>(), expected);
    let arrays = |target: &str| {
        let file = folder.path().join("out.npz");
        explained(
            folder.path(),
            &format!("--target {target} -o out.npz --force"),
        );
        npz(&fs::read(file).expect("it was written"))
    };
    let (found, _) = arrays("cat-dog,max");
    assert_eq!(found["sample"].whole(), [0, 0, 1, 1]);
    assert_eq!(found["target"].whole(), [0; 4]);
    assert_eq!(found["minus"].whole(), [1, -1, 1, -1]);
    let (_, names) = arrays("max,all");
    assert!(!names.contains(&"minus".to_owned()), "{names:?}");
}

#[test]
fn the_summary_counts_explanations_and_each_label_once() {
    let folder = animals(["cat", "dog"]);
    let samples = "{\"x\": [2, 1], \"label\": \"cat\"}\n{\"x\": [1, 2], \"label\": \"dog\"}\n";
    fs::write(folder.path().join("s.jsonl"), samples).expect("it can be written");
    let result = json(folder.path(), "--inputs s.jsonl --target max,label,cat-dog");
    let summary = &result["summary"];
    assert_eq!(
        (&summary["samples"], &summary["distinct_samples"]),
        (&6.into(), &2.into())
    );
    assert_eq!(summary["labels"]["labelled"], 2);
    assert_eq!(summary["labels"]["correct"], 1);
    let index = |n: usize| result["samples"][n]["target"]["index"].clone();
    assert_eq!([0, 1, 3, 4].map(index), [0, 0, 0, 1].map(Value::from));
    let (text, ..) = explained(folder.path(), "--inputs s.jsonl --target max,label,cat-dog");
    assert!(text.contains("2 samples, 6 explanations"), "{text}");
    assert!(text.contains("all 6 explanations"), "{text}");
}

#[test]
fn a_name_wins_and_that_is_told() {
    for (outputs, target, note) in [
        (["cat-dog", "dog"], "cat-dog", ""),
        (
            ["0-1", "dog"],
            "0-1",
            "output 0 is named 0-1 and is explained; --target 0-1 explains the contrast",
        ),
        (["a,b", "b"], "a,b", ""),
        (
            ["0,1", "b"],
            "0,1",
            "one output is named 0,1 and is explained",
        ),
    ] {
        let folder = animals(outputs);
        let arguments = format!("--target {target} --sample 0 --format json");
        let (stdout, stderr, _) = explained(folder.path(), &arguments);
        let result: Value = serde_json::from_str(&stdout).expect("JSON");
        assert_eq!(result["samples"][0]["target"]["index"], 0, "{target}");
        assert_eq!(
            result["samples"].as_array().map(Vec::len),
            Some(1),
            "{target}"
        );
        assert!(
            stderr.contains(note) && stderr.is_empty() == note.is_empty(),
            "{stderr}"
        );
    }
}

#[test]
fn what_is_no_list_of_targets_is_refused() {
    let folder = animals(["cat", "dog"]);
    for (arguments, said) in [
        (
            "explain net.json --target cat-cat",
            "target `cat-cat`: a contrast is of two outputs",
        ),
        (
            "explain net.json --target cat,,dog",
            "before and after every comma, found nothing",
        ),
        ("explain net.json --target cat,", "found nothing"),
        (
            "explain net.json --target cat,dog,0",
            "target `0`: expected each target once",
        ),
        (
            "explain net.json --target cat,horse",
            "target `horse`: expected max, all",
        ),
        (
            "explain net.json --target cat-max",
            "max stands for no output of its own",
        ),
        (
            "explain net.json --target label-dog",
            "label stands for no output of its own",
        ),
        (
            "explain net.json --target label,cat",
            "--target label: expected a class, found none",
        ),
        (
            "taylor net.json --sample 0 --target cat,dog",
            "expected one target, found 2",
        ),
        (
            "compare net.json --target cat,dog",
            "expected one target, found 2",
        ),
        (
            "compare net.json --target label",
            "target `label`: expected max, all",
        ),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        assert_refused(arguments, &deeptaylor(folder.path(), &words), &[said]);
    }
}

#[test]
fn taylor_and_compare_take_a_contrast() {
    let folder = animals(["cat", "dog"]);
    for (arguments, said) in [
        (
            "taylor net.json --sample 0 --target cat-dog",
            "f(x) = cat − dog = 6",
        ),
        (
            "taylor net.json --sample 0 --target cat-dog --exact",
            "f(x) = cat − dog = 6",
        ),
        (
            "taylor net.json --sample 0 --target cat-dog --at origin",
            "cat − dog",
        ),
        (
            "taylor net.json --sample 0 --target cat-dog --at origin --exact",
            "cat − dog",
        ),
        ("compare net.json --target cat-dog --seeds 2", "target 0-1"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let output = deeptaylor(folder.path(), &words);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains(said), "{arguments}: no `{said}` in\n{text}");
        assert_ne!(output.status.code(), Some(2), "{arguments}");
    }
}

#[test]
fn a_report_of_several_targets_is_read_from_its_json() {
    let folder = animals(["cat", "dog"]);
    for exact in ["", " --exact"] {
        let (stdout, ..) = explained(
            folder.path(),
            &format!("--target max,cat-dog --format json{exact}"),
        );
        fs::write(folder.path().join("result.json"), stdout).expect("it can be written");
        let output = deeptaylor(
            folder.path(),
            &["report", "result.json", "--format", "markdown"],
        );
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{text}");
        for said in ["cat − dog", "2 samples, 4 explanations"] {
            assert!(text.contains(said), "no `{said}` in\n{text}");
        }
    }
}
