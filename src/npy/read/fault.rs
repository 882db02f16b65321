//! What is wrong with a file, on its way through a reader.

use std::io;

use crate::error::Invalid;

/// A refusal on its way through a reader.
pub(crate) fn refused(invalid: Invalid) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, invalid)
}

/// An end that comes too early is told as that: `what` was being read.
pub(crate) fn cut_short(error: io::Error, what: &str) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        let found = "the end of the file, which is cut short";
        return refused(Invalid::new("", format!("expected {what}"), found));
    }
    error
}
