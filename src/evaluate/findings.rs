//! What is found of each rule: figures of every sample, and what they come to together.

use ndarray::Array2;

use super::explaining::{Account, Found};
use super::likeness::{Likeness, MeanLikeness};
use crate::measure::{Checked, Concentration, flipping, magnitude, mean, share};
use crate::relevance::{Completeness, audit::Balance};

/// What is found of some rules on the same network and samples.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Of each rule, in the order in which they were given.
    pub rules: Vec<RuleFindings>,
    /// The layers that were drawn anew, by their levels, from the top down.
    pub randomised: Vec<usize>,
    /// `Σ f / Σ f(x)` after so many batches of inputs were set to 0 in random orders; none where `Σ f(x)` is not above 0.
    pub random_flipping: Option<Vec<f64>>,
}

/// What is found of one rule.
#[derive(Debug, Clone)]
pub struct RuleFindings {
    /// What it is called.
    pub name: String,
    /// For how many samples f(x) is not 0.
    pub explained: usize,
    /// How many samples pass each check, and the worst figures.
    pub checked: Checked,
    /// Where f(x) went, as parts of it; none where every f(x) is 0.
    pub balance: Option<BalanceParts>,
    /// What units could not hand on, `Σ |R_lost| / Σ |f(x)|`; none where every f(x) is 0, and of a gradient method.
    pub lost_share: Option<f64>,
    /// Of a gradient method, whether its relevance adds up: what stands in the place of the balance.
    pub completeness: Option<Completed>,
    /// The largest share of an input, `max_i |R_i| / Σ |R|`: the mean; none where no relevance reaches the inputs.
    pub largest_share: Option<f64>,
    /// The exponential of the entropy of the shares: the mean, from 1 to the number of inputs.
    pub effective_inputs: Option<f64>,
    /// `Σ f / Σ f(x)` after so many batches of the most relevant inputs were set to 0; none where `Σ f(x)` is not above 0.
    pub flipping: Option<Vec<f64>>,
    /// The mean cosine with every rule, itself included; none where no sample has relevance under both.
    pub agreement: Vec<Option<f64>>,
    /// How far it stays the same under noise in the input.
    pub stability: Stability,
    /// How far it stays the same when layers are drawn anew, from the top one alone to all of them.
    pub randomised: Vec<MeanLikeness>,
    /// Seconds that one explanation took; the one figure that is another each time.
    pub seconds: f64,
}

/// Where f(x) went, as parts of `Σ |f(x)|`, each with the sign of its f(x): together they are 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BalanceParts {
    /// To the inputs.
    pub input: f64,
    /// Could not be handed on.
    pub lost: f64,
    /// Kept by biases in denominators.
    pub absorbed_by_bias: f64,
    /// Kept by ε in denominators.
    pub absorbed_by_epsilon: f64,
}

/// How many explanations of a gradient method add up to f(x) − f(0).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Completed {
    /// How many do, to within the tolerance of the method.
    pub complete: usize,
    /// Whether the method promises it of the network.
    pub promised: bool,
    /// The largest `|f(x) − f(0) − Σ R|`.
    pub worst_gap: f64,
}

/// How far explanations stay the same under noise in the input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// The mean cosine of a sample's relevance and that of a noisy copy; none where no copy has one.
    pub cosine: Option<f64>,
    /// The mean of `‖R(x') − R(x)‖ / ‖R(x)‖` over `‖x' − x‖ / ‖x‖`; none where no copy has one.
    pub sensitivity: Option<f64>,
    /// The largest of them.
    pub largest_sensitivity: Option<f64>,
}

/// What one rule gives, sample by sample.
#[derive(Debug)]
pub(super) struct Records {
    pub(super) found: Vec<Found>,
    pub(super) concentrations: Vec<Option<Concentration>>,
    /// By rule, then sample: the cosine with its relevance.
    pub(super) agreement: Vec<Vec<Option<f64>>>,
    /// By batch of inputs that is gone, then sample: what is left of f.
    pub(super) left: Vec<Vec<f64>>,
    /// Of every noisy copy.
    pub(super) noisy: Vec<Noisy>,
    /// By number of layers that are drawn anew, then draw, then sample.
    pub(super) randomised: Vec<Vec<Vec<Option<Likeness>>>>,
    pub(super) seconds: f64,
    /// How many explanations took them.
    pub(super) timed: usize,
}

