//! An explanation laid out, for every format.

use super::balance;
use super::completeness;
use super::document::{Block, Drawing, Picture, SampleDetail, Section, Verdict};
use super::drawings as draw;
use super::gallery::{gallery, image, worst};
use super::level::level;
use super::maps::maps;
use super::messages::messages;
use super::pictures::{colours_in_words, input};
use super::table::{Cell, DIGITS, Table};
use crate::interpretation::LOST_SAID;
use crate::interpretation::names::{called, headline};
use crate::interpretation::numbers::figure;
use crate::interpretation::rounding::rounding_in_words;
use crate::interpretation::value::Shown;
use crate::measure::by_size;
use crate::printable::printable;
use crate::result::{
    Amount, ExpansionFigures, Explanation, Flow, IN_FULL, Labels, Lost, NetworkInfo, Node, Sample,
    Summary,
};
use crate::words::{agree, count, grouped, part};

/// Units of a level, and messages of a layer, that a page shows.
pub(super) const ON_A_PAGE: usize = 12;

const TOO_LONG: &str = "Computed exactly. A column has decimals if one of its fractions is too long to show; \
                        --format json has the fractions.";

const CUT: &str = "Some levels are read by several layers, or by one further up: relevance passes by the levels between. The cut at \
                   a level is all that is on its way there: what this level and those below it hold once every layer above \
                   has handed on. f(x) is conserved where every cut sums to it.";

pub(super) const EACH: &str = "--sample N shows one sample, --all-samples each of them.";

/// How much of an explanation is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail {
    /// Units of a level, and messages of a layer, at the most.
    pub(super) units: usize,
    /// The same of the inputs, where an image of them stands above.
    pub(super) below_image: usize,
    /// Whether a sample is shown with its number.
    pub(super) numbered: bool,
}

impl Detail {
    /// How many inputs are listed; all where they are few.
    pub(super) fn inputs(self, network: &NetworkInfo) -> usize {
        match image(network) {
            Some(_) if network.layers[0].units > self.units => self.below_image,
            _ => self.units,
        }
    }
}

/// The section of a whole explanation.
pub(super) fn section<N: Amount>(explanation: &Explanation<N>) -> Section {
    let (network, samples) = (&explanation.network, &explanation.samples);
    let detail = Detail {
        units: ON_A_PAGE,
        below_image: ON_A_PAGE,
        numbered: samples.len() > 1,
    };
    let noun = explanation.summary.noun();
    let mut section = opening(network, &explanation.summary);
    section.title = network.title(explanation.made_by.as_ref());
    section.origin.clone_from(&explanation.made_by);
    let shown = shown(samples);
    let blocks = &mut section.blocks;
    if samples.is_empty() {
        let text = "There is no sample in this result: nothing was explained, and nothing checked.";
        blocks.push(Block::Text(text.to_owned()));
    }
    if samples.len() > 1 {
        blocks.extend(together(explanation));
        let by_rule = [(explanation.rule_name(), &samples[..])];
        blocks.push(Block::Gallery(gallery(network, &by_rule, noun, &shown)));
    }
    for &n in &shown {
        let mut sample_detail = sample(network, &samples[n], n, detail);
        sample_detail.row = detail.numbered.then_some(n);
        blocks.push(Block::SampleDetail(sample_detail));
    }
    if shown.len() < samples.len() {
        blocks.push(Block::Text(format!(
            "{} more: explain --format json has all of each.",
            count(samples.len() - shown.len(), noun)
        )));
    }
    section
}

/// What stands above all samples: the network, level by level, and how many samples there are.
pub(super) fn opening<N>(network: &NetworkInfo, summary: &Summary<N>) -> Section {
    let mut lead = network.in_words();
    if let Some(samples) = summary.distinct_samples {
        lead += &format!(", {}", count(samples, "sample"));
    }
    if summary.samples > 1 {
        lead += &format!(", {}", count(summary.samples, summary.noun()));
    }
    let cut = (!network.is_chain()).then(|| Block::Quiet(CUT.to_owned()));
    Section {
        title: network.title(None),
        lead,
        blocks: cut.into_iter().collect(),
        origin: None,
    }
}

