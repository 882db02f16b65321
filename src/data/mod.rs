//! Labelled images to train on and to be tested on: from IDX files, from CSV, or the digits built into the program.

mod about;
mod classes;
mod columns;
mod file;
mod idx;
mod images;
mod lines;
mod split;
mod table;
mod tables;

use std::path::{Path, PathBuf};

use crate::error::{Error, Invalid, Malformed};
use crate::words::count;
pub use about::TableInfo;
use file::PackedFile;
pub use images::{Images, outputs_for};

/// How to read data, where the files do not show it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImageOptions {
    /// The column of classes in a CSV file: its name, its number from 1, `first` or `last`; else one named label, class
    /// or target.
    pub label: Option<String>,
    /// A column that is neither class nor pixel.
    pub id: Option<String>,
    /// Whether the first line of a CSV file has names; else its content says so.
    pub header: Option<bool>,
    /// What pixels are divided by; else the largest of them.
    pub scale: Option<f64>,
    /// Height and width of the images in a CSV file.
    pub shape: Option<[usize; 2]>,
    /// The same where it fits; else they are squares.
    pub likely: Option<[usize; 2]>,
    /// Decides which images are held out, where no file has them apart.
    pub seed: u64,
}

/// What is trained on, and what is held out.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// Where it comes from, in words.
    pub source: String,
    /// What is to be known of how it was read, a sentence each.
    pub notes: Vec<String>,
    /// The names of the classes, from 0; none where classes are numbers.
    pub names: Option<Vec<String>>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// The lines of the images that were held out of a file; empty where they have a file of their own.
    pub held_out: Vec<u32>,
    /// What the columns of a CSV file are.
    pub table: Option<TableInfo>,
    /// Whether they are the digits that come with the program.
    built_in: bool,
    /// To train on.
    pub train: Images,
    /// Held out.
    pub test: Images,
}

impl Data {
    /// Whether they are rows of a table that are no images.
    fn is_no_image(&self) -> bool {
        self.table.as_ref().is_some_and(TableInfo::is_no_image)
    }

    /// What one of them is called.
    pub fn sample(&self) -> &'static str {
        if self.is_no_image() {
            "sample"
        } else {
            "image"
        }
    }

    /// Whether they are the digits that come with the program.
    pub fn is_built_in(&self) -> bool {
        self.built_in
    }

    /// The first 5,000 training and 1,000 test digits of MNIST.
    ///
    /// # Panics
    ///
    /// Never: the tests read the same bytes.
    pub fn built_in() -> Self {
        const TRAIN: [&[u8]; 2] = [
            include_bytes!("../../examples/data/mnist-small/train-images-idx3-ubyte.gz"),
            include_bytes!("../../examples/data/mnist-small/train-labels-idx1-ubyte.gz"),
        ];
        const TEST: [&[u8]; 2] = [
            include_bytes!("../../examples/data/mnist-small/t10k-images-idx3-ubyte.gz"),
            include_bytes!("../../examples/data/mnist-small/t10k-labels-idx1-ubyte.gz"),
        ];
        let images = |[pixels, labels]: [&[u8]; 2]| {
            let pixels = PackedFile::of("built-in images", pixels).whole()?;
            let labels = PackedFile::of("built-in labels", labels).whole()?;
            idx::images(pixels, labels)
        };
        Self {
            source: "MNIST, the first 5,000 digits, and 1,000 held out".to_owned(),
            notes: Vec::new(),
            names: None,
            files: Vec::new(),
            held_out: Vec::new(),
            table: None,
            built_in: true,
            train: images(TRAIN).expect("the built-in digits are well-formed"),
            test: images(TEST).expect("the built-in digits are well-formed"),
        }
    }

    /// Reads a folder with the four IDX files of MNIST, or with train.csv and test.csv, or a single CSV file; each plain
    /// or gzipped. Where no file with classes is held out, one image in six is, of every class in proportion, as the
    /// seed draws them.
    ///
    /// Pixels become inputs from 0 to 1: they are divided by the largest of all.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where a file is not there, [`Error::Malformed`] where it is not what it should be, or can be
    /// read in more than one way.
    pub fn open(path: &Path, options: &ImageOptions) -> Result<Self, Error> {
        let name = path.display().to_string();
        path.metadata().map_err(|reason| Error::Unreadable {
            file: name.clone(),
            reason,
        })?;
        let csv = |name: &str| found(path, &packed_or_not([name, &format!("mnist_{name}")]));
        let mut data = if path.is_file() {
            Self::of_tables(path, None, options)?
        } else if let Some(train) = csv("train.csv") {
            Self::of_tables(&train, csv("test.csv").as_deref(), options)?
        } else {
            let data = Self {
                source: "held out".to_owned(),
                notes: Vec::new(),
                names: None,
                files: [idx_files(path, "train")?, idx_files(path, "t10k")?].concat(),
                held_out: Vec::new(),
                table: None,
                built_in: false,
                train: idx_pair(path, "train")?,
                test: idx_pair(path, "t10k")?,
            };
            no_columns(&name, options)?;
            data
        };
        let [train, test] = [&data.train, &data.test].map(|images| [images.height, images.width]);
        if train != test {
            let [train, test] = [train, test].map(|[height, width]| format!("{height} × {width}"));
            let expected = format!("expected test images of {train} as the training images");
            return Err(malformed(&name, Invalid::new("", expected, test)));
        }
        let pixels = (data.divide(options.scale)).map_err(|invalid| malformed(&name, invalid))?;
        data.source = format!(
            "{name}, {} to train on and {} {}; {pixels}",
            count(data.train.len(), data.sample()),
            count(data.test.len(), data.sample()),
            data.source
        );
        Ok(data)
    }

    /// Divides every pixel by `wanted`, or else by the largest of all; what was done, in words.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where a pixel is larger than what is wanted, or what is trained on and what is held out seem to have
    /// different scales.
    pub fn divide(&mut self, wanted: Option<f64>) -> Result<String, Invalid> {
        let ([low, train], [least, test]) = (self.train.range(), self.test.range());
        let largest = train.max(test);
        if largest == 0.0 {
            return Err(Invalid::new("", "expected pixels", "0 everywhere"));
        }
        let scale = wanted.unwrap_or(largest);
        if largest > scale {
            let expected = format!("--scale: expected no pixel beyond {scale}");
            return Err(Invalid::new("", expected, largest)
                .help("without --scale pixels are divided by the largest one"));
        }
        if wanted.is_none() && 2.0 * train.min(test) < largest {
            let expected =
                format!("expected one scale for all images; the largest training pixel is {train}");
            return Err(
                Invalid::new("", expected, format!("{test} among the held-out images"))
                    .help(format!("--scale {largest} divides both by the same number")),
            );
        }
        self.train.divide_by(scale);
        self.test.divide_by(scale);
        let least = low.min(least);
        let values = if self.is_no_image() {
            "values"
        } else {
            "pixels"
        };
        Ok(format!("{values} {least} to {largest}, divided by {scale}"))
    }
}

