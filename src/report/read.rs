//! Results read back from their JSON: one document or several, one behind the other.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::origin::FORMAT;
use super::{
    Comparison, ExactExplanation, ExactSample, Explanation, Kind, Origin, RuleFigures, StepFigures,
    Taylor, TaylorFunction, Training,
};
use crate::error::{Error, Invalid, Malformed};

/// A result of any kind that can be reported.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyResult {
    /// Of `explain`.
    Explanation(Explanation),
    /// Of `taylor`.
    Taylor(Taylor),
    /// Of `taylor --at`.
    TaylorFunction(TaylorFunction),
    /// Of `compare`.
    Comparison(Comparison),
    /// Of `train`.
    Training(Training),
}

/// What every result begins with.
#[derive(Deserialize)]
struct Stamp {
    kind: Option<String>,
    made_by: Option<Origin>,
    #[serde(default)]
    exact: bool,
}

/// Reads every result in `text`; `file` is how errors shall call it.
///
/// # Errors
///
/// [`Error::Malformed`] where there is none, where one is cut short, of another kind, or of a newer format than this
/// program knows.
pub fn read(file: &str, text: &[u8]) -> Result<Vec<AnyResult>, Error> {
    let complain = |position, invalid| Malformed {
        file: file.to_owned(),
        position,
        invalid,
        excerpt: None,
    };
    let mut results = Vec::new();
    for document in serde_json::Deserializer::from_slice(text).into_iter::<&RawValue>() {
        let document = document.map_err(|error| {
            let position = Some((error.line(), error.column()));
            let found = if error.is_eof() || position == Some(end_of(text)) {
                "the end of the file: it is cut short".to_owned()
            } else {
                error.to_string()
            };
            complain(
                position,
                Invalid::new("", "expected JSON", found).help(WHENCE),
            )
        })?;
        results.push(result(document.get()).map_err(|invalid| complain(None, invalid))?);
    }
    if results.is_empty() {
        let invalid = Invalid::new("", "expected a result in JSON", "nothing").help(WHENCE);
        return Err(complain(None, invalid).into());
    }
    Ok(results)
}

/// Line and column of the last byte.
fn end_of(text: &[u8]) -> (usize, usize) {
    let last = text
        .rsplit(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let lines = text.iter().filter(|&&byte| byte == b'\n').count();
    (lines + 1, last.len())
}

const WHENCE: &str =
    "report takes what explain, taylor, compare and train print with --format json";

/// One document.
fn result(text: &str) -> Result<AnyResult, Invalid> {
    let other = |found: String| Invalid::new("kind", "expected a result of deeptaylor", found);
    let stamp: Stamp =
        serde_json::from_str(text).map_err(|_| other("other JSON".to_owned()).help(WHENCE))?;
    if let Some(origin) = stamp.made_by.filter(|origin| origin.format > FORMAT) {
        return Err(Invalid::new(
            "made_by.format",
            format!("expected a result of format {FORMAT}"),
            format!(
                "{}, of {} {}",
                origin.format, origin.program, origin.version
            ),
        )
        .help("a newer deeptaylor made it: report it with that one"));
    }
    let Some(kind) = stamp.kind else {
        let found = if text.contains("\"target\"") && text.contains("\"relevance\"") {
            "a line of --format jsonl, which knows no network"
        } else {
            "JSON without a kind"
        };
        return Err(other(found.to_owned()).help(WHENCE));
    };
    match kind.as_str() {
        "explanation" if stamp.exact => {
            let exact = parsed::<ExactExplanation>(text)?;
            consistent(exact.into()).map(AnyResult::Explanation)
        }
        "explanation" => consistent(parsed(text)?).map(AnyResult::Explanation),
        "taylor" => parsed(text).map(AnyResult::Taylor),
        "taylor-function" => parsed(text).map(AnyResult::TaylorFunction),
        "comparison" => parsed(text).map(AnyResult::Comparison),
        "training" => steady(parsed(text)?).map(AnyResult::Training),
        kind => Err(other(format!("`{kind}`")).help(WHENCE)),
    }
}

/// A result of its kind, or where it is not one.
fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Invalid> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| Invalid {
        path: error.path().to_string(),
        message: error.inner().to_string(),
        help: None,
    })
}

