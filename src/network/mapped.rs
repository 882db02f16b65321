//! Numbers of 32 bits that stay in their file: the system maps it into memory and reads a page when it is first looked at.
//! Processes that read the same file share its pages, and none of them holds a copy.
//!
//! A file must not be written to while it is mapped. Who has used the numbers asks whether the file [is as it was](Mapped::check),
//! before a result is used, and an error names it; a change within the resolution of the file's time is not seen. A file that is
//! replaced by another of its name, as programs do that write whole files, stays as it was for who has it open. A file that is cut
//! short, or that cannot be read any more, ends the process when a page is looked at that is not there (SIGBUS): no check comes
//! before that.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use memmap2::{Mmap, MmapOptions};

/// Numbers in a file that is mapped.
#[derive(Debug, Clone)]
pub(crate) struct Mapped(Arc<Open>);

#[derive(Debug)]
struct Open {
    file: File,
    path: PathBuf,
    /// What tells that a file was written to.
    state: State,
    /// The bytes of the numbers alone: whole numbers, and aligned.
    map: Mmap,
}

/// The length of a file, and when it was last written to.
type State = (u64, SystemTime);

fn state(file: &File) -> io::Result<State> {
    let there = file.metadata()?;
    Ok((there.len(), there.modified()?))
}

impl Mapped {
    /// So many numbers of a file from this byte on; none where they have to be copied: they are not aligned, this machine has the
    /// highest byte of a number first, or the system does not map the file.
    pub(super) fn of(file: &File, path: &Path, start: u64, count: usize) -> Option<Self> {
        let bytes = count.checked_mul(size_of::<f32>())?;
        let file = file.try_clone().ok()?;
        let state = state(&file).ok()?;
        if cfg!(target_endian = "big") || start.checked_add(bytes as u64)? > state.0 {
            return None;
        }
        #[allow(unsafe_code, reason = "others may write to the file")]
        // SAFETY: what has to hold is that the bytes stay what they are while they are borrowed. The map is read only, lies
        // within the file as it is now, and is owned by what lends the numbers, so that it outlives every borrow. Whether the
        // numbers begin where an f32 may is asked before they are read as such, below. What cannot be proved here is that no
        // other process writes to the file or cuts it short meanwhile: that is asked of whoever runs the program, and said in the
        // manual. This process writes no file in place, but another one that it renames. Should the numbers change all the
        // same, then every pattern of bits is an f32, and no address, length or index is made of one; `check` sees most changes,
        // not all. A page that is gone is no number at all: the system ends the process (SIGBUS).
        let map = unsafe { MmapOptions::new().offset(start).len(bytes).map(&file) }.ok()?;
        bytemuck::try_cast_slice::<u8, f32>(&map).ok()?;
        Some(Self(Arc::new(Open {
            file,
            path: path.to_owned(),
            state,
            map,
        })))
    }

    /// The numbers.
    pub(super) fn numbers(&self) -> &[f32] {
        bytemuck::cast_slice(&self.0.map)
    }

    /// Whether the file is as it was when it was mapped, as far as its length and the time of its last change tell.
    ///
    /// # Errors
    ///
    /// The file, and what is wrong with it.
    pub(super) fn check(&self) -> Result<(), (&Path, io::Error)> {
        let Open {
            file,
            path,
            state: before,
            ..
        } = &*self.0;
        match state(file) {
            Ok(now) if now == *before => Ok(()),
            Ok(_) => {
                let reason = "it was written to while its weights were in use: run again when it is whole, or write a new file in its place";
                Err((path, io::Error::other(reason)))
            }
            Err(reason) => Err((path, reason)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;
    use std::path::Path;

    use super::Mapped;

    #[test]
    #[cfg_attr(miri, ignore = "Miri maps no files")]
    fn numbers_are_those_of_the_file_where_they_are_aligned_and_in_it() {
        let numbers = [0.1_f32, -2.0, 3.5];
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        file.write_all(&[&[7; 8][..], &bytes].concat())
            .expect("written");
        let mapped = |start, count| Mapped::of(file.as_file(), file.path(), start, count);
        let whole = mapped(8, 3).expect("a map");
        assert_eq!(whole.numbers(), numbers);
        assert_eq!(mapped(12, 2).expect("a map").numbers(), &numbers[1..]);
        for (start, count) in [(7, 1), (9, 2), (8, 4), (8, usize::MAX), (u64::MAX, 1)] {
            assert!(mapped(start, count).is_none(), "{count} from {start} on");
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "Miri maps no files")]
    fn a_map_ends_where_its_file_ends_and_may_hold_nothing() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        let mapped =
            |file: &File, start, count| Mapped::of(file, Path::new("weights"), start, count);
        // An empty file: no number is in it, and none can be read.
        let nothing = mapped(file.as_file(), 0, 0).expect("a map of nothing");
        assert!(nothing.numbers().is_empty());
        assert!(mapped(file.as_file(), 0, 1).is_none());
        assert!(mapped(file.as_file(), 4, 0).is_none());
        // From one page into the next, and to the last byte: a map begins at a page, whatever was asked for.
        let numbers: Vec<f32> = (0..3000_u16).map(f32::from).collect();
        let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
        file.write_all(&bytes).expect("written");
        for start in [0, 1, 1023, 1024, 1025, 2047, 2999, 3000] {
            for count in [0, 1, 3000 - start].map(|count| count.min(3000 - start)) {
                let part = mapped(file.as_file(), 4 * start as u64, count).expect("a map");
                assert_eq!(part.numbers(), &numbers[start..start + count]);
            }
            assert!(mapped(file.as_file(), 4 * start as u64, 3001 - start).is_none());
        }
        // A file that was cut short before it is mapped: what is gone is not mapped.
        file.as_file().set_len(11_999).expect("cut");
        assert!(mapped(file.as_file(), 0, 3000).is_none());
        let whole = mapped(file.as_file(), 0, 2999).expect("a map");
        assert_eq!(whole.numbers(), &numbers[..2999]);
    }

    #[test]
    #[cfg_attr(miri, ignore = "Miri maps no files")]
    fn numbers_outlive_the_file_s_name_and_who_opened_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weights");
        fs::write(&path, 1.5_f32.to_le_bytes()).expect("written");
        let file = File::open(&path).expect("a file");
        let mapped = Mapped::of(&file, &path, 0, 1).expect("a map");
        drop(file);
        fs::remove_file(&path).expect("removed");
        let other = mapped.clone();
        drop(mapped);
        assert_eq!(other.numbers(), [1.5]);
    }

    #[test]
    #[cfg_attr(miri, ignore = "Miri maps no files")]
    fn a_file_that_is_written_to_is_found_and_one_that_is_replaced_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weights");
        fs::write(&path, [0; 16]).expect("written");
        let file = File::open(&path).expect("a file");
        let mapped = Mapped::of(&file, &path, 0, 4).expect("a map");
        let other = folder.path().join("other");
        fs::write(&other, [1; 20]).expect("written");
        fs::rename(&other, &path).expect("replaced");
        assert!(mapped.check().is_ok());
        assert_eq!(mapped.numbers(), [0.0; 4]);
        let file = File::open(&path).expect("a file");
        let mapped = Mapped::of(&file, &path, 0, 5).expect("a map");
        let mut longer = File::options().append(true).open(&path).expect("a file");
        longer.write_all(&[2]).expect("written");
        let (changed, reason) = mapped.check().expect_err("it is longer");
        assert_eq!(changed, path);
        assert!(reason.to_string().contains("was written to"), "{reason}");
    }
}
