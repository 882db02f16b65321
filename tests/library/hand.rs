//! Examples worked by hand, in fractions: small enough to follow with a pencil.
#![allow(clippy::float_cmp, reason = "these fractions are exact in f64")]

use approx::assert_relative_eq;
use deeptaylor::network::{Shape, linear::Gather};
use deeptaylor::relevance::RuleBias;
use deeptaylor::{
    Activation, Audit, Bounds, Error, Explainer, Input, Layer, Linear, Network, Plan, Preset, Rule,
    Target,
};
use ndarray::{Array2, ArrayView2, array};

/// The relevance of every level, input first, and the audit, of one sample.
fn explain(plan: &Plan, x: &[f64], target: &Target) -> (Vec<Vec<f64>>, Audit) {
    let mut explainer = Explainer::new(plan);
    let x = ArrayView2::from_shape((1, x.len()), x).expect("a row");
    let batch = explainer.explain(x, target).expect("finite values");
    let levels = (0..batch.levels()).map(|l| batch.relevance(l).row(0).to_vec());
    (levels.collect(), batch.audits()[0].clone())
}

fn relu(weights: Array2<f64>, bias: &[f64]) -> Layer {
    Layer::dense(weights, bias.to_vec(), Activation::Relu).expect("a layer")
}

fn identity(weights: Array2<f64>, bias: &[f64]) -> Layer {
    Layer::dense(weights, bias.to_vec(), Activation::Identity).expect("a layer")
}

fn pool(inputs: usize, size: usize) -> Layer {
    Layer::sum_pool(inputs, size).expect("a layer")
}

fn network(inputs: usize, layers: Vec<Layer>) -> Network {
    Network::new(Input::flat(inputs), layers).expect("a network")
}

fn bounded(inputs: usize, bounds: Bounds, layers: Vec<Layer>) -> Network {
    let input = Input {
        bounds: Some(bounds),
        ..Input::flat(inputs)
    };
    Network::new(input, layers).expect("a network")
}

fn assert_levels(found: &[Vec<f64>], expected: &[&[f64]]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_relative_eq!(found[..], **expected, max_relative = 1e-15);
    }
}

/// x = (2, 1); z_1 = 2·1 + 1·1 = 3, z_2 = 2·2 − 1·1 = 3; f = 6.
fn two_detectors() -> Network {
    bounded(
        2,
        Bounds::Same([-1.0, 3.0]),
        vec![relu(array![[1.0, 2.0], [1.0, -1.0]], &[]), pool(2, 2)],
    )
}

#[test]
fn a_detection_and_pooling_network_gives_the_fractions_of_each_rule() {
    let network = two_detectors();
    for (rule, inputs) in [
        // Unit 1: 1/2, 1/2 of 3. Unit 2: 4/5, 1/5 of 3.
        (Rule::WSquared, [39.0 / 10.0, 21.0 / 10.0]),
        (Rule::Flat, [3.0, 3.0]),
        // Unit 1: 2/3, 1/3 of 3. Unit 2: everything to x_1.
        (Rule::ZPlus, [5.0, 1.0]),
        // Unit 1: q = 2 + 1, 1 + 1: 3/5, 2/5 of 3. Unit 2: q = 4 + 2, −1 + 3: 3/4, 1/4 of 3.
        (Rule::ZBox, [81.0 / 20.0, 39.0 / 20.0]),
    ] {
        let plan = Plan::of(&network, rule).expect("defined");
        let (levels, audit) = explain(&plan, &[2.0, 1.0], &Target::Max);
        assert_levels(&levels, &[&inputs, &[3.0, 3.0], &[6.0]]);
        assert!(audit.checks.hold(), "{rule}");
    }
}

