//! The table of limits in the manual: each number is the one of the source, and each row names a test that is there.

use std::fs;
use std::path::{Path, PathBuf};

use deeptaylor::guide::Chapter;
use serde_json::json;

use super::weights::{head_of_square, hole};
use crate::arrays_written::{npy, png};
use crate::gzip::gzipped;
use crate::refusal::{assert_refused, deeptaylor};

/// What the table limits: how a row begins, and the file and constant of the source that it speaks of.
const LIMITS: [(&str, &str, &str); 31] = [
    (
        "a network file, a file of",
        "network/file/source.rs",
        "LARGEST",
    ),
    (
        "the header of a safetensors",
        "network/file/tensors.rs",
        "LONGEST_HEADER",
    ),
    ("a level", "network/input.rs", "LARGEST_LEVEL"),
    (
        "levels behind padding",
        "network/sources.rs",
        "MOST_LOOKED_AT",
    ),
    (
        "inputs of a network file that",
        "network/file/bounds.rs",
        "MOST_OF_CHANNELS",
    ),
    (
        "weights that `init` draws",
        "init/architecture.rs",
        "MOST_WEIGHTS",
    ),
    (
        "nodes and names of an ONNX",
        "network/onnx/read/model.rs",
        "ROOM",
    ),
    (
        "samples in Fortran order in a file",
        "samples/arrays.rs",
        "LARGEST",
    ),
    (
        "samples in Fortran order, packed",
        "samples/arrays.rs",
        "LARGEST_UNPACKED",
    ),
    (
        "an archive that is gzipped",
        "samples/arrays.rs",
        "LARGEST_UNPACKED",
    ),
    (
        "names or classes in an archive",
        "samples/members.rs",
        "MOST_TAGS",
    ),
    (
        "a picture that is explained, as a file",
        "samples/pictures/mod.rs",
        "LARGEST",
    ),
    (
        "a picture that is explained |",
        "samples/pictures/decode.rs",
        "MOST_PIXELS",
    ),
    ("the text of a sample", "samples/options.rs", "LONGEST"),
    ("the last step of a", "cli/train/schedule.rs", "LAST_STEP"),
    ("columns of a table", "samples/csv.rs", "MOST_COLUMNS"),
    ("data that `train` reads", "data/file.rs", "LARGEST"),
    ("a range of `--sample`", "cli/source.rs", "MOST_CHOSEN"),
    ("samples on a page", "cli/writing.rs", "MOST_ON_A_PAGE"),
    (
        "a picture that is drawn",
        "render/pictures/picture.rs",
        "MOST_PIXELS",
    ),
    ("samples of a picture", "cli/heatmap.rs", "MOST"),
    ("messages of a sample", "result/messages.rs", "MOST"),
    (
        "values that `compare --samples`",
        "cli/initialisation.rs",
        "MOST_VALUES",
    ),
    (
        "dimensions of an array",
        "npy/read/header.rs",
        "MOST_DIMENSIONS",
    ),
    (
        "samples that are gzipped over",
        "samples/source.rs",
        "MOST_PACKED",
    ),
    (
        "listed steps of a training",
        "cli/train/schedule.rs",
        "MOST_STEPS",
    ),
    (
        "weights, biases and units with `--exact`",
        "exact/network.rs",
        "MOST_NUMBERS",
    ),
    ("an id or a label in NPZ", "render/npz.rs", "LONGEST_TEXT"),
    ("a line of a message", "cli/failure.rs", "LONGEST_LINE"),
    ("accents on one letter", "printable.rs", "MOST_MARKS"),
    ("a result that waits in memory", "cli/spool.rs", "IN_MEMORY"),
];

