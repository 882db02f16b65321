//! The edges of products, where pointers and strides could go wrong: sides of 0 and 1, steps, turned, repeated and cut views.

use ndarray::{Array2, ArrayView2, Axis, s};

use super::{SMALL, accumulate, by_gemm, by_padded_gemm, kernels, product};

/// Numbers that tell their place, and are summed without rounding in any order.
fn numbers(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| {
        ((7 * i + 3 * j) % 11) as f64 - 4.0
    })
}

/// The product as it reads.
fn expected(a: ArrayView2<f64>, b: ArrayView2<f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
        (0..a.ncols()).map(|k| a[[i, k]] * b[[k, j]]).sum()
    })
}

/// Sides that end within a vector, at one, and at a tile of gemm, or are none at all; smaller ones under Miri, which is slow.
const SIDES: [usize; 7] = if cfg!(miri) {
    [0, 1, 2, 3, 5, 8, 9]
} else {
    [0, 1, 2, 8, 17, 24, 33]
};

#[test]
fn a_product_of_any_sides_writes_its_places_and_no_other() {
    for (m, k, n) in (SIDES.into_iter())
        .flat_map(|m| SIDES.map(|k| (m, k)))
        .flat_map(|(m, k)| SIDES.map(|n| (m, k, n)))
    {
        let (a, b) = (numbers(m, k), numbers(k, n));
        // In the middle of more: what stands around stays.
        let mut around = Array2::from_elem((m + 2, n + 3), 0.5);
        product(a.view(), b.view(), around.slice_mut(s![1..=m, 1..=n]));
        let expected = expected(a.view(), b.view());
        for ((i, j), &found) in around.indexed_iter() {
            let inside = (1..=m).contains(&i) && (1..=n).contains(&j);
            let value = if inside {
                expected[[i - 1, j - 1]]
            } else {
                0.5
            };
            assert!(
                found.to_bits() == (value + 0.0).to_bits(),
                "{m} × {k} × {n}, ({i}, {j}): {found}"
            );
        }
    }
}

#[test]
fn steps_turned_repeated_and_transposed_views_are_read_and_written_where_they_are() {
    let (m, k, n) = (20, 9, 18);
    let wide = |rows, columns| numbers(3 * rows + 1, 2 * columns + 1);
    let (a, b) = (wide(m, k), wide(k, n));
    let rows = [
        s![..3 * m;3, ..2 * k;2],
        s![..3 * m;-3, ..2 * k;-2],
        s![1..=m, 1..=k],
    ];
    let columns = [
        s![..3 * k;3, ..2 * n;2],
        s![..3 * k;-3, ..2 * n;-2],
        s![1..=k, 1..=n],
    ];
    for a in rows.map(|part| a.slice(part)) {
        for b in columns.map(|part| b.slice(part)) {
            let expected = expected(a, b);
            for turned in [false, true] {
                let mut c = Array2::from_elem((2 * m, 3 * n), 0.5);
                let mut places = c.slice_mut(s![..;2, ..;3]);
                if turned {
                    places.invert_axis(Axis(0));
                }
                product(a, b, places.view_mut());
                assert_eq!(places, expected);
                assert_eq!(c.iter().filter(|x| x.fract() != 0.0).count(), 5 * m * n);
            }
            let mut c = Array2::zeros((n, m));
            product(a, b, c.view_mut().reversed_axes());
            assert_eq!(c.reversed_axes(), expected);
        }
    }
    // One row for all: its stride is 0.
    let one = numbers(1, k);
    let all = one.broadcast((m, k)).expect("a row is repeated");
    let b = numbers(k, n);
    let mut c = Array2::zeros((m, n));
    product(all, b.view(), c.view_mut());
    assert_eq!(c, expected(all, b.view()));
}

#[test]
fn what_goes_to_gemm_directly_is_right_at_its_edges_and_keeps_what_it_is_told_to() {
    for (m, k, n) in [
        (1, 1, 1),
        (2, 3, 2),
        (1, 70, 40),
        (33, 0, 9),
        (0, 5, 3),
        (3, 5, 0),
        (40, 13, 31),
    ] {
        let (a, b) = (numbers(m, k), numbers(k, n));
        for beta in [0.0, 1.0, -2.0] {
            let kept = numbers(m, n);
            let whole = &expected(a.view(), b.view()) + &(&kept * beta);
            let mut c = kept.clone();
            by_gemm(a.view(), b.view(), beta, c.view_mut());
            assert_eq!(c, whole, "{m} × {k} × {n}, {beta}");
            // Where it is used: a product that gemm would sum in another order.
            if n > 0 && m * n <= SMALL {
                let mut c = kept.clone();
                by_padded_gemm(a.view(), b.view(), beta, c.view_mut());
                assert_eq!(c, whole, "padded: {m} × {k} × {n}, {beta}");
            }
            let mut c = kept.clone();
            accumulate(a.view(), b.view(), beta, c.view_mut());
            assert_eq!(c, whole, "{m} × {k} × {n}, {beta}");
        }
    }
}

#[test]
fn the_kernels_are_named_by_what_the_processor_has() {
    #[cfg(target_arch = "x86_64")]
    let [fused, wide] = [
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
        is_x86_feature_detected!("avx512f"),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let [fused, wide] = [cfg!(target_arch = "aarch64"), false];
    let named = match (fused, wide) {
        (false, _) => "none, for the processor does not",
        (true, true) => "AVX-512 (gemm x86-v4)",
        (true, false) if cfg!(target_arch = "x86_64") => "AVX2 and FMA (gemm x86-v3)",
        (true, false) => "NEON (gemm)",
    };
    assert!(kernels().starts_with(named), "{}", kernels());
}

#[test]
fn shapes_that_do_not_fit_end_before_a_number_is_touched() {
    let (a, b) = (numbers(3, 4), numbers(4, 5));
    for (a, b, shape) in [
        (&a, &a, (3, 4)),
        (&a, &b, (3, 4)),
        (&a, &b, (4, 5)),
        (&a, &b, (5, 3)),
    ] {
        let outcome = std::panic::catch_unwind(|| {
            let mut c = Array2::zeros(shape);
            by_gemm(a.view(), b.view(), 0.0, c.view_mut());
        });
        assert!(
            outcome.is_err(),
            "{:?} · {:?} → {shape:?}",
            a.dim(),
            b.dim()
        );
    }
}
