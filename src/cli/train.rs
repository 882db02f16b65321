//! `deeptaylor train`: what training does to relevance.

mod folder;
mod images;
mod schedule;
mod setting;
mod shape;
mod training_loop;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use deeptaylor::evolution::Study;
use deeptaylor::relevance::{Policy, Preset};
use deeptaylor::render;
use deeptaylor::result::Training;
use deeptaylor::train::{Biases, Optimiser, Recipe, Trainer};
use deeptaylor::words::plural;
use folder::Folder;
use images::ImageArgs;
use schedule::Schedule;
use shape::ShapeArgs;
use training_loop::TrainingLoop;

use super::number::{above_0, tolerance, whole};
use super::origin::of_file;
use super::outcome::OutcomeArgs;
use super::plan::{self, PlanArgs};
use super::request::{rules, rules_once};
use super::screen::ScreenArgs;
use super::{Failure, Status, failure, interrupt, named, origin, output, print, print_text};

const EXPLAINED: &str = "\
Rules: as in explain.

Files in --out:
  step-NNNNN.json  the network at each listed step; every command can read it
  relevance.png    the contact sheet; relevance.svg has the same for papers
  training.json    all figures, as --format json prints them
With --force, an earlier training is replaced once the new one is complete. Only
files that its training.json lists are removed or overwritten.

Images in --data: pixels are numbers from 0 up. They are divided by the largest
pixel, which the output names. If no file with classes is held out, one image in
six is held out, chosen by the seed, with every class in proportion. Classes are
whole numbers from 0, or names. A number is the number of its output. Names are
sorted, and outputs follow that order.

Exit status:
  0    computed, and every check of what the rules promise holds at every step
  1    computed, and a check of what is promised fails
  2    could not compute
  130  interrupted by Ctrl-C or SIGTERM. --out keeps the listed steps so far. If
       it has an earlier training, that stays, and the new steps go into
       DIR-interrupted beside it, or DIR-interrupted-2, -3, … where that is there.

Examples:
  deeptaylor train --out run                           digits, and how their relevance changes
  deeptaylor train --steps 0,10,100 --rule w2,zB,deep-taylor
  deeptaylor train --layers 784,300,100,10 --optimiser adam --rate 0.001 --bias free
  deeptaylor train --layers 1x28x28,conv:8x5x5,maxpool:2,10 --scheme he-normal
  deeptaylor train --network mine.json                 a network of the shape of mine
  deeptaylor train --data mnist/ --digits 3,8 --format json | jq '.steps[].accuracy'
  deeptaylor train --data digits.csv --label last --layers 1x8x8,100,pool:10 --epochs 0,1,10";

#[derive(Args)]
#[command(after_long_help = EXPLAINED, after_help = "--help explains the files and has examples.")]
pub struct TrainArgs {
    #[command(flatten)]
    schedule: Schedule,

    #[command(flatten)]
    shape: ShapeArgs,

    /// The optimisation method
    #[arg(long, visible_alias = "optimizer", default_value = "momentum", value_parser = named::one::<Optimiser>())]
    optimiser: Optimiser,

    /// The learning rate [default: 0.03; with adam 0.001]
    #[arg(long, visible_aliases = ["lr", "learning-rate"], value_name = "RATE", value_parser = above_0("0.01"), allow_negative_numbers = true)]
    rate: Option<f64>,

    /// How many images each step uses
    #[arg(long, visible_alias = "batch-size", value_name = "N", default_value = "50", value_parser = whole(1, 100_000_u32), allow_negative_numbers = true)]
    batch: u32,

    /// Whether biases are kept at b_j ≤ 0 after each step, as the theory requires, or are free
    #[arg(long, default_value = "nonpositive", value_parser = named::one::<Biases>())]
    bias: Biases,

