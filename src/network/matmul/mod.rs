//! The one matrix product of the crate, defined to the last bit.
//!
//! `(a·b)_ij` is summed over k in blocks of 512. A block is a chain of fused multiply-adds from 0 in the order of
//! k, `sum ← a_ik · b_kj + sum` with one rounding, and the blocks are added in their order. Nothing else decides a
//! digit: not the other rows and columns, nor how the matrices lie in memory, nor the processor or its threads.

mod chains;

use gemm::Parallelism;
use ndarray::{Array2, ArrayView2, ArrayViewMut2, Axis, s};
use rayon::prelude::*;

use super::instructions::fuses;
pub(super) use chains::Scale;
use chains::{as_they_are, chains_on_every_core};

use super::floats::Float;

/// So much of the inner dimension is summed in one chain.
pub(super) const BLOCK: usize = 512;

/// Below this many multiplications a second thread costs more than it brings, where each number is read for one of them.
const WORTH_A_THREAD: usize = 1 << 18;

/// The same where numbers are read once for many: waking a core takes as long as so many.
const WORTH_WAKING: usize = 1 << 21;

/// For no more rows than this gemm would lay out all of `b` on one thread.
const FEW_ROWS: usize = 96;

/// The columns of a part are a multiple of so many.
const WIDTH: usize = 8;

/// gemm sums a product of no more values than this in another order, along with single rows and columns and
/// chains of one or two.
const SMALL: usize = 16 * 16;

/// A product of at least half as many values is padded to more where its chains are at least this long.
const WORTH_PADDING: usize = 64;

/// `c = a · b`; a is m × k, b is k × n, c is m × n, each of any layout.
///
/// # Panics
///
/// When the shapes do not fit together: that is a fault of the caller, not of a file.
pub fn product(a: ArrayView2<f64>, b: ArrayView2<f64>, c: ArrayViewMut2<f64>) {
    accumulate(a, b, 0.0, c);
}

/// `c = beta · c + a · b`, as [`product`]: `beta · c` is rounded, then the blocks are added to it. Where `beta` is
/// 0, what `c` held is not looked at.
///
/// # Panics
///
/// As [`product`].
pub fn accumulate(a: ArrayView2<f64>, b: ArrayView2<f64>, beta: f64, mut c: ArrayViewMut2<f64>) {
    let ((m, k), n) = (a.dim(), b.ncols());
    assert_eq!(b.nrows(), k, "the inner sides of a product are equal");
    assert_eq!(c.dim(), (m, n), "a product of m × k and k × n is m × n");
    let cores = cores_for(m.saturating_mul(n).saturating_mul(k), WORTH_WAKING);
    if m > FEW_ROWS || cores == 1 {
        return add_blocks(a, b, beta, c);
    }
    let columns = n.div_ceil(cores).next_multiple_of(WIDTH);
    let parts = b.axis_chunks_iter(Axis(1), columns);
    let parts = parts.zip(c.axis_chunks_iter_mut(Axis(1), columns));
    let parts: Vec<_> = parts.collect();
    (parts.into_par_iter()).for_each(|(b, c)| add_blocks(a, b, beta, c));
}

/// The cores that a work of so many multiplications is spread over; on a thread of the pool the others have work already.
fn cores_for(work: usize, worth_a_thread: usize) -> usize {
    if work < worth_a_thread || rayon::current_thread_index().is_some() {
        1
    } else {
        rayon::current_num_threads()
    }
}

/// `c = beta · c + a · b`, block by block.
fn add_blocks(a: ArrayView2<f64>, b: ArrayView2<f64>, beta: f64, mut c: ArrayViewMut2<f64>) {
    let k = a.ncols();
    let mut beta = beta;
    // An empty sum is a block, too.
    for first in (0..k.max(1)).step_by(BLOCK) {
        let block = first..k.min(first + BLOCK);
        add_block(
            a.slice(s![.., block.clone()]),
            b.slice(s![block, ..]),
            beta,
            c.view_mut(),
        );
        beta = 1.0;
    }
}

/// `c = a · b'`, as [`product`], where `b'` is made of `b` while it is read: `of` makes a number of one of `b` and its scale.
/// For single rows of `a`; for more, `b'` is better made once. Where a number of `a` is 0, the row of `b`, which is finite, is
/// not looked at.
///
/// # Panics
///
/// As [`product`], or when the scale has not as many numbers as `b` has rows or columns.
pub(super) fn product_of(
    a: ArrayView2<f64>,
    b: ArrayView2<impl Float>,
    scale: Scale,
    of: impl Fn(f64, f64) -> f64 + Copy + Sync + Send,
    mut c: ArrayViewMut2<f64>,
) {
    assert_eq!(
        c.dim(),
        (a.nrows(), b.ncols()),
        "a product of m × k and k × n is m × n"
    );
    let mut beta = 0.0;
    for first in (0..b.nrows().max(1)).step_by(BLOCK) {
        let rows = first..b.nrows().min(first + BLOCK);
        let (a, b) = (a.slice(s![.., rows.clone()]), b.slice(s![rows.clone(), ..]));
        chains_on_every_core(a, b, scale.of_rows(rows), of, beta, c.view_mut());
        beta = 1.0;
    }
}