/// The checks over all samples and where they fail.
pub(super) fn together<N: Amount>(explanation: &Explanation<N>) -> Vec<Block> {
    let summary = &explanation.summary;
    let all = match summary.samples {
        1 => "the one sample".to_owned(),
        samples => format!("all {} {}s", grouped(samples), summary.noun()),
    };
    let mut blocks = vec![Block::Heading(all)];
    match &summary.completeness {
        Some(completeness) => blocks.push(completeness::total(completeness)),
        None => blocks.extend(Block::checks(
            &explanation.checks,
            every(&explanation.network),
            summary.is_trivial(),
        )),
    }
    let accuracy = summary.labels.and_then(Labels::accuracy);
    blocks.extend(accuracy.map(|words| Block::fact("accuracy", words)));
    let sentences = summary.in_words(&explanation.checks);
    if !sentences.is_empty() {
        blocks.push(Block::Points(sentences));
    }
    blocks
}

/// The samples together, and those that fail by most, in the place of each.
pub(super) fn summary<N: Amount>(explanation: &Explanation<N>) -> Vec<Block> {
    let mut blocks = together(explanation);
    let worst = worst(&explanation.summary, "those that fail by most");
    blocks.extend(worst.map(Block::Table));
    blocks.push(Block::Quiet(EACH.to_owned()));
    blocks
}

/// The first samples, and the first of those that fail.
pub(super) fn shown<N: Amount>(samples: &[Sample<N>]) -> Vec<usize> {
    let failing = (IN_FULL..samples.len()).filter(|&n| !samples[n].keeps_promises());
    (0..samples.len().min(IN_FULL))
        .chain(failing.take(IN_FULL))
        .collect()
}

/// A sample, the `n`-th of the result where it does not say which it is.
pub(super) fn sample<N: Amount>(
    network: &NetworkInfo,
    sample: &Sample<N>,
    n: usize,
    detail: Detail,
) -> SampleDetail {
    let number = called(
        (sample.sample, n),
        [&sample.id, &sample.label],
        detail.numbered,
    );
    let exactly = N::EXACT && sample.target.value.is_short(DIGITS);
    let too_long = N::EXACT && !fractions(sample).all(|number| number.is_short(DIGITS));
    let entries = balance::entries(network, sample).map(Block::Table);
    SampleDetail {
        heading: format!(
            "{}{}",
            headline(number, &sample.target),
            if exactly { ", exactly" } else { "" }
        ),
        remarks: too_long
            .then(|| Block::Quiet(TOO_LONG.to_owned()))
            .into_iter()
            .collect(),
        pictures: pictures(network, sample),
        levels: levels(network, sample, detail),
        checks: checks(network, sample),
        tables: entries
            .into_iter()
            .chain(lost(network, sample, detail.units))
            .collect(),
        sentences: sample
            .interpretation
            .iter()
            .map(|text| printable(text))
            .collect(),
        row: None,
        sample: sample.sample.unwrap_or(n),
    }
}

/// Every level from the output down, with the rule by which its relevance goes on and what its units hand on.
fn levels<N: Amount>(network: &NetworkInfo, sample: &Sample<N>, detail: Detail) -> Vec<Block> {
    let formula = network.gradient.as_ref().map(completeness::formula);
    let mut blocks: Vec<Block> = formula.into_iter().collect();
    let levels = (0..network.layers.len()).rev();
    for l in levels.filter(|&l| !sample.layers[l].unexplained) {
        let most = if l == 0 {
            detail.inputs(network)
        } else {
            detail.units
        };
        blocks.push(Block::Table(level(network, sample, l, most)));
        let steps = network.steps_down(l, &sample.silent);
        if !steps.is_empty() {
            blocks.push(Block::Down(steps));
        }
        let messages = sample.edges.iter().flatten();
        let messages = messages.filter(|messages| messages.layer == l && l > 0);
        blocks.extend(maps(network, sample, l));
        blocks.extend(messages.map(|step| self::messages(network, step, detail.units)));
    }
    blocks
}

/// The numbers of a sample that are shown as fractions.
fn fractions<N>(sample: &Sample<N>) -> impl Iterator<Item = &N> {
    let layers = sample.layers.iter();
    let of_layers = layers.flat_map(|layer| layer.activations.iter().chain(&layer.relevance));
    of_layers.chain([&sample.target.value])
}

/// Of what conservation is asked: of every layer of a chain, of every cut of a graph.
fn every(network: &NetworkInfo) -> &'static str {
    if network.is_chain() { "layer" } else { "cut" }
}

