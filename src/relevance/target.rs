//! Which output is explained.

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
}

impl Target {
    /// Reads `max`, `all`, the name of an output or its index, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::Target`] when the network has no such output.
    pub fn parse(text: &str, network: &Network) -> Result<Self, Error> {
        let (names, outputs) = (network.output_names(), network.output_units());
        let index = names
            .iter()
            .position(|name| name == text)
            .or_else(|| text.parse().ok());
        match (text, index) {
            ("max", _) => Ok(Self::Max),
            ("all", _) => Ok(Self::All),
            (_, Some(index)) if index < outputs => Ok(Self::Output(index)),
            (_, Some(index)) => Err(Error::Target(format!(
                "target {index}: there is no such output; this network has {}, counted from 0",
                grouped(outputs)
            ))),
            (_, None) => {
                let known = ["max", "all"]
                    .into_iter()
                    .chain(names.iter().map(String::as_str).take(20));
                Err(Error::Target(format!(
                    "target `{text}`: expected max, all, an index below {outputs} or the name of an output\n  help: {}",
                    did_you_mean(text, known)
                )))
            }
        }
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

    /// The output explained for one sample, given all of them; none where all are explained together.
    pub(crate) fn choose<T: PartialOrd>(
        self,
        outputs: impl IntoIterator<Item = T>,
    ) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Output(index) => Some(index),
            Self::Max => argmax(outputs),
        }
    }

    /// The same for a sample with these outputs: what stays to be explained when its outputs change.
    #[must_use]
    pub fn settled(self, outputs: &[f64]) -> Self {
        self.choose(outputs).map_or(Self::All, Self::Output)
    }

    /// f: the output that is explained, or the sum of all.
    ///
    /// # Panics
    ///
    /// When there is no such output.
    pub fn value(self, outputs: &[f64]) -> f64 {
        match self.choose(outputs) {
            Some(output) => outputs[output],
            None => sum(outputs, |f| f),
        }
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
