//! The command line of `deeptaylor`: parse, run the command, end with its exit status.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse() {
        Ok(cli) => cli
            .run()
            .map_or_else(|failure| failure.report(), ExitCode::from),
        Err(answered) => answered,
    }
}
