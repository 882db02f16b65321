//! The network of a command, and what to say where something else stands in its place.

use std::path::Path;

use deeptaylor::network::Example;
use deeptaylor::result::stem;
use deeptaylor::{Error, Network};

use super::Failure;

/// Reads a network.
pub fn read(file: &Path) -> Result<Network, Failure> {
    read_with_text(file).map(|(network, _)| network)
}

/// Reads a network, and the text it was read from.
pub fn read_with_text(file: &Path) -> Result<(Network, Vec<u8>), Failure> {
    Network::read_with_text(file).map_err(|error| advised(file, error))
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
