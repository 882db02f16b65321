//! From a JSON path to a line and a column, and back to the piece of text that is meant.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::value::RawValue;

use crate::error::{Excerpt, Position};

/// A line of more bytes than this is not shown.
const LONGEST_LINE: usize = 1 << 16;

/// The bytes of the value at `path` (`layers[2].weights[7]`), or of the nearest value around it that is there.
pub(super) fn find(text: &str, path: &str) -> Range<usize> {
    let mut value = text.trim_ascii();
    for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
        let child = match step.strip_suffix(']') {
            Some(index) => element(value, index),
            None => serde_json::from_str::<HashMap<String, &RawValue>>(value)
                .ok()
                .and_then(|object| object.get(step).map(|raw| raw.get())),
        };
        match child {
            Some(child) => value = child,
            None => break,
        }
    }
    let start = value.as_ptr().addr() - text.as_ptr().addr();
    start..start + value.len()
}

fn element<'t>(list: &'t str, index: &str) -> Option<&'t str> {
    let list: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    Some(list.get(index.parse::<usize>().ok()?)?.get())
}

/// The offset of a line and column as serde_json counts them: from 1, columns in bytes.
pub(super) fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(breaks) => text
            .iter()
            .enumerate()
            .filter(|&(_, &byte)| byte == b'\n')
            .nth(breaks)
            .map_or(text.len(), |(at, _)| at + 1),
    };
    (start + column.saturating_sub(1)).min(text.len())
}

/// Line and column of an offset, from 1, columns in characters.
pub(super) fn position(text: &str, offset: usize) -> Position {
    Position::START.behind(&text.as_bytes()[..text.floor_char_boundary(offset)])
}

/// The token that begins at, or goes through, an offset.
pub(super) fn token(text: &str, offset: usize) -> Range<usize> {
    let is_word = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_') || byte >= 0x80
    };
    let bytes = text.as_bytes();
    let word_at = |at: usize| bytes.get(at).copied().is_some_and(is_word);
    let mut start = offset.min(bytes.len());
    if !word_at(start) && start > 0 && word_at(start - 1) {
        start -= 1;
    }
    let mut end = start + 1;
    while word_at(start) && start > 0 && word_at(start - 1) {
        start -= 1;
    }
    while word_at(end - 1) && word_at(end) {
        end += 1;
    }
    floor(text, start)..floor(text, end.min(bytes.len()))
}

/// The line around a range, with the range marked in it; none where the line is too long to be looked at.
pub(super) fn excerpt(text: &str, range: Range<usize>) -> Option<Excerpt> {
    let place = floor(text, range.start);
    let start = text[..place].rfind('\n').map_or(0, |at| at + 1);
    let stop = text[place..].find('\n').map_or(text.len(), |at| place + at);
    let marked = place - start..range.end.clamp(place, stop) - start;
    (stop - start <= LONGEST_LINE).then(|| Excerpt {
        text: text[start..stop].to_owned(),
        marked,
    })
}

/// The nearest boundary between characters at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_LINE, Position, excerpt, find, position, token};

    #[test]
    fn a_path_leads_to_its_value_and_a_missing_one_to_what_is_around_it() {
        let text = " {\"a\": [1, {\"b\": [2, 33]}],\n \"c\": \"d\"}";
        for (path, expected) in [
            ("a[1].b[1]", "33"),
            ("a[1].b", "[2, 33]"),
            ("a[0]", "1"),
            ("c", "\"d\""),
            ("a[7]", "[1, {\"b\": [2, 33]}]"),
            ("e", text.trim()),
            ("", text.trim()),
        ] {
            assert_eq!(&text[find(text, path)], expected, "at {path}");
        }
        let expected = Position { line: 2, column: 7 };
        assert_eq!(position(text, find(text, "c").start), expected);
    }

    #[test]
    fn a_line_is_shown_wherever_it_stands_and_none_that_is_too_long() {
        let far = "\n".repeat(LONGEST_LINE) + "ab c\nd";
        let found = excerpt(&far, LONGEST_LINE + 1..LONGEST_LINE + 99).expect("a line");
        assert_eq!((found.text.as_str(), found.marked), ("ab c", 1..4));
        let line = "a".repeat(LONGEST_LINE);
        assert!(excerpt(&line, 0..1).is_some());
        assert!(excerpt(&(line + "a"), 0..1).is_none());
    }

    #[test]
    fn a_token_is_found_from_any_place_in_it() {
        let text = "[1, NaN, -1e999]";
        for (offset, expected) in [
            (4, "NaN"),
            (5, "NaN"),
            (6, "NaN"),
            (7, "NaN"),
            (9, "-1e999"),
            (15, "-1e999"),
            (0, "["),
            (16, ""),
            (99, ""),
        ] {
            assert_eq!(&text[token(text, offset)], expected, "at {offset}");
        }
        assert_eq!(token("", 0), 0..0);
        assert_eq!(token("1", 1), 0..1);
    }
}
