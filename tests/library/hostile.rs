//! Files gone wrong at random: a network file with bytes changed, cut out or put in is refused or explained, and
//! neither a panic nor a number that is none comes out.

use std::fs;
use std::path::Path;

use deeptaylor::{Explainer, Network, Plan, Rule, Target};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::random::cases;
use serde_json::Value;

const NETWORKS: [&str; 6] = [
    "figure-4",
    "two-stage",
    "lines",
    "xor",
    "lost-relevance",
    "silent-pool",
];

/// Golden files whose networks are graphs.
const GRAPHS: [&str; 5] = [
    "graph-branches",
    "graph-constants",
    "graph-many-readers",
    "graph-routing",
    "graph-silent-add",
];

/// What a number of the file, or any place of it, may be replaced by.
const PIECES: [&[u8]; 22] = [
    b"1e308",
    b"-1e308",
    b"-0.0",
    b"1e-320",
    b"5e-324",
    b"1e154",
    b"1e-200",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"[]",
    b"[[]]",
    b"{}",
    b"null",
    b"true",
    b"\"x\"",
    b"\"input\"",
    b"[\"input\", \"input\"]",
    b"\xff",
    b"\xc3",
    b"\0",
    b"",
];

/// Where, how many bytes are taken out, and what is put in.
type Change = (prop::sample::Index, bool, usize, &'static [u8]);

fn changed(mut text: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for (place, a_number, taken, piece) in changes {
        let is_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
        let numbers: Vec<usize> = (1..text.len())
            .filter(|&at| is_number(text[at]) && !is_number(text[at - 1]))
            .collect();
        let (start, end) = if *a_number && !numbers.is_empty() {
            let start = numbers[place.index(numbers.len())];
            let digits = text[start..]
                .iter()
                .take_while(|&&byte| is_number(byte))
                .count();
            (start, start + digits)
        } else {
            let start = place.index(text.len() + 1);
            (start, (start + taken).min(text.len()))
        };
        text.splice(start..end, piece.iter().copied());
    }
    text
}

/// The bytes of a file of the repository.
fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file")
}

/// The network of a golden file, with the input of its first case.
fn graph(name: &str) -> Vec<u8> {
    let golden = file(&format!("tests/golden/{name}.json"));
    let golden: Value = serde_json::from_slice(&golden).expect("JSON");
    let mut network = golden["network"].clone();
    network["inputs"] = Value::Array(vec![golden["cases"][0]["input"].clone()]);
    network.to_string().into_bytes()
}

/// That a text is refused with its place, or explained in finite numbers.
fn refused_or_explained(text: &[u8], rule: Rule, target: &Target) -> Result<(), TestCaseError> {
    let network = match Network::parse("changed.json", text) {
        Ok(network) => network,
        Err(error) => {
            prop_assert!(error.to_string().starts_with("changed.json:"), "{}", error);
            return Ok(());
        }
    };
    let Ok(plan) = Plan::of(&network, rule) else {
        return Ok(());
    };
    let mut explainer = Explainer::new(&plan);
    let Ok(batch) = explainer.explain(network.samples().view(), target) else {
        return Ok(());
    };
    for l in 0..batch.levels() {
        prop_assert!(batch.activations(l).iter().all(|x| x.is_finite()));
        prop_assert!(batch.relevance(l).iter().all(|r| r.is_finite()));
    }
    for audit in batch.audits() {
        prop_assert!(
            audit
                .levels
                .iter()
                .all(|level| level.sum.is_finite() && level.gap.is_finite())
        );
    }
    Ok(())
}

/// Up to three changes.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let piece = prop::sample::select(&PIECES[..]);
    let change = (
        any::<prop::sample::Index>(),
        prop::bool::weighted(0.6),
        0..40_usize,
        piece,
    );
    prop::collection::vec(change, 1..4)
}

fn target(all: bool) -> Target {
    if all { Target::All } else { Target::Max }
}

proptest! {
    #![proptest_config(cases(4000))]

    #[test]
    fn a_network_file_changed_at_random_is_refused_or_explained_in_finite_numbers(
        network in prop::sample::select(&NETWORKS[..]),
        changes in changes(),
        rule in prop::sample::select(&Rule::ALL[..]),
        all in any::<bool>(),
    ) {
        let text = changed(file(&format!("networks/{network}.json")), &changes);
        refused_or_explained(&text, rule, &target(all))?;
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn a_graph_changed_at_random_is_refused_or_explained_in_finite_numbers(
        network in prop::sample::select(&GRAPHS[..]),
        changes in changes(),
        rule in prop::sample::select(&Rule::ALL[..]),
        all in any::<bool>(),
    ) {
        refused_or_explained(&changed(graph(network), &changes), rule, &target(all))?;
    }
}
