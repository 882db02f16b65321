//! Lines of `explain --format jsonl`, gathered to the explanations that they are of.

use serde::Deserialize;

use super::read::{Complaint, checked, each, parsed};
use super::{Explanation, NetworkInfo, Sample};
use crate::error::{Error, Invalid, Malformed};
use crate::printable::printable;
use crate::words::count;

/// What a line begins with.
#[derive(Deserialize)]
struct Beginning {
    /// A whole result has a kind, and a line has none.
    kind: Option<serde::de::IgnoredAny>,
    rule: Option<String>,
    target: Option<serde::de::IgnoredAny>,
}

/// Whether a file begins with a line of `--format jsonl`.
pub fn is_lines(text: &[u8]) -> bool {
    let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<Beginning>();
    let first = documents.next().and_then(Result::ok);
    first.is_some_and(|line| line.kind.is_none() && line.rule.is_some() && line.target.is_some())
}

/// Lines of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct LinesOfRule {
    /// The rule, as it was asked for.
    pub rule: String,
    /// A sample a line, in their order.
    pub samples: Vec<Sample>,
}

/// Reads such lines, those of each rule together, in the order in which the rules first come; `file` is how errors shall call
/// it.
///
/// # Errors
///
/// [`Error::Malformed`] where a line is none, and where the rules have not as many lines.
pub fn read_lines(file: &str, text: &[u8]) -> Result<Vec<LinesOfRule>, Error> {
    let mut rules: Vec<LinesOfRule> = Vec::new();
    each(file, text, |document| {
        let (rule, sample) = line(document)?;
        match rules.iter_mut().find(|lines| lines.rule == rule) {
            Some(lines) => lines.samples.push(sample),
            None => rules.push(LinesOfRule {
                rule,
                samples: vec![sample],
            }),
        }
        Ok(())
    })?;
    let first = rules[0].samples.len();
    match rules.iter().find(|lines| lines.samples.len() != first) {
        None => Ok(rules),
        Some(other) => {
            let expected = format!("expected {} under each rule", count(first, "line"));
            let found = format!("{} under {}", other.samples.len(), printable(&other.rule));
            Err(in_file(file, Invalid::new("rule", expected, found)))
        }
    }
}

impl LinesOfRule {
    /// The explanation that they are of, by a network with its rules; `file` is how errors shall call where they stand.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] where their levels are not those of the network, or their figures not those of its units.
    pub fn of_network(self, file: &str, network: NetworkInfo) -> Result<Explanation, Error> {
        let mut explanation = Explanation {
            rule: Some(self.rule),
            tolerance: None,
            ..Explanation::of(network)
        };
        let samples = self.samples.into_iter();
        samples.for_each(|sample| explanation.push(sample));
        checked(&mut explanation).map_err(|invalid| in_file(file, invalid))?;
        Ok(explanation)
    }
}

fn in_file(file: &str, invalid: Invalid) -> Error {
    let malformed = Malformed {
        file: file.to_owned(),
        position: None,
        invalid,
        excerpt: None,
    };
    malformed.into()
}

/// The rule and the sample of a line.
fn line(text: &str) -> Result<(String, Sample), Complaint> {
    let beginning: Beginning = parsed(text)?;
    if let Beginning {
        kind: None,
        rule: Some(rule),
        ..
    } = beginning
    {
        return Ok((rule, parsed(text)?));
    }
    let expected = "expected another line of --format jsonl, which has a rule and no kind";
    Err(((0, 0), Invalid::new("", expected, "other JSON")))
}
