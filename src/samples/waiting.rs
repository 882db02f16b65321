//! Archives, opened. The list of an archive stands at its end: what comes down a pipe waits until all of it is there, and not in
//! memory where it is long.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use super::arrays::LARGEST_UNPACKED;
use super::source::Bytes;
use crate::error::Invalid;
use crate::npy::read::{Archive, refused};

/// Where an archive comes from.
pub(super) enum ArchiveFrom<'f> {
    /// A file that holds it as it is.
    File(&'f Path),
    /// A pipe: as long as its writer likes, where there is room for it.
    Pipe(Bytes),
    /// What unpacks to it: a small file may unpack to much.
    Packed(Bytes),
}

impl ArchiveFrom<'_> {
    /// Opens it, once all of it is there.
    pub(super) fn open(self) -> io::Result<Archive> {
        let (bytes, most) = match self {
            Self::File(file) => return File::open(file).and_then(Archive::of_file),
            Self::Pipe(bytes) => (bytes, u64::MAX),
            Self::Packed(bytes) => (bytes, LARGEST_UNPACKED),
        };
        // One more than may be: whether there is more is known then.
        let mut bytes = bytes.take(most.saturating_add(1));
        let archive = waited_for(&mut bytes)?;
        if bytes.limit() == 0 {
            let expected = "expected an archive of at most 256 MiB gzipped";
            let invalid = Invalid::new("", expected, "more");
            return Err(refused(invalid.help(
                "give it as a file that is not packed: it is read in pieces",
            )));
        }
        archive.open()
    }
}

/// All of an archive.
enum Whole {
    Memory(Vec<u8>),
    File(File),
}

impl Whole {
    fn open(self) -> io::Result<Archive> {
        match self {
            Self::Memory(bytes) => Archive::of_bytes(bytes),
            Self::File(file) => Archive::of_file(file),
        }
    }
}

/// All of it, in memory where it is short, else in a file without a name.
fn waited_for(bytes: &mut impl Read) -> io::Result<Whole> {
    const IN_MEMORY: usize = 1 << 18;
    let mut piece = Vec::with_capacity(IN_MEMORY);
    let mut next = |piece: &mut Vec<u8>| {
        piece.clear();
        bytes.take(IN_MEMORY as u64).read_to_end(piece)
    };
    if next(&mut piece)? < IN_MEMORY {
        return Ok(Whole::Memory(piece));
    }
    let mut file = tempfile::tempfile().map_err(|error| no_room(&error))?;
    while !piece.is_empty() {
        file.write_all(&piece).map_err(|error| no_room(&error))?;
        next(&mut piece)?;
    }
    file.rewind()?;
    Ok(Whole::File(file))
}

/// Nobody named the folder where an archive waits: the message has to say which it is.
fn no_room(error: &io::Error) -> io::Error {
    let expected = format!(
        "expected room in {}, where an archive waits until all of it is there",
        std::env::temp_dir().display()
    );
    let invalid = Invalid::new("", expected, error.kind());
    refused(
        invalid.help("TMPDIR names another folder for that; an archive in a file is read there"),
    )
}
