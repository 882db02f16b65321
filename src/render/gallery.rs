//! The samples of a result at a glance: those that fail by most first, each with its relevance in small.

use super::completeness;
use super::document::{Gallery, Thumb};
use super::pictures::{Pixels, input, inputs};
use super::table::{Cell, Table};
use crate::interpretation::numbers::verdict;
use crate::network::Order;
use crate::printable::printable;
use crate::result::{Amount, Failing, NetworkInfo, Sample, Summary};
use crate::samples::Tag;
use crate::words::count;

/// Fewer inputs in a row are not taken for an image.
const IMAGE: usize = 64;
/// Samples that are listed.
const LISTED: usize = 1000;
/// Samples that are shown in small, and pixels of all their images, at the most.
const SHOWN: usize = 100;
const PIXELS: usize = 500_000;
/// More bars beside each other cannot be told apart.
const BARS: usize = 96;

const BY_WORST: &str = "Those that fail by most come first, the others in their order.";

/// The samples under one or several rules, whose names are given where they are several; `accounts` are those that are told in full.
pub(super) fn gallery<N: Amount>(
    network: &NetworkInfo,
    by_rule: &[(&str, &[Sample<N>])],
    noun: &str,
    accounts: &[usize],
) -> Gallery {
    let samples = by_rule[0].1;
    let fails_by = |n: usize| {
        let each = by_rule
            .iter()
            .filter_map(|(_, samples)| samples[n].fails_by());
        each.fold(0.0, f64::max)
    };
    let mut order: Vec<usize> = (0..samples.len()).collect();
    order.sort_by(|&a, &b| fails_by(b).total_cmp(&fails_by(a)));
    order.truncate(LISTED);
    let of = |n: usize| -> Vec<(&str, &Sample<N>)> {
        by_rule
            .iter()
            .map(|(rule, samples)| (*rule, &samples[n]))
            .collect()
    };
    let pixels = image(network);
    let images = PIXELS / pixels.map_or(1, |pixels| pixels.count() * (1 + by_rule.len()));
    let shown = order.iter().take(SHOWN.min(images));
    Gallery {
        thumbs: shown.map(|&n| thumb(pixels, &of(n))).collect(),
        accounts: order
            .iter()
            .map(|&n| accounts.contains(&n).then_some(n))
            .collect(),
        caption: format!(
            "{BY_WORST}{}",
            read_as(pixels, network.layers[0].units, by_rule.len())
        ),
        table: listed(by_rule, noun, &order),
    }
}

/// How the small pictures are read.
fn read_as(pixels: Option<Pixels>, units: usize, rules: usize) -> &'static str {
    match (pixels, rules) {
        (Some(_), 1) => {
            " Each input beside its relevance: orange is positive, purple negative, darkest at the largest |R| of the sample."
        }
        (Some(_), _) => {
            " Each input beside its relevance under each rule: orange is positive, purple negative, each up to its own largest |R|."
        }
        (None, _) if units > BARS => "",
        (None, _) => {
            " Bars are the relevance of the inputs in their order, each strip up to its own largest |R|."
        }
    }
}

fn thumb<N: Amount>(pixels: Option<Pixels>, by_rule: &[(&str, &Sample<N>)]) -> Thumb {
    let decimals: Vec<_> = by_rule
        .iter()
        .map(|(rule, sample)| (rule, sample.decimals()))
        .collect();
    let layers = decimals
        .iter()
        .map(|(rule, sample)| (printable(rule), &sample.layers[0]));
    let layers: Vec<_> = layers.collect();
    match (pixels, &layers[..]) {
        (Some(pixels), [(_, layer)]) => Thumb::Images(input(pixels, layer).groups.concat()),
        (Some(pixels), _) => Thumb::Images(inputs(pixels, &layers).groups.concat()),
        (None, [(_, first), ..]) if first.relevance.len() <= BARS => {
            let several = layers.len() > 1;
            let strips = layers.iter().map(|(rule, layer)| {
                let label = if several { rule.clone() } else { String::new() };
                (label, layer.relevance.clone())
            });
            Thumb::Bars(strips.collect())
        }
        (None, _) => Thumb::Nothing,
    }
}

/// One row a sample, in this order.
fn listed<N: Amount>(by_rule: &[(&str, &[Sample<N>])], noun: &str, order: &[usize]) -> Table {
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
    pixels(
        &network.shape,
        network.order,
        !network.layers[0].names.is_empty(),
    )
}

/// The same of inputs of a shape that have names or none.
pub(super) fn pixels(shape: &[usize], order: Order, are_named: bool) -> Option<Pixels> {
    let is_image = match shape {
        [n] => *n >= IMAGE && !are_named,
        _ => true,
    };
    Pixels::of(shape, order).ok().filter(|_| is_image)
}
