//! The built-in networks: `example:NAME` stands for one wherever a network file can.

use std::io;
use std::path::Path;

use crate::error::Error;
use crate::spelling::did_you_mean;

/// What a path begins with that names a built-in network.
const PREFIX: &str = "example:";

/// A built-in network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its name, without `example:`.
    pub name: &'static str,
    /// What it shows, in one line.
    pub shows: &'static str,
    /// The bytes of its network file.
    pub file: &'static [u8],
}

/// One row each: name, what it shows; the file is networks/NAME.json.
macro_rules! examples {
    ($($name:literal: $shows:literal,)*) => {
        [$(Example {
            name: $name,
            shows: $shows,
            file: include_bytes!(concat!("../../networks/", $name, ".json")),
        }),*]
    };
}

impl Example {
    /// The built-in networks, the simplest first.
    pub const ALL: [Self; 9] = examples! {
        "figure-4": "detection and pooling, as in Figure 4",
        "two-stage": "detection and pooling, twice",
        "lines": "which way a line runs, 3 × 3 pixels",
        "xor": "exclusive or; two samples have f(x) = 0",
        "lost-relevance": "a unit without weights loses relevance",
        "silent-pool": "a pool of silent units carries relevance",
        "residual": "a skip connection over convolutions",
        "mnist-32": "trained on digits, ten of them as samples",
        "mnist-conv": "the same with convolutions and max pools",
    };

    /// The example of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when there is none, with the name that was most likely meant.
    pub fn find(name: &str) -> Result<&'static Self, Error> {
        let known = Self::ALL.iter().map(|example| example.name);
        let found = Self::ALL.iter().find(|example| example.name == name);
        found.ok_or_else(|| Error::Unreadable {
            file: format!("{PREFIX}{name}"),
            reason: io::Error::new(
                io::ErrorKind::NotFound,
                format!(
                    "no example has this name; {}\n  help: deeptaylor example lists them",
                    did_you_mean(name, known)
                ),
            ),
        })
    }

    /// The example that a path names, where it begins with `example:`.
    ///
    /// # Errors
    ///
    /// As [`Example::find`].
    pub fn of_path(path: &Path) -> Option<Result<&'static Self, Error>> {
        let name = path.to_str()?.strip_prefix(PREFIX)?;
        Some(Self::find(name))
    }
}
