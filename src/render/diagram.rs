//! The layers of a network as a diagram, in the languages that others draw: Graphviz and Mermaid.

use crate::interpretation::names::titled;
use crate::network::Activation;
use crate::printable::printable;
use crate::result::{InspectedLayer, Inspection};
use crate::words::count;

/// The network for Graphviz, the input at the top.
pub fn dot(inspection: &Inspection) -> String {
    let mut text = format!(
        "digraph {} {{\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"Helvetica,Arial,sans-serif\"];\n",
        quoted(&[titled(&inspection.name, None)])
    );
    for (l, layer) in inspection.layers.iter().enumerate() {
        text += &format!("  l{l} [label={}];\n", quoted(&label(l, layer)));
    }
    for (from, to) in edges(inspection) {
        text += &format!("  l{from} -> l{to};\n");
    }
    text + "}\n"
}

/// The network for Mermaid, which GitHub, GitLab and many editors draw in Markdown.
pub fn mermaid(inspection: &Inspection) -> String {
    let mut text = "flowchart TB\n".to_owned();
    for (l, layer) in inspection.layers.iter().enumerate() {
        let lines: Vec<String> = label(l, layer).iter().map(|line| entities(line)).collect();
        text += &format!("  l{l}[\"{}\"]\n", lines.join("<br/>"));
    }
    for (from, to) in edges(inspection) {
        text += &format!("  l{from} --> l{to}\n");
    }
    text
}

/// Which level each layer reads, one a branch.
fn edges(inspection: &Inspection) -> Vec<(usize, usize)> {
    let layers = inspection.layers.iter().enumerate().skip(1);
    let edges = layers.flat_map(|(l, layer)| {
        let from = if layer.from.is_empty() {
            vec![l - 1]
        } else {
            layer.from.clone()
        };
        from.into_iter().map(move |from| (from, l))
    });
    edges.collect()
}

/// What stands in a box: the layer's number and type, its name, its size, and its rules where they were asked for.
fn label(l: usize, layer: &InspectedLayer) -> Vec<String> {
    let activation = match layer.activation {
        None | Some(Activation::Identity) => String::new(),
        Some(activation) => format!(", {}", activation.name()),
    };
    let mut lines = vec![format!("{l}  {}{activation}", layer.kind.name())];
    lines.extend((!layer.name.is_empty()).then(|| layer.name.clone()));
    let sides: Vec<String> = layer.shape.iter().map(usize::to_string).collect();
    lines.push(if sides.is_empty() {
        count(layer.units, "unit")
    } else {
        sides.join(" × ")
    });
    let rules: Vec<String> = layer
        .rules
        .iter()
        .map(|rule| rule.rule.to_string())
        .collect();
    lines.extend((!rules.is_empty()).then(|| rules.join(", ")));
    lines
}

/// Lines as one string of Graphviz.
fn quoted(lines: &[String]) -> String {
    let escaped = lines
        .iter()
        .map(|line| printable(line).replace('\\', "\\\\").replace('"', "\\\""));
    format!("\"{}\"", escaped.collect::<Vec<_>>().join("\\n"))
}

/// A line whose signs Mermaid takes for letters.
fn entities(line: &str) -> String {
    let mut out = String::new();
    for c in printable(line).chars() {
        match c {
            '"' | '<' | '>' | '&' | '#' | ';' | '`' | '\\' => out += &format!("#{};", u32::from(c)),
            _ => out.push(c),
        }
    }
    out
}
