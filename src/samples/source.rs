//! Where text comes from: a file or a pipe, unpacked where it is gzipped, without a byte order mark, in pieces of a
//! limited length.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, Invalid, Malformed, Position};
use crate::network::GZIP;
use crate::words::grouped;

/// What files begin with that hold no text, and what these are.
const BINARY: [(&[u8], &str); 9] = [
    (b"\x80\x02", "a pickle of Python"),
    (b"\x80\x03", "a pickle of Python"),
    (b"\x80\x04", "a pickle of Python"),
    (b"\x80\x05", "a pickle of Python"),
    (b"\x93NUMPY", "an array of NumPy"),
    (b"PK\x03\x04", "a zip archive, as .npz, .xlsx and .pt are"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89HDF", "HDF5"),
];
/// The byte order marks of UTF-8 and of UTF-16, either way round.
const UTF_8: &[u8] = &[0xef, 0xbb, 0xbf];
const UTF_16: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];

pub(super) type Reader = BufReader<Box<dyn Read + Send>>;

/// How messages call the place that samples come from.
#[derive(Debug, Clone)]
pub(super) struct SourceName(pub(super) String);

/// A source of text, opened.
pub(super) struct Source {
    pub(super) origin: SourceName,
    pub(super) reader: Reader,
    /// Whether the text may still be on its way.
    pub(super) live: bool,
}

/// Whether what can be read there is gone once it was read.
pub(super) fn comes_once(file: &Path) -> bool {
    file == Path::new("-") || !file.is_file()
}

impl Source {
    /// Opens a file, or the standard input where it is `-`.
    pub(super) fn open(file: &Path) -> Result<Self, Error> {
        let stdin = file == Path::new("-");
        let origin = SourceName(if stdin {
            "standard input".to_owned()
        } else {
            file.to_string_lossy().into_owned()
        });
        let (reader, live): (Box<dyn Read + Send>, _) = if stdin {
            (Box::new(io::stdin()), true)
        } else {
            let opened = File::open(file).map_err(|reason| origin.unreadable(reason))?;
            let about = (opened.metadata()).map_err(|reason| origin.unreadable(reason))?;
            (Box::new(opened), !about.is_file())
        };
        Ok(Self {
            reader: origin.text(reader)?,
            origin,
            live,
        })
    }
}

impl SourceName {
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

    /// The text in a reader, unpacked, and without what only says how it is encoded.
    fn text(&self, reader: Box<dyn Read + Send>) -> Result<Reader, Error> {
        let (start, rest) = self.begun(reader)?;
        if start == GZIP {
            let packed = io::Cursor::new(start).chain(rest);
            let unpacked = unpacked(BufReader::with_capacity(1 << 16, packed));
            return self.text(Box::new(unpacked));
        }
        if UTF_16.contains(&&start[..]) {
            return Err(
                self.malformed(Some(Position::START), utf_16("a byte order mark of UTF-16"))
            );
        }
        if let Some((_, what)) = BINARY.iter().find(|(mark, _)| *mark == &start[..]) {
            let expected = "expected text: CSV, JSON or JSON lines";
            let invalid = Invalid::new("", expected, what).help("save the samples as one of these");
            return Err(self.malformed(None, invalid));
        }
        let kept = if start == UTF_8 { Vec::new() } else { start };
        let text = WithoutNul(io::Cursor::new(kept).chain(rest));
        Ok(BufReader::with_capacity(1 << 16, Box::new(text)))
    }

    /// The first bytes, no more of them than it takes to know a mark: the next may not have been written yet.
    fn begun(
        &self,
        mut reader: Box<dyn Read + Send>,
    ) -> Result<(Vec<u8>, Box<dyn Read + Send>), Error> {
        let mut start = Vec::new();
        let marks = || {
            let binary = BINARY.iter().map(|(mark, _)| *mark);
            [GZIP, UTF_8, UTF_16[0], UTF_16[1]]
                .into_iter()
                .chain(binary)
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
struct WithoutNul<R>(R);

impl<R: Read> Read for WithoutNul<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(to)?;
        if to[..read].contains(&0) {
            return Err(refused(utf_16(
                "a byte 0, as in UTF-16 and in binary files",
            )));
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
    pub(super) fn new(reader: Reader, limit: usize) -> Self {
        Self {
            reader,
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

/// A refusal on its way through a reader.
fn refused(invalid: Invalid) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, invalid)
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
