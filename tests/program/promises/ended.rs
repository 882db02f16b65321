//! A command that is killed, or asked to end, at any moment: every file is as it was, or new and whole.

use std::env;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::works::{Place, States, WORKS, Work, command, ends, files, is_unfinished};

/// Of so many runs some are ended while they write.
const MANY: u32 = 50;
/// So many more runs are tried where none was ended.
const MORE: u32 = 100;

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
/// Says whether a file is begun and not finished then; nothing where the command has ended.
fn wait(child: &mut Child, folder: &Path, n: u32, moment: f64, takes: Duration) -> Option<bool> {
    if n.is_multiple_of(2) {
        thread::sleep(takes.mul_f64(moment));
        return Some(is_writing(folder));
    }
    while !is_writing(folder) {
        if child.try_wait().expect("a child").is_some() {
            return None;
        }
    }
    // At once every fourth time: small files are soon finished.
    if n % 4 == 1 {
        thread::sleep(Duration::from_millis(3).mul_f64(moment));
    }
    Some(true)
}

/// How many runs there were, how many of them the signal ended, and how many of these while a file was written.
#[derive(Default)]
struct Landed {
    runs: u32,
    ended: u32,
    writing: u32,
}

/// Ends a command so many times, and holds what is there then. Gives how many runs were ended while a file was written.
fn hold(place: &Place, work: &Work, signal: Signal) -> u32 {
    let mut states = work.states(place);
    let mut landed = Landed::default();
    for (n, moment) in (0..).zip(moments()) {
        if n >= times() && (landed.ended > 0 || n >= times() + MORE) {
            break;
        }
        landed.runs += 1;
        let folder = place.with(&states.old);
        let begun = Instant::now();
        let mut child = command(&folder, work.line)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let writing = wait(&mut child, &folder, n, moment, states.takes);
        if writing.is_some() {
            let id = i32::try_from(child.id()).expect("a number");
            kill(Pid::from_raw(id), signal).expect("it is not waited for yet");
        }
        let output = child.wait_with_output().expect("it ends");
        if is_of(signal, output.status) {
            landed.ended += 1;
            landed.writing += u32::from(writing == Some(true));
        } else {
            // It was shorter than the one that was measured: the next moments come earlier.
            states.takes = states.takes.min(begun.elapsed()).mul_f64(0.9);
        }
        let now = files(&folder);
        work.assert_whole(&now, &states, signal == Signal::SIGKILL);
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(!message.contains("error"), "{}: {message}", work.line);
        if signal == Signal::SIGINT {
            let left = now.keys().find(|name| is_unfinished(name));
            assert_eq!(left, None, "{}", work.line);
        }
    }
    let Landed {
        runs,
        ended,
        writing,
    } = landed;
    let line = work.line;
    let counts = format!("{signal}: {ended} of {runs} ended, {writing} while a file was written");
    println!("{counts}: {line}");
    assert!(ended > 0, "{line}: {counts}");
    next_run(place, work, &states);
    writing
}

/// Whether a run was ended by the signal; the program gives 130 for SIGINT, as a shell does.
fn is_of(signal: Signal, status: ExitStatus) -> bool {
    status.signal() == Some(signal as i32) || status.code() == Some(128 + signal as i32)
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
    let writing: Vec<u32> = (WORKS.iter())
        .map(|work| hold(&place, work, Signal::SIGKILL))
        .collect();
    // A small file is written in less time than it takes to look: of one command alone it is chance.
    let all: u32 = writing.iter().sum();
    let most = writing.iter().max().expect("works");
    assert!(
        times() < MANY || all > *most,
        "in one command alone: {writing:?}"
    );
}

#[test]
fn a_command_that_is_asked_to_end_leaves_every_file_as_it_was_or_whole_and_nothing_unfinished() {
    let place = Place::new();
    // Ctrl-C comes too late for most files: they are there before the program has heard of it. A training takes its time.
    let writing = WORKS.iter().map(|work| hold(&place, work, Signal::SIGINT));
    let all: u32 = writing.sum();
    assert!(times() < MANY || all > 0, "none while it wrote");
}
