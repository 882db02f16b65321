//! `explain --watch`: the terminal shows the explanation of a file as it is now, again at every change.

use std::ffi::OsString;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::cli::stdin::is_stdin;
use crate::cli::{Failure, Status, stdout};

/// How often the files are looked at.
const OFTEN: Duration = Duration::from_millis(150);

/// A network file of more bytes has its weights in itself.
const SHORT: u64 = 1 << 20;

/// To the corner of the screen, and everything on it away.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Explains on a clear screen whenever one of the files has changed, until Ctrl-C ends the program. What is wrong with a file
/// is told there, too: the next change may mend it.
pub fn watch(
    files: &[&Path],
    explain: impl Fn() -> Result<Status, Failure>,
) -> Result<Status, Failure> {
    check(files)?;
    loop {
        let files = with_data(files);
        let seen = stamps(&files);
        let mut out = stdout::open()?;
        out.write_all(CLEAR.as_bytes())?;
        out.flush()?;
        drop(out);
        match explain() {
            // Nobody is there any more to see it.
            Err(failure @ Failure::Output(_)) => return Err(failure),
            Err(failure) => drop(failure.report()),
            Ok(_) => {}
        }
        let names: Vec<String> = (files.iter())
            .map(|file| file.display().to_string())
            .collect();
        let names = names.join(", ");
        stdout::print_text(&format!(
            "\nwatching {names}: change it, and this is drawn again; Ctrl-C ends\n"
        ))?;
        // An editor may write a file in two steps, and take it away between them.
        let is_new = |now: &[Stamp]| now != seen && !now.contains(&None);
        while !is_new(&stamps(&files)) {
            thread::sleep(OFTEN);
        }
    }
}

/// Refuses what cannot change, and a place where nothing can be drawn again.
fn check(files: &[&Path]) -> Result<(), Failure> {
    if files.is_empty() || files.iter().any(|file| is_stdin(file) || !file.exists()) {
        return Err(Failure::Usage(
            "--watch: expected files that are there and can change\n  \
             help: deeptaylor example figure-4 -o net.json && deeptaylor explain --watch net.json"
                .to_owned(),
        ));
    }
    if !stdout::open()?.is_terminal() {
        return Err(Failure::Usage(
            "--watch draws on a terminal, and stdout is not one".to_owned(),
        ));
    }
    Ok(())
}

/// These files, and those beside them that they name: a network may have its weights there.
fn with_data(files: &[&Path]) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = files.iter().map(|file| file.to_path_buf()).collect();
    for file in files {
        let data = named_in(file).into_iter();
        let more: Vec<PathBuf> = data.filter(|data| !all.contains(data)).collect();
        all.extend(more);
    }
    all
}

/// The files beside a file whose names stand in it; none of a file that is long enough to hold all weights itself.
fn named_in(file: &Path) -> Vec<PathBuf> {
    let is_short = fs::metadata(file).is_ok_and(|about| about.is_file() && about.len() <= SHORT);
    if !is_short {
        return Vec::new();
    }
    let folder = file.parent().unwrap_or(Path::new(""));
    let entries = fs::read_dir(folder.join("."));
    let text = fs::read(file).unwrap_or_default();
    let is_named = |name: &OsString| {
        let name = name.as_encoded_bytes();
        text.windows(name.len()).any(|part| part == name)
    };
    let entries = entries.into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name()).filter(is_named);
    let mut data: Vec<PathBuf> = names
        .map(|name| folder.join(name))
        .filter(|beside| beside.is_file() && beside != file)
        .collect();
    data.sort();
    data
}

/// When a file was changed, and how long it is; none where it is away.
type Stamp = Option<(SystemTime, u64)>;

fn stamps(files: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |file: &PathBuf| {
        let about = fs::metadata(file).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::with_data;

    #[test]
    fn the_files_that_a_network_names_are_watched_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let net = r#"{ "layers": [{ "weights": { "file": "net.safetensors", "tensor": "w" } }] }"#;
        fs::write(at("net.json"), net).expect("written");
        for name in ["net.safetensors", "other.safetensors"] {
            fs::write(at(name), "").expect("written");
        }
        let watched = with_data(&[&at("net.json")]);
        assert_eq!(watched, [at("net.json"), at("net.safetensors")]);
    }
}
