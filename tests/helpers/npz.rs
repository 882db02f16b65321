//! Reads arrays of NumPy out of an uncompressed zip: by the table at its end, with every length, sum and header checked.

use std::collections::BTreeMap;

use flate2::Crc;

/// An array.
#[derive(Debug, Clone, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Values,
}

/// What it holds, the last index running fastest.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    Floats(Vec<f64>),
    Whole(Vec<i64>),
    Texts(Vec<String>),
}

impl Array {
    pub fn floats(&self) -> &[f64] {
        match &self.values {
            Values::Floats(values) => values,
            other => panic!("floats, not {other:?}"),
        }
    }

    pub fn whole(&self) -> &[i64] {
        match &self.values {
            Values::Whole(values) => values,
            other => panic!("whole numbers, not {other:?}"),
        }
    }

    pub fn texts(&self) -> &[String] {
        match &self.values {
            Values::Texts(values) => values,
            other => panic!("texts, not {other:?}"),
        }
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("so many bytes")
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    u16::from_le_bytes(number(bytes, at)).into()
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(number(bytes, at)) as usize
}

/// The arrays of a file by their names, and the names in their order.
pub fn npz(bytes: &[u8]) -> (BTreeMap<String, Array>, Vec<String>) {
    let end = bytes.len() - 22;
    assert_eq!(
        bytes[end..end + 4],
        *b"PK\x05\x06",
        "the end has no comment"
    );
    let (entries, size, mut at) = (
        u16_at(bytes, end + 10),
        u32_at(bytes, end + 12),
        u32_at(bytes, end + 16),
    );
    assert_eq!(at + size, end, "the table stands before the end");
    let (mut arrays, mut names, mut next) = (BTreeMap::new(), Vec::new(), 0);
    for _ in 0..entries {
        assert_eq!(bytes[at..at + 4], *b"PK\x01\x02");
        let [method, time, day] = [10, 12, 14].map(|after| u16_at(bytes, at + after));
        assert_eq!([method, time, day], [0, 0, 33], "stored, on 1 January 1980");
        let [sum, packed, size] = [16, 20, 24].map(|after| u32_at(bytes, at + after));
        assert_eq!(packed, size);
        let [name, more, comment] = [28, 30, 32].map(|after| u16_at(bytes, at + after));
        let place = u32_at(bytes, at + 42);
        assert_eq!(place, next, "one behind the other");
        let file = &bytes[at + 46..at + 46 + name];
        assert_eq!(bytes[place..place + 4], *b"PK\x03\x04");
        assert_eq!(
            bytes[place + 6..place + 26],
            bytes[at + 8..at + 28],
            "both say the same"
        );
        let start = place + 30 + u16_at(bytes, place + 26) + u16_at(bytes, place + 28);
        assert_eq!(bytes[place + 30..place + 30 + name], *file);
        let content = &bytes[start..start + size];
        let mut crc = Crc::new();
        crc.update(content);
        assert_eq!(crc.sum() as usize, sum);
        let file = String::from_utf8(file.to_vec()).expect("ASCII");
        let name_of = file.strip_suffix(".npy").expect("an array").to_owned();
        names.push(name_of.clone());
        assert!(arrays.insert(name_of, npy(content)).is_none(), "{file}");
        at += 46 + name + more + comment;
        next = start + size;
    }
    assert_eq!(at, end);
    (arrays, names)
}

/// One array: its header, and as many values as its shape says.
fn npy(bytes: &[u8]) -> Array {
    assert_eq!(bytes[..8], *b"\x93NUMPY\x01\0");
    let start = 10 + u16_at(bytes, 8);
    assert_eq!(start % 64, 0);
    let header = std::str::from_utf8(&bytes[10..start]).expect("ASCII");
    let (kind, rest) = header
        .strip_prefix("{'descr': '<")
        .and_then(|rest| rest.split_once("', 'fortran_order': False, 'shape': ("))
        .expect("a header");
    let (shape, rest) = rest.split_once("), }").expect("a shape");
    assert_eq!(rest.trim_start_matches(' '), "\n");
    let shape: Vec<usize> = (shape.split(',').map(str::trim))
        .filter(|side| !side.is_empty())
        .map(|side| side.parse().expect("a number"))
        .collect();
    let values = &bytes[start..];
    let each = match kind {
        "f8" | "i8" => 8,
        text => 4 * text[1..].parse::<usize>().expect("a width"),
    };
    assert_eq!(values.len(), each * shape.iter().product::<usize>());
    let chunks = values.chunks_exact(each);
    let values = match kind {
        "f8" => Values::Floats(chunks.map(|v| f64::from_le_bytes(number(v, 0))).collect()),
        "i8" => Values::Whole(chunks.map(|v| i64::from_le_bytes(number(v, 0))).collect()),
        _ => Values::Texts(chunks.map(text).collect()),
    };
    Array { shape, values }
}

/// A text without the zeros behind it.
fn text(bytes: &[u8]) -> String {
    let letters = bytes
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes(number(four, 0)));
    let letters = letters.map(|letter| char::from_u32(letter).expect("a character"));
    let text: String = letters.collect();
    text.trim_end_matches('\0').to_owned()
}
