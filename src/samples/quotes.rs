//! Quotes of a table that are opened and never closed, where the rest of the file would be one field.

use std::io::{self, Read};

use crate::error::Invalid;

/// Passes the bytes of a table on, and knows where the quote that is open was opened.
pub(crate) struct Quotes<R> {
    reader: R,
    delimiter: u8,
    at: At,
    line: usize,
    /// Whether all was passed on.
    ended: bool,
}

/// Where in a field the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// At its start: only here a quote opens.
    Start,
    /// Outside of quotes.
    Plain,
    /// In a quote that was opened on this line.
    Quoted(usize),
    /// Behind a quote that closes, or is the first of two that stand for one.
    Closed(usize),
}

impl<R> Quotes<R> {
    /// Before the first byte.
    pub(crate) fn new(reader: R, delimiter: u8) -> Self {
        Self {
            reader,
            delimiter,
            at: At::Start,
            line: 1,
            ended: false,
        }
    }

    /// What is passed on.
    pub(crate) fn inner(&mut self) -> &mut R {
        &mut self.reader
    }

    /// What is wrong with the row that was read last where the file ended within a quote, and the line, from 1, that it begins on.
    pub(crate) fn unclosed(&self) -> Option<(usize, Invalid)> {
        let (true, At::Quoted(line)) = (self.ended, self.at) else {
            return None;
        };
        let expected = "expected an end of the quote that begins on this line";
        let invalid = Invalid::new("", expected, "the end of the file");
        Some((
            line,
            invalid.help("close it; or take it away; or fetch the file again, if it is cut short"),
        ))
    }

    fn pass(&mut self, byte: u8) {
        let divides = byte == self.delimiter || matches!(byte, b'\n' | b'\r');
        self.at = match (self.at, byte) {
            (At::Start, b'"') => At::Quoted(self.line),
            (At::Quoted(line), b'"') => At::Closed(line),
            (At::Closed(line), b'"') | (At::Quoted(line), _) => At::Quoted(line),
            _ if divides => At::Start,
            _ => At::Plain,
        };
        self.line += usize::from(byte == b'\n');
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(to)?;
        to[..read].iter().for_each(|&byte| self.pass(byte));
        self.ended = read == 0 && !to.is_empty();
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Quotes;

    /// The line of the quote that is open at the end, beside what the reader of tables takes for the last field.
    fn unclosed(text: &str) -> (Option<usize>, String) {
        let quotes = Quotes::new(text.as_bytes(), b',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(quotes);
        let last = reader.records().last().and_then(Result::ok);
        let field = last.map(|record| record[record.len() - 1].to_owned());
        let line = reader.get_ref().unclosed().map(|(line, _)| line);
        (line, field.unwrap_or_default())
    }

    #[test]
    fn a_quote_that_is_never_closed_is_known_by_its_line_as_the_reader_of_tables_takes_it() {
        for (text, line, field) in [
            ("", None, ""),
            ("a,b\n", None, "b"),
            ("a,\"b\"", None, "b"),
            ("a,\"b\"\"\"\n", None, "b\""),
            ("a,\"b\nc\"\n", None, "b\nc"),
            // Within a field, and behind a quote that closes, it is a character as any other.
            ("a,5\"\nb,6\"\n", None, "6\""),
            ("a,\"b\" \"\n", None, "b \""),
            ("a,\"b\n", Some(1), "b\n"),
            ("a,b\r\nc,\"d\r\ne,f\r\n", Some(2), "d\r\ne,f\r\n"),
            ("a,\"b\"\"", Some(1), "b\""),
            ("\"a\n\",\"b,", Some(2), "b,"),
            ("a\n\"", Some(2), ""),
        ] {
            assert_eq!(unclosed(text), (line, field.to_owned()), "{text:?}");
        }
    }
}
