//! Networks that are graphs, in fractions: worked by hand, and over random graphs held against f64.
#![allow(clippy::float_cmp, reason = "these values are exact in f64")]

use std::collections::BTreeSet;

use deeptaylor::exact::{self, ExactNetwork, ExactToward, Number};
use deeptaylor::network::Shape;
use deeptaylor::network::linear::{Conv2d, Gather, Kind, Linear, MaxPool2d, Pool2d, Role, Window};
use deeptaylor::relevance::RuleBias;
use deeptaylor::relevance::cause::Cause;
use deeptaylor::relevance::expansion::{Expander, NoRoot, Unit};
use deeptaylor::relevance::function::{Limit, Stopped, Toward, expand_function};
use deeptaylor::result::{
    AnyResult, ChosenUnits, ExactExplanation, ExactSample, NetworkInfo, Taylor,
};
use deeptaylor::{
    Activation, Bounds, Explainer, Input, Layer, Network, Plan, Preset, Rule, Target,
};
use ndarray::{Array2, ArrayView2, array};

use crate::exact_graph::{Random, network, plan, sample};
use crate::read_back::{assert_comes_back, assert_finite};

/// So many random graphs.
const GRAPHS: u64 = 400;

fn number(text: &str) -> Number {
    exact::fraction(text).expect("a fraction")
}

fn numbers(texts: &str) -> Vec<Number> {
    texts.split_whitespace().map(number).collect()
}

fn fractions(x: &[f64]) -> Vec<Number> {
    let decimal = |x: &f64| exact::decimal(&x.to_string()).expect("a decimal");
    x.iter().map(decimal).collect()
}

fn total<'n>(numbers: impl IntoIterator<Item = &'n Number>) -> Number {
    let numbers = numbers.into_iter();
    numbers.fold(Number::ZERO, |sum, x| sum + x)
}

fn window(kernel: usize, padding: usize) -> Window {
    Window {
        kernel: [kernel; 2],
        stride: [1; 2],
        dilation: [1; 2],
        padding: [padding; 4],
    }
}

fn picture(sides: [usize; 3]) -> Input {
    Input {
        shape: sides.to_vec(),
        ..Input::flat(1)
    }
}

fn relu(weights: Array2<f64>) -> Layer {
    Layer::dense(weights, Vec::new(), Activation::Relu).expect("a layer")
}

/// A layer of a map that makes a picture.
fn image(map: Linear, sides: [usize; 3], activation: Activation) -> Layer {
    Layer::new(map, Shape::Image(sides), Vec::new(), activation).expect("a layer")
}

/// The kernel (0 1 0, 1 2 1, 0 1 0) over 3 × 3 values, padded by 1, and the sum of what it finds.
fn cross() -> Network {
    let kernel = vec![0.0, 1.0, 0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 0.0];
    let map = Conv2d::new([1, 3, 3], kernel, [1, 1, 3, 3], window(3, 1), 1).expect("a map");
    let conv = image(Linear::Conv2d(map), [1, 3, 3], Activation::Relu);
    let pool = Layer::sum_pool(9, 9).expect("a pool");
    Network::new(picture([1, 3, 3]), vec![conv, pool]).expect("a network")
}

/// Explains a sample in fractions and in f64: these are the same but for rounding, and the fractions are returned.
fn explained(plan: &Plan, x: &[f64]) -> exact::Exact {
    let network = ExactNetwork::from(plan.network().clone());
    let found = exact::explain(&network, plan, &fractions(x), Target::Max);
    let mut explainer = Explainer::new(plan);
    let row = ArrayView2::from_shape((1, x.len()), x).expect("a row");
    let batch = explainer.explain(row, &Target::Max).expect("finite values");
    for (level, expected) in found.relevance.iter().enumerate() {
        for (found, expected) in batch.relevance(level).iter().zip(expected) {
            let expected = expected.to_f64().value();
            assert!(
                (found - expected).abs() <= 1e-14 * (1.0 + expected.abs()),
                "level {level}"
            );
        }
    }
    found
}

#[test]
fn a_convolution_of_3_by_3_values_gives_the_fractions_of_each_rule() {
    // z = (2 4 0, 4 6 5, 0 5 4): with the centre 2·x, and 1 for each neighbour; f = 30.
    let (network, x) = (cross(), [1.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 2.0]);
    for (rule, inputs) in [
        // w²: at a corner the masses are 4 + 1 + 1 = 6, at an edge 7, in the middle 8; R_j over mass_j is
        // s = (1/3 4/7 0, 4/7 3/4 5/7, 0 5/7 2/3), and R_i = 4 s_i and s of each neighbour: 4/3 + 4/7 + 4/7 = 52/21, …
        (
            Rule::WSquared,
            "52/21 283/84 9/7  283/84 39/7 359/84  9/7 359/84 86/21",
        ),
        // flat: a corner sees 4 inputs, an edge 6, the middle 9, weights of 0 among them and padding never;
        // s = (1/2 2/3 0, 2/3 2/3 5/6, 0 5/6 1), and R_i is the sum of s around i.
        (Rule::Flat, "5/2 10/3 13/6  10/3 31/6 4  13/6 4 10/3"),
        // z⁺: s = 1 wherever a unit fires, so R_i = x_i · (2 + 1 for each firing neighbour).
        (Rule::ZPlus, "4 0 0  0 18 0  0 0 8"),
    ] {
        let found = explained(&Plan::of(&network, rule).expect("defined"), &x);
        assert_eq!(found.relevance[0], numbers(inputs), "{rule}");
        assert_eq!(found.relevance[1], numbers("2 4 0 4 6 5 0 5 4"));
        assert!(found.balance.holds && found.lost.is_empty());
        assert_eq!(found.balance.input, number("30"));
    }
}

