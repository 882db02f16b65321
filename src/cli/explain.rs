//! `deeptaylor explain`: the relevance of every layer.

mod exactly;
mod format;
mod next;
mod shown;
mod watch;

use std::io::Read;
use std::path::Path;

use clap::Args;
use deeptaylor::network::Memory;
use deeptaylor::render::Text;
use deeptaylor::result::{Edges, Explanation, Messages, Origin};
use deeptaylor::words::grouped;

use super::at_work::{AnyExplainer, AtWork, Extras};
use super::destination::Destination;
use super::gradients::GradientArgs;
use super::heatmap::{self, Heatmap};
use super::layout::LayoutArgs;
use super::network::title;
use super::number::tolerance;
use super::origin::of_file;
use super::outcome::OutcomeArgs;
use super::quiet::QuietArgs;
use super::records::SampleSource;
use super::request::{ExactArgs, Request, Task};
use super::rows::RowFormat;
use super::ruled::Ruled;
use super::run::{BATCH, Run};
use super::screen::ScreenArgs;
use super::source::SampleArgs;
use super::spreadsheet::SpreadsheetArgs;
use super::stdin::is_stdin;
use super::writing::{Shown, Written};
use super::{Failure, Status, failure, named, rows, side_by_side, writing};
use format::Format;
use shown::ShownArgs;

/// A single sample is expanded unasked in networks of no more products than this.
const EXPANDED: usize = 50_000_000;

#[derive(Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    request: Request,

    #[command(flatten)]
    gradients: GradientArgs,

    #[command(flatten)]
    samples: SampleArgs,

    /// The output format; jsonl, csv and csv-wide print every sample as soon as it is done [default: by the
    /// ending of the -o file, else text]
    #[arg(long, help_heading = "Output")]
    format: Option<Format>,

    #[command(flatten)]
    layout: LayoutArgs,

    #[command(flatten)]
    shown: ShownArgs,

    /// How much memory the samples that are explained at once may take; more are explained in batches, with the same
    /// result [default: a quarter of what is available]
    #[arg(
        long,
        value_name = "SIZE",
        allow_negative_numbers = true,
        help_heading = "Output"
    )]
    memory: Option<Memory>,

    /// Conservation holds if |ΣR − f(x)| ≤ T·Σ|R_out| in every layer (in a graph: on every cut), where R_out is the relevance of the outputs
    #[arg(long, value_name = "T", default_value = "1e-9", value_parser = tolerance, allow_negative_numbers = true, conflicts_with = "exact", help_heading = "Rule")]
    tolerance: f64,

    /// Compare the rules with the Taylor expansions behind them, for every sample: how far they differ, and how many
    /// root points lie outside their domain (text and html do this for a single sample of any but a very large network)
    #[arg(long, conflicts_with = "exact", help_heading = "Output")]
    expansion: bool,

    /// Add the messages R_{i←j}, the relevance that each unit passes to each of its inputs; =all includes layers with
    /// more than 10,000 messages
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "narrow", value_parser = named::one::<Edges>(), conflicts_with = "exact", help_heading = "Output")]
    edges: Option<Edges>,

    #[command(flatten)]
    spreadsheet: SpreadsheetArgs,

    #[command(flatten)]
    exact: ExactArgs,

    #[command(flatten)]
    screen: ScreenArgs,

    #[command(flatten)]
    destination: Destination,

    /// Explain again whenever the network, the weights beside it, a plan or a file of samples changes, on a clear screen; Ctrl-C
    /// ends
    #[arg(long, conflicts_with_all = ["format", "output", "quiet", "file"], help_heading = "Output")]
    watch: bool,

    #[command(flatten)]
    quiet: QuietArgs,

    #[command(flatten)]
    outcome: OutcomeArgs,

    #[command(flatten)]
    heatmap: Heatmap,
}

impl ExplainArgs {
    /// What runs when no command is given.
    pub fn built_in() -> Self {
        Self {
            request: Request::built_in(),
            gradients: GradientArgs::default(),
            samples: SampleArgs::default(),
            format: None,
            layout: LayoutArgs::default(),
            shown: ShownArgs::default(),
            tolerance: 1e-9,
            expansion: false,
            edges: None,
            memory: None,
            spreadsheet: SpreadsheetArgs::default(),
            exact: ExactArgs::default(),
            screen: ScreenArgs::default(),
            destination: Destination::default(),
            watch: false,
            quiet: QuietArgs::default(),
            outcome: OutcomeArgs::default(),
            heatmap: Heatmap::default(),
        }
    }

    /// Runs the command, with --watch again and again.
    pub fn run(&self) -> Result<Status, Failure> {
        if self.watch {
            return watch::watch(&self.files().collect::<Vec<_>>(), || self.once());
        }
        self.once()
    }

