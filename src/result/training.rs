//! The result of `deeptaylor train`: what became of relevance, step by step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::Column;
use super::column::Quantity::{Count, Decimals, Holds, Number, Share};
use super::{DigitFigures, DigitInfo, Kind, Origin, Setting, Subject};
use crate::evolution::{Stage, StudiedStep, Study};
use crate::measure::flipping::area_over;
use crate::measure::{agreement, together};
use crate::relevance::audit::{Checks, Conservation, Positivity};
use crate::words::plural;

/// The result of `deeptaylor train`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "training")]
pub struct Training {
    /// Always `training`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// What was trained, and how.
    pub setting: Setting,
    /// Height and width of an image.
    pub shape: [usize; 2],
    /// How many held-out images were explained at every step, the digits below among them.
    pub explained: usize,
    /// What the shares would be if every pixel had the same.
    pub chance: ChanceInfo,
    /// The digits that are shown.
    pub digits: Vec<DigitInfo>,
    /// One entry for each listed step that was reached.
    pub steps: Vec<StepFigures>,
    /// The two properties over all of them.
    pub checks: Checks,
    /// What the figures say, in plain language.
    pub interpretation: Vec<String>,
}

/// What chance would give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChanceInfo {
    /// The part of the pixels that are ink (above 0.1).
    pub ink_share: f64,
    /// The part of the pixels that are 0 in every image that is trained on.
    pub border_share: f64,
}

/// One listed step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "step")]
pub struct StepFigures {
    /// How many steps were done.
    pub step: usize,
    /// Part of the held-out images that are classified correctly.
    pub accuracy: f64,
    /// Mean cross-entropy of the held-out images, in nats.
    pub loss: f64,
    /// The mean f(x), the output of an image's own class, over the explained images.
    pub output: f64,
    /// The explained images with f(x) = 0, which have no relevance to be explained by.
    #[serde(default)]
    pub unexplained: Unexplained,
    /// The rules, side by side.
    pub rules: Vec<RuleFigures>,
}

/// Images for which the output of their class is 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unexplained {
    /// How many there are.
    pub images: usize,
    /// Their classes.
    pub classes: Vec<usize>,
    /// The outputs that are 0 for every explained image.
    pub silent_outputs: Vec<usize>,
}

impl Unexplained {
    fn of(stage: &Stage, classes: &[usize]) -> Self {
        let images = stage.images.iter().zip(classes);
        let unexplained = images.filter(|(image, _)| image.f == 0.0);
        let mut classes: Vec<usize> = unexplained.map(|(_, &class)| class).collect();
        let images = classes.len();
        classes.sort_unstable();
        classes.dedup();
        Self {
            images,
            classes,
            silent_outputs: stage.silent_outputs.clone(),
        }
    }
}

/// Relevance at one step under one rule; shares are of `Σ_i |R_i|`, means over the explained images, and null where
/// there is no relevance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "rule")]
pub struct RuleFigures {
    /// The rule.
    pub rule: String,
    /// The share on ink.
    pub ink_share: Option<f64>,
    /// The share on the pixels that are 0 in every image that was trained on.
    pub border_share: Option<f64>,
    /// The exponential of the entropy of the shares: n where n pixels share equally.
    pub effective_pixels: Option<f64>,
    /// The mean cosine between |R| here and at the listed step before.
    pub cosine_before: Option<f64>,
    /// The mean cosine between |R| here and at the last listed step.
    pub cosine_last: Option<f64>,
    /// Every level sums to f(x).
    pub conservation: Conservation,
    /// No relevance is below 0.
    pub positivity: Positivity,
    /// For how many images every level sums to f(x).
    pub conserved: usize,
    /// For how many images no relevance is below 0.
    pub positive: usize,
    /// What units could not hand on, as a part of Σ |f(x)|.
    pub lost_share: Option<f64>,
    /// What units carry that did not fire, on the level where it is most, as a part of Σ |f(x)|.
    pub silent_relevance: Option<f64>,
    /// The area over the flipping curve, the most relevant pixels gone first: `mean_k (1 − flipping_k)`.
    pub flipping_area: Option<f64>,
    /// The same, the pixels gone in random order.
    pub random_area: Option<f64>,
    /// `Σ f / Σ f(x)` with none to all batches of pixels gone, the most relevant first.
    pub flipping: Option<Vec<f64>>,
    /// The same in random order.
    pub random_flipping: Option<Vec<f64>>,
    /// The digits that are shown.
    pub digits: Vec<DigitFigures>,
}

