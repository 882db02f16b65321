//! The folder of a training: it replaces nothing without --force, and never without a whole training where there
//! was one.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use deeptaylor::result::Kind;
use deeptaylor::words::{agree, listed};
use serde::Deserialize;
use tempfile::TempDir;

use crate::cli::interrupt::Unfinished;
use crate::cli::{Failure, interrupt, output};

/// The file with all figures.
pub const FIGURES: &str = "training.json";

/// The contact sheet, as PNG and as SVG.
pub const SHEET: [&str; 2] = ["relevance.png", "relevance.svg"];

/// The files of a training besides its networks.
const BESIDE: [&str; 3] = [FIGURES, SHEET[0], SHEET[1]];

/// So many files are named.
const MOST_NAMED: usize = 3;

/// Where the files of a training go.
///
/// Where an earlier training is, the new one is made beside it, and both change places at the end. Files that the earlier
/// training does not list stay.
pub struct Folder {
    /// As it was given.
    out: PathBuf,
    /// Beside it, where there is an earlier training.
    staged: Option<Staged>,
    /// The files of the earlier training.
    earlier: Earlier,
    force: bool,
    /// Whether it was made for this training.
    is_new: bool,
    /// Held as long as the training, where the system can: two of them would mix their files.
    _alone: Option<File>,
    /// How much was written.
    bytes: usize,
}

/// A folder that is not in its place yet.
struct Staged {
    folder: TempDir,
    unfinished: Unfinished,
}

impl Folder {
    /// Makes the folder; one that holds something is used only with `force`, and never where what is `read` would be lost.
    pub fn prepare(out: &Path, force: bool, read: &[&Path]) -> Result<Self, Failure> {
        let cannot = |error| cannot(out, &error);
        if out.exists() && !out.is_dir() {
            return Err(Failure::Usage(format!(
                "{}: expected a folder, found a file",
                out.display()
            )));
        }
        output::apart(out, read.iter().copied())?;
        let is_new = !out.exists();
        fs::create_dir_all(out).map_err(cannot)?;
        let alone = alone(out)?;
        let files = entries(out).map_err(cannot)?;
        for file in files.iter().filter(|file| is_ours(file)) {
            output::apart(file, read.iter().copied())?;
        }
        if !files.is_empty() && !force {
            return Err(Failure::Usage(format!(
                "{} already exists and is not empty\n  help: --force replaces an earlier training there",
                out.display()
            )));
        }
        let earlier = Earlier::of(out);
        let mut strangers: Vec<String> = (files.iter().filter(|file| is_ours(file)))
            .filter(|file| !earlier.lists(file))
            .map(|file| name(file).to_owned())
            .collect();
        if !strangers.is_empty() {
            strangers.sort();
            let number = strangers.len();
            return Err(Failure::Usage(format!(
                "{}: no training.json there lists {}, which would be overwritten\n  help: move {} away, or choose another \
                 folder",
                out.display(),
                listed(strangers.into_iter().take(MOST_NAMED).collect(), number),
                agree(number, "it", "them")
            )));
        }
        // What cannot be written is reported before the training, not after it.
        tempfile::tempfile_in(out).map_err(cannot)?;
        let staged = earlier.is_there().then(|| Staged::beside(out)).transpose();
        Ok(Self {
            out: out.to_owned(),
            staged: staged.map_err(cannot)?,
            earlier,
            force,
            is_new,
            _alone: alone,
            bytes: 0,
        })
    }

