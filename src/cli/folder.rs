//! The folder of a training: never over anything without being told to.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Failure, output};

/// Makes the folder; one that holds something is used only with `--force`, and the files of an earlier training go.
pub fn prepare(out: &Path, force: bool) -> Result<(), Failure> {
    let name = out.display();
    let cannot = |error: std::io::Error| {
        let reason = output::reason(&error);
        Failure::Usage(format!("{name}: files cannot be written there: {reason}"))
    };
    if out.exists() && !out.is_dir() {
        return Err(Failure::Usage(format!(
            "{name}: expected a folder, found a file"
        )));
    }
    fs::create_dir_all(out).map_err(cannot)?;
    let files: Vec<PathBuf> = fs::read_dir(out)
        .map_err(cannot)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    if !files.is_empty() && !force {
        return Err(Failure::Usage(format!(
            "{name} is there already and not empty\n  help: --force puts this training in the place of an earlier one"
        )));
    }
    // What cannot be written is told before the training, not after it.
    tempfile::tempfile_in(out).map_err(cannot)?;
    for file in files.iter().filter(|file| is_ours(file)) {
        fs::remove_file(file).map_err(cannot)?;
    }
    Ok(())
}

/// Whether a training wrote it, by its name.
fn is_ours(file: &Path) -> bool {
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let step = name
        .strip_prefix("step-")
        .and_then(|rest| rest.strip_suffix(".json"));
    matches!(name, "training.json" | "relevance.png")
        || step.is_some_and(|n| n.len() >= 5 && n.bytes().all(|b| b.is_ascii_digit()))
}
