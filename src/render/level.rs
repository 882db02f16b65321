//! The table of a level.

use super::selection::Selection;
use super::table::{Cell, DIGITS, Table};
use crate::interpretation::numbers::{figure, small_percent};
use crate::interpretation::value::Shown;
use crate::measure::share;
use crate::result::column::{Column, Quantity};
use crate::result::{Amount, Largest, Layer, NetworkInfo, Sample};
use crate::words::count;

/// A unit of a level, in its table.
struct Unit<N> {
    name: String,
    unit: Largest<N>,
}

impl<N: Amount> Unit<N> {
    /// Of inputs it is called a value.
    const fn activation(title: &'static str) -> Column<Self> {
        Column::of_table(title, |unit: &Self| {
            Some(Quantity::Number(unit.unit.activation.decimal()))
        })
        .exact(|unit| unit.unit.activation.fraction())
    }

    const RELEVANCE: Column<Self> = Column::of_table("relevance", |unit: &Self| {
        Some(Quantity::Number(unit.unit.relevance.decimal()))
    })
    .exact(|unit| unit.unit.relevance.fraction());

    const DECIMALS: Column<Self> = Column::of_table("in decimals", |unit| {
        Some(Quantity::Number(unit.unit.relevance.decimal()))
    });

    const SHARE: Column<Self> =
        Column::of_table("share", |unit| unit.unit.share.map(Quantity::Share));
}

/// The table of a level: its most relevant units, and the others together.
pub(super) fn level<N: Amount>(
    network: &NetworkInfo,
    sample: &Sample<N>,
    l: usize,
    most: usize,
) -> Table {
    let (info, layer) = (&network.layers[l], &sample.layers[l]);
    let f = sample.target.value.decimal();
    let chosen = Selection::of(layer, info.units, most, f);
    let units: Vec<Unit<N>> = (chosen.shown.into_iter())
        .map(|unit| Unit {
            name: network.label(l, unit.unit),
            unit,
        })
        .collect();
    let (unit, value) = match l {
        0 => ("input", Unit::activation("value")),
        _ => ("unit", Unit::activation("activation")),
    };
    let mut table = Table::new(network.layer_in_headline(l))
        .with(unit, units.iter().map(|unit| Cell::name(&unit.name)))
        .aligned([&value, &Unit::RELEVANCE], &units, DIGITS)
        .with_bars();
    let short = |unit: &Unit<N>| unit.unit.relevance.is_short(DIGITS);
    if N::EXACT && units.iter().all(short) {
        table = table.figures([&Unit::DECIMALS], &units, DIGITS);
    }
    if network.gradient.is_none() {
        table = table.figures([&Unit::SHARE], &units, DIGITS);
    }
    table.facts = vec![
        vec![Cell::words(network.layer_facts(l))],
        vec![Cell::words("ΣR ="), amount(&layer.sum())],
    ];
    table.note = vec![Cell::words("(")];
    if network.gradient.is_none() {
        table.note.extend(relation(network, layer, l, f));
        table.note.push(Cell::words(", "));
    }
    let least = Cell::number(layer.least().decimal());
    table
        .note
        .extend([Cell::words("least "), least, Cell::words(")")]);
    table.told = network.relevance_in_words(l);
    table.rest = (chosen.left_out > 0).then(|| {
        let share = chosen
            .share
            .map(|share| format!(" ({})", small_percent(share)));
        format!(
            "and {} with {}{} together{}",
            count(chosen.left_out, "more unit"),
            figure(chosen.relevance),
            share.unwrap_or_default(),
            if layer.left_out {
                format!(": --levels {l} has them")
            } else {
                String::new()
            }
        )
    });
    table
}

/// A number, as its fraction where it is exact.
fn amount<N: Amount>(number: &N) -> Cell {
    match number.fraction() {
        Some(_) => Cell::Words(number.shown()),
        None => Cell::number(number.decimal()),
    }
}

/// How a level stands to f(x). Of one that is no cut by itself: what part it carries, the rest being on its way past it, and the
/// gap of the cut.
fn relation<N: Amount>(network: &NetworkInfo, layer: &Layer<N>, l: usize, f: f64) -> Vec<Cell> {
    let gap = layer.gap();
    let gap = if gap.is_zero() {
        vec![Cell::words("= f(x)")]
    } else {
        vec![Cell::words("gap "), amount(&gap)]
    };
    if network.is_cut(l) {
        return gap;
    }
    let mut relation = Vec::new();
    if let Some(share) = share(layer.sum().decimal(), f) {
        let passes = Cell::words(" of f(x), the rest passes by; ");
        relation.extend([Cell::share(share), passes]);
    }
    relation.push(Cell::words("the cut "));
    relation.extend(gap);
    relation
}
