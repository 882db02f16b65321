//! How much is made of a file, so that a small one cannot ask for hours or for all of the memory.

use std::path::{Path, PathBuf};

use super::refusal::refused;
use crate::error::Invalid;

/// Bytes that may be written while a file is read.
pub(super) struct Budget {
    left: u64,
    /// The other files whose bytes were counted.
    files: Vec<PathBuf>,
}

impl Budget {
    /// What any file may: the index maps of a network of pictures.
    const BASE: u64 = 1 << 27;
    /// What a byte of the file may: each weight as f64, moved a few times.
    const EACH: u64 = 32;

    /// That of a file of so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        let each = (bytes as u64).saturating_mul(Self::EACH);
        Self {
            left: Self::BASE.saturating_add(each),
            files: Vec::new(),
        }
    }

    /// Adds what the bytes of another file may, once.
    pub(super) fn add(&mut self, file: &Path, bytes: u64) {
        if !self.files.iter().any(|known| known == file) {
            self.files.push(file.to_owned());
            let each = bytes.saturating_mul(Self::EACH);
            self.left = self.left.saturating_add(each);
        }
    }

    /// Takes what so many numbers of so many bytes are.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where no more is left.
    pub(super) fn take(&mut self, numbers: usize, bytes: u64) -> Result<(), Invalid> {
        let asked = (numbers as u64).checked_mul(bytes);
        let left = asked.and_then(|asked| self.left.checked_sub(asked));
        self.left = left.ok_or_else(|| {
            refused("the graph moves and makes far more numbers than there are in the file")
        })?;
        Ok(())
    }
}
