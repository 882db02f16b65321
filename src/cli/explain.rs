//! `deeptaylor explain`: the relevance of every layer.

use clap::{Args, ValueEnum};
use deeptaylor::exact::{self, ExactNetwork};
use deeptaylor::report::{
    self, AnyResult, Csv, Document, Edges, ExactExplanation, ExactSample, Explanation, NetworkInfo,
    Overlay,
};
use deeptaylor::samples::Record;
use deeptaylor::{Explainer, Network, Plan, Target};

use super::request::{ExactArgs, Request, tolerance};
use super::run::{Run, stream};
use super::source::{SampleArgs, Source};
use super::{Failure, Verdict, output, print, text};

/// Samples that are explained at once.
const BATCH: usize = 256;

/// Explain the output of a network: the relevance of every layer, with its checks
///
/// Each sample is run forward; the explained output is then handed back layer by layer, and every layer is
/// checked to sum to it and to be nowhere below 0.
#[derive(Args)]
pub struct Explain {
    #[command(flatten)]
    request: Request,

    #[command(flatten)]
    samples: SampleArgs,

    /// What to print; jsonl streams, one sample a line as soon as it is done
    #[arg(long, default_value = "text")]
    format: Format,

    /// Units of a layer shown in text, the most relevant first; the other formats are always whole
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,

    /// Conservation holds while |ΣR − f(x)| ≤ T·Σ|R| on every layer
    #[arg(long, value_name = "T", default_value_t = 1e-9, value_parser = tolerance, allow_negative_numbers = true)]
    tolerance: f64,

    /// Hold the rules against the Taylor expansions behind them, for every sample: how far they differ, and how
    /// many roots lie where no value can (text does it for a single sample anyway)
    #[arg(long)]
    expansion: bool,

    /// Add the messages R_{i←j}, what every unit hands to each of its inputs; =all also of layers with more than
    /// 10,000 of them
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "narrow", conflicts_with = "exact")]
    edges: Option<EdgesName>,

    #[command(flatten)]
    exact: ExactArgs,

    /// Draw the relevance of the inputs into a PNG file, where they are an image or a square number
    #[arg(long, value_name = "FILE", conflicts_with = "exact")]
    heatmap: Option<String>,

    /// How image and relevance are put together in it
    #[arg(long, default_value = "beside", requires = "heatmap")]
    overlay: OverlayName,

    /// Let --heatmap write over a file that is there
    #[arg(long, requires = "heatmap")]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum EdgesName {
    /// Layers with at most 10,000 messages
    Narrow,
    /// Every layer
    All,
}

#[derive(Clone, Copy, ValueEnum)]
enum OverlayName {
    /// The image, then its relevance
    Beside,
    /// The relevance over the image
    Over,
    /// The relevance alone
    Alone,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables, bars, checks and a reading
    Text,
    /// One document with every number
    Json,
    /// One JSON document a sample and line, as it is done
    Jsonl,
    /// A page to look at, as report makes it of the JSON
    Html,
    /// A row for each unit of each layer
    Csv,
}

