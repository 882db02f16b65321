//! Blocks of a document as lines of a terminal.

use unicode_width::UnicodeWidthStr;

use super::{BAR, FAILS, HOLDS, NEGATIVE, QUIET, TITLE, Text};
use crate::measure::largest_size;
use crate::printable::printable;
use crate::render::document::{Block, Section, Verdict};
use crate::render::table::{Cell, Cells, Table};

/// The longest bar.
const LONGEST_BAR: usize = 24;
/// The widest a name may be in a table.
const NAME: usize = 14;

impl Text {
    /// A result: its headline and its blocks.
    pub(super) fn section(self, section: &Section) -> String {
        let title = printable(&section.title);
        let lead = self.wrapped(&section.lead, title.width() + 2);
        let space = if lead.is_empty() { "" } else { "  " };
        format!("{TITLE}{title}{TITLE:#}{space}{lead}\n") + &self.blocks(&section.blocks)
    }

    /// Blocks in their order; properties that stand together become one list.
    pub(super) fn blocks(self, blocks: &[Block]) -> String {
        let verdicts =
            |a: &Block, b: &Block| matches!((a, b), (Block::Verdict(_), Block::Verdict(_)));
        let runs = blocks.chunk_by(verdicts);
        runs.map(|run| {
            let width = |block: &Block| match block {
                Block::Verdict(verdict) => verdict.property.width(),
                _ => 0,
            };
            let width = run.iter().map(width).max().unwrap_or(0);
            let lines = run.iter().map(|block| self.written(block, width));
            lines.collect::<String>()
        })
        .collect()
    }

    fn written(self, block: &Block, width: usize) -> String {
        match block {
            Block::Heading(title) | Block::Subheading(title) => {
                format!("\n{TITLE}{}{TITLE:#}\n", printable(title))
            }
            Block::Text(text) => format!("  {}\n", self.wrapped(text, 2)),
            Block::Quiet(text) => format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(text, 2)),
            Block::Points(points) => self.points(points),
            Block::Verdict(verdict) => self.verdict(verdict, width),
            Block::Table(table) => self.table(table),
            Block::Folded(table) => self.lines(table, 4),
            Block::Down(steps) => self.down(steps),
            Block::Picture(_) => String::new(),
            Block::Steps(steps) => {
                let steps = steps.iter().map(|(label, content)| {
                    format!("\n{TITLE}{}{TITLE:#}\n", printable(label)) + &self.blocks(content)
                });
                steps.collect()
            }
        }
    }

    /// Sentences, a point each.
    fn points(self, sentences: &[String]) -> String {
        let points = sentences.iter();
        let point = |sentence| format!("  {QUIET}·{QUIET:#} {}\n", self.wrapped(sentence, 4));
        points.map(|sentence| point(sentence)).collect()
    }

    /// A property beside others, whose names are up to `width` wide.
    fn verdict(self, verdict: &Verdict, width: usize) -> String {
        let figures: Vec<&str> = verdict.figures.iter().map(text).collect();
        let figures = figures.join(" ");
        let word = match verdict.holds {
            None => String::new(),
            Some(true) => format!("{HOLDS}{}{HOLDS:#}  ", verdict.word),
            Some(false) => format!("{FAILS}{}{FAILS:#}  ", verdict.word),
        };
        let indent = width + 4;
        let figures = match verdict.holds {
            None => self.wrapped(&figures, indent),
            Some(_) => figures,
        };
        let line = format!("  {:<width$}  {word}{figures}", verdict.property);
        line.trim_end().to_owned() + "\n"
    }

    /// How relevance gets to the next table.
    fn down(self, steps: &[String]) -> String {
        let steps = steps.iter().enumerate().map(|(n, step)| {
            let mark = if n == 0 { "↓" } else { " " };
            format!("  {QUIET}{mark} {}{QUIET:#}\n", self.wrapped(step, 4))
        });
        steps.collect()
    }

    /// A table under its title.
    fn table(self, table: &Table) -> String {
        let mut caption = format!("\n{TITLE}{}{TITLE:#}", printable(&table.title));
        let facts = table.facts.join("   ");
        let one_line = table.title.width() + facts.width() + table.note.width() + 3 <= self.width;
        for (n, fact) in table.facts.iter().enumerate() {
            caption += &match n {
                0 => format!("  {}", self.wrapped(fact, table.title.width() + 2)),
                _ if one_line => format!("   {fact}"),
                _ => format!("\n  {}", self.wrapped(fact, 2)),
            };
        }
        if !table.note.is_empty() {
            caption += &format!(" {QUIET}{}{QUIET:#}", table.note);
        }
        caption + "\n" + &self.lines(table, 2)
    }

    /// The rows of a table below their titles, with bars where there is room.
    fn lines(self, table: &Table, indent: usize) -> String {
        let space = " ".repeat(indent);
        let columns: Vec<Aligned> = table.columns.iter().map(Aligned::new).collect();
        let wide: usize = columns.iter().map(|column| column.width + 2).sum();
        let titles = row(&columns, |column| column.title);
        let mut text = format!("{space}{QUIET}{titles}{QUIET:#}\n");
        let bar = table.bar.map(|column| &table.columns[column].cells);
        let sizes: Vec<f64> = bar.into_iter().flatten().map(number).collect();
        let largest = largest_size(&sizes);
        let room = self.width.saturating_sub(wide + indent).min(LONGEST_BAR);
        for n in 0..table.rows() {
            let line = row(&columns, |column| &column.cells[n]);
            let size = sizes.get(n).copied().unwrap_or(0.0);
            let (bar, style) = (
                self::bar(size.abs(), largest, room),
                if size < 0.0 { NEGATIVE } else { BAR },
            );
            text += &match bar.is_empty() {
                true => format!("{space}{}\n", line.trim_end()),
                false => format!("{space}{line}  {style}{bar}{style:#}\n"),
            };
        }
        if let Some(rest) = &table.rest {
            text += &format!("{space}{QUIET}{rest}; --top shows more{QUIET:#}\n");
        }
        let legends = table
            .columns
            .iter()
            .filter(|column| !column.legend.is_empty());
        let legends: Vec<String> = legends
            .map(|column| format!("{}: {}", column.title, column.legend))
            .collect();
        if !legends.is_empty() {
            let legends = self.wrapped(&(legends.join(". ") + "."), indent);
            text += &format!("{space}{QUIET}{legends}{QUIET:#}\n");
        }
        text
    }

    /// A text broken at the width, its later lines indented.
    pub(super) fn wrapped(self, text: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent).max(20);
        // Names of schemes and rules are not torn at their hyphens.
        let options =
            textwrap::Options::new(room).word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(&printable(text), options).join(&format!("\n{}", " ".repeat(indent)))
    }
}

