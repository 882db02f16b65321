//! The document of an evaluation of rules.

use super::document::{Block, Drawing, Picture, Section, Verdict};
use super::drawings::{self, Chart, Series, Unit};
use super::table::{Cell, Table, titles};
use crate::interpretation::numbers::{figure, percent, verdict};
use crate::printable::printable;
use crate::result::evaluated::{BALANCE, COMPLETE, PROPERTIES, RELEVANCE, RuleFigure, WEIGHTS};
use crate::result::{EvaluatedRule, Evaluation, LeftOutRule, RandomisedLayer};
use crate::words::{count, listed};

/// A rule whose name is not cut.
const IN_FULL: usize = "epsilon-alpha2-beta1".len();

pub(crate) fn section(evaluation: &Evaluation) -> Section {
    let mut blocks: Vec<Block> = facts(evaluation).into_iter().map(Block::Quiet).collect();
    blocks.push(Block::findings(&evaluation.interpretation));
    blocks.push(Block::Heading("checks".to_owned()));
    let promise = [
        promising(evaluation, |rule| rule.promised.conservation),
        promising(evaluation, |rule| rule.promised.positivity),
    ];
    let promise = promise.each_ref().map(String::as_str);
    blocks.extend(Block::checks_in(&evaluation.checks, "layer", promise));
    blocks.extend(completeness(evaluation));
    let weights = weights(evaluation);
    let tables: [(&str, Vec<&RuleFigure>); 4] = [
        ("the two properties", PROPERTIES.iter().collect()),
        ("where f(x) goes", balance(evaluation)),
        ("the relevance of the inputs", RELEVANCE.iter().collect()),
        ("random weights", weights),
    ];
    let mut columns = Vec::new();
    for (caption, figures) in tables {
        let of_rules = table(evaluation, caption).figures(figures.clone(), &evaluation.rules, 0);
        blocks.push(Block::Table(of_rules.said_once("samples")));
        columns.extend(figures);
    }
    let legend = titles(columns.into_iter());
    blocks.push(Block::Legend(legend, "▲ best, ▼ worst of a column."));
    blocks.push(Block::Folded(agreements(evaluation)));
    blocks.extend(flipping(evaluation));
    blocks.extend(randomised(evaluation));
    let interpretation = Block::interpretation(Block::Heading, &evaluation.interpretation);
    blocks.push(Block::InText(interpretation.into()));
    let (name, lead) = match &evaluation.name[..] {
        "" => (&evaluation.network[..], None),
        name => (
            name,
            Some(&evaluation.network[..]).filter(|layers| *layers != name),
        ),
    };
    Section {
        title: format!("Rules on {}", printable(name)),
        lead: lead.map_or_else(String::new, printable),
        blocks,
        origin: evaluation.made_by.clone(),
    }
}

/// The columns about random weights, without times where there are none.
fn weights(evaluation: &Evaluation) -> Vec<&'static RuleFigure> {
    let timed = evaluation.rules.iter().any(|rule| rule.seconds.is_some());
    let columns = WEIGHTS.iter();
    columns
        .filter(|column| timed || column.key != "seconds")
        .collect()
}

/// Where a property holds: in all explanations under the rules that promise it, or under all where none does.
fn promising(evaluation: &Evaluation, promises: fn(&EvaluatedRule) -> bool) -> String {
    let (rules, all) = (&evaluation.rules, evaluation.rules.len());
    match rules.iter().filter(|rule| promises(rule)).count() {
        0 => format!(" in all {}", explanations(evaluation, all)),
        promising if promising == all => format!(" in all {}", explanations(evaluation, all)),
        promising => format!(
            " in all {} under rules that promise it",
            explanations(evaluation, promising)
        ),
    }
}

/// So many explanations as some of the rules give.
fn explanations(evaluation: &Evaluation, rules: usize) -> String {
    count(evaluation.explanations.saturating_mul(rules), "explanation")
}

/// Whether the relevance of gradient methods adds up, where there are any.
fn completeness(evaluation: &Evaluation) -> Option<Block> {
    let each = || {
        evaluation
            .rules
            .iter()
            .filter_map(|rule| Some((rule, rule.completeness?)))
    };
    let promised = each().any(|(_, it)| it.promised);
    let counted = || each().filter(|(_, it)| it.promised == promised);
    let worst = counted().map(|(_, it)| it.worst_gap).reduce(f64::max)?;
    let holds = counted().all(|(rule, it)| it.holds == rule.samples);
    Some(Block::Verdict(Verdict {
        property: "completeness",
        holds: (holds || promised).then_some(holds),
        word: verdict(holds, promised).to_owned(),
        figures: vec![
            Cell::words("largest |f(x) − f(0) − ΣR| of a gradient method:"),
            Cell::number(worst),
        ],
    }))
}

/// The columns of the balance, without the one of gradient methods where there are none.
fn balance(evaluation: &Evaluation) -> Vec<&'static RuleFigure> {
    let with_gradients = !evaluation.rules.iter().all(EvaluatedRule::is_by_rules);
    let columns = BALANCE.iter();
    columns
        .filter(|column| with_gradients || column.key != COMPLETE)
        .collect()
}

