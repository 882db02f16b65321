//! Expansions of units and of whole networks by numbers worked by hand, in f64 and in fractions.
#![allow(clippy::too_many_lines, reason = "tables are as long as they are")]

use approx::assert_relative_eq;
use deeptaylor::exact::{self, ExactNetwork, ExactToward, Number};
use deeptaylor::relevance::{
    RuleBias,
    expansion::{Expander, NoRoot, Unit},
    function::{Limit, Reached, Stopped, Toward, expand_function},
};
use deeptaylor::{Activation, Bounds, Input, Layer, Network, Plan, Rule, Target};
use ndarray::{Array2, array};

/// The network a second time, read from its file.
fn in_fractions(network: &Network) -> ExactNetwork {
    ExactNetwork::parse(network.to_json().as_bytes()).expect("decimals")
}

fn fractions(x: &[f64]) -> Vec<Number> {
    let decimal = |x: &f64| exact::decimal(&x.to_string()).expect("a decimal");
    x.iter().map(decimal).collect()
}

/// `b + Σ w·max(0, s·(x − a))` over the hinges (s, a, w).
fn hinges(hinges: &[[f64; 3]], b: f64) -> Network {
    let n = hinges.len();
    let of = |part: fn(&[f64; 3]) -> f64| hinges.iter().map(part).collect::<Vec<_>>();
    let below = Array2::from_shape_vec((1, n), of(|[s, _, _]| *s)).expect("a row");
    let above = Array2::from_shape_vec((n, 1), of(|[_, _, w]| *w)).expect("a column");
    let layers = vec![
        Layer::dense(below, of(|[s, a, _]| -s * a), Activation::Relu).expect("a layer"),
        Layer::dense(above, vec![b], Activation::Identity).expect("a layer"),
    ];
    Network::new(Input::flat(1), layers).expect("a network")
}

/// `3·x_1 + 4·x_2 − 5`
fn plane() -> Network {
    let weights = array![[3.0], [4.0]];
    let layer = Layer::dense(weights, vec![-5.0], Activation::Identity).expect("a layer");
    Network::new(Input::flat(2), vec![layer]).expect("a network")
}

