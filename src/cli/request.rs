//! The options that explain and taylor share: a network, its rules and the output.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::exact::{self, ExactNetwork};
use deeptaylor::network::{GivenBounds, Layer};
use deeptaylor::relevance::{Method, Preset};
use deeptaylor::result::{NetworkInfo, Origin};
use deeptaylor::samples::Record;
use deeptaylor::spelling::did_you_mean;
use deeptaylor::{Error, Network, Rule};

use super::bounds::bounded;
use super::explained::Targets;
use super::gradients::GradientArgs;
use super::named::{self, ByName};
use super::network::ModelArgs;
use super::number::above_0;
use super::origin::of_file;
use super::plan::{self, PlanArgs};
use super::ruled::{By, Ruled, rules_only};
use super::stdin::is_stdin;
use super::{Failure, failure, origin};

/// The rule where none is given.
pub const USUAL: Preset = Preset::One(Rule::WSquared);

// A network, a rule for every layer, and the output to explain.
#[derive(Args)]
pub struct Request {
    /// The network file or ONNX model, or example:NAME (deeptaylor example lists them), or '-' for stdin [default:
    /// example:figure-4]
    pub network: Option<PathBuf>,

    /// The rule for every layer with weights, and for additions of values that can be negative (sum and average pools
    /// share in proportion, a max pool gives all to the largest). Or a gradient method, which explains the input only.
    /// Several, as in w2,z+,gradient-x-input, are shown side by side [default: w2]
    #[arg(
        long,
        value_name = "RULE,…",
        value_parser = methods(),
        help_heading = "Rule"
    )]
    rule: Vec<Vec<Method>>,

    #[command(flatten)]
    plan: PlanArgs,

    /// The output to explain: max (the largest for each sample), all (their sum), label (the class that each sample
    /// brings along), a name, an index from 0, or a contrast A-B: why output A rather than B. A name wins over other readings.
    /// explain also takes a list: max,3,cat-dog
    #[arg(
        long,
        default_value = "max",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    target: String,

    /// The bounds of the inputs, in place of those of the network file: 0,1, or a pair for each channel (or input), for
    /// example '-2.1,2.6;-2,2.4;-1.8,2.6'
    #[arg(
        long,
        value_name = "L,H",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    bounds: Option<GivenBounds>,

    #[command(flatten)]
    model: ModelArgs,
}

/// The task at hand: a network, the rule of every layer or several of them, and the output to explain.
pub struct Task<'n> {
    pub network: &'n Network,
    /// The network file.
    pub text: Vec<u8>,
    /// What is asked for, in order.
    pub methods: Vec<Method>,
    /// The same on the network at hand, one at least.
    pub rules: Vec<Ruled<'n>>,
    pub targets: Targets,
}

// Exact arithmetic, and how long it may take.
#[derive(Args, Default)]
pub struct ExactArgs {
    /// Compute with exact fractions: use the decimals of the file as they are written, and round nothing
    #[arg(long, help_heading = "Rule")]
    pub exact: bool,

    /// Refuse an exact computation that would take longer than about this many seconds. Numerators grow with the
    /// number of units of every layer [default: 60]
    #[arg(long, value_name = "SECONDS", requires = "exact", value_parser = above_0("600"), help_heading = "Rule")]
    exact_limit: Option<f64>,
}

/// Reads `--rule`: one rule or several.
pub fn rules() -> ByName<Vec<Preset>> {
    named::by::<Preset, _>(|text| {
        named::list(text).map_err(|unknown| {
            let methods = named::list::<Method>(text).unwrap_or_default();
            let gradient = methods.into_iter().find_map(|method| method.rules().err());
            gradient.unwrap_or(unknown)
        })
    })
}

/// Reads `--rule` of a command that takes gradient methods, too.
pub fn methods() -> ByName<Vec<Method>> {
    named::by::<Method, _>(named::list)
}

/// The rules of `--rule`, each but once, which is told of one that is given again.
pub fn rules_once<R: Copy + PartialEq + Display>(given: &[Vec<R>]) -> Vec<R> {
    let mut rules: Vec<R> = Vec::new();
    for &rule in given.iter().flatten() {
        if rules.contains(&rule) {
            failure::note(&format!("--rule: {rule} is given twice; it is used once"));
        } else {
            rules.push(rule);
        }
    }
    rules
}

