//! The faults of one file, gathered so that all of them are reported together.

use std::collections::HashSet;
use std::ops::Range;

use super::complaint;
use crate::error::{Error, Faults, Invalid};

/// So many faults are shown; of further ones it is said how many there are.
const SHOWN: usize = 10;

/// What is wrong with a file, as it is found.
#[derive(Default)]
pub(super) struct FaultLog {
    /// Each with its place, where it is not that of its path.
    found: Vec<(Invalid, Option<Range<usize>>)>,
    more: usize,
    /// Whether weights are written in the other order than the file says: those of the layers above are, too, most likely.
    pub(super) turned: bool,
    /// Paths of what could not be read, or not all of it: nothing is missing there.
    unread: HashSet<String>,
}

impl FaultLog {
    /// A fault at the place that its path leads to.
    pub(super) fn add(&mut self, invalid: Invalid) {
        self.add_at(invalid, None);
    }

    /// A fault at a place of its own.
    pub(super) fn add_at(&mut self, invalid: Invalid, place: Option<Range<usize>>) {
        // However many tensors are asked of a file that cannot be read, one thing is wrong.
        let is_same_file = |(known, _): &(Invalid, _)| {
            known.path.rsplit('.').next() == Some("file") && known.message == invalid.message
        };
        if self.found.iter().any(is_same_file) {
            return;
        }
        if self.found.len() < SHOWN {
            self.found.push((invalid, place));
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Remembers that what stands at `path` could not be read as a whole.
    pub(super) fn unread(&mut self, path: String) {
        self.unread.insert(path);
    }

    /// Whether what stands at `path` could not be read as a whole.
    pub(super) fn is_unread(&self, path: &str) -> bool {
        self.unread.contains(path)
    }

    /// Whether a key of the object at `parent` could not be read, other than these: what follows from it is not known.
    pub(super) fn hides_a_key(&self, parent: &str, other_than: &[&str]) -> bool {
        self.unread.iter().any(|path| {
            let below = path.strip_prefix(parent);
            below.is_some_and(|rest| match rest.strip_prefix('.') {
                Some(key) => !other_than.contains(&key),
                None => rest.is_empty(),
            })
        })
    }

    /// The value that a check lets pass; what it refuses is a fault of the value at `parent`.
    pub(super) fn note<T>(&mut self, parent: &str, checked: Result<T, Invalid>) -> Option<T> {
        checked
            .map_err(|invalid| {
                self.add(match parent {
                    "" => invalid,
                    parent => invalid.below(parent),
                });
            })
            .ok()
    }

    /// The value of a key that has to be there.
    pub(super) fn required<T>(
        &mut self,
        parent: &str,
        key: &str,
        value: Option<T>,
        missing: impl FnOnce() -> String,
    ) -> Option<T> {
        if value.is_none()
            && !self.unread.contains(parent)
            && !self.unread.contains(&joined(parent, key))
        {
            self.add(Invalid {
                path: parent.to_owned(),
                message: missing(),
                help: None,
            });
        }
        value
    }

    /// The faults in the order of the text.
    pub(super) fn into_error(self, file: &str, text: &str) -> Error {
        let placed = self.found.into_iter().map(|(invalid, place)| {
            let range = place.unwrap_or_else(|| super::place::find(text, &invalid.path));
            (range, invalid)
        });
        let mut placed: Vec<_> = placed.collect();
        placed.sort_by_key(|(range, _)| range.start);
        let mut placed = (placed.into_iter())
            .map(|(range, invalid)| complaint::placed(file, text, range, invalid));
        match (placed.next(), placed.len()) {
            (Some(only), 0) => only.into(),
            (first, _) => Error::Faulty(Box::new(Faults {
                shown: first.into_iter().chain(placed).collect(),
                more: self.more,
            })),
        }
    }
}

/// The path of a key of the value at `parent`.
pub(super) fn joined(parent: &str, key: &str) -> String {
    match parent {
        "" => key.to_owned(),
        parent => format!("{parent}.{key}"),
    }
}
