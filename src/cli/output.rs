//! Files that a command writes: whole or not at all, never over another without being told to, and never over what the
//! command reads.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufWriter, Read, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use deeptaylor::samples::pictures_in;
use tempfile::NamedTempFile;

use super::interrupt::Unfinished;
use super::stdin::{is_read_as_stdin, is_stdin};
use super::{Failure, interrupt, stdout};

/// Writes what is to be read to a file, or to the standard output where there is none or it is `-`.
pub fn copy(file: Option<&Path>, mut from: impl BufRead, force: bool) -> Result<(), Failure> {
    match file.filter(|file| !is_stdout(file)) {
        Some(file) => copy_to_file(file, &mut from, force),
        None => stdout::print(from),
    }
}

/// Writes text, with its styles only where they are shown; what comes from outside is harmless in it already.
pub fn copy_text(file: Option<&Path>, from: impl BufRead, force: bool) -> Result<(), Failure> {
    let line = Vec::new();
    match file.filter(|file| !is_stdout(file)) {
        Some(file) => copy_to_file(file, &mut Plain { from, line }, force),
        None => stdout::copy_text(from),
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

/// Whether it is another name of the standard output.
pub fn is_stdout(file: &Path) -> bool {
    let names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    names.iter().any(|name| file == Path::new(name))
}

/// Refuses an output that is one of the inputs, by whatever path it is reached.
pub fn apart<'f>(output: &Path, inputs: impl IntoIterator<Item = &'f Path>) -> Result<(), Failure> {
    let is_read = |input: &&Path| {
        if is_stdin(input) {
            is_read_as_stdin(output)
        } else {
            same(output, input) || is_picture_in(output, input)
        }
    };
    let Some(input) = inputs.into_iter().find(is_read) else {
        return Ok(());
    };
    let what = if is_stdin(input) {
        "an input of this command, from stdin,".to_owned()
    } else if input == output || fs::canonicalize(output).is_ok_and(|path| path == input) {
        "an input of this command".to_owned()
    } else if input.is_dir() && !output.is_dir() {
        format!(
            "a picture in {}, an input of this command,",
            input.display()
        )
    } else {
        format!("{}, an input of this command,", input.display())
    };
    Err(Failure::Usage(format!(
        "{} is {what} and would be lost\n  help: write to another file",
        output.display()
    )))
}

/// Whether a file is one of the pictures that are read where a folder is given.
fn is_picture_in(file: &Path, folder: &Path) -> bool {
    file.is_file() && folder.is_dir() && {
        let pictures = pictures_in(folder);
        pictures.iter().any(|picture| same(file, picture))
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
        super::stdin::are_one(&of_a, &of_b)
    }
    #[cfg(not(unix))]
    {
        drop(of_b);
        matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
    }
}

/// Writes to a file.
pub fn to_file(path: &Path, mut bytes: &[u8], force: bool) -> Result<(), Failure> {
    copy_to_file(path, &mut bytes, force)
}

/// Straight into what is there where that is a pipe or a device.
fn copy_to_file(path: &Path, from: &mut impl Read, force: bool) -> Result<(), Failure> {
    check(path, force)?;
    let written = if is_stream(path) {
        let stream = fs::OpenOptions::new().append(true).open(path);
        stream.and_then(|mut stream| io::copy(from, &mut stream).map(|_| ()))
    } else {
        write_whole(path, from, force)
    };
    written.map_err(|error| {
        let (file, reason) = (path.display(), reason(&error));
        Failure::Usage(format!("{file}: cannot be written: {reason}"))
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
    if is_stream(path) {
        return Ok(());
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
            "{file} already exists\n  help: --force overwrites it"
        )));
    }
    Ok(())
}

/// The cause alone: the error of a file that is still under another name speaks of that one.
pub fn reason(error: &io::Error) -> io::Error {
    match error.kind() {
        // What is written has no other place than a folder.
        io::ErrorKind::NotFound => io::Error::new(error.kind(), "there is no such folder"),
        kind => kind.into(),
    }
}

/// Whether it is there and no file that could be replaced: a pipe, a device, or what the program was given open.
fn is_stream(path: &Path) -> bool {
    let open = ["/dev/fd", "/dev/stderr", "/proc"];
    open.iter().any(|open| path.starts_with(open)) && path.exists()
        || fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// Writes files, all of them or none.
pub fn to_files<P: AsRef<Path>>(files: &[(P, &[u8])], force: bool) -> Result<(), Failure> {
    for (path, _) in files {
        check(path.as_ref(), force)?;
    }
    let cannot = |path: &Path, error: &io::Error| {
        let (file, reason) = (path.display(), reason(error));
        Failure::Usage(format!("{file}: cannot be written: {reason}"))
    };
    let mut begun = Vec::new();
    for (path, bytes) in files {
        let (path, mut bytes) = (path.as_ref(), *bytes);
        let (file, unfinished) = begin(path, &mut bytes).map_err(|error| cannot(path, &error))?;
        begun.push((path, file, unfinished));
    }
    let _of_one_run = begun.first().and_then(|(path, ..)| lock(folder(path)));
    let begun = begun.into_iter();
    let (begun, unfinished): (Vec<_>, Vec<_>) = begun
        .map(|(path, file, unfinished)| ((path, file), unfinished))
        .unzip();
    let _whole = interrupt::finish(unfinished);
    let mut new: Vec<&Path> = Vec::new();
    for (path, file) in begun {
        let was_there = path.exists();
        if let Err(error) = put(file, path, force) {
            for path in new {
                let _ = fs::remove_file(path);
            }
            return Err(cannot(path, &error));
        }
        new.extend((!was_there).then_some(path));
    }
    Ok(())
}

/// While this lives no other run gives files of the folder their names: of files that belong together, all are of one run. Where
/// the system has no such lock, and where a training has it for long, the files are written all the same.
fn lock(folder: &Path) -> Option<File> {
    const STEP: Duration = Duration::from_millis(10);
    let folder = File::open(folder).ok()?;
    for _ in 0..100 {
        match folder.try_lock() {
            Ok(()) => return Some(folder),
            Err(TryLockError::WouldBlock) => thread::sleep(STEP),
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

/// Under another name first; the right one only when all is there, and on the disk.
pub fn write_whole(path: &Path, from: &mut impl Read, force: bool) -> io::Result<()> {
    let (file, _unfinished) = begin(path, from)?;
    put(file, path, force)
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// A file that has all its bytes, on the disk, but not yet its name.
fn begin(path: &Path, from: &mut impl Read) -> io::Result<(NamedTempFile, Unfinished)> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // As any new file: what the umask leaves of it.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let make = || builder.prefix(PREFIX).tempfile_in(folder(path));
    let (mut file, unfinished) = Unfinished::make(make, NamedTempFile::path)?;
    let mut out = BufWriter::with_capacity(AT_ONCE, &mut file);
    io::copy(from, &mut out)?;
    out.flush()?;
    drop(out);
    keep_permissions(path, file.path())?;
    file.as_file().sync_all()?;
    Ok((file, unfinished))
}

/// Gives a file its name.
fn put(file: NamedTempFile, path: &Path, force: bool) -> io::Result<()> {
    let finished = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    finished.map_err(|error| error.error)?;
    flush(folder(path));
    Ok(())
}

/// So many bytes are written at once.
const AT_ONCE: usize = 1 << 18;

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
