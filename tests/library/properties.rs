//! Properties over random networks: the fast rules agree with the oracle, conserve, stay positive, and do not
//! depend on how samples are batched, units ordered, weights scaled or threads counted.

use crate::oracle::Plain;
use crate::random::{HIGH, Kind, LOW, case, cases, rows};
use approx::assert_relative_eq;
use deeptaylor::{
    Activation, Bounds, Explainer, Input, Layer, Network, Plan, Preset, Rule, Target,
};
use ndarray::{Array2, Axis, s};
use proptest::prelude::*;

/// Every level's relevance of a batch.
fn relevance(plan: &Plan, samples: &Array2<f64>, target: &Target) -> Vec<Array2<f64>> {
    let mut explainer = Explainer::new(plan);
    let batch = explainer
        .explain(samples.view(), target)
        .expect("finite values");
    (0..batch.levels())
        .map(|l| batch.relevance(l).to_owned())
        .collect()
}

/// The digits of some values, the sign of 0 among them.
fn bits<'v>(values: impl IntoIterator<Item = &'v f64>) -> Vec<u64> {
    values.into_iter().map(|v| v.to_bits()).collect()
}

/// That two levels agree to `tolerance` of their Σ|R|.
fn assert_agree(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    let magnitude: f64 = expected.iter().map(|r| r.abs()).sum();
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= tolerance * magnitude,
            "{what}, unit {i}: {found} instead of {expected}, with Σ|R| = {magnitude}"
        );
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn the_fast_rules_agree_with_the_oracle_to_1e_12(case in case(Kind::Any)) {
        let network = case.network();
        let mut explainer = Explainer::new(&case.plan(&network));
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for (n, x) in case.samples.iter().enumerate() {
            let found = crate::oracle::explain(&case.layers, &case.shares(), case.keep, x, case.target);
            for l in 0..batch.levels() {
                assert_agree(&batch.activations(l).row(n).to_vec(), &found.activations[l], 1e-12, "activations");
                assert_agree(&batch.relevance(l).row(n).to_vec(), &found.relevance[l], 1e-12, "relevance");
            }
            let audit = &batch.audits()[n];
            let places: Vec<_> = audit.lost.iter().map(|lost| (lost.layer, lost.unit)).collect();
            let expected: Vec<_> = found.lost.iter().map(|&(layer, unit, _)| (layer, unit)).collect();
            prop_assert_eq!(places, expected, "places of lost relevance");
            for (lost, (_, _, amount)) in audit.lost.iter().zip(&found.lost) {
                assert_relative_eq!(lost.relevance, *amount, max_relative = 1e-10);
            }
        }
    }

    #[test]
    fn every_rule_agrees_with_the_oracle_with_biases_dropped_and_kept(case in case(Kind::Every)) {
        let network = case.network();
        let mut explainer = Explainer::new(&case.plan(&network));
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for (n, x) in case.samples.iter().enumerate() {
            let found = crate::oracle::explain(&case.layers, &case.shares(), case.keep, x, case.target);
            let audit = &batch.audits()[n];
            prop_assert!(audit.balance.holds, "{:?}", audit.balance);
            // What is left of much larger parts that cancel has few digits, whoever computes it.
            if found.condition > 1e3 {
                continue;
            }
            let mut largest = 0.0_f64;
            for l in (0..batch.levels()).rev() {
                largest = largest.max(found.relevance[l].iter().map(|r| r.abs()).sum());
                for (i, expected) in found.relevance[l].iter().enumerate() {
                    let r = batch.relevance(l)[[n, i]];
                    prop_assert!((r - expected).abs() <= 1e-12 * largest, "level {l}, unit {i}: {r}, not {expected}");
                }
            }
            let within = 1e-12 * largest;
            let sum = |parts: &mut dyn Iterator<Item = f64>| parts.sum::<f64>();
            let by_bias = sum(&mut found.absorbed.iter().map(|[by_bias, _]| *by_bias));
            let by_epsilon = sum(&mut found.absorbed.iter().map(|[_, by_epsilon]| *by_epsilon));
            let lost = sum(&mut found.lost.iter().map(|(_, _, lost)| *lost));
            let input = sum(&mut found.relevance[0].iter().copied());
            let f = batch.chosen()[n].value;
            prop_assert!((f - input - lost - by_bias - by_epsilon).abs() <= within, "the oracle's own balance");
            prop_assert!((audit.balance.lost - lost).abs() <= within);
            prop_assert!((audit.balance.absorbed_by_bias - by_bias).abs() <= within);
            prop_assert!((audit.balance.absorbed_by_epsilon - by_epsilon).abs() <= within);
            for (l, expected) in found.absorbed.iter().enumerate() {
                let own = audit.absorbed.iter().find(|part| part.layer == l + 1);
                let own = own.map_or([0.0; 2], |part| [part.by_bias, part.by_epsilon]);
                prop_assert!((own[0] - expected[0]).abs() <= within && (own[1] - expected[1]).abs() <= within);
            }
        }
    }

    #[test]
    fn what_the_inputs_lack_of_f_is_what_was_lost(case in case(Kind::Any)) {
        let network = case.network();
        let mut explainer = Explainer::new(&case.plan(&network));
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for (audit, chosen) in batch.audits().iter().zip(batch.chosen()) {
            let lost: f64 = audit.lost.iter().map(|lost| lost.relevance).sum();
            let magnitude: f64 = audit.levels.iter().map(|level| level.magnitude).fold(0.0, f64::max);
            prop_assert!((audit.levels[0].sum + lost - chosen.value).abs() <= 1e-12 * magnitude);
            prop_assert!(audit.checks.conservation.holds || !audit.lost.is_empty());
            prop_assert!(!audit.checks.conservation.holds || lost.abs() <= 1e-8 * magnitude);
        }
    }

    #[test]
    fn networks_that_fit_the_theory_are_conserved_to_1e_12_and_positive(case in case(Kind::Theory)) {
        let network = case.network();
        let mut explainer = Explainer::new(&case.plan(&network)).tolerance(1e-12);
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for audit in batch.audits() {
            prop_assert!(audit.checks.conservation.holds, "{:?}", audit.checks);
            prop_assert!(audit.checks.positivity.holds, "{:?}", audit.checks);
            prop_assert!(audit.lost.is_empty());
        }
    }

    #[test]
    fn under_deep_taylor_no_silent_unit_carries_relevance(case in case(Kind::Theory)) {
        let network = case.network();
        let plan = Plan::of(&network, Preset::DeepTaylor).expect("the bounds hold 0");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for audit in batch.audits() {
            prop_assert!(audit.checks.hold());
            prop_assert!(audit.silent.is_empty(), "{:?}", audit.silent);
        }
    }

    #[test]
    fn a_sample_alone_has_the_bits_that_it_has_in_a_batch(case in case(Kind::Any)) {
        let network = case.network();
        let (plan, target) = (case.plan(&network), case.target());
        let batch = relevance(&plan, &case.rows(), &target);
        for (n, x) in case.samples.iter().enumerate() {
            let alone = relevance(&plan, &rows(std::slice::from_ref(x)), &target);
            for (batch, alone) in batch.iter().zip(&alone) {
                prop_assert_eq!(bits(batch.row(n)), bits(alone.row(0)));
            }
        }
    }

    #[test]
    fn an_explainer_that_was_used_before_gives_the_same_bits(case in case(Kind::Any)) {
        let network = case.network();
        let mut explainer = Explainer::new(&case.plan(&network));
        let rows = case.rows();
        let explain = |explainer: &mut Explainer| {
            let batch = explainer.explain(rows.view(), &case.target()).expect("finite values");
            let bits = (0..batch.levels()).flat_map(|l| batch.relevance(l).iter().map(|r| r.to_bits()).collect::<Vec<_>>());
            bits.collect::<Vec<_>>()
        };
        let first = explain(&mut explainer);
        // A larger batch in between moves the buffers.
        let more = ndarray::concatenate![Axis(0), rows, rows, rows];
        explainer.explain(more.view(), &Target::Max).expect("finite values");
        prop_assert_eq!(first, explain(&mut explainer));
    }

    #[test]
    fn inputs_in_another_order_get_the_same_relevance(case in case(Kind::Theory)) {
        let mut turned = case.clone();
        turned.samples.iter_mut().for_each(|x| x.reverse());
        if let Plain::Dense { weights, .. } = &mut turned.layers[0] {
            weights.reverse();
        }
        let network = case.network();
        let straight = relevance(&case.plan(&network), &case.rows(), &case.target());
        let network = turned.network();
        let turned = relevance(&turned.plan(&network), &turned.rows(), &turned.target());
        for (straight, turned) in straight[0].rows().into_iter().zip(turned[0].rows()) {
            let back: Vec<f64> = turned.iter().rev().copied().collect();
            assert_agree(&back, &straight.to_vec(), 1e-12, "relevance");
        }
    }

    #[test]
    fn a_power_of_two_on_a_units_weights_changes_no_bit_of_its_shares(
        column in prop::collection::vec(prop_oneof![-1.5..-0.01, 0.01..1.5_f64], 1..6),
        x in prop::collection::vec(0.1..1.5_f64, 6),
        power in -660..660_i32,
        rule in prop::sample::select(&Rule::ALL[..]),
    ) {
        let x = Array2::from_shape_fn((1, column.len()), |(_, i)| x[i]);
        let share = |scale: f64| {
            let weights = Array2::from_shape_fn((column.len(), 1), |(i, _)| column[i] * scale);
            let input = Input { bounds: Some(Bounds::Same([LOW, HIGH])), ..Input::flat(column.len()) };
            let layer = Layer::dense(weights, Vec::new(), Activation::Identity).expect("a layer");
            let network = Network::new(input, vec![layer]).expect("a network");
            // ε is measured as the contributions are.
            let rule = match rule {
                Rule::Epsilon(epsilon) => Rule::Epsilon(epsilon * scale),
                other => other,
            };
            let plan = Plan::of(&network, rule).expect("the rule is defined");
            let levels = relevance(&plan, &x, &Target::Max);
            levels[0].row(0).iter().map(|r| (r / scale).to_bits()).collect::<Vec<_>>()
        };
        prop_assert_eq!(share(1.0), share(2.0_f64.powi(power)));
    }

    #[test]
    fn a_rule_keeps_what_its_row_promises(
        weights in prop::collection::vec(-1.5..1.5_f64, 12),
        bias in prop::collection::vec(-0.5..0.5_f64, 3),
        x in prop::collection::vec(LOW..HIGH, 4),
        rule in prop::sample::select(&Rule::ALL[..]),
    ) {
        let weights = Array2::from_shape_vec((4, 3), weights).expect("4 × 3");
        let input = Input { bounds: Some(Bounds::Same([LOW, HIGH])), ..Input::flat(4) };
        let layer = Layer::dense(weights, bias, Activation::Relu).expect("a layer");
        let network = Network::new(input, vec![layer]).expect("a network");
        let plan = Plan::of(&network, rule).expect("the rule is defined");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(rows(&[x]).view(), &Target::All).expect("finite values");
        let (audit, promises) = (&batch.audits()[0], rule.about().promises);
        let lost: f64 = audit.lost.iter().map(|unit| unit.relevance).sum();
        let kept = audit.levels[0].sum + lost;
        prop_assert!(!promises.conservation || (kept - batch.chosen()[0].value).abs() < 1e-12);
        prop_assert!(!promises.positivity || audit.checks.positivity.holds);
    }

    #[test]
    fn all_outputs_together_are_the_sum_of_each_alone(case in case(Kind::Any)) {
        let network = case.network();
        let plan = case.plan(&network);
        let rows = case.rows();
        let all = relevance(&plan, &rows, &Target::All);
        let alone: Vec<_> = (0..network.output_units())
            .map(|k| relevance(&plan, &rows, &Target::Output(k)))
            .collect();
        for (l, level) in all.iter().enumerate() {
            for n in 0..rows.nrows() {
                let parts: Vec<_> = alone.iter().map(|levels| levels[l].row(n)).collect();
                let magnitude: f64 = parts.iter().flatten().map(|r| r.abs()).sum();
                for (i, r) in level.row(n).iter().enumerate() {
                    let sum: f64 = parts.iter().map(|part| part[i]).sum();
                    prop_assert!((r - sum).abs() <= 1e-12 * magnitude);
                }
            }
        }
    }

    #[test]
    fn a_network_that_is_written_and_read_again_is_the_same(case in case(Kind::Any)) {
        let network = case.network()
            .named("a \"name\"\n")
            .described("ü")
            .with_samples(case.rows())
            .expect("samples fit");
        let text = network.to_json();
        prop_assert_eq!(Network::parse("written", text.as_bytes()).expect("it can be read"), network);
    }
}

