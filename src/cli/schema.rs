//! `deeptaylor schema`: the JSON Schemas of what goes in and what comes out.

use clap::{Args, ValueEnum};
use deeptaylor::result::{
    Comparison, Difference, Evaluation, ExactExplanation, Explanation, Explanations, Inspection,
    Line, Taylor, TaylorFunction, Training, Value,
};
use schemars::schema_for;

use super::destination::Destination;
use super::{Failure, Status};

#[derive(Args)]
pub struct SchemaArgs {
    /// Which one
    what: What,

    #[command(flatten)]
    destination: Destination,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// The network file
    Network,
    /// What `explain --format json` prints
    Explanation,
    /// What `explain --exact --format json` prints
    ExactExplanation,
    /// What `explain --format json` prints under several rules
    Explanations,
    /// What `explain --exact --format json` prints under several rules
    ExactExplanations,
    /// A line of `explain --format jsonl`
    Line,
    /// A line of `explain --exact --format jsonl`
    ExactLine,
    /// What `inspect --format json` prints
    Inspection,
    /// What `taylor --format json` prints
    Taylor,
    /// What `taylor --at … --format json` prints
    TaylorFunction,
    /// What `compare --format json` prints
    Comparison,
    /// What `train --format json` prints
    Training,
    /// What `evaluate --format json` prints
    Evaluation,
    /// What `diff --format json` prints
    Difference,
    /// The plan file of `--plan`
    Plan,
}

/// The names of the schemas.
pub fn choices() -> Vec<String> {
    let all = What::value_variants().iter();
    all.filter_map(|what| Some(what.to_possible_value()?.get_name().to_owned()))
        .collect()
}

impl SchemaArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([])?;
        self.destination.check_json()?;
        let mut schema = match self.what {
            What::Network => deeptaylor::network::schema(),
            What::Plan => deeptaylor::relevance::schema(),
            What::Explanation => schema_for!(Explanation),
            What::ExactExplanation => schema_for!(ExactExplanation),
            What::Explanations => schema_for!(Explanations),
            What::ExactExplanations => schema_for!(Explanations<Value>),
            What::Line => schema_for!(Line),
            What::ExactLine => schema_for!(Line<Value>),
            What::Inspection => schema_for!(Inspection),
            What::Taylor => schema_for!(Taylor),
            What::TaylorFunction => schema_for!(TaylorFunction),
            What::Comparison => schema_for!(Comparison),
            What::Training => schema_for!(Training),
            What::Evaluation => schema_for!(Evaluation),
            What::Difference => schema_for!(Difference),
        };
        let name = self.what.to_possible_value();
        let name = name.as_ref().map_or("", |name| name.get_name());
        schema.insert(
            "$id".to_owned(),
            format!("urn:deeptaylor:schema:{name}").into(),
        );
        let schema = format!("{:#}\n", schema.to_value());
        self.destination.data(schema.as_bytes())?;
        Ok(Status::Holds)
    }
}
