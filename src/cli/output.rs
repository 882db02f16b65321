//! Files that a command writes: whole or not at all, and never over another without being told to.

use std::fs;
use std::io::{self, BufRead, Read};
use std::path::Path;

use super::request::is_stdin;
use super::{Failure, door};

/// Writes what is to be read to a file, or to the standard output where there is none or it is `-`.
pub fn copy(file: Option<&Path>, mut from: impl BufRead, force: bool) -> Result<(), Failure> {
    match file.filter(|file| !is_stdin(file)) {
        Some(file) => copy_to_file(file, &mut from, force),
        None => door::copy(from),
    }
}

/// Writes text, with its styles only where they are shown; what comes from outside is harmless in it already.
pub fn copy_text(file: Option<&Path>, from: impl BufRead, force: bool) -> Result<(), Failure> {
    match file.filter(|file| !is_stdin(file)) {
        Some(file) => copy_to_file(
            file,
            &mut Plain {
                from,
                line: Vec::new(),
            },
            force,
        ),
        None => door::copy_text(from),
    }
}

/// Lines of text without their styles.
struct Plain<R> {
    from: R,
    line: Vec<u8>,
}

impl<R: BufRead> Read for Plain<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.line.is_empty() {
            let mut styled = Vec::new();
            self.from.read_until(b'\n', &mut styled)?;
            self.line = anstream::adapter::strip_bytes(&styled).into_vec();
        }
        let taken = self.line.len().min(to.len());
        to[..taken].copy_from_slice(&self.line[..taken]);
        self.line.drain(..taken);
        Ok(taken)
    }
}

/// Writes to a file.
pub fn to_file(path: &Path, mut bytes: &[u8], force: bool) -> Result<(), Failure> {
    copy_to_file(path, &mut bytes, force)
}

fn copy_to_file(path: &Path, from: &mut impl Read, force: bool) -> Result<(), Failure> {
    check(path, force)?;
    write_whole(path, from, force).map_err(|error| {
        Failure::Usage(format!(
            "{}: cannot be written: {}",
            path.display(),
            reason(&error)
        ))
    })
}

/// Refuses what cannot be written, before the work that leads to it.
pub fn check(path: &Path, force: bool) -> Result<(), Failure> {
    let file = path.display();
    if path.is_dir() {
        return Err(Failure::Usage(format!(
            "{file}: expected a file, found a folder"
        )));
    }
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::Usage(format!(
            "{file}: there is no folder {}",
            folder.display()
        )));
    }
    if !force && fs::symlink_metadata(path).is_ok() {
        return Err(Failure::Usage(format!(
            "{file} is there already\n  help: --force writes over it"
        )));
    }
    Ok(())
}

/// The system's words alone: the error of a file that is still under another name speaks of that one.
pub fn reason(error: &io::Error) -> io::Error {
    error.kind().into()
}

/// Under another name first; the right one only when all is there.
fn write_whole(path: &Path, from: &mut impl Read, force: bool) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // As any new file: what the umask leaves of it.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut unfinished = builder.prefix(".deeptaylor-").tempfile_in(folder)?;
    io::copy(from, &mut unfinished)?;
    let finished = if force {
        unfinished.persist(path)
    } else {
        unfinished.persist_noclobber(path)
    };
    finished.map(|_| ()).map_err(|error| error.error)
}
