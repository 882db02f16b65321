//! A document in a terminal: what a page folds away, and its pictures, are left out.

use super::table::{self, Column};
use super::{BAR, FAILS, HOLDS, QUIET, TITLE, Text};
use crate::interpretation::numbers::figure;
use crate::render::document::{Block, Cell, Section, Strips, Table, Verdict};
use crate::result::column::nearly_equal;
use crate::result::{Comparison, Training};

/// The widest the names of rows may be.
const NAME: usize = 20;

/// What is left of them at the least where the figures are wide.
const SHORTEST_NAME: usize = 8;

/// The widest a strip may be.
const LONGEST_STRIP: usize = 48;

impl Text {
    /// A comparison.
    pub fn comparison(self, comparison: &Comparison) -> String {
        self.section(&crate::render::comparison::section(comparison))
    }

    /// A training.
    pub fn training(self, training: &Training) -> String {
        self.section(&crate::render::training::section(training))
    }

    /// One result.
    pub(crate) fn section(self, section: &Section) -> String {
        let mut text = format!("{TITLE}{}{TITLE:#}\n", section.title);
        let mut verdict_before = false;
        for block in &section.blocks {
            let is_verdict = matches!(block, Block::Verdict(_));
            if is_verdict && !verdict_before {
                text.push('\n');
            }
            verdict_before = is_verdict;
            text += &self.block(block);
        }
        text
    }

    fn block(self, block: &Block) -> String {
        match block {
            Block::Heading(title) => format!("\n{TITLE}{title}{TITLE:#}\n"),
            Block::Subheading(title) => format!("\n{BAR}{title}{BAR:#}\n"),
            Block::Text(words) => format!("  {QUIET}{}{QUIET:#}\n", self.wrapped(words, 2)),
            Block::Points(sentences) => self.points(sentences),
            Block::Verdict(verdict) => self.property(verdict),
            Block::Table(table) => self.table(table),
            Block::Strips(strips) if strips.chief => self.strips(strips),
            Block::Folded(_) | Block::Picture(_) | Block::Strips(_) | Block::Steps(_) => {
                String::new()
            }
        }
    }

    /// `  conservation  holds  largest gap of a layer: 0`
    fn property(self, property: &Verdict) -> String {
        let figures: Vec<String> = property.figures.iter().map(cell).collect();
        let style = if property.holds { HOLDS } else { FAILS };
        format!(
            "  {:<12}  {style}{}{style:#}  {}\n",
            property.property,
            property.word,
            self.wrapped(&figures.join(" "), 23)
        )
    }

    fn table(self, table: &Table) -> String {
        let rows: Vec<&Vec<Cell>> = table.rows.iter().filter(|row| row.len() > 1).collect();
        let of = |n: usize| {
            rows.iter()
                .map(move |row| row.get(n).map_or(String::new(), cell))
        };
        let columns = table.columns.iter().enumerate().skip(1).map(|(n, title)| {
            if table.has_numbers(n) {
                Column::figures(title, of(n))
            } else {
                Column::text(title, NAME, of(n))
            }
        });
        let mut columns: Vec<Column> = columns.collect();
        let room = self.width.saturating_sub(table::width(&columns) + 2);
        let names = room.clamp(SHORTEST_NAME, NAME);
        columns.insert(0, Column::text(&table.columns[0], names, of(0)));
        let mut text = format!(
            "\n{TITLE}{}{TITLE:#}\n  {QUIET}{}{QUIET:#}\n",
            table.caption,
            table::titles(&columns).trim_end()
        );
        let mut lines = table::rows(&columns).into_iter();
        for row in &table.rows {
            text += &match &row[..] {
                [group] => format!("  {BAR}{}{BAR:#}\n", self.wrapped(&cell(group), 2)),
                _ => format!("  {}\n", lines.next().unwrap_or_default().trim_end()),
            };
        }
        text
    }

    /// A box a row, on one scale.
    fn strips(self, strips: &Strips) -> String {
        let [low, high] = strips.range();
        let names = Column::text(
            "",
            NAME,
            strips.strips.iter().map(|strip| strip.label.clone()),
        );
        let room = self.width.saturating_sub(NAME + 4).min(LONGEST_STRIP);
        let boxes = strips
            .strips
            .iter()
            .map(|strip| boxed(strip.quartiles, [low, high], room));
        let columns = [
            names,
            Column::text("─ all  ━ middle half  ┃ median", room, boxes),
        ];
        let mut text = format!(
            "\n{TITLE}{}, {} to {}{TITLE:#}\n  {QUIET}{}{QUIET:#}\n",
            strips.title,
            figure(low),
            figure(high),
            table::titles(&columns).trim_end()
        );
        for row in table::rows(&columns) {
            text += &format!("  {}\n", row.trim_end());
        }
        text
    }
}

/// A cell as it is shown.
fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Words(text) | Cell::Number(_, text) => text.clone(),
        Cell::Nothing => "–".to_owned(),
    }
}

/// Least, quartiles and largest on a scale: `╶──━━┃━━───╴`.
fn boxed(quartiles: [f64; 5], [low, high]: [f64; 2], room: usize) -> String {
    let place = |value: f64| {
        // A scale as wide as a rounding has nothing to show.
        let along = if nearly_equal(low, high) {
            0.0
        } else {
            (value - low) / (high - low)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and room"
        )]
        let column = (along * room.saturating_sub(1) as f64).round() as usize;
        column
    };
    let [least, lower, median, upper, largest] = quartiles.map(place);
    (0..=largest)
        .map(|column| match column {
            _ if column == median => '┃',
            _ if (lower..=upper).contains(&column) => '━',
            _ if column >= least => '─',
            _ => ' ',
        })
        .collect()
}
