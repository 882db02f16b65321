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

/// Bars for nodes, a column for all levels as far from the input, which is to the left; bands for what they hand on, those that
/// pass by columns below these. A node that lost something is marked.
pub(crate) fn flow(network: &NetworkInfo, flow: &Flow, f: f64) -> Markup {
    let plan = Plan::new(network, flow);
    let (bands, bottom) = bands(flow, &plan);
    let box_ = format!("0 0 {} {}", at(plan.width), at(bottom + 12.0));
    let label = format!(
        "Relevance of {} on its way through {}",
        figure(f),
        network.in_words()
    );
    html! {
        div.wide { svg viewBox=(box_) style=(format!("min-width: {:.0}px", plan.width)) role="group" aria-label=(label) {
            @for (l, head) in plan.heads.iter().enumerate() {
                text.quiet x=(at(head.x + NODE / 2.0)) y=(at(head.y)) text-anchor="middle" { (title(network, l)) }
            }
            @for (above, edge, path) in &bands { (band(network, flow, *above, edge, path)) }
            @for (l, (nodes, places)) in flow.nodes.iter().zip(&plan.places).enumerate() {
                @for (node, place) in nodes.iter().zip(places) { (bar(network, l, node, place)) }
            }
        } }
    }
}

/// Where everything stands.
struct Plan {
    width: f64,
    /// In which column each level stands: the longest path from the input.
    columns: Vec<usize>,
    /// Where the title of each level stands; without height.
    heads: Vec<Place>,
    places: Vec<Vec<Place>>,
    /// What the level with the most relevance carries.
    most: f64,
}

impl Plan {
    fn new(network: &NetworkInfo, flow: &Flow) -> Self {
        let sizes: Vec<Vec<f64>> = (0..flow.nodes.len()).map(|l| sizes(flow, l)).collect();
        let totals = sizes.iter().map(|level| level.iter().sum());
        let most = totals.fold(0.0, f64::max);
        let columns = columns(network);
        let steps = columns.iter().copied().max().unwrap_or(0).max(1) as f64;
        let width = WIDTH.max(2.0 * SIDE + NODE + steps * STEP);
        let mut plan = Self {
            width,
            columns,
            heads: Vec::new(),
            places: Vec::new(),
            most,
        };
        let mut bottoms: Vec<f64> = vec![0.0; flow.nodes.len()];
        for (l, sizes) in sizes.iter().enumerate() {
            let column = plan.columns[l];
            let x = SIDE + (width - 2.0 * SIDE - NODE) * column as f64 / steps;
            let y = bottoms[column] + TOP / 2.0;
            plan.heads.push(Place { x, y, height: 0.0 });
            let mut y = bottoms[column] + TOP;
            let places = sizes.iter().map(|&size| {
                let height = plan.high(size).max(LEAST);
                let place = Place { x, y, height };
                y += height + GAP;
                place
            });
            plan.places.push(places.collect());
            bottoms[column] = y;
        }
        plan
    }

    /// How high a size is drawn.
    fn high(&self, size: f64) -> f64 {
        HEIGHT * between(0.0, self.most, size)
    }

    /// Where the nodes of the columns between two end.
    fn bottom(&self, between: (usize, usize)) -> f64 {
        let inside = |column: &usize| between.0 < *column && *column < between.1;
        let levels = self.columns.iter().zip(&self.places);
        let places = levels
            .filter(|(column, _)| inside(column))
            .flat_map(|(_, places)| places);
        places
            .map(|place| place.y + place.height)
            .fold(0.0, f64::max)
    }

    /// Where a column stands.
    fn x(&self, column: usize) -> f64 {
        let level = self.columns.iter().position(|other| *other == column);
        level.map_or(0.0, |level| self.heads[level].x)
    }
}

/// In which column each level stands: the number of layers on the longest path to it from the input.
fn columns(network: &NetworkInfo) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    for l in 0..network.layers.len() {
        let below = network.sources(l).into_iter().map(|from| columns[from] + 1);
        columns.push(below.max().unwrap_or(0));
    }
    columns
}

/// How large each node of a level is: what it carries, or what comes and goes where signs cancel in it.
fn sizes(flow: &Flow, l: usize) -> Vec<f64> {
    let (mut come, mut go) = (
        vec![0.0; flow.nodes[l].len()],
        vec![0.0; flow.nodes[l].len()],
    );
    for (above, edge) in flow.edges_from_above() {
        if edge.level(above) == l {
            come[edge.to] += edge.relevance.abs();
        }
        if above == l {
            go[edge.from] += edge.relevance.abs();
        }
    }
    let nodes = flow.nodes[l].iter().zip(come).zip(go);
    nodes
        .map(|((node, come), go)| node.relevance.abs().max(come).max(go))
        .collect()
}

fn title(network: &NetworkInfo, l: usize) -> String {
    if l == 0 {
        "input".to_owned()
    } else {
        let layer = &network.layers[l];
        match &layer.name[..] {
            "" => format!("{l}: {}", layer.kind),
            name => shortened(&format!("{l}: {}", printable(name)), LONGEST),
        }
    }
}

