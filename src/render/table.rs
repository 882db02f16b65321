//! Tables, laid out once for every format: columns of cells under a caption.

use std::borrow::Borrow;

use crate::interpretation::numbers::{column, figure, percent, small_percent};
use crate::interpretation::value::about;
use crate::printable::printable;
use crate::result::column::{Column, End, Quantity};
use crate::words::grouped;

/// A table under its caption.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) title: String,
    /// What stands behind the title, each in words and numbers.
    pub(super) facts: Vec<Vec<Cell>>,
    /// The same, less in sight.
    pub(super) note: String,
    pub(super) columns: Vec<Cells>,
    /// Lines above the rows of these numbers.
    pub(super) groups: Vec<(usize, String)>,
    /// Whose numbers are drawn as bars where a format has any.
    pub(super) bar: Option<usize>,
    /// What of it is left out: `and 3 more units with 0.5 (5 %) together`.
    pub(super) rest: Option<String>,
}

/// A column of a table, from its title down.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) title: String,
    /// What it is; empty where that goes without saying.
    pub(super) legend: String,
    pub(super) rows: Vec<Cell>,
}

/// Words or a number.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Words(String),
    /// What something is called, which is cut where there is no room.
    Name(String),
    /// The number as it is, and as it is shown.
    Number(f64, String),
    Nothing,
}

impl Cell {
    /// As it is shown.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Name(text) | Self::Number(_, text) => text,
            Self::Nothing => "–",
        }
    }

    /// Words that may come from a file.
    pub(super) fn words(text: impl AsRef<str>) -> Self {
        Self::Words(printable(text.as_ref()))
    }

    /// A name that may come from a file.
    pub(super) fn name(text: impl AsRef<str>) -> Self {
        Self::Name(printable(text.as_ref()))
    }

    /// A number with four significant digits.
    pub(super) fn number(x: f64) -> Self {
        if x.is_finite() {
            Self::Number(x, figure(x))
        } else {
            Self::Words(figure(x))
        }
    }

    /// How many there are.
    pub(super) fn count(n: usize) -> Self {
        Self::Number(n as f64, grouped(n))
    }

    /// A part of a whole.
    pub(super) fn share(x: f64) -> Self {
        Self::Number(x, small_percent(x))
    }

    /// The same of what may be undefined.
    pub(super) fn maybe(x: Option<f64>, cell: fn(f64) -> Self) -> Self {
        x.map_or(Self::Nothing, cell)
    }

    /// A figure with its unit.
    fn of(figure: Quantity) -> Self {
        match figure {
            Quantity::Number(x) | Quantity::Aligned(x) => Self::number(x),
            // Rounding must not leave a sign before a 0.
            Quantity::Decimals(x) => {
                Self::Number(x, format!("{:.2}", if x.abs() < 0.005 { 0.0 } else { x }))
            }
            // Of nearly whole ones it is only said that they are.
            Quantity::Share(x) if x < 1.0 && x > 0.999 => Self::Number(x, "> 99.9 %".to_owned()),
            Quantity::Share(x) => Self::share(x),
            Quantity::Count(n) => Self::count(n),
            Quantity::Part(n, all) => Self::Number(
                n as f64,
                match n {
                    _ if n == all => "all".to_owned(),
                    0 => "none".to_owned(),
                    _ => percent(n as f64 / all as f64),
                },
            ),
            Quantity::Holds(true) => Self::words("hold"),
            Quantity::Holds(false) => Self::words("FAIL"),
        }
    }

    /// The same with the mark of its end of a column, and as much space where others of the column have a mark.
    fn marked(self, end: Option<End>, any: bool) -> Self {
        const FIGURE_SPACE: char = '\u{2007}';
        let mark = match end {
            Some(End::Best) => '▲',
            Some(End::Worst) => '▼',
            None if any => FIGURE_SPACE,
            None => return self,
        };
        match self {
            Self::Number(x, shown) => Self::Number(x, format!("{shown}{mark}")),
            cell => cell,
        }
    }
}

impl Cells {
    /// Whether there are numbers, which stand to the right.
    pub(super) fn are_numbers(&self) -> bool {
        (self.rows.iter()).any(|cell| matches!(cell, Cell::Number(..)))
    }
}

