//! Where a layer is built: what it reads, its place in the file, and what it needs to have its keys checked.

use super::faults::FaultLog;
use super::numbers::{Numbers, Stored};
use super::tensors::{TensorFiles, Weights};
use crate::error::Invalid;
use crate::network::{Kind, Shape};
use crate::words::{article, count};

/// The place of one layer in a file.
pub(super) struct Site<'a> {
    /// Its path.
    pub(super) at: &'a str,
    /// Its type.
    pub(super) kind: Kind,
    /// The shapes of the levels that it reads; none where a level is not known.
    pub(super) sources: &'a [Option<Shape>],
    /// What the first of these levels is called behind "the level below": ` (stem, 8 × 24 × 24)`.
    pub(super) below: &'a str,
    /// The shapes of the pictures that it is a list of, where it is a concatenation of several sizes.
    pub(super) sizes: Option<&'a str>,
    pub(super) faults: &'a mut FaultLog,
    pub(super) tensors: &'a mut TensorFiles,
    /// Whether one of its keys could not be read, so that its shape is not known.
    pub(super) unsure: bool,
    /// Whether nothing that leaves a layer behind is wrong with it.
    pub(super) sound: bool,
}

impl Site<'_> {
    /// What a check lets pass; what it refuses is a fault of this layer.
    pub(super) fn note<T>(&mut self, checked: Result<T, Invalid>) -> Option<T> {
        self.faults.note(self.at, checked)
    }

    /// The same, where the layer's shape does not hang on it.
    pub(super) fn note_part<T>(&mut self, checked: Result<T, Invalid>) -> Option<T> {
        let checked = self.note(checked);
        self.sound &= checked.is_some();
        checked
    }

    /// The value of a key that this type needs.
    pub(super) fn required<T>(&mut self, key: &str, value: Option<T>) -> Option<T> {
        let kind = self.kind;
        self.faults.required(self.at, key, value, || {
            let article = article(kind.name());
            format!("{article} {kind} layer needs the key `{key}`")
        })
    }

    /// The numbers of a key that this type needs.
    pub(super) fn weights(&mut self, weights: Option<Weights<Numbers>>) -> Option<Stored> {
        let weights = self.required("weights", weights)?;
        let numbers = self.tensors.numbers(weights);
        self.note(numbers.map_err(|invalid| invalid.below("weights")))
    }

    /// The biases, one for each of so many units or channels where their number is known; empty where there are none.
    pub(super) fn bias(
        &mut self,
        bias: Option<Weights<Numbers>>,
        each: Option<usize>,
        of: &str,
    ) -> Vec<f64> {
        let Some(bias) = bias else { return Vec::new() };
        let numbers = self.tensors.numbers(bias);
        let numbers = numbers.map_err(|invalid| invalid.below("bias"));
        let bias = numbers.and_then(|numbers| numbers.each("bias", each, of));
        self.note_part(bias).unwrap_or_default()
    }

    /// The shape of the one level that the layer reads.
    pub(super) fn source(&mut self) -> Option<Shape> {
        if let [source] = self.sources {
            return *source;
        }
        let article = article(self.kind.name());
        let invalid = Invalid::new(
            "from",
            format!("{article} {} layer reads exactly one level", self.kind),
            count(self.sources.len(), "level"),
        );
        self.note::<()>(Err(invalid.help(
            "a layer of type \"add\" or \"concat\" makes one level of several: let this one read that",
        )));
        None
    }

    /// Channels, height and width of the one level that the layer reads.
    pub(super) fn picture(&mut self) -> Option<[usize; 3]> {
        let source = self.source()?;
        let sides = source.image().ok_or_else(|| {
            let found = format!("one of {}", count(source.units(), "value"));
            let expected = "expected to read a level of [channels, height, width]";
            if let Some(sizes) = self.sizes {
                let found = format!("{found}{}: a concatenation of pictures of {sizes}", self.below);
                return Invalid::new("", expected, found)
                    .help("a \"concat\" makes a picture of pictures of one height and width: pool or pad what it reads to that");
            }
            Invalid::new("", expected, found).help(
                "give `input.shape` as [channels, height, width]; a \"concat\" makes a picture of pictures of one height and width, and a \"gather\" with `shape` of any level, so of an input whose `order` is \"hwc\"",
            )
        });
        self.note(sides)
    }

    /// The shapes of all levels that the layer reads, of which there are two or more.
    pub(super) fn several(&mut self) -> Option<Vec<Shape>> {
        if let [None] = self.sources {
            return None;
        }
        if self.sources.len() < 2 {
            let article = article(self.kind.name());
            let invalid = Invalid::new(
                "from",
                format!("{article} {} layer reads two levels or more", self.kind),
                count(self.sources.len(), "level"),
            );
            self.note::<()>(Err(
                invalid.help("list their names: \"from\": [\"a\", \"b\"]")
            ));
            return None;
        }
        self.sources.iter().copied().collect()
    }
}