/// A figure of the network at a step.
pub type NetworkFigure = Column<StepFigures>;

/// A figure of relevance at a step under a rule.
pub type RelevanceFigure = Column<RuleFigures>;

/// The network, step by step.
pub static NETWORK: [NetworkFigure; 4] = [
    NetworkFigure::new(
        "accuracy",
        "accuracy",
        "the part of what is held out that is classified correctly",
        |s| Some(Share(s.accuracy)),
    ),
    NetworkFigure::new(
        "loss",
        "loss",
        "the mean cross-entropy of what is held out, in nats",
        |s| Some(Number(s.loss)),
    ),
    NetworkFigure::new(
        "output",
        "f(x)",
        "the mean output of the correct class, over what is explained",
        |s| Some(Number(s.output)),
    ),
    NetworkFigure::new(
        "unexplained",
        "f(x) = 0",
        "how many have no relevance",
        |s| Some(Count(s.unexplained.images)),
    ),
];

/// Where relevance lies, step by step.
pub fn relevance_columns(subject: Subject) -> [RelevanceFigure; 8] {
    let (sample, pixels) = (subject.sample(), plural(subject.pixel()));
    let [on_high, effective] = match subject {
        Subject::Digits | Subject::Images => ["share on ink", "effective pixels"],
        Subject::Table => ["share on high inputs", "effective inputs"],
    };
    [
        RelevanceFigure::new("ink_share", subject.high(), "", |r| r.ink_share.map(Share))
            .long(on_high)
            .legend(format!("the share of relevance on {pixels} above 0.1")),
        RelevanceFigure::new("border_share", "border", "", |r| r.border_share.map(Share))
            .long("share on the border")
            .legend(format!(
                "the share on {pixels} that are 0 in every training {sample}"
            )),
        RelevanceFigure::new("effective_pixels", subject.pixels(), "", |r| {
            r.effective_pixels.map(Number)
        })
        .long(effective)
        .legend(format!("effective {pixels}, n where n share equally")),
        RelevanceFigure::new(
            "cosine_before",
            "before",
            "the cosine with |R| at the listed step before",
            |r| r.cosine_before.map(Decimals),
        )
        .long("cosine before"),
        RelevanceFigure::new(
            "cosine_last",
            "last",
            "the cosine with |R| at the last listed step",
            |r| r.cosine_last.map(Decimals),
        )
        .long("cosine last"),
        RelevanceFigure::new("flipping_area", "flip", "", |r| {
            r.flipping_area.map(Decimals)
        })
        .long("flipping")
        .legend(format!(
            "the area over the curve of f as the most relevant {pixels} are set to 0 first"
        )),
        RelevanceFigure::new("random_area", "random", "the same in random order", |r| {
            r.random_area.map(Decimals)
        })
        .long("random flipping"),
        RelevanceFigure::new(
            "checks",
            "checks",
            "conservation and positivity, over all that is explained",
            |r| {
                let holds = r.conservation.holds && r.positivity.holds;
                // Without relevance there is nothing to check.
                (!holds || r.ink_share.is_some()).then_some(Holds(holds))
            },
        ),
    ]
}

