//! The result of `deeptaylor explain`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::held;
use super::{Flow, Messages, NetworkInfo, Origin, Summary, TargetInfo};
use crate::measure::shares;
use crate::network::Network;
use crate::relevance::{Batch, Cause, Checks, LevelExpansion, Plan, Silent, Stranded, TOLERANCE};
use crate::samples::Tag;

/// The result of `deeptaylor explain`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "explanation")]
pub struct Explanation {
    /// Always `explanation`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// The network that was explained.
    pub network: NetworkInfo,
    /// One entry a sample, in the order in which they were given.
    pub samples: Vec<Sample>,
    /// The checks over all samples.
    pub checks: Checks,
    /// Conservation holds while `|Σ R − f(x)|` is at most this part of `Σ|R|` of the output level.
    #[serde(default = "usual_tolerance")]
    pub tolerance: f64,
    /// Where they fail, and where there is nothing to check.
    #[serde(default)]
    pub summary: Summary,
}

/// That of results which do not say theirs.
fn usual_tolerance() -> f64 {
    TOLERANCE
}

/// What a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Kind {
    /// An [`Explanation`].
    Explanation,
    /// An [`Inspection`].
    Inspection,
    /// A [`Taylor`].
    Taylor,
    /// A [`TaylorFunction`].
    #[serde(rename = "taylor-function")]
    TaylorFunction,
    /// A [`Comparison`].
    Comparison,
    /// A [`Training`].
    Training,
}

/// The explanation of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    /// Which of all samples it is, counted from 0; results of older versions say it by their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<usize>,
    /// What the sample is called, where it brought a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Tag>,
    /// Its class, where it brought one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Tag>,
    /// Which output was explained.
    pub target: TargetInfo,
    /// The levels, input first, output last.
    pub layers: Vec<Layer>,
    /// Whether relevance was conserved and positive.
    pub checks: Checks,
    /// Relevance that could not be handed on, from the output down.
    pub lost: Vec<Lost>,
    /// Levels on which units carry relevance without having fired.
    pub silent: Vec<Silent>,
    /// The inputs that lie outside of their bounds; left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside_bounds: Vec<usize>,
    /// The rules held against the Taylor expansions behind them; left out unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansion: Option<ExpansionFigures>,
    /// What units hand to units, the least relevant of a level gathered; left out beyond the first samples of a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// What every unit hands to every input of it; left out unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges: Option<Vec<Messages>>,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
}

/// The rules held against the Taylor expansions behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "expansion")]
pub struct ExpansionFigures {
    /// Units that carry relevance and have a root.
    pub roots: usize,
    /// Units that carry relevance and have none.
    pub rootless: usize,
    /// Roots that lie outside of the domain of the level below their unit.
    pub outside_domain: usize,
    /// The largest difference between what a unit gets by the rule and by the expansions.
    pub largest_difference: f64,
    /// The same for every level, input first (the input has no roots).
    pub layers: Vec<LayerExpansion>,
}

/// The expansions of one level in figures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct LayerExpansion {
    /// Units that carry relevance and have a root.
    pub roots: usize,
    /// Units that carry relevance and have none.
    pub rootless: usize,
    /// Roots that lie outside of the domain of the level below.
    pub outside_domain: usize,
    /// The largest difference between rule and expansions.
    pub largest_difference: f64,
}

/// One level of one sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Layer {
    /// The activation of every unit.
    pub activations: Vec<f64>,
    /// The relevance of every unit.
    pub relevance: Vec<f64>,
    /// The relevance of every unit as a part of f(x); null where f(x) is 0 and there is nothing to take part in.
    pub share: Option<Vec<f64>>,
    /// `Σ R`
    pub sum: f64,
    /// `|Σ R − f(x)|`
    pub gap: f64,
    /// The least relevance of a unit.
    pub least: f64,
    /// `Σ_j R_j · min(1, b_j⁺ / z_j) / Σ_j R_j` over the firing units: how much of what they carry their biases
    /// brought about, not their inputs. Null for the input, and where no firing unit carries relevance.
    #[serde(default)]
    pub bias_share: Option<f64>,
}

