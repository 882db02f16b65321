//! How to read a file of samples, where its content alone does not show it.

use std::collections::HashSet;
use std::str::FromStr;

use super::decimal::number;
use super::source::Kind;
use crate::error::Invalid;
use crate::network::{Bounds, Nesting, Network, Order};
use crate::spelling::did_you_mean;
use crate::words::{grouped, plural};

/// A sample of more bytes of text is refused, where its inputs do not need more.
const LONGEST: usize = 1 << 26;

/// What is known in advance about a file of samples.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Whether the first line of a table has names; detected from its content if none.
    pub header: Option<bool>,
    /// The columns or keys with the inputs: names, and in tables numbers from 1, or ranges as `1-64`; in the order of
    /// the inputs where they do not have just their names.
    pub columns: Vec<String>,
    /// The column or key with the samples' names: a name, or in tables a number from 1, or `last`.
    pub id: Option<String>,
    /// The column or key with their classes.
    pub label: Option<String>,
    /// The array of an archive with the samples; if none, the only one, or one that has a usual name.
    pub key: Option<String>,
    /// What stands before the decimals of a table, `.` or `,`; found out from its numbers if none.
    pub decimals: Option<char>,
    /// What every value is divided by.
    pub scale: Option<Scale>,
    /// What is subtracted from the pixels of pictures once they lie between 0 and 1, then what they are divided by: one
    /// number, or one a channel.
    pub mean: Vec<f64>,
    /// See [`mean`](Self::mean).
    pub std: Vec<f64>,
    /// Whether pictures of another size are brought to that of the input.
    pub resize: bool,
    /// In which order the network takes the values of pictures, where that is not to be read from it.
    pub order: Option<Order>,
    /// The number of the first sample.
    pub first: usize,
    /// Bytes of text that a sample may have; if none, 64 MiB, or more where its numbers need it.
    pub longest: Option<usize>,
    /// Whether exact arithmetic asks for the values as they are written.
    pub exactly: bool,
}

impl ReadOptions {
    /// The option that was given of those which say something of tables alone.
    pub(super) fn of_tables(&self) -> Option<&'static str> {
        first([
            ("--header", self.header.is_some()),
            ("--decimals", self.decimals.is_some()),
        ])
    }

    /// The option that was given of those which name columns or keys.
    pub(super) fn of_keys(&self) -> Option<&'static str> {
        first([
            ("--columns", !self.columns.is_empty()),
            ("--id", self.id.is_some()),
            ("--label", self.label.is_some()),
        ])
    }

    /// The option that was given of those which say something of pictures alone.
    pub(super) fn of_pictures(&self) -> Option<&'static str> {
        first([
            ("--mean", !self.mean.is_empty()),
            ("--std", !self.std.is_empty()),
            ("--resize", self.resize),
        ])
    }

    /// Whether every option has something to say of a source of this kind, which messages call `what`.
    ///
    /// # Errors
    ///
    /// [`Invalid`] where one has not.
    pub(super) fn suit(&self, kind: Kind) -> Result<(), Invalid> {
        let tables = self.of_tables();
        let columns = first([("--columns", !self.columns.is_empty())]);
        let key = first([("--key", self.key.is_some())]);
        let (wrong, found) = match kind {
            Kind::Text => (key.or(self.of_pictures()), "text"),
            Kind::Archive => (
                tables.or(columns).or(self.of_pictures()),
                "an archive of arrays",
            ),
            Kind::Array => (
                tables.or(columns).or(key).or(self.of_pictures()),
                "one array",
            ),
            Kind::Idx => (tables.or(columns).or(key).or(self.of_pictures()), "IDX"),
            Kind::Picture => (tables.or(self.of_keys()).or(key), "pictures"),
        };
        let Some(option) = wrong else { return Ok(()) };
        let expected = match option {
            "--key" => "expected a .npz archive",
            "--mean" | "--std" | "--resize" => "expected pictures",
            "--header" | "--decimals" | "--columns" => "expected a table or objects",
            _ => "expected a table, objects or arrays",
        };
        Err(Invalid::new(option, expected, found))
    }
}

/// The first option that was given.
fn first<const N: usize>(options: [(&'static str, bool); N]) -> Option<&'static str> {
    let mut given = options.into_iter();
    given.find_map(|(option, given)| given.then_some(option))
}

/// What every value of a file is divided by.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// Nothing: values are taken as they stand.
    None,
    /// The largest value of the file.
    Max,
    /// This decimal.
    By(String, f64),
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "max" => Ok(Self::Max),
            _ => match number(text) {
                Ok(divisor) if divisor > 0.0 => Ok(Self::By(text.trim().to_owned(), divisor)),
                _ => Err("expected a number above 0, as 255, or max or none".to_owned()),
            },
        }
    }
}

/// What the network asks of a sample, beside what is known of the file.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// The number of inputs.
    pub(super) inputs: usize,
    /// Their names, or none.
    pub(super) names: Vec<String>,
    pub(super) bounds: Option<Bounds>,
    pub(super) nesting: Nesting,
    pub(super) options: ReadOptions,
}

