//! The document of an explanation.

use super::document::{Block, Cell, Picture, Section, Table, titles};
use super::drawings as draw;
use super::taylor::before;
use crate::interpretation::numbers::{figure, small_percent};
use crate::interpretation::rounding::rounding_in_words;
use crate::printable::printable;
use crate::render::pictures::sides;
use crate::result::Message;
use crate::result::selection::Selection;
use crate::result::{
    ExactExplanation, Explanation, Flow, IN_FULL, Messages, NetworkInfo, Sample, Summary,
};
use crate::samples::Tag;
use crate::words::{agree, count, grouped, part};

/// Units of a level that a table shows.
const UNITS: usize = 12;
/// Fewer inputs in a row are not taken for an image.
const IMAGE: usize = 64;
/// Messages of a layer that a table shows.
const MESSAGES: usize = 12;
/// Lost relevance is listed unit by unit up to this.
const LOST: usize = 50;
/// Samples that are listed.
const LISTED: usize = 1000;

pub(crate) fn section(explanation: &Explanation) -> Section {
    let (network, samples) = (&explanation.network, &explanation.samples);
    let mut blocks = vec![Block::Text(network.in_words())];
    if samples.is_empty() {
        let text = "There is no sample in this result: nothing was explained, and nothing checked.";
        blocks.push(Block::Text(text.to_owned()));
    }
    if samples.len() > 1 {
        let all = count(samples.len(), "sample");
        blocks.push(Block::Heading(format!("All {all}")));
        // Counted anew: results of earlier programs have no summary.
        let summary = Summary::of(network, samples);
        blocks.extend(Block::checks(explanation.checks, summary.is_trivial()));
        let sentences = summary.in_words();
        if !sentences.is_empty() {
            blocks.push(Block::Points(sentences));
        }
        blocks.push(Block::Table(listed(samples)));
    }
    let shown = shown(samples);
    for &n in &shown {
        sample(network, &samples[n], n, samples.len() > 1, &mut blocks);
    }
    if shown.len() < samples.len() {
        blocks.push(Block::Text(format!(
            "{} more: explain --format json has all of each.",
            count(samples.len() - shown.len(), "sample")
        )));
    }
    Section {
        title: network.title(),
        blocks,
        origin: explanation.made_by.clone(),
    }
}

/// The same of an exact explanation: in decimals, and its sums in fractions.
pub(crate) fn exact(exact: &ExactExplanation) -> Section {
    let mut section = section(&exact.clone().into());
    let rows = exact.samples.iter().take(IN_FULL).enumerate();
    let rows = rows.flat_map(|(n, sample)| {
        let layers = sample.layers.iter().enumerate().rev();
        layers.map(move |(l, layer)| {
            vec![
                Cell::words(format!("sample {}, layer {l}", sample.sample.unwrap_or(n))),
                Cell::words(layer.sum.shown()),
                Cell::words(layer.gap.shown()),
                Cell::words(layer.least.shown()),
            ]
        })
    });
    let text = format!(
        "Computed in exact fractions: the checks are equalities, and other numbers are the nearest decimals. Rounding: {}.",
        rounding_in_words(exact.samples.iter())
    );
    let table = Table {
        caption: "In fractions".to_owned(),
        columns: titles(&["where", "ΣR", "|ΣR − f(x)|", "least R"]),
        rows: rows.collect(),
    };
    section
        .blocks
        .splice(1..1, [Block::Text(text), Block::Table(table)]);
    section
}

/// The first samples, and the first of those that fail.
fn shown(samples: &[Sample]) -> Vec<usize> {
    let failing = (IN_FULL..samples.len()).filter(|&n| !samples[n].checks.hold());
    (0..samples.len().min(IN_FULL))
        .chain(failing.take(IN_FULL))
        .collect()
}

/// What a sample brought along.
type TagOf = fn(&Sample) -> Option<&Tag>;

