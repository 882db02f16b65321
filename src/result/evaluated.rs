//! What one rule of an evaluation comes to, and its figures as columns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::Quantity::{Decimals, Number, Part, Share, Verdict};
use super::column::{Better, Column};
use super::{Conserved, Positive, Promised};
use crate::evaluate::{Completed, MeanLikeness, RuleFindings};
use crate::measure::{SAME, flipping::area_over, mean};
use crate::relevance::audit::{Checks, Conservation, Positivity};

/// What one rule comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "rule")]
pub struct EvaluatedRule {
    /// The rule.
    pub rule: String,
    /// How many explanations there are: one a sample, or one for each target of a sample.
    pub samples: usize,
    /// For how many of them f(x) is not 0; the figures about the inputs are of these.
    pub explained: usize,
    /// Every level sums to f(x).
    pub conservation: Conserved,
    /// No relevance is below 0.
    pub positivity: Positive,
    /// What the rule promises of the two.
    pub promised: Promised,
    /// Where f(x) went; null where every f(x) is 0, and of a gradient method.
    pub balance: Option<BalanceShares>,
    /// What units could not hand on, `Σ |R_lost| / Σ |f(x)|`; null where the balance is.
    pub lost_share: Option<f64>,
    /// Of a gradient method, whether its relevance adds up; null of rules, which have a balance.
    pub completeness: Option<Complete>,
    /// The exponential of the entropy of the inputs' shares: n where n share equally. Null where no relevance reaches the
    /// inputs, as the one that follows.
    pub effective_inputs: Option<f64>,
    /// The largest share of an input.
    pub largest_share: Option<f64>,
    /// `Σ f / Σ f(x)` with none to all of the batches gone, the most relevant inputs first; null where `Σ f(x)` is not above 0.
    pub flipping: Option<Vec<f64>>,
    /// The area over that curve: the larger, the faster f falls.
    pub flipping_area: Option<f64>,
    /// The mean cosine with the other rules; null where there is none to compare with.
    pub agreement: Option<f64>,
    /// The mean cosine with every rule, itself included; null where no sample has relevance under both.
    pub agreements: Vec<Option<f64>>,
    /// The mean cosine of the relevance with and without noise; null where none is defined, as the two that follow.
    pub stability: Option<f64>,
    /// The mean of the relative change of relevance over the relative change of the input.
    pub sensitivity: Option<f64>,
    /// The largest of them.
    pub largest_sensitivity: Option<f64>,
    /// How alike the relevance is when layers are drawn anew: the top one, the top two, down to the first.
    pub randomised: Vec<Likeness>,
    /// Whether the relevance changes with the weights: the last cosine of `randomised` is below 0.95. Null where it is not
    /// defined.
    pub changes: Option<bool>,
    /// Seconds that one explanation took; null where they are not wanted, for they are others each time.
    pub seconds: Option<f64>,
}

/// Where f(x) went, as parts of `Σ |f(x)|`, each with the sign of its f(x): together they are 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BalanceShares {
    /// To the inputs.
    pub input: f64,
    /// Could not be handed on.
    pub lost: f64,
    /// Kept by biases in denominators.
    pub absorbed_by_bias: f64,
    /// Kept by ε in denominators.
    pub absorbed_by_epsilon: f64,
}

/// How many explanations add up: `Σ R = f(x) − f(0)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Complete {
    /// How many do, to within the tolerance of the method.
    pub holds: usize,
    /// Whether the method promises it of this network.
    pub promised: bool,
    /// The largest `|f(x) − f(0) − Σ R|`.
    pub worst_gap: f64,
}

/// How alike explanations before and after are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Likeness {
    /// The mean cosine; null where none is defined.
    pub cosine: Option<f64>,
    /// The mean rank correlation of Spearman; null where none is defined.
    pub rank: Option<f64>,
    /// Of how many pairs the cosine is the mean.
    pub compared: usize,
}

/// A figure of a rule.
pub type RuleFigure = Column<EvaluatedRule>;

/// The key of the column that gradient methods alone have.
pub const COMPLETE: &str = "complete";

