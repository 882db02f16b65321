//! The parts of the audit, by numbers worked by hand.

use super::{Absorbed, Audit, Balance, Checks, Stranded, Totals};
use super::{balance, by_layer, denormal_rounding};

/// The smallest number of f64.
const SMALLEST: f64 = f64::from_bits(1);

fn lost(unit: usize, relevance: f64) -> Stranded {
    Stranded {
        sample: 0,
        layer: 3,
        unit,
        relevance,
        fraction: 0,
    }
}

fn absorbed(layer: usize, by_bias: f64, by_epsilon: f64) -> Absorbed {
    Absorbed {
        sample: 0,
        layer,
        by_bias,
        by_epsilon,
    }
}

fn beyond(lost: &[Stranded], absorbed: &[Absorbed]) -> Option<(usize, usize)> {
    let audit = Audit {
        levels: Vec::new(),
        checks: Checks::NONE,
        balance: balance(0.0, &[Totals::of(&[], &[])], lost, absorbed),
        lost: lost.to_vec(),
        absorbed: absorbed.to_vec(),
        silent: Vec::new(),
    };
    audit.beyond_f64()
}

#[test]
fn what_is_lost_or_absorbed_beyond_f64_is_named_by_its_layer_and_unit() {
    let most = f64::MAX;
    assert_eq!(beyond(&[lost(0, most)], &[absorbed(2, -most, 1.0)]), None);
    let infinite = f64::INFINITY;
    let losses = [lost(0, most), lost(5, -infinite), lost(6, infinite)];
    assert_eq!(beyond(&losses, &[absorbed(2, infinite, 0.0)]), Some((3, 5)));
    for (by_bias, by_epsilon) in [
        (infinite, 0.0),
        (0.0, -infinite),
        (infinite, -infinite),
        (most, most),
    ] {
        let parts = [absorbed(4, 1.0, 1.0), absorbed(2, by_bias, by_epsilon)];
        assert_eq!(beyond(&losses[..1], &parts), Some((2, 0)));
    }
    // Their sum alone is.
    assert_eq!(beyond(&[lost(4, most), lost(5, most)], &[]), Some((3, 4)));
    let parts = [absorbed(4, most, 0.0), absorbed(2, most, 0.0)];
    assert_eq!(beyond(&[], &parts), Some((4, 0)));
    // Their product would be.
    assert_eq!(beyond(&[], &[absorbed(2, 1e200, 1e200)]), None);
}

#[test]
fn what_the_fractions_of_a_layer_absorb_is_added_up() {
    let parts = [
        absorbed(3, 1.0, 0.5),
        absorbed(3, 2.0, 0.25),
        absorbed(1, 4.0, -8.0),
    ];
    assert_eq!(
        by_layer(&parts),
        [absorbed(3, 3.0, 0.75), absorbed(1, 4.0, -8.0)]
    );
    assert_eq!(by_layer(&[]), []);
}

/// The balance of what one level carries, where the value is larger by `gap`.
fn parted_by(gap: f64, level: &[f64]) -> Balance {
    let totals = Totals::of(&vec![1.0; level.len()], level);
    balance(totals.sum + gap, &[totals], &[], &[])
}

#[test]
fn the_balance_holds_to_1e_12_of_the_largest_level_and_to_a_last_place_for_each_unit() {
    // Σ|R| = 4 beside a sum of 0: 4e-12 is allowed.
    let level = [1.0, 1.0, -2.0];
    assert!(parted_by(3.5e-12, &level).holds);
    assert!(!parted_by(4.5e-12, &level).holds);
    // Three units of the smallest size may part it by three of them.
    let level = [SMALLEST; 3];
    assert!(parted_by(3.0 * SMALLEST, &level).holds);
    assert!(!parted_by(4.0 * SMALLEST, &level).holds);
}

#[test]
fn parts_larger_than_any_level_are_told_where_they_are_why_the_balance_holds() {
    // 1e-12 of 1000 is 1e-9.
    for (gap, holds) in [(0.5e-9, true), (2e-9, false)] {
        let mut balance = parted_by(gap, &[1.0, -1.0]);
        assert!(!balance.holds);
        balance.measure_by(1000.0);
        assert_eq!(
            (balance.holds, balance.parts),
            (holds, holds.then_some(1000.0))
        );
    }
}

#[test]
fn near_the_smallest_number_a_sum_may_be_off_by_a_last_place_for_each_unit_unless_equality_is_asked_for()
 {
    assert_eq!(denormal_rounding(3, 1e-9).to_bits(), 3);
    assert_eq!(denormal_rounding(3, 0.0).to_bits(), 0);
}

#[test]
fn the_least_relevance_has_no_sign_where_it_is_0() {
    for level in [
        vec![-0.0],
        vec![0.0, -0.0],
        [vec![0.0; 8], vec![-0.0]].concat(),
    ] {
        let totals = Totals::of(&vec![1.0; level.len()], &level);
        assert_eq!(totals.least.to_bits(), 0, "{level:?}");
    }
}
