//! Where the nodes of a flow stand.

use super::names::Names;
use crate::render::drawings::sheet::{NARROW, WIDE, between, text_width};
use crate::result::{Flow, NetworkInfo};

/// Between the columns of a lying flow, at least.
const STEP: f64 = 84.0;
/// What the level with the most relevance takes across a lying flow, and a deep one.
const MOST: f64 = 220.0;
const MOST_DEEP: f64 = 110.0;
/// Parts of that which leave more room for names.
const SMALLER: [f64; 5] = [0.9, 0.8, 0.7, 0.6, 0.5];
/// Between nodes.
pub(super) const GAP: f64 = 13.0;
/// Room for the title of a level.
const TITLE: f64 = 28.0;
/// Along an upright flow: for bands between levels, and for a line of names.
const BANDS: f64 = 42.0;
const LINE: f64 = 18.0;
/// A node or a band that carries next to nothing can still be seen.
pub(super) const LEAST: f64 = 1.0;
pub(super) const NODE: f64 = 10.0;
/// Between a node and its name.
pub(super) const SPACE: f64 = 5.0;
/// Around all.
const MARGIN: f64 = 8.0;
/// A longer name is cut.
pub(super) const LONGEST: f64 = 160.0;

/// Which way a flow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Orientation {
    /// The input to the left, the output to the right.
    Lying,
    /// The output on top, the input at the bottom.
    Upright,
    /// The same of a node a level, whose names stand beside them.
    Deep,
}

/// Where something begins on the way from the input to the output, and across it, and how much it takes there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) along: f64,
    pub(super) across: f64,
    pub(super) size: f64,
}

/// Where the nodes of a level stand.
pub(super) struct Level {
    /// Which column: the longest path from the input.
    pub(super) column: usize,
    /// The title, without size.
    pub(super) head: Place,
    pub(super) places: Vec<Place>,
    /// Whether names are turned by a quarter, for they are wider than there is room.
    pub(super) turned: bool,
    /// Where it ends across.
    end: f64,
}

/// Where everything stands.
pub(super) struct Plan {
    pub(super) orientation: Orientation,
    /// How far it goes along.
    pub(super) length: f64,
    /// How far it is from a column to the next.
    pub(super) step: f64,
    pub(super) levels: Vec<Level>,
    /// What the level with the most relevance carries, and what it takes across.
    most: (f64, f64),
    /// Where the first column stands.
    start: f64,
}

impl Plan {
    pub(super) fn new(
        orientation: Orientation,
        network: &NetworkInfo,
        flow: &Flow,
        names: &Names,
    ) -> Self {
        let sizes: Vec<Vec<f64>> = (0..flow.nodes.len()).map(|l| sizes(flow, l)).collect();
        let columns = columns(network);
        let last = columns.iter().copied().max().unwrap_or(0);
        let totals = sizes.iter().map(|level| level.iter().sum());
        let across = match orientation {
            Orientation::Lying => MOST,
            Orientation::Deep => MOST_DEEP,
            Orientation::Upright => {
                let mut nodes = vec![0; last + 1];
                let levels = columns.iter().zip(&sizes);
                levels.for_each(|(&column, sizes)| nodes[column] += sizes.len());
                let most = nodes.into_iter().max().unwrap_or(0);
                (NARROW - 2.0 * MARGIN - GAP * most as f64).max(MOST_DEEP)
            }
        };
        let most = totals.fold(0.0, f64::max);
        let with = |part: f64| {
            let plan = Self {
                orientation,
                length: 0.0,
                step: 0.0,
                levels: Vec::new(),
                most: (most, across * part),
                start: 0.0,
            };
            plan.with_levels(&sizes, names, &columns)
        };
        // Names that are read without turning the page are worth a somewhat smaller scale.
        let smaller = SMALLER.into_iter().map(with);
        let straight = |plan: &Self| plan.levels.iter().all(|level| !level.turned);
        let mut plan = with(1.0);
        if !straight(&plan) {
            plan = smaller.into_iter().find(straight).unwrap_or(plan);
        }
        plan.stretch(last, names);
        plan
    }

    /// The same with every level in its place across.
    fn with_levels(mut self, sizes: &[Vec<f64>], names: &Names, columns: &[usize]) -> Self {
        let mut ends = vec![0.0; columns.len()];
        for (l, (sizes, &column)) in sizes.iter().zip(columns).enumerate() {
            let level = self.level(sizes, &names.nodes[l], (column, ends[column]));
            ends[column] = level.end;
            self.levels.push(level);
        }
        self
    }

