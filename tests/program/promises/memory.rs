//! How much memory is taken for many samples, large models and large results. The tests take small ones; variables of the
//! environment ask for larger ones.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

use serde_json::json;

use super::weights::{head_of_square, hole};
use crate::arrays_written::{npy, zip};
use crate::limited::{Limit, limited};
use crate::onnx_build::{Model, outside};
use crate::program::{fed, program, run};
use crate::refusal::assert_refused;

const MIB: u64 = 1 << 20;

/// A number that a variable of the environment says, else a usual one.
fn asked(variable: &str, usual: u64) -> u64 {
    env::var(variable).map_or(usual, |number| number.parse().expect("a number"))
}

/// KiB that a program has held at the most so far.
fn peak(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
    let status = status.expect("it is at work");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let size = line.and_then(|line| line.trim().strip_suffix(" kB"));
    size.expect("its peak").parse().expect("a number")
}

/// Writes so many samples of two values as a file of each format.
fn write_samples(folder: &Path, count: usize) {
    let pairs = (0..count).map(|n| [n % 7 % 2, n % 5 % 2]);
    let lines = |around: [&str; 2]| {
        let line = |[a, b]: [usize; 2]| format!("{}{a},{b}{}\n", around[0], around[1]);
        pairs.clone().map(line).collect::<Vec<_>>().concat()
    };
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("written");
    write("s.jsonl", lines(["[", "]"]).as_bytes());
    write("s.csv", format!("x1,x2\n{}", lines(["", ""])).as_bytes());
    let numbers: Vec<u8> = pairs
        .flatten()
        .flat_map(|x| (x as f64).to_le_bytes())
        .collect();
    let array = npy(1, "<f8", false, &[count, 2], &numbers);
    // What nobody reads makes the archive long: it is noticed where an archive is held.
    let more = npy(1, "|u1", false, &[count, 200], &vec![0; 200 * count]);
    let archive = zip(&[("x.npy", &array, false), ("more.npy", &more, false)]);
    write("s.npz", &archive);
}

/// KiB that the program holds at the most while it explains all samples of a file. It is asked when the last results are still
/// to be read, so that it waits: rows come as they are done, everything else when all is done.
fn explaining(folder: &Path, file: &str, from_pipe: bool, format: &str, samples: usize) -> u64 {
    let input = if from_pipe { "-" } else { file };
    let line = [
        "explain",
        "example:xor",
        "--exit-zero",
        "--inputs",
        input,
        "--format",
        format,
    ];
    let mut command = program(&line);
    command
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut feed = None;
    if from_pipe {
        let mut cat = Command::new("cat");
        let mut cat = cat
            .arg(folder.join(file))
            .stdout(Stdio::piped())
            .spawn()
            .expect("cat runs");
        command.stdin(cat.stdout.take().expect("a pipe"));
        feed = Some(cat);
    }
    let mut child = command.spawn().expect("it runs");
    let mut results = BufReader::new(child.stdout.take().expect("a pipe"));
    if matches!(format, "jsonl" | "csv-wide") {
        // More than a pipe and a buffer hold.
        let (mut row, unread) = (String::new(), 2_500);
        for _ in unread..samples {
            row.clear();
            results.read_line(&mut row).expect("a row");
        }
    } else {
        results.read_exact(&mut [0]).expect("a result");
    }
    let held = peak(&child);
    std::io::copy(&mut results, &mut std::io::sink()).expect("the rest");
    assert!(child.wait().expect("it ends").success(), "{line:?}");
    drop(feed.map(|mut cat| cat.wait()));
    held
}

#[test]
fn memory_does_not_grow_with_the_samples_whatever_they_come_from_and_go_to() {
    let many = usize::try_from(asked("DEEPTAYLOR_SAMPLES", 80_000)).expect("a number");
    let folders = [(), ()].map(|()| tempfile::tempdir().expect("a folder"));
    let [of_few, folder] = &folders;
    write_samples(folder.path(), many);
    // 60 bytes that are kept of each sample are more than the slack in MiB; how much of the program itself lies in memory differs by
    // up to 2.5 MiB from one run to the next. Of a result that is not streamed up to 4 MiB wait in memory: as JSON those of a few
    // already, as NPZ only those of many, where it takes 170 bytes a sample.
    for (file, from_pipe, format, few, slack) in [
        ("s.jsonl", false, "csv-wide", 3_000, 4),
        ("s.csv", false, "csv-wide", 3_000, 4),
        ("s.npz", false, "csv-wide", 3_000, 4),
        ("s.jsonl", true, "csv-wide", 3_000, 4),
        ("s.csv", true, "csv-wide", 3_000, 4),
        ("s.npz", true, "csv-wide", 3_000, 4),
        ("s.npz", false, "npz", 3_000, 4 + 4),
        ("s.npz", false, "jsonl", 3_000, 4),
        ("s.npz", false, "json", 8_000, 4),
    ] {
        write_samples(of_few.path(), few);
        let begun = Instant::now();
        let least = explaining(of_few.path(), file, from_pipe, format, few);
        let most = explaining(folder.path(), file, from_pipe, format, many);
        let what = format!("{file} to {format}, from a pipe: {from_pipe}");
        let takes = begun.elapsed();
        println!("{what}: {least} KiB for {few} samples, {most} KiB for {many}, in {takes:.1?}");
        assert!(
            most < least + slack * 1024,
            "{what}: {least} KiB, then {most}"
        );
        // Unoptimised, the program itself takes twice as much.
        if !cfg!(debug_assertions) {
            assert!(most < 32_000_000 / 1024, "{what}: {most} KiB");
        }
    }
}