/// A noisy copy beside its sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noisy {
    pub(super) likeness: Option<Likeness>,
    /// The relative change of relevance over that of the input.
    pub(super) sensitivity: Option<f64>,
}

impl Records {
    /// None yet.
    pub(super) fn new(rules: usize, steps: usize, draws: usize) -> Self {
        Self {
            found: Vec::new(),
            concentrations: Vec::new(),
            agreement: vec![Vec::new(); rules],
            left: Vec::new(),
            noisy: Vec::new(),
            randomised: vec![vec![Vec::new(); draws]; steps],
            seconds: 0.0,
            timed: 0,
        }
    }

    /// What they come to.
    pub(super) fn findings(&self, name: &str) -> RuleFindings {
        let explained = || self.found.iter().map(|found| &found.explained);
        let whole = magnitude(explained().map(|sample| &sample.f));
        let lost = explained().map(|sample| sample.lost).sum();
        let completeness = self.completeness();
        let spread = |figure: fn(&Concentration) -> f64| {
            let known = self.concentrations.iter().flatten();
            mean(known.map(figure))
        };
        let draws = self.randomised.iter();
        RuleFindings {
            name: name.to_owned(),
            explained: explained().filter(|sample| sample.f != 0.0).count(),
            checked: explained().copied().collect(),
            balance: self.balance(whole),
            lost_share: match completeness {
                Some(_) => None,
                None => share(lost, whole),
            },
            completeness,
            largest_share: spread(|c| c.largest_share),
            effective_inputs: spread(|c| c.effective_inputs),
            flipping: curve(std::slice::from_ref(&self.left)),
            agreement: (self.agreement.iter())
                .map(|with| mean(with.iter().flatten().copied()))
                .collect(),
            stability: self.stability(),
            randomised: draws
                .map(|draws| MeanLikeness::of(draws.iter().flatten()))
                .collect(),
            seconds: self.seconds / self.timed.max(1) as f64,
        }
    }

    fn balance(&self, whole: f64) -> Option<BalanceParts> {
        let balances = self.found.iter().map(|found| match &found.account {
            Account::Balance(balance) => Some(balance),
            Account::Completeness(_) => None,
        });
        let balances: Vec<&Balance> = balances.collect::<Option<_>>()?;
        let part = |of: fn(&Balance) -> f64| {
            let each = balances.iter();
            let sum = each
                .map(|balance| of(balance) * balance.value.signum())
                .sum();
            share(sum, whole)
        };
        Some(BalanceParts {
            input: part(|balance| balance.input)?,
            lost: part(|balance| balance.lost)?,
            absorbed_by_bias: part(|balance| balance.absorbed_by_bias)?,
            absorbed_by_epsilon: part(|balance| balance.absorbed_by_epsilon)?,
        })
    }

    fn completeness(&self) -> Option<Completed> {
        let each = self.found.iter().filter_map(|found| match &found.account {
            Account::Balance(_) => None,
            Account::Completeness(completeness) => Some(completeness),
        });
        let each: Vec<&Completeness> = each.collect();
        (!each.is_empty()).then(|| Completed {
            complete: each.iter().filter(|one| one.holds).count(),
            promised: each.iter().all(|one| one.promised),
            worst_gap: each.iter().fold(0.0, |gap, one| gap.max(one.gap)),
        })
    }

    fn stability(&self) -> Stability {
        let likeness = MeanLikeness::of(self.noisy.iter().map(|noisy| &noisy.likeness));
        let sensitivities = || self.noisy.iter().filter_map(|noisy| noisy.sensitivity);
        Stability {
            cosine: likeness.cosine,
            sensitivity: mean(sensitivities()),
            largest_sensitivity: sensitivities().reduce(f64::max),
        }
    }
}

/// The flipping curve of what is left of f in some orders: for each of them batch by batch, and sample by sample.
pub(super) fn curve(left: &[Vec<Vec<f64>>]) -> Option<Vec<f64>> {
    let first = left.first()?;
    let samples = first.first().map_or(0, Vec::len);
    let shape = (first.len(), left.len() * samples);
    let left = Array2::from_shape_fn(shape, |(k, n)| left[n / samples][k][n % samples]);
    flipping::curve(left.view())
}
