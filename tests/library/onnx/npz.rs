//! A small reader of numpy's archives of arrays: stored or deflated, `<f8` or `<i8`, in C order.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::DeflateDecoder;

/// An array: its shape and its numbers.
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u16_at(bytes, at) | u16_at(bytes, at + 2) << 16
}

/// The arrays of a file by their names.
pub fn read(file: &Path) -> HashMap<String, Array> {
    let zip = fs::read(file).expect("an archive");
    let end = zip.windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = end.expect("a directory at the end");
    let mut at = u32_at(&zip, end + 16);
    let mut arrays = HashMap::new();
    for _ in 0..u16_at(&zip, end + 10) {
        let (packed, name) = (u32_at(&zip, at + 20), u16_at(&zip, at + 28));
        let local = u32_at(&zip, at + 42);
        let start = local + 30 + u16_at(&zip, local + 26) + u16_at(&zip, local + 28);
        let member = &zip[start..start + packed];
        let mut bytes = Vec::new();
        match u16_at(&zip, at + 10) {
            0 => bytes.extend(member),
            _ => drop(
                DeflateDecoder::new(member)
                    .read_to_end(&mut bytes)
                    .expect("deflated"),
            ),
        }
        let called = String::from_utf8_lossy(&zip[at + 46..at + 46 + name]).replace(".npy", "");
        arrays.insert(called, array(&bytes));
        at += 46 + name + u16_at(&zip, at + 30) + u16_at(&zip, at + 32);
    }
    arrays
}

fn array(npy: &[u8]) -> Array {
    let length = u16_at(npy, 8);
    let header = String::from_utf8_lossy(&npy[10..10 + length]).into_owned();
    // A list alone lies in both orders at once; numpy says so of it.
    let sides = header.split(['(', ')']).nth(1).expect("a shape");
    let sides = sides.split(',').filter_map(|side| side.trim().parse().ok());
    let (numbers, _) = npy[10 + length..].as_chunks::<8>();
    let is_whole = header.contains("'<i8'");
    let value = |bytes: &[u8; 8]| {
        if is_whole {
            i64::from_le_bytes(*bytes) as f64
        } else {
            f64::from_le_bytes(*bytes)
        }
    };
    let shape: Vec<usize> = sides.collect();
    let is_list = shape.len() == 1;
    assert!(
        is_list || header.contains("'fortran_order': False"),
        "{header}"
    );
    Array {
        shape,
        values: numbers.iter().map(value).collect(),
    }
}
