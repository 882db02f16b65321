//! `deeptaylor taylor`: the Taylor expansion behind every relevance.

use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use deeptaylor::exact::{self, ExactNetwork, ExactToward};
use deeptaylor::relevance::function::{Limit, Stopped, Toward, expand_function};
use deeptaylor::render::{self, Text};
use deeptaylor::result::{ChosenUnits, Origin, Taylor as Expansions, TaylorFunction};
use deeptaylor::samples::Record;
use deeptaylor::{Error, Explainer, Network, Target};
use serde::Serialize;

use super::destination::Destination;
use super::gradients::GradientArgs;
use super::network::title;
use super::number::{how_many, whole};
use super::origin::of_file;
use super::outcome::ExitZero;
use super::quiet::QuietArgs;
use super::request::{ExactArgs, Request, Task, level, top};
use super::run::matrix;
use super::source::SampleArgs;
use super::{Failure, Status, text};

/// Exact expansions take about so many times as long as the exact explanation alone.
const WORK: f64 = 3.0;

const COLUMNS: &str = "\
For every unit that carries relevance, from the output down:
  R_j         its relevance
  c_j         R_j / x_j: its relevance as a function is R_j(x) = c_j · max(0, Σ_i x_i w_ij + b_j)
  z(x), z(x̃)  its pre-activation at x, and at the root x̃ (0 there, up to rounding)
  ‖x − x̃‖     the distance to the root
  Σ, ε        the sum of the terms, and the remainder, R_j − R_j(x̃) − Σ of the terms
  x           the values that its layer reads
  v           the search direction: x̃ = x − t·v
  root x̃      where the pre-activation becomes 0 along v
  ∂R_j/∂x     the gradient at the root, from the side on which the unit fires
  term        ∂R_j/∂x_i · (x_i − x̃_i): what the i-th input gets
A root is outside its domain if the level of an input cannot take one of its
values: a value beyond the bounds of an input, or below 0 after a ReLU. The last
table counts such roots for every rule; a rule without any fits the layer. A unit
that carries relevance but did not fire has no root, because x_j = 0 gives no c_j;
nor has a unit of relu6 above 6, which does not change. A max pool is expanded in
its winner alone.

With --at, the network is one function, f(x) = f(x̃) + Σ_p R_p + ε. The root x̃ is
the first one on a line from x: to the origin, to a point, or along the gradient
(nearest). ε is the part that first-order terms do not cover. Networks with
max_pool2d layers or relu6 cannot be followed so.

Exit status: 0 computed, and rule and expansion agree; 1 they differ; 2 could not compute.";

#[derive(Args)]
#[command(after_help = COLUMNS)]
pub struct TaylorArgs {
    #[command(flatten)]
    request: Request,

    #[command(flatten)]
    samples: SampleArgs,

    /// Only the units of this layer: its number or its name
    #[arg(
        long,
        value_name = "LAYER",
        conflicts_with = "at",
        allow_negative_numbers = true,
        help_heading = "Expansion"
    )]
    layer: Option<String>,

    /// Only the unit with this number, counted from 0
    #[arg(long, value_name = "N", conflicts_with = "at", value_parser = how_many, allow_negative_numbers = true, help_heading = "Expansion")]
    unit: Option<usize>,

    /// Expand the whole network around the first root on the way to a point (0,0,0 or origin), or along the
    /// gradient (nearest)
    #[arg(
        long,
        value_name = "POINT",
        allow_hyphen_values = true,
        help_heading = "Expansion"
    )]
    at: Option<String>,

    /// With --at, how many linear pieces of the network to search for a root
    #[arg(long, value_name = "N", default_value = "10000", value_parser = whole(1, 1_000_000_000_usize), allow_negative_numbers = true, help_heading = "Expansion")]
    max_pieces: usize,

    #[command(flatten)]
    exact: ExactArgs,

    /// The output format [default: by the ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    /// How many units of a layer, and inputs of a unit, the text shows, the most relevant first, or all; JSON always
    /// has all
    #[arg(long, value_name = "N", default_value = "6", value_parser = top, allow_negative_numbers = true, help_heading = "Output")]
    top: usize,

    #[command(flatten)]
    destination: Destination,

    #[command(flatten)]
    quiet: QuietArgs,

    #[command(flatten)]
    exit_zero: ExitZero,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables and an interpretation
    Text,
    /// One document with every number
    Json,
}

