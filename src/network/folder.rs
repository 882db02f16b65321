//! The folder of a network file, and the files of tensors in it: none outside of it is ever read.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::error::Invalid;

/// The folder of a network file; none where a network is read from no file.
pub(super) struct Folder {
    path: Option<PathBuf>,
    /// The folder of the file that the network file is a link to, where it is one.
    of_target: Option<PathBuf>,
}

impl Folder {
    /// The folder of a file.
    pub(super) fn of(file: Option<&Path>) -> Self {
        let target = file.filter(|file| file.is_symlink());
        let target = target.and_then(|file| file.canonicalize().ok());
        Self {
            path: file.map(|file| file.parent().unwrap_or(Path::new("")).to_owned()),
            of_target: target.and_then(|target| target.parent().map(Path::to_owned)),
        }
    }

    /// Where a file of tensors is, once links are followed: in the folder, or below it; or beside the network file where that is
    /// a link, too, as in a cache whose names are all links.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when there is no folder, the path leads out of it, or there is no such file.
    pub(super) fn path(&self, file: &str) -> Result<PathBuf, Invalid> {
        let Some(folder) = &self.path else {
            let message = format!(
                "`{file}` is looked for beside the network file, and this network is read from no file"
            );
            let help = "save the network as a file beside it, or write the weights into it";
            return Err(Invalid {
                path: String::new(),
                message,
                help: Some(help.to_owned()),
            });
        };
        let within = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if file.is_empty() || !Path::new(file).components().all(within) {
            return Err(outside(format!("`{file}`")));
        }
        let folder = folder.join(".");
        let resolved = |path: &Path| {
            let path = path.canonicalize();
            path.map_err(|reason| refused(file, format!("cannot be read: {reason}")))
        };
        let path = resolved(&folder.join(file))?;
        let beside = path
            .parent()
            .is_some_and(|of| Some(of) == self.of_target.as_deref());
        if beside || path.starts_with(resolved(&folder)?) {
            Ok(path)
        } else {
            Err(outside(format!("`{file}`, a link out of it")))
        }
    }
}

/// What is expected of a path that leads out of the folder.
pub(super) const OUTSIDE: &str = "expected a file in the folder of the network file";

/// What is wrong with a file of tensors.
pub(super) fn refused(file: &str, reason: impl fmt::Display) -> Invalid {
    Invalid {
        path: String::new(),
        message: format!("{file}: {reason}"),
        help: None,
    }
}

fn outside(found: String) -> Invalid {
    Invalid::new("", OUTSIDE, found)
        .help("put the tensors beside the network file, and write their path from there")
}