/// How a node is called.
fn name(network: &NetworkInfo, l: usize, node: &Node) -> String {
    let Some(unit) = node.unit else {
        let others = if node.units == network.layers[l].units {
            "units"
        } else {
            "others"
        };
        return format!("{} {others}", grouped(node.units));
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

/// A band with the level that it leaves, and its outline.
type Band<'f> = (usize, &'f Edge, String);

/// All bands, each leaving its node above and reaching its node below next to the one before; and where the drawing ends.
fn bands<'f>(flow: &'f Flow, plan: &Plan) -> (Vec<Band<'f>>, f64) {
    let tops = |places: &Vec<Place>| places.iter().map(|place| place.y).collect::<Vec<f64>>();
    let mut leave: Vec<Vec<f64>> = plan.places.iter().map(tops).collect();
    let mut reach = leave.clone();
    let span = |above: usize, edge: &Edge| (plan.columns[edge.level(above)], plan.columns[above]);
    let mut edges: Vec<(usize, &Edge)> = flow.edges_from_above().collect();
    // The short ones leave and reach their nodes on top, and pass by above the longer ones.
    edges.sort_by_key(|(above, edge)| {
        let (to, from) = span(*above, edge);
        (from - to > 1, from - to)
    });
    let mut lanes: Vec<Lane> = Vec::new();
    let mut bands = Vec::new();
    for (above, edge) in edges {
        let (below, span) = (edge.level(above), span(above, edge));
        let width = plan.high(edge.relevance.abs());
        let (from, to) = (&plan.places[above][edge.from], &plan.places[below][edge.to]);
        let (y1, y2) = (leave[above][edge.from], reach[below][edge.to]);
        leave[above][edge.from] += width;
        reach[below][edge.to] += width;
        let mut points = vec![(from.x, y1)];
        if span.1 - span.0 > 1 {
            let y = lane(&mut lanes, plan, (above, below), span, width.max(LEAST));
            points.extend([(plan.x(span.1 - 1) + NODE, y), (plan.x(span.0 + 1), y)]);
        }
        points.push((to.x + NODE, y2));
        bands.push((above, edge, outline(&points, width.max(LEAST))));
    }
    let ends = lanes.iter().map(|lane| lane.bottom);
    let nodes = plan
        .places
        .iter()
        .flatten()
        .map(|place| place.y + place.height);
    (bands, ends.chain(nodes).fold(0.0, f64::max))
}

/// Where the bands between two levels pass by the columns between.
struct Lane {
    levels: (usize, usize),
    columns: (usize, usize),
    bottom: f64,
}

/// The upper edge of the next band between two levels: below the nodes that it passes, and below the lanes that are there.
fn lane(
    lanes: &mut Vec<Lane>,
    plan: &Plan,
    levels: (usize, usize),
    columns: (usize, usize),
    width: f64,
) -> f64 {
    if let Some(lane) = lanes.iter_mut().find(|lane| lane.levels == levels) {
        lane.bottom += width;
        return lane.bottom - width;
    }
    let overlap = |lane: &&Lane| lane.columns.0 < columns.1 && columns.0 < lane.columns.1;
    let others = lanes.iter().filter(overlap).map(|lane| lane.bottom);
    let y = others.fold(plan.bottom(columns), f64::max) + GAP;
    let bottom = y + width;
    lanes.push(Lane {
        levels,
        columns,
        bottom,
    });
    y
}

fn band(network: &NetworkInfo, flow: &Flow, above: usize, edge: &Edge, path: &str) -> Markup {
    let below = edge.level(above);
    let (from, to) = (&flow.nodes[above][edge.from], &flow.nodes[below][edge.to]);
    let past = match edge.below {
        Some(below) => format!(" in layer {below}"),
        None => String::new(),
    };
    let told = format!(
        "{} → {}{past}: {}",
        name(network, above, from),
        name(network, below, to),
        amount(edge.relevance, edge.share)
    );
    html! {
        path.edge.minus[edge.relevance < 0.0] d=(path) tabindex="0" role="img" aria-label=(told) data-told=(told)
            data-relevance=(edge.relevance) {}
    }
}

/// A band of the same width everywhere along these points, each to the left of the one before: curved between a node and what
/// lies beside it, straight where it passes by.
fn outline(points: &[(f64, f64)], width: f64) -> String {
    let step = |from: (f64, f64), to: (f64, f64)| {
        let middle = at(f64::midpoint(from.0, to.0));
        format!(
            "C{middle} {} {middle} {} {} {}",
            at(from.1),
            at(to.1),
            at(to.0),
            at(to.1)
        )
    };
    let along = |points: &[(f64, f64)]| {
        let steps = points.windows(2).map(|pair| step(pair[0], pair[1]));
        steps.collect::<String>()
    };
    let back: Vec<(f64, f64)> = points.iter().rev().map(|(x, y)| (*x, y + width)).collect();
    let start = format!("M{} {}", at(points[0].0), at(points[0].1));
    let turn = format!("L{} {}", at(back[0].0), at(back[0].1));
    format!("{start}{}{turn}{}Z", along(points), along(&back))
}
