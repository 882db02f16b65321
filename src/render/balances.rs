//! Where f(x) went under several rules, and how the relevance of gradient methods adds up: tables with a row a rule.

use super::completeness;
use super::table::{Cell, DIGITS, Table};
use crate::interpretation::numbers::verdict;
use crate::relevance::audit::Balance;
use crate::result::{Amount, Explanations, Kept, MeanBalance, MeanCompleteness, Sample};

/// A number as its fraction, where that is short.
pub(super) fn amount<N: Amount>(number: &N) -> Cell {
    match number.fraction() {
        Some(fraction) if fraction.len() <= DIGITS / 2 => {
            Cell::Number(number.decimal(), fraction.to_owned())
        }
        _ => Cell::number(number.decimal()),
    }
}

/// Where f(x) of a sample went, a row a rule, and whether the two properties hold; nothing of gradient methods.
pub(super) fn sums<N: Amount>(rules: &[&str], by_rule: &[&Sample<N>]) -> Option<Table> {
    let by_rules = |(_, sample): &(&&str, &&Sample<N>)| sample.completeness.is_none();
    let rows = rules.iter().zip(by_rule).filter(by_rules);
    let (rules, by_rule): (Vec<&str>, Vec<&Sample<N>>) = rows.map(|(r, s)| (*r, *s)).unzip();
    let part = |part: fn(&Balance<N>) -> &N| {
        let of = move |sample: &&Sample<N>| {
            let balance = sample.balance.as_ref();
            balance.map_or(Cell::Nothing, |balance| amount(part(balance)))
        };
        by_rule.iter().map(of).collect()
    };
    let input = by_rule.iter().map(|sample| amount(&sample.layers[0].sum()));
    let parts = [
        input.collect(),
        part(|balance| &balance.lost),
        part(|balance| &balance.absorbed_by_bias),
        part(|balance| &balance.absorbed_by_epsilon),
    ];
    let holds = |(holds, promised): (bool, bool)| Cell::words(verdict(holds, promised));
    let checks = by_rule.iter().map(|sample| &sample.checks);
    let conserved = checks.clone().map(|checks| {
        let check = checks.conservation;
        holds((check.holds, check.promised))
    });
    let positive = checks.map(|checks| {
        let check = &checks.positivity;
        holds((check.holds, check.promised))
    });
    let value = amount(&by_rule.first()?.target.value);
    let table = Table::new("the balance").with("rule", rules.iter().map(Cell::name));
    let table = with_parts(table, Some(value), parts);
    Some((table.with("conserved", conserved)).with("positive", positive))
}

/// How the relevance of gradient methods adds up, a row a method.
pub(super) fn completeness<N: Amount>(rules: &[&str], by_rule: &[&Sample<N>]) -> Option<Table> {
    let by_gradient = |(_, sample): &(&&str, &&Sample<N>)| sample.completeness.is_some();
    let rows = rules.iter().zip(by_rule).filter(by_gradient);
    let (rules, by_rule): (Vec<&str>, Vec<&Sample<N>>) = rows.map(|(r, s)| (*r, *s)).unzip();
    let value = by_rule.first()?.completeness.as_ref()?.value;
    let table = Table::new(ADDS_UP).with("method", rules.iter().map(Cell::name));
    let mut table = completeness::columns(table, &by_rule);
    table.facts = vec![vec![Cell::words("f(x) ="), Cell::number(value)]];
    table.kept = 1;
    Some(table)
}

const ADDS_UP: &str = "completeness";

/// Where f(x) went in the mean over the samples. Of several targets a sample there is no f(x): a mean over them means nothing.
pub(super) fn means<N: Amount>(all: &Explanations<N>) -> Option<Table> {
    let rows = &all.balance[..];
    let numbers = |of: fn(&MeanBalance) -> Option<f64>| {
        let cells = rows
            .iter()
            .map(move |row| Cell::maybe(of(row), Cell::number));
        cells.collect()
    };
    let parts = [
        numbers(|row| Some(row.input)),
        numbers(|row| row.lost),
        numbers(|row| row.absorbed_by_bias),
        numbers(|row| row.absorbed_by_epsilon),
    ];
    let value = rows.first()?.value;
    let value = (all.noun() == "sample").then(|| Cell::number(value));
    let names = rows.iter().map(|row| Cell::name(&row.rule));
    let table = Table::new("the balance, in the mean").with("rule", names);
    let conserved = rows.iter().map(|row| kept(row.conservation, row.samples));
    let positive = rows.iter().map(|row| kept(row.positivity, row.samples));
    let table = with_parts(table, value, parts);
    Some((table.with("conserved", conserved)).with("positive", positive))
}

/// In how many explanations a property holds.
fn kept(kept: Kept, all: usize) -> Cell {
    Cell::part(kept.holds, all)
}

/// The same of gradient methods.
pub(super) fn mean_completeness(rows: &[MeanCompleteness]) -> Option<Table> {
    let numbers = |of: fn(&MeanCompleteness) -> f64| {
        let cells = rows.iter().map(move |row| Cell::number(of(row)));
        cells.collect()
    };
    let names = rows.iter().map(|row| Cell::name(&row.rule));
    let mut table = Table::new("completeness, in the mean")
        .with("method", names)
        .with_numbers("f(x)", numbers(|row| row.value))
        .with_numbers("f(x')", numbers(|row| row.baseline))
        .with_numbers("ΣR", numbers(|row| row.sum))
        .with_numbers("gap", numbers(|row| row.gap))
        .with(
            "complete",
            rows.iter().map(|row| kept(row.completeness, row.samples)),
        );
    table.kept = 1;
    (!rows.is_empty()).then_some(table)
}

/// A table with f(x) above, and what the inputs carry, what was lost and absorbed; what no rule lost or absorbed has no column.
fn with_parts(mut table: Table, value: Option<Cell>, parts: [Vec<Cell>; 4]) -> Table {
    let titles = ["Σ R_input", "lost", "by biases", "by ε"];
    let mut sum = vec!["Σ R_input"];
    for (n, (title, cells)) in titles.into_iter().zip(parts).enumerate() {
        let is_zero = |cell: &Cell| matches!(cell, Cell::Number(0.0, _) | Cell::Nothing);
        if n > 0 && cells.iter().all(is_zero) {
            continue;
        }
        sum.push(["", " + lost", " + absorbed by biases", " + absorbed by ε"][n]);
        table = table.with_numbers(title, cells);
    }
    table.facts = vec![match value {
        Some(value) => vec![
            Cell::words("f(x) ="),
            value,
            Cell::words(format!("= {}", sum.concat())),
        ],
        None => vec![Cell::words(format!(
            "f(x) = {}; means over different targets",
            sum.concat()
        ))],
    }];
    table.kept = 1;
    table
}
