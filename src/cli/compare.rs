//! `deeptaylor compare`: weight-initialisation schemes beside one another.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use deeptaylor::Network;
use deeptaylor::compare::{Candidate, Entry, Experiment};
use deeptaylor::init::{Architecture, Bias, Family, Scheme};
use deeptaylor::network::GivenBounds;
use deeptaylor::relevance::Preset;
use deeptaylor::render::{self, comparison_csv};
use deeptaylor::result::comparison::{PROPERTIES, SHARES};
use deeptaylor::result::{Comparison, Origin};
use ndarray::Array2;

use super::bounds::bounded;
use super::destination::Destination;
use super::explained::one_target;
use super::network::ModelArgs;
use super::number::{tolerance, whole};
use super::origin::of_file;
use super::outcome::OutcomeArgs;
use super::plan::{self, PlanArgs};
use super::progress::Progress;
use super::quiet::QuietArgs;
use super::request::{once, rules, rules_once};
use super::run::{all, matrix};
use super::source::SampleArgs;
use super::spreadsheet::SpreadsheetArgs;
use super::stdin::is_stdin;
use super::{Failure, Status, initialisation, named, origin, table, text};

/// The schemes that are compared where none are named.
const USUAL: [Family; 12] = [
    Family::Zeros,
    Family::Constant,
    Family::Normal,
    Family::LecunUniform,
    Family::LecunNormal,
    Family::GlorotUniform,
    Family::GlorotNormal,
    Family::HeUniform,
    Family::HeNormal,
    Family::Orthogonal,
    Family::Sparse,
    Family::PyTorch,
];

const EXPLAINED: &str = "\
Shares are over the runs with f(x) ≠ 0. ▲ marks the best and ▼ the worst value
of a column in which high or low is better; the columns from largest on have no
better end. The JSON has the quartiles of each figure over the seeds.

Exit status: 0 computed, and what the rules promise holds in every run; 1 a check of what is promised fails; 2 could not compute.

Examples:
  deeptaylor compare                                          figure 4 under twelve schemes
  deeptaylor compare --layers 784,300,100,10                  on drawn inputs
  deeptaylor compare --schemes he-normal,sparse:0.5 --rule w2,z+
  deeptaylor compare --schemes he-normal --bias 0 --bias -0.5 silent units as the bias falls
  deeptaylor compare --with example:two-stage                 a trained network beside the schemes";

#[derive(Args)]
#[command(after_long_help = format!("{}\n{EXPLAINED}\n\n{}", columns(), initialisation::schemes()), after_help = "--help explains the columns and lists the schemes.")]
pub struct CompareArgs {
    /// A network file, or example:NAME, or '-' for stdin. Its layers, bounds and samples are used, but not the
    /// weights and biases of its dense and convolutional layers [default: the first --with, else example:figure-4]
    #[arg(conflicts_with = "layers")]
    network: Option<PathBuf>,

    /// The layers, in place of a network file, as in init: 3,5,pool or 1x8x8,conv:4x3x3,maxpool:2,10
    #[arg(long, value_name = "N,N,…", help_heading = "Networks")]
    layers: Option<Architecture>,

    /// The schemes, for example he-normal,uniform:-1,1; --help lists them [default: twelve common ones]
    #[arg(long, value_name = "SCHEME,…", value_parser = named::by::<Scheme, _>(named::list::<Scheme>), hide_possible_values = true, allow_hyphen_values = true, help_heading = "Networks")]
    schemes: Option<Vec<Vec<Scheme>>>,

    /// A network file, or example:NAME, to compare as it is, with its own weights; may be given several times
    #[arg(long, value_name = "NETWORK", help_heading = "Networks")]
    with: Vec<PathBuf>,

    /// How many networks to draw from each scheme
    #[arg(long, value_name = "N", default_value = "100", value_parser = whole(1, 1_000_000_u32), allow_negative_numbers = true, help_heading = "Networks")]
    seeds: u32,

