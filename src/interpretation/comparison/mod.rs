//! What a comparison says, in plain language: each sentence with the figures it rests on, and none without.

mod properties;
mod settings;
mod shares;

use self::properties::{checks, nothing, silent};
use self::settings::{biases, own, rules, seeds};
use self::shares::{equal, scaled, tails};
use crate::result::{Comparison, SchemeFigures};

impl Comparison {
    /// The same result, with what its numbers say.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        self.interpretation = of_comparison(&self);
        self
    }
}

/// Sentences about a comparison, the most important first.
fn of_comparison(comparison: &Comparison) -> Vec<String> {
    let schemes = &comparison.schemes;
    let settings: Vec<Vec<&SchemeFigures>> = schemes
        .chunk_by(SchemeFigures::same_setting)
        .map(|setting| setting.iter().filter(|scheme| scheme.is_drawn()).collect())
        .filter(|setting: &Vec<_>| !setting.is_empty())
        .collect();
    let several = settings.len() > 1;
    let mut sentences = checks(schemes);
    sentences.extend(nothing(schemes));
    let mut seen: Vec<&str> = Vec::new();
    for setting in &settings {
        // Other biases under the same rule would tell the same again.
        let rule = &setting[0].rule;
        if !seen.contains(&rule.as_str()) {
            seen.push(rule);
            sentences.extend(equal(setting, comparison.inputs.units, several));
            sentences.extend(scaled(setting, comparison.inputs.units, several));
            sentences.extend(tails(setting, several));
        }
    }
    sentences.extend(biases(schemes));
    sentences.extend(silent(schemes));
    sentences.extend(rules(schemes));
    if let Some(first) = settings.first() {
        sentences.extend(seeds(first, several));
    }
    sentences.extend(own(schemes, &comparison.layers));
    sentences
}

/// `under z+`, with the biases where there are several settings.
fn setting(scheme: &SchemeFigures, several: bool) -> String {
    match &scheme.bias {
        Some(bias) if several => format!("under {} with biases {bias}", scheme.rule),
        _ => format!("under {}", scheme.rule),
    }
}

/// An entry by all that tells it from others.
fn titled(scheme: &SchemeFigures) -> String {
    let bias = scheme
        .bias
        .as_ref()
        .map_or_else(String::new, |bias| format!(", biases {bias}"));
    format!("{} with {}{bias}", scheme.scheme, scheme.rule)
}

/// The names of entries, each once.
fn names<'s>(schemes: impl Iterator<Item = &'s SchemeFigures>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for scheme in schemes {
        if !names.contains(&scheme.scheme) {
            names.push(scheme.scheme.clone());
        }
    }
    names
}
