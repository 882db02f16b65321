//! Columns of text, aligned.

use unicode_width::UnicodeWidthStr;

use crate::printable::printable;

/// The widest a name may be in a table.
const NAME: usize = 14;

/// A column of a table.
pub(crate) struct Column {
    title: String,
    cells: Vec<String>,
    right: bool,
    /// That of the widest cell, or of the title: every cell is padded to it.
    width: usize,
}

impl Column {
    /// Names, to the left; what is too long is cut.
    pub(crate) fn names(title: &str, names: impl IntoIterator<Item = String>) -> Self {
        Self::text(title, NAME, names)
    }

    /// The same, cut where it is wider than `widest`.
    pub(crate) fn text(
        title: &str,
        widest: usize,
        texts: impl IntoIterator<Item = String>,
    ) -> Self {
        let cells = texts.into_iter().map(|text| shortened(&text, widest));
        Self::new(title, cells.collect(), false)
    }

    /// Figures, to the right.
    pub(crate) fn figures(title: &str, figures: impl IntoIterator<Item = String>) -> Self {
        Self::new(title, figures.into_iter().collect(), true)
    }

    fn new(title: &str, cells: Vec<String>, right: bool) -> Self {
        let widths = cells.iter().map(|cell| cell.width());
        Self {
            width: widths.fold(title.width(), usize::max),
            title: title.to_owned(),
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
        .map(|column| column.padded(&column.title))
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

#[cfg(test)]
mod tests {
    use super::{Column, rows, titles};

    #[test]
    fn names_stand_to_the_left_and_figures_to_the_right_whatever_their_width() {
        let columns = [
            Column::names(
                "unit",
                ["a", "日本", "a very long name indeed"].map(String::from),
            ),
            Column::figures("R", ["1.5", "10.25", "0"].map(String::from)),
        ];
        assert_eq!(titles(&columns), "unit                R");
        assert_eq!(
            rows(&columns),
            [
                "a                 1.5",
                "日本            10.25",
                "a very long n…      0"
            ]
        );
    }

    #[test]
    fn a_table_of_many_rows_is_laid_out_in_one_pass() {
        // Asked for a column's width at each cell, this would not end in an hour.
        let number = |n: usize| n.to_string();
        let columns = [
            Column::names("unit", (0..200_000).map(number)),
            Column::figures("R", (0..200_000).map(number)),
        ];
        let rows = rows(&columns);
        assert_eq!((rows.len(), &rows[7][..]), (200_000, "7            7"));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(
            rows(&[Column::names("unit", ["\x1b[31mred".to_owned()])]),
            ["·[31mred"]
        );
    }
}
