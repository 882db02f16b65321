//! The steps of an expansion, by numbers worked by hand.
#![allow(clippy::float_cmp, reason = "these numbers are exact in f64")]

use super::{NoRoot, is_outside, norm, size, step, values};

#[test]
fn the_way_to_the_root_is_the_same_whatever_the_size_of_direction_and_weights() {
    // t = 10 / (2·3 + 1·4) = 1 along (2, 1), where neither is scaled.
    for (of_v, of_w) in [(0, 0), (700, 700), (-700, -700), (700, -600), (-600, 700)] {
        let [v, w] = [of_v, of_w].map(|e| 2.0_f64.powi(e));
        let found = step(10.0, &[2.0 * v, v], &[3.0 * w, 4.0 * w]);
        let [first, second] = [2.0 / w, 1.0 / w];
        assert_eq!(found, Ok(vec![first, second]), "{of_v}, {of_w}");
    }
    assert_eq!(
        step(1.0, &[1.0, 1.0], &[2.0, -2.0]),
        Err(NoRoot::NoDirection)
    );
    assert_eq!(step(1.0, &[f64::INFINITY], &[2.0]), Err(NoRoot::Overflow));
}

#[test]
fn a_root_is_outside_where_it_is_further_out_than_rounding_can_put_it() {
    // 1e-12 of 1 + 1 at either end of [0, 1].
    for (x, d, outside) in [
        (1.0, 1.0, false),
        (1.0, 1.0 + 1.5e-12, false),
        (1.0, 1.0 + 3e-12, true),
        (0.25, -0.75, false),
        // 0.25 + 0.75 + 0.8e-12: a slack of 1e-12.
        (0.25, -0.75 - 0.8e-12, false),
        (0.25, -0.75 - 1.5e-12, true),
    ] {
        assert_eq!(is_outside(x, d, [0.0, 1.0]), outside, "{x} − {d}");
    }
}

#[test]
fn sizes_and_distances_are_sums_of_products_and_roots_of_sums_of_squares() {
    // |1·3| + |−2·4| + |0.5·2| = 12.
    assert_eq!(size(&[1.0, -2.0, 0.5], &[3.0, 4.0, 2.0]), 12.0);
    for scale in [1.0, 2.0_f64.powi(900), 2.0_f64.powi(-900)] {
        assert_eq!(norm(&[3.0 * scale, -4.0 * scale]), 5.0 * scale);
    }
    assert_eq!(norm(&[0.0]), 0.0);
}

#[test]
fn the_values_of_inputs_are_theirs_side_by_side_or_not() {
    let x = [10.0, 11.0, 12.0, 13.0, 14.0];
    assert_eq!(values(&x, &[1, 2, 3])[..], [11.0, 12.0, 13.0]);
    assert_eq!(values(&x, &[1, 2, 4])[..], [11.0, 12.0, 14.0]);
    assert_eq!(values(&x, &[3])[..], [13.0]);
    assert!(values(&x, &[]).is_empty());
}
