//! Arrays on their way out: the header of one, and a zip of several that is written in one go, from its first byte to its last.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read};

use flate2::Crc;

/// Headers of arrays end at a multiple of this, so that values are aligned where a file is mapped.
const ALIGNED: usize = 64;
/// What stands before the length of a header: the magic bytes.
const MAGIC: &[u8] = b"\x93NUMPY";
/// 1 January 1980, the first day of a zip: the same arrays are the same bytes on every day.
const DAY: u16 = (1 << 5) | 1;
/// The version of the format that a reader has to know: 2.0, or 4.5 where sizes have 64 bits.
const VERSION: [u16; 2] = [20, 45];

/// What an array holds; all of it has its least byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// f64
    Float,
    /// i64
    Whole,
    /// Texts of so many characters at the most, each character in four bytes, filled up with zeros.
    Text(usize),
}

impl Kind {
    /// As NumPy spells it.
    fn spelled(self) -> String {
        match self {
            Self::Float => "<f8".to_owned(),
            Self::Whole => "<i8".to_owned(),
            Self::Text(width) => format!("<U{width}"),
        }
    }
}

/// What stands before the values of an array of this shape, the last index running fastest.
pub(crate) fn header(kind: Kind, shape: &[usize]) -> Vec<u8> {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    let comma = if sides.len() == 1 { "," } else { "" };
    let described = format!(
        "{{'descr': '{}', 'fortran_order': False, 'shape': ({}{comma}), }}",
        kind.spelled(),
        sides.join(", ")
    );
    // Version 1 has two bytes for the length, version 2 four.
    let ended = |before: usize| (before + described.len() + 1).next_multiple_of(ALIGNED);
    let short = u16::try_from(ended(10) - 10);
    let mut header = MAGIC.to_vec();
    let end = if let Ok(length) = short {
        header.extend([1, 0]);
        header.extend(length.to_le_bytes());
        ended(10)
    } else {
        header.extend([2, 0]);
        header.extend(least_32(ended(12) as u64 - 12).to_le_bytes());
        ended(12)
    };
    header.extend(described.as_bytes());
    header.resize(end - 1, b' ');
    header.push(b'\n');
    header
}

/// What is behind the header of an array.
pub(crate) struct Body<R> {
    /// Where it comes from, all of it.
    pub(crate) from: R,
    /// How many bytes it has.
    pub(crate) length: u64,
    /// The sum of them.
    pub(crate) crc: Crc,
}

/// An uncompressed zip of arrays. To read it is to write it: nothing of the arrays is held.
pub(crate) struct Archive<R> {
    parts: VecDeque<Part<R>>,
    /// The table at the end.
    directory: Vec<u8>,
    entries: u64,
    /// Bytes so far.
    length: u64,
}

enum Part<R> {
    Bytes(Cursor<Vec<u8>>),
    From(R),
}

impl<R: Read> Archive<R> {
    /// Without an array yet.
    pub(crate) fn new() -> Self {
        Self {
            parts: VecDeque::new(),
            directory: Vec::new(),
            entries: 0,
            length: 0,
        }
    }

    /// Adds an array, which NumPy will know by `name`: letters, digits and `_`.
    pub(crate) fn add(&mut self, name: &str, header: Vec<u8>, body: Body<R>) {
        let mut crc = Crc::new();
        crc.update(&header);
        crc.combine(&body.crc);
        let member = Member {
            file: format!("{name}.npy"),
            crc: crc.sum(),
            size: header.len() as u64 + body.length,
            place: self.length,
        };
        let before = member.before();
        self.directory.extend(member.listed());
        self.entries += 1;
        self.length += before.len() as u64 + member.size;
        self.parts
            .push_back(Part::Bytes(Cursor::new([before, header].concat())));
        self.parts.push_back(Part::From(body.from));
    }

    /// All of it, from its beginning.
    pub(crate) fn finish(mut self) -> impl Read {
        let end = ended(&self.directory, self.entries, self.length);
        let directory = std::mem::take(&mut self.directory);
        self.parts
            .push_back(Part::Bytes(Cursor::new([directory, end].concat())));
        Parts(self.parts)
    }
}

