//! `deeptaylor inspect`: what is in a network file, and how well it fits the theory.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::render;
use deeptaylor::result::Inspection;

use super::destination::Destination;
use super::quiet::Quiet;
use super::{Failure, Verdict, network, text};

/// Say what is in a network file and how well it fits the theory
#[derive(Args)]
pub struct Inspect {
    /// The network file, or example:NAME; '-' reads it from stdin
    network: PathBuf,

    /// What to print [default: as the ending of -o says, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: Quiet,
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
        self.destination.check([self.network.as_path()])?;
        self.destination.check_format(self.format)?;
        let network = network::read(&self.network)?;
        if self.quiet.is_silent(&self.destination) {
            return Ok(Verdict::Holds);
        }
        let mut inspection = Inspection::new(&network).interpreted(&network);
        match self.destination.format(self.format, Format::Text) {
            Format::Json => {
                let mut out = Vec::new();
                render::json(&inspection, &mut out)?;
                self.destination.data(&out[..])?;
            }
            Format::Text => {
                network::title(&mut inspection.name, Some(&self.network));
                self.destination.text(&text(0).inspection(&inspection))?;
            }
        }
        Ok(Verdict::Holds)
    }
}
