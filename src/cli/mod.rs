//! The commands, one file each, as thin as they can be.

mod at_work;
mod batches;
mod bounds;
mod compare;
mod completions;
mod convert;
mod destination;
mod diff;
mod evaluate;
mod example;
mod explain;
mod explained;
mod failure;
mod gradients;
mod guide;
mod heatmap;
mod init;
mod initialisation;
mod inspect;
mod interrupt;
mod layout;
mod man;
mod named;
mod network;
mod number;
mod origin;
mod outcome;
mod output;
mod pager;
mod plan;
mod progress;
mod quiet;
mod records;
mod report;
mod request;
mod rows;
mod ruled;
mod run;
mod schema;
mod screen;
mod side_by_side;
mod source;
mod spool;
mod spreadsheet;
mod stdin;
mod stdout;
mod table;
mod taylor;
mod train;
mod version;
mod writing;

use std::borrow::Cow;
use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, CommandFactory, Parser, Subcommand};
use deeptaylor::printable::printable;
use deeptaylor::render::Text;

use failure::Failure;
use network::{example_named, is_example, is_table};
use origin::origin;
use stdout::{print, print_text};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

const AFTER: &str = "\
Without a command, deeptaylor explains the built-in network figure-4.

Exit status:
  0  computed, and every check of what the rules promise holds
  1  computed, and a check of what is promised fails: relevance was lost, or is negative
  2  could not compute: bad file or bad usage, with one message on stderr
  130, 143  ended by Ctrl-C or by SIGTERM

Examples:
  deeptaylor                                             the built-in network
  deeptaylor explain example:figure-4 --input 1,0.5,-1   one sample
  deeptaylor explain example:lines --format jsonl        a line for each sample
  deeptaylor explain --format html > page.html           a page for a browser
  deeptaylor taylor example:two-stage --layer 1          its Taylor expansions
  deeptaylor inspect example:mnist-32                    does it fit the theory?
  deeptaylor compare --layers 784,300,100,10             how initial weights change relevance
  deeptaylor evaluate example:mnist-32                   which rule to use
  deeptaylor diff example:lines --rule w2,z+             what moves from one rule to another
  deeptaylor train --out run                             how training changes it
  deeptaylor example figure-4 -o mine.json               a network file to edit
  deeptaylor explain mine.json                           your own network
  deeptaylor convert mine.json -o model.onnx             the same for other programs
  deeptaylor explain model.onnx --inputs x.npy           a trained network, samples in an array
  deeptaylor guide                                       the manual, in chapters";

/// Explain the output of a ReLU / sum-pool network by deep Taylor decomposition.
///
/// The output f(x) is redistributed to the inputs, layer by layer. The relevance of every layer is printed and
/// checked: it must sum to f(x) (conservation), and none of it may be negative (positivity).
#[derive(Parser)]
#[command(name = "deeptaylor", version, long_version = version::LONG.as_str(), styles = STYLES, after_help = AFTER, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    /// When to use colour
    #[arg(
        long,
        alias = "colour",
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        display_order = 1000
    )]
    color: ColorChoice,
}

// What a command takes is described only where that command is meant: all of them together take a third of the time in which
// a small network is explained. What it is for stands here, for the list of all commands.
#[derive(Subcommand)]
#[command(defer = true)]
enum Command {
    /// Explain the output of a network: the relevance of every layer, with its checks
    ///
    /// The explained output is redistributed layer by layer, from the output down to the inputs. The relevance of every
    /// layer must sum to that output, and none of it may be negative.
    Explain(explain::ExplainArgs),
    /// Show the Taylor expansion behind every relevance: root points, first-order terms, remainders
    ///
    /// The terms are computed from the expansion alone, and then compared with the rule.
    Taylor(taylor::TaylorArgs),
    /// Compare weight-initialisation schemes: how initial weights change relevance
    ///
    /// Many networks are drawn from each scheme. Every network is explained on the same samples, and checked.
    Compare(compare::CompareArgs),
    /// Evaluate rules on a network: which one should I use?
    ///
    /// Every rule explains the same samples. Measured are the two properties, where f(x) goes, how relevance is spread, how fast
    /// f falls when the most relevant inputs are set to 0, how alike the rules are, and whether relevance stays the same under
    /// noise (it should) and under random weights (it should not).
    Evaluate(evaluate::EvaluateArgs),
    /// Show what moved from one explanation to another: two results, networks, rules or steps of a training
    ///
    /// The relevance of every input in B less that in A, on the same samples, with the cosine between the two and what part of
    /// relevance lies elsewhere.
    Diff(diff::DiffArgs),
    /// Write a network file with random weights from an initialisation scheme
    ///
    /// The same seed gives the same file on every machine. For example: deeptaylor init --layers 3,5,pool | deeptaylor
    /// explain - --input 1,0.5,-0.25
    Init(init::InitArgs),
    /// Train a network on digits, and follow how its relevance changes
    ///
    /// At every listed step, the network is tested on held-out digits, and the same digits are explained and checked.
    /// 5,000 digits of MNIST are built in.
    Train(train::TrainArgs),
    /// Make a page or Markdown from the JSON of explain, taylor, compare, evaluate, diff and train
    Report(report::ReportArgs),
    /// Show what is in a network file, and how well it fits the theory
    Inspect(inspect::InspectArgs),
    /// Write a network in another format, or with its weights in another file
    ///
    /// The ending of -o says the format. .json is the network file; where there are more than 100,000 weights, they go into
    /// a safetensors file beside it, of the same name, and the network that is read back is the same bit for bit. .onnx is
    /// what most frameworks and runtimes read; its numbers have 32 bits, and what that rounds is told.
    Convert(convert::ConvertArgs),
    /// List the built-in networks, or print one
    Example(example::ExampleArgs),
    /// Read the manual: list its chapters, or show one
    Guide(guide::GuideArgs),
    /// Print the JSON Schema of the network file, of a plan, or of a result
    Schema(schema::SchemaArgs),
    /// Print completions for a shell
    ///
    /// For bash: deeptaylor completions bash > ~/.local/share/bash-completion/completions/deeptaylor
    Completions(completions::CompletionsArgs),
    /// Print a man page, in roff, or write those of all commands
    Man(man::ManArgs),
}

