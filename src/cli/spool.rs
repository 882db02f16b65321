//! A result on its way out: held back until it is whole, so that an error leaves nothing behind, and not in memory
//! where it is long.

use std::io::{self, BufReader, BufWriter, Seek, Write};

use tempfile::SpooledTempFile;

/// What is longer waits in a temporary file: 64 MiB.
const IN_MEMORY: usize = 1 << 26;

/// Text or data that is written first and read then.
pub struct Spool(BufWriter<SpooledTempFile>);

impl Spool {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::beside(1)
    }

    /// One of so many that share what is held in memory.
    pub fn beside(spools: usize) -> Self {
        let most = IN_MEMORY / spools.max(1);
        Self(BufWriter::new(tempfile::spooled_tempfile(most)))
    }

    /// What was written, from its beginning.
    pub fn read(self) -> io::Result<BufReader<SpooledTempFile>> {
        let mut file = self
            .0
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(BufReader::new(file))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
