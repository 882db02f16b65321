//! Properties of the expansions over random networks: they agree with the rules, in f64 and without rounding.

use std::cell::Cell;

use crate::random::{Case, Kind, case};
use deeptaylor::exact::{self, ExactNetwork, ExactToward, Number};
use deeptaylor::relevance::expansion::Expander;
use deeptaylor::relevance::{
    RuleBias,
    expansion::{NoRoot, Unit},
    function::{Limit, Toward, expand_function},
};
use deeptaylor::{Explainer, Network, Rule};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

fn config() -> Config {
    Config {
        cases: 500,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1512),
        ..Config::default()
    }
}

/// The network of a case a second time, read from its file.
fn in_fractions(network: &Network) -> ExactNetwork {
    ExactNetwork::parse(network.to_json().as_bytes()).expect("decimals")
}

/// 64ths have short decimals, so that nothing is lost on the way.
fn fractions(x: &[f64]) -> Vec<Number> {
    let decimal = |x: &f64| exact::decimal(&x.to_string()).expect("a decimal");
    x.iter().map(decimal).collect()
}

fn assert_expansions_agree(case: &Case) {
    let network = case.network();
    let plan = case.plan(&network);
    let mut explainer = Explainer::new(&plan).with_expansion();
    let batch = explainer
        .explain(case.rows().view(), &case.target())
        .expect("finite values");
    let expander = Expander::new(&network);
    for (n, levels) in batch
        .expansions()
        .expect("they were asked for")
        .iter()
        .enumerate()
    {
        for (level, figures) in levels.iter().enumerate() {
            let (layer, relevance) = (level + 1, batch.relevance(level + 1).row(n).to_vec());
            let magnitude: f64 = relevance.iter().map(|r| r.abs()).sum();
            assert!(
                figures.largest_difference <= 1e-10 * magnitude,
                "layer {layer}: {figures:?}"
            );
            assert!(
                figures.largest_remainder <= 1e-10 * magnitude,
                "layer {layer}: {figures:?}"
            );
            let carrying = relevance.iter().filter(|r| **r != 0.0).count();
            assert_eq!(figures.roots + figures.rootless, carrying);
            let x = batch.activations(level).row(n).to_vec();
            for (unit, &relevance) in relevance.iter().enumerate().filter(|(_, r)| **r != 0.0) {
                let (rule, domain) = (plan.rule(level + 1), plan.domain(level + 1));
                let unit = Unit {
                    layer,
                    unit,
                    x: &[&x],
                    relevance,
                };
                match expander.expand(unit, rule, domain) {
                    Ok(found) => {
                        let size: f64 = found
                            .root
                            .iter()
                            .zip(&found.gradient)
                            .map(|(x, g)| (x * g / found.factor).abs())
                            .sum();
                        assert!(
                            found.pre_activation_at_root.abs()
                                <= 1e-13 * (size + found.pre_activation.abs())
                        );
                        assert!((found.sum - relevance).abs() <= 1e-10 * relevance.abs());
                        assert!(found.gradient_constant);
                    }
                    Err(NoRoot::Silent) => assert!(batch.activations(layer)[[n, unit.unit]] == 0.0),
                    Err(NoRoot::NoFlatDirection) => assert_eq!(rule, Rule::Flat),
                    Err(NoRoot::NoDirection) => assert!(
                        batch.audits()[n]
                            .lost
                            .iter()
                            .any(|lost| (lost.layer, lost.unit) == (layer, unit.unit))
                    ),
                    Err(NoRoot::NoExpansion) => assert!(!rule.about().expansion),
                    Err(NoRoot::Overflow | NoRoot::Saturated | NoRoot::KeptBias) => {
                        panic!("nothing is large here")
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn rule_and_expansion_agree_to_1e_10_where_every_bias_is_at_most_0(case in case(Kind::Theory)) {
        assert_expansions_agree(&case);
    }

    #[test]
    fn rule_and_expansion_agree_to_1e_10_with_biases_of_either_sign(case in case(Kind::Any)) {
        assert_expansions_agree(&case);
    }

    #[test]
    fn without_rounding_rule_and_expansion_are_equal_and_nothing_remains(case in case(Kind::Any)) {
        let network = case.network();
        let (file, plan) = (in_fractions(&network), case.plan(&network));
        let found = exact::explain(&file, &plan, &fractions(&case.samples[0]), case.target());
        for layer in 1..found.relevance.len() {
            for unit in 0..found.relevance[layer].len() {
                if found.relevance[layer][unit] == Number::ZERO {
                    continue;
                }
                let rule = plan.rule(layer);
                if let Ok(expanded) = exact::expand(&file, &found, layer, unit, rule, RuleBias::Drop) {
                    let expansion = expanded.expansion;
                    prop_assert_eq!(&expanded.largest_difference, &Number::ZERO);
                    prop_assert_eq!(&expansion.remainder, &Number::ZERO);
                    prop_assert_eq!(&expansion.pre_activation_at_root, &Number::ZERO);
                    prop_assert_eq!(&expansion.sum, &found.relevance[layer][unit]);
                }
            }
        }
    }

    #[test]
    fn without_rounding_every_layer_sums_to_f_but_for_what_is_lost(case in case(Kind::Any)) {
        let network = case.network();
        let (file, plan) = (in_fractions(&network), case.plan(&network));
        let found = exact::explain(&file, &plan, &fractions(&case.samples[0]), case.target());
        let total = |numbers: &[Number]| numbers.iter().fold(Number::ZERO, |sum, x| sum + x);
        for (level, relevance) in found.relevance.iter().enumerate() {
            let above = found.lost.iter().filter(|lost| lost.layer > level);
            let lost = above.fold(Number::ZERO, |sum, lost| sum + &lost.relevance);
            prop_assert_eq!(total(relevance) + lost, found.value.clone());
        }
    }

    #[test]
    fn the_expansion_of_the_whole_network_sums_to_f_and_its_root_is_one(case in case(Kind::Any), to in prop::collection::vec(-64..=64_i16, 6)) {
        let network = case.network();
        let (file, x) = (in_fractions(&network), &case.samples[0]);
        let point: Vec<f64> = to[..x.len()].iter().map(|n| f64::from(*n) / 64.0).collect();
        for (fast, slow) in [
            (Toward::Nearest, ExactToward::Nearest),
            (Toward::Point(vec![0.0; x.len()]), ExactToward::Point(vec![Number::ZERO; x.len()])),
            (Toward::Point(point.clone()), ExactToward::Point(fractions(&point))),
        ] {
            let limit = Limit { pieces: 10_000, until: None };
            let exact = exact::expand_function(&file, &fractions(x), case.target.into(), &slow, limit).expect("few pieces");
            let terms = exact.terms.iter().fold(Number::ZERO, |sum, term| sum + term);
            prop_assert_eq!(&exact.value, &(&exact.value_at_root + terms + &exact.remainder));
            prop_assert_eq!(exact.found, exact.value_at_root == Number::ZERO);
            if exact.found && exact.pieces <= 1 {
                prop_assert_eq!(&exact.remainder, &Number::ZERO);
            }
            let fast = expand_function(&network, x, case.target.into(), &fast, limit).expect("finite values");
            let terms: f64 = fast.terms.iter().sum();
            let size = fast.value.abs() + fast.terms.iter().map(|term| term.abs()).sum::<f64>();
            prop_assert!((fast.value - fast.value_at_root - terms - fast.remainder).abs() <= 1e-12 * size);
            // Where both took the same way they came to the same place.
            if fast.found && exact.found && fast.pieces == exact.pieces {
                for (fast, exact) in fast.root.iter().zip(&exact.root) {
                    let exact = exact.to_f64().value();
                    prop_assert!((fast - exact).abs() <= 1e-9 * (1.0 + exact.abs()));
                }
            }
            // A line that only touches f = 0 is a root on one side of rounding and none on the other.
            if fast.found {
                prop_assert!(fast.value_at_root.abs() <= 1e-9 * (1.0 + fast.value.abs()));
            }
        }
    }
}

#[test]
fn exact_and_fast_relevance_agree_to_1e_12_of_their_layer() {
    let largest = Cell::new(0.0_f64);
    let agrees = |case: Case| {
        let network = case.network();
        let (file, plan) = (in_fractions(&network), case.plan(&network));
        let mut explainer = Explainer::new(&plan);
        let batch = explainer
            .explain(case.rows().view(), &case.target())
            .expect("finite values");
        for (n, x) in case.samples.iter().enumerate() {
            let exact = exact::explain(&file, &plan, &fractions(x), case.target());
            for (level, expected) in exact.relevance.iter().enumerate() {
                let expected: Vec<f64> = expected.iter().map(|r| r.to_f64().value()).collect();
                let magnitude: f64 = expected.iter().map(|r| r.abs()).sum();
                for (found, expected) in batch.relevance(level).row(n).iter().zip(&expected) {
                    let difference = (found - expected).abs();
                    prop_assert!(difference <= 1e-12 * magnitude);
                    if difference > 0.0 {
                        largest.set(largest.get().max(difference / magnitude));
                    }
                }
            }
            prop_assert_eq!(exact.lost.len(), batch.audits()[n].lost.len());
        }
        Ok(())
    };
    TestRunner::new(config())
        .run(&case(Kind::Any), agrees)
        .expect("they agree");
    println!(
        "the largest difference is {:e} of its layer's Σ|R|",
        largest.get()
    );
    assert!(largest.get() > 0.0, "f64 does round");
}
