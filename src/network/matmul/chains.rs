//! One block of a product as it is defined, row by row: for single rows and columns, and for processors that do not fuse.

use std::ops::Range;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2, Axis};
use rayon::prelude::*;

use super::{WORTH_A_THREAD, cores_for};
use crate::network::floats::Float;
use crate::network::instructions::vectorised;

/// Chains that run side by side: enough to hide how long one step takes.
const LANES: usize = 8;

/// A number that goes with each row of a matrix, or with each column.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) enum Scale<'s> {
    /// With none: the matrix is read as it is.
    None,
    /// With each row.
    Rows(&'s [f64]),
    /// With each column.
    Columns(&'s [f64]),
}

impl Scale<'_> {
    /// That of some rows.
    pub(super) fn of_rows(self, rows: Range<usize>) -> Self {
        match self {
            Self::Rows(scale) => Self::Rows(&scale[rows]),
            _ => self,
        }
    }

    /// That of some columns.
    fn of_columns(self, columns: Range<usize>) -> Self {
        match self {
            Self::Columns(scale) => Self::Columns(&scale[columns]),
            _ => self,
        }
    }

    /// That of a row, if it goes with rows.
    fn of_row(self, k: usize) -> f64 {
        match self {
            Self::Rows(scale) => scale[k],
            _ => 1.0,
        }
    }
}

/// The numbers of a matrix as they are, without a scale.
pub(super) fn as_they_are(b: f64, _: f64) -> f64 {
    b
}

/// [`chains`], some columns on every core where that pays.
pub(super) fn chains_on_every_core(
    a: ArrayView2<f64>,
    b: ArrayView2<impl Float>,
    scale: Scale,
    of: impl Fn(f64, f64) -> f64 + Copy + Sync + Send,
    beta: f64,
    mut c: ArrayViewMut2<f64>,
) {
    let work = a.len().saturating_mul(b.ncols());
    let cores = cores_for(work, WORTH_A_THREAD);
    if cores == 1 {
        return chains_at_best(a, b, scale, of, beta, c);
    }
    let columns = b.ncols().div_ceil(cores);
    let columns = columns.next_multiple_of(LANES);
    let parts = b.axis_chunks_iter(Axis(1), columns).enumerate();
    let parts = parts.zip(c.axis_chunks_iter_mut(Axis(1), columns));
    let parts: Vec<_> = parts.collect();
    parts.into_par_iter().for_each(|((n, b), c)| {
        let scale = scale.of_columns(n * columns..n * columns + b.ncols());
        chains_at_best(a, b, scale, of, beta, c);
    });
}

/// [`chains`], with the instructions that the processor has for them.
fn chains_at_best(
    a: ArrayView2<f64>,
    b: ArrayView2<impl Float>,
    scale: Scale,
    of: impl Fn(f64, f64) -> f64 + Copy,
    beta: f64,
    c: ArrayViewMut2<f64>,
) {
    vectorised(
        #[inline(always)]
        || chains(a, b, scale, of, beta, c),
    );
}

/// One block as it is defined, row by row; right on every processor, if slow where nothing fuses.
#[allow(
    clippy::inline_always,
    reason = "it takes on the instructions of what it is inlined into"
)]
#[inline(always)]
pub(super) fn chains(
    a: ArrayView2<f64>,
    b: ArrayView2<impl Float>,
    scale: Scale,
    of: impl Fn(f64, f64) -> f64 + Copy,
    beta: f64,
    mut c: ArrayViewMut2<f64>,
) {
    let mut sums = vec![0.0; b.ncols()];
    for (a, mut c) in a.rows().into_iter().zip(c.rows_mut()) {
        let a = a.to_vec();
        match (scale, b.strides()[0] == 1) {
            (Scale::None, true) => along_columns(&a, 0..a.len(), b, scale, of, &mut sums),
            (Scale::None, false) => along_rows(&a, 0..a.len(), b, scale, of, &mut sums),
            (_, true) => along_columns(&a, present(&a), b, scale, of, &mut sums),
            (_, false) => along_rows(&a, present(&a), b, scale, of, &mut sums),
        }
        for (c, sum) in c.iter_mut().zip(&sums) {
            *c = if beta == 0.0 { *sum } else { beta * *c + sum };
        }
    }
}

/// The steps that change a sum, where b is finite: those by a number that is not 0.
fn present(a: &[f64]) -> impl Iterator<Item = usize> + Clone {
    (0..a.len()).filter(|k| a[*k] != 0.0)
}

/// The sums of one row, where b lies row by row: all chains take a step at a time.
#[allow(clippy::inline_always, reason = "as `chains`")]
#[inline(always)]
fn along_rows(
    a: &[f64],
    steps: impl Iterator<Item = usize>,
    b: ArrayView2<impl Float>,
    scale: Scale,
    of: impl Fn(f64, f64) -> f64 + Copy,
    sums: &mut [f64],
) {
    sums.fill(0.0);
    for k in steps {
        let (a, b, by) = (a[k], b.row(k), scale.of_row(k));
        match (scale, b.as_slice()) {
            (Scale::Columns(scale), Some(b)) => {
                for ((sum, b), by) in sums.iter_mut().zip(b).zip(scale) {
                    *sum = a.mul_add(of((*b).into(), *by), *sum);
                }
            }
            (Scale::Columns(scale), None) => {
                for ((sum, b), by) in sums.iter_mut().zip(b).zip(scale) {
                    *sum = a.mul_add(of((*b).into(), *by), *sum);
                }
            }
            (_, Some(b)) => {
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = a.mul_add(of((*b).into(), by), *sum);
                }
            }
            (_, None) => {
                for (sum, b) in sums.iter_mut().zip(b) {
                    *sum = a.mul_add(of((*b).into(), by), *sum);
                }
            }
        }
    }
}

/// The sums of one row, where b lies column by column: a few chains run side by side.
#[allow(clippy::inline_always, reason = "as `chains`")]
#[inline(always)]
fn along_columns(
    a: &[f64],
    steps: impl Iterator<Item = usize> + Clone,
    b: ArrayView2<impl Float>,
    scale: Scale,
    of: impl Fn(f64, f64) -> f64 + Copy,
    sums: &mut [f64],
) {
    for (first, sums) in sums.chunks_mut(LANES).enumerate() {
        // Beyond the last column the last one once more.
        let at: [usize; LANES] =
            std::array::from_fn(|lane| (first * LANES + lane).min(b.ncols() - 1));
        let columns: [ArrayView1<_>; LANES] = at.map(|j| b.index_axis_move(Axis(1), j));
        let columns = columns
            .each_ref()
            .map(|column| &column.as_slice().expect("its steps are of 1")[..a.len()]);
        let by_column = at.map(|j| match scale {
            Scale::Columns(scale) => scale[j],
            _ => 1.0,
        });
        let mut lanes = [0.0; LANES];
        for k in steps.clone() {
            let (a, by) = (a[k], scale.of_row(k));
            for ((lane, column), by_column) in lanes.iter_mut().zip(&columns).zip(by_column) {
                *lane = a.mul_add(of(column[k].into(), by * by_column), *lane);
            }
        }
        sums.iter_mut()
            .zip(lanes)
            .for_each(|(sum, lane)| *sum = lane);
    }
}
