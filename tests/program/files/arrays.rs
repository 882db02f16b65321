//! Arrays and pictures as the program takes them: from a file and a pipe, with bounds and classes from the command line, and
//! never with more memory than they need.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::arrays_written::{headed, npy, png, zip};
use crate::gzip::gzipped;
#[cfg(target_os = "linux")]
use crate::limited::{Limit, limited};
use crate::refusal::{assert_refused, deeptaylor};
use png::{BitDepth, ColorType};
use serde_json::{Value, json};

/// Two classes of two inputs: the larger input says which.
const CLASSES: &str = r#"{"input":{"shape":[2],"bounds":[0,1]},"outputs":["left","right"],
 "layers":[{"type":"dense","weights":[[1,0],[0,1]],"activation":"relu"}]}"#;

/// Three channels of one pixel without bounds.
const COLOUR: &str = r#"{"input":{"shape":[3,1,1]},"layers":[{"type":"dense","weights":[[1],[1],[1]],"activation":"relu"}]}"#;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let networks = [
        ("classes.json", CLASSES.as_bytes()),
        ("colour.json", COLOUR.as_bytes()),
    ];
    for (name, bytes) in networks.iter().chain(files) {
        fs::write(folder.path().join(name), bytes).expect("the file can be written");
    }
    folder
}

/// The JSON of a run that succeeds, and what it says.
fn explained(folder: &Path, arguments: &[&str]) -> (Value, String) {
    let arguments = [&["explain"], arguments, &["--format", "json"]].concat();
    let output = deeptaylor(folder, &arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let json = serde_json::from_slice(&output.stdout);
    (
        json.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}")),
        said,
    )
}

fn inputs(result: &Value) -> Vec<Value> {
    let samples = result["samples"].as_array().expect("samples").iter();
    samples
        .map(|sample| sample["layers"][0]["activations"].clone())
        .collect()
}

/// Three samples: left, right, right by their values.
fn x() -> Vec<u8> {
    npy(1, "|u1", false, &[3, 2], &[1, 0, 0, 1, 0, 1])
}

#[test]
fn from_a_pipe_a_file_is_the_same_as_from_its_place() {
    let x = x();
    let archive = zip(&[
        ("inputs.npy", &x, true),
        ("ids.npy", &npy(1, "|S1", false, &[3], b"abc"), false),
    ]);
    let idx = [
        &[0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2][..],
        &[1, 0, 0, 1, 0, 1],
    ]
    .concat();
    let files = [("x.npy", x.clone()), ("x.npz", archive), ("x.idx", idx)];
    for (name, bytes) in files {
        for bytes in [gzipped(&bytes), bytes] {
            let folder = folder(&[(name, &bytes)]);
            let of = |file: &str| {
                let arguments = [
                    "explain",
                    "classes.json",
                    "--inputs",
                    file,
                    "--format",
                    "jsonl",
                ];
                let mut program = Command::new(env!("CARGO_BIN_EXE_deeptaylor"));
                program.args(arguments).current_dir(folder.path());
                let stdin = fs::File::open(folder.path().join(name)).expect("the file is there");
                program
                    .stdin(Stdio::from(stdin))
                    .output()
                    .expect("the program runs")
            };
            let [file, pipe] = [name, "-"].map(of);
            assert_eq!(
                file.status.code(),
                Some(0),
                "{name}: {}",
                String::from_utf8_lossy(&file.stderr)
            );
            assert_eq!(file.stdout, pipe.stdout, "{name}");
        }
    }
}