impl TaylorArgs {
    /// Runs the command.
    pub fn run(&self) -> Result<Status, Failure> {
        let network_file = self.request.network.as_deref();
        let samples = self.samples.files().chain(self.samples.tags());
        (self.destination).check(self.request.files().chain(samples))?;
        self.destination.check_format(self.format)?;
        let (network, source) = self.request.network(self.destination.file())?;
        let task = self
            .request
            .task(&network, source, &GradientArgs::default())?;
        let plan = task.one("taylor")?.plan("taylor")?;
        let shown = self.chosen(&network)?;
        let exact = self.exact.exact.then(|| task.exact()).transpose()?;
        let record = self.samples.one(&network, exact.as_ref())?;
        let mut explainer = Explainer::new(plan).with_expansion();
        let sample = matrix(std::slice::from_ref(&record), network.input_units())?;
        let target = task.targets.one(&record, &network)?;
        let batch = match explainer.explain(sample.view(), &target) {
            // Fractions go on where f64 overflows.
            Err(error) if exact.is_none() || !matches!(error, Error::Overflow { .. }) => {
                return Err(error.of_sample(|_| record.number).into());
            }
            batch => batch,
        };
        let exact = match &exact {
            Some(exact) => Some((exact, self.exact_sample(exact, &task, &record)?)),
            None => None,
        };
        if let Some(at) = &self.at {
            let mut function = if let Some((exact, x)) = &exact {
                self.exact_function(&task, exact, x, (target, at))?
            } else {
                let (x, chosen) = (&record.values, batch?.chosen()[0].outputs());
                let toward = toward(at, &network)?;
                let found = expand_function(&network, x, chosen, &toward, self.limit(None))
                    .map_err(|stopped| self.stopped(at, stopped))?;
                TaylorFunction::new(&network, x, (chosen, at), &found)
            };
            function.made_by = self.origin(&task);
            let mut function = function.of(&record).interpreted();
            if self.format() == Format::Text {
                title(&mut function.name, network_file);
            }
            network.check_unchanged()?;
            self.print(&function, || self.text(&network).taylor_function(&function))?;
            return Ok(Status::Holds);
        }
        let unbalanced: usize;
        let mut expansions = if let Some((exact, x)) = &exact {
            let found = exact::explain(exact, plan, x, target);
            unbalanced = usize::from(!found.balance.holds);
            Expansions::exact(&network, plan, (exact, &found), shown)
        } else {
            let batch = batch?;
            let audits = batch.audits().iter();
            unbalanced = audits.filter(|audit| !audit.balance.holds).count();
            Expansions::new(&network, plan, &batch, shown)
        };
        network.check_unchanged()?;
        expansions.made_by = self.origin(&task);
        let mut expansions = expansions.of(&record).interpreted();
        if self.format() == Format::Text {
            title(&mut expansions.network.name, network_file);
        }
        self.print(&expansions, || self.text(&network).taylor(&expansions))?;
        let holds = expansions.checks.agreement.holds;
        Ok(self.exit_zero.balanced(holds, unbalanced))
    }

    /// A renderer that says which sample it is where there may be several.
    fn text(&self, network: &Network) -> Text {
        let samples = &self.samples;
        let own = !samples.are_given() && network.samples().nrows() > 1;
        Text {
            numbered: samples.are_numbered() || samples.files().next().is_some() || own,
            ..text(self.top)
        }
    }

    /// The units that are asked for.
    fn chosen(&self, network: &Network) -> Result<ChosenUnits, Failure> {
        let units = network.units();
        let layer = self.layer.as_ref().map(|text| {
            level(text, network).map_err(|error| Failure::Usage(format!("--layer {text}: {error}")))
        });
        let layer = layer.transpose()?;
        if let Some(layer) = layer.filter(|&layer| layer == 0 || layer >= units.len()) {
            return Err(Failure::Usage(format!(
                "--layer {layer}: expected a layer from 1 to {} (0 is the input, which has no roots)",
                units.len() - 1
            )));
        }
        let widest = match layer {
            Some(layer) => units[layer],
            None => units[1..].iter().copied().max().unwrap_or(0),
        };
        match self.unit {
            Some(unit) if unit >= widest => Err(Failure::Usage(format!(
                "--unit {unit}: there is no such unit; expected one below {widest}"
            ))),
            unit => Ok(ChosenUnits { layer, unit }),
        }
    }

