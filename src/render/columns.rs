//! Tables of figures: the columns of a result, laid out.

use super::document::{Cell, Table};
use crate::interpretation::numbers::{percent, small_percent};
use crate::printable::printable;
use crate::result::column::{Column, End, Quantity};

/// A table of figures, a row an entry, its name before it.
pub(crate) fn table<'c, T: 'c>(
    caption: String,
    title: &str,
    names: impl IntoIterator<Item = String>,
    columns: impl Iterator<Item = &'c Column<T>> + Clone,
    entries: &[&T],
) -> Table {
    let ends: Vec<_> = columns.clone().map(|column| column.ends(entries)).collect();
    let cells = |n: usize| {
        let each = columns.clone().zip(&ends);
        each.map(move |(column, ends)| marked(cell((column.value)(entries[n])), n, ends))
    };
    let rows = names.into_iter().enumerate();
    let rows = rows.map(|(n, name)| std::iter::once(Cell::words(name)).chain(cells(n)).collect());
    Table {
        caption,
        columns: std::iter::once(title)
            .chain(columns.clone().map(|column| column.title))
            .map(str::to_owned)
            .collect(),
        rows: rows.collect(),
    }
}

/// A figure as a table shows it.
fn cell(figure: Option<Quantity>) -> Cell {
    match figure {
        None => Cell::Nothing,
        Some(Quantity::Number(x)) => Cell::number(x),
        Some(Quantity::Decimals(x)) => Cell::Number(x, two_decimals(x)),
        Some(Quantity::Share(x)) => Cell::Number(x, share(x)),
        Some(Quantity::Count(n)) => Cell::count(n),
        Some(Quantity::Part(n, all)) => Cell::Number(n as f64, part(n, all)),
        Some(Quantity::Holds(true)) => Cell::words("hold"),
        Some(Quantity::Holds(false)) => Cell::words("FAIL"),
    }
}

/// A cell with the mark of its end, and as much space where others of its column have a mark.
fn marked(cell: Cell, n: usize, ends: &[Option<End>]) -> Cell {
    const FIGURE_SPACE: char = '\u{2007}';
    let mark = match ends[n] {
        Some(End::Best) => '▲',
        Some(End::Worst) => '▼',
        None if ends.iter().any(Option::is_some) => FIGURE_SPACE,
        None => return cell,
    };
    match cell {
        Cell::Number(x, shown) => Cell::Number(x, format!("{shown}{mark}")),
        cell => cell,
    }
}

fn two_decimals(x: f64) -> String {
    // Rounding must not leave a sign before a 0.
    format!("{:.2}", if x.abs() < 0.005 { 0.0 } else { x })
}

/// A part of a whole, of which small and nearly whole ones are only said to be so.
fn share(x: f64) -> String {
    if x < 1.0 && x > 0.999 {
        "> 99.9 %".to_owned()
    } else {
        small_percent(x)
    }
}

/// So many of so many.
fn part(n: usize, all: usize) -> String {
    match n {
        _ if n == all => "all".to_owned(),
        0 => "none".to_owned(),
        _ => percent(n as f64 / all as f64),
    }
}

/// What the columns of tables are, a sentence each.
pub(crate) fn legend<'c, T: 'c>(columns: impl Iterator<Item = &'c Column<T>>) -> String {
    let each = columns.map(|column| format!("{}: {}.", column.title, column.legend));
    printable(&each.collect::<Vec<_>>().join(" "))
}