    /// Writes a file.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.bytes += bytes.len();
        match &self.staged {
            None => {
                let written = output::to_file(&self.out.join(name), bytes, self.force);
                if written.is_err() && self.is_new {
                    // Goes only where it holds nothing.
                    let _ = fs::remove_dir(&self.out);
                }
                written
            }
            Some(staged) => {
                output::write_whole(&staged.folder.path().join(name), &mut &bytes[..], true)
                    .map_err(|error| cannot(&self.out, &error))
            }
        }
    }

    /// Puts the training in its place; how many bytes it has.
    pub fn finish(self) -> Result<usize, Failure> {
        if let Some(Staged { folder, unfinished }) = self.staged {
            let out = &self.out;
            let _whole = interrupt::finish([unfinished]);
            fs::canonicalize(out)
                .and_then(|real| put_in_place(folder, &real, &self.earlier))
                .map_err(|error| cannot(out, &error))?;
        }
        Ok(self.bytes)
    }

    /// Puts what there is of a training that did not come to its end into the folder, or beside it where an earlier one
    /// is; which folder that is.
    pub fn keep_interrupted(self) -> Result<PathBuf, Failure> {
        let Some(Staged { folder, unfinished }) = self.staged else {
            return Ok(self.out);
        };
        let _whole = interrupt::finish([unfinished]);
        free_beside(&self.out)
            .and_then(|free| {
                for file in entries(folder.path())? {
                    fs::rename(&file, free.join(name(&file)))?;
                }
                output::flush(&free);
                Ok(free)
            })
            .map_err(|error| cannot(&self.out, &error))
    }

    /// The failure of a training, and what is left of it in its folder.
    pub fn left(&self, failure: Failure) -> Failure {
        let (Failure::Usage(message), false) = (&failure, self.replaces()) else {
            return failure;
        };
        let files = entries(&self.out).unwrap_or_default().into_iter();
        let files = files.filter(|file| is_ours(file) && file.is_file());
        let mut left: Vec<String> = files.map(|file| name(&file).to_owned()).collect();
        left.sort();
        let (number, out) = (left.len(), self.out.display());
        let help = match number {
            0 => return failure,
            _ if Earlier::of(&self.out).is_there() => {
                format!("the steps before it are kept in {out}; --force replaces them")
            }
            _ => format!(
                "before another training goes there, delete {} in {out}: no training.json lists {}",
                listed(left, number),
                agree(number, "it", "them")
            ),
        };
        Failure::Usage(format!("{message}\n  help: {help}"))
    }

    /// Whether an earlier training is there until this one is finished.
    pub fn replaces(&self) -> bool {
        self.staged.is_some()
    }
}

impl Staged {
    /// Beside `out`; inside it, where it cannot change places with another folder.
    fn beside(out: &Path) -> io::Result<Self> {
        let real = fs::canonicalize(out)?;
        let make = |folder: &Path| {
            let mut builder = tempfile::Builder::new();
            let make = || builder.prefix(output::PREFIX).tempdir_in(folder);
            Unfinished::make(make, TempDir::path)
        };
        let beside = real.parent().filter(|_| !holds_the_current(&real));
        let (folder, unfinished) = match beside.map(make) {
            Some(Ok(staged)) => staged,
            _ => make(&real)?,
        };
        Ok(Self { folder, unfinished })
    }
}

