//! `--heatmap`: the relevance of the inputs as a picture.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::render::{self, Colormap, HeatmapOptions, Overlay, Scales};
use deeptaylor::result::{NetworkInfo, Sample};
use deeptaylor::words::{count, grouped};

use super::network::title;
use super::number::whole;
use super::{Failure, named, output};

/// More samples than this make a picture too large to look at.
const MOST: usize = 100;

// The picture that is asked for, if one is.
#[derive(Args, Default)]
#[command(next_help_heading = "Picture")]
pub struct Heatmap {
    /// Draw the relevance of the inputs as a PNG or SVG file, by its ending: a block a sample (at most 100), and in it an image
    /// a rule; the inputs must be an image, or a square number of values
    #[arg(long = "heatmap", value_name = "FILE", conflicts_with = "exact")]
    file: Option<PathBuf>,

    /// How many samples stand in a row of the picture [default: so many that it is about as wide as high]
    #[arg(long = "heatmap-columns", value_name = "N", value_parser = whole(1, MOST), requires = "file")]
    per_row: Option<usize>,

    /// Which images of relevance share a colour scale; the picture says it
    #[arg(long = "heatmap-scale", value_name = "SCALE", default_value = "own", value_parser = named::one::<Scales>(), requires = "file")]
    scales: Scales,

    /// The colours of relevance, which the colour-blind can tell apart, too; symmetric around 0 where any relevance is negative
    #[arg(long, default_value = "purple-orange", value_parser = named::one::<Colormap>(), requires = "file")]
    colormap: Colormap,

    /// How the picture shows image and relevance
    #[arg(long, default_value = "beside", value_parser = named::one::<Overlay>(), requires = "file")]
    overlay: Overlay,
}

/// What a picture is written as.
#[derive(Clone, Copy)]
enum Format {
    Png,
    Svg,
}

impl Format {
    /// By the ending of the name of a file.
    fn of(file: &Path) -> Result<Self, Failure> {
        let ending = file.extension().unwrap_or_default();
        match ending.to_string_lossy().to_ascii_lowercase().as_str() {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            _ => Err(Failure::Usage(format!(
                "--heatmap {}: pictures are PNG or SVG files; expected a name that ends in .png or .svg",
                file.display()
            ))),
        }
    }
}

impl Heatmap {
    /// The file that it goes to, where one is asked for.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether one is asked for.
    pub fn is_asked_for(&self) -> bool {
        self.file.is_some()
    }

    /// Refuses a file that cannot be written as asked for, or that is one of those that are read, before any work; and a
    /// picture beside a format that does not keep the samples.
    pub fn check<'f>(
        &self,
        keeps: bool,
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
        if !keeps {
            return Err(Failure::Usage(
                "--heatmap works with every format but jsonl, which does not keep the samples"
                    .to_owned(),
            ));
        }
        output::apart(file, read)?;
        Format::of(file)?;
        output::check(file, force)
    }

    /// Refuses inputs that are no image, before any work.
    pub fn check_input(&self, network: &NetworkInfo) -> Result<(), Failure> {
        match &self.file {
            Some(_) => render::check_picture(network).map_err(|invalid| refused(&invalid)),
            None => Ok(()),
        }
    }

    /// Draws samples of a network, which is called by its file where it has no name, each as every rule explains it, and
    /// writes the file.
    pub fn write(
        &self,
        (network, network_file): (&NetworkInfo, Option<&Path>),
        rules: &[&str],
        samples: &[Vec<Sample>],
        force: bool,
    ) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let options = HeatmapOptions {
            overlay: self.overlay,
            scales: self.scales,
            colormap: self.colormap,
            columns: self.per_row,
        };
        let mut network = network.clone();
        title(&mut network.name, network_file);
        let picture = render::heatmap(&network, rules, samples, options)
            .map_err(|invalid| refused(&invalid))?;
        picture.check().map_err(|error| refused(&error))?;
        let bytes = match Format::of(file)? {
            Format::Png => picture.png().map_err(|error| refused(&error))?,
            Format::Svg => picture.svg().into_bytes(),
        };
        output::to_file(file, &bytes, force)
    }
}

/// Refuses more samples than can be looked at; each is drawn for every target. `found` is how many there are, where that is known.
pub fn check_number(drawn: usize, found: Option<usize>, targets: usize) -> Result<(), Failure> {
    if drawn <= MOST {
        return Ok(());
    }
    let found = found.map_or_else(|| "more".to_owned(), |found| grouped(found * targets));
    let targets = match targets {
        1 => String::new(),
        all => format!(" (each is drawn for {})", count(all, "target")),
    };
    Err(Failure::Usage(format!(
        "--heatmap: expected at most {MOST} samples in a picture, found {found}{targets}\n  \
         help: choose with --sample, as --sample 0-9"
    )))
}

fn refused(reason: &dyn std::fmt::Display) -> Failure {
    Failure::Usage(format!("--heatmap: {reason}"))
}
