//! The command line of `deeptaylor`: parse, run the command, end with its exit status.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::parse();
    match cli.run() {
        Ok(verdict) => verdict.into(),
        Err(failure) => failure.report(),
    }
}
