//! Where text comes from: a file or a pipe, unpacked where it is gzipped, without a byte order mark, in pieces of a
//! limited length.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::unread::{SHOWN, UNREAD, as_picture, broken, picture, promised, unread};
use crate::error::{Error, Invalid, Malformed, Position};
use crate::network::GZIP;
use crate::npy::read::refused;
use crate::words::grouped;

/// What files begin with that hold samples other than as text.
const BINARY: [(&[u8], Kind); 11] = [
    (b"\x93NUMPY", Kind::Array),
    (b"PK\x03\x04", Kind::Archive),
    (b"PK\x05\x06", Kind::Archive),
    (b"\x89PNG", Kind::Picture),
    (b"\xff\xd8\xff", Kind::Picture),
    (&[0, 0, 0x08], Kind::Idx),
    (&[0, 0, 0x09], Kind::Idx),
    (&[0, 0, 0x0b], Kind::Idx),
    (&[0, 0, 0x0c], Kind::Idx),
    (&[0, 0, 0x0d], Kind::Idx),
    (&[0, 0, 0x0e], Kind::Idx),
];
/// What is gzipped over and over may unpack to itself.
const MOST_PACKED: usize = 3;
/// The byte order marks of UTF-8 and of UTF-16, either way round.
const UTF_8: &[u8] = &[0xef, 0xbb, 0xbf];
const UTF_16: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];

pub(super) type Bytes = Box<dyn Read + Send>;
pub(super) type Reader = BufReader<Bytes>;

/// What the first bytes of a source show it to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON, JSON lines or a table.
    Text,
    /// .npy
    Array,
    /// .npz, or another zip archive.
    Archive,
    /// The format of MNIST.
    Idx,
    /// PNG or JPEG.
    Picture,
}

/// How messages call the place that samples come from.
#[derive(Debug, Clone)]
pub(super) struct SourceName(pub(super) String);

/// A source of samples, opened.
pub(super) struct Source {
    pub(super) origin: SourceName,
    pub(super) kind: Kind,
    /// All that it holds, unpacked; of text without what only says how it is encoded.
    pub(super) bytes: Bytes,
    /// Whether it may still be on its way.
    pub(super) live: bool,
    /// Whether it had to be unpacked.
    pub(super) packed: bool,
    /// How many bytes there are, where it is a file that is not packed.
    pub(super) size: Option<u64>,
}

/// Whether what can be read there is gone once it was read.
pub(super) fn comes_once(file: &Path) -> bool {
    file == Path::new("-") || !file.is_file()
}

impl Source {
    /// Opens a file, or the standard input where it is `-`.
    pub(super) fn open(file: &Path) -> Result<Self, Error> {
        let origin = SourceName::of(file);
        let (reader, size): (Bytes, _) = if file == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let opened = File::open(file).map_err(|reason| origin.unreadable(reason))?;
            let about = (opened.metadata()).map_err(|reason| origin.unreadable(reason))?;
            (Box::new(opened), about.is_file().then_some(about.len()))
        };
        let Contents {
            kind,
            bytes,
            packed,
        } = origin.contents(reader, 0)?;
        Ok(Self {
            kind,
            bytes,
            origin,
            live: size.is_none(),
            packed,
            size: size.filter(|_| !packed),
        })
    }
}

/// What a source holds, and whether it was packed.
struct Contents {
    kind: Kind,
    bytes: Bytes,
    packed: bool,
}

impl SourceName {
    /// How messages call a file, or the standard input where it is `-`.
    pub(super) fn of(file: &Path) -> Self {
        Self(if file == Path::new("-") {
            "standard input".to_owned()
        } else {
            file.to_string_lossy().into_owned()
        })
    }

    /// What cannot be read, or was found not to be what it should be while it was read.
    pub(super) fn unreadable(&self, reason: io::Error) -> Error {
        match reason.downcast::<Invalid>() {
            Ok(invalid) => self.malformed(None, invalid),
            Err(reason) => Error::Unreadable {
                file: self.0.clone(),
                reason,
            },
        }
    }

    /// What is not as it should be, with line and column where they are known.
    pub(super) fn malformed(&self, position: Option<Position>, invalid: Invalid) -> Error {
        Malformed {
            file: self.0.clone(),
            position,
            invalid,
            excerpt: None,
        }
        .into()
    }

