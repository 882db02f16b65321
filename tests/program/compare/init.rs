//! Networks written by `init`: their digits, their files, and what cannot be drawn.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use std::fs;

use crate::program::fed;
use crate::refusal::{assert_refused, deeptaylor};
use crate::result::printed;
use deeptaylor::Network;

/// As it was first drawn: a seed gives these digits on every machine and in every release.
#[test]
fn a_seed_gives_the_same_file_as_ever() {
    let drawn = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/drawn");
    for name in [
        "he-normal",
        "orthogonal",
        "sparse:0.5",
        "truncated-normal",
        "pytorch",
    ] {
        let text = printed(&[
            "init",
            "--layers",
            "4,6,pool:2,3:linear",
            "--scheme",
            name,
            "--seed",
            "7",
            "--bounds",
            "-1,1",
        ]);
        let file = format!("{drawn}/{}.json", name.replace(':', "-"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(drawn).expect("a folder");
            fs::write(&file, &text).expect("it can be written");
        }
        assert_eq!(
            text,
            fs::read_to_string(&file).expect("a golden file"),
            "{name}"
        );
    }
}

#[test]
fn what_is_drawn_can_be_piped_into_explain() {
    let network = printed(&[
        "init",
        "--layers",
        "3,5,pool",
        "--scheme",
        "he-uniform",
        "--seed",
        "2",
    ]);
    let output = fed(
        &["explain", "-", "--input", "1,0.5,-0.25"],
        network.as_bytes(),
    );
    assert_eq!(output.status.code(), Some(0));
    let description =
        "3,5,pool: weights he-uniform, U(±√(6 / fan_in)), variance 2 / fan_in; biases 0; seed 2";
    assert!(network.contains(description), "{network}");
}

#[test]
fn the_file_is_written_whole_and_over_no_other_without_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let init = |arguments: &[&str]| {
        deeptaylor(
            folder.path(),
            &[&["init", "--layers", "2,2"], arguments].concat(),
        )
    };
    let first = init(&["-o", "net.json"]);
    assert!(first.status.success() && first.stdout.is_empty());
    let text = || fs::read_to_string(folder.path().join("net.json")).expect("a file");
    let before = text();
    Network::parse("net.json", before.as_bytes()).expect("a network");
    let refused = init(&["-o", "net.json", "--seed", "2"]);
    assert_refused("again", &refused, &["net.json already exists", "--force"]);
    assert_eq!(text(), before);
    assert!(
        init(&["-o", "net.json", "--seed", "2", "--force"])
            .status
            .success()
    );
    assert_ne!(text(), before);
    for (file, said) in [
        ("no/such/net.json", "there is no folder no/such"),
        (".", "found a folder"),
    ] {
        assert_refused(file, &init(&["-o", file]), &[file, said]);
    }
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 1, "nothing unfinished is left behind");
}

#[test]
fn what_cannot_be_drawn_is_refused_with_what_would_do() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, said) in [
        (
            vec!["--layers", "3,5", "--scheme", "he-nromal"],
            vec!["'he-nromal'", "did you mean `he-normal`?"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "xaviar-uniform"],
            vec!["did you mean `xavier-uniform`?"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "qq"],
            vec!["the schemes are zeros, constant"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "normal:0,-1"],
            vec!["normal: expected a standard deviation σ ≥ 0, found -1"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "uniform:2,1"],
            vec!["uniform: expected a ≤ b, found 2 > 1"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "sparse:1"],
            vec!["0 ≤ p < 1, found 1"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "constant:x"],
            vec!["constant:v: expected a finite number, found `x`"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "constant:inf"],
            vec!["expected a finite number"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "normal:1,2,3"],
            vec!["expected normal:μ,σ, found 3 parameters"],
        ),
        (
            vec!["--layers", "3,5", "--scheme", "zeros:1"],
            vec!["zeros takes no parameters"],
        ),
        (
            vec!["--layers", "3,5", "--bias", "he-normal"],
            vec!["he-normal is a scheme for weights", "expected a number"],
        ),
        (
            vec!["--layers", "3,5", "--bias", "nan"],
            vec!["expected a number, or uniform:a,b"],
        ),
        (
            vec!["--layers", "3"],
            vec!["expected a layer after the inputs, as in 3,5,pool"],
        ),
        (vec!["--layers", ""], vec!["expected the number of inputs"]),
        (
            vec!["--layers", "0,5"],
            vec!["expected the number of inputs", "found `0`"],
        ),
        (
            vec!["--layers", "3,0"],
            vec!["`0`: expected a number of ReLU units"],
        ),
        (
            vec!["--layers", "3,5,pool:2"],
            vec!["pool:N with an N that divides the 5 units below"],
        ),
        (vec!["--layers", "3,5:tanh"], vec!["`5:tanh`", "N:linear"]),
        (
            vec!["--layers", "28x28,5"],
            vec!["1x28x28", "found `28x28`"],
        ),
        (
            vec!["--layers", "100000,100000"],
            vec!["10,000,000,000 weights; expected at most 134,217,728"],
        ),
        (
            vec!["--layers", "99999999999999999999,2"],
            vec!["expected the number of inputs"],
        ),
        (
            vec!["--layers", "4294967296x4294967296x4294967296,2"],
            vec!["too many inputs"],
        ),
        (
            vec!["--layers", "999999999999,pool"],
            vec!["134,217,728 inputs"],
        ),
        (
            vec!["--layers", "3,5", "--bounds", "1,0"],
            vec!["expected two numbers l ≤ h"],
        ),
        (vec!["--layers", "3,5", "--seed", "-1"], vec!["--seed"]),
        (
            vec!["--layers", "30,50", "--scheme", "normal:0,1e308"],
            vec!["normal:0,1", "expected a finite number, found"],
        ),
        (vec!["--scheme", "he-normal"], vec!["--layers"]),
    ] {
        let output = deeptaylor(folder.path(), &[&["init"], &arguments[..]].concat());
        assert_refused(&arguments.join(" "), &output, &said);
    }
}
