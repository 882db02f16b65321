//! The document of an explanation.

use super::document::{Block, Cell, Picture, Section, Table};
use super::draw;
use crate::error::{count, grouped};
use crate::relevance::Rule;
use crate::report::format::figure;
use crate::report::picture::sides;
use crate::report::selection::Selection;
use crate::report::table::printable;
use crate::report::{Explanation, NetworkInfo, Sample};

/// Samples that are shown in full, and as many again of those that fail.
const SAMPLES: usize = 12;
/// Units of a level that a table shows.
const UNITS: usize = 12;
/// Samples that are listed.
const LISTED: usize = 1000;

pub(super) fn section(explanation: &Explanation) -> Section {
    let (network, samples) = (&explanation.network, &explanation.samples);
    let mut blocks = vec![Block::Text(network.in_words())];
    if samples.len() != 1 {
        blocks.push(Block::Heading(format!(
            "All {}",
            count(samples.len(), "sample")
        )));
        blocks.extend(Block::checks(explanation.checks));
        blocks.push(Block::Table(listed(samples)));
    }
    let shown = shown(samples);
    for &n in &shown {
        sample(network, &samples[n], n, samples.len() > 1, &mut blocks);
    }
    if shown.len() < samples.len() {
        blocks.push(Block::Text(format!(
            "The other {} are in the JSON.",
            count(samples.len() - shown.len(), "sample")
        )));
    }
    Section {
        title: network.title(),
        blocks,
        origin: explanation.made_by.clone(),
    }
}

/// The first samples, and the first of those that fail.
fn shown(samples: &[Sample]) -> Vec<usize> {
    let failing = (SAMPLES..samples.len()).filter(|&n| !samples[n].checks.hold());
    (0..samples.len().min(SAMPLES))
        .chain(failing.take(SAMPLES))
        .collect()
}

fn listed(samples: &[Sample]) -> Table {
    let rest = samples.len().saturating_sub(LISTED);
    let rest = match rest {
        0 => String::new(),
        _ => format!(", the first {}", grouped(LISTED)),
    };
    let holds = |holds: bool| Cell::words(if holds { "holds" } else { "FAILS" });
    Table {
        caption: format!("The samples{rest}"),
        columns: vec!["sample", "target", "f(x)", "conservation", "positivity"],
        rows: (samples.iter().take(LISTED).enumerate())
            .map(|(n, sample)| {
                vec![
                    Cell::words(n.to_string()),
                    Cell::words(&sample.target.name),
                    Cell::number(sample.target.value),
                    holds(sample.checks.conservation.holds),
                    holds(sample.checks.positivity.holds),
                ]
            })
            .collect(),
    }
}

fn sample(
    network: &NetworkInfo,
    sample: &Sample,
    n: usize,
    several: bool,
    blocks: &mut Vec<Block>,
) {
    let name = sample.target.in_words();
    let number = if several {
        format!("Sample {n}: ")
    } else {
        String::new()
    };
    blocks.push(Block::Heading(format!(
        "{number}f(x) = {name} = {}",
        figure(sample.target.value)
    )));
    blocks.extend(Block::checks(sample.checks));
    blocks.extend(lost(network, sample));
    blocks.extend(silent(sample));
    blocks.extend(pictures(network, sample));
    for l in (0..network.layers.len()).rev() {
        blocks.push(Block::Table(level(network, sample, l)));
        blocks.extend(rule(network.layers[l].rule.as_deref()));
    }
    blocks.extend(Block::reading(&sample.interpretation));
}

fn pictures(network: &NetworkInfo, sample: &Sample) -> Vec<Block> {
    let mut pictures = Vec::new();
    if let Ok(sides) = sides(&network.shape)
        && sides.0 * sides.1 > 1
        && let Some(drawing) = draw::input(sides, &sample.layers[0])
    {
        pictures.push(Block::Picture(Picture {
            drawing,
            caption: "The input, dark where it is large, and its relevance: white is 0, orange positive, purple \
                      negative, darkest at the largest |R|."
                .to_owned(),
            tells: false,
        }));
    }
    if let Some(flow) = &sample.flow {
        pictures.push(Block::Picture(Picture {
            drawing: draw::flow(network, flow, sample),
            caption: "Relevance on its way from the output (right) to the inputs (left): bars are as high, and bands \
                      as wide, as what they carry; orange is positive, purple negative. Red: lost there, handed \
                      to nobody."
                .to_owned(),
            tells: true,
        }));
    }
    pictures
}

/// What was lost, where and why.
fn lost(network: &NetworkInfo, sample: &Sample) -> Option<Block> {
    let rows = sample.lost.iter().map(|lost| {
        vec![
            Cell::words(format!(
                "layer {}, unit {}",
                lost.layer,
                network.label(lost.layer, lost.unit)
            )),
            Cell::number(lost.relevance),
            Cell::words(&lost.cause),
        ]
    });
    (!sample.lost.is_empty()).then(|| {
        Block::Table(Table {
            caption: "Lost relevance".to_owned(),
            columns: vec!["where", "how much", "why"],
            rows: rows.collect(),
        })
    })
}

fn silent(sample: &Sample) -> Option<Block> {
    let rows = sample.silent.iter().map(|silent| {
        vec![
            Cell::words(format!("layer {}", silent.layer)),
            Cell::count(silent.units),
            Cell::number(silent.relevance),
        ]
    });
    (!sample.silent.is_empty()).then(|| {
        Block::Table(Table {
            caption: "Units that did not fire and carry relevance".to_owned(),
            columns: vec!["where", "units", "relevance"],
            rows: rows.collect(),
        })
    })
}

/// The table of a level: its most relevant units, and the others together.
fn level(network: &NetworkInfo, sample: &Sample, l: usize) -> Table {
    let (info, layer) = (&network.layers[l], &sample.layers[l]);
    let chosen = Selection::of(layer, UNITS);
    let row = |&unit: &usize| {
        vec![
            Cell::words(network.label(l, unit)),
            Cell::number(layer.activations[unit]),
            Cell::number(layer.relevance[unit]),
            Cell::maybe(layer.share.as_ref().map(|share| share[unit]), Cell::share),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = chosen.shown.iter().map(row).collect();
    if chosen.left_out > 0 {
        rows.push(vec![
            Cell::words(format!("{} more", grouped(chosen.left_out))),
            Cell::Nothing,
            Cell::number(chosen.relevance),
            Cell::maybe(chosen.share, Cell::share),
        ]);
    }
    rows.push(vec![
        Cell::words("ΣR"),
        Cell::Nothing,
        Cell::number(layer.sum),
        Cell::words(if layer.gap == 0.0 {
            "= f(x)".to_owned()
        } else {
            format!("gap {}", figure(layer.gap))
        }),
    ]);
    let activation = if info.activation.as_deref() == Some("relu") {
        ", relu"
    } else {
        ""
    };
    Table {
        caption: format!("Layer {l}: {}{activation}", printable(&info.kind)),
        columns: vec![
            if l == 0 { "input" } else { "unit" },
            if l == 0 { "value" } else { "activation" },
            "relevance",
            "share",
        ],
        rows,
    }
}

/// The rule that leads to the level below.
fn rule(rule: Option<&str>) -> Option<Block> {
    let rule = Rule::known(rule?)?;
    Some(Block::Text(format!(
        "↓ {}:  {}",
        rule.symbol(),
        rule.formula()
    )))
}
