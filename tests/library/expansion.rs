//! Properties of the expansions over random networks: they agree with the rules, in f64 and without rounding.

use std::cell::Cell;

use crate::random::{Case, Kind, case};
use deeptaylor::exact::{self, ExactNetwork, ExactToward, Number};
use deeptaylor::network::Domain;
use deeptaylor::relevance::expansion::{Expander, Expansion};
use deeptaylor::relevance::{
    RuleBias,
    expansion::{NoRoot, Unit},
    function::{Limit, Toward, expand_function},
};
use deeptaylor::{Activation, Bounds, Explainer, Input, Layer, Network, Plan, Rule, Target};
use ndarray::{Array2, array};
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

/// A unit with weights and a bias, at x, with the value that it makes of it.
struct Alone<'a> {
    weights: &'a [f64],
    bias: f64,
    activation: Activation,
    x: &'a [f64],
    value: f64,
}

impl Alone<'_> {
    /// The expansion of the unit's own value.
    fn expand(&self, rule: Rule, bias: RuleBias) -> Result<Expansion, NoRoot> {
        let inputs = self.weights.len();
        let weights = Array2::from_shape_vec((inputs, 1), self.weights.to_vec()).expect("a column");
        let layer = Layer::dense(weights, vec![self.bias], self.activation).expect("a layer");
        let network = Network::new(Input::flat(inputs), vec![layer]).expect("a network");
        let unit = Unit {
            layer: 1,
            unit: 0,
            x: &[self.x],
            relevance: self.value,
        };
        let expander = Expander::new(&network).with_bias(bias);
        expander.expand(unit, rule, &Domain::Unbounded)
    }

    fn root(&self, rule: Rule) -> Expansion {
        self.expand(rule, RuleBias::Drop).expect("it has a root")
    }
}

/// z = 3·1 + 4·2 + 14 = 25.
const FIRING: Alone = Alone {
    weights: &[3.0, 4.0],
    bias: 14.0,
    activation: Activation::Relu,
    x: &[1.0, 2.0],
    value: 25.0,
};

#[test]
fn an_expansion_holds_its_root_its_terms_and_how_far_it_is_there() {
    // t = 25 / (3² + 4²) = 1: x̃ = (1 − 3, 2 − 4), where z = −6 − 8 + 14 = 0, at a distance of √(9 + 16).
    let found = FIRING.root(Rule::WSquared);
    assert_eq!(found.direction, [3.0, 4.0]);
    assert_eq!(found.root, [-2.0, -2.0]);
    assert_eq!(found.terms, [9.0, 16.0]);
    let numbers = [
        found.pre_activation,
        found.pre_activation_at_root,
        found.distance,
        found.sum,
        found.remainder,
    ];
    assert_eq!(numbers.to_vec(), vec![25.0, 0.0, 5.0, 25.0, 0.0]);
    assert_eq!((found.outside, found.gradient_constant), (0, true));
}

#[test]
fn a_bias_in_the_denominator_leaves_no_root_and_one_of_0_does() {
    let kept = |alone: &Alone, rule| alone.expand(rule, RuleBias::Keep);
    let without = Alone {
        bias: 0.0,
        value: 11.0,
        ..FIRING
    };
    assert_eq!(kept(&FIRING, Rule::Z), Err(NoRoot::KeptBias));
    assert!(kept(&without, Rule::Z).is_ok());
    assert!(
        kept(&FIRING, Rule::WSquared).is_ok(),
        "it has no bias there"
    );
    assert!(FIRING.expand(Rule::Z, RuleBias::Drop).is_ok());
}

#[test]
fn gamma_raises_what_has_the_sign_of_the_units_value() {
    // x w = (1, −3): of z = 1 − 3 = −2 the second, of z = 1 − 3 + 4 = 2 the first.
    for (bias, direction) in [(0.0, [1.0, 1.5]), (4.0, [1.5, 1.0])] {
        let unit = Alone {
            weights: &[1.0, -3.0],
            bias,
            activation: Activation::Identity,
            x: &[1.0, 1.0],
            value: bias - 2.0,
        };
        assert_eq!(unit.root(Rule::Gamma(0.5)).direction, direction, "{bias}");
    }
}

