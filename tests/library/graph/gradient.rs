//! Gradient methods, held against difference quotients, against fractions worked by hand, and against integrals that are known.

use approx::assert_relative_eq;
use deeptaylor::relevance::{Completeness, Gradient, GradientExplainer};
use deeptaylor::{Error, Network, Target};
use ndarray::{Array2, ArrayView2, s};

use super::plain::{Function, Graph, Map, Node, Whole};
use super::random::case;
use super::wide;

/// So many random graphs.
const CASES: u64 = 400;

/// The relevance of the inputs of one sample, and its completeness.
fn explain(
    network: &Network,
    method: Gradient,
    x: &[f64],
    target: Target,
) -> (Vec<f64>, Completeness) {
    let explainer = GradientExplainer::new(network, method);
    of(&mut explainer.expect("finite at 0"), x, target)
}

fn of(explainer: &mut GradientExplainer, x: &[f64], target: Target) -> (Vec<f64>, Completeness) {
    let x = ArrayView2::from_shape((1, x.len()), x).expect("a row");
    let batch = explainer
        .explain_each(x, &[target], &[0])
        .expect("finite values");
    (batch.relevance().row(0).to_vec(), batch.completeness()[0])
}

/// Where a network of plain numbers stands: the activations of every level, and between which kinks.
fn stand(wholes: &[Whole], x: &[f64]) -> (Vec<Vec<f64>>, Vec<i64>) {
    let (mut levels, mut piece) = (vec![x.to_vec()], Vec::new());
    for whole in wholes {
        let x = whole.values(&levels);
        let mut made = Vec::new();
        for j in 0..whole.bias.len() {
            let [z, _] = whole.weigh(&x, j);
            if whole.largest {
                let seen = (0..x.len()).filter(|&i| whole.weights[i][j].is_some());
                let most = seen.clone().map(|i| x[i]).fold(f64::NEG_INFINITY, f64::max);
                piece.extend(
                    seen.filter(|&i| x[i] == most)
                        .map(|i| i64::try_from(i).expect("small")),
                );
            }
            piece.push(match whole.activation {
                Function::Identity => 0,
                Function::Relu => sign(z),
                Function::Relu6 => sign(z) + 10 * sign(z - 6.0),
            });
            made.push(whole.activation.of(z));
        }
        levels.push(made);
    }
    (levels, piece)
}

fn sign(x: f64) -> i64 {
    i64::from(x > 0.0) - i64::from(x < 0.0)
}

#[test]
fn the_gradient_of_random_graphs_is_the_difference_quotient_away_from_kinks() {
    let mut compared = 0;
    for number in 0..CASES {
        let case = case(number);
        let (network, wholes) = (case.graph.network(), case.graph.wholes());
        let target = case.target();
        let f = |levels: &[Vec<f64>]| {
            let outputs = &levels[levels.len() - 1];
            case.target
                .map_or_else(|| outputs.iter().sum(), |k| outputs[k])
        };
        for x in &case.samples {
            let (levels, here) = stand(&wholes, x);
            let size = x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            if size == 0.0 {
                continue;
            }
            let h = size / 1024.0;
            let (gradient, completeness) = explain(&network, Gradient::Plain, x, target);
            let (times_input, _) = explain(&network, Gradient::TimesInput, x, target);
            assert_relative_eq!(completeness.value, f(&levels), max_relative = 1e-9);
            let largest = levels
                .iter()
                .flatten()
                .fold(0.0, |most: f64, x| most.max(x.abs()));
            for (i, &found) in gradient.iter().enumerate() {
                assert_eq!(times_input[i], x[i] * found, "case {number}");
                let at = |h: f64| {
                    let mut nudged = x.clone();
                    nudged[i] += h;
                    stand(&wholes, &nudged)
                };
                let (above, below) = (at(h), at(-h));
                if above.1 != here || below.1 != here {
                    continue;
                }
                let quotient = (f(&above.0) - f(&below.0)) / (2.0 * h);
                let rounding = 1e-13 * largest / h;
                assert!(
                    (found - quotient).abs() <= rounding + 1e-10 * quotient.abs(),
                    "case {number}, input {i}: {found}, not {quotient}"
                );
                compared += usize::from(quotient != 0.0);
            }
        }
    }
    assert!(compared > 500, "{compared} derivatives other than 0");
}

