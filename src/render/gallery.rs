//! The samples of a result at a glance: those that fail by most first, then wrong answers, each with its relevance in small.

use super::completeness;
use super::document::{Gallery, Thumbnail};
use super::pictures::{Image, Images, Pixels, colours_in_words, input, inputs};
use super::table::{Cell, Table};
use crate::interpretation::numbers::verdict;
use crate::network::Order;
use crate::printable::printable;
use crate::result::{Amount, Failing, Layer, NetworkInfo, Sample, Summary, worst_first};
use crate::samples::Tag;
use crate::words::count;

/// Fewer inputs in a row are not taken for an image.
const IMAGE: usize = 64;
/// Samples that are listed.
const LISTED: usize = 1000;
/// Samples that are shown in small, at the most, and the longest side of an image of one.
const SHOWN: usize = 100;
const SIDE: usize = 64;
/// The column of wrong answers.
pub(super) const WRONG: &str = "wrong answer";
/// More bars beside each other cannot be told apart.
const BARS: usize = 96;

/// The samples under one or several rules, whose names are given where they are several; `sample_details` are those that are told in full.
pub(super) fn gallery<N: Amount>(
    network: &NetworkInfo,
    by_rule: &[(&str, &[Sample<N>])],
    noun: &str,
    sample_details: &[usize],
) -> Gallery {
    let samples: Vec<&[Sample<N>]> = by_rule.iter().map(|(_, samples)| *samples).collect();
    let (mut order, failing) = worst_first(network, &samples);
    order.truncate(LISTED);
    let pixels = image(network);
    let rules: Vec<String> = by_rule.iter().map(|(rule, _)| printable(rule)).collect();
    let decimals = order.iter().take(SHOWN).map(|&n| {
        let by_rule = samples.iter().map(|samples| samples[n].decimals());
        by_rule.collect::<Vec<_>>()
    });
    let decimals: Vec<Vec<_>> = decimals.collect();
    let inputs = decimals.iter().map(|by_rule| {
        let inputs = by_rule.iter().map(|sample| &sample.layers[0]);
        inputs.collect::<Vec<&Layer>>()
    });
    let inputs: Vec<Vec<&Layer>> = inputs.collect();
    let thumbnail = |layers: &Vec<&Layer>| thumbnail(pixels, &rules, layers);
    let wrong: Vec<Option<String>> = (order.iter())
        .map(|&n| wrong_answer(network, &samples[0][n]))
        .collect();
    let first = match (failing > 0, wrong.iter().any(Option::is_some)) {
        (true, true) => {
            "Those that fail by most come first, then wrong answers (×), the others in their order."
        }
        (true, false) => "Those that fail by most come first, the others in their order.",
        (false, true) => "Wrong answers (×) come first, the others in their order.",
        (false, false) => "The samples in their order.",
    };
    Gallery {
        thumbnails: inputs.iter().map(thumbnail).collect(),
        sample_details: order
            .iter()
            .map(|&n| sample_details.contains(&n).then_some(n))
            .collect(),
        caption: format!("{first}{}", read_as(pixels, &inputs)),
        table: listed(by_rule, noun, &order, &wrong),
    }
}

/// What the network says of a sample, where that is not its label: `× says 7, label 3`.
fn wrong_answer<N: Amount>(network: &NetworkInfo, sample: &Sample<N>) -> Option<String> {
    let (says, label) = (sample.wrong_answer(network)?, sample.label.as_ref()?);
    let says = network.label(network.layers.len() - 1, says);
    Some(printable(&format!("× says {says}, label {label}")))
}

/// How the small pictures of these inputs are read, each input under every rule.
fn read_as(pixels: Option<Pixels>, inputs: &[Vec<&Layer>]) -> String {
    let several = inputs.first().is_some_and(|layers| layers.len() > 1);
    match pixels {
        Some(pixels) => format!(
            " Each input beside its relevance{}: {}, each up to its own largest |R|.",
            if several { " under each rule" } else { "" },
            colours_in_words(pixels, inputs.iter().flatten().copied())
        ),
        None if inputs.iter().flatten().any(|layer| layer.relevance.len() > BARS) => String::new(),
        None => " Bars are the relevance of the inputs in their order, each strip up to its own largest |R|.".to_owned(),
    }
}

/// The input of a sample and its relevance under each rule, in small.
fn thumbnail(pixels: Option<Pixels>, rules: &[String], layers: &[&Layer]) -> Thumbnail {
    let named = || rules.iter().cloned().zip(layers.iter().copied());
    match (pixels, layers) {
        (Some(pixels), [layer]) => Thumbnail::Images(small(input(pixels, layer))),
        (Some(pixels), _) => Thumbnail::Images(small(inputs(pixels, &named().collect::<Vec<_>>()))),
        (None, [layer, ..]) if layer.relevance.len() > BARS => Thumbnail::Nothing,
        (None, [layer]) => Thumbnail::Bars(vec![(String::new(), layer.relevance.clone())]),
        (None, _) => {
            let strips = named().map(|(rule, layer)| (rule, layer.relevance.clone()));
            Thumbnail::Bars(strips.collect())
        }
    }
}