    /// The first seed; init --seed draws the same networks
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(0, u64::MAX), allow_negative_numbers = true, help_heading = "Networks")]
    seed: u64,

    /// How many samples to draw: within the bounds of the inputs, else from N(0, 1) [default: the samples of the
    /// network file, else 100]
    #[arg(long, value_name = "N", value_parser = whole(1, u32::MAX), conflicts_with_all = ["inputs", "input", "sample"], allow_negative_numbers = true, help_heading = "Input")]
    samples: Option<u32>,

    #[command(flatten)]
    given: SampleArgs,

    #[command(flatten)]
    model: ModelArgs,

    /// The rules to compare, for example w2,z+
    #[arg(
        long,
        value_name = "RULE,…",
        default_value = "w2",
        value_parser = rules(),
        help_heading = "Rule"
    )]
    rule: Vec<Vec<Preset>>,

    #[command(flatten)]
    plan: PlanArgs,

    /// The output to explain: max (the largest for each sample), all (their sum), a name, an index from 0, or a contrast
    /// A-B: why output A rather than B. A name wins over other readings
    #[arg(
        long,
        default_value = "max",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    target: String,

    /// The biases: a number, uniform:a,b or normal:μ,σ. If given several times, each scheme is run with each of them
    /// [default: 0; with pytorch U(±1/√fan_in)]
    #[arg(long, allow_hyphen_values = true, help_heading = "Networks")]
    bias: Vec<Bias>,

    /// The bounds of the inputs, in place of those of the network file: 0,1, or a pair for each channel (or input), for
    /// example '-2.1,2.6;-2,2.4;-1.8,2.6'; zB needs bounds
    #[arg(
        long,
        value_name = "L,H",
        allow_hyphen_values = true,
        help_heading = "Networks"
    )]
    bounds: Option<GivenBounds>,

    /// Conservation holds if |ΣR − f(x)| ≤ T·Σ|R_out| in every layer, where R_out is the relevance of the outputs
    #[arg(long, value_name = "T", default_value = "1e-9", value_parser = tolerance, allow_negative_numbers = true, help_heading = "Rule")]
    tolerance: f64,

    /// How many threads to use; the results are the same for any number [default: one for each core]
    #[arg(long, value_name = "N", value_parser = whole(1, 1024_u16), allow_negative_numbers = true, help_heading = "Output")]
    threads: Option<u16>,

    /// The output format [default: by the ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    #[command(flatten)]
    spreadsheet: SpreadsheetArgs,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: QuietArgs,

    #[command(flatten)]
    outcome: OutcomeArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables, the spread over the seeds, and an interpretation
    Text,
    /// One document with every figure
    Json,
    /// One row for each scheme
    Csv,
}

/// What the columns are, for the help.
fn columns() -> String {
    let columns = PROPERTIES.iter().chain(&SHARES);
    table::columns(columns.map(|column| (column.title, &*column.legend)))
}

/// Whether the name of a file that is not there is that of a scheme.
fn is_scheme(file: &Path) -> bool {
    let name = file.to_str();
    name.is_some_and(|name| name.parse::<Scheme>().is_ok()) && !file.exists()
}

