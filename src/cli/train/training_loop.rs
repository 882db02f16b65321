//! Trains from one listed step to the next, and measures each.

use deeptaylor::data::Data;
use deeptaylor::evolution::{StudiedStep, Study};
use deeptaylor::relevance::Policy;
use deeptaylor::result::Setting;
use deeptaylor::train::{Trainer, score};
use deeptaylor::words::plural;
use deeptaylor::{Error, Network};

use super::folder::{self, Folder};
use crate::cli::Failure;
use crate::cli::interrupt::interrupted;
use crate::cli::progress::Progress;

/// What is trained on, and what is looked at on the way.
pub struct TrainingLoop<'t> {
    pub setting: &'t Setting,
    pub data: &'t Data,
    pub rules: &'t [Policy],
    pub study: &'t Study,
}

impl TrainingLoop<'_> {
    /// Trains as far as Ctrl-C lets it, and measures and writes each of the `steps`; the failure is of one that could not be
    /// written, where there is no room for example.
    pub fn run(
        &self,
        trainer: &mut Trainer,
        steps: &[usize],
        folder: &mut Option<Folder>,
    ) -> Result<(Vec<StudiedStep>, Option<Failure>), Failure> {
        let mut reached = Vec::new();
        let progress = Progress::new(steps.last().copied(), "step");
        for &step in steps {
            if !advance(trainer, step, &progress)? {
                break;
            }
            let network = trainer.snapshot()?;
            let score = score(&network, &self.data.test)?;
            let stages = self
                .rules
                .iter()
                .map(|policy| self.study.stage(&network, policy));
            let stages = stages.collect::<Result<Vec<_>, _>>()?;
            if let Some(folder) = folder {
                let text = self.described(network, step, score.accuracy)?;
                let written = folder.write(&folder::network(step), text.as_bytes());
                if let Err(failure) = written {
                    return Ok((reached, Some(failure)));
                }
            }
            reached.push(StudiedStep {
                step,
                score,
                stages,
            });
        }
        Ok((reached, None))
    }

    /// The text of a network file that says how it came about, with the digits shown as samples.
    fn described(&self, network: Network, step: usize, accuracy: f64) -> Result<String, Failure> {
        let setting = self.setting;
        let network = network
            .with_samples(self.study.shown_samples())
            .map_err(Error::from)?
            .named(format!("step-{step:05}"))
            .described(format!(
                "{}: trained on {}; {}; accuracy {:.1} % on held-out {} after step {step}",
                setting.layers,
                setting.data,
                setting.in_words(),
                100.0 * accuracy,
                plural(setting.subject.sample())
            ));
        Ok(network.to_json())
    }
}

/// Trains up to a step; false where Ctrl-C came before it.
fn advance(trainer: &mut Trainer, step: usize, progress: &Progress) -> Result<bool, Failure> {
    while trainer.steps() < step {
        if interrupted() {
            return Ok(false);
        }
        let loss = trainer.step()?;
        progress.step();
        progress.show(|| format!(", loss {loss:.3}"));
    }
    Ok(!interrupted())
}
