//! What a refusal is: exit status 2, nothing on stdout, and one message in the words of the user. And what is none.

use std::path::Path;
use std::process::Output;

use crate::program::program;

/// A well-formed layer for networks whose fault lies elsewhere.
pub const LAYER: &str = r#"{ "type": "dense", "weights": [[1], [2]] }"#;

/// Runs the program in a folder.
pub fn deeptaylor(folder: &Path, arguments: &[&str]) -> Output {
    program(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

/// Whether a run did its work: its status is 0, or 1 where a check does not hold. What a signal ended has none.
pub fn is_done(status: Option<i32>) -> bool {
    status.is_some_and(|status| status < 2)
}

/// That a run refused its input, in a message that says all of `said`.
pub fn assert_refused(what: &str, output: &Output, said: &[&str]) {
    let stderr = String::from_utf8(output.stderr.clone()).expect("the message is UTF-8");
    assert_eq!(output.status.code(), Some(2), "{what}: {stderr}");
    assert!(output.stdout.is_empty(), "{what}: nothing is printed");
    assert_eq!(
        stderr.matches("error: ").count(),
        1,
        "{what}: one message in\n{stderr}"
    );
    for said in said {
        assert!(stderr.contains(said), "{what}: no `{said}` in\n{stderr}");
    }
    for jargon in ["panicked", "usize", "f64::", "struct ", "Raw", "untagged"] {
        assert!(!stderr.contains(jargon), "{what}: `{jargon}` in\n{stderr}");
    }
}

/// The text of a network on two inputs with these layers, and with `rest` at its end.
pub fn network(layers: &str, rest: &str) -> String {
    with_input(r#""shape": [2]"#, layers, rest)
}

pub fn with_input(input: &str, layers: &str, rest: &str) -> String {
    format!("{{ \"input\": {{ {input} }},\n  \"layers\": [{layers}]{rest} }}")
}

pub fn dense(rest: &str) -> String {
    format!(r#"{{ "type": "dense", {rest} }}"#)
}
