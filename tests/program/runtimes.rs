//! What is computed, read and written, held against Python's own fractions, numpy, Pillow, onnxruntime and zennit, and run by
//! Apache Spark: the scripts of tests/python with a few cases.
//!
//! Without these packages each test says what it skips, and passes. `.ci/run` brings them along.

use std::process::Command;

use crate::python::python;
use crate::skip::skip;

/// Runs a script of tests/python on the program with so many cases; none of them may fail.
#[track_caller]
fn holds(script: &str, packages: &[&str], cases: usize) {
    let arguments = [env!("CARGO_BIN_EXE_deeptaylor"), &cases.to_string()];
    passes(script, packages, &arguments, cases);
}

/// Runs a script of tests/python that has so many cases at the least; none of them may fail.
#[track_caller]
fn passes(script: &str, packages: &[&str], arguments: &[&str], cases: usize) {
    let Some(python) = python(packages) else {
        return;
    };
    let output = Command::new(python)
        .arg(format!("tests/python/{script}"))
        .args(arguments)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("it can be started");
    let printed = String::from_utf8_lossy(&output.stdout);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{told}");
    // What ends before its cases have run is no success.
    let last = printed.lines().last().unwrap_or_default();
    let passed = last.strip_suffix(" passed, 0 failed");
    let passed = passed.and_then(|passed| passed.parse::<usize>().ok());
    assert!(
        passed.is_some_and(|passed| passed >= cases),
        "{printed}{told}"
    );
}

/// So many cases do the golden files have.
const GOLDEN: usize = 152;

#[test]
fn the_mathematics_gives_every_value_of_the_golden_files() {
    passes("golden.py", &["numpy"], &["tests/golden"], GOLDEN);
}

#[test]
fn a_golden_value_that_is_changed_a_little_is_noticed() {
    let arguments = ["tests/golden", "--self-check"];
    passes("golden.py", &["numpy"], &arguments, GOLDEN);
}

#[test]
fn exact_relevance_of_random_graphs_is_that_of_pythons_own_fractions() {
    holds("exact.py", &["fractions"], 20);
}

#[test]
fn arrays_and_pictures_are_read_as_numpy_and_pillow_wrote_them_and_numpy_reads_what_is_written() {
    holds("arrays.py", &["numpy", "PIL"], 100);
}

#[test]
fn onnxruntime_computes_with_what_is_written_what_the_program_computes() {
    holds("onnx_written.py", &["numpy", "onnx", "onnxruntime"], 30);
}

#[test]
fn models_of_random_operators_give_what_onnxruntime_and_their_definitions_give() {
    holds("onnx_read.py", &["numpy", "onnx", "onnxruntime"], 100);
}

#[test]
fn relevance_of_random_networks_is_that_of_zennit_where_both_define_it() {
    holds("zennit_relevance.py", &["torch", "zennit"], 5);
}

#[test]
fn spark_gives_the_bytes_of_one_process_while_children_and_workers_are_killed() {
    let java = Command::new("java").arg("-version").output();
    if !java.is_ok_and(|output| output.status.success()) {
        skip("for there is no java");
        return;
    }
    holds("spark.py", &["pyspark"], 4);
}
