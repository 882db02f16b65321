//! `deeptaylor inspect`: what is in a network file, and how well it fits the theory.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::Network;
use deeptaylor::report::{self, Inspection};

use super::{Failure, Verdict, print, print_text, text};

/// Say what is in a network file and how well it fits the theory
#[derive(Args)]
pub struct Inspect {
    /// The network file; '-' reads it from stdin
    network: PathBuf,

    /// What to print
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table and notes
    Text,
    /// One document with every number
    Json,
}

impl Inspect {
    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        let inspection = Inspection::new(&Network::read(&self.network)?);
        match self.format {
            Format::Json => {
                let mut out = Vec::new();
                report::json(&inspection, &mut out)?;
                print(&out)?;
            }
            Format::Text => print_text(&text(0).inspection(&inspection))?,
        }
        Ok(Verdict::Holds)
    }
}
