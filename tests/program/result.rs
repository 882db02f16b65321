//! What is looked up in the results of runs.

use serde_json::Value;

use crate::program::{json, run};

/// The networks that come along, with the exit status of `explain` and the number of their samples.
pub const NETWORKS: [(&str, i32, usize); 7] = [
    ("figure-4", 0, 1),
    ("two-stage", 0, 2),
    ("lines", 0, 3),
    ("xor", 0, 4),
    ("lost-relevance", 1, 1),
    ("silent-pool", 0, 1),
    ("residual", 0, 3),
];

/// What a run prints that must succeed.
pub fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stderr.is_empty(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The same without what made it, which names the command line.
pub fn figures(arguments: &[&str]) -> Value {
    let mut result = json(arguments);
    let made = result.as_object_mut().expect("an object").remove("made_by");
    assert!(made.is_some_and(|made| made["program"] == "deeptaylor"));
    result
}

/// The bytes of a result before and after what made it.
pub fn without_origin(result: &[u8]) -> Vec<u8> {
    const KEY: &[u8] = b"\"made_by\":";
    let at =
        (result.windows(KEY.len()).position(|bytes| bytes == KEY)).expect("it says what made it");
    let (before, made) = (&result[..at], &result[at + KEY.len()..]);
    let mut values = serde_json::Deserializer::from_slice(made).into_iter::<Value>();
    values.next().expect("a value").expect("JSON");
    // With the comma behind it.
    [before, &made[values.byte_offset() + 1..]].concat()
}

/// The entry of a scheme in a comparison.
pub fn entry<'r>(result: &'r Value, scheme: &str) -> &'r Value {
    let mut schemes = result["schemes"].as_array().expect("a list").iter();
    schemes
        .find(|entry| entry["scheme"] == scheme)
        .unwrap_or_else(|| panic!("{scheme} takes part"))
}

/// The sentences of a comparison, a line each.
pub fn reading(result: &Value) -> String {
    let sentences = result["interpretation"].as_array().expect("a list").iter();
    sentences
        .map(|sentence| sentence.as_str().expect("text").to_owned() + "\n")
        .collect()
}
