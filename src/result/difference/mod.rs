//! The result of `deeptaylor diff`: how relevance differs between two explanations of the same samples.

mod matching;
mod side;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, Origin};
use crate::error::Invalid;
use crate::measure::{by_size, cosine, largest_size, mean, moved};
use crate::samples::Tag;

pub use side::{Explained, ExplainedInputs, ExplainedSample, Side};

/// The relevance of the inputs under B less that under A, `d_i = R_i(B) − R_i(A)`, sample by sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "difference")]
pub struct Difference {
    /// Always `difference`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// What is taken away.
    pub a: Side,
    /// What it is taken from.
    pub b: Side,
    /// The inputs, which both have.
    pub inputs: ExplainedInputs,
    /// One entry an explanation, in the order of A.
    pub samples: Vec<SampleDifference>,
    /// All of them together.
    pub summary: DifferenceSummary,
    /// What these numbers say of all samples, in plain language.
    pub interpretation: Vec<String>,
}

/// How the two differ on one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "sample_difference")]
pub struct SampleDifference {
    /// Which of all samples it is.
    pub sample: Option<usize>,
    /// What it is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Its class, where it brought one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Tag>,
    /// The values of the inputs, as A explains them.
    pub values: Vec<f64>,
    /// The values that B explains; left out where they are the same, as they are but for samples that are matched by their ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values_in_b: Vec<f64>,
    /// The largest `|x_i(B) − x_i(A)|`.
    pub largest_value_difference: f64,
    /// What A says of it.
    pub a: SideFigures,
    /// What B says of it.
    pub b: SideFigures,
    /// `d_i = R_i(B) − R_i(A)`
    pub difference: Vec<f64>,
    /// `Σ d`: what the inputs carry more in B than in A.
    pub sum: f64,
    /// The largest `|d_i|`.
    pub largest: f64,
    /// The cosine between R(A) and R(B), from −1 to 1; null where one of them is 0 everywhere.
    pub cosine: Option<f64>,
    /// `½ Σ |R_i(B)/Σ|R(B)| − R_i(A)/Σ|R(A)||`: the part of relevance that lies elsewhere, or has the other sign, from 0 to 1; null
    /// where one of them is 0 everywhere.
    pub moved: Option<f64>,
    /// How many inputs have positive relevance on one side and negative on the other.
    pub turned: usize,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
}

/// What one of the two says of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "told")]
pub struct SideFigures {
    /// What is explained.
    pub target: String,
    /// f(x)
    pub value: f64,
    /// `Σ R` of the inputs.
    pub sum: f64,
    /// `f(x) − Σ R`: what was lost or absorbed, or is missing from a gradient method.
    pub withheld: f64,
    /// R of the inputs.
    pub relevance: Vec<f64>,
}

/// How the two differ over all samples.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "difference_summary")]
pub struct DifferenceSummary {
    /// How many explanations there are.
    pub samples: usize,
    /// In how many of them every d is 0.
    pub same: usize,
    /// In how many of them A and B explain different outputs.
    pub other_targets: usize,
    /// The mean cosine; null where none is defined.
    pub cosine: Option<f64>,
    /// The least cosine, with the number of the first sample that has it.
    pub least_cosine: Option<OfSample>,
    /// The mean part of relevance that moved.
    pub moved: Option<f64>,
    /// The largest part that moved, with the number of the first sample in which it did.
    pub most_moved: Option<OfSample>,
}

/// A figure, and the sample that has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "of_sample")]
pub struct OfSample {
    /// The number of the sample.
    pub sample: usize,
    /// The figure.
    pub value: f64,
}

impl Difference {
    /// The places of the samples, those that moved most first.
    pub fn by_moved(&self) -> Vec<usize> {
        let moved = |n: usize| self.samples[n].moved.unwrap_or(0.0);
        by_size(self.samples.len(), moved)
    }

