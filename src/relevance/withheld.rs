//! What is not handed on: lost by units without inputs to hand it to, or absorbed by what stands in denominators beside them.

use ndarray::ArrayView2;

/// Relevance that a unit carries and can hand to none of its inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stranded {
    /// The explanation within the batch: the sample, where each has one target.
    pub sample: usize,
    /// The level of the unit.
    pub layer: usize,
    /// The unit.
    pub unit: usize,
    /// How much of it: what it carries, times the factor of the fraction.
    pub relevance: f64,
    /// Which fraction of its rule has no input for it.
    pub fraction: usize,
}

/// Relevance that what stands in the denominators of a layer besides its inputs has kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Absorbed {
    /// The explanation within the batch: the sample, where each has one target.
    pub sample: usize,
    /// The level that the layer makes.
    pub layer: usize,
    /// `Σ_j b'_j s_j`, by the biases.
    pub by_bias: f64,
    /// `Σ_j ε s_j`
    pub by_epsilon: f64,
}

/// What a batch could not hand on.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    /// What units could hand to none of their inputs.
    pub lost: Vec<Stranded>,
    /// What biases and ε absorbed, of every layer and sample where they absorbed any.
    pub absorbed: Vec<Absorbed>,
}

/// How one sample's relevance was handed down by products.
pub(super) struct Handed {
    /// Units with relevance over a denominator of 0.
    pub stuck: Vec<usize>,
    /// What biases and ε absorbed.
    pub absorbed: [f64; 2],
    /// What the sample's relevance was divided by, a power of two; none where it stayed as it is.
    pub scale: Option<f64>,
    /// Whether every product stayed far from the ends of f64; where not, nothing was handed down yet.
    pub tame: bool,
}

impl Withheld {
    /// Takes on what a fraction of the layer of a level could not hand on of what units carry, in explanations from the `first` on.
    pub(super) fn add(
        &mut self,
        (layer, fraction): (usize, usize),
        first: usize,
        handed: &[Handed],
        carried: ArrayView2<f64>,
        factor: f64,
    ) {
        for (sample, handed) in handed.iter().enumerate() {
            self.lost.extend(handed.stuck.iter().map(|&unit| Stranded {
                sample: first + sample,
                layer,
                unit,
                relevance: factor * carried[[sample, unit]],
                fraction,
            }));
            let [by_bias, by_epsilon] = handed.absorbed;
            if by_bias != 0.0 || by_epsilon != 0.0 {
                self.absorbed.push(Absorbed {
                    sample: first + sample,
                    layer,
                    by_bias,
                    by_epsilon,
                });
            }
        }
    }
}
