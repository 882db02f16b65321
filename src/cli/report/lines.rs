//! Lines of `explain --format jsonl`, which do not describe their network: the options of report do.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::printable::printable;
use deeptaylor::relevance::{Policy, Preset};
use deeptaylor::result::{AnyResult, Explanation, Explanations, NetworkInfo, Sample, read_lines};
use deeptaylor::{Explainer, Plan, Target};
use ndarray::ArrayView2;

use crate::cli::Failure;
use crate::cli::network::{ModelArgs, title};

/// A recomputed relevance may differ from that of a line by this part of Σ|R|: other batches and other processors round alike, but
/// files may have been written by another version.
const ALIKE: f64 = 1e-9;

// The network of the lines.
#[derive(Args)]
pub struct LineArgs {
    /// The network that lines of explain --format jsonl are of, for they do not describe it; they are explained again, to
    /// see that it is the one
    #[arg(long = "network", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

impl LineArgs {
    /// Refuses a network that nothing needs.
    pub fn check_use(&self, any_lines: bool) -> Result<(), Failure> {
        if any_lines || self.file.is_none() {
            return Ok(());
        }
        Err(Failure::Usage(
            "--network is for lines of explain --format jsonl, and there is none: whole results describe their network".to_owned(),
        ))
    }
}

/// The result that lines are of, under the network at `path`; refuses files to write that its weights stand in.
pub fn read<'f>(
    file: &str,
    text: &[u8],
    path: &Path,
    written: impl IntoIterator<Item = &'f Path>,
) -> Result<AnyResult, Failure> {
    let network = ModelArgs::default().explained(path, written)?.network;
    let mut explanations = Vec::new();
    for lines in read_lines(file, text)? {
        let plan = Policy::from(preset(&lines.rule)?)
            .resolve(&network)
            .map_err(|invalid| Failure::Usage(invalid.to_string()))?
            .plan;
        let mut info = NetworkInfo::new(&network, &plan);
        title(&mut info.name, Some(path));
        let explanation = lines.of_network(file, info)?;
        check(file, &explanation, &plan)?;
        explanations.push(explanation);
    }
    Ok(match <[Explanation; 1]>::try_from(explanations) {
        Ok([one]) => AnyResult::Explanation(one),
        Err(several) => AnyResult::Several(Explanations::beside(several)),
    })
}

/// The rule of a line by its name.
fn preset(rule: &str) -> Result<Preset, Failure> {
    rule.parse().map_err(|_| {
        Failure::Usage(format!(
            "the lines are of {}, which is no rule by itself\n  \
             help: report takes plans and gradient methods from explain --format json, which says what they are",
            printable(rule)
        ))
    })
}

/// Refuses a network or a rule that the lines are not of: explains all of them again.
fn check(file: &str, explanation: &Explanation, plan: &Plan) -> Result<(), Failure> {
    let mut explainer = Explainer::new(plan);
    for (n, sample) in explanation.samples.iter().enumerate() {
        let input = &sample.layers[0];
        let values = ArrayView2::from_shape((1, input.activations.len()), &input.activations);
        let values = values.map_err(|error| Failure::Usage(error.to_string()))?;
        let again = explainer.explain(values, &target(sample))?;
        let relevance = again.relevance(0);
        let pairs = input.relevance.iter().zip(relevance.row(0));
        let apart = pairs.map(|(line, again)| (line - again).abs());
        let apart = apart.fold(0.0, f64::max);
        let size: f64 = input.relevance.iter().map(|r| r.abs()).sum();
        if apart > ALIKE * size.max(sample.target.value.abs()) {
            return Err(Failure::Usage(format!(
                "{file}: sample {} is of another network, or was explained with other options: its line has f(x) = {}, \
                 and explained again f(x) is {} and an R of the input differs by {apart}\n  \
                 help: report takes layer rules, --rule-bias and --bounds from explain --format json, which says them",
                sample.sample.unwrap_or(n),
                sample.target.value,
                again.chosen()[0].value
            )));
        }
    }
    Ok(())
}

/// Which output a line explains.
fn target(sample: &Sample) -> Target {
    match (sample.target.index, &sample.target.minus) {
        (None, _) => Target::All,
        (Some(output), None) => Target::Output(output),
        (Some(output), Some(minus)) => Target::Contrast {
            output,
            minus: minus.index,
        },
    }
}
