//! Graphs worked by hand, in fractions: small enough to follow with a pencil.
#![allow(clippy::float_cmp, reason = "these fractions are exact in f64")]

use approx::assert_relative_eq;
use deeptaylor::relevance::cause::Cause;
use deeptaylor::{Audit, Explainer, Network, Plan, Preset, Rule, Target};
use ndarray::ArrayView2;

use super::plain::{Function, Graph, Map, Node, Window};

/// The relevance of every level, input first, the audit, and the causes of what was lost.
fn explain(plan: &Plan, x: &[f64], target: &Target) -> (Vec<Vec<f64>>, Audit, Vec<Cause>) {
    let mut explainer = Explainer::new(plan);
    let x = ArrayView2::from_shape((1, x.len()), x).expect("a row");
    let batch = explainer.explain(x, target).expect("finite values");
    let levels = (0..batch.levels()).map(|l| batch.relevance(l).row(0).to_vec());
    let (levels, audit) = (levels.collect(), batch.audits()[0].clone());
    let causes = audit.lost.iter().map(|lost| batch.cause(lost)).collect();
    (levels, audit, causes)
}

fn network(shape: &[usize], nodes: Vec<Node>) -> Network {
    let graph = Graph {
        shape: shape.to_vec(),
        bounds: None,
        nodes,
    };
    graph.network()
}

/// A layer without bias and activation.
fn node(from: &[usize], map: Map) -> Node {
    Node {
        map,
        from: from.to_vec(),
        bias: Vec::new(),
        activation: Function::Identity,
    }
}

fn dense<const I: usize, const J: usize>(from: usize, weights: [[f64; J]; I]) -> Node {
    let weights = weights.map(|row| row.to_vec()).to_vec();
    node(&[from], Map::Dense { weights })
}

fn relu(node: Node) -> Node {
    Node {
        activation: Function::Relu,
        ..node
    }
}

fn window(kernel: [usize; 2], padding: [usize; 4]) -> Window {
    Window {
        kernel,
        stride: [1, 1],
        dilation: [1, 1],
        padding,
    }
}

fn assert_level(found: &[f64], expected: &[f64]) {
    assert_relative_eq!(found, expected, max_relative = 1e-15);
}