#[test]
fn a_layer_of_both_signs_gives_the_fractions_of_each_rule_with_and_without_its_biases() {
    // x = (2, 1), contributions (2, −1) and (2, 2), biases 1 and −2: z = (2, 2), f = 4.
    let weights = array![[1.0, 1.0], [-1.0, 2.0]];
    let layers = vec![
        Layer::dense(weights, vec![1.0, -2.0], Activation::Relu).expect("a layer"),
        Layer::sum_pool(2, 2).expect("a pool"),
    ];
    let network = Network::new(Input::flat(2), layers).expect("a network");
    let (drop, keep) = (RuleBias::Drop, RuleBias::Keep);
    // What the inputs carry; what is lost, absorbed by biases and by ε.
    for (rule, bias, inputs, withheld) in [
        // 2·(2, −1)/1 + 2·(2, 2)/4.
        ("z", drop, "5 -1", "0 0 0"),
        // 2·(2, −1)/2 + 2·(2, 2)/2; the biases keep 2·1/2 and 2·(−2)/2.
        ("z", keep, "4 1", "0 -1 0"),
        // 2·(2, −1)/2 + 2·(2, 2)/5; ε keeps 2/2 and 2/5.
        ("epsilon:1", drop, "14/5 -1/5", "0 0 7/5"),
        // Both over 3: 2/3·(2, −1) + 2/3·(2, 2); the biases keep 2/3·1 and 2/3·(−2), ε 2/3 twice.
        ("epsilon:1", keep, "8/3 2/3", "0 -2/3 4/3"),
        // q = (4, −1) over 3, and (4, 4) over 8.
        ("gamma:1", drop, "11/3 1/3", "0 0 0"),
        // Beside them 1 + 1 and −2: over 5 and over 6.
        ("gamma:1", keep, "44/15 14/15", "0 2/15 0"),
        // 2·2·(1, 0) − 2·(0, 1), and 2·2·(1/2, 1/2); nothing opposes unit 1: −2 is lost.
        ("alpha-beta:2,1", drop, "6 0", "-2 0 0"),
        // 2·2·(2/3, 0), of which the bias keeps 4/3, − 2·(0, 1); the bias alone opposes unit 1 and keeps −2.
        ("alpha-beta:2,1", keep, "14/3 0", "0 -2/3 0"),
        ("alpha-beta:1,0", drop, "3 1", "0 0 0"),
        ("alpha-beta:1,0", keep, "7/3 1", "0 2/3 0"),
        // (2, 0)/2 and (2, 2)/4; kept, the first is over 3.
        ("z+", drop, "3 1", "0 0 0"),
        ("z+", keep, "7/3 1", "0 2/3 0"),
        // No bias counts in the denominators of these.
        ("w2", keep, "7/5 13/5", "0 0 0"),
        ("flat", keep, "2 2", "0 0 0"),
    ] {
        let named = format!("{rule}, {bias:?}");
        let rule: Rule = rule.parse().expect("a rule");
        let plan = Plan::of(&network, rule).expect("defined").with_bias(bias);
        let found = explained(&plan, &[2.0, 1.0]);
        assert_eq!(found.relevance[0], numbers(inputs), "{named}");
        let balance = found.balance;
        assert_eq!(
            [
                balance.lost,
                balance.absorbed_by_bias,
                balance.absorbed_by_epsilon
            ],
            numbers(withheld)[..],
            "{named}"
        );
        assert!(balance.holds, "{named}");
        for lost in found.lost {
            assert_eq!((lost.unit, lost.cause), (1, Cause::NoOpposition), "{named}");
        }
    }
}

#[test]
fn gamma_raises_what_has_the_sign_of_a_pre_activation_below_0() {
    // x = (2, 1), contributions (2, −4): z = −2, and q = (2, −8) over −6 where γ = 1.
    let layer = Layer::dense(array![[1.0], [-4.0]], Vec::new(), Activation::Identity);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    let plan = Plan::of(&network, Rule::Gamma(1.0)).expect("defined");
    let found = explained(&plan, &[2.0, 1.0]);
    assert_eq!(found.relevance[0], numbers("2/3 -8/3"));
    assert!(found.balance.holds);
}

