//! Runs the built program.

use std::io::Write;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The built program, at work in the folder of the project.
pub fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_deeptaylor"));
    program
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CLICOLOR_FORCE")
        .env_remove("NO_COLOR");
    program
}

/// What a run gives.
pub fn run(arguments: &[&str]) -> Output {
    program(arguments).output().expect("the program runs")
}

/// The JSON result of a run.
pub fn json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// A run with pipes to all its ends.
pub fn piped(arguments: &[&str]) -> Child {
    program(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

/// Runs with `input` on stdin.
pub fn fed(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = piped(arguments);
    let mut stdin = child.stdin.take().expect("a pipe");
    // At once, for it may write before it has read all.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).expect("it reads its input"));
        child.wait_with_output().expect("it ends")
    })
}

/// A number of a result.
pub fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("a number, not {value}"))
}
