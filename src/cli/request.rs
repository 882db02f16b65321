//! What explain and taylor ask alike: a network, its rules and the output.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::builder::{EnumValueParser, PossibleValue, StyledStr, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Args, ValueEnum};
use deeptaylor::exact::{self, ExactNetwork};
use deeptaylor::relevance::Policy;
use deeptaylor::result::Origin;
use deeptaylor::samples::Record;
use deeptaylor::{Error, Network, Plan, Rule, Target};

use super::number::above_0;
use super::{Failure, failure, origin};

/// A network, a rule for every layer, and the output to explain.
#[derive(Args)]
pub struct Request {
    /// The network file, or example:NAME (deeptaylor example lists them); '-' reads it from stdin; none takes
    /// example:figure-4
    pub network: Option<PathBuf>,

    /// The rule for every layer with weights (pools always share in proportion)
    #[arg(
        long,
        value_name = "RULE",
        default_value = "w2",
        value_parser = OneRule,
        ignore_case = true,
        help_heading = "Rule"
    )]
    rule: RuleName,

    /// Another rule for one layer, as 1=zB; layers count from 1, 0 is the input; may be given several times, and of two
    /// for one layer the later counts
    #[arg(long, value_name = "N=RULE", value_parser = layer_rule, help_heading = "Rule")]
    layer_rule: Vec<(usize, Rule)>,

    /// Which output to explain: max (the largest of each sample), all (their sum), a name, or an index from 0; what is
    /// both a name and an index is taken as the name
    #[arg(
        long,
        default_value = "max",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    target: String,
}

/// Exact arithmetic, and how long it may take.
#[derive(Args, Default)]
pub struct ExactArgs {
    /// Compute in exact fractions: the decimals of the file are taken as they stand, and nothing is rounded
    #[arg(long, help_heading = "Rule")]
    pub exact: bool,

    /// Refuse an exact computation that would take longer than about this many seconds; numerators grow by the
    /// number of units on every layer [default: 60]
    #[arg(long, value_name = "SECONDS", requires = "exact", value_parser = above_0("600"), help_heading = "Rule")]
    exact_limit: Option<f64>,
}

/// The rules as they are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RuleName {
    /// One, as far as it goes.
    Of(Rule),
    /// Those of the paper for a deep network.
    DeepTaylor,
}

/// Reads `--rule` of commands that take one; tells of several, and of one that is misspelt, what to do.
#[derive(Clone)]
struct OneRule;

impl TypedValueParser for OneRule {
    type Value = RuleName;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        text: &OsStr,
    ) -> Result<RuleName, clap::Error> {
        let read = EnumValueParser::<RuleName>::new().parse_ref(command, argument, text);
        read.map_err(|mut error| {
            if let Some(tip) = tip(&text.to_string_lossy()) {
                error.remove(ContextKind::SuggestedValue);
                let tips = vec![StyledStr::from(tip)];
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
            }
            error
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = RuleName::value_variants().iter();
        Some(Box::new(names.filter_map(ValueEnum::to_possible_value)))
    }
}

/// What to write instead of a text that names no rule.
fn tip(text: &str) -> Option<String> {
    if text.contains(',') {
        return Some(format!(
            "one rule a run; compare --with NETWORK --rule {text} puts rules side by side"
        ));
    }
    Rule::did_you_mean(text)
}

impl ValueEnum for RuleName {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [RuleName; Rule::ALL.len() + 1] = {
            let mut all = [RuleName::DeepTaylor; Rule::ALL.len() + 1];
            let mut n = 0;
            while n < Rule::ALL.len() {
                all[n] = RuleName::Of(Rule::ALL[n]);
                n += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::Of(rule) => PossibleValue::new(rule.name())
                .aliases(rule.spellings())
                .help(about(*rule)),
            Self::DeepTaylor => PossibleValue::new("deep-taylor")
                .aliases(["deep_taylor", "deeptaylor", "dtd"])
                .help(
                    "w2 on the first layer, or zB where the file gives bounds (then l ≤ 0 ≤ h is asked of each), and \
                     z+ above",
                ),
        })
    }
}

/// What a rule does, for the help.
fn about(rule: Rule) -> &'static str {
    match rule {
        Rule::WSquared => "By squared weights: R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j (any input)",
        Rule::Flat => "Equally among the inputs",
        Rule::ZPlus => "By positive contributions x_i·w_ij (inputs ≥ 0)",
        Rule::ZBox => {
            "By distance to the bounds in the file (l ≤ 0 ≤ h for each input) on the first layer; w2 above, where \
             values have no bounds"
        }
        Rule::Proportional => "In proportion to the values, as pools do",
    }
}

/// Reads `--layer-rule`: `1=zB`.
pub fn layer_rule(text: &str) -> Result<(usize, Rule), String> {
    let (layer, rule) = text
        .split_once('=')
        .ok_or("expected N=RULE, for instance 1=zB")?;
    let layer = layer
        .trim()
        .parse()
        .map_err(|_| format!("expected the number of a layer before '=', found `{layer}`"))?;
    Ok((layer, rule.trim().parse()?))
}