fn node(map: Map, from: &[usize], bias: &[f64], activation: Function) -> Node {
    Node {
        map,
        from: from.to_vec(),
        bias: bias.to_vec(),
        activation,
    }
}

fn dense(weights: &[&[f64]]) -> Map {
    Map::Dense {
        weights: weights.iter().map(|row| row.to_vec()).collect(),
    }
}

/// `f = 3/4 · max(0, x_1 − 2 x_2 + 1/2) − 1/2 · max(0, −x_1 + x_2)`, with or without the bias.
fn two_units(bias: f64) -> Network {
    let graph = Graph {
        shape: vec![2],
        bounds: None,
        nodes: vec![
            node(
                dense(&[&[1.0, -1.0], &[-2.0, 1.0]]),
                &[0],
                &[bias, 0.0],
                Function::Relu,
            ),
            node(dense(&[&[0.75], &[-0.5]]), &[1], &[], Function::Identity),
        ],
    };
    graph.network()
}

#[test]
fn gradient_and_gradient_x_input_are_the_fractions_worked_by_hand() {
    // x = (2, 1/4): z = (2, −7/4), so that only the first unit fires; f = 3/4 · 2 = 3/2, ∂f = (3/4, −3/2).
    let (gradient, of_gradient) = explain(
        &two_units(0.5),
        Gradient::Plain,
        &[2.0, 0.25],
        Target::Output(0),
    );
    assert_eq!(gradient, [0.75, -1.5]);
    // f(0) = 3/8; x_i ∂f = (3/2, −3/8), whose sum is 9/8 = f(x) − f(0): the unit fires on the whole way.
    assert_eq!((of_gradient.value, of_gradient.baseline), (1.5, 0.375));
    assert_eq!((of_gradient.sum, of_gradient.gap), (-0.75, 1.875));
    assert!(!of_gradient.holds && !of_gradient.promised);
    let (times, complete) = explain(
        &two_units(0.5),
        Gradient::TimesInput,
        &[2.0, 0.25],
        Target::Max,
    );
    assert_eq!(times, [1.5, -0.375]);
    assert_eq!((complete.sum, complete.gap), (1.125, 0.0));
    assert!(complete.holds && !complete.promised, "a bias is there");
    // x = (0, 1): z = (−3/2, 1), f = −1/2, ∂f = (1/2, −1/2): sum −1/2, and f(x) − f(0) = −7/8.
    let (times, complete) = explain(
        &two_units(0.5),
        Gradient::TimesInput,
        &[0.0, 1.0],
        Target::Max,
    );
    assert_eq!(times, [0.0, -0.5]);
    assert_eq!((complete.sum, complete.gap), (-0.5, 0.375));
    assert!(!complete.holds && !complete.promised);
    // Without biases f grows in proportion to x.
    let (times, complete) = explain(
        &two_units(0.0),
        Gradient::TimesInput,
        &[0.0, 1.0],
        Target::Max,
    );
    assert_eq!((times, complete.gap), (vec![0.0, -0.5], 0.0));
    assert!(complete.holds && complete.promised);
}

#[test]
fn at_a_kink_the_derivative_is_the_one_that_is_documented() {
    let relu6 = |x: f64| {
        let nodes = vec![node(dense(&[&[1.0]]), &[0], &[], Function::Relu6)];
        let graph = Graph {
            shape: vec![1],
            bounds: None,
            nodes,
        };
        explain(&graph.network(), Gradient::Plain, &[x], Target::Max).0[0]
    };
    assert_eq!(
        [-1.0, 0.0, 3.0, 6.0, 7.0].map(relu6),
        [0.0, 0.0, 1.0, 0.0, 0.0]
    );
    let (tied, _) = explain(&two_units(0.0), Gradient::Plain, &[0.0, 0.0], Target::Max);
    assert_eq!(tied, [0.0, 0.0], "both units are at 0");
    let window = super::plain::Window {
        kernel: [1, 2],
        stride: [1, 2],
        dilation: [1, 1],
        padding: [0; 4],
    };
    let graph = Graph {
        shape: vec![1, 1, 2],
        bounds: None,
        nodes: vec![node(
            Map::MaxPool2d { window },
            &[0],
            &[],
            Function::Identity,
        )],
    };
    let (tied, _) = explain(&graph.network(), Gradient::Plain, &[0.5, 0.5], Target::Max);
    assert_eq!(tied, [1.0, 0.0], "the first of the largest");
}

