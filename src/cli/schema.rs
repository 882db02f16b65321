//! `deeptaylor schema`: the JSON Schemas of what goes in and what comes out.

use clap::{Args, ValueEnum};
use deeptaylor::report::Explanation;

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
}

impl Schema {
    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        let schema = match self.what {
            What::Network => deeptaylor::network::schema(),
            What::Explanation => schemars::schema_for!(Explanation),
        };
        print(format!("{:#}\n", schema.to_value()).as_bytes())?;
        Ok(Verdict::Holds)
    }
}
