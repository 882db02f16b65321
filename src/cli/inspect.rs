//! `deeptaylor inspect`: what is in a network file, and how well it fits the theory.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::network::{GivenBounds, Loaded};
use deeptaylor::relevance::Preset;
use deeptaylor::render::{self, Document};
use deeptaylor::result::Inspection;

use super::bounds::bounded;
use super::destination::Destination;
use super::network::ModelArgs;
use super::plan::{self, Given, PlanArgs};
use super::quiet::QuietArgs;
use super::request::{USUAL, rules, rules_once};
use super::{Failure, Status, network, text};

#[derive(Args)]
pub struct InspectArgs {
    /// The network file or ONNX model, or example:NAME; '-' reads it from stdin
    network: PathBuf,

    /// The output format [default: by the ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    /// Show which rule these put on which layer, and why
    #[arg(long, value_name = "RULE,…", value_parser = rules(), help_heading = "Rule")]
    rule: Vec<Vec<Preset>>,

    #[command(flatten)]
    plan: PlanArgs,

    /// The bounds of the inputs, in place of those of the network file: 0,1, or a pair for each channel (or input), for
    /// example '-2.1,2.6;-2,2.4;-1.8,2.6'
    #[arg(
        long,
        value_name = "L,H",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    bounds: Option<GivenBounds>,

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
    /// The table alone, for a paper: with booktabs and siunitx
    #[value(alias = "tex")]
    Latex,
    /// The layers and who reads whom, for Graphviz: dot -Tsvg draws it
    Dot,
    /// The same for Mermaid, which GitHub and others draw in Markdown
    Mermaid,
}

impl InspectArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        let network = std::iter::once(self.network.as_path());
        self.destination.check(network.chain(self.plan.files()))?;
        self.destination.check_format(self.format)?;
        let Loaded { network, model, .. } =
            self.model.load(&self.network, self.destination.file())?;
        let network = bounded(network, self.bounds.as_ref())?;
        let given = self.given()?;
        let plans = plan::resolved(&given, &network)?;
        if self.quiet.is_silent(&self.destination) {
            return Ok(Status::Holds);
        }
        let names = given.iter().map(|given| given.policy.to_string());
        let mut inspection = Inspection::new(&network)
            .of_model(model)
            .of_plans(names.zip(&plans))
            .interpreted(&network);
        network.check_unchanged()?;
        let format = self.destination.format(self.format, Format::Text);
        if let Format::Json = format {
            let mut out = Vec::new();
            render::json(&inspection, &mut out)?;
            self.destination.data(&out[..])?;
            return Ok(Status::Holds);
        }
        network::title(&mut inspection.name, Some(&self.network));
        let document = Document::from(&inspection);
        let written = match format {
            Format::Html => render::html(&document),
            Format::Markdown => render::markdown(&document),
            Format::Latex => render::latex(&document),
            Format::Dot => render::dot(&inspection),
            Format::Mermaid => render::mermaid(&inspection),
            Format::Text | Format::Json => {
                self.destination.text(&text(0).document(&document))?;
                return Ok(Status::Holds);
            }
        };
        self.destination.data(written.as_bytes())?;
        Ok(Status::Holds)
    }

    /// The policies whose rules are shown; none where none is asked for.
    fn given(&self) -> Result<Vec<Given>, Failure> {
        let mut rules = rules_once(&self.rule);
        if rules.is_empty() && self.plan.are_given() {
            rules.push(USUAL);
        }
        self.plan.policies(rules)
    }
}