/// Numbers of what is read that are no limits of whoever uses the program, and why.
const OTHERS: [(&str, &str, &str); 22] = [
    ("network/file/complaint.rs", "LONGEST_PATH", "words"),
    ("network/file/place.rs", "LONGEST_LINE", "words"),
    ("network/linear/window.rs", "MOST", "what usize holds"),
    (
        "network/load.rs",
        "LARGEST",
        "no model of ONNX can have more",
    ),
    (
        "network/onnx/write/mod.rs",
        "MOST_BYTES",
        "no model of ONNX can have more",
    ),
    (
        "network/onnx/read/model.rs",
        "MOST_NAMES",
        "far below the bytes of all nodes",
    ),
    (
        "network/onnx/read/model.rs",
        "MOST_DOMAINS",
        "no model has more",
    ),
    (
        "network/onnx/read/model.rs",
        "MOST_SIDES",
        "no tensor has more",
    ),
    (
        "network/onnx/read/attribute.rs",
        "MOST_NUMBERS",
        "those of a tensor stand in a tensor",
    ),
    (
        "network/onnx/read/stored.rs",
        "LONGEST",
        "a pointer of Git LFS",
    ),
    (
        "network/onnx/read/arithmetic.rs",
        "LONGEST_RANGE",
        "far above the sides of a shape",
    ),
    ("data/classes.rs", "MOST", "words"),
    (
        "samples/decimal.rs",
        "LARGEST_EXPONENT",
        "beyond what f64 holds",
    ),
    (
        "npy/read/element.rs",
        "LONGEST_TEXT",
        "far above a name that NPZ keeps",
    ),
    (
        "samples/pictures/decode.rs",
        "MOST_BYTES",
        "above what the pixels can take",
    ),
    (
        "samples/pictures/decode.rs",
        "MOST_DEFLATED",
        "the format's own",
    ),
    (
        "samples/pictures/decode.rs",
        "MOST_CODED",
        "the format's own",
    ),
    ("samples/matching.rs", "MOST_NAMED", "words"),
    ("samples/options.rs", "MOST", "words"),
    ("npy/read/archive.rs", "LONGEST_COMMENT", "the format's own"),
    (
        "npy/read/archive.rs",
        "LONGEST_LIST",
        "hundreds of thousands of members, of which one is read",
    ),
    ("npy/read/header.rs", "LONGEST", "no header has more"),
];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The value of a constant as the source spells it: a number, or a 1 shifted.
fn constant(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(here("src").join(file)).expect("a file of the source");
    let spelled = text.lines().find_map(|line| {
        let (before, after) = line.trim().split_once(": ")?;
        let (kind, value) = after.strip_suffix(';')?.split_once(" = ")?;
        let is_number = matches!(kind, "usize" | "u64" | "u32");
        (is_number && before.ends_with(&format!("const {name}"))).then_some(value)
    });
    let spelled = spelled.unwrap_or_else(|| panic!("{file} has no {name}"));
    let number = |text: &str| text.replace('_', "").parse::<u64>().expect("a number");
    match spelled.split_once(" << ") {
        Some((one, places)) => number(one) << number(places),
        None => number(spelled),
    }
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups = groups.map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

fn chapter() -> &'static str {
    let chapter = Chapter::ALL.iter().find(|chapter| chapter.name == "limits");
    chapter.expect("the manual has it").text
}

/// The rows of the table of limits.
fn rows() -> Vec<&'static str> {
    let (_, behind) = chapter().split_once("## Limits").expect("a heading");
    let rows = behind.lines().filter_map(|line| line.strip_prefix("| "));
    rows.skip(1).collect()
}

#[test]
fn the_numbers_of_the_table_of_limits_are_those_of_the_source() {
    let rows = rows();
    assert_eq!(rows.len(), LIMITS.len(), "a row for each, and no other");
    for (begins, file, name) in LIMITS {
        let row = rows.iter().find(|row| row.starts_with(begins));
        let row = row.unwrap_or_else(|| panic!("no row {begins}"));
        let most = row.split(" | ").nth(1).expect("a number");
        let number = most.split(' ').next().expect("a number");
        assert_eq!(
            number,
            grouped(constant(file, name)),
            "{row}: {file} has {name}"
        );
    }
}

/// The files below a folder, by their paths.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn every_largest_number_of_what_is_read_is_a_limit_of_the_table_or_none_for_a_reason() {
    let limits = LIMITS.map(|(_, file, name)| (file, name));
    let others = OTHERS.map(|(file, name, _)| (file, name));
    let mut seen = 0;
    for folder in ["network", "samples", "npy", "exact", "data"] {
        for path in files(&here("src").join(folder)) {
            let text = fs::read_to_string(&path).expect("a file of the source");
            let file = path.strip_prefix(here("src")).expect("a file of src");
            let file = file.to_string_lossy().into_owned();
            for line in text.lines() {
                let Some((_, after)) = line.split_once("const ") else {
                    continue;
                };
                let name = after.split(':').next().unwrap_or_default();
                let is_largest = ["MOST", "LARGEST", "LONGEST"]
                    .iter()
                    .any(|begins| name.starts_with(begins));
                if is_largest {
                    seen += 1;
                    let known = [limits.as_slice(), &others].concat();
                    assert!(known.contains(&(file.as_str(), name)), "{file}: {name}");
                }
            }
        }
    }
    assert!(seen > 25, "{seen} numbers");
}

/// All text of the tests, those inside the source among them.
fn tests(folder: &Path) -> String {
    let files = files(folder).into_iter();
    let sources = files.filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let texts = sources.map(|path| fs::read_to_string(path).expect("a file of the source"));
    texts.collect()
}

#[test]
fn every_promise_and_every_limit_names_a_test_that_is_there() {
    let tests = tests(&here("tests")) + &tests(&here("src"));
    let rows = chapter().lines().filter(|line| line.starts_with("| "));
    let names = rows.filter_map(|row| row.strip_suffix("` |")?.rsplit_once('`'));
    let names: Vec<&str> = names.map(|(_, name)| name).collect();
    assert!(names.len() > LIMITS.len(), "{names:?}");
    for name in names {
        assert!(tests.contains(&format!("fn {name}(")), "{name}");
    }
}