/// One part behind the other.
struct Parts<R>(VecDeque<Part<R>>);

impl<R: Read> Read for Parts<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while let Some(part) = self.0.front_mut() {
            let taken = match part {
                Part::Bytes(bytes) => bytes.read(to)?,
                Part::From(from) => from.read(to)?,
            };
            if taken > 0 || to.is_empty() {
                return Ok(taken);
            }
            self.0.pop_front();
        }
        Ok(0)
    }
}

/// A file of the zip.
struct Member {
    file: String,
    crc: u32,
    size: u64,
    /// Where it begins.
    place: u64,
}

impl Member {
    /// What stands before it.
    fn before(&self) -> Vec<u8> {
        let is_long = is_long(self.size);
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend(self.shared(is_long));
        let more = if is_long { 20_u16 } else { 0 };
        bytes.extend(more.to_le_bytes());
        bytes.extend(self.file.as_bytes());
        if is_long {
            bytes.extend(long(&[self.size, self.size]));
        }
        bytes
    }

    /// Its row in the table at the end.
    fn listed(&self) -> Vec<u8> {
        let mut longs = if is_long(self.size) {
            vec![self.size, self.size]
        } else {
            Vec::new()
        };
        longs.extend(is_long(self.place).then_some(self.place));
        let more = if longs.is_empty() {
            Vec::new()
        } else {
            long(&longs)
        };
        let mut bytes = b"PK\x01\x02".to_vec();
        bytes.extend(VERSION[usize::from(!more.is_empty())].to_le_bytes());
        bytes.extend(self.shared(!more.is_empty()));
        bytes.extend((u16::try_from(more.len()).unwrap_or(u16::MAX)).to_le_bytes());
        // No comment, on the first disk, of no known attributes.
        bytes.extend([0; 10]);
        bytes.extend(least_32(self.place).to_le_bytes());
        bytes.extend(self.file.as_bytes());
        bytes.extend(more);
        bytes
    }

    /// What both say: the version, stored as it is, the day, sum, sizes, and the length of the name.
    fn shared(&self, is_long: bool) -> Vec<u8> {
        let mut bytes = VERSION[usize::from(is_long)].to_le_bytes().to_vec();
        for word in [0, 0, 0, DAY] {
            bytes.extend(word.to_le_bytes());
        }
        for long in [self.crc, least_32(self.size), least_32(self.size)] {
            bytes.extend(long.to_le_bytes());
        }
        bytes.extend((u16::try_from(self.file.len()).unwrap_or(u16::MAX)).to_le_bytes());
        bytes
    }
}

