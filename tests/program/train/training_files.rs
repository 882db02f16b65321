//! What is on the disk while a command writes, when it is ended early, and what it never writes over.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{program, run};
use crate::refusal::{assert_refused, deeptaylor, is_done};
use deeptaylor::Network;
use serde_json::Value;

/// A training that takes a moment, told apart from others by its seed.
fn training(out: &Path, seed: &str, steps: &str) -> Command {
    let out = out.to_str().expect("UTF-8");
    program(&[
        "train",
        "--data",
        "tests/cases/kaggle-folder/train.csv",
        "--layers",
        "1x8x8,9,pool:3",
        "--steps",
        steps,
        "--seed",
        seed,
        "--out",
        out,
        "--force",
    ])
}

fn ends(mut command: Command) {
    let output = command.output().expect("runs");
    assert!(is_done(output.status.code()), "{output:?}");
}

/// The seed of the training in a folder, all of which is there, and nothing of another.
fn whole(folder: &Path) -> u64 {
    let read =
        |name: &str| fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let figures: Value = serde_json::from_slice(&read("training.json")).expect("whole");
    let seed = figures["setting"]["seed"].as_u64().expect("a number");
    let steps = figures["steps"].as_array().expect("a list").iter();
    let mut expected: Vec<String> = steps
        .map(|step| format!("step-{:05}.json", step["step"].as_u64().expect("a number")))
        .collect();
    for step in &expected {
        let network = Network::read(folder.join(step).to_str().expect("UTF-8")).expect("a network");
        let description = network.description();
        assert!(
            description.contains(&format!("seed {seed};")),
            "{description}"
        );
    }
    assert!(read("relevance.png").ends_with(b"IEND\xae\x42\x60\x82"));
    let there = fs::read_dir(folder).expect("there").map(|entry| {
        let name = entry.expect("there").file_name();
        name.into_string().expect("UTF-8")
    });
    let mut there: Vec<String> = there.filter(|name| name.contains('-')).collect();
    there.sort();
    expected.sort();
    assert_eq!(there, expected);
    seed
}

/// Whether nothing that is not finished was left.
fn nothing_unfinished(folder: &Path) {
    for entry in fs::read_dir(folder).expect("there") {
        let name = entry.expect("there").file_name();
        assert!(
            !name.to_string_lossy().starts_with(".deeptaylor-"),
            "{}",
            name.display()
        );
    }
}

#[test]
fn a_training_that_is_killed_leaves_the_earlier_one_or_is_there_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("course");
    ends(training(&out, "0", "0,1,7"));
    fs::write(out.join("notes.txt"), "mine").expect("written");
    let begun = Instant::now();
    ends(training(&out, "1", "0,2,5"));
    let takes = begun.elapsed();
    assert_eq!(whole(&out), 1);
    let mut last = 1;
    for kill in 2..12 {
        let mut child = training(
            &out,
            &kill.to_string(),
            ["0,1,7", "0,2,5"][kill as usize % 2],
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
        // Most of the files are written in the last part of the time.
        std::thread::sleep(takes * (20 + 10 * kill) / 120);
        child.kill().expect("killed, or at its end");
        child.wait().expect("a child");
        let there = whole(&out);
        assert!(
            there == last || there == u64::from(kill),
            "{there} after {last} and {kill}"
        );
        last = there;
        assert_eq!(fs::read(out.join("notes.txt")).expect("there"), b"mine");
    }
}

#[test]
fn a_training_takes_the_place_of_an_earlier_one_and_of_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("course");
    ends(training(&out, "1", "0,3"));
    fs::write(out.join("notes.txt"), "mine").expect("written");
    let only_mine = |file: &str| {
        fs::set_permissions(out.join(file), fs::Permissions::from_mode(0o600)).expect("set");
    };
    only_mine("training.json");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o750)).expect("set");
    ends(training(&out, "2", "0,4"));
    assert_eq!(whole(&out), 2);
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(
        (mode(&out), mode(&out.join("training.json"))),
        (0o750, 0o600)
    );
    assert_eq!(fs::read(out.join("notes.txt")).expect("there"), b"mine");
    // A folder, for which there is no second name, stays as well, and so does a link to the folder.
    fs::create_dir(out.join("plots")).expect("made");
    fs::write(out.join("plots/a.txt"), "mine").expect("written");
    let link = folder.path().join("link");
    symlink(&out, &link).expect("linked");
    ends(training(&link, "3", "0,5"));
    assert_eq!(whole(&out), 3);
    assert!(link.is_symlink());
    assert_eq!(fs::read(out.join("plots/a.txt")).expect("there"), b"mine");
    fs::remove_dir_all(out.join("plots")).expect("removed");
    // Where the user stands in it, it stays the folder that it is.
    let mut here = program(&[
        "train",
        "--layers",
        "784,10,pool:1",
        "--steps",
        "0",
        "--seed",
        "4",
        "--out",
        ".",
        "--force",
    ]);
    here.current_dir(&out);
    let inode =
        |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).expect("there"));
    let before = inode(&out);
    ends(here);
    assert_eq!((whole(&out), inode(&out)), (4, before));
    nothing_unfinished(folder.path());
    nothing_unfinished(&out);
}