#[test]
fn an_archive_from_a_pipe_is_what_it_is_as_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    // Too few to wait in a file, then enough.
    for samples in [10, 20_000] {
        write_samples(folder.path(), samples);
        let archive = fs::read(folder.path().join("s.npz")).expect("written");
        let line = "explain example:xor --exit-zero --format csv-wide --inputs";
        let line: Vec<&str> = line.split(' ').collect();
        let file = folder.path().join("s.npz");
        let file = run(&[&line[..], &[file.to_str().expect("UTF-8")]].concat());
        let pipe = fed(&[&line[..], &["-"]].concat(), &archive);
        assert_eq!(pipe.status.code(), Some(0), "{pipe:?}");
        assert!(pipe.stdout == file.stdout, "{samples} samples");
    }
}

/// A network of a square of weights, all 0, in a file of tensors.
fn network(folder: &Path, side: u64) -> PathBuf {
    hole(&folder.join("w.safetensors"), &head_of_square(side), side);
    let network = json!({
        "input": { "shape": [side] },
        "layers": [
            { "type": "dense", "weights_order": "out_in", "activation": "relu",
              "weights": { "file": "w.safetensors", "tensor": "w" } },
            { "type": "sum_pool" },
        ],
    });
    let file = folder.join("net.json");
    fs::write(&file, network.to_string()).expect("written");
    file
}

/// A model of the same in a file beside it.
fn model(folder: &Path, side: u64) -> PathBuf {
    hole(&folder.join("w.bin"), &[], side);
    let sides = i64::try_from(side).expect("a number");
    let weights = outside("w", &[sides, sides], &[("location", "w.bin")]);
    let model = Model::reading(&[1, sides])
        .tensor(&weights)
        .node("MatMul", &["x", "w"], "z", &[])
        .node("Relu", &["z"], "y", &[])
        .output("y");
    let file = folder.join("net.onnx");
    fs::write(&file, model.file()).expect("written");
    file
}

/// A run that may have so many bytes of its own; what it maps of files is not counted.
fn within(bytes: u64, arguments: &[&str]) -> Output {
    limited(Path::new("."), &Limit::Own(bytes), arguments)
}

#[test]
fn the_weights_of_a_large_model_stay_in_their_file() {
    // A square of so many MiB in 32 bits; the default is 4,096 inputs and as many units.
    let megabytes = asked("DEEPTAYLOR_MODEL_MIB", 64);
    let side = (megabytes * MIB / 4).isqrt();
    let folder = tempfile::tempdir().expect("a folder");
    let samples = folder.path().join("x.npy");
    let sides = [1, usize::try_from(side).expect("a number")];
    fs::write(&samples, npy(1, "|u1", false, &sides, &vec![1; sides[1]])).expect("written");
    let samples = samples.to_str().expect("UTF-8");
    for file in [network(folder.path(), side), model(folder.path(), side)] {
        let file = file.to_str().expect("UTF-8");
        let explain = [
            "explain",
            file,
            "--inputs",
            samples,
            "--format",
            "csv-wide",
            "--exit-zero",
        ];
        let output = within(48 * MIB, &explain);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{file}: {said}");
        assert_eq!(
            output.stdout.split(|&byte| byte == b'\n').count(),
            3,
            "{file}"
        );
    }
}

#[test]
fn a_model_beyond_what_a_file_may_have_is_refused_unread() {
    let folder = tempfile::tempdir().expect("a folder");
    let beyond = 23_171;
    let file = network(folder.path(), beyond);
    let output = within(48 * MIB, &["inspect", file.to_str().expect("UTF-8")]);
    assert_refused("weights", &output, &["more than 2,147,483,648 bytes"]);
    let whole = folder.path().join("whole.json");
    hole(&whole, b"{", beyond);
    let output = within(48 * MIB, &["inspect", whole.to_str().expect("UTF-8")]);
    assert_refused("a network", &output, &["more than 2,147,483,648 bytes"]);
}

/// Writes a result of so many bytes: the sample of a small one, again and again.
fn result(file: &Path, bytes: u64) {
    let small = program(&["explain", "--format", "json"])
        .output()
        .expect("it runs");
    let text = String::from_utf8(small.stdout).expect("UTF-8");
    let (start, rest) = text.split_once("{\"sample\":0,").expect("a sample");
    let (sample, end) = rest
        .rsplit_once("}],\"checks\":")
        .expect("what is behind the samples");
    let samples = (bytes / sample.len() as u64).max(2);
    let end = end.replace(
        "\"summary\":{\"samples\":1",
        &format!("\"summary\":{{\"samples\":{samples}"),
    );
    let mut out = BufWriter::new(File::create(file).expect("made"));
    write!(out, "{start}{{\"sample\":0,{sample}}}").expect("written");
    for n in 1..samples {
        write!(out, ",{{\"sample\":{n},{sample}}}").expect("written");
    }
    write!(out, "],\"checks\":{end}")
        .and_then(|()| out.flush())
        .expect("written");
}

#[test]
fn a_report_of_a_large_result_takes_a_few_times_its_file_or_is_refused() {
    let bytes = asked("DEEPTAYLOR_RESULT_MB", 4) * 1_000_000;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("result.json");
    result(&file, bytes);
    let file = file.to_str().expect("UTF-8");
    for format in ["html", "markdown", "latex"] {
        let output = within(4 * bytes + 32 * MIB, &["report", file, "--format", format]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{format}: {said}");
        assert!(output.stdout.len() > 1_000, "{format}");
    }
    // With less memory than the file takes.
    let output = within(bytes / 2, &["report", file]);
    assert_refused("little memory", &output, &[file, "out of memory"]);
}
