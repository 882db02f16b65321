//! The document of a difference: what moved, sample by sample.

use super::document::{Block, Drawing, Gallery, Picture, SampleDetail, Section, Thumbnail};
use super::explanation::{Detail, ON_A_PAGE};
use super::gallery::pixels;
use super::pictures::{Pixels, apart};
use super::table::{Cell, Table};
use crate::interpretation::names::{called, output_in_words};
use crate::interpretation::numbers::figure;
use crate::measure::{nearly_equal, top};
use crate::printable::printable;
use crate::result::{Difference, IN_FULL, SampleDifference};
use crate::words::{count, grouped};

/// More bars beside each other cannot be told apart.
const BARS: usize = 96;
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
    of_samples(difference, detail, [IN_FULL, IN_FULL, LISTED])
}

/// The section of a text.
pub(super) fn text(difference: &Difference, detail: Detail) -> Section {
    let numbered = detail.numbered || difference.samples.len() > 1;
    let [few, most] = IN_A_TEXT;
    let detail = Detail { numbered, ..detail };
    of_samples(difference, detail, [few, most, few.max(detail.units)])
}

/// With all samples in full where they are few, else with most of those that moved most; so many are listed at the most.
fn of_samples(difference: &Difference, detail: Detail, [few, most, listed]: [usize; 3]) -> Section {
    let samples = &difference.samples;
    let [a, b] = difference.called().map(|name| printable(&name));
    let mut order = difference.by_moved();
    order.truncate(listed);
    let mut shown = order.clone();
    if samples.len() > few {
        shown.truncate(most);
    }
    shown.sort_unstable();
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
        blocks.push(Block::Points(difference.interpretation.clone()));
        blocks.push(Block::Gallery(gallery(difference, &order, &shown)));
    }
    let sample_details = shown.iter().map(|&n| sample_detail(difference, n, detail));
    blocks.extend(sample_details.map(Block::SampleDetail));
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

/// The samples at a glance, those that moved most first.
fn gallery(difference: &Difference, order: &[usize], shown: &[usize]) -> Gallery {
    let pixels = image(difference);
    let thumbnail = |&n: &usize| {
        let one = &difference.samples[n];
        match pixels {
            Some(pixels) => Thumbnail::Images(apart(pixels, one).groups.swap_remove(0)),
            None if one.difference.len() <= BARS => {
                Thumbnail::Bars(vec![(String::new(), one.difference.clone())])
            }
            None => Thumbnail::Nothing,
        }
    };
    Gallery {
        table: listed(difference, order),
        thumbnails: order.iter().take(IN_FULL).map(thumbnail).collect(),
        sample_details: order
            .iter()
            .map(|&n| shown.contains(&n).then_some(n))
            .collect(),
        caption: match pixels {
            Some(_) => "Those that moved most come first: the input and d.",
            None => "Those that moved most come first; bars are d, input by input.",
        }
        .to_owned(),
    }
}

/// The pixels of the inputs, where these are an image.
fn image(difference: &Difference) -> Option<Pixels> {
    let inputs = &difference.inputs;
    pixels(inputs.picture(), !inputs.names.is_empty())
}

/// One row a sample, in this order.
fn listed(difference: &Difference, order: &[usize]) -> Table {
    let samples = &difference.samples;
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

fn sample_detail(difference: &Difference, n: usize, detail: Detail) -> SampleDetail {
    let one = &difference.samples[n];
    let called = called((one.sample, n), [&one.id, &one.label], detail.numbered);
    let called = called.map_or_else(String::new, |called| format!("{}: ", printable(&called)));
    let [a, b] = [&one.a, &one.b].map(|told| (output_in_words(&told.target), figure(told.value)));
    let explained = match (a.0 == b.0, a.1 == b.1) {
        (true, true) => format!("f(x) = {} = {}", a.0, a.1),
        (true, false) => format!("f(x) = {} = {} → {}", a.0, a.1, b.1),
        (false, _) => format!("f(x) is {} = {} in A, {} = {} in B", a.0, a.1, b.0, b.1),
    };
    SampleDetail {
        heading: format!("{called}{explained}"),
        pictures: image(difference)
            .map(|pixels| picture(one, pixels))
            .into_iter()
            .collect(),
        levels: vec![Block::Table(inputs(difference, one, detail.units))],
        sentences: one
            .interpretation
            .iter()
            .map(|text| printable(text))
            .collect(),
        row: (difference.samples.len() > 1).then_some(n),
        sample: one.sample.unwrap_or(n),
        ..SampleDetail::default()
    }
}

/// The input and d, then what they are between.
fn picture(one: &SampleDifference, pixels: Pixels) -> Block {
    Block::Picture(Picture {
        drawing: Drawing::Images(apart(pixels, one)),
        caption: format!(
            "The input, {}; d, orange where B gives more and purple where it gives less; and the relevance in A and B, each on a \
             scale of its own.",
            pixels.in_words([&one.values[..]])
        ),
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
    // Rounding alone is not worth its digits.
    let sum = if nearly_equal(one.a.sum, one.b.sum) {
        Cell::words("0 (rounding)")
    } else {
        Cell::number(one.sum)
    };
    table.facts = vec![vec![Cell::words("Σd ="), sum]];
    let rest = units - shown.len();
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more input")));
    table
}
