//! What explanations under several rules say beside one another.

use super::{equal, same};
use crate::error::Invalid;
use crate::result::{
    Amount, Explanation, Explanations, Kept, MeanBalance, MeanCompleteness, RuleAgreement,
    SampleAgreement,
};

/// Whether the explanations are of the same samples, and what stands beside them follows from them.
pub(crate) fn of_explanations<N: Amount>(several: &Explanations<N>) -> Result<(), Invalid> {
    let Some(first) = several.explanations.first() else {
        let expected = "expected an explanation a rule";
        return Err(Invalid::new("explanations", expected, "none"));
    };
    for (n, one) in several.explanations.iter().enumerate() {
        of_the_same(first, one).map_err(|invalid| invalid.below(&format!("explanations[{n}]")))?;
    }
    let expected = Explanations::of(several.explanations.clone());
    of_balance(&expected.balance, &several.balance)?;
    of_completeness(&expected.completeness, &several.completeness)?;
    of_agreement(&expected.agreement, &several.agreement)
        .map_err(|invalid| invalid.below("agreement"))
}

/// Whether two explanations are of the same samples of the same network.
fn of_the_same<N: Amount>(first: &Explanation<N>, other: &Explanation<N>) -> Result<(), Invalid> {
    if other.rule.is_none() {
        return Err(Invalid::new("rule", "expected the rule", "none"));
    }
    let units = |one: &Explanation<N>| -> Vec<usize> {
        one.network.layers.iter().map(|layer| layer.units).collect()
    };
    let what = "as in the first explanation";
    equal("network.layers", (what, units(first) == units(other)), true)?;
    equal("samples", (what, first.samples.len()), other.samples.len())?;
    for (n, (one, other)) in first.samples.iter().zip(&other.samples).enumerate() {
        let number = |sample: Option<usize>| sample.unwrap_or(n);
        let path = format!("samples[{n}].sample");
        equal(&path, (what, number(one.sample)), number(other.sample))?;
    }
    Ok(())
}

fn of_balance(expected: &[MeanBalance], found: &[MeanBalance]) -> Result<(), Invalid> {
    equal("balance", ("one a rule", expected.len()), found.len())?;
    for (n, (expected, found)) in expected.iter().zip(found).enumerate() {
        let at = |key: &str| format!("balance[{n}].{key}");
        let what = "as in the explanations";
        equal(&at("rule"), (what, &expected.rule), &found.rule)?;
        equal(&at("samples"), (what, expected.samples), found.samples)?;
        kept(
            &at("conservation"),
            expected.conservation,
            found.conservation,
        )?;
        kept(&at("positivity"), expected.positivity, found.positivity)?;
        let size = expected.value.abs().max(expected.input.abs());
        for (key, expected, found) in [
            ("value", Some(expected.value), Some(found.value)),
            ("input", Some(expected.input), Some(found.input)),
            ("lost", expected.lost, found.lost),
            (
                "absorbed_by_bias",
                expected.absorbed_by_bias,
                found.absorbed_by_bias,
            ),
            (
                "absorbed_by_epsilon",
                expected.absorbed_by_epsilon,
                found.absorbed_by_epsilon,
            ),
            ("gap", expected.gap, found.gap),
        ] {
            maybe_same(&at(key), expected, found, size)?;
        }
    }
    Ok(())
}

/// Whether a property holds as often as it should.
fn kept(path: &str, expected: Kept, found: Kept) -> Result<(), Invalid> {
    let what = "as in the explanations";
    equal(
        &format!("{path}.holds"),
        (what, expected.holds),
        found.holds,
    )?;
    equal(
        &format!("{path}.broken"),
        (what, expected.broken),
        found.broken,
    )
}

