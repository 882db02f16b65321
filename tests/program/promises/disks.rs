//! A disk that is full, and one that is read only: one message names the file and the cause, and what was there stays.

use std::path::Path;
use std::process::{Command, Output};

use super::works::{Files, Place, WORKS, command, files};
use crate::arrays_written::{npy, zip};
use crate::refusal::assert_refused;

/// Mounts a disk of its own, puts what was there before on it, works there, and copies what is there then. It prints what a
/// command leaves that is no file: folders with nothing in them. Where nothing can be mounted the status is 99.
const WORK_ON_DISK: &str = r#"
disk=$1; old=$2; left=$3; full=$4; shift 4
mount -t tmpfs -o size=1m deeptaylor "$disk" 2>/dev/null || exit 99
cd "$disk" && cp -R "$old/." . || exit 99
echo mounted
if [ "$full" = full ]; then cat /dev/zero > ballast 2>/dev/null; else mount -o remount,ro "$disk" || exit 99; fi
"$@" > /dev/null
status=$?
if [ "$full" = full ]; then rm ballast; fi
find . -mindepth 1 -type d -empty
cp -R . "$left"
exit $status
"#;

/// What a disk is, and what a command that writes to it is told.
struct Disk<'d> {
    state: &'d str,
    cause: &'d str,
}

/// Runs a line on a disk of its own that holds these files already, and gives what is there then; none where there can be no
/// disk.
fn on_disk(place: &Place, disk: &Disk, there: &Files, program: &[&str]) -> Option<(Output, Files)> {
    let (mounted, old) = (place.empty("disk"), place.with(there));
    for namespace in ["--mount", "--map-root-user"] {
        let left = place.empty("left");
        let mut unshare = Command::new("unshare");
        let shell = ["--mount", namespace, "sh", "-c", WORK_ON_DISK, "sh"];
        unshare.args(shell).args([&mounted, &old, &left]);
        let output = unshare.arg(disk.state).args(program).output();
        if let Some(mut output) = output.ok().filter(|output| {
            // Without a namespace at all the status is 1, and the shell has said nothing.
            output.status.code() != Some(99) && !output.stdout.is_empty()
        }) {
            let said = std::mem::take(&mut output.stdout);
            let said = String::from_utf8(said).expect("UTF-8");
            assert_eq!(said, "mounted\n", "{program:?}: folders without a file");
            return Some((output, files(&left)));
        }
    }
    // No failure in CI, either: a container may forbid it to everyone.
    println!("skipped, for no disk can be mounted here: that takes root, or namespaces of users");
    None
}

/// The program with the words of a line.
fn program(line: &str) -> Vec<&str> {
    let program = [env!("CARGO_BIN_EXE_deeptaylor")];
    program.into_iter().chain(line.split(' ')).collect()
}

/// That each command that writes is refused on a disk, which is as it was then: whether its files are there or not.
fn refuses(disk: &Disk) {
    let place = Place::new();
    for work in &WORKS {
        let old = work.states(&place).old;
        assert!(!old.is_empty(), "{}", work.line);
        for there in [&Files::new(), &old] {
            let Some((output, now)) = on_disk(&place, disk, there, &program(work.line)) else {
                return;
            };
            assert_refused(work.line, &output, &[disk.cause, name(work.line)]);
            assert_untouched(work.line, there, &now);
        }
    }
}

/// That the same files hold the same.
fn assert_untouched(line: &str, there: &Files, now: &Files) {
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(now), names(there), "{line}");
    for (name, bytes) in there {
        let found = now[name].len();
        assert!(&now[name] == bytes, "{line}: {name} has {found} bytes now");
    }
}

/// How the file or folder is called that a line writes.
fn name(line: &str) -> &str {
    let after = |option: &str| {
        let (_, rest) = line.split_once(option)?;
        rest.split(' ').next()
    };
    let options = ["-o ", "--heatmap ", "--out ", "--figures ", "--all "];
    let name = options.into_iter().find_map(after).expect("an output");
    // Beside net.json the tensors are written first.
    Path::new(name)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .expect("UTF-8")
}

#[test]
fn on_a_full_disk_the_file_and_the_cause_are_named_and_nothing_half_is_there() {
    refuses(&Disk {
        state: "full",
        cause: "no storage space",
    });
}

#[test]
fn on_a_disk_that_is_read_only_the_file_and_the_cause_are_named_and_what_is_there_stays() {
    refuses(&Disk {
        state: "read-only",
        cause: "read-only",
    });
}

#[test]
fn where_results_wait_until_they_are_whole_and_there_is_no_room_that_folder_is_named() {
    let place = Place::new();
    let nowhere = place.path().join("nowhere");
    let samples = place.path().join("given/s.jsonl");
    let text = std::fs::read_to_string(&samples).expect("there");
    std::fs::write(&samples, text.repeat(150)).expect("written");
    let mut command = command(
        &place.empty("work"),
        "explain example:figure-4 --inputs ../given/s.jsonl -o out.json",
    );
    let output = command.env("TMPDIR", &nowhere).output().expect("it runs");
    let nowhere = nowhere.to_str().expect("UTF-8");
    assert_refused(
        "TMPDIR",
        &output,
        &[nowhere, "where it waits", "TMPDIR names"],
    );
    assert!(files(&place.path().join("work")).is_empty());
}

#[test]
fn where_an_archive_from_a_pipe_waits_and_there_is_no_room_that_folder_is_named() {
    let place = Place::new();
    let numbers = vec![0; 16 * 100_000];
    let archive = zip(&[(
        "x.npy",
        &npy(1, "<f8", false, &[100_000, 2], &numbers),
        false,
    )]);
    std::fs::write(place.path().join("given/x.npz"), archive).expect("written");
    let line = "cat ../given/x.npz | TMPDIR=$0 \"$1\" explain example:xor --inputs -";
    let deeptaylor = env!("CARGO_BIN_EXE_deeptaylor");
    for (folder, cause) in [(".", "no storage space"), ("./nowhere", "entity not found")] {
        let disk = Disk {
            state: "full",
            cause,
        };
        let shell = ["sh", "-c", line, folder, deeptaylor];
        let Some((output, now)) = on_disk(&place, &disk, &Files::new(), &shell) else {
            return;
        };
        let named = format!("expected room in {folder}, where an archive waits");
        assert_refused(folder, &output, &[&named, disk.cause, "TMPDIR"]);
        assert_untouched(folder, &Files::new(), &now);
    }
}