/// Numbers of 64 bits, in the place of those that have too few.
fn long(numbers: &[u64]) -> Vec<u8> {
    let length = u16::try_from(8 * numbers.len()).unwrap_or(u16::MAX);
    let mut bytes = [1_u16.to_le_bytes(), length.to_le_bytes()].concat();
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

/// Whether 32 bits are too few; all ones say so.
fn is_long(number: u64) -> bool {
    number >= u64::from(u32::MAX)
}

/// A number, or all ones where it stands elsewhere in 64 bits.
fn least_32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What stands behind the table: how many files there are, and where the table is.
fn ended(directory: &[u8], entries: u64, place: u64) -> Vec<u8> {
    let size = directory.len() as u64;
    let few = u16::try_from(entries).unwrap_or(u16::MAX);
    let mut bytes = Vec::new();
    if few == u16::MAX || is_long(place) || is_long(size) {
        bytes.extend(b"PK\x06\x06");
        bytes.extend(44_u64.to_le_bytes());
        bytes.extend([VERSION[1].to_le_bytes(), VERSION[1].to_le_bytes()].concat());
        bytes.extend([0; 8]);
        for number in [entries, entries, size, place] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(b"PK\x06\x07");
        bytes.extend([0; 4]);
        bytes.extend((place + size).to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
    }
    bytes.extend(b"PK\x05\x06");
    bytes.extend([0; 4]);
    bytes.extend([few.to_le_bytes(), few.to_le_bytes()].concat());
    bytes.extend(least_32(size).to_le_bytes());
    bytes.extend(least_32(place).to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use flate2::Crc;

    use super::{Archive, Body, Kind, header};

    #[test]
    fn a_header_ends_at_a_multiple_of_64_and_says_kind_and_shape() {
        for (kind, shape, described) in [
            (
                Kind::Float,
                &[3, 1, 28][..],
                "'<f8', 'fortran_order': False, 'shape': (3, 1, 28), }",
            ),
            (
                Kind::Whole,
                &[7],
                "'<i8', 'fortran_order': False, 'shape': (7,), }",
            ),
            (
                Kind::Text(4),
                &[],
                "'<U4', 'fortran_order': False, 'shape': (), }",
            ),
        ] {
            let bytes = header(kind, shape);
            assert_eq!(bytes.len() % 64, 0);
            assert_eq!(bytes[..8], *b"\x93NUMPY\x01\0");
            assert_eq!(
                usize::from(bytes[8]) + 256 * usize::from(bytes[9]),
                bytes.len() - 10
            );
            let text = String::from_utf8(bytes[10..].to_vec()).expect("ASCII");
            assert_eq!(text.trim_end(), format!("{{'descr': {described}"));
            assert!(text.ends_with('\n'));
        }
        let many = header(Kind::Float, &vec![1; 40_000]);
        assert_eq!(
            many[6..8],
            [2, 0],
            "a long header has its length in four bytes"
        );
        assert_eq!(many.len() % 64, 0);
        let length: [u8; 4] = many[8..12].try_into().expect("four bytes");
        assert_eq!(u32::from_le_bytes(length) as usize, many.len() - 12);
    }

    /// The last bytes of what a reader gives, and how many there are in all.
    fn tail(mut from: impl Read, most: usize) -> (Vec<u8>, u64) {
        let (mut tail, mut all, mut buffer) = (Vec::new(), 0, vec![0; 1 << 20]);
        loop {
            let taken = from.read(&mut buffer).expect("memory can be read");
            if taken == 0 {
                return (tail, all);
            }
            all += taken as u64;
            tail.extend(&buffer[..taken]);
            tail.drain(..tail.len().saturating_sub(most));
        }
    }

    #[test]
    fn sizes_and_places_above_4_gib_have_64_bits() {
        let length = 5_u64 << 30;
        let body = |length| Body {
            from: io::repeat(0).take(length),
            length,
            crc: Crc::new(),
        };
        let mut archive = Archive::new();
        archive.add("a", header(Kind::Float, &[5 << 27]), body(length));
        archive.add("b", header(Kind::Float, &[1]), body(8));
        let (tail, all) = tail(archive.finish(), 400);
        let find = |mark: &[u8]| {
            tail.windows(4)
                .position(|four| four == mark)
                .expect("it is there")
        };
        let long =
            |at: usize| u64::from_le_bytes(tail[at..at + 8].try_into().expect("eight bytes"));
        // Of the first file: the mark, kind and length of the numbers, and both sizes; of the second only where it begins.
        let first = find(b"PK\x01\x02");
        assert_eq!(tail[first + 20..first + 28], [0xff; 8]);
        assert_eq!(long(first + 46 + 5 + 4), length + 128);
        assert_eq!(long(first + 46 + 5 + 12), length + 128);
        let second = first + 46 + 5 + 20;
        assert_eq!(tail[second..second + 4], *b"PK\x01\x02");
        assert_eq!(tail[second + 42..second + 46], [0xff; 4]);
        assert_eq!(long(second + 46 + 5 + 4), 30 + 5 + 20 + length + 128);
        // The end in 64 bits says where the table begins.
        let end = find(b"PK\x06\x06");
        let table = all - (tail.len() - first) as u64;
        assert_eq!([long(end + 24), long(end + 48)], [2, table]);
        assert_eq!(
            long(find(b"PK\x06\x07") + 8),
            all - (tail.len() - end) as u64
        );
    }
}