#[test]
fn walks_to_roots_and_to_places_without_one_by_hand_in_f64_and_in_fractions() {
    let bent = [[1.0, 0.0, 1.0], [1.0, 1.0, 2.0]];
    // What is found: x̃, f(x), f(x̃), the gradient, the remainder; the pieces, and whether it is a root.
    for (name, network, x, toward, root, [value, at_root], gradient, remainder, pieces, found) in [
        // f = 20, 20/25 of (3, 4) away.
        (
            "a plane",
            plane(),
            vec![3.0, 4.0],
            None,
            vec![0.6, 0.8],
            [20.0, 0.0],
            vec![3.0, 4.0],
            0.0,
            1,
            true,
        ),
        (
            "a plane from below",
            plane(),
            vec![0.0, 0.0],
            None,
            vec![0.6, 0.8],
            [-5.0, 0.0],
            vec![3.0, 4.0],
            0.0,
            1,
            true,
        ),
        (
            "a root already",
            plane(),
            vec![3.0, -1.0],
            None,
            vec![3.0, -1.0],
            [0.0, 0.0],
            vec![3.0, 4.0],
            0.0,
            0,
            true,
        ),
        // 16·x⁺ − 12·(x − 1)⁺ − 8: 16, 8, 0 at 3, 1, 1/2. One term, 16·5/2 = 40.
        (
            "a root behind a hinge",
            hinges(&[[1.0, 0.0, 16.0], [1.0, 1.0, -12.0]], -8.0),
            vec![3.0],
            None,
            vec![0.5],
            [16.0, 0.0],
            vec![16.0],
            -24.0,
            2,
            true,
        ),
        // 10 − 2x, turning up at 3, down at 5, up at 7: 8, 4, 6, 4 at 1, 3, 5, 7. The first of the least is taken.
        (
            "two places of the least f",
            hinges(
                &[
                    [1.0, 0.0, -2.0],
                    [1.0, 3.0, 3.0],
                    [1.0, 5.0, -2.0],
                    [1.0, 7.0, 2.0],
                ],
                10.0,
            ),
            vec![1.0],
            None,
            vec![3.0],
            [8.0, 4.0],
            vec![-2.0],
            0.0,
            1,
            false,
        ),
        // 8, 4, 6, 2 with a steeper third piece: the term is −2·(1 − 7) = 12.
        (
            "the least f in the third piece",
            hinges(
                &[
                    [1.0, 0.0, -2.0],
                    [1.0, 3.0, 3.0],
                    [1.0, 5.0, -3.0],
                    [1.0, 7.0, 3.0],
                ],
                10.0,
            ),
            vec![1.0],
            None,
            vec![7.0],
            [8.0, 2.0],
            vec![-2.0],
            -6.0,
            3,
            false,
        ),
        // x⁺ + 2·(x − 1)⁺ + 1 on segments: 13/2 at 5/2, 8 at 3, 2 at 1, 3/2 at 1/2.
        (
            "a segment that ends behind a hinge",
            hinges(&bent, 1.0),
            vec![2.5],
            Some(vec![0.5]),
            vec![0.5],
            [6.5, 1.5],
            vec![1.0],
            3.0,
            2,
            false,
        ),
        (
            "a segment that ends at a hinge",
            hinges(&bent, 1.0),
            vec![3.0],
            Some(vec![1.0]),
            vec![1.0],
            [8.0, 2.0],
            vec![3.0],
            0.0,
            1,
            false,
        ),
        // Two of three units stop to fire at 1: from 3 to 1, to 0, to −1, where nothing is left but 1.
        (
            "two units that turn together",
            hinges(&[[1.0, 0.0, 1.0], [1.0, 1.0, 1.0], [2.0, 1.0, 0.5]], 1.0),
            vec![3.0],
            Some(vec![-1.0]),
            vec![-1.0],
            [8.0, 1.0],
            vec![0.0],
            7.0,
            3,
            false,
        ),
    ] {
        let limit = Limit {
            pieces: 10,
            until: None,
        };
        let (fast, slow) = match &toward {
            None => (Toward::Nearest, ExactToward::Nearest),
            Some(point) => (
                Toward::Point(point.clone()),
                ExactToward::Point(fractions(point)),
            ),
        };
        let fast = expand_function(&network, &x, None.into(), &fast, limit).expect("finite values");
        let slow = exact::expand_function(
            &in_fractions(&network),
            &fractions(&x),
            None.into(),
            &slow,
            limit,
        );
        let slow = slow.expect("few pieces");
        let numbers = [value, at_root, remainder];
        assert_eq!(
            [slow.value, slow.value_at_root, slow.remainder],
            fractions(&numbers)[..],
            "{name}"
        );
        assert_eq!((slow.pieces, slow.found), (pieces, found), "{name}");
        assert_eq!(
            (slow.root, slow.gradient),
            (fractions(&root), fractions(&gradient)),
            "{name}"
        );
        let fast_numbers = [fast.value, fast.value_at_root, fast.remainder];
        assert_relative_eq!(
            fast_numbers[..],
            numbers[..],
            max_relative = 1e-15,
            epsilon = 1e-14
        );
        assert_eq!((fast.pieces, fast.found), (pieces, found), "{name}");
        assert_relative_eq!(fast.root[..], root[..], max_relative = 1e-15);
        assert_relative_eq!(fast.gradient[..], gradient[..], max_relative = 1e-15);
    }
}

#[test]
fn a_search_that_comes_to_its_limit_says_how_far_it_came() {
    // 16·x⁺ − 12·(x − 1)⁺ − 8: from 16 at 3 with slope 4, u = −16/4, so that the hinge at 1 is half of the way; 8 there.
    let network = hinges(&[[1.0, 0.0, 16.0], [1.0, 1.0, -12.0]], -8.0);
    let limit = Limit {
        pieces: 1,
        until: None,
    };
    let fast = expand_function(&network, &[3.0], None.into(), &Toward::Nearest, limit);
    let (network, x) = (in_fractions(&network), fractions(&[3.0]));
    let slow = exact::expand_function(&network, &x, None.into(), &ExactToward::Nearest, limit);
    let reached = Stopped::Pieces(Reached {
        pieces: 1,
        way: 0.5,
        value: 8.0,
    });
    assert_eq!(
        (fast.err(), slow.err()),
        (Some(reached.clone()), Some(reached))
    );
}

