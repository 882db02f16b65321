//! Expansions laid out, for every format: unit by unit, and of the whole network.

use super::document::{Block, Drawing, Picture, Section};
use super::drawings as draw;
use super::explanation::Detail;
use super::table::{Cell, Table};
use crate::interpretation::names::{called, headline, titled};
use crate::interpretation::numbers::figure;
use crate::interpretation::value::Shown;
use crate::measure::top;
use crate::printable::printable;
use crate::relevance::Rule;
use crate::result::column::Column;
use crate::result::column::Quantity::{self, Count, Number};
use crate::result::{
    NetworkInfo, Rootless, Taylor, TaylorFunction, TaylorLayer, TaylorUnit, Value,
};
use crate::words::{count, grouped};

/// Units of a layer, and inputs of a unit, that a page shows.
const ON_A_PAGE: usize = 24;
/// Longer fractions are shown in decimals: five columns are to fit into a terminal.
const DIGITS: usize = 17;

/// What is shown on a page.
pub(super) fn detail(sample: Option<usize>) -> Detail {
    Detail {
        units: ON_A_PAGE,
        below_image: ON_A_PAGE,
        numbered: sample.is_some(),
    }
}

/// What the expansions of a level come to.
const LEVELS: [Column<TaylorLayer>; 5] = [
    Column::of_table("roots", |l| Some(Count(l.roots))),
    Column::of_table("without a root", |l| Some(Count(l.rootless))),
    Column::of_table("outside domain", |l| Some(Count(l.outside_domain))),
    Column::of_table("rule − expansion", |l: &TaylorLayer| {
        Some(Number(l.largest_difference.decimal))
    })
    .exact(|l| l.largest_difference.fraction.as_deref()),
    Column::of_table("largest |ε|", |l: &TaylorLayer| {
        Some(Number(l.largest_remainder.decimal))
    })
    .exact(|l| l.largest_remainder.fraction.as_deref()),
];

/// An input of an expansion, with its values under x, v, x̃, the gradient and the term.
struct Input<'t> {
    name: String,
    values: [Option<&'t Value>; 5],
}

/// The columns of inputs, which are named as what is expanded wants it.
const fn columns<'t>(gradient: &'static str, term: &'static str) -> [Column<Input<'t>>; 5] {
    [
        value("x", |input| shown_of(input, 0)).exact(|input| fraction_of(input, 0)),
        value("v", |input| shown_of(input, 1)).exact(|input| fraction_of(input, 1)),
        value("root x̃", |input| shown_of(input, 2)).exact(|input| fraction_of(input, 2)),
        value(gradient, |input| shown_of(input, 3)).exact(|input| fraction_of(input, 3)),
        value(term, |input| shown_of(input, 4)).exact(|input| fraction_of(input, 4)),
    ]
}

const fn value<'t>(
    title: &'static str,
    value: fn(&Input<'t>) -> Option<Quantity>,
) -> Column<Input<'t>> {
    Column::of_table(title, value)
}

fn shown_of(input: &Input, list: usize) -> Option<Quantity> {
    Some(Number(input.values[list]?.decimal))
}

fn fraction_of<'i>(input: &'i Input, list: usize) -> Option<&'i str> {
    input.values[list]?.fraction.as_deref()
}

/// The section of the expansions of one sample, from the output down.
pub(super) fn section(taylor: &Taylor, detail: Detail) -> Section {
    let network = &taylor.network;
    let called = called(
        (taylor.sample, 0),
        [&taylor.id, &taylor.label],
        detail.numbered,
    );
    let agreement = taylor.checks.agreement;
    let figures = vec![
        Cell::words("largest difference of rule and expansion:"),
        Cell::number(agreement.largest_difference),
    ];
    let mut blocks = vec![Block::Heading(headline(called, &taylor.target))];
    // Without relevance nothing is expanded.
    let expanded = |layer: &TaylorLayer| layer.roots + layer.rootless > 0;
    let any = taylor.layers.iter().any(expanded);
    if any {
        blocks.push(Block::verdict(agreement.holds, "agreement", figures));
        blocks.push(Block::Table(levels(&taylor.layers)));
        blocks.push(Block::Table(roots_by_rule(taylor)));
    }
    for l in (1..taylor.layers.len()).rev() {
        layer(taylor, l, detail, &mut blocks);
    }
    blocks.extend(Block::interpretation(
        Block::Subheading,
        &taylor.interpretation,
    ));
    Section {
        title: network.title(taylor.made_by.as_ref()),
        lead: network.in_words(),
        blocks,
        origin: taylor.made_by.clone(),
    }
}