#[test]
fn a_convolution_has_the_fractions_of_the_taps_that_fall_into_the_picture() {
    #[rustfmt::skip]
    let x = [
        1.0, 2.0, 0.0,
        0.0, 1.0, 1.0,
        2.0, 0.0, 1.0,
    ];
    let weights = [[1.0, 0.0, -1.0], [2.0, 1.0, 0.0], [0.0, -1.0, 1.0]];
    let conv = Map::Conv {
        weights: vec![vec![weights.map(|row| row.to_vec()).to_vec()]],
        window: window([3, 3], [1; 4]),
        groups: 1,
    };
    let network = network(&[1, 3, 3], vec![node(&[0], conv)]);
    let (s, h) = (1.0 / 3.0, 2.0 / 3.0);
    #[rustfmt::skip]
    let cases = [
        // Corner: z = 1·1 + 0·2 − 1·0 + 1·1 = 2; w²: 1, 0, 1, 1 of 3; flat: four taps; z⁺: 1, 0, 0, 1 of 2.
        (Rule::WSquared, 0, [h, 0.0, 0.0, h, h, 0.0, 0.0, 0.0, 0.0]),
        (Rule::Flat, 0, [0.5, 0.5, 0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0]),
        (Rule::ZPlus, 0, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]),
        // Edge: z = 2·1 + 1·2 + 0·0 + 0·0 − 1·1 + 1·1 = 4; w²: 4, 1, 0, 0, 1, 1 of 7; flat: six taps; z⁺: 2, 2, 0, 0, 0, 1 of 5.
        (Rule::WSquared, 1, [16.0 / 7.0, 4.0 / 7.0, 0.0, 0.0, 4.0 / 7.0, 4.0 / 7.0, 0.0, 0.0, 0.0]),
        (Rule::Flat, 1, [h, h, h, h, h, h, 0.0, 0.0, 0.0]),
        (Rule::ZPlus, 1, [8.0 / 5.0, 8.0 / 5.0, 0.0, 0.0, 0.0, 4.0 / 5.0, 0.0, 0.0, 0.0]),
        // Inside: z = 1·1 − 1·0 + 2·0 + 1·1 − 1·0 + 1·1 = 3; w²: 1, 0, 1, 4, 1, 0, 0, 1, 1 of 9; z⁺: 1, 1, 1 of 3.
        (Rule::WSquared, 4, [s, 0.0, s, 4.0 / 3.0, s, 0.0, 0.0, s, s]),
        (Rule::Flat, 4, [s; 9]),
        (Rule::ZPlus, 4, [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
    ];
    for (rule, unit, expected) in cases {
        let plan = Plan::of(&network, rule).expect("defined");
        let (levels, audit, _) = explain(&plan, &x, &Target::Output(unit));
        assert_level(&levels[0], &expected);
        assert!(audit.checks.hold(), "{rule} of unit {unit}");
    }
}

#[test]
fn a_skip_connection_shares_what_it_adds_up_and_every_cut_is_f() {
    // h = (2 + 1, 4 − 1) = (3, 3); k = (3 − 3, 3) = (0, 3); their sum (3, 6); f = 9.
    let nodes = vec![
        relu(dense(0, [[1.0, 2.0], [1.0, -1.0]])),
        relu(dense(1, [[1.0, 0.0], [-1.0, 1.0]])),
        node(&[1, 2], Map::Add),
        node(&[3], Map::SumPool { size: 2 }),
    ];
    let network = network(&[2], nodes);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit, _) = explain(&plan, &[2.0, 1.0], &Target::Max);
    // The sum: 3 is all of h_1; of 6, 3 are of h_2 and 3 of k_2, which is h_2 again: R_h = (3, 6).
    // Then 1/2, 1/2 of 3 and 4/5, 1/5 of 6.
    let expected: [&[f64]; 5] = [
        &[63.0 / 10.0, 27.0 / 10.0],
        &[3.0, 6.0],
        &[0.0, 3.0],
        &[3.0, 6.0],
        &[9.0],
    ];
    for (found, expected) in levels.iter().zip(expected) {
        assert_level(found, expected);
    }
    assert_eq!(audit.levels[2].sum, 3.0);
    assert!(audit.levels[1..].iter().all(|level| level.gap == 0.0));
    assert!(audit.checks.hold() && audit.balance.holds);
}

#[test]
fn an_addition_of_values_of_both_signs_follows_the_rule() {
    // a = 2 + 1 = 3, b = 2 − 3 = −1; f = 2.
    let nodes = vec![
        dense(0, [[1.0], [1.0]]),
        dense(0, [[1.0], [-3.0]]),
        node(&[1, 2], Map::Add),
    ];
    let network = network(&[2], nodes);
    for (preset, a, b, inputs) in [
        // 1 and 1: halves of a, and 1/10, 9/10 of b.
        (Rule::WSquared.into(), 1.0, 1.0, [3.0 / 5.0, 7.0 / 5.0]),
        (Rule::Flat.into(), 1.0, 1.0, [1.0, 1.0]),
        // All to a: then 2/3, 1/3, or halves where w² is on the first layers.
        (Rule::ZPlus.into(), 2.0, 0.0, [4.0 / 3.0, 2.0 / 3.0]),
        (Preset::DeepTaylor, 2.0, 0.0, [1.0, 1.0]),
    ] {
        let plan = Plan::of(&network, preset).expect("defined");
        let (levels, audit, _) = explain(&plan, &[2.0, 1.0], &Target::Max);
        assert_level(&levels[0], &inputs);
        assert_level(&[levels[1][0], levels[2][0]], &[a, b]);
        assert!(audit.checks.hold(), "{preset}");
    }
}

#[test]
fn a_level_that_is_added_to_itself_gets_both_halves() {
    let nodes = vec![
        relu(dense(0, [[1.0, -1.0]])),
        node(&[1, 1], Map::Add),
        dense(2, [[1.0], [1.0]]),
    ];
    let network = network(&[1], nodes);
    // x = 2: (2, 0) twice is (4, 0), f = 4; w² hands 2 to each: unit 1 is all of (2, 2); unit 2 did not fire, and shares equally.
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit, _) = explain(&plan, &[2.0], &Target::Max);
    assert_level(&levels[1], &[2.0, 2.0]);
    assert_level(&levels[0], &[4.0]);
    assert_eq!(audit.silent[1].equal_shares, 1);
    assert!(audit.checks.hold());
}

