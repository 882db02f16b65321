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

    /// Few values for one thread, and many for all; neither whole pieces.
    const SIZES: [usize; 4] = [0, 5, PIECE + 3, WORTH_A_THREAD + PIECE + 7];

    #[test]
    fn the_pieces_of_a_sample_are_all_of_its_values_in_their_order() {
        for values in SIZES {
            let pieces = each_piece(values, |piece| piece);
            assert!(pieces.iter().all(|piece| piece.len() <= PIECE));
            let all: Vec<usize> = pieces.into_iter().flatten().collect();
            assert!(all.into_iter().eq(0..values), "{values} values");
            let mut written = vec![usize::MAX as f64; values];
            write_each_piece(&mut written, |first, piece| {
                for (k, value) in piece.iter_mut().enumerate() {
                    *value = (first + k) as f64;
                }
            });
            let places = (0..values).map(|k| k as f64);
            assert!(written.into_iter().eq(places), "{values} values");
        }
    }

    #[test]
    fn every_row_sample_and_part_has_its_turn_and_its_own_number() {
        for rows in [0, 1, 9] {
            for units in SIZES {
                let mut values = Array2::zeros((rows, units));
                let returned = each_row(values.view_mut(), |n, row| {
                    row.fill(n as f64 + 1.0);
                    (n, row.len())
                });
                // Rows without values are none that lie anywhere.
                let expected = if units == 0 { 0 } else { rows };
                assert!((returned.into_iter()).eq((0..expected).map(|n| (n, units))));
                for n in 0..rows {
                    let values = values.view();
                    let found = row(&values, n);
                    assert_eq!(found.len(), units);
                    assert_eq!(found, vec![n as f64 + 1.0; units]);
                }
                let samples = each_sample(rows, rows * units, |n| 3 * n);
                assert!(samples.into_iter().eq((0..rows).map(|n| 3 * n)));
                let mut parts = vec![0; rows];
                each_part(
                    parts.iter_mut().enumerate().collect(),
                    rows * units * 4,
                    |buffer, (n, part)| {
                        buffer.resize(n + 1, 0.0);
                        *part = buffer.len();
                    },
                );
                assert!(parts.into_iter().eq(1..=rows));
            }
        }
    }

    #[test]
    fn a_sum_has_every_value_once() {
        // Powers of two: no two sets of them have one sum.
        for count in 0..40 {
            let values: Vec<f64> = (0..count).map(|k| 2.0_f64.powi(k)).collect();
            let expected = 2.0_f64.powi(count) - 1.0;
            assert_eq!(sum(&values, |x| x).to_bits(), expected.to_bits(), "{count}");
            assert_eq!(vec![sum(&values, |x| -x)], [-expected], "{count}");
        }
    }
}
