//! What nodes hand to nodes, from place to place.

use super::plan::{GAP, LEAST, NODE, Plan};
use crate::render::drawings::band::band;
use crate::result::{Edge, Flow};

/// A band with the level that it leaves, and its outline.
pub(super) type Band<'f> = (usize, &'f Edge, String);

/// All bands, each leaving its node above and reaching its node below next to the one before; and where the drawing ends
/// across.
pub(super) fn bands<'f>(flow: &'f Flow, plan: &Plan) -> (Vec<Band<'f>>, f64) {
    let places = plan.levels.iter().map(|level| &level.places);
    let tops = places.map(|places| places.iter().map(|place| place.across).collect());
    let mut leave: Vec<Vec<f64>> = tops.collect();
    let mut reach = leave.clone();
    let column = |level: usize| plan.levels[level].column;
    let span = |above: usize, edge: &Edge| (column(edge.level(above)), column(above));
    let mut edges: Vec<(usize, &Edge)> = flow.edges_from_above().collect();
    // The short ones leave and reach their nodes first, and pass by before the longer ones.
    edges.sort_by_key(|(above, edge)| {
        let (to, from) = span(*above, edge);
        (from - to > 1, from - to)
    });
    let mut lanes: Vec<Lane> = Vec::new();
    let mut bands = Vec::new();
    for (above, edge) in edges {
        let (below, span) = (edge.level(above), span(above, edge));
        let width = plan.high(edge.relevance.abs());
        let (from, to) = (plan.along(span.1), plan.along(span.0) + NODE);
        let (leaves, reaches) = (leave[above][edge.from], reach[below][edge.to]);
        leave[above][edge.from] += width;
        reach[below][edge.to] += width;
        let mut points = vec![(from, leaves)];
        if span.1 - span.0 > 1 {
            let across = lane(&mut lanes, plan, (above, below), span, width.max(LEAST));
            let by = (plan.along(span.1 - 1) + NODE, plan.along(span.0 + 1));
            points.extend([(by.0, across), (by.1, across)]);
        }
        points.push((to, reaches));
        let outline = band(&points, width.max(LEAST), |along, across| {
            plan.on_sheet(along, across)
        });
        bands.push((above, edge, outline));
    }
    let ends = lanes.iter().map(|lane| lane.end);
    (bands, ends.fold(plan.bottom(), f64::max))
}

/// Where the bands between two levels pass by the columns between.
struct Lane {
    levels: (usize, usize),
    columns: (usize, usize),
    end: f64,
}

/// Where the next band between two levels passes by: beyond the nodes that it passes, and beyond the lanes that are there.
fn lane(
    lanes: &mut Vec<Lane>,
    plan: &Plan,
    levels: (usize, usize),
    columns: (usize, usize),
    width: f64,
) -> f64 {
    if let Some(lane) = lanes.iter_mut().find(|lane| lane.levels == levels) {
        lane.end += width;
        return lane.end - width;
    }
    let overlap = |lane: &&Lane| lane.columns.0 < columns.1 && columns.0 < lane.columns.1;
    let others = lanes.iter().filter(overlap).map(|lane| lane.end);
    let across = others.fold(plan.end(columns), f64::max) + GAP;
    let end = across + width;
    lanes.push(Lane {
        levels,
        columns,
        end,
    });
    across
}
