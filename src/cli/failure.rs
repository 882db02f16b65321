//! Why a command could not do its work, and how that is told: one message on stderr, exit status 2.

use std::io;
use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use deeptaylor::error::{Error, Excerpt, Invalid, Malformed};

/// Why a command ended without a result.
#[derive(Debug)]
pub enum Failure {
    /// A file, a rule, a target or a sample is not as it should be.
    Library(Error),
    /// The output could not be written.
    Output(io::Error),
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
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Output(error) => tell(&format!("the output cannot be written: {error}")),
            Self::Usage(message) => tell(message),
            Self::Library(Error::Malformed(malformed)) => {
                match (&malformed.excerpt, malformed.position) {
                    (Some(excerpt), Some(position)) => {
                        anstream::eprintln!("{}", pictured(malformed, excerpt, position))
                    }
                    _ => tell(&malformed.to_string()),
                }
            }
            Self::Library(error) => tell(&error.to_string()),
        }
        ExitCode::from(2)
    }
}

fn tell(message: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error{style:#}: {message}");
}

/// The message with the place in the file and a caret under it.
fn pictured(malformed: &Malformed, excerpt: &Excerpt, (line, column): (usize, usize)) -> String {
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
    // The excerpt may begin in the middle of a line, so that the column goes into the name of the place.
    let place = format!("{file}:{line}:{column}");
    let snippet = Snippet::source(&excerpt.text).line_start(line).annotation(
        AnnotationKind::Primary
            .span(excerpt.marked.clone())
            .label("here"),
    );
    let mut group = Level::ERROR
        .primary_title(&title)
        .element(annotate_snippets::Origin::path(&place))
        .element(snippet);
    if let Some(help) = help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[group])
}