    /// What B says more than A, sample by sample, without words.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where the two are not of the same samples and inputs, or a number leaves f64.
    pub fn between(a: Explained, b: Explained) -> Result<Self, Invalid> {
        let inputs = a.inputs.with(&b.inputs)?;
        let pairs = matching::matched(a.samples, b.samples, &inputs)?;
        let samples = pairs.into_iter().enumerate();
        let samples = samples.map(|(n, (a, b))| SampleDifference::new(n, a, &b));
        let samples = samples.collect::<Result<Vec<_>, Invalid>>()?;
        Ok(Self {
            kind: Kind::Difference,
            made_by: None,
            a: a.side,
            b: b.side,
            inputs,
            summary: DifferenceSummary::of(&samples),
            samples,
            interpretation: Vec::new(),
        })
    }
}

impl SampleDifference {
    fn new(n: usize, a: ExplainedSample, b: &ExplainedSample) -> Result<Self, Invalid> {
        let number = a.sample.unwrap_or(n);
        let of = Self {
            sample: a.sample,
            id: a.id.clone(),
            label: a.label.clone(),
            values_in_b: if a.values == b.values {
                Vec::new()
            } else {
                b.values.clone()
            },
            largest_value_difference: 0.0,
            difference: Vec::new(),
            sum: 0.0,
            largest: 0.0,
            cosine: None,
            moved: None,
            turned: 0,
            interpretation: Vec::new(),
            a: SideFigures::new(&a),
            b: SideFigures::new(b),
            values: a.values,
        };
        let of = of.measured();
        let whole = of
            .difference
            .iter()
            .chain([&of.sum, &of.a.withheld, &of.b.withheld]);
        if whole
            .chain([&of.largest_value_difference])
            .all(|x| x.is_finite())
        {
            return Ok(of);
        }
        let expected = "expected relevance within f64 in both, and in their difference";
        Err(Invalid::new(
            format!("sample {number}"),
            expected,
            "some beyond 1.8e308",
        ))
    }

    /// The same with its figures, which follow from what the two say.
    pub(super) fn measured(mut self) -> Self {
        let (a, b) = (&self.a.relevance, &self.b.relevance);
        self.cosine = cosine(a, b);
        self.moved = moved(a, b);
        self.difference = apart(b, a);
        self.largest_value_difference = largest_size(&apart(&self.values_in_b, &self.values));
        let both = a.iter().zip(b);
        self.turned = both.filter(|(a, b)| turns(**a, **b)).count();
        self.sum = self.difference.iter().sum();
        self.largest = largest_size(&self.difference);
        self
    }

    /// Whether both give every input the same relevance.
    pub fn is_same(&self) -> bool {
        self.largest == 0.0
    }
}

/// Each of some numbers less one of others.
fn apart(of: &[f64], from: &[f64]) -> Vec<f64> {
    of.iter().zip(from).map(|(b, a)| b - a).collect()
}

/// Whether one is positive and the other negative.
fn turns(a: f64, b: f64) -> bool {
    a < 0.0 && b > 0.0 || a > 0.0 && b < 0.0
}

impl SideFigures {
    fn new(sample: &ExplainedSample) -> Self {
        let sum = sample.relevance.iter().sum();
        Self {
            target: sample.target.clone(),
            value: sample.value,
            sum,
            withheld: sample.value - sum,
            relevance: sample.relevance.clone(),
        }
    }
}

impl DifferenceSummary {
    pub(super) fn of(samples: &[SampleDifference]) -> Self {
        let figures = |of: fn(&SampleDifference) -> Option<f64>| {
            let each = samples.iter().enumerate();
            each.filter_map(move |(n, one)| {
                let sample = one.sample.unwrap_or(n);
                Some(OfSample {
                    sample,
                    value: of(one)?,
                })
            })
        };
        let mean_of = |of| mean(figures(of).map(|one| one.value));
        // The first of several.
        let first = |of, is_better: fn(f64, f64) -> bool| {
            figures(of).reduce(|best, one| {
                if is_better(one.value, best.value) {
                    one
                } else {
                    best
                }
            })
        };
        Self {
            samples: samples.len(),
            same: samples.iter().filter(|one| one.is_same()).count(),
            other_targets: samples
                .iter()
                .filter(|one| one.a.target != one.b.target)
                .count(),
            cosine: mean_of(|one| one.cosine),
            least_cosine: first(|one| one.cosine, |a, b| a < b),
            moved: mean_of(|one| one.moved),
            most_moved: first(|one| one.moved, |a, b| a > b),
        }
    }
}