    /// The rules to compare
    #[arg(
        long,
        visible_alias = "rules",
        value_name = "RULE,…",
        default_value = "w2,deep-taylor",
        value_parser = rules()
    )]
    rule: Vec<Vec<Preset>>,

    #[command(flatten)]
    plan: PlanArgs,

    /// How many held-out images the figures are averaged over, including those shown
    #[arg(long, value_name = "N", default_value = "100", value_parser = whole(1, 10_000_u32), allow_negative_numbers = true)]
    explain: u32,

    /// Conservation holds if |ΣR − f(x)| ≤ T·Σ|R_out| in every layer, where R_out is the relevance of the outputs
    #[arg(long, value_name = "T", default_value = "1e-9", value_parser = tolerance, allow_negative_numbers = true)]
    tolerance: f64,

    /// The folder for the networks, the contact sheet and the figures; without this option no file is written
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Replace an earlier training in that folder
    #[arg(long)]
    force: bool,

    /// The output format
    #[arg(long, default_value = "text")]
    format: Format,

    /// Print nothing on stdout; only the exit status shows the outcome
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    screen: ScreenArgs,

    #[command(flatten)]
    outcome: OutcomeArgs,

    #[command(flatten)]
    images: ImageArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Tables and an interpretation
    Text,
    /// One document with every figure and the relevance of the digits shown
    Json,
}

impl TrainArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        if self.out.as_deref().is_some_and(output::is_stdout) {
            return Err(Failure::Usage(
                "--out: expected a folder, found the standard output\n  help: --format json prints all figures".to_owned(),
            ));
        }
        let layers = self.shape.architecture()?;
        let data = self.images.open(&layers, self.shape.seed)?;
        let steps = (self.schedule).steps(data.train.len(), self.batch as usize)?;
        let network = self.shape.draw(&layers, &data)?;
        data.test.check_classes(network.output_units())?;
        let rules = self.plan.policies(rules_once(&self.rule))?;
        plan::resolved(&rules, &network)?;
        let rules: Vec<Policy> = rules.into_iter().map(|given| given.policy).collect();
        let setting = self.setting(&data, &layers, network.output_units());
        let mut trainer = Trainer::new(network, &data.train, self.recipe())?;
        let shown = self.images.shown(&data)?;
        let study = Study::new(
            &data,
            &shown,
            self.explain as usize,
            self.shape.seed,
            self.tolerance,
        );
        let read = self.images.data.as_deref().into_iter();
        let read = read.chain(self.shape.file()).chain(self.plan.files());
        let read: Vec<&Path> = read.collect();
        let prepare = |out| Folder::prepare(out, self.force, &read);
        let mut folder = self.out.as_deref().map(prepare).transpose()?;
        let made_by = data
            .files
            .iter()
            .map(PathBuf::as_path)
            .chain(self.plan.files())
            .fold(origin(), of_file);
        interrupt::wait_for_the_command();
        let training_loop = TrainingLoop {
            setting: &setting,
            data: &data,
            rules: &rules,
            study: &study,
        };
        let (reached, failed) = training_loop.run(&mut trainer, &steps, &mut folder)?;
        let names: Vec<String> = rules.iter().map(ToString::to_string).collect();
        let mut training = Training::new(setting.clone(), &study, &names, &reached).interpreted();
        training.made_by = Some(made_by);
        if let Some(failure) = failed {
            return Err(keep_before(failure, &training, folder));
        }
        if interrupt::interrupted() {
            return Err(self.interrupted(&training, trainer.steps(), folder)?);
        }
        let bytes = folder.map(|mut folder| {
            write_figures(&training, &mut folder).map_err(|failure| folder.left(failure))?;
            folder.finish()
        });
        let bytes = bytes.transpose()?;
        if !self.quiet {
            self.print(&training, bytes)?;
        }
        let stages = reached.iter().flat_map(|step| &step.stages);
        let unbalanced = stages.map(|stage| stage.checked.unbalanced).sum();
        let pass = self.outcome.pass(&training.checks);
        Ok(self.outcome.status(pass, unbalanced))
    }

    /// Keeps what there is of a training that Ctrl-C ended, and says so.
    fn interrupted(
        &self,
        training: &Training,
        step: usize,
        folder: Option<Folder>,
    ) -> Result<Failure, Failure> {
        let mut said = format!("interrupted after step {step}");
        let (Some(mut folder), Some(out)) = (folder, &self.out) else {
            said += "; --out DIR keeps the listed steps";
            return Ok(Failure::Interrupted(said));
        };
        let (replaces, out) = (folder.replaces(), out.display());
        let earlier = format!("the earlier training is still in {out}");
        let listed = match training.steps.len() {
            0 if replaces => {
                said += &format!("; no listed step was reached, and {earlier}");
                return Ok(Failure::Interrupted(said));
            }
            0 => "no listed step was reached, and nothing is kept",
            1 => "the listed step until then is kept",
            _ => "the listed steps until then are kept",
        };
        if !training.steps.is_empty() {
            write_figures(training, &mut folder).map_err(|failure| folder.left(failure))?;
        }
        let kept = folder.keep_interrupted()?;
        said += &format!("; {listed} in {}", kept.display());
        if replaces {
            said += &format!(", and {earlier}");
        }
        Ok(Failure::Interrupted(said))
    }

    fn recipe(&self) -> Recipe {
        Recipe {
            optimiser: self.optimiser,
            rate: self.rate.unwrap_or(self.optimiser.usual_rate()),
            batch: self.batch as usize,
            seed: self.shape.seed,
            biases: self.bias,
        }
    }

    fn print(&self, training: &Training, bytes: Option<usize>) -> Result<(), Failure> {
        match self.format {
            Format::Json => {
                let mut out = Vec::new();
                render::json(training, &mut out)?;
                print(&out[..])
            }
            Format::Text => {
                let next = match (&self.out, bytes) {
                    (Some(out), Some(bytes)) => format!(
                        "{} has the networks, all figures and relevance.png, {}",
                        out.display(),
                        megabytes(bytes)
                    ),
                    _ => format!(
                        "--out DIR keeps the networks, all figures and a contact sheet of the {}",
                        plural(training.setting.subject.shown())
                    ),
                };
                print_text(&format!(
                    "{}\nnext  {next}\n",
                    self.screen.text(None, 0, true).document(&training.into())
                ))
            }
        }
    }
}

