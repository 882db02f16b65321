//! Relevance at the ends of f64, held against fractions: right, or refused because the right value is beyond f64.

use std::fs;

use deeptaylor::exact::{self, ExactNetwork, Number};
use deeptaylor::relevance::RuleBias;
use deeptaylor::result::Value;
use deeptaylor::{Activation, Bounds, Error, Explainer, Input, Layer, Network, Plan, Rule, Target};
use ndarray::{Array2, array};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A number of the size 10^e, e anywhere in f64 or near 0.
fn number(signed: bool) -> impl Strategy<Value = f64> {
    let power = prop_oneof![-300..300_i32, -300..-250_i32, 250..300_i32, -5..5_i32];
    let digit = prop::sample::select(vec![1.0, 3.0, 7.0]);
    let sign = if signed {
        vec![1.0, -1.0, 1.0]
    } else {
        vec![1.0]
    };
    (
        digit,
        power,
        prop::sample::select(sign),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(digit, power, sign, zero)| {
            let size: f64 = format!("{digit}e{power}").parse().expect("a number");
            if zero { 0.0 } else { sign * size }
        })
}

#[derive(Debug, Clone)]
struct Case {
    /// Weights and biases of a layer, inputs × units; a pool over two where it says so.
    layers: Vec<(Vec<f64>, Vec<f64>, bool)>,
    widths: Vec<usize>,
    rule: Rule,
    x: Vec<f64>,
}

/// The rules whose masses add up parts of one sign: only there does f64 keep nearly all digits.
fn without_cancellation() -> Vec<Rule> {
    let positive = |rule: &Rule| rule.about().promises.positivity;
    Rule::ALL.into_iter().filter(positive).collect()
}

fn case() -> impl Strategy<Value = Case> {
    let widths = prop::collection::vec(prop::sample::select(vec![1, 2, 4]), 2..5);
    widths.prop_flat_map(|widths| {
        let layers: Vec<_> = widths
            .windows(2)
            .map(|w| {
                (
                    prop::collection::vec(number(true), w[0] * w[1]),
                    prop::collection::vec(number(true), w[1]),
                    prop::bool::weighted(0.3),
                )
            })
            .collect();
        let x = prop::collection::vec(number(false), widths[0]);
        (
            layers,
            Just(widths),
            prop::sample::select(without_cancellation()),
            x,
        )
            .prop_map(|(layers, widths, rule, x)| Case {
                layers,
                widths,
                rule,
                x,
            })
    })
}

impl Case {
    fn network(&self) -> Network {
        let mut layers = Vec::new();
        for ((weights, bias, pool), w) in self.layers.iter().zip(self.widths.windows(2)) {
            let weights = Array2::from_shape_vec((w[0], w[1]), weights.clone()).expect("weights");
            layers.push(Layer::dense(weights, bias.clone(), Activation::Relu).expect("a layer"));
            if *pool {
                // Over all of them, and back to as many.
                layers.push(Layer::sum_pool(w[1], w[1]).expect("a pool"));
                let spread = Array2::ones((1, w[1]));
                layers.push(Layer::dense(spread, vec![], Activation::Relu).expect("a layer"));
            }
        }
        let input = Input {
            bounds: Some(Bounds::Same([0.0, 1e301])),
            ..Input::flat(self.x.len())
        };
        Network::new(input, layers).expect("a network")
    }
}

fn decimal(x: f64) -> Number {
    exact::decimal(&format!("{x:e}")).expect("a decimal")
}

fn decimals(numbers: &[Number]) -> Vec<f64> {
    numbers.iter().map(|n| Value::from(n).decimal).collect()
}

/// The levels of relevance, or the error that the f64 path ends with.
fn relevance(plan: &Plan, x: &[f64]) -> Result<Vec<[Vec<f64>; 2]>, Error> {
    let mut explainer = Explainer::new(plan);
    let x = Array2::from_shape_vec((1, x.len()), x.to_vec()).expect("a row");
    let batch = explainer.explain(x.view(), &Target::Output(0))?;
    Ok((0..batch.levels())
        .map(|l| [batch.activations(l), batch.relevance(l)].map(|level| level.row(0).to_vec()))
        .collect())
}

