//! The result of `deeptaylor compare`: what every scheme came to, over its seeds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::Quantity::{Count, Decimals, Number, Part, Share};
use super::column::{Better, Column};
use super::{Conserved, Kind, Origin, Positive, Promised};
use crate::compare::{Entry, Experiment, Statistic};
use crate::init::Scheme;
use crate::measure::{Spread, together};
use crate::relevance::{Policy, audit::Checks};

/// The result of `deeptaylor compare`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "comparison")]
pub struct Comparison {
    /// Always `comparison`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// The layers of the networks that were drawn, as `--layers` takes them.
    pub layers: String,
    /// Which seeds were drawn.
    pub seeds: SeedsInfo,
    /// What the networks were explained on.
    pub inputs: InputsInfo,
    /// Which output was explained: `max`, `all`, or its index.
    pub target: String,
    /// One entry for each scheme, biases and rule, and for each given network.
    pub schemes: Vec<SchemeFigures>,
    /// The two properties over all of them.
    pub checks: Checks,
    /// What the figures say, in plain language.
    pub interpretation: Vec<String>,
}

/// Which seeds were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SeedsInfo {
    /// The first; the others follow it one by one.
    pub first: u64,
    /// How many.
    pub number: usize,
}

/// What the networks were explained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputsInfo {
    /// How many inputs a network has.
    pub units: usize,
    /// How many samples there were.
    pub samples: usize,
    /// Where they come from, in words.
    pub source: String,
}

/// What one scheme came to. Figures are means over the seeds; `spread` has more of each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "scheme")]
pub struct SchemeFigures {
    /// The scheme as it is spelt, or the name of a given network.
    pub scheme: String,
    /// The distribution of its weights; null for a given network.
    pub formula: Option<String>,
    /// The layers of a given network; null where they are those of the comparison.
    pub layers: Option<String>,
    /// The biases that were asked for; null where they are the scheme's own (0, but for pytorch) or the file's.
    pub bias: Option<String>,
    /// The rule.
    pub rule: String,
    /// The rule as a plan file has it; results of older versions do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Policy>,
    /// How many networks were drawn.
    pub seeds: usize,
    /// How many explanations there were: seeds × samples.
    pub runs: usize,
    /// In how many of them f(x) was not 0; the figures about the inputs are of these.
    pub explained: usize,
    /// Every level sums to f(x).
    pub conservation: Conserved,
    /// No relevance is below 0.
    pub positivity: Positive,
    /// What the rule promises of the two.
    #[serde(default)]
    pub promised: Promised,
    /// f(x): means over the samples, spread over the seeds.
    pub output: Option<Spread>,
    /// What units could not hand on, as a part of |f(x)|; null where all f(x) are 0.
    pub lost_share: Option<f64>,
    /// Part of the ReLU units that fire for no sample; null where there is none.
    pub silent_units: Option<f64>,
    /// What units carry that did not fire, on the level where it is most, as a part of |f(x)|; null where all f(x) are 0.
    pub silent_relevance: Option<f64>,
    /// The largest share of an input; null where no relevance reaches the inputs, as the four that follow.
    pub largest_share: Option<f64>,
    /// The exponential of the entropy of the inputs' shares: n where n share equally.
    pub effective_inputs: Option<f64>,
    /// The Gini coefficient of the inputs' shares: 0 where all are equal.
    pub gini: Option<f64>,
    /// The mean cosine between the relevances that two seeds give the inputs of a sample; null for a single seed.
    pub seed_agreement: Option<f64>,
    /// The mean cosine between |R| and |x| at the inputs.
    pub value_agreement: Option<f64>,
    /// `mean w⁴ / (mean w²)²` of a layer's weights, the mean over layers: how heavy their tails are. Null for zeros.
    pub kurtosis: Option<f64>,
    /// How these figures are spread over the seeds.
    pub spread: Spreads,
}

/// The spread over seeds of each figure; null where no seed has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "spreads")]
pub struct Spreads {
    /// See [`SchemeFigures::lost_share`].
    pub lost_share: Option<Spread>,
    /// See [`SchemeFigures::silent_units`].
    pub silent_units: Option<Spread>,
    /// See [`SchemeFigures::silent_relevance`].
    pub silent_relevance: Option<Spread>,
    /// See [`SchemeFigures::largest_share`].
    pub largest_share: Option<Spread>,
    /// See [`SchemeFigures::effective_inputs`].
    pub effective_inputs: Option<Spread>,
    /// See [`SchemeFigures::gini`].
    pub gini: Option<Spread>,
    /// See [`SchemeFigures::value_agreement`].
    pub value_agreement: Option<Spread>,
    /// See [`SchemeFigures::kurtosis`].
    pub kurtosis: Option<Spread>,
}

