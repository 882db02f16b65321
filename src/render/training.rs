//! The document of a training.

use super::document::{Block, Picture, Section};
use super::drawings::{self, Series, Shown};
use super::table::{Cell, Table};
use crate::interpretation::numbers::{figure, percent};
use crate::printable::printable;
use crate::render::pictures::scale;
use crate::result::column::Column;
use crate::result::training::{NETWORK, PROPERTIES, relevance_columns};
use crate::result::{RuleFigures, StepFigures, Training};
use crate::words::{count, grouped, plural};

pub(super) fn section(training: &Training) -> Section {
    let (setting, steps) = (&training.setting, &training.steps);
    let mut blocks: Vec<Block> = (setting.notes.iter())
        .map(|note| Block::Quiet(printable(note)))
        .collect();
    let unexplained = |step: &StepFigures| step.unexplained.images == training.explained;
    if steps.iter().all(unexplained) {
        blocks.push(Block::Text("There is no relevance to check.".to_owned()));
    } else {
        blocks.extend(Block::checks(&training.checks, false));
    }
    let scales: Vec<f64> = (0..training.digits.len())
        .map(|d| scale(training, d))
        .collect();
    blocks.push(Block::Steps(
        (0..steps.len())
            .map(|at| step(training, at, &scales))
            .collect(),
    ));
    let each: Vec<&StepFigures> = steps.iter().collect();
    blocks.push(Block::Table(by_step(
        training,
        "the network",
        &NETWORK,
        &each,
    )));
    let learned = NETWORK.iter().filter(|figure| figure.chief);
    blocks.extend(learned.map(|figure| curve(training, figure, [("", each.clone())])));
    let columns = relevance_columns(setting.subject);
    let rules = rules(training);
    let images = count(training.explained, setting.subject.sample());
    for (n, (name, each)) in rules.iter().enumerate() {
        let title = format!("relevance under {name}");
        let table = by_step(training, &title, &columns, each);
        blocks.push(Block::Table(if n + 1 < rules.len() {
            table.without_legends()
        } else {
            table
        }));
        let title = format!("the two properties under {name}, of {images}");
        blocks.push(Block::Aside(by_step(training, &title, &PROPERTIES, each)));
        blocks.extend(flipping_in_numbers(training, name, each));
    }
    blocks.push(Block::Quiet(chance(training)));
    let charted = columns.iter().filter(|figure| figure.chief);
    blocks.extend(charted.map(|figure| {
        let rules = rules
            .iter()
            .map(|(name, each)| (name.as_str(), each.clone()));
        curve(training, figure, rules)
    }));
    blocks.extend(Block::interpretation(&training.interpretation));
    Section {
        title: format!("Training {}", printable(&setting.layers)),
        lead: printable(&format!(
            "{}; {}; {} explained, each for its own class",
            setting.data,
            setting.in_words(),
            count(
                training.explained,
                &format!("held-out {}", setting.subject.sample())
            )
        )),
        blocks,
        origin: training.made_by.clone(),
    }
}

/// Every rule by its name, with its figures at each step.
fn rules(training: &Training) -> Vec<(String, Vec<&RuleFigures>)> {
    let first = training.steps.first();
    let names = first
        .into_iter()
        .flat_map(|step| &step.rules)
        .map(|rule| printable(&rule.rule));
    let at = |n: usize| {
        training
            .steps
            .iter()
            .filter_map(move |step| step.rules.get(n))
    };
    names
        .enumerate()
        .map(|(n, name)| (name, at(n).collect()))
        .collect()
}

/// A table with a row a step.
fn by_step<'c, T: 'c>(
    training: &Training,
    title: &str,
    columns: impl IntoIterator<Item = &'c Column<T>>,
    each: &[&T],
) -> Table {
    let steps = training.steps.iter().map(|step| Cell::count(step.step));
    Table::new(title)
        .with("step", steps)
        .figures_of(columns, each, 0)
}

/// What the shares would be if every pixel had the same.
fn chance(training: &Training) -> String {
    let (chance, subject) = (training.chance, training.setting.subject);
    format!(
        "Chance: {}, {}; border {}, the part of the {} that are always 0.",
        percent(chance.ink_share),
        subject.chance(),
        percent(chance.border_share),
        plural(subject.pixel()),
    )
}

/// The numbers of the steps.
fn steps_of(training: &Training) -> Vec<String> {
    training
        .steps
        .iter()
        .map(|step| grouped(step.step))
        .collect()
}

/// The digits and the flipping curves of one step.
fn step(training: &Training, at: usize, scales: &[f64]) -> (String, Vec<Block>) {
    let (step, shown) = (&training.steps[at], training.setting.subject.shown());
    let label = format!(
        "step {}: accuracy {}",
        grouped(step.step),
        percent(step.accuracy)
    );
    let mut blocks = vec![Block::Picture(Picture {
        drawing: images(training, step, scales),
        caption: format!(
            "Each {shown} and its relevance: the part of one {} in Σ|R|, white 0, orange positive, purple negative, one \
             scale a {shown} over all steps and rules.",
            training.setting.subject.pixel()
        ),
        tells: false,
    })];
    blocks.push(Block::Aside(digits(training, step)));
    blocks.extend(step.rules.iter().filter_map(flipping));
    (label, blocks)
}

