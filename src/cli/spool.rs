//! A result on its way out: held back until it is whole, so that an error leaves nothing behind, and not in memory
//! where it is long.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use super::output;

/// What is longer waits in a temporary file: 4 MiB, so that memory does not grow with the samples.
const IN_MEMORY: usize = 1 << 22;
/// Files are written and read in pieces of so many bytes.
const PIECE: usize = 1 << 16;

/// Memory that several spools share.
pub struct Room(Rc<Cell<usize>>);

/// Text or data that is written first and read then.
pub struct Spool {
    /// Bytes that may still be held in memory.
    room: Rc<Cell<usize>>,
    held: Vec<u8>,
    /// Where all of it is, once there was no room.
    file: Option<BufWriter<File>>,
}

/// What was written, from its beginning.
pub enum Spooled {
    Memory(Cursor<Vec<u8>>),
    File(BufReader<File>),
}

impl Room {
    /// All of it is free.
    pub fn new() -> Self {
        Self(Rc::new(Cell::new(IN_MEMORY)))
    }

    /// One of the spools, with nothing in it yet.
    pub fn spool(&self) -> Spool {
        Spool {
            room: Rc::clone(&self.0),
            held: Vec::new(),
            file: None,
        }
    }
}

impl Spool {
    /// Nothing yet, and all the room.
    pub fn new() -> Self {
        Room::new().spool()
    }

    /// What was written, from its beginning.
    pub fn read(self) -> io::Result<Spooled> {
        let Some(file) = self.file else {
            return Ok(Spooled::Memory(Cursor::new(self.held)));
        };
        let file = file.into_inner().map_err(io::IntoInnerError::into_error);
        let mut file = file.map_err(|error| while_waiting(&error))?;
        file.rewind()?;
        Ok(Spooled::File(BufReader::with_capacity(PIECE, file)))
    }

    /// From memory to a file, and the room is free again.
    fn leave_memory(&mut self) -> io::Result<&mut BufWriter<File>> {
        let file = tempfile::tempfile().map_err(|error| while_waiting(&error))?;
        let mut file = BufWriter::with_capacity(PIECE, file);
        file.write_all(&self.held)
            .map_err(|error| while_waiting(&error))?;
        self.room.set(self.room.get() + self.held.len());
        self.held = Vec::new();
        Ok(self.file.insert(file))
    }
}

/// The folder where a result waits is not the one where it goes: who reads the message has to know which of both is full.
fn while_waiting(error: &io::Error) -> io::Error {
    let (reason, folder) = (output::reason(error), std::env::temp_dir());
    let message = format!(
        "{}, where it waits until it is whole: {reason}\n  help: TMPDIR names another folder for that",
        folder.display()
    );
    io::Error::new(error.kind(), message)
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            return file.write(bytes).map_err(|error| while_waiting(&error));
        }
        match self.room.get().checked_sub(bytes.len()) {
            Some(room) => {
                self.room.set(room);
                self.held.write(bytes)
            }
            None => self.leave_memory()?.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Read for Spooled {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(to),
            Self::File(file) => file.read(to),
        }
    }
}

impl BufRead for Spooled {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Memory(bytes) => bytes.fill_buf(),
            Self::File(file) => file.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self {
            Self::Memory(held) => held.consume(bytes),
            Self::File(file) => file.consume(bytes),
        }
    }
}

impl Seek for Spooled {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => bytes.seek(to),
            Self::File(file) => file.seek(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::{IN_MEMORY, Room};

    #[test]
    fn what_has_no_room_in_memory_waits_in_a_file_and_is_read_as_it_was_written() {
        let room = Room::new();
        let (mut large, mut small) = (room.spool(), room.spool());
        let piece: Vec<u8> = (0..=255).cycle().take(IN_MEMORY / 2).collect();
        for _ in 0..2 {
            for spool in [&mut large, &mut small] {
                spool.write_all(&piece).expect("there is room");
                spool.write_all(b"end").expect("there is room");
            }
        }
        assert_eq!([large.file.is_some(), small.file.is_some()], [true, true]);
        let mut third = room.spool();
        third.write_all(&piece).expect("there is room");
        assert!(third.file.is_none(), "the room of the others is free again");
        for spool in [large, small] {
            let mut all = Vec::new();
            let read = spool
                .read()
                .and_then(|mut spool| spool.read_to_end(&mut all));
            read.expect("it was written");
            assert!(all == [&piece[..], b"end", &piece, b"end"].concat());
        }
    }
}