/// The rules of single layers, each layer but once: the later of two counts, which is told where they differ.
pub fn layer_rules(given: &[(usize, Rule)]) -> Vec<(usize, Rule)> {
    let mut rules: Vec<(usize, Rule)> = Vec::new();
    for &(layer, rule) in given {
        match rules.iter_mut().find(|(of, _)| *of == layer) {
            Some((_, earlier)) => {
                if *earlier != rule {
                    failure::tell(&format!(
                        "note: --layer-rule: layer {layer} is given {earlier} and then {rule}; {rule} is taken"
                    ));
                }
                *earlier = rule;
            }
            None => rules.push((layer, rule)),
        }
    }
    rules
}

/// Reads `--target`; says which output is taken where the word could mean another one, too.
pub fn target(text: &str, network: &Network) -> Result<Target, Error> {
    let target = Target::parse(text, network)?;
    let mut names = network.output_names().iter();
    let called = names.position(|name| name == text);
    let index = text.parse::<usize>().ok();
    let other = index.filter(|&index| index < network.output_units());
    match (target, called, other) {
        (Target::Output(taken), _, Some(other)) if taken != other => failure::tell(&format!(
            "note: output {taken} is named {text}: it is explained; there is also an output of index {other}"
        )),
        (Target::Max | Target::All, Some(called), _) => failure::tell(&format!(
            "note: --target {text} is not the output of this name; --target {called} explains that one"
        )),
        _ => {}
    }
    Ok(target)
}

/// Whether a file stands for the standard input.
pub fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// What is given, each but once.
pub fn once<T: PartialEq>(given: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
    let mut known = Vec::new();
    for one in given {
        if !known.contains(&one) {
            known.push(one);
        }
    }
    known.into_iter()
}

/// Reads `--top`: how many, or all.
pub fn top(text: &str) -> Result<usize, String> {
    match (text, text.parse()) {
        ("all", _) => Ok(usize::MAX),
        (_, Ok(number @ 1..)) => Ok(number),
        _ => Err("expected a whole number from 1, or all".to_owned()),
    }
}

impl RuleName {
    /// The rule for every layer with weights; none where that depends on the layer.
    pub fn rule(self) -> Option<Rule> {
        match self {
            Self::Of(rule) => Some(rule),
            Self::DeepTaylor => None,
        }
    }
}

impl Request {
    /// The built-in network under w².
    pub fn built_in() -> Self {
        Self {
            network: None,
            rule: RuleName::Of(Rule::WSquared),
            layer_rule: Vec::new(),
            target: "max".to_owned(),
        }
    }

    /// Reads the network, and the text it was read from.
    pub fn network(&self) -> Result<(Network, Vec<u8>), Error> {
        let built_in = Path::new("example:figure-4");
        let (name, text) = Network::source(self.network.as_deref().unwrap_or(built_in))?;
        Ok((Network::parse(&name, &text)?, text))
    }

    /// What makes the result: this program, of the network file that has this text.
    pub fn origin(&self, text: &[u8]) -> Origin {
        let name = match self.network.as_deref() {
            None => "figure-4, built in".into(),
            Some(file) if is_stdin(file) => "standard input".into(),
            Some(file) => file.to_string_lossy(),
        };
        origin().of(&name, text)
    }

    /// The rule of every layer.
    pub fn plan(&self, network: &Network) -> Result<Plan, Error> {
        Policy::new(self.rule.rule(), layer_rules(&self.layer_rule)).plan(network)
    }

    /// The output to explain.
    pub fn target(&self, network: &Network) -> Result<Target, Error> {
        target(&self.target, network)
    }
}

impl ExactArgs {
    /// How long it may take.
    pub fn seconds(&self) -> f64 {
        const SECONDS: f64 = 60.0;
        self.exact_limit.unwrap_or(SECONDS)
    }

    /// The samples in fractions, where the computation will end in the time allowed.
    ///
    /// `work` is how many times the work of an explanation it will be.
    pub fn prepare(
        &self,
        exact: &ExactNetwork,
        plan: &Plan,
        records: &[Record],
        work: f64,
    ) -> Result<Vec<Vec<exact::Number>>, Failure> {
        let limit = self.seconds();
        let parse = |record: &Record| {
            exact::sample(record)
                .map_err(|invalid| Failure::Usage(format!("sample {}: {invalid}", record.number)))
        };
        let samples = records.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let cost = exact::cost(exact, plan.rules(), &samples);
        let seconds = cost.seconds * work;
        if seconds > limit {
            return Err(Failure::Usage(format!(
                "exact fractions could take up to {} here, with numerators of about {:.0} digits; the limit is {limit} s\n  \
                 help: --exact-limit {:.0} lets it run; without --exact the same takes a moment",
                duration(seconds),
                cost.digits,
                (seconds * 2.0).ceil()
            )));
        }
        Ok(samples)
    }
}

/// A length of time in words.
fn duration(seconds: f64) -> String {
    match seconds {
        _ if seconds < 1.0 => "a second".to_owned(),
        _ if seconds < 120.0 => format!("{seconds:.0} seconds"),
        _ if seconds < 7200.0 => format!("{:.0} minutes", seconds / 60.0),
        _ if seconds < 172_800.0 => format!("{:.0} hours", seconds / 3600.0),
        _ => format!("{:.0} days", seconds / 86_400.0),
    }
}