/// The level of a layer by its name, or by its number; a name wins. Whether there is one of that number is not looked at.
pub fn level(text: &str, network: &Network) -> Result<usize, String> {
    let named = || {
        let names = network.layers().iter().map(Layer::name);
        names.filter(|name| !name.is_empty())
    };
    let called =
        (network.layers().iter()).position(|layer| !text.is_empty() && layer.name() == text);
    match (called, text.parse()) {
        (Some(l), _) => Ok(l + 1),
        (None, Ok(level)) => Ok(level),
        (None, Err(_)) => {
            let help = match named().next() {
                Some(_) => did_you_mean(text, named()),
                None => "no layer of this network has a name".to_owned(),
            };
            Err(format!(
                "expected a whole number from 1 to {}, or the name of a layer, found `{text}`\n  help: {help}",
                network.top()
            ))
        }
    }
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

impl Request {
    /// The built-in network under w².
    pub fn built_in() -> Self {
        Self {
            network: None,
            rule: Vec::new(),
            plan: PlanArgs::default(),
            target: "max".to_owned(),
            bounds: None,
            model: ModelArgs::default(),
        }
    }

    /// Whether it is the rule that is taken where none is chosen.
    pub fn is_under_usual_rule(&self) -> bool {
        self.rules() == [Method::Rules(USUAL)] && self.plan.files().next().is_none()
    }

    /// What is asked for, w² where nothing is.
    fn rules(&self) -> Vec<Method> {
        match &self.rule[..] {
            [] => vec![Method::Rules(USUAL)],
            given => given.concat(),
        }
    }

    /// The rules that are asked for, by their names; none where nothing is.
    pub fn rule_names(&self) -> Vec<String> {
        self.rule
            .iter()
            .flatten()
            .map(ToString::to_string)
            .collect()
    }

    /// Whether more is said than which rules are meant.
    pub fn asks_for_more_than_rules(&self) -> bool {
        let on_top = self.plan.on_top();
        self.target != "max"
            || self.bounds.is_some()
            || self.model != ModelArgs::default()
            || self.plan.files().next().is_some()
            || !on_top.is_empty()
    }

    /// The files that are read: of the network, and of the plan.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.network.as_deref().into_iter().chain(self.plan.files())
    }

    /// Reads the network, and the text it was read from; refuses files to write that its weights stand in.
    pub fn network<'f>(
        &self,
        written: impl IntoIterator<Item = &'f Path>,
    ) -> Result<(Network, Vec<u8>), Failure> {
        let built_in = Path::new("example:figure-4");
        self.network_of(self.network.as_deref().unwrap_or(built_in), written)
    }

    /// The same of another file.
    pub fn network_of<'f>(
        &self,
        file: &Path,
        written: impl IntoIterator<Item = &'f Path>,
    ) -> Result<(Network, Vec<u8>), Failure> {
        let loaded = self.model.explained(file, written)?;
        let network = bounded(loaded.network, self.bounds.as_ref())?;
        Ok((network, loaded.text))
    }

    /// What makes the result: this program, of the network file that has this text.
    pub fn origin(&self, text: &[u8]) -> Origin {
        let name = match self.network.as_deref() {
            None => "figure-4, built in".into(),
            Some(file) if is_stdin(file) => "standard input".into(),
            // Of a model that is too large to be held.
            Some(file) if text.is_empty() => {
                return self.plan.files().fold(of_file(origin(), file), of_file);
            }
            Some(file) => file.to_string_lossy(),
        };
        self.plan.files().fold(origin().of(&name, text), of_file)
    }

    /// What is asked of this network, which was read from `text`.
    pub fn task<'n>(
        &self,
        network: &'n Network,
        text: Vec<u8>,
        gradients: &GradientArgs,
    ) -> Result<Task<'n>, Failure> {
        let methods = match self.plan.files().next() {
            None => rules_once(&[self.rules()]),
            Some(_) => Vec::new(),
        };
        gradients.check(&methods)?;
        for option in self.plan.of_rules() {
            rules_only(option, &methods)?;
        }
        let presets = methods.iter().filter_map(|method| method.rules().ok());
        let given = self.plan.policies(presets.collect())?;
        let plans = plan::resolved(&given, network)?.into_iter();
        let mut planned = given.iter().zip(plans).map(|(given, resolved)| Ruled {
            name: given.name(),
            info: NetworkInfo::new(network, &resolved.plan),
            by: By::Plan(resolved.plan),
        });
        let mut rules = Vec::new();
        for method in &methods {
            match method {
                Method::Rules(_) => rules.extend(planned.next()),
                Method::Gradient(gradient) => {
                    let explainer = gradients.explainer(*gradient, network)?;
                    rules.push(Ruled::by_gradient(network, explainer));
                }
            }
        }
        rules.extend(planned);
        Ok(Task {
            rules,
            methods,
            targets: Targets::parse(&self.target, network)?,
            network,
            text,
        })
    }
}

impl<'n> Task<'n> {
    /// Refuses an option of rules where no rule is asked for, and says which gradient methods it does not concern.
    pub fn check_rules(&self, option: &str) -> Result<(), Failure> {
        rules_only(option, &self.methods)
    }

    /// The rule, of a command that takes one.
    pub fn one(&self, command: &str) -> Result<&Ruled<'n>, Failure> {
        match &self.rules[..] {
            [one] => Ok(one),
            several => {
                let names: Vec<&str> = several.iter().map(|ruled| &ruled.name[..]).collect();
                Err(Failure::Usage(format!(
                    "--rule: {command} takes one rule, found {}: {}\n  \
                     help: explain --rule {} shows them side by side",
                    names.len(),
                    names.join(" and "),
                    names.join(",")
                )))
            }
        }
    }

    /// The same network in fractions.
    pub fn exact(&self) -> Result<ExactNetwork, Error> {
        ExactNetwork::with_decimals(self.network.clone(), &self.text)
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
        rules: &[Ruled],
        records: &[Record],
        work: f64,
    ) -> Result<Vec<Vec<exact::Number>>, Failure> {
        let limit = self.seconds();
        let parse = |record: &Record| {
            exact::sample(record)
                .map_err(|invalid| Failure::Usage(format!("sample {}: {invalid}", record.number)))
        };
        let samples = records.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let (mut seconds, mut digits) = (0.0, 0.0_f64);
        for ruled in rules {
            let cost = exact::cost(exact, ruled.plan("--exact")?, &samples);
            seconds += cost.seconds * work;
            digits = digits.max(cost.digits);
        }
        if seconds > limit {
            return Err(Failure::Usage(format!(
                "exact fractions could take up to {} here, with numerators of about {:.0} digits; the limit is {limit} s\n  \
                 help: --exact-limit {:.0} lets it run; without --exact it is fast",
                duration(seconds),
                digits,
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
