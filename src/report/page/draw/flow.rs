//! The network, drawn as relevance flows through it.

use maud::{Markup, html};

use super::at;
use crate::error::count;
use crate::report::format::{figure, percent};
use crate::report::table::printable;
use crate::report::{Edge, Flow, NetworkInfo, Node, Sample};

const WIDTH: f64 = 720.0;
/// Room for the names of the inputs and of the outputs.
const SIDE: f64 = 120.0;
/// What all relevance of the level with the most is high.
const HEIGHT: f64 = 220.0;
/// Between nodes.
const GAP: f64 = 13.0;
/// Room for the titles of the levels.
const TOP: f64 = 28.0;
/// A node that carries next to nothing can still be seen.
const LEAST: f64 = 2.0;
const NODE: f64 = 10.0;
/// With more levels than this, names between them would stand in each other's way.
const NAMED: usize = 6;

/// Where a node stands.
struct Place {
    x: f64,
    y: f64,
    height: f64,
}

/// Bars for nodes, a column a level with the input to the left; bands for what they hand on.
///
/// A node with a unit that could not hand on all it had is marked.
pub(in crate::report::page) fn flow(network: &NetworkInfo, flow: &Flow, sample: &Sample) -> Markup {
    let f = sample.target.value;
    let sizes = flow
        .nodes
        .iter()
        .map(|level| level.iter().map(|node| node.relevance.abs()).sum());
    let most = sizes.fold(0.0, f64::max);
    let scale = if most > 0.0 { HEIGHT / most } else { 0.0 };
    let places: Vec<Vec<Place>> = (0..flow.nodes.len())
        .map(|l| column(flow, l, scale))
        .collect();
    let bottom = places
        .iter()
        .flatten()
        .map(|place| place.y + place.height)
        .fold(0.0, f64::max);
    let box_ = format!("0 0 {} {}", at(WIDTH), at(bottom + 12.0));
    let label = format!(
        "Relevance of {} on its way through {}",
        figure(f),
        network.in_words()
    );
    html! {
        div.wide { svg viewBox=(box_) role="group" aria-label=(label) {
            @for (l, places) in places.iter().enumerate() {
                @let x = places.first().map_or(0.0, |place| place.x + NODE / 2.0);
                text.quiet x=(at(x)) y="14" text-anchor="middle" { (title(network, l)) }
            }
            @for (l, edges) in flow.edges.iter().enumerate() {
                (bands(network, flow, l, edges, (&places, scale, f)))
            }
            @for (l, (nodes, places)) in flow.nodes.iter().zip(&places).enumerate() {
                @for (node, place) in nodes.iter().zip(places) {
                    (bar(network, (l, flow.nodes.len()), node, place, (f, lost(sample, l, node, nodes))))
                }
            }
        } }
    }
}

fn title(network: &NetworkInfo, l: usize) -> String {
    if l == 0 {
        "input".to_owned()
    } else {
        format!("{l}: {}", printable(&network.layers[l].kind))
    }
}

fn column(flow: &Flow, l: usize, scale: f64) -> Vec<Place> {
    let last = flow.nodes.len().saturating_sub(1).max(1);
    let x = SIDE + (WIDTH - 2.0 * SIDE - NODE) * l as f64 / last as f64;
    let mut y = TOP;
    let places = flow.nodes[l].iter().map(|node| {
        let place = Place {
            x,
            y,
            height: (node.relevance.abs() * scale).max(LEAST),
        };
        y += place.height + GAP;
        place
    });
    places.collect()
}

/// How a node is called.
fn name(network: &NetworkInfo, l: usize, node: &Node) -> String {
    match node.unit {
        Some(unit) if network.layers[l].names.get(unit).is_some() => {
            printable(&network.label(l, unit))
        }
        Some(unit) if l == 0 => format!("input {unit}"),
        Some(unit) => format!("unit {unit}"),
        None if l == 0 => format!(
            "{} others",
            count(node.units, "input")
                .replace(" inputs", "")
                .replace(" input", "")
        ),
        None => count(node.units, "other unit"),
    }
}