/// One row a sample, those that fail first.
fn listed(samples: &[Sample]) -> Table {
    let rest = match samples.len().saturating_sub(LISTED) {
        0 => String::new(),
        rest => format!(", but for {}", grouped(rest)),
    };
    let holds = |holds: bool| Cell::words(if holds { "holds" } else { "FAILS" });
    let mut order: Vec<usize> = (0..samples.len()).collect();
    order.sort_by_key(|&n| samples[n].checks.hold());
    let tags: [(&str, TagOf); 2] = [("id", |s| s.id.as_ref()), ("label", |s| s.label.as_ref())];
    let there = |(_, tag): &(&str, TagOf)| samples.iter().any(|sample| tag(sample).is_some());
    let tags: Vec<(&str, TagOf)> = tags.into_iter().filter(there).collect();
    let row = |&n: &usize| {
        let sample = &samples[n];
        let tag =
            |tag: TagOf| tag(sample).map_or(Cell::Nothing, |tag| Cell::words(tag.to_string()));
        let mut row = vec![Cell::words(sample.sample.unwrap_or(n).to_string())];
        row.extend(tags.iter().map(|&(_, of)| tag(of)));
        row.extend([
            Cell::words(sample.target.in_words()),
            Cell::number(sample.target.value),
            holds(sample.checks.conservation.holds),
            holds(sample.checks.positivity.holds),
        ]);
        row
    };
    let names = tags.iter().map(|(name, _)| *name);
    let columns: Vec<&str> = (["sample"].into_iter())
        .chain(names)
        .chain(["target", "f(x)", "conservation", "positivity"])
        .collect();
    Table {
        caption: format!("The samples{rest}"),
        columns: titles(&columns),
        rows: order.iter().take(LISTED).map(row).collect(),
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
    let number = before(sample.called(n, several));
    blocks.push(Block::Heading(format!(
        "{number}f(x) = {name} = {}{}",
        figure(sample.target.value),
        sample.target.tie_in_words()
    )));
    blocks.extend(Block::checks(sample.checks, !sample.carries_relevance()));
    blocks.extend(lost(network, sample));
    blocks.extend(silent(sample));
    blocks.extend(expansion(sample));
    blocks.extend(pictures(network, sample));
    for l in (0..network.layers.len()).rev() {
        blocks.push(Block::Table(level(network, sample, l)));
        let steps = network.steps_down(l, &sample.silent);
        if !steps.is_empty() {
            blocks.push(Block::Text(format!("↓ {}", steps.join("; "))));
        }
        let step = sample
            .edges
            .iter()
            .flatten()
            .find(|step| step.layer == l && l > 0);
        blocks.extend(step.map(|step| messages(network, step)));
    }
    let [heading, points] = Block::reading(&sample.interpretation);
    blocks.push(match heading {
        Block::Heading(title) if several => Block::Subheading(title),
        other => other,
    });
    blocks.push(points);
}

fn pictures(network: &NetworkInfo, sample: &Sample) -> Vec<Block> {
    let mut pictures = Vec::new();
    // A square number of inputs is an image where none has a name; a handful is none.
    let is_image = match network.shape[..] {
        [n] => n >= IMAGE && network.layers[0].names.is_empty(),
        _ => true,
    };
    if is_image && let Ok(sides) = sides(&network.shape) {
        pictures.push(Block::Picture(Picture {
            drawing: draw::input(sides, &sample.layers[0]),
            caption: "The input, dark where it is large, and its relevance: white is 0, orange positive, purple \
                      negative, darkest at the largest |R|; \
                      channels are summed."
                .to_owned(),
            tells: false,
        }));
    }
    let carries = |flow: &&Flow| {
        flow.nodes
            .iter()
            .flatten()
            .any(|node| node.relevance != 0.0)
    };
    if let Some(flow) = sample.flow.as_ref().filter(carries) {
        pictures.push(Block::Picture(Picture {
            drawing: draw::flow(network, flow, sample.target.value),
            caption: "Relevance on its way from the output (right) to the inputs (left): bars are as high, and bands \
                      as wide, as what they carry; orange is positive, purple negative. Red: lost there, not \
                      passed on."
                .to_owned(),
            tells: true,
        }));
    }
    pictures
}

/// What was lost, where and why.
fn lost(network: &NetworkInfo, sample: &Sample) -> Option<Block> {
    let rest = sample.lost.len().saturating_sub(LOST);
    let caption = match rest {
        0 => "Lost relevance".to_owned(),
        _ => format!("Lost relevance, but for {}", count(rest, "more unit")),
    };
    let rows = sample.lost.iter().take(LOST).map(|lost| {
        vec![
            Cell::words(format!(
                "layer {}, {}",
                lost.layer,
                network.unit_in_words(lost.layer, lost.unit)
            )),
            Cell::number(lost.relevance),
            Cell::words(&lost.cause),
        ]
    });
    (!sample.lost.is_empty()).then(|| {
        Block::Table(Table {
            caption,
            columns: titles(&["where", "how much", "why"]),
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
            columns: titles(&["where", "units", "relevance"]),
            rows: rows.collect(),
        })
    })
}

/// How the rules agree with the expansions behind them, where that was asked for.
fn expansion(sample: &Sample) -> Option<Block> {
    let figures = sample.expansion.as_ref()?;
    Some(Block::Text(format!(
        "Expansion: rule − expansion is {}; {} outside {} domain, {} without a root.",
        figure(figures.largest_difference),
        part(figures.outside_domain, figures.roots, "root"),
        agree(figures.roots, "its", "their"),
        count(figures.rootless, "unit"),
    )))
}

/// The largest messages of a layer.
fn messages(network: &NetworkInfo, step: &Messages) -> Block {
    let number = count(step.number, "message");
    let Some((largest, rest)) = step.largest(MESSAGES) else {
        return Block::Text(format!("{number} R_i←j: explain --edges=all has them."));
    };
    let rest = match rest {
        0 => String::new(),
        _ => format!(", but for {}", count(rest, "smaller one")),
    };
    let row = |message: &Message| {
        vec![
            Cell::words(network.label(step.layer, message.from)),
            Cell::words(network.label(step.layer - 1, message.to)),
            Cell::number(message.relevance),
        ]
    };
    Block::Folded(Table {
        caption: format!("Messages from layer {} down, of {number}{rest}", step.layer),
        columns: titles(&["from", "to", "R_i←j"]),
        rows: largest.iter().map(row).collect(),
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
            Cell::words(figure(chosen.relevance)),
            Cell::words(chosen.share.map_or_else(|| "–".to_owned(), small_percent)),
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
    Table {
        caption: format!("Layer {l}: {}{}", printable(&info.kind), info.relu()),
        columns: titles(&[
            if l == 0 { "input" } else { "unit" },
            if l == 0 { "value" } else { "activation" },
            "relevance",
            "share",
        ]),
        rows,
    }
}
