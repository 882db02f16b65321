//! A file of data, plain or gzipped, read as far as a limit goes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use super::malformed;
use crate::error::{Error, Invalid};
use crate::network::GZIP;
use crate::samples::source::unpacked;

/// A file may not be larger than this once it is unpacked: about twenty times MNIST.
const LARGEST: u64 = 1 << 30;

/// What a file holds, unpacked as it is read.
pub(super) struct PackedFile<'a> {
    /// The file, as it was given.
    name: String,
    bytes: Box<dyn Read + 'a>,
}

impl PackedFile<'static> {
    /// Opens a file; one that is too large is refused before it is read.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let unreadable = |reason| Error::Unreadable {
            file: name.clone(),
            reason,
        };
        let file = File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        if size > LARGEST {
            let found = format!("{:.1} GiB", size as f64 / LARGEST as f64);
            return Err(too_large(&name, &found));
        }
        let mut bytes = BufReader::with_capacity(1 << 16, file);
        let packed = is_packed(&mut bytes).map_err(unreadable)?;
        Ok(PackedFile::new(name, bytes, packed))
    }
}

impl<'a> PackedFile<'a> {
    /// Of bytes that are there.
    pub(super) fn of(name: &str, bytes: &'a [u8]) -> Self {
        let packed = bytes.starts_with(GZIP);
        Self::new(name.to_owned(), bytes, packed)
    }

    fn new(name: String, bytes: impl BufRead + 'a, packed: bool) -> Self {
        let plain: Box<dyn Read + 'a> = if packed {
            Box::new(unpacked(bytes))
        } else {
            Box::new(bytes)
        };
        let bytes = Box::new(Limited {
            plain,
            left: LARGEST,
        });
        Self { name, bytes }
    }

    /// The name, and the bytes as they are asked for.
    pub(super) fn parts(self) -> (String, Box<dyn Read + 'a>) {
        (self.name, self.bytes)
    }

    /// All of it.
    pub(super) fn whole(mut self) -> Result<(String, Vec<u8>), Error> {
        let mut plain = Vec::new();
        let read = self.bytes.read_to_end(&mut plain);
        read.map_err(|reason| complaint(&self.name, reason))?;
        Ok((self.name, plain))
    }
}

/// What is said where reading a file ended early.
pub(super) fn complaint(file: &str, reason: io::Error) -> Error {
    if reason.kind() == io::ErrorKind::FileTooLarge {
        return too_large(file, "more");
    }
    match reason.downcast::<Invalid>() {
        Ok(invalid) => malformed(file, invalid),
        Err(reason) => Error::Unreadable {
            file: file.to_owned(),
            reason,
        },
    }
}

fn too_large(file: &str, found: &str) -> Error {
    malformed(
        file,
        Invalid::new("", "expected at most 1 GiB of data", found),
    )
}

fn is_packed(bytes: &mut impl BufRead) -> io::Result<bool> {
    Ok(bytes.fill_buf()?.starts_with(GZIP))
}

/// Ends with an error where there is more.
struct Limited<R> {
    plain: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.plain.read(to)?;
        self.left = (self.left.checked_sub(read as u64)).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use flate2::{Compression, write::GzEncoder};

    use super::{Limited, PackedFile};

    #[test]
    fn every_member_of_a_gzipped_file_is_read() {
        let packed = ["1,2\n", "3,4\n"].map(|text| {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(text.as_bytes()).expect("packed");
            packed.finish().expect("packed")
        });
        let (_, plain) = PackedFile::of("t", &packed.concat())
            .whole()
            .expect("whole");
        assert_eq!(plain, b"1,2\n3,4\n");
    }

    #[test]
    fn reading_ends_at_the_limit() {
        let limited = |left| {
            let mut read = Vec::new();
            let plain = &[1, 2, 3][..];
            Limited { plain, left }.read_to_end(&mut read).map(|_| read)
        };
        assert_eq!(limited(3).expect("all of it"), [1, 2, 3]);
        let error = limited(2).expect_err("one too many");
        assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
    }
}
