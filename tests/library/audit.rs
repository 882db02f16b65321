//! The audit: causes against a rule of their own, the part of the bias, ties and bounds.

use crate::oracle::{Plain, Share};
use crate::random::{Kind, case, cases};
use deeptaylor::exact::{self, ExactNetwork, Number};
use deeptaylor::relevance::{
    RuleBias,
    audit::TOLERANCE,
    cause::Cause,
    expansion::{Expander, Unit},
};
use deeptaylor::{Activation, Bounds, Explainer, Input, Layer, Network, Plan, Rule, Target};
use ndarray::{ArrayView2, array};
use proptest::prelude::*;

/// The cause of a loss as it reads in the definition: of unit j, whose value is `value`, over the values `x`.
fn expected_cause(layer: &Plain, share: Share, x: &[f64], j: usize, value: f64) -> Cause {
    let Plain::Dense { weights, bias, .. } = layer else {
        return Cause::Cancels;
    };
    let column: Vec<f64> = weights.iter().map(|row| row[j]).collect();
    let supported = (column.iter().zip(x)).any(|(w, x)| x * w > 0.0);
    if column.iter().all(|w| *w == 0.0) {
        Cause::NoWeights
    } else if matches!(share, Share::ZBox { .. }) {
        Cause::AtBound
    } else if value > 0.0 && bias[j] > 0.0 && !supported {
        // Without its bias it would not fire.
        assert!(value - bias[j] <= 0.0);
        Cause::BiasAlone
    } else if value == 0.0 {
        Cause::DidNotFire
    } else {
        assert!(!supported, "nothing with support is lost");
        Cause::NoSupport
    }
}

/// `Σ_j R_j·min(1, b_j⁺/z_j) / Σ_j R_j` over the firing units.
fn expected_bias_share(layer: &Plain, x: &[f64], r: &[f64]) -> Option<f64> {
    let bias = |j: usize| match layer {
        Plain::Dense { bias, .. } => bias[j],
        Plain::Pool { .. } => 0.0,
    };
    let firing: Vec<usize> = (0..x.len()).filter(|&j| x[j] > 0.0).collect();
    let carried: f64 = firing.iter().map(|&j| r[j]).sum();
    let part = |&j: &usize| r[j] * f64::min(1.0, f64::max(0.0, bias(j)) / x[j]);
    let by_bias: f64 = firing.iter().map(part).sum();
    (carried != 0.0).then(|| by_bias / carried)
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn every_loss_has_the_cause_that_the_units_own_values_show_in_f64_and_in_fractions(case in case(Kind::Any)) {
        let network = case.network();
        let plan = case.plan(&network);
        let file = in_fractions(&network);
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for (n, x) in case.samples.iter().enumerate() {
            let found: Vec<_> = batch.audits()[n].lost.iter().map(|lost| (lost.layer, lost.unit, batch.cause(lost))).collect();
            for &(layer, unit, cause) in &found {
                let below = batch.activations(layer - 1).row(n).to_vec();
                let value = batch.activations(layer)[[n, unit]];
                let share = case.shares()[layer - 1];
                prop_assert_eq!(cause, expected_cause(&case.layers[layer - 1], share, &below, unit, value));
            }
            let x = fractions(x);
            let exact = exact::explain(&file, &plan, &x, case.target());
            let in_fractions: Vec<_> = exact.lost.iter().map(|lost| (lost.layer, lost.unit, lost.cause)).collect();
            prop_assert_eq!(found, in_fractions);
        }
    }

    #[test]
    fn the_bias_share_is_that_of_its_definition_in_f64_and_in_fractions(case in case(Kind::Any)) {
        let network = case.network();
        let plan = case.plan(&network);
        let file = in_fractions(&network);
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for (n, x) in case.samples.iter().enumerate() {
            let x = fractions(x);
            let exact = exact::explain(&file, &plan, &x, case.target());
            let levels = &batch.audits()[n].levels;
            prop_assert_eq!((levels[0].bias_share, &exact.levels[0].bias_share), (None, &None));
            for (l, layer) in case.layers.iter().enumerate() {
                let (x, r) = (batch.activations(l + 1).row(n).to_vec(), batch.relevance(l + 1).row(n).to_vec());
                let found = levels[l + 1].bias_share;
                let in_fractions = exact.levels[l + 1].bias_share.as_ref().map(|share| share.to_f64().value());
                // Where all biases are ≤ 0 nothing is to be divided.
                let expected = expected_bias_share(layer, &x, &r).or(found.filter(|share| *share == 0.0));
                for share in [found, in_fractions.or(expected)] {
                    let difference = share.unwrap_or(-1.0) - expected.unwrap_or(-1.0);
                    prop_assert!(difference.abs() <= 1e-12, "{:?} and {:?}", share, expected);
                }
                prop_assert!(found.is_none_or(|share| (-1e-12..=1.0 + 1e-12).contains(&share)) || r.iter().any(|r| *r < 0.0));
            }
        }
    }

    #[test]
    fn conservation_is_judged_by_what_is_explained_on_every_level(case in case(Kind::Any)) {
        let network = case.network();
        let mut explainer = Explainer::new(&case.plan(&network));
        let batch = explainer.explain(case.rows().view(), &case.target()).expect("finite values");
        for (n, (audit, chosen)) in batch.audits().iter().zip(batch.chosen()).enumerate() {
            let output = batch.relevance(batch.levels() - 1);
            let explained: f64 = output.row(n).iter().map(|r| r.abs()).sum();
            let held = (0..batch.levels()).all(|l| {
                let sum: f64 = batch.relevance(l).row(n).iter().sum();
                (sum - chosen.value).abs() <= TOLERANCE * explained
            });
            prop_assert_eq!(audit.checks.conservation.holds, held);
        }
    }
}

