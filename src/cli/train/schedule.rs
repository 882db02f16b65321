//! The steps at which train looks at relevance.

use clap::Args;
use deeptaylor::words::{count, grouped};

use crate::cli::Failure;
use crate::cli::number::whole;

/// More listed steps than this make a sheet too large to look at.
const MOST_STEPS: usize = 100;

/// The last step that can be asked for.
const LAST_STEP: u32 = 10_000_000;

// The listed steps, counted in steps or in epochs.
#[derive(Args)]
pub struct Schedule {
    /// The steps at which relevance is computed; training ends with the last one
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', default_value = "0,10,100,1000,5000", value_parser = whole(0, LAST_STEP), allow_hyphen_values = true)]
    steps: Vec<u32>,

    /// The same, counted in epochs. An epoch is one pass over the images; images of the next pass fill up its last
    /// batch
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', conflicts_with = "steps", value_parser = whole(0, LAST_STEP), allow_hyphen_values = true)]
    epochs: Vec<u32>,
}

impl Schedule {
    /// The listed steps, each once, in order, for so many images in batches of `batch`.
    pub fn steps(&self, images: usize, batch: usize) -> Result<Vec<usize>, Failure> {
        let epoch = epoch(images, batch);
        let mut steps: Vec<usize> = if self.epochs.is_empty() {
            self.steps.iter().map(|&step| step as usize).collect()
        } else {
            let steps = self
                .epochs
                .iter()
                .map(|&n| epoch.saturating_mul(n as usize));
            steps.collect()
        };
        steps.sort_unstable();
        steps.dedup();
        let option = if self.epochs.is_empty() {
            "--steps"
        } else {
            "--epochs"
        };
        if steps.len() > MOST_STEPS {
            return Err(Failure::Usage(format!(
                "{option}: expected at most {MOST_STEPS}, found {}",
                steps.len()
            )));
        }
        match steps.last() {
            Some(&last) if last > LAST_STEP as usize => Err(Failure::Usage(format!(
                "{option}: expected at most {} steps, found {}, for an epoch is {epoch} steps",
                grouped(LAST_STEP as usize),
                grouped(last)
            ))),
            _ => Ok(steps),
        }
    }

    /// What an epoch is, where they were asked for.
    pub fn note(&self, images: usize, batch: usize) -> Option<String> {
        let steps = epoch(images, batch);
        (!self.epochs.is_empty()).then(|| format!("An epoch is {}.", count(steps, "step")))
    }
}

/// The steps of an epoch.
fn epoch(images: usize, batch: usize) -> usize {
    images.div_ceil(batch.max(1))
}