#[test]
fn all_outputs_together_have_the_sum_of_their_gradients() {
    let weights = dense(&[&[1.0, -3.0], &[0.5, 0.25]]);
    let graph = Graph {
        shape: vec![2],
        bounds: None,
        nodes: vec![node(weights, &[0], &[0.5, 1.0], Function::Identity)],
    };
    let network = graph.network();
    let (all, completeness) = explain(&network, Gradient::Plain, &[1.0, 2.0], Target::All);
    assert_eq!(all, [-2.0, 0.75]);
    assert_eq!((completeness.value, completeness.baseline), (1.0, 1.5));
    let (largest, completeness) = explain(&network, Gradient::Plain, &[1.0, 2.0], Target::Max);
    assert_eq!(
        largest,
        [1.0, 0.5],
        "of the output that is the largest at x"
    );
    assert_eq!((completeness.value, completeness.baseline), (2.5, 0.5));
}

/// `f = Σ_j a_j max(0, Σ_i x_i w_ij + b_j)` of five inputs and seven units, and a sample and a baseline.
struct OneLayer {
    weights: Vec<Vec<f64>>,
    bias: Vec<f64>,
    of_unit: Vec<f64>,
    x: Vec<f64>,
    baseline: Vec<f64>,
}

impl OneLayer {
    fn new(number: usize) -> Self {
        let mut at = number * 101;
        let mut next = || {
            at += 1;
            (at as f64 * 12.989_8).sin() * 1.5
        };
        let mut some = |n: usize| (0..n).map(|_| next()).collect::<Vec<f64>>();
        Self {
            weights: (0..5).map(|_| some(7)).collect(),
            bias: some(7),
            of_unit: some(7),
            x: some(5),
            baseline: some(5),
        }
    }

    fn network(&self) -> Network {
        let weights = self.weights.clone();
        let above = self.of_unit.iter().map(|a| vec![*a]).collect();
        let graph = Graph {
            shape: vec![5],
            bounds: None,
            nodes: vec![
                node(Map::Dense { weights }, &[0], &self.bias, Function::Relu),
                node(Map::Dense { weights: above }, &[1], &[], Function::Identity),
            ],
        };
        graph.network()
    }

    /// The pre-activation of a unit.
    fn z(&self, x: &[f64], j: usize) -> f64 {
        let inputs = x.iter().zip(&self.weights);
        inputs.map(|(x, w)| x * w[j]).sum::<f64>() + self.bias[j]
    }

    /// The integral over the line from the baseline: a unit counts for the part of the line on which it fires.
    fn integral(&self, i: usize) -> f64 {
        let fires = |j: usize| {
            let (from, to) = (self.z(&self.baseline, j), self.z(&self.x, j));
            match (from > 0.0, to > 0.0) {
                (true, true) => 1.0,
                (false, false) => 0.0,
                (false, true) => to / (to - from),
                (true, false) => from / (from - to),
            }
        };
        let units = (0..7).map(|j| self.of_unit[j] * self.weights[i][j] * fires(j));
        (self.x[i] - self.baseline[i]) * units.sum::<f64>()
    }

    /// By how much the derivative by an input changes on the line at the most.
    fn change(&self, i: usize) -> f64 {
        let turns = |j: &usize| (self.z(&self.baseline, *j) > 0.0) != (self.z(&self.x, *j) > 0.0);
        let units = (0..7).filter(turns);
        units
            .map(|j| (self.of_unit[j] * self.weights[i][j]).abs())
            .sum()
    }
}

