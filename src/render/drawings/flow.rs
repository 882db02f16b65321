//! The network, drawn as relevance flows through it.

use maud::{Markup, html};

use super::{at, between};
use crate::interpretation::names::output_in_words;
use crate::interpretation::numbers::{figure, small_percent};
use crate::printable::printable;
use crate::result::{Edge, Flow, NetworkInfo, Node};
use crate::words::grouped;
use crate::words::shortened;

/// At least; a deep network is drawn wider.
const WIDTH: f64 = 720.0;
/// Between the levels, at least.
const STEP: f64 = 96.0;
/// Room for the names of the inputs and of the outputs.
const SIDE: f64 = 120.0;
/// What the level with the most relevance is high.
const HEIGHT: f64 = 220.0;
/// Between nodes.
const GAP: f64 = 13.0;
/// Room for the titles of the levels.
const TOP: f64 = 28.0;
/// A node or a band that carries next to nothing can still be seen.
const LEAST: f64 = 1.0;
const NODE: f64 = 10.0;
/// A longer name is cut.
const LONGEST: usize = 14;

/// Where a node stands.
struct Place {
    x: f64,
    y: f64,
    height: f64,
}

/// Bars for nodes, a column a level with the input to the left; bands for what they hand on. A node that lost something is
/// marked.
pub(crate) fn flow(network: &NetworkInfo, flow: &Flow, f: f64) -> Markup {
    let sizes: Vec<Vec<f64>> = (0..flow.nodes.len()).map(|l| sizes(flow, l)).collect();
    let most = sizes
        .iter()
        .map(|level| level.iter().sum())
        .fold(0.0, f64::max);
    let high = |size: f64| HEIGHT * between(0.0, most, size);
    let steps = flow.nodes.len().saturating_sub(1).max(1) as f64;
    let width = WIDTH.max(2.0 * SIDE + NODE + steps * STEP);
    let x = |l: usize| SIDE + (width - 2.0 * SIDE - NODE) * l as f64 / steps;
    let column =
        |(l, sizes): (usize, &Vec<f64>)| column(x(l), sizes.iter().map(|&size| high(size)));
    let places: Vec<Vec<Place>> = sizes.iter().enumerate().map(column).collect();
    let bottom = places
        .iter()
        .flatten()
        .map(|place| place.y + place.height)
        .fold(0.0, f64::max);
    let box_ = format!("0 0 {} {}", at(width), at(bottom + 12.0));
    let label = format!(
        "Relevance of {} on its way through {}",
        figure(f),
        network.in_words()
    );
    html! {
        div.wide { svg viewBox=(box_) style=(format!("min-width: {width:.0}px")) role="group" aria-label=(label) {
            @for l in 0..flow.nodes.len() {
                text.quiet x=(at(x(l) + NODE / 2.0)) y="14" text-anchor="middle" { (title(network, l)) }
            }
            @for (l, edges) in flow.edges.iter().enumerate() {
                (bands(network, flow, l, edges, (&places, &high)))
            }
            @for (l, (nodes, places)) in flow.nodes.iter().zip(&places).enumerate() {
                @for (node, place) in nodes.iter().zip(places) { (bar(network, l, node, place)) }
            }
        } }
    }
}

/// How large each node of a level is: what it carries, or what comes and goes where signs cancel in it.
fn sizes(flow: &Flow, l: usize) -> Vec<f64> {
    let sums = |edges: Option<&Vec<Edge>>, end: fn(&Edge) -> usize| {
        let mut sums = vec![0.0; flow.nodes[l].len()];
        for edge in edges.into_iter().flatten() {
            sums[end(edge)] += edge.relevance.abs();
        }
        sums
    };
    let come = sums(flow.edges.get(l), |edge| edge.to);
    let go = sums(
        l.checked_sub(1).and_then(|below| flow.edges.get(below)),
        |edge| edge.from,
    );
    let nodes = flow.nodes[l].iter().zip(come).zip(go);
    nodes
        .map(|((node, come), go)| node.relevance.abs().max(come).max(go))
        .collect()
}

