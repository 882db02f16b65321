//! The course of a training, from one listed step to the next.

use deeptaylor::data::Data;
use deeptaylor::evolution::Study;
use deeptaylor::relevance::Policy;
use deeptaylor::result::{Reached, Setting};
use deeptaylor::train::{Trainer, score};
use deeptaylor::{Error, Network};

use super::Failure;
use super::folder::{self, Folder};
use super::interrupt::interrupted;
use super::progress::Progress;

/// What is trained on, and what is looked at on the way.
pub struct Course<'c> {
    pub setting: &'c Setting,
    pub data: &'c Data,
    /// The held-out images that are shown.
    pub shown: &'c [usize],
    pub rules: &'c [Policy],
    pub study: &'c Study,
}

impl Course<'_> {
    /// Trains as far as Ctrl-C lets it, and measures and writes each of the `steps`.
    pub fn run(
        &self,
        trainer: &mut Trainer,
        steps: &[usize],
        folder: &mut Option<Folder>,
    ) -> Result<Vec<Reached>, Failure> {
        let mut reached = Vec::new();
        let progress = Progress::new(steps.last().copied().unwrap_or(0), "steps");
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
                folder.write(&folder::network(step), text.as_bytes())?;
            }
            reached.push((step, score, stages));
        }
        progress.end();
        Ok(reached)
    }

    /// The text of a network file that says how it came about, with the digits shown as samples.
    fn described(&self, network: Network, step: usize, accuracy: f64) -> Result<String, Failure> {
        let setting = self.setting;
        let network = network
            .with_samples(self.data.test.samples(self.shown))
            .map_err(Error::from)?
            .named(format!("step-{step:05}"))
            .described(format!(
                "{}: trained on {}; {}; accuracy {:.1} % on held-out {}s after step {step}",
                setting.layers,
                setting.data,
                setting.in_words(),
                100.0 * accuracy,
                setting.subject.sample()
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
        progress.tell(|| format!(", loss {loss:.3}"));
    }
    Ok(!interrupted())
}
