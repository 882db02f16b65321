//! Results read back from their JSON: one document or several, one behind the other.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::consistent::{consistent, steady};
use super::origin::FORMAT;
use super::sums;
use super::{
    Amount, Comparison, Difference, Evaluation, ExactExplanation, Explanation, Explanations,
    Summary, Taylor, TaylorFunction, Training, Value,
};
use crate::error::{Error, Invalid, Malformed, Position};
use crate::network::{is_utf16, of_data, without_mark, without_place};
use crate::printable::printable;

/// A result of any kind that can be reported.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyResult {
    /// Of `explain`.
    Explanation(Explanation),
    /// Of `explain --exact`.
    Exact(ExactExplanation),
    /// Of `explain` under several rules.
    Several(Explanations),
    /// Of `explain --exact` under several rules.
    ExactSeveral(Explanations<Value>),
    /// Of `taylor`.
    Taylor(Taylor),
    /// Of `taylor --at`.
    TaylorFunction(TaylorFunction),
    /// Of `compare`.
    Comparison(Comparison),
    /// Of `train`.
    Training(Training),
    /// Of `evaluate`.
    Evaluation(Evaluation),
    /// Of `diff`.
    Difference(Difference),
}

/// What every result begins with.
#[derive(Deserialize)]
struct Stamp {
    kind: Option<String>,
    made_by: Option<serde_json::Value>,
    /// What a line of `--format jsonl` begins with.
    target: Option<IgnoredAny>,
    #[serde(default)]
    exact: bool,
}

/// Whether a text says the `kind` of result that it is, as a network does not.
pub fn is_result(text: &[u8]) -> bool {
    let documents = serde_json::Deserializer::from_slice(without_mark(text));
    let first = documents.into_iter::<Stamp>().next();
    first.is_some_and(|stamp| stamp.is_ok_and(|stamp| stamp.kind.is_some()))
}

/// Reads every result in `text`; `file` is how errors shall call it.
///
/// # Errors
///
/// [`Error::Malformed`] where there is none, where one is cut short, of another kind, or of a newer format than this
/// program knows.
pub fn read(file: &str, text: &[u8]) -> Result<Vec<AnyResult>, Error> {
    let mut results = Vec::new();
    each(file, text, |document| {
        results.push(result(document)?);
        Ok(())
    })?;
    Ok(results)
}

/// Hands every JSON document of a file to `take`; a complaint about one is placed in its file.
pub(super) fn each(
    file: &str,
    text: &[u8],
    mut take: impl FnMut(&str) -> Result<(), Complaint>,
) -> Result<(), Error> {
    let complain = |place: (usize, usize), invalid| Malformed {
        file: file.to_owned(),
        position: (place.0 > 0).then_some(Position {
            line: place.0,
            column: place.1,
        }),
        invalid,
        excerpt: None,
    };
    let text = without_mark(text);
    if is_utf16(text) {
        let invalid = Invalid::new("", "expected JSON in UTF-8", "UTF-16");
        return Err(complain((0, 0), invalid.help("UTF-16: save the file as UTF-8")).into());
    }
    let mut found_any = false;
    let mut documents = serde_json::Deserializer::from_slice(text).into_iter::<&RawValue>();
    while let Some(document) = documents.next() {
        let document = document.map_err(|error| {
            let invalid = if error.is_eof() {
                let found = "the end of the file: it is cut short";
                Invalid::new("", "expected JSON", found)
            } else {
                Invalid {
                    path: String::new(),
                    message: format!("this is no JSON: {}", without_place(&error)),
                    help: None,
                }
            };
            let invalid = invalid.help(WHENCE);
            complain((error.line(), error.column()), invalid)
        })?;
        let start = documents.byte_offset() - document.get().len();
        take(document.get())
            .map_err(|(place, invalid)| complain(moved(place, &text[..start]), invalid))?;
        found_any = true;
    }
    if !found_any {
        let invalid = Invalid::new("", "expected a result in JSON", "nothing").help(WHENCE);
        return Err(complain((0, 0), invalid).into());
    }
    Ok(())
}

/// Line and column in a document, counted on from what stands before it in its file; none stays none.
fn moved((line, column): (usize, usize), before: &[u8]) -> (usize, usize) {
    let lines = before.iter().filter(|&&byte| byte == b'\n').count();
    let last = before.rsplit(|&byte| byte == b'\n').next();
    match line {
        0 => (0, 0),
        1 => (1 + lines, column + last.map_or(0, <[u8]>::len)),
        _ => (line + lines, column),
    }
}

const WHENCE: &str =
    "report takes what explain, taylor, compare, evaluate, diff and train print with --format json";

/// A complaint about one document, with line and column in it where they are known.
pub(super) type Complaint = ((usize, usize), Invalid);