#[test]
fn gamma_raises_what_supports_a_unit_of_0_and_epsilon_adds_to_a_mass_of_0() {
    // x = (2, 2), contributions (2, −2): z = 0, and flat hands it the 3 of the unit above. q = (4, −2) over 2.
    let flat = Layer::dense(array![[1.0]], vec![3.0], Activation::Relu).expect("a layer");
    let network = Network::new(Input::flat(2), vec![relu(array![[1.0], [-1.0]]), flat]);
    let network = network.expect("a network");
    let plan = Plan::of(&network, Rule::Flat).expect("defined");
    let plan = plan.with(1, Rule::Gamma(1.0)).expect("defined");
    assert_eq!(explained(&plan, &[2.0, 2.0]).relevance[0], numbers("6 -3"));

    // x = (1, 2), contributions (2, −2) and a bias of 3: 3·(2, −2) over 0 + 1, and ε keeps 3·1.
    let layer = Layer::dense(array![[2.0], [-1.0]], vec![3.0], Activation::Relu);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    let plan = Plan::of(&network, Rule::Epsilon(1.0)).expect("defined");
    let found = explained(&plan, &[1.0, 2.0]);
    assert_eq!(found.relevance[0], numbers("6 -6"));
    assert_eq!(found.balance.absorbed_by_epsilon, number("3"));
}

#[test]
fn the_bias_share_is_over_the_units_that_fire() {
    // x = 1: level 1 is (1 + 1, 1 − 1) = (2, 0), f = 2. w² hands 1 to each, and a half of the first is its bias's.
    let layers = vec![
        Layer::dense(array![[1.0, 1.0]], vec![1.0, -1.0], Activation::Relu).expect("a layer"),
        relu(array![[1.0], [1.0]]),
    ];
    let network = Network::new(Input::flat(1), layers).expect("a network");
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let found = explained(&plan, &[1.0]);
    assert_eq!(found.relevance[1], numbers("1 1"));
    let shares: Vec<_> = found
        .levels
        .into_iter()
        .map(|level| level.bias_share)
        .collect();
    assert_eq!(shares, [None, Some(number("1/2")), Some(number("0"))]);
}

#[test]
fn inputs_outside_of_their_bounds_are_counted_from_0_and_the_bounds_themselves_are_inside() {
    let input = Input {
        bounds: Some(Bounds::Same([-1.0, 2.0])),
        ..Input::flat(5)
    };
    let layers = vec![Layer::sum_pool(5, 5).expect("a pool")];
    let network = Network::new(input, layers).expect("a network");
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let found = explained(&plan, &[2.5, 2.0, -1.0, 0.0, -1.5]);
    assert_eq!(found.outside_bounds, [0, 4]);
    assert_eq!(explained(&plan, &[0.0; 5]).outside_bounds, [0; 0]);
}

#[test]
fn z_box_gives_the_fractions_of_the_distances_to_the_bounds() {
    // x = (2, 1) in [−1, 3]. Unit 1: q = 2 + 1, 1 + 1: 3/5, 2/5 of 3. Unit 2: q = 4 + 2, −1 + 3: 3/4, 1/4 of 3.
    let input = Input {
        bounds: Some(Bounds::Same([-1.0, 3.0])),
        ..Input::flat(2)
    };
    let layers = vec![
        relu(array![[1.0, 2.0], [1.0, -1.0]]),
        Layer::sum_pool(2, 2).expect("a pool"),
    ];
    let network = Network::new(input, layers).expect("a network");
    let plan = Plan::of(&network, Rule::ZBox).expect("defined");
    assert_eq!(
        explained(&plan, &[2.0, 1.0]).relevance[0],
        numbers("81/20 39/20")
    );
}

#[test]
fn contributions_that_cancel_are_lost_and_say_so() {
    // 1·2 + 2·(−1) is 0, and the unit fires on its bias of 3.
    let layer = Layer::dense(array![[2.0], [-1.0]], vec![3.0], Activation::Relu);
    let network = Network::new(Input::flat(2), vec![layer.expect("a layer")]).expect("a network");
    for (rule, lost) in [
        ("z", vec![Cause::Cancels]),
        ("gamma:0", vec![Cause::Cancels]),
        ("gamma:1", vec![]),
        ("alpha-beta:2,1", vec![]),
    ] {
        let rule: Rule = rule.parse().expect("a rule");
        let found = explained(&Plan::of(&network, rule).expect("defined"), &[1.0, 2.0]);
        let causes: Vec<Cause> = found.lost.iter().map(|lost| lost.cause).collect();
        assert_eq!(causes, lost, "{rule}");
        assert!(found.balance.holds, "{rule}");
    }
    // Without inputs the unit fires on its bias alone, and ε absorbs what it carries.
    for (rule, lost) in [
        ("z", vec![Cause::BiasAlone]),
        (
            "alpha-beta:2,1",
            vec![Cause::BiasAlone, Cause::NoOpposition],
        ),
        ("epsilon:0.25", vec![]),
    ] {
        let rule: Rule = rule.parse().expect("a rule");
        let found = explained(&Plan::of(&network, rule).expect("defined"), &[0.0, 0.0]);
        let causes: Vec<Cause> = found.lost.iter().map(|lost| lost.cause).collect();
        assert_eq!(causes, lost, "{rule}");
        assert!(found.balance.holds, "{rule}");
    }
}

