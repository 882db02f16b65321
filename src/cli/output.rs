//! Files that a command writes: whole or not at all, never over another without being told to, and never over what the
//! command reads.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::interrupt::Unfinished;
use super::{Failure, print};

/// Writes to a file, or to the standard output where there is none or it is `-`.
pub fn write(file: Option<&str>, bytes: &[u8], force: bool) -> Result<(), Failure> {
    match file.map(Path::new) {
        Some(file) if !is_stdout(file) => to_file(file, bytes, force),
        _ => print(bytes),
    }
}

/// Whether it is another name of the standard output.
pub fn is_stdout(file: &Path) -> bool {
    let names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    names.iter().any(|name| file == Path::new(name))
}

/// Refuses an output that is one of the inputs, by whatever path it is reached.
pub fn apart<'f>(output: &Path, inputs: impl IntoIterator<Item = &'f Path>) -> Result<(), Failure> {
    match inputs.into_iter().find(|input| same(output, input)) {
        None => Ok(()),
        Some(input) if input == output => Err(Failure::Usage(format!(
            "{} is what the command reads, and would be lost\n  help: write to another file",
            output.display()
        ))),
        Some(input) => Err(Failure::Usage(format!(
            "{} is {}, which the command reads, and would be lost\n  help: write to another file",
            output.display(),
            input.display()
        ))),
    }
}

/// Whether two paths lead to one file or folder that is there.
pub fn same(a: &Path, b: &Path) -> bool {
    let (Ok(of_a), Ok(of_b)) = (fs::metadata(a), fs::metadata(b)) else {
        return false;
    };
    if !(of_a.is_file() || of_a.is_dir()) {
        return false;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (of_a.dev(), of_a.ino()) == (of_b.dev(), of_b.ino())
    }
    #[cfg(not(unix))]
    {
        drop(of_b);
        matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
    }
}

/// Writes to a file; straight into what is there where that is a pipe or a device.
pub fn to_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let file = path.display();
    if path.is_dir() {
        return Err(Failure::Usage(format!(
            "{file}: expected a file, found a folder"
        )));
    }
    let cannot = |error: io::Error| {
        let reason = reason(&error);
        Failure::Usage(format!("{file}: cannot be written: {reason}"))
    };
    if is_stream(path) {
        let stream = fs::OpenOptions::new().append(true).open(path);
        return stream
            .and_then(|mut stream| stream.write_all(bytes))
            .map_err(cannot);
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
    write_whole(path, bytes, force).map_err(cannot)
}

/// The system's words alone: the error of a file that is still under another name speaks of that one.
pub fn reason(error: &io::Error) -> io::Error {
    error.kind().into()
}

/// Whether it is there and no file that could be replaced: a pipe, a device, or what the program was given open.
fn is_stream(path: &Path) -> bool {
    let open = ["/dev/fd", "/dev/stderr", "/proc"];
    open.iter().any(|open| path.starts_with(open)) && path.exists()
        || fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// Under another name first; the right one only when all is there, and on the disk.
pub fn write_whole(path: &Path, bytes: &[u8], force: bool) -> io::Result<()> {
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
    let mut file = builder.prefix(PREFIX).tempfile_in(folder)?;
    let _unfinished = Unfinished::new(file.path());
    file.write_all(bytes)?;
    keep_permissions(path, file.path())?;
    file.as_file().sync_all()?;
    let finished = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    finished.map_err(|error| error.error)?;
    flush(folder);
    Ok(())
}

/// How files and folders begin that are not finished.
pub const PREFIX: &str = ".deeptaylor-";

/// Who may read and write a file that is there may do so with what comes in its place.
pub fn keep_permissions(there: &Path, instead: &Path) -> io::Result<()> {
    match fs::symlink_metadata(there) {
        Ok(there) if !there.is_symlink() => fs::set_permissions(instead, there.permissions()),
        _ => Ok(()),
    }
}

/// Puts the names of a folder on the disk, where the system can: files in it are there already.
pub fn flush(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}