/// Keeps the steps before one that could not be written, with their figures where there is room; what is left is said.
fn keep_before(failure: Failure, training: &Training, folder: Option<Folder>) -> Failure {
    let Some(mut folder) = folder else {
        return failure;
    };
    if !(folder.replaces() || training.steps.is_empty()) {
        // What is to be told is the first failure.
        let _ = write_figures(training, &mut folder);
    }
    folder.left(failure)
}

/// Writes the figures, and the contact sheet as PNG and as SVG.
fn write_figures(training: &Training, folder: &mut Folder) -> Result<(), Failure> {
    let mut json = Vec::new();
    render::json(training, &mut json)?;
    folder.write(folder::FIGURES, &json)?;
    let sheet = render::sheet(training);
    match sheet.png() {
        Ok(png) => folder.write(folder::SHEET[0], &png)?,
        // The training is worth more than its picture.
        Err(error) => failure::note(&format!("{} is left out: {error}", folder::SHEET[0])),
    }
    folder.write(folder::SHEET[1], sheet.svg().as_bytes())
}

/// A number of bytes: `9 KB`, `0.4 MB`, `31 MB`.
fn megabytes(bytes: usize) -> String {
    if bytes < 100_000 {
        return format!("{} KB", bytes.div_ceil(1000));
    }
    let megabytes = bytes as f64 / 1e6;
    let decimals = usize::from(megabytes < 9.95);
    format!("{megabytes:.decimals$} MB")
}
