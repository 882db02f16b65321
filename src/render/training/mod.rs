//! The document of a training.

mod charts;
mod images;

use super::document::{Block, Drawing, Picture, Section};
use super::pictures::ContactSheet;
use super::table::{Cell, Table, titles};
use crate::interpretation::numbers::percent;
use crate::printable::printable;
use crate::result::training::{NETWORK, PROPERTIES, RelevanceFigure, relevance_columns};
use crate::result::{RuleFigures, StepFigures, Training};
use crate::words::{count, grouped, plural};

pub(crate) fn section(training: &Training) -> Section {
    let setting = &training.setting;
    let columns = relevance_columns(setting.subject);
    let facts = format!(
        "{}; {}; {} explained, each for its own class.",
        setting.data,
        setting.in_words(),
        count(
            training.explained,
            &format!("held-out {}", setting.subject.sample())
        )
    );
    let notes = [&facts].into_iter().chain(&setting.notes);
    let mut blocks: Vec<Block> = notes.map(|note| Block::Quiet(printable(note))).collect();
    blocks.push(Block::findings(&training.interpretation));
    let all_unexplained = |step: &StepFigures| step.unexplained.images == training.explained;
    if training.steps.iter().all(all_unexplained) {
        blocks.push(Block::Text("There is no relevance to check.".to_owned()));
    } else {
        blocks.push(Block::Heading("checks".to_owned()));
        blocks.extend(Block::checks(&training.checks, "layer", false));
    }
    blocks.extend(shown(training));
    blocks.extend(charts::over_steps(training));
    let each: Vec<&StepFigures> = training.steps.iter().collect();
    let network = table(training, "the network".to_owned()).figures(&NETWORK, &each, 0);
    blocks.push(Block::Table(network));
    for n in 0..rules(training) {
        blocks.extend(under_rule(training, n, &columns));
        blocks.extend(curves_of(training, n));
    }
    blocks.push(Block::Quiet(chance(training)));
    blocks.push(Block::Legend(titles(columns.iter()), ""));
    let interpretation = Block::interpretation(Block::Heading, &training.interpretation);
    blocks.push(Block::InText(interpretation.into()));
    Section {
        title: format!("Training {}", printable(&setting.layers)),
        lead: String::new(),
        blocks,
        origin: training.made_by.clone(),
    }
}

/// The images: every step beside the others, then one at a time.
fn shown(training: &Training) -> [Block; 2] {
    let sheet = ContactSheet::new(training);
    let subject = training.setting.subject;
    let (shown, pixel) = (subject.shown(), subject.pixel());
    let every = Block::Picture(Picture {
        drawing: Drawing::Contact(sheet.clone()),
        caption: format!(
            "Every step beside the others: the part that each {pixel} has in Σ|R|, on one scale over all steps for a \
             {shown} under a rule. ×: the network says another class. f(x) = 0: there is nothing to explain.",
        ),
    });
    let step = |(n, step): (usize, &StepFigures)| {
        let accuracy = percent(step.accuracy);
        let label = format!("step {}: accuracy {accuracy}", grouped(step.step));
        let images = Block::Picture(Picture {
            drawing: images::at(&sheet, n, step),
            caption: format!(
                "Each {shown} and its relevance at step {}, on the same scales.",
                grouped(step.step)
            ),
        });
        let table = Block::Folded(digits(training, step));
        let flipping = charts::flipping(step, &plural(pixel));
        (label, [images, table].into_iter().chain(flipping).collect())
    };
    [
        every,
        Block::Steps(training.steps.iter().enumerate().map(step).collect()),
    ]
}

/// Relevance under the n-th rule, and how the two properties fare.
fn under_rule(training: &Training, n: usize, columns: &[RelevanceFigure]) -> [Block; 2] {
    let steps = training.steps.iter();
    let each: Vec<&RuleFigures> = steps.filter_map(|step| step.rules.get(n)).collect();
    let name = name(training, n);
    let of = |caption: String, columns: &[RelevanceFigure]| {
        table(training, caption).figures(columns, &each, 0)
    };
    let images = count(training.explained, training.setting.subject.sample());
    let properties = format!("the two properties under {name}, of {images}");
    [
        Block::Table(of(format!("relevance under {name}"), columns)),
        Block::Folded(of(properties, &PROPERTIES)),
    ]
}

/// What the shares would be if every pixel had the same.
fn chance(training: &Training) -> String {
    let (chance, subject) = (training.chance, training.setting.subject);
    format!(
        "Chance: {} {}, {}; border {}, the part of the {} that are always 0.",
        subject.high(),
        percent(chance.ink_share),
        subject.chance(),
        percent(chance.border_share),
        plural(subject.pixel()),
    )
}

fn rules(training: &Training) -> usize {
    training.steps.first().map_or(0, |step| step.rules.len())
}

/// The n-th rule, which is the same at every step.
fn name(training: &Training, n: usize) -> String {
    let first = training.steps.first();
    first.map_or_else(String::new, |step| printable(&step.rules[n].rule))
}

/// A table with a row a step.
fn table(training: &Training, caption: String) -> Table {
    Table::new(caption).with(
        "step",
        training.steps.iter().map(|step| Cell::count(step.step)),
    )
}

/// What the network says of the digits that are shown.
fn digits(training: &Training, step: &StepFigures) -> Table {
    let shown = training.setting.subject.shown();
    let class = |class: usize| Cell::words(training.setting.class(class));
    let first = step.rules.first().map_or(&[][..], |rule| &rule.digits);
    let mut table = Table::new(format!(
        "the {} at step {}",
        plural(shown),
        grouped(step.step)
    ))
    .with(
        shown,
        training.digits.iter().map(|digit| class(digit.class)),
    )
    .with("says", first.iter().map(|digit| class(digit.predicted)))
    .with("f(x)", first.iter().map(|digit| Cell::number(digit.f)));
    for rule in &step.rules {
        let title = format!("{} on ink", printable(&rule.rule));
        let ink = rule
            .digits
            .iter()
            .map(|digit| Cell::maybe(digit.ink_share, Cell::share));
        table = table.with(&title, ink);
    }
    table
}

/// The flipping curves of a rule in numbers, a column a step.
fn curves_of(training: &Training, n: usize) -> Option<Block> {
    let curves = || {
        let steps = training.steps.iter();
        steps.filter_map(|step| Some((step.step, step.rules[n].flipping.as_ref()?)))
    };
    let batches = curves().map(|(_, curve)| curve.len()).max()?;
    let name = name(training, n);
    let title = format!("what is left of f under {name}, the most relevant pixels gone first");
    let mut table = Table::new(title).with(
        "batches gone",
        (0..batches).map(|n| Cell::Words(n.to_string())),
    );
    for (step, curve) in curves() {
        let left = (0..batches).map(|batch| Cell::maybe(curve.get(batch).copied(), Cell::number));
        table = table.with(&format!("step {step}"), left);
    }
    Some(Block::Folded(table))
}