#[test]
fn an_average_of_a_window_over_padding_is_shared_among_its_inputs() {
    // The first window sees the upper row alone, (1, 2), the second everything, (1, 2, 3, 6).
    let x = [1.0, 2.0, 3.0, 6.0];
    for (count_padding, unit, value, expected) in [
        (false, 0, 3.0 / 2.0, [1.0 / 2.0, 1.0, 0.0, 0.0]),
        (true, 0, 3.0 / 4.0, [1.0 / 4.0, 1.0 / 2.0, 0.0, 0.0]),
        (false, 1, 3.0, [1.0 / 4.0, 1.0 / 2.0, 3.0 / 4.0, 3.0 / 2.0]),
        (true, 1, 3.0, [1.0 / 4.0, 1.0 / 2.0, 3.0 / 4.0, 3.0 / 2.0]),
    ] {
        let pool = Map::AvgPool2d {
            window: window([2, 2], [1, 0, 0, 0]),
            count_padding,
        };
        let network = network(&[1, 2, 2], vec![node(&[0], pool)]);
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        let (levels, audit, _) = explain(&plan, &x, &Target::Output(unit));
        assert_eq!(audit.balance.value, value);
        assert_level(&levels[0], &expected);
    }
}

#[test]
fn a_max_pool_hands_all_to_the_first_of_the_largest_and_nothing_to_padding() {
    let pool = |kernel, padding| {
        let window = window(kernel, padding);
        node(&[0], Map::MaxPool2d { window })
    };
    // Windows (1, 4, 4, 0) and (4, 4, 0, 4) of rows (1, 4, 4) and (4, 0, 4): the 4 at the top, twice.
    let twice = network(&[1, 2, 3], vec![pool([2, 2], [0; 4])]);
    let plan = Plan::of(&twice, Rule::WSquared).expect("defined");
    let (levels, ..) = explain(&plan, &[1.0, 4.0, 4.0, 4.0, 0.0, 4.0], &Target::All);
    assert_eq!(levels[0], [0.0, 8.0, 0.0, 0.0, 0.0, 0.0]);
    // Both windows see (−1, −2), and padding that is no 0.
    let padded = network(&[1, 1, 2], vec![pool([1, 3], [0, 1, 0, 1])]);
    let plan = Plan::of(&padded, Rule::WSquared).expect("defined");
    let (levels, ..) = explain(&plan, &[-1.0, -2.0], &Target::All);
    assert_eq!(levels, [[-2.0, 0.0], [-1.0, -1.0]]);
}

/// Of two inputs x_1, none, x_2 in a row.
fn with_null(then: Vec<Node>) -> Network {
    let gather = Map::Gather {
        indices: vec![Some(0), None, Some(1)],
        shape: vec![1, 1, 3],
    };
    network(&[2], [vec![node(&[0], gather)], then].concat())
}

#[test]
fn a_constant_0_gets_no_relevance_and_counts_for_none() {
    // w = (1, 5, 2) on (x_1, 0, x_2) = (3, 0, 1): f = 5; w²: 1, 4 of 5; flat: halves.
    let network = with_null(vec![dense(1, [[1.0], [5.0], [2.0]])]);
    for (rule, expected) in [
        (Rule::WSquared, [1.0, 4.0]),
        (Rule::Flat, [5.0 / 2.0, 5.0 / 2.0]),
        (Rule::ZPlus, [3.0, 2.0]),
    ] {
        let plan = Plan::of(&network, rule).expect("defined");
        let (levels, audit, _) = explain(&plan, &[3.0, 1.0], &Target::Max);
        assert_level(&levels[0], &expected);
        assert_eq!(levels[1][1], 0.0);
        assert!(audit.checks.hold(), "{rule}");
    }
}