#[test]
fn a_skip_connection_gives_the_fractions_of_each_rule_and_its_cuts_sum_to_f() {
    // x = (2, 1); level 1 is (2 + 1, 4 − 1) = (3, 3), level 2 (3 + 3, 6 + 3) = (6, 9), their sum (9, 12), f = 21.
    let flat = Shape::Flat(2);
    let layers = vec![
        relu(array![[1.0, 2.0], [1.0, -1.0]]),
        relu(array![[1.0, 2.0], [1.0, 1.0]]),
        Layer::add(&[flat; 2], Activation::Identity)
            .expect("one shape")
            .reading(&[2, 1]),
        Layer::sum_pool(2, 2).expect("a pool"),
    ];
    let network = Network::new(Input::flat(2), layers).expect("a network");
    for (rule, levels) in [
        // The addition hands (6, 9) to level 2 and (3, 3) to level 1, which gets besides 6·(1/2, 1/2) + 9·(4/5, 1/5).
        // Then 66/5·(1/2, 1/2) + 39/5·(4/5, 1/5).
        (Rule::WSquared, ["321/25 204/25", "66/5 39/5"]),
        // Beside (3, 3) it gets 6·(3/6, 3/6) + 9·(6/9, 3/9); then 12·(2/3, 1/3) + 9·(1, 0).
        (Rule::ZPlus, ["17 4", "12 9"]),
    ] {
        let found = explained(&Plan::of(&network, rule).expect("defined"), &[2.0, 1.0]);
        for (relevance, expected) in found.relevance.iter().zip(levels) {
            assert_eq!(*relevance, numbers(expected), "{rule}");
        }
        assert_eq!(
            found.relevance[2..],
            [numbers("6 9"), numbers("9 12"), numbers("21")]
        );
        // At level 2 the cut holds the 6 that went past it, too.
        assert!(found.levels.iter().all(|level| level.cut == number("21")));
        assert!(found.balance.holds);
    }
}

#[test]
fn a_signed_addition_without_support_loses_and_the_balance_names_it() {
    // x = (−1, 2), level 1 (0, 2), their sum (−1, 4), f = 3. Unit 0 of the sum has no input above 0: −1 is lost.
    let flat = Shape::Flat(2);
    let layers = vec![
        relu(array![[1.0, 0.0], [0.0, 1.0]]),
        Layer::add(&[flat; 2], Activation::Identity)
            .expect("one shape")
            .reading(&[1, 0]),
        Layer::sum_pool(2, 2).expect("a pool"),
    ];
    let network = Network::new(Input::flat(2), layers).expect("a network");
    let plan = Plan::of(&network, Preset::DeepTaylor).expect("defined");
    let found = explained(&plan, &[-1.0, 2.0]);
    assert_eq!(found.relevance[2], numbers("-1 4"));
    assert_eq!(found.relevance[0], numbers("0 4"));
    let lost: Vec<_> = found
        .lost
        .iter()
        .map(|lost| (lost.layer, lost.unit, &lost.relevance))
        .collect();
    assert_eq!(lost, [(2, 0, &number("-1"))]);
    assert!(found.balance.holds);
    assert_eq!(
        [
            &found.balance.value,
            &found.balance.input,
            &found.balance.lost
        ],
        [&number("3"), &number("4"), &number("-1")]
    );
}

#[test]
fn an_average_is_exactly_a_third_and_a_max_pool_hands_all_to_its_winner() {
    let row = Window {
        kernel: [1, 3],
        ..window(1, 0)
    };
    let average = Pool2d::average([1, 1, 4], row, false).expect("a pool");
    let pair = Window {
        kernel: [1, 2],
        ..row
    };
    let largest = MaxPool2d::new([1, 1, 2], pair).expect("a pool");
    let layers = vec![
        image(Linear::Pool2d(average), [1, 1, 2], Activation::Identity),
        image(Linear::MaxPool2d(largest), [1, 1, 1], Activation::Identity),
    ];
    let network = Network::new(picture([1, 1, 4]), layers).expect("a network");
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    // (1 + 0 + 4)/3 = 5/3 and (0 + 4 + 0)/3 = 4/3: the first is the largest, and its inputs share 5/3 as 1 : 0 : 4.
    let found = explained(&plan, &[1.0, 0.0, 4.0, 0.0]);
    assert_eq!(found.activations[1], numbers("5/3 4/3"));
    assert_eq!(found.relevance[1], numbers("5/3 0"));
    assert_eq!(found.relevance[0], numbers("1/3 0 4/3 0"));
    // Its expansion is that of the winner: the root is 0, the one term all of 5/3.
    let exact = ExactNetwork::from(network.clone());
    let unit = exact::expand(&exact, &found, 2, 0, Rule::Largest, RuleBias::Drop)
        .expect("a root")
        .expansion;
    assert_eq!((unit.from, unit.inputs), (vec![1], vec![0]));
    assert_eq!((unit.root, unit.terms), (numbers("0"), numbers("5/3")));
}