#[test]
fn in_a_2_2_1_network_w_squared_is_a_product_of_two_tables_of_shares() {
    // z = (3, 3), x_k = 3·1 + 3·2 − 1 = 8; R_j = 8/5, 32/5; then 1/2, 1/2 of the first and 4/5, 1/5 of the second.
    let layers = vec![
        relu(array![[1.0, 2.0], [1.0, -1.0]], &[]),
        relu(array![[1.0], [2.0]], &[-1.0]),
    ];
    let network = network(2, layers);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit) = explain(&plan, &[2.0, 1.0], &Target::Max);
    let r: [&[f64]; 3] = [
        &[148.0 / 25.0, 52.0 / 25.0],
        &[8.0 / 5.0, 32.0 / 5.0],
        &[8.0],
    ];
    assert_levels(&levels, &r);
    assert!(audit.checks.hold());
}

#[test]
fn each_layer_follows_its_own_rule() {
    // As above, with flat on the first layer: 8/5 and 32/5 both in halves; and with z+ on the second: x_j w_jk = 3, 6 of 9.
    let layers = vec![
        relu(array![[1.0, 2.0], [1.0, -1.0]], &[]),
        relu(array![[1.0], [2.0]], &[-1.0]),
    ];
    let network = network(2, layers);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let plan = plan.with(1, Rule::Flat).expect("defined");
    let (levels, _) = explain(&plan, &[2.0, 1.0], &Target::Max);
    assert_levels(&levels, &[&[4.0, 4.0], &[8.0 / 5.0, 32.0 / 5.0], &[8.0]]);
    let plan = plan.with(2, Rule::ZPlus).expect("defined");
    let (levels, _) = explain(&plan, &[2.0, 1.0], &Target::Max);
    assert_levels(&levels, &[&[4.0, 4.0], &[8.0 / 3.0, 16.0 / 3.0], &[8.0]]);
}

#[test]
fn the_w_squared_root_is_the_nearest_point_of_the_plane() {
    // z = 3·1 + 4·2 − 1 = 10; nearest root x̃ = x − 10/25·w = (3 − 6/5, 1 − 8/5 …): R_i = w_i (x_i − x̃_i) = w_i²·10/25.
    let (w, x, b) = ([3.0, 4.0], [1.0, 2.0], -1.0);
    let network = network(2, vec![relu(array![[w[0]], [w[1]]], &[b])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, _) = explain(&plan, &x, &Target::Max);
    let root = [x[0] - levels[0][0] / w[0], x[1] - levels[0][1] / w[1]];
    assert_relative_eq!(root[0] * w[0] + root[1] * w[1] + b, 0.0, epsilon = 1e-15);
    // The way there is along w.
    assert_relative_eq!(
        (x[0] - root[0]) * w[1],
        (x[1] - root[1]) * w[0],
        epsilon = 1e-15
    );
}

#[test]
fn z_plus_with_a_negative_input_takes_the_positive_products() {
    // x w = (2, 1, −3): q = 2, 1, 0 of 3; z = 0 + 1/2.
    let network = network(3, vec![relu(array![[-2.0], [1.0], [3.0]], &[0.5])]);
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let (levels, _) = explain(&plan, &[-1.0, 1.0, -1.0], &Target::Max);
    assert_levels(&levels, &[&[1.0 / 3.0, 1.0 / 6.0, 0.0], &[0.5]]);
}

#[test]
fn a_layer_above_a_pool_is_no_first_one_and_deep_taylor_has_z_plus_there() {
    // Pool: (1 + 2, 3 + 1) = (3, 4); w = (1, −1/2), b = 2: z = 3. x w = (3, −2): R = 3, 0; then 1/3, 2/3 of 3.
    let bounds = [[-0.25, 2.0], [-0.75, 3.0], [-1.5, 4.0], [-0.5, 2.0]];
    let layers = vec![pool(4, 2), relu(array![[1.0], [-0.5]], &[2.0])];
    let network = bounded(4, Bounds::Each(bounds.to_vec()), layers);
    let plan = Plan::of(&network, Preset::DeepTaylor).expect("defined");
    assert_eq!(
        [plan.rule(1), plan.rule(2)],
        [Rule::Proportional, Rule::ZPlus]
    );
    let (levels, audit) = explain(&plan, &[1.0, 2.0, 3.0, 1.0], &Target::Max);
    assert_levels(&levels, &[&[1.0, 2.0, 0.0, 0.0], &[3.0, 0.0], &[3.0]]);
    assert!(audit.checks.hold());
}

#[test]
fn a_unit_that_fires_on_its_bias_alone_loses_its_relevance_under_z_plus() {
    // z = (−1 + 3, 1) = (2, 1); no product of unit 0 is above 0, so that 2 of 3 are lost.
    let layers = vec![relu(array![[-1.0, 1.0]], &[3.0, 0.0]), pool(2, 2)];
    let network = network(1, layers);
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let (levels, audit) = explain(&plan, &[1.0], &Target::Max);
    assert_levels(&levels, &[&[1.0], &[2.0, 1.0], &[3.0]]);
    let lost: Vec<_> = audit
        .lost
        .iter()
        .map(|lost| (lost.layer, lost.unit, lost.relevance))
        .collect();
    assert_eq!(lost, [(1, 0, 2.0)]);
    assert!(!audit.checks.conservation.holds);
    assert_eq!(audit.checks.conservation.worst_gap, 2.0);
    assert!(audit.checks.positivity.holds);
}

#[test]
fn a_silent_pool_shares_its_relevance_equally_and_is_reported() {
    // z = (1, 2, 0, 0), pools (3, 0), x_k = 3; w² gives 1/2 to each pool; the second shares 3/2 as 3/4, 3/4.
    let layers = vec![
        relu(array![[1.0, 2.0, -1.0, -1.0]], &[]),
        pool(4, 2),
        relu(array![[1.0], [1.0]], &[]),
    ];
    let network = network(1, layers);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit) = explain(&plan, &[1.0], &Target::Max);
    assert_levels(
        &levels,
        &[&[3.0], &[0.5, 1.0, 0.75, 0.75], &[1.5, 1.5], &[3.0]],
    );
    assert!(audit.checks.hold());
    assert!(audit.lost.is_empty());
    let silent: Vec<_> = audit
        .silent
        .iter()
        .map(|s| (s.layer, s.units, s.relevance))
        .collect();
    assert_eq!(silent, [(1, 2, 1.5), (2, 1, 1.5)]);
}

