//! JSON values cut out of a text one by one, so that the text need not be in memory as a whole.

use std::io::{self, BufRead};

use super::options::Wanted;
use super::source::{SourceName, TextPieces};
use crate::error::{Error, Invalid, Position};
use crate::network::Numbers;

/// A piece of a text that is one JSON value, and where it stands.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) text: Vec<u8>,
    /// Line and column of its beginning, from 1.
    pub(super) place: Position,
    /// Which entry of a list it is.
    index: Option<usize>,
    /// Whether it is the rest of a file, without a line break at its end.
    rest: bool,
}

/// The JSON values of a source, read as they are asked for.
pub(super) struct JsonValues {
    pieces: TextPieces,
    /// Whether every line is a value.
    pub(super) lines: bool,
    /// Line and column of the next byte, from 1.
    place: Position,
    /// How many entries of the list that is being read have been; none outside of a list of samples.
    list: Option<usize>,
}

/// How the end of a text is called where more is expected.
const END: &str = "the end of the file";

impl Item {
    /// A piece of it.
    pub(super) fn part(&self, part: &str, index: Option<usize>) -> Self {
        Self {
            place: self.place_of(part),
            text: part.as_bytes().to_vec(),
            index,
            rest: false,
        }
    }

    /// Where a piece of it stands.
    pub(super) fn place_of(&self, part: &str) -> Position {
        let offset = part
            .as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr());
        self.place.behind(&self.text[..offset.min(self.text.len())])
    }

    /// A complaint about it, by its number where it is one of a list; it may end with its line.
    pub(super) fn named(&self, error: Error, is_line: bool) -> Error {
        let Error::Malformed(mut malformed) = error else {
            return error;
        };
        if let Some(n) = self.index {
            malformed.invalid = malformed.invalid.below(&format!("[{n}]"));
        }
        if is_line && malformed.invalid.message.contains(END) {
            let message = &mut malformed.invalid.message;
            *message = message.replace(END, "the end of the line");
            let cut = if self.rest {
                "; the file may be cut short"
            } else {
                ""
            };
            malformed.invalid.help = Some(format!("every line is one JSON value{cut}"));
        }
        Error::Malformed(malformed)
    }
}

impl JsonValues {
    /// Reads a value a line, or values over any number of lines.
    pub(super) fn new(pieces: TextPieces, lines: bool) -> Self {
        Self {
            pieces,
            lines,
            place: Position::START,
            list: None,
        }
    }

    /// The next value, or the next entry of a list of samples; none at the end.
    pub(super) fn next(
        &mut self,
        origin: &SourceName,
        wanted: &Wanted,
    ) -> Result<Option<Item>, Error> {
        self.pieces.begin();
        let unreadable = |reason| origin.unreadable(reason);
        if self.lines {
            return self.line().map_err(unreadable);
        }
        if let Some(n) = self.list {
            let after = self.skipped().map_err(unreadable)?;
            match after {
                Some(b']') => {
                    self.take(&mut Vec::new(), 1);
                    self.list = None;
                }
                Some(b',') => {
                    self.take(&mut Vec::new(), 1);
                    return match self.skipped().map_err(unreadable)? {
                        Some(_) => self.entry(n).map_err(unreadable),
                        None => Err(self.cut(origin, "expected a sample", None)),
                    };
                }
                after => {
                    return Err(self.cut(origin, "expected `,` or `]` behind a sample", after));
                }
            }
        }
        let Some(byte) = self.skipped().map_err(unreadable)? else {
            return Ok(None);
        };
        let mut item = Item {
            place: self.place,
            ..Item::default()
        };
        if byte == b'[' {
            self.take(&mut item.text, 1);
            if let Some(first) = self.first_of_list(&mut item, wanted).map_err(unreadable)? {
                return Ok(Some(first));
            }
            self.value(&mut item.text, 1).map_err(unreadable)?;
        } else {
            self.value(&mut item.text, 0).map_err(unreadable)?;
        }
        Ok(Some(item))
    }

