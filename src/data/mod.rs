//! Labelled images to train on and to be tested on: from IDX files, from CSV, or the digits built into the program.

mod idx;
mod table;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ndarray::{Array2, ArrayViewMut2};

use crate::error::{Error, Invalid, Malformed, count};
use crate::samples::source;

/// A file may not be larger than this once it is unpacked: about twenty times MNIST.
const LARGEST: u64 = 1 << 30;

/// Images with their classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// Where the classes come from, for errors.
    file: String,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

/// What is trained on, and what is held out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// Where it comes from, in words.
    pub source: String,
    /// To train on.
    pub train: Images,
    /// Held out.
    pub test: Images,
}

impl Images {
    /// Puts pixels and labels together.
    fn new(
        file: &str,
        (height, width): (usize, usize),
        pixels: Vec<u8>,
        labels: Vec<u8>,
    ) -> Result<Self, Error> {
        let images = pixels.len() / (height * width);
        if images != labels.len() {
            return Err(malformed(
                file,
                Invalid::new(
                    "",
                    format!("expected {}, one for each image", count(images, "label")),
                    labels.len(),
                ),
            ));
        }
        if images == 0 {
            return Err(malformed(file, Invalid::new("", "expected images", "none")));
        }
        Ok(Self {
            file: file.to_owned(),
            height,
            width,
            pixels,
            labels,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Never: there is at least one.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Pixels of an image.
    pub fn size(&self) -> usize {
        self.height * self.width
    }

    /// The class of image `n`.
    ///
    /// # Panics
    ///
    /// When there is no such image.
    pub fn label(&self, n: usize) -> usize {
        usize::from(self.labels[n])
    }

    /// The pixels of image `n`, 0 to 255, row by row.
    ///
    /// # Panics
    ///
    /// When there is no such image.
    pub fn image(&self, n: usize) -> &[u8] {
        &self.pixels[n * self.size()..(n + 1) * self.size()]
    }

    /// Writes images as samples, x_i from 0 to 1: `to` is as many rows × pixels.
    ///
    /// # Panics
    ///
    /// When there is no such image, or `to` has other sides.
    pub fn write(&self, images: &[usize], mut to: ArrayViewMut2<f64>) {
        assert_eq!(to.dim(), (images.len(), self.size()), "a row an image");
        for (&n, mut row) in images.iter().zip(to.rows_mut()) {
            for (x, &pixel) in row.iter_mut().zip(self.image(n)) {
                *x = f64::from(pixel) / 255.0;
            }
        }
    }

    /// Images as samples, images × pixels.
    ///
    /// # Panics
    ///
    /// When there is no such image.
    pub fn samples(&self, images: &[usize]) -> Array2<f64> {
        let mut samples = Array2::zeros((images.len(), self.size()));
        self.write(images, samples.view_mut());
        samples
    }

    /// The same images with these pixels alone, in one row.
    ///
    /// # Panics
    ///
    /// When there is no such pixel.
    pub(crate) fn only(&self, pixels: &[usize]) -> Self {
        let kept = self
            .pixels
            .chunks_exact(self.size())
            .flat_map(|image| pixels.iter().map(|&i| image[i]));
        Self {
            file: self.file.clone(),
            height: 1,
            width: pixels.len(),
            pixels: kept.collect(),
            labels: self.labels.clone(),
        }
    }

    /// Which pixels are 0 in every image.
    pub fn blank(&self) -> Vec<bool> {
        let mut blank = vec![true; self.size()];
        for image in self.pixels.chunks_exact(self.size()) {
            for (blank, &pixel) in blank.iter_mut().zip(image) {
                *blank &= pixel == 0;
            }
        }
        blank
    }

    /// Whether every class is one of `classes`, counted from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], naming the first image whose class is none.
    pub fn check_classes(&self, classes: usize) -> Result<(), Error> {
        match self.labels.iter().position(|&l| usize::from(l) >= classes) {
            None => Ok(()),
            Some(n) => Err(malformed(
                &self.file,
                Invalid::new(
                    format!("image {n}"),
                    format!(
                        "expected a class from 0 to {}, for the network has {}",
                        classes - 1,
                        count(classes, "output")
                    ),
                    format!("class {}", self.labels[n]),
                )
                .help("pool:N at the end of --layers adds up N units for each output"),
            )),
        }
    }
}

impl Data {
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
            let pixels = ("built-in images", unpacked("built-in images", pixels)?);
            let labels = ("built-in labels", unpacked("built-in labels", labels)?);
            idx::images((pixels.0, &pixels.1), (labels.0, &labels.1))
        };
        Self {
            source: "MNIST, the first 5,000 digits, and 1,000 held out".to_owned(),
            train: images(TRAIN).expect("the built-in digits are well-formed"),
            test: images(TEST).expect("the built-in digits are well-formed"),
        }
    }

    /// Reads a folder with the four IDX files of MNIST, plain or gzipped, or with train.csv and test.csv; or a single
    /// CSV file, of which every sixth row is held out.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] where a file is not there, [`Error::Malformed`] where it is not what it should be.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        if !path.exists() {
            return Err(Error::Unreadable {
                file: name,
                reason: std::io::Error::new(std::io::ErrorKind::NotFound, "no such file or folder"),
            });
        }
        let (train, test) = if path.is_file() {
            table::split(&read(path)?, &name)?
        } else if let Some(train) = found(path, &["train.csv", "mnist_train.csv"]) {
            let test = needed(path, &["test.csv", "mnist_test.csv"])?;
            let whole = |file: &Path| table::images(&read(file)?, &file.display().to_string());
            (whole(&train)?, whole(&test)?)
        } else {
            (idx_pair(path, "train")?, idx_pair(path, "t10k")?)
        };
        if (train.height, train.width) != (test.height, test.width) {
            return Err(malformed(
                &name,
                Invalid::new(
                    "",
                    format!(
                        "expected test images of {} × {} as the training images",
                        train.height, train.width
                    ),
                    format!("{} × {}", test.height, test.width),
                ),
            ));
        }
        let source = format!(
            "{name}, {} to train on and {} held out",
            count(train.len(), "image"),
            count(test.len(), "image")
        );
        Ok(Self {
            source,
            train,
            test,
        })
    }
}

