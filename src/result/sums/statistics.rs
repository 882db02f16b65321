//! The counts, means and checks of comparisons and trainings.

use super::{ROUNDING, contradiction, equal, of_checks, same};
use crate::error::Invalid;
use crate::measure::{Checked, Spread};
use crate::relevance::audit::Checks;
use crate::result::column::Quantity;
use crate::result::comparison::columns;
use crate::result::training::relevance_columns;
use crate::result::{Comparison, SchemeFigures, Training};

/// Whether no scheme counts more than its runs, means are those of their spreads, and the checks are those of the schemes.
pub(crate) fn of_comparison(comparison: &Comparison) -> Result<(), Invalid> {
    for (n, scheme) in comparison.schemes.iter().enumerate() {
        of_scheme(scheme, comparison.inputs.samples)
            .map_err(|invalid| invalid.below(&format!("schemes[{n}]")))?;
    }
    let each = comparison.schemes.iter().map(|scheme| {
        let mut checks = comparison.checks;
        checks.conservation.holds = scheme.conservation.holds == scheme.runs;
        checks.conservation.worst_gap = scheme.conservation.worst_gap;
        checks.positivity.holds = scheme.positivity.holds == scheme.runs;
        checks.positivity.least = scheme.positivity.least;
        checks
    });
    match each.reduce(Checks::and) {
        Some(together) => of_checks(&together, &comparison.checks, "as in the schemes"),
        None => Ok(()),
    }
}

/// Whether a part of a whole lies between nothing and all of it.
pub(super) fn part(path: &str, part: Option<f64>) -> Result<(), Invalid> {
    match part {
        Some(part) if !(-ROUNDING..=1.0 + ROUNDING).contains(&part) => {
            Err(contradiction(path, "a part from 0 to 1".to_owned(), part))
        }
        _ => Ok(()),
    }
}

fn of_scheme(scheme: &SchemeFigures, samples: usize) -> Result<(), Invalid> {
    let runs = scheme.seeds.saturating_mul(samples);
    equal("runs", ("seeds × samples", runs), scheme.runs)?;
    let counts = [
        ("explained", scheme.explained),
        ("conservation.holds", scheme.conservation.holds),
        ("positivity.holds", scheme.positivity.holds),
    ];
    if let Some((path, count)) = counts.into_iter().find(|(_, count)| *count > runs) {
        return Err(contradiction(path, format!("at most {runs} runs"), count));
    }
    for column in columns() {
        let Some(spread) = column.spread else {
            continue;
        };
        let (found, spread) = ((column.value)(scheme), spread(scheme));
        let of = |there: bool| if there { "a figure" } else { "null" };
        equal(
            column.key,
            ("as in its spread", of(spread.is_some())),
            of(found.is_some()),
        )?;
        if let (Some(found), Some(Spread { mean, .. })) = (found, spread) {
            let expected = ("the mean of its spread", mean);
            same(column.key, expected, found.number(), mean)?;
        }
    }
    Ok(())
}

/// Whether parts of a whole are parts of one, no rule counts more than the explained images, and the checks are those of
/// the steps.
pub(crate) fn of_training(training: &Training) -> Result<(), Invalid> {
    let columns = relevance_columns(training.setting.subject);
    for (n, step) in training.steps.iter().enumerate() {
        part(&format!("steps[{n}].accuracy"), Some(step.accuracy))?;
        for (r, rule) in step.rules.iter().enumerate() {
            let at = |key: &str| format!("steps[{n}].rules[{r}].{key}");
            for column in &columns {
                if let Some(Quantity::Share(share)) = (column.value)(rule) {
                    part(&at(column.key), Some(share))?;
                }
            }
            for (d, digit) in rule.digits.iter().enumerate() {
                part(&at(&format!("digits[{d}].ink_share")), digit.ink_share)?;
            }
        }
    }
    let rules = training.steps.iter().enumerate().flat_map(|(n, step)| {
        let rules = step.rules.iter().enumerate();
        rules.map(move |(r, rule)| (format!("steps[{n}].rules[{r}]"), rule))
    });
    let mut checked = Checked::default();
    for (path, rule) in rules {
        let checks = Checks {
            conservation: rule.conservation,
            positivity: rule.positivity,
        };
        for (key, holds, count) in [
            (
                "conservation.holds",
                rule.conservation.holds,
                rule.conserved,
            ),
            ("positivity.holds", rule.positivity.holds, rule.positive),
        ] {
            let all = count == training.explained;
            equal(&format!("{path}.{key}"), ("as for the images", all), holds)?;
        }
        checked.add(checks);
    }
    match checked.any() {
        Some(together) => of_checks(&together, &training.checks, "as in the steps"),
        None => Ok(()),
    }
}
