//! `--spreadsheet-safe`: text in CSV that a spreadsheet would run.

use clap::Args;
use deeptaylor::render::Names;

use super::Failure;

// How text is written in CSV.
#[derive(Args, Default)]
pub struct SpreadsheetArgs {
    /// Put a ' before text in CSV (names, ids, labels) that a spreadsheet would run as a formula: text that begins
    /// with =, +, - or @
    #[arg(long, help_heading = "Output")]
    spreadsheet_safe: bool,
}

impl SpreadsheetArgs {
    /// The names of CSV as they are asked for.
    pub fn names(&self) -> Names {
        if self.spreadsheet_safe {
            Names::Guarded
        } else {
            Names::AsTheyAre
        }
    }

    /// That it is asked for with CSV only.
    pub fn check(&self, csv: bool) -> Result<(), Failure> {
        if self.spreadsheet_safe && !csv {
            return Err(Failure::Usage(
                "--spreadsheet-safe works only with --format csv".to_owned(),
            ));
        }
        Ok(())
    }
}
