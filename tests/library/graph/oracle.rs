//! The oracle: which rule a layer has, and what relevance becomes of it, in loops over single numbers.

use deeptaylor::relevance::cause::Cause;

use super::plain::{Function, Graph, Map, Whole};

/// What is asked for: a rule, or the rules of deep Taylor decomposition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    WSquared,
    Flat,
    ZPlus,
    ZBox,
    Z,
    Epsilon(f64),
    Gamma(f64),
    AlphaBeta(f64, f64),
    DeepTaylor,
}

/// The rule of a layer.
#[derive(Debug, Clone, PartialEq)]
pub enum Share {
    WSquared,
    Flat,
    ZPlus,
    /// An interval for each input.
    ZBox(Vec<[f64; 2]>),
    Z,
    Epsilon(f64),
    Gamma(f64),
    AlphaBeta(f64, f64),
    Proportional,
    Routing,
    Largest,
}

/// Why a layer cannot have the rule that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Undefined {
    pub level: usize,
    /// The unit whose interval does not hold 0.
    pub unit: usize,
}

/// What the oracle finds.
#[derive(Debug)]
pub struct Found {
    /// Of every level, input first.
    pub relevance: Vec<Vec<f64>>,
    /// Of every level: what the levels up to it hold once every layer above it has handed on.
    pub cuts: Vec<f64>,
    /// From the output down.
    pub lost: Vec<Lost>,
    /// By the layer of every level but the input's: what biases and ε kept.
    pub absorbed: Vec<[f64; 2]>,
    /// The largest `Σ|R|` of a level.
    pub largest: f64,
    /// The largest `(Σ_i |q_ij| + |b_j|) / |Σ_i q_ij + b_j|` of a unit that carries relevance: by so much rounding grows.
    pub condition: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    pub level: usize,
    pub unit: usize,
    pub relevance: f64,
    pub cause: Cause,
}

impl Graph {
    /// The one layer that makes a level.
    fn node(&self, level: usize) -> &super::plain::Node {
        &self.nodes[level - 1]
    }

    /// Whether values of a level can be negative, as far as the kinds of layer tell.
    pub fn can_be_negative(&self, level: usize) -> bool {
        if level == 0 {
            return true;
        }
        let node = self.node(level);
        let of_sources = node.from.iter().any(|&from| self.can_be_negative(from));
        match (&node.map, node.activation) {
            (_, Function::Relu | Function::Relu6) => false,
            (Map::Dense { .. } | Map::Conv { .. }, Function::Identity) => true,
            (Map::Scale { weights }, Function::Identity) => {
                of_sources || weights.iter().chain(&node.bias).any(|w| *w < 0.0)
            }
            (_, Function::Identity) => of_sources,
        }
    }

    /// The input's bounds, moved through scales, gathers and concatenations without activation; none of another level.
    fn moved_bounds(&self, level: usize) -> Option<Option<Vec<[f64; 2]>>> {
        if level == 0 {
            return Some(self.bounds.clone());
        }
        let node = self.node(level);
        let routes = matches!(
            node.map,
            Map::Scale { .. } | Map::Gather { .. } | Map::Concat
        );
        if !routes || node.activation != Function::Identity {
            return None;
        }
        let sources = node.from.iter().map(|&from| self.moved_bounds(from));
        let sources: Vec<Option<Vec<[f64; 2]>>> = sources.collect::<Option<_>>()?;
        let Some(below) = sources.into_iter().collect::<Option<Vec<_>>>() else {
            return Some(None);
        };
        let below = below.concat();
        let whole = self.wholes().swap_remove(level - 1);
        let moved = (0..whole.bias.len()).map(|j| {
            let mut interval = [whole.bias[j]; 2];
            for (i, w) in whole.ties(j) {
                let ends = below[i].map(|end| end * w);
                interval[0] += ends[0].min(ends[1]);
                interval[1] += ends[0].max(ends[1]);
            }
            interval
        });
        Some(Some(moved.collect()))
    }

    /// Whether the layer of a level has weights and reads nothing but the input, passed on.
    pub fn is_first(&self, level: usize) -> bool {
        let node = self.node(level);
        let weights = matches!(node.map, Map::Dense { .. } | Map::Conv { .. });
        weights && self.moved_bounds(node.from[0]).is_some()
    }

    /// The rule that the kind of a layer brings along, if it does.
    pub fn own(&self, level: usize) -> Option<Share> {
        let node = self.node(level);
        match node.map {
            Map::SumPool { .. } | Map::SumPool2d { .. } | Map::AvgPool2d { .. } => {
                Some(Share::Proportional)
            }
            Map::MaxPool2d { .. } => Some(Share::Largest),
            Map::Scale { .. } | Map::Gather { .. } | Map::Concat => Some(Share::Routing),
            Map::Add if !node.from.iter().any(|&from| self.can_be_negative(from)) => {
                Some(Share::Proportional)
            }
            Map::Add | Map::Dense { .. } | Map::Conv { .. } => None,
        }
    }

