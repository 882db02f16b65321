//! The document of a difference: what moved, sample by sample.

use super::document::{Block, Drawing, Picture, Section};
use super::explanation::{Detail, ON_A_PAGE};
use super::gallery::pixels;
use super::pictures::{Pixels, apart};
use super::table::{Cell, Table};
use crate::interpretation::names::{called, output_in_words};
use crate::interpretation::numbers::figure;
use crate::measure::top;
use crate::printable::printable;
use crate::result::{Difference, IN_FULL, SampleDifference};
use crate::words::{count, grouped};

/// Samples that are listed.
const LISTED: usize = 1000;
/// So many samples are shown in full in a text, and of more so many: those that moved most.
const IN_A_TEXT: [usize; 2] = [20, 3];

const WHAT: &str = "d = R(B) − R(A). Where both hand all of f(x) to the inputs, Σd = f(B) − f(A).";

/// The section of a page.
pub(super) fn section(difference: &Difference) -> Section {
    let detail = Detail {
        units: ON_A_PAGE,
        below_image: ON_A_PAGE,
        numbered: difference.samples.len() > 1,
    };
    of_samples(difference, detail, [IN_FULL; 2])
}

/// The section of a text.
pub(super) fn text(difference: &Difference, detail: Detail) -> Section {
    let numbered = detail.numbered || difference.samples.len() > 1;
    of_samples(difference, Detail { numbered, ..detail }, IN_A_TEXT)
}

/// With all samples in full where there are no more than the first number, else so many of those that moved most.
fn of_samples(difference: &Difference, detail: Detail, [few, most]: [usize; 2]) -> Section {
    let samples = &difference.samples;
    let [a, b] = difference.called().map(|name| printable(&name));
    let mut blocks = vec![
        Block::Quiet(format!("A: {}", printable(&difference.a.in_words()))),
        Block::Quiet(format!("B: {}", printable(&difference.b.in_words()))),
        Block::Quiet(WHAT.to_owned()),
    ];
    if samples.len() > 1 {
        blocks.push(Block::Heading(format!(
            "all {} samples",
            grouped(samples.len())
        )));
        blocks.push(Block::Table(listed(difference, detail.units)));
        let said = &difference.interpretation;
        blocks.extend(Block::interpretation(Block::Subheading, said));
    }
    let shown = if samples.len() <= few {
        (0..samples.len()).collect()
    } else {
        top(samples.len(), most, |n| samples[n].moved.unwrap_or(0.0))
    };
    let pixels = image(difference);
    for &n in &shown {
        blocks.extend(sample(difference, n, pixels, detail));
    }
    let rest = samples.len() - shown.len();
    if rest > 0 {
        let more = count(rest, "more sample");
        blocks.push(Block::Quiet(format!(
            "{more}: --sample N shows one, and --format json has all of each."
        )));
    }
    Section {
        title: format!("From {a} to {b}"),
        lead: format!(
            "{}, {}",
            count(difference.inputs.units, "input"),
            count(samples.len(), "sample")
        ),
        blocks,
        origin: difference.made_by.clone(),
    }
}

/// The pixels of the inputs, where these are an image.
fn image(difference: &Difference) -> Option<Pixels> {
    let inputs = &difference.inputs;
    pixels(&inputs.shape, inputs.order, !inputs.names.is_empty())
}

/// One row a sample, those that moved most first.
fn listed(difference: &Difference, most: usize) -> Table {
    let samples = &difference.samples;
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let moved = |n: &usize| samples[*n].moved.unwrap_or(0.0);
    order.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    order.truncate(most.max(IN_FULL).min(LISTED));
    let each = || order.iter().map(|&n| &samples[n]);
    let numbers = order.iter().map(|&n| samples[n].sample.unwrap_or(n));
    let mut table = Table::new("the samples, those that moved most first")
        .with("sample", numbers.map(|n| Cell::words(n.to_string())));
    if samples.iter().any(|one| one.id.is_some()) {
        let id = |one: &SampleDifference| one.id.as_ref().map(|id| Cell::name(id.to_string()));
        table = table.with("id", each().map(|one| id(one).unwrap_or(Cell::Nothing)));
    }
    let rest = samples.len() - order.len();
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more sample")));
    table
        .with("f(A)", each().map(|one| Cell::number(one.a.value)))
        .with("f(B)", each().map(|one| Cell::number(one.b.value)))
        .with("Σd", each().map(|one| Cell::number(one.sum)))
        .with("largest |d|", each().map(|one| Cell::number(one.largest)))
        .with(
            "cosine",
            each().map(|one| Cell::maybe(one.cosine, Cell::decimals)),
        )
        .with(
            "moved",
            each().map(|one| Cell::maybe(one.moved, Cell::share)),
        )
        .with_bars()
}

fn sample(difference: &Difference, n: usize, pixels: Option<Pixels>, detail: Detail) -> Vec<Block> {
    let one = &difference.samples[n];
    let called = called((one.sample, n), [&one.id, &one.label], detail.numbered);
    let called = called.map_or_else(String::new, |called| format!("{}: ", printable(&called)));
    let targets = match one.a.target == one.b.target {
        true => output_in_words(&one.a.target),
        false => [&one.a.target, &one.b.target]
            .map(|name| output_in_words(name))
            .join(" and "),
    };
    let values = [one.a.value, one.b.value].map(figure).join(" → ");
    let mut blocks = vec![Block::Heading(format!(
        "{called}f(x) = {targets} = {values}"
    ))];
    blocks.extend(pixels.map(|pixels| picture(one, pixels)));
    blocks.push(Block::Table(inputs(difference, one, detail.units)));
    blocks.extend(Block::interpretation(
        Block::Subheading,
        &one.interpretation,
    ));
    blocks
}

/// The input and d, then what they are between.
fn picture(one: &SampleDifference, pixels: Pixels) -> Block {
    Block::Picture(Picture {
        drawing: Drawing::Images(apart(pixels, one)),
        caption: "The input, dark where it is large; d, orange where B gives more and purple where it gives less; and the relevance \
                  in A and B, on one scale."
            .to_owned(),
    })
}

/// The inputs that moved most.
fn inputs(difference: &Difference, one: &SampleDifference, most: usize) -> Table {
    let units = difference.inputs.units;
    let shown = top(units, most, |i| one.difference[i]);
    let of = |numbers: &[f64]| -> Vec<Cell> {
        shown.iter().map(|&i| Cell::number(numbers[i])).collect()
    };
    let names = shown
        .iter()
        .map(|&i| Cell::name(difference.inputs.label(i)));
    let mut table = Table::new("what moved most")
        .with("input", names)
        .with_numbers("value", of(&one.values))
        .with_numbers("R(A)", of(&one.a.relevance))
        .with_numbers("R(B)", of(&one.b.relevance))
        .with_numbers("d", of(&one.difference))
        .with_bars();
    table.facts = vec![vec![Cell::words("Σd ="), Cell::number(one.sum)]];
    let rest = units - shown.len();
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more input")));
    table
}
