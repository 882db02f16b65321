//! What clap says of numbers that cannot be read, in plain words.

use std::error::Error as _;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;

/// The same error, its reason told as the other parsers of this program tell theirs.
pub fn in_plain_words(error: clap::Error) -> clap::Error {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let reason = error.source().map(ToString::to_string);
    let expected = reason.as_deref().and_then(expected);
    match (
        error.kind(),
        context(ContextKind::InvalidArg),
        context(ContextKind::InvalidValue),
        expected,
    ) {
        (ErrorKind::ValueValidation, Some(argument), Some(value), Some(expected)) => {
            let message = format!(
                "invalid value '{value}' for '{argument}': {expected}\n\nFor more information, try '--help'.\n"
            );
            clap::Error::raw(error.kind(), message).with_cmd(&Cli::command())
        }
        _ => error,
    }
}

/// What was expected, where a reason only says what the reader of numbers stumbled over.
fn expected(reason: &str) -> Option<String> {
    const READERS: [&str; 4] = [
        "invalid digit found in string",
        "cannot parse integer from empty string",
        "number too large to fit in target type",
        "number too small to fit in target type",
    ];
    if READERS.contains(&reason) {
        return Some("expected a whole number".to_owned());
    }
    let (_, range) = reason.split_once(" is not in ")?;
    Some(match range.split_once("..=") {
        Some(("", most)) => format!("expected a whole number up to {most}"),
        Some((least, most)) => format!("expected a whole number from {least} to {most}"),
        None => format!(
            "expected a whole number from {}",
            range.trim_end_matches('.')
        ),
    })
}
