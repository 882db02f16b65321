//! The sums and counts of expansions.

use super::{contradiction, equal, same};
use crate::error::Invalid;
use crate::measure::magnitude;
use crate::result::roots::Agreement;
use crate::result::{Taylor, TaylorFunction, TaylorUnit, Value};

/// Whether the sums of every expansion are those of its terms, and the largest difference that of the levels.
pub(crate) fn of_taylor(taylor: &Taylor) -> Result<(), Invalid> {
    let levels = taylor.network.layers.len();
    equal(
        "layers",
        ("one for each level", levels),
        taylor.layers.len(),
    )?;
    for (l, layer) in taylor.layers.iter().enumerate() {
        let counts = layer
            .by_rule
            .iter()
            .map(|rule| (rule.outside_domain, rule.roots));
        for (outside, roots) in counts.chain([(layer.outside_domain, layer.roots)]) {
            if outside > roots {
                let expected = format!("at most {roots}, the number of roots");
                return Err(contradiction(&format!("layers[{l}]"), expected, outside));
            }
        }
    }
    let differences = taylor
        .layers
        .iter()
        .map(|layer| layer.largest_difference.decimal);
    let expected = Agreement::of(differences.fold(0.0, f64::max), taylor.target.value.decimal);
    let found = taylor.checks.agreement;
    let what = "as in the layers";
    same(
        "checks.agreement.largest_difference",
        (what, expected.largest_difference),
        found.largest_difference,
        expected.largest_difference,
    )?;
    equal(
        "checks.agreement.holds",
        (what, expected.holds),
        found.holds,
    )?;
    for (n, unit) in taylor.units.iter().enumerate() {
        let lists = [
            &unit.x,
            &unit.direction,
            &unit.root,
            &unit.gradient,
            &unit.terms,
        ];
        of_terms(&lists, &unit.sum, 0.0)
            .and_then(|()| of_inputs(taylor, unit))
            .map_err(|invalid| invalid.below(&format!("units[{n}]")))?;
        let there = taylor
            .network
            .layers
            .get(unit.layer)
            .map_or(0, |layer| layer.units);
        if unit.unit >= there {
            let path = format!("units[{n}]");
            return Err(Invalid::new(
                path,
                "expected a unit of the network",
                unit.unit,
            ));
        }
    }
    Ok(())
}

/// Whether the inputs of a unit, where they are named, are as many as its terms, and each one of a level below.
fn of_inputs(taylor: &Taylor, unit: &TaylorUnit) -> Result<(), Invalid> {
    if unit.from.is_empty() && unit.inputs.is_empty() {
        return Ok(());
    }
    for (key, list) in [("from", &unit.from), ("inputs", &unit.inputs)] {
        equal(key, ("one for each input", unit.terms.len()), list.len())?;
    }
    for (i, (&from, &input)) in unit.from.iter().zip(&unit.inputs).enumerate() {
        if from >= unit.layer {
            let expected = format!("a level below {}", unit.layer);
            return Err(contradiction(&format!("from[{i}]"), expected, from));
        }
        let units = taylor
            .network
            .layers
            .get(from)
            .map_or(0, |level| level.units);
        if input >= units {
            let expected = format!("a unit of level {from}, below {units}");
            return Err(contradiction(&format!("inputs[{i}]"), expected, input));
        }
    }
    Ok(())
}

/// Whether the terms, of as many inputs as the other lists, come to `sum`, give or take rounding beside what else is there.
fn of_terms(lists: &[&Vec<Value>], sum: &Value, beside: f64) -> Result<(), Invalid> {
    let terms = lists.last().map_or(&[][..], |terms| &terms[..]);
    for list in lists {
        equal("terms", ("one for each input", list.len()), terms.len())?;
    }
    let terms: Vec<f64> = terms.iter().map(|term| term.decimal).collect();
    let what = ("the sum of the terms", terms.iter().sum());
    same("sum", what, sum.decimal, magnitude(&terms) + beside)
}

/// Whether value, terms and ε are those of one expansion.
pub(crate) fn of_function(function: &TaylorFunction) -> Result<(), Invalid> {
    let figures = [
        &function.value,
        &function.value_at_root,
        &function.remainder,
    ];
    let [value, at_root, remainder] = figures.map(|figure| figure.decimal);
    let lists = [
        &function.x,
        &function.root,
        &function.gradient,
        &function.terms,
    ];
    let beside = value.abs() + at_root.abs() + remainder.abs();
    of_terms(&lists, &Value::from(value - at_root - remainder), beside)
}
