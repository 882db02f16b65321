//! The completeness of a gradient method.

use super::{ROUNDING, equal, same};
use crate::error::Invalid;
use crate::measure::magnitude;
use crate::result::Sample;

/// Whether the completeness of a gradient method, where one was written, is that of its sample.
pub(super) fn of_completeness(sample: &Sample) -> Result<(), Invalid> {
    let Some(found) = &sample.completeness else {
        return Ok(());
    };
    let size = magnitude(&sample.layers[0].relevance);
    let scale = size.max(found.value.abs()).max(found.baseline.abs());
    let gap = (found.value - found.baseline - found.sum).abs();
    for (key, expected, found) in [
        ("value", ("f(x)", sample.target.value), found.value),
        (
            "sum",
            ("what the inputs carry", sample.layers[0].sum()),
            found.sum,
        ),
        ("gap", ("what is missing", gap), found.gap),
    ] {
        same(&format!("completeness.{key}"), expected, found, scale)?;
    }
    let allowed = found.tolerance * (found.value - found.baseline).abs() + found.rounding * size;
    let rounding = ROUNDING * scale.max(f64::MIN_POSITIVE);
    let holds = if (found.gap - allowed).abs() <= rounding {
        found.holds
    } else {
        found.gap <= allowed
    };
    equal(
        "completeness.holds",
        ("as its gap says", holds),
        found.holds,
    )
}
