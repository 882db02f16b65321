//! `deeptaylor guide`: the manual in the terminal.

mod exercise;

use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use deeptaylor::guide::Chapter;

use super::destination::Destination;
use super::pager::page;
use super::table::table;
use super::{Failure, Status, width, wrapped};

const HEADING: Style = AnsiColor::Yellow.on_default().bold();
const COMMAND: Style = AnsiColor::Cyan.on_default().bold();
const STRONG: Style = Style::new().bold();
/// Lines of prose are no longer, however wide the terminal is; what commands print has this width, too.
const PROSE: usize = 80;

#[derive(Args)]
pub struct GuideArgs {
    /// The chapter to read; without it, they are listed
    #[arg(value_parser = names())]
    chapter: Option<String>,

    /// With the chapter exercise: lead through the task with this network file, step by step; each command of it is run
    #[arg(value_name = "NETWORK")]
    network: Option<PathBuf>,

    /// A sample for the steps of the exercise, where the network file has none: 1,0.5,-0.25
    #[arg(
        long,
        value_name = "X1,X2,…",
        allow_hyphen_values = true,
        requires = "network"
    )]
    input: Vec<String>,

    /// Print it at once, not a screen at a time through $PAGER
    #[arg(long)]
    no_pager: bool,

    /// The output format [default: by the ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    #[command(flatten)]
    destination: Destination,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// As wide as the terminal, up to 80 columns
    Text,
    /// The source of the chapter
    #[value(alias = "md")]
    Markdown,
}

fn names() -> PossibleValuesParser {
    let chapters = Chapter::ALL.iter();
    PossibleValuesParser::new(
        chapters.map(|chapter| PossibleValue::new(chapter.name).help(chapter.about)),
    )
}

impl GuideArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([])?;
        self.destination.check_format(self.format)?;
        let width = width().min(PROSE);
        let named = |name: &str| Chapter::ALL.iter().find(|chapter| chapter.name == name);
        let Some(chapter) = self.chapter.as_deref().and_then(named) else {
            if let Format::Markdown = self.destination.format(self.format, Format::Text) {
                return Err(Failure::Usage(
                    "the list of chapters is text; a chapter has Markdown\n  help: deeptaylor guide exercise -o exercise.md"
                        .to_owned(),
                ));
            }
            self.destination.text(&list(width))?;
            return Ok(Status::Holds);
        };
        if let Some(network) = &self.network {
            return self.exercise(chapter, network, width);
        }
        let text = || rendered(chapter.text, width);
        let waits = self.no_pager || self.destination.output.is_some();
        match self.destination.format(self.format, Format::Text) {
            Format::Markdown => self.destination.data(chapter.text.as_bytes())?,
            Format::Text if waits => self.destination.text(&text())?,
            Format::Text => page(&text())?,
        }
        Ok(Status::Holds)
    }
}

impl GuideArgs {
    /// The exercise with a network.
    fn exercise(&self, chapter: &Chapter, network: &Path, width: usize) -> Result<Status, Failure> {
        if chapter.name != "exercise" {
            return Err(Failure::Usage(format!(
                "guide {}: only the exercise takes a network\n  help: deeptaylor guide exercise {}",
                chapter.name,
                network.display()
            )));
        }
        if self.format.is_some() || self.destination.output.is_some() {
            return Err(Failure::Usage(
                "the exercise with a network prints step by step\n  help: deeptaylor guide exercise NETWORK > FILE keeps it"
                    .to_owned(),
            ));
        }
        exercise::exercise(network, &self.input, width)
    }
}

/// A line for each chapter.
fn list(width: usize) -> String {
    let titles = ["chapter", "about"].map(str::to_owned).to_vec();
    let chapters = Chapter::ALL
        .iter()
        .map(|chapter| vec![chapter.name.to_owned(), chapter.about.to_owned()]);
    let rows: Vec<_> = std::iter::once(titles).chain(chapters).collect();
    format!("{}\nnext  deeptaylor guide exercise\n", table(&rows, width))
}