#[test]
fn integrated_gradients_are_off_by_half_a_step_times_the_change_of_the_derivative_at_the_most() {
    let mut gaps = [0.0; 3];
    for number in 0..60 {
        let one = OneLayer::new(number);
        let network = one.network();
        for (steps, gap) in [4, 40, 400].into_iter().zip(&mut gaps) {
            let explainer = GradientExplainer::new(&network, Gradient::Integrated { steps });
            let explainer = explainer.and_then(|it| it.with_baseline(one.baseline.clone()));
            let (found, complete) = of(&mut explainer.expect("finite"), &one.x, Target::Max);
            for (i, found) in found.iter().enumerate() {
                let length = (one.x[i] - one.baseline[i]).abs();
                let allowed = length * one.change(i) / (2.0 * steps as f64) + 1e-12;
                let off = (found - one.integral(i)).abs();
                assert!(
                    off <= allowed,
                    "network {number}, {steps} steps, input {i}: {off}"
                );
            }
            let of_line = [&one.x, &one.baseline].map(|x| {
                let units = (0..7).map(|j| one.of_unit[j] * one.z(x, j).max(0.0));
                units.sum::<f64>()
            });
            assert_relative_eq!(complete.value, of_line[0], max_relative = 1e-12);
            assert_relative_eq!(complete.baseline, of_line[1], max_relative = 1e-12);
            *gap += complete.gap;
        }
    }
    assert!(
        gaps[0] > 5.0 * gaps[1] && gaps[1] > 5.0 * gaps[2],
        "{gaps:?}"
    );
}

#[test]
fn integrated_gradients_of_one_relu_are_the_parts_of_the_line_worked_by_hand() {
    // f = max(0, x − 1) at 3: from 0 on, two thirds of the line have the derivative 1, so that R = 3 · 2/3 = f(3).
    let nodes = vec![node(dense(&[&[1.0]]), &[0], &[-1.0], Function::Relu)];
    let graph = Graph {
        shape: vec![1],
        bounds: None,
        nodes,
    };
    let network = graph.network();
    let by = |steps| {
        explain(
            &network,
            Gradient::Integrated { steps },
            &[3.0],
            Target::Max,
        )
    };
    // The middles of three parts are 1/2, 3/2 and 5/2, of two 3/4 and 9/4, of one 3/2.
    let (found, complete) = by(3);
    assert_relative_eq!(found[0], 2.0, max_relative = 1e-15);
    assert!(complete.holds && complete.promised && complete.gap < 1e-15);
    let (found, complete) = by(2);
    assert_eq!((found, complete.sum, complete.gap), (vec![1.5], 1.5, 0.5));
    assert!(!complete.holds && complete.promised);
    let (found, complete) = by(1);
    assert_eq!((found, complete.gap), (vec![3.0], 1.0));
    // 5 % of f(x) − f(0) = 2 may be missing: of 10 parts the middle of the fourth lies above the kink, so that 7 count.
    let (found, complete) = by(10);
    assert_relative_eq!(found[0], 2.1, max_relative = 1e-15);
    assert_relative_eq!(complete.gap, 0.1, max_relative = 1e-12);
    // Of 16 parts the middle of the sixth, 11/32, lies above 1/3, and 11 count: 3 · 11/16 is 1/16 too much.
    let (found, complete) = by(16);
    assert_eq!(
        (found, complete.gap, complete.holds),
        (vec![2.0625], 0.0625, true)
    );
    // Of 7 parts the middle of the third, 5/14, lies above it, and 5 count: 1/7 too much, more than 1/10.
    assert!(!by(7).1.holds);
}

#[test]
fn the_tolerance_is_a_part_of_the_difference_of_f_and_not_of_parts_that_cancel() {
    // f = 100 max(0, x_1 − 1) − 99 max(0, x_2) at (3, 2), where it is 200 − 198.
    let graph = Graph {
        shape: vec![2],
        bounds: None,
        nodes: vec![
            node(
                dense(&[&[1.0, 0.0], &[0.0, 1.0]]),
                &[0],
                &[-1.0, 0.0],
                Function::Relu,
            ),
            node(dense(&[&[100.0], &[-99.0]]), &[1], &[], Function::Identity),
        ],
    };
    let network = graph.network();
    let by = Gradient::Integrated { steps: 16 };
    let (found, complete) = explain(&network, by, &[3.0, 2.0], Target::Max);
    // 100 · 3 · 11/16 is 6 1/4 too much: little beside 404 1/4, the parts in size, and much beside 2.
    assert_eq!((found, complete.gap), (vec![206.25, -198.0], 6.25));
    assert!(!complete.holds && complete.promised);
    assert_eq!((complete.tolerance, complete.rounding), (0.05, 1e-9));
}

