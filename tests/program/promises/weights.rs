//! Files of weights that say more of themselves than they hold.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

/// How a safetensors file begins with this header; `says` is how long it says that it is, where that is not so.
pub fn head(header: &Value, says: Option<u64>) -> Vec<u8> {
    let header = header.to_string();
    let length = header.len().next_multiple_of(8);
    let says = says.unwrap_or(length as u64);
    [&says.to_le_bytes(), format!("{header:length$}").as_bytes()].concat()
}

/// The same of one square of 32 bits, called w.
pub fn head_of_square(side: u64) -> Vec<u8> {
    let offsets = [0, 4 * side * side];
    let w = json!({ "dtype": "F32", "shape": [side, side], "data_offsets": offsets });
    head(&json!({ "w": w }), None)
}

/// So many weights of 32 bits, a square, all 0: a file with a hole in the place of numbers, which takes no room on the disk.
pub fn hole(file: &Path, head: &[u8], side: u64) {
    let mut weights = File::create(file).expect("made");
    weights.write_all(head).expect("written");
    weights
        .set_len(head.len() as u64 + 4 * side * side)
        .expect("as long as that");
}
