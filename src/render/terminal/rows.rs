//! The columns and rows of a table in a terminal: figures stand to the right, names are cut where there is no room, and sentences
//! are broken.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::Text;
use crate::interpretation::numbers::{column, two_decimals};
use crate::render::table::{BEST, Cell, Cells, Decimals, Table, WORST};
use crate::words::shortened;

/// What a name has at least in a table where the figures are wide, and the widest it may be.
const NAME: [usize; 2] = [8, 20];
/// What a sentence has at least in a table.
const PROSE: usize = 24;

/// A column of cells of one width, each of one line, but sentences of several: numbers stand to the right.
pub(super) struct Aligned<'t> {
    title: &'t str,
    cells: Vec<Vec<String>>,
    right: bool,
    pub(super) width: usize,
}

impl Text {
    /// The columns of a table; names have as much room as figures leave, and sentences what is left then.
    pub(super) fn aligned(self, table: &Table, indent: usize) -> Vec<Aligned<'_>> {
        let is_name = |column: &Cells| column.rows.iter().any(|cell| matches!(cell, Cell::Name(_)));
        let is_prose = |column: &Cells| {
            column
                .rows
                .iter()
                .any(|cell| matches!(cell, Cell::Prose(_)))
        };
        let left = |taken: usize| self.width.saturating_sub(taken + indent);
        let columns = table.columns.iter();
        let wide = |column: &Cells| match () {
            () if is_name(column) => 0,
            () if is_prose(column) => PROSE + 2,
            () => Aligned::new(column, 0).width + 2,
        };
        let [least, most] = NAME;
        let room = left(columns.clone().map(wide).sum()).clamp(least, most);
        let others = columns.clone().filter(|column| !is_prose(column));
        let taken = others
            .map(|column| Aligned::new(column, room).width + 2)
            .sum();
        let for_prose = left(taken).max(PROSE);
        columns
            .map(|column| Aligned::new(column, if is_prose(column) { for_prose } else { room }))
            .collect()
    }
}

impl<'t> Aligned<'t> {
    /// Names are cut where they are wider than `widest`, and sentences broken.
    fn new(column: &'t Cells, widest: usize) -> Self {
        let mut cells: Vec<String> = numbers(column);
        // Numbers without a mark end where those with one do.
        let marked = |text: &String| text.ends_with([BEST, WORST]);
        if cells.iter().any(marked) {
            for text in cells.iter_mut().filter(|text| !marked(text)) {
                text.push(' ');
            }
        }
        let cells = cells.into_iter().zip(&column.rows);
        let cells = cells.map(|(text, cell)| match cell {
            Cell::Name(name) => vec![shortened(name, widest)],
            Cell::Prose(text) => {
                let lines = broken(text, widest).into_iter();
                lines.map(Cow::into_owned).collect()
            }
            Cell::Words(_) | Cell::Number(..) | Cell::Nothing => vec![text],
        });
        let cells: Vec<Vec<String>> = cells.collect();
        let widths = cells.iter().flatten().map(|line| line.width());
        Self {
            title: &column.title.short,
            right: column.are_numbers(),
            width: widths.fold(column.title.short.width(), usize::max),
            cells,
        }
    }

    /// A text as wide as the column.
    fn padded(&self, text: &str) -> String {
        let space = " ".repeat(self.width.saturating_sub(text.width()));
        if self.right {
            space + text
        } else {
            text.to_owned() + &space
        }
    }
}

/// A text broken into lines of a width.
pub(super) fn broken(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    // Names of schemes and rules are not torn at their hyphens.
    let options =
        textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options)
}

/// The cells of a column as text, its numbers with the decimals that it wants.
fn numbers(column: &Cells) -> Vec<String> {
    let own = || column.rows.iter().map(|cell| cell.text().to_owned());
    let values = column.rows.iter().filter_map(|cell| match cell {
        Cell::Number(x, _) => Some(*x),
        _ => None,
    });
    let aligned = match column.decimals {
        Decimals::Own => return own().collect(),
        Decimals::Alike => self::column(&values.collect::<Vec<_>>()),
        Decimals::Two => values.map(two_decimals).collect(),
    };
    let mut aligned = aligned.into_iter();
    let cells = column.rows.iter().zip(own());
    cells
        .map(|(cell, own)| match cell {
            Cell::Number(..) => aligned.next().map_or(own, |number| number + cell.mark()),
            _ => own,
        })
        .collect()
}

/// The titles of columns, two spaces apart.
pub(super) fn titles(columns: &[Aligned]) -> String {
    let titles = columns.iter().map(|column| column.padded(column.title));
    let titles = titles.collect::<Vec<String>>().join("  ");
    titles.trim_end().to_owned()
}

/// The cells of a row, two spaces apart: its first line, and those that the sentences in it take besides.
pub(super) fn row(columns: &[Aligned], n: usize) -> (String, Vec<String>) {
    let line = |number: usize| {
        let cells = columns.iter().map(|column| {
            let text = column.cells[n].get(number).map_or("", String::as_str);
            column.padded(text)
        });
        cells.collect::<Vec<String>>().join("  ")
    };
    let lines = columns.iter().map(|column| column.cells[n].len()).max();
    (line(0), (1..lines.unwrap_or(0)).map(line).collect())
}