/// Samples for which a property holds, and the worst figure.
pub static PROPERTIES: [RuleFigure; 4] = [
    RuleFigure::new(
        "conserved",
        "conserved",
        "samples for which every layer sums to f(x)",
        |r| {
            r.is_by_rules()
                .then_some(Part(r.conservation.holds, r.samples))
        },
    )
    .better(Better::More),
    RuleFigure::new(
        "worst_gap",
        "gap",
        "the largest |ΣR − f(x)| of a layer or cut",
        |r| r.is_by_rules().then_some(Number(r.conservation.worst_gap)),
    )
    .long("largest gap"),
    RuleFigure::new(
        "positive",
        "positive",
        "samples for which no relevance is below 0",
        |r| Some(Part(r.positivity.holds, r.samples)),
    )
    .better(Better::More),
    RuleFigure::new("least", "least", "the least relevance of a unit", |r| {
        Some(Number(r.positivity.least))
    })
    .long("least relevance"),
];

/// Where f(x) goes, in parts that are 1 together.
pub static BALANCE: [RuleFigure; 5] = [
    RuleFigure::new(
        "input_share",
        "arrives",
        "part of f(x) that arrives at the inputs",
        |r| r.balance.map(|balance| Share(balance.input)),
    )
    .long("arrives at the inputs"),
    RuleFigure::new(
        "lost",
        "lost",
        "part of f(x) that units could not redistribute",
        |r| r.balance.map(|balance| Share(balance.lost)),
    ),
    RuleFigure::new(
        "absorbed_by_bias",
        "biases",
        "part of f(x) that biases in denominators absorbed",
        |r| r.balance.map(|balance| Share(balance.absorbed_by_bias)),
    )
    .long("absorbed by biases"),
    RuleFigure::new(
        "absorbed_by_epsilon",
        "ε",
        "part of f(x) that ε in denominators absorbed",
        |r| r.balance.map(|balance| Share(balance.absorbed_by_epsilon)),
    )
    .long("absorbed by ε"),
    RuleFigure::new(
        COMPLETE,
        "complete",
        "samples for which the relevance of a gradient method sums to f(x) − f(0), to within its tolerance",
        |r| r.completeness.map(|it| Part(it.holds, r.samples)),
    ),
];

/// What the relevance of the inputs is like.
pub static RELEVANCE: [RuleFigure; 6] = [
    RuleFigure::new(
        "effective_inputs",
        "inputs",
        "effective inputs, the exponential of the entropy of the shares, n where n share equally",
        |r| r.effective_inputs.map(Number),
    )
    .long("effective inputs"),
    RuleFigure::new(
        "largest_share",
        "largest",
        "the largest share of an input",
        |r| r.largest_share.map(Share),
    )
    .long("largest share"),
    RuleFigure::new(
        "flipping_area",
        "flipping",
        "area over the curve of f as the most relevant inputs are set to 0 first, the mean of 1 − Σf / Σf(x): 0 where f stays, \
         above 1 where it falls below 0, below 0 where it rises",
        |r| r.flipping_area.map(Decimals),
    )
    .long("flipping area")
    .better(Better::More),
    RuleFigure::new(
        "agreement",
        "agree",
        "the mean cosine with the other rules",
        |r| r.agreement.map(Decimals),
    )
    .long("agreement with the other rules"),
    RuleFigure::new(
        "stability",
        "noise",
        "the mean cosine of the relevance with and without noise in the inputs",
        |r| r.stability.map(Number),
    )
    .long("stability under noise")
    .better(Better::More),
    RuleFigure::new(
        "sensitivity",
        "change",
        "the relative change of relevance over that of the inputs, the mean",
        |r| r.sensitivity.map(Decimals),
    )
    .long("sensitivity to noise")
    .better(Better::Less),
];

/// What becomes of it when weights are random, and how long it takes.
pub static WEIGHTS: [RuleFigure; 5] = [
    RuleFigure::new(
        "random_top",
        "top",
        "the mean cosine of the relevance before and after the weights of the top layer are random",
        |r| r.randomised.first()?.cosine.map(Decimals),
    )
    .long("top layer random"),
    RuleFigure::new(
        "random_all",
        "all",
        "the same with all weights random",
        |r| r.randomised.last()?.cosine.map(Decimals),
    )
    .long("all layers random")
    .better(Better::Less),
    RuleFigure::new(
        "random_rank",
        "rank",
        "the same as the mean rank correlation",
        |r| r.randomised.last()?.rank.map(Decimals),
    )
    .long("rank correlation, all layers random")
    .better(Better::Less),
    RuleFigure::new(
        "changes",
        "check",
        "holds where the relevance changes when all weights are random: the cosine is below 0.95",
        |r| r.changes.map(Verdict),
    )
    .long("check of the weights"),
    RuleFigure::new(
        "seconds",
        "seconds",
        "seconds that one explanation took",
        |r| r.seconds.map(Number),
    ),
];