/// Layer, unit and cause of every loss, in f64 and in fractions.
fn causes(network: &Network, plan: &Plan, x: &[f64]) -> [Vec<(usize, usize, Cause)>; 2] {
    let mut explainer = Explainer::new(plan);
    let row = ArrayView2::from_shape((1, x.len()), x).expect("a row");
    let batch = explainer.explain(row, &Target::Max).expect("finite values");
    let lost = batch.audits()[0].lost.iter();
    let found = lost.map(|lost| (lost.layer, lost.unit, batch.cause(lost)));
    let exact = exact::explain(&in_fractions(network), plan, &fractions(x), Target::Max);
    let lost = exact.lost.iter();
    let in_fractions = lost.map(|lost| (lost.layer, lost.unit, lost.cause));
    [found.collect(), in_fractions.collect()]
}

fn in_fractions(network: &Network) -> ExactNetwork {
    ExactNetwork::parse(network.to_json().as_bytes()).expect("it was read before")
}

fn fractions(x: &[f64]) -> Vec<Number> {
    let decimals = x.iter().map(|x| exact::decimal(&x.to_string()));
    decimals.map(|x| x.expect("a decimal")).collect()
}

#[test]
fn each_cause_is_told_of_its_own_network_in_f64_and_in_fractions() {
    let linear = |weights| Layer::dense(weights, Vec::new(), Activation::Identity);
    let relu = |weights, bias| Layer::dense(weights, bias, Activation::Relu);
    let zeros = || relu(array![[0.0], [0.0]], vec![1.0]);
    let half = || relu(array![[1.0], [0.5]], Vec::new());
    for (rule, layers, x, (layer, unit, cause)) in [
        (
            Rule::WSquared,
            vec![zeros()],
            vec![1.0, 1.0],
            (1, 0, Cause::NoWeights),
        ),
        (
            Rule::ZPlus,
            vec![zeros()],
            vec![1.0, 1.0],
            (1, 0, Cause::NoWeights),
        ),
        (
            Rule::ZBox,
            vec![zeros()],
            vec![1.0, 1.0],
            (1, 0, Cause::NoWeights),
        ),
        (
            Rule::ZPlus,
            vec![relu(array![[-1.0], [0.0]], vec![3.0])],
            vec![1.0, 1.0],
            (1, 0, Cause::BiasAlone),
        ),
        (
            Rule::ZPlus,
            vec![linear(array![[1.0, -1.0]]), half()],
            vec![3.0],
            (1, 1, Cause::NoSupport),
        ),
        (
            Rule::ZPlus,
            vec![relu(array![[1.0, -1.0]], Vec::new()), half()],
            vec![3.0],
            (1, 1, Cause::DidNotFire),
        ),
        (
            Rule::ZPlus,
            vec![linear(array![[-1.0]])],
            vec![2.0],
            (1, 0, Cause::NoSupport),
        ),
        (
            Rule::ZBox,
            vec![relu(array![[1.0], [-1.0]], vec![9.0])],
            vec![-4.0, 4.0],
            (1, 0, Cause::AtBound),
        ),
        (
            Rule::ZBox,
            vec![linear(array![[1.0]])],
            vec![-4.0],
            (1, 0, Cause::AtBound),
        ),
        (
            Rule::WSquared,
            vec![Layer::sum_pool(4, 2), half()],
            vec![1.0, -1.0, 2.0, 0.0],
            (1, 0, Cause::Cancels),
        ),
    ] {
        let input = Input {
            bounds: Some(Bounds::Same([-4.0, 4.0])),
            ..Input::flat(x.len())
        };
        let layers = layers
            .into_iter()
            .collect::<Result<Vec<_>, _>>()
            .expect("layers");
        let is_pool = !layers[0].has_weights();
        let network = Network::new(input, layers).expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        let plan = if is_pool {
            plan
        } else {
            plan.with(1, rule).expect("defined")
        };
        for found in causes(&network, &plan, &x) {
            assert_eq!(found, [(layer, unit, cause)], "{rule}");
        }
    }
}

