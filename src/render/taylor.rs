//! The documents of expansions: unit by unit, and of the whole network.

use super::document::{Block, Cell, Picture, Section, Table, titles};
use super::drawings as draw;
use crate::interpretation::names::{target_in_words, tie_in_words, titled};
use crate::interpretation::numbers::figure;
use crate::measure::top;
use crate::printable::printable;
use crate::result::{
    LayerInfo, NetworkInfo, Rootless, Taylor, TaylorFunction, TaylorLayer, TaylorUnit, Value,
};
use crate::words::{agree, count, grouped};

/// Units that are shown one by one.
const UNITS: usize = 24;
/// Inputs of a unit that a table shows.
const INPUTS: usize = 24;
/// A longer fraction is shown as a decimal.
const LONGEST: usize = 24;

fn value(value: &Value) -> Cell {
    if value.decimal.is_finite() {
        Cell::Number(value.decimal, value.cell(LONGEST))
    } else {
        Cell::words(value.cell(LONGEST))
    }
}

pub(crate) fn section(taylor: &Taylor) -> Section {
    let network = &taylor.network;
    let mut blocks = vec![
        Block::Text(network.in_words()),
        Block::Text(format!(
            "{}f(x) = {} = {}{}",
            before(taylor.called(0, taylor.sample.is_some())),
            target_in_words(taylor.target.index, &taylor.target.name),
            taylor.target.value.shown(),
            tie_in_words(&taylor.target.tied)
        )),
        agreement(taylor),
        Block::Table(levels(taylor)),
        Block::Table(roots(taylor)),
    ];
    for unit in taylor.units.iter().take(UNITS) {
        expansion(network, unit, &mut blocks);
    }
    if taylor.units.len() > UNITS {
        blocks.push(Block::Text(format!(
            "The other {} are in the JSON; taylor --layer and --unit choose some.",
            count(taylor.units.len() - UNITS, "unit")
        )));
    }
    if !taylor.rootless.is_empty() {
        let row = |unit: &Rootless| {
            vec![
                Cell::words(format!(
                    "layer {}, {}",
                    unit.layer,
                    network.unit_in_words(unit.layer, unit.unit)
                )),
                value(&unit.relevance),
                Cell::words(&unit.cause),
            ]
        };
        blocks.push(Block::Table(Table {
            caption: "Units that carry relevance without a root".to_owned(),
            columns: titles(&["where", "relevance", "why"]),
            rows: taylor.rootless.iter().map(row).collect(),
        }));
    }
    blocks.extend(Block::reading(&taylor.interpretation));
    Section {
        title: format!("Expansions of {}", network.title()),
        blocks,
        origin: taylor.made_by.clone(),
    }
}

/// What a sample is called, at the beginning of a line.
pub(crate) fn before(called: Option<String>) -> String {
    called.map_or_else(String::new, |called| {
        format!("{}: ", printable(&called.replacen('s', "S", 1)))
    })
}

/// How rule and expansion agree.
fn agreement(taylor: &Taylor) -> Block {
    let agreement = taylor.checks.agreement;
    Block::verdict(
        agreement.holds,
        "agreement of rule and expansion",
        "largest difference:",
        agreement.largest_difference,
    )
}

/// What the expansions of each level come to.
fn levels(taylor: &Taylor) -> Table {
    let row = |(l, layer): (usize, &TaylorLayer)| {
        let direction = taylor.network.layers.get(l).and_then(LayerInfo::direction);
        vec![
            Cell::words(format!("layer {l}")),
            Cell::words(direction.unwrap_or_default()),
            Cell::count(layer.roots),
            Cell::count(layer.rootless),
            Cell::count(layer.outside_domain),
            value(&layer.largest_difference),
            value(&layer.largest_remainder),
        ]
    };
    Table {
        caption: "The expansions of each layer".to_owned(),
        columns: titles(&[
            "layer",
            "along",
            "roots",
            "without a root",
            "outside their domain",
            "rule − expansion",
            "largest |ε|",
        ]),
        rows: taylor.layers.iter().enumerate().skip(1).map(row).collect(),
    }
}

fn roots(taylor: &Taylor) -> Table {
    let layers = taylor.layers.iter().enumerate().skip(1);
    let rows = layers.flat_map(|(l, layer)| {
        let rules = layer.by_rule.iter();
        rules.map(move |rule| {
            vec![
                Cell::words(format!("layer {l}, {}", rule.rule)),
                Cell::count(rule.roots),
                Cell::count(rule.outside_domain),
            ]
        })
    });
    Table {
        caption: "Roots under the rules that each layer can have".to_owned(),
        columns: titles(&["layer, rule", "roots", "outside their domain"]),
        rows: rows.collect(),
    }
}