/// A group of images a digit: itself, then its relevance under each rule.
fn images(training: &Training, step: &StepFigures, scales: &[f64]) -> maud::Markup {
    let [height, width] = training.shape;
    let sides = (height, width);
    let name = |class: usize| printable(&training.setting.class(class));
    let groups = training.digits.iter().enumerate().map(|(d, digit)| {
        let ink: Vec<f64> = digit.pixels.iter().map(|&x| f64::from(x)).collect();
        let said = step.rules.first().map_or_else(String::new, |rule| {
            let shown = &rule.digits[d];
            format!(", says {}, f = {}", name(shown.predicted), figure(shown.f))
        });
        let class = name(digit.class);
        let alt = format!("a held-out {class}");
        let first = Shown::values(sides, &ink, (alt, format!("a {class}{said}")));
        let under = step.rules.iter().map(|rule| {
            let name = printable(&rule.rule);
            let ink = rule.digits[d].ink_share;
            let ink = ink.map_or_else(String::new, |ink| format!(", {} on ink", percent(ink)));
            let alt = format!("its relevance under {name} at step {}", grouped(step.step));
            Shown::parts(
                sides,
                &rule.digits[d].relevance,
                scales[d],
                (alt, format!("{name}{ink}")),
            )
        });
        std::iter::once(first).chain(under).collect::<Vec<Shown>>()
    });
    drawings::images(&groups.collect::<Vec<_>>(), false)
}

/// What the network says of the digits that are shown.
fn digits(training: &Training, step: &StepFigures) -> Table {
    let (setting, shown) = (&training.setting, training.setting.subject.shown());
    let class = |class: usize| Cell::words(setting.class(class));
    let first = step.rules.first();
    let said = first.into_iter().flat_map(|rule| &rule.digits);
    let table = Table::new(format!(
        "the {} at step {}",
        plural(shown),
        grouped(step.step)
    ))
    .with(
        shown,
        training.digits.iter().map(|digit| class(digit.class)),
    )
    .with("says", said.clone().map(|digit| class(digit.predicted)))
    .with("f(x)", said.map(|digit| Cell::number(digit.f)));
    let with = |table: Table, rule: &RuleFigures| {
        let ink = rule
            .digits
            .iter()
            .map(|digit| Cell::maybe(digit.ink_share, Cell::share));
        table.with(
            &format!("{} on {}", printable(&rule.rule), setting.subject.ink()),
            ink,
        )
    };
    step.rules.iter().fold(table, with)
}

fn flipping(rule: &RuleFigures) -> Option<Block> {
    let (first, random) = (rule.flipping.as_ref()?, rule.random_flipping.as_ref()?);
    let batches: Vec<String> = (0..first.len()).map(|n| n.to_string()).collect();
    let series =
        [("most relevant first", first), ("random order", random)].map(|(name, values)| Series {
            name: name.to_owned(),
            values: values.iter().copied().map(Some).collect(),
        });
    let title = format!("pixel flipping under {}", printable(&rule.rule));
    Some(Block::Picture(Picture {
        drawing: drawings::curves(&title, "batches of pixels set to 0", &batches, &series),
        caption: format!(
            "{title}: what is left of f. Area over the curve {}, in random order {}.",
            rule.flipping_area.map_or_else(|| "–".to_owned(), figure),
            rule.random_area.map_or_else(|| "–".to_owned(), figure)
        ),
        tells: true,
    }))
}

/// The flipping curves of a rule in numbers, a column a step.
fn flipping_in_numbers(training: &Training, name: &str, each: &[&RuleFigures]) -> Option<Block> {
    let steps = training.steps.iter().zip(each);
    let curves: Vec<(usize, &Vec<f64>)> = steps
        .filter_map(|(step, rule)| Some((step.step, rule.flipping.as_ref()?)))
        .collect();
    let batches = curves.iter().map(|(_, curve)| curve.len()).max()?;
    let title = format!("what is left of f under {name}, the most relevant pixels gone first");
    let table = Table::new(title).with("batches gone", (0..batches).map(Cell::count));
    let with = |table: Table, (step, curve): &(usize, &Vec<f64>)| {
        let left = (0..batches).map(|n| Cell::maybe(curve.get(n).copied(), Cell::number));
        table.with(&format!("step {step}"), left)
    };
    Some(Block::Aside(curves.iter().fold(table, with)))
}

/// A figure over the steps, a line for each name.
fn curve<'t, T: 't>(
    training: &Training,
    figure: &Column<T>,
    lines: impl IntoIterator<Item = (&'t str, Vec<&'t T>)>,
) -> Block {
    let value = |entry: &T| Some((figure.value)(entry)?.number());
    let series: Vec<Series> = lines
        .into_iter()
        .map(|(name, each)| Series {
            name: if name.is_empty() { figure.title } else { name }.to_owned(),
            values: each.into_iter().map(value).collect(),
        })
        .collect();
    let (title, legend) = (figure.title, &figure.legend);
    Block::Picture(Picture {
        drawing: drawings::curves(title, "step", &steps_of(training), &series),
        caption: format!("{title}: {legend}; the listed steps stand at equal distances."),
        tells: true,
    })
}
