//! Whether the figures of a result are those of its own units: what somebody changed by hand must not be reported as if the
//! program had found it.

mod completeness;
mod difference;
mod evaluation;
mod expansion;
mod explanation;
mod explanations;
mod messages;
mod statistics;

use crate::error::Invalid;
use crate::relevance::audit::Checks;
pub(crate) use difference::of_difference;
pub(crate) use evaluation::of_evaluation;
pub(crate) use expansion::{of_function, of_taylor};
pub(crate) use explanation::of_explanation;
pub(crate) use explanations::of_explanations;
pub(crate) use statistics::{of_comparison, of_training};

/// Figures agree to this part of what they are summed from: sums in another order differ by less.
const ROUNDING: f64 = 1e-9;

/// What a figure is held against, in words, with the value that follows from the units.
type Expected<'w> = (&'w str, f64);

/// Whether a figure is what it should be, to rounding beside `scale`; what is beyond f64 cannot be compared.
fn same(path: &str, (what, expected): Expected, found: f64, scale: f64) -> Result<(), Invalid> {
    let allowed = ROUNDING * scale.abs().max(f64::MIN_POSITIVE);
    if !expected.is_finite() || (expected - found).abs() <= allowed {
        return Ok(());
    }
    Err(contradiction(path, format!("{expected}, {what}"), found))
}

/// Whether what is counted or said is what it should be.
fn equal<T: PartialEq + std::fmt::Display>(
    path: &str,
    (what, expected): (&str, T),
    found: T,
) -> Result<(), Invalid> {
    if expected == found {
        return Ok(());
    }
    Err(contradiction(path, format!("{expected}, {what}"), found))
}

fn contradiction(path: &str, expected: String, found: impl std::fmt::Display) -> Invalid {
    Invalid::new(path, format!("expected {expected}"), found)
        .help("this is not what the program wrote: make the result again")
}

fn of_checks(expected: &Checks, found: &Checks, what: &str) -> Result<(), Invalid> {
    let (conservation, positivity) = (&expected.conservation, &expected.positivity);
    let below = |key: &str| format!("checks.{key}");
    equal(
        &below("conservation.holds"),
        (what, conservation.holds),
        found.conservation.holds,
    )?;
    same(
        &below("conservation.worst_gap"),
        (what, conservation.worst_gap),
        found.conservation.worst_gap,
        conservation.worst_gap,
    )?;
    equal(
        &below("positivity.holds"),
        (what, positivity.holds),
        found.positivity.holds,
    )?;
    same(
        &below("positivity.least"),
        (what, positivity.least),
        found.positivity.least,
        positivity.least,
    )
}
