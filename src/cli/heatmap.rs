//! `--heatmap`: the relevance of the inputs as a picture.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::Network;
use deeptaylor::render::{self, Overlay};
use deeptaylor::result::Sample;

use super::{Failure, named, output};

/// The picture that is asked for, if one is.
#[derive(Args, Default)]
pub struct Heatmap {
    /// Draw the relevance of the inputs as a PNG file, a row a sample and a column a rule; the inputs must be an image, or a square number of values
    #[arg(
        long = "heatmap",
        value_name = "FILE",
        conflicts_with = "exact",
        help_heading = "Picture"
    )]
    file: Option<PathBuf>,

    /// How the picture shows image and relevance
    #[arg(
        long,
        default_value = "beside",
        value_parser = named::one::<Overlay>(),
        requires = "file",
        help_heading = "Picture"
    )]
    overlay: Overlay,
}

impl Heatmap {
    /// Whether one is asked for.
    pub fn is_asked_for(&self) -> bool {
        self.file.is_some()
    }

    /// Refuses a file that cannot be written as asked for, or that is one of those that are read, before any work.
    pub fn check<'f>(
        &self,
        force: bool,
        read: impl IntoIterator<Item = &'f Path>,
    ) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if output::is_stdout(file) {
            return Err(Failure::Usage(
                "--heatmap: expected the name of a file, for stdout has the explanation".to_owned(),
            ));
        }
        output::apart(file, read)?;
        if !(file.extension()).is_some_and(|end| end.eq_ignore_ascii_case("png")) {
            return Err(Failure::Usage(format!(
                "--heatmap {}: pictures are PNG files; expected a name that ends in .png",
                file.display()
            )));
        }
        output::check(file, force)
    }

    /// Draws samples of a network, each as every rule explains it, and writes the file.
    pub fn write(
        &self,
        network: &Network,
        rules: &[&str],
        samples: &[Vec<Sample>],
        force: bool,
    ) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let refused =
            |reason: &dyn std::fmt::Display| Failure::Usage(format!("--heatmap: {reason}"));
        let picture = render::heatmap(network.input(), rules, samples, self.overlay)
            .map_err(|invalid| refused(&invalid))?
            .map_err(|error| refused(&error))?;
        output::to_file(file, &picture, force)
    }
}
