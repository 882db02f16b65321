//! Rules beside one another: figures worked out by hand and a second time, and what must be the same whatever is done at once.

use approx::assert_relative_eq;
use deeptaylor::evaluate::{Candidate, Examination, Findings, Noise, Randomisation};
use deeptaylor::init::{Architecture, Family, Scheme};
use deeptaylor::measure::flipping::area_over;
use deeptaylor::network::{Input, Memory};
use deeptaylor::relevance::{Gradient, Policy, RuleBias};
use deeptaylor::{Activation, Explainer, Layer, Network, Plan, Rule, Target};
use ndarray::{Array2, array};

fn examination<'n>(network: &'n Network, rules: &[Rule], samples: Array2<f64>) -> Examination<'n> {
    Examination {
        network,
        candidates: rules
            .iter()
            .map(|&rule| Policy::new(rule, Vec::new()).into())
            .collect(),
        targets: vec![Target::Max; samples.nrows()],
        samples,
        tolerance: 1e-9,
        batches: 28,
        noise: Noise {
            size: 0.05,
            copies: 3,
        },
        randomisation: Randomisation {
            scheme: Scheme::of(Family::HeNormal),
            draws: 2,
        },
        seed: 1,
        memory: Memory::default(),
    }
}

/// Everything but the seconds, in words that tell every bit.
fn untimed(mut findings: Findings) -> String {
    for rule in &mut findings.rules {
        rule.seconds = 0.0;
    }
    format!("{findings:?}")
}

/// f = max(0, 4 x_0 + x_1).
fn two_inputs() -> Network {
    let layer = Layer::dense(array![[4.0], [1.0]], vec![], Activation::Relu).expect("a layer");
    Network::new(Input::flat(2), vec![layer]).expect("a network")
}

fn drawn(layers: &str, seed: u64) -> Network {
    let architecture: Architecture = layers.parse().expect("layers");
    let scheme = Scheme::of(Family::HeUniform);
    architecture.draw(scheme, None, seed).expect("finite")
}

/// Samples that differ from one another, and are not of one sign.
fn samples(number: usize, inputs: usize) -> Array2<f64> {
    Array2::from_shape_fn((number, inputs), |(n, i)| {
        ((7 * n + 5 * i) % 11) as f64 / 5.0 - 0.7 + 0.01 * n as f64
    })
}

fn relevance(network: &Network, rule: Rule, sample: &[f64], output: usize) -> (Vec<f64>, f64) {
    let plan = Plan::of(network, rule).expect("it is defined");
    let mut explainer = Explainer::new(&plan);
    let sample = Array2::from_shape_vec((1, sample.len()), sample.to_vec()).expect("a row");
    let batch = explainer
        .explain(sample.view(), &Target::Output(output))
        .expect("finite");
    (batch.relevance(0).row(0).to_vec(), batch.chosen()[0].value)
}

fn outputs(network: &Network, sample: &[f64]) -> Vec<f64> {
    let plan = Plan::of(network, Rule::Flat).expect("it is defined");
    let mut explainer = Explainer::new(&plan);
    let sample = Array2::from_shape_vec((1, sample.len()), sample.to_vec()).expect("a row");
    let batch = explainer
        .explain(sample.view(), &Target::All)
        .expect("finite");
    batch.activations(network.top()).row(0).to_vec()
}

fn cosine(a: &[f64], b: &[f64]) -> Option<f64> {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let lengths = (product(a, a) * product(b, b)).sqrt();
    (lengths > 0.0).then(|| product(a, b) / lengths)
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().flatten().copied().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

fn assert_same(found: Option<f64>, expected: Option<f64>, what: &str) {
    assert_eq!(
        found.is_some(),
        expected.is_some(),
        "{what}: {found:?}, {expected:?}"
    );
    if let (Some(found), Some(expected)) = (found, expected) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{what}: {found}, {expected}"
        );
    }
}