/// Runs a training until its folder, or one beside it, has a file; then ends it by a signal.
fn ended_by(signal: &str, out: &Path, seed: &str, steps: &str) -> std::process::Output {
    let begun = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).any(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            name.starts_with(".deeptaylor-") && path.join("step-00000.json").exists()
        })
    };
    let child = training(out, seed, steps)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    while !begun(out.parent().expect("a parent")) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let kill = format!("kill -{signal} {}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .expect("sh runs")
            .success()
    );
    child.wait_with_output().expect("ends")
}

#[test]
fn a_training_that_is_asked_to_end_leaves_the_earlier_one_and_keeps_its_steps_beside_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("course");
    ends(training(&out, "1", "0,3"));
    for (signal, seed, kept) in [
        ("INT", 2, "course-interrupted"),
        ("TERM", 3, "course-interrupted-2"),
    ] {
        let output = ended_by(signal, &out, &seed.to_string(), "0,10000000");
        assert_eq!(output.status.code(), Some(130));
        let kept = folder.path().join(kept);
        let said = String::from_utf8_lossy(&output.stderr);
        let expected = format!(
            "the listed step until then is kept in {}, and the earlier training is still in {}",
            kept.display(),
            out.display()
        );
        assert!(said.contains(&expected), "{said}");
        assert_eq!((whole(&out), whole(&kept)), (1, seed));
    }
    nothing_unfinished(folder.path());
}

#[test]
fn files_that_no_training_there_lists_are_refused_by_name_and_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("course");
    fs::create_dir(&out).expect("made");
    let mine = |name: &str| fs::write(out.join(name), "mine").expect("written");
    let is_mine = |name: &str| fs::read(out.join(name)).expect("there") == b"mine";
    for name in ["step-00007.json", "relevance.png", "training.json"] {
        mine(name);
        let output = training(&out, "1", "0,3").output().expect("runs");
        assert_refused(name, &output, &["course", name, "no training.json there"]);
        assert!(is_mine(name));
        fs::remove_file(out.join(name)).expect("removed");
    }
    // Beside an earlier training as well: its training.json does not list step 7.
    ends(training(&out, "1", "0,3"));
    mine("step-00007.json");
    let output = training(&out, "2", "0,7").output().expect("runs");
    assert_refused("step 7", &output, &["step-00007.json", "move it away"]);
    assert!(is_mine("step-00007.json"));
    fs::remove_file(out.join("step-00007.json")).expect("removed");
    assert_eq!(whole(&out), 1);
    // Whatever has another name stays.
    mine("step-9.json");
    ends(training(&out, "2", "0,7"));
    assert!(is_mine("step-9.json"));
    fs::remove_file(out.join("step-9.json")).expect("removed");
    assert_eq!(whole(&out), 2);
}

#[test]
fn steps_before_one_that_cannot_be_written_are_kept_with_their_figures_or_told_by_name() {
    for has_room in [true, false] {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("course");
        let child = training(&out, "1", "0,2000")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs");
        while !out.join("step-00000.json").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        // A folder is in the way, as a full disk would be.
        fs::create_dir(out.join("step-02000.json")).expect("made");
        if !has_room {
            fs::create_dir(out.join("training.json")).expect("made");
        }
        let output = child.wait_with_output().expect("ends");
        let said = if has_room {
            "the steps before it are kept"
        } else {
            "delete step-00000.json in "
        };
        assert_refused(said, &output, &["step-02000.json", said]);
        fs::remove_dir(out.join("step-02000.json")).expect("removed");
        if has_room {
            ends(training(&out, "2", "0,3"));
            assert_eq!(whole(&out), 2);
        }
    }
}

