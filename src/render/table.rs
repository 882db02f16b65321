//! Tables, laid out once for every format: columns of cells under a caption.

use crate::interpretation::numbers::{column, figure, percent, small_percent};
use crate::interpretation::value::about;
use crate::printable::printable;
use crate::result::column::{Column, End, Quantity};
use crate::words::grouped;

/// A table under its caption.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) title: String,
    /// What stands behind the title.
    pub(super) facts: Vec<String>,
    /// The same, less in sight.
    pub(super) note: String,
    pub(super) columns: Vec<Cells>,
    /// Whose numbers are drawn as bars where a format has any.
    pub(super) bar: Option<usize>,
    /// Lines above the rows of these numbers.
    pub(super) groups: Vec<(usize, String)>,
    /// What of it is left out: `and 3 more units with 0.5 (5 %) together`.
    pub(super) rest: Option<String>,
}

/// A column of a table, from its title down.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) title: String,
    /// What it is; empty where that goes without saying.
    pub(super) legend: &'static str,
    pub(super) cells: Vec<Cell>,
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
    fn of(quantity: Quantity) -> Self {
        match quantity {
            Quantity::Number(x) | Quantity::Aligned(x) => Self::number(x),
            // Rounding must not leave a sign before a 0.
            Quantity::Decimals(x) => {
                Self::Number(x, format!("{:.2}", if x.abs() < 0.005 { 0.0 } else { x }))
            }
            Quantity::Share(x) if x > 0.999 && x < 1.0 => Self::Number(x, "> 99.9 %".to_owned()),
            Quantity::Share(x) => Self::share(x),
            Quantity::Holds(true) => Self::words("hold"),
            Quantity::Holds(false) => Self::words("FAIL"),
            Quantity::Count(n) => Self::count(n),
            Quantity::Part(n, all) => Self::Number(
                n as f64,
                match n {
                    0 => "none".to_owned(),
                    n if n == all => "all".to_owned(),
                    _ => percent(quantity.number()),
                },
            ),
        }
    }
}

impl Cells {
    /// Whether there are names.
    pub(super) fn are_names(&self) -> bool {
        (self.cells.iter()).any(|cell| matches!(cell, Cell::Name(_)))
    }

    /// Whether there are numbers, which stand to the right.
    pub(super) fn are_numbers(&self) -> bool {
        (self.cells.iter()).any(|cell| matches!(cell, Cell::Number(..)))
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
            legend: "",
            cells: cells.into_iter().collect(),
        });
        self
    }

    /// The same with figures of these entries; fractions of more than `longest` digits are shown in decimals.
    pub(super) fn figures<'c, T: 'c>(
        self,
        columns: impl IntoIterator<Item = &'c Column<T>>,
        entries: &[T],
        longest: usize,
    ) -> Self {
        self.figures_of(columns, &entries.iter().collect::<Vec<&T>>(), longest)
    }

    /// The same of entries that lie apart.
    pub(super) fn figures_of<'c, T: 'c>(
        mut self,
        columns: impl IntoIterator<Item = &'c Column<T>>,
        entries: &[&T],
        longest: usize,
    ) -> Self {
        let cells = columns.into_iter().map(|column| Cells {
            title: column.title.to_owned(),
            legend: column.legend,
            cells: marked(figures(column, entries, longest), &column.ends(entries)),
        });
        self.columns.extend(cells);
        self
    }

    /// The same with the last column drawn as bars.
    pub(super) fn with_bars(mut self) -> Self {
        self.bar = self.columns.len().checked_sub(1);
        self
    }

    /// The line above row `n`, where there is one.
    pub(super) fn group(&self, n: usize) -> Option<&str> {
        let mut groups = self.groups.iter();
        Some(&groups.find(|(row, _)| *row == n)?.1)
    }

    /// The same without saying what the columns are.
    pub(super) fn without_legends(mut self) -> Self {
        for column in &mut self.columns {
            column.legend = "";
        }
        self
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// The caption in one line.
    pub(super) fn caption(&self) -> String {
        let mut caption = self.title.clone();
        for (n, fact) in self.facts.iter().enumerate() {
            caption += if n == 0 { ": " } else { "; " };
            caption += fact;
        }
        if !self.note.is_empty() {
            caption += " ";
            caption += &self.note;
        }
        caption
    }
}

/// The cells of a column: fractions where each of them is short enough, else decimals, below each other where the column
/// wants it.
fn figures<T>(column: &Column<T>, entries: &[&T], longest: usize) -> Vec<Cell> {
    let values: Vec<Option<Quantity>> = (entries.iter())
        .map(|entry| (column.value)(entry))
        .collect();
    let fraction = |entry| column.exact.and_then(|fraction| fraction(entry));
    if let Some(short) = short_fractions(entries, fraction, longest) {
        let cells = values.into_iter().zip(short);
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
    let cells = values.into_iter().zip(entries);
    cells
        .map(|(value, entry)| match (value, fraction(entry)) {
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

/// Cells with the marks of the ends of their column, and as much space where others have one.
fn marked(cells: Vec<Cell>, ends: &[Option<End>]) -> Vec<Cell> {
    const FIGURE_SPACE: char = '\u{2007}';
    if ends.iter().all(Option::is_none) {
        return cells;
    }
    let mark = |end: &Option<End>| match end {
        Some(End::Best) => '▲',
        Some(End::Worst) => '▼',
        None => FIGURE_SPACE,
    };
    let marked = |(cell, end)| match cell {
        Cell::Number(x, shown) => Cell::Number(x, format!("{shown}{}", mark(end))),
        cell => cell,
    };
    cells.into_iter().zip(ends).map(marked).collect()
}

/// The fractions of these entries, where each has one and none is too long.
fn short_fractions<'e, T>(
    entries: &[&'e T],
    fraction: impl Fn(&'e T) -> Option<&'e str>,
    longest: usize,
) -> Option<Vec<&'e str>> {
    let fractions = entries.iter().copied().map(fraction);
    fractions
        .map(|fraction| fraction.filter(|fraction| fraction.len() <= longest))
        .collect()
}
