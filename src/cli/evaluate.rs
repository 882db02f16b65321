//! `deeptaylor evaluate`: several rules on the same network and samples, beside one another.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use deeptaylor::evaluate::{Candidate, Examination, Findings, Noise, Randomisation};
use deeptaylor::init::Scheme;
use deeptaylor::measure::flipping;
use deeptaylor::network::{GivenBounds, Memory};
use deeptaylor::relevance::Method;
use deeptaylor::render::{self, Document, evaluation_csv};
use deeptaylor::result::evaluated::{BALANCE, PROPERTIES, RELEVANCE, WEIGHTS};
use deeptaylor::result::{Evaluation, Origin};
use deeptaylor::samples::Record;
use deeptaylor::words::{count, grouped};
use deeptaylor::{Error, Network};
use ndarray::Axis;

use super::bounds::bounded;
use super::destination::Destination;
use super::explained::Targets;
use super::network::{ModelArgs, title};
use super::number::{above_0, tolerance, whole};
use super::origin::of_file;
use super::outcome::OutcomeArgs;
use super::plan::PlanArgs;
use super::progress::Progress;
use super::quiet::QuietArgs;
use super::request::methods;
use super::run::{Outside, all, matrix};
use super::source::SampleArgs;
use super::spreadsheet::SpreadsheetArgs;
use super::stdin::is_stdin;
use super::{Failure, Status, failure, initialisation, origin, table, text};

mod contest;

use contest::{Contest, without};

/// Of more multiplications than this it is said that they take a while.
const LONG: f64 = 5e11;

const EXPLAINED: &str = "\
▲ marks the best and ▼ the worst value of a column in which high or low is better.
Everything but the seconds is the same for any number of threads; --no-time leaves
the seconds out.

Exit status: 0 computed, and what each rule of --rule or --plan promises holds for every sample; 1 a check fails; 2 could
not compute. Without --rule and --plan no rule was asked for, and none counts: a rule that loses relevance is told as that.

Examples:
  deeptaylor evaluate example:mnist-32                     all rules, on the digits that come along
  deeptaylor evaluate net.json --inputs x.npy --rule w2,deep-taylor
  deeptaylor evaluate net.onnx --inputs x.npz --target label --sample 0-99
  deeptaylor evaluate net.json --draws 10 --noise 0.01     more draws of weights, less noise
  deeptaylor evaluate net.json -o rules.html               a page with curves";

#[derive(Args)]
#[command(after_long_help = format!("{}\n\n{EXPLAINED}", columns()), after_help = "--help explains the columns.")]
pub struct EvaluateArgs {
    /// The network file or ONNX model, or example:NAME, or '-' for stdin [default: example:figure-4]
    network: Option<PathBuf>,

    /// The rules and gradient methods, for example w2,z+,gradient-x-input; integrated gradients go from 0. One that is another
    /// one on this network is left out [default: all rules that are defined for the network]
    #[arg(long, value_name = "RULE,…", value_parser = methods(), help_heading = "Rule")]
    rule: Vec<Vec<Method>>,

    #[command(flatten)]
    plan: PlanArgs,

    /// The output to explain: max (the largest for each sample), all (their sum), label (the class that each sample
    /// brings along), a name, an index from 0, a contrast A-B, or several with commas between them
    #[arg(
        long,
        default_value = "max",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    target: String,

    /// The bounds of the inputs, in place of those of the network file: 0,1, or a pair for each channel (or input)
    #[arg(
        long,
        value_name = "L,H",
        allow_hyphen_values = true,
        help_heading = "Rule"
    )]
    bounds: Option<GivenBounds>,

    /// Conservation holds if |ΣR − f(x)| ≤ T·Σ|R_out| in every layer, where R_out is the relevance of the outputs
    #[arg(long, value_name = "T", default_value = "1e-9", value_parser = tolerance, allow_negative_numbers = true, help_heading = "Rule")]
    tolerance: f64,

    #[command(flatten)]
    given: SampleArgs,

    #[command(flatten)]
    model: ModelArgs,

    #[command(flatten)]
    measuring: MeasuringArgs,

    /// How much memory the samples that are explained at once may take; the results are the same for any [default: a
    /// quarter of what is available]
    #[arg(
        long,
        value_name = "SIZE",
        allow_negative_numbers = true,
        help_heading = "Output"
    )]
    memory: Option<Memory>,

    /// How many threads to use; the results are the same for any number [default: one for each core]
    #[arg(long, value_name = "N", value_parser = whole(1, 1024_u16), allow_negative_numbers = true, help_heading = "Output")]
    threads: Option<u16>,

    /// Leave the seconds out, so that the same command gives the same bytes
    #[arg(long, help_heading = "Output")]
    no_time: bool,

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

