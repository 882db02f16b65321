//! `deeptaylor diff`: what moved from one explanation to another of the same samples.

mod given;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use deeptaylor::Network;
use deeptaylor::network::Memory;
use deeptaylor::relevance::audit::TOLERANCE;
use deeptaylor::render::{self, Document};
use deeptaylor::result::difference::ExplainedSample;
use deeptaylor::result::{Difference, Explained, Explanation, Origin, Whole};
use deeptaylor::words::grouped;

use super::at_work::{AnyExplainer, AtWork, Extras};
use super::destination::Destination;
use super::gradients::GradientArgs;
use super::initialisation::MOST_VALUES;
use super::layout::LayoutArgs;
use super::origin::of_file;
use super::outcome::OutcomeArgs;
use super::quiet::QuietArgs;
use super::request::{Request, top};
use super::run::{BATCH, Run};
use super::screen::ScreenArgs;
use super::source::SampleArgs;
use super::{Failure, Status, origin};
use given::{Choice, Given};

const EXAMPLES: &str = "\
What A and B are is found out by their content: two results of explain (or
one with several rules), two networks (or one under two rules), or a result
of train, of which two steps are compared. d_i = R_i(B) - R_i(A) for every
input. Samples are matched by their ids where all have one, else by number,
and then their values must be the same.

Exit status: 0 compared, whatever differs; 2 could not compare, as where A
and B explain different samples.

Examples:
  deeptaylor diff example:mnist-32 --rule w2,z+ --sample 4
  deeptaylor diff before.json after.json --inputs x.npy
  deeptaylor diff old-result.json new-result.json
  deeptaylor diff run/training.json --steps 0,1000 -o grown.html";

#[derive(Args)]
#[command(
    after_help = EXAMPLES,
    mut_arg("network", |a| a.index(1).value_name("A").required(true).help(
        "A network or a result of explain or train in JSON; '-' reads a result from stdin",
    ).long_help(None)),
)]
pub struct DiffArgs {
    #[command(flatten)]
    request: Request,

    /// Another of the same kind [default: A under the second rule, or at the second step]
    #[arg(index = 2)]
    b: Option<PathBuf>,

    /// The steps of a training to compare: M,N, or of two trainings one for both [default: the first and the last; of two
    /// trainings the last of each]
    #[arg(long, value_name = "M,N", value_delimiter = ',', num_args = 1)]
    steps: Vec<usize>,

    #[command(flatten)]
    gradients: GradientArgs,

    #[command(flatten)]
    samples: SampleArgs,

    #[command(flatten)]
    layout: LayoutArgs,

    /// How many inputs the text shows of each sample, those that moved most first, or all [default: 10]
    #[arg(long, value_name = "N", value_parser = top, allow_negative_numbers = true, help_heading = "Output")]
    top: Option<usize>,

    /// The output format [default: by the ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    #[command(flatten)]
    screen: ScreenArgs,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: QuietArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Images where the terminal has colours, tables and sentences
    Text,
    /// One document with every number
    Json,
    /// One self-contained page
    Html,
    /// The same without pictures
    #[value(alias = "md")]
    Markdown,
    /// Its tables alone, for a paper
    #[value(alias = "tex")]
    Latex,
}