#[test]
fn integrated_gradients_are_exact_in_one_step_where_f_is_linear_and_along_rays_without_biases() {
    let linear = Graph {
        shape: vec![2],
        bounds: None,
        nodes: vec![node(
            dense(&[&[1.5], &[-2.0]]),
            &[0],
            &[0.25],
            Function::Identity,
        )],
    };
    let once = Gradient::Integrated { steps: 1 };
    let (found, complete) = explain(&linear.network(), once, &[2.0, -1.0], Target::Max);
    assert_eq!((found, complete.gap), (vec![3.0, 2.0], 0.0));
    let from = GradientExplainer::new(&linear.network(), once)
        .expect("finite")
        .baseline()
        .to_vec();
    assert_eq!(from, [0.0, 0.0]);
    let network = linear.network();
    let explainer =
        GradientExplainer::new(&network, once).and_then(|it| it.with_baseline(vec![1.0, 1.0]));
    let (found, complete) = of(&mut explainer.expect("finite"), &[2.0, -1.0], Target::Max);
    assert_eq!(
        (found, complete.baseline, complete.gap),
        (vec![1.5, 4.0], -0.25, 0.0)
    );
    let (found, complete) = explain(&two_units(0.0), once, &[0.0, 1.0], Target::Max);
    assert_eq!((found, complete.gap), (vec![0.0, -0.5], 0.0));
}

#[test]
fn smoothgrad_of_a_linear_network_is_its_gradient_and_of_a_relu_the_chance_that_it_fires() {
    let graph = |activation| Graph {
        shape: vec![2],
        bounds: None,
        nodes: vec![node(dense(&[&[1.5], &[0.0]]), &[0], &[], activation)],
    };
    let smooth = Gradient::Smooth {
        copies: 20_000,
        noise: 0.5,
    };
    // The values range over 2, so that the noise has the standard deviation 1.
    let x = [0.5, -1.5];
    let (found, complete) = explain(
        &graph(Function::Identity).network(),
        smooth,
        &x,
        Target::Max,
    );
    assert_relative_eq!(found[..], [1.5, 0.0], max_relative = 1e-12);
    assert!(!complete.promised);
    let (found, _) = explain(&graph(Function::Relu).network(), smooth, &x, Target::Max);
    // Φ(1/2), and three standard deviations of a mean of so many.
    assert_relative_eq!(
        found[0] / 1.5,
        0.691_462_461,
        epsilon = 3.0 * 0.462 / 20_000_f64.sqrt()
    );
}

#[test]
fn without_noise_smoothgrad_is_the_gradient() {
    let (still, equal) = ([2.0, 0.25], [1.5, 1.5]);
    for (noise, x) in [(0.0, still), (0.3, equal)] {
        let smooth = Gradient::Smooth { copies: 8, noise };
        let (smooth, _) = explain(&two_units(0.5), smooth, &x, Target::Max);
        let (plain, _) = explain(&two_units(0.5), Gradient::Plain, &x, Target::Max);
        assert_eq!(smooth, plain, "σ {noise}, values {x:?}");
    }
}

/// The bits of the relevance of samples with these numbers.
fn bits(
    network: &Network,
    (method, seed, rows): (Gradient, u64, usize),
    samples: &Array2<f64>,
    numbers: &[usize],
) -> Vec<Vec<u64>> {
    let explainer = GradientExplainer::new(network, method).expect("finite at 0");
    let mut explainer = explainer.with_seed(seed).with_rows(rows);
    let targets = vec![Target::Max; numbers.len()];
    let batch = explainer.explain_each(samples.view(), &targets, numbers);
    let batch = batch.expect("finite values");
    let rows = batch.relevance();
    let rows = rows.rows().into_iter();
    rows.map(|row| row.iter().map(|r| r.to_bits()).collect())
        .collect()
}