#[test]
fn each_sample_is_explained_by_its_own_class_and_the_right_ones_are_counted() {
    let labels = npy(
        1,
        "<i8",
        false,
        &[3],
        &[[0; 8], 1_u64.to_le_bytes(), [0; 8]].concat(),
    );
    let named = npy(1, "|S5", false, &[3], b"left\0rightleft\0");
    let wrong = npy(1, "|S2", false, &[3], b"upupup");
    let x = x();
    let both = |labels: &[u8]| zip(&[("x.npy", &x, false), ("y.npy", labels, false)]);
    let folder = folder(&[
        ("x.npy", &x),
        ("y.npy", &labels),
        ("numbers.npz", &both(&labels)),
        ("names.npz", &both(&named)),
        ("wrong.npz", &both(&wrong)),
        ("s.jsonl", b"{\"x\":[1,0],\"label\":\"left\"}\n{\"x\":[0,1],\"label\":1}\n{\"x\":[0,1],\"label\":\"0\"}\n"),
        ("s.csv", b"a,b,label\n1,0,left\n0,1,1\n0,1,0\n"),
    ]);
    for given in [
        &["numbers.npz"][..],
        &["names.npz"],
        &["x.npy", "--label", "y.npy"],
        &["s.jsonl"],
        &["s.csv"],
    ] {
        let arguments = [&["classes.json", "--target", "label", "--inputs"], given].concat();
        let (result, _) = explained(folder.path(), &arguments);
        let samples = result["samples"].as_array().expect("samples").iter();
        let targets: Vec<Value> = samples
            .map(|sample| sample["target"]["index"].clone())
            .collect();
        assert_eq!(targets, [json!(0), json!(1), json!(0)], "{given:?}");
        let labels = &result["summary"]["labels"];
        assert_eq!(
            (&labels["labelled"], &labels["correct"]),
            (&json!(3), &json!(2)),
            "{given:?}"
        );
    }
    let taylor = [
        "taylor",
        "classes.json",
        "--target",
        "label",
        "--inputs",
        "s.csv",
        "--sample",
        "2",
        "--format",
        "json",
    ];
    let taylor: Value =
        serde_json::from_slice(&deeptaylor(folder.path(), &taylor).stdout).expect("JSON");
    assert_eq!(taylor["target"]["index"], 0);
    let exact = [
        "classes.json",
        "--target",
        "label",
        "--inputs",
        "s.csv",
        "--exact",
    ];
    assert_eq!(
        explained(folder.path(), &exact).0["samples"][2]["target"]["index"],
        0
    );
    for (given, said) in [
        (
            &["--inputs", "x.npy"][..],
            "sample 0: --target label: expected a class, found none\n  help: --label",
        ),
        (
            &["--inputs", "wrong.npz"],
            "expected the name or the index of an output, found the class `up`",
        ),
        (
            &["--inputs", "x.npy", "--label", "x.npy"],
            "expected an array of 3, one for each sample, found the shape [3, 2]",
        ),
        (
            &["--inputs", "x.npy", "--label", "z"],
            "--label: expected a .npy or IDX file with one for each sample, found `z`",
        ),
    ] {
        let arguments = [&["explain", "classes.json", "--target", "label"], given].concat();
        assert_refused("label", &deeptaylor(folder.path(), &arguments), &[said]);
    }
}

