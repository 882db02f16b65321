//! The options of train about images: where they are, how to read them, and which to show.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use deeptaylor::data::{Data, ImageOptions, Images};
use deeptaylor::init::Architecture;

use crate::cli::Failure;
use crate::cli::number::above_0;
use crate::cli::request::once;

// Images, and how they are read.
#[derive(Args)]
#[command(next_help_heading = "Images")]
pub struct ImageArgs {
    /// A CSV file with one image in each row; or a folder with train.csv (and test.csv), or with the four IDX files
    /// of MNIST. All may be gzipped [default: the built-in digits]
    #[arg(long, value_name = "PATH")]
    pub data: Option<PathBuf>,

    /// The column with the classes: its name, its number from 1, first or last [default: the one named label, class
    /// or target]
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "data",
        allow_hyphen_values = true
    )]
    label: Option<String>,

    /// A column to leave out, neither class nor pixel. A column named id or index, or the index that pandas writes
    /// without a name, is always left out
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "data",
        allow_hyphen_values = true
    )]
    id: Option<String>,

    /// Whether the first line has column names [default: detected]
    #[arg(long, requires = "data")]
    header: Option<Header>,

    /// Divide the pixels by this, to make inputs from 0 to 1: a number, or max, the largest pixel [default: max]
    #[arg(long, visible_alias = "max", value_name = "N", requires = "data", value_parser = scale, allow_negative_numbers = true)]
    scale: Option<Divisor>,

    /// Height and width of an image that is not square, for example 8x16; not needed if --layers gives them, as in
    /// 1x8x16,…
    #[arg(long, value_name = "HxW", requires = "data", value_parser = shape)]
    shape: Option<[usize; 2]>,

    /// The classes to show, each by its first held-out image: 0-9, 3,5,8, or names [default: every class that is held
    /// out]
    #[arg(
        long,
        visible_alias = "classes",
        value_name = "CLASSES",
        value_delimiter = ','
    )]
    digits: Vec<String>,
}

/// A number, or else the largest pixel.
#[derive(Clone, Copy)]
struct Divisor(Option<f64>);

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Header {
    Yes,
    No,
}

impl ImageArgs {
    /// The images; `layers` may give their sides, `seed` draws those that are held out.
    pub fn open(&self, layers: &Architecture, seed: u64) -> Result<Data, Failure> {
        let Some(path) = &self.data else {
            return Ok(Data::built_in());
        };
        let likely = match layers.input().shape[..] {
            [1, height, width] => Some([height, width]),
            _ => None,
        };
        let options = ImageOptions {
            label: self.label.clone(),
            id: self.id.clone(),
            header: self.header.map(|header| header == Header::Yes),
            scale: self.scale.and_then(|Divisor(scale)| scale),
            shape: self.shape,
            likely,
            seed,
        };
        Ok(Data::open(path, &options)?)
    }

    /// The first held-out image of each class asked for.
    pub fn shown(&self, data: &Data) -> Result<Vec<usize>, Failure> {
        let test = &data.test;
        let first = |class: usize| {
            let image = (0..test.len()).find(|&n| test.label(n) == class);
            image.ok_or_else(|| {
                Failure::Usage(format!(
                    "--digits: there is no held-out image of class {}\n  help: without --digits every class that is \
                     held out is shown",
                    data.class(class)
                ))
            })
        };
        let classes = if self.digits.is_empty() {
            held_out(test)
        } else {
            let asked = self.digits.iter().map(|part| classes(part, data));
            asked.collect::<Result<Vec<_>, _>>()?.concat()
        };
        once(classes.into_iter()).map(first).collect()
    }
}

/// Every class that is held out, in order.
fn held_out(test: &Images) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..test.len()).map(|n| test.label(n)).collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}

/// Reads a part of `--digits`: a class by its name, or `3`, or `0-9`.
fn classes(part: &str, data: &Data) -> Result<Vec<usize>, Failure> {
    let part = part.trim();
    let names = data.names.iter().flatten();
    if let Some(class) = names.clone().position(|name| name == part) {
        return Ok(vec![class]);
    }
    let (from, to) = part.split_once('-').unwrap_or((part, part));
    match (from.trim().parse::<u16>(), to.trim().parse::<u16>()) {
        (Ok(from), Ok(to)) if from <= to => Ok((from..=to).map(usize::from).collect()),
        _ => {
            let known: Vec<&str> = ["0-9 or 3,5"]
                .into_iter()
                .chain(names.map(String::as_str))
                .collect();
            Err(Failure::Usage(format!(
                "--digits: expected classes as {}, found `{part}`",
                known.join(", ")
            )))
        }
    }
}

/// Reads `--scale`.
fn scale(text: &str) -> Result<Divisor, String> {
    if text == "max" {
        return Ok(Divisor(None));
    }
    above_0("255")(text)
        .map(|scale| Divisor(Some(scale)))
        .map_err(|expected| format!("{expected}, or max"))
}

/// Reads `--shape`: `8x16`.
fn shape(text: &str) -> Result<[usize; 2], String> {
    let sides: Result<Vec<usize>, _> = text.split(['x', '×']).map(str::parse).collect();
    match sides.as_deref() {
        Ok(&[height, width]) if height.checked_mul(width).is_some_and(|size| size > 0) => {
            Ok([height, width])
        }
        _ => Err("expected the height and the width of an image, for instance 8x16".to_owned()),
    }
}
