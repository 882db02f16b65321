//! Images with their classes, and how their pixels are kept.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayViewMut2};

use super::malformed;
use crate::error::{Error, Invalid};
use crate::words::count;

/// Images with their classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Images {
    /// Where the classes come from, for errors.
    file: String,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels of a row.
    pub width: usize,
    pixels: Pixels,
    labels: Vec<u32>,
    /// The line of the file that each comes from, where it has lines.
    lines: Vec<u32>,
    /// What a pixel is divided by to be an input.
    scale: f64,
}

/// Values of pixels, one image behind the other: a byte each where all are whole numbers up to 255.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pixels {
    Bytes(Vec<u8>),
    Numbers(Vec<f64>),
}

impl Pixels {
    /// Adds a value.
    pub(super) fn push(&mut self, value: f64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::float_cmp,
            reason = "it is compared with what it came from"
        )]
        let byte = Some(value as u8).filter(|&byte| f64::from(byte) == value);
        match (&mut *self, byte) {
            (Self::Bytes(bytes), Some(byte)) => bytes.push(byte),
            (Self::Bytes(bytes), None) => {
                let mut numbers: Vec<f64> = bytes.iter().map(|&byte| f64::from(byte)).collect();
                numbers.push(value);
                *self = Self::Numbers(numbers);
            }
            (Self::Numbers(numbers), _) => numbers.push(value),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// The values that `at` names, in its order.
    fn chosen(&self, at: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(at.map(|n| bytes[n]).collect()),
            Self::Numbers(numbers) => Self::Numbers(at.map(|n| numbers[n]).collect()),
        }
    }

    /// The smallest and the largest.
    fn range(&self) -> [f64; 2] {
        let of = |values: &mut dyn Iterator<Item = f64>| {
            values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
                [low.min(x), high.max(x)]
            })
        };
        match self {
            Self::Bytes(bytes) => of(&mut bytes.iter().map(|&byte| f64::from(byte))),
            Self::Numbers(numbers) => of(&mut numbers.iter().copied()),
        }
    }
}

impl Images {
    /// Puts pixels and labels together; a pixel is divided by the largest of them.
    pub(super) fn new(
        file: &str,
        [height, width]: [usize; 2],
        pixels: Pixels,
        labels: Vec<u32>,
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
        let [_, largest] = pixels.range();
        Ok(Self {
            file: file.to_owned(),
            height,
            width,
            pixels,
            labels,
            lines: Vec::new(),
            scale: largest,
        })
    }

    /// The same, each from a line of the file.
    pub(super) fn of_lines(self, lines: Vec<u32>) -> Self {
        Self { lines, ..self }
    }

    /// Takes another divisor.
    pub(super) fn divide_by(&mut self, scale: f64) {
        self.scale = scale;
    }

    /// The smallest and the largest pixel, before they are divided.
    pub fn range(&self) -> [f64; 2] {
        self.pixels.range()
    }

    /// What a pixel is divided by to be an input from 0 to 1.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    /// The line of the file that each comes from; empty where it has no lines.
    pub(super) fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// By how much the images differ in each pixel, before they are divided.
    pub(super) fn ranges(&self) -> Vec<f64> {
        let size = self.size();
        let range = |i: usize| {
            let [low, high] = self
                .pixels
                .chosen((i..self.pixels.len()).step_by(size))
                .range();
            high - low
        };
        (0..size).map(range).collect()
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
        self.labels[n] as usize
    }

    /// How many images each class has that has any.
    pub(super) fn classes(&self) -> BTreeMap<usize, usize> {
        let mut classes = BTreeMap::new();
        for n in 0..self.len() {
            *classes.entry(self.label(n)).or_default() += 1;
        }
        classes
    }