#[test]
fn a_relu6_unit_above_6_has_no_root() {
    let layer = Layer::dense(array![[1.0]], Vec::new(), Activation::Relu6).expect("a layer");
    let network = Network::new(Input::flat(1), vec![layer]).expect("a network");
    let (exact, plan) = (
        ExactNetwork::from(network.clone()),
        Plan::of(&network, Rule::WSquared).expect("defined"),
    );
    let root = |x: f64| {
        let found = explained(&plan, &[x]);
        exact::expand(&exact, &found, 1, 0, Rule::WSquared, RuleBias::Drop)
            .map(|found| found.expansion.root)
    };
    assert_eq!(root(6.0), Ok(numbers("0")));
    assert_eq!(root(6.5), Err(NoRoot::Saturated));
}

#[test]
fn what_a_max_pool_carries_is_lost_where_a_constant_is_its_largest_value() {
    // (0, −1), the 0 a constant: the largest is 0 and no input's. w² hands the 2 of the unit above to it all the same.
    let pair = Window {
        kernel: [1, 2],
        ..window(1, 0)
    };
    let gather = Gather::new(1, vec![None, Some(0)]).expect("an input");
    let largest = MaxPool2d::new([1, 1, 2], pair).expect("a pool");
    let layers = vec![
        image(Linear::Gather(gather), [1, 1, 2], Activation::Identity),
        image(Linear::MaxPool2d(largest), [1, 1, 1], Activation::Identity),
        Layer::dense(array![[1.0]], vec![2.0], Activation::Relu).expect("a layer"),
    ];
    let network = Network::new(Input::flat(1), layers).expect("a network");
    let plan = Plan::of(&network, Rule::WSquared).expect("defined");
    let found = explained(&plan, &[-1.0]);
    let lost = (found.lost.iter()).map(|lost| (lost.layer, &lost.relevance, lost.cause));
    let lost: Vec<_> = lost.collect();
    assert_eq!(lost, [(2, &number("2"), Cause::ConstantLargest)]);
    assert_eq!(explained(&plan, &[0.0]).relevance[0], numbers("2"));
    assert!(found.balance.holds);
}

/// A random graph, explained by f64 and in fractions.
struct Case {
    network: Network,
    x: Vec<f64>,
    random: Random,
}

impl Case {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed + 1);
        let network = network(&mut random);
        let x = sample(&network, &mut random);
        Self { network, x, random }
    }

    fn exact(&self, plan: &Plan) -> (ExactNetwork, exact::Exact) {
        let exact = ExactNetwork::from(self.network.clone());
        let found = exact::explain(&exact, plan, &fractions(&self.x), Target::All);
        (exact, found)
    }

    fn rows(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((1, self.x.len()), &self.x).expect("a row")
    }
}

#[test]
fn in_fractions_the_balance_is_an_equality_and_every_cut_is_f_but_for_what_is_lost_and_absorbed() {
    let (mut kinds, mut whole) = (BTreeSet::new(), 0);
    for seed in 0..GRAPHS {
        let mut case = Case::new(seed);
        let plan = plan(&case.network, &mut case.random);
        let (_, found) = case.exact(&plan);
        assert!(found.balance.holds, "graph {seed}: {:?}", found.balance);
        assert_eq!(
            found.value,
            total(&found.relevance[0])
                + &found.balance.lost
                + &found.balance.absorbed_by_bias
                + &found.balance.absorbed_by_epsilon
        );
        for (level, audit) in found.levels.iter().enumerate() {
            let above = found.lost.iter().filter(|lost| lost.layer > level);
            let lost = total(above.map(|lost| &lost.relevance));
            let above = found.absorbed.iter().filter(|part| part.layer > level);
            let absorbed = total(above.flat_map(|part| [&part.by_bias, &part.by_epsilon]));
            assert_eq!(
                &audit.cut + lost + absorbed,
                found.value,
                "graph {seed}, level {level}"
            );
        }
        whole += usize::from(found.lost.is_empty() && found.value != Number::ZERO);
        kinds.extend(
            case.network
                .layers()
                .iter()
                .map(|layer| layer.kind().name()),
        );
    }
    assert_eq!(kinds.len(), Kind::ALL.len(), "{kinds:?}");
    assert!(whole > 50, "{whole} graphs lose nothing");
}

