//! Where a result goes: to a file, or to the standard output.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::printable::printable_styled;

use super::{Failure, output};

/// The file that is asked for, if one is.
#[derive(Args, Default)]
pub struct Destination {
    /// The file to write; without it, or with '-', the result goes to stdout
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write over a file that is there
    #[arg(long, help_heading = "Output")]
    pub force: bool,
}

impl Destination {
    /// Refuses a file that cannot be written as asked for, or that is one of those that are read, before any work.
    pub fn check<'f>(&self, read: impl IntoIterator<Item = &'f Path>) -> Result<(), Failure> {
        match self
            .output
            .as_deref()
            .filter(|file| !output::is_stdout(file))
        {
            Some(file) => output::apart(file, read).and_then(|()| output::check(file, self.force)),
            None => Ok(()),
        }
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
