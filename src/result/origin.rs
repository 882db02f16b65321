//! What made a result: the program, the command line, the files.

use std::io;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

/// The format of results that this program writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;

/// What the standard input is called among files.
pub(crate) const STDIN: &str = "standard input";

/// What made a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "origin")]
pub struct Origin {
    /// The name of the program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// The format of the result; grows when a reader of an older one could not understand it.
    pub format: u32,
    /// The command line, as a shell takes it.
    pub command: String,
    /// The files of the networks, and those of the samples or images.
    pub files: Vec<SourceFile>,
}

/// A file, identified by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceFile {
    /// As it was given.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Origin {
    /// This program under a command line.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            program: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            format: FORMAT,
            command: command.into(),
            files: Vec::new(),
        }
    }

    /// The same, of a network file.
    #[must_use]
    pub fn of(self, name: &str, bytes: &[u8]) -> Self {
        self.with(SourceFile::new(name, &Sha256::digest(bytes)))
    }

    /// What the network's file is called.
    pub(crate) fn stem(&self) -> Option<&str> {
        let network = |file: &&SourceFile| self.role(file) == "network file";
        stem(Path::new(&self.files.iter().find(network)?.name))
    }

    /// What a file is to the command: `network file`, `samples` or `images`.
    pub(crate) fn role(&self, file: &SourceFile) -> &'static str {
        let name = &file.name;
        let samples = [name.clone(), format!("'{name}'")].into_iter().any(|name| {
            let given = |by: &str| self.command.contains(&format!("--inputs{by}{name}"));
            given(" ") || given("=")
        });
        if self.command.starts_with("deeptaylor train") {
            "images"
        } else if samples {
            "samples"
        } else {
            "network file"
        }
    }

    /// The same, of one file more.
    #[must_use]
    pub fn with(mut self, file: SourceFile) -> Self {
        self.files.push(file);
        self
    }
}

/// A file's name without its folder and endings, by which a network is called that has none; nothing for a stream.
pub fn stem(file: &Path) -> Option<&str> {
    let name = file.file_name()?.to_str()?;
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let name = name.strip_suffix(".json").unwrap_or(name);
    (!["-", "", STDIN].contains(&name)).then_some(name)
}

impl SourceFile {
    fn new(name: &str, digest: &Output<Sha256>) -> Self {
        let mut sha256 = String::new();
        for byte in digest {
            sha256.push_str(&format!("{byte:02x}"));
        }
        Self {
            name: name.to_owned(),
            sha256,
        }
    }

    /// A file of any size, its bytes read to their end.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    pub fn read(name: &str, mut bytes: impl io::Read) -> io::Result<Self> {
        let mut hashing = Hashing(Sha256::new());
        io::copy(&mut bytes, &mut hashing)?;
        Ok(Self::new(name, &hashing.0.finalize()))
    }
}

/// A hash as what bytes are written to: `sha2` knows no streams.
struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