/// What was explained, and how it was measured.
fn facts(evaluation: &Evaluation) -> Vec<String> {
    let (inputs, noise) = (&evaluation.inputs, &evaluation.noise);
    let (randomisation, flipping) = (&evaluation.randomisation, &evaluation.flipping);
    let random = flipping.random_area.map_or_else(String::new, |area| {
        format!(
            "; in random orders the area over the curve is {}",
            figure(area)
        )
    });
    let samples = count(inputs.samples, "sample");
    let samples = match evaluation.noun() {
        "sample" => samples,
        noun => format!("{} of {samples}", count(evaluation.explanations, noun)),
    };
    let on_top = match &evaluation.on_top[..] {
        [] => String::new(),
        options => format!("; rules with {}", options.join(" ")),
    };
    let mut facts = vec![
        format!(
            "{} × {samples}, {}; target {}{on_top}",
            count(evaluation.rules.len(), "rule"),
            inputs.source,
            evaluation.target
        ),
        format!(
            "Flipping: inputs are set to 0 in {}{random}. Noise: {} of each sample, up to ±{} of the range of an input \
             ({}). Random weights: {}, {}. Seed {}.",
            count(flipping.batches, "batch"),
            count(noise.copies, "copy"),
            percent(noise.size),
            noise.range,
            randomisation.scheme,
            count(randomisation.draws, "draw"),
            evaluation.seed
        ),
    ];
    let same = |rule: &LeftOutRule| {
        let other = rule.same_as.as_ref()?;
        Some(format!("{} (same as {other})", rule.rule))
    };
    let same: Vec<String> = evaluation.left_out.iter().filter_map(same).collect();
    if !same.is_empty() {
        let all = same.len();
        facts.push(format!(
            "Not evaluated, for on this network they are others: {}.",
            listed(same, all)
        ));
    }
    let others = evaluation.left_out.iter();
    let others = others.filter(|rule| rule.same_as.is_none());
    facts.extend(others.map(|rule| format!("Not evaluated: {}. {}.", rule.rule, rule.why)));
    facts.iter().map(|fact| printable(fact)).collect()
}

/// A table with a row a rule.
fn table(evaluation: &Evaluation, caption: &str) -> Table {
    let rules = evaluation.rules.iter();
    Table::new(caption).with("rule", rules.map(name))
}

/// What a rule is called, in full where it is short; others are cut where there is no room.
fn name(rule: &EvaluatedRule) -> Cell {
    if rule.rule.chars().count() <= IN_FULL {
        Cell::words(&rule.rule)
    } else {
        Cell::name(&rule.rule)
    }
}

/// The mean cosine of every two rules.
fn agreements(evaluation: &Evaluation) -> Table {
    let mut matrix = table(evaluation, "the mean cosine of every two rules");
    for (n, other) in evaluation.rules.iter().enumerate() {
        let with = |rule: &EvaluatedRule| {
            let cosine = rule.agreements.get(n).copied().flatten();
            Cell::maybe(cosine, Cell::number)
        };
        matrix = matrix.with(&printable(&other.rule), evaluation.rules.iter().map(with));
    }
    matrix
}

/// The flipping curves, drawn and in numbers.
fn flipping(evaluation: &Evaluation) -> Vec<Block> {
    let random = evaluation.flipping.random.as_ref();
    let random = random.map(|curve| ("random orders".to_owned(), curve));
    let rules = evaluation.rules.iter();
    let curves = rules.filter_map(|rule| Some((printable(&rule.rule), rule.flipping.as_ref()?)));
    let curves = curves.chain(random).map(|(name, curve)| Series {
        name,
        values: curve.iter().copied().map(Some).collect(),
    });
    let batches = (0..=evaluation.flipping.batches).map(|n| n.to_string());
    let drawn = Drawn {
        name: "flipping",
        title: "what is left of f as inputs are set to 0".to_owned(),
        along: "batches gone",
        caption: "The most relevant inputs go first: Σ f over Σ f(x) with so many batches of them at 0.",
        places: batches.collect(),
    };
    drawn.blocks(&curves.collect::<Vec<_>>())
}

/// How alike relevance is the more layers are random, drawn and in numbers.
fn randomised(evaluation: &Evaluation) -> Vec<Block> {
    let cosines = |rule: &EvaluatedRule| Series {
        name: printable(&rule.rule),
        values: rule.randomised.iter().map(|step| step.cosine).collect(),
    };
    let layers = evaluation.randomisation.layers.iter();
    let drawn = Drawn {
        name: "random-weights",
        title: "the mean cosine with random weights from a layer up".to_owned(),
        along: "layers with random weights",
        caption: "How alike relevance is before and after: the top layer alone is random, then the top two, down to the first.",
        places: layers.map(from_up).collect(),
    };
    drawn.blocks(&evaluation.rules.iter().map(cosines).collect::<Vec<_>>())
}

/// `3 up`, or with the name of the layer.
fn from_up(layer: &RandomisedLayer) -> String {
    match &layer.name[..] {
        "" => format!("{} up", layer.layer),
        name => format!("{} up", printable(name)),
    }
}

/// Lines over places that are drawn, and written as a table.
struct Drawn {
    /// What the drawing is called as a file.
    name: &'static str,
    title: String,
    along: &'static str,
    caption: &'static str,
    places: Vec<String>,
}

impl Drawn {
    /// The drawing and the table; nothing where there is nothing to draw.
    fn blocks(&self, series: &[Series]) -> Vec<Block> {
        if series.is_empty() || self.places.is_empty() {
            return Vec::new();
        }
        let picture = Picture {
            drawing: Drawing::Vector(drawings::curves(&Chart {
                name: self.name,
                title: &self.title,
                along: self.along,
                places: &self.places,
                series,
                unit: Unit::Number,
                beside: false,
            })),
            caption: self.caption.to_owned(),
        };
        let places = self.places.iter().map(Cell::words);
        let mut table = Table::new(&self.title).with(self.along, places);
        for line in series {
            let values = line.values.iter();
            table = table.with(
                &line.name,
                values.map(|value| Cell::maybe(*value, Cell::number)),
            );
        }
        vec![Block::Picture(picture), Block::Folded(table)]
    }
}