/// `c = beta · c + a · b` for one block: by gemm where its sums are those chains, by [`chains`] elsewhere.
fn add_block(a: ArrayView2<f64>, b: ArrayView2<f64>, beta: f64, c: ArrayViewMut2<f64>) {
    let ((m, k), n) = (a.dim(), b.ncols());
    if fuses() && m > 1 && n > 1 && k > 2 && m * n > SMALL {
        by_gemm(a, b, beta, c);
    } else if fuses() && m.min(n) > 1 && m * n > SMALL / 2 && k >= WORTH_PADDING {
        by_padded_gemm(a, b, beta, c);
    } else if m > n {
        // (a·b)ᵀ = bᵀ·aᵀ has the same sums, and longer rows of them.
        let (a, b, c) = (b.reversed_axes(), a.reversed_axes(), c.reversed_axes());
        chains_on_every_core(a, b, Scale::None, as_they_are, beta, c);
    } else {
        chains_on_every_core(a, b, Scale::None, as_they_are, beta, c);
    }
}

/// What the products run on here, in words: the best kernels that both gemm and the processor have.
pub fn kernels() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f") && fuses() {
        return "AVX-512 (gemm x86-v4)";
    }
    match (fuses(), cfg!(target_arch = "x86_64")) {
        (true, true) => "AVX2 and FMA (gemm x86-v3)",
        (true, false) => "NEON (gemm)",
        (false, _) => "none, for the processor does not multiply and add with one rounding: slow",
    }
}

