//! The document of a comparison of weight schemes.

use super::document::{Block, Section, Strip, Strips};
use super::drawings::Unit;
use super::table::{Cell, Table, titles};
use crate::printable::printable;
use crate::result::column::Column;
use crate::result::column::Quantity::{Number, Share};
use crate::result::comparison::{Figure, PROPERTIES, RUNS, SHARES, WEIGHTS, columns};
use crate::result::{Comparison, SchemeFigures};
use crate::words::count;

/// The figure whose spread is drawn where there is no room for all.
const CHIEF: &str = "effective_inputs";

pub(crate) fn section(comparison: &Comparison) -> Section {
    let mut blocks = vec![
        Block::Quiet(printable(&facts(comparison))),
        Block::findings(&comparison.interpretation),
        Block::Heading("checks".to_owned()),
    ];
    let schemes = &comparison.schemes;
    let runs = count(schemes.iter().map(|scheme| scheme.runs).sum(), "run");
    blocks.extend(Block::checks_in(
        &comparison.checks,
        "layer",
        [&format!(" in all {runs}"); 2],
    ));
    let properties = table(comparison, "the two properties").figures(&PROPERTIES, schemes, 0);
    blocks.push(Block::Table(properties.said_once("runs")));
    let shares = table(comparison, "who carries the relevance").figures(&SHARES, schemes, 0);
    blocks.push(Block::Table(shares.merged("shares")));
    blocks.push(Block::Legend(
        titles(PROPERTIES.iter().chain(&SHARES)),
        "▲ best, ▼ worst of a column.",
    ));
    blocks.push(Block::Folded(weights(comparison)));
    let spreads = columns().filter_map(|figure| spread(comparison, figure));
    blocks.extend(spreads.flatten());
    let interpretation = Block::interpretation(Block::Heading, &comparison.interpretation);
    blocks.push(Block::InText(interpretation.into()));
    Section {
        title: format!("Initial weights of {}", printable(&comparison.layers)),
        lead: String::new(),
        blocks,
        origin: comparison.made_by.clone(),
    }
}

/// How much was explained, and what of it is the same in all rows.
fn facts(comparison: &Comparison) -> String {
    let (schemes, inputs) = (&comparison.schemes, &comparison.inputs);
    let own = match candidates(schemes, false) {
        0 => String::new(),
        own => format!(", and {} of your own", count(own, "network")),
    };
    let setting = match settings(schemes) {
        1 => setting_in_words(schemes) + "; ",
        _ => String::new(),
    };
    format!(
        "{} × {} × {}{own}; {setting}inputs {}; target {}",
        count(candidates(schemes, true), "scheme"),
        count(comparison.seeds.number, "seed"),
        count(inputs.samples, "sample"),
        inputs.source,
        comparison.target
    )
}

/// A table with a row a scheme, and a line above each setting where there are several.
fn table(comparison: &Comparison, caption: &str) -> Table {
    let names = comparison
        .schemes
        .iter()
        .map(|scheme| name(scheme, &scheme.scheme));
    let mut table = Table::new(caption).with("scheme", names);
    if settings(&comparison.schemes) > 1 {
        let mut row = 0;
        for setting in comparison.schemes.chunk_by(SchemeFigures::same_setting) {
            table
                .groups
                .push((row, printable(&setting_in_words(setting))));
            row += setting.len();
        }
    }
    table
}

/// What a scheme is called, in full where it has no parameters; other names are cut where there is no room.
fn name(scheme: &SchemeFigures, name: &str) -> Cell {
    const IN_FULL: usize = "glorot-uniform".len();
    if scheme.is_drawn() && name.len() <= IN_FULL {
        Cell::words(name)
    } else {
        Cell::name(name)
    }
}

/// What the weights were, and how many runs there were.
fn weights(comparison: &Comparison) -> Table {
    let schemes = &comparison.schemes;
    let formula =
        |scheme: &SchemeFigures| Cell::words(scheme.formula.as_deref().unwrap_or("of its file"));
    let layers = |scheme: &SchemeFigures| {
        Cell::words(scheme.layers.as_deref().unwrap_or(&comparison.layers))
    };
    table(
        comparison,
        "the weights, and in how many runs f(x) is not 0",
    )
    .with("weights", schemes.iter().map(formula))
    .with("layers", schemes.iter().map(layers))
    .figures(WEIGHTS.iter().chain(&RUNS), schemes, 0)
}