/// 190-257-130-10, ReLU: wide enough that products and passes over rows are shared among the threads.
fn wide() -> Network {
    let layer = |inputs: usize, units: usize| {
        let weights = Array2::from_shape_fn((inputs, units), |(i, j)| {
            ((i * 31 + j * 17) % 23) as f64 / 11.0 - 1.0
        });
        Layer::dense(weights, vec![-0.1; units], Activation::Relu).expect("a layer")
    };
    let input = Input {
        bounds: Some(Bounds::Same([-1.0, 1.0])),
        ..Input::flat(190)
    };
    let layers = vec![layer(190, 257), layer(257, 130), layer(130, 10)];
    Network::new(input, layers).expect("a network")
}

/// Samples of [`wide`]: some of both signs, some nowhere below 0, one of zeros.
fn samples(rows: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, 190), |(n, i)| {
        let x = ((n * 7 + i * 13) % 101) as f64 / 100.0;
        match n % 5 {
            0 => 0.0,
            1 | 2 => x,
            _ => 1.0 - 2.0 * x,
        }
    })
}

/// The plans of every kind of rule, among them zB below z+ and a fixed rule above another.
fn plans(network: &Network) -> Vec<Plan<'_>> {
    let [w_squared, flat, z_plus] = [Rule::WSquared, Rule::Flat, Rule::ZPlus]
        .map(|rule| Plan::of(network, rule).expect("the rule is defined"));
    let mixed = w_squared.clone().with(1, Rule::ZPlus);
    let deep = Plan::of(network, Preset::DeepTaylor).expect("the bounds hold 0");
    vec![w_squared, flat, z_plus, mixed.expect("a layer"), deep]
}

#[test]
fn a_sample_has_the_same_bits_in_any_batch_at_any_place() {
    let (network, samples) = (wide(), samples(70));
    for plan in plans(&network) {
        for target in [Target::Max, Target::All, Target::Output(3)] {
            let together = relevance(&plan, &samples, &target);
            for rows in [0..1, 1..2, 3..4, 4..6, 5..12, 1..70, 20..53] {
                let some = samples.slice(s![rows.clone(), ..]).to_owned();
                let some = relevance(&plan, &some, &target);
                for (l, (some, together)) in some.iter().zip(&together).enumerate() {
                    let together = together.slice(s![rows.clone(), ..]);
                    assert!(
                        bits(some) == bits(together),
                        "{plan:?}, {target:?}, rows {rows:?}, level {l}"
                    );
                }
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let (network, samples) = (wide(), samples(300));
    for plan in plans(&network) {
        let bits = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("threads");
            let levels = pool.install(|| relevance(&plan, &samples, &Target::Max));
            levels.iter().flat_map(bits).collect::<Vec<_>>()
        };
        let one = bits(1);
        assert!(
            bits(2) == one && bits(3) == one && bits(8) == one,
            "{plan:?}"
        );
    }
}