    /// The files that are read.
    fn files(&self) -> impl Iterator<Item = &Path> {
        let samples = self.samples.files().chain(self.samples.tags());
        let samples = samples.chain(self.gradients.file());
        self.request.files().chain(samples)
    }

    fn once(&self) -> Result<Status, Failure> {
        self.check_files()?;
        self.destination.check_format(self.format)?;
        let format = self.format();
        (self.spreadsheet).check(matches!(format, Format::Csv | Format::CsvWide))?;
        self.shown.check(format)?;
        if self.exact.exact {
            format.check_exact()?;
        }
        if format == Format::Npz && !self.is_silent() {
            self.destination.check_binary("npz")?;
        }
        let written = self.destination.file().into_iter();
        let written = written.chain(self.heatmap.file());
        let (network, source) = self.request.network(written)?;
        let mut task = self.request.task(&network, source, &self.gradients)?;
        let drawn = self.heatmap.is_asked_for() || !format.is_wordless() && !self.is_silent();
        (self.layout).settle(&network, &mut task.rules, drawn)?;
        if format == Format::Text {
            for ruled in &mut task.rules {
                title(&mut ruled.info.name, self.request.network.as_deref());
            }
        }
        self.check_rules(&task, format)?;
        if self.exact.exact {
            return self.run_exactly(&task);
        }
        let origin = self.origin(&task);
        // Nothing asks for the text of the file any more, which may be long.
        task.text = Vec::new();
        let mut samples = self.opened(&task)?;
        let tells_more_of_one = format.tells_more_of_one();
        if tells_more_of_one && samples.number.is_none() {
            samples = samples.counted_to(2);
        }
        let number = samples.number;
        let expanded = self.expansion
            || (tells_more_of_one && number == Some(1) && self.is_soon_expanded(&task));
        let rules = (task.rules.iter()).map(|ruled| self.at_work(&task, ruled, expanded));
        let edges = self
            .edges
            .map_or(Ok(()), |edges| Messages::check(&network, edges));
        edges.map_err(|error| Failure::Usage(format!("--edges=all: {error}")))?;
        let extras = Extras {
            flows: format.is_document(),
            edges: self
                .edges
                .filter(|_| !format.is_bare() && !self.is_silent()),
            whole: self.shown.whole(&task.rules[0].info, format)?,
            bare: format.is_bare() || self.is_silent(),
            memory: self.memory.unwrap_or_default(),
            pictures: self.heatmap.is_asked_for(),
            outcome: self.outcome,
            typed: self.samples.are_typed(),
        };
        let mut run = Run::new(&task, rules.collect(), samples, extras)?;
        let streams =
            !self.is_silent() && self.destination.output.is_none() && !self.heatmap.is_asked_for();
        if let Some(rows) = format.rows().filter(|_| streams) {
            return self.run_streaming(&mut run, rows);
        }
        let frames = self.frames(&task, origin.as_ref());
        if frames.len() > 1 && self.edges.is_some() && format == Format::Text {
            failure::note(
                "--edges: the text of several rules has no messages; --format json and html have them",
            );
        }
        let shown = Shown {
            text: self.text(),
            several: number != Some(1),
            each: self.shown.each(),
        };
        let written = match (format, format.rows()) {
            _ if self.is_silent() => writing::nothing(&mut run),
            (_, Some(rows)) => rows::whole(&mut run, rows, self.spreadsheet.names()),
            (Format::Npz, _) => writing::npz(&mut run),
            _ => match <[Explanation; 1]>::try_from(frames) {
                Ok([frame]) => self.written(&mut run, frame, shown),
                Err(frames) => self.written_beside(&mut run, frames, shown),
            },
        }?;
        let (written, checks) = written.ok_or_else(|| self.samples.nothing(&network, "explain"))?;
        if format.is_wordless() && !self.is_silent() {
            run.outside.warn(network.input().bounds.as_ref());
            run.warn_of_failures();
        }
        let network = (run.info(), self.request.network.as_deref());
        (self.heatmap).write(network, &run.names(), &run.pictures, self.destination.force)?;
        match format {
            _ if self.is_silent() => {}
            Format::Text if self.request.network.is_none() => {
                let next = next::lines(self.request.is_under_usual_rule());
                self.destination.copy_text(written.chain(next.as_bytes()))?;
            }
            Format::Text => self.destination.copy_text(written)?,
            _ => self.destination.data(written)?,
        }
        Ok(run.status(self.outcome.pass(&checks)))
    }

    /// The results of the rules, without samples yet.
    fn frames(&self, task: &Task, origin: Option<&Origin>) -> Vec<Explanation> {
        let frames = task.rules.iter().map(|ruled| Explanation {
            tolerance: Some(self.tolerance),
            made_by: origin.cloned(),
            rule: Some(ruled.name.clone()),
            ..Explanation::of(ruled.info.clone())
        });
        frames.collect()
    }