impl Explain {
    /// What runs when no command is given.
    pub fn built_in() -> Self {
        Self {
            request: Request::built_in(),
            samples: SampleArgs::default(),
            format: Format::Text,
            top: 10,
            tolerance: 1e-9,
            expansion: false,
            edges: None,
            exact: ExactArgs::default(),
            heatmap: None,
            overlay: OverlayName::Beside,
            force: false,
        }
    }

    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        if self.request.network.as_deref() == Some("-") && self.samples.come_from_stdin() {
            return Err(Failure::Usage(
                "the network and the samples cannot both come from stdin".to_owned(),
            ));
        }
        let (network, source) = self.request.network()?;
        let plan = self.request.plan(&network)?;
        let target = self.request.target(&network)?;
        if self.exact.exact {
            return self.run_exactly(&network, &source, &plan, target);
        }
        let origin = self.is_document().then(|| self.request.origin(&source));
        drop(source);
        let Source {
            records: mut samples,
            live,
            mut number,
        } = self.samples.open(&network, None)?;
        if self.format == Format::Text && number.is_none() {
            // One sample is told more of than many.
            let first: Vec<_> = samples.by_ref().take(2).collect();
            number = Some(first.len());
            samples = Box::new(first.into_iter().chain(samples));
        }
        let mut explainer = Explainer::new(&network, &plan)?.tolerance(self.tolerance);
        if self.expansion || (self.format == Format::Text && number == Some(1)) {
            explainer = explainer.with_expansion();
        }
        let info = NetworkInfo::new(&network, &plan);
        let mut run = Run {
            info: &info,
            plan: &plan,
            target,
            explainer: &mut explainer,
            samples: &mut *samples,
            done: 0,
            flows: self.is_document(),
            failing: 0,
            edges: self.edges(),
        };
        if self.format == Format::Jsonl {
            return self.run_streaming(&network, &mut run, live);
        }
        let mut explanation = Explanation::new(&network, &plan);
        explanation.made_by = origin;
        while let Some(batch) = run.next(BATCH)? {
            for sample in batch {
                explanation.push(sample);
            }
        }
        if run.done == 0 {
            return Err(self.samples.nothing(&network, "explain"));
        }
        self.draw(&network, &explanation)?;
        let verdict = Verdict::of(explanation.checks.hold());
        print(&self.render(explanation)?)?;
        Ok(verdict)
    }

    /// Line by line: what comes down a pipe is explained as it arrives, what lies in a file in batches.
    fn run_streaming(
        &self,
        network: &Network,
        run: &mut Run,
        live: bool,
    ) -> Result<Verdict, Failure> {
        if self.heatmap.is_some() {
            return Err(Failure::Usage(
                "--heatmap goes with text, json, html and csv; jsonl holds no sample back to draw it"
                    .to_owned(),
            ));
        }
        let verdict = stream(run, if live { 1 } else { BATCH })?;
        if run.done == 0 {
            return Err(self.samples.nothing(network, "explain"));
        }
        Ok(verdict)
    }

    /// Whether the format says what made it, and has drawings of how relevance flows.
    fn is_document(&self) -> bool {
        matches!(self.format, Format::Json | Format::Html)
    }

    fn edges(&self) -> Option<Edges> {
        self.edges.map(|edges| match edges {
            EdgesName::Narrow => Edges::Narrow,
            EdgesName::All => Edges::All,
        })
    }

    /// The same in fractions, beside what the fast path finds.
    fn run_exactly(
        &self,
        network: &Network,
        source: &[u8],
        plan: &Plan,
        target: Target,
    ) -> Result<Verdict, Failure> {
        let exact = ExactNetwork::parse(source, network)?;
        let records = self.samples.open(network, Some(&exact))?.records;
        let records = records.collect::<Result<Vec<Record>, Failure>>()?;
        if records.is_empty() {
            return Err(self.samples.nothing(network, "explain"));
        }
        let samples = self.exact.prepare(&exact, plan, &records, 1.0)?;
        let mut explainer = Explainer::new(network, plan)?;
        let info = NetworkInfo::new(network, plan);
        let mut run = Run {
            info: &info,
            plan,
            target,
            explainer: &mut explainer,
            samples: &mut records.into_iter().map(Ok),
            done: 0,
            flows: self.is_document(),
            failing: 0,
            edges: None,
        };
        let mut explanation = ExactExplanation::new(network, plan);
        explanation.made_by = self.is_document().then(|| self.request.origin(source));
        for x in &samples {
            let Some(fast) = run.next(1)? else { break };
            let found = exact::explain(&exact, plan.rules(), x, target);
            explanation.push(ExactSample::new(&info, plan, &found, &fast[0]));
        }
        let verdict = Verdict::of(explanation.holds());
        let mut out = Vec::new();
        match self.format {
            Format::Json => report::json(&explanation, &mut out)?,
            Format::Jsonl => (explanation.samples.iter())
                .try_for_each(|sample| report::json(sample, &mut out))?,
            Format::Html => out.extend(page(AnyResult::Exact(explanation)).into_bytes()),
            Format::Csv => {
                return Err(Failure::Usage(
                    "--exact prints text, json, jsonl or html, not csv".to_owned(),
                ));
            }
            Format::Text => out.extend(text(self.top).exact_explanation(&explanation).into_bytes()),
        }
        print(&out)?;
        Ok(verdict)
    }

    /// Writes the heatmap, where one is asked for.
    fn draw(&self, network: &Network, explanation: &Explanation) -> Result<(), Failure> {
        let Some(file) = &self.heatmap else {
            return Ok(());
        };
        if file == "-" {
            return Err(Failure::Usage(
                "--heatmap: expected the name of a file, for stdout has the explanation".to_owned(),
            ));
        }
        let overlay = match self.overlay {
            OverlayName::Beside => Overlay::Beside,
            OverlayName::Over => Overlay::Over,
            OverlayName::Alone => Overlay::Alone,
        };
        let picture = report::heatmap(network.input(), &explanation.samples, overlay)
            .map_err(|invalid| Failure::Usage(format!("--heatmap: {invalid}")))??;
        output::write(Some(file), &picture, self.force)
    }

    fn render(&self, explanation: Explanation) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        match self.format {
            Format::Json | Format::Jsonl => report::json(&explanation, &mut out)?,
            Format::Html => out.extend(page(AnyResult::Explanation(explanation)).into_bytes()),
            Format::Csv => {
                let mut csv = Csv::new(&mut out)?;
                for (n, sample) in explanation.samples.iter().enumerate() {
                    csv.sample(&explanation.network, n, sample)?;
                }
                csv.finish()?;
            }
            Format::Text => {
                out.extend(text(self.top).explanation(&explanation).into_bytes());
                if self.request.network.is_none() {
                    out.extend(NEXT.as_bytes());
                }
            }
        }
        Ok(out)
    }
}

/// The page of a result.
fn page(result: AnyResult) -> String {
    report::html(&Document::new(&[result]))
}

/// The last lines of the first output.
const NEXT: &str = "
next  deeptaylor explain --rule z+               looks at the values, too
      deeptaylor explain networks/lines.json     three classes of nine pixels
      deeptaylor taylor                          the expansions behind it
      deeptaylor compare                         what initial weights do to it
      deeptaylor inspect networks/figure-4.json  how well it fits the theory
      deeptaylor explain --format html > p.html  a page to look at
      deeptaylor --help                          (from the sources, say
                                                  cargo run --release -- --help)
";
