//! Blocks of a document as lines of a terminal.

use unicode_width::UnicodeWidthStr;

use super::rows::{broken, row, titles};
use super::{BAR, FAILS, HOLDS, NEGATIVE, QUIET, TITLE, Text};
use crate::interpretation::names::StepDown;
use crate::interpretation::numbers::figure;
use crate::measure::{largest_size, nearly_equal};
use crate::printable::printable;
use crate::render::document::{Block, Drawing, Picture, SampleDetail, Section, Strips, Verdict};
use crate::render::table::{Cell, Table, legend};
use crate::words::shortened;

/// The longest bar.
const LONGEST_BAR: usize = 24;
/// The widest the label of a strip may be.
const LONGEST_LABEL: usize = 28;
/// The widest a strip may be.
const LONGEST_STRIP: usize = 48;

/// Figures behind a property have at least so many columns.
const ROOM: usize = 24;

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
            Block::Legend(titles, marks) => {
                let legend = legend(titles, |title| &title.short);
                format!(
                    "  {QUIET}{}{QUIET:#}\n",
                    self.wrapped((legend + marks).trim_end(), 2)
                )
            }
            Block::Part(blocks) => self.part(blocks),
            Block::More(_, blocks) | Block::InText(blocks) => self.blocks(blocks),
            Block::Points(points) => self.points(points),
            Block::Verdict(verdict) => self.verdict(verdict, width),
            Block::Table(table) => self
                .fitting(table)
                .iter()
                .map(|part| self.table(part))
                .collect(),
            Block::Inner(table) => self.lines(table, 4),
            Block::Strips(strips) if strips.chief => self.strips(strips),
            Block::Down(steps) => self.down(steps),
            Block::Picture(picture) => self.picture(picture),
            Block::Steps(steps) => self.last(steps),
            Block::SampleDetail(sample) => self.sample_detail(sample),
            Block::Gallery(gallery) => self.written(&Block::Table(gallery.table.clone()), width),
            Block::Folded(_) | Block::Maps(_) | Block::Strips(_) | Block::PageOnly(_) => {
                String::new()
            }
        }
    }

    /// The images of the last step of a training; a text has no way to turn to another.
    fn last(self, steps: &[(String, Vec<Block>)]) -> String {
        let Some((label, blocks)) = steps.last().filter(|_| self.images.is_some()) else {
            return String::new();
        };
        let pictures = blocks.iter().map(|block| match block {
            Block::Picture(picture) => self.picture(picture),
            _ => String::new(),
        });
        format!(
            "\n{TITLE}{label}{TITLE:#}\n{}",
            pictures.collect::<String>()
        )
    }

    /// What is made of pixels; lines and bands have no room.
    fn picture(self, picture: &Picture) -> String {
        match &picture.drawing {
            Drawing::Images(images) => self.drawn(images),
            Drawing::Vector(_) | Drawing::Contact(_) => String::new(),
        }
    }

    /// A sample the way its relevance goes: from the output down, and at last what it comes to.
    pub(super) fn sample_detail(self, sample: &SampleDetail) -> String {
        let title = |text: &str| self.written(&Block::Subheading(text.to_owned()), 0);
        let mut text = title(&sample.heading);
        text += &self.blocks(&sample.remarks);
        text += &self.blocks(&sample.pictures);
        text += &self.blocks(&sample.levels);
        if !sample.checks.is_empty() {
            text += &title("checks");
            text += &self.blocks(&sample.checks);
        }
        text += &self.blocks(&sample.tables);
        text + &title("interpretation") + &self.points(&sample.sentences)
    }

    /// Blocks set in by two columns.
    fn part(self, blocks: &[Block]) -> String {
        let narrower = Self {
            width: self.width.saturating_sub(2),
            ..self
        };
        let blocks = narrower.blocks(blocks);
        let lines = blocks.lines().map(|line| match line {
            "" => "\n".to_owned(),
            _ => format!("  {line}\n"),
        });
        lines.collect()
    }

    /// Sentences, a point each.
    pub(super) fn points(self, sentences: &[String]) -> String {
        let points = sentences.iter();
        let point = |sentence| format!("  {QUIET}·{QUIET:#} {}\n", self.wrapped(sentence, 4));
        points.map(|sentence| point(sentence)).collect()
    }

    /// A property beside others, whose names are up to `width` wide.
    fn verdict(self, verdict: &Verdict, width: usize) -> String {
        let (style, space) = match verdict.holds {
            None if verdict.word.is_empty() => (QUIET, ""),
            None => (QUIET, "  "),
            Some(true) => (HOLDS, "  "),
            Some(false) => (FAILS, "  "),
        };
        let word = format!("{style}{}{style:#}{space}", verdict.word);
        let indent = width + 4 + verdict.word.width() + space.len();
        let figures: Vec<&str> = verdict.figures.iter().map(Cell::text).collect();
        let figures = figures.join(" ");
        let property = format!("  {:<width$}  {word}", verdict.property);
        // Behind a long word there is no room: the figures get a line of their own.
        let line = if indent + ROOM > self.width {
            let below = width + 4;
            let figures = self.wrapped(&figures, below);
            format!("{}\n{:below$}{figures}", property.trim_end(), "")
        } else {
            property + &self.wrapped(&figures, indent)
        };
        line.trim_end().to_owned() + "\n"
    }

    /// How relevance gets to the next table.
    fn down(self, steps: &[StepDown]) -> String {
        let steps = steps.iter().enumerate().map(|(n, step)| {
            let mark = if n == 0 { "↓" } else { " " };
            format!(
                "  {QUIET}{mark} {}{QUIET:#}\n",
                self.wrapped(&step.text(), 4)
            )
        });
        steps.collect()
    }

    /// A table under its title.
    fn table(self, table: &Table) -> String {
        let mut caption = format!("\n{TITLE}{}{TITLE:#}", printable(&table.title));
        let words = |fact: &Vec<Cell>| fact.iter().map(Cell::text).collect::<Vec<_>>().join(" ");
        let facts: Vec<String> = table.facts.iter().map(words).collect();
        let wide: usize = facts.iter().map(|fact| fact.width() + 3).sum();
        let note = table.note_in_words();
        let one_line = table.title.width() + wide + note.width() <= self.width;
        for (n, fact) in facts.iter().enumerate() {
            caption += &match n {
                0 => format!("  {}", self.wrapped(fact, table.title.width() + 2)),
                _ if one_line => format!("   {fact}"),
                _ => format!("\n  {}", self.wrapped(fact, 2)),
            };
        }
        if !note.is_empty() {
            caption += &format!(" {QUIET}{note}{QUIET:#}");
        }
        caption + "\n" + &self.lines(table, 2)
    }

    /// The rows of a table below their titles, with bars where there is room.
    fn lines(self, table: &Table, indent: usize) -> String {
        let space = " ".repeat(indent);
        let columns = self.aligned(table, indent);
        let wide: usize = columns.iter().map(|column| column.width + 2).sum();
        let titles = titles(&columns);
        let mut text = format!("{space}{QUIET}{titles}{QUIET:#}\n");
        let bar = table.bar.map(|column| &table.columns[column].rows);
        let sizes: Vec<f64> = bar.into_iter().flatten().map(Cell::value).collect();
        let largest = largest_size(&sizes);
        let room = self.width.saturating_sub(wide + indent).min(LONGEST_BAR);
        for n in 0..table.rows() {
            if let Some((_, group)) = table.groups.iter().find(|(first, _)| *first == n) {
                text += &format!("{space}{BAR}{}{BAR:#}\n", self.wrapped(group, indent));
            }
            let (line, others) = row(&columns, n);
            let size = sizes.get(n).copied().unwrap_or(0.0);
            let (bar, style) = (
                self::bar(size.abs(), largest, room),
                if size < 0.0 { NEGATIVE } else { BAR },
            );
            text += &if bar.is_empty() {
                format!("{space}{}\n", line.trim_end())
            } else {
                format!("{space}{line}  {style}{bar}{style:#}\n")
            };
            text.extend(
                others
                    .iter()
                    .map(|line| format!("{space}{}\n", line.trim_end())),
            );
        }
        for said in &table.said {
            let said = self.wrapped(said, indent);
            text += &format!("{space}{QUIET}{said}{QUIET:#}\n");
        }
        if let Some(rest) = &table.rest {
            text += &format!("{space}{QUIET}{rest}; --top shows more{QUIET:#}\n");
        }
        text
    }

    /// A box a row, on one scale.
    fn strips(self, strips: &Strips) -> String {
        let [low, high] = strips.range();
        let labels = strips
            .rows
            .iter()
            .map(|strip| shortened(&strip.label, LONGEST_LABEL));
        let widest = labels.clone().map(|label| label.width()).max();
        let room = self.width.saturating_sub(widest.unwrap_or(0) + 4);
        let (room, labels) = (room.min(LONGEST_STRIP), labels.map(Cell::words));
        let boxes = strips.rows.iter();
        let boxes = boxes.map(|strip| Cell::Words(boxed(strip.quartiles, [low, high], room)));
        let title = format!("{}, {} to {}", strips.title, figure(low), figure(high));
        let table = Table::new(title)
            .with(strips.of, labels)
            .with("─ all  ━ middle half  ┃ median", boxes);
        self.table(&table)
    }

    /// A text broken at the width, its later lines indented.
    pub(super) fn wrapped(self, text: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent).max(20);
        broken(&printable(text), room).join(&format!("\n{}", " ".repeat(indent)))
    }
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

#[cfg(test)]
mod tests {
    use super::super::Text;
    use crate::render::table::{Cell, Table};

    fn lines(table: &Table) -> Vec<String> {
        let text = anstream::adapter::strip_str(&Text::new(80, 12).lines(table, 0)).to_string();
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
                "unit                      R",
                "a                       1.5",
                "日本                  10.25",
                "a very lon…me indeed      0"
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
    fn sentences_are_broken_where_there_is_no_room_and_figures_are_not_cut() {
        let why =
            "no input supports it: it fires on its positive bias alone, as its weights are below 0";
        let table = Table::new("")
            .with("layer", [Cell::count(7), Cell::count(0)])
            .with("what", [why, "short"].map(Cell::prose))
            .with("R", ["-0.02158", "1"].map(number));
        assert_eq!(
            lines(&table),
            [
                "layer  what                                                                  R",
                "    7  no input supports it: it fires on its positive bias alone, as  -0.02158",
                "       its weights are below 0",
                "    0  short                                                                 1",
            ]
        );
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let table = Table::new("").with("unit", [Cell::name("\x1b[31mred")]);
        assert_eq!(lines(&table)[1], "·[31mred");
    }
}
