//! The drawings of a report as files of their own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::printable::printable;
use deeptaylor::render::{self, Document};
use deeptaylor::words::{count, listed};

use crate::cli::{Failure, failure, output};

// The folder for them, if they are wanted.
#[derive(Args)]
pub struct FiguresArgs {
    /// Also write each figure of the page into this folder, as SVG for a paper: 01-flow.svg, or 02-sample-7-flow.svg of several samples,
    /// numbered as on the page
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    figures: Option<PathBuf>,
}

impl FiguresArgs {
    /// Writes all of them or none, where they are wanted, and says which.
    pub fn write(&self, document: &Document, force: bool) -> Result<(), Failure> {
        let Some(folder) = &self.figures else {
            return Ok(());
        };
        let figures = render::figures(document);
        let is_new = make(folder)?;
        let files = figures.iter();
        let files = files.map(|(name, file)| (folder.join(name), file.as_bytes()));
        let written = output::to_files(&files.collect::<Vec<_>>(), force);
        if written.is_err() && is_new {
            // It holds nothing.
            let _ = fs::remove_dir(folder);
        }
        written?;
        let names = match &figures[..] {
            [] => String::new(),
            [(only, _)] => format!(": {only}"),
            [(first, _), .., (last, _)] => format!(": {first} to {last}"),
        };
        let (number, folder) = (count(figures.len(), "figure"), folder.display());
        failure::note(&format!("{number} written to {folder}{names}"));
        let left = left(&figures, names_in(self.figures.as_deref()));
        if !left.is_empty() {
            let all = left.len();
            failure::note(&format!(
                "{folder} has {} more, which {} not written now: {}",
                count(all, "figure"),
                if all == 1 { "was" } else { "were" },
                listed(left, all)
            ));
        }
        Ok(())
    }
}

/// The names of all that is in a folder, in order.
fn names_in(folder: Option<&Path>) -> BTreeSet<String> {
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok());
    let names = entries.into_iter().flatten().flatten();
    names
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// Those of these files that are called as figures are and are none of `figures`.
fn left(figures: &[(String, String)], names: BTreeSet<String>) -> Vec<String> {
    let is_one = |name: &str| {
        let number = name
            .strip_suffix(".svg")
            .and_then(|name| name.split_once('-'));
        number.is_some_and(|(n, _)| n.len() > 1 && n.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let is_written = |name: &str| figures.iter().any(|(written, _)| written == name);
    names
        .into_iter()
        .filter(|name| is_one(name) && !is_written(name))
        .map(|name| printable(&name))
        .collect()
}

/// Makes the folder where it is not there; says whether it did.
fn make(folder: &Path) -> Result<bool, Failure> {
    let cannot = |reason: &dyn std::fmt::Display| {
        Failure::Usage(format!("--figures {}: {reason}", folder.display()))
    };
    if folder.is_dir() {
        return Ok(false);
    }
    if fs::symlink_metadata(folder).is_ok() {
        return Err(cannot(&"expected a folder, found a file"));
    }
    let parent = folder
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
        return Err(cannot(&format!("there is no folder {}", parent.display())));
    }
    match fs::create_dir(folder) {
        Ok(()) => Ok(true),
        Err(error) => Err(cannot(&format!(
            "cannot be made: {}",
            output::reason(&error)
        ))),
    }
}