#[test]
fn a_sample_has_the_same_bits_in_any_batch_at_any_number_of_points_at_once_and_on_any_number_of_threads()
 {
    let (network, samples) = (wide::residual().network(), wide::samples(4));
    let numbers = [3, 900, 17, 0];
    for method in [
        Gradient::Plain,
        Gradient::TimesInput,
        Gradient::Integrated { steps: 5 },
        Gradient::Smooth {
            copies: 5,
            noise: 0.2,
        },
    ] {
        let together = bits(&network, (method, 1, 256), &samples, &numbers);
        assert!(together[1].iter().any(|r| f64::from_bits(*r) != 0.0));
        for rows in [1, 3, 7] {
            let again = bits(&network, (method, 1, rows), &samples, &numbers);
            assert!(again == together, "{method}, {rows} at once");
        }
        for n in 0..4 {
            let alone = samples.slice(s![n..=n, ..]).to_owned();
            let alone = bits(&network, (method, 1, 256), &alone, &numbers[n..=n]);
            assert!(alone[0] == together[n], "{method}, sample {n} alone");
        }
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let again = || bits(&network, (method, 1, 256), &samples, &numbers);
            let again = pool.expect("threads").install(again);
            assert!(again == together, "{method}, {threads} threads");
        }
        let seeded = bits(&network, (method, 2, 256), &samples, &numbers);
        let numbered = bits(&network, (method, 1, 256), &samples, &[4, 901, 18, 1]);
        let same = !method.has_noise();
        assert_eq!(
            [seeded == together, numbered == together],
            [same; 2],
            "{method}"
        );
    }
}

#[test]
fn a_baseline_that_is_no_sample_of_the_network_is_refused() {
    let network = two_units(0.5);
    for method in [Gradient::Plain, Gradient::TimesInput] {
        let explainer = GradientExplainer::new(&network, method).expect("finite");
        let refused = explainer.with_baseline(vec![0.0, 0.0]).expect_err("none");
        assert!(refused.to_string().contains("has none"), "{refused}");
    }
    for (baseline, said) in [
        (vec![1.0], "expected 2 values, one for each input, found 1"),
        (
            vec![0.0, f64::NAN],
            "expected finite values, found NaN for input 1",
        ),
        (vec![1e308, -1e308], "overflows f64"),
    ] {
        let explainer = GradientExplainer::new(&network, Gradient::Integrated { steps: 3 });
        let refused = explainer.and_then(|it| it.with_baseline(baseline));
        let refused = refused.expect_err("no baseline").to_string();
        assert!(
            refused.starts_with("the baseline: ") && refused.contains(said),
            "{refused}"
        );
    }
}

#[test]
fn each_method_says_what_it_computes_and_of_what() {
    let smooth = Gradient::Smooth {
        copies: 7,
        noise: 0.1,
    };
    for (method, formula, [baseline, noise], points) in [
        (Gradient::Plain, "R_i = ∂f/∂x_i", [false, false], 1),
        (
            Gradient::TimesInput,
            "R_i = x_i · ∂f/∂x_i",
            [false, false],
            1,
        ),
        (
            Gradient::Integrated { steps: 5 },
            "R_i = (x_i − x'_i) · 1/m Σ_k ∂f/∂x_i at x' + (k − 1/2)/m · (x − x')",
            [true, false],
            5,
        ),
        (
            smooth,
            "R_i = 1/n Σ_k ∂f/∂x_i at x + ε_k, ε_k ~ N(0, (σ · (max x − min x))²)",
            [false, true],
            7,
        ),
    ] {
        assert_eq!((method.formula(), method.points()), (formula, points));
        assert_eq!(
            [method.has_baseline(), method.has_noise()],
            [baseline, noise],
            "{method}"
        );
    }
    let network = two_units(0.0);
    let explainer = GradientExplainer::new(&network, smooth).expect("finite");
    assert_eq!((explainer.seed(), explainer.method()), (0, smooth));
    assert_eq!(explainer.with_seed(7).seed(), 7);
}