/// One document.
fn result(text: &str) -> Result<AnyResult, Complaint> {
    let at_all = |invalid: Invalid| ((0, 0), invalid);
    let other = |found: String| {
        at_all(Invalid::new("kind", "expected a result of deeptaylor", found).help(WHENCE))
    };
    let stamp: Stamp = serde_json::from_str(text).map_err(|_| other("other JSON".to_owned()))?;
    let newer = stamp
        .made_by
        .filter(|made| made["format"].as_u64() > Some(FORMAT.into()));
    if let Some(made) = newer {
        let invalid = Invalid::new(
            "made_by.format",
            format!("expected a result of format {FORMAT}"),
            format!(
                "{}, of deeptaylor {}",
                made["format"],
                printable(made["version"].as_str().unwrap_or("?"))
            ),
        );
        return Err(at_all(
            invalid.help("a newer deeptaylor made it: use that version"),
        ));
    }
    let Some(kind) = stamp.kind else {
        if stamp.target.is_none() {
            return Err(other("JSON without a kind".to_owned()));
        }
        let invalid = Invalid::new("", "expected a whole result", "a line of --format jsonl");
        let help = "such lines do not describe their network: report --network FILE names it; or use explain --format json";
        return Err(at_all(invalid.help(help)));
    };
    match kind.as_str() {
        "explanation" if stamp.exact => explanation(text).map(AnyResult::Exact),
        "explanation" => explanation(text).map(AnyResult::Explanation),
        "explanations" if stamp.exact => explanations(text).map(AnyResult::ExactSeveral),
        "explanations" => explanations(text).map(AnyResult::Several),
        "taylor" => {
            let taylor = parsed(text)?;
            sums::of_taylor(&taylor).map_err(at_all)?;
            Ok(AnyResult::Taylor(taylor))
        }
        "taylor-function" => {
            let function = parsed(text)?;
            sums::of_function(&function).map_err(at_all)?;
            Ok(AnyResult::TaylorFunction(function))
        }
        "comparison" => {
            let comparison = parsed(text)?;
            sums::of_comparison(&comparison).map_err(at_all)?;
            Ok(AnyResult::Comparison(comparison))
        }
        "training" => {
            let training = parsed(text)?;
            steady(&training)
                .and_then(|()| sums::of_training(&training))
                .map_err(at_all)?;
            Ok(AnyResult::Training(training))
        }
        "evaluation" => {
            let evaluation = parsed(text)?;
            sums::of_evaluation(&evaluation).map_err(at_all)?;
            Ok(AnyResult::Evaluation(evaluation))
        }
        "difference" => {
            let difference = parsed(text)?;
            sums::of_difference(&difference).map_err(at_all)?;
            Ok(AnyResult::Difference(difference))
        }
        "inspection" => {
            let expected = "expected a result that becomes a page";
            Err(at_all(
                Invalid::new("kind", expected, "an inspection").help(WHENCE),
            ))
        }
        kind => Err(other(format!("`{}`", printable(kind)))),
    }
}

/// An explanation whose figures are those of its units.
fn explanation<'t, N: Amount + Deserialize<'t>>(
    text: &'t str,
) -> Result<Explanation<N>, Complaint> {
    let mut explanation: Explanation<N> = parsed(text)?;
    checked(&mut explanation).map_err(|invalid| ((0, 0), invalid))?;
    Ok(explanation)
}

/// Refuses an explanation whose figures are not those of its units.
pub(super) fn checked<N: Amount>(explanation: &mut Explanation<N>) -> Result<(), Invalid> {
    consistent(explanation)?;
    sums::of_explanation(explanation)?;
    // Results of earlier programs have no entries of the balance, and no summary.
    for sample in &mut explanation.samples {
        if sample.balance_entries.is_empty() {
            sample.balance_entries = sample.entries();
        }
    }
    explanation.summary = Summary::of(&explanation.network, &explanation.samples);
    Ok(())
}

/// Explanations of the same samples, whose figures beside one another are those of their units.
fn explanations<'t, N: Amount + Deserialize<'t>>(
    text: &'t str,
) -> Result<Explanations<N>, Complaint> {
    let mut several: Explanations<N> = parsed(text)?;
    for (n, one) in several.explanations.iter_mut().enumerate() {
        checked(one).map_err(|invalid| ((0, 0), invalid.below(&format!("explanations[{n}]"))))?;
    }
    sums::of_explanations(&several).map_err(|invalid| ((0, 0), invalid))?;
    Ok(several)
}

/// A result of its kind, or where it is not one.
pub(super) fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, Complaint> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let place = (error.inner().line(), error.inner().column());
        let path = error.path().to_string();
        let invalid = of_data(if path == "." { "" } else { &path }, error.inner());
        (place, invalid)
    })
}

impl AnyResult {
    /// Whether everything that the result checks holds: what is promised, or, to be strict, what is not promised, too.
    pub fn passes(&self, strict: bool) -> bool {
        match self {
            Self::Explanation(explanation) => explanation.passes(strict),
            Self::Exact(exact) => exact.passes(strict),
            Self::Several(several) => several.passes(strict),
            Self::ExactSeveral(several) => several.passes(strict),
            Self::Taylor(taylor) => taylor.checks.agreement.holds,
            // What differs is neither right nor wrong.
            Self::TaylorFunction(_) | Self::Difference(_) => true,
            Self::Comparison(comparison) => comparison.checks.pass(strict),
            Self::Training(training) => training.checks.pass(strict),
            Self::Evaluation(evaluation) => evaluation.passes(strict),
        }
    }
}
