//! Archives, opened. The list of an archive stands at its end: what comes down a pipe waits until all of it is there, and not in
//! memory where it is long.

use std::fs::File;
use std::io::{self, Read};
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

/// In memory there is no room for more.
#[cfg(not(unix))]
const MOST_FROM_PIPE: u64 = LARGEST_UNPACKED;
#[cfg(unix)]
const MOST_FROM_PIPE: u64 = u64::MAX;

impl ArchiveFrom<'_> {
    /// Opens it, once all of it is there.
    pub(super) fn open(self) -> io::Result<Archive> {
        let (bytes, most, how) = match self {
            Self::File(file) => return File::open(file).and_then(Archive::of_file),
            Self::Pipe(bytes) => (bytes, MOST_FROM_PIPE, "from a pipe"),
            Self::Packed(bytes) => (bytes, LARGEST_UNPACKED, "gzipped"),
        };
        // One more than may be: whether there is more is known then.
        let mut bytes = bytes.take(most.saturating_add(1));
        let archive = waited_for(&mut bytes)?;
        if bytes.limit() == 0 {
            let expected = format!("expected an archive of at most 256 MiB {how}");
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
    #[cfg(unix)]
    File(File),
}

impl Whole {
    fn open(self) -> io::Result<Archive> {
        match self {
            Self::Memory(bytes) => Archive::of_bytes(bytes),
            #[cfg(unix)]
            Self::File(file) => Archive::of_file(file),
        }
    }
}

/// All of it, in memory where it is short, else in a file without a name.
#[cfg(unix)]
fn waited_for(bytes: &mut impl Read) -> io::Result<Whole> {
    use std::io::{Seek, Write};
    const IN_MEMORY: usize = 1 << 18;
    let mut piece = Vec::with_capacity(IN_MEMORY);
    let mut next = |piece: &mut Vec<u8>| {
        piece.clear();
        bytes.take(IN_MEMORY as u64).read_to_end(piece)
    };
    if next(&mut piece)? < IN_MEMORY {
        return Ok(Whole::Memory(piece));
    }
    let mut file = nameless().map_err(|error| no_room(&error))?;
    while !piece.is_empty() {
        file.write_all(&piece).map_err(|error| no_room(&error))?;
        next(&mut piece)?;
    }
    file.rewind()?;
    Ok(Whole::File(file))
}

/// All of it, in memory: a file would keep its name while it is read, and stay behind a program that is killed.
#[cfg(not(unix))]
fn waited_for(bytes: &mut impl Read) -> io::Result<Whole> {
    let mut whole = Vec::new();
    bytes.read_to_end(&mut whole)?;
    Ok(Whole::Memory(whole))
}

/// A new file in the folder of temporary files, which nobody else may read, and which loses its name at once: it is gone when the
/// program ends, however it ends.
#[cfg(unix)]
fn nameless() -> io::Result<File> {
    use std::fs::{self, OpenOptions};
    use std::os::unix::fs::OpenOptionsExt;
    let (folder, process) = (std::env::temp_dir(), std::process::id());
    let mut new = OpenOptions::new();
    new.read(true).write(true).create_new(true).mode(0o600);
    // A name that is taken is of another machine or container that writes there.
    let names = (0..1_000).map(|n| folder.join(format!(".deeptaylor-{process}-{n}")));
    let mut files = names.map(|path| {
        let file = new.open(&path)?;
        fs::remove_file(&path)?;
        Ok(file)
    });
    let taken = |file: &io::Result<File>| matches!(file, Err(error) if error.kind() == io::ErrorKind::AlreadyExists);
    let free = files.find(|file| !taken(file));
    free.unwrap_or_else(|| Err(io::ErrorKind::AlreadyExists.into()))
}

/// Nobody named the folder where an archive waits: the message has to say which it is.
#[cfg(unix)]
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
