//! Random networks with rules, samples and a target, in the oracle's plain numbers and as the library's network.

use deeptaylor::relevance::RuleBias;
use deeptaylor::{Activation, Bounds, Input, Layer, Network, Plan, Rule, Target};
use ndarray::Array2;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::oracle::{Plain, Share};

pub const LOW: f64 = -1.0;
pub const HIGH: f64 = 2.0;

/// So many cases, the same on every machine.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1512),
        ..ProptestConfig::default()
    }
}

/// A random network with a rule for every layer and some samples.
#[derive(Debug, Clone)]
pub struct Case {
    pub layers: Vec<Plain>,
    pub rules: Vec<Rule>,
    /// Whether biases stay in denominators.
    pub keep: bool,
    pub samples: Vec<Vec<f64>>,
    pub target: Option<usize>,
}

/// What a random network may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Weights of 0, biases of either sign, any rule of deep Taylor decomposition anywhere.
    Any,
    /// The same with any rule at all, and biases in denominators or not.
    Every,
    /// What the theory asks: no unit without weights, biases ≤ 0, ReLU, one rule for all layers.
    Theory,
}

/// 64ths: four layers of them are summed without rounding, in any order, so that a difference between two ways
/// of explaining is one of relevance and not of a pre-activation that all but cancels.
fn sixty_fourths(from: i16, to: i16) -> BoxedStrategy<f64> {
    (from..=to).prop_map(|n| f64::from(n) / 64.0).boxed()
}

/// A weight or bias of either sign, sometimes 0; coarse ones cancel exactly now and then.
fn number(coarse: bool) -> BoxedStrategy<f64> {
    if coarse {
        (-6..=6_i8).prop_map(|n| f64::from(n) / 4.0).boxed()
    } else {
        prop_oneof![9 => sixty_fourths(-96, 96), 1 => Just(0.0)].boxed()
    }
}

fn dense(
    kind: Kind,
    coarse: bool,
    inputs: usize,
    below_pool: bool,
) -> impl Strategy<Value = Plain> {
    (1..=6_usize).prop_flat_map(move |units| {
        let weight = match kind {
            Kind::Any | Kind::Every => number(coarse),
            Kind::Theory => prop_oneof![sixty_fourths(-96, -1), sixty_fourths(1, 96)].boxed(),
        };
        let bias = match kind {
            Kind::Any | Kind::Every => number(coarse),
            Kind::Theory => sixty_fourths(-20, 0),
        };
        (
            prop::collection::vec(prop::collection::vec(weight, units), inputs),
            prop::collection::vec(bias, units),
            // Values of both signs could cancel in a pool, which then magnifies every rounding.
            if kind == Kind::Theory || below_pool {
                Just(true).boxed()
            } else {
                prop::bool::weighted(0.8).boxed()
            },
        )
            .prop_map(|(weights, bias, relu)| Plain::Dense {
                weights,
                bias,
                relu,
            })
    })
}

fn units(layer: &Plain, inputs: usize) -> usize {
    match layer {
        Plain::Dense { bias, .. } => bias.len(),
        Plain::Pool { size } => inputs / size,
    }
}

/// A stack of up to four layers on `inputs` inputs, pools among them.
fn layers(kind: Kind, coarse: bool, inputs: usize) -> BoxedStrategy<Vec<Plain>> {
    let mut stacks = Just((Vec::new(), inputs)).boxed();
    for _ in 0..4 {
        stacks = stacks
            .prop_flat_map(move |(stack, width): (Vec<Plain>, usize)| {
                let sizes: Vec<usize> = (1..=width).filter(|size| width % size == 0).collect();
                let pool = prop::sample::select(sizes).prop_map(|size| Plain::Pool { size });
                let end = stack.clone();
                // A pool on signed values, an input or an identity, is left to the examples worked by hand.
                let signed = !matches!(
                    stack.last(),
                    Some(Plain::Dense { relu: true, .. } | Plain::Pool { .. })
                );
                let next = if signed {
                    dense(kind, coarse, width, false).boxed()
                } else {
                    prop_oneof![2 => dense(kind, coarse, width, true), 1 => pool].boxed()
                };
                let grown = next.prop_map(move |layer| {
                    let width = units(&layer, width);
                    let mut stack = stack.clone();
                    stack.push(layer);
                    (stack, width)
                });
                if end.is_empty() {
                    grown.boxed()
                } else {
                    prop_oneof![3 => grown, 1 => Just((end, width))].boxed()
                }
            })
            .boxed();
    }
    stacks.prop_map(|(stack, _)| stack).boxed()
}

fn is_pool(layer: &Plain) -> bool {
    matches!(layer, Plain::Pool { .. })
}

