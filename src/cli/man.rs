//! `deeptaylor man`: the man page.

use clap::CommandFactory;

use super::{Cli, Failure, Status, print};

/// Runs the command.
pub fn run() -> Result<Status, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    print(&page[..])?;
    Ok(Status::Holds)
}
