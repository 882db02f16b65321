//! Results as JSON: every number so that reading it back gives the same f64.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::printable::escaped;
use crate::result::{Explanation, Sample};

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
        if self.samples > 0 {
            self.out.write_all(b",")?;
        }
        self.samples += 1;
        self.frame.count(sample);
        sample.serialize(&mut Serializer::with_formatter(&mut self.out, Harmless))?;
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

/// What stands before the samples of a result that has none, and what after them.
fn halves(frame: &Explanation) -> io::Result<(String, String)> {
    let mut text = Vec::new();
    write(frame, &mut text)?;
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    // No name can look like the key: quotes inside of strings are escaped.
    match text.split_once(SAMPLES) {
        Some((before, after)) => Ok((format!("{before}{SAMPLES}"), after.to_owned())),
        None => Err(io::Error::other("the result has no list of samples")),
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