/// A rule of a layer that is not bounded.
fn rule(kind: Kind) -> BoxedStrategy<Rule> {
    let deep_taylor = prop::sample::select(&Rule::ALL[..3]);
    if kind != Kind::Every {
        return deep_taylor.boxed();
    }
    let published = prop::sample::select(vec![
        Rule::Z,
        Rule::Epsilon(0.25),
        Rule::Epsilon(1e-6),
        Rule::Gamma(0.25),
        Rule::Gamma(2.0),
        Rule::Gamma(0.0),
        Rule::AlphaBeta([2.0, 1.0]),
        Rule::AlphaBeta([1.5, 0.5]),
        Rule::AlphaBeta([1.0, 0.0]),
    ]);
    prop_oneof![1 => deep_taylor, 3 => published].boxed()
}

pub fn case(kind: Kind) -> impl Strategy<Value = Case> {
    (any::<bool>(), 1..=6_usize, 1..=5_usize)
        .prop_flat_map(move |(coarse, inputs, samples)| {
            let coarse = coarse && kind != Kind::Theory;
            let value = if coarse {
                (-4..=8_i8).prop_map(|n| f64::from(n) / 4.0).boxed()
            } else {
                sixty_fourths(-64, 128)
            };
            (
                layers(kind, coarse, inputs),
                prop::collection::vec(prop::collection::vec(value, inputs), samples),
                prop::collection::vec(rule(kind), 4),
                prop::option::weighted(0.3, 0..3_usize),
                any::<bool>(),
                if kind == Kind::Every {
                    any::<bool>().boxed()
                } else {
                    Just(false).boxed()
                },
            )
        })
        .prop_map(
            move |(layers, samples, mut rules, target, box_first, keep)| {
                if kind == Kind::Theory {
                    let first = rules[0];
                    rules.fill(first);
                }
                // The file's bounds are those of the inputs: zB on the layer that sees them.
                if box_first {
                    rules[0] = Rule::ZBox;
                    if kind == Kind::Theory {
                        rules[1..].fill(Rule::ZPlus);
                    }
                }
                rules.truncate(layers.len());
                let outputs = layers
                    .iter()
                    .fold(samples[0].len(), |n, layer| units(layer, n));
                // Outputs of both signs would cancel level by level; that is left to the examples worked by hand.
                let signed = matches!(layers.last(), Some(Plain::Dense { relu: false, .. }));
                let target = if signed {
                    Some(target.unwrap_or(0))
                } else {
                    target
                };
                let target = target.map(|target| target % outputs);
                Case {
                    layers,
                    rules,
                    keep,
                    samples,
                    target,
                }
            },
        )
}

impl Case {
    pub fn network(&self) -> Network {
        let mut layers = Vec::new();
        let mut width = self.samples[0].len();
        for layer in &self.layers {
            layers.push(
                match layer {
                    Plain::Dense {
                        weights,
                        bias,
                        relu,
                    } => {
                        let activation = if *relu {
                            Activation::Relu
                        } else {
                            Activation::Identity
                        };
                        let weights =
                            Array2::from_shape_fn((width, bias.len()), |(i, j)| weights[i][j]);
                        Layer::dense(weights, bias.clone(), activation)
                    }
                    Plain::Pool { size } => Layer::sum_pool(width, *size),
                }
                .expect("a layer"),
            );
            width = units(layer, width);
        }
        let input = Input {
            bounds: Some(Bounds::Same([LOW, HIGH])),
            ..Input::flat(self.samples[0].len())
        };
        Network::new(input, layers).expect("a network")
    }

    pub fn plan<'n>(&self, network: &'n Network) -> Plan<'n> {
        let rules = self.rules.iter().zip(&self.layers).enumerate();
        rules
            .filter(|(_, (_, layer))| !is_pool(layer))
            .fold(
                Plan::of(network, Rule::WSquared),
                |plan, (l, (&rule, _))| plan?.with(l + 1, rule),
            )
            .expect("the rules are defined")
            .with_bias(if self.keep {
                RuleBias::Keep
            } else {
                RuleBias::Drop
            })
    }

    pub fn target(&self) -> Target {
        self.target.map_or(Target::All, Target::Output)
    }

    pub fn shares(&self) -> Vec<Share> {
        let share = |rule: &Rule| match rule {
            Rule::WSquared | Rule::Proportional | Rule::Routing | Rule::Largest => Share::WSquared,
            Rule::Flat => Share::Flat,
            Rule::ZPlus => Share::ZPlus,
            Rule::ZBox => Share::ZBox {
                low: LOW,
                high: HIGH,
            },
            Rule::Z => Share::Z,
            Rule::Epsilon(e) => Share::Epsilon(*e),
            Rule::Gamma(g) => Share::Gamma(*g),
            Rule::AlphaBeta([a, b]) => Share::AlphaBeta(*a, *b),
        };
        self.rules.iter().map(share).collect()
    }

    pub fn rows(&self) -> Array2<f64> {
        rows(&self.samples)
    }
}

pub fn rows(samples: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((samples.len(), samples[0].len()), |(n, i)| samples[n][i])
}
