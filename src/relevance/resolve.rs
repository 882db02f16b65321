//! Which layer of a network gets which rule of a policy, and why.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::{Plan, follows_a_rule, own_rule};
use super::policy::{LayerRule, Policy};
use super::preset::Preset;
use super::rule::{Rule, RuleBias};
use super::selector::{Meaning, SHOWN};
use crate::error::Invalid;
use crate::network::Network;
use crate::printable::printable;
use crate::words::{agree, listed};

/// A policy on one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved<'n> {
    /// The rule of every layer.
    pub plan: Plan<'n>,
    /// Why each layer has its rule, from layer 1; none for a layer that brings its own.
    pub reasons: Vec<Option<Reason>>,
    /// What of the policy is to be told: places as JSON paths, and what was taken.
    pub notes: Vec<Note>,
}

/// What gave a layer its rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "reason")]
pub struct Reason {
    /// The selector that means the layer, as it is written.
    pub selector: String,
    /// Where it stands.
    pub by: By,
}

/// Where a selector stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "by")]
pub enum By {
    /// In the rows of a rule for all layers.
    Rule,
    /// In a plan.
    Plan,
    /// In a layer rule on top of rule or plan.
    LayerRule,
}

/// What is to be told of a policy: something that could be understood otherwise, or has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The place as a JSON path: `layer_rules[2]`.
    pub path: String,
    /// What was taken.
    pub text: String,
}

/// A rule for a layer, and where it comes from.
#[derive(Clone)]
struct Choice {
    rule: Rule,
    reason: Reason,
    /// The place of the rule as a JSON path.
    path: String,
}

/// The work on one network.
struct Resolving<'n> {
    network: &'n Network,
    /// The levels of the layers that follow a rule.
    followers: Vec<usize>,
    /// The choice of every level, from 1.
    choices: Vec<Option<Choice>>,
    notes: Vec<Note>,
}

impl Policy {
    /// The rule of every layer of `network`, and why it has it.
    ///
    /// zᴮ on an addition becomes its rule of [additions](Rule::of_addition), and a note says so.
    ///
    /// # Errors
    ///
    /// [`Invalid`], with the place as a JSON path, where a selector means no layer that follows a rule, a rule is not defined
    /// on its layer, or a layer has no rule.
    pub fn resolve<'n>(&self, network: &'n Network) -> Result<Resolved<'n>, Invalid> {
        let levels = 1..=network.top();
        let mut resolving = Resolving {
            network,
            followers: levels
                .filter(|level| own_rule(network, *level).is_none())
                .collect(),
            choices: vec![None; network.top()],
            notes: Vec::new(),
        };
        resolving.policy(self, "", By::LayerRule)?;
        resolving.covered()?;
        resolving.finish(self.rule_bias())
    }
}

impl<'n> Resolving<'n> {
    /// Chooses for every layer that a policy means; `place` is where it stands.
    fn policy(&mut self, policy: &Policy, place: &str, by: By) -> Result<(), Invalid> {
        if let Some(preset) = policy.rule() {
            self.preset(preset, &format!("{place}rule"));
        }
        if let Some(below) = policy.below() {
            self.policy(below, &format!("{place}plan."), By::Plan)?;
        }
        self.rows(policy.layer_rules(), &format!("{place}layer_rules"), by)
    }

    fn preset(&mut self, preset: Preset, path: &str) {
        let rows = preset.rows(self.network.input().bounds.is_some());
        for &level in &self.followers {
            let fitting = rows
                .iter()
                .filter(|(meaning, _)| meaning.covers(self.network, level));
            if let Some((meaning, rule)) = fitting.min_by_key(|(meaning, _)| meaning.width()) {
                self.choices[level - 1] = Some(Choice {
                    rule: *rule,
                    reason: Reason {
                        selector: meaning.to_string(),
                        by: By::Rule,
                    },
                    path: path.to_owned(),
                });
            }
        }
    }

    fn rows(&mut self, rows: &[LayerRule], path: &str, by: By) -> Result<(), Invalid> {
        let meanings = self.meanings(rows, path)?;
        let mut has_effect = vec![false; rows.len()];
        let mut doubled: Vec<([usize; 2], Vec<usize>)> = Vec::new();
        for level in self.followers.clone() {
            let narrowest = narrowest(&meanings, self.network, level);
            for pair in narrowest.windows(2).map(|pair| [pair[0], pair[1]]) {
                match doubled.iter_mut().find(|(known, _)| *known == pair) {
                    Some((_, levels)) => levels.push(level),
                    None => doubled.push((pair, vec![level])),
                }
            }
            if let Some(&last) = narrowest.last() {
                self.choose(level, &rows[last], (path, last), by);
            }
            // Of what is given twice the earlier is told, or says the same.
            for n in narrowest {
                has_effect[n] = true;
            }
        }
        for (pair, levels) in doubled {
            let [earlier, later] = pair.map(|n| rows[n].rule);
            if earlier != later {
                self.note(path.to_owned(), given_twice([earlier, later], &levels));
            }
        }
        for n in (0..rows.len()).filter(|n| meanings[*n].is_some() && !has_effect[*n]) {
            let text = "it has no effect: narrower ones mean all of its layers".to_owned();
            self.note(format!("{path}[{n}]"), text);
        }
        Ok(())
    }

