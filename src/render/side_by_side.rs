//! Explanations under several rules laid out beside one another, for every format.

use super::document::{Block, Drawing, Picture, SampleDetail, Section};
use super::explanation::{self, Detail, ON_A_PAGE, shown};
use super::gallery::{gallery, image, worst};
use super::pictures;
use super::table::{Cell, Table};
use super::{balance, balances};
use crate::interpretation::names::{called, headline};
use crate::interpretation::numbers::figure;
use crate::measure::top;
use crate::printable::printable;
use crate::result::{
    Amount, Apart, Explanations, Labels, NetworkInfo, Sample, SampleAgreement, input_parts, pairs,
};
use crate::words::{count, grouped};

const INPUTS: &str = "Only the inputs are shown. --rule with one rule shows every layer.";

/// A page: the rules beside one another, then each on its own.
pub(super) fn sections<N: Amount>(all: &Explanations<N>) -> Vec<Section> {
    let each = all.explanations.iter().map(|one| {
        let mut section = explanation::section(one);
        section.title = format!("{} under {}", section.title, printable(one.rule_name()));
        section
    });
    [section(all)].into_iter().chain(each).collect()
}

/// What a page of them is called.
pub(super) fn title<N: Amount>(all: &Explanations<N>) -> String {
    let network = &all.explanations[0].network;
    let rules = count(all.explanations.len(), "rule");
    format!("{} under {rules}", network.title(all.made_by.as_ref()))
}

/// The rules beside one another.
fn section<N: Amount>(all: &Explanations<N>) -> Section {
    let samples = all.samples();
    let first = &all.explanations[0];
    let network = &first.network;
    let mut section = opening(all);
    "The rules side by side".clone_into(&mut section.title);
    section.origin.clone_from(&all.made_by);
    let shown = shown(&first.samples);
    if samples > 1 {
        let each = all.explanations.iter();
        let by_rule: Vec<_> = each
            .map(|one| (one.rule_name(), &one.samples[..]))
            .collect();
        section.blocks.extend(concluded(all));
        section.blocks.push(Block::Gallery(gallery(
            network,
            &by_rule,
            all.noun(),
            &shown,
        )));
    }
    let detail = Detail {
        units: ON_A_PAGE,
        below_image: ON_A_PAGE,
        numbered: samples > 1,
    };
    for &n in &shown {
        let by_rule = all.explanations.iter().map(|one| &one.samples[n]);
        let by_rule: Vec<&Sample<N>> = by_rule.collect();
        let agreement = &all.agreement.samples[n];
        let mut sample_detail = sample(network, &all.rules(), &by_rule, agreement, n, detail);
        if samples == 1 {
            sample_detail
                .sentences
                .extend(all.interpretation.iter().cloned());
        }
        sample_detail.row = detail.numbered.then_some(n);
        sample_detail.sample = by_rule[0].sample.unwrap_or(n);
        section.blocks.push(Block::SampleDetail(sample_detail));
    }
    if shown.len() < samples {
        section.blocks.push(Block::Text(format!(
            "{} more: explain --format json has all of each.",
            count(samples - shown.len(), all.noun())
        )));
    }
    section
}

/// What stands above all samples.
fn opening<N: Amount>(all: &Explanations<N>) -> Section {
    let first = &all.explanations[0];
    let mut section = explanation::opening(&first.network, &first.summary);
    section.lead += &format!(", {}", count(all.explanations.len(), "rule"));
    let setting = all.setting().into_iter();
    section.blocks = setting
        .map(|words| Block::Quiet(printable(&words)))
        .collect();
    section
}

/// The same for a text, which shows nothing but the inputs.
pub(super) fn opening_of_text<N: Amount>(all: &Explanations<N>) -> Section {
    let mut section = opening(all);
    section.blocks.push(Block::Quiet(INPUTS.to_owned()));
    section
}

