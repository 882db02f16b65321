//! An explanation as CSV: a row for each unit of each level of each sample.

use std::io::{self, Write};

use super::{NetworkInfo, Sample};

/// The names of the columns.
const HEADER: [&str; 9] = [
    "sample",
    "target",
    "layer",
    "type",
    "unit",
    "name",
    "activation",
    "relevance",
    "share",
];

/// Writes samples as rows, one after the other.
pub struct Csv<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Csv<W> {
    /// Writes the line of names.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn new(out: W) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(HEADER)?;
        Ok(Self { writer })
    }

    /// Writes sample `n`, counted from 0.
    ///
    /// # Errors
    ///
    /// What the writer says.
    pub fn sample(&mut self, network: &NetworkInfo, n: usize, sample: &Sample) -> io::Result<()> {
        for (l, (info, layer)) in network.layers.iter().zip(&sample.layers).enumerate() {
            for unit in 0..info.units {
                self.writer.write_record([
                    n.to_string(),
                    sample.target.name.clone(),
                    l.to_string(),
                    info.kind.clone(),
                    unit.to_string(),
                    info.names.get(unit).cloned().unwrap_or_default(),
                    format!("{:?}", layer.activations[unit]),
                    format!("{:?}", layer.relevance[unit]),
                    layer
                        .share
                        .as_ref()
                        .map_or_else(String::new, |share| format!("{:?}", share[unit])),
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
