//! `deeptaylor train`: what training does to relevance.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};
use deeptaylor::data::{Data, Images};
use deeptaylor::evolution::Study;
use deeptaylor::init::{Architecture, Scheme};
use deeptaylor::relevance::Policy;
use deeptaylor::report::{self, Reached, Setting, Training};
use deeptaylor::train::{Optimiser, Recipe, Trainer, score};
use deeptaylor::{Bounds, Network};

use super::course::{Classes, classes, layers, rate};
use super::progress::Progress;
use super::request::{RuleName, once, tolerance};
use super::{Failure, Verdict, draw, failure, folder, origin, output, print, print_text, text};

/// Set by Ctrl-C.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// More listed steps than this make a sheet that nobody can look at.
const MOST_STEPS: usize = 100;

const EXPLAINED: &str = "\
Rules: as in explain.

Files in --out: step-NNNNN.json, the network at each listed step, for every command; relevance.png, the contact
sheet; training.json, all figures, as --format json prints them.

Exit status: 0 computed, and every check holds at every step; 1 one fails; 2 could not compute; 130 interrupted by
Ctrl-C: the listed steps before it are kept.

Examples:
  deeptaylor train --out course                        digits, and what becomes of their relevance
  deeptaylor train --steps 0,10,100 --rules w2,zB,deep-taylor
  deeptaylor train --layers 784,300,100,10 --optimiser adam --rate 0.001 --bias free
  deeptaylor train --data mnist/ --digits 3,8 --format json | jq '.steps[].accuracy'";

/// Train a network on digits, and watch relevance take shape
///
/// At every listed step the network is tested on held-out digits, and the same digits are explained, checked and
/// measured. 5,000 digits of MNIST are built in.
#[derive(Args)]
#[command(after_long_help = EXPLAINED, after_help = "--help explains the files and has examples.")]
pub struct Train {
    /// The steps at which relevance is looked at; training ends with the last
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', default_value = "0,10,100,1000,5000", value_parser = clap::value_parser!(u32).range(..=10_000_000), allow_hyphen_values = true)]
    steps: Vec<u32>,

    /// A folder with the four IDX files of MNIST, plain or .gz, or with train.csv and test.csv; or a CSV file with a
    /// column label, every sixth row of which is held out [default: the digits built in]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// The layers, as init takes them: 100,pool:10 adds up every 10 of 100 units, so that it has ten outputs. A plain
    /// number at the end is class scores, without ReLU, which can be negative
    #[arg(long, value_name = "N,N,…", default_value = "1x28x28,300,100,pool:10", value_parser = layers)]
    layers: Architecture,

    /// How the weights are drawn; init --help lists the schemes. The weights begin small, so that what is learned stands
    /// out from what was drawn
    #[arg(long, default_value = "normal:0,0.01", value_parser = draw::scheme(), hide_possible_values = true)]
    scheme: Scheme,