    /// What a reader gives, unpacked, and of text without what only says how it is encoded.
    fn contents(&self, reader: Bytes, depth: usize) -> Result<Contents, Error> {
        let (start, rest) = self.begun(reader)?;
        if start == GZIP {
            if depth == MOST_PACKED {
                let found = format!("data gzipped more than {MOST_PACKED} times");
                return Err(self.malformed(None, Invalid::new("", "expected samples", found)));
            }
            let packed = io::Cursor::new(start).chain(rest);
            let unpacked = unpacked(BufReader::with_capacity(1 << 16, packed));
            return Ok(Contents {
                packed: true,
                ..self.contents(Box::new(unpacked), depth + 1)?
            });
        }
        if UTF_16.contains(&&start[..]) {
            return Err(
                self.malformed(Some(Position::START), utf_16("a byte order mark of UTF-16"))
            );
        }
        if let Some((_, what, help)) = UNREAD.iter().find(|(mark, ..)| *mark == &start[..]) {
            return Err(self.malformed(None, unread(what, help)));
        }
        let binary = BINARY.iter().find(|(mark, _)| *mark == &start[..]);
        let kind = binary.map_or(Kind::Text, |(_, kind)| *kind);
        let kept = if start == UTF_8 { Vec::new() } else { start };
        let all = io::Cursor::new(kept).chain(rest);
        if let (Kind::Text, Some(promised)) = (kind, promised(&self.0)) {
            let mut start = Vec::new();
            let read = all.take(SHOWN as u64).read_to_end(&mut start);
            read.map_err(|reason| self.unreadable(reason))?;
            return Err(self.malformed(None, broken(promised, &start)));
        }
        Ok(Contents {
            kind,
            bytes: match kind {
                Kind::Text => Box::new(WithoutNul {
                    text: all,
                    start: Vec::new(),
                }),
                _ => Box::new(all),
            },
            packed: false,
        })
    }

    /// The first bytes, no more of them than it takes to know a mark: the next may not have been written yet.
    fn begun(&self, mut reader: Bytes) -> Result<(Vec<u8>, Bytes), Error> {
        let mut start = Vec::new();
        let marks = || {
            let text = [GZIP, UTF_8, UTF_16[0], UTF_16[1]].into_iter();
            text.chain(BINARY.iter().map(|(mark, _)| *mark))
                .chain(UNREAD.iter().map(|(mark, ..)| *mark))
        };
        while marks().any(|mark| mark.starts_with(&start) && mark.len() > start.len()) {
            let read = reader.by_ref().take(1).read_to_end(&mut start);
            if read.map_err(|reason| self.unreadable(reason))? == 0 {
                break;
            }
        }
        Ok((start, reader))
    }
}

/// What gzipped data holds, all of its members one behind the other.
pub(crate) fn unpacked(packed: impl BufRead) -> impl Read {
    Unpacked(MultiGzDecoder::new(packed))
}

/// Unpacks; damage is told as that.
struct Unpacked<R>(MultiGzDecoder<R>);

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.0.read(to).map_err(|error| {
            let found = match error.kind() {
                io::ErrorKind::UnexpectedEof => {
                    "its end too early: the file is cut short".to_owned()
                }
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    format!("damage: {error}")
                }
                _ => return error,
            };
            refused(Invalid::new("", "expected gzipped data", found))
        })
    }
}

/// Passes text on; no text has a byte 0.
struct WithoutNul<R> {
    text: R,
    /// Its first bytes.
    start: Vec<u8>,
}

impl<R: Read> Read for WithoutNul<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(to)?;
        let more = SHOWN.saturating_sub(self.start.len());
        self.start.extend(&to[..read.min(more)]);
        if to[..read].contains(&0) {
            return Err(refused(match picture(&self.start) {
                Some(what) => as_picture(what),
                None => Invalid::new("", "expected text in UTF-8", "a byte 0").help(
                    "the file is of a kind that is not read as samples, or UTF-16: then save it as UTF-8",
                ),
            }));
        }
        Ok(read)
    }
}

fn utf_16(found: &str) -> Invalid {
    Invalid::new("", "expected text in UTF-8", found).help("save it as UTF-8")
}

/// Text in pieces, a record or a line each, none of which may be longer than a limit.
pub(super) struct TextPieces {
    reader: Reader,
    limit: usize,
    left: usize,
}

impl TextPieces {
    /// Pieces of at most so many bytes.
    pub(super) fn new(bytes: Bytes, limit: usize) -> Self {
        Self {
            reader: BufReader::with_capacity(1 << 16, bytes),
            limit,
            left: limit,
        }
    }

    /// Bytes of a piece at the most.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The next piece begins here.
    pub(super) fn begin(&mut self) {
        self.left = self.limit;
    }

    /// Puts back what was read.
    pub(super) fn before(self, start: Vec<u8>) -> Self {
        let rest = Box::new(io::Cursor::new(start).chain(self.reader));
        Self {
            reader: BufReader::with_capacity(1 << 16, rest),
            limit: self.limit,
            left: self.limit,
        }
    }
}

impl BufRead for TextPieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let buffer = self.reader.fill_buf()?;
        if self.left == 0 && !buffer.is_empty() {
            return Err(refused(Invalid::new(
                "",
                format!(
                    "expected samples of at most {} bytes of text each",
                    grouped(self.limit)
                ),
                "a longer line",
            )));
        }
        Ok(&buffer[..buffer.len().min(self.left)])
    }

    fn consume(&mut self, bytes: usize) {
        self.left -= bytes;
        self.reader.consume(bytes);
    }
}

impl Read for TextPieces {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(to)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::unpacked;

    #[test]
    fn every_member_of_gzipped_data_is_unpacked() {
        let member = |text: &[u8]| {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(text).expect("memory takes it");
            packed.finish().expect("memory takes it")
        };
        let packed = [member(b"1,2\n"), member(b""), member(b"3,4\n")].concat();
        let mut text = String::new();
        let read = unpacked(&packed[..]).read_to_string(&mut text);
        assert_eq!((read.ok(), text.as_str()), (Some(8), "1,2\n3,4\n"));
    }
}
