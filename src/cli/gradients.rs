//! The options of gradient methods, and the explainers that they make.

use std::path::Path;

use clap::Args;
use deeptaylor::relevance::{Gradient, GradientExplainer, Method};
use deeptaylor::samples::{ReadOptions, Record};
use deeptaylor::{Network, Samples};

use super::number::whole;
use super::records::print_note;
use super::{Failure, failure};

// From where integrated gradients go, and the noise of smoothgrad.
#[derive(Args, Clone, PartialEq, Default)]
pub struct GradientArgs {
    /// The baseline of integrated-gradients: low (the lower bounds of the inputs), a number for all inputs or one for each, or a
    /// file whose first sample it is [default: 0]
    #[arg(
        long,
        value_name = "X",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    baseline: Option<String>,

    /// The seed of the noise of smoothgrad (ChaCha8); the noise of a sample follows from the seed and the sample's number
    /// [default: 0]
    #[arg(long, value_name = "N", value_parser = whole(0, u64::MAX), allow_negative_numbers = true, help_heading = "Rule")]
    seed: Option<u64>,
}

impl GradientArgs {
    /// Refuses options that none of the methods has.
    pub fn check(&self, methods: &[Method]) -> Result<(), Failure> {
        let has = |has: fn(Gradient) -> bool| {
            let mut methods = methods.iter();
            methods.any(|method| matches!(method, Method::Gradient(gradient) if has(*gradient)))
        };
        let without = |option: &str, method: &str| {
            let asked: Vec<String> = methods.iter().map(ToString::to_string).collect();
            Err(Failure::Usage(format!(
                "{option} is for {method}, found --rule {}\n  help: add {method} to --rule",
                asked.join(",")
            )))
        };
        if self.baseline.is_some() && !has(Gradient::has_baseline) {
            return without("--baseline", "integrated-gradients");
        }
        if self.seed.is_some() && !has(Gradient::has_noise) {
            return without("--seed", "smoothgrad");
        }
        Ok(())
    }

    /// The file that the baseline is read from.
    pub fn file(&self) -> Option<&Path> {
        let baseline = self.baseline.as_deref().map(Path::new);
        baseline.filter(|file| file.is_file())
    }

    /// A gradient method as it is asked for.
    pub fn explainer<'n>(
        &self,
        method: Gradient,
        network: &'n Network,
    ) -> Result<GradientExplainer<'n>, Failure> {
        let explainer = GradientExplainer::new(network, method)?;
        let explainer = explainer.with_seed(self.seed.unwrap_or_default());
        match &self.baseline {
            Some(text) if method.has_baseline() => {
                Ok(explainer.with_baseline(baseline(text, network)?)?)
            }
            _ => Ok(explainer),
        }
    }
}

/// Reads `--baseline`.
fn baseline(text: &str, network: &Network) -> Result<Vec<f64>, Failure> {
    let refused = |why: String| Failure::Usage(format!("--baseline {text}: {why}"));
    if text == "low" {
        return lower_bounds(network).ok_or_else(|| {
            refused("the inputs have no bounds\n  help: give them by --bounds low,high".to_owned())
        });
    }
    let inputs = network.input_units();
    let file = Path::new(text);
    if file.is_file() {
        return first_sample(file, network);
    }
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(vec![number; inputs]),
        _ => match Record::typed(text, network) {
            Ok(record) => Ok(record.values),
            Err(invalid) => Err(refused(format!(
                "{invalid}\n  help: it is low, a number for all {inputs} inputs or one for each, or a file of a sample"
            ))),
        },
    }
}

/// The lower ends of the bounds of the inputs, where they have any.
fn lower_bounds(network: &Network) -> Option<Vec<f64>> {
    let bounds = network.input().bounds.as_ref()?;
    let inputs = 0..network.input_units();
    Some(inputs.map(|i| bounds.at(i)[0]).collect())
}

/// The first sample of a file.
fn first_sample(file: &Path, network: &Network) -> Result<Vec<f64>, Failure> {
    let mut samples = Samples::open(file, network, ReadOptions::default())?;
    let first = samples.next().transpose()?;
    for note in samples.notes() {
        print_note(samples.name(), &note);
    }
    let Some(first) = first else {
        return Err(Failure::Usage(format!(
            "--baseline {}: expected a sample, found none",
            file.display()
        )));
    };
    if samples.next().transpose()?.is_some() {
        failure::note(&format!(
            "--baseline {}: its first sample is the baseline; there are more",
            file.display()
        ));
    }
    Ok(first.values)
}
