//! `deeptaylor schema`: the JSON Schemas of what goes in and what comes out.

use clap::{Args, ValueEnum};
use deeptaylor::report::{
    Comparison, ExactExplanation, Explanation, Taylor, TaylorFunction, Training,
};

use super::{Failure, Verdict, print};

/// Print the JSON Schema of the network file or of the result
#[derive(Args)]
pub struct Schema {
    /// Which one
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// The network file
    Network,
    /// What `explain --format json` prints
    Explanation,
    /// What `explain --exact --format json` prints
    ExactExplanation,
    /// What `taylor --format json` prints
    Taylor,
    /// What `taylor --at … --format json` prints
    TaylorFunction,
    /// What `compare --format json` prints
    Comparison,
    /// What `train --format json` prints
    Training,
}

impl Schema {
    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        let schema = match self.what {
            What::Network => deeptaylor::network::schema(),
            What::Explanation => schemars::schema_for!(Explanation),
            What::ExactExplanation => schemars::schema_for!(ExactExplanation),
            What::Taylor => schemars::schema_for!(Taylor),
            What::TaylorFunction => schemars::schema_for!(TaylorFunction),
            What::Comparison => schemars::schema_for!(Comparison),
            What::Training => schemars::schema_for!(Training),
        };
        print(format!("{:#}\n", schema.to_value()).as_bytes())?;
        Ok(Verdict::Holds)
    }
}
