//! How far a command is: on a terminal after a second, gone at its end, and nowhere else.

use std::process::Command;

use crate::program::{fed, program};
use crate::python::python;

/// Runs a command with stderr on a terminal, feeds it a sample, waits for its progress, ends its input, and gives what the
/// terminal got.
const WATCH: &str = "
import os, pty, select, subprocess, sys
terminal, end = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=end)
os.close(end)
child.stdin.write(b'[1, 0, 0]\\n')
child.stdin.flush()
said = b''
while b'a second' not in said:
    # A deadline, so that what never comes is a failure.
    if not select.select([terminal], [], [], 100)[0]:
        sys.exit('no progress')
    said += os.read(terminal, 4096)
child.stdin.close()
try:
    while more := os.read(terminal, 4096):
        said += more
except OSError:
    pass  # nobody has it open any more
sys.stdout.buffer.write(said)
sys.exit(child.wait())
";

#[test]
fn progress_comes_on_a_terminal_and_is_taken_away_at_the_end() {
    let Some(python) = python(&["pty"]) else {
        return;
    };
    for (arguments, said) in [
        (
            &[
                "explain",
                "example:figure-4",
                "--inputs",
                "-",
                "--format",
                "npz",
            ][..],
            "1 sample, ",
        ),
        (
            &[
                "explain",
                "example:figure-4",
                "--inputs",
                "-",
                "--format",
                "csv",
            ],
            "1 sample, ",
        ),
    ] {
        let mut watch = Command::new(&python);
        let watch = watch.args(["-c", WATCH]).arg(program(&[]).get_program());
        let output = watch.args(arguments).env("NO_COLOR", "1").output();
        let output = output.expect("python runs");
        let terminal = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(output.status.code(), Some(0), "{terminal}");
        assert!(terminal.contains(said), "{terminal:?}");
        assert!(terminal.ends_with("\r\u{1b}[2K"), "{terminal:?}");
        assert!(!terminal.contains("\u{1b}[3"), "no colour in {terminal:?}");
    }
}

#[test]
fn a_pipe_gets_no_progress() {
    let samples = "[1, 0, 0]\n".repeat(5_000);
    let arguments = [
        "explain",
        "example:figure-4",
        "--inputs",
        "-",
        "--format",
        "jsonl",
    ];
    assert_eq!(fed(&arguments, samples.as_bytes()).stderr, b"");
}
