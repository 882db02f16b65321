//! `deeptaylor inspect`: what is in a network file, and how well it fits the theory.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::network::Loaded;
use deeptaylor::render::{self, Document};
use deeptaylor::result::Inspection;

use super::destination::Destination;
use super::network::ModelArgs;
use super::quiet::QuietArgs;
use super::{Failure, Status, network, text};

/// Show what is in a network file, and how well it fits the theory
#[derive(Args)]
pub struct InspectArgs {
    /// The network file or ONNX model, or example:NAME; '-' reads it from stdin
    network: PathBuf,

    /// The output format [default: by the ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: QuietArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table and notes
    Text,
    /// One document with every number
    Json,
    /// A page for a web browser
    Html,
    /// The same without pictures
    #[value(alias = "md")]
    Markdown,
}

impl InspectArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([self.network.as_path()])?;
        self.destination.check_format(self.format)?;
        let Loaded { network, model, .. } = self.model.load(&self.network)?;
        if self.quiet.is_silent(&self.destination) {
            return Ok(Status::Holds);
        }
        let mut inspection = Inspection::new(&network)
            .of_model(model)
            .interpreted(&network);
        let format = self.destination.format(self.format, Format::Text);
        if let Format::Json = format {
            let mut out = Vec::new();
            render::json(&inspection, &mut out)?;
            self.destination.data(&out[..])?;
            return Ok(Status::Holds);
        }
        network::title(&mut inspection.name, Some(&self.network));
        let document = Document::from(&inspection);
        match format {
            Format::Html => self.destination.data(render::html(&document).as_bytes())?,
            Format::Markdown => self
                .destination
                .data(render::markdown(&document).as_bytes())?,
            Format::Text | Format::Json => self.destination.text(&text(0).document(&document))?,
        }
        Ok(Status::Holds)
    }
}
