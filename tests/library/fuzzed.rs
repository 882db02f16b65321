//! What the fuzzer begins with, every input that it ever found something wrong with, and changes of both, at the same doors.

use std::env;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use changes::Changes;

#[path = "../helpers/changes.rs"]
mod changes;
#[path = "../fuzz/doors/mod.rs"]
mod doors;

/// A folder of the fuzzer.
fn fuzz(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz")
        .join(folder)
}

/// The files of a door in a folder, in the order of their names; none where it has none.
fn files(folder: &str, door: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(fuzz(folder).join(door)) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an input").path())
        .collect();
    paths.sort();
    let files = paths.into_iter().map(|path| {
        let bytes = fs::read(&path).expect("an input");
        (path, bytes)
    });
    files.collect()
}

/// Opens every door with the files of its folder; how many there are.
fn opened(folder: &str) -> usize {
    let mut opened = 0;
    for entry in fs::read_dir(fuzz(folder)).expect("a folder of inputs") {
        let name = entry.expect("a folder").file_name();
        let name = name.to_str().expect("a name");
        let door = doors::named(name);
        for (path, bytes) in files(folder, name) {
            // Said where it fails, and only there.
            println!("{}", path.display());
            door(&bytes);
            opened += 1;
        }
    }
    opened
}

#[test]
fn every_door_keeps_its_promises_on_what_the_fuzzer_begins_with() {
    assert!(opened("corpus") > 5 * doors::DOORS.len());
}

#[test]
fn nothing_that_the_fuzzer_ever_found_is_wrong_again() {
    assert!(opened("regressions") > 0);
}

/// The words of the dictionary of a door: a line each, in quotes.
fn words(door: &str) -> Vec<Vec<u8>> {
    let lines = fs::read_to_string(fuzz("dictionaries").join(door)).unwrap_or_default();
    let words = lines
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    words
        .map(|word| word.replace("\\\"", "\"").into_bytes())
        .collect()
}

/// How long each door is open to changed inputs: for so many of them, or for the seconds that `DEEPTAYLOR_FUZZ_SECONDS` says.
enum Open {
    Inputs(usize),
    For(Duration),
}

/// What the changes are drawn from: the number that `DEEPTAYLOR_FUZZ_SEED` says, else 1.
fn seed() -> u8 {
    env::var("DEEPTAYLOR_FUZZ_SEED").map_or(1, |seed| seed.parse().expect("a number below 256"))
}

/// Opens a door with changed inputs; how many there were, or the first that breaks a promise.
fn open(name: &str, door: doors::Door, open: &Open) -> Result<usize, String> {
    let inputs = [files("corpus", name), files("regressions", name)].concat();
    let inputs: Vec<Vec<u8>> = inputs.into_iter().map(|(_, bytes)| bytes).collect();
    let words = words(name);
    let mut changes = Changes::new(seed(), &inputs, &words, LONGEST);
    let began = Instant::now();
    let mut n = 0;
    loop {
        let is_over = match open {
            Open::Inputs(most) => n == *most,
            Open::For(time) => began.elapsed() > *time,
        };
        if is_over {
            return Ok(n);
        }
        let bytes = changes.next();
        if catch_unwind(|| door(&bytes)).is_err() {
            return Err(format!(
                "{name}, changed input {n}: {}",
                bytes.escape_ascii()
            ));
        }
        n += 1;
    }
}

/// The doors that `DEEPTAYLOR_FUZZ_DOORS` names, with a comma between them; every door where it is not set.
fn wanted() -> Vec<(String, doors::Door)> {
    let names = env::var("DEEPTAYLOR_FUZZ_DOORS")
        .unwrap_or_else(|_| doors::DOORS.map(|(name, _)| name).join(","));
    let doors = names.split(',');
    doors
        .map(|name| (name.to_owned(), doors::named(name)))
        .collect()
}

#[test]
fn every_door_keeps_its_promises_on_inputs_that_are_changed_at_random() {
    let seconds = env::var("DEEPTAYLOR_FUZZ_SECONDS");
    let long = seconds.map_or(Open::Inputs(50), |seconds| {
        Open::For(Duration::from_secs(seconds.parse().expect("seconds")))
    });
    let doors = wanted();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut broken = Vec::new();
        while let Some((name, door)) = doors.get(next.fetch_add(1, Ordering::Relaxed)) {
            match open(name, *door, &long) {
                Ok(n) => println!("{name}: {n} changed inputs"),
                Err(input) => broken.push(input),
            }
        }
        broken
    };
    let broken = thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        let broken = threads
            .into_iter()
            .map(|thread| thread.join().expect("it catches panics"));
        broken.collect::<Vec<_>>().concat()
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The fuzzer is told so by run.sh, and cuts what is longer.
const LONGEST: usize = 4096;

#[test]
fn no_input_that_the_fuzzer_begins_with_is_cut() {
    let run = fs::read_to_string(fuzz("run.sh")).expect("the script");
    assert!(run.contains(&format!("-max_len={LONGEST} ")));
    for folder in ["corpus", "regressions"] {
        for (name, _) in doors::DOORS {
            for (path, bytes) in files(folder, name) {
                assert!(bytes.len() <= LONGEST, "{}", path.display());
            }
        }
    }
}

#[test]
fn every_door_has_a_folder_of_inputs() {
    let corpus = fuzz("corpus");
    let folders = fs::read_dir(&corpus).expect("the folders").count();
    assert_eq!(folders, doors::DOORS.len());
    for (name, _) in doors::DOORS {
        assert!(corpus.join(name).is_dir(), "{name}");
    }
}
