//! The recipes of examples/ for many processes: that pieces, joined, are the bytes of one process. And the archive that
//! brings the program to other machines.

use std::env;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use crate::program::run;
use crate::refusal::assert_refused;
use crate::skip::skip;

/// The tasks of an array.
const PIECES: usize = 7;

/// Whether this machine has what a recipe needs; says what is skipped.
fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        skip(&format!("for there is no {program}"));
    }
    found
}

/// A recipe, with the folders of some programs first on the path.
fn recipe(name: &str, programs: &[&Path]) -> Command {
    let built = Path::new(env!("CARGO_BIN_EXE_deeptaylor"));
    let built = built.parent().expect("the program lies in a folder");
    let rest = env::var_os("PATH").unwrap_or_default();
    let folders = programs.iter().map(|folder| folder.to_path_buf());
    let folders = folders
        .chain([built.to_owned()])
        .chain(env::split_paths(&rest));
    let mut command = Command::new(Path::new("examples").join(name));
    command
        .env("PATH", env::join_paths(folders).expect("folders"))
        .env_remove("PARALLEL")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// A command with so much on its stdin.
fn fed(command: &mut Command, input: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        // What fails may not read to the end.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("it ends")
    })
}

#[track_caller]
fn assert_success(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Samples of example:xor: lists, and the same as objects with their numbers.
fn samples() -> [String; 2] {
    let values = |n: usize| format!("[{}, {}]", (n % 101) as f64 / 100.0, (n % 97) as f64 / 96.0);
    // A blank line is no sample.
    let end = |n| if n == 1200 { "\n \n" } else { "\n" };
    let lists = (0..2500).map(|n| values(n) + end(n)).collect();
    let object = |n| {
        format!(
            "{{\"sample\": {n}, \"id\": \"s{n}\", \"x\": {}}}\n",
            values(n)
        )
    };
    [lists, (0..2500).map(object).collect()]
}

/// What one process makes of them.
fn of_one_process(file: &Path) -> Vec<u8> {
    let file = file.to_str().expect("UTF-8");
    let output = run(&[
        "explain",
        "example:xor",
        "--inputs",
        file,
        "--format",
        "jsonl",
    ]);
    assert_success(&output);
    output.stdout
}

#[test]
fn the_pieces_of_parallel_are_the_bytes_of_one_process_also_when_one_is_killed() {
    if !has("parallel") || !has("bash") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let killed = folder.path().join("killed");
    fs::create_dir(&killed).expect("a folder");
    // The first process is killed after some lines.
    let stand_in = killed.join("deeptaylor");
    let text = format!(
        "#!/bin/sh\nmkdir '{mark}' 2>/dev/null || exec '{program}' \"$@\"\n\
         head -n 10 | '{program}' \"$@\"\nkill -9 $$\n",
        mark = folder.path().join("mark").display(),
        program = env!("CARGO_BIN_EXE_deeptaylor")
    );
    fs::write(&stand_in, text).expect("a file");
    make_executable(&stand_in);
    for (name, samples) in ["lists", "objects"].iter().zip(samples()) {
        let file = folder.path().join(name).with_extension("jsonl");
        fs::write(&file, &samples).expect("a file");
        let expected = of_one_process(&file);
        let mut whole = recipe("parallel.sh", &[]);
        let mut with_one_killed = recipe("parallel.sh", &[&killed]);
        for command in [&mut whole, &mut with_one_killed] {
            let output = fed(command.arg("example:xor"), samples.as_bytes());
            assert_success(&output);
            assert!(output.stdout == expected, "{name}");
        }
        fs::remove_dir(folder.path().join("mark")).expect("one was killed");
    }
}

#[test]
fn parallel_refuses_what_is_no_json_line_and_options_that_hold_for_no_single_piece() {
    if !has("parallel") || !has("bash") {
        return;
    }
    let explained = |options: &[&str], samples: &[u8]| {
        let mut command = recipe("parallel.sh", &[]);
        fed(command.arg("example:xor").args(options), samples)
    };
    // The header of a table is in its first piece only.
    for table in ["a,b\n0,1\n", "\n0,1\n"] {
        let output = explained(&[], table.as_bytes());
        assert_refused("a table", &output, &["expected JSON lines", "found none"]);
    }
    for option in [["-o", "r.jsonl"], ["--sample", "3"], ["--format", "csv"]] {
        let output = explained(&option, b"[0, 1]\n");
        assert_refused("an option", &output, &[option[0], "how to explain"]);
    }
    let output = fed(&mut recipe("parallel.sh", &[]), b"[0, 1]\n");
    assert_refused("no network", &output, &["found no NETWORK"]);
    // GNU parallel itself ends by a signal where the process behind its pipe is gone.
    let lines = |n| if n == 1500 { "[1]\n" } else { "[0, 1]\n" };
    let many: String = (0..20_000).map(lines).collect();
    let bad = explained(&[], many.as_bytes());
    assert_eq!(bad.status.code(), Some(2));
    let said = String::from_utf8_lossy(&bad.stderr);
    assert!(said.contains("may have a gap"), "{said}");
}

fn make_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("its permissions");
}