// How much is measured, and how.
#[derive(Args)]
struct MeasuringArgs {
    /// In how many batches the inputs are set to 0
    #[arg(long, value_name = "N", default_value_t = flipping::BATCHES, value_parser = whole(1, 10_000_usize), allow_negative_numbers = true, help_heading = "Measuring")]
    batches: usize,

    /// How far noise moves an input at the most, as a part of its range: that of its bounds, or without bounds from the
    /// least to the largest of all values and 0
    #[arg(long, value_name = "PART", default_value = "0.05", value_parser = above_0("0.05"), allow_negative_numbers = true, help_heading = "Measuring")]
    noise: f64,

    /// How many noisy copies of each sample are explained
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = whole(0, 10_000_usize), allow_negative_numbers = true, help_heading = "Measuring")]
    copies: usize,

    /// The scheme by which weights are drawn anew, with the biases that it has of itself; compare --help lists the schemes
    #[arg(long, default_value = "he-normal", value_parser = initialisation::scheme(), hide_possible_values = true, help_heading = "Measuring")]
    scheme: Scheme,

    /// How many networks with random weights are drawn for each number of layers
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole(0, 10_000_usize), allow_negative_numbers = true, help_heading = "Measuring")]
    draws: usize,

    /// The seed of noise, random order and weights
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole(0, u64::MAX), allow_negative_numbers = true, help_heading = "Measuring")]
    seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables and an interpretation
    Text,
    /// One document with every figure
    Json,
    /// One row for each rule
    Csv,
    /// One self-contained page
    Html,
    /// The same without pictures
    #[value(alias = "md")]
    Markdown,
}

/// What the columns are, for the help.
fn columns() -> String {
    let columns = PROPERTIES.iter().chain(&BALANCE).chain(&RELEVANCE);
    let columns = columns.chain(&WEIGHTS);
    table::columns(columns.map(|column| (column.title, &*column.legend)))
}