/// Reads the command line; answers it here where it asks for help or cannot be understood.
pub fn parse() -> Result<Cli, ExitCode> {
    let words: Vec<OsString> = env::args_os().collect();
    Cli::try_parse_from(&words).map_err(|error| answer(&with_tip(harmless(error, &words), &words)))
}

/// The same complaint without what would steer a terminal, because it repeats the command line.
fn harmless(error: clap::Error, words: &[OsString]) -> clap::Error {
    let shown = words.iter().map(|word| printable(&word.to_string_lossy()));
    Cli::try_parse_from(shown).err().unwrap_or(error)
}

/// Prints help or version, or tells what is wrong.
fn answer(error: &clap::Error) -> ExitCode {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        failure::print(&text);
        return ExitCode::from(2);
    }
    match print_text(&text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Whether a word is an option of explain.
fn explain_takes(word: &str) -> bool {
    let mut cli = Cli::command();
    cli.build();
    let explain = cli.find_subcommand("explain");
    let long = word.strip_prefix("--").unwrap_or_default();
    let mut known = explain.into_iter().flat_map(clap::Command::get_arguments);
    known.any(|known| known.get_long() == Some(long))
}

/// The same complaint with what to say instead, where that is plain: a network in the place of a command is most likely
/// meant to be explained.
fn with_tip(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.as_str(),
        Some(ContextValue::Strings(words)) => words.first().map_or("", String::as_str),
        _ => "",
    };
    let word = said(ContextKind::InvalidArg);
    let has_command =
        (words.get(1)).is_some_and(|word| Cli::command().find_subcommand(word).is_some());
    let tip = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = said(ContextKind::InvalidSubcommand);
            let there = Path::new(word).is_file() || is_example(word);
            let there = there
                .then(|| word.to_owned())
                .or_else(|| example_named(word));
            there.map(|network| format!("to explain this network: deeptaylor explain {network}"))
        }
        ErrorKind::UnknownArgument if !has_command => {
            let known = explain_takes(word);
            known.then(|| format!("{word} goes with a command: deeptaylor explain {word} …"))
        }
        ErrorKind::UnknownArgument if is_table(Path::new(word)) => {
            Some(format!("samples go to --inputs: --inputs {word}"))
        }
        ErrorKind::MissingRequiredArgument if word == "<WHAT>" => {
            Some(format!("WHAT is one of {}", schema::choices().join(", ")))
        }
        _ => None,
    };
    if let Some(tip) = tip {
        let tip = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

/// What a command found, as an exit status.
pub enum Status {
    /// Computed, and every check holds.
    Holds,
    /// Computed, and a check of what is promised fails.
    Fails,
}

impl Status {
    /// Whether every check holds, as a verdict.
    fn of(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Fails }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Holds => Self::SUCCESS,
            Status::Fails => Self::from(1),
        }
    }
}

impl Cli {
    /// Runs the command that was given.
    pub fn run(&self) -> Result<Status, Failure> {
        interrupt::heed_sigterm();
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        progress::begin(self.doing());
        let found = match &self.command {
            None => explain::ExplainArgs::built_in().run(),
            Some(Command::Explain(explain)) => explain.run(),
            Some(Command::Taylor(taylor)) => taylor.run(),
            Some(Command::Compare(compare)) => compare.run(),
            Some(Command::Evaluate(evaluate)) => evaluate.run(),
            Some(Command::Diff(diff)) => diff.run(),
            Some(Command::Init(init)) => init.run(),
            Some(Command::Train(train)) => train.run(),
            Some(Command::Report(report)) => report.run(),
            Some(Command::Inspect(inspect)) => inspect.run(),
            Some(Command::Convert(convert)) => convert.run(),
            Some(Command::Example(example)) => example.run(),
            Some(Command::Guide(guide)) => guide.run(),
            Some(Command::Schema(schema)) => schema.run(),
            Some(Command::Completions(completions)) => completions.run(),
            Some(Command::Man(man)) => man.run(),
        };
        progress::end();
        found
    }

    /// What the command does, in a word.
    fn doing(&self) -> &'static str {
        match &self.command {
            None | Some(Command::Explain(_)) => "explaining",
            Some(Command::Taylor(_)) => "expanding",
            Some(Command::Compare(_) | Command::Diff(_)) => "comparing",
            Some(Command::Evaluate(_)) => "evaluating",
            Some(Command::Init(_)) => "drawing",
            Some(Command::Train(_)) => "training",
            Some(Command::Report(_)) => "reporting",
            Some(Command::Inspect(_)) => "inspecting",
            Some(Command::Convert(_)) => "converting",
            Some(_) => "at work",
        }
    }
}

/// A renderer for the terminal at hand, without images.
fn text(top: usize) -> Text {
    Text::new(width(), top)
}

/// Columns of the terminal, or 80 where there is none.
fn width() -> usize {
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    width.clamp(40, 110)
}

/// A text in lines no wider than so many columns; names of schemes and rules are not torn at their hyphens.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options =
        textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, options);
    lines.into_iter().map(Cow::into_owned).collect()
}