    /// A list that does not go on as lists do.
    fn cut(&self, origin: &SourceName, expected: &str, found: Option<u8>) -> Error {
        let found = match found {
            Some(byte) => format!("`{}`", byte.escape_ascii()),
            None => "the end: the file is cut short".to_owned(),
        };
        origin.malformed(Some(self.place), Invalid::new("", expected, found))
    }

    /// The first entry of a list of samples; none where the list is one sample, of which `whole` has what was read.
    fn first_of_list(&mut self, whole: &mut Item, wanted: &Wanted) -> io::Result<Option<Item>> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.take(&mut whole.text, 1);
        }
        if !matches!(self.peek()?, Some(b'[' | b'{')) {
            return Ok(None);
        }
        let (place, start) = (self.place, whole.text.len());
        self.value(&mut whole.text, 0)?;
        // A piece of a sample, as a row of an image, has a part of its numbers.
        let piece = serde_json::from_slice(&whole.text[start..]).is_ok_and(|numbers: Numbers| {
            let each = numbers.values.len();
            (1..wanted.inputs).contains(&each) && wanted.inputs.is_multiple_of(each)
        });
        if piece {
            return Ok(None);
        }
        self.list = Some(1);
        Ok(Some(Item {
            text: whole.text.split_off(start),
            place,
            index: Some(0),
            rest: false,
        }))
    }

    /// Entry `n` of a list.
    fn entry(&mut self, n: usize) -> io::Result<Option<Item>> {
        let mut item = Item {
            place: self.place,
            text: Vec::new(),
            index: Some(n),
            rest: false,
        };
        self.value(&mut item.text, 0)?;
        self.list = Some(n + 1);
        Ok(Some(item))
    }

    /// The next line that is not empty.
    fn line(&mut self) -> io::Result<Option<Item>> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = self.pieces.read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(None);
            }
            let blanks = line.len() - line.trim_ascii_start().len();
            let place = Position {
                line: self.place.line,
                column: 1 + blanks,
            };
            self.place.line += 1;
            let text = line.trim_ascii();
            if !text.is_empty() {
                return Ok(Some(Item {
                    text: text.to_vec(),
                    place,
                    index: None,
                    rest: !line.ends_with(b"\n"),
                }));
            }
        }
    }

    /// Reads one value, or the rest of one of which `depth` brackets are open; what it is worth is found out later.
    fn value(&mut self, text: &mut Vec<u8>, mut depth: usize) -> io::Result<()> {
        let (mut quoted, mut escaped) = (false, false);
        let within = depth > 0;
        loop {
            let buffer = self.pieces.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let mut taken = 0;
            let mut ended = false;
            for &byte in buffer {
                let plain = !quoted && depth == 0 && (!text.is_empty() || taken > 0 || within);
                if plain && (byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}')) {
                    ended = true;
                    break;
                }
                taken += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' => quoted = !quoted,
                    b'[' | b'{' if !quoted => depth += 1,
                    b']' | b'}' if !quoted => {
                        depth = depth.saturating_sub(1);
                        ended = depth == 0;
                    }
                    _ => {}
                }
                if ended {
                    break;
                }
            }
            self.take(text, taken);
            if ended {
                return Ok(());
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.pieces.fill_buf()?.first().copied())
    }

    /// The next byte that is no white space.
    fn skipped(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.peek()? {
                Some(byte) if byte.is_ascii_whitespace() => {
                    self.take(&mut Vec::new(), 1);
                    // White space is no piece of a sample.
                    self.pieces.begin();
                }
                next => return Ok(next),
            }
        }
    }

    /// Moves bytes on that are in the buffer.
    fn take(&mut self, text: &mut Vec<u8>, bytes: usize) {
        let start = text.len();
        // The buffer is not empty, so that this reads nothing and cannot fail.
        if let Ok(buffer) = self.pieces.fill_buf() {
            text.extend_from_slice(&buffer[..bytes]);
        }
        self.pieces.consume(bytes);
        self.place = self.place.behind(&text[start..]);
    }
}
