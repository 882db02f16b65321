//! Why a command could not do its work, and how that is told: one message on stderr, exit status 2.

use std::cell::Cell;
use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;

use super::{interrupt, progress, width};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use deeptaylor::error::{Error, Excerpt, Faults, Invalid, Malformed, Position};
use deeptaylor::printable::{printable, printable_lines, printable_styled};

/// A line of a message is cut beyond so many characters: a name may be as long as its file.
const LONGEST_LINE: usize = 2_000;

/// Why a command ended without a result.
#[derive(Debug)]
pub enum Failure {
    /// A file, a rule, a target or a sample is not as it should be.
    Library(Error),
    /// The output could not be written.
    Output(io::Error),
    /// Ctrl-C: what was kept, in words.
    Interrupted(String),
    /// The command line asks for something that cannot be.
    Usage(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Failure {
    /// Tells the user and gives the exit status: 2, or 0 where the reader of a pipe has had enough.
    pub fn report(&self) -> ExitCode {
        progress::end();
        let message = match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Output(error) => plain(&format!("the output cannot be written: {error}")),
            Self::Usage(message) => plain(message),
            Self::Interrupted(message) => {
                print(&harmless(message));
                return ExitCode::from(interrupt::STATUS);
            }
            Self::Library(Error::Malformed(malformed)) => {
                let malformed = malformed.printable();
                match (&malformed.excerpt, malformed.position) {
                    (Some(excerpt), Some(Position { line, .. })) => {
                        pictured(&malformed, excerpt, line)
                    }
                    _ => plain(&malformed.to_string()),
                }
            }
            Self::Library(Error::Faulty(faults)) => listed(faults),
            Self::Library(error) => plain(&error.to_string()),
        };
        print(&message);
        ExitCode::from(2)
    }
}

/// Prints on stderr; all messages do so here, without what would steer the terminal.
pub fn print(message: &str) {
    let message = printable_styled(message.trim_end());
    // Where stderr itself is gone there is nobody left to tell.
    progress::beside(|| drop(writeln!(anstream::stderr(), "{message}")));
}

/// Says on stderr, in one line, what was found out and could have been otherwise; names in it may come from outside.
pub fn note(text: &str) {
    let note = printable(&format!("note: {text}"));
    let mut held = HELD.take();
    match &mut held {
        Some(notes) => notes.push(note),
        None => print(&note),
    }
    HELD.set(held);
}

thread_local! {
    /// The notes of a work that goes on ahead of what is told.
    static HELD: Cell<Option<Vec<String>>> = const { Cell::new(None) };
}

/// What a work gives, and its notes, which are still to be [printed](print).
pub fn with_notes<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    HELD.set(Some(Vec::new()));
    let found = work();
    (found, HELD.take().unwrap_or_default())
}

/// A message with what comes from outside in it: no styles, and no line without end.
fn harmless(message: &str) -> String {
    let lines = printable_lines(message);
    let lines = lines
        .lines()
        .map(|line| match line.char_indices().nth(LONGEST_LINE) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

fn plain(message: &str) -> String {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    format!("{style}error{style:#}: {}", harmless(message))
}

/// The message with the line of the file and a caret under the place.
fn pictured(malformed: &Malformed, excerpt: &Excerpt, line: usize) -> String {
    let group = group(Level::ERROR, malformed, excerpt, line);
    Renderer::styled().term_width(width()).render(&[group])
}

/// One message of several faults, each with its place.
fn listed(faults: &Faults) -> String {
    let each = faults
        .shown
        .iter()
        .map(|fault| match (&fault.excerpt, fault.position) {
            (Some(excerpt), Some(Position { line, .. })) => {
                let group = group(Level::ERROR.no_name(), fault, excerpt, line);
                Renderer::styled().term_width(width()).render(&[group])
            }
            _ => fault.to_string(),
        });
    let each: Vec<String> = each.collect();
    format!("{}\n\n{}", plain(&faults.headline()), each.join("\n\n"))
}

/// What is marked, up to half of the terminal's width: a line beyond it is cut, and the beginning is what is looked for.
fn marked(excerpt: &Excerpt) -> Range<usize> {
    let Range { start, end } = excerpt.marked;
    let mut letters = excerpt.text[start..end].char_indices();
    let end = letters.nth(width() / 2).map_or(end, |(at, _)| start + at);
    start..end
}

fn group<'m>(
    level: Level<'m>,
    malformed: &'m Malformed,
    excerpt: &'m Excerpt,
    line: usize,
) -> Group<'m> {
    let Malformed {
        file,
        invalid: Invalid {
            path,
            message,
            help,
        },
        ..
    } = malformed;
    let title = if path.is_empty() {
        message.clone()
    } else {
        format!("{path}: {message}")
    };
    let snippet = Snippet::source(&excerpt.text)
        .path(file)
        .line_start(line)
        .annotation(AnnotationKind::Primary.span(marked(excerpt)));
    let group = level.primary_title(title).element(snippet);
    match help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}