/// Every column, in the order of CSV.
pub fn columns() -> impl Iterator<Item = &'static RuleFigure> {
    PROPERTIES
        .iter()
        .chain(&BALANCE)
        .chain(&RELEVANCE)
        .chain(&WEIGHTS)
}

impl EvaluatedRule {
    /// The n-th of the rules.
    pub(super) fn new(n: usize, rule: &RuleFindings, samples: usize) -> Self {
        let checks = rule.checked.together();
        let randomised: Vec<Likeness> = rule.randomised.iter().map(Likeness::new).collect();
        Self {
            rule: rule.name.clone(),
            samples,
            explained: rule.explained,
            conservation: Conserved {
                holds: rule.checked.conserved,
                worst_gap: checks.conservation.worst_gap,
            },
            positivity: Positive {
                holds: rule.checked.positive,
                least: checks.positivity.least,
            },
            promised: Promised {
                conservation: checks.conservation.promised,
                positivity: checks.positivity.promised,
            },
            balance: rule.balance.map(|balance| BalanceShares {
                input: balance.input,
                lost: balance.lost,
                absorbed_by_bias: balance.absorbed_by_bias,
                absorbed_by_epsilon: balance.absorbed_by_epsilon,
            }),
            lost_share: rule.lost_share,
            completeness: rule.completeness.as_ref().map(Complete::new),
            effective_inputs: rule.effective_inputs,
            largest_share: rule.largest_share,
            flipping_area: rule.flipping.as_deref().map(area_over),
            flipping: rule.flipping.clone(),
            agreement: with_others(&rule.agreement, n),
            agreements: rule.agreement.clone(),
            stability: rule.stability.cosine,
            sensitivity: rule.stability.sensitivity,
            largest_sensitivity: rule.stability.largest_sensitivity,
            changes: changes(&randomised),
            randomised,
            seconds: Some(rule.seconds),
        }
    }
}

impl EvaluatedRule {
    /// Whether it is of rules, layer by layer, and not of a gradient method.
    pub fn is_by_rules(&self) -> bool {
        self.completeness.is_none()
    }

    /// Whether what is promised holds for every sample, or, to be strict, every property.
    pub fn passes(&self, strict: bool) -> bool {
        let is_complete = self
            .completeness
            .is_none_or(|it| it.holds == self.samples || !strict && !it.promised);
        self.checks().pass(strict) && is_complete
    }

    /// The two properties over all samples.
    pub fn checks(&self) -> Checks {
        Checks {
            conservation: Conservation {
                holds: self.conservation.holds == self.samples,
                promised: self.promised.conservation,
                worst_gap: self.conservation.worst_gap,
            },
            positivity: Positivity {
                holds: self.positivity.holds == self.samples,
                promised: self.promised.positivity,
                least: self.positivity.least,
            },
        }
    }
}

impl Complete {
    fn new(completed: &Completed) -> Self {
        Self {
            holds: completed.complete,
            promised: completed.promised,
            worst_gap: completed.worst_gap,
        }
    }
}

impl Likeness {
    fn new(mean: &MeanLikeness) -> Self {
        Self {
            cosine: mean.cosine,
            rank: mean.rank,
            compared: mean.compared,
        }
    }
}

/// The mean agreement of the n-th rule with the others.
pub(crate) fn with_others(agreements: &[Option<f64>], n: usize) -> Option<f64> {
    let others = agreements
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != n);
    mean(others.filter_map(|(_, cosine)| *cosine))
}

/// Whether relevance changes when all layers are drawn anew.
pub(crate) fn changes(randomised: &[Likeness]) -> Option<bool> {
    Some(randomised.last()?.cosine? < SAME)
}
