//! How much is made of a file, so that a small one cannot ask for hours or for all of the memory.

use std::path::{Path, PathBuf};

use super::refusal::refused;
use crate::error::Invalid;
use crate::words::grouped;

/// Bytes that may be held at one time, and be written in all, while a file is read.
///
/// What a node makes counts until the next node is read; from then on only what stays of it does: values that are still to be
/// read, and the numbers of layers.
pub(super) struct Budget {
    /// What all files may make, before what is always there.
    allowed: u64,
    /// Bytes of the file that are in memory themselves.
    beside: u64,
    /// Bytes that may still be written.
    work: u64,
    /// Bytes that stay of the nodes before.
    held: u64,
    /// Bytes that the node makes that is being read.
    made: u64,
    /// Bytes of layers that it makes, which stay.
    kept: u64,
    /// The other files whose bytes were counted.
    files: Vec<PathBuf>,
}

/// How many bytes the numbers of a file have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// Two, for the most part: as f64 they are four times as large.
    Half,
    /// Four or more.
    Full,
}

impl Budget {
    /// What is held with the smallest of files: the index maps of a network of pictures.
    const LEAST: u64 = 48 << 20;
    /// What the program itself takes.
    const PROGRAM: u64 = 6 << 20;
    /// Bytes that may be written for each that may be held: weights are moved a few times.
    const PASSES: u64 = 16;

    /// That of a file of so many bytes, of which so many are in memory.
    pub(super) fn of(bytes: u64, in_memory: usize, width: Width) -> Self {
        let mut budget = Self {
            allowed: 0,
            beside: in_memory as u64,
            work: Self::LEAST * Self::PASSES,
            held: 0,
            made: 0,
            kept: 0,
            files: Vec::new(),
        };
        budget.allow(bytes, width);
        budget
    }

    /// Adds what another file may make, once.
    pub(super) fn add(&mut self, file: &Path, bytes: u64, width: Width) {
        if !self.files.iter().any(|known| known == file) {
            self.files.push(file.to_owned());
            self.allow(bytes, width);
        }
    }

    /// The other files that were added.
    pub(super) fn into_files(self) -> Vec<PathBuf> {
        self.files
    }

    fn allow(&mut self, bytes: u64, width: Width) {
        // As f64, and as much again on the way from one order to another.
        let each = match width {
            Width::Half => 8,
            Width::Full => 4,
        };
        let more = bytes.saturating_mul(each);
        self.allowed = self.allowed.saturating_add(more);
        self.work = self.work.saturating_add(more.saturating_mul(Self::PASSES));
    }

    /// How many bytes may be held at one time.
    fn most(&self) -> u64 {
        let all = self.allowed.saturating_sub(Self::PROGRAM).max(Self::LEAST);
        all.saturating_sub(self.beside)
    }

    /// Takes what so many numbers of so many bytes are, for the node that is being read.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where no more is left.
    pub(super) fn take(&mut self, numbers: usize, bytes: u64) -> Result<(), Invalid> {
        let asked = (numbers as u64).saturating_mul(bytes);
        self.made = self.made.saturating_add(asked);
        let now = self.made.saturating_add(self.held);
        if now > self.most() {
            let megabytes = |bytes: u64| {
                grouped(usize::try_from(bytes.div_ceil(1 << 20)).unwrap_or(usize::MAX))
            };
            return Err(Invalid::new(
                "",
                format!("expected at most {} MiB of numbers, from what the file has", megabytes(self.most())),
                format!("{} MiB", megabytes(now)),
            )
            .help("the file is damaged, or its values are far more than its weights: a smaller --input-shape needs less"));
        }
        self.work = self.work.checked_sub(asked).ok_or_else(|| {
            refused("the graph moves and makes far more numbers than there are in the file")
        })?;
        Ok(())
    }

    /// Keeps bytes of what the node makes in a layer.
    pub(super) fn keep(&mut self, bytes: u64) {
        self.kept = self.kept.saturating_add(bytes);
    }

    /// The next node is read: of what was made, layers stay, and so many bytes of values.
    pub(super) fn next_node(&mut self, values: u64) {
        self.held = self.held.saturating_add(self.kept).saturating_add(values);
        (self.made, self.kept) = (0, 0);
    }

    /// Gives back bytes of values that nobody will read any more.
    pub(super) fn give_back(&mut self, values: u64) {
        self.held = self.held.saturating_sub(values);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Budget, Width};

    const MIB: u64 = 1 << 20;

    #[test]
    fn a_small_file_holds_less_than_64_mib_and_a_large_one_four_times_its_size() {
        for bytes in [0, 1 << 10, 10 * MIB, 16 * MIB, 100 * MIB, 1000 * MIB] {
            let in_memory = usize::try_from(bytes).expect("a size");
            let budget = Budget::of(bytes, in_memory, Width::Full);
            let all = budget.most() + bytes + Budget::PROGRAM;
            assert!(all <= (64 * MIB).max(4 * bytes), "{bytes}: {all}");
            // Every weight of 32 bits as f64.
            assert!(budget.most() >= 2 * bytes, "{bytes}");
        }
    }

    #[test]
    fn what_a_node_made_is_given_back_but_for_what_stays() {
        let mut budget = Budget::of(0, 0, Width::Full);
        let most = usize::try_from(budget.most()).expect("a size");
        for _ in 0..3 {
            assert!(budget.take(most, 1).is_ok());
            assert!(budget.take(1, 1).is_err());
            budget.next_node(0);
        }
        budget.next_node(10);
        assert!(budget.take(most, 1).is_err());
        budget.next_node(0);
        budget.give_back(10);
        budget.keep(8);
        assert!(
            budget.take(most, 1).is_ok(),
            "it counts from the next node on"
        );
        budget.next_node(0);
        assert!(budget.take(most, 1).is_err());
    }

    #[test]
    fn a_file_counts_once_however_often_it_is_read() {
        let allowed = |files: &[&str]| {
            let mut budget = Budget::of(0, 0, Width::Full);
            for file in files {
                budget.add(Path::new(file), 10, Width::Full);
            }
            budget.allowed
        };
        assert_eq!(allowed(&["a"]), 40);
        assert_eq!(allowed(&["a", "a"]), 40);
        assert_eq!(allowed(&["a", "b", "a", "b"]), 80);
    }

    #[test]
    fn work_without_end_is_refused_though_nothing_stays_of_it() {
        let mut budget = Budget::of(0, 0, Width::Full);
        let most = usize::try_from(budget.most()).expect("a size");
        let passes = (0..).take_while(|_| {
            let taken = budget.take(most, 1);
            budget.next_node(0);
            taken.is_ok()
        });
        assert_eq!(passes.take(1000).count(), 16);
    }
}
