//! An inspection laid out.

use super::document::{Block, Section, Verdict};
use super::table::{Cell, Table};
use crate::interpretation::names::titled;
use crate::interpretation::numbers::figure;
use crate::network::Activation;
use crate::printable::printable;
use crate::relevance::{By, Reason, Rule, rule::Inputs};
use crate::result::column::Column;
use crate::result::column::Quantity::{Count, Number};
use crate::result::{InspectedLayer, InspectedRule, Inspection};
use crate::words::{agree, count, listed};

const LEVELS: [Column<InspectedLayer>; 4] = [
    Column::of_table("units", |l| Some(Count(l.units))),
    Column::of_table("parameters", |l| Some(Count(l.parameters))),
    Column::of_table("biases > 0", |l| Some(Count(l.biases_above_0))),
    Column::of_table("largest bias", |l| Some(Number(l.largest_bias))),
];

/// What stands behind a rule of a layer.
const REASONS: &str = "In brackets: the selector that gives a layer its rule, in [ ] where it is a --layer-rule. A rule without one is that of the layer's type.";

/// The section of an inspected network.
pub(super) fn section(inspection: &Inspection) -> Section {
    let layers = &inspection.layers;
    let activation = |layer: &InspectedLayer| layer.activation.map_or("", Activation::name);
    let table = Table::new("layers")
        .with("layer", (0..layers.len()).map(Cell::count))
        .with(
            "type",
            layers.iter().map(|layer| Cell::name(layer.kind.name())),
        );
    let table = with_graph(table, layers)
        .with(
            "activation",
            layers.iter().map(|layer| Cell::name(activation(layer))),
        )
        .figures(&LEVELS, layers, 0);
    let table = with_rules(table, inspection);
    let bounds = if inspection.bounds {
        "bounds its inputs".to_owned()
    } else {
        let rules = Rule::listed(|rule| rule.about().inputs == Inputs::Bounded);
        format!("gives no bounds, which {rules} would need")
    };
    let mut blocks = Vec::new();
    if !inspection.description.is_empty() {
        blocks.push(Block::Text(printable(&inspection.description)));
    }
    let model = inspection.model_in_words();
    if !model.is_empty() {
        blocks.push(Block::Heading("model".to_owned()));
        let points = model.iter().map(|point| printable(point));
        blocks.push(Block::Points(points.collect()));
    }
    blocks.push(Block::Table(table));
    if !inspection.plans.is_empty() {
        blocks.push(Block::Text(REASONS.to_owned()));
    }
    blocks.extend(first_layers(inspection));
    blocks.extend([
        Block::Heading("size".to_owned()),
        Block::Text(format!(
            "{} in {} of memory; {} more for each sample.",
            count(inspection.parameters, "parameter"),
            bytes(inspection.memory_bytes),
            bytes(inspection.sample_bytes)
        )),
        Block::Text(format!(
            "The file has {} and {bounds}.",
            count(inspection.samples, "sample")
        )),
    ]);
    if let Some(scale) = inspection.scale {
        let scale = figure(scale);
        blocks.push(Block::Text(format!(
            "Values of other files are divided by {scale}."
        )));
    }
    blocks.push(Block::Heading("fit to the theory".to_owned()));
    blocks.extend(fit(inspection));
    Section {
        title: titled(&inspection.name, None),
        lead: String::new(),
        blocks,
        origin: None,
    }
}

/// Names, shapes and who reads whom, each where any level has it.
fn with_graph(mut table: Table, layers: &[InspectedLayer]) -> Table {
    let levels = |levels: &[usize]| {
        let levels: Vec<String> = levels.iter().map(usize::to_string).collect();
        levels.join(", ")
    };
    let of = |l: usize, from: &[usize]| match (from, l) {
        ([], 0) => String::new(),
        ([], _) => (l - 1).to_string(),
        _ => levels(from),
    };
    let read_by = |l: usize, by: &[usize]| match by {
        [] if l + 1 == layers.len() => String::new(),
        [] => (l + 1).to_string(),
        _ => levels(by),
    };
    let is_chain = layers.iter().all(|layer| layer.from.is_empty());
    let mut column =
        |title: &str, is_there: bool, cell: &dyn Fn(usize, &InspectedLayer) -> String| {
            if is_there {
                let cells = layers
                    .iter()
                    .enumerate()
                    .map(|(l, layer)| Cell::name(cell(l, layer)));
                table = std::mem::take(&mut table).with(title, cells);
            }
        };
    let is_named = layers.iter().any(|layer| !layer.name.is_empty());
    column("name", is_named, &|_, layer| layer.name.clone());
    column("reads", !is_chain, &|l, layer| of(l, &layer.from));
    column("read by", !is_chain, &|l, layer| read_by(l, &layer.read_by));
    let is_shaped = layers[1..].iter().any(|layer| !layer.shape.is_empty());
    column("shape", is_shaped, &|_, layer| {
        let sides = layer.shape.iter().map(usize::to_string);
        sides.collect::<Vec<String>>().join(" × ")
    });
    let has_constants = layers.iter().any(|layer| layer.constants > 0);
    column("always 0", has_constants, &|_, layer| {
        layer.constants.to_string()
    });
    table
}

/// The rule of every layer in each plan, and what chose it.
fn with_rules(table: Table, inspection: &Inspection) -> Table {
    let plans = inspection.plans.iter().enumerate();
    plans.fold(table, |table, (k, plan)| {
        let rules = inspection.layers.iter().map(|layer| layer.rules.get(k));
        let cells = rules.map(|rule| Cell::name(rule.map_or_else(String::new, reasoned)));
        table.with(plan.name(), cells)
    })
}

/// A rule, and what chose it: `z+ (conv2d)`.
fn reasoned(chosen: &InspectedRule) -> String {
    let rule = chosen.rule;
    match &chosen.reason {
        None => rule.to_string(),
        Some(Reason { selector, by }) => match by {
            By::Rule | By::Plan => format!("{rule} ({selector})"),
            By::LayerRule => format!("{rule} [{selector}]"),
        },
    }
}

/// Which layers are first ones, where that is not layer 1 alone.
fn first_layers(inspection: &Inspection) -> Option<Block> {
    let layers = inspection.layers.iter().enumerate();
    let first = layers.filter(|(_, layer)| layer.first);
    let first: Vec<String> = first.map(|(l, _)| l.to_string()).collect();
    let all = first.len();
    (all > 0).then(|| {
        Block::Text(format!(
            "First {} (of those with weights): {}.",
            agree(all, "layer", "layers"),
            listed(first, all)
        ))
    })
}

/// Whether the network fits, and what does not.
fn fit(inspection: &Inspection) -> Vec<Block> {
    let fits = inspection.notes.is_empty();
    let verdict = Block::Verdict(Verdict {
        property: "network",
        holds: Some(fits),
        word: if fits { "fits" } else { "does not fit" }.to_owned(),
        figures: Vec::new(),
    });
    let notes = inspection.in_words();
    let notes = notes.iter().map(|note| printable(note)).collect();
    vec![verdict, Block::Points(notes)]
}

fn bytes(bytes: usize) -> String {
    const UNITS: [&str; 4] = ["bytes", "KiB", "MiB", "GiB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{} {}", figure(size), UNITS[unit])
}