/// Relevance that a unit could not hand on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lost {
    /// The level of the unit, 0 being the input.
    pub layer: usize,
    /// The unit, counted from 0.
    pub unit: usize,
    /// How much was lost.
    pub relevance: f64,
    /// Why, in words.
    pub cause: String,
    /// Why, as a program reads it; null in results of programs that did not say.
    #[serde(default)]
    pub code: Option<Cause>,
}

impl Explanation {
    /// A result without samples yet, of the usual tolerance.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        Self {
            kind: Kind::Explanation,
            made_by: None,
            network: NetworkInfo::new(network, plan),
            samples: Vec::new(),
            checks: Checks::NONE,
            tolerance: TOLERANCE,
            summary: Summary::default(),
        }
    }

    /// Adds a sample and counts it in.
    pub fn push(&mut self, sample: Sample) {
        self.count(&sample);
        self.samples.push(sample);
    }

    /// Counts a sample in without keeping it: what is said of all samples together includes it from now on.
    pub fn count(&mut self, sample: &Sample) {
        self.checks = if self.summary.samples == 0 {
            sample.checks
        } else {
            self.checks.and(sample.checks)
        };
        let carries = sample.carries_relevance();
        self.summary.add(&self.network, sample, carries);
    }
}

impl Sample {
    /// Whether any unit of it carries relevance; where none does, the checks hold with nothing to check.
    pub(crate) fn carries_relevance(&self) -> bool {
        let mut relevance = self.layers.iter().flat_map(|layer| &layer.relevance);
        relevance.any(|&r| r != 0.0)
    }

    /// The result for sample `n` of a batch, without an interpretation.
    ///
    /// # Panics
    ///
    /// When the batch has no such sample.
    pub fn new(network: &NetworkInfo, plan: &Plan, batch: &Batch, n: usize) -> Self {
        let (audit, chosen) = (&batch.audits()[n], batch.chosen()[n]);
        let layers = audit.levels.iter().enumerate().map(|(l, level)| {
            let relevance = batch.relevance(l).row(n).to_vec();
            Layer {
                activations: batch.activations(l).row(n).to_vec(),
                share: shares(&relevance, chosen.value),
                relevance,
                sum: level.sum,
                gap: level.gap,
                least: level.least,
                bias_share: level.bias_share,
            }
        });
        let lost = audit.lost.iter();
        Self {
            sample: Some(n),
            id: None,
            label: None,
            target: TargetInfo {
                tied: batch.tied(n),
                ..TargetInfo::new(network, chosen)
            },
            layers: layers.collect(),
            checks: audit.checks,
            lost: lost
                .map(|stuck| Lost::new(stuck, plan, batch.cause(stuck)))
                .collect(),
            silent: audit.silent.clone(),
            outside_bounds: batch.outside_bounds(n),
            expansion: batch
                .expansions()
                .map(|samples| ExpansionFigures::new(&samples[n])),
            flow: None,
            edges: None,
            interpretation: Vec::new(),
        }
    }
}

impl ExpansionFigures {
    fn new(levels: &[LevelExpansion]) -> Self {
        let layers = levels.iter().map(|level| LayerExpansion {
            roots: level.roots,
            rootless: level.rootless,
            outside_domain: level.outside_domain,
            largest_difference: held(level.largest_difference),
        });
        Self {
            roots: levels.iter().map(|level| level.roots).sum(),
            rootless: levels.iter().map(|level| level.rootless).sum(),
            outside_domain: levels.iter().map(|level| level.outside_domain).sum(),
            largest_difference: levels
                .iter()
                .map(|level| held(level.largest_difference))
                .fold(0.0, f64::max),
            layers: std::iter::once(LayerExpansion::default())
                .chain(layers)
                .collect(),
        }
    }
}

impl Lost {
    fn new(stuck: &Stranded, plan: &Plan, cause: Cause) -> Self {
        Self {
            layer: stuck.layer,
            unit: stuck.unit,
            relevance: stuck.relevance,
            cause: cause.in_words(plan.rule(stuck.layer)),
            code: Some(cause),
        }
    }
}
