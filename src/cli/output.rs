//! Files that a command writes: whole or not at all, and never over another without being told to.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::{Failure, print};

/// Writes to a file, or to the standard output where there is none or it is `-`.
pub fn write(file: Option<&str>, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let Some(file) = file.filter(|file| *file != "-") else {
        return print(bytes);
    };
    to_file(Path::new(file), bytes, force)
}

/// Writes to a file.
pub fn to_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
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
    write_whole(path, bytes, force)
        .map_err(|error| Failure::Usage(format!("{file}: cannot be written: {}", reason(&error))))
}

/// The system's words alone: the error of a file that is still under another name speaks of that one.
pub fn reason(error: &std::io::Error) -> std::io::Error {
    error.kind().into()
}

/// Under another name first; the right one only when all is there.
fn write_whole(path: &Path, bytes: &[u8], force: bool) -> std::io::Result<()> {
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
    unfinished.write_all(bytes)?;
    let finished = if force {
        unfinished.persist(path)
    } else {
        unfinished.persist_noclobber(path)
    };
    finished.map(|_| ()).map_err(|error| error.error)
}
