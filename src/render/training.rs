//! The document of a training.

use super::document::{Block, Drawing, Picture, Section};
use super::drawings::{self, Chart, Series};
use super::pictures::{self, ColourBar, Image, Images, Pixels, Tile};
use super::table::{Cell, Table, titles};
use crate::interpretation::numbers::{figure, percent};
use crate::measure::parts_of_size;
use crate::printable::printable;
use crate::result::training::{NETWORK, PROPERTIES, RelevanceFigure, relevance_columns};
use crate::result::{RuleFigures, StepFigures, Training};
use crate::words::{count, grouped, plural};

/// The figures that are drawn over the steps.
const CURVES: [&str; 7] = [
    "accuracy",
    "loss",
    "ink_share",
    "border_share",
    "effective_pixels",
    "cosine_last",
    "flipping_area",
];

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
    let all_unexplained = |step: &StepFigures| step.unexplained.images == training.explained;
    if training.steps.iter().all(all_unexplained) {
        blocks.push(Block::Text("There is no relevance to check.".to_owned()));
    } else {
        blocks.push(Block::Heading("checks".to_owned()));
        blocks.extend(Block::checks(&training.checks, "layer", false));
    }
    let scales: Vec<f64> = (0..training.digits.len())
        .map(|d| training.largest_part(d))
        .collect();
    let steps = (0..training.steps.len()).map(|at| step(training, at, &scales));
    blocks.push(Block::Steps(steps.collect()));
    let each: Vec<&StepFigures> = training.steps.iter().collect();
    let network = table(training, "the network".to_owned()).figures(&NETWORK, &each, 0);
    blocks.push(Block::Table(network));
    let learned = NETWORK
        .iter()
        .filter(|figure| CURVES.contains(&figure.key))
        .map(|figure| {
            let series = Series {
                name: figure.title.to_owned(),
                values: each
                    .iter()
                    .map(|step| Some((figure.value)(step)?.number()))
                    .collect(),
            };
            curves(training, figure.long_title, &figure.legend, &[series])
        });
    blocks.extend(learned);
    for n in 0..rules(training) {
        blocks.extend(under_rule(training, n, &columns));
        blocks.extend(curves_of(training, n));
    }
    blocks.push(Block::Quiet(chance(training)));
    blocks.push(Block::Legend(titles(columns.iter()), ""));
    let charted = columns.iter().filter(|figure| CURVES.contains(&figure.key));
    blocks.extend(charted.map(|figure| curve(training, figure)));
    blocks.extend(Block::interpretation(
        Block::Heading,
        &training.interpretation,
    ));
    Section {
        title: format!("Training {}", printable(&setting.layers)),
        lead: String::new(),
        blocks,
        origin: training.made_by.clone(),
    }
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
        drawing: Drawing::Images(images(training, step, scales)),
        caption: format!(
            "Each {shown} and its relevance: the part of one {} in Σ|R|, white 0, orange positive, purple negative, one \
             scale a {shown} over all steps and rules.",
            training.setting.subject.pixel()
        ),
    })];
    blocks.push(Block::Folded(digits(training, step)));
    blocks.extend(step.rules.iter().filter_map(flipping));
    (label, blocks)
}

/// A group of images a digit: itself, then its relevance under each rule.
fn images(training: &Training, step: &StepFigures, scales: &[f64]) -> Images {
    let [height, width] = training.shape;
    let pixels = Pixels::grey(height, width);
    let name = |class: usize| printable(&training.setting.class(class));
    let scale = pictures::scale(training);
    let bar = ColourBar::labelled(scale, "part of Σ|R|", "largest part");
    let groups = training.digits.iter().enumerate().map(|(d, digit)| {
        let ink: Vec<f64> = digit.pixels.iter().map(|&x| f64::from(x)).collect();
        let said = step.rules.first().map_or_else(String::new, |rule| {
            let shown = &rule.digits[d];
            format!(", says {}, f = {}", name(shown.predicted), figure(shown.f))
        });
        let class = name(digit.class);
        let alt = format!("a held-out {class}");
        let first = Image {
            tile: Tile::values(pixels, &ink),
            alt,
            text: format!("a {class}{said}"),
        };
        let under = step.rules.iter().map(|rule| {
            let name = printable(&rule.rule);
            let ink = rule.digits[d].ink_share;
            let ink = ink.map_or_else(String::new, |ink| format!(", {} on ink", percent(ink)));
            let alt = format!("its relevance under {name} at step {}", grouped(step.step));
            let parts = parts_of_size(&rule.digits[d].relevance);
            Image {
                tile: Tile::scaled(pixels, &parts, scale.up_to(scales[d])),
                alt,
                text: format!("{name}{ink}"),
            }
        });
        std::iter::once(first).chain(under).collect::<Vec<Image>>()
    });
    Images {
        groups: groups.collect(),
        large: false,
        bar: Some(bar),
    }
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
        drawing: Drawing::Vector(drawings::curves(&Chart {
            name: "flipping",
            title: &title,
            along: "batches of pixels set to 0",
            places: &batches,
            series: &series,
            shown: figure,
            beside: true,
        })),
        caption: format!(
            "{title}: what is left of f. Area over the curve {}, in random order {}.",
            rule.flipping_area.map_or_else(|| "–".to_owned(), figure),
            rule.random_area.map_or_else(|| "–".to_owned(), figure)
        ),
    }))
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

/// A figure over the steps, a line a rule.
fn curve(training: &Training, figure: &RelevanceFigure) -> Block {
    let of = |step: &StepFigures, n: usize| Some((figure.value)(&step.rules[n])?.number());
    let series: Vec<Series> = (0..rules(training))
        .map(|n| Series {
            name: name(training, n),
            values: training.steps.iter().map(|step| of(step, n)).collect(),
        })
        .collect();
    curves(training, figure.long_title, &figure.legend, &series)
}

/// Figures over the steps.
fn curves(training: &Training, title: &str, legend: &str, series: &[Series]) -> Block {
    Block::Picture(Picture {
        drawing: Drawing::Vector(drawings::curves(&Chart {
            name: title,
            title,
            along: "step",
            places: &steps_of(training),
            series,
            shown: figure,
            beside: true,
        })),
        caption: format!("{title}: {legend}; the listed steps stand at equal distances."),
    })
}
