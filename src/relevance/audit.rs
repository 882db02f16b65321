//! The audit: does every level sum to f(x), is no relevance negative, what was lost where, and who carries
//! relevance without having fired.

use ndarray::{ArrayView1, ArrayView2};

use schemars::JsonSchema;
use serde::Serialize;

use super::propagate::Stranded;
use crate::network::{Levels, each_sample, sum};

/// The tolerance of the conservation check unless another is asked for, relative to `Σ|R|` of the level.
pub const TOLERANCE: f64 = 1e-9;

/// The audit of one sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The figures of every level, input first.
    pub levels: Vec<LevelAudit>,
    /// Whether the two properties of the theory hold.
    pub checks: Checks,
    /// Relevance that could not be handed on, from the output down.
    pub lost: Vec<Stranded>,
    /// The levels on which units carry relevance without having fired, from the input up.
    pub silent: Vec<Silent>,
}

/// The figures of one level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelAudit {
    /// `Σ R`
    pub sum: f64,
    /// `|Σ R − f|`
    pub gap: f64,
    /// `min R`
    pub least: f64,
    /// Whether `|Σ R − f| ≤ tolerance · Σ|R|`.
    pub conserved: bool,
}

/// The two properties that the theory promises.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Checks {
    /// Every level sums to f(x).
    pub conservation: Conservation,
    /// No relevance is below 0.
    pub positivity: Positivity,
}

/// Every level sums to f(x), to within the tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Conservation {
    /// Whether it does, on every level.
    pub holds: bool,
    /// The largest `|Σ R − f(x)|` of a level.
    pub worst_gap: f64,
}

/// No relevance is below 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Positivity {
    /// Whether none is, on any level.
    pub holds: bool,
    /// The least relevance of any unit.
    pub least: f64,
}

/// Units of one level whose activation is 0 and whose relevance is not: there `R_j = c_j x_j`, on which the
/// theory builds, does not hold, though the sums may.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Silent {
    /// The level; never 0, for inputs do not fire.
    pub layer: usize,
    /// How many such units there are.
    pub units: usize,
    /// What they carry together.
    pub relevance: f64,
}

impl Checks {
    /// The checks of no sample at all: nothing fails.
    pub const NONE: Self = Self {
        conservation: Conservation {
            holds: true,
            worst_gap: 0.0,
        },
        positivity: Positivity {
            holds: true,
            least: 0.0,
        },
    };

    /// Whether both properties hold.
    pub fn hold(&self) -> bool {
        self.conservation.holds && self.positivity.holds
    }

    /// The checks of this and that together: both must hold, the worse figure counts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            conservation: Conservation {
                holds: self.conservation.holds && other.conservation.holds,
                worst_gap: self
                    .conservation
                    .worst_gap
                    .max(other.conservation.worst_gap),
            },
            positivity: Positivity {
                holds: self.positivity.holds && other.positivity.holds,
                least: self.positivity.least.min(other.positivity.least),
            },
        }
    }
}

/// Audits every sample of a batch; `f` holds the explained values, `stranded` what could not be handed on.
pub fn audit(
    activations: &Levels,
    relevance: &Levels,
    f: &[f64],
    mut stranded: Vec<Stranded>,
    tolerance: f64,
) -> Vec<Audit> {
    let levels: Vec<_> = (0..relevance.len())
        .map(|l| (activations.level(l), relevance.level(l)))
        .collect();
    let values = levels.iter().map(|(_, r)| r.len()).sum();
    let mut audits = each_sample(f.len(), values, |n| of_sample(&levels, n, f[n], tolerance));
    stranded.sort_by_key(|stuck| (stuck.sample, std::cmp::Reverse(stuck.layer), stuck.unit));
    for stuck in stranded {
        audits[stuck.sample].lost.push(stuck);
    }
    audits
}

fn of_sample(
    levels: &[(ArrayView2<f64>, ArrayView2<f64>)],
    n: usize,
    f: f64,
    tolerance: f64,
) -> Audit {
    let mut silent = Vec::new();
    let mut figures = Vec::with_capacity(levels.len());
    for (layer, (x, r)) in levels.iter().enumerate() {
        let (x, r) = (x.row(n), r.row(n));
        figures.push(of_level(r, f, tolerance));
        if layer > 0 {
            silent.extend(silent_units(layer, x, r));
        }
    }
    let worst_gap = figures.iter().map(|level| level.gap).fold(0.0, f64::max);
    let least = figures
        .iter()
        .map(|level| level.least)
        .fold(f64::INFINITY, f64::min);
    Audit {
        checks: Checks {
            conservation: Conservation {
                holds: figures.iter().all(|level| level.conserved),
                worst_gap,
            },
            positivity: Positivity {
                holds: least >= 0.0,
                least,
            },
        },
        levels: figures,
        lost: Vec::new(),
        silent,
    }
}

fn of_level(r: ArrayView1<f64>, f: f64, tolerance: f64) -> LevelAudit {
    let r = r
        .to_slice()
        .expect("the rows of a batch lie one behind the other");
    let (total, magnitude) = (sum(r, |r| r), sum(r, f64::abs));
    let gap = (total - f).abs();
    let least = r
        .iter()
        .copied()
        .fold(f64::INFINITY, |least, r| if r < least { r } else { least });
    LevelAudit {
        sum: total,
        gap,
        least,
        conserved: gap <= tolerance * magnitude,
    }
}

fn silent_units(layer: usize, x: ArrayView1<f64>, r: ArrayView1<f64>) -> Option<Silent> {
    let carried = |(&x, &r): (&f64, &f64)| if x == 0.0 { r } else { 0.0 };
    let (units, relevance) = x
        .iter()
        .zip(&r)
        .map(carried)
        .fold((0, 0.0), |(units, relevance), r| {
            (units + usize::from(r != 0.0), relevance + r)
        });
    (units > 0).then_some(Silent {
        layer,
        units,
        relevance,
    })
}
