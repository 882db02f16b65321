//! What a level gets by each of the layers that read it: added up, with the sum of every part for the audit of the cuts.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::at_work::matrix;
use crate::network::{Network, each_row, row, sum};

/// The parts of the relevance of levels that are read more than once.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The layers that read each level, in order; one that reads it twice comes twice.
    readers: Vec<Vec<usize>>,
    /// The levels below each level that a layer above it reads.
    passing: Vec<Vec<usize>>,
    /// The parts so far, from the output down.
    handed: Vec<Part>,
    /// Whether a level holds a part already.
    started: Vec<bool>,
    /// Buffers for what one layer hands on, one a branch.
    pub(super) buffers: Vec<Vec<f64>>,
}

/// What one branch of a layer hands to a level.
#[derive(Debug, Clone)]
struct Part {
    reader: usize,
    from: usize,
    /// `Σ R` of every sample.
    sums: Vec<f64>,
}

impl Parts {
    /// For batches of a network.
    pub fn new(network: &Network) -> Self {
        let mut readers = vec![Vec::new(); network.top() + 1];
        for (reader, layer) in network.by_level() {
            layer.sources().for_each(|from| readers[from].push(reader));
        }
        let mut passing = vec![Vec::new(); readers.len()];
        for (level, readers) in readers.iter().enumerate() {
            let last = readers.last().copied().unwrap_or(level);
            for passed in &mut passing[(level + 1).min(last)..last] {
                passed.push(level);
            }
        }
        Self {
            readers,
            passing,
            ..Self::default()
        }
    }

    /// Before the first part of a batch.
    pub fn clear(&mut self) {
        self.handed.clear();
        self.started = vec![false; self.readers.len()];
    }

    /// Whether a level is read by one layer, once.
    pub fn is_only(&self, level: usize) -> bool {
        self.readers[level].len() == 1
    }

    /// Adds what the layer that makes level `reader` hands to level `from`, samples × units; the first part overwrites what the
    /// level held.
    pub fn add(
        &mut self,
        reader: usize,
        from: usize,
        part: ArrayView2<f64>,
        mut level: ArrayViewMut2<f64>,
    ) {
        if std::mem::replace(&mut self.started[from], true) {
            each_row(level, |sample, level| {
                let part = row(&part, sample);
                level.iter_mut().zip(part).for_each(|(r, part)| *r += part);
            });
        } else {
            level.assign(&part);
        }
        if !self.is_only(from) {
            let sums = (0..part.nrows())
                .map(|n| sum(row(&part, n), |r| r))
                .collect();
            self.handed.push(Part { reader, from, sums });
        }
    }

    /// What passes a level by in sample `n`: of each level below that a layer above reads, what it has received once every layer
    /// above has handed on. `total` is the sum of all that a level receives in the end.
    pub fn passing<'p>(
        &'p self,
        level: usize,
        n: usize,
        total: impl Fn(usize) -> f64 + 'p,
    ) -> impl Iterator<Item = f64> + 'p {
        self.passing[level].iter().map(move |&below| {
            if self.readers[below].iter().all(|reader| *reader > level) {
                return total(below);
            }
            let parts = self.handed.iter();
            let parts = parts.filter(|part| part.from == below && part.reader > level);
            parts.map(|part| part.sums[n]).sum()
        })
    }
}

/// A matrix for what each branch hands on: so many rows, of the units that it reads.
pub(super) fn fitting<'b>(
    buffers: &'b mut Vec<Vec<f64>>,
    rows: usize,
    x: &[ArrayView2<f64>],
) -> Vec<ArrayViewMut2<'b, f64>> {
    buffers.resize(buffers.len().max(x.len()), Vec::new());
    let shaped = buffers.iter_mut().zip(x);
    shaped
        .map(|(buffer, x)| matrix(buffer, (rows, x.ncols())))
        .collect()
}
