//! Messages: what serde and the checks refuse, in the words of the file format, with the place in the text.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

use super::{encoding, place, words};
use crate::error::{Invalid, Malformed, Position};
use crate::spelling::did_you_mean;

/// What serde says → what a reader of the format understands.
const WORDS: [(&str, &str); 5] = [
    ("usize", "a whole number, 0 or more"),
    ("f64", "a number"),
    ("a sequence", "a list"),
    ("sequence", "a list"),
    ("map", "an object"),
];

const UTF_16: &str = "UTF-16: save the file as UTF-8";

/// A path of more characters is cut.
const LONGEST_PATH: usize = 60;

/// The complaint about a text that serde refused at `path`.
pub(super) fn of_json(file: &str, text: &[u8], path: &str, error: &serde_json::Error) -> Malformed {
    match std::str::from_utf8(text) {
        Ok(text) if encoding::is_utf16(text.as_bytes()) => not_text(file, text.as_bytes(), 0),
        Ok(text) => {
            let (range, invalid) = judged(text, path, path, error);
            placed(file, text, range, invalid)
        }
        Err(error) => not_text(file, text, error.valid_up_to()),
    }
}

/// What is wrong with a text that serde refused, and where in it: at `within` of this text, which is `path` of the file.
pub(super) fn judged(
    text: &str,
    within: &str,
    path: &str,
    error: &serde_json::Error,
) -> (Range<usize>, Invalid) {
    let offset = place::offset(text.as_bytes(), error.line(), error.column());
    // "." is the whole, "?" a place inside that has no name yet.
    let path = path.trim_end_matches(['.', '?']);
    if error.is_data() {
        let range = if is_of_key(error) {
            key_before(text, offset)
        } else {
            place::find(text, within)
        };
        return (range, of_data(path, error));
    }
    let token = place::token(text, offset);
    (token.clone(), of_syntax(path, text, &text[token], error))
}

/// Whether a key that is not known, or known already, is itself what is wrong.
pub(super) fn is_of_key(error: &serde_json::Error) -> bool {
    let said = error.to_string();
    said.starts_with("unknown field") || said.starts_with("duplicate field")
}

pub(super) fn placed(file: &str, text: &str, range: Range<usize>, invalid: Invalid) -> Malformed {
    Malformed {
        file: file.to_owned(),
        position: Some(place::position(text, range.start)),
        invalid,
        excerpt: place::excerpt(text, range),
    }
}

/// A complaint about the value at its path in a text, with its place there.
pub(crate) fn misplaced(file: &str, text: &[u8], invalid: Invalid) -> Malformed {
    match std::str::from_utf8(text) {
        Ok(text) => placed(file, text, place::find(text, &invalid.path), invalid),
        Err(error) => not_text(file, text, error.valid_up_to()),
    }
}

fn not_text(file: &str, text: &[u8], at: usize) -> Malformed {
    let line = text[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let (message, help) = if encoding::is_utf16(text) {
        ("expected JSON in UTF-8, found UTF-16".to_owned(), UTF_16)
    } else {
        let byte = text[at];
        (
            format!("expected JSON in UTF-8, found the byte 0x{byte:02x} at offset {at}"),
            "text is to be saved as UTF-8; what is packed is to be unpacked, unless gzip packed it; samples and pictures go to --inputs",
        )
    };
    let column = at
        - text[..at]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1)
        + 1;
    Malformed {
        file: file.to_owned(),
        position: Some(Position { line, column }),
        invalid: Invalid {
            path: String::new(),
            message,
            help: Some(help.to_owned()),
        },
        excerpt: None,
    }
}

/// Well-formed JSON that is not what the format asks for.
pub(crate) fn of_data(path: &str, error: &serde_json::Error) -> Invalid {
    let said = without_place(error);
    let message = said.as_str();
    let mut invalid = Invalid {
        path: path.to_owned(),
        message: message.to_owned(),
        help: None,
    };
    // serde quotes the word it found first and then those it knows.
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let Some((&found, known)) = quoted.split_first() {
        if message.starts_with("unknown field") {
            invalid.message = format!("unknown key `{found}`");
            invalid.help = Some(did_you_mean(found, known.iter().copied()));
        } else if message.starts_with("unknown variant") {
            let key = path.rsplit('.').next().unwrap_or("value");
            invalid.message = format!("unknown {} `{found}`", key.replace('_', " "));
            invalid.help = Some(words::advice(key, found).map_or_else(
                || did_you_mean(found, known.iter().copied()),
                |advice| format!("{found}: {advice}"),
            ));
        } else if message.starts_with("duplicate field") {
            invalid.message = format!("the key `{found}` is here twice");
        }
    }
    if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .or(message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        let (expected, found) = (in_words(expected), in_words(found));
        invalid.help = remedy(path, &expected, &found);
        invalid.message = format!("expected {expected}, found {found}");
    }
    invalid
}

