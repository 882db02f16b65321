//! `deeptaylor report`: results as a page or as Markdown.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::Network;
use deeptaylor::render::{self, Document};
use deeptaylor::result;

use super::destination::Destination;
use super::outcome::OutcomeArgs;
use super::quiet::QuietArgs;
use super::request::is_stdin;
use super::{Failure, Status};

const EXAMPLES: &str = "\
The page holds everything itself: it opens without a network, on a phone and on paper, in light and dark.

Exit status: 0 written, and every check in the results holds; 1 written, and one fails; 2 could not write.

Examples:
  deeptaylor explain example:lines --format json | deeptaylor report > page.html
  deeptaylor explain --format json | deeptaylor report --format markdown
  deeptaylor train --out run && deeptaylor report run/training.json -o training.html
  deeptaylor compare -o compared.json && deeptaylor report compared.json -o compared.html";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArgs {
    /// Files of one result or several, a section each; '-' or none reads stdin
    files: Vec<PathBuf>,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: QuietArgs,

    #[command(flatten)]
    outcome: OutcomeArgs,

    /// The output format [default: by the ending of the -o file, else html]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One self-contained page
    Html,
    /// The same without pictures
    #[value(alias = "md")]
    Markdown,
}

impl ReportArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        let stdin = [PathBuf::from("-")];
        let files = if self.files.is_empty() {
            if io::stdin().is_terminal() {
                return Err(Failure::Usage(
                    "there is no result to report\n  help: deeptaylor explain --format json | deeptaylor report > page.html"
                        .to_owned(),
                ));
            }
            &stdin[..]
        } else {
            &self.files[..]
        };
        if files.iter().filter(|file| is_stdin(file)).count() > 1 {
            return Err(Failure::Usage("stdin can be read only once".to_owned()));
        }
        self.destination.check(files.iter().map(PathBuf::as_path))?;
        self.destination.check_format(self.format)?;
        let mut results = Vec::new();
        for file in files {
            let (name, text) = Network::source(file)?;
            results.extend(result::read(&name, &text)?);
        }
        let strict = self.outcome.strict;
        let pass = results.iter().all(|result| result.passes(strict));
        // A balance that does not hold was told where the result was made.
        let verdict = self.outcome.status(pass, 0);
        if self.quiet.is_silent(&self.destination) {
            return Ok(verdict);
        }
        let document = Document::new(&results);
        let text = match self.destination.format(self.format, Format::Html) {
            Format::Html => render::html(&document),
            Format::Markdown => render::markdown(&document),
        };
        self.destination.data(text.as_bytes())?;
        Ok(verdict)
    }
}