impl Wanted {
    pub(super) fn new(network: &Network, options: ReadOptions) -> Self {
        let input = network.input();
        Self {
            inputs: network.input_units(),
            names: input.names.clone(),
            bounds: input.bounds.clone(),
            nesting: Nesting::of(input),
            options,
        }
    }

    /// Bytes of text that a sample may have.
    pub(super) fn longest(&self) -> usize {
        // The longest f64 takes 24 characters.
        let enough = self.inputs.saturating_mul(32).max(LONGEST);
        self.options.longest.unwrap_or(enough)
    }

    /// Whether the inputs have names, and all of these are among some fields.
    pub(super) fn all_stand_in<'f>(&self, fields: impl Iterator<Item = &'f str>) -> bool {
        let mut missing: HashSet<&str> = self.names.iter().map(String::as_str).collect();
        fields.for_each(|field| {
            missing.remove(field);
        });
        !self.names.is_empty() && missing.is_empty()
    }

    /// The i-th input, in words.
    pub(super) fn input(&self, i: usize) -> String {
        match self.names.get(i) {
            Some(name) => format!("the input {name}"),
            None => format!("input {i}"),
        }
    }

    /// Whether the i-th value is a whole number and the only one of a sample that lies far outside of its bounds.
    pub(super) fn only_misfit(&self, i: usize, values: &[f64]) -> bool {
        let fits = |bounds: &Bounds| {
            let is_far = |(n, x): (usize, &f64)| is_far(*x, bounds.at(n));
            let mut others = (values.iter().enumerate()).filter(|(n, _)| *n != i);
            !others.any(is_far)
        };
        values[i].fract().abs() <= 0.0 && self.bounds.as_ref().is_some_and(fits)
    }

    /// The first value that lies outside of its bounds by more than these are apart, as no sample of the network does.
    pub(super) fn far_outside(&self, values: &[f64]) -> Option<(usize, [f64; 2])> {
        let bounds = self.bounds.as_ref()?;
        let far = |&(i, x): &(usize, &f64)| is_far(*x, bounds.at(i));
        let (i, _) = values.iter().enumerate().find(far)?;
        Some((i, bounds.at(i)))
    }
}

fn is_far(x: f64, [l, h]: [f64; 2]) -> bool {
    x > h + (h - l) || x < l - (h - l)
}

/// The columns, counted from 0, that `said` means: a name, a number from 1, `first`, `last`, or a range of these.
pub(super) fn columns(
    said: &str,
    header: Option<&[String]>,
    width: usize,
) -> Result<Vec<usize>, Invalid> {
    if let Some(column) = one_column(said, header, width)? {
        return Ok(vec![column]);
    }
    for (at, _) in said.match_indices('-').filter(|(at, _)| *at > 0) {
        let ends = [&said[..at], &said[at + 1..]].map(|end| one_column(end, header, width));
        if let [Ok(Some(from)), Ok(Some(to))] = ends
            && from <= to
        {
            return Ok((from..=to).collect());
        }
    }
    let is_number = said
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let help = match header {
        Some(names) if !is_number => did_you_mean(said, names.iter().map(String::as_str)),
        _ => format!(
            "columns are numbered from 1; this file has {}",
            grouped(width)
        ),
    };
    Err(Invalid::new("", "expected a column", format!("`{said}`")).help(help))
}

/// The column of a name, else of a number.
fn one_column(
    said: &str,
    header: Option<&[String]>,
    width: usize,
) -> Result<Option<usize>, Invalid> {
    if let Some(column) = header
        .map(|names| named(said, names))
        .transpose()?
        .flatten()
    {
        return Ok(Some(column));
    }
    match said {
        "first" if width > 0 => return Ok(Some(0)),
        "last" => return Ok(width.checked_sub(1)),
        _ => {}
    }
    let number = said.parse::<usize>().ok();
    Ok(number.filter(|n| (1..=width).contains(n)).map(|n| n - 1))
}

/// The column of this name, where there is one; two are one too many.
pub(super) fn named(name: &str, header: &[String]) -> Result<Option<usize>, Invalid> {
    let mut found = (0..header.len()).filter(|&column| header[column] == name);
    match (found.next(), found.next()) {
        (Some(first), Some(second)) => Err(Invalid::new(
            "",
            format!("expected one column `{name}`"),
            format!("two: columns {} and {}", first + 1, second + 1),
        )),
        (first, _) => Ok(first),
    }
}

/// That columns or keys of these names are not looked at: the first of many; nothing where there is none.
pub(super) fn left_out(names: &[String], what: &str) -> Option<String> {
    const MOST: usize = 12;
    let mut all = names[..names.len().min(MOST)].join(", ");
    if names.len() > MOST {
        all += ", …";
    }
    match names.len() {
        0 => None,
        1 => Some(format!("the {what} {all} is left out")),
        _ => Some(format!("the {} {all} are left out", plural(what))),
    }
}
