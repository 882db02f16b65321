//! Schemes beside one another: the same result for any number of threads, from the seeds that `init` has.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use crate::program::{json, number, program, run};
use crate::result::{entry, printed, reading, without_origin};
use approx::assert_relative_eq;

#[test]
fn two_runs_and_any_number_of_threads_give_the_same_bytes() {
    for arguments in [
        vec![
            "compare",
            "--layers",
            "10,12,pool:3,5",
            "--schemes",
            "he-normal,orthogonal,sparse:0.5",
            "--seeds",
            "13",
            "--samples",
            "300",
        ],
        vec![
            "compare",
            "--rule",
            "w2,z+",
            "--bias",
            "0",
            "--bias",
            "uniform:-0.5,0",
        ],
        vec![
            "compare",
            "networks/two-stage.json",
            "--with",
            "networks/two-stage.json",
            "--rule",
            "deep-taylor",
        ],
    ] {
        let with = |threads: &[&str]| {
            without_origin(&run(&[&arguments[..], &["--format", "json"], threads].concat()).stdout)
        };
        let once = with(&["--threads", "1"]);
        assert!(!once.is_empty());
        assert!(once == with(&["--threads", "2"]), "{arguments:?}: two");
        assert!(once == with(&["--threads", "5"]), "{arguments:?}: five");
        assert!(once == with(&[]), "{arguments:?}: again");
    }
    let mut by_environment = program(&["compare", "--format", "json"]);
    let by_environment = by_environment
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("it runs");
    assert!(by_environment.stdout == run(&["compare", "--format", "json"]).stdout);
}

#[test]
fn a_seed_of_compare_is_the_network_that_init_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("drawn.json");
    let file = file.to_str().expect("a path");
    printed(&[
        "init",
        "--layers",
        "3,5,pool",
        "--scheme",
        "he-uniform",
        "--seed",
        "42",
        "-o",
        file,
    ]);
    let result = json(&[
        "compare",
        "--schemes",
        "he-uniform",
        "--seeds",
        "1",
        "--seed",
        "42",
        "--with",
        file,
    ]);
    let (drawn, own) = (
        entry(&result, "he-uniform"),
        entry(&result, "he-uniform-42"),
    );
    for figure in [
        "output",
        "largest_share",
        "effective_inputs",
        "gini",
        "silent_units",
        "kurtosis",
    ] {
        assert_eq!(drawn[figure], own[figure], "{figure}");
    }
    assert_eq!(drawn["spread"], own["spread"]);
}

#[test]
fn schemes_that_differ_by_a_factor_differ_in_f_and_in_no_share() {
    for rule in ["w2", "flat", "z+"] {
        let result = json(&[
            "compare",
            "--layers",
            "6,9,pool:3,4",
            "--rule",
            rule,
            "--bias",
            "0",
            "--seeds",
            "20",
            "--samples",
            "15",
        ]);
        for (schemes, f_ratio) in [
            // Two layers with weights: the factors multiply. Glorot's is √(2/15)·√(2/7), He's √(2/6)·√(2/3).
            (
                ["glorot-normal", "he-normal"],
                (15.0_f64 * 7.0 / 18.0).sqrt(),
            ),
            (
                ["glorot-uniform", "he-uniform"],
                (15.0_f64 * 7.0 / 18.0).sqrt(),
            ),
            (["lecun-normal", "he-normal"], 2.0),
            (["pytorch", "he-uniform"], 6.0),
        ] {
            let [a, b] = schemes.map(|scheme| entry(&result, scheme));
            for figure in [
                "largest_share",
                "effective_inputs",
                "gini",
                "seed_agreement",
                "value_agreement",
            ] {
                assert_relative_eq!(
                    number(&a[figure]),
                    number(&b[figure]),
                    max_relative = 1e-12,
                    epsilon = 1e-12
                );
            }
            let ratio = number(&b["output"]["mean"]) / number(&a["output"]["mean"]);
            assert_relative_eq!(ratio, f_ratio, max_relative = 1e-12);
        }
        if rule == "w2" {
            let said = reading(&result);
            assert!(
                said.contains(
                    "normal, lecun-normal, glorot-normal and he-normal give the same shares"
                ),
                "{said}"
            );
            assert!(
                said.contains(
                    "lecun-uniform, glorot-uniform, he-uniform and pytorch give the same shares"
                ),
                "{said}"
            );
        }
    }
}