/// One sample under every rule, the `n`-th of the result where it does not say which it is.
pub(super) fn sample<N: Amount>(
    network: &NetworkInfo,
    rules: &[&str],
    by_rule: &[&Sample<N>],
    agreement: &SampleAgreement,
    n: usize,
    detail: Detail,
) -> SampleDetail {
    let first = by_rule[0];
    let number = called(
        (first.sample, n),
        [&first.id, &first.label],
        detail.numbered,
    );
    let mut blocks = vec![Block::Table(inputs(
        network,
        rules,
        by_rule,
        detail.inputs(network),
    ))];
    blocks.extend(balances::sums(rules, by_rule).map(Block::Table));
    blocks.extend(balances::completeness(rules, by_rule).map(Block::Table));
    let faults = by_rule.iter().filter(|sample| !sample.is_balanced());
    blocks.extend(expansions(rules, by_rule).map(Block::Table));
    if rules.len() > 2 {
        let title = "cosine between R of the inputs";
        blocks.push(Block::Table(cosines(title, rules, &agreement.cosines)));
    }
    if !agreement.inputs.is_empty() {
        blocks.push(Block::Table(apart(network, rules, &agreement.inputs)));
    }
    SampleDetail {
        heading: headline(number, &first.target),
        pictures: pictures(network, rules, by_rule).into_iter().collect(),
        levels: blocks,
        checks: faults.filter_map(|sample| balance::line(sample)).collect(),
        sentences: agreement
            .interpretation
            .iter()
            .map(|text| printable(text))
            .collect(),
        ..SampleDetail::default()
    }
}

/// What there is to say of all samples together.
pub(super) fn together<N: Amount>(all: &Explanations<N>) -> Vec<Block> {
    let sentences = Block::interpretation(Block::Subheading, &all.interpretation);
    [of_all(all), means(all), sentences.to_vec()].concat()
}

/// The same from its conclusion on.
fn concluded<N: Amount>(all: &Explanations<N>) -> Vec<Block> {
    let sentences = all.interpretation.iter().map(|text| printable(text));
    [
        of_all(all),
        vec![Block::Points(sentences.collect())],
        means(all),
    ]
    .concat()
}

/// How many samples there are, and how many the network has right.
fn of_all<N: Amount>(all: &Explanations<N>) -> Vec<Block> {
    let (samples, noun) = (grouped(all.samples()), all.noun());
    let heading = Block::Heading(format!("all {samples} {noun}s"));
    let labels = all.explanations[0].summary.labels;
    let accuracy = labels.and_then(Labels::accuracy);
    let accuracy = accuracy.map(|words| Block::fact("accuracy", words));
    [heading].into_iter().chain(accuracy).collect()
}

/// The tables of means over the samples.
fn means<N: Amount>(all: &Explanations<N>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(balances::means(all).map(Block::Table));
    blocks.extend(balances::mean_completeness(&all.completeness).map(Block::Table));
    if all.explanations.len() > 2 {
        let means: Vec<Option<f64>> = all.agreement.pairs.iter().map(|pair| pair.cosine).collect();
        let title = "mean cosine between R of the inputs";
        blocks.push(Block::Table(cosines(title, &all.rules(), &means)));
    }
    blocks
}

/// The samples together, and under each rule those that fail by most, in the place of each.
pub(super) fn summary<N: Amount>(all: &Explanations<N>) -> Vec<Block> {
    let mut blocks = together(all);
    for one in &all.explanations {
        let title = format!("those that fail by most under {}", one.rule_name());
        blocks.extend(worst(&one.summary, &title).map(Block::Table));
    }
    blocks.push(Block::Quiet(explanation::EACH.to_owned()));
    blocks
}

/// The most relevant inputs with a column a rule.
fn inputs<N: Amount>(
    network: &NetworkInfo,
    rules: &[&str],
    by_rule: &[&Sample<N>],
    most: usize,
) -> Table {
    let parts: Vec<Vec<f64>> = by_rule.iter().map(|sample| input_parts(sample)).collect();
    let units = network.layers[0].units;
    let largest = |input: usize| {
        let each = parts.iter().map(|parts| parts[input].abs());
        each.fold(0.0, f64::max)
    };
    let shown = top(units, most, largest);
    let of = |numbers: &[N]| -> Vec<Cell> {
        shown
            .iter()
            .map(|&i| balances::amount(&numbers[i]))
            .collect()
    };
    let names = shown.iter().map(|&i| Cell::name(network.label(0, i)));
    let mut table = Table::new("relevance of the inputs").with("input", names);
    table = table.with_numbers("value", of(&by_rule[0].layers[0].activations));
    for (rule, sample) in rules.iter().zip(by_rule) {
        table = table.with_numbers(&printable(rule), of(&sample.layers[0].relevance));
    }
    table.kept = 2;
    let rest = units - shown.len();
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more input")));
    table
}