/// Whether f64 holds the activations to nearly all their digits, so that what is different is relevance.
fn is_held(found: &[f64], exact: &[f64]) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-13 * b.abs() && b.abs() < 1e307;
    let held = |b: &f64| *b == 0.0 || b.abs() > 1e-300;
    found.iter().zip(exact).all(near) && exact.iter().all(held)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, max_shrink_iters: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(1512), ..ProptestConfig::default() })]

    #[test]
    fn relevance_at_the_ends_of_f64_is_right_to_1e_12_or_beyond_f64(case in case()) {
        let network = case.network();
        let plan = Plan::of(&network, case.rule).expect("the rule is defined");
        let text = network.to_json();
        let fractions = ExactNetwork::parse(text.as_bytes()).expect("decimals");
        let x: Vec<Number> = case.x.iter().map(|&x| decimal(x)).collect();
        let exact = exact::explain(&fractions, &plan, &x, Target::Output(0));
        match relevance(&plan, &case.x) {
            Err(Error::Overflow { what: "relevance", layer, .. }) => {
                let sum: f64 = decimals(&exact.relevance[layer]).iter().map(|r| r.abs()).sum();
                prop_assert!(sum > 1e307, "R of layer {} is at most {}", layer, sum);
            }
            Err(_) => {}
            Ok(levels) => {
                let exactly: Vec<[Vec<f64>; 2]> = (exact.activations.iter().zip(&exact.relevance))
                    .map(|(x, r)| [decimals(x), decimals(r)])
                    .collect();
                // What a level below has lost is still what its digits are counted from.
                let sums = exactly.iter().map(|[_, r]| r.iter().map(|r| r.abs()).sum());
                let magnitude = sums.fold(0.0, f64::max);
                for (l, ([x, r], [x_exactly, r_exactly])) in levels.iter().zip(&exactly).enumerate() {
                    prop_assume!(is_held(x, x_exactly));
                    for (found, expected) in r.iter().zip(r_exactly) {
                        // A denormal number has no 12 digits.
                        let allowed = (1e-12 * magnitude).max(1e-320);
                        prop_assert!(
                            (found - expected).abs() <= allowed,
                            "level {}: {:e} instead of {:e}, Σ|R| = {:e}", l, found, expected, magnitude
                        );
                    }
                }
            }
        }
    }
}

/// What explaining one sample of a network file gives at the input.
fn at_input(text: &str, rule: Rule, x: &[f64]) -> Vec<f64> {
    let network = Network::parse("a test", text.as_bytes()).expect("a network");
    let plan = Plan::of(&network, rule).expect("the rule is defined");
    let levels = relevance(&plan, x).expect("all of it is in f64");
    levels[0][1].clone()
}

#[test]
fn a_quotient_beyond_f64_is_no_reason_to_lose_relevance_that_is_within() {
    let case = |name: &str| {
        let file = format!(
            "{}/tests/cases/scales/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        fs::read_to_string(file).expect("a network")
    };
    // R / mass is 1e-330.
    assert_eq!(at_input(&case("un"), Rule::ZPlus, &[1.0]), [1e-170]);
    // R / mass is 1e320.
    assert_eq!(at_input(&case("ov"), Rule::ZPlus, &[1e-320]), [1.0]);
    assert_eq!(at_input(&case("zb"), Rule::ZBox, &[1e-309]), [1.0]);
    for rule in [Rule::WSquared, Rule::Flat, Rule::ZPlus] {
        let found = at_input(&case("den"), rule, &[1.0, 1.0]);
        // f(x) = 2e-324 is one unit in the last place, or none, which no two inputs can share.
        assert!(found.iter().sum::<f64>() <= 1e-323, "{found:?}");
    }
}

#[test]
fn a_mass_beyond_f64_hides_nothing() {
    // z = 1.5e308 + 1.5e308 − 1.6e308, so that Σ x w⁺ is beyond f64 and f is not.
    let network = r#"{"input": {"shape": [3]}, "layers": [
        {"type": "dense", "weights": [[-1.6e308], [1.5e308], [1.5e308]], "activation": "relu"}]}"#;
    let half = at_input(network, Rule::ZPlus, &[1.0, 1.0, 1.0]);
    assert_eq!(half[0].to_bits(), 0);
    assert!(
        (half[1] / 0.7e308 - 1.0).abs() < 1e-15 && half[1].to_bits() == half[2].to_bits(),
        "{half:?}"
    );
    // The same where the values are large and the weights are not.
    let network = r#"{"input": {"shape": [3]}, "layers": [
        {"type": "dense", "weights": [[-1.6], [1.5], [1.5]], "activation": "relu"}]}"#;
    let again = at_input(network, Rule::ZPlus, &[1e308, 1e308, 1e308]);
    assert!(
        again[0].to_bits() == 0 && (again[1] / half[1] - 1.0).abs() < 1e-15,
        "{again:?}"
    );
}

