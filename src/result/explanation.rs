//! The result of `deeptaylor explain`, in f64 or exact.

use std::borrow::Cow;
use std::ops::Not;

use ndarray::ArrayView1;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::value::{Amount, held};
use super::{
    Absorbed, BalanceEntry, Channels, ExpansionFigures, Flow, Kind, Layer, LostMore, Messages,
    NetworkInfo, Origin, Summary, TargetInfo, Whole, decimals,
};
use crate::measure::shares;
use crate::network::Network;
use crate::relevance::{
    Batch, Completeness, Plan, Stranded,
    audit::{Balance, Checks, Positivity, Silent, TOLERANCE},
    cause::Cause,
};
use crate::samples::Tag;

/// The result of `deeptaylor explain`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    rename = "explanation",
    bound = "N: JsonSchema + Amount",
    transform = exact_is_said::<N>
)]
pub struct Explanation<N = f64> {
    /// Always `explanation`.
    pub kind: Kind,
    /// What made this result; null where a program used the library.
    pub made_by: Option<Origin>,
    /// The rule as it was asked for; a network's layers say which of them has which. Left out where a program or an older
    /// version did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// True where numbers are fractions; left out where they are not.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub exact: bool,
    /// The network that was explained.
    pub network: NetworkInfo,
    /// One entry a sample, in the order in which they were given; one a target of each sample where there are several.
    pub samples: Vec<Sample<N>>,
    /// The checks over all samples.
    pub checks: Checks<N>,
    /// Conservation holds while `|Σ R − f(x)|` is at most this part of `Σ|R|` of the output level; left
    /// out of exact results, where it is an equality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
    /// Where they fail, and where there is nothing to check.
    #[serde(default = "Summary::<N>::default")]
    pub summary: Summary<N>,
}

/// A result says that it is exact, where it is.
fn exact_is_said<N: Amount>(schema: &mut Schema) {
    let required = schema
        .get_mut("required")
        .and_then(|keys| keys.as_array_mut());
    if let Some(required) = required.filter(|_| N::EXACT) {
        required.push("exact".into());
    }
}

/// The explanation of one sample for one target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sample<N = f64> {
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
    pub target: TargetInfo<N>,
    /// The levels, input first, output last.
    pub layers: Vec<Layer<N>>,
    /// Whether relevance was conserved and positive.
    pub checks: Checks<N>,
    /// Where f(x) went: what the inputs carry, what was lost, what was absorbed; left out where a gradient method explains, and
    /// results of older versions do not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<Balance<N>>,
    /// Whether the relevance of a gradient method adds up, in the place of the balance; left out where rules explain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completeness: Option<Completeness>,
    /// Relevance that could not be handed on, from the output down.
    pub lost: Vec<Lost<N>>,
    /// How much else was lost, in layers that lost more than is listed; left out where there is none.
    #[serde(
        default = "Vec::<LostMore<N>>::new",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub lost_more: Vec<LostMore<N>>,
    /// What biases and ε in denominators absorbed, layer by layer from the output down; results of older versions do not say it.
    #[serde(default = "Vec::<Absorbed<N>>::new")]
    pub absorbed: Vec<Absorbed<N>>,
    /// The balance entry by entry: what each layer lost, a cause an entry, and absorbed, from the output down, and at last what
    /// reached the inputs. Left out where that is all of f(x), and by older versions.
    #[serde(
        default = "Vec::<BalanceEntry<N>>::new",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub balance_entries: Vec<BalanceEntry<N>>,
    /// Levels on which units carry relevance without having fired.
    pub silent: Vec<Silent<N>>,
    /// The inputs that lie outside of their bounds; left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outside_bounds: Vec<usize>,
    /// The rules compared with the Taylor expansions behind them; left out unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansion: Option<ExpansionFigures>,
    /// What units hand to units, the least relevant of a level gathered; left out beyond the first samples of a result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// The most relevant channels of levels that are images, from the output down; left out beyond the first samples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channels>,
    /// What every unit hands to every input of it; left out unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges: Option<Vec<Messages>>,
    /// What these numbers say, in plain language.
    pub interpretation: Vec<String>,
    /// How far f64 is off where numbers are fractions; left out where they are not.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub largest_rounding: Option<Rounding>,
}