/// Markdown as the chapters are written: headings, paragraphs, lists, tables and fenced blocks.
fn rendered(markdown: &str, width: usize) -> String {
    let mut out = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if is_fence(line) {
            let block = lines.by_ref().take_while(|line| !is_fence(line));
            out.extend(block.map(code));
        } else if let Some(title) = line.strip_prefix("# ") {
            out += &heading(title, "═");
        } else if let Some(title) = line.strip_prefix("## ") {
            out += &heading(title, "─");
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            // Below the titles stands a line of dashes.
            rows.remove(1);
            out += &table(&rows, width);
        } else if line.is_empty() {
            out.push('\n');
        } else if !is_definition(line) {
            let mut text = line.to_owned();
            while let Some(line) = lines.next_if(|line| continues(line)) {
                text = format!("{text} {}", line.trim_start());
            }
            out += &paragraph(&text, width);
        }
    }
    out.trim_end().to_owned() + "\n"
}

/// A line of a fenced block, as it stands; commands stand out.
fn code(line: &str) -> String {
    match line.strip_prefix("$ ") {
        Some(command) => format!("{COMMAND}$ {command}{COMMAND:#}\n"),
        None => format!("{line}\n"),
    }
}

fn heading(title: &str, rule: &str) -> String {
    let rule = rule.repeat(textwrap::core::display_width(title));
    format!("{HEADING}{title}{HEADING:#}\n{HEADING}{rule}{HEADING:#}\n")
}

/// A paragraph or an item of a list, its lines below each other.
fn paragraph(text: &str, width: usize) -> String {
    let (mark, text) = text.split_at(mark(text));
    let lines = wrapped(&inline(text), width.saturating_sub(mark.len()));
    let below = format!("\n{}", " ".repeat(mark.len()));
    format!("{mark}{}\n", lines.join(&below))
}

/// How long the mark of an item of a list is, with the space around it; 0 where the line begins none.
fn mark(line: &str) -> usize {
    let text = line.trim_start();
    let first = text.split(' ').next().unwrap_or_default();
    let number = first.strip_suffix('.');
    if first == "*" || number.is_some_and(|number| number.parse::<u8>().is_ok()) {
        line.len() - text.len() + first.len() + 1
    } else {
        0
    }
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
}

/// Whether a line belongs to the paragraph or item above it.
fn continues(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(['#', '|']) && !is_fence(line) && mark(line) == 0
}

/// Whether a line says where a link leads: the names of chapters are enough here.
fn is_definition(line: &str) -> bool {
    line.starts_with('[') && line.contains("]: ")
}

/// The cells of a table's row.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_start_matches('|').trim_end_matches('|');
    let line = line.replace("\\|", "\u{1}");
    line.split('|')
        .map(|cell| inline(&cell.replace('\u{1}', "|")))
        .map(|cell| cell.trim().to_owned())
        .collect()
}

/// Strong words in bold, links as their words and address; code keeps its quotes.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for (n, piece) in text.split('`').enumerate() {
        if n % 2 == 1 {
            out += &format!("`{piece}`");
            continue;
        }
        for (n, piece) in piece.split("**").enumerate() {
            let piece = piece.replace("](", " (").replace(['[', ']'], "");
            out += &if n % 2 == 1 {
                format!("{STRONG}{piece}{STRONG:#}")
            } else {
                piece
            };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::rendered;

    #[test]
    fn markdown_is_text_within_the_width_and_blocks_stay_as_they_are() {
        let markdown = "# On sums\n\nIt has **one** [proof] and\n`a * b`.\n\n* an item that is\n  longer\n  * inner\n\n\
            | a | b |\n|---|---|\n| `x` | y \\| z |\n\n```console\n$ run   it\n  2\n```\n\n[proof]: proof.md\n";
        let text = anstream::adapter::strip_str(&rendered(markdown, 18)).to_string();
        assert_eq!(
            text,
            "On sums\n═══════\n\nIt has one proof\nand `a * b`.\n\n* an item that is\n  longer\n  * inner\n\n\
             a    b\n`x`  y | z\n\n$ run   it\n  2\n"
        );
    }
}
