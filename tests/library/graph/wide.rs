//! A residual network that is wide enough for strips and threads.

use deeptaylor::{Explainer, Plan, Preset, Rule, Target};
use ndarray::{Array2, s};

use super::plain::{Function, Graph, Map, Node, Window};

const INPUTS: usize = 3 * 32 * 32;

/// Weights of either sign, without pattern.
fn weight(k: usize) -> f64 {
    ((k * 31 + k / 7 * 17) % 23) as f64 / 11.0 - 1.0
}

fn conv(from: usize, of: usize, channels: usize) -> Node {
    let row = |o: usize, c: usize, y: usize| {
        (0..3)
            .map(|x| weight(((o * of + c) * 3 + y) * 3 + x))
            .collect()
    };
    let channel = |o: usize, c: usize| (0..3).map(|y| row(o, c, y)).collect();
    let weights = (0..channels).map(|o| (0..of).map(|c| channel(o, c)).collect());
    let map = Map::Conv {
        weights: weights.collect(),
        window: Window {
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            padding: [1; 4],
        },
        groups: 1,
    };
    node(&[from], map, vec![-0.1; channels], Function::Relu)
}

fn node(from: &[usize], map: Map, bias: Vec<f64>, activation: Function) -> Node {
    Node {
        map,
        from: from.to_vec(),
        bias,
        activation,
    }
}

/// Two convolutions, the second with a skip connection, pools, and ten outputs.
pub fn residual() -> Graph {
    let window = |kernel: usize, padding: [usize; 4]| Window {
        kernel: [kernel; 2],
        stride: [2, 2],
        dilation: [1, 1],
        padding,
    };
    let max = Map::MaxPool2d {
        window: window(3, [1; 4]),
    };
    let average = Map::AvgPool2d {
        window: window(2, [0; 4]),
        count_padding: false,
    };
    let units = 16 * 8 * 8;
    let weights = (0..units).map(|i| (0..10).map(|j| weight(i * 10 + j)).collect());
    let dense = Map::Dense {
        weights: weights.collect(),
    };
    Graph {
        shape: vec![3, 32, 32],
        bounds: Some(vec![[-1.0, 1.0]; INPUTS]),
        nodes: vec![
            conv(0, 3, 16),
            conv(1, 16, 16),
            node(&[1, 2], Map::Add, Vec::new(), Function::Relu),
            node(&[3], max, Vec::new(), Function::Identity),
            node(&[4], average, Vec::new(), Function::Identity),
            node(&[5], dense, vec![-0.1; 10], Function::Identity),
        ],
    }
}

pub fn samples(rows: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, INPUTS), |(n, i)| match n % 3 {
        0 => 0.0,
        _ => weight(n * 7 + i * 13),
    })
}

/// The bits of the relevance of every sample.
fn bits(plan: &Plan, samples: &Array2<f64>) -> Vec<Vec<u64>> {
    let mut explainer = Explainer::new(plan);
    let batch = explainer
        .explain(samples.view(), &Target::Max)
        .expect("finite values");
    for audit in batch.audits() {
        assert!(audit.balance.holds && audit.lost.is_empty() == audit.checks.conservation.holds);
    }
    let of = |n: usize| {
        let levels = (0..batch.levels()).map(|l| batch.relevance(l).row(n).to_vec());
        levels.flatten().map(f64::to_bits).collect()
    };
    (0..samples.nrows()).map(of).collect()
}

#[test]
fn a_wide_graph_has_the_same_bits_alone_and_in_a_batch_on_any_number_of_threads() {
    let (network, samples) = (residual().network(), samples(4));
    for preset in [Preset::DeepTaylor, Rule::WSquared.into()] {
        let plan = Plan::of(&network, preset).expect("the bounds hold 0");
        let together = bits(&plan, &samples);
        assert!(together[1].iter().any(|r| f64::from_bits(*r) != 0.0));
        for n in 0..samples.nrows() {
            let alone = samples.slice(s![n..=n, ..]).to_owned();
            assert!(
                bits(&plan, &alone)[0] == together[n],
                "{preset}, sample {n} alone"
            );
        }
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let again = pool.expect("threads").install(|| bits(&plan, &samples));
            assert!(again == together, "{preset}, {threads} threads");
        }
    }
}
