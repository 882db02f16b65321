//! The network, drawn as relevance flows through it.

mod bands;
mod names;
mod plan;

use maud::{Markup, html};

use self::bands::bands;
use self::names::{Names, name};
use self::plan::{NODE, Orientation, Place, Plan, SPACE};
use super::sheet::{NARROW, Sheet, WIDE, at, fitting};
use super::vector::Vector;
use crate::interpretation::numbers::{figure, small_percent};
use crate::result::{Edge, Flow, NetworkInfo, Node};

/// A flow of a node a level with more levels than this is drawn upright on every page.
const DEEP: usize = 8;
/// Below the last node or band of a drawing.
const MARGIN: f64 = 12.0;
/// Room that a name leaves before the next column.
const FREE: f64 = 6.0;

/// Bars for nodes, beside each other where they are as far from the input; bands for what they hand on, those that pass by
/// beyond these. A node that lost something is marked.
pub(crate) fn flow(network: &NetworkInfo, flow: &Flow, f: f64) -> Vector {
    let levels = flow.nodes.len();
    let deep = levels > DEEP && flow.nodes.iter().all(|nodes| nodes.len() == 1);
    let (sheet, narrow) = if deep {
        (drawn(Orientation::Deep, network, flow), None)
    } else {
        let narrow = drawn(Orientation::Upright, network, flow);
        (drawn(Orientation::Lying, network, flow), Some(narrow))
    };
    Vector {
        name: "flow".to_owned(),
        title: format!(
            "Relevance of {} on its way through {}",
            figure(f),
            network.in_words()
        ),
        sheet,
        narrow,
        beside: false,
    }
}

fn drawn(orientation: Orientation, network: &NetworkInfo, flow: &Flow) -> Sheet {
    let names = Names::new(orientation, network, flow);
    let plan = Plan::new(orientation, network, flow, &names);
    let (bands, end) = bands(flow, &plan);
    let (width, height) = match orientation {
        Orientation::Lying => (plan.length, end + MARGIN),
        Orientation::Upright | Orientation::Deep => ((end + MARGIN).max(NARROW), plan.length),
    };
    let least = match orientation {
        Orientation::Lying if width > WIDE => width,
        Orientation::Lying => 0.75 * width,
        Orientation::Upright | Orientation::Deep => (0.75 * width).max(NARROW - 40.0),
    };
    let nodes = |l: usize| flow.nodes[l].iter().zip(&plan.levels[l].places);
    let marks = html! {
        @for (above, edge, path) in &bands { (band(network, flow, *above, edge, path)) }
        @for l in 0..flow.nodes.len() {
            @if orientation != Orientation::Deep { (title(&plan, &names, l)) }
            @for (n, (node, place)) in nodes(l).enumerate() {
                (bar(network, l, node, place, &plan))
                (label(&plan, l, place, &names.nodes[l][n]))
            }
        }
    };
    Sheet {
        width,
        height,
        least,
        marks,
    }
}

/// The title of a level: across a lying flow before its nodes, in an upright one in a line above them and their names.
fn title(plan: &Plan, names: &Names, l: usize) -> Markup {
    let head = &plan.levels[l].head;
    let (x, y, anchor) = match plan.orientation {
        Orientation::Lying => (head.along + NODE / 2.0, head.across, "middle"),
        Orientation::Upright | Orientation::Deep => {
            let line = if l == 0 { 0.0 } else { plan.line(l, names) };
            let (x, y) = plan.on_sheet(head.along + NODE + line + SPACE, 0.0);
            (x, y, "start")
        }
    };
    html! { text.quiet.halo x=(at(x)) y=(at(y)) text-anchor=(anchor) { (names.titles[l]) } }
}

/// The name of a node, on the side of the output; that of an input on the other.
fn label(plan: &Plan, l: usize, place: &Place, name: &str) -> Markup {
    let middle = place.across + place.size / 2.0;
    let (before, behind) = (place.along - SPACE, place.along + NODE + SPACE);
    let text = |(x, y): (f64, f64), anchor: &str, turn: Option<String>, name: &str| {
        html! {
            text.halo x=(at(x)) y=(at(y)) text-anchor=(anchor) transform=[turn] pointer-events="none" { (name) }
        }
    };
    let outer = l == 0 || l + 1 == plan.levels.len();
    match plan.orientation {
        Orientation::Lying if l == 0 => text((before, middle + 4.0), "end", None, name),
        Orientation::Lying => {
            let room = plan.step - NODE - SPACE - FREE;
            let name = if outer {
                name.to_owned()
            } else {
                fitting(name, room)
            };
            text((behind, middle + 4.0), "start", None, &name)
        }
        Orientation::Deep => {
            let (x, y) = plan.on_sheet(place.along + NODE / 2.0, place.across + place.size);
            text((x + SPACE, y + 4.0), "start", None, name)
        }
        Orientation::Upright if plan.levels[l].turned => {
            let (along, anchor) = if l == 0 {
                (before, "end")
            } else {
                (behind, "start")
            };
            let (x, y) = plan.on_sheet(along, middle + 4.0);
            let turn = format!("rotate(-90 {} {})", at(x), at(y));
            text((x, y), anchor, Some(turn), name)
        }
        Orientation::Upright => {
            let (x, y) = plan.on_sheet(if l == 0 { before } else { behind }, middle);
            text((x, if l == 0 { y + 8.0 } else { y }), "middle", None, name)
        }
    }
}

/// An amount, and its share of f(x).
fn amount(relevance: f64, share: Option<f64>) -> String {
    match share {
        Some(share) => format!("{} ({})", figure(relevance), small_percent(share)),
        None => figure(relevance),
    }
}

fn bar(network: &NetworkInfo, l: usize, node: &Node, place: &Place, plan: &Plan) -> Markup {
    let lost = if node.lost == 0.0 {
        String::new()
    } else {
        format!(", of which {} is lost here", figure(node.lost))
    };
    let told = format!(
        "{}, layer {l}: {}{lost}",
        name(network, l, node),
        amount(node.relevance, node.share)
    );
    let ((x, y), (width, height)) = match plan.orientation {
        Orientation::Lying => (plan.on_sheet(place.along, place.across), (NODE, place.size)),
        Orientation::Upright | Orientation::Deep => {
            let corner = plan.on_sheet(place.along + NODE, place.across);
            (corner, (place.size, NODE))
        }
    };
    html! {
        rect.node.minus[node.relevance < 0.0].lost[node.lost != 0.0] x=(at(x)) y=(at(y)) width=(at(width))
            height=(at(height)) role="img" aria-label=(told) data-told=(told) {}
    }
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
        path.edge.minus[edge.relevance < 0.0] d=(path) role="img" aria-label=(told) data-told=(told)
            data-relevance=(edge.relevance) {}
    }
}
