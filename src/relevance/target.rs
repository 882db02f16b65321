//! Which output is explained.

use std::fmt;
use std::ops::Sub;

use super::rule::Promises;
use crate::error::Error;
use crate::network::{Network, argmax, sum};
use crate::spelling::did_you_mean;
use crate::words::grouped;

/// The output whose value is handed back to the inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// The largest output of each sample; the first of equal ones.
    #[default]
    Max,
    /// All outputs together: f is their sum.
    All,
    /// One output, counted from 0.
    Output(usize),
    /// Why one output rather than another: f = x_A − x_B, which begins with R_A = x_A and R_B = −x_B. No rule keeps it positive.
    Contrast {
        /// A, counted from 0.
        output: usize,
        /// B, which is another one.
        minus: usize,
    },
}

/// The outputs that f is made of, for one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chosen {
    /// The output, or none for all of them together.
    pub output: Option<usize>,
    /// The output that is taken from it, in a contrast.
    pub minus: Option<usize>,
}

impl Chosen {
    /// What f has of output k, whose value is x: all of it, its negative, or nothing. This is the relevance that the output
    /// begins with.
    pub fn part<N: Sub<Output = N> + Default>(self, k: usize, x: N) -> N {
        match self.output {
            _ if self.minus == Some(k) => N::default() - x,
            Some(output) if output != k => N::default(),
            _ => x,
        }
    }
}

impl Chosen {
    /// What is promised of it where rules promise so much: of a contrast, R_B = −x_B is below 0 wherever x_B is above.
    pub fn promises(self, of_rules: Promises) -> Promises {
        Promises {
            positivity: of_rules.positivity && self.minus.is_none(),
            ..of_rules
        }
    }
}

/// One output, or all together.
impl From<Option<usize>> for Chosen {
    fn from(output: Option<usize>) -> Self {
        Self {
            output,
            minus: None,
        }
    }
}

impl Target {
    /// Reads `max`, `all`, the name of an output, its index, or a contrast `A-B` of two outputs, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::Target`] when the network has no such output, a contrast is of one output with itself, or it can be read in two
    /// ways.
    pub fn parse(text: &str, network: &Network) -> Result<Self, Error> {
        match (text, output(text, network)) {
            ("max", _) => Ok(Self::Max),
            ("all", _) => Ok(Self::All),
            (_, Some(output)) => Ok(Self::Output(output)),
            (_, None) => match text.parse::<usize>() {
                Ok(index) => Err(no_output(index, network)),
                Err(_) => Self::contrast(text, network)?.ok_or_else(|| unknown(text, network)),
            },
        }
    }

    /// The contrast that a text is, whether or not it is the name of an output, too; none where it is no contrast.
    ///
    /// # Errors
    ///
    /// [`Error::Target`] when one side of it is no output, both are the same one, or there are several ways to read it.
    pub fn contrast(text: &str, network: &Network) -> Result<Option<Self>, Error> {
        let sides = text.match_indices('-').map(|(at, _)| {
            let sides = [&text[..at], &text[at + 1..]];
            sides.map(|side| (side.trim(), output(side.trim(), network)))
        });
        let sides: Vec<_> = sides
            .filter(|sides| sides.iter().all(|(side, _)| !side.is_empty()))
            .collect();
        let found = sides.iter().filter_map(|[a, b]| Some([a.1?, b.1?]));
        match found.collect::<Vec<_>>()[..] {
            [] => match sides.iter().find_map(|sides| half_known(sides, network)) {
                Some(error) => Err(Error::Target(format!("target `{text}`: {error}"))),
                None => Ok(None),
            },
            [[output, minus]] if output == minus => Err(Error::Target(format!(
                "target `{text}`: a contrast is of two outputs, found output {output} twice"
            ))),
            [[output, minus]] => Ok(Some(Self::Contrast { output, minus })),
            [[a, b], [c, d], ..] => Err(Error::Target(format!(
                "target `{text}`: this is output {a} less output {b}, or output {c} less output {d}\n  \
                 help: say {a}-{b} or {c}-{d}"
            ))),
        }
    }