#[test]
fn over_random_graphs_f64_and_fractions_agree_to_1e_13() {
    let mut rounded = 0;
    for seed in 0..GRAPHS {
        let mut case = Case::new(seed);
        let plan = plan(&case.network, &mut case.random);
        let (_, exact) = case.exact(&plan);
        let mut explainer = Explainer::new(&plan);
        let batch = explainer
            .explain(case.rows(), &Target::All)
            .expect("finite values");
        let (audit, decimal) = (&batch.audits()[0], |x: &Number| x.to_f64().value());
        let size = |level: &Vec<Number>| level.iter().map(|r| decimal(r).abs()).sum::<f64>();
        let largest = exact.relevance.iter().map(size).fold(0.0, f64::max);
        let near =
            |found: f64, expected: &Number| (found - decimal(expected)).abs() <= 1e-13 * largest;
        for (level, (x, r)) in exact.activations.iter().zip(&exact.relevance).enumerate() {
            for (found, x) in batch.activations(level).iter().zip(x) {
                assert_eq!(*found, decimal(x), "graph {seed}, level {level}");
            }
            for (found, r) in batch.relevance(level).iter().zip(r) {
                assert!(near(*found, r), "graph {seed}, level {level}: {found}, {r}");
                rounded += usize::from(*found != decimal(r));
            }
            let gap = &exact.levels[level].cut - &exact.value;
            let gap = if gap < Number::ZERO { -gap } else { gap };
            assert!(
                near(audit.levels[level].gap, &gap),
                "graph {seed}, level {level}"
            );
            let shares = audit.silent.iter().find(|silent| silent.layer == level);
            let shares = shares.map_or(0, |silent| silent.equal_shares);
            assert_eq!(
                shares, exact.levels[level].equal_shares,
                "graph {seed}, level {level}"
            );
        }
        let lost: Vec<_> = audit
            .lost
            .iter()
            .map(|lost| (lost.layer, lost.unit, batch.cause(lost)))
            .collect();
        let expected: Vec<_> = exact
            .lost
            .iter()
            .map(|lost| (lost.layer, lost.unit, lost.cause))
            .collect();
        assert_eq!(lost, expected, "graph {seed}");
    }
    assert!(rounded > 0, "f64 does round");
}

#[test]
fn over_random_graphs_the_terms_of_expansions_are_the_messages_of_rules() {
    let mut kinds = BTreeSet::new();
    for seed in 0..GRAPHS {
        let mut case = Case::new(seed);
        let plan = plan(&case.network, &mut case.random);
        let (exact, found) = case.exact(&plan);
        let mut explainer = Explainer::new(&plan).with_expansion();
        let batch = explainer
            .explain(case.rows(), &Target::All)
            .expect("finite values");
        let figures = &batch.expansions().expect("they were asked for")[0];
        let expander = Expander::new(&case.network);
        for (level, layer) in case.network.by_level() {
            let values = |from: usize| batch.activations(from).row(0).to_vec();
            let read: Vec<Vec<f64>> = layer.sources().map(values).collect();
            let x: Vec<&[f64]> = read.iter().map(Vec::as_slice).collect();
            let magnitude: f64 = batch.relevance(level).iter().map(|r| r.abs()).sum();
            assert!(
                figures[level - 1].largest_difference <= 1e-11 * magnitude,
                "graph {seed}, level {level}"
            );
            for unit in 0..layer.units() {
                let relevance = batch.relevance(level)[[0, unit]];
                if found.relevance[level][unit] == Number::ZERO || relevance == 0.0 {
                    continue;
                }
                let (rule, domain) = (plan.rule(level), plan.domain(level));
                let slow = exact::expand(&exact, &found, level, unit, rule, RuleBias::Drop);
                let fast = expander.expand(
                    Unit {
                        layer: level,
                        unit,
                        x: &x,
                        relevance,
                    },
                    rule,
                    domain,
                );
                let (slow, fast) = match (slow, fast) {
                    (Ok(slow), Ok(fast)) => (slow, fast),
                    (slow, fast) => {
                        assert_eq!(
                            slow.err(),
                            fast.err(),
                            "graph {seed}, level {level}, unit {unit}"
                        );
                        continue;
                    }
                };
                assert_eq!(
                    slow.largest_difference,
                    Number::ZERO,
                    "graph {seed}, level {level}"
                );
                let slow = slow.expansion;
                assert_eq!(slow.sum, found.relevance[level][unit]);
                assert_eq!(slow.pre_activation_at_root, Number::ZERO);
                assert_eq!(
                    (&slow.from, &slow.inputs, slow.outside),
                    (&fast.from, &fast.inputs, fast.outside)
                );
                for (slow, fast) in slow.terms.iter().zip(&fast.terms) {
                    assert!((slow.to_f64().value() - fast).abs() <= 1e-11 * magnitude);
                }
                kinds.insert(layer.kind().name());
            }
        }
    }
    assert_eq!(kinds.len(), Kind::ALL.len(), "{kinds:?}");
}

