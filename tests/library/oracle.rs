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
}

/// What the oracle finds: values a level, input first.
#[derive(Debug)]
pub struct Found {
    pub activations: Vec<Vec<f64>>,
    pub relevance: Vec<Vec<f64>>,
    /// (level, unit, relevance), from the output down.
    pub lost: Vec<(usize, usize, f64)>,
}

/// Explains one sample; `shares` has one rule a layer (not looked at for pools), and `target` is the output
/// explained, or none for all.
pub fn explain(layers: &[Plain], shares: &[Share], x: &[f64], target: Option<usize>) -> Found {
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
    let mut relevance = vec![output_relevance];
    let mut lost = Vec::new();
    for l in (0..layers.len()).rev() {
        let below = backward(
            l + 1,
            &layers[l],
            shares[l],
            &activations[l],
            &relevance[0],
            &mut lost,
        );
        relevance.insert(0, below);
    }
    Found {
        activations,
        relevance,
        lost,
    }
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
                let mut z = bias[j];
                for i in 0..x.len() {
                    z += x[i] * weights[i][j];
                }
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

/// `R_i = Σ_j q_ij / Σ_i' q_i'j · R_j`
fn backward(
    level: usize,
    layer: &Plain,
    share: Share,
    x: &[f64],
    above: &[f64],
    lost: &mut Vec<(usize, usize, f64)>,
) -> Vec<f64> {
    let mut below = vec![0.0; x.len()];
    for j in 0..above.len() {
        let mut q: Vec<f64> = (0..x.len()).map(|i| q(layer, share, x, i, j)).collect();
        if let Plain::Pool { size } = layer {
            let members = j * size..(j + 1) * size;
            if members.clone().all(|i| x[i] == 0.0) {
                members.for_each(|i| q[i] = 1.0);
            }
        }
        let mut mass = 0.0;
        for i in 0..x.len() {
            mass += q[i];
        }
        if above[j] == 0.0 {
            continue;
        }
        if mass == 0.0 {
            lost.push((level, j, above[j]));
            continue;
        }
        for i in 0..x.len() {
            below[i] += q[i] / mass * above[j];
        }
    }
    below
}

fn q(layer: &Plain, share: Share, x: &[f64], i: usize, j: usize) -> f64 {
    match layer {
        Plain::Pool { size } => {
            if i / size == j {
                x[i]
            } else {
                0.0
            }
        }
        Plain::Dense { weights, .. } => {
            let w = weights[i][j];
            match share {
                Share::WSquared => w * w,
                Share::Flat => 1.0,
                Share::ZPlus => (x[i] * w).max(0.0),
                Share::ZBox { low, high } => x[i] * w - low * w.max(0.0) - high * w.min(0.0),
            }
        }
    }
}
