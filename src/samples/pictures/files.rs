//! The pictures of a folder, with their names and classes.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Invalid, Malformed};
use crate::network::GZIP;
use crate::words::{agree, count};

/// A picture that is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PictureFile {
    pub(super) path: PathBuf,
    /// What the sample is called.
    pub(super) id: String,
    /// The class, where a subfolder says it.
    pub(super) label: Option<String>,
}

/// The pictures that were given, or lie in a folder, and what is to be said of them.
pub(super) fn find(given: &[PathBuf]) -> Result<(Vec<PictureFile>, Vec<String>), Error> {
    let (mut files, mut notes) = (Vec::new(), Vec::new());
    for path in given {
        if path.is_dir() {
            let mut left_out = Vec::new();
            let before = files.len();
            in_folder(path, &mut files, &mut left_out)?;
            if files.len() == before {
                let expected = "expected PNG or JPEG pictures in this folder, or in its folders";
                return Err(malformed(path, Invalid::new("", expected, "none")));
            }
            if let Some(first) = left_out.first() {
                let number = left_out.len();
                let are = agree(number, "is no picture and is", "are no pictures and are");
                notes.push(format!(
                    "{} {are} left out: {first}{}",
                    count(number, "file"),
                    more(number)
                ));
            }
        } else {
            files.push(PictureFile {
                path: path.clone(),
                id: name(path),
                label: None,
            });
        }
    }
    distinguish(&mut files);
    Ok((files, notes))
}

/// The pictures in a folder and in its folders, as they are read where it is given; none where it is no such folder.
#[must_use]
pub fn pictures_in(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut left_out) = (Vec::new(), Vec::new());
    let read = in_folder(folder, &mut files, &mut left_out);
    let paths = files.into_iter().map(|file| file.path);
    read.map_or(Vec::new(), |()| paths.collect())
}

/// What stands behind the first of so many names.
fn more(number: usize) -> &'static str {
    if number > 1 { ", …" } else { "" }
}

/// The pictures of a folder by name, then those of each of its folders, whose name is their class.
fn in_folder(
    folder: &Path,
    files: &mut Vec<PictureFile>,
    left_out: &mut Vec<String>,
) -> Result<(), Error> {
    let mut classes = Vec::new();
    for path in entries(folder)? {
        if path.is_dir() {
            classes.push(path);
        } else {
            add(path, None, files, left_out)?;
        }
    }
    for class in classes {
        let label = name(&class);
        for path in entries(&class)? {
            if path.is_dir() {
                let expected = "expected one level of folders, each a class";
                let help = "give the folder whose folders are the classes";
                return Err(malformed(
                    &path,
                    Invalid::new("", expected, "a folder inside of one").help(help),
                ));
            }
            add(path, Some(label.clone()), files, left_out)?;
        }
    }
    Ok(())
}

/// What lies in a folder, sorted by name, without what is hidden.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |reason| unreadable(folder, reason);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn add(
    path: PathBuf,
    label: Option<String>,
    files: &mut Vec<PictureFile>,
    left_out: &mut Vec<String>,
) -> Result<(), Error> {
    let mut start = Vec::new();
    let is_file = path.is_file();
    if is_file {
        let opened = File::open(&path).and_then(|file| file.take(4).read_to_end(&mut start));
        opened.map_err(|reason| unreadable(&path, reason))?;
    }
    let id = name(&path);
    if start.starts_with(b"\x89PNG") || start.starts_with(b"\xff\xd8\xff") {
        files.push(PictureFile { path, id, label });
    } else if start.starts_with(GZIP) {
        let invalid = Invalid::new(
            "",
            "expected pictures in a folder as they are",
            "a gzipped file",
        );
        return Err(malformed(&path, invalid.help("unpack it")));
    } else {
        left_out.push(id);
    }
    Ok(())
}

/// Names that several files share get their folder before them.
fn distinguish(files: &mut [PictureFile]) {
    let mut known = HashSet::with_capacity(files.len());
    if files.iter().all(|file| known.insert(file.id.clone())) {
        return;
    }
    for file in files {
        if let Some(folder) = file.path.parent().map(name).filter(|name| !name.is_empty()) {
            file.id = format!("{folder}/{}", file.id);
        }
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn unreadable(file: &Path, reason: io::Error) -> Error {
    Error::Unreadable {
        file: file.to_string_lossy().into_owned(),
        reason,
    }
}

fn malformed(file: &Path, invalid: Invalid) -> Error {
    Malformed::without_place(file.to_string_lossy(), invalid)
}
