//! `deeptaylor completions`: completions for a shell.

use clap::{Args, CommandFactory};

use super::destination::Destination;
use super::{Cli, Failure, Status};

#[derive(Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,

    #[command(flatten)]
    destination: Destination,
}

impl CompletionsArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.destination.check([])?;
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "deeptaylor", &mut script);
        self.destination.data(&script[..])?;
        Ok(Status::Holds)
    }
}