#[test]
fn a_bias_cancels_contributions_only_where_it_is_in_the_denominator() {
    for (bias, b, x, cause) in [
        // 1 − 1 cancels by itself: the bias of 1 is in no denominator, or is 0.
        (RuleBias::Drop, 1.0, [1.0, 1.0], Cause::Cancels),
        (RuleBias::Keep, 0.0, [1.0, 1.0], Cause::Cancels),
        // 2 − 1 cancels with −1.
        (RuleBias::Keep, -1.0, [2.0, 1.0], Cause::CancelsWithBias),
    ] {
        // The unit above fires at any value, and w² hands down all of it.
        let layers = [
            Layer::dense(array![[1.0], [-1.0]], vec![b], Activation::Identity),
            Layer::dense(array![[1.0]], vec![1.0], Activation::Relu),
        ];
        let layers = layers.into_iter().collect::<Result<Vec<_>, _>>();
        let network = Network::new(Input::flat(2), layers.expect("layers")).expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        let plan = plan.with(1, Rule::Z).expect("defined").with_bias(bias);
        for found in causes(&network, &plan, &x) {
            assert_eq!(found, [(1, 0, cause)], "{bias:?}, {b}");
        }
    }
}

#[test]
fn z_plus_stays_positive_over_values_below_the_bounds_of_the_inputs() {
    // The bounds promise x ≥ 0, and the sample does not keep it: z = 1, q = (0, 2), also behind a pool of one input each.
    let dense = || Layer::dense(array![[1.0], [1.0]], Vec::new(), Activation::Identity);
    for layers in [vec![dense()], vec![Layer::sum_pool(2, 1), dense()]] {
        let input = Input {
            bounds: Some(Bounds::Same([0.0, 1.0])),
            ..Input::flat(2)
        };
        let layers = layers.into_iter().collect::<Result<Vec<_>, _>>();
        let network = Network::new(input, layers.expect("layers")).expect("a network");
        let plan = Plan::of(&network, Rule::ZPlus).expect("defined");
        let mut explainer = Explainer::new(&plan);
        let batch = explainer.explain(array![[-1.0, 2.0]].view(), &Target::Max);
        let batch = batch.expect("finite values");
        assert_eq!(batch.relevance(0), array![[0.0, 1.0]]);
        assert!(batch.audits()[0].checks.hold());
        assert_eq!(batch.outside_bounds(0), [0, 1]);
    }
}

