//! A gradient method, as far as a result needs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::NetworkInfo;
use crate::network::Network;
use crate::relevance::{Gradient, GradientExplainer};

/// The gradient method that explained a network, in the place of rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "gradient")]
pub struct GradientInfo {
    /// The method, with its parameters.
    pub method: Gradient,
    /// What it computes; x' is the baseline.
    pub formula: String,
    /// The baseline that it computes with, a value an input; left out where the method has none, and where it is 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baseline: Vec<f64>,
    /// The seed of its noise; left out where the method has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl GradientInfo {
    /// What an explainer is about to do.
    pub fn new(explainer: &GradientExplainer) -> Self {
        let (method, baseline) = (explainer.method(), explainer.baseline());
        let is_told = method.has_baseline() && baseline.iter().any(|x| *x != 0.0);
        Self {
            method,
            formula: method.formula().to_owned(),
            baseline: if is_told {
                baseline.to_vec()
            } else {
                Vec::new()
            },
            seed: method.has_noise().then(|| explainer.seed()),
        }
    }
}

impl NetworkInfo {
    /// The levels of a network without rules, and the gradient method that explains it.
    pub fn of_gradient(network: &Network, explainer: &GradientExplainer) -> Self {
        Self {
            gradient: Some(GradientInfo::new(explainer)),
            ..Self::without_rules(network)
        }
    }
}
