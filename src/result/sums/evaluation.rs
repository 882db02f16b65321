//! The counts, means, parts and checks of evaluations.

use super::statistics::part;
use super::{ROUNDING, contradiction, equal, of_checks, same};
use crate::error::Invalid;
use crate::measure::{flipping::area_over, magnitude};
use crate::result::evaluated::{changes, with_others};
use crate::result::evaluation::of_rules;
use crate::result::{BalanceShares, EvaluatedRule, Evaluation};

/// Whether every rule counts no more than the samples, its figures are those of its curves and cosines, and the checks are
/// those of the rules.
pub(crate) fn of_evaluation(evaluation: &Evaluation) -> Result<(), Invalid> {
    let flipping = &evaluation.flipping;
    of_curve(
        "flipping.random",
        (flipping.random.as_deref(), flipping.random_area),
        evaluation,
    )?;
    if evaluation
        .explanations
        .checked_rem(evaluation.inputs.samples)
        != Some(0)
    {
        let expected = format!("so many for each of {} samples", evaluation.inputs.samples);
        return Err(contradiction(
            "explanations",
            expected,
            evaluation.explanations,
        ));
    }
    for (n, rule) in evaluation.rules.iter().enumerate() {
        of_rule(evaluation, n, rule).map_err(|invalid| invalid.below(&format!("rules[{n}]")))?;
    }
    let together = of_rules(&evaluation.rules);
    of_checks(&together, &evaluation.checks, "as in the rules")
}

fn of_rule(evaluation: &Evaluation, n: usize, rule: &EvaluatedRule) -> Result<(), Invalid> {
    let samples = evaluation.explanations;
    equal("samples", ("those of all rules", samples), rule.samples)?;
    let counts = [
        ("explained", rule.explained),
        ("conservation.holds", rule.conservation.holds),
        ("positivity.holds", rule.positivity.holds),
        (
            "completeness.holds",
            rule.completeness.map_or(0, |it| it.holds),
        ),
    ];
    if let Some((path, count)) = counts.into_iter().find(|(_, count)| *count > samples) {
        let expected = format!("at most {samples} samples");
        return Err(contradiction(path, expected, count));
    }
    part("largest_share", rule.largest_share)?;
    rule.balance.as_ref().map_or(Ok(()), of_balance)?;
    let curve = (rule.flipping.as_deref(), rule.flipping_area);
    of_curve("flipping", curve, evaluation)?;
    equal(
        "agreements",
        ("one a rule", evaluation.rules.len()),
        rule.agreements.len(),
    )?;
    let expected = ("the mean with the others", with_others(&rule.agreements, n));
    maybe_same("agreement", expected, rule.agreement)?;
    let layers = evaluation.randomisation.layers.len();
    equal("randomised", ("one a layer", layers), rule.randomised.len())?;
    let changes = changes(&rule.randomised);
    let said =
        |changes: Option<bool>| changes.map_or("null", |yes| if yes { "true" } else { "false" });
    equal(
        "changes",
        ("as in `randomised`", said(changes)),
        said(rule.changes),
    )
}

/// Whether the parts of f(x) are 1 together.
fn of_balance(balance: &BalanceShares) -> Result<(), Invalid> {
    let parts = [
        balance.input,
        balance.lost,
        balance.absorbed_by_bias,
        balance.absorbed_by_epsilon,
    ];
    let expected = ("the parts of f(x) together", 1.0);
    same(
        "balance",
        expected,
        parts.iter().sum(),
        magnitude(&parts).max(1.0),
    )
}

/// Whether a curve has a value for none to all of the batches, and the area that is over it.
fn of_curve(
    path: &str,
    (curve, area): (Option<&[f64]>, Option<f64>),
    evaluation: &Evaluation,
) -> Result<(), Invalid> {
    if let Some(curve) = curve {
        let values = evaluation.flipping.batches.saturating_add(1);
        equal(
            path,
            ("one for none to all of the batches", values),
            curve.len(),
        )?;
    }
    maybe_same(
        &format!("{path}_area"),
        ("that over its curve", curve.map(area_over)),
        area,
    )
}

/// Whether a figure that may be missing is what it should be.
fn maybe_same(
    path: &str,
    (what, expected): (&str, Option<f64>),
    found: Option<f64>,
) -> Result<(), Invalid> {
    match (expected, found) {
        (Some(expected), Some(found)) => {
            same(path, (what, expected), found, expected.abs().max(ROUNDING))
        }
        (expected, found) => {
            let of = |there: bool| if there { "a figure" } else { "null" };
            equal(path, (what, of(expected.is_some())), of(found.is_some()))
        }
    }
}