#[test]
fn the_function_of_a_graph_of_relu_layers_is_followed_and_others_are_refused_by_name() {
    let limit = Limit {
        pieces: 10_000,
        until: None,
    };
    let (mut followed, mut refused) = (0, 0);
    for seed in 0..GRAPHS {
        let case = Case::new(seed);
        let exact = ExactNetwork::from(case.network.clone());
        let turns_elsewhere = |layer: &Layer| {
            layer.role() == Role::Maximum || layer.activation() == Activation::Relu6
        };
        let first = case
            .network
            .by_level()
            .find(|(_, layer)| turns_elsewhere(layer));
        let slow = exact::expand_function(
            &exact,
            &fractions(&case.x),
            Some(0).into(),
            &ExactToward::Nearest,
            limit,
        );
        let fast = expand_function(
            &case.network,
            &case.x,
            Some(0).into(),
            &Toward::Nearest,
            limit,
        );
        if let Some((level, layer)) = first {
            for stopped in [slow.err(), fast.err()] {
                let Some(Stopped::Layer(invalid)) = stopped else {
                    panic!("graph {seed}: {stopped:?}");
                };
                let name = format!("layer {level} ({}", layer.kind());
                assert!(invalid.path.starts_with(&name), "{invalid}");
            }
            refused += 1;
            continue;
        }
        let (slow, fast) = (slow.expect("few pieces"), fast.expect("finite values"));
        assert_eq!(
            slow.value,
            &slow.value_at_root + total(&slow.terms) + &slow.remainder
        );
        assert_eq!(
            slow.found,
            slow.value_at_root == Number::ZERO,
            "graph {seed}"
        );
        assert_eq!(fast.value, slow.value.to_f64().value(), "graph {seed}");
        if fast.found && slow.found && fast.pieces == slow.pieces {
            for (fast, slow) in fast.root.iter().zip(&slow.root) {
                assert!((fast - slow.to_f64().value()).abs() <= 1e-9, "graph {seed}");
            }
            followed += usize::from(slow.pieces > 0);
        }
    }
    assert!(
        followed > 10 && refused > 50,
        "{followed} followed, {refused} refused"
    );
}

#[test]
fn a_layer_that_cannot_be_followed_is_named_with_what_to_do() {
    let pool = MaxPool2d::new(
        [1, 1, 2],
        Window {
            kernel: [1, 2],
            ..window(1, 0)
        },
    );
    let pool = image(
        Linear::MaxPool2d(pool.expect("a pool")),
        [1, 1, 1],
        Activation::Identity,
    );
    let saturating = Layer::dense(array![[1.0], [1.0]], Vec::new(), Activation::Relu6);
    for (layer, named, why) in [
        (
            pool.named("m"),
            "layer 1 (max_pool2d `m`): ",
            "whose winners change along a line",
        ),
        (
            saturating.expect("a layer"),
            "layer 1 (dense, relu6): ",
            "which turns at 6 as well as at 0",
        ),
    ] {
        let network = Network::new(picture([1, 1, 2]), vec![layer]).expect("a network");
        let limit = Limit {
            pieces: 1,
            until: None,
        };
        let stopped = expand_function(&network, &[1.0, 2.0], None.into(), &Toward::Nearest, limit);
        let Err(Stopped::Layer(invalid)) = stopped else {
            panic!("{stopped:?}");
        };
        let told = invalid.to_string();
        assert!(told.starts_with(named) && told.contains(why), "{told}");
        assert!(told.ends_with("help: use taylor without --at, which expands layer by layer and takes every network"), "{told}");
    }
}

/// The expansions of a sample, in f64 and in fractions.
fn taylors(case: &Case, plan: &Plan) -> [Taylor; 2] {
    let (network, shown) = (&case.network, ChosenUnits::default());
    let (file, found) = case.exact(plan);
    let mut explainer = Explainer::new(plan).with_expansion();
    let batch = explainer
        .explain(case.rows(), &Target::All)
        .expect("finite values");
    [
        Taylor::new(network, plan, &batch, shown).interpreted(),
        Taylor::exact(network, plan, (&file, &found), shown).interpreted(),
    ]
}

#[test]
fn the_expansions_of_graphs_are_read_back_and_shown() {
    for seed in 0..GRAPHS / 4 {
        let mut case = Case::new(seed);
        let plan = plan(&case.network, &mut case.random);
        let [fast, slow] = taylors(&case, &plan);
        assert_eq!(fast.units.len(), slow.units.len(), "graph {seed}");
        for (fast, slow) in fast.units.iter().zip(&slow.units) {
            assert_eq!((&fast.from, &fast.inputs), (&slow.from, &slow.inputs));
            assert_eq!(fast.x.len(), slow.x.len(), "graph {seed}");
        }
        for taylor in [fast, slow] {
            let [markdown, text] = assert_comes_back(AnyResult::Taylor(taylor));
            assert_finite(&markdown);
            assert_finite(&text);
        }
        let (_, found) = case.exact(&plan);
        let info = NetworkInfo::new(&case.network, &plan);
        let mut explanation = ExactExplanation::new(&case.network, &plan);
        explanation.push(ExactSample::exact(&info, &plan, &found, None).interpreted(&info));
        assert_comes_back(AnyResult::Exact(explanation));
    }
}