fn of_completeness(
    expected: &[MeanCompleteness],
    found: &[MeanCompleteness],
) -> Result<(), Invalid> {
    let rows = ("one a gradient method", expected.len());
    equal("completeness", rows, found.len())?;
    for (n, (expected, found)) in expected.iter().zip(found).enumerate() {
        let at = |key: &str| format!("completeness[{n}].{key}");
        let what = "as in the explanations";
        equal(&at("rule"), (what, &expected.rule), &found.rule)?;
        equal(&at("samples"), (what, expected.samples), found.samples)?;
        kept(
            &at("completeness"),
            expected.completeness,
            found.completeness,
        )?;
        let size = expected
            .value
            .abs()
            .max(expected.sum.abs())
            .max(expected.baseline.abs());
        for (key, expected, found) in [
            ("value", expected.value, found.value),
            ("baseline", expected.baseline, found.baseline),
            ("sum", expected.sum, found.sum),
            ("gap", expected.gap, found.gap),
        ] {
            same(&at(key), (what, expected), found, size)?;
        }
    }
    Ok(())
}

/// Whether what may be undefined is what it should be.
fn maybe_same(
    path: &str,
    expected: Option<f64>,
    found: Option<f64>,
    size: f64,
) -> Result<(), Invalid> {
    let are = |number: Option<f64>| if number.is_some() { "a number" } else { "null" };
    let what = "as in the explanations";
    equal(path, (what, are(expected)), are(found))?;
    match (expected, found) {
        (Some(expected), Some(found)) => same(path, (what, expected), found, size),
        _ => Ok(()),
    }
}

fn of_agreement(expected: &RuleAgreement, found: &RuleAgreement) -> Result<(), Invalid> {
    let pairs = "one for every two rules";
    equal("pairs", (pairs, expected.pairs.len()), found.pairs.len())?;
    for (n, (expected, found)) in expected.pairs.iter().zip(&found.pairs).enumerate() {
        let at = |key: &str| format!("pairs[{n}].{key}");
        let what = "as in the explanations";
        let rules = |rules: &[String; 2]| rules.join(" and ");
        equal(
            &at("rules"),
            (what, rules(&expected.rules)),
            rules(&found.rules),
        )?;
        equal(&at("same"), (what, expected.same), found.same)?;
        equal(&at("samples"), (what, expected.samples), found.samples)?;
        maybe_same(&at("cosine"), expected.cosine, found.cosine, 1.0)?;
        maybe_same(&at("least"), expected.least, found.least, 1.0)?;
    }
    let samples = "one a sample";
    equal(
        "samples",
        (samples, expected.samples.len()),
        found.samples.len(),
    )?;
    for (n, (expected, found)) in expected.samples.iter().zip(&found.samples).enumerate() {
        of_sample(expected, found).map_err(|invalid| invalid.below(&format!("samples[{n}]")))?;
    }
    Ok(())
}

fn of_sample(expected: &SampleAgreement, found: &SampleAgreement) -> Result<(), Invalid> {
    let pairs = "one for every two rules";
    equal(
        "cosines",
        (pairs, expected.cosines.len()),
        found.cosines.len(),
    )?;
    for (n, (expected, found)) in expected.cosines.iter().zip(&found.cosines).enumerate() {
        maybe_same(&format!("cosines[{n}]"), *expected, *found, 1.0)?;
    }
    let what = "as in the explanations";
    equal("inputs", (what, expected.inputs.len()), found.inputs.len())?;
    for (n, (expected, found)) in expected.inputs.iter().zip(&found.inputs).enumerate() {
        let at = |key: &str| format!("inputs[{n}].{key}");
        equal(&at("input"), (what, expected.input), found.input)?;
        same(&at("apart"), (what, expected.apart), found.apart, 1.0)?;
        equal(
            &at("parts"),
            ("one a rule", expected.parts.len()),
            found.parts.len(),
        )?;
        for (&expected, &found) in expected.parts.iter().zip(&found.parts) {
            same(&at("parts"), (what, expected), found, 1.0)?;
        }
    }
    Ok(())
}