    /// The rule of a layer under what is asked for of all layers.
    pub fn share(&self, level: usize, asked: Asked) -> Result<Share, Undefined> {
        if let Some(own) = self.own(level) {
            return Ok(own);
        }
        let first = self.is_first(level);
        match asked {
            Asked::WSquared => Ok(Share::WSquared),
            Asked::Flat => Ok(Share::Flat),
            Asked::ZPlus => Ok(Share::ZPlus),
            Asked::Z => Ok(Share::Z),
            Asked::Epsilon(e) => Ok(Share::Epsilon(e)),
            Asked::Gamma(g) => Ok(Share::Gamma(g)),
            Asked::AlphaBeta(a, b) => Ok(Share::AlphaBeta(a, b)),
            Asked::ZBox if first => self.boxed(level),
            Asked::ZBox => Ok(Share::WSquared),
            Asked::DeepTaylor if first && self.bounds.is_some() => self.boxed(level),
            Asked::DeepTaylor if first => Ok(Share::WSquared),
            Asked::DeepTaylor => Ok(Share::ZPlus),
        }
    }

    /// The rule of a layer that is asked for by its number.
    pub fn exception(&self, level: usize, asked: Asked) -> Result<Share, Undefined> {
        match (&self.node(level).map, asked) {
            (Map::Add, Asked::ZBox) => Ok(Share::ZPlus),
            _ => self.share(level, asked),
        }
    }

    /// zᴮ over the bounds of what a first layer reads, which must hold 0.
    fn boxed(&self, level: usize) -> Result<Share, Undefined> {
        let moved = self.moved_bounds(self.node(level).from[0]).flatten();
        let bounds = moved.expect("asked for where there are bounds");
        match bounds.iter().position(|[l, h]| *l > 0.0 || *h < 0.0) {
            Some(unit) => Err(Undefined { level, unit }),
            None => Ok(Share::ZBox(bounds)),
        }
    }
}

/// A part of what a unit hands on: `factor · q_ij / (Σ_i' q_i'j + bias + ε·sign) · R_j`.
pub struct Fraction {
    pub factor: f64,
    /// The numbers of the inputs that the unit sees, each with its `q_ij`.
    pub q: Vec<(usize, f64)>,
    /// What of the bias is in the denominator.
    pub bias: f64,
    pub epsilon: f64,
    /// Whether q has what opposes the unit, and not what supports it.
    opposing: bool,
}

impl Fraction {
    /// `Σ_i q_ij + b'_j`, and with `ε` in the direction of its sign.
    pub fn denominator(&self) -> f64 {
        let mass = self.q.iter().map(|(_, q)| q).sum::<f64>() + self.bias;
        if mass >= 0.0 {
            mass + self.epsilon
        } else {
            mass - self.epsilon
        }
    }

    /// `Σ_i |q_ij| + |b'_j| + ε`
    pub fn size(&self) -> f64 {
        self.q.iter().map(|(_, q)| q.abs()).sum::<f64>() + self.bias.abs() + self.epsilon
    }
}

/// What unit j hands on under a rule, biases kept in denominators or not.
pub fn fractions(whole: &Whole, share: &Share, keep: bool, x: &[f64], j: usize) -> Vec<Fraction> {
    let ties = whole.ties(j);
    let winner = winner(whole, x, j);
    let silent = ties.iter().all(|(i, _)| x[*i] == 0.0);
    let b = if keep { whole.bias[j] } else { 0.0 };
    let fraction = |factor: f64, q: &dyn Fn(usize, f64) -> f64, bias: f64| Fraction {
        factor,
        q: ties.iter().map(|&(i, w)| (i, q(i, w))).collect(),
        bias,
        epsilon: 0.0,
        opposing: false,
    };
    let single = |q: &dyn Fn(usize, f64) -> f64| vec![fraction(1.0, q, 0.0)];
    match share {
        Share::WSquared => single(&|_, w| w * w),
        Share::Flat => single(&|_, _| 1.0),
        Share::ZPlus => vec![fraction(1.0, &|i, w| (x[i] * w).max(0.0), b.max(0.0))],
        Share::ZBox(bounds) => single(&|i, w| {
            let [l, h] = bounds[i];
            // As x w − l w⁺ − h w⁻ reads for w of either sign, without what cancels.
            if w > 0.0 {
                (x[i] - l) * w
            } else {
                (x[i] - h) * w
            }
        }),
        Share::Z => vec![fraction(1.0, &|i, w| x[i] * w, b)],
        Share::Epsilon(epsilon) => vec![Fraction {
            epsilon: *epsilon,
            ..fraction(1.0, &|i, w| x[i] * w, b)
        }],
        Share::Gamma(gamma) => {
            let [z, _] = whole.weigh(x, j);
            let raised = |q: f64| {
                if z >= 0.0 {
                    q + gamma * q.max(0.0)
                } else {
                    q + gamma * q.min(0.0)
                }
            };
            vec![fraction(1.0, &|i, w| raised(x[i] * w), raised(b))]
        }
        Share::AlphaBeta(alpha, beta) => {
            let supporting = fraction(*alpha, &|i, w| (x[i] * w).max(0.0), b.max(0.0));
            let opposing = Fraction {
                opposing: true,
                ..fraction(-*beta, &|i, w| (x[i] * w).min(0.0), b.min(0.0))
            };
            vec![supporting, opposing]
        }
        Share::Proportional if silent => single(&|_, _| 1.0),
        Share::Proportional => single(&|i, _| x[i]),
        Share::Routing => single(&|_, w| if w == 0.0 { 0.0 } else { 1.0 }),
        Share::Largest => single(&|i, _| if winner == Some(i) { 1.0 } else { 0.0 }),
    }
}

