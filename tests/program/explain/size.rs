//! Large levels, and batches by a budget of memory.

use std::io::{BufRead, BufReader, Write};

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

/// KiB that the program holds at the most while it explains so many samples, row by row; all are written when it is asked.
#[cfg(target_os = "linux")]
fn peak(samples: usize) -> usize {
    let mut child = piped(&[
        "explain",
        "example:figure-4",
        "--inputs",
        "-",
        "--format",
        "csv-wide",
    ]);
    let mut stdin = child.stdin.take().expect("a pipe");
    let rows = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let all = "[1, 0.5, -0.25]\n".repeat(samples);
    let feed = std::thread::spawn(move || stdin.write_all(all.as_bytes()).map(|()| stdin));
    assert_eq!(
        rows.take(1 + samples).count(),
        1 + samples,
        "a line of names, and rows"
    );
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
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
    let (few, many) = (peak(1_000), peak(20_000));
    // Results of samples that stayed, a kilobyte each, would be more.
    assert!(
        many < few + 8_192,
        "{few} KiB for 1,000 samples, {many} for 20,000"
    );
}
