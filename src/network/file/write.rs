//! A network → the text of its file.

use std::fmt::Write as _;

use ndarray::ArrayView1;

use super::layer;
use crate::network::{Bounds, Network};
use crate::printable::escaped;

impl Network {
    /// The network as the text of a network file: a line for each row of weights, so that it can be read.
    ///
    /// [`Network::parse`] of it gives the same network, bit for bit.
    pub fn to_json(&self) -> String {
        let mut entries = Vec::new();
        if !self.name().is_empty() {
            entries.push(format!("\"name\": {}", quoted(self.name())));
        }
        if !self.description().is_empty() {
            entries.push(format!("\"description\": {}", quoted(self.description())));
        }
        entries.push(format!("\"input\": {}", self.input_json()));
        let layers: Vec<String> = self
            .layers()
            .iter()
            .map(|layer| format!("    {}", layer::json(layer)))
            .collect();
        entries.push(format!("\"layers\": [\n{}\n  ]", layers.join(",\n")));
        if !self.output_names().is_empty() {
            entries.push(format!("\"outputs\": {}", names(self.output_names())));
        }
        if self.samples().nrows() > 0 {
            entries.push(format!(
                "\"inputs\": {}",
                rows(self.samples().rows().into_iter(), "    ", "  ")
            ));
        }
        format!("{{\n  {}\n}}\n", entries.join(",\n  "))
    }

    fn input_json(&self) -> String {
        let input = self.input();
        let mut json = format!("{{ \"shape\": {:?}", input.shape);
        if !input.names.is_empty() {
            let _ = write!(json, ", \"names\": {}", names(&input.names));
        }
        match &input.bounds {
            Some(Bounds::Same(bounds)) => {
                let _ = write!(json, ", \"bounds\": {}", list(bounds));
            }
            Some(Bounds::Each(bounds)) => {
                let (low, high): (Vec<f64>, Vec<f64>) =
                    bounds.iter().map(|[l, h]| (*l, *h)).unzip();
                let _ = write!(json, ", \"bounds\": [{}, {}]", list(&low), list(&high));
            }
            None => {}
        }
        if let Some(scale) = input.scale {
            let _ = write!(json, ", \"scale\": {scale:?}");
        }
        json + " }"
    }
}

/// A list of lists, a line each.
pub(super) fn rows<'a>(
    rows: impl Iterator<Item = ArrayView1<'a, f64>>,
    indent: &str,
    close: &str,
) -> String {
    let rows: Vec<String> = rows.map(|row| format!("{indent}{}", list(row))).collect();
    format!("[\n{}\n{close}]", rows.join(",\n"))
}

/// A list in one line.
pub(super) fn list<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(|x| format!("{x:?}")).collect();
    format!("[{}]", numbers.join(", "))
}

fn names(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

fn quoted(text: &str) -> String {
    escaped(&serde_json::Value::from(text).to_string()).into_owned()
}