/// Refuses a folder that another training writes to; gives what keeps others from it.
fn alone(out: &Path) -> Result<Option<File>, Failure> {
    let Ok(folder) = File::open(out) else {
        return Ok(None);
    };
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Err(Failure::Usage(format!(
            "{}: another run of deeptaylor is writing there\n  help: wait for its end, or choose another folder",
            out.display()
        ))),
        // Some systems have no such lock.
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Which files an earlier training has, as its training.json says.
struct Earlier(HashSet<String>);

impl Earlier {
    /// Of the training in a folder; no file at all where there is none.
    fn of(folder: &Path) -> Self {
        #[derive(Deserialize)]
        struct Listed {
            kind: Kind,
            steps: Vec<Step>,
        }
        #[derive(Deserialize)]
        struct Step {
            step: usize,
        }
        let text = fs::read(folder.join(FIGURES)).unwrap_or_default();
        let files = match serde_json::from_slice(&text) {
            Ok(Listed {
                kind: Kind::Training,
                steps,
            }) => (steps.iter().map(|step| network(step.step)))
                .chain(BESIDE.map(str::to_owned))
                .collect(),
            _ => HashSet::new(),
        };
        Self(files)
    }

    fn is_there(&self) -> bool {
        !self.0.is_empty()
    }

    fn lists(&self, file: &Path) -> bool {
        self.0.contains(name(file))
    }
}

/// Makes a folder that was not there: DIR-interrupted, or with a number; inside DIR where nothing can be made beside it.
fn free_beside(out: &Path) -> io::Result<PathBuf> {
    // What a link leads to may be on another disk.
    let beside = match out.file_name() {
        Some(_) if !out.is_symlink() => out.to_owned(),
        _ => fs::canonicalize(out)?,
    };
    let called = beside.file_name().unwrap_or_default().to_string_lossy();
    let beside = beside.with_file_name(format!("{called}-interrupted"));
    free(&beside).or_else(|_| free(&out.join("interrupted")))
}

/// Makes a folder of this name, or of this name with the first number that is free.
fn free(wanted: &Path) -> io::Result<PathBuf> {
    let mut folder = wanted.to_owned();
    for number in 2_u32.. {
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder),
        }
        let mut numbered = wanted.as_os_str().to_owned();
        numbered.push(format!("-{number}"));
        folder = numbered.into();
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Whether the user stands in a folder, who would then stand in one that is gone.
fn holds_the_current(folder: &Path) -> bool {
    std::env::current_dir()
        .and_then(fs::canonicalize)
        .is_ok_and(|current| current.starts_with(folder))
}

/// In one step where the system can; else file by file, the networks first.
fn put_in_place(staged: TempDir, out: &Path, earlier: &Earlier) -> io::Result<()> {
    let new = entries(staged.path())?;
    for file in new.iter().filter_map(|file| file.file_name()) {
        output::keep_permissions(&out.join(file), &staged.path().join(file))?;
    }
    if staged.path().parent() == out.parent() && change_places(staged.path(), out, earlier).is_ok()
    {
        // What is left is the earlier training.
        return clear(&staged.keep(), out, earlier);
    }
    let mut new: Vec<&PathBuf> = new.iter().filter(|file| is_ours(file)).collect();
    new.sort_by_key(|file| !is_step(file));
    for file in &new {
        fs::rename(file, out.join(name(file)))?;
    }
    let is_new = |file: &Path| new.iter().any(|new| new.file_name() == file.file_name());
    for file in entries(out)?
        .iter()
        .filter(|file| earlier.lists(file) && !is_new(file))
    {
        fs::remove_file(file)?;
    }
    output::flush(out);
    Ok(())
}

/// Exchanges two folders, after what no training wrote has a second name in the new one.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn change_places(staged: &Path, out: &Path, earlier: &Earlier) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    for file in entries(out)?.iter().filter(|file| !earlier.lists(file)) {
        // Of a folder, and on some systems of anything, there is no second name.
        fs::hard_link(file, staged.join(file.file_name().unwrap_or_default()))?;
    }
    fs::set_permissions(staged, fs::metadata(out)?.permissions())?;
    output::flush(staged);
    renameat_with(CWD, staged, CWD, out, RenameFlags::EXCHANGE)?;
    if let Some(parent) = out.parent() {
        output::flush(parent);
    }
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn change_places(_: &Path, _: &Path, _: &Earlier) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Removes the earlier training; a file that came meanwhile moves to the new one.
fn clear(old: &Path, out: &Path, earlier: &Earlier) -> io::Result<()> {
    for file in entries(old)? {
        let there = out.join(file.file_name().unwrap_or_default());
        if earlier.lists(&file) || output::same(&file, &there) {
            fs::remove_file(&file)?;
        } else {
            fs::rename(&file, &there)?;
        }
    }
    fs::remove_dir(old)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn cannot(out: &Path, error: &io::Error) -> Failure {
    let reason = output::reason(error);
    Failure::Usage(format!(
        "{}: files cannot be written there: {reason}",
        out.display()
    ))
}

/// The network file of a step.
pub fn network(step: usize) -> String {
    format!("step-{step:05}.json")
}

/// The name of a file in a folder; empty where it is no text.
fn name(file: &Path) -> &str {
    let name = file.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}

/// Whether a training writes files of this name.
fn is_ours(file: &Path) -> bool {
    is_step(file) || BESIDE.contains(&name(file))
}

/// Whether it is the network of a step, by its name.
fn is_step(file: &Path) -> bool {
    let step = (name(file).strip_prefix("step-")).and_then(|name| name.strip_suffix(".json"));
    step.is_some_and(|n| n.len() >= 5 && n.bytes().all(|b| b.is_ascii_digit()))
}