    /// What every row means.
    fn meanings(
        &mut self,
        rows: &[LayerRule],
        path: &str,
    ) -> Result<Vec<Option<Meaning>>, Invalid> {
        let mut meanings = Vec::with_capacity(rows.len());
        for (n, row) in rows.iter().enumerate() {
            let place = format!("{path}[{n}].layers");
            let meaning = self.meaning(row).map_err(|invalid| invalid.below(&place))?;
            let named = meaning.and_then(Meaning::one_layer);
            if let (Some(level), Some(other)) = (named, row.layers.other_meaning(self.network)) {
                let word = &row.layers;
                let text =
                    format!("`{word}` is the name of layer {level}, which is meant, not {other}");
                self.note(place, text);
            }
            meanings.push(meaning);
        }
        Ok(meanings)
    }

    /// What a row means; none where it means no layer and may do so.
    fn meaning(&self, row: &LayerRule) -> Result<Option<Meaning>, Invalid> {
        let meaning = row.layers.meaning(self.network)?;
        if let Some(level) = meaning.one_layer() {
            return follows_a_rule(self.network, level).map(|()| Some(meaning));
        }
        match meaning.check(self.network, &self.followers) {
            Err(_) if row.optional => Ok(None),
            checked => checked.map(|()| Some(meaning)),
        }
    }

    /// Gives a layer the rule of a row.
    fn choose(&mut self, level: usize, row: &LayerRule, (path, n): (&str, usize), by: By) {
        let mut rule = row.rule;
        if self.network.is_signed_addition(level) && rule.of_addition() != rule {
            rule = rule.of_addition();
            let text = format!("layer {level} is an addition, which has no bounds; {rule} is used");
            self.note(format!("{path}[{n}].rule"), text);
        }
        self.choices[level - 1] = Some(Choice {
            rule,
            reason: Reason {
                selector: row.layers.to_string(),
                by,
            },
            path: format!("{path}[{n}].rule"),
        });
    }

    fn note(&mut self, path: String, text: String) {
        self.notes.push(Note { path, text });
    }

    /// Whether every layer that follows a rule has one.
    fn covered(&self) -> Result<(), Invalid> {
        let without = self
            .followers
            .iter()
            .filter(|level| self.choices[**level - 1].is_none());
        let without: Vec<String> = without
            .map(|&level| described(self.network, level))
            .collect();
        let all = without.len();
        if all == 0 {
            return Ok(());
        }
        let shown = listed(without.into_iter().take(SHOWN).collect(), all);
        let expected = format!(
            "expected a rule for every layer, but {} {shown} {} none",
            agree(all, "layer", "layers"),
            agree(all, "has", "have")
        );
        Err(Invalid {
            path: String::new(),
            message: expected,
            help: Some("give the rule of all other layers, as \"rule\": \"z+\", or an entry of \"layer_rules\" for these".to_owned()),
        })
    }

    fn finish(self, bias: RuleBias) -> Result<Resolved<'n>, Invalid> {
        let rules = self.choices.iter().enumerate();
        let rules = rules.map(|(l, choice)| match choice {
            Some(choice) => choice.rule,
            None => own_rule(self.network, l + 1).unwrap_or(Rule::Proportional),
        });
        let plan = Plan::of_rules(self.network, rules.collect()).map_err(|(level, invalid)| {
            let path = self.choices[level - 1]
                .as_ref()
                .map_or("", |choice| &choice.path);
            invalid.below(path)
        })?;
        let reasons = self.choices.into_iter();
        Ok(Resolved {
            plan: plan.with_bias(bias),
            reasons: reasons
                .map(|choice| choice.map(|choice| choice.reason))
                .collect(),
            notes: self.notes,
        })
    }
}

/// Which of several mean a layer and are the narrowest that do, in their order.
fn narrowest(meanings: &[Option<Meaning>], network: &Network, level: usize) -> Vec<usize> {
    let meanings = meanings.iter().enumerate();
    let covering: Vec<(usize, _)> = meanings
        .filter_map(|(n, meaning)| {
            Some((n, meaning.filter(|one| one.covers(network, level))?.width()))
        })
        .collect();
    let least = covering.iter().map(|(_, width)| *width).min();
    let narrowest = covering
        .into_iter()
        .filter(|(_, width)| Some(*width) == least);
    narrowest.map(|(n, _)| n).collect()
}

/// That layers are given two rules by equally narrow selectors.
fn given_twice([earlier, later]: [Rule; 2], levels: &[usize]) -> String {
    let all = levels.len();
    let shown = levels.iter().take(SHOWN).map(usize::to_string).collect();
    format!(
        "{} {} {} given {earlier} and then {later}; {later} is used",
        agree(all, "layer", "layers"),
        listed(shown, all),
        agree(all, "is", "are")
    )
}

/// A layer with its name or type: `2 (stem)`.
fn described(network: &Network, level: usize) -> String {
    let layer = network.layer(level);
    match layer.name() {
        "" => format!("{level} ({})", layer.kind()),
        name => format!("{level} (`{}`)", printable(name)),
    }
}
