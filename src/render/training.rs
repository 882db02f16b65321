//! The document of a training.

use super::document::{Block, Cell, Picture, Section, Table, titles};
use super::drawings::{self as draw, Series, Shown};
use crate::interpretation::numbers::{figure, percent};
use crate::printable::printable;
use crate::render::pictures::scale;
use crate::result::{DigitInfo, RuleFigures, StepFigures, Subject, Training};
use crate::words::{count, grouped};

/// A figure of the network over the steps.
type Learned = (&'static str, fn(&StepFigures) -> f64);

/// A figure of a rule over the steps.
type Charted = (&'static str, fn(&RuleFigures) -> Option<f64>);

const CHARTED: [Charted; 5] = [
    ("share of relevance on ink", |rule| rule.ink_share),
    ("share on the pixels that are always 0", |rule| {
        rule.border_share
    }),
    ("effective pixels", |rule| rule.effective_pixels),
    ("cosine with the last listed step", |rule| rule.cosine_last),
    ("area over the flipping curve", |rule| rule.flipping_area),
];

pub(crate) fn section(training: &Training) -> Section {
    let setting = &training.setting;
    let facts = format!(
        "{}; {}; {} explained, each for its own class.",
        setting.data,
        setting.in_words(),
        count(
            training.explained,
            &format!("held-out {}", setting.subject.sample())
        )
    );
    let mut blocks = vec![Block::Text(printable(&facts))];
    blocks.extend((setting.notes.iter()).map(|note| Block::Text(printable(note))));
    blocks.extend(Block::checks(training.checks, false));
    blocks.push(Block::Heading("Relevance, step by step".to_owned()));
    let scales: Vec<f64> = (0..training.digits.len())
        .map(|d| scale(training, d))
        .collect();
    blocks.push(Block::Steps(
        (0..training.steps.len())
            .map(|at| step(training, at, &scales))
            .collect(),
    ));
    blocks.push(Block::Heading("The network".to_owned()));
    blocks.push(Block::Table(network(training)));
    blocks.extend(learning(training));
    blocks.push(Block::Heading("The relevance".to_owned()));
    blocks.push(Block::Text(format!(
        "Chance: {} of the {}s are {}, {} always 0.",
        percent(training.chance.ink_share),
        setting.subject.pixel(),
        match setting.subject {
            Subject::Table => "above 0.1",
            Subject::Digits | Subject::Images => "ink",
        },
        percent(training.chance.border_share)
    )));
    for n in 0..rules(training) {
        blocks.push(Block::Table(relevance(training, n)));
        blocks.push(Block::Table(properties(training, n)));
        blocks.extend(curves_of(training, n));
    }
    blocks.extend(CHARTED.iter().map(|charted| curve(training, *charted)));
    blocks.extend(Block::reading(&training.interpretation));
    Section {
        title: format!("Training {}", printable(&setting.layers)),
        blocks,
        origin: training.made_by.clone(),
    }
}

fn rules(training: &Training) -> usize {
    training.steps.first().map_or(0, |step| step.rules.len())
}

/// The n-th rule, which is the same at every step.
fn name(training: &Training, n: usize) -> String {
    let first = training.steps.first();
    first.map_or_else(String::new, |step| printable(&step.rules[n].rule))
}

fn steps(training: &Training) -> Vec<String> {
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
    blocks.push(Block::Folded(digits(training, step)));
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
    draw::images(&groups.collect::<Vec<_>>(), false)
}

/// What the network says of the digits that are shown.
fn digits(training: &Training, step: &StepFigures) -> Table {
    let shown = training.setting.subject.shown();
    let rules = step
        .rules
        .iter()
        .map(|rule| format!("{} on ink", printable(&rule.rule)));
    let row = |(d, digit): (usize, &DigitInfo)| {
        let first = step.rules.first().map(|rule| &rule.digits[d]);
        let said = first.map_or(Cell::Nothing, |shown| {
            Cell::words(training.setting.class(shown.predicted))
        });
        let f = first.map_or(Cell::Nothing, |shown| Cell::number(shown.f));
        let ink = step
            .rules
            .iter()
            .map(|rule| Cell::maybe(rule.digits[d].ink_share, Cell::share));
        let class = Cell::words(training.setting.class(digit.class));
        [class, said, f].into_iter().chain(ink).collect()
    };
    Table {
        caption: format!("The {shown}s at step {}", grouped(step.step)),
        columns: titles(&[shown, "says", "f(x)"])
            .into_iter()
            .chain(rules)
            .collect(),
        rows: training.digits.iter().enumerate().map(row).collect(),
    }
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
        drawing: draw::curves(&title, "batches of pixels set to 0", &batches, &series),
        caption: format!(
            "{title}: what is left of f. Area over the curve {}, in random order {}.",
            rule.flipping_area.map_or_else(|| "–".to_owned(), figure),
            rule.random_area.map_or_else(|| "–".to_owned(), figure)
        ),
        tells: true,
    }))
}

