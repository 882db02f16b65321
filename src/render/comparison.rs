//! The document of a comparison of weight schemes.

use super::document::{Block, Cell, Picture, Section, Table, titles};
use super::drawings::{self as draw, Strip};
use crate::measure::Spread;
use crate::printable::printable;
use crate::result::{Comparison, SchemeFigures};
use crate::words::{count, grouped};

/// A figure that is charted.
type Charted = (&'static str, fn(&SchemeFigures) -> Option<Spread>);

const CHARTED: [Charted; 9] = [
    ("f(x)", |s| s.output),
    ("effective inputs", |s| s.spread.effective_inputs),
    ("largest share of an input", |s| s.spread.largest_share),
    ("Gini coefficient", |s| s.spread.gini),
    ("cosine of |R| and |x|", |s| s.spread.value_agreement),
    ("units that never fire, a part of all", |s| {
        s.spread.silent_units
    }),
    (
        "relevance on units that did not fire, a part of f(x)",
        |s| s.spread.silent_relevance,
    ),
    ("kurtosis of the weights", |s| s.spread.kurtosis),
    ("lost relevance, a part of f(x)", |s| s.spread.lost_share),
];

pub(crate) fn section(comparison: &Comparison) -> Section {
    let runs = format!(
        "{} × {} × {}; {}inputs: {}; target {}",
        count(comparison.schemes.len(), "row"),
        count(comparison.seeds.number, "seed"),
        count(comparison.inputs.samples, "sample"),
        only_rule(comparison)
            .map_or_else(String::new, |rule| format!("rule {}; ", printable(rule))),
        printable(&comparison.inputs.source),
        printable(&comparison.target),
    );
    let mut blocks = vec![Block::Text(runs)];
    blocks.extend(Block::checks(comparison.checks, false));
    blocks.push(Block::Table(properties(comparison)));
    blocks.push(Block::Table(shares(comparison)));
    blocks.push(Block::Folded(weights(comparison)));
    let charts: Vec<Block> = (CHARTED.iter())
        .filter_map(|charted| chart(comparison, *charted))
        .flatten()
        .collect();
    if !charts.is_empty() {
        blocks.push(Block::Heading("Spread over the seeds".to_owned()));
        blocks.extend(charts);
    }
    blocks.extend(Block::reading(&comparison.interpretation));
    Section {
        title: format!("Initial weights of {}", printable(&comparison.layers)),
        blocks,
        origin: comparison.made_by.clone(),
    }
}

/// The rule, where there is but one.
fn only_rule(comparison: &Comparison) -> Option<&str> {
    let first = &comparison.schemes.first()?.rule;
    let mut others = comparison.schemes.iter();
    others.all(|other| other.rule == *first).then_some(first)
}

/// How a row is called: its scheme, and what else tells rows apart.
fn label(comparison: &Comparison, scheme: &SchemeFigures) -> String {
    let rule = match only_rule(comparison) {
        Some(_) => String::new(),
        None => format!(", {}", scheme.rule),
    };
    let bias = scheme
        .bias
        .as_ref()
        .map_or_else(String::new, |bias| format!(", biases {bias}"));
    printable(&format!("{}{bias}{rule}", scheme.scheme))
}

fn properties(comparison: &Comparison) -> Table {
    let of_runs = |holds: usize, runs: usize| {
        let shown = if holds == runs {
            "all".to_owned()
        } else {
            format!("{} of {}", grouped(holds), grouped(runs))
        };
        Cell::Number(holds as f64, shown)
    };
    let row = |scheme: &SchemeFigures| {
        vec![
            Cell::words(label(comparison, scheme)),
            Cell::maybe(scheme.output.map(|output| output.mean), Cell::number),
            Cell::maybe(scheme.output.and_then(|output| output.sd), Cell::number),
            of_runs(scheme.conservation.holds, scheme.runs),
            Cell::number(scheme.conservation.worst_gap),
            of_runs(scheme.positivity.holds, scheme.runs),
            Cell::number(scheme.positivity.least),
        ]
    };
    Table {
        caption: "The two properties".to_owned(),
        columns: titles(&[
            "scheme",
            "f(x)",
            "± sd",
            "conserved",
            "largest gap",
            "positive",
            "least R",
        ]),
        rows: comparison.schemes.iter().map(row).collect(),
    }
}

fn shares(comparison: &Comparison) -> Table {
    let row = |scheme: &SchemeFigures| {
        vec![
            Cell::words(label(comparison, scheme)),
            Cell::maybe(scheme.lost_share, Cell::share),
            Cell::maybe(scheme.silent_units, Cell::share),
            Cell::maybe(scheme.silent_relevance, Cell::share),
            Cell::maybe(scheme.largest_share, Cell::share),
            Cell::maybe(scheme.effective_inputs, Cell::number),
            Cell::maybe(scheme.gini, Cell::number),
            Cell::maybe(scheme.seed_agreement, Cell::number),
            Cell::maybe(scheme.value_agreement, Cell::number),
        ]
    };
    Table {
        caption: "Who carries the relevance".to_owned(),
        columns: titles(&[
            "scheme",
            "lost",
            "silent units",
            "they carry",
            "largest share",
            "effective inputs",
            "Gini",
            "seeds agree",
            "follows |x|",
        ]),
        rows: comparison.schemes.iter().map(row).collect(),
    }
}

/// What the weights were.
fn weights(comparison: &Comparison) -> Table {
    let row = |scheme: &SchemeFigures| {
        vec![
            Cell::words(label(comparison, scheme)),
            Cell::words(scheme.formula.as_deref().unwrap_or("of its file")),
            Cell::words(scheme.layers.as_deref().unwrap_or(&comparison.layers)),
            Cell::maybe(scheme.kurtosis, Cell::number),
            Cell::count(scheme.seeds),
            Cell::count(scheme.runs),
            Cell::count(scheme.explained),
        ]
    };
    Table {
        caption: "The weights, and in how many runs f(x) is not 0".to_owned(),
        columns: titles(&[
            "scheme",
            "weights",
            "layers",
            "kurtosis",
            "seeds",
            "runs",
            "f(x) ≠ 0",
        ]),
        rows: comparison.schemes.iter().map(row).collect(),
    }
}

/// One figure of every scheme as strips and as a table, where there is anything to tell apart.
fn chart(comparison: &Comparison, (title, figure): Charted) -> Option<[Block; 2]> {
    let strips: Vec<Strip> = comparison
        .schemes
        .iter()
        .filter_map(|scheme| {
            Some(Strip {
                label: label(comparison, scheme),
                quartiles: figure(scheme)?.quartiles,
            })
        })
        .collect();
    let values = || strips.iter().flat_map(|strip| strip.quartiles);
    let least = values().fold(f64::INFINITY, f64::min);
    let most = values().fold(f64::NEG_INFINITY, f64::max);
    let row = |strip: &Strip| {
        let numbers = strip.quartiles.iter().map(|&x| Cell::number(x));
        std::iter::once(Cell::words(&strip.label))
            .chain(numbers)
            .collect()
    };
    let table = Table {
        caption: format!("Quartiles of {title}"),
        columns: titles(&[
            "scheme",
            "least",
            "lower quartile",
            "median",
            "upper quartile",
            "largest",
        ]),
        rows: strips.iter().map(row).collect(),
    };
    let picture = Picture {
        drawing: draw::strips(title, &strips, [least.min(0.0), most]),
        caption: format!(
            "{title}: the line spans all seeds, the bar their middle half, the stroke is the median."
        ),
        tells: true,
    };
    (most > least).then_some([Block::Picture(picture), Block::Folded(table)])
}