#[test]
fn the_first_of_equal_outputs_is_the_largest() {
    let layer = Layer::dense(array![[1.0, 2.0, 2.0]], Vec::new(), Activation::Identity);
    let network = Network::new(Input::flat(1), vec![layer.expect("a layer")]).expect("a network");
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(array![[1.0], [-1.0]].view(), &Target::Max);
    let batch = batch.expect("finite values");
    assert_eq!(
        (batch.chosen()[0].output, batch.tied(0)),
        (Some(1), vec![1, 2])
    );
    assert_eq!((batch.chosen()[1].output, batch.tied(1)), (Some(0), vec![]));
}

#[test]
fn a_target_beyond_the_last_output_is_none() {
    let network = Network::figure_4();
    let outputs = network.output_units();
    assert_eq!(Target::parse("0", &network).ok(), Some(Target::Output(0)));
    assert!(Target::parse(&outputs.to_string(), &network).is_err());
}

#[test]
fn bounds_must_hold_0_at_their_edge_at_least() {
    let plan = |bounds| {
        let layer = Layer::dense(array![[1.0]], Vec::new(), Activation::Relu);
        let input = Input {
            bounds: Some(Bounds::Same(bounds)),
            ..Input::flat(1)
        };
        let network = Network::new(input, vec![layer.expect("a layer")]).expect("a network");
        Plan::of(&network, Rule::ZBox).is_ok()
    };
    for (bounds, defined) in [
        ([-1.0, 0.0], true),
        ([0.0, 1.0], true),
        ([0.0, 0.0], true),
        ([-2.0, -1.0], false),
        ([1.0, 2.0], false),
    ] {
        assert_eq!(plan(bounds), defined, "{bounds:?}");
    }
}

#[test]
fn the_root_under_z_plus_moves_at_a_weight_of_0_too() {
    // z = 2·1 + 1 = 3 along v = (2, 3): x̃ = x − 3/2·v = (−1, −3/2), with both coordinates below 0.
    let layer = Layer::dense(array![[1.0], [0.0]], vec![1.0], Activation::Relu).expect("a layer");
    let input = Input {
        bounds: Some(Bounds::Same([0.0, 9.0])),
        ..Input::flat(2)
    };
    let network = Network::new(input, vec![layer]).expect("a network");
    let unit = Unit {
        layer: 1,
        unit: 0,
        x: &[&[2.0, 3.0]],
        relevance: 3.0,
    };
    let found =
        Expander::new(&network).expand(unit, Rule::ZPlus, &deeptaylor::network::Domain::Unbounded);
    let found = found.expect("it has a root");
    assert_eq!(
        (found.direction, found.root),
        (vec![2.0, 3.0], vec![-1.0, -1.5])
    );
    assert_eq!((found.terms, found.outside), (vec![3.0, 0.0], 2));
}

#[test]
fn parts_that_cancel_inside_of_a_level_are_what_rounding_of_the_balance_is_measured_by() {
    // The second unit is nearly 0.7 times the first: their shares under z, up to 1e6 times what a unit carries, cancel at each input.
    let text = r#"{"input": {"shape": [3]}, "layers": [
        {"type": "dense", "weights": [[1, 0.7], [1, 0.7], [-1.7, -1.19]], "activation": "relu"},
        {"type": "dense", "weights": [[1], [-1.42857]]}], "inputs": [[0.8, 0.9, 0.999999]]}"#;
    let network: Network = text.parse().expect("a network");
    let plan = Plan::of(&network, Rule::Z).expect("defined");
    let mut explainer = Explainer::new(&plan);
    let batch = explainer.explain(network.samples().view(), &Target::Max);
    let batch = batch.expect("finite values");
    let audit = &batch.audits()[0];
    let levels = audit.levels.iter().map(|level| level.magnitude);
    assert!(audit.balance.gap > 1e-12 * levels.fold(0.0, f64::max));
    // 2 · (0.8 + 0.9 + 1.7) · 1.7e-6 / 1.7e-6, for both units carry 1.7e-6 and have a mass of 1e-6 of their parts.
    let parts = audit.balance.parts.expect("larger than any level");
    assert!((6.0..7.0).contains(&parts), "{parts}");
    assert!(audit.balance.holds && !audit.checks.conservation.holds);
}
