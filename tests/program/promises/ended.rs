//! A command that is killed, or asked to end, at any moment: every file is as it was, or new and whole.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use super::works::{Place, States, Together, WORKS, Work, command, ends, files, is_unfinished};
use crate::usage::interrupted::send;

/// How many times each command is ended: a few, or as many as `DEEPTAYLOR_KILLS` says.
fn times() -> u32 {
    env::var("DEEPTAYLOR_KILLS").map_or(3, |number| number.parse().expect("a number"))
}

/// Numbers from 0 to 1, the same in every run, spread evenly however few are taken.
fn moments() -> impl Iterator<Item = f64> {
    // The multiples of the golden ratio.
    (1..).map(|n| (f64::from(n) * 0.618_033_988_749_895).fract())
}

/// Whether a file is begun and not finished in a folder, or in one below it.
fn is_writing(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_unfinished(&name) || path.is_dir() && is_writing(&path)
    })
}

/// Waits for the moment: a part of the time that the command takes, or, every second time, of a moment after a file is begun.
fn wait(child: &mut Child, folder: &Path, n: u32, moment: f64, takes: Duration) {
    if n.is_multiple_of(2) {
        thread::sleep(takes.mul_f64(1.1 * moment));
        return;
    }
    while !is_writing(folder) && child.try_wait().expect("a child").is_none() {}
    thread::sleep(Duration::from_millis(3).mul_f64(moment));
}

/// Ends a command so many times, and holds what is there then.
fn hold(place: &Place, work: &Work, signal: &str) {
    let states = work.states(place);
    for (n, moment) in (0..times()).zip(moments()) {
        let folder = place.with(&states.old);
        let mut child = command(&folder, work.line)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        wait(&mut child, &folder, n, moment, states.takes);
        send(&child, signal);
        let output = child.wait_with_output().expect("it ends");
        let now = files(&folder);
        work.assert_whole(&now, &states, signal == "-KILL");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!message.contains("error"), "{}: {message}", work.line);
        if signal == "-INT" {
            let left = now.keys().find(|name| is_unfinished(name));
            assert_eq!(left, None, "{}", work.line);
        }
    }
    next_run(place, work, &states);
}

/// What a killed run left behind is no hindrance to the next, and stays out of its way.
fn next_run(place: &Place, work: &Work, states: &States) {
    let folder = place.with(&states.old);
    let left = ".deeptaylor-left";
    fs::write(folder.join(left), "half").expect("written");
    ends(&folder, work.line);
    let mut now = files(&folder);
    assert_eq!(now.remove(left).as_deref(), Some(&b"half"[..]));
    work.assert_whole(&now, states, false);
    let first = now.keys().next().expect("a file");
    assert!(
        now[first] != b"as it was",
        "{}: it wrote nothing",
        work.line
    );
}

#[test]
fn a_command_that_is_killed_leaves_every_file_as_it_was_or_whole() {
    let place = Place::new();
    for work in &WORKS {
        hold(&place, work, "-KILL");
    }
}

#[test]
fn a_command_that_is_asked_to_end_leaves_every_file_as_it_was_or_whole_and_nothing_unfinished() {
    let place = Place::new();
    let files_together = |work: &&Work| work.together != Together::Never;
    for work in WORKS.iter().filter(files_together) {
        hold(&place, work, "-INT");
    }
}
