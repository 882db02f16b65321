//! Numbers beyond f64 on the command line: told in fractions, refused elsewhere.

use crate::program::{fed, json, run};
use crate::result::printed;

#[test]
fn exact_fractions_do_not_need_a_result_in_f64() {
    // 1e200 · 1e200 on the way to f = 1e100: no more than a hundred digits in a fraction.
    const FILE: &str = "tests/cases/scales/beyond.json";
    let fast = run(&["explain", FILE]);
    assert_eq!(fast.status.code(), Some(2));
    let value = format!("1{}", "0".repeat(100));

    let result = json(&["explain", FILE, "--exact"]);
    let sample = &result["samples"][0];
    assert_eq!(sample["target"]["value"], value);
    assert_eq!(sample["layers"][0]["relevance"][0], value);
    assert!(sample["largest_rounding"].is_null());
    let sentences = sample["interpretation"].as_array().expect("sentences");
    let last = sentences.last().and_then(|last| last.as_str());
    assert_eq!(
        last,
        Some(
            "f64 cannot compute this: layer 2: the activation of unit 0 overflows f64 (beyond 1.8e308) for sample 0."
        )
    );
    let second = &result["samples"][1];
    assert!(
        second["largest_rounding"].is_number(),
        "f(x) = 0 is no trouble in f64"
    );
    let text = printed(&["explain", FILE, "--exact"]);
    assert!(text.contains("f64 has no result to compare with"), "{text}");

    let exact = run(&["explain", FILE, "--exact", "--format", "json"]);
    assert_eq!(fed(&["report"], &exact.stdout).status.code(), Some(0));

    for options in [
        &["taylor", FILE, "--exact"][..],
        &["taylor", FILE, "--exact", "--at", "origin"],
    ] {
        assert_eq!(run(&options[..2]).status.code(), Some(2), "in f64");
        let found = run(options);
        assert_eq!(
            found.status.code(),
            Some(0),
            "{options:?}: {}",
            String::from_utf8_lossy(&found.stderr)
        );
    }
}
