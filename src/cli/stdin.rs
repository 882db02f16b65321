//! The standard input: how it is called, and files that it is read from.

#[cfg(unix)]
use std::fs::{self, File};
#[cfg(unix)]
use std::io;
use std::path::Path;

/// Whether a file stands for the standard input.
pub fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Whether a file is the one that the standard input is read from.
#[cfg(unix)]
pub fn is_read_as_stdin(file: &Path) -> bool {
    use std::os::fd::AsFd;
    let stdin = io::stdin().as_fd().try_clone_to_owned();
    let stdin = stdin.and_then(|stdin| File::from(stdin).metadata());
    let is = |stdin: fs::Metadata| {
        stdin.is_file() && fs::metadata(file).is_ok_and(|file| are_one(&file, &stdin))
    };
    stdin.is_ok_and(is)
}

/// Elsewhere nothing says which file that is.
#[cfg(not(unix))]
pub fn is_read_as_stdin(_: &Path) -> bool {
    false
}

/// Whether these are of one file.
#[cfg(unix)]
pub fn are_one(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}
