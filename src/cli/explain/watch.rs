//! `explain --watch`: the terminal shows the explanation of a file as it is now, again at every change.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::cli::request::is_stdin;
use crate::cli::{Failure, Status, stdout};

/// How often the files are looked at.
const OFTEN: Duration = Duration::from_millis(150);

/// To the corner of the screen, and everything on it away.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Explains on a clear screen whenever one of the files has changed, until Ctrl-C ends the program. What is wrong with a file
/// is told there, too: the next change may mend it.
pub fn watch(
    files: &[&Path],
    explain: impl Fn() -> Result<Status, Failure>,
) -> Result<Status, Failure> {
    check(files)?;
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let names = names.join(", ");
    loop {
        let seen = stamps(files);
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
        stdout::print_text(&format!(
            "\nwatching {names}: change it, and this is drawn again; Ctrl-C ends\n"
        ))?;
        // An editor may write a file in two steps, and take it away between them.
        while stamps(files) == seen || stamps(files).contains(&None) {
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

/// When each file was changed, and how long it is; none where it is away.
fn stamps(files: &[&Path]) -> Vec<Option<(SystemTime, u64)>> {
    let stamp = |file: &&Path| {
        let about = fs::metadata(file).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    files.iter().map(stamp).collect()
}
