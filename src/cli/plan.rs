//! Rules for some layers, and plans from files: `--layer-rule` and `--plan`.

use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::error::Invalid;
use deeptaylor::printable::printable;
use deeptaylor::relevance::{LayerRule, PlanFile, Policy, Preset, Resolved, RuleBias};
use deeptaylor::result::stem;
use deeptaylor::spelling::Named;
use deeptaylor::{Error, Network};

use super::request::once;
use super::stdin::is_stdin;
use super::{Failure, failure, named};

// Which rule goes on which layer, where that is not one for all.
#[derive(Args, Default)]
pub struct PlanArgs {
    /// A file with the rule of every layer, in the place of --rule; deeptaylor guide rules shows one. May be given several
    /// times where --rule takes several
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "rule",
        help_heading = "Rule"
    )]
    plan: Vec<PathBuf>,

    /// Another rule for some layers: a number, for example 1=zB, or a range, 2-4=z+ (1 is the first layer, 0 the input); a
    /// layer's name; a type, conv2d=gamma; or first=zB, the layers with weights that read the input. May be given several
    /// times; of several for a layer the narrowest counts, and of equally narrow ones the last
    #[arg(
        long,
        value_name = "LAYERS=RULE",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    layer_rule: Vec<LayerRule>,

    /// Whether biases count in the denominators of z+, z, epsilon, gamma and alpha-beta, as in the form that was published; what
    /// they absorb is reported [default: drop, or what the plan says]
    #[arg(long, value_name = "HOW", value_parser = named::one::<RuleBias>(), help_heading = "Rule")]
    rule_bias: Option<RuleBias>,
}

/// A policy as the command line gives it.
#[derive(Clone)]
pub struct Given {
    /// What makes the plan of a network: rule or plan file, with the layer rules on top.
    pub policy: Policy,
    /// The file of the plan below the layer rules.
    file: Option<PlanFile>,
}

impl PlanArgs {
    /// The files of plans.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.plan.iter().map(PathBuf::as_path)
    }

    /// The options of rules that are given.
    pub fn of_rules(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("--layer-rule", !self.layer_rule.is_empty()),
            ("--rule-bias", self.rule_bias.is_some()),
        ];
        given
            .into_iter()
            .filter_map(|(option, given)| given.then_some(option))
    }

    /// What every rule gets on top of it, as the command line spells it.
    pub fn on_top(&self) -> Vec<String> {
        let rules = self.layer_rule.iter();
        let rules = rules.map(|rule| format!("--layer-rule {rule}"));
        let bias = self.rule_bias.iter();
        rules
            .chain(bias.map(|bias| format!("--rule-bias {}", bias.spelling().name)))
            .collect()
    }

    /// Whether anything is given.
    pub fn are_given(&self) -> bool {
        !self.plan.is_empty() || !self.layer_rule.is_empty() || self.rule_bias.is_some()
    }

    /// The policies of the plan files, or of the rules where there are none, each with the layer rules on top.
    pub fn policies(&self, rules: Vec<Preset>) -> Result<Vec<Given>, Failure> {
        if self.plan.is_empty() {
            return Ok(rules.into_iter().map(|rule| self.of_rule(rule)).collect());
        }
        let mut all: Vec<Given> = Vec::new();
        for file in once(self.files()) {
            let given = self.of_file(file)?;
            let name = given.name();
            if all.iter().any(|other| other.name() == name) {
                return Err(Failure::Usage(format!(
                    "--plan {}: another plan is called {}, too\n  help: give each a \"name\" of its own",
                    file.display(),
                    printable(&name)
                )));
            }
            all.push(given);
        }
        Ok(all)
    }

    fn of_rule(&self, rule: Preset) -> Given {
        Given {
            policy: self.biased(Policy::new(rule, self.layer_rule.clone())),
            file: None,
        }
    }

    fn biased(&self, policy: Policy) -> Policy {
        match self.rule_bias {
            Some(bias) => policy.with_bias(bias),
            None => policy,
        }
    }

    fn of_file(&self, file: &Path) -> Result<Given, Failure> {
        if is_stdin(file) {
            return Err(Failure::Usage(
                "--plan: expected a file; stdin is for the network or the samples".to_owned(),
            ));
        }
        let read = PlanFile::read(file)?;
        let below = match (read.policy().name(), stem(file)) {
            ("", Some(stem)) => read.policy().clone().named(stem),
            _ => read.policy().clone(),
        };
        Ok(Given {
            policy: self.biased(Policy::on_top(below, self.layer_rule.clone())),
            file: Some(read),
        })
    }
}

/// The rules of several policies on one network; what is to be told is told once.
pub fn resolved<'n>(given: &[Given], network: &'n Network) -> Result<Vec<Resolved<'n>>, Error> {
    let mut notes = Vec::new();
    let mut each = Vec::with_capacity(given.len());
    for given in given {
        let resolved = given.resolve(network)?;
        notes.extend(given.notes(&resolved, network));
        each.push(resolved);
    }
    once(notes.into_iter()).for_each(|note| failure::note(&note));
    Ok(each)
}

impl Given {
    /// What results call it: by its rule or its plan, without the layer rules.
    pub fn name(&self) -> String {
        match (self.policy.rule(), self.policy.below()) {
            (Some(rule), _) => rule.to_string(),
            (None, Some(below)) => below.to_string(),
            (None, None) => self.policy.to_string(),
        }
    }

    fn resolve<'n>(&self, network: &'n Network) -> Result<Resolved<'n>, Error> {
        let resolved = self.policy.resolve(network);
        resolved.map_err(|invalid| self.fault(invalid))
    }

    fn notes(&self, resolved: &Resolved, network: &Network) -> impl Iterator<Item = String> {
        let notes = resolved.notes.iter();
        notes.map(|note| format!("{}: {}", self.place(&note.path, network), note.text))
    }

    /// The same complaint, with its place in the plan file or on the command line.
    fn fault(&self, mut invalid: Invalid) -> Error {
        if let Some(file) = &self.file {
            match invalid.path.strip_prefix("plan.") {
                Some(within) => {
                    invalid = Invalid {
                        path: within.to_owned(),
                        ..invalid
                    };
                    return file.fault(invalid);
                }
                // That layers have no rule.
                None if invalid.path.is_empty() => return file.fault(invalid),
                None => {}
            }
        }
        // What names its layer needs no other place.
        invalid.path = match self.layer_rule(&invalid.path) {
            Some(row) if !invalid.message.starts_with("layer ") => format!("--layer-rule {row}"),
            _ => String::new(),
        };
        Error::Rule(invalid.to_string())
    }

    /// The place of a note in words.
    fn place(&self, path: &str, network: &Network) -> String {
        if let (Some(file), Some(within)) = (&self.file, path.strip_prefix("plan.")) {
            return format!("{}: {within}", file.name());
        }
        match self.layer_rule(path) {
            Some(row) => match row.layers.meaning(network) {
                Ok(meaning) => format!("--layer-rule {meaning}={}", row.rule),
                Err(_) => format!("--layer-rule {row}"),
            },
            None => "--layer-rule".to_owned(),
        }
    }

    /// The layer rule that a path leads to.
    fn layer_rule(&self, path: &str) -> Option<&LayerRule> {
        let (n, _) = path.strip_prefix("layer_rules[")?.split_once(']')?;
        let n: usize = n.parse().ok()?;
        self.policy.layer_rules().get(n)
    }
}