#[test]
fn a_training_that_cannot_go_on_leaves_the_earlier_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("course");
    ends(training(&out, "1", "0,3"));
    let mut diverges = program(&[
        "train",
        "--layers",
        "784,12,20,pool:2",
        "--steps",
        "0,5",
        "--rate",
        "1e300",
        "--force",
    ]);
    diverges.arg("--out").arg(&out);
    let output = diverges.output().expect("runs");
    assert_refused("1e300", &output, &["a smaller --rate"]);
    assert_eq!(whole(&out), 1);
    nothing_unfinished(folder.path());
}

#[test]
fn an_output_that_is_an_input_is_refused_by_whatever_path_it_is_reached() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let text = fs::read("networks/lines.json").expect("there");
    fs::write(at("net.json"), &text).expect("written");
    fs::write(at("samples.jsonl"), "[0,0,0,1,1,1,0,0,0]\n").expect("written");
    fs::create_dir(at("x")).expect("made");
    symlink("net.json", at("link.json")).expect("linked");
    fs::hard_link(at("net.json"), at("hard.json")).expect("linked");
    fs::create_dir(at("data")).expect("made");
    fs::write(at("data/train.csv"), "label,a\n0,1\n0,2\n1,1\n1,2\n").expect("written");
    fs::copy(at("data/train.csv"), at("x/training.json")).expect("copied");
    for arguments in [
        "explain net.json --heatmap net.json",
        "explain net.json --heatmap ./x/../net.json",
        "explain net.json --heatmap link.json",
        "explain link.json --heatmap net.json",
        "explain net.json --heatmap hard.json",
        "explain net.json --inputs samples.jsonl --heatmap samples.jsonl",
        "report net.json -o ./x/../net.json",
        "train --data data --layers 1,2 --out data",
        "train --data data --layers 1,2 --out ./x/../data",
        "train --data x/training.json --layers 1,2 --out x",
    ] {
        let arguments: Vec<&str> = arguments.split(' ').chain(["--force"]).collect();
        let output = deeptaylor(folder.path(), &arguments);
        assert_refused(&arguments.join(" "), &output, &["an input of this command"]);
    }
    assert_eq!(fs::read(at("net.json")).expect("there"), text);
}

#[test]
fn what_is_written_over_keeps_its_permissions() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("n.json");
    let name = file.to_str().expect("UTF-8");
    let init = ["init", "--layers", "3,5,pool", "-o", name, "--force"];
    for mode in [0o600, 0o640, 0o444] {
        fs::write(&file, "").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("set");
        assert!(run(&init).status.success());
        let kept = fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(kept & 0o777, mode);
        assert!(Network::read(name).is_ok());
        fs::remove_file(&file).expect("removed");
    }
    nothing_unfinished(folder.path());
}

#[test]
fn pipes_and_devices_are_written_to_and_never_replaced() {
    let printed = run(&["init", "--layers", "3,5,pool"]).stdout;
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"] {
        let output = run(&["init", "--layers", "3,5,pool", "-o", name]);
        assert!(output.status.success(), "{name}: {output:?}");
        assert_eq!(output.stdout, printed, "{name}");
    }
    let error = run(&["init", "--layers", "3,5,pool", "-o", "/dev/stderr"]);
    assert_eq!(error.stderr, printed);
    assert!(
        run(&["init", "--layers", "3,5,pool", "-o", "/dev/null"])
            .status
            .success()
    );
    let full = run(&["init", "--layers", "3,5,pool", "-o", "/dev/full"]);
    assert_refused("/dev/full", &full, &["/dev/full: cannot be written"]);
    let folder = tempfile::tempdir().expect("a folder");
    let fifo = folder.path().join("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    let name = fifo.to_str().expect("UTF-8").to_owned();
    let writer = std::thread::spawn(move || run(&["init", "--layers", "3,5,pool", "-o", &name]));
    assert_eq!(fs::read(&fifo).expect("read"), printed);
    assert!(writer.join().expect("ends").status.success());
    // A heatmap does not go where the explanation goes.
    let both = run(&["explain", "networks/lines.json", "--heatmap", "/dev/stdout"]);
    assert_refused("both", &both, &["--heatmap: expected the name of a file"]);
}
