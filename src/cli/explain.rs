//! `deeptaylor explain`: the relevance of every layer.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use deeptaylor::report::{self, Csv, Explanation, NetworkInfo, Sample};
use deeptaylor::{Error, Explainer, Network, Plan, Rule, Samples, Target};
use ndarray::Array2;

use super::{Failure, Verdict, print, text};

/// Samples that are explained at once.
const BATCH: usize = 256;

/// Explain the output of a network: the relevance of every layer, with its checks
///
/// Each sample is run forward; the explained output is then handed back layer by layer, and every layer is
/// checked to sum to it and to be nowhere below 0.
#[derive(Args)]
pub struct Explain {
    /// The network file; '-' reads it from stdin; none takes the built-in figure-4 network
    network: Option<String>,

    /// A sample, as 1,0.5,-0.25; may be given several times
    #[arg(
        long,
        value_name = "X1,X2,…",
        allow_hyphen_values = true,
        conflicts_with = "inputs"
    )]
    input: Vec<String>,

    /// A file of samples: .json (a list), .jsonl (one a line) or .csv; '-' reads them from stdin
    #[arg(long, value_name = "FILE")]
    inputs: Option<String>,

    /// The rule for every layer with weights (pools always share in proportion)
    #[arg(long, value_name = "RULE", default_value = "w2", ignore_case = true)]
    rule: RuleName,

    /// Another rule for one layer, as 1=zB; layers count from 1, 0 is the input; may be given several times
    #[arg(long, value_name = "N=RULE", value_parser = layer_rule)]
    layer_rule: Vec<(usize, Rule)>,

    /// Which output to explain: max (the largest of each sample), all (their sum), a name, or an index from 0
    #[arg(long, default_value = "max", allow_hyphen_values = true)]
    target: String,

    /// What to print; jsonl streams, one sample a line as soon as it is done
    #[arg(long, default_value = "text")]
    format: Format,

    /// Units of a layer shown in text, the most relevant first; the other formats are always whole
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,

    /// Conservation holds while |ΣR − f(x)| ≤ T·Σ|R| on every layer
    #[arg(long, value_name = "T", default_value_t = 1e-9, value_parser = tolerance, allow_negative_numbers = true)]
    tolerance: f64,
}

/// The rules as they are asked for.
#[derive(Clone, Copy, ValueEnum)]
enum RuleName {
    /// By squared weights: R_i = Σ_j w_ij² / Σ_i' w_i'j² · R_j (any input)
    W2,
    /// Equally among the inputs
    Flat,
    /// By positive contributions x_i·w_ij (inputs ≥ 0)
    #[value(name = "z+", alias = "zplus")]
    ZPlus,
    /// By distance to the bounds in the file (inputs in a box around 0)
    #[value(name = "zB", alias = "zbox")]
    ZBox,
    /// w2 on the first layer, or zB where the file gives bounds, and z+ above
    DeepTaylor,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables, bars, checks and a reading
    Text,
    /// One document with every number
    Json,
    /// One JSON document a sample and line, as it is done
    Jsonl,
    /// A row for each unit of each layer
    Csv,
}

fn layer_rule(text: &str) -> Result<(usize, Rule), String> {
    let (layer, rule) = text
        .split_once('=')
        .ok_or("expected N=RULE, for instance 1=zB")?;
    let layer = layer
        .trim()
        .parse()
        .map_err(|_| format!("expected the number of a layer before '=', found `{layer}`"))?;
    Ok((layer, rule.trim().parse()?))
}

fn tolerance(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(tolerance) if tolerance >= 0.0 && tolerance.is_finite() => Ok(tolerance),
        _ => Err("expected a number ≥ 0, for instance 1e-9".to_owned()),
    }
}

impl Explain {
    /// What runs when no command is given.
    pub fn built_in() -> Self {
        Self {
            network: None,
            input: Vec::new(),
            inputs: None,
            rule: RuleName::W2,
            layer_rule: Vec::new(),
            target: "max".to_owned(),
            format: Format::Text,
            top: 10,
            tolerance: 1e-9,
        }
    }

    /// Runs the command.
    pub fn run(&self) -> Result<Verdict, Failure> {
        if self.network.as_deref() == Some("-") && self.inputs.as_deref() == Some("-") {
            return Err(Failure::Usage(
                "the network and the samples cannot both come from stdin".to_owned(),
            ));
        }
        let network = match &self.network {
            Some(file) => Network::read(file)?,
            None => Network::figure_4(),
        };
        let plan = self.plan(&network)?;
        let target = Target::parse(&self.target, &network)?;
        let (mut samples, live) = self.samples(&network)?;
        let mut explainer = Explainer::new(&network, &plan)?.tolerance(self.tolerance);
        let info = NetworkInfo::new(&network, &plan);
        let mut run = Run {
            info: &info,
            plan: &plan,
            target,
            explainer: &mut explainer,
            samples: &mut *samples,
            done: 0,
        };
        if self.format == Format::Jsonl {
            // What comes down a pipe is explained as it arrives, what lies in a file in batches.
            let verdict = stream(&mut run, if live { 1 } else { BATCH })?;
            return if run.done == 0 {
                Err(self.nothing())
            } else {
                Ok(verdict)
            };
        }
        let mut explanation = Explanation::new(&network, &plan);
        while let Some(batch) = run.next(BATCH)? {
            for sample in batch {
                explanation.push(sample);
            }
        }
        if run.done == 0 {
            return Err(self.nothing());
        }
        print(&self.render(&explanation)?)?;
        Ok(verdict(explanation.checks.hold()))
    }

