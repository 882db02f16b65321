//! The expansion of the whole network: walks over its linear pieces, worked by hand.
#![allow(clippy::float_cmp, reason = "these fractions are exact in f64")]

use deeptaylor::relevance::Chosen;
use deeptaylor::relevance::function::{
    FunctionExpansion, Limit, Reached, Stopped, Toward, expand_function,
};
use deeptaylor::{Activation, Input, Layer, Network};
use ndarray::{Array2, arr1};

/// `f = c_0 + Σ_j c_j max(0, w_j x + b_j)` of one input; a unit is w_j, b_j and c_j.
fn folds(units: &[[f64; 3]], constant: f64) -> Network {
    let column = |k: usize| units.iter().map(move |unit| unit[k]);
    let below = arr1(&column(0).collect::<Vec<f64>>()).insert_axis(ndarray::Axis(0));
    let above = arr1(&column(2).collect::<Vec<f64>>()).insert_axis(ndarray::Axis(1));
    let layers = [
        Layer::dense(below, column(1).collect(), Activation::Relu),
        Layer::dense(above, vec![constant], Activation::Identity),
    ];
    let layers = layers.map(|layer| layer.expect("a layer")).to_vec();
    Network::new(Input::flat(1), layers).expect("a network")
}

fn expand(
    network: &Network,
    x: &[f64],
    toward: Toward,
    pieces: usize,
) -> Result<FunctionExpansion, Stopped> {
    let limit = Limit {
        pieces,
        until: None,
    };
    expand_function(network, x, Chosen::from(Some(0)), &toward, limit)
}

fn found(network: &Network, x: &[f64], toward: Toward) -> FunctionExpansion {
    expand(network, x, toward, 100).expect("few pieces")
}

/// f(x), x̃, f(x̃), the gradient, the term, ε, how many pieces there are and whether there is a root.
fn figures(found: &FunctionExpansion) -> ([f64; 6], usize, bool) {
    let numbers = [
        found.value,
        found.root[0],
        found.value_at_root,
        found.gradient[0],
        found.terms[0],
        found.remainder,
    ];
    (numbers, found.pieces, found.found)
}

/// `max(0, x) − 2 max(0, x − 1) + 3 max(0, x − 2) + 2`: 2, 2, 3, 2 and 4 at x < 0, 0, 1, 2 and 3.
fn valley() -> Network {
    folds(&[[1.0, 0.0, 1.0], [1.0, -1.0, -2.0], [1.0, -2.0, 3.0]], 2.0)
}

/// `max(0, x − 2) + max(0, x − 1) + max(0, x) − 1/2`: −1/2, 1/2, 5/2 and 11/2 at 0, 1, 2 and 3.
fn bowl() -> Network {
    folds(&[[1.0, -2.0, 1.0], [1.0, -1.0, 1.0], [1.0, 0.0, 1.0]], -0.5)
}

#[test]
fn a_root_is_found_on_the_piece_where_f_is_0_and_its_gradient_counts() {
    let to = |x: f64| Toward::Point(vec![x]);
    // From 3 the pieces are those from 3 to 2, 2 to 1, and 1 to the root 1/2. There the slope is 1: the term is 5/2 of 11/2.
    for end in [-1.0, 0.0] {
        let found = found(&bowl(), &[3.0], to(end));
        let (numbers, pieces, is_root) = figures(&found);
        for (number, expected) in numbers.into_iter().zip([5.5, 0.5, 0.0, 1.0, 2.5, 3.0]) {
            assert!((number - expected).abs() < 1e-14, "{found:?}");
        }
        assert_eq!((pieces, is_root), (3, true));
    }
    // A unit that begins to fire on the way: x − max(0, 1 − x) is 2 x − 1 below 1.
    let begins = folds(&[[1.0, 0.0, 1.0], [-1.0, 1.0, -1.0]], 0.0);
    assert_eq!(
        figures(&found(&begins, &[3.0], to(-1.0))),
        ([3.0, 0.5, 0.0, 2.0, 5.0, -2.0], 2, true)
    );
    // f becomes 0 just where its last unit stops.
    let ends = folds(&[[1.0, -1.0, 2.0]], 0.0);
    assert_eq!(
        figures(&found(&ends, &[3.0], to(-1.0))),
        ([4.0, 1.0, 0.0, 2.0, 4.0, 0.0], 1, true)
    );
    // From below f = 0, upwards.
    assert_eq!(
        figures(&found(&bowl(), &[0.0], to(2.0))),
        ([-0.5, 0.5, 0.0, 1.0, -0.5, 0.0], 1, true)
    );
    // x is a root itself.
    let (numbers, pieces, is_root) = figures(&found(&bowl(), &[0.5], to(2.0)));
    assert_eq!((numbers[1], pieces, is_root), (0.5, 0, true));
}

