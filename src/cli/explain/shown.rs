//! How much of an explanation is shown.

use clap::Args;
use deeptaylor::result::{NetworkInfo, Whole};

use super::format::Format;
use crate::cli::Failure;
use crate::cli::request::top;
use crate::cli::writing::Each;

// How many units, which levels, and which samples.
#[derive(Args, Default)]
pub struct ShownArgs {
    /// How many units of a layer the text shows, the most relevant first, or all; the other formats always have all
    /// [default: 10, and 3 inputs below an image of them]
    #[arg(long, value_name = "N", value_parser = top, allow_negative_numbers = true, help_heading = "Output")]
    pub top: Option<usize>,

    /// Which levels are whole: input, all, or a list of level numbers, ranges (2-4) and names; json and jsonl keep sums,
    /// checks and the 12 largest units of the others [default: every level of at most 10,000 units, and the input; in
    /// csv all; in csv-wide and npz the input]
    #[arg(long, value_name = "LEVELS", help_heading = "Output")]
    levels: Option<String>,

    /// Show all samples together, not each: the checks, how many fail and which do so most, and how many labels are
    /// the largest output [default in text: with more than 20 samples]
    #[arg(long, conflicts_with = "all_samples", help_heading = "Output")]
    summary: bool,

    /// Show each sample, however many there are
    #[arg(long, help_heading = "Output")]
    all_samples: bool,
}

impl ShownArgs {
    /// Refuses what a format has no use for.
    pub fn check(&self, format: Format) -> Result<(), Failure> {
        if (self.summary || self.all_samples) && format != Format::Text {
            return Err(Failure::Usage(
                "--summary and --all-samples choose what the text shows\n  \
                 help: json has all samples, and the same figures of them together under `summary`"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// Whether levels are chosen.
    pub fn has_levels(&self) -> bool {
        self.levels.is_some()
    }

    /// Which samples the text shows.
    pub fn each(&self) -> Each {
        match (self.summary, self.all_samples) {
            (true, _) => Each::Together,
            (_, true) => Each::All,
            _ => Each::Few,
        }
    }

    /// Which levels are whole.
    pub fn whole(&self, network: &NetworkInfo, format: Format) -> Result<Whole, Failure> {
        match (&self.levels, format) {
            (Some(levels), _) => Whole::parse(levels, network)
                .map_err(|error| Failure::Usage(format!("--levels: {error}"))),
            (None, Format::Csv) => Ok(Whole::All),
            (None, Format::CsvWide | Format::Npz) => Ok(Whole::Levels(vec![0])),
            (None, _) => Ok(Whole::Small),
        }
    }
}
