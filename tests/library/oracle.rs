//! The oracle: a network and every rule written a second time, as the definitions read, in loops over single
//! numbers. It shares no code with the library; it is slow on purpose, and easy to hold against the paper.
#![allow(
    clippy::needless_range_loop,
    reason = "i and j are the letters of the definition"
)]

/// A layer in plain numbers.
#[derive(Debug, Clone)]
pub enum Plain {
    /// `weights[i][j]`, a bias for each j, and whether ReLU follows.
    Dense {
        weights: Vec<Vec<f64>>,
        bias: Vec<f64>,
        relu: bool,
    },
    /// Adds up every `size` units.
    Pool { size: usize },
}

/// A rule in plain numbers.
#[derive(Debug, Clone, Copy)]
pub enum Share {
    WSquared,
    Flat,
    ZPlus,
    ZBox { low: f64, high: f64 },
    Z,
    Epsilon(f64),
    Gamma(f64),
    AlphaBeta(f64, f64),
}

/// What the oracle finds: values a level, input first.
#[derive(Debug)]
pub struct Found {
    pub activations: Vec<Vec<f64>>,
    pub relevance: Vec<Vec<f64>>,
    /// (level, unit, relevance), from the output down.
    pub lost: Vec<(usize, usize, f64)>,
    /// Of every layer, the first one first: what biases and ε kept.
    pub absorbed: Vec<[f64; 2]>,
    /// The largest `(Σ_i |q_ij| + |b_j|) / |Σ_i q_ij + b_j|` of a unit that carries relevance: by so much rounding grows.
    pub condition: f64,
}

/// What a unit hands on: `factor · q_i / (Σ_i' q_i' + bias + ε·sign) · R`.
struct Fraction {
    factor: f64,
    q: Vec<f64>,
    bias: f64,
    epsilon: f64,
}

/// Explains one sample; `shares` has one rule a layer (not looked at for pools), `keep` says whether biases stay in
/// denominators, and `target` is the output explained, or none for all.
pub fn explain(
    layers: &[Plain],
    shares: &[Share],
    keep: bool,
    x: &[f64],
    target: Option<usize>,
) -> Found {
    let mut activations = vec![x.to_vec()];
    for layer in layers {
        let above = forward(layer, &activations[activations.len() - 1]);
        activations.push(above);
    }
    let outputs = &activations[layers.len()];
    let output_relevance: Vec<f64> = (0..outputs.len())
        .map(|k| {
            if target.is_none_or(|target| target == k) {
                outputs[k]
            } else {
                0.0
            }
        })
        .collect();
    let mut found = Found {
        relevance: activations.iter().map(|x| vec![0.0; x.len()]).collect(),
        activations,
        lost: Vec::new(),
        absorbed: vec![[0.0; 2]; layers.len()],
        condition: 1.0,
    };
    found.relevance[layers.len()] = output_relevance;
    for l in (0..layers.len()).rev() {
        found.hand_on(l, &layers[l], shares[l], keep);
    }
    found
}

/// The pre-activation of a unit.
fn z(weights: &[Vec<f64>], bias: &[f64], x: &[f64], j: usize) -> f64 {
    let mut z = bias[j];
    for i in 0..x.len() {
        z += x[i] * weights[i][j];
    }
    z
}

fn forward(layer: &Plain, x: &[f64]) -> Vec<f64> {
    match layer {
        Plain::Dense {
            weights,
            bias,
            relu,
        } => {
            let mut above = Vec::new();
            for j in 0..bias.len() {
                let z = z(weights, bias, x, j);
                above.push(if *relu && z < 0.0 { 0.0 } else { z });
            }
            above
        }
        Plain::Pool { size } => {
            let mut above = vec![0.0; x.len() / size];
            for j in 0..x.len() {
                above[j / size] += x[j];
            }
            above
        }
    }
}

impl Found {
    /// `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j`, with what the rule adds to it.
    fn hand_on(&mut self, l: usize, layer: &Plain, share: Share, keep: bool) {
        let x = self.activations[l].clone();
        for (j, r) in self.relevance[l + 1].clone().into_iter().enumerate() {
            if r == 0.0 {
                continue;
            }
            for Fraction {
                factor,
                q,
                bias,
                epsilon,
            } in fractions(layer, share, keep, &x, j)
            {
                let mut mass = bias;
                let mut size = bias.abs() + epsilon;
                for i in 0..x.len() {
                    mass += q[i];
                    size += q[i].abs();
                }
                let epsilon = if mass >= 0.0 { epsilon } else { -epsilon };
                let denominator = mass + epsilon;
                if factor == 0.0 {
                    continue;
                }
                if denominator == 0.0 {
                    self.lost.push((l + 1, j, factor * r));
                    continue;
                }
                self.condition = self.condition.max(size / denominator.abs());
                self.absorbed[l][0] += factor * bias / denominator * r;
                self.absorbed[l][1] += factor * epsilon / denominator * r;
                for i in 0..x.len() {
                    self.relevance[l][i] += factor * q[i] / denominator * r;
                }
            }
        }
    }
}

/// What unit j hands on, by the definition of its rule.
fn fractions(layer: &Plain, share: Share, keep: bool, x: &[f64], j: usize) -> Vec<Fraction> {
    let fraction = |factor: f64, q: &dyn Fn(usize) -> f64, bias: f64, epsilon: f64| Fraction {
        factor,
        q: (0..x.len()).map(q).collect(),
        bias,
        epsilon,
    };
    match layer {
        Plain::Pool { size } => {
            let members = j * size..(j + 1) * size;
            let silent = members.clone().all(|i| x[i] == 0.0);
            let q = |i: usize| {
                if !members.contains(&i) {
                    0.0
                } else if silent {
                    1.0
                } else {
                    x[i]
                }
            };
            vec![fraction(1.0, &q, 0.0, 0.0)]
        }
        Plain::Dense { weights, bias, .. } => {
            let w = |i: usize| weights[i][j];
            let b = if keep { bias[j] } else { 0.0 };
            let plus = |i: usize| (x[i] * w(i)).max(0.0);
            let minus = |i: usize| (x[i] * w(i)).min(0.0);
            match share {
                Share::WSquared => vec![fraction(1.0, &|i| w(i) * w(i), 0.0, 0.0)],
                Share::Flat => vec![fraction(1.0, &|_| 1.0, 0.0, 0.0)],
                Share::ZPlus => vec![fraction(1.0, &plus, b.max(0.0), 0.0)],
                Share::ZBox { low, high } => {
                    let q = |i: usize| x[i] * w(i) - low * w(i).max(0.0) - high * w(i).min(0.0);
                    vec![fraction(1.0, &q, 0.0, 0.0)]
                }
                Share::Z => vec![fraction(1.0, &|i| x[i] * w(i), b, 0.0)],
                Share::Epsilon(e) => vec![fraction(1.0, &|i| x[i] * w(i), b, e)],
                Share::Gamma(g) if z(weights, bias, x, j) >= 0.0 => {
                    let q = |i: usize| x[i] * w(i) + g * plus(i);
                    vec![fraction(1.0, &q, b + g * b.max(0.0), 0.0)]
                }
                Share::Gamma(g) => {
                    let q = |i: usize| x[i] * w(i) + g * minus(i);
                    vec![fraction(1.0, &q, b + g * b.min(0.0), 0.0)]
                }
                Share::AlphaBeta(alpha, beta) => vec![
                    fraction(alpha, &plus, b.max(0.0), 0.0),
                    fraction(-beta, &minus, b.min(0.0), 0.0),
                ],
            }
        }
    }
}