#[test]
fn bounds_of_the_command_line_take_the_place_of_those_of_the_network() {
    let white = png([1, 1], ColorType::Rgb, BitDepth::Eight, &[255, 255, 0]);
    let folder = folder(&[("p.png", &white), ("q.png", &white), ("x.npy", &x())]);
    let each = [
        "colour.json",
        "--inputs",
        "p.png",
        "--bounds",
        "-2,2;0,4;-1,3",
        "--rule",
        "zB",
    ];
    assert_eq!(
        inputs(&explained(folder.path(), &each).0),
        [json!([2.0, 4.0, -1.0])]
    );
    let exact = [
        "--bounds",
        "-2,2;0,4;-1,3",
        "--rule",
        "zB",
        "--exact",
        "--input",
        "1,1,1",
    ];
    let (exact, _) = explained(folder.path(), &[&["colour.json"], &exact[..]].concat());
    assert_eq!(exact["samples"][0]["checks"]["conservation"]["holds"], true);
    let two = [
        "colour.json",
        "--inputs",
        "p.png",
        "--inputs",
        "q.png",
        "--bounds",
        "0,1",
    ];
    let (two, said) = explained(folder.path(), &two);
    assert_eq!(
        (inputs(&two).len(), &two["samples"][1]["id"]),
        (2, &json!("q.png"))
    );
    assert_eq!(said, "");
    // The network's own bounds are [0, 1], which these values exceed.
    let wide = [
        "classes.json",
        "--input",
        "5,-5",
        "--rule",
        "zB",
        "--bounds",
        "-9,9",
    ];
    assert_eq!(
        inputs(&explained(folder.path(), &wide).0),
        [json!([5.0, -5.0])]
    );
    for (arguments, said) in [
        (
            &["explain", "colour.json", "--bounds", "0,1;0,1"][..],
            "--bounds: expected one pair, or one for each of 3 channels, found 2",
        ),
        (
            &["explain", "classes.json", "--bounds", "1,0"],
            "expected two numbers l ≤ h",
        ),
        (
            &[
                "explain",
                "colour.json",
                "--inputs",
                "p.png",
                "--inputs",
                "x.npy",
            ],
            "x.npy: expected a PNG or JPEG picture",
        ),
    ] {
        assert_refused("bounds", &deeptaylor(folder.path(), arguments), &[said]);
    }
    let compared = [
        "compare",
        "classes.json",
        "--schemes",
        "he-normal",
        "--seeds",
        "2",
        "--rule",
        "zB",
        "--inputs",
        "x.npy",
    ];
    let compared = [
        &compared[..],
        &["--bounds", "-1,1;-2,2", "--format", "json"],
    ]
    .concat();
    assert_ne!(deeptaylor(folder.path(), &compared).status.code(), Some(2));
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_unpacks_to_much_or_says_that_it_does_takes_little_memory() {
    let header = |fortran: &str, shape: &str, descr: &str| {
        let text =
            format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
        headed(1, &text, &[])
    };
    // A gigabyte of zeros, in five megabytes.
    let zeros = vec![0; 1 << 20];
    let bomb = |start: Vec<u8>| {
        let packed = gzipped(&zeros);
        [gzipped(&start), packed.repeat(1024)].concat()
    };
    let x = x();
    let tags = header("False", "(300000000,)", "|u1");
    let mut lying = zip(&[("x.npy", &x, true)]);
    let entry = lying
        .windows(4)
        .position(|mark| mark == b"PK\x01\x02")
        .expect("the list");
    lying[entry + 24..entry + 28].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    let big = vec![0; 300_000_000];
    let fortran = [&header("True", "(18750000, 2)", "<f8")[..], &big].concat();
    let tagged = [&tags[..], &big].concat();
    let files = [
        (
            "fortran.npy.gz",
            bomb(header("True", "(100000000, 2)", "<f8")),
            "256 MiB of values in Fortran order",
        ),
        (
            "fortran.npz",
            zip(&[("x.npy", &fortran, true)]),
            "256 MiB of values in Fortran order",
        ),
        (
            "long.npy.gz",
            bomb(header("False", "(1, 999999999)", "<f8")),
            "expected samples of 2 values",
        ),
        (
            "text.jsonl.gz",
            bomb(b"[1,".to_vec()),
            "expected text in UTF-8",
        ),
        (
            "tags.npz",
            zip(&[("x.npy", &x, false), ("ids.npy", &tagged, true)]),
            "at most 268435456",
        ),
        ("lying.npz", lying, "nothing behind them"),
        (
            "picture.png.gz",
            bomb(b"\x89PNG\r\n\x1a\n".to_vec()),
            "at most 64 MiB",
        ),
        (
            "archive.npz.gz",
            bomb(b"PK\x03\x04".to_vec()),
            "at most 256 MiB gzipped",
        ),
    ];
    for (name, bytes, said) in &files {
        assert!(bytes.len() < 8 << 20, "{name}: {}", bytes.len());
        let folder = folder(&[(name, bytes)]);
        let explain = ["explain", "classes.json", "--inputs", name];
        let explain = [&explain[..], &["--format", "jsonl"]].concat();
        let output = limited(folder.path(), &Limit::All(1 << 29), &explain);
        assert_refused(name, &output, &[said]);
    }
}
