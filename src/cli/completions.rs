//! `deeptaylor completions`: completions for a shell.

use clap::{Args, CommandFactory};

use super::{Cli, Failure, Status, print};

#[derive(Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

impl CompletionsArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "deeptaylor", &mut script);
        print(&script[..])?;
        Ok(Status::Holds)
    }
}