/// A task of an array of Slurm.
fn task(task: &str, pieces: &str, samples: &Path, folder: &Path) -> Output {
    let mut command = recipe("slurm.sh", &[]);
    command
        .args([pieces, "example:xor"])
        .args([samples, folder]);
    let command = command.env("SLURM_ARRAY_TASK_ID", task);
    command.output().expect("it runs")
}

/// The pieces of an array, joined.
fn joined(pieces: usize, folder: &Path) -> Output {
    let mut join = recipe("slurm_join.sh", &[]);
    join.arg(pieces.to_string()).arg(folder);
    join.output().expect("it runs")
}

#[test]
fn the_tasks_of_a_slurm_array_join_to_the_bytes_of_one_process() {
    if !has("bash") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let samples_file = folder.path().join("samples.jsonl");
    for (name, samples) in ["lists", "objects"].iter().zip(samples()) {
        fs::write(&samples_file, samples).expect("a file");
        let expected = of_one_process(&samples_file);
        let pieces = folder.path().join(name);
        // Slurm begins the tasks in any order.
        for number in (0..PIECES).rev() {
            let explained = || {
                let (number, of) = (number.to_string(), PIECES.to_string());
                task(&number, &of, &samples_file, &pieces)
            };
            assert_success(&explained());
            // A piece that is there is left as it is.
            let again = explained();
            assert_success(&again);
            let said = String::from_utf8_lossy(&again.stderr);
            assert!(said.contains("already there, kept"), "{said}");
        }
        let joined = joined(PIECES, &pieces);
        assert_success(&joined);
        assert!(joined.stdout == expected, "{name}");
    }
    // More tasks than samples: the pieces of the others are empty. While one is missing nothing is joined.
    fs::write(&samples_file, "[0, 1]\n").expect("a file");
    let few = folder.path().join("few");
    for number in ["0", "1"] {
        assert_success(&task(number, "2", &samples_file, &few));
    }
    assert_eq!(joined(2, &few).stdout, of_one_process(&samples_file));
    let [last, other] =
        ["000001-of-000002.jsonl", "000000-of-000001.jsonl"].map(|name| few.join(name));
    fs::copy(&last, other).expect("a piece of another array");
    assert_refused(
        "a piece too many",
        &joined(2, &few),
        &["expected 2 pieces, found 3 files", "one array"],
    );
    fs::remove_file(last).expect("a piece");
    assert_refused(
        "a piece is missing",
        &joined(2, &few),
        &[
            "expected 2 pieces, found no 000001-of-000002.jsonl",
            "once more",
        ],
    );
}