/// Images of few pixels, so that a page of many samples is not too large.
fn small(images: Images) -> Vec<Image> {
    let each = images.groups.into_iter().flatten();
    let each = each.map(|image| Image {
        tile: image.tile.shrunk(SIDE),
        ..image
    });
    each.collect()
}

/// One row a sample, in this order.
fn listed<N: Amount>(
    by_rule: &[(&str, &[Sample<N>])],
    noun: &str,
    order: &[usize],
    wrong: &[Option<String>],
) -> Table {
    let samples = by_rule[0].1;
    let rest = samples.len() - order.len();
    let chosen = || order.iter().map(|&n| &samples[n]);
    let numbers = order.iter().map(|&n| samples[n].sample.unwrap_or(n));
    let mut table = Table::new(format!("the {noun}s"))
        .with("sample", numbers.map(|n| Cell::words(n.to_string())));
    let ids: Vec<Option<&Tag>> = chosen().map(|s| s.id.as_ref()).collect();
    let labels: Vec<Option<&Tag>> = chosen().map(|s| s.label.as_ref()).collect();
    table = with_tags(table, &ids, &labels);
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, &format!("more {noun}"))));
    if wrong.iter().any(Option::is_some) {
        let answer = |wrong: &Option<String>| wrong.as_ref().map_or(Cell::Nothing, Cell::words);
        table = table.with(WRONG, wrong.iter().map(answer));
    }
    let table = table
        .with("target", chosen().map(|s| Cell::words(s.target.in_words())))
        .with(
            "f(x)",
            chosen().map(|s| Cell::number(s.target.value.decimal())),
        );
    match by_rule {
        [_] if samples.iter().any(|sample| sample.completeness.is_some()) => {
            completeness::columns(table, &chosen().collect::<Vec<_>>())
        }
        [_] => with_checks(table, chosen()),
        several => several.iter().fold(table, |table, (rule, samples)| {
            let all = order.iter().map(|&n| {
                let (sample, kept) = (&samples[n], samples[n].keeps_promises());
                let holds = sample.checks.pass(true) && sample.is_complete(true);
                Cell::words(verdict(kept && holds, !kept))
            });
            table.with(&printable(rule), all)
        }),
    }
}

/// The two properties of each sample.
fn with_checks<'s, N: Amount + 's>(
    table: Table,
    samples: impl Iterator<Item = &'s Sample<N>> + Clone,
) -> Table {
    let conservation = samples.clone().map(|s| {
        let check = s.checks.conservation;
        Cell::words(verdict(check.holds, check.promised))
    });
    let positivity = samples.map(|s| {
        let check = &s.checks.positivity;
        Cell::words(verdict(check.holds, check.promised))
    });
    table
        .with("conservation", conservation)
        .with("positivity", positivity)
}

/// The samples that fail by most, where any fails.
pub(super) fn worst<N: Amount>(summary: &Summary<N>, title: &str) -> Option<Table> {
    let worst = &summary.worst;
    let number =
        |figure: fn(&Failing<N>) -> f64| worst.iter().map(move |w| Cell::number(figure(w)));
    let numbers = worst.iter().map(|w| Cell::words(w.sample.to_string()));
    let table = Table::new(printable(title)).with("sample", numbers);
    let ids: Vec<Option<&Tag>> = worst.iter().map(|w| w.id.as_ref()).collect();
    let labels: Vec<Option<&Tag>> = worst.iter().map(|w| w.label.as_ref()).collect();
    let table = with_tags(table, &ids, &labels);
    let table = table
        .with("f(x)", number(|w| w.value.decimal()))
        .with("largest gap", number(|w| w.worst_gap))
        .with("least R", number(|w| w.least.decimal()))
        .with("fails by", number(|w| w.fails_by));
    (!worst.is_empty()).then_some(table)
}

/// A table with the ids and the labels of its rows, where any has one.
fn with_tags(mut table: Table, ids: &[Option<&Tag>], labels: &[Option<&Tag>]) -> Table {
    for (name, tags) in [("id", ids), ("label", labels)] {
        if tags.iter().any(Option::is_some) {
            let cell = |tag: &Tag| Cell::name(tag.to_string());
            table = table.with(name, tags.iter().map(|tag| tag.map_or(Cell::Nothing, cell)));
        }
    }
    table
}

/// The pixels of the input, where it is an image: a square number of inputs is one where none has a name; a handful is none.
pub(super) fn image(network: &NetworkInfo) -> Option<Pixels> {
    pixels(network.picture(), !network.layers[0].names.is_empty())
}

/// The same of inputs of a shape that have names or none.
pub(super) fn pixels((shape, order): (&[usize], Order), are_named: bool) -> Option<Pixels> {
    let is_image = match shape {
        [n] => *n >= IMAGE && !are_named,
        _ => true,
    };
    Pixels::of(shape, order).ok().filter(|_| is_image)
}