/// The largest difference of a relevance to the one computed in f64, as a part of `Σ|R|` of its level or of the output
/// level, whichever is more; the difference itself where both are 0. Null where f64 computed none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct Rounding(pub Option<f64>);

/// What is there, null being something.
fn present<'d, T: Deserialize<'d>, D: Deserializer<'d>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

/// Relevance that a unit could not hand on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lost<N = f64> {
    /// The level of the unit, 0 being the input.
    pub layer: usize,
    /// The unit, counted from 0.
    pub unit: usize,
    /// How much was lost.
    pub relevance: N,
    /// Why, in words.
    pub cause: String,
    /// Why, as a program reads it; null in results of programs that did not say.
    #[serde(default)]
    pub code: Option<Cause>,
}

impl<N: Amount> Explanation<N> {
    /// A result without samples yet, of the usual tolerance.
    pub fn new(network: &Network, plan: &Plan) -> Self {
        Self::of(NetworkInfo::new(network, plan))
    }

    /// The same of a network as results have it.
    pub fn of(network: NetworkInfo) -> Self {
        Self {
            kind: Kind::Explanation,
            made_by: None,
            rule: None,
            exact: N::EXACT,
            network,
            samples: Vec::new(),
            checks: Self::unchecked(),
            tolerance: (!N::EXACT).then_some(TOLERANCE),
            summary: Summary::default(),
        }
    }

    /// The checks of no sample at all.
    fn unchecked() -> Checks<N> {
        Checks {
            conservation: Checks::NONE.conservation,
            positivity: Positivity {
                holds: true,
                promised: true,
                least: N::of_decimal(0.0),
            },
        }
    }

    /// The rule as it was asked for, in words where it is not said.
    pub(crate) fn rule_name(&self) -> &str {
        self.rule.as_deref().unwrap_or("a rule")
    }

    /// Whether a gradient method explains, in the place of rules.
    pub(crate) fn is_by_gradient(&self) -> bool {
        self.network.gradient.is_some()
    }

    /// The result without its samples, and these.
    pub(super) fn emptied(mut self) -> (Self, Vec<Sample<N>>) {
        let samples = std::mem::take(&mut self.samples);
        self.checks = Self::unchecked();
        self.summary = Summary::default();
        (self, samples)
    }

    /// Adds a sample and counts it in.
    pub fn push(&mut self, sample: Sample<N>) {
        self.count(&sample);
        self.samples.push(sample);
    }

    /// Counts a sample in without keeping it: what is said of all samples together includes it from now on.
    pub fn count(&mut self, sample: &Sample<N>) {
        self.checks = if self.summary.samples == 0 {
            sample.checks.clone()
        } else {
            together(&self.checks, &sample.checks)
        };
        self.summary.add(&self.network, sample);
    }

    /// Whether the properties that are promised hold for every sample, or, to be strict, both; and every balance.
    pub fn passes(&self, strict: bool) -> bool {
        self.checks.pass(strict)
            && (self.samples.iter()).all(|it| it.is_balanced() && it.is_complete(strict))
    }
}

/// Both must hold, the worse figure counts; where one breaks a promise that the other does not make, its own.
fn together<N: Amount>(one: &Checks<N>, other: &Checks<N>) -> Checks<N> {
    let least = [&one.positivity.least, &other.positivity.least];
    let worse = decimals(one).with(decimals(other));
    let is_first = least[0].decimal().to_bits() == worse.positivity.least.to_bits();
    Checks {
        conservation: worse.conservation,
        positivity: Positivity {
            holds: worse.positivity.holds,
            promised: worse.positivity.promised,
            least: least[usize::from(!is_first)].clone(),
        },
    }
}