/// The first of the largest inputs of unit j; none where a constant 0 that it sees is larger.
fn winner(whole: &Whole, x: &[f64], j: usize) -> Option<usize> {
    let mut winner: Option<usize> = None;
    for (i, _) in whole.ties(j) {
        if winner.is_none_or(|best| x[i] > x[best]) {
            winner = Some(i);
        }
    }
    let sees_constant = (0..x.len()).any(|i| whole.constant[i] && whole.weights[i][j].is_some());
    winner.filter(|&best| !(sees_constant && x[best] < 0.0))
}

/// The cause of a loss as it reads in the definition; `value` is that of the unit.
fn cause(
    whole: &Whole,
    (share, fraction): (&Share, &Fraction),
    x: &[f64],
    j: usize,
    value: f64,
) -> Cause {
    let ties = whole.ties(j);
    if ties.is_empty() {
        return Cause::NoInputs;
    }
    let unsupported = |no_share: bool| {
        assert!(no_share, "nothing with a share is without support");
        if value == 0.0 {
            Cause::DidNotFire
        } else if value > 0.0 && whole.bias[j] > 0.0 {
            Cause::BiasAlone
        } else {
            Cause::NoSupport
        }
    };
    match share {
        Share::Proportional => Cause::Cancels,
        Share::Largest => Cause::ConstantLargest,
        _ if ties.iter().all(|(_, w)| *w == 0.0) => Cause::NoWeights,
        Share::ZBox(_) => Cause::AtBound,
        Share::AlphaBeta(..) if fraction.opposing => {
            assert!(ties.iter().all(|&(i, w)| x[i] * w >= 0.0));
            Cause::NoOpposition
        }
        Share::ZPlus | Share::AlphaBeta(..) => {
            unsupported(ties.iter().all(|&(i, w)| x[i] * w <= 0.0))
        }
        Share::Z | Share::Gamma(_) if ties.iter().any(|&(i, w)| x[i] * w != 0.0) => {
            if fraction.bias == 0.0 {
                Cause::Cancels
            } else {
                Cause::CancelsWithBias
            }
        }
        Share::Z | Share::Gamma(_) => unsupported(true),
        Share::Epsilon(_) => unreachable!("ε is never 0"),
        Share::WSquared | Share::Flat | Share::Routing => {
            unreachable!("a weight that is not 0 has a share")
        }
    }
}

/// The relevance of every level, given the values of all and that of the outputs; with biases kept in denominators or not.
pub fn explain(
    wholes: &[Whole],
    rules: &[Share],
    keep: bool,
    activations: &[Vec<f64>],
    output: &[f64],
) -> Found {
    let mut relevance: Vec<Vec<f64>> = activations.iter().map(|x| vec![0.0; x.len()]).collect();
    let mut cuts = vec![0.0; activations.len()];
    let mut absorbed = vec![[0.0; 2]; wholes.len()];
    let (mut lost, mut condition) = (Vec::new(), 1.0_f64);
    relevance[wholes.len()] = output.to_vec();
    for level in (1..=wholes.len()).rev() {
        // Every layer above this level has handed on.
        cuts[level] = relevance[..=level].iter().flatten().sum();
        let (whole, rule) = (&wholes[level - 1], &rules[level - 1]);
        let x = whole.values(activations);
        for j in 0..relevance[level].len() {
            if relevance[level][j] == 0.0 {
                continue;
            }
            for fraction in fractions(whole, rule, keep, &x, j) {
                let carried = fraction.factor * relevance[level][j];
                let denominator = fraction.denominator();
                if carried == 0.0 {
                    continue;
                }
                if denominator == 0.0 {
                    lost.push(Lost {
                        level,
                        unit: j,
                        relevance: carried,
                        cause: cause(whole, (rule, &fraction), &x, j, activations[level][j]),
                    });
                    continue;
                }
                condition = condition.max(fraction.size() / denominator.abs());
                let part = |q: f64| q / denominator * carried;
                let [by_bias, by_epsilon] = &mut absorbed[level - 1];
                *by_bias += part(fraction.bias);
                *by_epsilon += part(fraction.epsilon.copysign(denominator));
                for (i, q) in &fraction.q {
                    let (from, unit) = whole.inputs[*i];
                    relevance[from][unit] += part(*q);
                }
            }
        }
    }
    cuts[0] = relevance[0].iter().sum();
    let magnitudes = relevance
        .iter()
        .map(|level| level.iter().map(|r| r.abs()).sum());
    Found {
        cuts,
        lost,
        absorbed,
        largest: magnitudes.fold(0.0, f64::max),
        condition,
        relevance,
    }
}