#[test]
fn the_figures_of_a_sum_by_hand() {
    let network = two_inputs();
    let rules = [Rule::WSquared, Rule::Flat, Rule::ZPlus];
    let examination = examination(&network, &rules, array![[1.0, 1.0], [-1.0, 0.0]]);
    let findings = examination.run(|_| ()).expect("finite");
    let [w2, flat, z_plus] = &findings.rules[..] else {
        panic!("three rules");
    };
    for rule in &findings.rules {
        assert_eq!(rule.explained, 1, "f of the second sample is 0");
        assert_eq!((rule.checked.conserved, rule.checked.positive), (2, 2));
        // 5 → 1 → 0, the larger input first: (1 − 1/5 + 1 − 0) / 2. Of equal ones the first goes first.
        let curve = rule.flipping.as_deref().expect("f > 0");
        assert_relative_eq!(curve, &[1.0, 0.2, 0.0][..]);
        let balance = rule.balance.expect("f is not 0");
        assert_relative_eq!(balance.input, 1.0, max_relative = 1e-15);
        assert_eq!((balance.lost, rule.lost_share), (0.0, Some(0.0)));
    }
    assert_relative_eq!(area_over(w2.flipping.as_deref().expect("a curve")), 0.9);
    // w2 shares 16/17 and 1/17, z+ 4/5 and 1/5, flat a half each.
    assert_relative_eq!(
        w2.largest_share.expect("relevance"),
        16.0 / 17.0,
        max_relative = 1e-14
    );
    assert_relative_eq!(
        flat.effective_inputs.expect("relevance"),
        2.0,
        max_relative = 1e-14
    );
    let with = |a: f64, b: f64| (a + b) / (2.0 * (a * a + b * b)).sqrt();
    assert_relative_eq!(
        flat.agreement[0].expect("both"),
        with(16.0, 1.0),
        max_relative = 1e-14
    );
    assert_relative_eq!(
        flat.agreement[2].expect("both"),
        with(4.0, 1.0),
        max_relative = 1e-14
    );
    assert_eq!(z_plus.agreement[1], flat.agreement[2], "it is symmetric");
    // Shares that no input changes do not change with noise, and flat's not with the weights either.
    for fixed in [w2, flat] {
        assert_relative_eq!(
            fixed.stability.cosine.expect("relevance"),
            1.0,
            max_relative = 1e-14
        );
    }
    assert!(z_plus.stability.cosine.expect("relevance") < 1.0 - 1e-9);
    assert_eq!(findings.randomised, [1]);
    let last = flat.randomised.last().expect("a layer");
    assert!(
        last.cosine
            .is_none_or(|cosine| (cosine - 1.0).abs() < 1e-14)
    );
    assert_eq!(last.rank, None, "equal relevance has no order");
}

#[test]
fn a_sensitivity_of_1_is_that_of_relevance_that_grows_with_its_input() {
    // f = 3 x_0: whatever the rule, R = f, and its relative change is that of the input.
    let layer = Layer::dense(array![[3.0]], vec![], Activation::Relu).expect("a layer");
    let network = Network::new(Input::flat(1), vec![layer]).expect("a network");
    let rules = [Rule::WSquared, Rule::ZPlus, Rule::Flat];
    let examination = examination(&network, &rules, array![[2.0]]);
    for rule in examination.run(|_| ()).expect("finite").rules {
        let stability = rule.stability;
        assert_relative_eq!(
            stability.sensitivity.expect("it moves"),
            1.0,
            max_relative = 1e-9
        );
        let largest = stability.largest_sensitivity.expect("it moves");
        assert_relative_eq!(largest, 1.0, max_relative = 1e-9);
        assert_relative_eq!(stability.cosine.expect("relevance"), 1.0);
    }
}