#[test]
fn a_silent_average_shares_equally_among_what_is_not_constant() {
    let pool = Map::AvgPool2d {
        window: window([1, 3], [0; 4]),
        count_padding: false,
    };
    let top = Node {
        bias: vec![3.0],
        ..dense(2, [[1.0]])
    };
    let network = with_null(vec![node(&[1], pool), top]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit, _) = explain(&plan, &[0.0, 0.0], &Target::Max);
    assert_eq!(levels[0], [3.0 / 2.0, 3.0 / 2.0]);
    assert_eq!(
        audit.silent.last().map(|silent| silent.equal_shares),
        Some(1)
    );
    assert!(audit.checks.hold());
}

#[test]
fn a_constant_wins_a_max_pool_only_where_no_input_is_as_large() {
    let pool = Map::MaxPool2d {
        window: window([1, 3], [0; 4]),
    };
    let top = Node {
        bias: vec![3.0],
        ..dense(2, [[1.0]])
    };
    let network = with_null(vec![node(&[1], pool), top]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    // (−1, 0, −2): the constant is the largest, and 3 are lost. (−1, 0, 0): the input wins, though it comes later.
    let (levels, audit, causes) = explain(&plan, &[-1.0, -2.0], &Target::Max);
    assert_eq!(
        (&levels[0][..], &causes[..]),
        (&[0.0, 0.0][..], &[Cause::ConstantLargest][..])
    );
    assert_eq!((audit.balance.lost, audit.balance.holds), (3.0, true));
    let (levels, audit, _) = explain(&plan, &[-1.0, 0.0], &Target::Max);
    assert_eq!(levels[0], [0.0, 3.0]);
    assert!(audit.checks.conservation.holds && audit.lost.is_empty());
}

#[test]
fn a_scale_of_0_loses_what_it_carries() {
    // (0·1, 2·1) = (0, 2), f = 2; w² hands 1 to each, and the first is lost.
    let scale = Map::Scale {
        weights: vec![0.0, 2.0],
    };
    let network = network(&[2], vec![node(&[0], scale), dense(1, [[1.0], [1.0]])]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let (levels, audit, causes) = explain(&plan, &[1.0, 1.0], &Target::Max);
    assert_eq!(levels, [vec![0.0, 1.0], vec![1.0, 1.0], vec![2.0]]);
    assert_eq!((causes, audit.balance.lost), (vec![Cause::NoWeights], 1.0));
    assert!(!audit.checks.conservation.holds && audit.balance.holds);
}

#[test]
fn a_cut_through_a_skip_connection_holds_what_lies_below_it_too() {
    // h = 2 of x = 2, k = relu(−h + 3) = 1 on its bias alone, f = h + k = 3: under z⁺ k loses 1, and the input gets 2.
    let k = Node {
        bias: vec![3.0],
        ..relu(dense(1, [[-1.0]]))
    };
    let nodes = vec![relu(dense(0, [[1.0]])), k, node(&[1, 2], Map::Add)];
    let network = network(&[1], nodes);
    let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
    let (levels, audit, causes) = explain(&plan, &[2.0], &Target::Max);
    assert_eq!(levels, [[2.0], [2.0], [1.0], [3.0]]);
    let gaps: Vec<f64> = audit.levels.iter().map(|level| level.gap).collect();
    // The cut at k: its own 1, and the 2 that h already has.
    assert_eq!(gaps, [1.0, 1.0, 0.0, 0.0]);
    assert_eq!(
        (causes, audit.checks.conservation.worst_gap),
        (vec![Cause::BiasAlone], 1.0)
    );
}

#[test]
fn the_bias_share_of_a_saturated_unit_is_of_its_pre_activation() {
    // z = 10 + 2 = 12, x = 6: 2/12. Below 6: z = 2 + 2 = 4: 2/4.
    let unit = Node {
        bias: vec![2.0],
        activation: Function::Relu6,
        ..dense(0, [[1.0]])
    };
    let network = network(&[1], vec![unit]);
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    for (x, expected) in [(10.0, 1.0 / 6.0), (2.0, 1.0 / 2.0), (4.0, 1.0 / 3.0)] {
        let (_, audit, _) = explain(&plan, &[x], &Target::Max);
        assert_eq!(audit.levels[1].bias_share, Some(expected), "x = {x}");
    }
}
