//! The network of a command, and what to say where something else stands in its place.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::network::{Example, Loaded, ModelOptions, OnnxModel};
use deeptaylor::result::stem;
use deeptaylor::{Error, Network};

use super::{Failure, failure, output};

// What is to be taken of an ONNX model that leaves a choice.
#[derive(Args, Clone, PartialEq, Default)]
pub struct ModelArgs {
    /// The input of an ONNX model that has several
    #[arg(long, value_name = "NAME", help_heading = "ONNX model")]
    model_input: Option<String>,

    /// The output of an ONNX model that has several, or any value inside of it: the layers before it are the network
    #[arg(long, value_name = "NAME", help_heading = "ONNX model")]
    model_output: Option<String>,

    /// The shape of one sample, without the batch, where an ONNX model leaves it open: 3x224x224
    #[arg(long, value_name = "NxN…", value_parser = shape, help_heading = "ONNX model")]
    input_shape: Option<Sides>,
}

/// The sides of a sample.
#[derive(Clone, PartialEq)]
struct Sides(Vec<usize>);

/// Reads `--input-shape`: sides from 1, with `x` between them.
fn shape(text: &str) -> Result<Sides, String> {
    let sides = text.split(['x', 'X', '×']);
    let sides = sides.map(|side| side.trim().parse().ok().filter(|side| *side > 0));
    let sides: Option<Vec<usize>> = sides.collect();
    let expected = "expected numbers from 1 with x between them, for instance 3x224x224";
    sides.map(Sides).ok_or_else(|| expected.to_owned())
}

impl ModelArgs {
    /// Reads a network to be looked at; refuses files to write that its weights stand in.
    pub fn load<'f>(
        &self,
        file: &Path,
        written: impl IntoIterator<Item = &'f Path>,
    ) -> Result<Loaded, Failure> {
        let options = ModelOptions {
            input: self.model_input.clone(),
            output: self.model_output.clone(),
            input_shape: self.input_shape.clone().map(|Sides(sides)| sides),
        };
        let loaded = Network::load(file, &options).map_err(|error| advised(file, error))?;
        for output in written {
            output::apart(output, loaded.weights.iter().map(PathBuf::as_path))?;
        }
        Ok(loaded)
    }

    /// The same to be explained; says what of the model is not.
    pub fn explained<'f>(
        &self,
        file: &Path,
        written: impl IntoIterator<Item = &'f Path>,
    ) -> Result<Loaded, Failure> {
        let loaded = self.load(file, written)?;
        for note in loaded.model.iter().flat_map(OnnxModel::notes) {
            failure::note(&format!("{}: {note}", file.display()));
        }
        Ok(loaded)
    }
}

/// Calls a network by its file in a headline, where it has no name.
pub fn title(name: &mut String, file: Option<&Path>) {
    if let (true, Some(stem)) = (name.is_empty(), file.and_then(stem)) {
        stem.clone_into(name);
    }
}

/// The same error with what is most likely meant.
fn advised(file: &Path, error: Error) -> Failure {
    match error {
        Error::Unreadable { .. } if !file.exists() => {
            let example = file.to_str().and_then(example_named);
            match example {
                Some(example) => {
                    Failure::Usage(format!("{error}\n  help: did you mean {example}?"))
                }
                None => error.into(),
            }
        }
        Error::Malformed(mut malformed) if is_table(file) => {
            let help = "a table of samples goes to --inputs; NETWORK is a network file";
            malformed.invalid.help.get_or_insert(help.to_owned());
            Error::Malformed(malformed).into()
        }
        error => error.into(),
    }
}

/// Whether a word stands for a network that is built in.
pub fn is_example(word: &str) -> bool {
    matches!(Example::of_path(Path::new(word)), Some(Ok(_)))
}

/// The network that is built in under this name, as it is asked for.
pub fn example_named(name: &str) -> Option<String> {
    let word = format!("example:{name}");
    is_example(&word).then_some(word)
}

/// Whether a file is one of samples by its name.
pub fn is_table(file: &Path) -> bool {
    let name = file.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".csv", ".tsv", ".jsonl"]
        .iter()
        .any(|end| name.ends_with(end))
}
