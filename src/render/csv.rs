//! Results as CSV: of an explanation a row for each unit of each level of each sample, of a comparison a row a scheme, of an
//! evaluation a row a rule.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::result::column::{Column, Quantity};
use crate::result::comparison::columns;
use crate::result::{Comparison, Evaluation, NetworkInfo, Sample, evaluated};
use crate::samples::Tag;

/// The names of the columns behind the sample, and the rule where there are several.
const HEADER: &str = "target,layer,type,unit,name,activation,relevance,share,id,label\n";
/// Rows are handed on when they come to so many bytes.
const AT_ONCE: usize = 1 << 16;

/// Whether text (names, ids, labels) that a spreadsheet would run as a formula is made harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Text stands as it is.
    AsTheyAre,
    /// One that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no number, gets a `'` before it.
    Guarded,
}

impl Names {
    /// A cell of text: in quotes where a comma, a quote or a line's end would end it.
    pub(super) fn cell(self, text: &str) -> String {
        let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let text = if self == Self::Guarded && runs && text.parse::<f64>().is_err() {
            Cow::Owned(format!("'{text}"))
        } else {
            Cow::Borrowed(text)
        };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.into_owned()
        }
    }

    /// A cell of what a sample brought, or an empty one.
    pub(super) fn tag(self, tag: Option<&Tag>) -> String {
        tag.map_or_else(String::new, |tag| self.cell(&tag.to_string()))
    }
}

/// Whether a row says the rule of its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleColumn {
    /// No: there is one rule.
    Absent,
    /// In a column `rule`.
    Present,
}

impl RuleColumn {
    /// The name of the column with the comma behind it; nothing where there is none.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Absent => "",
            Self::Present => "rule,",
        }
    }

    /// A cell of it, the same way.
    pub(super) fn cell(self, names: Names, rule: &str) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Present => names.cell(rule) + ",",
        }
    }
}

/// Adds a number to a line, spelled as in JSON: reading it back gives the same f64.
pub(super) fn number(line: &mut Vec<u8>, x: f64) -> io::Result<()> {
    Ok(serde_json::to_writer(line, &x)?)
}

/// Samples as rows, one for each unit of each level.
pub struct Csv {
    names: Names,
    rule: RuleColumn,
    levels: Vec<Level>,
}

/// What the rows of a level share.
struct Level {
    /// Its number and type.
    start: String,
    /// The names of its units, as cells.
    names: Vec<String>,
}

impl Csv {
    /// How samples of a network are written.
    pub fn new(network: &NetworkInfo, rule: RuleColumn, names: Names) -> Self {
        let levels = network.layers.iter().enumerate();
        let levels = levels.map(|(l, level)| Level {
            start: format!("{l},{}", level.kind),
            names: level.names.iter().map(|name| names.cell(name)).collect(),
        });
        Self {
            names,
            rule,
            levels: levels.collect(),
        }
    }

    /// Writes the line of names.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn titles(&self, out: &mut impl Write) -> io::Result<()> {
        write!(out, "sample,{}{HEADER}", self.rule.title())
    }

    /// Writes a sample under a rule, the `n`-th of the result where it does not say which it is; levels that are left out have
    /// no rows.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn sample(
        &self,
        n: usize,
        rule: &str,
        sample: &Sample,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let number_of = sample.sample.unwrap_or(n);
        let rule = self.rule.cell(self.names, rule);
        let before = format!(
            "{number_of},{rule}{}",
            self.names.cell(&sample.target.called())
        );
        let tags = [&sample.id, &sample.label].map(|tag| self.names.tag(tag.as_ref()));
        let after = format!(",{}\n", tags.join(","));
        let mut rows = Vec::new();
        for (level, layer) in self.levels.iter().zip(&sample.layers) {
            for (unit, (&x, &r)) in layer.activations.iter().zip(&layer.relevance).enumerate() {
                let name = level.names.get(unit).map_or("", String::as_str);
                write!(rows, "{before},{},{unit},{name},", level.start)?;
                number(&mut rows, x)?;
                rows.push(b',');
                number(&mut rows, r)?;
                rows.push(b',');
                if let Some(share) = &layer.share {
                    number(&mut rows, share[unit])?;
                }
                rows.extend(after.as_bytes());
                if rows.len() > AT_ONCE {
                    out.write_all(&rows)?;
                    rows.clear();
                }
            }
        }
        out.write_all(&rows)
    }
}

/// Writes a comparison: a row for each scheme under each rule and biases. What is not defined is left empty.
///
/// # Errors
///
/// What the writer says.
pub fn comparison(comparison: &Comparison, names: Names, mut out: impl Write) -> io::Result<()> {
    titles(&mut out, &["scheme", "bias", "rule"], columns())?;
    for scheme in &comparison.schemes {
        let bias = scheme.bias.as_deref().unwrap_or_default();
        let texts = [&scheme.scheme, bias, &scheme.rule].map(|text| names.cell(text));
        figures(&mut out, texts, columns(), scheme)?;
    }
    out.flush()
}

/// Writes an evaluation: a row for each rule. What is not defined is left empty.
///
/// # Errors
///
/// What the writer says.
pub fn evaluation(evaluation: &Evaluation, names: Names, mut out: impl Write) -> io::Result<()> {
    titles(&mut out, &["rule"], evaluated::columns())?;
    for rule in &evaluation.rules {
        figures(
            &mut out,
            [names.cell(&rule.rule)],
            evaluated::columns(),
            rule,
        )?;
    }
    out.flush()
}

/// The first line: what stands before the figures, and their keys.
fn titles<T: 'static>(
    out: &mut impl Write,
    before: &[&str],
    columns: impl Iterator<Item = &'static Column<T>>,
) -> io::Result<()> {
    let titles = columns.map(|column| column.key);
    let titles: Vec<&str> = before.iter().copied().chain(titles).collect();
    writeln!(out, "{}", titles.join(","))
}

/// A row of figures.
fn figures<T: 'static>(
    out: &mut impl Write,
    before: impl IntoIterator<Item = String>,
    columns: impl Iterator<Item = &'static Column<T>>,
    entry: &T,
) -> io::Result<()> {
    let figures = columns.map(|column| match (column.value)(entry) {
        Some(Quantity::Count(n) | Quantity::Part(n, _)) => n.to_string(),
        Some(figure) => format!("{:?}", figure.number()),
        None => String::new(),
    });
    let cells: Vec<String> = before.into_iter().chain(figures).collect();
    writeln!(out, "{}", cells.join(","))
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_cell_reads_back_as_its_text() {
        for text in ["plain", "", "a,b", "say \"so\"", "two\nlines", "\r", "µ;|"] {
            let line = format!("first,{}\n", Names::AsTheyAre.cell(text));
            let mut rows = csv::ReaderBuilder::new();
            let mut rows = rows.has_headers(false).from_reader(line.as_bytes());
            let row = rows.records().next().expect("a row").expect("CSV");
            assert_eq!(row.get(1), Some(text));
        }
    }
}
