//! The drawings of a report as files of their own.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::render::{self, Document};
use deeptaylor::words::count;

use crate::cli::{Failure, failure, output};

// The folder for them, if they are wanted.
#[derive(Args)]
pub struct FiguresArgs {
    /// Also write each figure of the page into this folder, as SVG for a paper: 01-flow.svg and so on, numbered as on the
    /// page
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
        Ok(())
    }
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