impl Table {
    /// A table without columns yet.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// The same with a column of cells more.
    pub(super) fn with(mut self, title: &str, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.columns.push(Cells {
            title: title.to_owned(),
            legend: String::new(),
            rows: cells.into_iter().collect(),
        });
        self
    }

    /// The same with figures of these entries; fractions of more than `longest` digits are shown in decimals.
    pub(super) fn figures<'c, T: 'c, E: Borrow<T>>(
        mut self,
        columns: impl IntoIterator<Item = &'c Column<T>>,
        entries: &[E],
        longest: usize,
    ) -> Self {
        let cells = columns.into_iter().map(|column| Cells {
            title: column.title.to_owned(),
            legend: column.legend.to_string(),
            rows: marked(column, entries, longest),
        });
        self.columns.extend(cells);
        self
    }

    /// The same with the last column drawn as bars.
    pub(super) fn with_bars(mut self) -> Self {
        self.bar = self.columns.len().checked_sub(1);
        self
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.rows.len())
    }

    /// The caption in words and numbers: `layer 2: sum_pool; ΣR = 3.785 (= f(x), least 3.785)`.
    pub(super) fn caption(&self) -> Vec<Cell> {
        let mut caption = vec![Cell::Words(self.title.clone())];
        for (n, fact) in self.facts.iter().enumerate() {
            caption.push(Cell::Words(if n == 0 { ": " } else { "; " }.to_owned()));
            for (n, cell) in fact.iter().enumerate() {
                caption.extend((n > 0).then(|| Cell::Words(" ".to_owned())));
                caption.push(cell.clone());
            }
        }
        if !self.note.is_empty() {
            caption.push(Cell::Words(format!(" {}", self.note)));
        }
        caption
    }
}

/// The cells of a column, those at its ends marked.
fn marked<T, E: Borrow<T>>(column: &Column<T>, entries: &[E], longest: usize) -> Vec<Cell> {
    let ends = column.ends(entries);
    let any = ends.iter().any(Option::is_some);
    let cells = figures(column, entries, longest).into_iter().zip(ends);
    cells.map(|(cell, end)| cell.marked(end, any)).collect()
}

/// What the columns of tables are, a sentence each.
pub(super) fn legend<'c, T: 'c>(columns: impl Iterator<Item = &'c Column<T>>) -> String {
    let each = columns.map(|column| format!("{}: {}.", column.title, column.legend));
    printable(&each.collect::<Vec<_>>().join(" "))
}

/// The cells of a column: fractions where each of them is short enough, else decimals, below each other where the column
/// wants it.
fn figures<T, E: Borrow<T>>(column: &Column<T>, entries: &[E], longest: usize) -> Vec<Cell> {
    let entries: Vec<&T> = entries.iter().map(E::borrow).collect();
    let values: Vec<Option<Quantity>> = (entries.iter())
        .map(|entry| (column.value)(entry))
        .collect();
    let fractions: Vec<Option<&str>> = (entries.iter())
        .map(|entry| column.exact.and_then(|fraction| fraction(entry)))
        .collect();
    let short = |fraction: Option<&str>| fraction.is_some_and(|text| text.len() <= longest);
    if fractions.iter().copied().all(short) {
        let cells = values.into_iter().zip(fractions.into_iter().flatten());
        return cells
            .map(|(value, fraction)| match value.map(Quantity::number) {
                Some(x) if x.is_finite() => Cell::Number(x, fraction.to_owned()),
                _ => Cell::Words(fraction.to_owned()),
            })
            .collect();
    }
    let aligned: Vec<f64> = (values.iter().flatten())
        .filter_map(|value| match value {
            Quantity::Aligned(x) => Some(*x),
            _ => None,
        })
        .collect();
    let mut aligned = self::column(&aligned).into_iter();
    let cells = values.into_iter().zip(fractions);
    cells
        .map(|(value, fraction)| match (value, fraction) {
            (None, _) => Cell::Nothing,
            (Some(Quantity::Aligned(x)), fraction) => {
                let text = aligned.next().unwrap_or_default();
                match fraction {
                    // What f64 cannot hold, or takes for 0.
                    Some(exact) if !x.is_finite() => Cell::Words(about(x, exact)),
                    Some(exact) if x == 0.0 && exact != "0" => Cell::Words(about(x, exact)),
                    _ if x.is_finite() => Cell::Number(x, text),
                    _ => Cell::Words(text),
                }
            }
            (Some(value), _) => Cell::of(value),
        })
        .collect()
}