fn levels(layers: &[TaylorLayer]) -> Table {
    Table::new("the expansions of each layer")
        .with("layer", (1..layers.len()).map(Cell::count))
        .figures(&LEVELS, layers.get(1..).unwrap_or_default(), DIGITS)
}

/// The units of a layer that have a root, and those that have none.
fn layer(taylor: &Taylor, l: usize, detail: Detail, blocks: &mut Vec<Block>) {
    let network = &taylor.network;
    let units: Vec<&TaylorUnit> = taylor.units.iter().filter(|unit| unit.layer == l).collect();
    let rootless: Vec<&Rootless> = (taylor.rootless.iter())
        .filter(|unit| unit.layer == l)
        .collect();
    let Some(info) = network.layers.get(l) else {
        return;
    };
    if units.is_empty() && rootless.is_empty() {
        return;
    }
    let title = network.layer_in_headline(l);
    blocks.push(Block::Subheading(format!("{title}, {}", info.kind)));
    if let Some(direction) = info.direction() {
        blocks.push(Block::Quiet(format!("along {direction}")));
    }
    let shown = top(units.len(), detail.units, |n| units[n].relevance.decimal);
    let mut part = Vec::new();
    for &n in &shown {
        unit(network, units[n], detail, &mut part);
    }
    blocks.push(Block::Part(part));
    if units.len() > shown.len() {
        let more = count(units.len() - shown.len(), "more unit");
        blocks.push(Block::Quiet(format!(
            "and {more}; --layer and --unit choose some"
        )));
    }
    if !rootless.is_empty() {
        let shown = || rootless.iter().take(detail.units);
        let mut table = Table::new("units without a root")
            .with(
                "unit",
                shown().map(|unit| Cell::name(network.unit_in_words(l, unit.unit))),
            )
            .with(
                "relevance",
                shown().map(|unit| Cell::Words(unit.relevance.shown())),
            )
            .with("why", shown().map(|unit| Cell::prose(&unit.cause)));
        let rest = rootless.len().saturating_sub(detail.units);
        table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more unit")));
        blocks.push(Block::Table(table));
    }
}

/// A unit: its figures, its terms in a table, and whether its root lies where values can.
fn unit(network: &NetworkInfo, unit: &TaylorUnit, detail: Detail, blocks: &mut Vec<Block>) {
    let name = |i: usize| input_in_words(network, unit, i);
    // A pool hands nothing to what it does not see.
    let is_seen = |i: &usize| {
        let at = |values: &[Value]| values.get(*i).is_some_and(|value| value.decimal != 0.0);
        at(&unit.gradient) || at(&unit.direction)
    };
    let seen: Vec<usize> = (0..unit.x.len()).filter(is_seen).collect();
    let lists = [
        &unit.x,
        &unit.direction,
        &unit.root,
        &unit.gradient,
        &unit.terms,
    ];
    let inputs = largest(&seen, lists, detail.units, &name);
    let mut levels = (0..unit.x.len()).filter_map(|i| unit.input(i));
    let of = if levels.all(|(level, _)| level == 0) {
        "input"
    } else {
        "unit"
    };
    let mut table = Table::new(network.unit_in_words(unit.layer, unit.unit))
        .with(of, inputs.iter().map(|input| Cell::name(&input.name)))
        .aligned(&columns("∂R_j/∂x", "term"), &inputs, DIGITS);
    let root = match unit.outside {
        0 => "root inside its domain".to_owned(),
        outside => format!(
            "root outside its domain in {}",
            count(outside, "coordinate")
        ),
    };
    let way = if unit.gradient_constant {
        "gradient constant on the way"
    } else {
        "the gradient changes on the way"
    };
    let facts = [
        format!(
            "R_j = {}, c_j = {}",
            unit.relevance.shown(),
            unit.factor.shown()
        ),
        format!(
            "z(x) = {}, z(x̃) = {}, ‖x − x̃‖ = {}",
            unit.pre_activation.shown(),
            unit.pre_activation_at_root.shown(),
            unit.distance
                .map_or_else(|| "beyond f64".to_owned(), figure),
        ),
        format!(
            "Σ of the terms = {}, ε = {}",
            unit.sum.shown(),
            unit.remainder.shown()
        ),
        format!("{root}, {way}"),
    ];
    table.facts = facts.map(|fact| vec![Cell::Words(fact)]).into();
    let rest = seen.len() - inputs.len();
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more input")));
    blocks.push(Block::Table(table));
    if let [_, _] = unit.x[..] {
        let axes = [0, 1].map(|i| format!("{of} {}", name(i)));
        blocks.extend(draw::plane(unit, &axes).map(|drawing| {
            Block::Picture(Picture {
                drawing: Drawing::Vector(drawing),
                caption: "x, its root x̃, and the boundary on which the unit's pre-activation is 0; the dashed line leads \
                          from x along the search direction."
                    .to_owned(),
            })
        }));
    }
}

