//! Results as JSON: every number so that reading it back gives the same f64.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a result, an explanation or an inspection, as one line of JSON.
///
/// # Errors
///
/// What the writer says.
pub fn write(result: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, result)?;
    out.write_all(b"\n")
}