#[test]
fn what_rounding_leaves_at_the_root_is_in_the_remainder() {
    // 3 + 2^53 lies between two numbers of f64 and becomes 4 + 2^53, so that z = 4 and x̃ = (3 − 2, 2^53 − 2), where z = −1.
    let far = 2.0_f64.powi(53);
    let unit = |activation| Alone {
        weights: &[1.0, 1.0],
        bias: -far,
        activation,
        x: &[3.0, 9_007_199_254_740_992.0],
        value: 4.0,
    };
    // R_j − R_j(x̃) − Σ = 4 + 1 − 4 without an activation; with one R_j(x̃) is 0.
    for (activation, remainder) in [(Activation::Identity, 1.0), (Activation::Relu, 0.0)] {
        let found = unit(activation).root(Rule::WSquared);
        assert_eq!(found.root, [1.0, far - 2.0]);
        let numbers = vec![found.pre_activation_at_root, found.sum, found.remainder];
        assert_eq!(numbers, [-1.0, 4.0, remainder], "{activation:?}");
        // −1 is little beside 2^53.
        assert!(found.gradient_constant, "{activation:?}");
    }
}

#[test]
fn a_root_that_rounding_puts_beyond_0_is_where_the_gradient_is_constant() {
    // As above without a bias, and 2^-60 times as large: z = 3 + 2^53 − 2^53 = 4, and at x̃ = x − 1 it is −1.
    for scale in [1.0, 2.0_f64.powi(-60)] {
        let far = 2.0_f64.powi(53);
        let x = [3.0, far, -far, 0.0].map(|x| x * scale);
        let unit = Alone {
            weights: &[1.0; 4],
            bias: 0.0,
            activation: Activation::Relu,
            x: &x,
            value: 4.0 * scale,
        };
        let found = unit.root(Rule::WSquared);
        let numbers = vec![found.pre_activation, found.pre_activation_at_root];
        assert_eq!(numbers, [4.0 * scale, -scale]);
        assert!(found.gradient_constant, "{scale}");
    }
}

#[test]
fn a_root_further_beyond_0_than_rounding_of_x_has_another_gradient_where_units_detect() {
    // Σ x w is 1e-6 and z is 1: the root is a million times as far out as x, and as many times less exact.
    for (activation, constant) in [(Activation::Relu, false), (Activation::Identity, true)] {
        let unit = Alone {
            weights: &[1.0, -1.0],
            bias: 1.0,
            activation,
            x: &[2.500_001, 2.5],
            value: 1.0,
        };
        let found = unit.root(Rule::Z);
        let at_root = found.pre_activation_at_root;
        assert!((-1e-9..-1e-10).contains(&at_root), "{at_root:e}");
        assert_eq!(found.gradient_constant, constant, "{activation:?}");
    }
}

#[test]
fn a_root_beyond_f64_is_none_though_nothing_remains() {
    // z = 1.5e308 − 0.8e308; x̃_2 = −1.6e308 − 0.28e308, and the unit is silent there.
    let unit = Alone {
        weights: &[1.0, 0.5],
        bias: 0.0,
        activation: Activation::Relu,
        x: &[1.5e308, -1.6e308],
        value: 0.7e308,
    };
    let found = unit.expand(Rule::WSquared, RuleBias::Drop);
    assert_eq!(found, Err(NoRoot::Overflow));
}

#[test]
fn the_figures_of_a_level_count_roots_of_each_sample_on_its_own() {
    // Unit 0 is 1 + x_1, the others x_1 + x_2 − 1. At (2, 3) its root under z⁺ is (−1, −3/2), those of the others are (2, 3)/5. At
    // (0, 3) nothing supports it, and the others have (0, 1).
    let weights = array![[1.0, 1.0, 1.0], [0.0, 1.0, 1.0]];
    let layer = Layer::dense(weights, vec![1.0, -1.0, -1.0], Activation::Relu);
    let layers = vec![
        layer.expect("a layer"),
        Layer::sum_pool(3, 3).expect("a pool"),
    ];
    let input = Input {
        bounds: Some(Bounds::Same([0.0, 9.0])),
        ..Input::flat(2)
    };
    let network = Network::new(input, layers).expect("a network");
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let mut explainer = Explainer::new(&plan).with_expansion();
    let batch = explainer
        .explain(array![[2.0, 3.0], [0.0, 3.0]].view(), &Target::Max)
        .expect("finite values");
    let levels = batch.expansions().expect("they were asked for");
    let counts = |n: usize, level: usize| {
        let figures = levels[n][level];
        [figures.roots, figures.rootless, figures.outside_domain]
    };
    assert_eq!([counts(0, 0), counts(0, 1)], [[3, 0, 1], [1, 0, 0]]);
    assert_eq!([counts(1, 0), counts(1, 1)], [[2, 1, 0], [1, 0, 0]]);
}
