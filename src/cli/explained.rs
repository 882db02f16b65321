//! Which output of each sample is explained.

use deeptaylor::samples::Record;
use deeptaylor::{Error, Network, Target};

use super::{Failure, failure};

/// The same for every sample, or the class that each brings along.
#[derive(Clone, Copy)]
pub enum Explained {
    /// This one.
    Same(Target),
    /// The class of the sample.
    Label,
}

impl Explained {
    /// Reads `--target`; `label` is the class, and an output of that name is told.
    pub fn parse(text: &str, network: &Network) -> Result<Self, Error> {
        if text != "label" {
            return target(text, network).map(Self::Same);
        }
        let mut names = network.output_names().iter();
        if let Some(called) = names.position(|name| name == text) {
            tell_other(text, called);
        }
        tell_of_names(network);
        Ok(Self::Label)
    }

    /// What is explained of a sample.
    pub fn of(self, record: &Record, network: &Network) -> Result<Target, Failure> {
        match self {
            Self::Same(target) => Ok(target),
            Self::Label => {
                let label = record.label.as_ref().map(ToString::to_string);
                Target::of_label(label.as_deref(), network)
                    .map_err(|error| Failure::Usage(format!("sample {}: {error}", record.number)))
            }
        }
    }
}

/// Reads `--target`; says which output is taken where the word could mean another one, too.
pub fn target(text: &str, network: &Network) -> Result<Target, Error> {
    let target = Target::parse(text, network)?;
    let mut names = network.output_names().iter();
    let called = names.position(|name| name == text);
    let index = text.parse::<usize>().ok();
    let other = index.filter(|&index| index < network.output_units());
    match (target, called, other) {
        (Target::Output(taken), _, Some(other)) if taken != other => failure::note(&format!(
            "output {taken} is named {text} and is explained; there is also an output with index {other}"
        )),
        (Target::Max | Target::All, Some(called), _) => tell_other(text, called),
        _ => {}
    }
    Ok(target)
}

/// That classes are names of outputs, where one of them is the index of another output.
fn tell_of_names(network: &Network) {
    let names = network.output_names().iter().enumerate();
    let is_other = |(output, name): &(usize, &String)| {
        let index = name.parse::<usize>().ok();
        index.is_some_and(|index| index < network.output_units() && index != *output)
    };
    if let Some((output, name)) = names.clone().find(is_other) {
        failure::note(&format!(
            "classes are taken for names of outputs, not for indices: class {name} is the output with index {output}"
        ));
    }
}

/// That a word is not the output of that name.
fn tell_other(text: &str, called: usize) {
    failure::note(&format!(
        "--target {text} is not the output with this name; --target {called} explains that one"
    ));
}