fn title(network: &NetworkInfo, l: usize) -> String {
    if l == 0 {
        "input".to_owned()
    } else {
        format!("{l}: {}", network.layers[l].kind)
    }
}

fn column(x: f64, heights: impl Iterator<Item = f64>) -> Vec<Place> {
    let mut y = TOP;
    let places = heights.map(|height| {
        let height = height.max(LEAST);
        let place = Place { x, y, height };
        y += height + GAP;
        place
    });
    places.collect()
}

/// How a node is called.
fn name(network: &NetworkInfo, l: usize, node: &Node) -> String {
    let Some(unit) = node.unit else {
        return format!("{} others", grouped(node.units));
    };
    match network.layers[l].names.get(unit) {
        Some(name) if l + 1 == network.layers.len() => output_in_words(name),
        Some(name) => printable(name),
        None if l == 0 => format!("input {unit}"),
        None => format!("unit {unit}"),
    }
}

/// An amount, and its share of f(x).
fn amount(relevance: f64, share: Option<f64>) -> String {
    match share {
        Some(share) => format!("{} ({})", figure(relevance), small_percent(share)),
        None => figure(relevance),
    }
}

fn bar(network: &NetworkInfo, l: usize, node: &Node, place: &Place) -> Markup {
    let name = name(network, l, node);
    let lost = if node.lost == 0.0 {
        String::new()
    } else {
        format!(", of which {} is lost here", figure(node.lost))
    };
    let told = format!(
        "{name}, layer {l}: {}{lost}",
        amount(node.relevance, node.share)
    );
    let (x, anchor) = if l == 0 {
        (place.x - 5.0, "end")
    } else {
        (place.x + NODE + 5.0, "start")
    };
    html! {
        rect.node.minus[node.relevance < 0.0].lost[node.lost != 0.0] x=(at(place.x)) y=(at(place.y)) width=(at(NODE))
            height=(at(place.height)) tabindex="0" role="img" aria-label=(told) data-told=(told) {}
        text.halo x=(at(x)) y=(at(place.y + place.height / 2.0 + 4.0)) text-anchor=(anchor) pointer-events="none" {
            (shortened(&name, LONGEST))
        }
    }
}

/// The bands that lead down to level `l`, each leaving its node above and reaching its node below next to the one before.
fn bands(
    network: &NetworkInfo,
    flow: &Flow,
    l: usize,
    edges: &[Edge],
    (places, high): (&[Vec<Place>], &dyn Fn(f64) -> f64),
) -> Markup {
    let start = |l: usize| places[l].iter().map(|place| place.y).collect::<Vec<f64>>();
    let (mut leave, mut reach) = (start(l + 1), start(l));
    let band = |edge: &Edge| {
        let width = high(edge.relevance.abs());
        let (from, to) = (&places[l + 1][edge.from], &places[l][edge.to]);
        let (y1, y2) = (leave[edge.from], reach[edge.to]);
        leave[edge.from] += width;
        reach[edge.to] += width;
        outline((from.x, y1), (to.x + NODE, y2), width.max(LEAST))
    };
    let bands: Vec<String> = edges.iter().map(band).collect();
    html! {
        @for (path, edge) in bands.iter().zip(edges) {
            @let (above, below) = (&flow.nodes[l + 1][edge.from], &flow.nodes[l][edge.to]);
            @let told = format!(
                "{} → {}: {}", name(network, l + 1, above), name(network, l, below), amount(edge.relevance, edge.share)
            );
            path.edge.minus[edge.relevance < 0.0] d=(path) tabindex="0" role="img" aria-label=(told) data-told=(told)
                data-relevance=(edge.relevance) {}
        }
    }
}

/// A band of the same width everywhere from its start to its end, which lies to the left.
fn outline((x1, y1): (f64, f64), (x2, y2): (f64, f64), width: f64) -> String {
    let middle = at(f64::midpoint(x1, x2));
    let (low1, low2) = (at(y1 + width), at(y2 + width));
    let (x1, y1, x2, y2) = (at(x1), at(y1), at(x2), at(y2));
    format!(
        "M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}L{x2} {low2}C{middle} {low2} {middle} {low1} {x1} {low1}Z"
    )
}