/// An amount, and its share of f(x) where that is not 0.
fn amount(relevance: f64, f: f64) -> String {
    let share = relevance / f;
    if f != 0.0 && share.is_finite() {
        format!("{} ({})", figure(relevance), percent(share))
    } else {
        figure(relevance)
    }
}

/// What is lost in the units of a node.
fn lost(sample: &Sample, l: usize, node: &Node, beside: &[Node]) -> f64 {
    let of_node = |unit: usize| match node.unit {
        Some(shown) => unit == shown,
        None => !beside.iter().any(|other| other.unit == Some(unit)),
    };
    let lost = sample.lost.iter();
    lost.filter(|lost| lost.layer == l && of_node(lost.unit))
        .map(|lost| lost.relevance)
        .sum()
}

fn bar(
    network: &NetworkInfo,
    (l, levels): (usize, usize),
    node: &Node,
    place: &Place,
    (f, lost): (f64, f64),
) -> Markup {
    let name = name(network, l, node);
    let lost_in_words = if lost == 0.0 {
        String::new()
    } else {
        format!(", of which {} is lost here", figure(lost))
    };
    let told = format!(
        "{name}, layer {l}: {}{lost_in_words}",
        amount(node.relevance, f)
    );
    let (x, anchor) = if l == 0 {
        (place.x - 5.0, "end")
    } else {
        (place.x + NODE + 5.0, "start")
    };
    let short: String = if name.chars().count() > 14 {
        name.chars().take(13).chain(['…']).collect()
    } else {
        name.clone()
    };
    html! {
        rect.node.minus[node.relevance < 0.0].lost[lost != 0.0] x=(at(place.x)) y=(at(place.y)) width=(at(NODE)) height=(at(place.height))
            tabindex="0" role="img" aria-label=(told) data-told=(told) {}
        @if l == 0 || l + 1 == levels || levels <= NAMED {
            text.halo x=(at(x)) y=(at(place.y + place.height / 2.0 + 4.0)) text-anchor=(anchor) pointer-events="none" { (short) }
        }
    }
}

/// The bands that lead down to level `l`, each leaving its node above and reaching its node below next to the one before.
fn bands(
    network: &NetworkInfo,
    flow: &Flow,
    l: usize,
    edges: &[Edge],
    (places, scale, f): (&[Vec<Place>], f64, f64),
) -> Markup {
    let start = |l: usize| places[l].iter().map(|place| place.y).collect::<Vec<f64>>();
    let (mut leave, mut reach) = (start(l + 1), start(l));
    let bands: Vec<(String, f64, &Edge)> = edges
        .iter()
        .map(|edge| {
            let width = edge.relevance.abs() * scale;
            let (from, to) = (&places[l + 1][edge.from], &places[l][edge.to]);
            let (y1, y2) = (leave[edge.from] + width / 2.0, reach[edge.to] + width / 2.0);
            leave[edge.from] += width;
            reach[edge.to] += width;
            let (x1, x2) = (from.x, to.x + NODE);
            let middle = f64::midpoint(x1, x2);
            let path = format!(
                "M{} {}C{} {} {} {} {} {}",
                at(x1),
                at(y1),
                at(middle),
                at(y1),
                at(middle),
                at(y2),
                at(x2),
                at(y2)
            );
            (path, width.max(0.4), edge)
        })
        .collect();
    html! {
        @for (path, width, edge) in &bands {
            @let (above, below) = (&flow.nodes[l + 1][edge.from], &flow.nodes[l][edge.to]);
            @let told = format!("{} → {}: {}", name(network, l + 1, above), name(network, l, below), amount(edge.relevance, f));
            path.edge.minus[edge.relevance < 0.0] d=(path) stroke-width=(format!("{width:.2}")) tabindex="0" role="img"
                aria-label=(told) data-told=(told) data-relevance=(edge.relevance) {}
        }
    }
}