/// A figure of a scheme.
pub type Figure = Column<SchemeFigures>;

/// Runs in which a property holds, and the worst figure; f(x) over the seeds.
pub static PROPERTIES: [Figure; 6] = [
    Figure::new(
        "conserved",
        "conserved",
        "runs in which every layer sums to f(x)",
        |s| Some(Part(s.conservation.holds, s.runs)),
    )
    .better(Better::More),
    Figure::new(
        "worst_gap",
        "gap",
        "the largest |ΣR − f(x)| of a layer or cut",
        |s| Some(Number(s.conservation.worst_gap)),
    )
    .long("largest gap"),
    Figure::new(
        "positive",
        "positive",
        "runs in which no relevance is below 0",
        |s| Some(Part(s.positivity.holds, s.runs)),
    )
    .better(Better::More),
    Figure::new("least", "least", "the least relevance of a unit", |s| {
        Some(Number(s.positivity.least))
    })
    .long("least relevance"),
    Figure::new(
        "output_mean",
        "f(x)",
        "the mean over samples and seeds",
        |s| s.output.map(|output| Number(output.mean)),
    )
    .spread(|s| s.output),
    Figure::new(
        "output_sd",
        "± sd",
        "its standard deviation over the seeds",
        |s| s.output.and_then(|output| output.sd).map(Number),
    ),
];

/// What is lost or lies on silent units, and how relevance is spread over the inputs.
pub static SHARES: [Figure; 8] = [
    Figure::new(
        "lost_share",
        "lost",
        "part of f(x) that units could not redistribute",
        |s| s.lost_share.map(Share),
    )
    .better(Better::Less)
    .spread(|s| s.spread.lost_share),
    Figure::new(
        "silent_units",
        "silent",
        "part of the ReLU units that fire for no sample",
        |s| s.silent_units.map(Share),
    )
    .long("silent units")
    .better(Better::Less)
    .spread(|s| s.spread.silent_units),
    Figure::new(
        "silent_relevance",
        "carry",
        "part of f(x) on units that did not fire, on the level where it is most",
        |s| s.silent_relevance.map(Share),
    )
    .long("carried by silent units")
    .better(Better::Less)
    .spread(|s| s.spread.silent_relevance),
    Figure::new(
        "largest_share",
        "largest",
        "the largest share of an input",
        |s| s.largest_share.map(Share),
    )
    .long("largest share")
    .spread(|s| s.spread.largest_share),
    Figure::new(
        "effective_inputs",
        "inputs",
        "effective inputs, the exponential of the entropy of the shares, n where n share equally",
        |s| s.effective_inputs.map(Number),
    )
    .long("effective inputs")
    .spread(|s| s.spread.effective_inputs),
    Figure::new(
        "gini",
        "Gini",
        "0 where all share equally, 1 − 1/n where one of n has all",
        |s| s.gini.map(Decimals),
    )
    .long("Gini coefficient")
    .spread(|s| s.spread.gini),
    Figure::new(
        "seed_agreement",
        "seeds",
        "the mean cosine between the relevances of the inputs under two seeds",
        |s| s.seed_agreement.map(Decimals),
    )
    .long("cosine between two seeds"),
    Figure::new(
        "value_agreement",
        "|x|",
        "the mean cosine between |R| and |x| at the inputs",
        |s| s.value_agreement.map(Decimals),
    )
    .long("cosine between |R| and |x|")
    .spread(|s| s.spread.value_agreement),
];

/// How many runs there were.
pub static RUNS: [Figure; 3] = [
    Figure::new("seeds", "seeds", "how many networks were drawn", |s| {
        Some(Count(s.seeds))
    }),
    Figure::new("runs", "runs", "seeds × samples", |s| Some(Count(s.runs))),
    Figure::new(
        "explained",
        "f(x) ≠ 0",
        "in how many runs f(x) is not 0",
        |s| Some(Count(s.explained)),
    ),
];

/// What the weights are like.
pub static WEIGHTS: [Figure; 1] = [Figure::new(
    "kurtosis",
    "kurtosis",
    "how heavy the tails of the weights are: 1.8 for uniform, 3 for normal ones",
    |s| s.kurtosis.map(Number),
)
.long("kurtosis of the weights")
.spread(|s| s.spread.kurtosis)];

