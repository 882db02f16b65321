//! Every key and number of JSON, JSON lines and CSV as it was: the hash of what each command of tests/results.txt prints.
//!
//! `UPDATE_RESULTS=1 cargo test --test program results_are_the_same` writes the hashes of today; the difference says which
//! results have changed.

use std::fmt::Write;
use std::fs;

use rayon::prelude::*;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use crate::program::run;
use crate::refusal::is_done;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/results.txt");
/// Keys whose values are sentences (also those of the network file), or name the version and the command line.
const SENTENCES: [&str; 6] = [
    "interpretation",
    "cause",
    "description",
    "in_words",
    "made_by",
    "notes",
];

/// A result without the values of keys that hold sentences; all else stays byte for byte.
fn without_sentences(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    let keys = SENTENCES.map(|key| format!("\"{key}\":"));
    let next = |text: &str| {
        let found = keys
            .iter()
            .filter_map(|key| Some((text.find(key)?, key.len())));
        found.min()
    };
    while let Some((at, key)) = next(rest) {
        kept += &rest[..at];
        rest = rest[at + key..].trim_start();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        values.next().expect("a value").expect("JSON");
        rest = &rest[values.byte_offset()..];
    }
    kept + rest
}

/// The first digits of the hash of what a command prints.
fn hash(command: &str) -> String {
    let arguments: Vec<&str> = command.split(' ').collect();
    let output = run(&arguments);
    // 1 where a check does not hold.
    assert!(
        is_done(output.status.code()),
        "{command}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let hash = Sha256::digest(without_sentences(&text));
    hash[..8].iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("text");
        digits
    })
}

#[test]
fn results_are_the_same_as_ever_but_for_their_sentences() {
    let file = fs::read_to_string(FILE).expect("the table of results");
    let lines: Vec<&str> = file.lines().collect();
    let found = lines.par_iter().map(|line| match line.split_once(' ') {
        Some((hashed, command)) if hashed != "#" => format!("{} {command}", hash(command)),
        _ => (*line).to_owned(),
    });
    let found: Vec<String> = found.collect();
    if std::env::var_os("UPDATE_RESULTS").is_some() {
        fs::write(FILE, found.join("\n") + "\n").expect("it can be written");
        return;
    }
    let changed: Vec<&str> = (lines.iter().zip(&found))
        .filter_map(|(line, found)| (line != found).then_some(found.as_str()))
        .collect();
    assert!(changed.is_empty(), "changed:\n{}", changed.join("\n"));
}

#[test]
fn only_the_values_of_sentences_are_left_out() {
    let text =
        r#"{"a":1.0,"cause":{"in_words":"\"a\":2"},"b":"\"cause\":1","interpretation": ["x"]}"#;
    assert_eq!(without_sentences(text), r#"{"a":1.0,,"b":"\"cause\":1",}"#);
}