#[test]
fn the_expansion_of_a_unit_by_hand_in_fractions() {
    // x = (3, 4), z = 9 + 16 − 5 = 20: the root is 20/25 of w = (3, 4) away, which is a way of 4. 4/5 is out of bounds.
    let input = Input {
        bounds: Some(Bounds::Same([-1.0, 0.75])),
        ..Input::flat(2)
    };
    let layer = plane().layer(1).clone();
    let network = Network::new(input, vec![layer]).expect("a network");
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let file = in_fractions(&network);
    let found = exact::explain(&file, &plan, &fractions(&[3.0, 4.0]), Target::Max);
    let expanded =
        exact::expand(&file, &found, 1, 0, Rule::WSquared, RuleBias::Keep).expect("a root");
    let expansion = expanded.expansion;
    assert_eq!(expansion.root, fractions(&[0.6, 0.8]));
    assert_eq!(expansion.terms, fractions(&[7.2, 12.8]));
    assert_eq!((expansion.outside, expansion.gradient_constant), (1, true));
    assert_relative_eq!(expansion.distance, 4.0, max_relative = 1e-15);
    assert_eq!(
        [expanded.largest_difference, expansion.remainder],
        [Number::ZERO, Number::ZERO]
    );
}

/// The root of the only unit of a layer, in f64 and in fractions.
fn roots(layer: Layer, rule: Rule, bias: RuleBias, x: &[f64]) -> [Result<Vec<f64>, NoRoot>; 2] {
    let network = Network::new(Input::flat(x.len()), vec![layer]).expect("a network");
    let plan = Plan::of(&network, rule).expect("defined").with_bias(bias);
    let file = in_fractions(&network);
    let found = exact::explain(&file, &plan, &fractions(x), Target::Max);
    let slow = exact::expand(&file, &found, 1, 0, rule, bias);
    let unit = Unit {
        layer: 1,
        unit: 0,
        x: &[x],
        relevance: found.value.to_f64().value(),
    };
    let expander = Expander::new(&network).with_bias(bias);
    let fast = expander.expand(unit, rule, plan.domain(1));
    let rounded = |root: Vec<Number>| root.iter().map(|x| x.to_f64().value()).collect();
    [
        fast.map(|found| found.root),
        slow.map(|found| rounded(found.expansion.root)),
    ]
}

#[test]
fn roots_by_hand_in_f64_and_in_fractions() {
    let (drop, keep) = (RuleBias::Drop, RuleBias::Keep);
    let identity = Activation::Identity;
    for (rule, bias, w, b, activation, x, root) in [
        // z = −2: the second is raised, and v = (3, 4), t = 1/2; z = 2 is the same turned round.
        (
            "gamma:1",
            drop,
            [0.0, -1.0],
            0.0,
            identity,
            [3.0, 2.0],
            Ok([1.5, 0.0]),
        ),
        (
            "gamma:1",
            drop,
            [0.0, 1.0],
            0.0,
            identity,
            [3.0, 2.0],
            Ok([1.5, 0.0]),
        ),
        // Contributions (1, −4), z = −3: v = (1, 4) and Σ v w = −7, t = 3/7.
        (
            "gamma:1",
            drop,
            [1.0, -2.0],
            0.0,
            identity,
            [1.0, 2.0],
            Ok([4.0 / 7.0, 2.0 / 7.0]),
        ),
        // Contributions (4, −1), z = 3: v = (4, 1) and Σ v w = 7, t = 3/7.
        (
            "gamma:1",
            drop,
            [2.0, -1.0],
            0.0,
            identity,
            [2.0, 1.0],
            Ok([2.0 / 7.0, 4.0 / 7.0]),
        ),
        // Without β it is z⁺: v = (2, 0), t = 1/2.
        (
            "alpha-beta:1,0",
            drop,
            [1.0, -1.0],
            0.0,
            Activation::Relu,
            [2.0, 1.0],
            Ok([1.0, 1.0]),
        ),
        (
            "alpha-beta:2,1",
            drop,
            [1.0, -1.0],
            0.0,
            Activation::Relu,
            [2.0, 1.0],
            Err(NoRoot::NoExpansion),
        ),
        // z = 7 and Σ v w = 6, t = 7/6; where the bias is kept, it must be 0.
        (
            "z+",
            drop,
            [2.0, 0.0],
            1.0,
            Activation::Relu,
            [3.0, 0.0],
            Ok([-0.5, 0.0]),
        ),
        (
            "z+",
            keep,
            [2.0, 0.0],
            1.0,
            Activation::Relu,
            [3.0, 0.0],
            Err(NoRoot::KeptBias),
        ),
        (
            "z+",
            keep,
            [2.0, 0.0],
            0.0,
            Activation::Relu,
            [3.0, 0.0],
            Ok([0.0, 0.0]),
        ),
        // No bias counts under w².
        (
            "w2",
            keep,
            [2.0, 0.0],
            1.0,
            Activation::Relu,
            [3.0, 0.0],
            Ok([-0.5, 0.0]),
        ),
    ] {
        let layer = Layer::dense(array![[w[0]], [w[1]]], vec![b], activation).expect("a layer");
        for found in roots(layer, rule.parse().expect("a rule"), bias, &x) {
            match (found, root) {
                (Ok(found), Ok(root)) => assert_relative_eq!(found[..], root[..], epsilon = 1e-15),
                (found, root) => assert_eq!(found.err(), root.err(), "{rule}, {bias:?}"),
            }
        }
    }
}