#[test]
fn what_is_beyond_a_limit_is_refused_in_one_message() {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("written");
    let long = |name: &str, bytes: u64| {
        let file = fs::File::create(folder.join(name)).expect("made");
        file.set_len(bytes).expect("a file with a hole");
    };
    write("s.jsonl", "[0, 1]\n".repeat(1_251).as_bytes());
    let id = json!({ "id": "n".repeat(1_001), "x": [0, 1] });
    write("id.jsonl", id.to_string().as_bytes());
    let columns = "0,".repeat((1 << 20) + 4) + "0";
    write("columns.csv", columns.as_bytes());
    // A picture whose first lines say that it is large.
    let mut picture = png(
        [1, 1],
        png::ColorType::Grayscale,
        png::BitDepth::Eight,
        &[0],
    );
    let side = 60_000_u32.to_be_bytes();
    picture[16..24].copy_from_slice(&[side, side].concat());
    let mut crc = flate2::Crc::new();
    crc.update(&picture[12..29]);
    picture[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    write("p.png", &picture);
    let side = 3_200;
    hole(&folder.join("w.safetensors"), &head_of_square(side), side);
    let large = json!({ "input": { "shape": [side] }, "layers": [{ "type": "dense",
        "weights": { "file": "w.safetensors", "tensor": "w" } }, { "type": "sum_pool" }] });
    write("large.json", large.to_string().as_bytes());
    let ones = npy(1, "|u1", false, &[1, 3_200], &[1; 3_200]);
    write("ones.npy", &ones);
    write("fortran.npy", &npy(1, "<f8", true, &[100_000_000, 2], &[]));
    let there = fs::File::options()
        .write(true)
        .open(folder.join("fortran.npy"));
    there
        .and_then(|file| file.set_len(1_600_000_128))
        .expect("a file with a hole");
    long("data.csv", (1 << 30) + 1);
    let steps: Vec<String> = (0..101).map(|n: usize| n.to_string()).collect();
    let steps = steps.join(",");
    let eight = "w2,z+,flat,epsilon:0.1,epsilon:0.2,epsilon:0.3,gamma:0.1,gamma:0.2";
    let four_times = (0..4).fold(b"[0, 1]".to_vec(), |bytes, _| gzipped(&bytes));
    write("s.gz", &four_times);
    let xor = ["explain", "example:xor", "--exit-zero"];
    let with = |rest: &[&'static str]| [&xor[..], rest].concat();
    for (arguments, said) in [
        (
            vec!["init", "--layers", "100000,100000"],
            "expected at most 134,217,728",
        ),
        (
            with(&["--inputs", "fortran.npy"]),
            "at most 1 GiB of values in Fortran order",
        ),
        (with(&["--inputs", "p.png"]), "16,777,216 pixels"),
        (with(&["--inputs", "columns.csv"]), "at most 1,048,5"),
        (
            vec!["train", "--data", "data.csv", "--out", "run"],
            "at most 1 GiB of data",
        ),
        (with(&["--inputs", "s.gz"]), "gzipped more than 3 times"),
        (
            vec![
                "compare",
                "--layers",
                "784,10",
                "--samples",
                "30000",
                "--seeds",
                "1",
            ],
            "samples of 784 values; at most 21399",
        ),
        (
            with(&["--sample", "0-1000000"]),
            "has 1,000,001 samples; at most 1,000,000",
        ),
        (
            with(&["--inputs", "s.jsonl", "--format", "html", "--rule", eight]),
            "at most 1,250 samples under 8 rules",
        ),
        (
            vec!["train", "--steps", &steps, "--out", "run"],
            "expected at most 100, found 101",
        ),
        (
            vec!["explain", "large.json", "--exact", "--inputs", "ones.npy"],
            "up to 10,000,000 weights",
        ),
        (
            with(&["--inputs", "id.jsonl", "--format", "npz", "-o", "r.npz"]),
            "1,001 characters",
        ),
    ] {
        let what = arguments.join(" ");
        let output = deeptaylor(folder, &arguments);
        assert_refused(&what, &output, &[said]);
        assert!(!folder.join("run").exists(), "{what}");
    }
}

#[test]
fn a_step_behind_the_last_is_refused_before_any_training() {
    let folder = tempfile::tempdir().expect("a folder");
    for (option, steps) in [
        ("--steps", "10000001"),
        ("--steps", "0,10000001"),
        ("--epochs", "10000000"),
    ] {
        let arguments = ["train", option, steps, "--out", "run"];
        let output = deeptaylor(folder.path(), &arguments);
        assert_refused(option, &output, &["10,000,000"]);
        assert!(!folder.path().join("run").exists(), "{option} {steps}");
    }
}
