//! Which explanation of B is of the same sample as one of A.

use std::collections::BTreeMap;

use super::{ExplainedInputs, ExplainedSample};
use crate::error::Invalid;
use crate::printable::printable;
use crate::words::shown;

/// What a sample is found by, and how many explanations of it came before: one a target.
type Key = (String, usize);

/// Every explanation of A with the one of B: by id where all of them have one, else by number, and then the values of the inputs
/// must be the same.
pub(super) fn matched(
    a: Vec<ExplainedSample>,
    b: Vec<ExplainedSample>,
    inputs: &ExplainedInputs,
) -> Result<Vec<(ExplainedSample, ExplainedSample)>, Invalid> {
    let by_id = a.iter().chain(&b).all(|sample| sample.id.is_some());
    let mut in_b: BTreeMap<Key, ExplainedSample> = keyed(b, by_id).into_iter().collect();
    let mut pairs = Vec::with_capacity(a.len());
    for (key, of_a) in keyed(a, by_id) {
        let Some(of_b) = in_b.remove(&key) else {
            return Err(alone(&key, ["B", "A"]));
        };
        if !by_id {
            same_values(&key, &of_a, &of_b, inputs)?;
        }
        pairs.push((of_a, of_b));
    }
    match in_b.keys().next() {
        Some(key) => Err(alone(key, ["A", "B"])),
        None if pairs.is_empty() => Err(Invalid::new(
            "A and B",
            "expected samples that both explain",
            "none",
        )),
        None => Ok(pairs),
    }
}

fn keyed(samples: Vec<ExplainedSample>, by_id: bool) -> Vec<(Key, ExplainedSample)> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let samples = samples.into_iter().enumerate();
    samples
        .map(|(n, sample)| {
            let name = match &sample.id {
                Some(id) if by_id => format!("sample `{}`", printable(&id.to_string())),
                _ => format!("sample {}", sample.sample.unwrap_or(n)),
            };
            let before = known.entry(name.clone()).or_default();
            *before += 1;
            ((name, *before), sample)
        })
        .collect()
}

/// A sample, or a target of it, that only one of the two has.
fn alone((name, before): &Key, [missing, there]: [&str; 2]) -> Invalid {
    let what = match before {
        1 => "the sample".to_owned(),
        number => format!("{number} explanations of the sample"),
    };
    let expected = format!("expected {what} in {missing}, as in {there}");
    Invalid::new(name.clone(), expected, "none")
        .help("A and B must explain the same samples, for as many targets each: --sample and --target choose")
}

#[expect(
    clippy::float_cmp,
    reason = "files that say the same number say the same f64"
)]
fn same_values(
    (name, _): &Key,
    a: &ExplainedSample,
    b: &ExplainedSample,
    inputs: &ExplainedInputs,
) -> Result<(), Invalid> {
    let mut values = a.values.iter().zip(&b.values).enumerate();
    let Some((n, (a, b))) = values.find(|(_, (a, b))| a != b) else {
        return Ok(());
    };
    let input = printable(&inputs.label(n));
    let expected = format!("expected input {input} to be {} in B, as in A", shown(*a));
    Err(Invalid::new(name.clone(), expected, shown(*b)).help(
        "samples without ids are the same where their numbers and values are; with ids they may differ in value",
    ))
}