#[test]
fn a_pool_over_values_that_cancel_has_no_proportions_and_loses_its_relevance() {
    // The pool of (1, −1) is 0, the unit above it fires on its bias 1 alone, and w² hands that 1 down to the pool.
    let network = network(2, vec![pool(2, 2), relu(array![[1.0]], &[1.0])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit) = explain(&plan, &[1.0, -1.0], &Target::Max);
    assert_levels(&levels, &[&[0.0, 0.0], &[1.0], &[1.0]]);
    assert_eq!(audit.lost.len(), 1);
    assert_eq!((audit.lost[0].layer, audit.lost[0].relevance), (1, 1.0));
}

#[test]
fn the_bias_stands_in_no_denominator() {
    // Shares 1/5, 4/5 whatever the bias is; f = 1 + 2 + b.
    for b in [-1.0, 0.0, 7.0] {
        let network = network(2, vec![relu(array![[1.0], [2.0]], &[b])]);
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        let (levels, _) = explain(&plan, &[1.0, 1.0], &Target::Max);
        let f = 3.0 + b;
        assert_levels(&levels, &[&[f / 5.0, 4.0 * f / 5.0], &[f]]);
    }
}

#[test]
fn the_tolerance_is_a_part_of_the_relevance_and_1e_9_unless_another_is_asked_for() {
    // Unit 0 fires on its bias alone: 1 of 1 + 2^20 is lost, a part of 9.5e-7.
    let weights = array![[-1.0, 1_048_576.0]];
    let network = network(1, vec![relu(weights, &[2.0, 0.0]), pool(2, 2)]);
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let explainer = Explainer::new(&plan);
    let holds = |explainer: &mut Explainer| {
        let batch = explainer.explain(array![[1.0]].view(), &Target::Max);
        batch.expect("finite values").audits()[0]
            .checks
            .conservation
            .holds
    };
    assert!(!holds(&mut explainer.clone()));
    assert!(!holds(&mut explainer.clone().tolerance(9e-7)));
    assert!(holds(&mut explainer.clone().tolerance(1e-6)));
    // 1 of 1 + 2^29 is a part of 1.9e-9, 1 of 1 + 2^31 one of 4.7e-10.
    for (power, held) in [(29, false), (31, true)] {
        let weights = array![[-1.0, 2.0_f64.powi(power)]];
        let network = self::network(1, vec![relu(weights, &[2.0, 0.0]), pool(2, 2)]);
        let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
        assert_eq!(holds(&mut Explainer::new(&plan)), held);
    }
}

#[test]
fn a_negative_output_is_conserved_and_breaks_positivity() {
    let network = network(2, vec![identity(array![[1.0], [-2.0]], &[])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit) = explain(&plan, &[1.0, 3.0], &Target::Max);
    assert_levels(&levels, &[&[-1.0, -4.0], &[-5.0]]);
    assert!(audit.checks.conservation.holds);
    assert!(!audit.checks.positivity.holds);
    assert_eq!(audit.checks.positivity.least, -5.0);
}

#[test]
fn where_the_output_is_0_every_relevance_is_0() {
    let network = two_detectors();
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit) = explain(&plan, &[-1.0, 0.0], &Target::Max);
    assert_levels(&levels, &[&[0.0, 0.0], &[0.0, 0.0], &[0.0]]);
    assert!(audit.checks.hold());
}

#[test]
fn the_target_chooses_the_outputs_that_carry_relevance() {
    let network = network(1, vec![relu(array![[1.0, 3.0, 2.0]], &[])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let top: [(Target, [f64; 3]); 4] = [
        (Target::Max, [0.0, 3.0, 0.0]),
        (Target::All, [1.0, 3.0, 2.0]),
        (Target::Output(0), [1.0, 0.0, 0.0]),
        (Target::Output(2), [0.0, 0.0, 2.0]),
    ];
    for (target, outputs) in top {
        let (levels, _) = explain(&plan, &[1.0], &target);
        assert_levels(&levels, &[&[outputs.iter().sum()], &outputs]);
    }
}

#[test]
fn weights_whose_squares_leave_f64_give_the_right_shares() {
    // w = (1, 2)·10^±200 on one unit: 1/5, 4/5. The second unit keeps its own scale: 1/2, 1/2.
    for size in [1e200, 1e-200, 1e-300] {
        let weights = array![[size, 1.0], [2.0 * size, 1.0]];
        let network = network(2, vec![relu(weights, &[])]);
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        for (output, shares) in [(0, [0.2, 0.8]), (1, [0.5, 0.5])] {
            let (levels, audit) = explain(&plan, &[1.0, 1.0], &Target::Output(output));
            let f = levels[1][output];
            assert!(f > 0.0);
            assert_relative_eq!(levels[0][0] / f, shares[0], max_relative = 1e-15);
            assert_relative_eq!(levels[0][1] / f, shares[1], max_relative = 1e-15);
            assert!(audit.checks.hold(), "{size}");
        }
    }
}

#[test]
fn an_activation_beyond_f64_is_an_error_that_names_the_layer() {
    let layers = vec![relu(array![[1e200]], &[]), relu(array![[1.0, 1e200]], &[])];
    let network = network(1, layers);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let error = explainer.explain(array![[0.0], [1.0]].view(), &Target::Max);
    let error = error.expect_err("1e400 is beyond f64");
    assert!(
        matches!(
            error,
            Error::Overflow {
                what: "activation",
                layer: 2,
                unit: 1,
                sample: 1
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_sample_outside_its_bounds_is_refused_by_name_under_the_z_box_rule() {
    let network = two_detectors();
    let plan = Plan::of(&network, Preset::DeepTaylor).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let error = explainer.explain(array![[0.0, 0.0], [0.0, 3.5]].view(), &Target::Max);
    let message = error.expect_err("3.5 is above 3").to_string();
    assert!(
        message.contains("sample 1: input 1 is 3.5, outside its bounds [-1, 3]"),
        "{message}"
    );
}

#[test]
fn a_batch_without_samples_is_explained_by_nothing() {
    let network = two_detectors();
    for rule in Rule::ALL {
        let plan = Plan::of(&network, rule).expect("defined");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(network.samples().view(), &Target::All);
        let batch = batch.expect("nothing can go wrong");
        assert_eq!((batch.samples(), batch.audits().len()), (0, 0));
        assert_eq!(batch.relevance(0).dim(), (0, 2));
    }
}

#[test]
fn outputs_whose_sum_is_beyond_f64_are_an_error() {
    let network = network(1, vec![relu(array![[1e308, 1e308]], &[])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let mut explainer = Explainer::new(&plan);
    assert!(
        explainer
            .explain(array![[1.0]].view(), &Target::Max)
            .is_ok()
    );
    let error = explainer.explain(array![[1.0]].view(), &Target::All);
    assert!(matches!(
        error,
        Err(Error::Overflow {
            what: "relevance",
            layer: 1,
            ..
        })
    ));
}

#[test]
fn a_level_that_is_reached_by_2_to_the_60_ways_is_looked_at_once() {
    // Each addition doubles the one before: f = 2⁶⁰ x, all of it from the one input.
    let shape = [Shape::Flat(1); 2];
    let detection = relu(array![[1.0]], &[]);
    let doubled = (1..=60).map(|level| {
        let sum = Layer::add(&shape, Activation::Identity).expect("two levels");
        sum.reading(&[level, level])
    });
    let doubling = network(1, std::iter::once(detection).chain(doubled).collect());
    let plan = Plan::of(&doubling, Rule::ZPlus).expect("defined");
    assert_eq!(plan.rule(61), Rule::Proportional);
    let (levels, audit) = explain(&plan, &[1.0], &Target::Max);
    assert_eq!(levels[0], [2.0_f64.powi(60)]);
    assert!(audit.checks.hold() && audit.balance.holds);

    // The same of routing: halves of a concatenation of one level with itself.
    let routed = (0..60).flat_map(|k| {
        let both = Layer::concat(&shape, Activation::Identity).expect("two levels");
        let gather = Gather::new(2, vec![Some(1)]).expect("an input");
        let half = Layer::new(
            Linear::Gather(gather),
            Shape::Flat(1),
            Vec::new(),
            Activation::Identity,
        );
        [both.reading(&[2 * k, 2 * k]), half.expect("no biases")]
    });
    let layers = routed.chain([relu(array![[1.0]], &[])]);
    let routed = network(1, layers.collect());
    assert_eq!(routed.first_layers().collect::<Vec<_>>(), [121]);
}

#[test]
fn a_fixed_rule_has_one_share_for_every_f_and_no_sign_where_it_is_0() {
    // f = x_1 + 2 x_2 + 3 x_3 + 0 x_4.
    let network = network(4, vec![identity(array![[1.0], [2.0], [3.0], [0.0]], &[])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let inputs = |f: f64| {
        explain(&plan, &[f, 0.0, 0.0, 0.0], &Target::Max)
            .0
            .swap_remove(0)
    };
    let shares = inputs(1.0);
    assert_relative_eq!(shares[..], [1.0 / 14.0, 4.0 / 14.0, 9.0 / 14.0, 0.0]);
    for k in 1..100 {
        let f = f64::from(k) / 7.0;
        for f in [f, -f] {
            let expected = shares.iter().map(|share| (share * f + 0.0).to_bits());
            assert!(
                inputs(f).iter().map(|r| r.to_bits()).eq(expected),
                "f = {f}"
            );
        }
    }
}

#[test]
fn units_that_lose_what_they_carry_change_no_bit_of_what_others_hand_on() {
    // The second and the third unit have no weights.
    let weights = array![[1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.7, 0.0, 0.0]];
    let network = network(3, vec![identity(weights, &[])]);
    for rule in [Rule::WSquared, Rule::Z, Rule::ZPlus] {
        let plan = Plan::of(&network, rule).expect("defined");
        let explainer = Explainer::new(&plan);
        for k in 1..100 {
            let r = [f64::from(k) / 7.0, 2.0, 3.0];
            let groups = [vec![0], vec![0, 1], vec![0, 1, 2]];
            let found = explainer.messages(1, &[&[0.3, 1.1, 5.0]], &r, &groups);
            let alone = found[0].row(0);
            for group in found[0].rows() {
                assert_eq!(group, alone, "{rule}, {r:?}");
            }
        }
    }
}

#[test]
fn where_mass_and_bias_are_0_together_epsilon_is_above_0() {
    // z = 2 − 2 = 0, and f = 0 + 1 goes to it by w²: 2/(1/2) to the input, −2/(1/2) to the bias and 1 to ε.
    let layers = vec![
        identity(array![[1.0]], &[-2.0]),
        identity(array![[1.0]], &[1.0]),
    ];
    let network = network(1, layers);
    let plan = Plan::of(&network, Rule::WSquared).and_then(|it| it.with(1, Rule::Epsilon(0.5)));
    let plan = plan.expect("defined").with_bias(RuleBias::Keep);
    let (levels, audit) = explain(&plan, &[2.0], &Target::Max);
    assert_levels(&levels, &[&[4.0], &[1.0], &[1.0]]);
    let absorbed = [
        audit.balance.absorbed_by_bias,
        audit.balance.absorbed_by_epsilon,
    ];
    assert_eq!(absorbed, [-4.0, 1.0]);
}

#[test]
fn an_input_that_gets_nothing_gets_0_without_a_sign() {
    // Under z the first gets −1 times nothing.
    let network = network(2, vec![identity(array![[0.0], [1.0]], &[])]);
    let plan = Plan::of(&network, Rule::Z).expect("defined");
    let (levels, _) = explain(&plan, &[-1.0, 1.0], &Target::Max);
    let bits: Vec<u64> = levels[0].iter().map(|r| r.to_bits()).collect();
    assert_eq!(bits, [0, 1.0_f64.to_bits()]);
}

#[test]
fn relevance_beyond_f64_is_told_of_its_own_sample() {
    // Two outputs of 0.5e308, then of 1e308, whose sum is beyond f64.
    let outputs = network(1, vec![relu(array![[1e308, 1e308]], &[])]);
    let plan = Plan::of(&outputs, Rule::WSquared).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let error = explainer.explain(array![[0.5], [1.0]].view(), &Target::All);
    assert!(matches!(
        error,
        Err(Error::Overflow {
            what: "relevance",
            layer: 1,
            sample: 1,
            ..
        })
    ));

    // At x = 0 the unit fires with its bias of 1e300, and α times that is lost, though every level is finite. At x = 1 it is silent.
    let biased = network(1, vec![relu(array![[-1e300, 0.0]], &[1e300, 0.0])]);
    let rule = Rule::AlphaBeta([1e10, 9_999_999_999.0]);
    let plan = Plan::of(&biased, rule).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let error = explainer.explain(array![[1.0], [0.0]].view(), &Target::Max);
    assert!(matches!(
        error,
        Err(Error::Overflow {
            what: "relevance",
            layer: 1,
            unit: 0,
            sample: 1,
        })
    ));
}

#[test]
fn a_value_outside_of_a_box_that_was_moved_is_named_by_its_unit_and_layer() {
    // The two inputs change places before the first layer with weights.
    let gather = Gather::new(2, vec![Some(1), Some(0)]).expect("two inputs");
    let turned = Layer::new(
        Linear::Gather(gather),
        Shape::Flat(2),
        Vec::new(),
        Activation::Identity,
    );
    let layers = vec![turned.expect("no biases"), relu(array![[1.0], [1.0]], &[])];
    let network = bounded(2, Bounds::Same([-1.0, 3.0]), layers);
    let plan = Plan::of(&network, Preset::DeepTaylor).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let error = explainer.explain(array![[0.0, 0.0], [3.5, 0.0]].view(), &Target::Max);
    let message = error.expect_err("3.5 is above 3").to_string();
    assert!(
        message.contains("sample 1: unit 1 of layer 1 is 3.5, outside its bounds [-1, 3]"),
        "{message}"
    );
}
