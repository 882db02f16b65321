//! `deeptaylor report`: results as a page, as Markdown or LaTeX, and its figures as files of their own.

mod figures;
mod lines;

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::Network;
use deeptaylor::render::{self, Document};
use deeptaylor::result;

use super::destination::Destination;
use super::outcome::OutcomeArgs;
use super::quiet::QuietArgs;
use super::stdin::is_stdin;
use super::{Failure, Status};
use figures::FiguresArgs;
use lines::LineArgs;

const EXAMPLES: &str = "\
The page holds everything itself: it opens without a network, on a phone and on paper, in light and dark.

Exit status: 0 written, and every check in the results holds; 1 written, and one fails; 2 could not write.

Examples:
  deeptaylor explain example:lines --format json | deeptaylor report > page.html
  deeptaylor explain --format json | deeptaylor report --format markdown
  deeptaylor explain net.json --inputs test.csv --format jsonl | deeptaylor report --network net.json > page.html
  deeptaylor train --out run && deeptaylor report run/training.json -o training.html
  deeptaylor explain --format json | deeptaylor report --figures figures -o page.html
  deeptaylor evaluate -o rules.json && deeptaylor report rules.json -o tables.tex
  deeptaylor compare -o compared.json && deeptaylor report compared.json -o compared.html";

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArgs {
    /// Files of one result or several, a section each; '-' or none reads stdin
    files: Vec<PathBuf>,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    figures: FiguresArgs,

    #[command(flatten)]
    lines: LineArgs,

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
    /// Its tables alone, for a paper: each a table with booktabs, numbers aligned at the decimal point with siunitx
    #[value(alias = "tex")]
    Latex,
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
        let read = files
            .iter()
            .map(PathBuf::as_path)
            .chain(self.lines.file.as_deref());
        self.destination.check(read)?;
        self.destination.check_format(self.format)?;
        let (mut results, mut any_lines) = (Vec::new(), false);
        for file in files {
            let (name, text) = Network::source(file)?;
            let network = self.lines.file.as_deref();
            if let Some(network) = network.filter(|_| result::is_lines(&text)) {
                results.push(lines::read(&name, &text, network, self.destination.file())?);
                any_lines = true;
            } else {
                results.extend(result::read(&name, &text)?);
            }
        }
        self.lines.check_use(any_lines)?;
        let strict = self.outcome.strict;
        let pass = results.iter().all(|result| result.passes(strict));
        // A balance that does not hold was told where the result was made.
        let verdict = self.outcome.status(pass, 0);
        let document = Document::new(&results);
        self.figures.write(&document, self.destination.force)?;
        if self.quiet.is_silent(&self.destination) {
            return Ok(verdict);
        }
        let text = match self.destination.format(self.format, Format::Html) {
            Format::Html => render::html(&document),
            Format::Markdown => render::markdown(&document),
            Format::Latex => render::latex(&document),
        };
        self.destination.data(text.as_bytes())?;
        Ok(verdict)
    }
}
