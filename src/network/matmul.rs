//! The one matrix product of the house, and the only place with `unsafe`.

use gemm::Parallelism;
use ndarray::{ArrayView2, ArrayViewMut2};

/// Below this many multiplications a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 1 << 18;

/// `c = a · b`; a is m × k, b is k × n, c is m × n, each of any layout.
///
/// One thread and several give the same bits. A row of `a` alone and the same row inside a taller `a` may
/// differ in the last digits, for the kernel sums in another order.
///
/// # Panics
///
/// When the shapes do not fit together: that is a fault of the caller, not of a file.
pub fn product(a: ArrayView2<f64>, b: ArrayView2<f64>, c: ArrayViewMut2<f64>) {
    accumulate(a, b, 0.0, c);
}

/// `c = keep · c + a · b`, as [`product`]; where `keep` is 0, what `c` held is not looked at.
///
/// # Panics
///
/// As [`product`].
pub fn accumulate(a: ArrayView2<f64>, b: ArrayView2<f64>, keep: f64, mut c: ArrayViewMut2<f64>) {
    let ((m, k), n) = (a.dim(), b.ncols());
    assert_eq!(b.nrows(), k, "the inner sides of a product are equal");
    assert_eq!(c.dim(), (m, n), "a product of m × k and k × n is m × n");
    let work = m.saturating_mul(n).saturating_mul(k);
    // On a thread of the pool the other cores have work already.
    let parallelism = if work < WORTH_A_THREAD || rayon::current_thread_index().is_some() {
        Parallelism::None
    } else {
        Parallelism::Rayon(rayon::current_num_threads())
    };
    let (a_strides, b_strides, c_strides) = (
        strides(a.strides()),
        strides(b.strides()),
        strides(c.strides()),
    );
    // SAFETY: the shapes fit (asserted above), the pointers and strides are those of live views, and `c` is
    // borrowed mutably, so that it shares no memory with `a` and `b`. `c` is read only where something of it is kept.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            c_strides.1,
            c_strides.0,
            keep != 0.0,
            a.as_ptr(),
            a_strides.1,
            a_strides.0,
            b.as_ptr(),
            b_strides.1,
            b_strides.0,
            keep,
            1.0,
            false,
            false,
            false,
            parallelism,
        );
    }
}

/// The strides of the rows and of the columns.
fn strides(strides: &[isize]) -> (isize, isize) {
    (strides[0], strides[1])
}
