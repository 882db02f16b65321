//! Reading a zip archive, as .npz files are: its list of members at the end, and each of these, stored or deflated.
//!
//! Counts and places are held against the size of the archive before anything is kept, and what a member unpacks to against
//! what the list says, so that no archive fills the memory.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::fault::{cut_short, refused};
use crate::error::Invalid;

/// The marks before the end, its place for large archives, the large end, an entry of the list, and a member.
const END: [u8; 4] = *b"PK\x05\x06";
const LOCATOR: [u8; 4] = *b"PK\x06\x07";
const LARGE_END: [u8; 4] = *b"PK\x06\x06";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// The end has so many bytes, and a comment of up to 64 KiB behind it.
const END_LENGTH: u64 = 22;
const LONGEST_COMMENT: u64 = 0xffff;
/// The bytes of an entry, without its name.
const ENTRY_LENGTH: usize = 46;
/// A longer list is refused: some hundred thousand members.
const LONGEST_LIST: u64 = 1 << 24;

/// A zip archive whose list has been read.
#[derive(Debug)]
pub(crate) struct Archive {
    store: Store,
    size: u64,
    /// The members in the order of the list.
    pub(crate) members: Vec<Member>,
}

/// A member of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Bytes as they are once unpacked.
    pub(crate) size: u64,
    packed: u64,
    at: u64,
    method: u16,
    encrypted: bool,
    crc: u32,
}

/// Where an archive lies.
#[derive(Debug)]
enum Store {
    File(BufReader<File>),
    Memory(Cursor<Vec<u8>>),
}

impl Read for Store {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(to),
            Self::Memory(bytes) => bytes.read(to),
        }
    }
}

impl Seek for Store {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

impl Archive {
    /// The archive in a file.
    pub(crate) fn of_file(file: File) -> io::Result<Self> {
        Self::open(Store::File(BufReader::with_capacity(1 << 16, file)))
    }

    /// The archive that these bytes are.
    pub(crate) fn of_bytes(bytes: Vec<u8>) -> io::Result<Self> {
        Self::open(Store::Memory(Cursor::new(bytes)))
    }

    fn open(mut store: Store) -> io::Result<Self> {
        let size = store.seek(SeekFrom::End(0))?;
        let mut archive = Self {
            store,
            size,
            members: Vec::new(),
        };
        let list = archive.list()?;
        archive.members = entries(&list)?;
        Ok(archive)
    }

    fn bytes_at(&mut self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        let end = at.checked_add(length).filter(|end| *end <= self.size);
        let within = end.and_then(|_| usize::try_from(length).ok());
        let Some(within) = within else {
            let expected = format!("expected what lies within {} bytes", self.size);
            let found = format!("{length} bytes at {at}: the archive is damaged or cut short");
            return Err(damaged(&expected, &found));
        };
        self.store.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; within];
        self.store.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The bytes of the list of members.
    fn list(&mut self) -> io::Result<Vec<u8>> {
        let behind = self.size.min(END_LENGTH + LONGEST_COMMENT);
        let start = self.size - behind;
        let tail = self.bytes_at(start, behind)?;
        let found = (0..=tail.len().saturating_sub(22)).rev();
        let mut found = found.filter(|&at| tail[at..].starts_with(&END) && tail.len() >= at + 22);
        let Some(at) = found.next() else {
            return Err(damaged(
                "expected the list of its members at its end",
                "none: the file may be cut short",
            ));
        };
        let end = &tail[at..];
        let (length, place) = (u64::from(u32_at(end, 12)), u64::from(u32_at(end, 16)));
        let (length, place) = match self.large_end(start + at as u64)? {
            Some(large) => large,
            None => (length, place),
        };
        if length > LONGEST_LIST {
            return Err(damaged(
                &format!("expected a list of at most {LONGEST_LIST} bytes"),
                &length.to_string(),
            ));
        }
        self.bytes_at(place, length)
    }

    /// Length and place of the list, where the end of a large archive has them.
    fn large_end(&mut self, end: u64) -> io::Result<Option<(u64, u64)>> {
        let Some(locator) = end.checked_sub(20) else {
            return Ok(None);
        };
        let locator = self.bytes_at(locator, 20)?;
        if !locator.starts_with(&LOCATOR) {
            return Ok(None);
        }
        let large = self.bytes_at(u64_at(&locator, 8), 56)?;
        if !large.starts_with(&LARGE_END) {
            return Err(damaged(
                "expected the end of a large archive",
                "other bytes",
            ));
        }
        Ok(Some((u64_at(&large, 40), u64_at(&large, 48))))
    }

    /// Reads a member, unpacked; its checksum is compared where it ends.
    pub(crate) fn reader(mut self, member: &Member) -> io::Result<impl Read + Send + use<>> {
        self.seek(member)?;
        Ok(Unpacked::new(self.store, member))
    }

