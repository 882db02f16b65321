//! Large levels, and batches by a budget of memory.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use crate::program::{fed, piped, run};
use serde_json::Value;

/// One input, 20,000 hidden units, and their sum.
fn wide() -> String {
    let weights: Vec<String> = (0..20_000).map(|j| format!("{}", 1 + j % 7)).collect();
    format!(
        r#"{{"input":{{"shape":[1]}},"layers":[{{"type":"dense","weights":[[{}]],"activation":"relu"}},
            {{"type":"sum_pool"}}],"inputs":[[1]]}}"#,
        weights.join(",")
    )
}

#[test]
fn a_large_level_is_whole_where_it_is_asked_for_and_reported_where_it_is_not() {
    let network = wide();
    let explain = |options: &[&str]| {
        let arguments = [&["explain", "-"], options].concat();
        let output = fed(&arguments, network.as_bytes());
        assert_eq!(output.status.code(), Some(0), "{options:?}");
        output.stdout
    };
    let json = |options: &[&str]| -> Value {
        serde_json::from_slice(&explain(&[options, &["--format", "json"]].concat())).expect("JSON")
    };
    let units = |result: &Value| {
        let relevance = &result["samples"][0]["layers"][1]["relevance"];
        relevance.as_array().map(Vec::len)
    };
    let (small, all) = (json(&[]), json(&["--levels", "all"]));
    assert_eq!((units(&small), units(&all)), (None, Some(20_000)));
    assert_eq!(small["samples"][0]["checks"], all["samples"][0]["checks"]);
    let page = fed(&["report"], small.to_string().as_bytes());
    assert_eq!(
        page.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&page.stderr)
    );
    // A row for each unit, unless levels are named.
    let rows = |options: &[&str]| {
        let csv = explain(&[options, &["--format", "csv"]].concat());
        csv.iter().filter(|&&byte| byte == b'\n').count()
    };
    assert_eq!((rows(&[]), rows(&["--levels", "0,2"])), (20_003, 3));
    let text = String::from_utf8(explain(&[])).expect("UTF-8");
    assert!(
        text.contains("more units with") && text.contains("--levels 1 has them"),
        "{text}"
    );
    let refused = fed(&["explain", "-", "--levels", "7"], network.as_bytes());
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--levels: `7` is no level"));
}

#[test]
fn the_budget_of_memory_changes_nothing_but_the_batches() {
    let explain = |options: &[&str]| {
        run(&[&["explain", "example:lines", "--format", "jsonl"], options].concat())
    };
    let usual = explain(&[]).stdout;
    assert!(usual.iter().filter(|&&byte| byte == b'\n').count() > 1);
    for memory in ["1", "4kB", "2GiB"] {
        assert_eq!(explain(&["--memory", memory]).stdout, usual, "{memory}");
    }
    let refused = explain(&["--memory", "much"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("for instance 2GiB"));
}

#[cfg(target_os = "linux")]
const FIGURE_4: &str = "example:figure-4";
#[cfg(target_os = "linux")]
const SAMPLE: &str = "[1, 0.5, -0.25]";

/// KiB that the program holds at the most while it explains so many times a sample, row by row; all are written when it is asked.
#[cfg(target_os = "linux")]
fn peak(network: &str, sample: &str, samples: usize) -> usize {
    let mut child = piped(&["explain", network, "--inputs", "-", "--format", "csv-wide"]);
    let mut stdin = child.stdin.take().expect("a pipe");
    let rows = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let all = format!("{sample}\n").repeat(samples);
    let feed = std::thread::spawn(move || stdin.write_all(all.as_bytes()).map(|()| stdin));
    assert_eq!(
        rows.take(1 + samples).count(),
        1 + samples,
        "a line of names, and rows"
    );
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.expect("it waits for more");
    drop(feed.join().expect("it was fed"));
    assert!(child.wait().expect("it ends").success());
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let size = line.and_then(|line| line.trim().strip_suffix(" kB"));
    size.expect("its peak").parse().expect("a number")
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_samples() {
    let (few, many) = (
        peak(FIGURE_4, SAMPLE, 1_000),
        peak(FIGURE_4, SAMPLE, 20_000),
    );
    // Results of samples that stayed, a kilobyte each, would be more.
    assert!(
        many < few + 8_192,
        "{few} KiB for 1,000 samples, {many} for 20,000"
    );
}

/// A network of so many weights of 32 bits in a file of tensors.
#[cfg(target_os = "linux")]
fn of_large_weights(folder: &Path, [inputs, units]: [usize; 2]) -> PathBuf {
    let count = inputs * units;
    let header = format!(
        r#"{{"w":{{"dtype":"F32","shape":[{units},{inputs}],"data_offsets":[0,{}]}}}}"#,
        4 * count
    );
    let length = header.len().next_multiple_of(8);
    let numbers: Vec<u8> = [0.5_f32, -0.25, 1.0].map(f32::to_le_bytes).concat();
    let numbers: Vec<u8> = numbers.into_iter().cycle().take(4 * count).collect();
    let head = format!("{header:length$}");
    let length = (length as u64).to_le_bytes();
    let tensors = [&length[..], head.as_bytes(), &numbers].concat();
    fs::write(folder.join("w.safetensors"), tensors).expect("written");
    let file = folder.join("large.json");
    let layers = r#"[ { "type": "dense", "weights_order": "out_in", "activation": "relu",
        "weights": { "file": "w.safetensors", "tensor": "w" } }, { "type": "sum_pool" } ]"#;
    let text = format!(r#"{{ "input": {{ "shape": [{inputs}] }}, "layers": {layers} }}"#);
    fs::write(&file, text).expect("written");
    file
}

#[cfg(target_os = "linux")]
#[test]
fn large_weights_of_32_bits_take_no_more_than_their_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let sides = [2100, 4800];
    let network = of_large_weights(folder.path(), sides);
    let sample = format!("[{}]", vec!["1"; sides[0]].join(","));
    let large = peak(network.to_str().expect("a path"), &sample, 1);
    let (program, file) = (peak(FIGURE_4, SAMPLE, 1), 4 * sides[0] * sides[1] / 1024);
    // In f64 they would take as much again.
    assert!(
        large < program + file + file / 2,
        "{large} KiB, beside {program} for a small network and {file} of the file"
    );
}