/// The two properties, and beside them how rules and expansions agree, or f64 and fractions.
fn checks<N: Amount>(network: &NetworkInfo, sample: &Sample<N>) -> Vec<Block> {
    if let Some(completeness) = &sample.completeness {
        return vec![completeness::line(completeness)];
    }
    let [mut conservation, positivity] =
        Block::checks(&sample.checks, every(network), !sample.carries_relevance());
    if let Block::Verdict(Verdict {
        figures,
        holds: Some(true),
        ..
    }) = &mut conservation
        && N::EXACT
    {
        let sum = format!(
            "every {} sums to {}",
            every(network),
            sample.target.value.shown()
        );
        *figures = vec![Cell::Words(sum)];
    }
    let mut blocks = vec![conservation, positivity];
    blocks.extend(balance::line(sample));
    blocks.extend(sample.expansion.as_ref().map(expansion));
    if N::EXACT {
        blocks.push(Block::fact("rounding", rounding_in_words([sample])));
    }
    blocks
}

/// How rules and expansions agree, and how many roots lie where no value can.
fn expansion(figures: &ExpansionFigures) -> Block {
    let mut text = format!(
        "rule − expansion: {}; {} outside {} domain",
        figure(figures.largest_difference),
        part(figures.outside_domain, figures.roots, "root"),
        agree(figures.roots, "its", "their"),
    );
    if figures.rootless > 0 {
        text += &format!(", {} without a root", count(figures.rootless, "unit"));
    }
    Block::fact("expansion", text)
}

/// The input beside its relevance where it is an image, and the way of relevance through the network.
fn pictures<N: Amount>(network: &NetworkInfo, sample: &Sample<N>) -> Vec<Block> {
    let mut pictures = Vec::new();
    if let Some(pixels) = image(network) {
        let sample = sample.decimals();
        let layer = &sample.layers[0];
        let summed = pixels.channels > 1;
        pictures.push(Block::Picture(Picture {
            drawing: Drawing::Images(input(pixels, layer)),
            caption: format!(
                "The input, {}, and its relevance by {}, in the unit of f(x): {}{}.",
                pixels.in_words([&layer.activations[..]]),
                network.rules_in_words(),
                colours_in_words(pixels, [layer]),
                if summed {
                    ", summed over the channels"
                } else {
                    ""
                }
            ),
        }));
    }
    if let Some(flow) = sample
        .flow
        .as_ref()
        .filter(|flow| any(flow, |node| node.relevance != 0.0))
    {
        let negative = any(flow, |node| node.relevance < 0.0);
        let lost = any(flow, |node| node.lost != 0.0);
        pictures.push(Block::Picture(Picture {
            drawing: Drawing::Vector(draw::flow(network, flow, sample.target.value.decimal())),
            caption: format!(
                "Relevance on its way from the output to the inputs, by {}, in the unit of f(x): bars and bands are as wide as \
                 what they carry.{}{}",
                network.rules_in_words(),
                if negative { " Orange is positive, purple negative." } else { "" },
                if lost { " Red: lost there, not passed on." } else { "" }
            ),
        }));
    }
    pictures
}

/// Whether any node of a flow is one of these.
fn any(flow: &Flow, is_one: impl Fn(&Node) -> bool) -> bool {
    flow.nodes.iter().flatten().any(is_one)
}

/// What was lost, where and why, the largest first, where that is more than the interpretation says.
fn lost<N: Amount>(network: &NetworkInfo, sample: &Sample<N>, most: usize) -> Option<Block> {
    let order = by_size(sample.lost.len(), |n| sample.lost[n].relevance.decimal());
    let shown = || order.iter().take(most).map(|&n| &sample.lost[n]);
    let unit = |lost: &Lost<N>| Cell::name(network.unit_in_words(lost.layer, lost.unit));
    let mut table = Table::new("lost relevance")
        .with("layer", shown().map(|lost| Cell::count(lost.layer)))
        .with("unit", shown().map(unit))
        .with(
            "how much",
            shown().map(|lost| Cell::number(lost.relevance.decimal())),
        )
        .with("why", shown().map(|lost| Cell::prose(&lost.cause)));
    let more: usize = sample.lost_more.iter().map(|more| more.units).sum();
    let rest = sample.lost.len().saturating_sub(most) + more;
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more unit")));
    (sample.lost.len() + more > LOST_SAID).then_some(Block::Table(table))
}