    /// Refuses what there is of rules alone, where no rule is asked for or a format has a place for every level.
    fn check_rules(&self, task: &Task, format: Format) -> Result<(), Failure> {
        if self.expansion {
            task.check_rules("--expansion")?;
        }
        if self.edges.is_some() {
            task.check_rules("--edges")?;
        }
        if self.shown.has_levels() && matches!(format, Format::CsvWide | Format::Npz) {
            for ruled in &task.rules {
                ruled.plan("--levels in csv-wide and npz")?;
            }
        }
        Ok(())
    }

    /// A rule at work as it is asked for.
    fn at_work<'r, 'n>(
        &self,
        task: &'r Task<'n>,
        ruled: &'r Ruled<'n>,
        expanded: bool,
    ) -> AtWork<'r, 'n> {
        let memory = self.memory.unwrap_or_default();
        let rows = memory.shared_by(task.rules.len() * task.targets.number());
        let explainer = AnyExplainer::new(ruled, self.tolerance, rows.rows(task.network, BATCH));
        let explainer = if expanded {
            explainer.with_expansion()
        } else {
            explainer
        };
        AtWork::new(ruled, explainer)
    }

    /// A document of one rule.
    fn written(&self, run: &mut Run, frame: Explanation, shown: Shown) -> Written {
        match self.format() {
            Format::Html => writing::html(run, frame),
            Format::Json => writing::json(run, frame),
            _ => writing::text(run, frame, shown),
        }
    }

    /// A document of several rules.
    fn written_beside(&self, run: &mut Run, frames: Vec<Explanation>, shown: Shown) -> Written {
        match self.format() {
            Format::Html => side_by_side::html(run, frames),
            Format::Json => side_by_side::json(run, frames),
            _ => side_by_side::text(run, frames, shown),
        }
    }

    fn format(&self) -> Format {
        self.destination.format(self.format, Format::Text)
    }

    /// The samples; no more than can be looked at where they are drawn, but those that are typed, which somebody has counted.
    fn opened(&self, task: &Task) -> Result<SampleSource, Failure> {
        self.heatmap.check_input(&task.rules[0].info)?;
        let samples = (self.samples).open(task.network, self.layout.order(), None)?;
        let drawn = self.heatmap.is_asked_for() && !self.samples.are_typed();
        if let Some(number) = samples.number.filter(|_| drawn) {
            let targets = task.targets.number();
            heatmap::check_number(number * targets, Some(number), targets)?;
        }
        Ok(samples)
    }

    fn text(&self) -> Text {
        Text {
            numbered: self.samples.are_numbered(),
            ..(self.screen).text(self.shown.top, 10, self.destination.is_stdout())
        }
    }

    /// Whether only the exit status is wanted.
    fn is_silent(&self) -> bool {
        self.quiet.is_silent(&self.destination)
    }

    /// Whether the expansions of one sample, unit by unit, take about a second at most; says so where they do not.
    fn is_soon_expanded(&self, task: &Task) -> bool {
        if self.is_silent() {
            return false;
        }
        let multiplications = task
            .network
            .multiplications()
            .saturating_mul(task.rules.len());
        if multiplications > EXPANDED {
            failure::note(&format!(
                "the Taylor expansions of {} products are left out; --expansion computes them",
                grouped(multiplications)
            ));
        }
        multiplications <= EXPANDED
    }

    /// Line by line: what comes down a pipe is explained as it arrives, what lies in a file in batches.
    fn run_streaming(&self, run: &mut Run, format: RowFormat) -> Result<Status, Failure> {
        let network = run.task.network;
        let verdict = rows::stream(run, format, self.spreadsheet.names())?;
        if run.done == 0 {
            return Err(self.samples.nothing(network, "explain"));
        }
        run.outside.warn(network.input().bounds.as_ref());
        Ok(verdict)
    }

    /// Refuses files that cannot be read or written as asked for, before any work.
    fn check_files(&self) -> Result<(), Failure> {
        self.destination.check(self.files())?;
        let keeps = self.format() != Format::Jsonl;
        (self.heatmap).check(keeps, self.destination.force, self.files())?;
        let network_from_stdin = self.request.network.as_deref().is_some_and(is_stdin);
        if network_from_stdin && self.samples.come_from_stdin() {
            return Err(Failure::Usage(
                "the network and the samples cannot both come from stdin".to_owned(),
            ));
        }
        Ok(())
    }

    /// What makes the result, where the format says so.
    fn origin(&self, task: &Task) -> Option<Origin> {
        let origin = || {
            let samples = self.samples.files();
            samples.fold(self.request.origin(&task.text), of_file)
        };
        self.format().is_document().then(origin)
    }
}
