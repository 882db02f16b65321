//! Tables, laid out once for every format: columns of cells under a caption.

use std::borrow::Borrow;

use crate::interpretation::numbers::{figure, percent, small_percent, two_decimals, verdict};
use crate::interpretation::value::about;
use crate::measure::nearly_equal;
use crate::printable::printable;
use crate::result::column::{Column, End, Quantity};
use crate::words::grouped;

/// The marks of the ends of a column.
pub(super) const BEST: char = '▲';
pub(super) const WORST: char = '▼';

/// A table under its caption.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) title: String,
    /// What stands behind the title, each in words and numbers.
    pub(super) facts: Vec<Vec<Cell>>,
    /// The same, less in sight.
    pub(super) note: Vec<Cell>,
    /// What the numbers are, and in which unit, where a table stands apart from what says it.
    pub(super) told: String,
    pub(super) columns: Vec<Cells>,
    /// Lines above the rows of these numbers.
    pub(super) groups: Vec<(usize, String)>,
    /// So many of the first columns come again where a format divides a table that is too wide; 0 where it is not to be divided.
    pub(super) kept: usize,
    /// Whose numbers are drawn as bars where a format has any.
    pub(super) bar: Option<usize>,
    /// What is to be said of all its rows.
    pub(super) said: Vec<String>,
    /// What of it is left out: `and 3 more units with 0.5 (5 %) together`.
    pub(super) rest: Option<String>,
}

/// A column of a table, from its title down.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    pub(super) title: Title,
    pub(super) rows: Vec<Cell>,
    pub(super) decimals: Decimals,
}

/// What a column is called, and is.
#[derive(Debug, Clone)]
pub(super) struct Title {
    /// Where there is little room.
    pub(super) short: String,
    pub(super) long: String,
    /// What it is; empty where that goes without saying.
    pub(super) legend: String,
}

/// With how many decimals numbers stand below each other where a format aligns them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decimals {
    /// Each with its own.
    Own,
    /// All with those of the largest.
    Alike,
    /// All with two.
    Two,
}

/// Longer fractions are shown in decimals: two columns so wide fit into a terminal.
pub(super) const DIGITS: usize = 32;

/// Words or a number.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Words(String),
    /// What something is called, which is cut where there is no room.
    Name(String),
    /// A sentence, which is broken into lines where there is no room.
    Prose(String),
    /// The number as it is, and as it is shown.
    Number(f64, String),
    Nothing,
}

impl Cell {
    /// As it is shown.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Name(text) | Self::Prose(text) | Self::Number(_, text) => {
                text
            }
            Self::Nothing => "–",
        }
    }

    /// Its number; 0 where it has none.
    pub(super) fn value(&self) -> f64 {
        match self {
            Self::Number(x, _) => *x,
            _ => 0.0,
        }
    }

    /// The mark of the end of its column, where it is at one.
    pub(super) fn mark(&self) -> &str {
        let text = self.text();
        &text[text.trim_end_matches([BEST, WORST]).len()..]
    }

    /// Words that may come from a file.
    pub(super) fn words(text: impl AsRef<str>) -> Self {
        Self::Words(printable(text.as_ref()))
    }

    /// A name that may come from a file.
    pub(super) fn name(text: impl AsRef<str>) -> Self {
        Self::Name(printable(text.as_ref()))
    }

    /// A sentence that may have names from a file in it.
    pub(super) fn prose(text: impl AsRef<str>) -> Self {
        Self::Prose(printable(text.as_ref()))
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

    /// So many of so many.
    pub(super) fn part(n: usize, all: usize) -> Self {
        Self::of(Quantity::Part(n, all))
    }

    /// A number near 1 with two decimals.
    pub(super) fn decimals(x: f64) -> Self {
        Self::Number(x, two_decimals(x))
    }

    /// The same of what may be undefined.
    pub(super) fn maybe(x: Option<f64>, cell: fn(f64) -> Self) -> Self {
        x.map_or(Self::Nothing, cell)
    }

    /// A figure with its unit.
    fn of(figure: Quantity) -> Self {
        match figure {
            Quantity::Number(x) | Quantity::Decimals(x) => Self::number(x),
            // Of nearly whole ones it is only said that they are; what rounding makes less is whole.
            Quantity::Share(x) if x < 1.0 && x > 0.999 && !nearly_equal(x, 1.0) => {
                Self::Number(x, "> 99.9 %".to_owned())
            }
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
            Quantity::Verdict(holds) => Self::words(verdict(holds, true)),
        }
    }

    /// The same with the mark of its end of a column.
    fn marked(self, end: Option<End>) -> Self {
        match (self, end) {
            (Self::Number(x, shown), Some(End::Best)) => Self::Number(x, format!("{shown}{BEST}")),
            (Self::Number(x, shown), Some(End::Worst)) => {
                Self::Number(x, format!("{shown}{WORST}"))
            }
            (cell, _) => cell,
        }
    }
}