/// What to write instead of a value of another kind, where that is plain.
fn remedy(path: &str, expected: &str, found: &str) -> Option<String> {
    const NEEDED: [&str; 5] = ["input", "layers", "shape", "type", "weights"];
    let key = path.rsplit('.').next().unwrap_or(path);
    let number = found.parse::<f64>().is_ok();
    let in_quotes = (found.strip_prefix("string \"")).and_then(|text| text.strip_suffix('"'));
    match key {
        "" => None,
        _ if found == "null" && !key.ends_with(']') && !NEEDED.contains(&key) => {
            Some(format!("leave `{key}` out"))
        }
        _ if expected.contains("number")
            && in_quotes.is_some_and(|text| serde_json::from_str::<f64>(text).is_ok()) =>
        {
            in_quotes.map(|text| format!("a number has no quotes: {text}"))
        }
        "shape" if number => Some(format!("write [{found}]")),
        _ if number && expected == "a string" => {
            Some(format!("a name goes in quotes: \"{found}\""))
        }
        _ => None,
    }
}

/// What is wrong, without the place that serde_json says with it.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let mut said = error.to_string();
    said.truncate(said.rfind(" at line ").unwrap_or(said.len()));
    said
}

/// Text that is not JSON.
fn of_syntax(path: &str, text: &str, token: &str, error: &serde_json::Error) -> Invalid {
    let said = without_place(error);
    let message = said.as_str();
    let bare = token.trim_start_matches(['-', '+']);
    let (message, help) = if text.trim_ascii().is_empty() {
        (
            "expected a JSON object, found an empty file".to_owned(),
            None,
        )
    } else if message == "expected value" && is_value(token) {
        // So serde says that it asked for one of some words.
        (format!("expected a string, found {token}"), None)
    } else if message == "number out of range" {
        (
            format!("expected a number within ±1.797e308, found {token}"),
            None,
        )
    } else if ["NaN", "nan", "Infinity", "Inf", "inf"].contains(&bare) {
        (
            format!("expected a finite number, found {token}"),
            Some(
                "JSON has no NaN and no infinity: correct the value where it was computed"
                    .to_owned(),
            ),
        )
    } else if message == "recursion limit exceeded" {
        (
            "expected numbers or objects, found lists nested deeper than 127".to_owned(),
            None,
        )
    } else if error.is_eof() {
        (
            "expected more, found the end of the file".to_owned(),
            Some("the file is cut short".to_owned()),
        )
    } else {
        (
            format!(
                "not JSON: {message}, found {}",
                if token.trim().is_empty() {
                    "white space".into()
                } else {
                    Cow::Owned(format!("`{token}`"))
                }
            ),
            None,
        )
    };
    // A nest too deep would be a path too long to read.
    let path = match path.char_indices().nth(LONGEST_PATH) {
        Some((end, _)) => format!("{}…", &path[..end]),
        None => path.to_owned(),
    };
    Invalid {
        path,
        message,
        help,
    }
}

/// Whether a token is a JSON value or begins one.
fn is_value(token: &str) -> bool {
    matches!(token, "[" | "{") || serde_json::from_str::<IgnoredAny>(token).is_ok()
}

/// The string that ends just before an offset: a key that serde has read and refused.
pub(super) fn key_before(text: &str, offset: usize) -> Range<usize> {
    let end = text[..text.floor_char_boundary(offset + 1)]
        .rfind('"')
        .map_or(offset, |at| at + 1);
    let start = text[..end.saturating_sub(1)].rfind('"').unwrap_or(end);
    start..end
}

fn in_words(said: &str) -> String {
    if said.starts_with("struct ") {
        return "an object".to_owned();
    }
    let known = WORDS.iter().find(|(rust, _)| *rust == said);
    // serde names the kind of a plain value before it: integer `2`.
    known.map_or_else(
        || {
            ["integer", "floating point", "boolean"]
                .iter()
                .find_map(|kind| said.strip_prefix(kind))
                .map_or_else(
                    || said.to_owned(),
                    |value| value.trim_matches([' ', '`']).to_owned(),
                )
        },
        |(_, words)| (*words).to_owned(),
    )
}