impl DiffArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        let read = self.files().chain(self.samples.tags());
        (self.destination).check(read.chain(self.gradients.file()))?;
        self.destination.check_format(self.format)?;
        let given = self
            .given()
            .map(|file| Given::read(file).map(|given| (file, given)));
        let given = given.collect::<Result<Vec<_>, Failure>>()?;
        let mut unbalanced = 0;
        let sides = match &given[..] {
            [(file, Given::Network)] => self.under_two_rules(file, &mut unbalanced)?,
            [(a, Given::Network), (b, Given::Network)] => {
                self.of_two_networks([a, b], &mut unbalanced)?
            }
            [(file, Given::Result(result))] => {
                self.check_results()?;
                self.choice().of_one(file, result)?
            }
            [(a, Given::Result(of_a)), (b, Given::Result(of_b))] => {
                self.check_results()?;
                self.choice().of_two([a, b], [of_a, of_b])?
            }
            _ => {
                // What is neither is complained about as the network that it is not.
                let networks = given
                    .iter()
                    .filter(|(_, given)| matches!(given, Given::Network));
                for (file, _) in networks {
                    self.request.network_of(file, None)?;
                }
                return Err(Failure::Usage(
                    "A and B must be of one kind, found a network and a result\n  \
                     help: deeptaylor explain NETWORK --format json makes a result of the network"
                        .to_owned(),
                ));
            }
        };
        let [a, b] = sides.map(|side| self.chosen(side));
        let difference = Difference::between(a?, b?);
        let mut difference = difference.map_err(deeptaylor::Error::from)?.interpreted();
        difference.made_by = Some(self.origin());
        if !self.quiet.is_silent(&self.destination) {
            self.write(&difference)?;
        }
        Ok(OutcomeArgs::default().status(true, unbalanced))
    }

    /// A and, where it is given, B.
    fn given(&self) -> impl Iterator<Item = &Path> {
        self.request
            .network
            .as_deref()
            .into_iter()
            .chain(self.b.as_deref())
    }

    /// The files that are read.
    fn files(&self) -> impl Iterator<Item = &Path> {
        let files = self.request.files().chain(self.b.as_deref());
        files.chain(self.samples.files())
    }

    fn origin(&self) -> Origin {
        self.files().fold(origin(), of_file)
    }

    fn choice(&self) -> Choice<'_> {
        Choice {
            rules: self.request.rule_names(),
            steps: &self.steps,
        }
    }

    /// Refuses what is asked of networks, for results are explained already.
    fn check_results(&self) -> Result<(), Failure> {
        let says_more = self.request.asks_for_more_than_rules()
            || self.gradients != GradientArgs::default()
            || self.layout != LayoutArgs::default();
        if self.samples.only_choose() && !says_more {
            return Ok(());
        }
        Err(Failure::Usage(
            "results have the samples, targets, plans, bounds, baselines and layout that they were made with\n  \
             help: of results, --rule, --steps and --sample choose; to explain anew, give networks"
                .to_owned(),
        ))
    }

    /// The samples that --sample chooses of a result; those of networks are chosen already.
    fn chosen(&self, mut side: Explained) -> Result<Explained, Failure> {
        let Some(chosen) = self.samples.chosen() else {
            return Ok(side);
        };
        let number = |n: usize, sample: &ExplainedSample| sample.sample.unwrap_or(n);
        let each = side.samples.iter().enumerate();
        let there: BTreeSet<usize> = each.map(|(n, sample)| number(n, sample)).collect();
        if let Some(missing) = chosen.difference(&there).next() {
            return Err(Failure::Usage(format!(
                "--sample {missing}: {} has no such sample",
                side.side.source
            )));
        }
        let each = std::mem::take(&mut side.samples).into_iter().enumerate();
        let chosen = each.filter(|(n, sample)| chosen.contains(&number(*n, sample)));
        side.samples = chosen.map(|(_, sample)| sample).collect();
        Ok(side)
    }

    fn under_two_rules(
        &self,
        file: &Path,
        unbalanced: &mut usize,
    ) -> Result<[Explained; 2], Failure> {
        self.check_networks()?;
        let explained = self.explained(file, unbalanced)?;
        <[Explained; 2]>::try_from(explained).map_err(|explained| {
            Failure::Usage(format!(
                "two rules are needed to compare one network with itself, and {}\n  \
                 help: --rule w2,z+ names two; or give a second network",
                match explained.len() {
                    1 => "one is given".to_owned(),
                    rules => format!("{rules} are given"),
                }
            ))
        })
    }

    fn of_two_networks(
        &self,
        [a, b]: [&Path; 2],
        unbalanced: &mut usize,
    ) -> Result<[Explained; 2], Failure> {
        self.check_networks()?;
        if self.samples.come_from_stdin() {
            return Err(Failure::Usage(
                "two networks need the samples twice, and stdin can be read once\n  help: put the samples into a file"
                    .to_owned(),
            ));
        }
        let mut one = |file: &Path| {
            let explained = self.explained(file, unbalanced)?;
            <[Explained; 1]>::try_from(explained).map_err(|explained| {
                Failure::Usage(format!(
                    "one rule is needed to compare two networks, and {} are given\n  \
                     help: two rules are compared on one network",
                    explained.len()
                ))
            })
        };
        let ([a], [b]) = (one(a)?, one(b)?);
        Ok([a, b])
    }

    fn check_networks(&self) -> Result<(), Failure> {
        if self.steps.is_empty() {
            return Ok(());
        }
        Err(Failure::Usage(
            "--steps chooses steps of a training, and A is a network\n  \
             help: deeptaylor train --out DIR writes training.json, which has steps"
                .to_owned(),
        ))
    }

    /// A network at work on the samples, as explain has it: under every rule that is asked for.
    fn explained(&self, file: &Path, unbalanced: &mut usize) -> Result<Vec<Explained>, Failure> {
        let written = self.destination.file();
        let (network, text) = self.request.network_of(file, written)?;
        let mut task = self.request.task(&network, text, &self.gradients)?;
        task.text = Vec::new();
        (self.layout).settle(&network, &mut task.rules, true)?;
        let memory = Memory::default();
        let rows = memory.shared_by(task.rules.len() * task.targets.number());
        let rows = rows.rows(&network, BATCH);
        let rules = task.rules.iter();
        let rules =
            rules.map(|ruled| AtWork::new(ruled, AnyExplainer::new(ruled, TOLERANCE, rows)));
        let extras = Extras {
            whole: Whole::Levels(vec![0]),
            bare: true,
            memory,
            ..Extras::default()
        };
        let samples = (self.samples).open(&network, self.layout.order(), None)?;
        let mut run = Run::new(&task, rules.collect(), samples, extras)?;
        let frames = task.rules.iter().map(|ruled| Explanation {
            rule: Some(ruled.name.clone()),
            ..Explanation::of(ruled.info.clone())
        });
        let mut frames: Vec<Explanation> = frames.collect();
        run.each(|n, by_rule| {
            check_size(n + 1, frames.len(), &network)?;
            for (frame, sample) in frames.iter_mut().zip(by_rule) {
                *unbalanced += usize::from(!sample.is_balanced());
                frame.push(sample.clone());
            }
            Ok(())
        })?;
        if run.done == 0 {
            return Err(self.samples.nothing(&network, "explain"));
        }
        run.outside.warn(network.input().bounds.as_ref());
        let source = given::name(file);
        Ok(frames
            .iter()
            .map(|frame| Explained::new(frame, &source))
            .collect())
    }

    fn write(&self, difference: &Difference) -> Result<(), Failure> {
        let document = || Document::from(difference);
        let mut out = Vec::new();
        match self.destination.format(self.format, Format::Text) {
            Format::Text => {
                let text = (self.screen).text(self.top, 10, self.destination.is_stdout());
                return self.destination.text(&text.difference(difference));
            }
            Format::Json => render::json(difference, &mut out)?,
            Format::Html => out = render::html(&document()).into_bytes(),
            Format::Markdown => out = render::markdown(&document()).into_bytes(),
            Format::Latex => out = render::latex(&document()).into_bytes(),
        }
        self.destination.data(&out[..])
    }
}

/// Refuses more samples than fit into memory, for a difference holds all of them.
fn check_size(samples: usize, rules: usize, network: &Network) -> Result<(), Failure> {
    let most = MOST_VALUES / (network.input_units() * rules).max(1);
    if samples <= most {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "at most {} samples of {} inputs are compared at once, and there are more\n  help: choose with --sample",
        grouped(most),
        grouped(network.input_units())
    )))
}