/// How the rules agree two by two: a square of cosines below its diagonal.
fn cosines(title: &str, rules: &[&str], cosines: &[Option<f64>]) -> Table {
    let names = rules.iter().map(Cell::name);
    let mut table = Table::new(title).with("rule", names);
    table.kept = 1;
    for (column, rule) in rules[..rules.len() - 1].iter().enumerate() {
        let cell = |row: usize| {
            let mut places = pairs(rules.len()).zip(cosines);
            let found = places.find(|(pair, _)| *pair == (column, row));
            match found {
                Some((_, &cosine)) => Cell::maybe(cosine, Cell::decimals),
                None => Cell::Words(String::new()),
            }
        };
        table = table.with(&printable(rule), (0..rules.len()).map(cell));
    }
    table
}

/// The inputs on which the rules disagree most: their parts of Σ|R|.
fn apart(network: &NetworkInfo, rules: &[&str], inputs: &[Apart]) -> Table {
    let names = inputs
        .iter()
        .map(|one| Cell::name(network.label(0, one.input)));
    let mut table = Table::new("where the rules disagree most")
        .with("input", names)
        .with("apart", inputs.iter().map(|one| Cell::share(one.apart)));
    for (place, rule) in rules.iter().enumerate() {
        let parts = inputs.iter().map(|one| Cell::share(one.parts[place]));
        table = table.with(&printable(rule), parts);
    }
    table.note = vec![Cell::words("(parts of Σ|R|)")];
    table.kept = 2;
    table
}

/// How each rule agrees with the Taylor expansions behind it, where that was asked for.
fn expansions<N: Amount>(rules: &[&str], by_rule: &[&Sample<N>]) -> Option<Table> {
    let figures: Vec<_> = by_rule
        .iter()
        .map(|sample| sample.expansion.as_ref())
        .collect();
    let each = || figures.iter().flatten();
    let is_there =
        |(rule, figures): (&&str, &Option<_>)| figures.is_some().then(|| Cell::name(rule));
    let names = rules.iter().zip(&figures).filter_map(is_there);
    each().next()?;
    let mut table = Table::new("the Taylor expansions behind the rules")
        .with("rule", names)
        .with(
            "rule − expansion",
            each().map(|one| Cell::words(figure(one.largest_difference))),
        )
        .with("roots", each().map(|one| Cell::count(one.roots)))
        .with(
            "outside domain",
            each().map(|one| Cell::count(one.outside_domain)),
        )
        .with(
            "without a root",
            each().map(|one| Cell::count(one.rootless)),
        );
    table.kept = 1;
    Some(table)
}

/// The input beside its relevance under each rule, where it is an image.
fn pictures<N: Amount>(
    network: &NetworkInfo,
    rules: &[&str],
    by_rule: &[&Sample<N>],
) -> Option<Block> {
    let pixels = image(network)?;
    let decimals: Vec<_> = by_rule.iter().map(|sample| sample.decimals()).collect();
    let layers = decimals.iter().map(|sample| &sample.layers[0]);
    let names = rules.iter().map(|rule| printable(rule));
    Some(Block::Picture(Picture {
        drawing: Drawing::Images(pictures::inputs(
            pixels,
            &names.zip(layers).collect::<Vec<_>>(),
        )),
        caption: format!(
            "The input, {}, and its relevance under each rule: {}, each up to its own largest |R|.",
            pixels.in_words([&decimals[0].layers[0].activations[..]]),
            pictures::colours_in_words(pixels, decimals.iter().map(|sample| &sample.layers[0]))
        ),
    }))
}