    fn plan(&self, network: &Network) -> Result<Plan, Error> {
        let plan = match self.rule {
            RuleName::W2 => Plan::of(network, Rule::WSquared),
            RuleName::Flat => Plan::of(network, Rule::Flat),
            RuleName::ZPlus => Plan::of(network, Rule::ZPlus),
            RuleName::ZBox => Plan::of(network, Rule::ZBox),
            RuleName::DeepTaylor => Plan::deep_taylor(network),
        }?;
        self.layer_rule
            .iter()
            .try_fold(plan, |plan, &(layer, rule)| plan.with(network, layer, rule))
    }

    /// The samples to explain, and whether they may still be on their way.
    fn samples(&self, network: &Network) -> Result<(Box<SampleIter>, bool), Failure> {
        if let Some(file) = &self.inputs {
            let samples = Samples::open(file, network)?;
            let live = samples.is_live();
            return Ok((Box::new(samples), live));
        }
        let given = if self.input.is_empty() {
            network
                .samples()
                .rows()
                .into_iter()
                .map(|row| row.to_vec())
                .collect()
        } else {
            let parse = |text: &String| {
                Samples::parse(text, network)
                    .map_err(|invalid| Failure::Usage(format!("--input {text}: {invalid}")))
            };
            self.input
                .iter()
                .map(parse)
                .collect::<Result<Vec<_>, _>>()?
        };
        Ok((Box::new(given.into_iter().map(Ok)), false))
    }

    fn nothing(&self) -> Failure {
        Failure::Usage(match self.inputs.as_deref() {
            Some("-") => "standard input: expected samples, found none".to_owned(),
            Some(file) => format!("{file}: expected samples, found none"),
            None => "there is no sample to explain\n  help: give one with --input 1,0.5,-0.25, a file of them with \
                     --inputs, or put \"inputs\" into the network file"
                .to_owned(),
        })
    }

    fn render(&self, explanation: &Explanation) -> Result<Vec<u8>, Failure> {
        let mut out = Vec::new();
        match self.format {
            Format::Json | Format::Jsonl => report::json(explanation, &mut out)?,
            Format::Csv => {
                let mut csv = Csv::new(&mut out)?;
                for (n, sample) in explanation.samples.iter().enumerate() {
                    csv.sample(&explanation.network, n, sample)?;
                }
                csv.finish()?;
            }
            Format::Text => {
                out.extend(text(self.top).explanation(explanation).into_bytes());
                if self.network.is_none() {
                    out.extend(NEXT.as_bytes());
                }
            }
        }
        Ok(out)
    }
}

/// The last lines of the first output.
const NEXT: &str = "
next  deeptaylor explain --rule z+               looks at the values, too
      deeptaylor explain networks/lines.json     three classes of nine pixels
      deeptaylor inspect networks/figure-4.json  how well it fits the theory
      deeptaylor --help                          (from the sources, say
                                                  cargo run --release -- --help)
";

type SampleIter = dyn Iterator<Item = Result<Vec<f64>, Error>>;

/// A network at work on its samples, batch by batch.
struct Run<'r, 'n> {
    info: &'r NetworkInfo,
    plan: &'r Plan,
    target: Target,
    explainer: &'r mut Explainer<'n>,
    samples: &'r mut SampleIter,
    done: usize,
}

impl Run<'_, '_> {
    /// Explains up to `most` further samples; none when there are no more.
    fn next(&mut self, most: usize) -> Result<Option<Vec<Sample>>, Failure> {
        let inputs = self.info.layers[0].units;
        let mut values = Vec::new();
        let mut rows = 0;
        for sample in (&mut *self.samples).take(most) {
            values.extend(sample?);
            rows += 1;
        }
        if rows == 0 {
            return Ok(None);
        }
        let samples = Array2::from_shape_vec((rows, inputs), values)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let batch = self
            .explainer
            .explain(samples.view(), &self.target)
            .map_err(|error| error.counted_from(self.done))?;
        self.done += rows;
        Ok(Some(Sample::of_batch(self.info, self.plan, &batch)))
    }
}

/// One line of JSON a sample, written as soon as its batch is done.
fn stream(run: &mut Run, rows: usize) -> Result<Verdict, Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut hold = true;
    while let Some(batch) = run.next(rows)? {
        for sample in &batch {
            hold &= sample.checks.hold();
            report::json(sample, &mut out)?;
        }
        out.flush()?;
    }
    Ok(verdict(hold))
}

fn verdict(hold: bool) -> Verdict {
    if hold { Verdict::Holds } else { Verdict::Fails }
}
