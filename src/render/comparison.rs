//! The document of a comparison of weight schemes.

use super::columns::{legend, table};
use super::document::{Block, Cell, Section, Strip, Strips, Table};
use crate::printable::printable;
use crate::result::column::Column;
use crate::result::column::Quantity::Number;
use crate::result::comparison::{Figure, PROPERTIES, RUNS, SHARES, WEIGHTS, columns};
use crate::result::{Comparison, SchemeFigures};
use crate::words::count;

pub(crate) fn section(comparison: &Comparison) -> Section {
    let mut blocks = vec![Block::Text(printable(&facts(comparison)))];
    blocks.extend(Block::checks(comparison.checks, false));
    blocks.push(Block::Table(figures(
        comparison,
        "The two properties",
        &PROPERTIES,
    )));
    blocks.push(Block::Table(figures(
        comparison,
        "Who carries the relevance",
        &SHARES,
    )));
    blocks.push(Block::Text(
        legend(PROPERTIES.iter().chain(&SHARES)) + " ▲ best, ▼ worst of a column.",
    ));
    blocks.push(Block::Folded(weights(comparison)));
    let spreads = columns().filter_map(|figure| spread(comparison, figure));
    blocks.extend(spreads.flatten());
    blocks.extend(Block::reading(&comparison.interpretation));
    Section {
        title: format!("Initial weights of {}", printable(&comparison.layers)),
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
fn figures<'c>(
    comparison: &Comparison,
    caption: &str,
    columns: impl IntoIterator<Item = &'c Figure, IntoIter: Clone>,
) -> Table {
    let schemes: Vec<&SchemeFigures> = comparison.schemes.iter().collect();
    let names = schemes.iter().map(|scheme| scheme.scheme.clone());
    let mut table = table(
        caption.to_owned(),
        "scheme",
        names,
        columns.into_iter(),
        &schemes,
    );
    if settings(&comparison.schemes) > 1 {
        let mut rows = std::mem::take(&mut table.rows).into_iter();
        for setting in comparison.schemes.chunk_by(SchemeFigures::same_setting) {
            table
                .rows
                .push(vec![Cell::words(setting_in_words(setting))]);
            table.rows.extend(rows.by_ref().take(setting.len()));
        }
    }
    table
}

/// What the weights were, and how many runs there were.
fn weights(comparison: &Comparison) -> Table {
    let caption = "The weights, and in how many runs f(x) is not 0";
    let mut table = figures(comparison, caption, WEIGHTS.iter().chain(&RUNS));
    let titles = ["weights", "layers"].map(str::to_owned);
    table.columns.splice(1..1, titles);
    let rows = table.rows.iter_mut().filter(|row| row.len() > 1);
    for (row, scheme) in rows.zip(&comparison.schemes) {
        let formula = scheme.formula.as_deref().unwrap_or("of its file");
        let layers = scheme.layers.as_deref().unwrap_or(&comparison.layers);
        row.splice(1..1, [formula, layers].map(Cell::words));
    }
    table
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
    let quartiles = table(
        format!("Quartiles of {}", figure.title),
        "scheme",
        strips.iter().map(|strip| strip.label.clone()),
        QUARTILES.iter(),
        &strips
            .iter()
            .map(|strip| &strip.quartiles)
            .collect::<Vec<_>>(),
    );
    let ends = strips.iter().flat_map(|strip| strip.quartiles);
    let [least, most] = ends.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
        [low.min(x), high.max(x)]
    });
    let strips = Strips {
        title: format!("{} over the seeds", figure.title),
        legend: figure.legend.to_string(),
        strips,
        chief: figure.chief,
    };
    (most > least).then_some([Block::Strips(strips), Block::Folded(quartiles)])
}

/// A scheme's quartiles over the seeds.
static QUARTILES: [Column<[f64; 5]>; 5] = [
    Column::new("least", "least", "", |q| Some(Number(q[0]))),
    Column::new("lower", "lower quartile", "", |q| Some(Number(q[1]))),
    Column::new("median", "median", "", |q| Some(Number(q[2]))),
    Column::new("upper", "upper quartile", "", |q| Some(Number(q[3]))),
    Column::new("largest", "largest", "", |q| Some(Number(q[4]))),
];

/// How a row is called where no line stands above it: its scheme, and what else tells rows apart.
fn label(comparison: &Comparison, scheme: &SchemeFigures) -> String {
    let bias = scheme.bias.as_ref();
    let bias = bias.map_or_else(String::new, |bias| format!(", biases {bias}"));
    let mut others = comparison.schemes.iter();
    let rule = match others.all(|other| other.rule == scheme.rule) {
        true => String::new(),
        false => format!(", {}", scheme.rule),
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
            let pytorch = drawn.iter().any(|scheme| scheme.scheme == "pytorch");
            let mut others = Vec::new();
            if pytorch {
                others.push("pytorch U(±1/√fan_in)");
            }
            if !own.is_empty() {
                others.push("your own as in the file");
            }
            match others[..] {
                [] => format!("rule {rule}, biases 0"),
                _ => format!("rule {rule}, biases 0 ({})", others.join("; ")),
            }
        }
    }
}
