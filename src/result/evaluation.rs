//! The result of `deeptaylor evaluate`: what every rule comes to on the same network and samples.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EvaluatedRule, InputsInfo, Kind, Origin};
use crate::evaluate::{Examination, Findings};
use crate::init::layers_of;
use crate::measure::{flipping::area_over, of_promises};
use crate::network::{LevelKind, Network};
use crate::relevance::audit::Checks;

/// The result of `deeptaylor evaluate`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "evaluation")]
pub struct Evaluation {
    /// Always `evaluation`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// The network: its layers as `--layers` takes them, its name, or its size.
    pub network: String,
    /// The name of the network; empty where it has none.
    pub name: String,
    /// What was explained.
    pub inputs: InputsInfo,
    /// How many explanations every rule gives: one a sample, or one for each target of a sample.
    pub explanations: usize,
    /// Which output was explained, as it was asked for.
    pub target: String,
    /// Of the noise, the random order and the first draw of weights; the others follow it one by one.
    pub seed: u64,
    /// Conservation holds while `|Σ R − f(x)|` is at most this part of `Σ|R|` of the output level.
    pub tolerance: f64,
    /// The noise in the inputs.
    pub noise: NoiseInfo,
    /// How weights were drawn anew.
    pub randomisation: RandomisationInfo,
    /// How inputs were set to 0.
    pub flipping: FlippingInfo,
    /// Whether these rules were asked for. Else they are all that are defined, and none of them counts for the exit status.
    pub asked: bool,
    /// What every rule has on top of it, as the command line spells it: `--rule-bias keep`, `--layer-rule first=zB`.
    pub on_top: Vec<String>,
    /// One entry a rule, in the order in which they were asked for.
    pub rules: Vec<EvaluatedRule>,
    /// Rules that are not evaluated.
    pub left_out: Vec<LeftOutRule>,
    /// The two properties over all samples, each under the rules that promise it, or under all where none does.
    pub checks: Checks,
    /// What the figures say, in plain language.
    pub interpretation: Vec<String>,
}

/// The noise in the inputs: each x_i is moved to a value drawn evenly from `[x_i − δ_i, x_i + δ_i]`, within its bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoiseInfo {
    /// δ_i as a part of the range of the input.
    pub size: f64,
    /// How many noisy copies of each sample there are.
    pub copies: usize,
    /// What the range of an input is, in words.
    pub range: String,
}

/// How weights were drawn anew, from the top down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RandomisationInfo {
    /// The scheme, as `--scheme` takes it.
    pub scheme: String,
    /// How many networks were drawn for each number of layers.
    pub draws: usize,
    /// The layers with weights from the top down: the first alone is drawn anew, then the first two, and so on.
    pub layers: Vec<RandomisedLayer>,
}

/// A layer with weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RandomisedLayer {
    /// Its level, from 1 up.
    pub layer: usize,
    /// What makes it.
    #[serde(rename = "type")]
    pub kind: LevelKind,
    /// Its name; empty where it has none.
    pub name: String,
}

/// How inputs were set to 0, in batches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FlippingInfo {
    /// In how many batches.
    pub batches: usize,
    /// `Σ f / Σ f(x)` with none to all of the batches gone, in random orders, ten for each sample; null where `Σ f(x)` is not above 0.
    pub random: Option<Vec<f64>>,
    /// The area over that curve.
    pub random_area: Option<f64>,
}

/// A rule that is not evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOutRule {
    /// The rule.
    pub rule: String,
    /// Why.
    pub why: String,
    /// The evaluated rule that it is on this network; null where it is left out for another reason.
    pub same_as: Option<String>,
}

impl Evaluation {
    /// The result of an examination; `source` says where its samples come from, and `target` what was explained.
    pub fn new(
        examination: &Examination,
        findings: &Findings,
        source: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        let Examination {
            network,
            samples,
            noise,
            randomisation,
            ..
        } = examination;
        let layers = findings.randomised.iter();
        let each = findings.rules.iter().enumerate();
        let rules: Vec<EvaluatedRule> = each
            .map(|(n, rule)| EvaluatedRule::new(n, rule, samples.nrows()))
            .collect();
        let range = match network.input().bounds {
            Some(_) => "that of its bounds",
            None => "from the least to the largest of all values and 0",
        };
        Self {
            kind: Kind::Evaluation,
            made_by: None,
            network: layers_of(network),
            name: network.name().to_owned(),
            explanations: samples.nrows(),
            asked: true,
            on_top: Vec::new(),
            inputs: InputsInfo {
                units: samples.ncols(),
                samples: samples.nrows(),
                source: source.into(),
            },
            target: target.into(),
            seed: examination.seed,
            tolerance: examination.tolerance,
            noise: NoiseInfo {
                size: noise.size,
                copies: noise.copies,
                range: range.to_owned(),
            },
            randomisation: RandomisationInfo {
                scheme: randomisation.scheme.to_string(),
                draws: randomisation.draws,
                layers: layers
                    .map(|&level| RandomisedLayer::new(network, level))
                    .collect(),
            },
            flipping: FlippingInfo {
                batches: examination.batches.min(samples.ncols()),
                random_area: findings.random_flipping.as_deref().map(area_over),
                random: findings.random_flipping.clone(),
            },
            checks: of_rules(&rules),
            rules,
            left_out: Vec::new(),
            interpretation: Vec::new(),
        }
    }

    /// The same of so many samples, each of which is explained for several targets.
    #[must_use]
    pub fn of_samples(mut self, samples: usize) -> Self {
        self.inputs.samples = samples;
        self
    }

    /// What an explanation is called where they are counted: of a sample there may be several.
    pub fn noun(&self) -> &'static str {
        if self.explanations == self.inputs.samples {
            "sample"
        } else {
            "explanation"
        }
    }

    /// Whether the checks hold that count: of rules that were asked for what they promise, or, to be strict, everything.
    pub fn passes(&self, strict: bool) -> bool {
        !self.asked || self.rules.iter().all(|rule| rule.passes(strict))
    }

    /// The same without times, which are others each time.
    #[must_use]
    pub fn without_times(mut self) -> Self {
        for rule in &mut self.rules {
            rule.seconds = None;
        }
        self
    }
}

/// The two properties, each under the rules that promise it, or under all where none does.
pub(crate) fn of_rules(rules: &[EvaluatedRule]) -> Checks {
    let each: Vec<Checks> = rules.iter().map(EvaluatedRule::checks).collect();
    of_promises(&each)
}

impl RandomisedLayer {
    fn new(network: &Network, level: usize) -> Self {
        let layer = network.layer(level);
        Self {
            layer: level,
            kind: layer.into(),
            name: layer.name().to_owned(),
        }
    }
}