    /// All bytes of a member, at most so many.
    pub(crate) fn whole(&mut self, member: &Member, most: u64) -> io::Result<Vec<u8>> {
        if member.size > most {
            let expected = format!("expected at most {most} bytes");
            return Err(damaged(&expected, &member.size.to_string()));
        }
        self.seek(member)?;
        let mut bytes = Vec::new();
        Unpacked::new(&mut self.store, member).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Goes to the packed bytes of a member.
    fn seek(&mut self, member: &Member) -> io::Result<()> {
        if member.encrypted || ![0, 8].contains(&member.method) {
            let found = if member.encrypted {
                "an encrypted one".to_owned()
            } else {
                format!("method {}", member.method)
            };
            let invalid = Invalid::new("", "expected a member that is stored or deflated", found);
            return Err(refused(
                invalid.help("numpy.savez and numpy.savez_compressed write such"),
            ));
        }
        let local = self.bytes_at(member.at, 30)?;
        if !local.starts_with(&LOCAL) {
            let found = format!("other bytes at {}", member.at);
            return Err(damaged("expected a member where the list says", &found));
        }
        let names = u64::from(u16_at(&local, 26)) + u64::from(u16_at(&local, 28));
        let start = member.at + 30 + names;
        if start
            .checked_add(member.packed)
            .is_none_or(|end| end > self.size)
        {
            let found = format!("{} bytes at {start}", member.packed);
            return Err(damaged("expected a member within the archive", &found));
        }
        self.store.seek(SeekFrom::Start(start))?;
        Ok(())
    }
}

/// The members that a list has.
fn entries(list: &[u8]) -> io::Result<Vec<Member>> {
    let (mut rest, mut members) = (list, Vec::new());
    while rest.len() >= ENTRY_LENGTH {
        if !rest.starts_with(&ENTRY) {
            return Err(damaged("expected a member in the list", "other bytes"));
        }
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(rest, at)));
        let [name, extra, comment] = lengths;
        let length = ENTRY_LENGTH + name + extra + comment;
        if rest.len() < length {
            return Err(damaged("expected a whole list", "a part of it"));
        }
        let extra = &rest[ENTRY_LENGTH + name..][..extra];
        let mut member = Member {
            name: String::from_utf8_lossy(&rest[ENTRY_LENGTH..][..name]).into_owned(),
            size: u64::from(u32_at(rest, 24)),
            packed: u64::from(u32_at(rest, 20)),
            at: u64::from(u32_at(rest, 42)),
            method: u16_at(rest, 10),
            encrypted: u16_at(rest, 8) & 1 == 1,
            crc: u32_at(rest, 16),
        };
        member.widen(extra);
        members.push(member);
        rest = &rest[length..];
    }
    let mut names = HashSet::with_capacity(members.len());
    let mut arrays = (members.iter()).filter_map(|member| member.name.strip_suffix(".npy"));
    let twice = arrays.find(|name| !names.insert(*name));
    if let Some(name) = twice {
        let invalid = Invalid::new(
            "",
            "expected one array of each name",
            format!("two called {name}"),
        );
        return Err(refused(
            invalid.help("save the arrays under names of their own"),
        ));
    }
    Ok(members)
}

impl Member {
    /// Takes what stands beside an entry, where its own four bytes do not suffice.
    fn widen(&mut self, mut extra: &[u8]) {
        while extra.len() >= 4 {
            let (kind, length) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
            let Some(field) = extra.get(4..4 + length) else {
                return;
            };
            if kind == 1 {
                let mut numbers = field.chunks_exact(8).map(|number| u64_at(number, 0));
                for number in [&mut self.size, &mut self.packed, &mut self.at] {
                    if *number == u64::from(u32::MAX) {
                        *number = numbers.next().unwrap_or(*number);
                    }
                }
            }
            extra = &extra[4 + length..];
        }
    }
}

/// What a member holds; it must be as long as the list says, and have its checksum.
struct Unpacked<R> {
    bytes: Packing<io::Take<R>>,
    left: u64,
    crc: Crc,
    expected: u32,
}

enum Packing<R> {
    Stored(R),
    Deflated(DeflateDecoder<R>),
}

impl<R: Read> Unpacked<R> {
    fn new(from: R, member: &Member) -> Self {
        let packed = from.take(member.packed);
        Self {
            bytes: match member.method {
                0 => Packing::Stored(packed),
                _ => Packing::Deflated(DeflateDecoder::new(packed)),
            },
            left: member.size,
            crc: Crc::new(),
            expected: member.crc,
        }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(to.len());
        if most == 0 {
            return Ok(0);
        }
        let to = &mut to[..most];
        let read = match &mut self.bytes {
            Packing::Stored(bytes) => bytes.read(to)?,
            Packing::Deflated(bytes) => bytes.read(to).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => cut_short(error, "deflated data"),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                    damaged("expected deflated data", &format!("damage: {error}"))
                }
                _ => error,
            })?,
        };
        if read == 0 {
            let found = format!("{} bytes less", self.left);
            return Err(damaged(
                "expected a member as long as the list says",
                &found,
            ));
        }
        self.crc.update(&to[..read]);
        self.left -= read as u64;
        if self.left == 0 && self.crc.sum() != self.expected {
            let expected = format!("expected the checksum {:08x}", self.expected);
            let found = format!("{:08x}: the file is damaged", self.crc.sum());
            return Err(damaged(&expected, &found));
        }
        Ok(read)
    }
}

fn damaged(expected: &str, found: &str) -> io::Error {
    refused(Invalid::new("", expected, found))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
