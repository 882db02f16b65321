//! `deeptaylor man`: the man page.

use clap::{Args, CommandFactory};

use super::{Cli, Failure, Verdict, print};

/// Print the man page, in roff: deeptaylor man | man -l -
#[derive(Args)]
pub struct Man {}

impl Man {
    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        print(&page)?;
        Ok(Verdict::Holds)
    }
}