    /// The targets of a list, which have commas between them. A name that has commas itself is one target: of several such names
    /// the longest.
    ///
    /// # Errors
    ///
    /// [`Error::Target`] where there is nothing between two commas.
    pub fn split<'t>(text: &'t str, network: &Network) -> Result<Vec<&'t str>, Error> {
        let names = network.output_names().iter();
        let with_commas: Vec<&String> = names.filter(|name| name.contains(',')).collect();
        let (mut targets, mut rest) = (Vec::new(), Some(text));
        while let Some(text) = rest {
            let text = text.trim_start();
            let is_whole = |name: &&&String| {
                let after = text.strip_prefix(name.as_str()).map(str::trim_start);
                after.is_some_and(|after| after.is_empty() || after.starts_with(','))
            };
            let name = with_commas
                .iter()
                .filter(is_whole)
                .map(|name| name.len())
                .max();
            let start = name.unwrap_or(0);
            let end = text[start..]
                .find(',')
                .map_or(text.len(), |comma| start + comma);
            let target = text[..end].trim();
            if target.is_empty() {
                return Err(Error::Target(
                    "target: expected max, all, or an output, before and after every comma, found nothing".to_owned(),
                ));
            }
            targets.push(target);
            rest = text.get(end + 1..);
        }
        Ok(targets)
    }

    /// The output that is the class of a sample: the one of that name, else that of that index.
    ///
    /// # Errors
    ///
    /// [`Error::Target`] where there is none, or the sample has no class.
    pub fn of_label(label: Option<&str>, network: &Network) -> Result<Self, Error> {
        let (names, outputs) = (network.output_names(), network.output_units());
        let Some(label) = label else {
            return Err(Error::Target(
                "--target label: expected a class, found none\n  help: --label says which column, key or array has it"
                    .to_owned(),
            ));
        };
        if let Some(output) = labelled(label, names, outputs) {
            return Ok(Self::Output(output));
        }
        let wanted = if are_numbers(names) {
            "the name of an output"
        } else {
            "the name or the index of an output"
        };
        let help = if names.is_empty() {
            format!("outputs are counted from 0 to {}", outputs - 1)
        } else {
            did_you_mean(label, names.iter().map(String::as_str).take(20))
        };
        Err(Error::Target(format!(
            "--target label: expected {wanted}, found the class `{label}`\n  help: {help}"
        )))
    }

    /// What it comes to for one sample, given all outputs.
    pub(crate) fn choose<T: PartialOrd>(self, outputs: impl IntoIterator<Item = T>) -> Chosen {
        match self {
            Self::All => Chosen::default(),
            Self::Output(index) => Some(index).into(),
            Self::Max => argmax(outputs).into(),
            Self::Contrast { output, minus } => Chosen {
                output: Some(output),
                minus: Some(minus),
            },
        }
    }

    /// The indices of the outputs that it names.
    pub(crate) fn outputs(self) -> impl Iterator<Item = usize> {
        let (output, minus) = match self {
            Self::Max | Self::All => (None, None),
            Self::Output(output) => (Some(output), None),
            Self::Contrast { output, minus } => (Some(output), Some(minus)),
        };
        output.into_iter().chain(minus)
    }

    /// The same for a sample with these outputs: what stays to be explained when its outputs change.
    #[must_use]
    pub fn settled(self, outputs: &[f64]) -> Self {
        match self {
            Self::Max => argmax(outputs).map_or(self, Self::Output),
            Self::All | Self::Output(_) | Self::Contrast { .. } => self,
        }
    }

    /// f of a sample with these outputs.
    ///
    /// # Panics
    ///
    /// When there is no such output.
    pub fn value(self, outputs: &[f64]) -> f64 {
        let chosen = self.choose(outputs);
        let parts = outputs.iter().enumerate();
        let parts: Vec<f64> = parts.map(|(k, &x)| chosen.part(k, x)).collect();
        sum(&parts, |part| part)
    }

    /// The outputs that are the largest together, where that is asked for and there are several.
    pub(crate) fn tied<T: PartialOrd>(
        self,
        outputs: impl IntoIterator<Item = T, IntoIter: Clone>,
    ) -> Vec<usize> {
        let outputs = outputs.into_iter();
        let largest = argmax(outputs.clone()).filter(|_| self == Self::Max);
        let Some(largest) = largest.and_then(|k| outputs.clone().nth(k)) else {
            return Vec::new();
        };
        // Equal, not near: which of them is explained would change with nothing else.
        let tied = outputs.enumerate().filter(|(_, x)| *x == largest);
        let tied: Vec<usize> = tied.map(|(k, _)| k).collect();
        if tied.len() > 1 { tied } else { Vec::new() }
    }
}