/// Options of CSV files have nothing to say of IDX files.
fn no_columns(folder: &str, options: &ImageOptions) -> Result<(), Error> {
    let given = [
        ("--label", options.label.is_some()),
        ("--id", options.id.is_some()),
        ("--header", options.header.is_some()),
        ("--shape", options.shape.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((option, _)) => {
            let expected = format!("{option}: expected CSV");
            Err(malformed(folder, Invalid::new("", expected, "IDX files")))
        }
    }
}

/// Images and labels of one part of MNIST.
fn idx_pair(folder: &Path, part: &str) -> Result<Images, Error> {
    let [images, labels] = idx_files(folder, part)?;
    idx::images(
        PackedFile::open(&images)?.whole()?,
        PackedFile::open(&labels)?.whole()?,
    )
}

/// The files of the images and labels of one part.
fn idx_files(folder: &Path, part: &str) -> Result<[PathBuf; 2], Error> {
    let file = |kind: &str, sides: u8| {
        let names = packed_or_not([
            &format!("{part}-{kind}-idx{sides}-ubyte"),
            &format!("{part}-{kind}.idx{sides}-ubyte"),
        ]);
        needed(folder, &names)
    };
    Ok([file("images", 3)?, file("labels", 1)?])
}

/// Names of a file, each plain and gzipped.
fn packed_or_not(names: [&str; 2]) -> Vec<String> {
    let both = |name: &str| [name.to_owned(), format!("{name}.gz")];
    names.into_iter().flat_map(both).collect()
}

fn found(folder: &Path, names: &[String]) -> Option<PathBuf> {
    let mut paths = names.iter().map(|name| folder.join(name));
    paths.find(|path| path.is_file())
}

fn needed(folder: &Path, names: &[String]) -> Result<PathBuf, Error> {
    found(folder, names).ok_or_else(|| Error::Unreadable {
        file: folder.join(&names[0]).display().to_string(),
        reason: std::io::Error::new(
            std::io::ErrorKind::NotFound,
            format!(
                "No such file or directory\n  help: --data takes a folder with the four IDX files of MNIST (here one of {}), \
                 with train.csv, or a CSV file",
                names.join(", ")
            ),
        ),
    })
}

fn malformed(file: &str, invalid: Invalid) -> Error {
    Malformed::without_place(file, invalid)
}
