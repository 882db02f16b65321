//! Which outputs of each sample are explained.

use deeptaylor::samples::Record;
use deeptaylor::{Error, Network, Target};
use ndarray::Array2;

use super::{Failure, failure};

/// What is explained of every sample: one target or several, in this order.
pub struct Targets(Vec<Explained>);

/// The same for every sample, or the class that each brings along.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Explained {
    /// This one.
    Same(Target),
    /// The class of the sample.
    Label,
}

impl Targets {
    /// Reads `--target`, a target or a list of them; `label` is the class, and an output of that name is told.
    pub fn parse(text: &str, network: &Network) -> Result<Self, Error> {
        let mut targets = Vec::new();
        for text in Target::split(text, network)? {
            tell_list(text, network);
            let target = Explained::parse(text, network)?;
            if targets.contains(&target) {
                return Err(Error::Target(format!(
                    "target `{text}`: expected each target once, found it twice in the list"
                )));
            }
            targets.push(target);
        }
        Ok(Self(targets))
    }

    /// How many there are for each sample.
    pub fn number(&self) -> usize {
        self.0.len()
    }

    /// What an explanation is called where they are counted: of a sample there may be several.
    pub fn noun(&self) -> &'static str {
        if self.number() == 1 {
            "sample"
        } else {
            "explanation"
        }
    }

    /// What is explained of each sample: samples × targets.
    pub fn of_all(&self, records: &[Record], network: &Network) -> Result<Array2<Target>, Failure> {
        let mut targets = Array2::default((records.len(), self.number()));
        for ((n, t), target) in targets.indexed_iter_mut() {
            *target = self.0[t].of(&records[n], network)?;
        }
        Ok(targets)
    }

    /// The only one, of a sample of a command that explains one.
    pub fn one(&self, record: &Record, network: &Network) -> Result<Target, Failure> {
        match self.0[..] {
            [target] => target.of(record, network),
            _ => Err(several(self.number()).into()),
        }
    }
}

impl Explained {
    fn parse(text: &str, network: &Network) -> Result<Self, Error> {
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

    fn of(self, record: &Record, network: &Network) -> Result<Target, Failure> {
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

/// Reads `--target` of a command that explains one.
pub fn one_target(text: &str, network: &Network) -> Result<Target, Error> {
    match Target::split(text, network)?[..] {
        [text] => {
            tell_list(text, network);
            target(text, network)
        }
        ref targets => Err(several(targets.len())),
    }
}

fn several(targets: usize) -> Error {
    Error::Target(format!(
        "--target: expected one target, found {targets}\n  help: deeptaylor explain takes several"
    ))
}

/// Reads one target; says which output is taken where the word could mean another one, too.
fn target(text: &str, network: &Network) -> Result<Target, Error> {
    let target = Target::parse(text, network)?;
    let mut names = network.output_names().iter();
    let called = names.position(|name| name == text);
    let index = text.parse::<usize>().ok();
    let other = index.filter(|&index| index < network.output_units());
    match (target, called, other) {
        (Target::Output(taken), _, Some(other)) if taken != other => failure::note(&format!(
            "output {taken} is named {text} and is explained; there is also an output with index {other}"
        )),
        (Target::Output(taken), Some(_), None) => {
            if let Ok(Some(contrast)) = Target::contrast(text, network) {
                failure::note(&format!(
                    "output {taken} is named {text} and is explained; --target {contrast} explains the contrast"
                ));
            }
        }
        (Target::Max | Target::All, Some(called), _) => tell_other(text, called),
        _ => {}
    }
    Ok(target)
}

/// That a name with commas is one output, where it could be a list, too.
fn tell_list(text: &str, network: &Network) {
    let is_target = |text: &str| text == "label" || Target::parse(text, network).is_ok();
    if text.contains(',') && text.split(',').map(str::trim).all(is_target) {
        failure::note(&format!(
            "one output is named {text} and is explained; a list of others takes their indices"
        ));
    }
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
