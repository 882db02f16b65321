//! What holds on every network that is a graph, whatever its layers and rules.

use deeptaylor::relevance::{Stranded, audit::TOLERANCE, cause::Cause};
use deeptaylor::{Explainer, Rule};

use super::judged::cases;
use super::oracle::{Lost, Share, fractions};

fn near(found: f64, expected: f64, within: f64) -> bool {
    (found - expected).abs() <= within
}

#[test]
fn every_layer_has_the_rule_that_its_kind_and_its_sources_tell() {
    for (number, judged) in cases() {
        let plan = judged.plan();
        for (l, share) in judged.rules.iter().enumerate() {
            let expected = match share {
                Share::WSquared => Rule::WSquared,
                Share::Flat => Rule::Flat,
                Share::ZPlus => Rule::ZPlus,
                Share::ZBox(_) => Rule::ZBox,
                Share::Z => Rule::Z,
                Share::Epsilon(e) => Rule::Epsilon(*e),
                Share::Gamma(g) => Rule::Gamma(*g),
                Share::AlphaBeta(a, b) => Rule::AlphaBeta([*a, *b]),
                Share::Proportional => Rule::Proportional,
                Share::Routing => Rule::Routing,
                Share::Largest => Rule::Largest,
            };
            assert_eq!(plan.rule(l + 1), expected, "case {number}, layer {}", l + 1);
            if let Share::ZBox(bounds) = share {
                for (i, bounds) in bounds.iter().enumerate() {
                    assert_eq!(
                        plan.domain(l + 1).at(i),
                        *bounds,
                        "case {number}, input {i}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_level_is_weighed_as_its_matrix_says() {
    for (number, judged) in cases() {
        for (sample, _) in &judged.samples {
            for (l, whole) in judged.wholes.iter().enumerate() {
                let x = whole.values(&sample.activations);
                for (j, found) in sample.activations[l + 1].iter().enumerate() {
                    let [z, size] = whole.weigh(&x, j);
                    let expected = whole.activation.of(z);
                    assert!(
                        near(*found, expected, 1e-14 * size),
                        "case {number}, level {}, unit {j}: {found}, not {expected}",
                        l + 1
                    );
                }
            }
        }
    }
}

#[test]
fn the_relevance_of_every_level_is_the_oracles_to_1e_12() {
    let (mut all, mut compared) = (0, 0);
    for (number, judged) in cases() {
        all += judged.samples.len();
        for (sample, found) in judged.stable() {
            compared += 1;
            let mut largest = 0.0_f64;
            for level in (0..sample.relevance.len()).rev() {
                largest = largest.max(found.relevance[level].iter().map(|r| r.abs()).sum());
                for (i, r) in sample.relevance[level].iter().enumerate() {
                    let expected = found.relevance[level][i];
                    assert!(
                        near(*r, expected, 1e-12 * largest),
                        "case {number}, level {level}, unit {i}: {r}, not {expected} of {largest}"
                    );
                }
            }
        }
    }
    assert!(compared * 100 > all * 95, "{compared} of {all} samples");
}

#[test]
fn every_cut_is_the_oracles_and_with_what_was_lost_and_absorbed_above_it_f() {
    let (mut conserved, mut broken) = (0, 0);
    for (number, judged) in cases() {
        for (sample, found) in judged.stable() {
            let within = 1e-12 * found.largest;
            let explained: f64 = sample
                .relevance
                .last()
                .expect("a level")
                .iter()
                .map(|r| r.abs())
                .sum();
            let (mut holds, mut is_clear) = (true, true);
            for (level, cut) in found.cuts.iter().enumerate() {
                let gap = (cut - sample.value).abs();
                let audited = &sample.audit.levels[level];
                assert!(
                    near(audited.gap, gap, within),
                    "case {number}, level {level}: {audited:?}, not {gap}"
                );
                let above = found.lost.iter().filter(|lost| lost.level > level);
                let lost: f64 = above.map(|lost| lost.relevance).sum();
                let absorbed: f64 = found.absorbed[level..].iter().flatten().sum();
                assert!(
                    near(cut + lost + absorbed, sample.value, within),
                    "case {number}, level {level}"
                );
                holds &= gap <= TOLERANCE * explained;
                // Rounding decides nothing.
                is_clear &= (gap - TOLERANCE * explained).abs() > within;
            }
            if is_clear {
                let found = sample.audit.checks.conservation.holds;
                assert_eq!(found, holds, "case {number}");
                *(if holds { &mut conserved } else { &mut broken }) += 1;
            }
        }
    }
    assert!(
        conserved > 1000 && broken > 500,
        "{conserved} conserved, {broken} not"
    );
}

/// The largest `Σ|R|` of a level.
fn largest(relevance: &[Vec<f64>]) -> f64 {
    let magnitudes = relevance.iter().map(|r| r.iter().map(|r| r.abs()).sum());
    magnitudes.fold(0.0, f64::max)
}

#[test]
fn the_balance_holds_on_every_sample() {
    for (number, judged) in cases() {
        for (sample, _) in &judged.samples {
            let balance = sample.audit.balance;
            let (input, lost): (f64, f64) = (
                sample.relevance[0].iter().sum(),
                sample.audit.lost.iter().map(|lost| lost.relevance).sum(),
            );
            let by_bias: f64 = (sample.audit.absorbed.iter())
                .map(|part| part.by_bias)
                .sum();
            let by_epsilon: f64 = (sample.audit.absorbed.iter())
                .map(|part| part.by_epsilon)
                .sum();
            let within = 1e-12 * largest(&sample.relevance);
            assert!(balance.holds, "case {number}: {balance:?}");
            assert!(
                near(input + lost + by_bias + by_epsilon, sample.value, within),
                "case {number}: {balance:?}"
            );
            assert!(near(balance.input, input, within) && near(balance.lost, lost, within));
            assert!(near(balance.absorbed_by_bias, by_bias, within));
            assert!(near(balance.absorbed_by_epsilon, by_epsilon, within));
            assert_eq!(balance.value.to_bits(), sample.value.to_bits());
        }
    }
}

#[test]
fn what_biases_and_epsilon_absorb_is_the_oracles_layer_by_layer() {
    let mut seen = [0; 2];
    for (number, judged) in cases() {
        for (sample, found) in judged.stable() {
            let within = 1e-12 * found.largest;
            for (l, expected) in found.absorbed.iter().enumerate() {
                let absorbed = &sample.audit.absorbed;
                let own = absorbed.iter().find(|part| part.layer == l + 1);
                let own = own.map_or([0.0; 2], |part| [part.by_bias, part.by_epsilon]);
                for k in 0..2 {
                    assert!(
                        near(own[k], expected[k], within),
                        "case {number}, level {}: {own:?}, not {expected:?}",
                        l + 1
                    );
                    seen[k] += usize::from(expected[k].abs() > within);
                }
            }
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
}

#[test]
fn what_is_lost_is_what_the_oracle_loses_and_has_the_true_cause() {
    let mut causes = Vec::new();
    for (number, judged) in cases() {
        for (sample, found) in judged.stable() {
            let within = 1e-12 * found.largest;
            let losses = sample.audit.lost.iter().zip(&sample.causes);
            // αβ loses what no input supports, and what none opposes: two entries of one unit, of opposite signs.
            let place = |lost: &Stranded| (lost.layer, lost.unit, lost.relevance > 0.0);
            let expected_place = |lost: &Lost| (lost.level, lost.unit, lost.relevance > 0.0);
            for (lost, cause) in losses.clone() {
                let expected = found
                    .lost
                    .iter()
                    .find(|other| expected_place(other) == place(lost));
                match expected {
                    Some(Lost {
                        relevance,
                        cause: expected,
                        ..
                    }) => {
                        assert_eq!(cause, expected, "case {number}: {lost:?}");
                        assert!(
                            near(lost.relevance, *relevance, within),
                            "case {number}: {lost:?}"
                        );
                        causes.push(*cause);
                    }
                    // Parts of several readers that cancel but for their rounding.
                    None => assert!(lost.relevance.abs() <= within, "case {number}: {lost:?}"),
                }
            }
            for lost in &found.lost {
                let is_found = sample
                    .audit
                    .lost
                    .iter()
                    .any(|other| place(other) == expected_place(lost));
                assert!(
                    is_found || lost.relevance.abs() <= within,
                    "case {number}: {lost:?}"
                );
            }
            assert!(
                sample
                    .audit
                    .lost
                    .is_sorted_by_key(|lost| (usize::MAX - lost.layer, lost.unit))
            );
        }
    }
    for cause in [
        Cause::NoInputs,
        Cause::NoWeights,
        Cause::BiasAlone,
        Cause::DidNotFire,
        Cause::NoSupport,
        Cause::NoOpposition,
        Cause::AtBound,
        Cause::Cancels,
        Cause::ConstantLargest,
    ] {
        let seen = causes.iter().filter(|seen| **seen == cause).count();
        assert!(seen > 1, "{cause:?} is seen {seen} times");
    }
}

#[test]
fn silent_units_and_equal_shares_are_counted_as_the_values_show() {
    for (number, judged) in cases() {
        for (sample, _) in &judged.samples {
            for (l, whole) in judged.wholes.iter().enumerate() {
                let (x, r) = (&sample.activations[l + 1], &sample.relevance[l + 1]);
                let silent: Vec<usize> = (0..x.len())
                    .filter(|&j| x[j] == 0.0 && r[j] != 0.0)
                    .collect();
                let values = whole.values(&sample.activations);
                let shares_equally = |j: &&usize| {
                    let ties = whole.ties(**j);
                    let all_0 = ties.iter().all(|(i, _)| values[*i] == 0.0);
                    judged.rules[l] == Share::Proportional && all_0 && !ties.is_empty()
                };
                let equal = silent.iter().filter(shares_equally).count();
                let found = sample
                    .audit
                    .silent
                    .iter()
                    .find(|found| found.layer == l + 1);
                let found = found.map_or((0, 0), |found| (found.units, found.equal_shares));
                assert_eq!(
                    found,
                    (silent.len(), equal),
                    "case {number}, level {}",
                    l + 1
                );
            }
        }
    }
}

#[test]
fn relevance_is_nowhere_negative_where_all_pools_are_over_values_that_are_not() {
    let mut judged_samples = 0;
    for (number, judged) in cases() {
        let graph = &judged.case.graph;
        let mut pools = (1..=judged.rules.len())
            .filter(|&level| judged.rules[level - 1] == Share::Proportional);
        if pools.any(|level| {
            graph.nodes[level - 1]
                .from
                .iter()
                .any(|&from| graph.can_be_negative(from))
        }) {
            continue;
        }
        let promised = |rule: &Share| match rule {
            Share::Z | Share::Epsilon(_) | Share::Gamma(_) => false,
            Share::AlphaBeta(_, b) => *b == 0.0,
            _ => true,
        };
        if !judged.rules.iter().all(promised) {
            continue;
        }
        for (sample, _) in &judged.samples {
            if sample
                .relevance
                .last()
                .expect("a level")
                .iter()
                .all(|r| *r >= 0.0)
            {
                let least = sample
                    .relevance
                    .iter()
                    .flatten()
                    .copied()
                    .fold(f64::INFINITY, f64::min);
                assert!(least >= 0.0, "case {number}: {least}");
                assert!(sample.audit.checks.positivity.holds);
                judged_samples += 1;
            }
        }
    }
    assert!(judged_samples > 500, "{judged_samples} samples");
}

#[test]
fn a_sample_of_a_graph_has_the_same_bits_alone_and_in_any_batch() {
    let bits = |levels: &[Vec<f64>]| {
        levels
            .iter()
            .flatten()
            .map(|r| r.to_bits())
            .collect::<Vec<_>>()
    };
    for (number, judged) in cases() {
        let samples = &judged.case.samples;
        let mut turned = samples.clone();
        turned.reverse();
        let mut reversed = judged.explained(&turned);
        reversed.reverse();
        for (n, (sample, _)) in judged.samples.iter().enumerate() {
            let alone = judged.explained(&samples[n..=n]);
            for other in [&alone[0], &reversed[n]] {
                assert_eq!(
                    bits(&sample.relevance),
                    bits(&other.relevance),
                    "case {number}, sample {n}"
                );
                assert_eq!(
                    sample.audit.levels, other.audit.levels,
                    "case {number}, sample {n}"
                );
                assert_eq!(
                    sample.audit.balance, other.audit.balance,
                    "case {number}, sample {n}"
                );
            }
        }
    }
}

#[test]
fn messages_add_up_to_what_was_received_and_to_what_was_handed_on() {
    for (number, judged) in cases() {
        let plan = judged.plan();
        let explainer = Explainer::new(&plan);
        for (sample, _) in &judged.samples {
            let largest = largest(&sample.relevance);
            let mut received: Vec<Vec<f64>> = sample
                .relevance
                .iter()
                .map(|r| vec![0.0; r.len()])
                .collect();
            for (l, whole) in judged.wholes.iter().enumerate() {
                let (level, r) = (l + 1, &sample.relevance[l + 1]);
                let from = &judged.case.graph.nodes[l].from;
                let x: Vec<&[f64]> = from
                    .iter()
                    .map(|&from| &sample.activations[from][..])
                    .collect();
                let groups: Vec<Vec<usize>> = (0..r.len()).map(|j| vec![j]).collect();
                let messages = explainer.messages(level, &x, r, &groups);
                let values = whole.values(&sample.activations);
                for (j, carried) in r.iter().enumerate() {
                    let handed: f64 = messages.iter().map(|branch| branch.row(j).sum()).sum();
                    let size: f64 = messages
                        .iter()
                        .flat_map(|branch| branch.row(j).to_vec())
                        .map(f64::abs)
                        .sum();
                    let (mut expected, mut condition) = (0.0, 1.0_f64);
                    for fraction in fractions(whole, &judged.rules[l], judged.case.keep, &values, j)
                    {
                        let mass: f64 = fraction.q.iter().map(|(_, q)| q).sum();
                        if mass != 0.0 && fraction.denominator() != 0.0 {
                            let denominator = fraction.denominator();
                            expected += fraction.factor * mass / denominator * carried;
                            condition = condition.max(fraction.size() / denominator.abs());
                        }
                    }
                    assert!(
                        near(handed, expected, 1e-14 * (100.0 + condition) * size),
                        "case {number}, level {level}, unit {j}, {:?}: {handed}, not {expected} of {size}, {condition:e}",
                        judged.rules[l]
                    );
                }
                for (branch, &from) in messages.iter().zip(from) {
                    let columns = branch.columns().into_iter().zip(&mut received[from]);
                    columns.for_each(|(column, received)| *received += column.sum());
                }
            }
            for (level, received) in received.iter().enumerate().take(judged.wholes.len()) {
                for (i, received) in received.iter().enumerate() {
                    let r = sample.relevance[level][i];
                    assert!(
                        near(*received, r, 1e-12 * largest),
                        "case {number}, level {level}, unit {i}"
                    );
                }
            }
        }
    }
}