/// A column of cells of one width: numbers stand to the right.
struct Aligned<'t> {
    title: &'t str,
    cells: Vec<String>,
    right: bool,
    width: usize,
}

impl<'t> Aligned<'t> {
    fn new(column: &'t Cells) -> Self {
        let cells: Vec<String> = column
            .cells
            .iter()
            .map(|cell| match cell {
                Cell::Name(name) => shortened(name, NAME),
                cell => text(cell).to_owned(),
            })
            .collect();
        let widths = cells.iter().map(|cell| cell.width());
        Self {
            title: &column.title,
            right: column.are_numbers(),
            width: widths.fold(column.title.width(), usize::max),
            cells,
        }
    }
}

/// The cells of a row, two spaces apart.
fn row<'c>(columns: &'c [Aligned], cell: impl Fn(&'c Aligned) -> &'c str) -> String {
    let padded = columns.iter().map(|column| {
        let text = cell(column);
        let space = " ".repeat(column.width.saturating_sub(text.width()));
        if column.right {
            space + text
        } else {
            text.to_owned() + &space
        }
    });
    padded.collect::<Vec<String>>().join("  ")
}

fn text(cell: &Cell) -> &str {
    match cell {
        Cell::Words(text) | Cell::Name(text) | Cell::Number(_, text) => text,
        Cell::Nothing => "–",
    }
}

/// The number of a cell; 0 where it has none.
fn number(cell: &Cell) -> f64 {
    match cell {
        Cell::Number(x, _) => *x,
        _ => 0.0,
    }
}

/// A name that fits into a table.
fn shortened(name: &str, widest: usize) -> String {
    if name.width() <= widest {
        return name.to_owned();
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

/// A bar as long as `value` is beside `largest`, in eighths of a column.
fn bar(value: f64, largest: f64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if largest == 0.0 {
        return String::new();
    }
    // A value in 0..=largest gives a length in 0..=8·room: far inside usize.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 8·room"
    )]
    let eighths = (value / largest * (8 * room) as f64).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use crate::render::table::{Cell, Table};

    const TEXT: Text = Text {
        width: 80,
        top: 12,
        numbered: false,
    };

    fn lines(table: &Table) -> Vec<String> {
        let text = anstream::adapter::strip_str(&TEXT.lines(table, 0)).to_string();
        text.lines().map(str::to_owned).collect()
    }

    fn number(text: &str) -> Cell {
        Cell::Number(1.0, text.to_owned())
    }

    #[test]
    fn names_stand_to_the_left_and_figures_to_the_right_whatever_their_width() {
        let names = ["a", "日本", "a very long name indeed"];
        let table = Table::new("")
            .with("unit", names.map(Cell::name))
            .with("R", ["1.5", "10.25", "0"].map(number));
        assert_eq!(
            lines(&table),
            [
                "unit                R",
                "a                 1.5",
                "日本            10.25",
                "a very long n…      0"
            ]
        );
    }

    #[test]
    fn a_table_of_many_rows_is_laid_out_in_one_pass() {
        // Asked for a column's width at each cell, this would not end in an hour.
        let number = |n: usize| Cell::Number(n as f64, n.to_string());
        let table = Table::new("")
            .with("unit", (0..200_000).map(|n| Cell::name(n.to_string())))
            .with("R", (0..200_000).map(number));
        let lines = lines(&table);
        assert_eq!((lines.len(), &lines[8][..]), (200_001, "7            7"));
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let table = Table::new("").with("unit", [Cell::name("\x1b[31mred")]);
        assert_eq!(lines(&table)[1], "·[31mred");
    }
}