/// Images and labels of one part of MNIST.
fn idx_pair(folder: &Path, part: &str) -> Result<Images, Error> {
    let names = |kind: &str, sides: u8| {
        [
            format!("{part}-{kind}-idx{sides}-ubyte"),
            format!("{part}-{kind}.idx{sides}-ubyte"),
        ]
        .into_iter()
        .flat_map(|name| [name.clone(), name + ".gz"])
        .collect::<Vec<String>>()
    };
    let load = |names: Vec<String>| {
        let file = needed(folder, &names)?;
        Ok::<_, Error>((file.display().to_string(), read(&file)?))
    };
    let pixels = load(names("images", 3))?;
    let labels = load(names("labels", 1))?;
    idx::images((&pixels.0, &pixels.1), (&labels.0, &labels.1))
}

fn found<S: AsRef<str>>(folder: &Path, names: &[S]) -> Option<PathBuf> {
    let mut paths = names.iter().map(|name| folder.join(name.as_ref()));
    paths.find(|path| path.is_file())
}

fn needed<S: AsRef<str>>(folder: &Path, names: &[S]) -> Result<PathBuf, Error> {
    found(folder, names).ok_or_else(|| {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Error::Unreadable {
            file: folder.join(names[0]).display().to_string(),
            reason: std::io::Error::new(
                std::io::ErrorKind::NotFound,
                format!(
                    "no such file\n  help: --data takes a folder with the four IDX files of MNIST (here one of {}), \
                     with train.csv and test.csv, or a CSV file with a column label",
                    names.join(", ")
                ),
            ),
        }
    })
}

/// A file's bytes, unpacked where they are gzipped.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let file = path.display().to_string();
    let bytes = fs::read(path).map_err(|reason| Error::Unreadable {
        file: file.clone(),
        reason,
    })?;
    unpacked(&file, &bytes)
}

fn unpacked(file: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    if !source::is_packed(bytes) {
        return Ok(bytes.to_vec());
    }
    let mut plain = Vec::new();
    source::unpacked(bytes)
        .take(LARGEST + 1)
        .read_to_end(&mut plain)
        .map_err(|error| malformed(file, source::refusal(error)))?;
    if plain.len() as u64 > LARGEST {
        return Err(malformed(
            file,
            Invalid::new("", "expected at most 1 GiB of data", "more"),
        ));
    }
    Ok(plain)
}

fn malformed(file: &str, invalid: Invalid) -> Error {
    Malformed {
        file: file.to_owned(),
        position: None,
        invalid,
        excerpt: None,
    }
    .into()
}
