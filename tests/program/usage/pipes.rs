//! What goes in and out: stdin, streams, closed pipes, colours, and the same bytes every time.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use crate::program::{fed, piped, program, run};
use serde_json::Value;

#[test]
fn a_network_on_stdin_is_explained_like_its_file() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks/xor.json");
    let text = fs::read(file).expect("a file");
    assert_eq!(
        fed(&["explain", "-"], &text).stdout,
        run(&["explain", "networks/xor.json"]).stdout
    );
    assert_eq!(
        fed(&["inspect", "-"], &text).stdout,
        run(&["inspect", "networks/xor.json"]).stdout
    );
}

#[test]
fn with_jsonl_a_result_arrives_before_the_next_sample_is_written() {
    let mut child = piped(&[
        "explain",
        "networks/figure-4.json",
        "--inputs",
        "-",
        "--format",
        "jsonl",
    ]);
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut results = BufReader::new(child.stdout.take().expect("a pipe"));
    for n in 1..=3 {
        writeln!(stdin, "[{n}, 0, 0]").expect("it reads");
        stdin.flush().expect("it reads");
        // Were the program to wait for more, this read would never end.
        let mut line = String::new();
        results.read_line(&mut line).expect("it writes");
        let result: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(result["layers"][0]["activations"][0], f64::from(n));
    }
    drop(stdin);
    assert_eq!(results.read_line(&mut String::new()).expect("the end"), 0);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn what_was_streamed_before_an_error_stays() {
    let output = fed(
        &[
            "explain",
            "networks/figure-4.json",
            "--inputs",
            "-",
            "--format",
            "jsonl",
        ],
        b"[1, 0, 0]\n[1, 0]\n",
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        output.stdout.iter().filter(|&&byte| byte == b'\n').count(),
        1
    );
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("standard input:2:1: expected samples of 3 numbers")
    );
}

#[test]
fn rows_before_a_bad_sample_are_the_same_from_a_file_and_a_pipe_in_batches_of_any_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("samples.jsonl");
    let path = file.to_str().expect("UTF-8");
    // One that cannot be read, and one that cannot be explained.
    for bad in ["[1, 0]", "[1e308, 1e308, 1e308]"] {
        let samples = "[1, 0, 0]\n".repeat(5) + bad + "\n[1, 0, 0]\n";
        fs::write(&file, &samples).expect("a file");
        let explain = ["explain", "networks/figure-4.json", "--format", "jsonl"];
        let piped = [&explain[..], &["--inputs", "-"]].concat();
        let piped = fed(&piped, samples.as_bytes());
        assert_eq!(piped.stdout.split_inclusive(|&b| b == b'\n').count(), 5);
        for memory in ["1", "1GiB"] {
            let found = run(&[&explain[..], &["--inputs", path, "--memory", memory]].concat());
            assert_eq!(found.status.code(), Some(2), "{bad} with {memory}");
            assert!(found.stdout == piped.stdout, "{bad} with {memory}");
        }
    }
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let mut child = piped(&[
        "explain",
        "networks/figure-4.json",
        "--inputs",
        "-",
        "--format",
        "jsonl",
    ]);
    let mut stdin = child.stdin.take().expect("a pipe");
    drop(child.stdout.take());
    // The first result meets a closed pipe; what is written after that may find nobody, too.
    while stdin.write_all(b"[1, 0, 0]\n").is_ok() {}
    let status = child.wait().expect("it ends");
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut stderr)
        .expect("UTF-8");
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn colour_follows_the_choice_and_a_pipe_gets_none() {
    let coloured = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let mut program = program(arguments);
        program.envs(variable);
        program
            .output()
            .expect("the program runs")
            .stdout
            .contains(&0x1b)
    };
    assert!(!coloured(&[], None), "a pipe");
    assert!(coloured(&["--color", "always"], None));
    assert!(
        coloured(&["explain", "--color", "always"], None),
        "behind the command, too"
    );
    assert!(!coloured(
        &["--color", "never"],
        Some(("CLICOLOR_FORCE", "1"))
    ));
    assert!(coloured(&[], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!coloured(&[], Some(("NO_COLOR", "1"))));
    for format in ["json", "csv", "jsonl"] {
        assert!(
            !coloured(&["explain", "--format", format, "--color", "always"], None),
            "{format}"
        );
    }
}

#[test]
fn the_same_run_prints_the_same_bytes_on_any_number_of_threads() {
    for arguments in [
        &["explain", "networks/lines.json"][..],
        &[
            "explain",
            "networks/two-stage.json",
            "--format",
            "json",
            "--rule",
            "z+",
        ],
    ] {
        let first = run(arguments).stdout;
        for threads in ["1", "2", "4"] {
            let again = program(arguments)
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .expect("it runs");
            assert!(again.stdout == first, "{arguments:?} on {threads} threads");
        }
    }
}