fn network(training: &Training) -> Table {
    let row = |step: &StepFigures| {
        vec![
            Cell::words(grouped(step.step)),
            Cell::share(step.accuracy),
            Cell::number(step.loss),
            Cell::number(step.output),
            Cell::count(step.unexplained.images),
        ]
    };
    Table {
        caption: "Accuracy and loss on held-out images; of the explained ones the mean f(x), and how many have f(x) = 0"
            .to_owned(),
        columns: titles(&["step", "accuracy", "loss", "f(x)", "f(x) = 0"]),
        rows: training.steps.iter().map(row).collect(),
    }
}

fn learning(training: &Training) -> [Block; 2] {
    let charted: [Learned; 2] = [
        ("accuracy", |step| step.accuracy),
        ("loss", |step| step.loss),
    ];
    charted.map(|(name, of)| {
        let series = [Series {
            name: name.to_owned(),
            values: training.steps.iter().map(|step| Some(of(step))).collect(),
        }];
        Block::Picture(Picture {
            drawing: draw::curves(name, "step", &steps(training), &series),
            caption: format!(
                "{name} on held-out images; the listed steps stand at equal distances."
            ),
            tells: true,
        })
    })
}

fn relevance(training: &Training, n: usize) -> Table {
    let row = |step: &StepFigures| {
        let rule = &step.rules[n];
        vec![
            Cell::words(grouped(step.step)),
            Cell::maybe(rule.ink_share, Cell::share),
            Cell::maybe(rule.border_share, Cell::share),
            Cell::maybe(rule.effective_pixels, Cell::number),
            Cell::maybe(rule.cosine_before, Cell::number),
            Cell::maybe(rule.cosine_last, Cell::number),
            Cell::maybe(rule.flipping_area, Cell::number),
            Cell::maybe(rule.random_area, Cell::number),
            checks(training, step, rule),
        ]
    };
    Table {
        caption: format!("Relevance under {}", name(training, n)),
        columns: titles(&[
            "step",
            "on ink",
            "on the border",
            "effective pixels",
            "cosine before",
            "cosine last",
            "flipping",
            "random",
            "checks",
        ]),
        rows: training.steps.iter().map(row).collect(),
    }
}

/// Whether both properties hold; nothing is said where there is no relevance.
fn checks(training: &Training, step: &StepFigures, rule: &RuleFigures) -> Cell {
    match rule.conservation.holds && rule.positivity.holds {
        true if step.unexplained.images == training.explained => Cell::Nothing,
        true => Cell::words("hold"),
        false => Cell::words("FAIL"),
    }
}

/// The two properties over the explained images, and what goes astray.
fn properties(training: &Training, n: usize) -> Table {
    let row = |step: &StepFigures| {
        let rule = &step.rules[n];
        vec![
            Cell::words(grouped(step.step)),
            Cell::count(rule.conserved),
            Cell::number(rule.conservation.worst_gap),
            Cell::count(rule.positive),
            Cell::number(rule.positivity.least),
            Cell::maybe(rule.lost_share, Cell::share),
            Cell::maybe(rule.silent_relevance, Cell::share),
        ]
    };
    let of = count(training.explained, training.setting.subject.sample());
    Table {
        caption: format!("The two properties under {}, of {of}", name(training, n)),
        columns: titles(&[
            "step",
            "conserved",
            "largest gap",
            "positive",
            "least R",
            "lost",
            "on units that did not fire",
        ]),
        rows: training.steps.iter().map(row).collect(),
    }
}

/// The flipping curves of a rule in numbers, a column a step.
fn curves_of(training: &Training, n: usize) -> Option<Block> {
    let curves: Vec<(usize, &Vec<f64>)> = (training.steps.iter())
        .filter_map(|step| Some((step.step, step.rules[n].flipping.as_ref()?)))
        .collect();
    let batches = curves.iter().map(|(_, curve)| curve.len()).max()?;
    let steps = curves.iter().map(|(step, _)| format!("step {step}"));
    let row = |batch: usize| {
        let values = curves
            .iter()
            .map(|(_, curve)| Cell::maybe(curve.get(batch).copied(), Cell::number));
        std::iter::once(Cell::words(batch.to_string()))
            .chain(values)
            .collect()
    };
    let name = name(training, n);
    Some(Block::Folded(Table {
        caption: format!("What is left of f under {name}, the most relevant pixels gone first"),
        columns: titles(&["batches gone"]).into_iter().chain(steps).collect(),
        rows: (0..batches).map(row).collect(),
    }))
}

fn curve(training: &Training, (title, of): Charted) -> Block {
    let series = (0..rules(training)).map(|n| Series {
        name: name(training, n),
        values: training
            .steps
            .iter()
            .map(|step| of(&step.rules[n]))
            .collect(),
    });
    Block::Picture(Picture {
        drawing: draw::curves(title, "step", &steps(training), &series.collect::<Vec<_>>()),
        caption: format!(
            "{title}, the mean over the explained images; the listed steps stand at equal distances."
        ),
        tells: true,
    })
}