#[test]
fn units_of_one_sample_may_lie_at_both_ends_of_f64() {
    // Each unit sees one input: 1e300 and 1e-300, weighed so that both fire alike.
    let network = r#"{"input": {"shape": [2]}, "layers": [
        {"type": "dense", "weights": [[1e-300, 0], [0, 1e300]], "activation": "relu"},
        {"type": "sum_pool"}]}"#;
    let found = at_input(network, Rule::ZPlus, &[1e300, 1e-300]);
    assert!(found.iter().all(|r| (r - 1.0).abs() < 1e-15), "{found:?}");
}

#[test]
fn denormal_values_are_pooled_in_proportion() {
    let network = r#"{"input": {"shape": [2]}, "layers": [{"type": "sum_pool"}, {"type": "dense", "weights": [[1]], "bias": [1]}]}"#;
    let small = f64::from_bits(16);
    assert_eq!(
        at_input(network, Rule::WSquared, &[3.0 * small, small]),
        [0.75, 0.25]
    );
}

#[test]
fn biases_and_epsilon_keep_their_share_and_sign_where_products_leave_f64() {
    // Inputs of 1e-150: what units carry is handed on unit by unit. Contributions (3, 2) and (−1, −2), biases 2 and −1, all times 1e10.
    let weights = array![[3e160, -1e160], [1e160, -1e160]];
    let layer = Layer::dense(weights, vec![2e10, -1e10], Activation::Identity);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    let file = ExactNetwork::from(network.clone());
    let x = [1e-150, 2e-150];
    let rules = [
        "z",
        "epsilon:1e10",
        "gamma:0.5",
        "alpha-beta:1,0",
        "alpha-beta:2,1",
        "z+",
    ];
    for (rule, bias) in rules
        .iter()
        .flat_map(|rule| [RuleBias::Drop, RuleBias::Keep].map(|bias| (rule, bias)))
    {
        let named = format!("{rule}, {bias:?}");
        let rule: Rule = rule.parse().expect("a rule");
        let plan = Plan::of(&network, rule).expect("defined").with_bias(bias);
        let expected = exact::explain(&file, &plan, &x.map(decimal), Target::All);
        let mut explainer = Explainer::new(&plan);
        let samples = array![[1e-150, 2e-150]];
        let batch = explainer
            .explain(samples.view(), &Target::All)
            .expect("finite");
        let balance = batch.audits()[0].balance;
        let found = [
            balance.lost,
            balance.absorbed_by_bias,
            balance.absorbed_by_epsilon,
        ];
        let inputs = batch.relevance(0).row(0).to_vec();
        let withheld = expected.balance;
        let withheld = [
            withheld.lost,
            withheld.absorbed_by_bias,
            withheld.absorbed_by_epsilon,
        ];
        let expected = [decimals(&expected.relevance[0]), decimals(&withheld)].concat();
        for (found, expected) in inputs.into_iter().chain(found).zip(expected) {
            assert!(
                (found - expected).abs() <= 1e-13 * 1e10,
                "{named}: {found} is not {expected}"
            );
        }
    }
}

#[test]
fn a_product_that_f64_does_not_hold_is_a_share_all_the_same() {
    // x_1 w_1 = 1e-340 is all that the unit sees.
    let text =
        r#"{"input": {"shape": [2]}, "layers": [{"type": "dense", "weights": [[1e-200], [1]]}]}"#;
    let network = Network::parse("a test", text.as_bytes()).expect("a network");
    for rule in [Rule::Z, Rule::ZPlus] {
        let plan = Plan::of(&network, rule).expect("defined");
        let found = Explainer::new(&plan).messages(1, &[&[1e-140, 0.0]], &[3.0], &[vec![0]]);
        assert_eq!(found[0], array![[3.0, 0.0]], "{rule}");
    }
}