#[test]
fn without_a_root_on_the_segment_the_point_is_expanded_at() {
    // 2 to 1, and 1 to 0, where the next unit would stop. The slope of the last is 1: 2 = 2 + 2 − 2.
    assert_eq!(
        figures(&found(&valley(), &[2.0], Toward::Point(vec![0.0]))),
        ([2.0, 0.0, 2.0, 1.0, 2.0, -2.0], 2, false)
    );
    // The point to the last bit, though x + (x̃ − x) is another number.
    let (x, point) = (0.7, 0.1);
    assert_ne!(x + (point - x), point);
    let found = found(&valley(), &[x], Toward::Point(vec![point]));
    assert_eq!(found.root, [point]);
}

#[test]
fn without_a_root_downhill_the_first_of_the_least_values_is_expanded_at() {
    // The slope at 3 is 2, so that the way is measured in (4 / 2² · 2) = 2. f is 2 at 2, and at 0 and below again.
    assert_eq!(
        figures(&found(&valley(), &[3.0], Toward::Nearest)),
        ([4.0, 2.0, 2.0, 2.0, 2.0, 0.0], 1, false)
    );
    // Nothing becomes less than at x.
    let flat = folds(&[[1.0, -5.0, 1.0]], 1.0);
    assert_eq!(
        figures(&found(&flat, &[3.0], Toward::Nearest)),
        ([1.0, 3.0, 1.0, 0.0, 0.0, 0.0], 0, false)
    );
    // Nor where f / |∇f|² is beyond f64: the slope of 1e200 + 1e-50 max(0, 1e-50 x + 1e-50) is 1e-100.
    let steep = folds(&[[1e-50, 1e-50, 1e-50]], 1e200);
    let found = found(&steep, &[0.0], Toward::Nearest);
    assert_eq!((found.root[0], found.pieces, found.found), (0.0, 0, false));
}

#[test]
fn downhill_is_along_the_gradient_to_the_nearest_root_of_a_plane() {
    // f = max(0, 2 x_1 + x_2 − 3) is 3 at (2, 2), and 0 at (2, 2) − 3/5 · (2, 1).
    let weights = Array2::from_shape_vec((2, 1), vec![2.0, 1.0]).expect("two weights");
    let layer = Layer::dense(weights, vec![-3.0], Activation::Relu).expect("a layer");
    let network = Network::new(Input::flat(2), vec![layer]).expect("a network");
    let found = found(&network, &[2.0, 2.0], Toward::Nearest);
    let near = |found: &[f64], expected: [f64; 2]| {
        let mut pairs = found.iter().zip(expected);
        pairs.all(|(a, b)| (a - b).abs() < 1e-15)
    };
    assert!(near(&found.root, [0.8, 1.4]), "{found:?}");
    assert!(near(&found.terms, [2.4, 0.6]), "{found:?}");
    assert!(near(&found.gradient, [2.0, 1.0]), "{found:?}");
    assert!(found.found && found.pieces == 1 && found.remainder.abs() < 1e-15);
}

#[test]
fn the_way_downhill_is_measured_by_what_would_bring_a_linear_f_to_0() {
    // f = 11/2 with the slope 3 at 3: the whole way is 11/6 long, and the first turn, where f = 5/2, is 1 away.
    let stopped = expand(&bowl(), &[3.0], Toward::Nearest, 1).expect_err("a unit turns");
    let Stopped::Pieces(reached) = stopped else {
        panic!("{stopped:?}");
    };
    assert!((reached.way - 6.0 / 11.0).abs() < 1e-15, "{reached:?}");
    assert!((reached.value - 2.5).abs() < 1e-14, "{reached:?}");
    assert_eq!(reached.pieces, 1);
    assert!(
        reached
            .to_string()
            .starts_with("the first 1 linear piece of the network, 5.5e-1 of the way; f is 2.5000")
    );
}