/// A dense layer of two inputs whose bounds are [−1, 1] and [0, 3], and outputs `x_1 + x_2`, `x_1` and `2 x_2`.
fn three_outputs() -> Network {
    let graph = Graph {
        shape: vec![2],
        bounds: Some(vec![[-1.0, 1.0], [0.0, 3.0]]),
        nodes: vec![node(
            dense(&[&[1.0, 1.0, 0.0], &[1.0, 0.0, 2.0]]),
            &[0],
            &[],
            Function::Identity,
        )],
    };
    graph.network()
}

#[test]
fn several_targets_of_a_sample_are_what_each_is_alone_with_its_ties_and_bounds() {
    let network = three_outputs();
    // The outputs are 2, 1, 2; then 1, −1, 4; and 4, 4, 0.
    let samples = ndarray::arr2(&[[1.0, 1.0], [-1.0, 2.0], [4.0, 0.0], [2.0, -1.0]]);
    let targets = [
        Target::Max,
        Target::Output(1),
        Target::Contrast {
            output: 2,
            minus: 0,
        },
    ];
    let asked = Array2::from_shape_fn((4, 3), |(_, t)| targets[t]);
    let method = Gradient::Integrated { steps: 3 };
    let mut explainer = GradientExplainer::new(&network, method).expect("finite at 0");
    let batch = explainer.explain_several(samples.view(), asked.view(), &[0, 1, 2, 3]);
    let batch = batch.expect("finite");
    assert_eq!((batch.samples(), batch.explanations()), (4, 12));
    let by_sample: Vec<usize> = batch.by_sample().collect();
    assert_eq!(by_sample, [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    assert_eq!(batch.activations(0), samples);
    for (t, target) in targets.into_iter().enumerate() {
        for n in 0..4 {
            let (k, x) = (4 * t + n, samples.row(n).to_vec());
            assert_eq!(batch.sample(k), n);
            let (alone, complete) = explain(&network, method, &x, target);
            assert_eq!(batch.relevance().row(k).to_vec(), alone, "{target} of {n}");
            assert_eq!(batch.completeness()[k], complete);
            assert_eq!(batch.chosen()[k].value, complete.value);
            // Of outputs that are the largest together the first is explained, where the largest is asked for.
            let tied: &[usize] = match (t, n) {
                (0, 0) => &[0, 2],
                (0, 2) => &[0, 1],
                _ => &[],
            };
            assert_eq!(batch.tied(k), tied, "{target} of {n}");
            // Both bounds are within.
            let outside: &[usize] = [&[][..], &[], &[0], &[0, 1]][n];
            assert_eq!(batch.outside_bounds(k), outside, "{target} of {n}");
        }
    }
    // f = x_1 + x_2 at (1, 1), and 2 x_2 − (x_1 + x_2) at (−1, 2), are linear: every share is the whole of its part.
    assert_eq!(batch.relevance().row(0).to_vec(), [1.0, 1.0]);
    assert_eq!(batch.relevance().row(9).to_vec(), [1.0, 2.0]);
}

#[test]
fn the_difference_of_f_that_a_tolerance_is_a_part_of_is_to_the_baseline() {
    // f = max(0, x − 1) + 10 at 3: 12 − 10 = 2, of which 5 % may be missing.
    let nodes = vec![
        node(dense(&[&[1.0]]), &[0], &[-1.0], Function::Relu),
        node(dense(&[&[1.0]]), &[1], &[10.0], Function::Identity),
    ];
    let graph = Graph {
        shape: vec![1],
        bounds: None,
        nodes,
    };
    let network = graph.network();
    // As above: 1/16 is too much of 16 parts, and 1/7 of 7.
    for (steps, gap, holds) in [(16, 1.0 / 16.0, true), (7, 1.0 / 7.0, false)] {
        let (_, complete) = explain(
            &network,
            Gradient::Integrated { steps },
            &[3.0],
            Target::Max,
        );
        assert_eq!((complete.value, complete.baseline), (12.0, 10.0));
        assert_relative_eq!(complete.gap, gap, max_relative = 1e-12);
        assert_eq!(
            (complete.holds, complete.promised),
            (holds, true),
            "{steps} steps"
        );
    }
    // x = (0, 4) of two units with a bias: f = −2, f(0) = 3/8, R = (0, −2), and the gap 3/8 is less than a fifth of 2.
    let network = two_units(0.5);
    let explainer = GradientExplainer::new(&network, Gradient::TimesInput).expect("finite");
    let (found, complete) = of(&mut explainer.tolerance(0.2), &[0.0, 4.0], Target::Max);
    assert_eq!((found, complete.gap), (vec![0.0, -2.0], 0.375));
    assert_eq!((complete.holds, complete.rounding), (true, 0.2));
    let explainer = GradientExplainer::new(&network, Gradient::TimesInput).expect("finite");
    assert!(
        !of(&mut explainer.tolerance(0.18), &[0.0, 4.0], Target::Max)
            .1
            .holds
    );
    // Nothing is missing of nothing.
    let (_, complete) = explain(
        &two_units(0.0),
        Gradient::TimesInput,
        &[0.0, 0.0],
        Target::Max,
    );
    assert_eq!(
        (complete.sum, complete.gap, complete.holds),
        (0.0, 0.0, true)
    );
    // A unit that stops at 6 does not grow in proportion.
    let graph = Graph {
        shape: vec![1],
        bounds: None,
        nodes: vec![node(dense(&[&[1.0]]), &[0], &[], Function::Relu6)],
    };
    let (_, complete) = explain(&graph.network(), Gradient::TimesInput, &[3.0], Target::Max);
    assert!(complete.holds && !complete.promised);
}

#[test]
fn relevance_beyond_f64_is_told_with_its_sample_and_input() {
    // f is within f64 at (1/2, 1/4), and Σ|R| is not; with x_1 below 0 nothing fires.
    let graph = Graph {
        shape: vec![2],
        bounds: None,
        nodes: vec![
            node(dense(&[&[1.0], &[0.9]]), &[0], &[], Function::Relu),
            node(dense(&[&[1.0, 1.5e308]]), &[1], &[], Function::Identity),
        ],
    };
    let network = graph.network();
    for (x, sample) in [
        ([[0.5, 0.25], [-1.0, 0.0]], 0),
        ([[-1.0, 0.0], [0.5, 0.25]], 1),
    ] {
        let samples = ndarray::arr2(&x);
        let targets = [Target::Output(0), Target::Output(1)];
        let asked = Array2::from_shape_fn((2, 2), |(_, t)| targets[t]);
        let mut explainer = GradientExplainer::new(&network, Gradient::Plain).expect("finite");
        let refused = explainer.explain_several(samples.view(), asked.view(), &[0, 1]);
        match refused.expect_err("beyond f64") {
            Error::Overflow {
                what,
                layer,
                unit,
                sample: found,
            } => assert_eq!((what, layer, unit, found), ("relevance", 0, 0, sample)),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_leaves_f64_on_the_way_is_told_with_its_sample() {
    // f = 10^308 · (t + t) with t = max(0, 1 − |x − 3|): 0 at 2 and at 4, and beyond f64 between them.
    let graph = Graph {
        shape: vec![1],
        bounds: None,
        nodes: vec![
            node(dense(&[&[1.0, -1.0]]), &[0], &[-3.0, 3.0], Function::Relu),
            node(
                dense(&[&[-1.0, -1.0], &[-1.0, -1.0]]),
                &[1],
                &[1.0, 1.0],
                Function::Relu,
            ),
            node(dense(&[&[1e308], &[1e308]]), &[2], &[], Function::Identity),
        ],
    };
    let network = graph.network();
    // Of three points each, the eighth: 3, in the middle of the way to 4.
    let x = ndarray::arr2(&[[1.0], [1.5], [4.0]]);
    for rows in 1..=10 {
        let explainer = GradientExplainer::new(&network, Gradient::Integrated { steps: 3 });
        let explainer = explainer.and_then(|it| it.with_baseline(vec![2.0]));
        let mut explainer = explainer.expect("finite").with_rows(rows);
        let refused = explainer.explain_each(x.view(), &[Target::Max; 3], &[5, 6, 7]);
        let refused = refused.expect_err("beyond f64").to_string();
        assert!(refused.ends_with("for sample 2"), "{rows}: {refused}");
    }
}