#[test]
fn a_task_of_slurm_refuses_what_it_cannot_cut_and_numbers_that_are_none() {
    if !has("bash") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let samples = folder.path().join("samples");
    let pieces = folder.path().join("pieces");
    for other in [b"a,b\n0,1\n".as_slice(), b"\x1f\x8b\x08\x00\x01"] {
        fs::write(&samples, other).expect("a file");
        let said = ["expected plain JSON lines", "found none in line 1"];
        assert_refused("no JSON", &task("0", "2", &samples, &pieces), &said);
    }
    fs::write(&samples, "[0, 1]\n[1, 1]\n").expect("a file");
    for (number, of, said) in [
        ("2", "2", "expected tasks from 0 to 1 for 2 pieces"),
        ("x", "2", "SLURM_ARRAY_TASK_ID: expected a number"),
        ("0", "many", "expected a number of pieces"),
        ("0", "0", "expected a number of pieces"),
    ] {
        let output = task(number, of, &samples, &pieces);
        assert_refused(of, &output, &[said, "help: sbatch"]);
    }
    assert!(!pieces.exists(), "what is refused leaves nothing");
    // No octal numbers.
    assert_success(&task("08", "09", &samples, &pieces));
    let later = SystemTime::now() + Duration::from_mins(1);
    let file = fs::File::options().append(true).open(&samples);
    file.expect("a file").set_modified(later).expect("its time");
    let stale = task("8", "9", &samples, &pieces);
    assert_refused("stale", &stale, &["expected a piece newer than"]);
}

#[test]
fn the_archive_holds_the_program_its_pages_and_completions_and_is_the_same_every_time() {
    if !has("tar") || !has("gzip") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let archive = |name: &str| {
        let into = folder.path().join(name);
        let output = recipe("package.sh", &[])
            .arg(&into)
            .env("PROGRAM", env!("CARGO_BIN_EXE_deeptaylor"))
            .env("SOURCE_DATE_EPOCH", "1")
            .output()
            .expect("it runs");
        assert_success(&output);
        let file = fs::read_dir(into).expect("a folder").next();
        let file = file.expect("an archive").expect("a file").path();
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        let size = fs::metadata(&file).expect("its size").len();
        assert!(said.contains("\ntarget    "), "{said}");
        let sized = format!("\n{}: {size} bytes", file.display());
        assert!(said.contains(&sized), "{said}");
        file
    };
    let [first, second] = ["first", "second"].map(archive);
    let bytes = |file| fs::read(file).expect("an archive");
    assert!(bytes(&first) == bytes(&second), "the same bytes");
    let name = first.file_name().expect("a name").display().to_string();
    let start = format!(
        "deeptaylor-{}-{}-",
        env!("CARGO_PKG_VERSION"),
        env::consts::ARCH
    );
    assert!(
        name.starts_with(&start) && name.ends_with(".tar.gz"),
        "{name}"
    );
    let list = Command::new("tar").arg("tzf").arg(&first).output();
    let list = String::from_utf8(list.expect("tar runs").stdout).expect("UTF-8");
    let top = name.trim_end_matches(".tar.gz");
    for file in [
        "deeptaylor",
        "README.md",
        "LICENSE",
        "THIRD-PARTY",
        "man/man1/deeptaylor.1",
        "man/man1/deeptaylor-explain.1",
        "completions/deeptaylor.bash",
        "completions/deeptaylor.elv",
        "completions/deeptaylor.fish",
        "completions/_deeptaylor",
        "completions/_deeptaylor.ps1",
    ] {
        let file = format!("{top}/{file}");
        assert!(list.lines().any(|line| line == file), "{file} in\n{list}");
    }
}

#[test]
fn the_scripts_of_the_shell_are_without_complaints() {
    if !has("shellcheck") {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = fs::read_dir(root.join("examples")).expect("the recipes");
    let files = examples.map(|entry| entry.expect("a recipe").path());
    let scripts = files.filter(|file| file.extension().is_some_and(|end| end == "sh"));
    let others = [
        ".ci/run",
        "tests/fuzz/run.sh",
        "tests/python/second_opinion.sh",
    ]
    .map(|file| root.join(file));
    let scripts: Vec<_> = scripts.chain(others).collect();
    assert!(scripts.len() > 6, "{scripts:?}");
    let output = Command::new("shellcheck").args(scripts).output();
    let output = output.expect("shellcheck runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
