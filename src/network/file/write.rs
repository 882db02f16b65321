//! A network → the text of its file.

use std::fmt::Write as _;

use ndarray::ArrayView1;

use super::beside::Written;
use super::layer;
use crate::network::{Bounds, Layer, Network, Order};
use crate::printable::escaped;

impl Network {
    /// The network as the text of a network file: a line for each row of weights, so that it can be read.
    ///
    /// [`Network::parse`] of it gives the same network, bit for bit.
    pub fn to_json(&self) -> String {
        self.text(&mut Written::Inline)
    }

    /// The text, with the numbers of layers where they are to be written.
    pub(super) fn text<'n>(&'n self, numbers: &mut Written<'n>) -> String {
        let mut entries = Vec::new();
        if !self.name().is_empty() {
            entries.push(format!("\"name\": {}", quoted(self.name())));
        }
        if !self.description().is_empty() {
            entries.push(format!("\"description\": {}", quoted(self.description())));
        }
        entries.push(format!("\"input\": {}", self.input_json()));
        let (called, written) = (self.called(), self.written_names());
        let layers = self.by_level().map(|(level, layer)| {
            let keys = name_and_from(level, layer, &written);
            numbers.of_layer(&called[level]);
            format!("    {}", layer::json(layer, &keys, numbers))
        });
        let layers: Vec<String> = layers.collect();
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

    /// What every level is called in the file, input first: a layer without a name that a later one has to name gets one.
    fn written_names(&self) -> Vec<String> {
        let mut is_named = vec![true];
        is_named.extend(self.layers().iter().map(|layer| !layer.name().is_empty()));
        for (level, layer) in self.by_level() {
            if !layer.sources().eq([level - 1]) {
                layer.sources().for_each(|from| is_named[from] = true);
            }
        }
        let names = self.called().into_iter().zip(is_named);
        names
            .map(|(name, named)| if named { name } else { String::new() })
            .collect()
    }

    fn input_json(&self) -> String {
        let input = self.input();
        let mut json = format!("{{ \"shape\": {:?}", input.shape);
        if input.order != Order::default() {
            let _ = write!(json, ", \"order\": \"{}\"", input.order.name());
        }
        if let Some(array) = &input.array {
            let _ = write!(json, ", \"array\": {array:?}");
        }
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

/// The keys that say the name of the layer of a level, and what it reads where that is not the level before.
fn name_and_from(level: usize, layer: &Layer, names: &[String]) -> String {
    let mut keys = String::new();
    if !names[level].is_empty() {
        let _ = write!(keys, ", \"name\": {}", quoted(&names[level]));
    }
    let sources: Vec<usize> = layer.sources().collect();
    match sources[..] {
        [from] if from == level - 1 => {}
        [from] => {
            let _ = write!(keys, ", \"from\": {}", quoted(&names[from]));
        }
        _ => {
            let from: Vec<String> = sources.iter().map(|from| names[*from].clone()).collect();
            let _ = write!(keys, ", \"from\": {}", self::names(&from));
        }
    }
    keys
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

pub(super) fn quoted(text: &str) -> String {
    escaped(&serde_json::Value::from(text).to_string()).into_owned()
}