#[test]
fn what_epsilon_absorbs_of_small_relevance_is_as_small() {
    // ε is as large as z = x, and the weight above is all of f beside it.
    for (x, above) in [(1e-200, 1.0), (1.0, 1e-200), (1e-150, 1e-150)] {
        let layers = [1.0, above]
            .map(|w| Layer::dense(array![[w]], Vec::new(), Activation::Identity).expect("a layer"));
        let network = Network::new(Input::flat(1), layers.to_vec()).expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).and_then(|it| it.with(1, Rule::Epsilon(x)));
        let plan = plan.expect("defined");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(array![[x]].view(), &Target::Max);
        let batch = batch.expect("finite");
        let half = x * above / 2.0;
        let balance = batch.audits()[0].balance;
        for found in [batch.relevance(0)[[0, 0]], balance.absorbed_by_epsilon] {
            assert!((found / half - 1.0).abs() < 1e-15, "{found} of {half}");
        }
    }
}

#[test]
fn a_convolution_of_small_values_shares_as_one_of_large_ones() {
    // Two channels over a picture of two values, all contributions and biases times a power of two.
    let inputs = |power: i32| {
        let small = 2.0_f64.powi(power);
        let [one, two] = [small, -2.0 * small];
        let text = format!(
            r#"{{"input": {{"shape": [1, 1, 2]}}, "layers": [
               {{"type": "conv2d", "weights": [[[[2]]], [[[3]]]], "bias": [{one:e}, {two:e}]}}]}}"#
        );
        let network = Network::parse("a test", text.as_bytes()).expect("a network");
        let plan = Plan::of(&network, Rule::Z).expect("defined");
        let plan = plan.with_bias(RuleBias::Keep);
        let mut explainer = Explainer::new(&plan);
        let samples = array![[3.0 * small, 5.0 * small]];
        let batch = explainer.explain(samples.view(), &Target::All);
        let batch = batch.expect("finite");
        let balance = batch.audits()[0].balance;
        let found = [batch.relevance(0)[[0, 0]], batch.relevance(0)[[0, 1]]];
        [found[0], found[1], balance.absorbed_by_bias].map(|r| r / small)
    };
    // 2 · 3 + 3 · 3, 2 · 5 + 3 · 5, and twice 1 − 2: with its bias in the denominator each part is what it is.
    for power in [0, -600] {
        for (found, expected) in inputs(power).into_iter().zip([15.0, 25.0, -2.0]) {
            assert!((found - expected).abs() < 1e-13, "2^{power}: {found}");
        }
    }
}

#[test]
fn the_sign_of_epsilon_beside_a_mass_of_0_is_plus_where_products_leave_f64() {
    // Contributions of 1e10 and −1e10 cancel; the unit fires with its bias of 1e10, and each is divided by +1e10.
    let network = r#"{"input": {"shape": [2]}, "layers": [
        {"type": "dense", "weights": [[1e160], [-1e160]], "bias": [1e10]}]}"#;
    let found = at_input(network, Rule::Epsilon(1e10), &[1e-150, 1e-150]);
    for (found, expected) in found.iter().zip([1e10, -1e10]) {
        assert!((found / expected - 1.0).abs() < 1e-12, "{found:e}");
    }
}

#[test]
fn a_place_in_the_padding_whose_weights_vanish_beside_those_of_its_channel_loses_nothing() {
    // The first place sees the last weight alone, whose square is nothing beside (1e200)².
    for (last, handed) in [(1.0, [2.0, 0.0]), (0.0, [0.0, 0.0])] {
        let text = format!(
            r#"{{"input": {{"shape": [1, 1, 2]}}, "layers": [
               {{"type": "conv2d", "weights": [[[[1e200, {last}]]]], "padding": [0, 1, 0, 0], "bias": [1]}}]}}"#
        );
        let network = Network::parse("a test", text.as_bytes()).expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(array![[1.0, 1.0]].view(), &Target::Output(0));
        let batch = batch.expect("finite");
        let audit = &batch.audits()[0];
        assert_eq!(batch.relevance(0), array![handed], "{last}");
        assert_eq!(audit.lost.is_empty(), handed[0] > 0.0, "{last}");
        assert!(audit.balance.holds, "{last}");
    }
}