/// How it is spelt by indices.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Max => f.write_str("max"),
            Self::All => f.write_str("all"),
            Self::Output(output) => write!(f, "{output}"),
            Self::Contrast { output, minus } => write!(f, "{output}-{minus}"),
        }
    }
}

/// The output of that name, else that of that index.
fn output(text: &str, network: &Network) -> Option<usize> {
    let mut names = network.output_names().iter();
    let index = || text.parse().ok();
    let output = names.position(|name| name == text).or_else(index);
    output.filter(|&output| output < network.output_units())
}

fn no_output(index: usize, network: &Network) -> Error {
    Error::Target(format!(
        "target {index}: there is no such output; this network has {}, counted from 0",
        grouped(network.output_units())
    ))
}

fn unknown(text: &str, network: &Network) -> Error {
    let words = ["max", "all"].into_iter();
    Error::Target(format!(
        "target `{text}`: expected max, all, an index below {} or the name of an output\n  help: {}",
        network.output_units(),
        did_you_mean(text, words.chain(some_names(network)))
    ))
}

/// What is wrong with a contrast of which one side is an output, or a word that stands for one.
fn half_known(sides: &[(&str, Option<usize>); 2], network: &Network) -> Option<String> {
    let is_word = |side: &str| ["max", "all", "label"].contains(&side);
    if !sides
        .iter()
        .any(|(side, output)| output.is_some() || is_word(side))
    {
        return None;
    }
    let (side, _) = sides.iter().find(|(_, output)| output.is_none())?;
    let help = match side.parse::<usize>() {
        _ if is_word(side) => format!("{side} stands for no output of its own here: say which"),
        Ok(_) => format!(
            "outputs are counted from 0 to {}",
            network.output_units() - 1
        ),
        Err(_) if network.output_names().is_empty() => {
            "the outputs of this network have no names".to_owned()
        }
        Err(_) => did_you_mean(side, some_names(network)),
    };
    Some(format!(
        "expected a contrast of two outputs, each an index below {} or a name, found `{side}`\n  help: {help}",
        network.output_units()
    ))
}

/// Names of outputs, as many as a message can list.
fn some_names(network: &Network) -> impl Iterator<Item = &str> + Clone {
    network.output_names().iter().map(String::as_str).take(20)
}

/// The output that a class names, or whose index it is. Where all names are numbers, a number is no index: of the classes 1, 2
/// and 3, none is 0.
pub(crate) fn labelled(label: &str, names: &[String], outputs: usize) -> Option<usize> {
    let called = names.iter().position(|name| name == label);
    let index = || label.parse().ok().filter(|&index: &usize| index < outputs);
    called.or_else(|| index().filter(|_| !are_numbers(names)))
}

/// Whether outputs have names, all of them whole numbers.
fn are_numbers(names: &[String]) -> bool {
    !names.is_empty() && names.iter().all(|name| name.parse::<i64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::labelled;

    #[test]
    fn a_class_is_a_name_before_it_is_an_index_and_never_an_index_among_numbers() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (label, outputs, output) in [
            ("1", &[][..], Some(1)),
            ("3", &[], None),
            ("1", &["1", "2", "3"], Some(0)),
            ("0", &["1", "2", "3"], None),
            ("2", &["a", "b", "c"], Some(2)),
            ("2", &["2", "b", "c"], Some(0)),
            ("d", &["a", "b", "c"], None),
        ] {
            assert_eq!(
                labelled(label, &names(outputs), 3),
                output,
                "{label} of {outputs:?}"
            );
        }
    }
}