impl<N> Sample<N> {
    /// Whether everything holds that is promised, by rules or by a gradient method.
    pub fn keeps_promises(&self) -> bool {
        self.checks.keep_promises() && self.is_complete(false)
    }

    /// Whether relevance adds up where a gradient method promises it, or, to be strict, where a gradient method explains.
    pub fn is_complete(&self, strict: bool) -> bool {
        self.completeness
            .is_none_or(|it| it.holds || !(it.promised || strict))
    }

    /// Whether f(x) is where the balance says; if not, the program has a fault.
    pub fn is_balanced(&self) -> bool {
        self.balance.as_ref().is_none_or(|balance| balance.holds)
    }
}

impl<N: Amount> Sample<N> {
    /// Whether any unit of it carries relevance, however little; where none does, the checks hold with nothing to check.
    pub(crate) fn carries_relevance(&self) -> bool {
        let mut relevance = self.layers.iter().flat_map(Layer::known);
        relevance.any(|r| !r.is_zero())
    }

    /// The same in decimals, the nearest f64 of every number.
    pub(crate) fn decimals(&self) -> Cow<'_, Sample> {
        N::decimals(self)
    }
}

impl Sample {
    /// The result for explanation `n` of a batch, without an interpretation.
    ///
    /// # Panics
    ///
    /// When the batch has no such explanation.
    pub fn new(network: &NetworkInfo, plan: &Plan, batch: &Batch, n: usize) -> Self {
        let audit = &batch.audits()[n];
        let bare = Self::bare(network, batch, n, &Whole::All);
        let lost = audit.lost.iter();
        Self {
            target: TargetInfo {
                tied: batch.tied(n),
                ..bare.target
            },
            lost: lost
                .map(|stuck| Lost::new(stuck, plan, batch.cause(stuck)))
                .collect(),
            absorbed: Absorbed::of(&audit.absorbed),
            silent: audit.silent.clone(),
            expansion: batch
                .expansions()
                .map(|samples| ExpansionFigures::new(&samples[n])),
            ..bare
        }
        .with_entries()
    }

    /// The same with nothing but what a row of figures shows: the target, the checks, the balance, and the arrays of the levels
    /// that are whole. What was lost has its sum, and no entries.
    ///
    /// # Panics
    ///
    /// When the batch has no such explanation.
    pub fn bare(network: &NetworkInfo, batch: &Batch, n: usize, whole: &Whole) -> Self {
        let (audit, chosen) = (&batch.audits()[n], batch.chosen()[n]);
        let sample = batch.sample(n);
        let layers = audit.levels.iter().enumerate().map(|(l, level)| {
            let (x, r) = (batch.activations(l), batch.relevance(l));
            let is_whole = whole.has(l, r.ncols());
            let array = |x: ArrayView1<f64>| if is_whole { x.to_vec() } else { Vec::new() };
            let relevance = array(r.row(n));
            Layer {
                unexplained: false,
                left_out: !is_whole,
                largest: Vec::new(),
                activations: array(x.row(sample)),
                share: shares(&relevance, chosen.value),
                relevance,
                sum: Some(level.sum),
                gap: Some(level.gap),
                least: Some(level.least),
                bias_share: level.bias_share,
            }
        });
        Self {
            sample: Some(sample),
            id: None,
            label: None,
            target: TargetInfo::new(network, chosen),
            layers: layers.collect(),
            checks: audit.checks,
            balance: Some(audit.balance.map(|number| held(*number))),
            completeness: None,
            lost: Vec::new(),
            lost_more: Vec::new(),
            absorbed: Vec::new(),
            balance_entries: Vec::new(),
            silent: Vec::new(),
            outside_bounds: batch.outside_bounds(sample),
            expansion: None,
            flow: None,
            channels: Vec::new(),
            edges: None,
            interpretation: Vec::new(),
            largest_rounding: None,
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