/// Every column, in the order of CSV.
pub fn columns() -> impl Iterator<Item = &'static Figure> {
    RUNS.iter()
        .chain(&PROPERTIES)
        .chain(&SHARES)
        .chain(&WEIGHTS)
}

impl Comparison {
    /// The result of an experiment; `source` says where its samples come from.
    pub fn new(experiment: &Experiment, entries: &[Entry], source: impl Into<String>) -> Self {
        let mut comparison = Self {
            kind: Kind::Comparison,
            made_by: None,
            layers: experiment.architecture.to_string(),
            seeds: SeedsInfo {
                first: experiment.first_seed,
                number: experiment.seeds,
            },
            inputs: InputsInfo {
                units: experiment.samples.ncols(),
                samples: experiment.samples.nrows(),
                source: source.into(),
            },
            target: experiment.target.to_string(),
            schemes: entries.iter().map(SchemeFigures::new).collect(),
            checks: together(entries.iter().map(|entry| entry.checked.together())),
            interpretation: Vec::new(),
        };
        comparison.order();
        comparison
    }

    /// Puts those side by side that share rule and biases, each setting where it first comes up.
    fn order(&mut self) {
        let mut settings: Vec<(String, Option<String>)> = Vec::new();
        let key = |scheme: &SchemeFigures| (scheme.rule.clone(), scheme.bias.clone());
        for scheme in &self.schemes {
            if !settings.contains(&key(scheme)) {
                settings.push(key(scheme));
            }
        }
        self.schemes
            .sort_by_key(|scheme| settings.iter().position(|setting| *setting == key(scheme)));
    }
}

impl SchemeFigures {
    /// Whether rule and biases are the same.
    pub fn same_setting(&self, other: &Self) -> bool {
        self.rule == other.rule && self.bias == other.bias
    }

    /// Whether the weights were drawn by a scheme, and are not those of a given network.
    pub fn is_drawn(&self) -> bool {
        self.formula.is_some()
    }

    /// The distribution of the biases that the scheme has of itself, where it has any and no others were asked for.
    pub fn own_biases(&self) -> Option<&'static str> {
        let scheme: Scheme = self.scheme.parse().ok()?;
        let formula = scheme.bias_formula();
        (self.is_drawn() && self.bias.is_none() && formula != "0").then_some(formula)
    }

    fn new(entry: &Entry) -> Self {
        let mean = |figure| entry.spread(figure).map(|spread| spread.mean);
        let checks = entry.checked.together();
        Self {
            scheme: entry.name.clone(),
            formula: entry.scheme.map(|s| s.family().formula().to_owned()),
            layers: entry.layers.as_ref().map(ToString::to_string),
            bias: entry.bias.map(|bias| bias.to_string()),
            rule: entry.policy.to_string(),
            plan: Some(entry.policy.clone()),
            seeds: entry.seeds,
            runs: entry.runs,
            explained: entry.explained,
            conservation: Conserved {
                holds: entry.checked.conserved,
                worst_gap: checks.conservation.worst_gap,
            },
            positivity: Positive {
                holds: entry.checked.positive,
                least: checks.positivity.least,
            },
            promised: checks.into(),
            output: entry.spread(Statistic::Output),
            lost_share: mean(Statistic::LostShare),
            silent_units: mean(Statistic::SilentUnits),
            silent_relevance: mean(Statistic::SilentRelevance),
            largest_share: mean(Statistic::LargestShare),
            effective_inputs: mean(Statistic::EffectiveInputs),
            gini: mean(Statistic::Gini),
            seed_agreement: entry.seed_agreement,
            value_agreement: mean(Statistic::ValueAgreement),
            kurtosis: mean(Statistic::Kurtosis),
            spread: Spreads {
                lost_share: entry.spread(Statistic::LostShare),
                silent_units: entry.spread(Statistic::SilentUnits),
                silent_relevance: entry.spread(Statistic::SilentRelevance),
                largest_share: entry.spread(Statistic::LargestShare),
                effective_inputs: entry.spread(Statistic::EffectiveInputs),
                gini: entry.spread(Statistic::Gini),
                value_agreement: entry.spread(Statistic::ValueAgreement),
                kurtosis: entry.spread(Statistic::Kurtosis),
            },
        }
    }

    /// Whether both properties hold in every run.
    pub fn holds(&self) -> bool {
        self.conservation.holds == self.runs && self.positivity.holds == self.runs
    }
}