impl CompareArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.spreadsheet.check(self.format() == Format::Csv)?;
        let networks = self.network.iter().chain(&self.with).map(PathBuf::as_path);
        let read = networks.chain(self.plan.files()).chain(self.given.files());
        self.destination.check(read.chain(self.given.tags()))?;
        self.destination.check_format(self.format)?;
        let (architecture, network) = self.network()?;
        let (samples, source) = self.samples(&network, &architecture)?;
        let policies = self.plan.policies(rules_once(&self.rule))?;
        // What no network of these layers can have is said without naming one that was drawn.
        plan::resolved(&policies, &network)?;
        let policies = policies
            .into_iter()
            .map(|given| given.policy.by_number(&network));
        let experiment = Experiment {
            target: one_target(&self.target, &network)?,
            candidates: self.candidates()?,
            policies: policies.collect(),
            first_seed: self.seed,
            seeds: self.seeds as usize,
            tolerance: self.tolerance,
            architecture,
            samples,
        };
        let entries = self.explained(&experiment)?;
        let mut comparison = Comparison::new(&experiment, &entries, source).interpreted();
        self.write(&mut comparison)?;
        let unbalanced = entries.iter().map(|entry| entry.checked.unbalanced).sum();
        let pass = self.outcome.pass(&comparison.checks);
        Ok(self.outcome.status(pass, unbalanced))
    }

    fn format(&self) -> Format {
        self.destination.format(self.format, Format::Text)
    }

    fn write(&self, comparison: &mut Comparison) -> Result<(), Failure> {
        if self.quiet.is_silent(&self.destination) {
            return Ok(());
        }
        let mut out = Vec::new();
        match self.format() {
            Format::Json => {
                comparison.made_by = Some(self.origin());
                render::json(comparison, &mut out)?;
            }
            Format::Csv => comparison_csv(comparison, self.spreadsheet.names(), &mut out)?,
            Format::Text => {
                return self
                    .destination
                    .text(&text(0).document(&(&*comparison).into()));
            }
        }
        self.destination.data(&out[..])
    }

    /// What makes the result: this program, of the files of networks and samples; what came from stdin cannot be read again.
    fn origin(&self) -> Origin {
        let networks = self.network.iter().chain(once(self.with.iter()));
        let networks = networks.map(PathBuf::as_path);
        let files = networks.chain(self.plan.files()).chain(self.given.files());
        files.fold(origin(), of_file)
    }

    /// The shape of the networks to draw, and one of it, for its names and samples.
    fn network(&self) -> Result<(Architecture, Network), Failure> {
        if let Some(layers) = &self.layers {
            let network = layers
                .draw(Scheme::of(Family::Zeros), None, 0)
                .map_err(|invalid| Failure::Usage(format!("--layers: {invalid}")))?;
            let network = bounded(network, self.bounds.as_ref())?;
            let architecture = layers.clone().with_input(network.input().clone());
            return Ok((architecture, network));
        }
        let networks = self.network.iter().chain(once(self.with.iter()));
        let from_stdin = networks.filter(|file| is_stdin(file)).count();
        if from_stdin + usize::from(self.given.come_from_stdin()) > 1 {
            return Err(Failure::Usage(
                "only one of the network, the samples and --with can come from stdin".to_owned(),
            ));
        }
        let network = match &self.network {
            Some(file) if is_scheme(file) => {
                let file = file.display();
                return Err(Failure::Usage(format!(
                    "{file} is a scheme, and there is no network file with that name\n  help: --schemes {file}"
                )));
            }
            Some(file) => self.model.load(file, self.destination.file())?.network,
            None => match self.with.first() {
                // What stdin holds can be read once, and takes part.
                Some(file) if !is_stdin(file) => {
                    self.model.load(file, self.destination.file())?.network
                }
                Some(_) => {
                    return Err(Failure::Usage(
                        "--with - needs a NETWORK or --layers, which say what to draw beside it"
                            .to_owned(),
                    ));
                }
                None => Network::figure_4(),
            },
        };
        let network = bounded(network, self.bounds.as_ref())?;
        Ok((Architecture::of(&network), network))
    }

    /// The samples, and where they come from.
    fn samples(
        &self,
        network: &Network,
        architecture: &Architecture,
    ) -> Result<(Array2<f64>, String), Failure> {
        let inputs = network.input_units();
        let own = self.samples.is_none() && network.samples().nrows() > 0;
        if own || self.given.are_given() {
            let records = all(&self.given, network, "explain")?;
            let source = if self.given.are_given() {
                format!("from {}", self.given.origin())
            } else {
                "the samples of the network file".to_owned()
            };
            return Ok((matrix(&records, inputs)?, source));
        }
        let number = self.samples.unwrap_or(100) as usize;
        let range = if architecture.input().bounds.is_some() {
            "evenly within their bounds"
        } else {
            "from N(0, 1)"
        };
        let samples = initialisation::samples(architecture, number, self.seed)?;
        Ok((samples, format!("drawn {range}, seed {}", self.seed)))
    }

    fn candidates(&self) -> Result<Vec<Candidate>, Failure> {
        let schemes: Vec<Scheme> = match &self.schemes {
            Some(given) => once(given.iter().flatten().copied()).collect(),
            None => USUAL.map(Scheme::of).to_vec(),
        };
        let biases: Vec<Option<Bias>> = if self.bias.is_empty() {
            vec![None]
        } else {
            once(self.bias.iter().copied()).map(Some).collect()
        };
        let mut candidates = Vec::new();
        for bias in biases {
            let drawn = schemes
                .iter()
                .map(|&scheme| Candidate::Drawn { scheme, bias });
            candidates.extend(drawn);
        }
        candidates.extend(self.own()?);
        Ok(candidates)
    }

    /// The networks that take part as they are, by their names; those of one name are distinguished by their files.
    fn own(&self) -> Result<Vec<Candidate>, Failure> {
        let mut own = Vec::new();
        for file in once(self.with.iter()) {
            let network = self.model.explained(file, self.destination.file())?.network;
            let network = bounded(network, self.bounds.as_ref())?;
            own.push((file.to_string_lossy(), network));
        }
        let with_name = |name: &str| own.iter().filter(|(_, other)| other.name() == name).count();
        let names: Vec<String> = (own.iter())
            .map(|(file, network)| match network.name() {
                "" => file.clone().into_owned(),
                name if with_name(name) > 1 => format!("{name} ({file})"),
                name => name.to_owned(),
            })
            .collect();
        let networks = own.into_iter().map(|(_, network)| Box::new(network));
        let candidates = names.into_iter().zip(networks);
        Ok(candidates
            .map(|(name, network)| Candidate::Own { name, network })
            .collect())
    }

    /// Runs the experiment, with its progress on stderr where that is a terminal and it takes a while.
    fn explained(&self, experiment: &Experiment) -> Result<Vec<Entry>, Failure> {
        let progress = Progress::new(Some(experiment.networks()), "network");
        let run = || experiment.run(|| progress.step());
        let entries = match self.threads {
            None => run(),
            Some(threads) => rayon::ThreadPoolBuilder::new()
                .num_threads(usize::from(threads))
                .build()
                .map_err(|error| Failure::Usage(format!("--threads {threads}: {error}")))?
                .install(run),
        };
        Ok(entries?)
    }
}