#[test]
fn a_unit_names_its_inputs_where_they_are_not_all_units_of_the_level_before() {
    // The corner of a picture sees 4 of 9 values; the pool above sees all of its level.
    let case = Case {
        network: cross(),
        x: vec![1.0; 9],
        random: Random::new(0),
    };
    let plan = Plan::of(&case.network, Rule::WSquared).expect("defined");
    for taylor in taylors(&case, &plan) {
        let [pool, corner] = [&taylor.units[0], &taylor.units[1]];
        assert!(pool.from.is_empty() && pool.inputs.is_empty());
        assert_eq!(pool.terms.len(), 9);
        assert_eq!((corner.layer, corner.unit), (1, 0));
        assert_eq!(
            (&corner.from[..], &corner.inputs[..]),
            (&[0; 4][..], &[0, 1, 3, 4][..])
        );
        // z = 2 + 1 + 1 = 4 along v = w = (2, 1, 1, 0): terms 4·4/6, 4·1/6, 4·1/6, 0.
        let terms: Vec<f64> = corner.terms.iter().map(|term| term.decimal).collect();
        let expected = [8.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 0.0];
        assert!(
            terms
                .iter()
                .zip(expected)
                .all(|(found, expected)| (found - expected).abs() < 1e-15)
        );
        let json = serde_json::to_value(pool).expect("JSON");
        assert!(json.get("from").is_none() && json.get("inputs").is_none());
    }
}

#[test]
fn numbers_of_a_file_are_the_decimals_that_are_written_whatever_layer_they_are_of() {
    // 0.1 · 0.5 + 0.2 = 1/4; the nearest numbers of f64 give a little more.
    for layer in [
        r#""type": "dense", "weights": [[0.1]]"#,
        r#""type": "conv2d", "weights": [[[[0.1]]]]"#,
        r#""type": "scale", "weights": [0.1]"#,
    ] {
        let text = format!(
            r#"{{ "input": {{ "shape": [1, 1, 1] }}, "layers": [{{ {layer}, "bias": [0.2] }}] }}"#
        );
        let network: Network = text.parse().expect("a network");
        let plan = Plan::of(&network, Rule::WSquared).expect("defined");
        let file = ExactNetwork::parse(text.as_bytes()).expect("decimals");
        let found = exact::explain(&file, &plan, &fractions(&[0.5]), Target::Max);
        assert_eq!(found.value, number("1/4"), "{layer}");
    }
}

#[test]
fn bounds_of_a_file_are_the_decimals_that_are_written_however_they_are_listed() {
    // q = (x + 1/10, x + 1/10, 1/5 + d − x, x) where each channel has its own, of z = 1/2; d = 1e-20, of which f64 knows nothing.
    let own = numbers(
        "20000000000000000000/180000000000000000002 40000000000000000000/180000000000000000002 \
         10000000000000000001/180000000000000000002 20000000000000000000/180000000000000000002",
    );
    // q = (x + 1/10, x + 1/10, 3/10 + d − x, x + 1/10) where all are from −1/10 to 3/10 + d.
    let same = numbers(
        "20000000000000000000/220000000000000000002 40000000000000000000/220000000000000000002 \
         20000000000000000001/220000000000000000002 30000000000000000000/220000000000000000002",
    );
    // q = (x + 1/10, x, 3/10 + d − x, x) where the channels take turns.
    let turns = numbers(
        "20000000000000000000/180000000000000000002 30000000000000000000/180000000000000000002 \
         20000000000000000001/180000000000000000002 20000000000000000000/180000000000000000002",
    );
    for (shape, bounds, expected) in [
        (
            r#"[2, 1, 2], "order": "hwc""#,
            "[[-0.1, 0.30000000000000000001], [0, 0.3]]",
            &turns,
        ),
        (
            "[2, 1, 2]",
            "[[-0.1, 0.3], [0, 0.20000000000000000001]]",
            &own,
        ),
        (
            "[4]",
            "[[-0.1, -0.1, 0, 0], [0.3, 0.3, 0.20000000000000000001, 0.2]]",
            &own,
        ),
        ("[4]", "[-0.1, 0.30000000000000000001]", &same),
    ] {
        let text = format!(
            r#"{{ "input": {{ "shape": {shape}, "bounds": {bounds} }}, "layers": [
                {{ "type": "dense", "weights": [[1], [1], [-1], [1]] }}] }}"#
        );
        let network: Network = text.parse().expect("a network");
        let plan = Plan::of(&network, Rule::ZBox).expect("defined");
        let file = ExactNetwork::parse(text.as_bytes()).expect("decimals");
        let x = fractions(&[0.1, 0.3, 0.1, 0.2]);
        let found = exact::explain(&file, &plan, &x, Target::Max);
        assert_eq!(&found.relevance[0], expected, "{bounds}");
    }
}
