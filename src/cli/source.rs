//! Where the samples of a command come from: typed, from a file, or the network file's own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use deeptaylor::exact::ExactNetwork;
use deeptaylor::network::Order;
use deeptaylor::samples::{ReadOptions, Record, Scale};
use deeptaylor::{Error, Network, Samples};

use super::Failure;
use super::number::{either, samples, whole};
use super::records::{Coming, Noted, Numbered, SampleSource, print_note};

/// More samples are not chosen by their numbers.
const MOST_CHOSEN: usize = 1_000_000;

// Samples, and how to read a file of them.
#[derive(Args, Clone, PartialEq, Default)]
pub struct SampleArgs {
    /// A sample, for example 1,0.5,-0.25 or 1/3,1/2,-1/4; may be given several times
    #[arg(
        long,
        value_name = "X1,X2,…",
        allow_hyphen_values = true,
        conflicts_with = "inputs",
        help_heading = "Input"
    )]
    input: Vec<String>,

    /// A file of samples, plain or gzipped: JSON, JSON lines, CSV, .npy, .npz, IDX, PNG or JPEG, distinguished by their
    /// content; or a folder of pictures; '-' reads stdin. Pictures may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    inputs: Vec<PathBuf>,

    /// Only the samples with these numbers, counted from 0, for example 3 or 0-9,12
    #[arg(long, value_name = "N,…", value_delimiter = ',', value_parser = numbers, allow_negative_numbers = true, help_heading = "Input")]
    sample: Vec<(usize, usize)>,

    /// The number of the first sample
    #[arg(long, value_name = "N", default_value = "0", value_parser = whole(0, usize::MAX / 2), allow_negative_numbers = true, help_heading = "Input")]
    first_sample: usize,

    /// Whether the first line of a table has column names [default: detected]
    #[arg(long, value_name = "yes|no", requires = "inputs", conflicts_with = "input", value_parser = either([("yes", true), ("no", false)]), help_heading = "Input")]
    header: Option<bool>,

    /// What stands before the decimals of a table [default: detected]
    #[arg(long, value_name = "point|comma", requires = "inputs", conflicts_with = "input", value_parser = either([("point", '.'), ("comma", ',')]), help_heading = "Input")]
    decimals: Option<char>,

    /// The columns (or keys) with the inputs: names, or in tables also numbers from 1 and ranges, for example
    /// x1,x2,x3 or 1-64
    #[arg(
        long,
        value_name = "COLUMN,…",
        requires = "inputs",
        conflicts_with = "input",
        allow_negative_numbers = true,
        value_delimiter = ',',
        help_heading = "Input"
    )]
    columns: Vec<String>,

    /// The array of a .npz archive with the samples [default: the only one, or inputs, x, input, data or images]
    #[arg(
        long,
        value_name = "NAME",
        requires = "inputs",
        conflicts_with = "input",
        help_heading = "Input"
    )]
    key: Option<String>,

    /// The column (or key, or array of a .npz archive) with the names of the samples: a name, or in tables also a number
    /// from 1, first or last; beside .npy and IDX a file of such an array [default: id]
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "inputs",
        conflicts_with = "input",
        allow_negative_numbers = true,
        help_heading = "Input"
    )]
    id: Option<String>,

    /// The column (or key, or array of a .npz archive) with the class of each sample; beside .npy and IDX a file of such
    /// an array [default: label, class or target]
    #[arg(
        long,
        value_name = "COLUMN",
        requires = "inputs",
        conflicts_with = "input",
        allow_negative_numbers = true,
        help_heading = "Input"
    )]
    label: Option<String>,

    /// Divide every value of the file by this: a number, max (the largest value of the file), or none [default: the
    /// scale in the network file, if a value lies outside its bounds; pictures are scaled to the bounds]
    #[arg(
        long,
        value_name = "N",
        requires = "inputs",
        conflicts_with = "input",
        allow_negative_numbers = true,
        help_heading = "Input"
    )]
    scale: Option<Scale>,

    /// Subtract this from the pixels of pictures, once these lie between 0 (black) and 1 (white): one number, or one for
    /// each channel
    #[arg(
        long,
        value_name = "N,…",
        requires = "inputs",
        conflicts_with = "input",
        value_delimiter = ',',
        value_parser = finite,
        allow_negative_numbers = true,
        help_heading = "Input"
    )]
    mean: Vec<f64>,

    /// Then divide the pixels by this: one number, or one for each channel
    #[arg(
        long,
        value_name = "N,…",
        requires = "inputs",
        conflicts_with = "input",
        value_delimiter = ',',
        value_parser = finite,
        allow_negative_numbers = true,
        help_heading = "Input"
    )]
    std: Vec<f64>,

    /// Bring pictures of another size to that of the input, without keeping their proportions
    #[arg(
        long,
        requires = "inputs",
        conflicts_with = "input",
        help_heading = "Input"
    )]
    resize: bool,
}

