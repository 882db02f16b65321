//! What explains a network: the rules of a plan, or a gradient method.

use deeptaylor::relevance::{GradientExplainer, Method};
use deeptaylor::result::NetworkInfo;
use deeptaylor::words::{agree, listed};
use deeptaylor::{Network, Plan};

use super::{Failure, failure};

/// A rule that is asked for, on the network at hand.
pub struct Ruled<'n> {
    /// As it is spelt.
    pub name: String,
    pub by: By<'n>,
    /// What results say of the network and what explains it.
    pub info: NetworkInfo,
}

/// What explains a network.
pub enum By<'n> {
    /// Rules, layer by layer.
    Plan(Plan<'n>),
    /// A gradient method.
    Gradient(Box<GradientExplainer<'n>>),
}

/// That an option is for rules: refused where there are gradient methods only, told where there are some.
pub fn rules_only(option: &str, methods: &[Method]) -> Result<(), Failure> {
    let gradients = methods.iter().filter_map(|method| match method {
        Method::Rules(_) => None,
        Method::Gradient(gradient) => Some(gradient.to_string()),
    });
    let gradients: Vec<String> = gradients.collect();
    let (names, all) = (listed(gradients.clone(), gradients.len()), gradients.len());
    if all > 0 && all == methods.len() {
        return Err(Failure::Usage(format!(
            "{option} is for rules, and {names} {} none: {} the input only",
            agree(all, "has", "have"),
            agree(all, "it explains", "they explain")
        )));
    }
    if all > 0 {
        failure::note(&format!("{option} does not concern {names}"));
    }
    Ok(())
}

impl By<'_> {
    /// What it means that a check fails.
    pub fn failing(&self) -> &'static str {
        match self {
            Self::Plan(_) => "is not conserved or below 0",
            Self::Gradient(_) => "is not complete",
        }
    }
}

impl<'n> Ruled<'n> {
    /// A gradient method on its network.
    pub fn by_gradient(network: &'n Network, explainer: GradientExplainer<'n>) -> Self {
        Self {
            name: explainer.method().to_string(),
            info: NetworkInfo::of_gradient(network, &explainer),
            by: By::Gradient(Box::new(explainer)),
        }
    }

    /// The rule of every layer, of what needs rules.
    pub fn plan(&self, what: &str) -> Result<&Plan<'n>, Failure> {
        match &self.by {
            By::Plan(plan) => Ok(plan),
            By::Gradient(_) => Err(Failure::Usage(format!(
                "{what} takes rules, and {} is a gradient method: it explains the input only, in f64",
                self.name
            ))),
        }
    }
}