#[test]
fn a_small_f_and_a_small_slope_have_their_root() {
    // f · slope is 1e-400, which f64 does not hold.
    let small = folds(&[[1e-200, 0.0, 1.0]], 0.0);
    let found = found(&small, &[1.0], Toward::Point(vec![-1.0]));
    assert_eq!((found.root[0], found.found), (0.0, true));
}

#[test]
fn units_that_turn_at_one_place_have_no_piece_between_them_but_each_is_a_turn() {
    // 2 max(0, x − 1) + max(0, x) − 1/2, the first as two units: 13/2 at 3, 1/2 at 1.
    let doubled = folds(&[[1.0, -1.0, 1.0], [1.0, -1.0, 1.0], [1.0, 0.0, 1.0]], -0.5);
    let to = || Toward::Point(vec![-1.0]);
    let found = expand(&doubled, &[3.0], to(), 3).expect("two units turn");
    assert_eq!((found.root[0], found.pieces, found.found), (0.5, 2, true));
    // The place 1 is half of the way from 3 to −1.
    assert_eq!(
        expand(&doubled, &[3.0], to(), 2),
        Err(Stopped::Pieces(Reached {
            pieces: 1,
            way: 0.5,
            value: 0.5
        }))
    );
}

#[test]
fn of_units_on_several_levels_that_turn_at_one_place_the_lowest_is_first() {
    // h = max(0, x − 1) and max(0, x), then max(0, h) and max(0, x), then their sum − 1/2: where h stops, max(0, h) stays at 0.
    let dense = |weights: Array2<f64>, bias: Vec<f64>, activation| {
        Layer::dense(weights, bias, activation).expect("a layer")
    };
    let layers = vec![
        dense(Array2::ones((1, 2)), vec![-1.0, 0.0], Activation::Relu),
        dense(Array2::eye(2), Vec::new(), Activation::Relu),
        dense(Array2::ones((2, 1)), vec![-0.5], Activation::Identity),
    ];
    let network = Network::new(Input::flat(1), layers).expect("a network");
    let found = expand(&network, &[3.0], Toward::Point(vec![-1.0]), 2).expect("one unit turns");
    assert_eq!((found.root[0], found.pieces, found.found), (0.5, 2, true));
}

#[test]
fn at_a_kink_a_unit_fires_where_the_line_goes_on_to_make_it_fire() {
    let to = || Toward::Point(vec![-1.0]);
    // max(0, x) − max(0, 1 − x) from 1: the second unit begins to fire at once, and nothing turns on the way to 1/2.
    let begins = folds(&[[1.0, 0.0, 1.0], [-1.0, 1.0, -1.0]], 0.0);
    let found = expand(&begins, &[1.0], to(), 1).expect("nothing turns");
    assert_eq!(figures(&found), ([1.0, 0.5, 0.0, 2.0, 1.0, 0.0], 1, true));
    // max(0, x) + max(0, x − 1) − 1/2 from 1: the second has stopped.
    let ends = folds(&[[1.0, 0.0, 1.0], [1.0, -1.0, 1.0]], -0.5);
    let found = expand(&ends, &[1.0], to(), 1).expect("nothing turns");
    assert_eq!(figures(&found), ([0.5, 0.5, 0.0, 1.0, 0.5, 0.0], 1, true));
    // max(0, x_1) + max(0, x_2) at (1, 0), toward (−1, 0): the second stays at its kink, and does not fire.
    let layers = [
        Layer::dense(Array2::eye(2), Vec::new(), Activation::Relu),
        Layer::dense(Array2::ones((2, 1)), Vec::new(), Activation::Identity),
    ];
    let layers = layers.map(|layer| layer.expect("a layer")).to_vec();
    let network = Network::new(Input::flat(2), layers).expect("a network");
    let found = expand(&network, &[1.0, 0.0], Toward::Point(vec![-1.0, 0.0]), 1);
    let found = found.expect("nothing turns");
    assert_eq!((&found.gradient[..], found.found), (&[1.0, 0.0][..], true));
}