/// What the i-th input of a unit is called, with its level where that is not the one before.
fn input_in_words(network: &NetworkInfo, unit: &TaylorUnit, i: usize) -> String {
    let input = unit.input(i);
    let Some((level, input)) = input.filter(|(level, _)| *level < network.layers.len()) else {
        return i.to_string();
    };
    let label = printable(&network.label(level, input));
    if level + 1 == unit.layer {
        label
    } else {
        format!("{label}, layer {level}")
    }
}

/// Those of some inputs whose terms are the largest, the last of the lists being the terms.
fn largest<'t>(
    of: &[usize],
    lists: [&'t Vec<Value>; 5],
    most: usize,
    name: &dyn Fn(usize) -> String,
) -> Vec<Input<'t>> {
    let term = |n: usize| lists[4].get(of[n]).map_or(0.0, |term| term.decimal);
    let chosen = top(of.len(), most, term).into_iter().map(|n| of[n]);
    let input = |i| Input {
        name: name(i),
        values: lists.map(|list| list.get(i)),
    };
    chosen.map(input).collect()
}

/// How many roots of each level lie outside of their domain, under each rule that the level can have.
fn roots_by_rule(taylor: &Taylor) -> Table {
    let layers = || taylor.layers.iter().zip(&taylor.network.layers).skip(1);
    let in_use = layers()
        .map(|(_, info)| Cell::name(info.rule.map_or_else(String::new, |rule| rule.to_string())));
    let mut table = Table::new("roots outside their domain")
        .with("layer", (1..taylor.layers.len()).map(Cell::count))
        .with("rule", in_use);
    table.facts = vec![vec![Cell::words("under the rule in use and the others")]];
    let mut rules: Vec<Rule> = Vec::new();
    for counted in taylor.layers.iter().flat_map(|layer| &layer.by_rule) {
        if !rules.contains(&counted.rule) {
            rules.push(counted.rule);
        }
    }
    for rule in rules {
        let cells = layers().map(|(layer, _)| {
            let mut by_rule = layer.by_rule.iter();
            by_rule
                .find(|counted| counted.rule == rule)
                .map_or(Cell::Nothing, |counted| {
                    let (outside, roots) = (counted.outside_domain, counted.roots);
                    let text = format!("{} of {}", grouped(outside), grouped(roots));
                    Cell::Number(outside as f64, text)
                })
        });
        table = table.with(&rule.to_string(), cells);
    }
    table
}

/// The expansion of the whole network.
pub(super) fn function(function: &TaylorFunction, detail: Detail) -> Section {
    let called = called(
        (function.sample, 0),
        [&function.id, &function.label],
        detail.numbered,
    );
    let figures = [
        ("f(x)", &function.value),
        ("f(x̃)", &function.value_at_root),
        ("ε", &function.remainder),
    ];
    let mut blocks = vec![Block::Text("f(x) = f(x̃) + Σ_p R_p + ε".to_owned())];
    blocks.extend(figures.map(|(name, value)| Block::fact(name, value.shown())));
    blocks.push(Block::fact(
        "linear pieces between",
        grouped(function.pieces),
    ));
    let found = if function.root_found { "yes" } else { "no" };
    blocks.push(Block::fact("root found", found.to_owned()));
    let name = |i: usize| {
        let name = function.names.get(i).cloned();
        name.unwrap_or_else(|| i.to_string())
    };
    let all: Vec<usize> = (0..function.x.len()).collect();
    let nothing = Vec::new();
    let lists = [
        &function.x,
        &nothing,
        &function.root,
        &function.gradient,
        &function.terms,
    ];
    let inputs = largest(&all, lists, detail.units, &name);
    let [x, _, root, gradient, term] = columns("∂f/∂x", "term R_p");
    let mut table = Table::new("the inputs")
        .with("input", inputs.iter().map(|input| Cell::name(&input.name)))
        .aligned([&x, &root, &gradient, &term], &inputs, DIGITS);
    let rest = all.len() - inputs.len();
    table.rest = (rest > 0).then(|| format!("and {}", count(rest, "more input")));
    blocks.push(Block::Table(table));
    blocks.extend(Block::interpretation(
        Block::Heading,
        &function.interpretation,
    ));
    Section {
        title: titled(&function.name, function.made_by.as_ref()),
        lead: format!(
            "{}{} as one function, x̃ sought at {}",
            called.map_or_else(String::new, |called| printable(&called) + ": "),
            function.target_in_words(),
            printable(&function.at)
        ),
        blocks,
        origin: function.made_by.clone(),
    }
}