    /// The seed of the weights and of the order of the images
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = draw::seed, allow_negative_numbers = true)]
    seed: u64,

    /// What is made of the gradients
    #[arg(long, default_value = "momentum")]
    optimiser: OptimiserName,

    /// The learning rate [default: 0.03; with adam 0.001]
    #[arg(long, value_name = "RATE", value_parser = rate, allow_negative_numbers = true)]
    rate: Option<f64>,

    /// How many images a step sees
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000), allow_negative_numbers = true)]
    batch: u32,

    /// Biases held at b_j ≤ 0 after each step, as the theory asks, or free
    #[arg(long, default_value = "nonpositive")]
    bias: BiasName,

    /// The rules, side by side
    #[arg(
        long,
        value_name = "RULE,…",
        default_value = "w2,deep-taylor",
        value_delimiter = ',',
        ignore_case = true
    )]
    rules: Vec<RuleName>,

    /// The classes of which the first held-out image is shown: 0-9 or 3,5,8 [default: every class that is held out]
    #[arg(long, value_name = "CLASSES", value_parser = classes)]
    digits: Option<Classes>,

    /// How many held-out images the figures are means of, those shown among them
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000), allow_negative_numbers = true)]
    explain: u32,

    /// Conservation holds while |ΣR − f(x)| ≤ T·Σ|R| on every layer
    #[arg(long, value_name = "T", default_value = "1e-9", value_parser = tolerance, allow_negative_numbers = true)]
    tolerance: f64,

    /// The folder for the networks, the contact sheet and the figures; without it no file is written
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write into a folder that is not empty, in the place of an earlier training
    #[arg(long)]
    force: bool,

    /// What to print
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum OptimiserName {
    /// SGD: v ← 0.9 v + g, w ← w − rate·v
    Momentum,
    /// Adam with β = 0.9, 0.999
    Adam,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BiasName {
    /// b_j ≤ 0
    Nonpositive,
    /// Any
    Free,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Tables and a reading
    Text,
    /// One document with every figure and the relevance of the digits shown
    Json,
}

impl Train {
    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        let steps = self.steps()?;
        let data = self
            .data
            .as_deref()
            .map_or_else(|| Ok(Data::built_in()), Data::open)?;
        let network = self.network(&data)?;
        data.test.check_classes(network.output_units())?;
        let rules = self.policies();
        for (_, policy) in &rules {
            policy.plan(&network)?;
        }
        let mut trainer = Trainer::new(network, &data.train, self.recipe())?;
        let shown = self.shown(&data.test)?;
        let mut chosen = shown.clone();
        let others = (0..data.test.len()).filter(|n| !shown.contains(n));
        chosen.extend(others.take((self.explain as usize).saturating_sub(shown.len())));
        let study = Study::new(&data.train, &data.test, &chosen, self.seed, self.tolerance);
        if let Some(out) = &self.out {
            folder::prepare(out, self.force)?;
        }
        // The first Ctrl-C ends the training with what it has, a second one at once.
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTED.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(failure::INTERRUPTED));
            }
        });
        let reached = self.course(&mut trainer, &steps, &rules, &study, (&data, &shown))?;
        let names: Vec<String> = rules.into_iter().map(|(name, _)| name).collect();
        let mut training = Training::new(
            self.setting(&data),
            (&study, &data.test, &shown),
            &names,
            &reached,
        );
        training.made_by = Some(origin());
        self.keep(&training)?;
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Err(self.interrupted(trainer.steps(), reached.len()));
        }
        self.tell(&training)?;
        Ok(Verdict::of(training.checks.hold()))
    }

    /// Trains from one listed step to the next, as far as Ctrl-C lets it, and measures and writes each.
    fn course(
        &self,
        trainer: &mut Trainer,
        steps: &[usize],
        rules: &[(String, Policy)],
        study: &Study,
        (data, shown): (&Data, &[usize]),
    ) -> Result<Vec<Reached>, Failure> {
        let mut reached = Vec::new();
        let progress = Progress::new(steps.last().copied().unwrap_or(0), "steps");
        for &step in steps {
            if !advance(trainer, step, &progress)? {
                break;
            }
            let network = trainer.snapshot()?;
            let score = score(&network, &data.test)?;
            let stages = rules
                .iter()
                .map(|(_, policy)| study.stage(&network, policy));
            let stages = stages.collect::<Result<Vec<_>, _>>()?;
            if let Some(out) = &self.out {
                let text = self.described(network, step, score.accuracy, data, shown)?;
                let file = out.join(format!("step-{step:05}.json"));
                output::to_file(&file, text.as_bytes(), self.force)?;
            }
            reached.push((step, score, stages));
        }
        progress.end();
        Ok(reached)
    }

    /// Where Ctrl-C ended the training, and what of it is kept.
    fn interrupted(&self, step: usize, listed: usize) -> Failure {
        let kept = match listed {
            0 => "no listed step was reached, and nothing is",
            1 => "the listed step before it is",
            _ => "the listed steps before it are",
        };
        let kept = self
            .out
            .as_ref()
            .map_or_else(String::new, |out| format!("; {kept} in {}", out.display()));
        Failure::Interrupted(format!("interrupted after step {step}{kept}"))
    }

    /// The listed steps, each once, in order.
    fn steps(&self) -> Result<Vec<usize>, Failure> {
        let mut steps: Vec<usize> = self.steps.iter().map(|&step| step as usize).collect();
        steps.sort_unstable();
        steps.dedup();
        if steps.len() > MOST_STEPS {
            return Err(Failure::Usage(format!(
                "--steps: expected at most {MOST_STEPS}, found {}",
                steps.len()
            )));
        }
        Ok(steps)
    }

    fn recipe(&self) -> Recipe {
        let (optimiser, usual) = match self.optimiser {
            OptimiserName::Momentum => (Optimiser::Momentum, 0.03),
            OptimiserName::Adam => (Optimiser::Adam, 0.001),
        };
        Recipe {
            optimiser,
            rate: self.rate.unwrap_or(usual),
            batch: self.batch as usize,
            seed: self.seed,
            nonpositive: self.bias == BiasName::Nonpositive,
        }
    }

    /// The network before training, its inputs bounded as pixels are, its outputs named by their class.
    fn network(&self, data: &Data) -> Result<Network, Failure> {
        let invalid = |invalid| Failure::Usage(format!("--layers: {invalid}"));
        let network = self
            .layers
            .clone()
            .bounded(Bounds::Same([0.0, 1.0]))
            .draw(self.scheme, None, self.seed)
            .map_err(invalid)?;
        let shape = &network.input().shape;
        let sides = [1, data.train.height, data.train.width];
        if shape.len() == 3 && shape[..] != sides && network.input_units() == data.train.size() {
            return Err(Failure::Usage(format!(
                "--layers: expected inputs of shape {}x{}x{} as the images, found {shape:?}",
                sides[0], sides[1], sides[2]
            )));
        }
        let names = (0..network.output_units()).map(|k| k.to_string()).collect();
        network.with_outputs(names).map_err(invalid)
    }

    /// The rules by name.
    fn policies(&self) -> Vec<(String, Policy)> {
        once(self.rules.iter().map(|rule| rule.rule()))
            .map(|rule| Policy::new(rule, Vec::new()))
            .map(|policy| (policy.to_string(), policy))
            .collect()
    }

    /// The first held-out image of each class asked for.
    fn shown(&self, test: &Images) -> Result<Vec<usize>, Failure> {
        let first = |class: usize| {
            let image = (0..test.len()).find(|&n| test.label(n) == class);
            image.ok_or_else(|| {
                Failure::Usage(format!(
                    "--digits: there is no held-out image of class {class}\n  help: without --digits every class \
                     that is held out is shown"
                ))
            })
        };
        let all: Vec<usize> = match &self.digits {
            Some(digits) => digits.0.clone(),
            None => (0..=usize::from(u8::MAX))
                .filter(|&class| (0..test.len()).any(|n| test.label(n) == class))
                .collect(),
        };
        once(all.into_iter()).map(first).collect()
    }

    fn setting(&self, data: &Data) -> Setting {
        let recipe = self.recipe();
        let name = |value: &dyn Fn() -> Option<clap::builder::PossibleValue>| {
            value().map_or_else(String::new, |value| value.get_name().to_owned())
        };
        Setting {
            data: data.source.clone(),
            layers: self.layers.to_string(),
            scheme: self.scheme.to_string(),
            seed: self.seed,
            optimiser: name(&|| self.optimiser.to_possible_value()),
            rate: recipe.rate,
            batch: recipe.batch,
            bias: name(&|| self.bias.to_possible_value()),
        }
    }

    /// The text of a network file that says how it came about, with the digits shown as samples.
    fn described(
        &self,
        network: Network,
        step: usize,
        accuracy: f64,
        data: &Data,
        shown: &[usize],
    ) -> Result<String, Failure> {
        let setting = self.setting(data);
        let network = network
            .with_samples(data.test.samples(shown))
            .map_err(|invalid| Failure::Usage(invalid.to_string()))?
            .named(format!("step-{step:05}"))
            .described(format!(
                "{}: trained on {}; {}; accuracy {accuracy} on held-out images after step {step}",
                setting.layers,
                setting.data,
                setting.in_words()
            ));
        Ok(network.to_json())
    }

    /// Writes the figures and the contact sheet.
    fn keep(&self, training: &Training) -> Result<(), Failure> {
        let Some(out) = self.out.as_ref().filter(|_| !training.steps.is_empty()) else {
            return Ok(());
        };
        let mut json = Vec::new();
        report::json(training, &mut json)?;
        output::to_file(&out.join("training.json"), &json, self.force)?;
        let sheet = report::sheet(training)?;
        output::to_file(&out.join("relevance.png"), &sheet, self.force)
    }

    fn tell(&self, training: &Training) -> Result<(), Failure> {
        match self.format {
            Format::Json => {
                let mut out = Vec::new();
                report::json(training, &mut out)?;
                print(&out)
            }
            Format::Text => {
                let next = self.out.as_ref().map_or_else(
                    || "--out DIR keeps the networks, all figures and a contact sheet of the digits".to_owned(),
                    |out| format!("{} has the networks, all figures and relevance.png", out.display()),
                );
                print_text(&format!("{}\nnext  {next}\n", text(0).training(training)))
            }
        }
    }
}

/// Trains up to a step; false where Ctrl-C came before it.
fn advance(trainer: &mut Trainer, step: usize, progress: &Progress) -> Result<bool, Failure> {
    while trainer.steps() < step {
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let loss = trainer.step()?;
        progress.step();
        progress.tell(|| format!(", loss {loss:.3}"));
    }
    Ok(!INTERRUPTED.load(Ordering::Relaxed))
}
