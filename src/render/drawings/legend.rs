//! Which line of a chart is what.

use maud::{Markup, html};

use super::sheet::{at, fitting, text_width};

/// A row of it.
const ROW: f64 = 18.0;
/// What stands before a name.
const KEY: f64 = 32.0;
/// Between one and the next.
const SPACE: f64 = 16.0;
/// Kinds of lines, and of marks on them.
const LINES: usize = 6;
const MARKS: usize = 3;

/// How the lines of a chart are told apart.
pub(super) struct Legend {
    /// Where each entry begins.
    places: Vec<(f64, f64)>,
    names: Vec<String>,
    pub(super) height: f64,
}

impl Legend {
    /// Of these names, as many in a row as fit into a width.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>, width: f64) -> Self {
        let cut = |name| fitting(name, width - KEY);
        let names: Vec<String> = names.into_iter().map(cut).collect();
        let (mut x, mut y) = (0.0, ROW / 2.0);
        let mut places = Vec::new();
        for name in &names {
            let room = KEY + text_width(name);
            if x > 0.0 && x + room > width {
                (x, y) = (0.0, y + ROW);
            }
            places.push((x, y));
            x += room + SPACE;
        }
        let height = if names.is_empty() { 0.0 } else { y + ROW / 2.0 };
        Self {
            places,
            names,
            height,
        }
    }

    /// Drawn from this place on.
    pub(super) fn drawn(&self, left: f64, top: f64) -> Markup {
        html! {
            @for (k, ((x, y), name)) in self.places.iter().zip(&self.names).enumerate() {
                @let (x, y) = (left + x, top + y);
                path.series.(kind(k)) d=(format!("M{} {}h26", at(x), at(y))) {}
                (mark(k, x + 13.0, y, None))
                text x=(at(x + KEY)) y=(at(y + 4.0)) { (name) }
            }
        }
    }
}

/// The kind of the `k`-th line; those for which there is no colour left are thin.
pub(super) fn kind(k: usize) -> String {
    let thin = if k < LINES { "" } else { " thin" };
    format!("s{}{thin}", k % LINES)
}

/// A mark on the `k`-th line, with what it tells; lines of one kind differ by their marks.
pub(super) fn mark(k: usize, x: f64, y: f64, told: Option<(&str, f64)>) -> Markup {
    let shape = match k / LINES % MARKS {
        0 => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        1 => "m-4-4h8v8h-8z",
        _ => "m0-5l5 8.5h-10z",
    };
    let (text, value) = told.unzip();
    html! {
        path.mark.(kind(k)) d=(format!("M{} {}{shape}", at(x), at(y))) role=[text.map(|_| "img")] aria-label=[text]
            data-told=[text] data-value=[value] {}
    }
}