/// How a figure is spread over the seeds, where there is anything to tell apart.
fn spread(comparison: &Comparison, figure: &Figure) -> Option<[Block; 2]> {
    let of = figure.spread?;
    let strip = |scheme: &SchemeFigures| {
        Some(Strip {
            label: label(comparison, scheme),
            quartiles: of(scheme)?.quartiles,
        })
    };
    let strips: Vec<Strip> = comparison.schemes.iter().filter_map(strip).collect();
    let each: Vec<&[f64; 5]> = strips.iter().map(|strip| &strip.quartiles).collect();
    let quartiles = Table::new(format!("quartiles of {}", figure.long_title))
        .with(
            "scheme",
            strips.iter().map(|strip| Cell::name(&strip.label)),
        )
        .figures(&QUARTILES, &each, 0);
    let is_share = |scheme| matches!((figure.value)(scheme), Some(Share(_)));
    let unit = if comparison.schemes.iter().any(is_share) {
        Unit::Share
    } else {
        Unit::Number
    };
    let strips = Strips {
        name: figure.key.replace('_', "-"),
        title: format!("{} over the seeds", figure.long_title),
        legend: figure.legend.to_string(),
        of: "scheme",
        rows: strips,
        unit,
        chief: figure.key == CHIEF,
    };
    let [least, largest] = strips.range();
    (largest > least).then_some([Block::Strips(strips), Block::Folded(quartiles)])
}

/// A scheme's quartiles over the seeds.
static QUARTILES: [Column<[f64; 5]>; 5] = [
    Column::of_table("least", |q| Some(Number(q[0]))),
    Column::of_table("lower quartile", |q| Some(Number(q[1]))),
    Column::of_table("median", |q| Some(Number(q[2]))),
    Column::of_table("upper quartile", |q| Some(Number(q[3]))),
    Column::of_table("largest", |q| Some(Number(q[4]))),
];

/// How a row is called where no line stands above it: its scheme, and what else tells rows apart.
fn label(comparison: &Comparison, scheme: &SchemeFigures) -> String {
    let bias = scheme.bias.as_ref();
    let bias = bias.map_or_else(String::new, |bias| format!(", biases {bias}"));
    let mut others = comparison.schemes.iter();
    let rule = if others.all(|other| other.rule == scheme.rule) {
        String::new()
    } else {
        format!(", {}", scheme.rule)
    };
    printable(&format!("{}{bias}{rule}", scheme.scheme))
}

/// How many schemes there are, or networks of your own, each counted once.
fn candidates(schemes: &[SchemeFigures], drawn: bool) -> usize {
    let chosen = schemes.iter().filter(|scheme| scheme.is_drawn() == drawn);
    let mut names: Vec<&str> = chosen.map(|s| s.scheme.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// How many rules and biases stand side by side.
fn settings(schemes: &[SchemeFigures]) -> usize {
    schemes.chunk_by(SchemeFigures::same_setting).count()
}

/// Rule and biases of entries that share them.
fn setting_in_words(entries: &[SchemeFigures]) -> String {
    let rule = &entries[0].rule;
    let (drawn, own): (Vec<_>, Vec<_>) = entries.iter().partition(|scheme| scheme.is_drawn());
    match &entries[0].bias {
        Some(bias) => format!("rule {rule}, biases {bias}"),
        None if drawn.is_empty() => format!("rule {rule}, biases as in the file"),
        None => {
            let biased = |scheme: &&SchemeFigures| {
                Some(format!("{} {}", scheme.scheme, scheme.own_biases()?))
            };
            let mut others: Vec<String> = drawn.iter().filter_map(biased).collect();
            if !own.is_empty() {
                others.push("your own as in the file".to_owned());
            }
            match others[..] {
                [] => format!("rule {rule}, biases 0"),
                _ => format!("rule {rule}, biases 0 ({})", others.join("; ")),
            }
        }
    }
}
