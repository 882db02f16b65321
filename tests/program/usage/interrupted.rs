//! Ctrl-C: lines and files that are there are whole, and the exit status says so.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};

use crate::program::{piped, program};

/// Sends a signal to a child.
pub fn send(child: &Child, signal: &str) -> ExitStatus {
    let mut kill = Command::new("kill");
    let kill = kill.args([signal, &child.id().to_string()]);
    kill.stderr(Stdio::null()).status().expect("kill runs")
}

fn interrupt(child: &Child) {
    send(child, "-INT");
}

/// A shell gives 130 for both.
fn is_of_interrupt(status: ExitStatus) -> bool {
    status.signal() == Some(2) || status.code() == Some(130)
}

/// The program, explaining samples that never end, what it prints, and who feeds it.
fn explaining_for_ever(format: &str) -> (Child, ChildStdout, JoinHandle<()>) {
    let network = ["explain", "networks/figure-4.json"];
    let rows = ["--inputs", "-", "--format", format];
    let mut child = piped(&[&network[..], &rows].concat());
    let mut stdin = child.stdin.take().expect("a pipe");
    let stdout = child.stdout.take().expect("a pipe");
    let feed = thread::spawn(move || while stdin.write_all(b"[1, 0, 0]\n").is_ok() {});
    (child, stdout, feed)
}

#[test]
fn ctrl_c_ends_rows_behind_a_whole_one_with_130() {
    for (format, cells) in [("jsonl", 0), ("csv", 11), ("csv-wide", 11)] {
        let (mut child, mut stdout, feed) = explaining_for_ever(format);
        // What is read then is more than a pipe holds: it is in the middle of its work.
        let mut rows = vec![0; 1 << 18];
        stdout.read_exact(&mut rows).expect("rows for ever");
        interrupt(&child);
        stdout.read_to_end(&mut rows).expect("the end");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(130), "{format}");
        feed.join().expect("its pipe is closed");
        let rows = String::from_utf8(rows).expect("UTF-8");
        let last = rows.strip_suffix('\n').expect("a whole row").lines().last();
        let last = last.expect("rows");
        if format == "jsonl" {
            serde_json::from_str::<serde_json::Value>(last).expect("a whole document");
        } else {
            assert_eq!(last.split(',').count(), cells, "{format}: {last}");
        }
    }
}

#[test]
fn ctrl_c_leaves_a_file_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let stays = file("stays.csv");
    fs::write(&stays, "as it was").expect("a file");
    let (npz, json, seeds) = (file("new.npz"), file("new.json"), file("seeds.json"));
    for arguments in [
        &[
            "explain",
            "networks/figure-4.json",
            "--inputs",
            "-",
            "--force",
            "-o",
            &stays,
        ][..],
        &[
            "explain",
            "networks/figure-4.json",
            "--inputs",
            "-",
            "-o",
            &npz,
        ],
        &["convert", "-", "-o", &json],
        &["compare", "--seeds", "1000000", "-o", &seeds],
    ] {
        let mut child = program(arguments)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        // It waits for more.
        stdin.write_all(b"[1, 0, 0]\n").expect("it reads");
        interrupt(&child);
        let status = child.wait().expect("it ends");
        assert!(is_of_interrupt(status), "{arguments:?}: {status}");
    }
    let left = fs::read_dir(folder.path()).expect("a folder");
    let left: Vec<_> = left
        .map(|entry| entry.expect("a file").file_name())
        .collect();
    assert_eq!(left, ["stays.csv"], "nothing else is begun");
    assert_eq!(fs::read_to_string(&stays).expect("a file"), "as it was");
}

#[test]
fn ctrl_c_and_sigterm_end_what_writes_to_a_reader_that_does_not_read() {
    for (signal, status) in [("-INT", 130), ("-TERM", 143)] {
        let (mut child, mut stdout, feed) = explaining_for_ever("csv");
        // It writes, and nobody reads on.
        stdout.read_exact(&mut [0]).expect("a row");
        send(&child, signal);
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(status), "{signal}");
        feed.join().expect("its pipe is closed");
    }
}

#[test]
fn ctrl_c_while_a_file_is_written_leaves_the_earlier_one_or_all_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("net.json");
    fs::write(&file, "as it was").expect("a file");
    let path = file.to_str().expect("UTF-8");
    let mut child = program(&["init", "--layers", "784,600,10", "--force", "-o", path])
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    let names = || {
        let there = fs::read_dir(folder.path()).expect("a folder");
        there.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
    };
    let begun = || names().any(|name| name.starts_with(".deeptaylor-"));
    while !begun() && child.try_wait().expect("it runs").is_none() {}
    interrupt(&child);
    let status = child.wait().expect("it ends");
    assert!(is_of_interrupt(status) || status.success(), "{status}");
    assert_eq!(names().collect::<Vec<_>>(), ["net.json"], "{status}");
    let text = fs::read_to_string(&file).expect("a file");
    let whole = serde_json::from_str::<serde_json::Value>(&text).is_ok();
    assert!(whole || text == "as it was", "{status}");
}
