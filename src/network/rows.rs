//! Passes over a batch, a sample at a time, on every core where that pays.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2};
use rayon::prelude::*;

use super::instructions::vectorised;

/// Fewer values than this are passed over faster by one thread.
const WORTH_A_THREAD: usize = 1 << 16;

/// Runs `pass` on every row, with its index, and returns what it returns, in the order of the rows.
///
/// # Panics
///
/// When the rows of `values` do not lie one behind the other; those of a batch do.
pub fn each_row<T: Send>(
    mut values: ArrayViewMut2<f64>,
    pass: impl Fn(usize, &mut [f64]) -> T + Sync + Send,
) -> Vec<T> {
    let units = values.ncols().max(1);
    let values = values
        .as_slice_mut()
        .expect("the rows of a batch lie one behind the other");
    if values.len() < WORTH_A_THREAD {
        values
            .chunks_mut(units)
            .enumerate()
            .map(|(n, row)| pass(n, row))
            .collect()
    } else {
        values
            .par_chunks_mut(units)
            .enumerate()
            .map(|(n, row)| pass(n, row))
            .collect()
    }
}

/// What `pass` returns for the samples `0..samples`, in this order; `values` is how many it looks at in all.
pub fn each_sample<T: Send>(
    samples: usize,
    values: usize,
    pass: impl Fn(usize) -> T + Sync + Send,
) -> Vec<T> {
    if samples < 2 || values < WORTH_A_THREAD {
        (0..samples).map(pass).collect()
    } else {
        (0..samples).into_par_iter().map(pass).collect()
    }
}

/// So many values of a sample are looked at in one go: few enough to stay in a core's cache.
const PIECE: usize = 1 << 14;

/// What `pass` returns for the pieces of `0..values` of one sample, in their order.
pub fn each_piece<T: Send>(
    values: usize,
    pass: impl Fn(Range<usize>) -> T + Sync + Send,
) -> Vec<T> {
    let piece = |k: usize| pass(k * PIECE..values.min((k + 1) * PIECE));
    let pieces = 0..values.div_ceil(PIECE);
    if values < WORTH_A_THREAD {
        pieces.map(piece).collect()
    } else {
        pieces.into_par_iter().map(piece).collect()
    }
}

/// Runs `pass` on the pieces of one sample's values, each with the number of its first value.
pub fn write_each_piece(values: &mut [f64], pass: impl Fn(usize, &mut [f64]) + Sync + Send) {
    if values.len() < WORTH_A_THREAD {
        pass(0, values);
    } else {
        (values.par_chunks_mut(PIECE).enumerate()).for_each(|(k, piece)| pass(k * PIECE, piece));
    }
}

/// Does all the parts of a work of so many multiplications; each core has one buffer for its parts.
pub fn each_part<T: Send>(
    parts: Vec<T>,
    work: usize,
    pass: impl Fn(&mut Vec<f64>, T) + Sync + Send,
) {
    if parts.len() == 1 || work < 4 * WORTH_A_THREAD {
        let mut buffer = Vec::new();
        for part in parts {
            pass(&mut buffer, part);
        }
    } else {
        (parts.into_par_iter()).for_each_init(Vec::new, |buffer, part| pass(buffer, part));
    }
}

/// Sample `n` of a batch.
///
/// # Panics
///
/// When there is no such sample, or the rows of `values` do not lie one behind the other; those of a batch do.
pub fn row<'a>(values: &'a ArrayView2<f64>, n: usize) -> &'a [f64] {
    let units = values.ncols();
    let values = values
        .as_slice()
        .expect("the rows of a batch lie one behind the other");
    &values[n * units..(n + 1) * units]
}

/// `Σ f(v)` over the values of a row, in eight sums at once: as exact as one sum, and the compiler can vectorise it.
pub fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let mut sums = [0.0; 8];
            let chunks = values.chunks_exact(8);
            let rest: f64 = chunks.remainder().iter().map(|&v| f(v)).sum();
            for chunk in chunks {
                for (sum, &v) in sums.iter_mut().zip(chunk) {
                    *sum += f(v);
                }
            }
            sums.iter().sum::<f64>() + rest
        },
    )
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::{
        PIECE, WORTH_A_THREAD, each_part, each_piece, each_row, each_sample, row, sum,
        write_each_piece,
    };

    /// Fewer and more values than a piece has, and than one thread passes over.
    const LENGTHS: [usize; 6] = [
        0,
        1,
        PIECE,
        PIECE + 1,
        WORTH_A_THREAD - 1,
        WORTH_A_THREAD + PIECE + 5,
    ];

    #[test]
    fn the_pieces_of_a_sample_are_its_values_in_order_each_once() {
        for length in LENGTHS {
            let pieces = each_piece(length, |piece| piece);
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
            assert!(pieces.into_iter().flatten().eq(0..length), "{length}");
            let mut values = vec![0.5; length];
            write_each_piece(&mut values, |first, piece| {
                for (value, n) in piece.iter_mut().zip(first..) {
                    *value += n as f64;
                }
            });
            let expected = (0..length).map(|n| n as f64 + 0.5);
            assert!(values.into_iter().eq(expected), "{length}");
        }
    }

    #[test]
    fn every_row_and_every_sample_is_passed_over_once_with_its_number() {
        for (rows, columns) in [(0, 3), (3, 0), (3, 2), (5, 70_000)] {
            let mut values = Array2::from_elem((rows, columns), 0.5);
            let numbers = each_row(values.view_mut(), |n, row| {
                row.iter_mut().for_each(|value| *value += n as f64);
                n
            });
            let passed = if columns == 0 { 0 } else { rows };
            assert!(numbers.into_iter().eq(0..passed), "{rows} × {columns}");
            for n in 0..rows {
                let view = values.view();
                assert_eq!(row(&view, n).len(), columns);
                let expected = n as f64 + 0.5;
                assert!(
                    row(&view, n)
                        .iter()
                        .all(|x| x.to_bits() == expected.to_bits())
                );
            }
            let samples = each_sample(rows, rows * columns, |n| 2 * n);
            assert!(samples.into_iter().eq((0..rows).map(|n| 2 * n)));
        }
    }

    #[test]
    fn every_part_of_a_work_is_done_once() {
        for (parts, work) in [(0, 0), (1, usize::MAX), (5, 0), (5, usize::MAX)] {
            let mut done = vec![0; parts];
            each_part(
                done.iter_mut().collect(),
                work,
                |buffer, part: &mut usize| {
                    buffer.resize(3, 1.0);
                    *part += 1;
                },
            );
            assert_eq!(done, vec![1; parts], "{work}");
        }
    }

    #[test]
    fn a_sum_is_over_all_values_of_a_row() {
        for length in 0..40_u32 {
            let values: Vec<f64> = (1..=length).map(f64::from).collect();
            let squares = sum(&values, |v| v * v);
            let expected = f64::from(length * (length + 1) * (2 * length + 1) / 6);
            assert_eq!(squares.to_bits(), expected.to_bits(), "{length}");
        }
    }
}