/// The two properties, and what is lost or lies on silent units, step by step.
pub static PROPERTIES: [RelevanceFigure; 6] = [
    RelevanceFigure::new(
        "conserved",
        "conserved",
        "for how many every layer sums to f(x)",
        |r| Some(Count(r.conserved)),
    ),
    RelevanceFigure::new(
        "worst_gap",
        "gap",
        "the largest |ΣR − f(x)| of a layer or cut",
        |r| Some(Number(r.conservation.worst_gap)),
    )
    .long("largest gap"),
    RelevanceFigure::new(
        "positive",
        "positive",
        "for how many no relevance is below 0",
        |r| Some(Count(r.positive)),
    ),
    RelevanceFigure::new("least", "least", "the least relevance of a unit", |r| {
        Some(Number(r.positivity.least))
    })
    .long("least relevance"),
    RelevanceFigure::new(
        "lost_share",
        "lost",
        "the part of f(x) that units could not redistribute",
        |r| r.lost_share.map(Share),
    ),
    RelevanceFigure::new(
        "silent_relevance",
        "carry",
        "the part of f(x) on units that did not fire, on the level where it is most",
        |r| r.silent_relevance.map(Share),
    )
    .long("carried by silent units"),
];

impl Training {
    /// The result of a training whose steps were studied under these rules.
    pub fn new(setting: Setting, study: &Study, rules: &[String], steps: &[StudiedStep]) -> Self {
        let stages = steps.iter().flat_map(|step| &step.stages);
        Self {
            kind: Kind::Training,
            made_by: None,
            setting,
            shape: study.shape(),
            explained: study.images(),
            chance: ChanceInfo {
                ink_share: study.ink(),
                border_share: study.blank(),
            },
            digits: study.shown().iter().map(DigitInfo::from).collect(),
            steps: (0..steps.len())
                .map(|at| StepFigures::new(steps, at, rules, study))
                .collect(),
            checks: together(stages.map(|stage| stage.checked.together())),
            interpretation: Vec::new(),
        }
    }
}

impl Training {
    /// The largest part in Σ|R| that a pixel of the `digit`-th digit shown has at any step under the `rule`-th rule.
    pub fn largest_part(&self, digit: usize, rule: usize) -> f64 {
        let rules = self.steps.iter().map(|step| &step.rules[rule]);
        let parts = rules.flat_map(|rule| rule.digits[digit].parts());
        parts.fold(0.0, |most, part| most.max(part.abs()))
    }
}

impl StepFigures {
    fn new(steps: &[StudiedStep], at: usize, rules: &[String], study: &Study) -> Self {
        let StudiedStep {
            step,
            score,
            stages,
        } = &steps[at];
        let images = &stages[0].images;
        let rule = |(n, rule): (usize, &String)| {
            let stage = &stages[n];
            let with = |other: usize| {
                let other = &steps[other].stages[n];
                agreement(stage.relevance.view(), other.relevance.view())
            };
            RuleFigures::new(
                rule,
                stage,
                (at.checked_sub(1).and_then(with), with(steps.len() - 1)),
                study.shown().len(),
            )
        };
        Self {
            step: *step,
            accuracy: score.accuracy,
            loss: score.loss,
            output: images.iter().map(|image| image.f).sum::<f64>() / images.len() as f64,
            unexplained: Unexplained::of(&stages[0], study.classes()),
            rules: rules.iter().enumerate().map(rule).collect(),
        }
    }
}

impl RuleFigures {
    fn new(rule: &str, stage: &Stage, cosines: (Option<f64>, Option<f64>), shown: usize) -> Self {
        let digit = |n: usize| DigitFigures {
            f: stage.images[n].f,
            predicted: stage.images[n].predicted,
            ink_share: stage.images[n].ink_share,
            relevance: stage.relevance.row(n).to_vec(),
        };
        let checks = stage.checked.together();
        Self {
            rule: rule.to_owned(),
            ink_share: stage.ink_share,
            border_share: stage.border_share,
            effective_pixels: stage.effective_pixels,
            cosine_before: cosines.0,
            cosine_last: cosines.1,
            conservation: checks.conservation,
            positivity: checks.positivity,
            conserved: stage.checked.conserved,
            positive: stage.checked.positive,
            lost_share: stage.lost_share,
            silent_relevance: stage.silent_relevance,
            flipping_area: stage.flipping.as_deref().map(area_over),
            random_area: stage.random_flipping.as_deref().map(area_over),
            flipping: stage.flipping.clone(),
            random_flipping: stage.random_flipping.clone(),
            digits: (0..shown).map(digit).collect(),
        }
    }
}