impl EvaluateArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        self.spreadsheet.check(self.format() == Format::Csv)?;
        self.destination
            .check(self.files().chain(self.given.tags()))?;
        self.destination.check_format(self.format)?;
        if self.file().is_some_and(is_stdin) && self.given.come_from_stdin() {
            let both = "only one of the network and the samples can come from stdin";
            return Err(Failure::Usage(both.to_owned()));
        }
        let file = self.file().unwrap_or(Path::new("example:figure-4"));
        let network = bounded(
            self.model.explained(file, self.destination.file())?.network,
            self.bounds.as_ref(),
        )?;
        let wanted = Targets::parse(&self.target, &network)?;
        let records = all(&self.given, &network, "evaluate")?;
        warn_of_bounds(&network, &records);
        let targets = wanted.of_all(&records, &network)?;
        let samples = matrix(&records, network.input_units())?;
        let each: Vec<usize> = (0..targets.len()).map(|n| n / wanted.number()).collect();
        let mut contest = self.contest(&network)?;
        let mut examination = Examination {
            samples: samples.select(Axis(0), &each),
            network: &network,
            candidates: std::mem::take(&mut contest.candidates),
            targets: targets.iter().copied().collect(),
            tolerance: self.tolerance,
            batches: self.measuring.batches,
            noise: Noise {
                size: self.measuring.noise,
                copies: self.measuring.copies,
            },
            randomisation: Randomisation {
                scheme: self.measuring.scheme,
                draws: self.measuring.draws,
            },
            seed: self.measuring.seed,
            memory: self.memory.unwrap_or_default(),
        };
        let findings = self.found(&mut examination, &mut contest)?;
        let evaluation = Evaluation::new(&examination, &findings, self.source(), &self.target);
        let mut evaluation = evaluation.of_samples(records.len()).interpreted();
        evaluation.left_out = contest.left_out;
        evaluation.asked = contest.asked;
        evaluation.on_top = self.plan.on_top();
        if self.no_time {
            evaluation = evaluation.without_times();
        }
        network.check_unchanged()?;
        self.write(&mut evaluation)?;
        let rules = findings.rules.iter();
        let unbalanced = rules.map(|rule| rule.checked.unbalanced).sum();
        let pass = evaluation.passes(self.outcome.strict);
        Ok(self.outcome.status(pass, unbalanced))
    }

    fn file(&self) -> Option<&Path> {
        self.network.as_deref()
    }

    /// The files that are read: of the network, of plans, and of samples.
    fn files(&self) -> impl Iterator<Item = &Path> {
        let plans = self.file().into_iter().chain(self.plan.files());
        plans.chain(self.given.files())
    }

    fn format(&self) -> Format {
        self.destination.format(self.format, Format::Text)
    }

    /// Where the samples come from, in words.
    fn source(&self) -> String {
        if self.given.are_given() {
            format!("from {}", self.given.origin())
        } else {
            "the samples of the network file".to_owned()
        }
    }

    /// Runs the examination, with its progress on stderr where that is a terminal and it takes a while. A rule that nobody
    /// asked for and that cannot explain the samples is left out.
    fn found(
        &self,
        examination: &mut Examination,
        contest: &mut Contest,
    ) -> Result<Findings, Failure> {
        warn_of_length(examination);
        loop {
            match self.run_once(examination)? {
                Ok(findings) => return Ok(findings),
                Err(Error::Of { network, error }) if !contest.asked => {
                    let is_it = |candidate: &Candidate| candidate.name == network;
                    let candidates = &mut examination.candidates;
                    let unfit = candidates.iter().position(is_it);
                    match unfit {
                        Some(unfit) if candidates.len() > 1 => {
                            let unfit = candidates.remove(unfit);
                            contest.left_out.push(without(&unfit.name, &error));
                        }
                        _ => return Err(Error::Of { network, error }.into()),
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn run_once(&self, examination: &Examination) -> Result<Result<Findings, Error>, Failure> {
        let progress = Progress::new(Some(examination.explanations()), "explanation");
        let run = || examination.run(|explanations| progress.advance(explanations));
        let findings = match self.threads {
            None => run(),
            Some(threads) => rayon::ThreadPoolBuilder::new()
                .num_threads(usize::from(threads))
                .build()
                .map_err(|error| Failure::Usage(format!("--threads {threads}: {error}")))?
                .install(run),
        };
        Ok(findings)
    }

    fn write(&self, evaluation: &mut Evaluation) -> Result<(), Failure> {
        if self.quiet.is_silent(&self.destination) {
            return Ok(());
        }
        evaluation.made_by = Some(self.origin());
        let document = || {
            let mut shown = evaluation.clone();
            title(&mut shown.name, self.file());
            Document::from(&shown)
        };
        let mut out = Vec::new();
        match self.format() {
            Format::Json => render::json(evaluation, &mut out)?,
            Format::Csv => evaluation_csv(evaluation, self.spreadsheet.names(), &mut out)?,
            Format::Html => out = render::html(&document()).into_bytes(),
            Format::Markdown => out = render::markdown(&document()).into_bytes(),
            Format::Text => return self.destination.text(&text(0).document(&document())),
        }
        self.destination.data(&out[..])
    }

    /// What makes the result: this program, of the files of network and samples; what came from stdin cannot be read again.
    fn origin(&self) -> Origin {
        self.files().fold(origin(), of_file)
    }
}

/// Says how many inputs lie outside of their bounds.
fn warn_of_bounds(network: &Network, records: &[Record]) {
    let bounds = network.input().bounds.as_ref();
    let mut outside = Outside::default();
    for (record, bounds) in records.iter().zip(bounds.into_iter().cycle()) {
        outside.count(&bounds.outside(&record.values));
    }
    outside.warn(bounds);
}

/// Says that it will take a while, and what makes it shorter.
fn warn_of_length(examination: &Examination) {
    let multiplications = examination.network.multiplications();
    let points = examination.points();
    if points as f64 * multiplications as f64 > LONG {
        failure::note(&format!(
            "{} of {} multiplications each are to be made; fewer samples (--sample), rules (--rule), draws (--draws) and \
             copies (--copies) take less time",
            count(points, "explanation"),
            grouped(multiplications)
        ));
    }
}