fn by_gemm(a: ArrayView2<f64>, b: ArrayView2<f64>, beta: f64, mut c: ArrayViewMut2<f64>) {
    let ((m, k), n) = (a.dim(), b.ncols());
    assert!(b.nrows() == k && c.dim() == (m, n), "the shapes fit");
    let parallelism = match cores_for(m.saturating_mul(n).saturating_mul(k), WORTH_WAKING) {
        1 => Parallelism::None,
        cores => Parallelism::Rayon(cores),
    };
    let (a_strides, b_strides, c_strides) = (
        strides(a.strides()),
        strides(b.strides()),
        strides(c.strides()),
    );
    #[allow(unsafe_code, reason = "the kernels of gemm take pointers")]
    // SAFETY: gemm reads `m × k` numbers of `a`, `k × n` of `b` and writes `m × n` of `c`, each at its pointer and strides, which
    // are in numbers and may be 0 or negative. The shapes fit (asserted above), and pointer and strides are those of views,
    // whose every place is a number that is there; with a side of 0 there is no place, and none is touched. `c` is borrowed
    // mutably: no two of its places are one, and none is of `a` or `b`, so that threads that write parts of it do not meet. It is
    // read only where something of it is kept; f64 has no bits that are no number. gemm asks the processor for what it runs.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            c_strides.1,
            c_strides.0,
            beta != 0.0,
            a.as_ptr(),
            a_strides.1,
            a_strides.0,
            b.as_ptr(),
            b_strides.1,
            b_strides.0,
            beta,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// A product that is too small for gemm, as a part of one that is not: with rows of zeros, which change no other.
fn by_padded_gemm(a: ArrayView2<f64>, b: ArrayView2<f64>, beta: f64, mut c: ArrayViewMut2<f64>) {
    let ((m, k), n) = (a.dim(), b.ncols());
    let rows = SMALL / n + 1;
    let (mut padded, mut product) = (Array2::zeros((rows, k)), Array2::zeros((rows, n)));
    padded.slice_mut(s![..m, ..]).assign(&a);
    product.slice_mut(s![..m, ..]).assign(&c);
    by_gemm(padded.view(), b, beta, product.view_mut());
    c.assign(&product.slice(s![..m, ..]));
}

/// The strides of the rows and of the columns.
fn strides(strides: &[isize]) -> (isize, isize) {
    (strides[0], strides[1])
}

#[cfg(test)]
mod edges;

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ArrayView2, ShapeBuilder, s};

    use super::chains::{Scale, as_they_are, chains};
    use super::{BLOCK, accumulate, product};

    /// Xorshift: enough to fill matrices with.
    struct Xorshift(u64);

    impl Xorshift {
        /// A number in [-1, 1) with all its digits; now and then 0, as ReLUs leave them.
        fn number(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            let unit = (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
            if self.0.is_multiple_of(8) {
                0.0
            } else {
                2.0 * unit - 1.0
            }
        }
    }

    /// The sums of the blocks, as the definition reads.
    fn blocks(a: &Array2<f64>, b: &Array2<f64>) -> Vec<Array2<f64>> {
        let k: Vec<usize> = (0..a.ncols()).collect();
        let block = |k: &[usize]| {
            Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
                (k.iter()).fold(0.0, |sum, &k| a[[i, k]].mul_add(b[[k, j]], sum))
            })
        };
        k.chunks(BLOCK).map(block).collect()
    }

    /// The blocks in order, on top of `beta · c`.
    fn total(blocks: &[Array2<f64>], beta: f64, c: &Array2<f64>) -> Array2<f64> {
        let parts = (beta != 0.0).then(|| c.mapv(|c| beta * c)).into_iter();
        let parts = parts.chain(blocks.iter().cloned());
        parts.reduce(|sum, part| sum + part).expect("a block")
    }

    fn matrix(random: &mut Xorshift, shape: (usize, usize), by_columns: bool) -> Array2<f64> {
        let mut matrix = Array2::zeros(shape.set_f(by_columns));
        matrix.iter_mut().for_each(|x| *x = random.number());
        matrix
    }

    fn assert_same_bits(found: ArrayView2<f64>, expected: &Array2<f64>, what: &str) {
        for ((place, found), expected) in found.indexed_iter().zip(expected) {
            let same = found.to_bits() == expected.to_bits();
            assert!(same, "{what}, {place:?}: {found:e} instead of {expected:e}");
        }
    }

    /// Every shape that any of the ways of gemm may treat on its own.
    fn shapes() -> impl Iterator<Item = (usize, usize, usize)> {
        const SIDES: [usize; 6] = [1, 2, 3, 10, 17, 70];
        const DEPTHS: [usize; 8] = [1, 2, 3, 64, 512, 513, 514, 1027];
        let sides = SIDES.into_iter().flat_map(|m| SIDES.map(move |n| (m, n)));
        sides.flat_map(|(m, n)| DEPTHS.map(move |k| (m, k, n)))
    }

    #[test]
    fn a_product_is_its_definition_bit_for_bit_whatever_the_shape_and_layout() {
        let mut random = Xorshift(1512);
        let large = [
            (130, 784, 40),
            (300, 1296, 10),
            (2, 1500, 400),
            (70, 513, 200),
            // Single rows and columns of many sums, and as many values as gemm takes for few.
            (1, 600, 300),
            (300, 600, 1),
            (16, 70, 16),
        ];
        for (turn, (m, k, n)) in shapes().chain(large).enumerate() {
            // All four layouts in turn; c the other way round now and then.
            let a = matrix(&mut random, (m, k), turn % 2 == 1);
            let b = matrix(&mut random, (k, n), turn / 2 % 2 == 1);
            let old = matrix(&mut random, (m, n), turn / 4 % 3 == 1);
            let what = format!("{m} × {k} × {n}, {turn}");
            let blocks = blocks(&a, &b);
            for beta in [0.0, 1.0, 0.9] {
                let mut c = old.clone();
                accumulate(a.view(), b.view(), beta, c.view_mut());
                assert_same_bits(c.view(), &total(&blocks, beta, &old), &what);
            }
        }
    }

    #[test]
    fn without_fused_instructions_the_same_bits_come_out() {
        let mut random = Xorshift(1513);
        for (m, k, n) in shapes().filter(|(m, k, n)| k * m * n < 1 << 16 && *k <= BLOCK) {
            let (a, b) = (
                matrix(&mut random, (m, k), false),
                matrix(&mut random, (k, n), true),
            );
            let (mut plain, mut fast) = (Array2::zeros((m, n)), Array2::zeros((m, n)));
            chains(
                a.view(),
                b.view(),
                Scale::None,
                as_they_are,
                0.0,
                plain.view_mut(),
            );
            product(a.view(), b.view(), fast.view_mut());
            assert_same_bits(fast.view(), &plain, &format!("{m} × {k} × {n}"));
        }
    }

    #[test]
    fn a_row_does_not_depend_on_the_rows_beside_it_nor_on_the_threads() {
        let mut random = Xorshift(1514);
        let (a, b) = (
            matrix(&mut random, (90, 700), false),
            matrix(&mut random, (700, 310), false),
        );
        for b in [b.view(), b.slice(s![.., ..3]), b.slice(s![.., ..1])] {
            let mut all = Array2::zeros((90, b.ncols()));
            product(a.view(), b, all.view_mut());
            for rows in [0..1, 3..5, 10..19, 0..89] {
                for threads in [1, 2, 7] {
                    let pool = rayon::ThreadPoolBuilder::new()
                        .num_threads(threads)
                        .build()
                        .expect("threads");
                    let mut some = Array2::zeros((rows.len(), b.ncols()));
                    pool.install(|| product(a.slice(s![rows.clone(), ..]), b, some.view_mut()));
                    assert_same_bits(
                        some.view(),
                        &all.slice(s![rows.clone(), ..]).to_owned(),
                        &format!("{rows:?}"),
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_not_kept_is_not_looked_at_and_an_empty_sum_is_0() {
        for (m, k, n) in [(1, 3, 1), (20, 3, 20), (20, 0, 20)] {
            let mut c = Array2::from_elem((m, n), f64::NAN);
            product(
                Array2::ones((m, k)).view(),
                Array2::ones((k, n)).view(),
                c.view_mut(),
            );
            assert_same_bits(
                c.view(),
                &Array2::from_elem((m, n), k as f64),
                "sums of ones",
            );
        }
    }
}
