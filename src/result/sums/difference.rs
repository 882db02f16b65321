//! What a difference says of two explanations.

use super::{equal, same};
use crate::error::Invalid;
use crate::measure::{largest_size, magnitude};
use crate::result::difference::{OfSample, SideFigures};
use crate::result::{Difference, DifferenceSummary, SampleDifference};

/// Whether every sample has a number for every input, and the figures follow from them.
pub(crate) fn of_difference(difference: &Difference) -> Result<(), Invalid> {
    let inputs = &difference.inputs;
    let sides = inputs.shape.iter();
    let units = sides.copied().try_fold(1, usize::checked_mul);
    if units != Some(inputs.units) || inputs.units == 0 {
        let expected = format!("expected a shape of {} inputs", inputs.units);
        let found = format!("{:?}", inputs.shape);
        return Err(Invalid::new("inputs.shape", expected, found));
    }
    if ![0, inputs.units].contains(&inputs.names.len()) {
        let expected = "expected a name an input, or none";
        return Err(Invalid::new("inputs.names", expected, inputs.names.len()));
    }
    if difference.samples.is_empty() {
        return Err(Invalid::new("samples", "expected some", "none"));
    }
    for (n, sample) in difference.samples.iter().enumerate() {
        of_sample(sample, inputs.units)
            .map_err(|invalid| invalid.below(&format!("samples[{n}]")))?;
    }
    of_summary(
        &DifferenceSummary::of(&difference.samples),
        &difference.summary,
    )
    .map_err(|invalid| invalid.below("summary"))
}

fn of_sample(sample: &SampleDifference, inputs: usize) -> Result<(), Invalid> {
    for (key, numbers) in [
        ("values", &sample.values),
        ("difference", &sample.difference),
        ("a.relevance", &sample.a.relevance),
        ("b.relevance", &sample.b.relevance),
    ] {
        equal(key, ("one an input", inputs), numbers.len())?;
    }
    if ![0, inputs].contains(&sample.values_in_b.len()) {
        let expected = "expected one an input, or none";
        return Err(Invalid::new(
            "values_in_b",
            expected,
            sample.values_in_b.len(),
        ));
    }
    of_told("a", &sample.a)?;
    of_told("b", &sample.b)?;
    let expected = sample.clone().measured();
    let size = magnitude(&sample.a.relevance) + magnitude(&sample.b.relevance);
    for (n, (d, found)) in expected
        .difference
        .iter()
        .zip(&sample.difference)
        .enumerate()
    {
        same(
            &format!("difference[{n}]"),
            ("R(B) less R(A)", *d),
            *found,
            size,
        )?;
    }
    same("sum", ("the sum of d", expected.sum), sample.sum, size)?;
    same(
        "largest",
        ("the largest |d|", expected.largest),
        sample.largest,
        size,
    )?;
    same(
        "largest_value_difference",
        (
            "the largest of the values",
            expected.largest_value_difference,
        ),
        sample.largest_value_difference,
        expected.largest_value_difference,
    )?;
    let what = "as R(A) and R(B) have it";
    equal("turned", (what, expected.turned), sample.turned)?;
    maybe_same("cosine", (what, expected.cosine), sample.cosine)?;
    maybe_same("moved", (what, expected.moved), sample.moved)
}

fn of_told(side: &str, told: &SideFigures) -> Result<(), Invalid> {
    let sum: f64 = told.relevance.iter().sum();
    let scale = magnitude(&told.relevance);
    same(
        &format!("{side}.sum"),
        ("the sum of R", sum),
        told.sum,
        scale,
    )?;
    same(
        &format!("{side}.withheld"),
        ("f(x) less the sum of R", told.value - sum),
        told.withheld,
        largest_size(&[scale, told.value]),
    )
}

fn of_summary(expected: &DifferenceSummary, found: &DifferenceSummary) -> Result<(), Invalid> {
    let what = "as in the samples";
    equal("samples", (what, expected.samples), found.samples)?;
    equal("same", (what, expected.same), found.same)?;
    equal(
        "other_targets",
        (what, expected.other_targets),
        found.other_targets,
    )?;
    maybe_same("cosine", (what, expected.cosine), found.cosine)?;
    maybe_same("moved", (what, expected.moved), found.moved)?;
    for (key, expected, found) in [
        ("least_cosine", expected.least_cosine, found.least_cosine),
        ("most_moved", expected.most_moved, found.most_moved),
    ] {
        let value = |one: Option<OfSample>| one.map(|one| one.value);
        maybe_same(key, (what, value(expected)), value(found))?;
        let number = |one: Option<OfSample>| one.map_or(0, |one| one.sample);
        equal(
            &format!("{key}.sample"),
            (what, number(expected)),
            number(found),
        )?;
    }
    Ok(())
}

/// Whether a figure up to 1 that may be undefined is what it should be.
fn maybe_same(
    path: &str,
    (what, expected): (&str, Option<f64>),
    found: Option<f64>,
) -> Result<(), Invalid> {
    let are = |number: Option<f64>| if number.is_some() { "a number" } else { "null" };
    equal(path, (what, are(expected)), are(found))?;
    match (expected, found) {
        (Some(expected), Some(found)) => same(path, (what, expected), found, 1.0),
        _ => Ok(()),
    }
}