    /// The sample in fractions.
    fn exact_sample(
        &self,
        exact: &ExactNetwork,
        task: &Task,
        record: &Record,
    ) -> Result<Vec<exact::Number>, Failure> {
        let records = std::slice::from_ref(record);
        let mut samples = self.exact.prepare(exact, &task.rules, records, WORK)?;
        Ok(samples.swap_remove(0))
    }

    fn exact_function(
        &self,
        task: &Task,
        exact: &ExactNetwork,
        x: &[exact::Number],
        (target, at): (Target, &str),
    ) -> Result<TaylorFunction, Failure> {
        let network = task.network;
        let chosen = exact::explained_output(exact, x, target);
        let toward = match toward(at, network)? {
            Toward::Nearest => ExactToward::Nearest,
            Toward::Point(_) if at == "origin" => {
                ExactToward::Point(vec![exact::Number::ZERO; x.len()])
            }
            Toward::Point(_) => {
                let point = Record::typed(at, network).and_then(|point| exact::sample(&point));
                ExactToward::Point(
                    point.map_err(|invalid| Failure::Usage(format!("--at {at}: {invalid}")))?,
                )
            }
        };
        let limit = self.limit(Some(self.exact.seconds()));
        let found = exact::expand_function(exact, x, chosen, &toward, limit)
            .map_err(|stopped| self.stopped(at, stopped))?;
        Ok(TaylorFunction::exact(network, x, (chosen, at), &found))
    }

    fn format(&self) -> Format {
        self.destination.format(self.format, Format::Text)
    }

    /// What makes the result, where the format says so.
    fn origin(&self, task: &Task) -> Option<Origin> {
        match self.format() {
            Format::Json => {
                let samples = self.samples.files();
                Some(samples.fold(self.request.origin(&task.text), of_file))
            }
            Format::Text => None,
        }
    }

    fn print(&self, result: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.quiet.is_silent(&self.destination) {
            return Ok(());
        }
        match self.format() {
            Format::Json => {
                let mut out = Vec::new();
                render::json(result, &mut out)?;
                self.destination.data(&out[..])
            }
            Format::Text => self.destination.text(&text()),
        }
    }

    /// How far a root is looked for, and for how long.
    fn limit(&self, seconds: Option<f64>) -> Limit {
        let until = seconds.and_then(|seconds| {
            let time = Duration::try_from_secs_f64(seconds).ok()?;
            Instant::now().checked_add(time)
        });
        Limit {
            pieces: self.max_pieces,
            until,
        }
    }

    /// That there is no root as far as was looked, how far that is, and how to look further.
    fn stopped(&self, at: &str, stopped: Stopped) -> Failure {
        let (reached, option) = match stopped {
            Stopped::Layer(invalid) => return Failure::Usage(format!("--at {at}: {invalid}")),
            Stopped::Overflow => return Failure::Usage(OVERFLOW.to_owned()),
            Stopped::Pieces(reached) => {
                let more = self.max_pieces.saturating_mul(10);
                (reached, format!("--max-pieces {more}"))
            }
            Stopped::Time(reached) => {
                let more = (self.exact.seconds() * 10.0).ceil();
                (reached, format!("--exact-limit {more}"))
            }
        };
        Failure::Usage(format!(
            "--at {at}: no root on {reached}, and very many pieces more may follow\n  help: {option} looks further"
        ))
    }
}

const OVERFLOW: &str = "a value on the way to the root leaves the range of f64 (beyond 1.8e308)";

fn toward(at: &str, network: &Network) -> Result<Toward, Failure> {
    match at {
        "nearest" => Ok(Toward::Nearest),
        "origin" => Ok(Toward::Point(vec![0.0; network.input_units()])),
        _ => match Record::typed(at, network) {
            Ok(point) => Ok(Toward::Point(point.values)),
            Err(invalid) => Err(Failure::Usage(format!(
                "--at {at}: {invalid}\n  help: give a point as 0,0,0, or say origin or nearest"
            ))),
        },
    }
}