/// Whether every sample has the levels and units that the network has: the drawings rely on it.
fn consistent(explanation: Explanation) -> Result<Explanation, Invalid> {
    let levels = &explanation.network.layers;
    let shape = &explanation.network.shape;
    let units = levels.first().map_or(0, |input| input.units);
    if !shape.is_empty() && product(shape) != Some(units) {
        let expected = format!("expected a shape of {units} inputs");
        return Err(Invalid::new(
            "network.shape",
            expected,
            format!("{shape:?}"),
        ));
    }
    for (n, sample) in explanation.samples.iter().enumerate() {
        let path = format!("samples[{n}]");
        let expected = |what: String, found: usize| Err(Invalid::new(&path, what, found));
        if levels.is_empty() || sample.layers.len() != levels.len() {
            return expected(
                format!("expected {} levels", levels.len()),
                sample.layers.len(),
            );
        }
        for (l, (layer, level)) in sample.layers.iter().zip(levels).enumerate() {
            let shares = layer.share.as_ref().map_or(level.units, Vec::len);
            for found in [layer.relevance.len(), layer.activations.len(), shares] {
                if found != level.units {
                    return expected(
                        format!("layers[{l}]: expected {} units", level.units),
                        found,
                    );
                }
            }
        }
        if let Some(lost) = sample.lost.iter().find(|lost| lost.layer >= levels.len()) {
            return expected(
                "lost: expected a level of the network".to_owned(),
                lost.layer,
            );
        }
        if !sample
            .flow
            .as_ref()
            .is_none_or(|flow| flow.fits(levels.len()))
        {
            return expected(
                "flow: expected nodes for every level".to_owned(),
                levels.len(),
            );
        }
    }
    Ok(explanation)
}

/// Whether every step has the rules and digits that the others have: tables and pictures rely on it.
fn steady(training: Training) -> Result<Training, Invalid> {
    let pixels = product(&training.shape).filter(|&pixels| pixels > 0);
    let rules = training.steps.first().map_or(0, |step| step.rules.len());
    let digits = &training.digits;
    let whole = |rule: &RuleFigures| {
        let mut shown = rule.digits.iter();
        rule.digits.len() == digits.len() && shown.all(|d| Some(d.relevance.len()) == pixels)
    };
    let even = |step: &StepFigures| step.rules.len() == rules && step.rules.iter().all(whole);
    if let Some(n) = digits
        .iter()
        .position(|digit| Some(digit.pixels.len()) != pixels)
    {
        let expected = format!("expected the pixels of an image of {:?}", training.shape);
        return Err(Invalid::new(
            format!("digits[{n}]"),
            expected,
            digits[n].pixels.len(),
        ));
    }
    match training.steps.iter().position(|step| !even(step)) {
        None => Ok(training),
        Some(n) => Err(Invalid::new(
            format!("steps[{n}].rules"),
            "expected the rules, digits and pixels of the first step",
            "others",
        )),
    }
}

fn product(sides: &[usize]) -> Option<usize> {
    sides
        .iter()
        .try_fold(1_usize, |product, &side| product.checked_mul(side))
}

impl From<ExactExplanation> for Explanation {
    /// The nearest f64 of every fraction.
    fn from(exact: ExactExplanation) -> Self {
        Self {
            kind: Kind::Explanation,
            made_by: exact.made_by,
            samples: exact.samples.iter().map(ExactSample::rounded).collect(),
            checks: exact.checks.decimal(),
            network: exact.network,
        }
    }
}

impl AnyResult {
    /// Whether everything that the result checks holds.
    pub fn holds(&self) -> bool {
        match self {
            Self::Explanation(explanation) => explanation.checks.hold(),
            Self::Taylor(taylor) => taylor.agrees(),
            Self::TaylorFunction(_) => true,
            Self::Comparison(comparison) => comparison.checks.hold(),
            Self::Training(training) => training.checks.hold(),
        }
    }
}