    /// The nodes of a level across, from where the level before it in its column ends.
    fn level(&self, sizes: &[f64], names: &[String], (column, end): (usize, f64)) -> Level {
        let sizes: Vec<f64> = sizes
            .iter()
            .map(|&size| self.high(size).max(LEAST))
            .collect();
        let widths = || names.iter().map(|name| text_width(name));
        let beside = |(size, width): (&f64, f64)| size.max(width) + GAP;
        let (top, turned) = match self.orientation {
            Orientation::Lying => (end + TITLE, false),
            Orientation::Deep => (end.max(MARGIN), false),
            Orientation::Upright => {
                let room: f64 = sizes.iter().zip(widths()).map(beside).sum();
                (end.max(MARGIN), room > NARROW - MARGIN)
            }
        };
        let mut across = top;
        let places = sizes.iter().zip(widths()).map(|(&size, width)| {
            let room = match self.orientation {
                Orientation::Upright if !turned => size.max(width),
                Orientation::Deep => size + SPACE + width,
                _ => size,
            };
            let before = if self.orientation == Orientation::Deep {
                0.0
            } else {
                (room - size) / 2.0
            };
            let place = Place {
                along: 0.0,
                across: across + before,
                size,
            };
            across += room + GAP;
            place
        });
        let places = places.collect();
        let head = Place {
            along: 0.0,
            across: end + TITLE / 2.0,
            size: 0.0,
        };
        Level {
            column,
            head,
            places,
            turned,
            end: across,
        }
    }

    /// Gives every column its place along.
    fn stretch(&mut self, last: usize, names: &Names) {
        let widest = |l: usize| names.widest(l) + SPACE;
        let top = self.levels.len().saturating_sub(1);
        let between = 1..top.max(1);
        let (start, end, step) = match self.orientation {
            Orientation::Lying => {
                let title = |l: usize| text_width(&names.titles[l]);
                let [start, end] = [0, top].map(|l| widest(l).max(title(l) / 2.0) + MARGIN);
                let titles = (0..=top).map(title).fold(STEP, f64::max) + GAP;
                let room = (WIDE - start - end - NODE) / last.max(1) as f64;
                (start, end, titles.max(room))
            }
            Orientation::Upright => {
                let lines = between.map(|l| self.line(l, names)).fold(LINE, f64::max);
                let (start, end) = (self.line(0, names), self.line(top, names));
                (start + MARGIN, end + TITLE, BANDS + TITLE + lines)
            }
            Orientation::Deep => (MARGIN, MARGIN, BANDS),
        };
        self.start = start;
        self.step = step;
        self.length = start + last as f64 * step + NODE + end;
        for level in &mut self.levels {
            let along = start + level.column as f64 * step;
            level.head.along = along;
            level
                .places
                .iter_mut()
                .for_each(|place| place.along = along);
        }
    }

    /// Room along an upright flow for the names of a level.
    pub(super) fn line(&self, l: usize, names: &Names) -> f64 {
        if self.levels[l].turned {
            names.widest(l) + 2.0 * SPACE
        } else {
            LINE
        }
    }

    /// How much a size takes across.
    pub(super) fn high(&self, size: f64) -> f64 {
        self.most.1 * between(0.0, self.most.0, size)
    }

    /// Where the nodes of the columns between two end.
    pub(super) fn end(&self, between: (usize, usize)) -> f64 {
        let levels = self.levels.iter();
        let levels = levels.filter(|level| between.0 < level.column && level.column < between.1);
        levels.map(|level| level.end - GAP).fold(0.0, f64::max)
    }

    /// Where all nodes end.
    pub(super) fn bottom(&self) -> f64 {
        let ends = self.levels.iter().map(|level| level.end - GAP);
        ends.fold(0.0, f64::max)
    }

    /// Where a column begins.
    pub(super) fn along(&self, column: usize) -> f64 {
        self.start + column as f64 * self.step
    }

    /// Where a place lies on the sheet.
    pub(super) fn on_sheet(&self, along: f64, across: f64) -> (f64, f64) {
        match self.orientation {
            Orientation::Lying => (along, across),
            Orientation::Upright | Orientation::Deep => (across, self.length - along),
        }
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