    /// Image `n` in levels of grey, from 0 to 255, row by row: `255·x`, rounded.
    ///
    /// # Panics
    ///
    /// When there is no such image.
    pub fn grey(&self, n: usize) -> Vec<u8> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 255, for x is from 0 to 1"
        )]
        let grey = |x: &f64| (255.0 * x).round() as u8;
        self.samples(&[n]).iter().map(grey).collect()
    }

    /// Writes images as samples, x_i from 0 to 1: `to` is as many rows × pixels.
    ///
    /// # Panics
    ///
    /// When there is no such image, or `to` has other sides.
    pub fn write(&self, images: &[usize], mut to: ArrayViewMut2<f64>) {
        let size = self.size();
        assert_eq!(to.dim(), (images.len(), size), "a row an image");
        // A quotient takes longer than to look it up.
        let of_byte: [f64; 256] = std::array::from_fn(|pixel| pixel as f64 / self.scale);
        for (&n, mut row) in images.iter().zip(to.rows_mut()) {
            let pixels = n * size..(n + 1) * size;
            match &self.pixels {
                Pixels::Bytes(bytes) => {
                    for (x, &pixel) in row.iter_mut().zip(&bytes[pixels]) {
                        *x = of_byte[usize::from(pixel)];
                    }
                }
                Pixels::Numbers(numbers) => {
                    for (x, pixel) in row.iter_mut().zip(&numbers[pixels]) {
                        *x = pixel / self.scale;
                    }
                }
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
        let size = self.size();
        let kept = (0..self.len()).flat_map(|n| pixels.iter().map(move |&i| n * size + i));
        Self {
            file: self.file.clone(),
            height: 1,
            width: pixels.len(),
            pixels: self.pixels.chosen(kept),
            labels: self.labels.clone(),
            lines: self.lines.clone(),
            scale: self.scale,
        }
    }

    /// Those images of which `taken` says so.
    pub(super) fn those(&self, taken: impl Fn(usize) -> bool) -> Self {
        let size = self.size();
        let images: Vec<usize> = (0..self.len()).filter(|&n| taken(n)).collect();
        let pixels = images.iter().flat_map(|&n| n * size..(n + 1) * size);
        Self {
            file: self.file.clone(),
            pixels: self.pixels.chosen(pixels),
            labels: images.iter().map(|&n| self.labels[n]).collect(),
            lines: (images.iter().filter_map(|&n| self.lines.get(n).copied())).collect(),
            ..*self
        }
    }

    /// Which pixels are 0 in every image.
    pub fn blank(&self) -> Vec<bool> {
        fn of<T: Copy>(values: &[T], size: usize, is_zero: fn(T) -> bool) -> Vec<bool> {
            let mut blank = vec![true; size];
            for image in values.chunks_exact(size) {
                for (blank, &pixel) in blank.iter_mut().zip(image) {
                    *blank &= is_zero(pixel);
                }
            }
            blank
        }
        match &self.pixels {
            Pixels::Bytes(bytes) => of(bytes, self.size(), |pixel| pixel == 0),
            Pixels::Numbers(numbers) => of(numbers, self.size(), |pixel| pixel == 0.0),
        }
    }

    /// Whether every class is one of `classes`, counted from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], naming the first image whose class is none.
    pub fn check_classes(&self, classes: usize) -> Result<(), Error> {
        let needed = self.labels.iter().max().map_or(0, |&l| l as usize + 1);
        match self.labels.iter().position(|&l| l as usize >= classes) {
            None => Ok(()),
            Some(n) => Err(malformed(
                &self.file,
                Invalid::new(
                    (self.lines.get(n))
                        .map_or_else(|| format!("image {n}"), |line| format!("line {line}")),
                    format!(
                        "expected a class from 0 to {}, because the network has {}",
                        classes - 1,
                        count(classes, "output")
                    ),
                    format!("class {}", self.labels[n]),
                )
                .help(outputs_for(self.size(), needed)),
            )),
        }
    }
}

/// How `--layers` gets an output for each of so many classes, in words.
pub fn outputs_for(pixels: usize, classes: usize) -> String {
    let units = 6 * classes;
    format!(
        "--layers {pixels},{units},pools:{classes} has {classes} outputs, each of which adds up 6 of {units} units"
    )
}

#[cfg(test)]
mod tests {
    use super::{Images, Pixels};

    #[test]
    fn bytes_stay_bytes_until_a_number_is_none() {
        let mut pixels = Pixels::Bytes(Vec::new());
        for value in [0.0, 16.0, 255.0, -0.0] {
            pixels.push(value);
        }
        assert_eq!(pixels, Pixels::Bytes(vec![0, 16, 255, 0]));
        for (other, then) in [(0.5, 1.0), (256.0, 0.0)] {
            let mut pixels = Pixels::Bytes(vec![7]);
            pixels.push(other);
            pixels.push(then);
            assert_eq!(pixels, Pixels::Numbers(vec![7.0, other, then]));
        }
    }

    #[test]
    fn an_input_is_a_pixel_divided_by_the_largest() {
        for pixels in [
            Pixels::Bytes(vec![0, 4, 16, 8]),
            Pixels::Numbers(vec![0.0, 0.125, 0.5, 0.25]),
        ] {
            let images = Images::new("t", [1, 2], pixels, vec![0, 1]).expect("well-formed");
            let samples = images.samples(&[1, 0]);
            assert_eq!(samples.as_slice(), Some(&[1.0, 0.5, 0.0, 0.25][..]));
            assert_eq!(images.grey(0), [0, 64]);
            assert_eq!(images.blank(), [false, false]);
            let second = images.those(|n| n == 1).samples(&[0]);
            assert_eq!(second.as_slice(), Some(&[1.0, 0.5][..]));
        }
    }
}
