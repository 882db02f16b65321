//! A disk that is full, and one that is read only: one message names the file and the cause, and what was there stays.

use std::path::Path;
use std::process::Command;

use super::works::{Place, WORKS};
use crate::refusal::assert_refused;

/// Mounts a disk of its own that holds `kept`, and works there. Where nothing can be mounted the status is 99.
const WORK_ON_DISK: &str = r#"
disk=$1; full=$2; shift 2
mount -t tmpfs -o size=64k deeptaylor "$disk" 2>/dev/null || exit 99
cd "$disk" || exit 99
printf kept > kept
if [ "$full" = full ]; then head -c 60000 /dev/zero > ballast; else mount -o remount,ro "$disk" || exit 99; fi
"$@" > /dev/null
status=$?
ls -A
cat kept
exit $status
"#;

/// Why nothing can be mounted here, if so.
const SKIPPED: &str =
    "skipped, for no disk can be mounted here: that takes root, or namespaces of users";

/// What a disk is, and what a command that writes to it is told.
struct Disk<'d> {
    state: &'d str,
    cause: &'d str,
    /// What is on it besides what is kept.
    holds: &'d [&'d str],
}

/// Runs a line on a disk of its own; none where there can be none.
fn on_disk(place: &Place, disk: &Disk, line: &str) -> Option<std::process::Output> {
    let folder = place.empty("work");
    let arguments = line.split(' ');
    for namespace in ["--mount", "--map-root-user"] {
        let mut unshare = Command::new("unshare");
        let shell = ["--mount", namespace, "sh", "-c", WORK_ON_DISK, "sh"];
        unshare.args(shell).arg(&folder).arg(disk.state);
        unshare.arg(env!("CARGO_BIN_EXE_deeptaylor"));
        let output = unshare.args(arguments.clone()).output();
        if let Some(output) = output
            .ok()
            .filter(|output| output.status.code() != Some(99))
        {
            // Without a namespace at all the status is 1, and the shell has listed nothing.
            if !output.stdout.is_empty() {
                return Some(output);
            }
        }
    }
    None
}

/// That each command that writes is refused on a disk, which is as it was then.
fn refuses(disk: &Disk) {
    let place = Place::new();
    for work in &WORKS {
        let Some(mut output) = on_disk(&place, disk, work.line) else {
            println!("{SKIPPED}");
            return;
        };
        let there = String::from_utf8(std::mem::take(&mut output.stdout)).expect("UTF-8");
        // The pages of man are written one by one, and those before the last are whole.
        let there = there.replace("pages\n", "");
        let expected = [disk.holds, &["kept"], &["kept"]].concat().join("\n");
        assert_eq!(there, expected, "{}", work.line);
        assert_refused(work.line, &output, &[disk.cause, name(work.line)]);
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
        holds: &["ballast"],
    });
}

#[test]
fn on_a_disk_that_is_read_only_the_file_and_the_cause_are_named_and_what_is_there_stays() {
    refuses(&Disk {
        state: "read-only",
        cause: "read-only",
        holds: &[],
    });
}

#[test]
fn where_results_wait_until_they_are_whole_and_there_is_no_room_that_folder_is_named() {
    let place = Place::new();
    let nowhere = place.path().join("nowhere");
    let samples = place.path().join("given/s.jsonl");
    let text = std::fs::read_to_string(&samples).expect("there");
    std::fs::write(&samples, text.repeat(150)).expect("written");
    let mut command = super::works::command(
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
    assert!(super::works::files(&place.path().join("work")).is_empty());
}
