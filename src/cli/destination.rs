//! Where a result goes: to a file, or to the standard output.

use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use deeptaylor::printable::printable_styled;

use super::{Failure, failure, output};

/// How files end → the format that this says.
const ENDINGS: [(&str, &str); 26] = [
    ("txt", "text"),
    ("html", "html"),
    ("htm", "html"),
    ("json", "json"),
    ("jsonl", "jsonl"),
    ("ndjson", "jsonl"),
    ("csv", "csv"),
    ("tsv", "tsv"),
    ("npz", "npz"),
    ("npy", "npy"),
    ("md", "markdown"),
    ("markdown", "markdown"),
    ("tex", "latex"),
    ("dot", "dot"),
    ("gv", "dot"),
    ("mmd", "mermaid"),
    ("mermaid", "mermaid"),
    ("pdf", "pdf"),
    ("png", "png"),
    ("jpg", "jpeg"),
    ("jpeg", "jpeg"),
    ("svg", "svg"),
    ("xlsx", "xlsx"),
    ("xls", "xlsx"),
    ("parquet", "parquet"),
    ("gz", "gzip"),
];

// The file that is asked for, if one is.
#[derive(Args, Default)]
pub struct Destination {
    /// The file to write. Its ending sets the format, unless --format is given. Without this option, or with '-', the
    /// result goes to stdout
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Overwrite an existing file
    #[arg(long, help_heading = "Output")]
    pub force: bool,
}

impl Destination {
    /// The file, where the result does not go to the standard output.
    pub fn file(&self) -> Option<&Path> {
        let file = self.output.as_deref();
        file.filter(|file| !output::is_stdout(file))
    }

    /// Refuses a file that cannot be written as asked for, or that is one of those that are read, before any work.
    pub fn check<'f>(&self, read: impl IntoIterator<Item = &'f Path>) -> Result<(), Failure> {
        match self.file() {
            Some(file) => output::apart(file, read).and_then(|()| output::check(file, self.force)),
            None => Ok(()),
        }
    }

    /// The format that is asked for, else the one that the file's ending says, else the usual one.
    pub fn format<F: ValueEnum>(&self, asked: Option<F>, usual: F) -> F {
        let by_ending = || F::from_str(self.ending()?, true).ok();
        asked.or_else(by_ending).unwrap_or(usual)
    }

    /// Refuses a file whose ending says a format that the command does not write; says where --format is followed
    /// against the ending.
    pub fn check_format<F: ValueEnum>(&self, asked: Option<F>) -> Result<(), Failure> {
        let (Some(file), Some(ending)) = (&self.output, self.ending()) else {
            return Ok(());
        };
        let name = |format: &F| Some(format.to_possible_value()?.get_name().to_owned());
        match asked.as_ref().and_then(name) {
            // csv-wide is CSV, too.
            Some(asked) if asked.split('-').next() != Some(ending) => {
                failure::note(&format!(
                    "{} is written as {asked}, as --format says, although its ending says {ending}",
                    file.display()
                ));
            }
            Some(_) => {}
            None if F::from_str(ending, true).is_ok() => {}
            None => {
                let known: Vec<String> = F::value_variants().iter().filter_map(name).collect();
                return Err(Failure::Usage(format!(
                    "-o {}: the ending says {ending}, but this command writes {}\n  \
                     help: --format chooses one of them, whatever the name of the file",
                    file.display(),
                    known.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// Refuses to show what is no text on a terminal.
    pub fn check_binary(&self, format: &str) -> Result<(), Failure> {
        if self.is_stdout() && io::stdout().is_terminal() {
            return Err(Failure::Usage(format!(
                "--format {format} is no text, and stdout is a terminal\n  help: -o FILE writes it to a file"
            )));
        }
        Ok(())
    }

    /// Refuses a file whose ending says another format than JSON, of a command that writes nothing else.
    pub fn check_json(&self) -> Result<(), Failure> {
        match (&self.output, self.ending()) {
            (Some(file), Some(ending)) if ending != "json" => Err(Failure::Usage(format!(
                "-o {}: the ending says {ending}, but this command writes json",
                file.display()
            ))),
            _ => Ok(()),
        }
    }

    /// Whether the result goes to the standard output.
    pub fn is_stdout(&self) -> bool {
        self.output.as_deref().is_none_or(output::is_stdout)
    }

    /// The format that the file's ending says.
    fn ending(&self) -> Option<&'static str> {
        let ending = self.output.as_deref()?.extension()?;
        let known = ENDINGS
            .iter()
            .find(|(end, _)| ending.eq_ignore_ascii_case(end));
        known.map(|(_, format)| *format)
    }

    /// Writes text with styles, which go only where they are shown.
    pub fn text(&self, lines: &str) -> Result<(), Failure> {
        self.copy_text(printable_styled(lines).as_bytes())
    }

    /// Writes data, which may be still to be read.
    pub fn data(&self, from: impl BufRead) -> Result<(), Failure> {
        output::copy(self.output.as_deref(), from, self.force)
    }

    /// Writes text that is still to be read, and in which what comes from outside is harmless already.
    pub fn copy_text(&self, from: impl BufRead) -> Result<(), Failure> {
        output::copy_text(self.output.as_deref(), from, self.force)
    }
}