#[test]
fn every_figure_is_what_its_definition_gives_a_second_time() {
    let rules = [Rule::WSquared, Rule::ZPlus, Rule::Flat, Rule::Z];
    for seed in 1..=4 {
        let network = drawn("5,6,4,3:identity", seed);
        let samples = samples(4, 5);
        let mut examination = examination(&network, &rules, samples.clone());
        examination.seed = 10 * seed;
        examination.batches = 3;
        let findings = examination.run(|_| ()).expect("finite");
        assert_eq!(findings.randomised, [3, 2, 1]);
        let rows: Vec<Vec<f64>> = samples.rows().into_iter().map(|row| row.to_vec()).collect();
        let chosen = |sample: &[f64]| {
            let outputs = outputs(&network, sample);
            (0..outputs.len())
                .max_by(|&a, &b| outputs[a].total_cmp(&outputs[b]))
                .expect("outputs")
        };
        for (r, (&rule, found)) in rules.iter().zip(&findings.rules).enumerate() {
            let what = |figure: &str| format!("{rule}, seed {seed}: {figure}");
            for (other, agreement) in rules.iter().zip(&found.agreement) {
                let cosines = rows.iter().map(|x| {
                    let (a, _) = relevance(&network, rule, x, chosen(x));
                    let (b, _) = relevance(&network, *other, x, chosen(x));
                    cosine(&a, &b)
                });
                assert_same(
                    *agreement,
                    mean(&cosines.collect::<Vec<_>>()),
                    &what("agreement"),
                );
            }
            assert!(found.agreement[r].is_some());
            // Inputs in the order of their relevance, in three batches of 1, 2 and 2.
            let mut sums = [0.0; 4];
            for x in &rows {
                let (relevance, _) = relevance(&network, rule, x, chosen(x));
                let mut order: Vec<usize> = (0..5).collect();
                order.sort_by(|&a, &b| relevance[b].total_cmp(&relevance[a]));
                let mut left = x.clone();
                for (k, gone) in [0..0, 0..1, 1..3, 3..5].into_iter().enumerate() {
                    order[gone].iter().for_each(|&i| left[i] = 0.0);
                    sums[k] += outputs(&network, &left)[chosen(x)];
                }
            }
            let curve = found
                .flipping
                .as_ref()
                .expect("the largest outputs are above 0");
            for (found, sum) in curve.iter().zip(sums) {
                assert!(
                    (found - sum / sums[0]).abs() < 1e-12,
                    "{}",
                    what("flipping")
                );
            }
            // All layers from a level up as the scheme draws them for a network of this shape.
            for (step, from) in [3, 2, 1].into_iter().enumerate() {
                let mut cosines = Vec::new();
                for draw in 0..2 {
                    let all = Architecture::of(&network)
                        .draw(Scheme::of(Family::HeNormal), None, 10 * seed + draw)
                        .expect("finite");
                    let layers = network.layers().iter().zip(all.layers()).enumerate();
                    let layers = layers.map(|(l, (own, drawn))| {
                        if l + 1 < from {
                            own.clone()
                        } else {
                            drawn.clone()
                        }
                    });
                    let random = Network::new(network.input().clone(), layers.collect());
                    let random = random.expect("of the same shape");
                    for x in &rows {
                        let (a, f) = relevance(&network, rule, x, chosen(x));
                        let (b, g) = relevance(&random, rule, x, chosen(x));
                        let shares =
                            |r: &[f64], f: f64| r.iter().map(|r| r / f).collect::<Vec<_>>();
                        let pair = cosine(&shares(&a, f), &shares(&b, g));
                        cosines.push(pair.filter(|_| f != 0.0 && g != 0.0));
                    }
                }
                let found = found.randomised[step];
                assert_same(found.cosine, mean(&cosines), &what("random weights"));
                assert_eq!(found.compared, cosines.iter().flatten().count());
            }
        }
    }
}

#[test]
fn what_is_explained_at_once_and_on_how_many_threads_changes_no_bit() {
    let network = drawn("5,6,4,3:identity", 3);
    let rules = [Rule::WSquared, Rule::Flat, Rule::ZPlus, Rule::Epsilon(0.25)];
    let mut examination = examination(&network, &rules, samples(7, 5));
    let whole = untimed(examination.run(|_| ()).expect("finite"));
    for memory in ["1", "2000", "4000"] {
        examination.memory = memory.parse().expect("a size");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3);
        let pool = pool.build().expect("threads");
        let parts = pool.install(|| examination.run(|_| ())).expect("finite");
        assert_eq!(untimed(parts), whole, "{memory}");
    }
    examination.seed += 1;
    assert_ne!(untimed(examination.run(|_| ()).expect("finite")), whole);
}

#[test]
fn as_many_explanations_are_told_as_are_made() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let network = drawn("5,6,4,3:identity", 3);
    let mut examination = examination(&network, &[Rule::WSquared, Rule::Flat], samples(7, 5));
    examination.memory = "1".parse().expect("a size");
    let told = AtomicUsize::new(0);
    let done = |number| {
        told.fetch_add(number, Ordering::Relaxed);
    };
    examination.run(done).expect("finite");
    // 7 samples and 2 rules; once as they are, 3 copies, 3 layers drawn twice.
    assert_eq!(told.into_inner(), 7 * 2 * (1 + 3 + 3 * 2));
    assert_eq!(examination.explanations(), 7 * 2 * (1 + 3 + 3 * 2));
}

#[test]
fn where_nothing_is_explained_every_figure_is_undefined_and_none_is_nan() {
    let network = two_inputs();
    let examination = examination(
        &network,
        &[Rule::WSquared, Rule::ZPlus],
        array![[-1.0, -1.0]],
    );
    let findings = examination.run(|_| ()).expect("finite");
    assert_eq!(findings.random_flipping, None);
    for rule in &findings.rules {
        assert_eq!(
            (rule.explained, rule.balance, rule.lost_share),
            (0, None, None)
        );
        assert_eq!((rule.effective_inputs, &rule.flipping), (None, &None));
        assert_eq!(rule.agreement, [None, None]);
        assert_eq!(
            (rule.stability.cosine, rule.stability.sensitivity),
            (None, None)
        );
        assert_eq!(
            (rule.randomised[0].cosine, rule.randomised[0].compared),
            (None, 0)
        );
    }
}

