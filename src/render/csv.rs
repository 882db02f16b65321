//! Results as CSV: of an explanation a row for each unit of each level of each sample, of a comparison a row a scheme.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::result::column::Quantity;
use crate::result::comparison::columns;
use crate::result::{Comparison, NetworkInfo, Sample};
use crate::samples::Tag;

/// The names of the columns.
const HEADER: [&str; 11] = [
    "sample",
    "target",
    "layer",
    "type",
    "unit",
    "name",
    "activation",
    "relevance",
    "share",
    "id",
    "label",
];

/// Whether text (names, ids, labels) that a spreadsheet would run as a formula is made harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Text stands as it is.
    AsTheyAre,
    /// One that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is no number, gets a `'` before it.
    Guarded,
}

impl Names {
    /// A cell of text.
    fn cell(self, name: &str) -> Cow<'_, str> {
        let runs = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if self == Self::Guarded && runs && name.parse::<f64>().is_err() {
            Cow::Owned(format!("'{name}"))
        } else {
            Cow::Borrowed(name)
        }
    }
}

/// Writes samples as rows, one after the other.
pub struct Csv<W: Write> {
    writer: csv::Writer<W>,
    names: Names,
}

impl<W: Write> Csv<W> {
    /// Writes the line of names.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn new(out: W, names: Names) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(HEADER)?;
        Ok(Self { writer, names })
    }

    /// Writes a sample, the `n`-th of the result where it does not say which it is; levels that are left out have no rows.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn sample(&mut self, network: &NetworkInfo, n: usize, sample: &Sample) -> io::Result<()> {
        let number = sample.sample.unwrap_or(n);
        let text = |text: &str| self.names.cell(text).into_owned();
        let tag = |tag: &Option<Tag>| {
            (tag.as_ref()).map_or_else(String::new, |tag| text(&tag.to_string()))
        };
        let levels = network.layers.iter().zip(&sample.layers).enumerate();
        for (l, (info, layer)) in levels.filter(|(_, (_, layer))| !layer.left_out) {
            for unit in 0..info.units {
                self.writer.write_record([
                    number.to_string(),
                    text(&sample.target.name),
                    l.to_string(),
                    info.kind.to_string(),
                    unit.to_string(),
                    (info.names.get(unit)).map_or_else(String::new, |name| text(name)),
                    format!("{:?}", layer.activations[unit]),
                    format!("{:?}", layer.relevance[unit]),
                    layer
                        .share
                        .as_ref()
                        .map_or_else(String::new, |share| format!("{:?}", share[unit])),
                    tag(&sample.id),
                    tag(&sample.label),
                ])?;
            }
        }
        Ok(())
    }

    /// Writes what is still buffered.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Writes a comparison: a row for each scheme under each rule and biases. What is not defined is left empty.
///
/// # Errors
///
/// What the writer says.
pub fn comparison(comparison: &Comparison, names: Names, out: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let titles = columns().map(|column| column.key);
    writer.write_record(["scheme", "bias", "rule"].into_iter().chain(titles))?;
    for scheme in &comparison.schemes {
        let bias = scheme.bias.as_deref().unwrap_or_default();
        let texts = [&scheme.scheme, bias, &scheme.rule].map(|text| names.cell(text).into_owned());
        let figures = columns().map(|column| match (column.value)(scheme) {
            Some(Quantity::Count(n) | Quantity::Part(n, _)) => n.to_string(),
            Some(figure) => format!("{:?}", figure.number()),
            None => String::new(),
        });
        writer.write_record(texts.into_iter().chain(figures))?;
    }
    writer.flush()
}
