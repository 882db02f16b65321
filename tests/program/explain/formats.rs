//! One result, many renderings; one sample, many spellings: all hold the same numbers.

use std::fs;

use crate::program::{fed, json, run};
use crate::result::{NETWORKS, figures, without_origin};
use serde_json::Value;

#[test]
fn json_jsonl_and_csv_hold_the_same_numbers() {
    for (network, ..) in NETWORKS {
        let file = format!("networks/{network}.json");
        let result = json(&["explain", &file]);
        let lines = run(&["explain", &file, "--format", "jsonl"]).stdout;
        let lines = lines
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty());
        let samples: Vec<Value> = lines
            .map(|line| {
                let mut line: Value = serde_json::from_slice(line).expect("JSON");
                let rule = line.as_object_mut().expect("a line").remove("rule");
                assert_eq!(
                    rule.as_ref(),
                    Some(&result["rule"]),
                    "a document says it once"
                );
                line
            })
            .collect();
        let mut whole = result["samples"].clone();
        for sample in whole.as_array_mut().expect("a list") {
            let sample = sample.as_object_mut().expect("a sample");
            let flow = sample.remove("flow");
            assert!(flow.is_some(), "the drawing is left out of lines only");
            // So are the channels that are drawn, where there are any.
            sample.remove("channels");
        }
        assert_eq!(whole, Value::Array(samples.clone()), "{network}");

        let table = run(&["explain", &file, "--format", "csv"]).stdout;
        let mut rows = csv::Reader::from_reader(&table[..]);
        let mut seen = 0;
        for row in rows.deserialize::<(
            usize,
            String,
            usize,
            String,
            usize,
            String,
            f64,
            f64,
            Option<f64>,
        )>() {
            let (sample, target, layer, kind, unit, _, activation, relevance, share) =
                row.expect("a row");
            let level = &samples[sample]["layers"][layer];
            assert_eq!(samples[sample]["target"]["name"], target);
            assert_eq!(result["network"]["layers"][layer]["type"], kind);
            assert_eq!(level["activations"][unit], activation);
            assert_eq!(level["relevance"][unit], relevance);
            assert_eq!(level["share"][unit], share.map_or(Value::Null, Value::from));
            seen += 1;
        }
        let units: u64 = result["network"]["layers"]
            .as_array()
            .expect("levels")
            .iter()
            .filter_map(|l| l["units"].as_u64())
            .sum();
        assert_eq!(
            seen,
            units * samples.len() as u64,
            "every unit of {network} has its row"
        );
    }
}

#[test]
fn a_number_read_back_from_json_is_the_same_f64() {
    let network = deeptaylor::Network::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/networks/two-stage.json"
    ))
    .expect("a network");
    let plan = deeptaylor::Plan::of(&network, deeptaylor::Rule::WSquared).expect("a plan");
    let mut explainer = deeptaylor::Explainer::new(&plan);
    let batch = explainer
        .explain(network.samples().view(), &deeptaylor::Target::Max)
        .expect("finite");
    let result = json(&["explain", "networks/two-stage.json"]);
    for (n, sample) in result["samples"]
        .as_array()
        .expect("samples")
        .iter()
        .enumerate()
    {
        for (l, level) in sample["layers"]
            .as_array()
            .expect("levels")
            .iter()
            .enumerate()
        {
            for (i, r) in level["relevance"]
                .as_array()
                .expect("numbers")
                .iter()
                .enumerate()
            {
                assert_eq!(
                    r.as_f64().map(f64::to_bits),
                    Some(batch.relevance(l)[[n, i]].to_bits())
                );
            }
        }
    }
}

#[test]
fn samples_are_the_same_from_arguments_and_files_of_every_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("the file can be written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let network = "networks/figure-4.json";
    let expected = figures(&[
        "explain",
        network,
        "--input",
        "1,0.5,-0.25",
        "--input",
        "[-1, 0, 2e-1]",
    ]);
    for file in [
        write("flat.json", "[[1, 0.5, -0.25], [-1, 0, 0.2]]"),
        write(
            "nested.json",
            "[[[[1]], [[0.5]], [[-0.25]]], [[[-1]], [[0]], [[0.2]]]]",
        ),
        write("lines.jsonl", "[1, 0.5, -0.25]\n\n[[-1], [0], [0.2]]\n"),
        write("bare.csv", "1,0.5,-0.25\n-1,0,0.2\n"),
        write("named.csv", "x3,x1,x2\n-0.25,1,0.5\n0.2,-1,0\n"),
        write(
            "windows.csv",
            "\u{feff}\"x3\",\"x1\",\"x2\"\r\n-0.25, 1, 0.5\r\n0.2, -1, 0\r\n",
        ),
        write("no-extension", "[1, 0.5, -0.25]\n[-1, 0, 0.2]\n"),
    ] {
        assert_eq!(
            figures(&["explain", network, "--inputs", &file]),
            expected,
            "{file}"
        );
    }
    for text in [
        "1,0.5,-0.25\n-1,0,0.2\n",
        "[1,0.5,-0.25]\n[-1,0,0.2]\n",
        "[[1,0.5,-0.25],\n[-1,0,0.2]]",
    ] {
        let output = fed(
            &["explain", network, "--inputs", "-", "--format", "json"],
            text.as_bytes(),
        );
        let found = without_origin(&output.stdout);
        let found: Value = serde_json::from_slice(&found).expect("JSON");
        assert_eq!(found, expected, "{text}");
    }
}