#[test]
fn a_network_without_weights_has_nothing_to_draw_anew() {
    let network = drawn("4,pool", 1);
    let examination = examination(&network, &[Rule::WSquared], array![[1.0, 2.0, 3.0, 4.0]]);
    let findings = examination.run(|_| ()).expect("finite");
    assert!(findings.randomised.is_empty() && findings.rules[0].randomised.is_empty());
}

#[test]
fn what_biases_and_epsilon_absorb_is_part_of_the_balance() {
    let biased = Layer::dense(array![[1.0], [2.0]], vec![1.0], Activation::Relu).expect("a layer");
    let network = Network::new(Input::flat(2), vec![biased]).expect("a network");
    let rules = [Rule::Z, Rule::Epsilon(1.0)];
    let mut examination = examination(&network, &rules, array![[1.0, 1.0]]);
    let kept = rules.map(|rule| Policy::new(rule, Vec::new()).with_bias(RuleBias::Keep));
    examination.candidates = kept.map(Candidate::from).to_vec();
    let findings = examination.run(|_| ()).expect("finite");
    // f = 4, of which 3/4 is the inputs' and 1/4 the bias's; ε makes the denominator 5.
    let parts = findings
        .rules
        .iter()
        .map(|rule| rule.balance.expect("f is not 0"));
    let parts: Vec<[f64; 4]> = parts
        .map(|b| [b.input, b.lost, b.absorbed_by_bias, b.absorbed_by_epsilon])
        .collect();
    assert_relative_eq!(&parts[0][..], &[0.75, 0.0, 0.25, 0.0][..]);
    assert_relative_eq!(
        &parts[1][..],
        &[0.6, 0.0, 0.2, 0.2][..],
        max_relative = 1e-14
    );
    assert!(!findings.rules[0].checked.together().conservation.promised);
}

#[test]
fn nothing_to_evaluate_is_refused_in_words() {
    let network = two_inputs();
    for (rules, samples) in [
        (&[][..], array![[1.0, 1.0]]),
        (&[Rule::WSquared][..], Array2::zeros((0, 2))),
    ] {
        let error = examination(&network, rules, samples)
            .run(|_| ())
            .expect_err("nothing");
        assert!(error.to_string().contains("to evaluate"), "{error}");
    }
}

#[test]
fn a_gradient_method_has_completeness_in_the_place_of_the_balance() {
    // f = max(0, 4 x_0 + x_1) is homogeneous: x_i ∂f/∂x_i is what z+ gives (1, 1), and the gradient is (4, 1) for each sample.
    let network = two_inputs();
    let mut examination = examination(&network, &[Rule::ZPlus], array![[1.0, 1.0], [2.0, 1.0]]);
    let gradients = [Gradient::TimesInput, Gradient::Plain];
    examination
        .candidates
        .extend(gradients.map(Candidate::from));
    let findings = examination.run(|_| ()).expect("finite");
    let [z_plus, times_input, gradient] = &findings.rules[..] else {
        panic!("a rule and two gradient methods");
    };
    assert_eq!(
        (z_plus.completeness, z_plus.balance.is_some()),
        (None, true)
    );
    assert_eq!((times_input.balance, times_input.lost_share), (None, None));
    let completeness = times_input.completeness.expect("of a gradient method");
    assert_eq!((completeness.complete, completeness.promised), (2, true));
    assert_relative_eq!(completeness.worst_gap, 0.0);
    // 4 + 1 is f(1, 1) = 5, and not f(2, 1) = 9.
    let completeness = gradient.completeness.expect("of a gradient method");
    assert_eq!((completeness.complete, completeness.promised), (1, false));
    assert_relative_eq!(completeness.worst_gap, 4.0);
    assert_relative_eq!(
        times_input.agreement[0].expect("both"),
        1.0,
        max_relative = 1e-14
    );
    // (8, 1) beside (4, 1), and the same beside itself.
    let second = 33.0 / (65.0_f64 * 17.0).sqrt();
    assert_relative_eq!(
        times_input.agreement[2].expect("both"),
        f64::midpoint(1.0, second),
        max_relative = 1e-14
    );
    assert_eq!(times_input.flipping, z_plus.flipping);
}
