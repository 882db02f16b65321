//! Large levels, and batches by a budget of memory.

use crate::program::{fed, run};
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
