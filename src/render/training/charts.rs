//! Figures of a training as lines: over the steps, and as pixels are taken away.

use super::{name, rules};
use crate::interpretation::numbers::figure;
use crate::printable::printable;
use crate::render::document::{Block, Drawing, Picture};
use crate::render::drawings::{Chart, Series, Unit, curves};
use crate::result::column::{Column, Quantity};
use crate::result::training::{NETWORK, relevance_columns};
use crate::result::{RuleFigures, StepFigures, Training};
use crate::words::grouped;

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

/// Each figure over the steps: of the network a line, of relevance a line a rule.
pub(super) fn over_steps(training: &Training) -> Vec<Block> {
    let steps = &training.steps;
    let network = NETWORK.iter().filter_map(|figure| {
        let of = steps.iter().map(|step| (figure.value)(step)).collect();
        chart(training, figure, vec![(figure.title.to_owned(), of)])
    });
    let columns = relevance_columns(training.setting.subject);
    let relevance = columns.iter().filter_map(|figure| {
        let of = |n: usize| steps.iter().map(move |step| (figure.value)(&step.rules[n]));
        let rules = (0..rules(training)).map(|n| (name(training, n), of(n).collect()));
        chart(training, figure, rules.collect())
    });
    network.chain(relevance).collect()
}

/// A figure over the steps, a line for each of these names; none where it is not one that is drawn.
fn chart<T>(
    training: &Training,
    column: &Column<T>,
    lines: Vec<(String, Vec<Option<Quantity>>)>,
) -> Option<Block> {
    if !CURVES.contains(&column.key) {
        return None;
    }
    let mut values = lines.iter().flat_map(|(_, values)| values).flatten();
    let shares = values.any(|value| matches!(value, Quantity::Share(_)));
    let series = lines.into_iter().map(|(name, values)| Series {
        name,
        values: (values.into_iter().map(|value| Some(value?.number()))).collect(),
    });
    let steps = training.steps.iter().map(|step| grouped(step.step));
    let title = column.long_title;
    Some(Block::Picture(Picture {
        drawing: Drawing::Vector(curves(&Chart {
            name: &column.key.replace('_', "-"),
            title,
            along: "step",
            up: title,
            places: &steps.collect::<Vec<_>>(),
            series: &series.collect::<Vec<_>>(),
            unit: if shares { Unit::Share } else { Unit::Number },
            beside: true,
        })),
        caption: format!("{title}: {}.", column.legend),
    }))
}

/// What is left of f as pixels are taken away at one step: a line a rule, and one for random orders.
pub(super) fn flipping(step: &StepFigures, pixel: &str) -> Option<Block> {
    let curve = |name: String, values: &[f64]| Series {
        name,
        values: values.iter().copied().map(Some).collect(),
    };
    let first = |rule: &RuleFigures| Some(curve(printable(&rule.rule), rule.flipping.as_ref()?));
    let mut series: Vec<Series> = step.rules.iter().filter_map(first).collect();
    // The orders are the same under every rule.
    let random = step
        .rules
        .iter()
        .find_map(|rule| rule.random_flipping.as_ref());
    series.extend(random.map(|values| curve("random order".to_owned(), values)));
    let batches = series.iter().map(|series| series.values.len()).max()?;
    let area = |area: Option<f64>| area.map_or_else(|| "–".to_owned(), figure);
    let areas = step.rules.iter();
    let areas = areas.map(|rule| format!("{} {}", printable(&rule.rule), area(rule.flipping_area)));
    let areas: Vec<String> = areas.collect();
    let random = step.rules.iter().find_map(|rule| rule.random_area);
    let title = "what is left of f, the most relevant gone first";
    Some(Block::Picture(Picture {
        drawing: Drawing::Vector(curves(&Chart {
            name: "flipping",
            title,
            along: &format!("batches of {pixel} set to 0"),
            up: "f / f(x)",
            places: &(0..batches).map(|n| n.to_string()).collect::<Vec<_>>(),
            series: &series,
            unit: Unit::Number,
            beside: false,
        })),
        caption: format!(
            "Flipping: {title}. Area over the curve: {}, random order {}.",
            areas.join(", "),
            area(random)
        ),
    }))
}
