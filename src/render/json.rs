//! Results as JSON: every number so that reading it back gives the same f64.

use std::io::{self, BufRead, Cursor, Read, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::printable::escaped;
use crate::result::{Explanation, Explanations, Sample};

/// Writes a result, an explanation or an inspection, as one line of JSON.
///
/// # Errors
///
/// What the writer says.
pub fn write(result: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    result.serialize(&mut Serializer::with_formatter(&mut *out, Harmless))?;
    out.write_all(b"\n")
}

/// Compact JSON in which no character of a name steers the terminal that shows it.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        writer.write_all(escaped(fragment).as_bytes())
    }
}

/// An explanation written sample by sample: the same bytes as [`write()`] makes of the whole, without keeping it.
pub struct ExplanationJson<W> {
    out: W,
    /// The result without its samples.
    frame: Explanation,
    samples: usize,
}

/// What stands in the frame where the samples belong.
const SAMPLES: &str = "\"samples\":[";

impl<W: Write> ExplanationJson<W> {
    /// Writes what stands before the samples; `frame` is the result without any.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn new(frame: Explanation, mut out: W) -> io::Result<Self> {
        let (before, _) = halves(&frame)?;
        out.write_all(before.as_bytes())?;
        Ok(Self {
            out,
            frame,
            samples: 0,
        })
    }

    /// Writes the next sample.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn sample(&mut self, sample: &Sample) -> io::Result<()> {
        self.frame.count(sample);
        item(sample, self.samples, &mut self.out)?;
        self.samples += 1;
        Ok(())
    }

    /// Writes what stands after the samples: the checks over all of them, and where they fail.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish(mut self) -> io::Result<()> {
        let (_, after) = halves(&self.frame)?;
        self.out.write_all(after.as_bytes())
    }
}

/// Explanations under several rules written sample by sample: the same bytes as [`write()`] makes of the whole, without keeping
/// it. The samples of every rule wait in a place of their own, of the type `S`.
pub struct ExplanationsJson<S> {
    /// The result without its samples.
    frame: Explanations,
    by_rule: Vec<S>,
    agreement: S,
}

/// What stands in the frame where the explanations belong.
const EXPLANATIONS: &str = "\"explanations\":[";

impl<S: Write> ExplanationsJson<S> {
    /// Without samples yet: `frame` is the result without any, and `place` makes room for those of one rule.
    pub fn new(frame: Explanations, mut place: impl FnMut() -> S) -> Self {
        Self {
            by_rule: frame.explanations.iter().map(|_| place()).collect(),
            agreement: place(),
            frame,
        }
    }

    /// Adds the next sample as every rule explains it.
    ///
    /// # Errors
    ///
    /// What a writer says.
    pub fn sample(&mut self, by_rule: &[Sample]) -> io::Result<()> {
        let n = self.frame.samples();
        let agreement = self.frame.counted(by_rule);
        for (place, sample) in self.by_rule.iter_mut().zip(by_rule) {
            item(sample, n, place)?;
        }
        item(&agreement, n, &mut self.agreement)
    }

    /// The document, from its beginning; `read` gives what was written to a place, from its beginning.
    ///
    /// # Errors
    ///
    /// What a reader says, and where the result has no such lists.
    pub fn finish<R: BufRead + 'static>(
        self,
        read: impl Fn(S) -> io::Result<R>,
    ) -> io::Result<Box<dyn BufRead>> {
        let mut frame = self.frame.interpreted();
        let explanations = std::mem::take(&mut frame.explanations);
        let (mut before, rest) = split(&frame, EXPLANATIONS)?;
        let mut written: Box<dyn BufRead> = Box::new(io::empty());
        for (explanation, place) in explanations.iter().zip(self.by_rule) {
            let (start, end) = halves(explanation)?;
            let start = Cursor::new(before + &start);
            let end = end.trim_end().to_owned();
            written = Box::new(
                written
                    .chain(start)
                    .chain(read(place)?)
                    .chain(Cursor::new(end)),
            );
            before = String::from(",");
        }
        match rest.split_once(SAMPLES) {
            Some((middle, end)) => {
                let middle = Cursor::new(format!("{middle}{SAMPLES}"));
                let end = Cursor::new(end.to_owned());
                Ok(Box::new(
                    written
                        .chain(middle)
                        .chain(read(self.agreement)?)
                        .chain(end),
                ))
            }
            None => Err(io::Error::other("the result has no list of samples")),
        }
    }
}

/// Writes the `n`-th entry of a list.
fn item(entry: &impl Serialize, n: usize, out: &mut impl Write) -> io::Result<()> {
    if n > 0 {
        out.write_all(b",")?;
    }
    entry.serialize(&mut Serializer::with_formatter(out, Harmless))?;
    Ok(())
}

/// What stands before the samples of a result that has none, and what after them.
fn halves(frame: &Explanation) -> io::Result<(String, String)> {
    split(frame, SAMPLES)
}

/// A result up to the first list of this key, which is empty, and what stands behind its beginning.
fn split(frame: &impl Serialize, key: &str) -> io::Result<(String, String)> {
    let mut text = Vec::new();
    write(frame, &mut text)?;
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    // No name can look like the key: quotes inside of strings are escaped.
    match text.split_once(key) {
        Some((before, after)) => Ok((format!("{before}{key}"), after.to_owned())),
        None => Err(io::Error::other(format!("the result has no list {key}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::{ExplanationJson, write};
    use crate::result::{Explanation, NetworkInfo, Sample};
    use crate::{Explainer, Network, Plan, Rule, Target};

    #[test]
    fn sample_by_sample_gives_the_bytes_of_the_whole() {
        // A network that is called like the place where the samples belong.
        let network = Network::figure_4().named("\"samples\":[] \u{202e}");
        let plan = Plan::of(&network, Rule::WSquared).expect("w² is defined everywhere");
        let mut explainer = Explainer::new(&plan);
        let x = ndarray::arr2(&[[1.0, 0.5, -0.25], [0.0, 1.0, 2.0], [0.0, 0.0, 0.0]]);
        let batch = explainer
            .explain(x.view(), &Target::Max)
            .expect("finite values");
        let samples = Sample::of_batch(&NetworkInfo::new(&network, &plan), &plan, &batch);
        let mut whole = Explanation::new(&network, &plan);
        let mut by_sample = Vec::new();
        let mut json = ExplanationJson::new(whole.clone(), &mut by_sample).expect("it is written");
        for sample in samples {
            json.sample(&sample).expect("it is written");
            whole.push(sample);
        }
        json.finish().expect("it is written");
        let mut at_once = Vec::new();
        write(&whole, &mut at_once).expect("it is written");
        let [by_sample, at_once] =
            [by_sample, at_once].map(|text| String::from_utf8(text).expect("UTF-8"));
        assert_eq!(by_sample, at_once);
        assert!(
            at_once.contains("\\u202e"),
            "nothing in it turns a line around"
        );
    }
}
