//! Columns of text, aligned.

use unicode_width::UnicodeWidthStr;

use crate::printable::printable;

/// A column of a table.
pub(crate) struct Column {
    title: &'static str,
    cells: Vec<String>,
    right: bool,
    /// That of the widest cell, or of the title: every cell is padded to it.
    width: usize,
}

impl Column {
    /// Texts, to the left, cut where they are wider than `widest`.
    pub(crate) fn text(
        title: &'static str,
        widest: usize,
        texts: impl IntoIterator<Item = String>,
    ) -> Self {
        let cells = texts.into_iter().map(|text| shortened(&text, widest));
        Self::new(title, cells.collect(), false)
    }

    /// Figures, to the right.
    pub(crate) fn figures(title: &'static str, figures: impl IntoIterator<Item = String>) -> Self {
        Self::new(title, figures.into_iter().collect(), true)
    }

    fn new(title: &'static str, cells: Vec<String>, right: bool) -> Self {
        let widths = cells.iter().map(|cell| cell.width());
        Self {
            width: widths.fold(title.width(), usize::max),
            title,
            cells,
            right,
        }
    }

    fn padded(&self, text: &str) -> String {
        let space = " ".repeat(self.width.saturating_sub(text.width()));
        if self.right {
            space + text
        } else {
            text.to_owned() + &space
        }
    }
}

/// How wide the columns are side by side, two spaces apart.
pub(crate) fn width(columns: &[Column]) -> usize {
    columns.iter().map(|column| column.width + 2).sum()
}

/// The line of titles.
pub(crate) fn titles(columns: &[Column]) -> String {
    let titles: Vec<String> = columns
        .iter()
        .map(|column| column.padded(column.title))
        .collect();
    titles.join("  ")
}

/// The rows, each as one line.
pub(crate) fn rows(columns: &[Column]) -> Vec<String> {
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let row = |n: usize| {
        columns
            .iter()
            .map(|column| column.padded(&column.cells[n]))
            .collect::<Vec<_>>()
            .join("  ")
    };
    (0..rows).map(row).collect()
}

/// A name that fits into a table.
fn shortened(name: &str, widest: usize) -> String {
    let name = printable(name);
    if name.width() <= widest {
        return name;
    }
    let mut short = String::new();
    for c in name.chars() {
        if short.width() >= widest - 1 {
            break;
        }
        short.push(c);
    }
    short + "…"
}
