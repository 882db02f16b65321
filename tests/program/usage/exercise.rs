//! `guide exercise NETWORK`, and `explain --watch`.

use std::fs;
use std::process::Command;

use crate::program::{program, run};
use crate::python::python;

#[test]
fn the_exercise_runs_every_command_that_it_shows_on_the_readers_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("my net.json");
    let drawn = run(&[
        "init",
        "--layers",
        "2,3,pool",
        "-o",
        file.to_str().expect("UTF-8"),
    ]);
    assert_eq!(drawn.status.code(), Some(0));
    let output = run(&[
        "guide",
        "exercise",
        file.to_str().expect("UTF-8"),
        "--input",
        "1,-0.5",
    ]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(output.stderr.is_empty());
    let commands: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("$ deeptaylor"))
        .collect();
    assert_eq!(commands.len(), 6, "{commands:?}");
    assert!(
        commands[1].ends_with("/my net.json' --input 1,-0.5"),
        "{commands:?}"
    );
    assert!(!text.contains("error:"), "{text}");
    assert!(
        text.contains("step  accuracy"),
        "the training is run: {text}"
    );
}

#[test]
fn a_network_that_no_step_could_be_done_with_is_refused_and_so_is_one_of_another_chapter() {
    let folder = tempfile::tempdir().expect("a folder");
    let drawn = folder.path().join("drawn.json");
    let drawn = drawn.to_str().expect("UTF-8");
    assert_eq!(
        run(&["init", "--layers", "2,3,pool", "-o", drawn])
            .status
            .code(),
        Some(0)
    );
    for (arguments, expected) in [
        (
            &["guide", "exercise", "nowhere.json"][..],
            "nowhere.json: cannot be read",
        ),
        (&["guide", "exercise", "-"], "expected a file, found stdin"),
        (
            &["guide", "exercise", drawn],
            "the file has no sample to explain",
        ),
        (
            &["guide", "training", "example:xor"],
            "only the exercise takes a network",
        ),
        (
            &["guide", "exercise", "example:xor", "--format", "md"],
            "prints step by step",
        ),
        (
            &["guide", "--format", "markdown"],
            "the list of chapters is text",
        ),
    ] {
        let refused = run(arguments);
        let message = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{message}");
        assert!(refused.stdout.is_empty(), "{message}");
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn watch_refuses_what_cannot_change_and_what_is_no_terminal() {
    for (arguments, expected) in [
        (
            &["explain", "--watch"][..],
            "expected files that are there and can change",
        ),
        (
            &["explain", "example:xor", "--watch"],
            "expected files that are there",
        ),
        (
            &["explain", "-", "--watch"],
            "expected files that are there",
        ),
        (
            &["explain", "networks/xor.json", "--watch"],
            "stdout is not one",
        ),
        (
            &[
                "explain",
                "networks/xor.json",
                "--watch",
                "--format",
                "json",
            ],
            "cannot be used with",
        ),
    ] {
        let output = run(arguments);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(output.stdout.is_empty());
    }
}

/// Watches a file on a terminal; writes a second network, then what is none, then the first again into its place; gives what the
/// terminal got.
const WATCH: &str = "
import os, pty, select, shutil, subprocess, sys
file, second = sys.argv[1:3]
first = open(file).read()
terminal, end = pty.openpty()
child = subprocess.Popen(sys.argv[3:], stdout=end, stderr=end, stdin=subprocess.DEVNULL)
os.close(end)
said = b''
def until(text):
    global said
    start = len(said)
    while text not in said[start:]:
        # A deadline, so that what never comes is a failure.
        if not select.select([terminal], [], [], 100)[0]:
            sys.exit('nothing more comes')
        said += os.read(terminal, 4096)
def put(text):
    with open(file + '.new', 'w') as new:
        new.write(text)
    os.replace(file + '.new', file)
until(b'Ctrl-C ends')
put(open(second).read())
until(b'Ctrl-C ends')
put('{')
until(b'Ctrl-C ends')
put(first + ' ')
until(b'Ctrl-C ends')
child.terminate()
sys.stdout.buffer.write(said)
if child.wait() != 143:
    sys.exit('it did not end when asked to')
";

#[test]
fn watch_draws_again_when_the_file_changes_and_lives_through_a_fault() {
    let Some(python) = python(&["pty"]) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    fs::copy("networks/figure-4.json", &file).expect("copied");
    let mut watch = Command::new(python);
    let watch = watch
        .args(["-c", WATCH])
        .arg(&file)
        .arg("networks/xor.json");
    let watch = watch
        .arg(program(&[]).get_program())
        .arg("explain")
        .arg("--watch")
        .arg(&file);
    let output = watch.env("NO_COLOR", "1").output().expect("python runs");
    let terminal = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{terminal} {:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    let screens: Vec<&str> = terminal.split("\u{1b}[H\u{1b}[2J").collect();
    let headings: Vec<&str> = screens
        .iter()
        .filter_map(|screen| screen.lines().next())
        .collect();
    assert_eq!(screens.len(), 5, "{terminal}");
    for (heading, expected) in headings
        .iter()
        .zip(["figure-4", "xor", "error: ", "figure-4"])
    {
        assert!(heading.starts_with(expected), "{heading}: {terminal}");
    }
}