fn expansion(network: &NetworkInfo, unit: &TaylorUnit, blocks: &mut Vec<Block>) {
    let (layer, j) = (unit.layer, unit.unit);
    let name = |layer: usize, unit: usize| match network.layers.get(layer) {
        Some(_) => printable(&network.label(layer, unit)),
        None => unit.to_string(),
    };
    blocks.push(Block::Heading(format!(
        "Layer {layer}, {}",
        network.unit_in_words(layer, j)
    )));
    blocks.push(Block::Text(format!(
        "R_j = {}, c_j = {}; z(x) = {}, z(x̃) = {}, ‖x − x̃‖ = {}; Σ of the terms = {}, ε = {}; {}; gradient {} on the way",
        unit.relevance.shown(),
        unit.factor.shown(),
        unit.pre_activation.shown(),
        unit.pre_activation_at_root.shown(),
        unit.distance.map_or_else(|| "–".to_owned(), figure),
        unit.sum.shown(),
        unit.remainder.shown(),
        match unit.outside {
            0 => "root inside its domain".to_owned(),
            outside => format!(
                "{} of the root outside {} domain",
                count(outside, "coordinate"),
                agree(outside, "its", "their")
            ),
        },
        if unit.gradient_constant { "constant" } else { "not constant" }
    )));
    if let ([_, _], Some(level)) = (&unit.x[..], layer.checked_sub(1)) {
        let axes = [name(level, 0), name(level, 1)];
        blocks.extend(draw::plane(unit, &axes).map(|drawing| {
            Block::Picture(Picture {
                drawing,
                caption: "x, its root x̃, and the boundary on which the unit's pre-activation is 0; the dashed line leads \
                          from x along the search direction."
                    .to_owned(),
                tells: true,
            })
        }));
    }
    blocks.push(Block::Table(inputs(network, unit, &name)));
}

/// What each input of a unit gets; of many those that get most.
fn inputs(
    network: &NetworkInfo,
    unit: &TaylorUnit,
    name: &dyn Fn(usize, usize) -> String,
) -> Table {
    let (layer, j) = (unit.layer, unit.unit);
    let lists = [
        &unit.x,
        &unit.direction,
        &unit.root,
        &unit.gradient,
        &unit.terms,
    ];
    let all = lists.iter().map(|list| list.len()).min().unwrap_or(0);
    let order = top(all, INPUTS, |i| unit.terms[i].decimal);
    let mut rows: Vec<Vec<Cell>> = order
        .into_iter()
        .map(|i| {
            let label = layer
                .checked_sub(1)
                .map_or_else(|| i.to_string(), |below| name(below, i));
            let cells = lists.iter().map(|list| value(&list[i]));
            std::iter::once(Cell::words(label)).chain(cells).collect()
        })
        .collect();
    if all > INPUTS {
        let mut rest = vec![Cell::Nothing; lists.len() + 1];
        rest[0] = Cell::words(format!("{} more", grouped(all - INPUTS)));
        rows.push(rest);
    }
    Table {
        caption: format!("The expansion of {}", network.unit_in_words(layer, j)),
        columns: titles(&["input", "x", "v", "root x̃", "∂R_j/∂x", "term"]),
        rows,
    }
}

/// The whole network as one function.
pub(crate) fn function(function: &TaylorFunction) -> Section {
    let lists = [
        &function.x,
        &function.root,
        &function.gradient,
        &function.terms,
    ];
    let all = lists.iter().map(|list| list.len()).min().unwrap_or(0);
    let row = |i: usize| {
        let label = function
            .names
            .get(i)
            .cloned()
            .unwrap_or_else(|| i.to_string());
        let cells = lists.iter().map(|list| value(&list[i]));
        std::iter::once(Cell::words(label)).chain(cells).collect()
    };
    let mut blocks = vec![
        Block::Text("f(x) = f(x̃) + Σ_p R_p + ε".to_owned()),
        Block::Table(Table {
            caption: format!(
                "{}{}, x̃ sought at {}",
                before(function.called(0, function.sample.is_some())),
                function.target_in_words(),
                printable(&function.at)
            ),
            columns: titles(&["figure", "value"]),
            rows: vec![
                vec![Cell::words("f(x)"), value(&function.value)],
                vec![Cell::words("f(x̃)"), value(&function.value_at_root)],
                vec![Cell::words("ε"), value(&function.remainder)],
                vec![
                    Cell::words("linear pieces between"),
                    Cell::count(function.pieces),
                ],
                vec![
                    Cell::words("root found"),
                    Cell::words(if function.root_found { "yes" } else { "no" }),
                ],
            ],
        }),
        Block::Table(Table {
            caption: "The inputs".to_owned(),
            columns: titles(&["input", "x", "root x̃", "∂f/∂x", "term R_p"]),
            rows: (0..all).map(row).collect(),
        }),
    ];
    blocks.extend(Block::reading(&function.interpretation));
    Section {
        title: format!("{} as one function", titled(&function.name)),
        blocks,
        origin: function.made_by.clone(),
    }
}