impl Cells {
    /// Whether there are numbers, or none is defined: these stand to the right.
    pub(super) fn are_numbers(&self) -> bool {
        let mut cells = self.rows.iter();
        cells.clone().any(|cell| matches!(cell, Cell::Number(..)))
            || cells.all(|cell| matches!(cell, Cell::Nothing))
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
            title: Title {
                short: title.to_owned(),
                long: title.to_owned(),
                legend: String::new(),
            },
            rows: cells.into_iter().collect(),
            decimals: Decimals::Own,
        });
        self
    }

    /// The same with a column of numbers that have the same decimals where a format aligns them and none is a fraction.
    pub(super) fn with_numbers(self, title: &str, cells: Vec<Cell>) -> Self {
        let is_fraction = |cell: &Cell| cell.text().contains('/');
        let own = cells.iter().any(is_fraction);
        let mut table = self.with(title, cells);
        if let Some(column) = table.columns.last_mut().filter(|_| !own) {
            column.decimals = Decimals::Alike;
        }
        table
    }

    /// The same with figures of these entries; fractions of more than `longest` digits are shown in decimals.
    pub(super) fn figures<'c, T: 'c, E: Borrow<T>>(
        self,
        columns: impl IntoIterator<Item = &'c Column<T>>,
        entries: &[E],
        longest: usize,
    ) -> Self {
        self.columns_of(columns, entries, longest, Decimals::Own)
    }

    /// The same, all numbers of a column with the same decimals where a format aligns them.
    pub(super) fn aligned<'c, T: 'c, E: Borrow<T>>(
        self,
        columns: impl IntoIterator<Item = &'c Column<T>>,
        entries: &[E],
        longest: usize,
    ) -> Self {
        self.columns_of(columns, entries, longest, Decimals::Alike)
    }

    fn columns_of<'c, T: 'c, E: Borrow<T>>(
        mut self,
        columns: impl IntoIterator<Item = &'c Column<T>>,
        entries: &[E],
        longest: usize,
        decimals: Decimals,
    ) -> Self {
        let entries: Vec<&T> = entries.iter().map(E::borrow).collect();
        let columns = columns.into_iter();
        let cells = columns.map(|column| figures(column, &entries, longest, decimals));
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
            caption.push(Cell::Words(" ".to_owned()));
            caption.extend(self.note.iter().cloned());
        }
        caption
    }

    /// The note as it is shown.
    pub(super) fn note_in_words(&self) -> String {
        self.note.iter().map(Cell::text).collect()
    }
}

/// What the columns of tables are.
pub(super) fn titles<'c, T: 'c>(columns: impl Iterator<Item = &'c Column<T>>) -> Vec<Title> {
    columns.map(Title::of).collect()
}

/// What columns are, a sentence each, under one of their titles.
pub(super) fn legend(titles: &[Title], name: fn(&Title) -> &String) -> String {
    let each = titles
        .iter()
        .map(|title| format!("{}: {}. ", name(title), title.legend));
    each.collect()
}

impl Title {
    fn of<T>(column: &Column<T>) -> Self {
        Self {
            short: column.title.to_owned(),
            long: column.long_title.to_owned(),
            legend: printable(&column.legend),
        }
    }
}

/// The cells of a column: fractions where each of them is short enough, else decimals; those at its ends are marked.
fn figures<T>(column: &Column<T>, entries: &[&T], longest: usize, decimals: Decimals) -> Cells {
    let fractions: Vec<Option<&str>> = (entries.iter())
        .map(|entry| column.exact.and_then(|fraction| fraction(entry)))
        .collect();
    let short = |fraction: Option<&str>| fraction.is_some_and(|text| text.len() <= longest);
    let exactly = fractions.iter().copied().all(short);
    let values = entries.iter().map(|entry| (column.value)(entry));
    let cells = values.clone().zip(fractions).zip(column.ends(entries));
    Cells {
        title: Title::of(column),
        decimals: match values.flatten().next() {
            Some(Quantity::Decimals(_)) => Decimals::Two,
            _ if exactly => Decimals::Own,
            _ => decimals,
        },
        rows: cells
            .map(|((value, fraction), end)| cell(value, fraction, exactly).marked(end))
            .collect(),
    }
}

/// A figure, as its fraction where that is short or says what f64 cannot hold or takes for 0.
fn cell(value: Option<Quantity>, fraction: Option<&str>, exactly: bool) -> Cell {
    let number = value.map(Quantity::number);
    match (value, number, fraction) {
        (_, Some(x), Some(fraction)) if exactly && x.is_finite() => {
            Cell::Number(x, fraction.to_owned())
        }
        (_, _, Some(fraction)) if exactly => Cell::Words(fraction.to_owned()),
        (_, Some(x), Some(fraction)) if !x.is_finite() || x == 0.0 && fraction != "0" => {
            Cell::Words(about(x, fraction))
        }
        (None, ..) => Cell::Nothing,
        (Some(value), ..) => Cell::of(value),
    }
}