/// Reads `3` or `0-9`.
fn numbers(text: &str) -> Result<(usize, usize), String> {
    samples(text, MOST_CHOSEN)
}

fn finite(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    let finite = number.filter(|number| number.is_finite());
    finite.ok_or_else(|| "expected numbers, as 0.485,0.456,0.406".to_owned())
}

impl SampleArgs {
    /// The files that they come from, where there are any.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.inputs.iter().map(PathBuf::as_path)
    }

    /// The files that their names and classes come from, where these stand in files of their own.
    pub fn tags(&self) -> impl Iterator<Item = &Path> {
        let said = [&self.id, &self.label].into_iter().flatten();
        said.map(Path::new).filter(|said| said.is_file())
    }

    /// Whether each is typed, so that somebody has counted them.
    pub fn are_typed(&self) -> bool {
        !self.input.is_empty()
    }

    /// Whether they are chosen by their numbers, so that a single one is told with its own.
    pub fn are_numbered(&self) -> bool {
        !self.sample.is_empty()
    }

    /// Whether samples are given, by hand or in a file.
    pub fn are_given(&self) -> bool {
        !(self.inputs.is_empty() && self.input.is_empty())
    }

    /// Whether nothing is said but which of them are chosen by their numbers.
    pub fn only_choose(&self) -> bool {
        let chosen = Self {
            sample: self.sample.clone(),
            ..Self::default()
        };
        *self == chosen
    }

    /// Whether they come from the standard input.
    pub fn come_from_stdin(&self) -> bool {
        self.files().any(|file| file == Path::new("-"))
    }

    /// Where they come from, in words.
    pub fn origin(&self) -> String {
        match &self.inputs[..] {
            _ if self.come_from_stdin() => "standard input".to_owned(),
            [file] => file.to_string_lossy().into_owned(),
            [first, more @ ..] if !more.is_empty() => {
                format!("{} and {} more", first.to_string_lossy(), more.len())
            }
            _ if self.input.is_empty() => "the network file".to_owned(),
            _ => "the command line".to_owned(),
        }
    }

    /// The samples for a network, pictures in this order where it is said; with what was written, where that is known in fractions.
    pub fn open(
        &self,
        network: &Network,
        order: Option<Order>,
        exact: Option<&ExactNetwork>,
    ) -> Result<SampleSource, Failure> {
        let source = if self.inputs.is_empty() {
            let given = self.given(network, exact)?;
            SampleSource {
                number: Some(given.len()),
                records: Box::new(given.into_iter().map(Ok)),
                coming: Coming::AtHand,
            }
        } else {
            self.in_files(network, order, exact.is_some())?
        };
        if self.sample.is_empty() {
            return Ok(source);
        }
        let chosen = self.numbers();
        let ascend = self.sample.windows(2).all(|pair| pair[0].1 < pair[1].0);
        if !ascend {
            let note = "the samples of --sample come in the order of their numbers, each once";
            print_note(&self.origin(), note);
        }
        Ok(SampleSource {
            number: Some(chosen.len()),
            records: Box::new(Numbered {
                records: source.records,
                numbers: chosen,
                passed: 0,
                first: self.first_sample,
                origin: self.origin(),
            }),
            ..source
        })
    }

    /// The numbers of the samples that are chosen, where any is.
    pub fn chosen(&self) -> Option<BTreeSet<usize>> {
        (!self.sample.is_empty()).then(|| self.numbers())
    }

    fn numbers(&self) -> BTreeSet<usize> {
        let ranges = self.sample.iter();
        ranges.flat_map(|&(first, last)| first..=last).collect()
    }

    fn in_files(
        &self,
        network: &Network,
        order: Option<Order>,
        exactly: bool,
    ) -> Result<SampleSource, Failure> {
        let options = ReadOptions {
            header: self.header,
            decimals: self.decimals,
            columns: self.columns.clone(),
            id: self.id.clone(),
            label: self.label.clone(),
            key: self.key.clone(),
            scale: self.scale.clone(),
            mean: self.mean.clone(),
            std: self.std.clone(),
            resize: self.resize,
            first: self.first_sample,
            order,
            exactly,
            ..ReadOptions::default()
        };
        let samples = match &self.inputs[..] {
            [file] => {
                Samples::open(file, network, options).map_err(|error| advised(file, error))?
            }
            files => Samples::of_pictures(files, network, options)?,
        };
        Ok(SampleSource {
            coming: if samples.is_live() {
                Coming::Live
            } else {
                Coming::FromFile
            },
            number: samples.number(),
            records: Box::new(Noted::new(samples)),
        })
    }

    /// The samples that are typed, else the network file's own.
    fn given(
        &self,
        network: &Network,
        exact: Option<&ExactNetwork>,
    ) -> Result<Vec<Record>, Failure> {
        let typed = |text: &String| {
            Record::typed(text, network).map_err(|mut invalid| {
                if Path::new(text).is_file() {
                    invalid.help = Some(format!("did you mean --inputs {text}?"));
                }
                Failure::Usage(format!("--input {text}: {invalid}"))
            })
        };
        let mut records = (self.input.iter().map(typed)).collect::<Result<Vec<_>, _>>()?;
        if self.input.is_empty() {
            let own = network.samples().rows().into_iter();
            records.extend(own.map(|row| Record::new(0, row.to_vec())));
            // The decimals of the file, as the exact network has read them.
            let exact = exact.map_or(&[][..], ExactNetwork::samples);
            for (record, exact) in records.iter_mut().zip(exact) {
                record.written = Some(exact.iter().map(ToString::to_string).collect());
            }
        }
        for (n, record) in records.iter_mut().enumerate() {
            record.number = self.first_sample.saturating_add(n);
        }
        Ok(records)
    }

    /// The one sample that is given or chosen, else the first of all.
    pub fn one(&self, network: &Network, exact: Option<&ExactNetwork>) -> Result<Record, Failure> {
        let several = self.input.len() > 1 && self.sample.is_empty() || self.numbers().len() > 1;
        let mut source = self.open(network, None, exact)?;
        let record = source.records.next();
        let record = record.ok_or_else(|| self.nothing(network, "expand"))??;
        if several {
            return Err(Failure::Usage(
                "taylor expands one sample\n  help: --sample N chooses one".to_owned(),
            ));
        }
        // What comes down a pipe is not waited for, and what is read from a file is not counted.
        let chosen = !self.sample.is_empty() || source.coming == Coming::Live;
        if !chosen && source.records.next().is_some() {
            let of = source.number.map(|all| format!(" of {all}"));
            let note = format!(
                "sample {}{} is expanded; --sample N chooses another",
                record.number,
                of.unwrap_or_default()
            );
            print_note(&self.origin(), &note);
        }
        Ok(record)
    }

    /// There is not one sample; `to` is what was to be done with it.
    pub fn nothing(&self, network: &Network, to: &str) -> Failure {
        Failure::Usage(if self.inputs.is_empty() {
            format!(
                "there is no sample to {to}\n  help: give one with --input {}, a file of them with --inputs, or put \
                 \"inputs\" into the network file",
                example(network.input_units())
            )
        } else {
            format!("{}: expected samples, found none", self.origin())
        })
    }
}

/// The same error with what is most likely meant.
fn advised(file: &Path, error: Error) -> Failure {
    match error {
        Error::Unreadable { .. } if !file.exists() && is_typed(&file.to_string_lossy()) => {
            let typed = file.display();
            Failure::Usage(format!(
                "--inputs {typed}: there is no such file\n  help: did you mean --input {typed}?"
            ))
        }
        error => error.into(),
    }
}

/// A sample of so many values, as it is typed.
fn example(inputs: usize) -> String {
    const VALUES: [&str; 4] = ["1", "0.5", "-0.25", "0"];
    if inputs > 8 {
        return format!("X1,X2,…,X{inputs}");
    }
    let values: Vec<&str> = VALUES.into_iter().cycle().take(inputs).collect();
    values.join(",")
}

/// Whether a text is a sample and no name of a file.
fn is_typed(text: &str) -> bool {
    let mut numbers = text.trim_matches(['[', ']']).split(',');
    numbers.all(|number| deeptaylor::exact::fraction(number).is_ok())
}