#[test]
fn units_that_turn_at_one_place_turn_from_the_input_up() {
    // From (3, 0) to (−1, 0): (x − 1)⁺ stops at 1. The unit above it, (x − 1)⁺ + (y + 1)⁺ − 1, is 0 from there on and fires still.
    let below = Layer::dense(
        array![[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        vec![-1.0, 0.0, 1.0],
        Activation::Relu,
    );
    let above = Layer::dense(
        array![[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]],
        vec![-1.0, 0.0],
        Activation::Relu,
    );
    let layers = vec![
        below.expect("a layer"),
        above.expect("a layer"),
        Layer::sum_pool(2, 2).expect("a pool"),
    ];
    let network = Network::new(Input::flat(2), layers).expect("a network");
    let (x, to, limit) = (
        [3.0, 0.0],
        vec![-1.0, 0.0],
        Limit {
            pieces: 10,
            until: None,
        },
    );
    let slow = ExactToward::Point(fractions(&to));
    let slow = exact::expand_function(
        &in_fractions(&network),
        &fractions(&x),
        None.into(),
        &slow,
        limit,
    );
    let slow = slow.expect("few pieces");
    assert_eq!(
        (slow.pieces, slow.root, slow.gradient),
        (2, fractions(&[0.0, 0.0]), fractions(&[1.0, 1.0]))
    );
    let fast = expand_function(&network, &x, None.into(), &Toward::Point(to), limit)
        .expect("finite values");
    assert_eq!(
        (fast.pieces, fast.root, fast.gradient),
        (2, vec![0.0, 0.0], vec![1.0, 1.0])
    );
}

#[test]
fn a_unit_at_its_hinge_fires_where_the_line_leads_it_up() {
    // From (2, 0), where ∂f/∂x_2 is 0 on the way that x_2 does not change.
    let layer = Layer::dense(Array2::eye(2), Vec::new(), Activation::Relu).expect("a layer");
    let network = Network::new(
        Input::flat(2),
        vec![layer, Layer::sum_pool(2, 2).expect("a pool")],
    );
    let network = network.expect("a network");
    let once = Limit {
        pieces: 1,
        until: None,
    };
    let slow = exact::expand_function(
        &in_fractions(&network),
        &fractions(&[2.0, 0.0]),
        None.into(),
        &ExactToward::Nearest,
        once,
    );
    let slow = slow.expect("one piece");
    assert_eq!(
        (slow.root, slow.gradient),
        (fractions(&[0.0, 0.0]), fractions(&[1.0, 0.0]))
    );
    let fast = expand_function(&network, &[2.0, 0.0], None.into(), &Toward::Nearest, once)
        .expect("one piece");
    assert_eq!((fast.root, fast.gradient), (vec![0.0, 0.0], vec![1.0, 0.0]));
    // From the hinge of 1 + (x − 1)⁺ up and down: no turn is to be made, and the one piece that is allowed suffices.
    let network = hinges(&[[1.0, 1.0, 1.0]], 1.0);
    for (to, gradient) in [(3.0, 1.0), (-1.0, 0.0)] {
        let slow = ExactToward::Point(fractions(&[to]));
        let slow = exact::expand_function(
            &in_fractions(&network),
            &fractions(&[1.0]),
            None.into(),
            &slow,
            once,
        );
        let slow = slow.expect("one piece");
        assert_eq!(
            (slow.pieces, slow.gradient),
            (1, fractions(&[gradient])),
            "{to}"
        );
        let fast = expand_function(
            &network,
            &[1.0],
            None.into(),
            &Toward::Point(vec![to]),
            once,
        );
        let fast = fast.expect("one piece");
        assert_eq!((fast.pieces, fast.gradient), (1, vec![gradient]), "{to}");
    }
}
